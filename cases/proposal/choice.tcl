# choice.tcl - RFC 7296 sections 2.7 and 3.3: what a responder chooses from the proposals of IKE_SA_INIT.

rows proposal/place {
    title   "The proposal that is acceptable is found at any place, and its number comes back"
    cites   {rfc7296/3.3.1/proposal-number-returned rfc7296/2.7/choice-from-offer}
    device  responder
    needs   {psk}
    bent    {answers-other-number choice-from-offer}
    tags    {proposal smoke}
    why     "Peers that offer several suites cannot connect, or get another one than they think."
    hint    "The number in the answer is that of the proposal taken, not 1."
} {at of} {
    only            1   1
    first-of-three  1   3
    middle-of-three 2   3
    last-of-three   3   3
    last-of-twenty  20  20
} {
    set offer {}
    for {set k 1} {$k <= $of} {incr k} {
        lappend offer [list ENCR_AES_CBC-[expr {$k == $at ? 256 : 192}] PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256]
    }
    conn ike $offer
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response -req rfc7296/3.3.1/proposal-number-returned
    must rfc7296/3.3.1/proposal-number-returned "the number is $at" {[msg get $rx SA.1.number] == $at}
    must rfc7296/2.7/choice-from-offer "the cipher is AES-CBC with 256 bits" {[msg get $rx SA.1.ENCR.id] eq "ENCR_AES_CBC" && [msg get $rx SA.1.ENCR.keylen] == 256}
    must rfc7296/2.7/choice-from-offer "the PRF is HMAC-SHA2-256" {[msg get $rx SA.1.PRF.id] eq "PRF_HMAC_SHA2_256"}
}

rows proposal/one-of-each {
    title   "Of many transforms of a type exactly one is chosen, and it was offered"
    cites   {rfc7296/2.7/one-transform-of-each-type rfc7296/2.7/choice-from-offer rfc7296/3.3.6/attributes-unmodified}
    device  responder
    needs   {psk}
    bent    {answers-two-ciphers choice-from-offer answers-other-bits}
    tags    {proposal smoke}
    why     "The two ends do not know which algorithm is meant."
    hint    "One of ENCR, PRF, INTEG and KE each, with its attributes as they came."
} {offer} {
    ciphers   {ENCR_AES_CBC-128 ENCR_AES_CBC-192 ENCR_AES_CBC-256 ENCR_AES_CTR-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256}
    all-types {ENCR_AES_CBC-192 ENCR_AES_CBC-256 PRF_HMAC_SHA2_384 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_512_256 AUTH_HMAC_SHA2_256_128 ECP_256 MODP_2048 CURVE25519}
    mixed     {ECP_256 AUTH_HMAC_SHA2_256_128 ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 ENCR_AES_CBC-128 AUTH_HMAC_SHA1_96 PRF_HMAC_SHA1}
} {
    conn ike [list $offer]
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response -req rfc7296/2.7/one-transform-of-each-type
    must rfc7296/2.7/one-transform-of-each-type "a proposal was accepted" {[msg has $rx SA]}
    set types {}
    foreach t [msg transforms $rx] {
        lassign $t type name bits
        lappend types $type
        if {$type eq "ENCR"} {
            must rfc7296/3.3.6/attributes-unmodified "$name has a key length that was offered" {"$name-$bits" in $offer}
        } else {
            must rfc7296/2.7/choice-from-offer "$name was offered" {$name in $offer}
        }
    }
    must rfc7296/2.7/one-transform-of-each-type "one of each type (they are $types)" {[lsort $types] eq {ENCR INTEG KE PRF}}
}

rows proposal/none-acceptable {
    title   "When nothing is acceptable the answer is NO_PROPOSAL_CHOSEN"
    cites   {rfc7296/2.7/no-proposal-chosen}
    device  responder
    needs   {psk}
    bent    {no-proposal-chosen overlooks-faults}
    tags    {proposal}
    why     "The SA is made with algorithms that the device's owner did not allow, or the peer cannot know what is wrong."
    hint    "Compare all types of transform, and key lengths."
} {bend} {
    key-length  { msg set $m SA.1.ENCR.keylen 128 }
    cipher      { msg set $m SA.1.ENCR.id ENCR_CAMELLIA_CBC }
    prf         { msg set $m SA.1.PRF.id PRF_HMAC_SHA2_512 }
    integrity   { msg set $m SA.1.INTEG.id AUTH_HMAC_SHA2_512_256 }
    group       { msg set $m SA.1.KE.id MODP_4096 KE.group MODP_4096 KE.data 0x[string repeat 4d 512] }
} {
    set sa [tx IKE_SA_INIT -edit { set clean [msg encode $m]; eval $bend }]
    rx $sa IKE_SA_INIT response {
        must rfc7296/2.7/no-proposal-chosen has {N(NO_PROPOSAL_CHOSEN)}
        must rfc7296/2.7/no-proposal-chosen lacks {SA}
    }
}

testcase proposal/refusal-spi-zero {
    title   "NO_PROPOSAL_CHOSEN comes with responder SPI zero"
    cites   {rfc7296/2.6/responder-spi-zero-on-refusal}
    device  responder
    needs   {psk}
    bent    {sends-spi-on-refusal}
    tags    {proposal}
    why     "The initiator may take it for an SA."
    hint    "No SA was made, so it has no SPI."
} {
    set sa [tx IKE_SA_INIT -set {SA.1.ENCR.keylen 128}]
    rx $sa IKE_SA_INIT response
    precondition {![msg has $rx SA]} "the proposal was accepted"
    should rfc7296/2.6/responder-spi-zero-on-refusal "the responder's SPI is zero" {[msg get $rx HDR.spi_r] == 0}
}

rows proposal/unknown-transform {
    title   "An unknown transform beside a known one of its type is passed over"
    cites   {rfc7296/3.3.6/unknown-transform}
    device  responder
    needs   {psk}
    bent    {knows-all-or-nothing}
    tags    {proposal extension}
    why     "Peers that offer newer algorithms cannot connect."
    hint    "What is not known is not acceptable; the rest is processed as usual."
} {ids} {
    cipher        {SA.1.1.id 1023}
    cipher-last   {SA.1.1.id 65535}
    prf           {SA.1.3.id 999}
    integrity     {SA.1.5.id 1024}
    group         {SA.1.8.id 1050}
    all           {SA.1.1.id 1023 SA.1.3.id 999 SA.1.5.id 1024 SA.1.8.id 1050}
} {
    conn ike {{ENCR_AES_CBC-192 ENCR_AES_CBC-256 PRF_HMAC_SHA2_384 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_384_192 AUTH_HMAC_SHA2_256_128 ECP_256 MODP_2048}}
    set sa [tx IKE_SA_INIT -set $ids]
    rx $sa IKE_SA_INIT response {
        must rfc7296/3.3.6/unknown-transform has {SA KE Nonce}
        must rfc7296/3.3.6/unknown-transform field SA.1.ENCR.id == ENCR_AES_CBC
        must rfc7296/3.3.6/unknown-transform field SA.1.PRF.id == PRF_HMAC_SHA2_256
        must rfc7296/3.3.6/unknown-transform field SA.1.INTEG.id == AUTH_HMAC_SHA2_256_128
        must rfc7296/3.3.6/unknown-transform field SA.1.KE.id == ECP_256
    }
}

rows proposal/unknown-type {
    title   "A proposal with an unknown type of transform is not acceptable"
    cites   {rfc7296/3.3.6/unknown-transform-type}
    device  responder
    needs   {psk}
    bent    {unknown-transform-type}
    tags    {proposal extension}
    why     "The peer relies on something that the device does not know."
    hint    "Refuse the proposal, not the message."
} {type} {
    unassigned  100
    private     250
    last        255
} {
    conn ike [list [list ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256 $type:5]]
    set sa [tx IKE_SA_INIT]
    rx-none $sa IKE_SA_INIT response -has {SA} -req rfc7296/3.3.6/unknown-transform-type -for settle
}

testcase proposal/after-unknown-type {
    title   "Proposals beside one with an unknown type are processed as usual"
    cites   {rfc7296/3.3.6/other-proposals-processed}
    device  responder
    needs   {psk}
    bent    {knows-all-or-nothing unknown-transform-type}
    tags    {proposal extension}
    why     "Peers that offer newer kinds of algorithm cannot connect."
    hint    "Only the proposal with the unknown type drops out."
} {
    conn ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256 200:5} {ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256}}
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response {
        must rfc7296/3.3.6/other-proposals-processed has {SA KE Nonce}
        must rfc7296/3.3.6/other-proposals-processed field SA.1.number == 2
    }
}

rows proposal/unknown-attribute {
    title   "A transform with an unknown attribute is not acceptable"
    cites   {rfc7296/3.3.6/unknown-attribute}
    device  responder
    needs   {psk}
    bent    {unknown-attribute overlooks-faults}
    tags    {proposal extension}
    why     "The peer relies on something that the device does not know."
    hint    "Refuse the transform, even if its id and key length are known."
} {bend} {
    beside-key-length  { msg double $m SA.1.ENCR.KEY_LENGTH; msg set $m {SA.1.ENCR.attribute[1].type} 99 }
    on-prf             { msg set $m SA.1.PRF.keylen 256; msg set $m {SA.1.PRF.attribute[0].type} 99 }
} {
    set sa [tx IKE_SA_INIT -edit { set clean [msg encode $m]; eval $bend }]
    rx-none $sa IKE_SA_INIT response -has {SA} -req rfc7296/3.3.6/unknown-attribute -for settle
}

testcase proposal/after-unknown-attribute {
    title   "Transforms beside one with an unknown attribute are processed as usual"
    cites   {rfc7296/3.3.6/unknown-attribute}
    device  responder
    needs   {psk}
    bent    {knows-all-or-nothing}
    tags    {proposal extension}
    why     "Peers that offer newer variants of an algorithm cannot connect."
    hint    "Only the transform with the unknown attribute drops out."
} {
    conn ike {{ENCR_AES_CBC-192 ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256}}
    set sa [tx IKE_SA_INIT -edit {
        msg double $m SA.1.1.KEY_LENGTH
        msg set $m {SA.1.1.attribute[1].type} 99
    }]
    rx $sa IKE_SA_INIT response {
        must rfc7296/3.3.6/unknown-attribute has {SA KE Nonce}
        must rfc7296/3.3.6/unknown-attribute field SA.1.ENCR.keylen == 256
    }
}

rows proposal/key-length {
    title   "A cipher without its key length, or with one that it does not have, is not acceptable"
    cites   {$req}
    device  responder
    needs   {psk}
    bent    {overlooks-faults}
    tags    {proposal}
    why     "The two ends take keys of different lengths, or the device reads keys that are not there."
    hint    "AES needs the attribute, in bits: 128, 192 or 256."
} {bend req} {
    missing    { msg remove $m SA.1.ENCR.KEY_LENGTH }       rfc7296/3.3.5/key-length-required
    zero       { msg set $m SA.1.ENCR.keylen 0 }            rfc7296/3.3.5/key-length-matters
    eight      { msg set $m SA.1.ENCR.keylen 8 }            rfc7296/3.3.5/key-length-matters
    octets     { msg set $m SA.1.ENCR.keylen 32 }           rfc7296/3.3.5/key-length-matters
    odd        { msg set $m SA.1.ENCR.keylen 255 }          rfc7296/3.3.5/key-length-matters
    too-long   { msg set $m SA.1.ENCR.keylen 512 }          rfc7296/3.3.5/key-length-matters
    largest    { msg set $m SA.1.ENCR.keylen 65535 }        rfc7296/3.3.5/key-length-matters
} {
    set sa [tx IKE_SA_INIT -edit { set clean [msg encode $m]; eval $bend }]
    rx-none $sa IKE_SA_INIT response -has {SA} -req $req -for settle
}

rows proposal/protocol {
    title   "A proposal for another protocol than IKE makes no IKE SA"
    cites   {rfc7296/3.3.1/protocol-must-fit}
    device  responder
    needs   {psk}
    bent    {protocol-must-fit}
    tags    {proposal}
    why     "An SA is made that nobody asked for."
    hint    "In IKE_SA_INIT the protocol is 1."
} {protocol} {
    none     0
    ah       2
    esp      3
    unknown  200
} {
    set sa [tx IKE_SA_INIT -set [list SA.1.protocol $protocol]]
    rx-none $sa IKE_SA_INIT response -has {SA} -req rfc7296/3.3.1/protocol-must-fit -for settle
}

rows proposal/spi-size {
    title   "A proposal with an SPI that no IKE SA has is not accepted"
    cites   {rfc7296/3.3.1/spi-size-fits-protocol}
    device  responder
    needs   {psk}
    bent    {spi-size-fits-protocol}
    tags    {proposal spi}
    why     "A parser that believes the size reads transforms where there are none."
    hint    "None in IKE_SA_INIT; eight octets later."
} {octets} {
    one   1
    four  4
    eight 8
} {
    set sa [tx IKE_SA_INIT -edit { msg set $m SA.1.spi 0x[string repeat 9d $octets] }]
    rx-none $sa IKE_SA_INIT response -has {SA} -req rfc7296/3.3.1/spi-size-fits-protocol -for settle
}

rows proposal/missing-type {
    title   "An IKE proposal without a type of transform that it needs is not acceptable"
    cites   {rfc7296/3.3.6/missing-transform-type}
    device  responder
    needs   {psk}
    bent    {overlooks-faults}
    tags    {proposal}
    why     "An SA without that protection, or a crash."
    hint    "ENCR, PRF, KE, and INTEG unless the cipher is combined mode."
} {types} {
    encr   {ENCR}
    prf    {PRF}
    integ  {INTEG}
    ke     {KE}
    all    {ENCR PRF INTEG KE}
} {
    set sa [tx IKE_SA_INIT -edit { set clean [msg encode $m]; foreach type $types { msg remove $m SA.1.$type } }]
    rx-none $sa IKE_SA_INIT response -has {SA} -req rfc7296/3.3.6/missing-transform-type -for settle
}

rows proposal/counts {
    title   "Lengths and counts inside SA that contradict each other make the message malformed"
    cites   {rfc7296/3.3/lengths-consistent}
    device  responder
    needs   {psk}
    bent    {overlooks-faults}
    tags    {proposal length}
    why     "A parser that believes them reads beyond the message, or never ends."
    hint    "Proposals fill SA, transforms fill the proposal, attributes fill the transform."
} {path value} {
    more-transforms    SA.1.num_transforms  9
    proposal-short     SA.1.length          12
    proposal-zero      SA.1.length          0
    proposal-long      SA.1.length          600
    transform-zero     SA.1.ENCR.length     0
    transform-seven    SA.1.PRF.length      7
    transform-long     SA.1.KE.length       60000
    spi-size           SA.1.spi_size        200
} {
    set sa [tx IKE_SA_INIT -edit { set clean [msg encode $m]; msg set $m $path $value }]
    rx-none $sa IKE_SA_INIT response -has {SA} -req rfc7296/3.3/lengths-consistent -for settle
}

testcase proposal/aead-with-integrity {
    title   "A combined-mode cipher is not accepted together with an integrity algorithm"
    cites   {rfc7296/3.3/combined-mode-integrity-refused rfc5282/8/integrity-beside-refused}
    device  responder
    needs   {psk aead}
    setup   psk-aead
    bent    {answers-aead-with-integrity}
    tags    {proposal aead}
    why     "The two ends disagree on the length of every message."
    hint    "AES-GCM and its like have integrity of their own."
} {
    conn ike {{ENCR_AES_GCM_16-256 PRF_HMAC_SHA2_256 INTEG:0 ECP_256}}
    set sa [tx IKE_SA_INIT -set {SA.1.INTEG.id AUTH_HMAC_SHA2_256_128}]
    settle
    foreach n [records inbound IKE_SA_INIT response] {
        set answer [record $n msg]
        set integ NONE
        if {[msg has $answer SA] && [msg exists $answer SA.1.INTEG]} { set integ [msg get $answer SA.1.INTEG.id] }
        must rfc5282/8/integrity-beside-refused "message $n chooses not both" {$integ in {NONE AUTH_NONE 0}}
        must rfc7296/3.3/combined-mode-integrity-refused "message $n accepts no integrity algorithm beside the cipher" {$integ in {NONE AUTH_NONE 0}}
    }
    must rfc5282/8/integrity-beside-refused "the two were not chosen together" 1
    must rfc7296/3.3/combined-mode-integrity-refused "the two were not accepted together" 1
}

testcase proposal/aead-integrity-none {
    title   "With a combined-mode cipher, NONE for integrity means the same as nothing"
    cites   {rfc7296/3.3.2/integ-none-same-as-absent}
    device  responder
    needs   {psk aead}
    setup   psk-aead
    bent    {drops-integrity-none}
    tags    {proposal aead}
    why     "Peers that name it cannot connect."
    hint    "Transform type 3 with id 0."
} {
    conn ike {{ENCR_AES_GCM_16-256 PRF_HMAC_SHA2_256 INTEG:0 ECP_256}}
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response { must rfc7296/3.3.2/integ-none-same-as-absent has {SA KE Nonce} }
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response { must rfc7296/3.3.2/integ-none-same-as-absent has {AUTH} }
}

rows proposal/weak {
    title   "Algorithms that must not be used are refused"
    cites   {$req}
    device  responder
    needs   {psk}
    bent    {overlooks-faults}
    tags    {proposal security}
    why     "Whoever listens can read and change the traffic."
    hint    "They may be compiled in and allowed by a default."
} {bend req} {
    encr-des       { msg set $m SA.1.ENCR.id ENCR_DES; msg remove $m SA.1.ENCR.KEY_LENGTH }  rfc8247/2.1/encr-des-refused
    encr-null      { msg set $m SA.1.ENCR.id ENCR_NULL; msg remove $m SA.1.ENCR.KEY_LENGTH } rfc7296/5/ike-encr-not-null
    prf-md5        { msg set $m SA.1.PRF.id PRF_HMAC_MD5 }                                   rfc8247/2.2/prf-md5-refused
    integ-md5      { msg set $m SA.1.INTEG.id AUTH_HMAC_MD5_96 }                             rfc8247/2.3/integ-md5-refused
    integ-des-mac  { msg set $m SA.1.INTEG.id AUTH_DES_MAC }                                 rfc8247/2.3/integ-des-mac-refused
    integ-kpdk     { msg set $m SA.1.INTEG.id AUTH_KPDK_MD5 }                                rfc8247/2.3/integ-kpdk-md5-refused
    integ-none     { msg set $m SA.1.INTEG.id 0 }                                            rfc7296/5/ike-integrity-not-none
    group-1        { msg set $m SA.1.KE.id MODP_768 KE.group MODP_768 KE.data 0x[string repeat 4d 96] }            rfc8247/2.4/group-1-refused
    group-22       { msg set $m SA.1.KE.id MODP_1024_160 KE.group MODP_1024_160 KE.data 0x[string repeat 4d 128] } rfc8247/2.4/group-22-refused
} {
    set sa [tx IKE_SA_INIT -edit { set clean [msg encode $m]; eval $bend }]
    rx-none $sa IKE_SA_INIT response -has {SA} -req $req -for settle
}

rows proposal/numbers {
    title   "Proposals whose numbers do not run from 1 are refused, or the number that was given comes back"
    cites   {rfc7296/3.3.1/proposal-number-returned}
    device  responder
    needs   {psk}
    bent    {proposal-number-returned}
    tags    {proposal}
    why     "The two ends think of different suites."
    hint    "The number is a name that the initiator gave. Refusing the message conforms: the numbers break a rule of RFC 7296 3.3."
} {first second good} {
    from-zero   0    1    2
    from-two    2    3    2
    a-gap       1    9    2
    backwards   2    1    2
    twice       1    1    2
    the-last    254  255  2
    taken-first 7    8    1
} {
    conn ike [lmap k {1 2} { list ENCR_AES_CBC-[expr {$k == $good ? 256 : 192}] PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256 }]
    set sa [tx IKE_SA_INIT -set [list SA.1.number $first SA.2.number $second]]
    settle
    set answers [lmap n [records inbound IKE_SA_INIT response -has {SA}] { record $n msg }]
    if {![llength $answers]} {
        note "refused"
        must rfc7296/3.3.1/proposal-number-returned "a refusal names no number" {1}
    }
    foreach answer $answers {
        set wanted [lindex [list $first $second] [expr {$good - 1}]]
        must rfc7296/3.3.1/proposal-number-returned "the number is $wanted" {[msg get $answer SA.1.number] == $wanted}
    }
}

rows proposal/very-many {
    title   "An offer of hundreds of proposals or transforms is chosen from or refused, in time for the next peer"
    cites   {rfc7296/3.3.6/choose-one-proposal rfc7296/2.7/one-transform-of-each-type}
    device  responder
    needs   {psk}
    bent    {answers-two-proposals one-transform-of-each-type busy-with-long-offers}
    tags    {proposal dos}
    why     "One datagram keeps the device busy, or overruns a table."
    hint    "Lists are bounded by the octets that came, not by what peers usually offer."
} {proposals transforms} {
    proposals        255  4
    transforms       1    250
    of-both          40   40
} {
    tx IKE_SA_INIT -edit {
        for {set k 4} {$k < $transforms} {incr k} { msg double $m SA.1.PRF }
        for {set k 1} {$k < $proposals} {incr k} { msg double $m SA.1 }
        for {set k 1} {$k <= $proposals} {incr k} {
            msg set $m SA.$k.number $k
            if {$k < $proposals} { msg set $m SA.$k.ENCR.keylen 192 }
        }
    }
    settle
    foreach n [records inbound IKE_SA_INIT response -has {SA}] {
        set answer [record $n msg]
        must rfc7296/3.3.6/choose-one-proposal "one proposal comes back" {![msg exists $answer SA.2]}
        set types [lmap t [msg transforms $answer] { lindex $t 0 }]
        must rfc7296/2.7/one-transform-of-each-type "one transform of each type comes back: $types" {[lsort -unique $types] eq [lsort $types]}
    }
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response -req rfc7296/3.3.6/choose-one-proposal
}
