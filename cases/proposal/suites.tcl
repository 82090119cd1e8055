# suites.tcl - RFC 8247: the algorithms that every implementation has, each in a suite that makes an IKE SA and carries messages.

rows proposal/suite {
    title   "A suite of algorithms that implementations have makes an SA"
    cites   {$req}
    device  both
    needs   {psk}
    setup   {psk ike {{$suite}}}
    bent    {knows-one-suite-only}
    tags    {proposal algorithms}
    why     "Peers that follow the RFC have no suite in common with the device, or the keys do not fit."
    hint    "Key lengths in bits, salts of AEAD ciphers, truncated checksums, x only as shared secret of ECP groups."
} {suite req} {
    aes-cbc-128     {ENCR_AES_CBC-128 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256}    rfc8247/2.1/encr-aes-cbc-128
    aes-cbc-256     {ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 MODP_2048}  rfc8247/2.1/encr-aes-cbc-256
    prf-sha2-256    {ENCR_AES_CBC-128 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_512_256 MODP_2048}  rfc8247/2.2/prf-sha2-256
    prf-sha1        {ENCR_AES_CBC-256 PRF_HMAC_SHA1 AUTH_HMAC_SHA2_256_128 MODP_2048}      rfc8247/2.2/prf-sha1
    integ-sha2-256  {ENCR_AES_CBC-128 PRF_HMAC_SHA2_512 AUTH_HMAC_SHA2_256_128 ECP_256}    rfc8247/2.3/integ-sha2-256
    integ-sha1      {ENCR_AES_CBC-128 PRF_HMAC_SHA1 AUTH_HMAC_SHA1_96 MODP_2048}           rfc8247/2.3/integ-sha1-96
    group-14        {ENCR_AES_CBC-256 PRF_HMAC_SHA2_512 AUTH_HMAC_SHA2_512_256 MODP_2048}  rfc8247/2.4/group-14
    cbc-128-14      {ENCR_AES_CBC-128 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 MODP_2048}  rfc8247/2.1/encr-aes-cbc-128
    cbc-256-sha1    {ENCR_AES_CBC-256 PRF_HMAC_SHA1 AUTH_HMAC_SHA1_96 ECP_256}             rfc8247/2.3/integ-sha1-96
    cbc-128-mixed   {ENCR_AES_CBC-128 PRF_HMAC_SHA1 AUTH_HMAC_SHA2_256_128 ECP_256}        rfc8247/2.2/prf-sha1
    gcm-256-14      {ENCR_AES_GCM_16-256 PRF_HMAC_SHA2_256 MODP_2048}                      rfc8247/2.4/group-14
    gcm-128-sha1    {ENCR_AES_GCM_16-128 PRF_HMAC_SHA1 ECP_256}                            rfc8247/2.2/prf-sha1
} {
    set sa [ike init response { must $req has {SA KE Nonce} }]
    auth $sa rx { must $req has {AUTH} }
    alive-sa $sa -req $req
}

rows proposal/suite-recommended {
    title   "A suite of algorithms that implementations should have makes an SA"
    cites   {$req}
    device  both
    needs   {psk}
    setup   {psk ike {{$suite}}}
    bent    {knows-one-suite-only}
    tags    {proposal algorithms}
    why     "Peers that follow the RFC have no suite in common with the device, or the keys do not fit."
    hint    "Key lengths in bits, salts of AEAD ciphers, truncated checksums, x only as shared secret of ECP groups."
} {suite req} {
    aes-gcm-128     {ENCR_AES_GCM_16-128 PRF_HMAC_SHA2_256 ECP_256}                        rfc8247/2.1/encr-aes-gcm-16
    aes-gcm-256     {ENCR_AES_GCM_16-256 PRF_HMAC_SHA2_256 ECP_256}                        rfc8247/2.1/encr-aes-gcm-16
    aes-gcm-sha512  {ENCR_AES_GCM_16-256 PRF_HMAC_SHA2_512 ECP_384}                        rfc8247/2.1/encr-aes-gcm-16
    chacha20        {ENCR_CHACHA20_POLY1305 PRF_HMAC_SHA2_256 CURVE25519}                  rfc8247/2.1/encr-chacha20-poly1305
    chacha20-14     {ENCR_CHACHA20_POLY1305 PRF_HMAC_SHA2_512 MODP_2048}                   rfc8247/2.1/encr-chacha20-poly1305
    aes-ccm-8       {ENCR_AES_CCM_8-128 PRF_HMAC_SHA2_256 ECP_256}                         rfc8247/2.1/encr-aes-ccm-8
    aes-ccm-8-256   {ENCR_AES_CCM_8-256 PRF_HMAC_SHA2_256 MODP_2048}                       rfc8247/2.1/encr-aes-ccm-8
    prf-sha2-512    {ENCR_AES_CBC-256 PRF_HMAC_SHA2_512 AUTH_HMAC_SHA2_512_256 ECP_521}    rfc8247/2.2/prf-sha2-512
    prf-aes-xcbc    {ENCR_AES_CBC-128 PRF_AES128_XCBC AUTH_AES_XCBC_96 ECP_256}            rfc8247/2.2/prf-aes-xcbc
    integ-sha2-512  {ENCR_AES_CBC-128 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_512_256 ECP_256}    rfc8247/2.3/integ-sha2-512
    integ-aes-xcbc  {ENCR_AES_CBC-128 PRF_HMAC_SHA2_256 AUTH_AES_XCBC_96 MODP_2048}        rfc8247/2.3/integ-aes-xcbc
    group-19        {ENCR_AES_CBC-128 PRF_HMAC_SHA1 AUTH_HMAC_SHA1_96 ECP_256}             rfc8247/2.4/group-19
} {
    set sa [ike init response -req $req { should $req has {SA} }]
    auth $sa rx { should $req has {AUTH} }
    alive-sa $sa -req $req
}
