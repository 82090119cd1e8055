# answer.tcl - RFC 7296 sections 2.7 and 3.3: the form of proposals sent, and how an initiator checks the answer.

rows proposal/answer-checked {
    title   "An answer that is not one of the proposals offered is not used"
    cites   {$req}
    device  initiator
    needs   {psk}
    bent    {overlooks-faults}
    tags    {proposal security}
    why     "Whoever changes the answer on its way, or a faulty peer, decides on the algorithms."
    hint    "Compare the answer with the proposal of that number: types, ids, attributes."
} {bend req} {
    cipher          { msg set $m SA.1.ENCR.id ENCR_CAMELLIA_CBC }               rfc7296/3.3.6/initiator-checks-choice
    key-length      { msg set $m SA.1.ENCR.keylen 128 }                         rfc7296/3.3.6/initiator-checks-choice
    no-key-length   { msg remove $m SA.1.ENCR.KEY_LENGTH }                      rfc7296/3.3.6/initiator-checks-choice
    prf             { msg set $m SA.1.PRF.id PRF_HMAC_SHA2_512 }                rfc7296/3.3.6/initiator-checks-choice
    integrity       { msg set $m SA.1.INTEG.id AUTH_HMAC_SHA1_96 }              rfc7296/3.3.6/initiator-checks-choice
    group           { msg set $m SA.1.KE.id CURVE25519 }                        rfc7296/3.3.6/initiator-checks-choice
    unknown-id      { msg set $m SA.1.PRF.id 999 }                              rfc7296/3.3.6/initiator-checks-choice
    no-encr         { msg remove $m SA.1.ENCR }                                 rfc7296/3.3.6/initiator-checks-choice
    no-prf          { msg remove $m SA.1.PRF }                                  rfc7296/3.3.6/initiator-checks-choice
    no-integrity    { msg remove $m SA.1.INTEG }                                rfc7296/3.3.6/initiator-checks-choice
    no-group        { msg remove $m SA.1.KE }                                   rfc7296/3.3.6/initiator-checks-choice
    two-ciphers     { msg double $m SA.1.ENCR; msg set $m {SA.1.ENCR[1].keylen} 128 }   rfc7296/3.3.6/initiator-checks-choice
    two-prfs        { msg double $m SA.1.PRF; msg set $m {SA.1.PRF[1].id} PRF_HMAC_SHA1 }  rfc7296/3.3.6/initiator-checks-choice
    other-number    { msg set $m SA.1.number 2 }                                rfc7296/3.3.6/initiator-checks-choice
    protocol        { msg set $m SA.1.protocol ESP }                            rfc7296/3.3.6/initiator-checks-choice
    no-proposal     { msg remove $m SA.1 }                                      rfc7296/3.3.6/initiator-checks-choice
    two-proposals   { msg double $m SA.1; msg set $m SA.2.number 2 SA.2.ENCR.keylen 128 }  rfc7296/3.3.6/initiator-checks-choice
} {
    edit outbound IKE_SA_INIT response { set clean [msg encode $m]; eval $bend }
    dut initiate
    rx IKE_SA_INIT request
    settle
    must $req "no IKE_AUTH follows" {[llength [records inbound IKE_AUTH]] == 0}
}

rows proposal/answer-mixed {
    title   "An answer that takes transforms of several proposals is not used"
    cites   {rfc7296/3.3.6/initiator-checks-choice}
    device  initiator
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_512 AUTH_HMAC_SHA2_512_256 ECP_256} {ENCR_AES_CBC-128 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256}}}
    bent    {overlooks-faults}
    tags    {proposal security}
    why     "A weak part of one suite can be combined with the weak part of another."
    hint    "All transforms of the answer stand in one proposal."
} {bend} {
    key-length  { msg set $m SA.1.ENCR.keylen 128 }
    prf         { msg set $m SA.1.PRF.id PRF_HMAC_SHA2_256 }
    integrity   { msg set $m SA.1.INTEG.id AUTH_HMAC_SHA2_256_128 }
} {
    edit outbound IKE_SA_INIT response { set clean [msg encode $m]; eval $bend }
    dut initiate
    rx IKE_SA_INIT request
    precondition {[msg exists $rx SA.2]} "the device did not offer two proposals"
    settle
    must rfc7296/3.3.6/initiator-checks-choice "no IKE_AUTH follows" {[llength [records inbound IKE_AUTH]] == 0}
}

testcase proposal/answer-second {
    title   "An answer that takes the second proposal is used"
    cites   {rfc7296/3.3.6/initiator-checks-choice}
    device  initiator
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_512 AUTH_HMAC_SHA2_512_256 ECP_256} {ENCR_AES_CBC-128 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256}}}
    bent    {knows-first-proposal-only}
    tags    {proposal}
    why     "The device cannot connect to peers that allow only its second suite."
    hint    "The number of the answer is that of the proposal taken."
} {
    conn ike {{ENCR_AES_CBC-128 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256}}
    set sa [ike await]
    rx $sa IKE_AUTH request -req rfc7296/3.3.6/initiator-checks-choice
    must rfc7296/3.3.6/initiator-checks-choice "IKE_AUTH opens with the keys of that suite" {[msg has $rx AUTH]}
}

rows proposal/offered {
    title   "What the device offers has the form that the RFC asks for"
    cites   {$req}
    device  initiator
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256} {ENCR_AES_CBC-128 PRF_HMAC_SHA2_512 AUTH_HMAC_SHA2_512_256 ECP_256}}}
    bent    {$bend}
    tags    {proposal}
    why     "Strict peers refuse the offer, others read it differently."
    hint    "Proposals are numbered from 1; keys of fixed length have no attribute."
} {req bend} {
    numbers-ascend      rfc7296/3.3/numbers-ascend              offers-gap-in-numbers
    first-number        rfc7296/3.3/first-number-one            offers-number-zero-first
    no-spi              rfc7296/3.3.1/spi-size-zero-initially   offers-spi
    mandatory-types     rfc7296/3.3.3/ike-mandatory-types       offers-without-prf
    key-length-present  rfc7296/3.3.5/key-length-present        offers-without-key-length
    key-length-fixed    rfc7296/3.3.5/no-key-length-for-fixed   offers-key-length-for-prf
    attribute-form      rfc7296/3.3.5/fixed-not-variable        offers-variable-key-length
    attribute-once      rfc7296/3.3/no-repeated-attribute       offers-two-key-lengths
} {
    dut initiate
    rx IKE_SA_INIT request
    precondition {[msg has $rx SA]} "there is no SA payload"
    set faults [lmap f [msg lint $rx] { if {[dict get $f req] ne $req} continue; dict get $f text }]
    must $req "the offer keeps the rule ([join $faults {; }])" {[llength $faults] == 0}
}

rows proposal/offered-aead {
    title   "A combined-mode cipher is offered without an integrity algorithm"
    cites   {$req}
    device  initiator
    needs   {psk aead}
    setup   psk-aead
    bent    {$bend}
    tags    {proposal aead}
    why     "Peers refuse the offer, or disagree on the length of every message."
    hint    "Two proposals when both kinds of cipher are offered."
} {req bend word} {
    none-wanted  rfc7296/3.3/combined-mode-no-integrity    offers-aead-with-integrity  must
    left-out     rfc7296/3.3/combined-mode-omit-integrity  offers-aead-with-none       should
} {
    dut initiate
    rx IKE_SA_INIT request
    for {set p 1} {[msg exists $rx SA.$p]} {incr p} {
        if {![string match *GCM* [msg get $rx SA.$p.ENCR.id]]} continue
        set integ [expr {[msg exists $rx SA.$p.INTEG] ? [msg get $rx SA.$p.INTEG.id] : "absent"}]
        set good [expr {$integ eq "absent" || ($word eq "must" && $integ in {NONE AUTH_NONE 0})}]
        $word $req "proposal $p has a combined-mode cipher and its integrity algorithm is $integ" {$good}
    }
}

rows proposal/answered {
    title   "What the device answers has the form that the RFC asks for"
    cites   {$req}
    device  responder
    needs   {psk}
    bent    {$bend}
    tags    {proposal}
    why     "Strict initiators refuse the answer."
    hint    "One proposal: the one taken, cut down to one transform of each type."
} {req bend check} {
    no-spi           rfc7296/3.3.1/spi-size-zero-initially       answers-spi              {[msg get $rx SA.1.spi] in {{} 0x}}
    protocol         rfc7296/2.7/same-protocol-returned          answers-other-protocol   {[msg get $rx SA.1.protocol] eq "IKE"}
    one-proposal     rfc7296/3.3.6/choose-one-proposal           answers-two-proposals    {![msg exists $rx SA.2]}
    one-transform    rfc7296/3.3.6/choose-one-transform          answers-two-ciphers      {![msg exists $rx SA.1.5]}
    complete         rfc7296/3.3.6/complete-set                  answers-without-prf      {[msg exists $rx SA.1.ENCR] && [msg exists $rx SA.1.PRF] && [msg exists $rx SA.1.INTEG] && [msg exists $rx SA.1.KE]}
    attributes       rfc7296/3.3.6/attributes-unmodified         answers-other-bits       {[msg get $rx SA.1.ENCR.keylen] == 256}
} {
    conn ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256} {ENCR_AES_CBC-256 PRF_HMAC_SHA2_512 AUTH_HMAC_SHA2_256_128 ECP_256}}
    tx IKE_SA_INIT
    rx IKE_SA_INIT response
    precondition {[msg has $rx SA]} "the proposal was not accepted"
    must $req [string trim $check] $check
}
