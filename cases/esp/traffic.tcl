# traffic.tcl - RFC 4303: packets of every suite go both ways, numbered from one, and nothing passes that should not.

rows esp/suite-works {
    title   "A Child SA of this suite carries traffic both ways"
    cites   {rfc7296/2.17/keymat rfc4303/3.4.4.1/decrypt-then-deliver}
    device  both
    needs   {psk esp}
    setup   {psk esp {{$suite}}}
    bent    {esp-not-taken}
    tags    {esp}
    why     "The tunnel is up and nothing passes."
    hint    "Lengths of keys, ICV and salt; the order of the keys of the two directions."
} {suite} {
    gcm-192      {ENCR_AES_GCM_16-192}
    gcm-8        {ENCR_AES_GCM_8-256}
    gcm-12       {ENCR_AES_GCM_12-256}
    ccm-16       {ENCR_AES_CCM_16-128}
    cbc-192      {ENCR_AES_CBC-192 AUTH_HMAC_SHA2_256_128}
    cbc-sha384   {ENCR_AES_CBC-256 AUTH_HMAC_SHA2_384_192}
    cbc-cmac     {ENCR_AES_CBC-128 AUTH_AES_CMAC_96}
} {
    set sa [ike establish]
    must-traffic $sa -req rfc7296/2.17/keymat
    must-traffic $sa -req rfc4303/3.4.4.1/decrypt-then-deliver -payload [string repeat long 250]
    must-traffic $sa -req rfc4303/3.4.4.1/decrypt-then-deliver -payload x
}

rows esp/suite-asked-for {
    title   "A Child SA of a suite that RFC 8221 asks for carries traffic both ways"
    cites   {$req rfc7296/2.17/keymat rfc4303/3.4.4.1/decrypt-then-deliver}
    device  both
    needs   {psk esp}
    setup   {psk esp {{$suite}}}
    bent    {esp-not-taken likes-no-esp-suite}
    was     $was
    tags    {esp algorithms}
    why     "Peers that follow the RFC have no suite in common with the device, or the tunnel is up and nothing passes."
    hint    "Lengths of keys, ICV and salt; the order of the keys of the two directions."
} {suite req was} {
    gcm-128      {ENCR_AES_GCM_16-128}                             rfc8221/5/esp-aes-gcm-16         esp/suite-works/gcm-128
    gcm-256      {ENCR_AES_GCM_16-256}                             rfc8221/6/esp-none-with-combined esp/suite-works/gcm-256
    cbc-128      {ENCR_AES_CBC-128 AUTH_HMAC_SHA2_256_128}         rfc8221/5/esp-aes-cbc            esp/suite-works/cbc-128
    cbc-256      {ENCR_AES_CBC-256 AUTH_HMAC_SHA2_256_128}         rfc8221/6/esp-sha2-256           esp/suite-works/cbc-256
    cbc-128-sha1 {ENCR_AES_CBC-128 AUTH_HMAC_SHA1_96}              rfc8221/6/esp-sha1               esp/suite-works/cbc-128-sha1
    cbc-sha512   {ENCR_AES_CBC-256 AUTH_HMAC_SHA2_512_256}         rfc8221/6/esp-sha2-512           esp/suite-works/cbc-sha512
    cbc-xcbc     {ENCR_AES_CBC-128 AUTH_AES_XCBC_96}               rfc8221/6/esp-aes-xcbc           esp/suite-works/cbc-xcbc
    ccm-8        {ENCR_AES_CCM_8-128}                              rfc8221/5/esp-aes-ccm-8          esp/suite-works/ccm-8
    chacha       {ENCR_CHACHA20_POLY1305}                          rfc8221/5/esp-chacha20-poly1305  esp/suite-works/chacha
    null-sha256  {ENCR_NULL AUTH_HMAC_SHA2_256_128}                rfc8221/5/esp-null               {}
} {
    set sa [ike init]
    auth $sa rx
    settle
    judge $req [expr {[child $sa count] == 1}] "a Child SA of the suite is made" "[child $sa count] Child SAs"
    if {[child $sa count] != 1} return
    must-traffic $sa -req rfc7296/2.17/keymat
    must-traffic $sa -req rfc4303/3.4.4.1/decrypt-then-deliver -payload [string repeat long 250]
    must-traffic $sa -req rfc4303/3.4.4.1/decrypt-then-deliver -payload x
}

testcase esp/null-encryption-works {
    title   "A Child SA without encryption carries traffic both ways"
    cites   {rfc4303/5/null-encryption}
    device  both
    needs   {psk esp}
    setup   {psk esp {{ENCR_NULL AUTH_HMAC_SHA2_256_128}}}
    bent    {esp-not-taken}
    tags    {esp}
    why     "The tunnel is up and nothing passes."
} {
    set sa [ike establish]
    should rfc4303/5/null-encryption "an echo comes back" {[esp-echo $sa]}
}

testcase esp/sequence-from-one {
    title   "The packets of the device are numbered 1, 2, 3"
    cites   {rfc4303/3.3.3/first-sequence-is-one rfc4303/2.2/sequence-increments}
    device  both
    needs   {psk esp}
    setup   psk
    bent    {first-sequence-is-one esp-sent-twice}
    tags    {esp smoke}
    why     "A strict receiver drops them as replayed, or a window jumps."
} {
    set sa [ike establish]
    foreach i {1 2 3 4 5} { precondition {[esp-echo $sa]} "no traffic passes the tunnel" }
    set numbers {}
    foreach n [records inbound ESP] { if {[record $n opened]} { lappend numbers [record $n seq] } }
    must rfc4303/3.3.3/first-sequence-is-one "the first number is 1: $numbers" {[lindex $numbers 0] == 1}
    set last 0
    foreach number $numbers {
        must rfc4303/2.2/sequence-increments "each number is one more than the last: $numbers" {$number == $last + 1}
        set last $number
    }
}

testcase esp/own-form {
    title   "The packets of the device are well formed"
    cites   {rfc4303/2.4/padding-aligns-four rfc4303/2.1/spi-zero-not-sent rfc4303/2.1/spi-reserved-range}
    rev     2
    device  both
    needs   {psk esp}
    setup   psk
    bent    {esp-spi-reserved esp-uneven}
    tags    {esp}
    why     "Receivers drop them, or take them for something else."
} {
    set sa [ike establish]
    set spi 0x[child $sa spi_out]
    must rfc4303/2.1/spi-zero-not-sent "the SPI that the device picked is not zero" {$spi != 0}
    must rfc4303/2.1/spi-reserved-range "the SPI that the device picked is above 255" {$spi > 255}
    foreach length {0 1 2 3 4 5 6 7 8} { esp-send $sa -payload [string repeat p [expr {$length + 1}]] }
    settle
    foreach n [records inbound ESP] {
        # header 8, IV 8, ICV 16: what is left are whole words
        must rfc4303/2.4/padding-aligns-four "packet $n ends on a word" {([record $n len] - 32) % 4 == 0}
    }
}

rows esp/outside-selectors-dropped {
    title   "A packet in the tunnel that the selectors do not allow is not delivered"
    cites   {rfc4301/5.2/inbound-selectors-checked}
    device  both
    needs   {psk esp}
    bent    {inbound-selectors-checked}
    tags    {esp}
    why     "A peer sends in the name of others, or to networks that are none of its business."
} {from to} {
    source         10.7.0.1   10.2.0.1
    source-beside  10.1.1.1   10.2.0.1
    source-device  10.2.0.9   10.2.0.1
    destination    10.1.0.1   10.9.0.1
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    set before [llength [records inbound ESP]]
    esp-send $sa -inner [inner echo $from $to 77 1]
    settle
    must rfc4301/5.2/inbound-selectors-checked "no answer to a packet from $from to $to" {[llength [records inbound ESP]] == $before}
}

rows esp/deleted-not-taken {
    title   "Packets of a Child SA that was deleted are dropped"
    cites   {$req}
    device  both
    needs   {psk esp}
    bent    {$bent}
    tags    {esp delete}
    why     "What was closed stays open."
} {what req bent} {
    child child rfc7296/1.4.1/delete-closes-named        delete-closes-named
    ike   ike   rfc7296/1.4.1/ike-delete-closes-children ike-delete-closes-children
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    drop outbound ESP -count 1
    set n [esp-send $sa]
    tx $sa INFORMATIONAL -delete $what
    rx $sa INFORMATIONAL response
    settle
    set before [llength [records inbound ESP]]
    raw [record $n bytes] -proto [record $n ip_protocol]
    settle
    must $req "nothing comes back" {[llength [records inbound ESP]] == $before}
}
