# padding.tcl - RFC 7296 section 3.14: padding of the Encrypted payload may have any length and content.

rows sk/padding-accepted {
    title   "Padding longer than it need be is accepted"
    cites   {rfc7296/3.14/padding-any-length}
    device  both
    needs   {psk}
    setup   $setup
    bent    {$bent}
    tags    {sk}
    why     "Peers that hide the length of what they say cannot connect."
    hint    "The pad length octet may be as large as 255."
} {setup pad bent} {
    cbc-least    psk      15   answers-nothing-informational
    cbc-two      psk      31   padding-any-length
    cbc-many     psk      127  padding-any-length
    cbc-most     psk      255  padding-any-length
    gcm-none     psk-aead 0    answers-nothing-informational
    gcm-one      psk-aead 1    answers-nothing-informational
    gcm-odd      psk-aead 77   padding-any-length
    gcm-most     psk-aead 255  padding-any-length
} {
    set sa [ike establish]
    set m [msg new INFORMATIONAL request]
    tx $sa $m -pad $pad -mid [sa $sa next_request]
    rx $sa INFORMATIONAL response -req rfc7296/3.14/padding-any-length
}

rows sk/padding-content {
    title   "Padding may hold anything"
    cites   {rfc7296/3.14/padding-content-ignored}
    device  both
    needs   {psk}
    setup   $setup
    bent    {padding-content-ignored}
    tags    {sk}
    why     "Only peers with the same habit can connect: padding of ESP counts up, that of IKE need not."
} {setup pad fill} {
    cbc-ones     psk      15  0xff
    cbc-fifteens psk      15  0x0f
    cbc-more     psk      47  0xa5
    gcm          psk-aead 12  0x5a
} {
    set sa [ike establish]
    set m [msg new INFORMATIONAL request]
    tx $sa $m -pad $pad -pad-fill $fill -mid [sa $sa next_request]
    rx $sa INFORMATIONAL response -req rfc7296/3.14/padding-content-ignored
}

rows sk/pad-length-beyond-text {
    title   "A pad length larger than the text it ends is not believed and does no harm"
    cites   {rfc7296/3.14/pad-length-bounded}
    device  both
    needs   {psk}
    setup   $setup
    bent    {pad-length-bounded}
    tags    {sk}
    why     "Octets before the text are taken for payloads."
    hint    "The request may be dropped, or refused by INVALID_SYNTAX."
} {setup pad field} {
    cbc-one-more psk      15  16
    cbc-most     psk      15  255
    gcm-one-more psk-aead 3   4
    gcm-most     psk-aead 3   255
} {
    set sa [ike establish]
    set m [msg new INFORMATIONAL request]
    tx $sa $m -pad $pad -pad-field $field -mid [sa $sa next_request]
    settle
    set answered 0
    foreach n [records inbound INFORMATIONAL response] {
        set r [record $n msg]
        if {$r ne "" && ![msg has $r N(INVALID_SYNTAX)]} { set answered 1 }
    }
    must rfc7296/3.14/pad-length-bounded "no answer as if the request were sound" {!$answered}
}

testcase sk/empty-answered {
    title   "An Encrypted payload with nothing inside is a liveness check"
    cites   {rfc7296/1.4/empty-request-answered rfc7296/3.2/sk-next-names-first-inner}
    device  both
    needs   {psk}
    setup   psk
    bent    {empty-request-answered}
    tags    {sk smoke}
    why     "The peer takes the device for dead."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL
    rx $sa INFORMATIONAL response { must rfc7296/1.4/empty-request-answered has {SK} }
    must rfc7296/3.2/sk-next-names-first-inner "SK names no payload when it has none" {
        [llength [msg payloads $rx]] > 1 || [msg get $rx SK.next] eq "NONE"
    }
}

rows sk/iv-any {
    title   "Any IV is accepted, one that is always the same too"
    cites   {rfc7296/3.14/iv-any-accepted}
    device  both
    needs   {psk}
    setup   psk
    bent    {iv-any-accepted}
    tags    {sk}
    why     "Peers whose IVs look odd to the device cannot connect."
    hint    "How an IV is chosen is the sender's business; the receiver deciphers with what came."
} {hex} {
    zero      00
    ones      ff
    pattern   a55a0ff0
} {
    conn iv_hex $hex
    set sa [ike init]
    auth $sa response -req rfc7296/3.14/iv-any-accepted
    foreach i {1 2} { alive-sa $sa }
}

rows sk/own-padding-minimal {
    title   "The device pads its messages no further than it must"
    cites   {rfc7296/3.14/padding-minimal}
    device  both
    needs   {psk}
    setup   $setup
    bent    {padding-minimal}
    tags    {sk}
    why     "Messages grow beyond what a path carries."
    hint    "Up to the next block; nothing where the cipher has none. Four octets more are let pass."
} {setup iv block icv} {
    cbc  psk       16 16 16
    gcm  psk-aead  8  4  16
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL
    rx $sa INFORMATIONAL response
    precondition {![llength [lsearch -all -not -exact [msg payloads $rx] SK]]} "the response is not empty"
    set marker [expr {[string range [record $rx_n bytes] 0 3] eq "\0\0\0\0" ? 4 : 0}]
    # header, SK header, IV, ICV; what is left is padding and its length
    set left [expr {[string length [record $rx_n bytes]] - $marker - 32 - $iv - $icv}]
    should rfc7296/3.14/padding-minimal "$left octets make up padding and its length" {$left <= $block}
}
