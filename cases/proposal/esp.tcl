# esp.tcl - RFC 7296 sections 1.2, 2.7 and 3.3: the proposal for the first Child SA, in IKE_AUTH. A case leaves in `repair`
# (and `spi`) how its request becomes acceptable: bent devices that take everything are told it.

rows proposal/esp-place {
    title   "The ESP proposal that is acceptable is found at any place, and its number comes back"
    cites   {rfc7296/3.3.1/proposal-number-returned}
    device  responder
    needs   {psk esp}
    bent    {answers-other-esp-number}
    tags    {proposal esp}
    why     "Peers that offer several suites get no Child SA, or another one than they think."
    hint    "The number in the answer is that of the proposal taken, not 1."
} {at of} {
    first-of-two   1  2
    last-of-two    2  2
    last-of-eight  8  8
} {
    set offer {}
    for {set k 1} {$k <= $of} {incr k} {
        lappend offer [list ENCR_AES_GCM_16-[expr {$k == $at ? 256 : 192}]]
    }
    conn esp $offer
    set sa [ike init]
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response
    precondition {[msg has $rx SA]} "no Child SA was made"
    must rfc7296/3.3.1/proposal-number-returned "the number is $at" {[msg get $rx SA.1.number] == $at}
}

rows proposal/esp-refused {
    title   "An ESP proposal that is not acceptable makes no Child SA"
    cites   {$req}
    device  responder
    needs   {psk esp}
    bent    {repairs-esp-offer}
    tags    {proposal esp}
    why     "Traffic goes out under algorithms that the device's owner did not allow, or that the peer does not use."
    hint    "Compare protocol, SPI and every transform of the proposal."
} {bend repair req} {
    key-length     { msg set $m SA.1.ENCR.keylen 128 }                 { msg set $m SA.1.ENCR.keylen 256 }       rfc7296/2.7/no-proposal-chosen
    cipher         { msg set $m SA.1.ENCR.id ENCR_CAMELLIA_CBC }       { msg set $m SA.1.ENCR.id ENCR_AES_GCM_16 } rfc7296/2.7/no-proposal-chosen
    no-key-length  { msg remove $m SA.1.ENCR.KEY_LENGTH }              { msg set $m SA.1.ENCR.keylen 256 }       rfc7296/3.3.5/key-length-required
    unknown-type   { msg double $m SA.1.ESN; msg set $m SA.1.3.type 100 }  { msg remove $m SA.1.3 }             rfc7296/3.3.6/unknown-transform-type
    unknown-id     { msg set $m SA.1.ENCR.id 999 }                     { msg set $m SA.1.ENCR.id ENCR_AES_GCM_16 } rfc7296/3.3.6/unknown-transform
    attribute      { msg double $m SA.1.ENCR.KEY_LENGTH; msg set $m {SA.1.ENCR.attribute[1].type} 99 }  { msg remove $m {SA.1.ENCR.attribute[1]} }  rfc7296/3.3.6/unknown-attribute
    no-esn         { msg remove $m SA.1.ESN }                          { msg double $m SA.1.1; msg remove $m SA.1.2.KEY_LENGTH; msg set $m SA.1.2.type ESN SA.1.2.id 0 }  rfc7296/3.3.6/missing-transform-type
    no-cipher      { msg remove $m SA.1.ENCR }                         { msg double $m SA.1.1; msg set $m SA.1.1.type ENCR SA.1.1.id ENCR_AES_GCM_16 SA.1.1.keylen 256 }  rfc7296/3.3.6/missing-transform-type
    foreign-type   { msg double $m SA.1.ESN; msg set $m SA.1.3.type PRF SA.1.3.id PRF_HMAC_SHA2_256 }  { msg remove $m SA.1.PRF }  rfc7296/3.3.3/foreign-type-not-accepted
    ike-protocol   { msg set $m SA.1.protocol IKE }                    { msg set $m SA.1.protocol ESP }          rfc7296/3.3.1/protocol-must-fit
    ah-protocol    { msg set $m SA.1.protocol AH }                     { msg set $m SA.1.protocol ESP }          rfc7296/3.3.1/protocol-must-fit
    spi-size-0     { set spi [msg get $m SA.1.spi]; msg set $m SA.1.spi 0x }  { msg set $m SA.1.spi $spi }       rfc7296/3.3.1/spi-size-fits-protocol
    spi-size-8     { set spi [msg get $m SA.1.spi]; msg set $m SA.1.spi ${spi}00000000 }  { msg set $m SA.1.spi $spi }  rfc7296/3.3.1/spi-size-fits-protocol
} {
    set sa [ike init]
    tx $sa IKE_AUTH -edit $bend
    rx $sa IKE_AUTH response { must $req lacks {SA} }
}

testcase proposal/esp-aead-with-integrity {
    title   "A combined-mode cipher is not accepted for ESP together with an integrity algorithm"
    cites   {rfc7296/3.3/combined-mode-integrity-refused}
    device  responder
    needs   {psk esp}
    bent    {answers-esp-aead-with-integrity}
    tags    {proposal esp aead}
    why     "The two ends disagree on keys and on the length of every packet."
    hint    "AES-GCM has integrity of its own. The proposal may be refused; the cipher without the other algorithm does no harm either."
} {
    set sa [ike init]
    set sent [auth $sa -edit { msg double $m SA.1.ESN; msg set $m SA.1.2.type INTEG SA.1.2.id AUTH_HMAC_SHA2_256_128 } rx]
    precondition {[regexp {GCM|CCM|POLY1305} [msg get $sent SA.1.ENCR.id]]} "this device has no combined-mode cipher for ESP"
    set both [expr {[msg has $rx SA] ? [lsearch -all -inline -index 0 [msg transforms $rx] INTEG] : {}}]
    set both [lmap t $both { if {[lindex $t 1] in {NONE AUTH_NONE 0}} continue; set t }]
    must rfc7296/3.3/combined-mode-integrity-refused "no integrity algorithm is chosen beside the cipher: $both" {![llength $both]}
}

testcase proposal/esp-refusal-said {
    title   "When no ESP proposal is acceptable, IKE_AUTH answers NO_PROPOSAL_CHOSEN"
    cites   {rfc7296/2.7/no-proposal-chosen}
    device  responder
    needs   {psk esp}
    bent    {says-other-child-error}
    tags    {proposal esp}
    why     "Operators search in the wrong place."
    hint    "The notify stands beside IDr and AUTH."
} {
    set sa [ike init]
    tx $sa IKE_AUTH -set {SA.1.ENCR.keylen 128}
    rx $sa IKE_AUTH response { must rfc7296/2.7/no-proposal-chosen has {N(NO_PROPOSAL_CHOSEN)} }
}

testcase proposal/esp-refusal-keeps-ike {
    title   "When no ESP proposal is acceptable, the IKE SA is made all the same"
    cites   {rfc7296/1.2/child-failure-keeps-ike-sa}
    device  responder
    needs   {psk esp}
    bent    {child-failure-keeps-ike-sa}
    tags    {proposal esp}
    why     "A wrong suite for one Child SA ends the connection as a whole."
    hint    "IDr and AUTH are in the answer, and the SA answers later requests."
} {
    set sa [ike init]
    tx $sa IKE_AUTH -set {SA.1.ENCR.keylen 128}
    rx $sa IKE_AUTH response { must rfc7296/1.2/child-failure-keeps-ike-sa has {IDr AUTH} }
    alive-sa $sa -req rfc7296/1.2/child-failure-keeps-ike-sa
}

testcase proposal/esp-no-group {
    title   "The ESP proposal of IKE_AUTH has no key exchange group"
    cites   {rfc7296/1.2/no-dh-in-auth-sa}
    device  initiator
    needs   {psk esp pfs}
    setup   psk-pfs
    bent    {offers-group-in-auth}
    tags    {proposal esp}
    why     "Peers refuse the proposal: there is no KE to go with it."
    hint    "The group is for Child SAs made later."
} {
    set sa [ike await]
    rx $sa IKE_AUTH request
    for {set p 1} {[msg exists $rx SA.$p]} {incr p} {
        must rfc7296/1.2/no-dh-in-auth-sa "proposal $p names no group" {![msg exists $rx SA.$p.KE] || [msg get $rx SA.$p.KE.id] in {NONE 0}}
    }
    must rfc7296/1.2/no-dh-in-auth-sa "there is a proposal" {[msg exists $rx SA.1]}
}

testcase proposal/esp-types-offered {
    title   "The ESP proposal of the device has the types of transform that it needs, and an SPI of four octets"
    cites   {rfc7296/3.3.3/esp-mandatory-types rfc7296/3.3.1/spi-size-by-protocol}
    device  both
    needs   {psk esp}
    bent    {sends-esp-without-esn sends-esp-spi-of-eight}
    tags    {proposal esp}
    why     "Strict peers refuse the proposal."
    hint    "ENCR and ESN always."
} {
    set sa [ike init]
    auth $sa rx
    precondition {[msg has $rx SA]} "there is no ESP proposal"
    must rfc7296/3.3.3/esp-mandatory-types "ENCR and ESN are there" {[msg exists $rx SA.1.ENCR] && [msg exists $rx SA.1.ESN]}
    must rfc7296/3.3.1/spi-size-by-protocol "the SPI has four octets" {[string length [msg get $rx SA.1.spi]] == 10}
}

rows proposal/esp-answer-checked {
    title   "An ESP proposal in the answer that was not offered makes no Child SA"
    cites   {rfc7296/3.3.6/inconsistent-answer-ends}
    device  initiator
    needs   {psk esp echo}
    bent    {repairs-esp-answer}
    tags    {proposal esp security}
    why     "Whoever answers decides on the algorithms."
    hint    "Compare the answer with the proposal of that number: types, ids, attributes."
} {bend repair} {
    other-number   { msg set $m SA.1.number 2 }                                         { msg set $m SA.1.number 1 }
    two-ciphers    { msg double $m SA.1.ENCR; msg set $m SA.1.2.keylen 128 }            { msg remove $m SA.1.2 }
    two-proposals  { msg double $m SA.1; msg set $m SA.2.number 2 SA.2.ENCR.keylen 128 } { msg remove $m SA.2 }
    extra-group    { msg double $m SA.1.ESN; msg set $m SA.1.3.type KE SA.1.3.id ECP_256 }  { msg remove $m SA.1.KE }
    no-esn         { msg remove $m SA.1.ESN }                                           { msg double $m SA.1.ENCR; msg remove $m SA.1.2.KEY_LENGTH; msg set $m SA.1.2.type ESN SA.1.2.id 0 }
} {
    edit outbound IKE_AUTH response $bend
    set sa [ike await]
    rx $sa IKE_AUTH request
    settle
    # the device may delete the Child SA or the whole IKE SA, or never make it; traffic tells
    set passes 0
    if {[sa-up $sa] && [child $sa count]} { set passes [esp-echo $sa] }
    must rfc7296/3.3.6/inconsistent-answer-ends "nothing passes the tunnel" {!$passes}
}

testcase proposal/auth-without-none {
    title   "The proposals of IKE_AUTH do not speak of a key exchange at all"
    cites   {rfc7296/1.2/omit-dh-none}
    device  initiator
    needs   {psk}
    bent    {offers-none-in-auth}
    tags    {proposal}
    why     "Some responders find no proposal that they can take."
    hint    "Leave the transform out; NONE says no more."
} {
    set sa [ike init]
    rx $sa IKE_AUTH request
    set types {}
    foreach p [msg paths $rx] {
        lassign $p path value
        if {[regexp {^SA.*transform\[\d+\]\.type$} $path]} { lappend types $value }
    }
    precondition {[llength $types]} "the request has no proposal"
    should rfc7296/1.2/omit-dh-none "no transform is a key exchange: $types" {"KE" ni $types}
}

rows proposal/esp-weak {
    title   "Algorithms that must not protect packets are refused"
    cites   {$req}
    device  responder
    needs   {psk esp}
    bent    {repairs-esp-offer}
    tags    {proposal esp security}
    why     "Whoever listens can read and change the traffic."
    hint    "They may be compiled in and allowed by a default."
} {cipher integ req} {
    des          ENCR_DES       AUTH_HMAC_SHA2_256_128  rfc8221/5/esp-des-refused
    des-iv64     ENCR_DES_IV64  AUTH_HMAC_SHA2_256_128  rfc8221/5/esp-des-iv-refused
    des-iv32     ENCR_DES_IV32  AUTH_HMAC_SHA2_256_128  rfc8221/5/esp-des-iv-refused
    blowfish     ENCR_BLOWFISH  AUTH_HMAC_SHA2_256_128  rfc8221/5/esp-blowfish-refused
    idea         ENCR_3IDEA     AUTH_HMAC_SHA2_256_128  rfc8221/5/esp-3idea-refused
    triple-des   ENCR_3DES      AUTH_HMAC_SHA2_256_128  rfc8221/5/esp-3des-avoided
    md5          ENCR_AES_CBC   AUTH_HMAC_MD5_96        rfc8221/6/esp-md5-refused
    des-mac      ENCR_AES_CBC   AUTH_DES_MAC            rfc8221/6/esp-des-mac-refused
    kpdk         ENCR_AES_CBC   AUTH_KPDK_MD5           rfc8221/6/esp-kpdk-refused
    none         ENCR_AES_CBC   0                       rfc8221/6/esp-none-alone-refused
    no-integrity ENCR_AES_CBC   {}                      rfc8221/4/encryption-authenticated
} {
    # AES-GCM, the cipher of the setup, is made another; what is left of it, and of the integrity beside it, is repaired by
    # a device that does not look
    set bend {
        msg set $m SA.1.ENCR.id $cipher
        if {$cipher eq "ENCR_AES_CBC"} { msg set $m SA.1.ENCR.keylen 128 } else { msg remove $m SA.1.ENCR.KEY_LENGTH }
        if {$integ ne ""} { msg double $m SA.1.ESN; msg set $m SA.1.2.type INTEG SA.1.2.id $integ }
    }
    set repair {
        if {[msg exists $m SA.1.INTEG]} { msg remove $m SA.1.INTEG }
        msg set $m SA.1.ENCR.id ENCR_AES_GCM_16 SA.1.ENCR.keylen 256
    }
    set sa [ike init]
    tx $sa IKE_AUTH -edit $bend
    rx $sa IKE_AUTH response
    judge $req [expr {![msg has $rx SA]}] "no Child SA is made" [record $rx_n chain]
}
