# form.tcl - RFC 7296 sections 2.7, 2.13, 3.3, 3.3.3 to 3.3.6, 3.14: suites as they are configured, offered and chosen.

rows proposal/suite-configured {
    title   "The suite that was configured is the one in use, and no other"
    cites   {rfc7296/3.3.4/suite-configuration rfc7296/2.7/single-suite-chosen rfc7296/2.13/key-length-fixed}
    device  responder
    needs   {psk}
    setup   {psk ike {{$suite}}}
    bent    {knows-one-suite-only answers-two-proposals answers-two-key-lengths}
    tags    {proposal}
    why     "The owner of the device cannot say which algorithms protect it."
    hint    "The answer is one proposal, with one transform of each type and one key length."
} {suite} {
    cbc-128  {ENCR_AES_CBC-128 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256}
    sha-512  {ENCR_AES_CBC-256 PRF_HMAC_SHA2_512 AUTH_HMAC_SHA2_512_256 ECP_256}
    ecp-384  {ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_384}
} {
    conn ike [list [list ENCR_AES_CBC-192 PRF_HMAC_SHA1 AUTH_HMAC_SHA1_96 [lindex $suite 3]] $suite]
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response { must rfc7296/3.3.4/suite-configuration has {SA KE Nonce} }
    must rfc7296/2.7/single-suite-chosen "there is one proposal" {![msg has $rx {SA.proposal[1]}]}
    set types {}
    set lengths 0
    foreach p [msg paths $rx] {
        lassign $p path value
        if {![string match {SA.proposal?0?.*} $path]} continue
        if {[regexp {transform\[\d+\]\.type$} $path]} { lappend types $value }
        if {[regexp {transform\[\d+\]\.id$} $path]} {
            must rfc7296/3.3.4/suite-configuration "$value is configured" {[lsearch -glob $suite $value*] >= 0}
        }
        if {[string match *attribute*.value $path]} {
            incr lengths
            must rfc7296/2.13/key-length-fixed "the key length is that of the suite: $value" {"ENCR_AES_CBC-$value" in $suite}
        }
    }
    must rfc7296/2.7/single-suite-chosen "one transform of each type: $types" {[lsort $types] eq {ENCR INTEG KE PRF}}
    must rfc7296/2.13/key-length-fixed "the cipher has one key length" {$lengths == 1}
}

rows proposal/not-configured {
    title   "A suite that differs from the configured one in a single transform is not taken"
    cites   {rfc7296/3.3.4/suite-compared rfc7296/3.3.4/unauthorised-suite-rejected}
    device  responder
    needs   {psk}
    bent    {overlooks-faults}
    tags    {proposal security}
    why     "A peer, or somebody on the way, brings the device to algorithms that its owner has not allowed."
    hint    "Compare every type of transform and its attributes with the configuration."
} {bend} {
    weaker-cipher    { msg set $m SA.1.ENCR.keylen 128 }
    other-cipher     { msg set $m SA.1.ENCR.id ENCR_3DES; msg remove $m SA.1.ENCR.KEY_LENGTH }
    weaker-prf       { msg set $m SA.1.PRF.id PRF_HMAC_SHA1 }
    weaker-integrity { msg set $m SA.1.INTEG.id AUTH_HMAC_SHA1_96 }
    cut-integrity    { msg set $m SA.1.INTEG.id AUTH_HMAC_MD5_96 }
} {
    set sa [tx IKE_SA_INIT -edit { set clean [msg encode $m]; eval $bend }]
    rx $sa IKE_SA_INIT response {
        must rfc7296/3.3.4/suite-compared lacks {KE}
        must rfc7296/3.3.4/unauthorised-suite-rejected lacks {SA}
    }
}

rows proposal/cipher-without-format {
    title   "A cipher for which no format of the Encrypted payload is specified is not negotiated"
    cites   {rfc7296/3.14/unspecified-transforms}
    device  responder
    needs   {psk}
    bent    {overlooks-faults}
    tags    {proposal security}
    why     "The two ends cannot read each other, or nothing is encrypted."
    hint    "Numbers of ESP ciphers are numbers of IKE ciphers only where an RFC says so."
} {cipher} {
    des-iv64       1
    des-iv32       9
    three-idea     8
    gmac           21
    private        1025
} {
    set sa [tx IKE_SA_INIT -edit { set clean [msg encode $m]; msg set $m SA.1.ENCR.id $cipher }]
    rx $sa IKE_SA_INIT response { must rfc7296/3.14/unspecified-transforms lacks {SA} }
}

rows proposal/offer-form {
    title   "What the device offers says each thing in the way that the RFC has for it"
    cites   {$req}
    device  initiator
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 ENCR_AES_CBC-128 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256} {ENCR_AES_GCM_16-256 PRF_HMAC_SHA2_256 ECP_256}}}
    bent    {$bent}
    tags    {proposal}
    why     "Peers find nothing in the offer that they can take."
    hint    "Two key lengths are two transforms; ciphers with and without integrity of their own are two proposals."
} {req bent} {
    one-attribute  rfc7296/3.3/one-attribute-per-transform  offers-two-key-lengths
    combined-mode  rfc7296/3.3/combined-mode-own-proposal   offers-ciphers-mixed
} {
    dut initiate
    rx IKE_SA_INIT request
    set ciphers {}
    foreach p [msg paths $rx] {
        lassign $p path value
        if {[regexp {^SA\.proposal\[(\d+)\]\.transform\[\d+\]\.id$} $path - n] && [string match ENCR_* $value]} {
            dict lappend ciphers $n [regexp {GCM|CCM|CHACHA} $value]
        }
        if {[regexp {^(SA\..*transform\[\d+\])\.attribute\[(\d+)\]\.type$} $path - transform n]} {
            if {$bent eq "offers-two-key-lengths"} { must $req "$transform has one attribute" {$n == 0} }
        }
    }
    if {$bent eq "offers-ciphers-mixed"} {
        dict for {n kinds} $ciphers { must $req "proposal [expr {$n + 1}] has ciphers of one kind" {[llength [lsort -unique $kinds]] == 1} }
    }
}

testcase proposal/all-types-understood {
    title   "An ESP proposal with all four types of transform is understood"
    cites   {rfc7296/3.3.3/types-understood}
    device  both
    needs   {psk pfs}
    setup   {psk esp {{ENCR_AES_CBC-256 AUTH_HMAC_SHA2_256_128 ECP_256}}}
    bent    {knows-no-optional-types}
    tags    {proposal child pfs}
    why     "Peers that want forward secrecy, or say what they could leave out, get no tunnel."
    hint    "ENCR, INTEG, KE and ESN may all stand in a proposal for ESP."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -rekey child
    precondition {[llength [records outbound CREATE_CHILD_SA request]] > 0} "no request went out"
    rx $sa CREATE_CHILD_SA response { must rfc7296/3.3.3/types-understood has {SA KE Nonce TSi TSr} }
}

rows proposal/none-ignores-ke {
    title   "With NONE as key exchange the KE payload is ignored and none comes back"
    cites   {rfc7296/3.3.6/none-group-ignores-ke}
    device  both
    needs   {psk}
    bent    {ke-without-group child-refused}
    tags    {proposal child pfs}
    why     "The two ends make different keys, or a peer that sends KE to be on the safe side gets no tunnel."
    hint    "What was chosen decides, not what was sent."
} {edit} {
    none-and-ke   { msg double $m SA.1.ESN; msg set $m SA.1.3.type KE SA.1.3.id 0; msg add $m KE -body [binary decode hex 001300006B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2964FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5] }
    left-out      { msg add $m KE -body [binary decode hex 001300006B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2964FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5] }
} {
    set sa [ike establish]
    manual $sa 1
    tx $sa CREATE_CHILD_SA -new -edit $edit
    rx $sa CREATE_CHILD_SA response
    precondition {![msg has $rx N(NO_ADDITIONAL_SAS)]} "the device makes no further Child SAs"
    must rfc7296/3.3.6/none-group-ignores-ke "a Child SA is made" {[msg has $rx SA]}
    must rfc7296/3.3.6/none-group-ignores-ke "the response has no KE" {![msg has $rx KE]}
}
