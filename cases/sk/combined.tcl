# combined.tcl - RFC 5282: combined-mode ciphers of the IKE SA, in every size of key and ICV.

rows sk/combined-works {
    title   "An IKE SA with this combined-mode cipher works"
    cites   {$req rfc5282/3.1/iv-eight-octets rfc5282/4/nonce-salt-and-iv rfc5282/7.1/salt-in-keying-material rfc5282/7.1/no-integrity-keys rfc5282/5.1/associated-data}
    device  both
    needs   {psk}
    setup   {psk ike {{$suite PRF_HMAC_SHA2_256 ECP_256}}}
    bent    {sk-order iv-cut-to-four icv-cut-by-four nonce-beside-the-iv header-not-covered}
    rev     2
    tags    {sk aead}
    why     "Peers with this cipher cannot connect, although it was chosen."
    hint    "Key and salt are one piece of keying material; the integrity keys have no octets; IV of eight octets, then text, then ICV."
} {suite icv req keys} {
    gcm-128     ENCR_AES_GCM_16-128 16  rfc5282/3.2/icv-sixteen          rfc5282/7.1/salt-in-keying-material
    gcm-192     ENCR_AES_GCM_16-192 16  rfc5282/3.2/icv-sixteen          rfc5282/7.1/salt-in-keying-material
    gcm-256     ENCR_AES_GCM_16-256 16  rfc5282/3.2/icv-sixteen          rfc5282/7.1/salt-in-keying-material
    gcm-12-128  ENCR_AES_GCM_12-128 12  rfc5282/3.2/icv-eight-or-twelve  rfc5282/7.1/salt-in-keying-material
    gcm-8-256   ENCR_AES_GCM_8-256  8   rfc5282/3.2/icv-eight-or-twelve  rfc5282/7.1/salt-in-keying-material
    ccm-128     ENCR_AES_CCM_16-128 16  rfc5282/3.2/icv-sixteen          rfc5282/7.1/no-integrity-keys
    ccm-192     ENCR_AES_CCM_16-192 16  rfc5282/3.2/icv-sixteen          rfc5282/7.1/no-integrity-keys
    ccm-12-256  ENCR_AES_CCM_12-256 12  rfc5282/3.2/icv-eight-or-twelve  rfc5282/7.1/no-integrity-keys
    ccm-8-192   ENCR_AES_CCM_8-192  8   rfc5282/3.2/ccm-icv-eight        rfc5282/7.1/no-integrity-keys
} {
    set sa [ike init]
    # that the tester can read a message says at once that keys, nonce and associated data are right: what belongs to the SA is
    # judged on the first, what is made anew for each message on others, with an IV and a header of their own
    auth $sa rx -req $keys
    foreach r {rfc5282/7.1/salt-in-keying-material rfc5282/7.1/no-integrity-keys} { must $r "the message opens" {[record $rx_n opened]} }
    settle
    tx $sa INFORMATIONAL
    settle
    # (what does not open is no answer to the tester: it is looked at before it is waited for)
    foreach n [records inbound INFORMATIONAL] {
        if {[record $n kind] ne "response"} continue
        judge $req [record $n opened] "the ICV of $icv octets is right" [record $n chain]
    }
    rx $sa INFORMATIONAL response -req rfc5282/3.1/iv-eight-octets
    set marker [expr {[string range [record $rx_n bytes] 0 3] eq "\0\0\0\0" ? 4 : 0}]
    set body [expr {[string length [record $rx_n bytes]] - $marker - 32}]
    must rfc5282/3.1/iv-eight-octets "IV, pad length, padding and ICV of $icv make $body octets" {$body >= 8 + 1 + $icv && [record $rx_n opened]}
    tx $sa INFORMATIONAL
    rx $sa INFORMATIONAL response -req rfc5282/4/nonce-salt-and-iv
    tx $sa INFORMATIONAL
    rx $sa INFORMATIONAL response -req rfc5282/5.1/associated-data
}

rows sk/combined-padding {
    title   "Padding that a combined-mode cipher does not need is accepted"
    cites   {rfc5282/3/combined-padding-accepted}
    device  both
    needs   {psk}
    setup   {psk ike {{$suite PRF_HMAC_SHA2_256 ECP_256}}}
    bent    {$bent}
    tags    {sk aead}
    why     "Peers that hide the length of what they say cannot connect."
    hint    "The pad length octet may be as large as 255."
} {suite pad bent} {
    ccm-none     ENCR_AES_CCM_16-128     0    answers-nothing-informational
    ccm-odd      ENCR_AES_CCM_16-128     77   padding-any-length
    ccm-most     ENCR_AES_CCM_16-128     255  padding-any-length
    chacha-odd   ENCR_CHACHA20_POLY1305  77   padding-any-length
    chacha-most  ENCR_CHACHA20_POLY1305  255  padding-any-length
} {
    set sa [ike establish]
    set m [msg new INFORMATIONAL request]
    tx $sa $m -pad $pad -mid [sa $sa next_request]
    rx $sa INFORMATIONAL response -req rfc5282/3/combined-padding-accepted
}

testcase sk/combined-iv-once {
    title   "Under a combined-mode cipher no IV of the device comes twice"
    cites   {rfc5282/3.1/iv-once-per-key}
    device  both
    needs   {psk}
    setup   psk-aead
    bent    {iv-unpredictable}
    tags    {sk aead}
    why     "A repeated IV gives the key stream away, and lets others forge messages."
    hint    "A counter will do; it goes on over repetitions, which are the same octets, and over all exchanges."
} {
    set sa [ike establish]
    for {set i 0} {$i < 30} {incr i} { tx $sa INFORMATIONAL; rx $sa INFORMATIONAL response }
    set seen {}
    foreach n [records inbound] {
        if {![record $n sealed] || [record $n proto] ne "ike"} continue
        set octets [record $n bytes]
        set marker [expr {[string range $octets 0 3] eq "\0\0\0\0" ? 4 : 0}]
        dict set seen [string range $octets $marker+32 $marker+39] [string range $octets $marker end] 1
    }
    dict for {iv messages} $seen {
        must rfc5282/3.1/iv-once-per-key "the IV [binary encode hex $iv] is that of one message" {[dict size $messages] == 1}
    }
    must rfc5282/3.1/iv-once-per-key "there were messages to look at" {[dict size $seen] > 20}
}

rows sk/combined-key-length {
    title   "A combined-mode cipher without its key length, or with one that it does not have, is not acceptable"
    cites   {rfc5282/7.3/combined-key-length}
    device  responder
    needs   {psk aead}
    setup   psk-aead
    bent    {overlooks-faults}
    tags    {proposal aead}
    why     "The two ends take keys of different lengths."
    hint    "The salt is no part of the key length."
} {bend} {
    missing     { msg remove $m SA.1.ENCR.KEY_LENGTH }
    zero        { msg set $m SA.1.ENCR.keylen 0 }
    with-salt   { msg set $m SA.1.ENCR.keylen 288 }
    octets      { msg set $m SA.1.ENCR.keylen 32 }
} {
    set sa [tx IKE_SA_INIT -edit { set clean [msg encode $m]; eval $bend }]
    rx-none $sa IKE_SA_INIT response -has {SA} -req rfc5282/7.3/combined-key-length -for settle
}

testcase proposal/kinds-apart {
    title   "The device offers combined-mode ciphers and others in proposals of their own, the former without integrity algorithm"
    cites   {rfc5282/8/kinds-in-own-proposals rfc5282/8/no-integrity-beside}
    device  initiator
    needs   {psk aead}
    setup   {psk ike {{ENCR_AES_GCM_16-256 PRF_HMAC_SHA2_256 ECP_256} {ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256}}}
    bent    {offers-kinds-together offers-aead-with-integrity}
    tags    {proposal aead}
    why     "Peers refuse the offer, or the two ends disagree on the length of every message."
    hint    "One proposal with the integrity algorithms, one without."
} {
    dut initiate
    rx IKE_SA_INIT request
    for {set p 1} {[msg exists $rx SA.$p]} {incr p} {
        set kinds {}
        set integ {}
        foreach t [msg transforms $rx $p] {
            lassign $t type id
            switch -- $type {
                ENCR { lappend kinds [regexp {GCM|CCM|POLY1305} $id] }
                INTEG { if {$id ni {NONE AUTH_NONE 0}} { lappend integ $id } }
            }
        }
        set kinds [lsort -unique $kinds]
        must rfc5282/8/kinds-in-own-proposals "proposal $p has ciphers of one kind" {[llength $kinds] == 1}
        must rfc5282/8/no-integrity-beside "proposal $p has no integrity algorithm beside a combined-mode cipher: $integ" {!(1 in $kinds && [llength $integ])}
    }
    must rfc5282/8/kinds-in-own-proposals "there are proposals" {$p > 1}
}
