# packet.tcl - RFC 4303 sections 2 and 3.4: packets that are forged, cut, padded, dummies.

rows esp/octet-flipped {
    title   "A packet with one wrong octet is dropped, wherever the octet stands"
    cites   {$req}
    device  both
    needs   {psk esp}
    setup   $setup
    bent    {icv-verified}
    tags    {esp}
    why     "Whoever is on the path changes what passes the tunnel."
} {setup from at req} {
    gcm-last-of-icv   psk     end   0         rfc4303/3.4.3/bad-icv-dropped-combined
    gcm-first-of-icv  psk     end   -15       rfc4303/3.4.3/bad-icv-dropped-combined
    gcm-sequence      psk     begin 7         rfc4303/3.4.3/bad-icv-dropped-combined
    cbc-last-of-icv   psk-cbc end   0         rfc4303/3.4.4/icv-verified
    cbc-first-of-icv  psk-cbc end   -15       rfc4303/3.4.4/icv-verified
    cbc-sequence      psk-cbc begin 7         rfc4303/3.4.4/icv-verified
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    drop outbound ESP -count 1
    set n [esp-send $sa]
    set octets [record $n bytes]
    set at [expr {$from eq "end" ? [string length $octets] - 1 + $at : $at}]
    binary scan [string index $octets $at] cu old
    set before [llength [records inbound ESP]]
    # an odd payload octet: the echo is still one when nobody verifies it
    raw [string replace $octets $at $at [binary format c [expr {$old ^ 0x10}]]] -proto [record $n ip_protocol]
    settle
    must $req "nothing comes back" {[llength [records inbound ESP]] == $before}
    must $req "the genuine packet is still taken" {[esp-echo $sa]}
}

rows esp/unknown-spi-dropped {
    title   "A packet for which there is no SA is dropped"
    cites   {rfc4303/3.4.2/unknown-spi-dropped}
    device  both
    needs   {psk esp}
    bent    {unknown-spi-dropped}
    tags    {esp}
    why     "Packets of one peer count as those of another."
} {spi} {
    random   5eadbeef
    reserved 000000ff
    one      00000001
    all      ffffffff
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    must rfc4303/3.4.2/unknown-spi-dropped "no answer to a packet with SPI $spi" {![esp-echo $sa -spi $spi]}
    alive-sa $sa
}

rows esp/cut-short {
    title   "A packet that is too short is dropped and does no harm"
    cites   {rfc4303/3.4.4/short-packet-dropped}
    device  both
    needs   {psk esp}
    setup   $setup
    bent    {short-packet-dropped}
    tags    {esp}
    why     "Lengths computed from what is there become negative, and the device stops."
    hint    "Is there room for header, IV, trailer and ICV before any of them is used?"
} {setup octets} {
    gcm-header     psk     8
    gcm-half-iv    psk     12
    gcm-no-icv     psk     16
    gcm-half-icv   psk     24
    gcm-no-text    psk     32
    gcm-one-octet  psk     33
    cbc-header     psk-cbc 8
    cbc-half-iv    psk-cbc 16
    cbc-no-icv     psk-cbc 24
    cbc-no-text    psk-cbc 40
    cbc-half-block psk-cbc 48
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    drop outbound ESP -count 1
    set n [esp-send $sa]
    raw [string range [record $n bytes] 0 [expr {$octets - 1}]] -proto [record $n ip_protocol]
    settle
    set ok [esp-echo $sa]
    if {!$ok} { settle 3000 }                             ;# a device that ends needs a while for it
    must rfc4303/3.4.4/short-packet-dropped "traffic passes as before" {$ok}
}

rows esp/padding-accepted {
    title   "Padding longer than it need be is accepted"
    cites   {rfc4303/2.4/padding-any-accepted}
    rev     2
    device  both
    needs   {psk esp}
    bent    {padding-any-accepted}
    tags    {esp}
    why     "Peers that hide the length of what they say cannot connect."
} {pad} {
    seven      7
    sixtythree 63
    long       251
    most       255
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    # of a length that so much padding brings to a whole block of every cipher
    must-traffic $sa -pad-len $pad -payload [string repeat p [expr {((1 - $pad) & 15) + 1}]]
}

testcase esp/padding-inspected {
    title   "A packet whose padding does not count up is dropped"
    cites   {rfc4303/2.4/padding-inspected}
    device  both
    needs   {psk esp}
    setup   psk-cbc
    bent    {padding-inspected}
    tags    {esp}
    why     "What was changed under way is noticed later than it could be."
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    should rfc4303/2.4/padding-inspected "no answer to a packet with other padding" {![esp-echo $sa -pad-bad 1]}
}

rows esp/pad-length-beyond-text {
    title   "A pad length larger than the packet makes it invalid and does no harm"
    cites   {rfc4303/2.5/pad-length-checked}
    device  both
    needs   {psk esp}
    bent    {pad-length-checked}
    tags    {esp}
    why     "Octets before the packet are delivered, or the device stops."
} {pad} {
    fifty 50
    most  254
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    must rfc4303/2.5/pad-length-checked "no answer to a pad length of $pad" {![esp-echo $sa -pad-len $pad]}
    must-traffic $sa
}

testcase esp/dummy-discarded {
    title   "A packet with next header 59 is dropped without an error, whatever is in it"
    cites   {rfc4303/2.6/dummy-discarded rfc4303/2.6/dummy-any-content}
    device  both
    needs   {psk esp}
    setup   psk
    bent    {dummy-discarded dummy-ends-the-tunnel}
    tags    {esp}
    why     "Peers that hide how much they say cannot connect, or their dummies are delivered."
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    set before [llength [records inbound ESP]]
    esp-send $sa -next 59
    esp-send $sa -inner "" -next 59
    esp-send $sa -inner "no packet of any kind, but it may be here" -next 59
    settle
    must rfc4303/2.6/dummy-discarded "nothing comes back" {[llength [records inbound ESP]] == $before}
    must-traffic $sa -req rfc4303/2.6/dummy-any-content
}

rows esp/tfc-stripped {
    title   "TFC padding behind the inner packet is cut off"
    cites   {rfc4303/2.7/tfc-stripped}
    device  both
    needs   {psk esp tfc}
    bent    {tfc-stripped}
    tags    {esp}
    why     "Peers that hide the length of what they say cannot connect."
} {octets} {
    one      1
    sixteen  16
    hundred  100
    thousand 1000
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    must-traffic $sa -tfc $octets
}

rows esp/inner-not-ip {
    title   "What is no IP packet is not delivered and does no harm"
    cites   {rfc4303/2.7/inner-length-checked}
    device  both
    needs   {psk esp}
    bent    {inner-length-checked}
    tags    {esp}
    why     "The device reads beyond the packet."
} {hex} {
    nothing        {}
    one-octet      45
    half-header    4500001c00000000
    length-beyond  450005dc000000004001000000000000000000000a0100010a020001
    length-below   45000004000000004001000000000000000000000a0100010a020001
    header-beyond  4f00001c00004000400100000a0100010a020001
    version-nine   9500001c000000004001000000000000000000000a0100010a020001
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    esp-send $sa -inner [binary decode hex $hex] -next 4
    settle
    must-traffic $sa
}
