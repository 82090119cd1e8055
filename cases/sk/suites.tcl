# suites.tcl - RFC 7296 sections 2.13, 2.14 and 3.14: an IKE SA works with every suite, and its messages have fresh IVs.

rows sk/suite-works {
    title   "An IKE SA of this suite works"
    cites   {rfc7296/2.13/prf-plus rfc7296/2.14/keys-per-direction rfc7296/2.15/psk-formula}
    device  both
    needs   {psk}
    setup   {psk ike {{$suite}}}
    bent    {auth-miscomputed other-keys-later}
    tags    {sk}
    why     "Peers with this suite cannot connect, although it was chosen."
    hint    "Lengths of keys, of the checksum and, for AES-GCM and the like, of the salt."
} {suite} {
    cbc-128-sha256    {ENCR_AES_CBC-128 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256}
    cbc-192-sha256    {ENCR_AES_CBC-192 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256}
    cbc-256-sha384    {ENCR_AES_CBC-256 PRF_HMAC_SHA2_384 AUTH_HMAC_SHA2_384_192 ECP_384}
    cbc-256-sha512    {ENCR_AES_CBC-256 PRF_HMAC_SHA2_512 AUTH_HMAC_SHA2_512_256 ECP_521}
    cbc-128-sha1      {ENCR_AES_CBC-128 PRF_HMAC_SHA1 AUTH_HMAC_SHA1_96 MODP_2048}
    cbc-128-cmac      {ENCR_AES_CBC-128 PRF_AES128_CMAC AUTH_AES_CMAC_96 ECP_256}
    cbc-128-xcbc      {ENCR_AES_CBC-128 PRF_AES128_XCBC AUTH_AES_XCBC_96 ECP_256}
    gcm-128           {ENCR_AES_GCM_16-128 PRF_HMAC_SHA2_256 ECP_256}
    gcm-256           {ENCR_AES_GCM_16-256 PRF_HMAC_SHA2_384 ECP_384}
    gcm-8             {ENCR_AES_GCM_8-128 PRF_HMAC_SHA2_256 ECP_256}
    gcm-12            {ENCR_AES_GCM_12-256 PRF_HMAC_SHA2_256 ECP_256}
    ccm-8             {ENCR_AES_CCM_8-128 PRF_HMAC_SHA2_256 ECP_256}
    ccm-16            {ENCR_AES_CCM_16-256 PRF_HMAC_SHA2_256 ECP_256}
    chacha            {ENCR_CHACHA20_POLY1305 PRF_HMAC_SHA2_256 CURVE25519}
} {
    set sa [ike init]
    auth $sa rx { must rfc7296/2.14/keys-per-direction has {AUTH SA} }
    must rfc7296/2.15/psk-formula "AUTH of the device verifies" {[sa-up $sa]}
    alive-sa $sa -req rfc7296/2.13/prf-plus
}

rows sk/iv-fresh {
    title   "Each message of the device has an IV of its own"
    cites   {rfc7296/3.14/iv-unpredictable}
    device  both
    needs   {psk}
    setup   $setup
    bent    {iv-unpredictable}
    tags    {sk}
    why     "With AES-GCM a repeated IV gives the key stream away, and lets others forge messages."
} {setup octets} {
    cbc psk      16
    gcm psk-aead 8
} {
    set sa [ike establish]
    for {set i 0} {$i < 12} {incr i} {
        tx $sa INFORMATIONAL
        rx $sa INFORMATIONAL response
    }
    set seen {}
    foreach n [records inbound] {
        if {![record $n sealed] || [record $n repeated]} continue
        set b [record $n bytes]
        set at [expr {[string range $b 0 3] eq "\0\0\0\0" ? 36 : 32}]
        set iv [string range $b $at [expr {$at + $octets - 1}]]
        must rfc7296/3.14/iv-unpredictable "the IV of message $n is new" {[dict exists $seen $iv] == 0}
        dict set seen $iv 1
        if {$octets == 16} {
            # of a CBC IV nothing may be known beforehand: no counter, no constant part
            binary scan $iv W high
            must rfc7296/3.14/iv-unpredictable "the first half of the IV of message $n is new" {![dict exists $seen $high]}
            dict set seen $high 1
        }
    }
}
