# handshake.tcl - RFC 7296 sections 2.15, 3.6 and 3.8, RFC 7427: authentication by certificate that has to succeed.

testcase cert/handshake {
    title   "Both ends prove who they are by certificate and signature"
    cites   {rfc7296/2.15/auth-octets rfc7296/3.6/end-entity-first rfc7296/1.2/first-cert-is-auth-key rfc4945/5.3/sha2-256-certificates}
    rev     2
    device  both
    needs   {certificates}
    setup   cert-$kind
    vary    {kind {rsa ecdsa ed25519}}
    bent    {auth-miscomputed foreign-certificate-first sha2-256-certificates-unknown foreign-certificate-alone}
    tags    {cert smoke}
    why     "Nobody can connect to the device with a certificate."
    hint    "Compare what is signed: the whole first message with its header, the peer's nonce, the PRF of the ID body."
} {
    set sa [ike init]
    auth $sa rx { must rfc7296/2.15/auth-octets has {$id_device AUTH CERT} }
    set several [expr {[llength [lsearch -all [msg payloads $rx] CERT]] > 1}]
    must rfc7296/3.6/end-entity-first "of several certificates the first has the key of AUTH" {!$several || [sa-up $sa]}
    must rfc7296/1.2/first-cert-is-auth-key "AUTH of the device verifies with the key of its first certificate" {[sa-up $sa]}
    should rfc4945/5.3/sha2-256-certificates "the certificate of the tester, which was signed so, was accepted" {[answers $sa]}
    alive-sa $sa -req rfc7296/2.15/auth-octets
}

rows cert/classic-method {
    title   "To a peer without SIGNATURE_HASH_ALGORITHMS the device signs by the method of its key, not by method 14"
    cites   {rfc7427/4/method-14-after-list}
    device  both
    needs   {certificates}
    setup   cert-$kind
    bent    {method-14-after-list}
    tags    {cert}
    why     "Peers from before RFC 7427 cannot connect."
    hint    "Is method 14 used whatever the peer announced?"
} {kind method} {
    rsa   rsa   RSA
    ecdsa ecdsa ECDSA_256
} {
    conn signature_auth no
    set sa [ike init]
    auth $sa rx -has {AUTH}
    must rfc7427/4/method-14-after-list "the method is that of the key" {[msg get $rx AUTH.method] eq $method}
    must rfc7427/4/method-14-after-list "AUTH of the device verifies" {[sa-up $sa]}
}

testcase cert/classic-accepted {
    title   "A signature by the method of the key is accepted where method 14 was possible"
    cites   {rfc7296/3.8/auth-method-known}
    device  both
    needs   {certificates}
    setup   cert-$kind
    vary    {kind {ecdsa}}
    bent    {insists-on-method-14}
    tags    {cert}
    why     "Peers that sign in the old way cannot connect."
} {
    # the tester passes over the device's list, so that it signs in the old way
    conn signature_auth no
    set sa [ike init]
    auth $sa response -has {AUTH} -req rfc7296/3.8/auth-method-known
    if {$role eq "initiator"} { settle; alive-sa $sa -req rfc7296/3.8/auth-method-known }
}

testcase cert/hash-from-list {
    title   "The device signs with a hash that its peer listed, and takes a signature with a hash that it listed itself"
    cites   {rfc7427/4/hash-from-peer-list}
    rev     2
    device  both
    needs   {certificates}
    setup   cert-rsa
    vary    {hash {SHA2-256 SHA2-384 SHA2-512}}
    bent    {hash-from-peer-list}
    tags    {cert}
    why     "The peer cannot check the signature."
    hint    "Is the hash a constant?"
} {
    conn sig_hashes [list $hash]
    set sa [ike init]
    auth $sa rx -has {AUTH}
    # (nobody need know more than SHA2-256, RFC 8247 3.2)
    set first [record [lindex [records inbound IKE_SA_INIT] end] msg]
    set known [expr {[msg has $first N(SIGNATURE_HASH_ALGORITHMS)] ? [regexp -all -inline {....} [string range [msg get $first N(SIGNATURE_HASH_ALGORITHMS).data] 2 end]] : {}}]
    precondition {[sa-up $sa] || [dict get {SHA2-256 0002 SHA2-384 0003 SHA2-512 0004} $hash] in $known} "the device does not know $hash"
    must rfc7427/4/hash-from-peer-list "AUTH of the device verifies with that hash" {[sa-up $sa]}
}

testcase cert/pss-accepted {
    title   "An RSASSA-PSS signature with SHA-256 is accepted"
    cites   {rfc8247/3.2/pss-sha2-256}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {pss-unknown}
    tags    {cert}
    why     "Peers that follow RFC 8247 cannot connect."
    hint    "Are the parameters of the AlgorithmIdentifier read?"
} {
    conn rsa_pss yes sig_hashes SHA2-256
    set sa [ike init]
    auth $sa
    settle
    alive-sa $sa -req rfc8247/3.2/pss-sha2-256
}

rows cert/chain-accepted {
    title   "A path of up to four certificates, or a needless certificate, does no harm"
    cites   {rfc7296/3.6/four-certificates rfc4945/5.1.3.1/key-identifiers-not-assumed}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {one-certificate-only}
    tags    {cert}
    why     "Peers whose certificate is signed by a lower CA cannot connect."
    hint    "Are all CERT payloads of the message offered to the path validation?"
} {count needless} {
    one-between   1 0
    two-between   2 0
    three-between 3 0
    needless-ca   0 1
} {
    set issuer lab-rsa
    set path {}
    for {set i 1} {$i <= $count} {incr i} {
        set ca [credential cert middle-rsa -subject "CN=middle $i" -serial [expr {10 + $i}] -issuer $issuer]
        set path [linsert $path 0 $ca]
        set issuer [list middle-rsa $ca]
    }
    if {$needless} { lappend path [credential cert stranger-rsa] }
    conn certs [linsert $path 0 [credential cert tester-rsa -issuer $issuer]]
    set sa [ike init]
    auth $sa
    settle
    alive-sa $sa -req rfc7296/3.6/four-certificates
    # (none of these certificates says which key it or its issuer has)
    should rfc4945/5.1.3.1/key-identifiers-not-assumed "the IKE SA is there" {[sa-up $sa]}
}

rows cert/other-encoding-skipped {
    title   "A CERT payload of an encoding that nobody knows, beside a good one, does no harm"
    cites   {rfc7296/3.6/other-encoding-skipped rfc4945/3.3.10.1/odd-cert-type-tolerated}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {insists-on-x509}
    tags    {cert}
    why     "A peer with certificates of more than one kind cannot connect."
} {encoding} {
    unassigned 99
    private    201
    pkcs7      1
    url        HASH_URL_CERT
    bundle-url HASH_URL_BUNDLE
} {
    set sa [ike init]
    auth $sa -edit { msg add $m CERT encoding $encoding data 0x0102030405 }
    precondition {![string match HASH_URL* $encoding] || ![llength [records inbound -has {N(HTTP_CERT_LOOKUP_SUPPORTED)}]]} "the device knows these, and this one is malformed"
    settle
    alive-sa $sa -req rfc7296/3.6/other-encoding-skipped
    should rfc4945/3.3.10.1/odd-cert-type-tolerated "the IKE SA is there" {[sa-up $sa]}
}

testcase cert/mixed-methods {
    title   "The device proves itself by certificate, its peer by pre-shared key"
    cites   {rfc7296/2.15/mixed-methods rfc7296/2.15/auth-octets}
    device  both
    needs   {certificates psk}
    setup   cert-mixed
    bent    {auth-miscomputed}
    tags    {cert}
    why     "Clients with a secret cannot connect to a gateway with a certificate."
    hint    "The two directions are configured apart."
} {
    set sa [ike init]
    auth $sa rx -has {AUTH}
    must rfc7296/2.15/auth-octets "AUTH of the device verifies" {[sa-up $sa]}
    alive-sa $sa -req rfc7296/2.15/mixed-methods
}

testcase cert/mixed-secret-refused {
    title   "With a certificate on one side the secret of the other side still has to be right"
    cites   {rfc7296/2.15/auth-verified}
    device  both
    needs   {certificates psk}
    setup   cert-mixed
    bent    {auth-verified}
    tags    {cert}
    why     "Anybody who trusts the gateway gets in."
} {
    conn psk "another secret"
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}
