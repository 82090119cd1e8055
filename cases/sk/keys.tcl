# keys.tcl - RFC 7296 sections 2.13, 2.14, 2.17, 2.18: every step from the shared secret to the keys. The tester computes
# them as the RFC says: what it can open, and what the device can, is proof of the step. Each bent device takes one step
# otherwise.

rows sk/keys-of-init {
    title   "The keys made from IKE_SA_INIT are those of the RFC"
    cites   {$req}
    device  both
    needs   {psk}
    setup   {psk ike {{$suite}}}
    bent    {$bent}
    tags    {sk keys}
    why     "No peer can read what the device says, or it cannot prove who it is."
    hint    "Follow the formula octet by octet; the published vectors of the PRF come first."
} {req bent suite} {
    skeyseed       rfc7296/2.14/skeyseed               skeyseed               {ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256}
    order          rfc7296/2.14/sk-order               sk-order               {ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256}
    order-long     rfc7296/2.14/sk-order               sk-order               {ENCR_AES_CBC-128 PRF_HMAC_SHA2_512 AUTH_HMAC_SHA2_256_128 ECP_256}
    order-aead     rfc7296/2.14/sk-order               sk-order               {ENCR_AES_GCM_16-256 PRF_HMAC_SHA2_256 ECP_256}
    prf-size-256   rfc7296/2.13/prf-preferred-key-size prf-preferred-key-size {ENCR_AES_CBC-128 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256}
    prf-size-512   rfc7296/2.13/prf-preferred-key-size prf-preferred-key-size {ENCR_AES_CBC-128 PRF_HMAC_SHA2_512 AUTH_HMAC_SHA2_256_128 ECP_256}
    xcbc-nonces    rfc7296/2.14/fixed-key-prf-nonces   fixed-key-prf-nonces   {ENCR_AES_CBC-128 PRF_AES128_XCBC AUTH_HMAC_SHA2_256_128 ECP_256}
    cmac-nonces    rfc7296/2.14/fixed-key-prf-nonces   fixed-key-prf-nonces   {ENCR_AES_CBC-128 PRF_AES128_CMAC AUTH_HMAC_SHA2_256_128 ECP_256}
} {
    set sa [ike init]
    auth $sa rx -req $req                            ;# passed over when the tester cannot open it
    must $req "the proof of identity that was made with these keys verifies" {[sa-up $sa]}
    alive-sa $sa -req $req
}

rows sk/secret-padded {
    title   "A shared secret that begins with a zero octet is used at its full length"
    cites   {rfc7296/2.14/secret-padded}
    device  initiator
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 $group}}}
    bent    {secret-padded}
    tags    {sk keys}
    why     "One connection of 256 fails, and nobody can say why."
    hint    "Libraries for big numbers give them back without leading zeros: pad to the length of the modulus."
} {group} {
    modp-2048  MODP_2048
    ecp-256    ECP_256
    curve25519 CURVE25519
} {
    conn secret_zero_led 1
    set sa [ike init]
    rx $sa IKE_AUTH request -req rfc7296/2.14/secret-padded
    alive-sa $sa
}

rows sk/keys-of-child {
    title   "The keys of a Child SA are taken in the order of the RFC"
    cites   {$req}
    device  both
    needs   {psk esp}
    setup   $setup
    bent    {$bent}
    tags    {sk keys esp}
    why     "The tunnel comes up and nothing passes."
    hint    "KEYMAT: first what the initiator of the exchange sends; in each direction the cipher's key before that of the checksum."
} {req bent setup how} {
    directions      rfc7296/2.17/keymat-direction-order       keymat-direction-order       psk     first
    cipher-first    rfc7296/2.17/keymat-cipher-first          keymat-cipher-first          psk-cbc first
    nonces-of-init  rfc7296/2.17/first-child-uses-init-nonces first-child-uses-init-nonces psk     first
    directions-new  rfc7296/2.17/keymat-direction-order       keymat-direction-order       psk     new
    cipher-new      rfc7296/2.17/keymat-cipher-first          keymat-cipher-first          psk-cbc new
} {
    set sa [ike establish]
    set child [child $sa spi_in]
    if {$how eq "new"} {
        tx $sa CREATE_CHILD_SA -new
        rx $sa CREATE_CHILD_SA response
        precondition {[msg has $rx SA]} "the device makes no further Child SA"
        settle
        set child [child $sa spi_in 1]
    }
    must-traffic $sa -child $child -req $req
}

rows sk/keys-of-rekeyed-ike {
    title   "The keys of a rekeyed IKE SA are new ones, made by its own PRF, and its messages count from 0"
    cites   {$req}
    device  both
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 PRF_HMAC_SHA2_512 AUTH_HMAC_SHA2_256_128 ECP_256}}}
    bent    {$bent}
    tags    {sk keys rekey}
    why     "The two ends do not understand each other after the first rekey."
    hint    "SKEYSEED of a rekey comes from the old PRF and SK_d; everything after it from the new PRF, SPIs and nonces."
} {req bent prf} {
    new-prf   rfc7296/2.18/ike-rekey-new-prf       ike-rekey-new-prf        PRF_HMAC_SHA2_512
    new-keys  rfc7296/2.18/old-ike-keys-not-used   old-ike-keys-not-used    PRF_HMAC_SHA2_256
    counters  rfc7296/2.18/ike-rekey-counters-zero ids-restart-after-rekey  PRF_HMAC_SHA2_256
} {
    conn ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256}}
    conn ike_rekey [list [list ENCR_AES_CBC-256 $prf AUTH_HMAC_SHA2_256_128 ECP_256]]
    set sa [ike establish]
    foreach i {1 2} { precondition {[answers $sa]} "the SA does not answer" }
    tx $sa CREATE_CHILD_SA -rekey ike
    set new [ike rekeyed $sa]
    settle
    precondition {[sa $new next_request] == 0} "the tester has used its new counter"
    alive-sa $new -req $req
}
