# own.tcl - RFC 4303 sections 2.2, 2.5 to 2.7 and 3.3.3: numbers, TFC padding and dummies of what the device sends.

testcase esp/number-present {
    title   "Every packet of the device has its number right behind the SPI"
    cites   {rfc4303/2.2/sequence-always-present}
    device  both
    needs   {psk esp}
    setup   psk
    bent    {esp-number-missing}
    tags    {esp}
    why     "No receiver can read the packets."
} {
    set sa [ike establish]
    foreach i {1 2 3} { esp-send $sa }
    settle
    set packets [records inbound ESP]
    precondition {[llength $packets]} "the device sends nothing"
    foreach n $packets {
        binary scan [string range [record $n bytes] 4 7] Iu number
        must rfc4303/2.2/sequence-always-present "octets 4 to 7 of packet $n are its number, and the ICV covers it" {
            [record $n opened] && $number == [record $n seq]
        }
    }
}

testcase esp/numbers-processed {
    title   "The device numbers what it sends, and keeps book of the numbers that come"
    cites   {rfc4303/2.2/sequence-processing rfc4303/3.4.3/replay-supported}
    device  both
    needs   {psk esp}
    setup   psk
    bent    {first-sequence-is-one replayed-dropped}
    tags    {esp replay}
    why     "Without both nobody is protected from replays."
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    set first $esp_n
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    set numbers {}
    foreach n [records inbound ESP] { lappend numbers [record $n seq] }
    must rfc4303/2.2/sequence-processing "the numbers sent are 1 and 2: $numbers" {[lrange $numbers 0 1] eq {1 2}}
    must rfc4303/3.4.3/replay-supported "what came before is not taken again" {![esp-echo $sa -again $first]}
    must-traffic $sa -req rfc4303/2.2/sequence-processing
}

testcase esp/numbers-not-wrapped {
    title   "After the last number nothing more is sent"
    cites   {rfc4303/3.3.3/counter-never-wraps}
    device  both
    needs   {psk esp virtual-time}
    setup   {psk sequence-start 4294967290}
    bent    {counter-never-wraps}
    tags    {esp replay}
    why     "Numbers, and with counter modes IVs, are used twice: the key stream is given away."
    hint    "When the counter is at its end the SA has to go or rest."
} {
    set sa [ike establish]
    drop inbound CREATE_CHILD_SA request
    for {set i 0} {$i < 9} {incr i} { esp-send $sa }
    settle
    set numbers {}
    foreach n [records inbound ESP] { lappend numbers [record $n seq] }
    precondition {4294967295 in $numbers} "the device did not use its last number: $numbers"
    foreach number $numbers {
        must rfc4303/3.3.3/counter-never-wraps "no number of $numbers is below the first" {$number > 4294967290}
    }
    must rfc4303/3.3.3/counter-never-wraps "none comes twice: $numbers" {[lsort -unique $numbers] eq [lsort $numbers]}
}

testcase esp/replaced-before-wrap {
    title   "A Child SA whose numbers run out is replaced in time"
    cites   {rfc4303/2.2/new-sa-before-wrap}
    device  both
    needs   {psk esp virtual-time}
    setup   {psk sequence-start 4294967280}
    bent    {new-sa-before-wrap}
    tags    {esp rekey}
    why     "A busy tunnel stops after hours or days."
} {
    set sa [ike establish]
    set old [child $sa spi_out]
    for {set i 0} {$i < 13} {incr i} { esp-send $sa }
    rx $sa CREATE_CHILD_SA request { must rfc4303/2.2/new-sa-before-wrap has {N(REKEY_SA) SA Nonce} }
    settle
    must rfc4303/2.2/new-sa-before-wrap "another Child SA carries the traffic" {[child $sa count] == 1 && [child $sa spi_out] ne $old}
    must-traffic $sa
}

testcase esp/extended-low-half {
    title   "Of an extended number the lower half is sent and the upper half covered, also past 2^32"
    cites   {rfc4303/2.2.1/esn-low-half-sent}
    device  both
    needs   {psk esp esn virtual-time}
    setup   {psk esp {{ENCR_AES_GCM_16-256 ESN_YES}} sequence-start 4294967290}
    bent    {esn-low-half-sent}
    tags    {esp replay}
    why     "No receiver can check the packets."
} {
    set sa [ike establish]
    for {set i 0} {$i < 9} {incr i} { esp-send $sa -payload four }
    settle
    set packets [records inbound ESP]
    precondition {[llength $packets]} "the device sends nothing"
    set expected 4294967290
    foreach n $packets {
        incr expected
        binary scan [string range [record $n bytes] 4 7] Iu low
        must rfc4303/2.2.1/esn-low-half-sent "packet $n has the lower half of $expected, and its ICV covers all of it" {
            [record $n opened] && [record $n seq] == $expected && $low == $expected % 4294967296
        }
        must rfc4303/2.2.1/esn-low-half-sent "no octet is added to packet $n" {[record $n len] == 8 + 8 + 32 + 2 + 2 + 16}
    }
    must rfc4303/2.2.1/esn-low-half-sent "it goes on past 2^32" {$expected > 4294967296}
}

rows esp/extended-suite {
    title   "With extended sequence numbers the upper half enters the ICV of this suite"
    cites   {rfc4303/2.2.1/esn-low-half-sent rfc4303/2.2.1/esn-negotiated}
    device  both
    needs   {psk esp esn}
    setup   {psk esp {{$suite ESN_YES}}}
    bent    {esn-low-half-sent}
    tags    {esp algorithms}
    why     "The tunnel is up and nothing passes."
    hint    "A combined mode has the whole number among what is authenticated, a separate MAC the upper half at its end."
} {suite} {
    gcm-128  {ENCR_AES_GCM_16-128}
    gcm-256  {ENCR_AES_GCM_16-256}
    ccm-16   {ENCR_AES_CCM_16-128}
    chacha   {ENCR_CHACHA20_POLY1305}
    cbc      {ENCR_AES_CBC-256 AUTH_HMAC_SHA2_256_128}
    cbc-sha1 {ENCR_AES_CBC-128 AUTH_HMAC_SHA1_96}
    null     {ENCR_NULL AUTH_HMAC_SHA2_256_128}
} {
    set sa [ike establish]
    must rfc4303/2.2.1/esn-negotiated "an echo comes back" {[esp-echo $sa]}
    foreach n [records inbound ESP] {
        must rfc4303/2.2.1/esn-low-half-sent "the ICV of packet $n is right with the upper half" {[record $n opened]}
    }
}

testcase esp/own-tfc {
    title   "TFC padding of the device stands behind an unchanged inner packet and outside of the pad length"
    cites   {rfc4303/2.7/tfc-inner-length-kept rfc4303/2.5/pad-length-excludes-tfc rfc4303/2.7/tfc-capable}
    device  both
    needs   {psk esp tfc}
    setup   {psk tfc 400}
    bent    {tfc-inner-length-kept esp-tfc-in-pad-length tfc-capable}
    tags    {esp tfc}
    why     "Receivers hand on the padding as data, or drop the packet."
} {
    set sa [ike establish]
    esp-send $sa -payload "a short one"
    settle
    set packets [records inbound ESP]
    precondition {[llength $packets]} "the device sends nothing"
    foreach n $packets {
        set inner [record $n inner]
        binary scan [string range $inner 2 3] Su length
        must rfc4303/2.5/pad-length-excludes-tfc "what packet $n counts as padding is padding" {[record $n padding_held]}
        must rfc4303/2.7/tfc-inner-length-kept "the inner packet has the length of the echo, 39" {$length == 39}
        should rfc4303/2.7/tfc-capable "octets follow it" {[string length $inner] > $length}
    }
}

testcase esp/tfc-not-wanted {
    title   "To a peer that says ESP_TFC_PADDING_NOT_SUPPORTED the device sends no TFC padding"
    cites   {rfc4303/2.7/tfc-negotiated-first rfc7296/1.3.1/tfc-padding-not-sent}
    rev     2
    device  both
    needs   {psk esp tfc}
    setup   {psk tfc 400}
    bent    {tfc-negotiated-first tfc-behind-long-packets}
    tags    {esp tfc}
    why     "Peers without TFC drop every packet."
} {
    conn tfc_not_supported 1
    set sa [ike establish]
    esp-send $sa -payload "a short one"
    esp-send $sa -payload [string repeat "a longer one " 10]
    settle
    set packets [records inbound ESP]
    precondition {[llength $packets]} "the device sends nothing"
    foreach n $packets {
        set inner [record $n inner]
        binary scan [string range $inner 2 3] Su length
        # the two RFCs ask for the same: each is judged by packets of its own
        if {$length < 100} {
            must rfc7296/1.3.1/tfc-padding-not-sent "nothing follows the short inner packet of packet $n" {[string length $inner] == $length}
        } else {
            must rfc4303/2.7/tfc-negotiated-first "nothing follows the longer inner packet of packet $n" {[string length $inner] == $length}
        }
    }
}

testcase esp/own-dummies {
    title   "The device sends dummy packets: next header 59, and otherwise like any other"
    cites   {rfc4303/2.6/dummy-marked-59 rfc4303/2.6/dummy-can-be-sent rfc4303/2.6/dummy-fields-present}
    device  both
    needs   {psk esp tfc virtual-time}
    setup   {psk dummies 1}
    bent    {dummy-can-be-sent dummy-marked-59 esp-dummy-header-only}
    tags    {esp tfc}
    why     "What should hide the amount of traffic is dropped, or delivered as data."
} {
    set sa [ike establish]
    foreach i {1 2 3} { esp-send $sa -payload [string repeat "not short " 10] }
    settle
    set dummies 0
    set last 0
    foreach n [records inbound ESP] {
        must rfc4303/2.6/dummy-fields-present "packet $n has header, IV, trailer and a right ICV" {[record $n opened]}
        must rfc4303/2.6/dummy-fields-present "packet $n has the number after $last" {[record $n seq] == $last + 1}
        must rfc4303/2.6/dummy-fields-present "packet $n is padded and ends on a word" {
            [record $n padding_held] && [record $n len] % 4 == 0
        }
        incr last
        # all that is no echo reply
        if {[string length [record $n inner]] != 128} {
            must rfc4303/2.6/dummy-marked-59 "packet $n, which holds no reply, has next header 59" {[record $n next] == 59}
        }
        incr dummies [expr {[record $n next] == 59}]
    }
    must rfc4303/2.6/dummy-can-be-sent "there are dummies" {$dummies > 0}
}

testcase esp/spi-of-the-child {
    title   "The packets of the device bear the SPI that the tester picked"
    cites   {rfc4303/2.1/spi-zero-not-sent}
    device  both
    needs   {psk esp}
    setup   psk
    bent    {esp-sends-spi-zero}
    tags    {esp}
    why     "They are taken for IKE, or for nothing at all."
} {
    set sa [ike establish]
    esp-send $sa
    settle
    # behind a NAT a packet with SPI 0 is not even one of ESP
    set packets {}
    foreach n [records inbound] { if {[record $n proto] eq "esp" || [record $n len] > 40 && [record $n exchange] eq ""} { lappend packets $n } }
    precondition {[llength $packets]} "the device sends nothing"
    foreach n $packets {
        must rfc4303/2.1/spi-zero-not-sent "packet $n does not begin with SPI 0" {[string range [record $n bytes] 0 3] ne "\0\0\0\0"}
    }
}
