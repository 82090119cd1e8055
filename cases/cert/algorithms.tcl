# algorithms.tcl - RFC 7427 and RFC 8247 section 3: methods, hashes and key sizes of signatures, those that have to work and
# those that must not.

rows cert/method-works {
    title   "The authentication methods that everybody has work in both directions"
    cites   {$req}
    device  both
    needs   $needs
    setup   $setup
    bent    {$bent}
    tags    {cert auth algorithms}
    why     "Peers that have nothing newer cannot connect."
    hint    "Method 1 is RSA with PKCS#1 padding over SHA-1; method 2 is the shared key."
} {needs setup method req bent} {
    rsa         {certificates}  cert-rsa  RSA  rfc8247/3.1/auth-rsa         rsa-method-unknown
    shared-key  {psk}           psk       PSK  rfc8247/3.1/auth-shared-key  psk-method-unknown
} {
    conn signature_auth no
    set sa [ike init]
    auth $sa rx -req $req
    must $req "the device proves itself by it" {[msg has $rx AUTH] && [msg get $rx AUTH.method] eq $method}
    must $req "and its AUTH verifies" {[sa-up $sa]}
    alive-sa $sa -req $req
}

testcase cert/rsa-2048 {
    title   "RSA keys of 2048 bits sign and are accepted"
    cites   {rfc8247/3.1.1/rsa-2048}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {insists-on-rsa-3072}
    tags    {cert algorithms}
    why     "Most certificates in use are of that size."
} {
    set sa [ike init]
    auth $sa rx -req rfc8247/3.1.1/rsa-2048
    must rfc8247/3.1.1/rsa-2048 "the device signs with its key" {[msg has $rx AUTH] && [sa-up $sa]}
    alive-sa $sa -req rfc8247/3.1.1/rsa-2048
}

testcase cert/hash-works {
    title   "Signatures of method 14 with SHA2-256 work in both directions"
    cites   {rfc8247/3.2/hash-sha2-256}
    device  both
    needs   {certificates}
    setup   cert-$kind
    vary    {kind {rsa ecdsa}}
    bent    {sha2-256-unknown}
    tags    {cert algorithms}
    why     "Peers that follow RFC 8247 cannot connect."
} {
    conn sig_hashes SHA2-256
    set sa [ike init]
    auth $sa rx -req rfc8247/3.2/hash-sha2-256
    must rfc8247/3.2/hash-sha2-256 "the device signs by method 14, and its AUTH verifies" {
        [msg has $rx AUTH] && [msg get $rx AUTH.method] eq "SIGNATURE" && [sa-up $sa]
    }
    alive-sa $sa -req rfc8247/3.2/hash-sha2-256
}

rows cert/method-14 {
    title   "When both ends have listed their hashes the device signs by method 14"
    cites   {rfc7427/3/method-14-between-both}
    device  both
    needs   {certificates}
    setup   cert-$kind
    bent    {signs-by-classic-method}
    tags    {cert auth}
    why     "The classic methods know RSA and three curves only, and RSA with SHA-1 at that."
    hint    "Is the peer's SIGNATURE_HASH_ALGORITHMS read before the method is chosen?"
} {kind} {
    rsa     rsa
    ecdsa   ecdsa
    ed25519 ed25519
} {
    set sa [ike init]
    set first [record [lindex [records inbound IKE_SA_INIT] end] msg]
    if {$role eq "responder"} { tx $sa IKE_AUTH; rx $sa IKE_AUTH response -has {AUTH} } else { rx $sa IKE_AUTH request -has {AUTH} }
    precondition {[msg has $first N(SIGNATURE_HASH_ALGORITHMS)]} "the device does not announce method 14"
    must rfc7427/3/method-14-between-both "the method of AUTH is 14" {[msg get $rx AUTH.method] eq "SIGNATURE"}
}

# sha1, sha256, sha384, sha512 with RSA want NULL behind the OID (RFC 4055 5), ECDSA (RFC 5758 3.2) and Ed25519 (RFC 8410 3) nothing.
rows cert/preferred-encoding {
    title   "The AlgorithmIdentifier of a signature has parameters just when its algorithm prefers them"
    cites   {rfc7427/3/preferred-encoding}
    device  both
    needs   {certificates}
    setup   cert-$kind
    bent    {$bent}
    tags    {cert}
    why     "Peers that compare the AlgorithmIdentifier octet by octet refuse the signature."
} {kind bent form} {
    rsa     rsa     rsa-signature-without-null  {^(300d06092a864886f70d0101(05|0b|0c|0d)0500|30..06092a864886f70d01010a30)}
    ecdsa   ecdsa   signature-with-null         {^(300906072a8648ce3d0401|300a06082a8648ce3d04030[234])}
    ed25519 ed25519 signature-with-null         {^300506032b6570}
} {
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH; rx $sa IKE_AUTH response -has {AUTH} } else { rx $sa IKE_AUTH request -has {AUTH} }
    precondition {[msg get $rx AUTH.method] eq "SIGNATURE"} "the device does not sign by method 14"
    should rfc7427/3/preferred-encoding "the AlgorithmIdentifier is in its preferred form" {[regexp $form [string range [msg get $rx AUTH.data] 4 end]]}
}

rows cert/signature-layout {
    title   "AUTH of method 14 is a length, an AlgorithmIdentifier of that length and the signature"
    cites   {rfc7427/3/signature-layout}
    device  both
    needs   {certificates}
    setup   cert-$kind
    bent    {signature-without-length signature-length-long}
    tags    {cert}
    why     "No peer can read the signature."
} {kind least most} {
    rsa     rsa     256 256
    ecdsa   ecdsa   64  72
    ed25519 ed25519 64  64
} {
    set sa [ike init]
    auth $sa rx
    precondition {[msg has $rx AUTH] && [msg get $rx AUTH.method] eq "SIGNATURE"} "the device does not sign by method 14"
    set data [binary decode hex [string range [msg get $rx AUTH.data] 2 end]]
    binary scan $data cucucu length tag inner
    must rfc7427/3/signature-layout "after the length stands a SEQUENCE of that many octets" {$tag == 0x30 && $inner == $length - 2}
    set signature [expr {[string length $data] - 1 - $length}]
    must rfc7427/3/signature-layout "after it stands the signature, $signature octets" {$signature >= $least && $signature <= $most}
}

testcase cert/hash-list-in-init {
    title   "The device lists its hashes in IKE_SA_INIT and nowhere else"
    cites   {rfc7427/4/hash-list-in-init}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {hash-list-repeated hash-list-late}
    tags    {cert}
    why     "Method 14 is not used at all, or peers refuse a notify that they do not expect."
} {
    set sa [ike init]
    set first [record [lindex [records inbound IKE_SA_INIT] end] msg]
    auth $sa rx
    precondition {[msg has $first N(SIGNATURE_HASH_ALGORITHMS)] || [msg has $rx N(SIGNATURE_HASH_ALGORITHMS)]} "the device does not announce method 14"
    must rfc7427/4/hash-list-in-init "it is in IKE_SA_INIT" {[msg has $first N(SIGNATURE_HASH_ALGORITHMS)]}
    must rfc7427/4/hash-list-in-init "it is not in IKE_AUTH" {![msg has $rx N(SIGNATURE_HASH_ALGORITHMS)]}
}

rows cert/algorithm-fits-key {
    title   "A signature under the name of another algorithm is refused"
    cites   {rfc7427/3/algorithm-fits-key}
    device  both
    needs   {certificates}
    setup   cert-$kind
    bent    {auth-verified}
    tags    {cert security}
    why     "The peer chooses how it is checked, and so whether."
    hint    "The AlgorithmIdentifier has to suit the key of the certificate, and the check has to use it."
} {kind algorithm} {
    ecdsa-for-rsa      rsa    0c300a06082a8648ce3d040302
    ed25519-for-rsa    rsa    07300506032b6570
    other-hash-for-rsa rsa    0f300d06092a864886f70d01010c0500
    rsa-for-ecdsa      ecdsa  0f300d06092a864886f70d01010b0500
    unknown            rsa    0f300d06092a864886f70d01017f0500
} {
    conn sig_hashes SHA2-256
    set sa [ike init]
    auth $sa -edit {
        set data [string range [msg get $m AUTH.data] 2 end]
        scan [string range $data 0 1] %x length
        msg set $m AUTH.data 0x$algorithm[string range $data [expr {2 + 2 * $length}] end]
    }
    settle
    no-sa $sa -req rfc7427/3/algorithm-fits-key
}

testcase cert/sha1-not-listed {
    title   "The device does not offer to check signatures over SHA-1"
    cites   {rfc8247/3.2/hash-sha1-refused}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {lists-sha1}
    tags    {cert security}
    why     "Whoever can forge SHA-1 can be anybody."
} {
    set sa [ike init]
    set first [record [lindex [records inbound IKE_SA_INIT] end] msg]
    precondition {[msg has $first N(SIGNATURE_HASH_ALGORITHMS)]} "the device does not announce method 14"
    set hashes [regexp -all -inline {....} [string range [msg get $first N(SIGNATURE_HASH_ALGORITHMS).data] 2 end]]
    must rfc8247/3.2/hash-sha1-refused "1, SHA-1, is not in its list: $hashes" {"0001" ni $hashes}
}

rows cert/sha1-refused {
    title   "A right signature of method 14 over SHA-1 is refused"
    cites   {$req}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {auth-verified}
    tags    {cert security}
    why     "Whoever can forge SHA-1 can be anybody."
    hint    "Empty or absent parameters of RSASSA-PSS mean SHA-1."
} {pss algorithm req} {
    pkcs1       no   {}                                    rfc8247/3.2/sha1-signatures-refused
    pss-said    yes  {}                                    rfc8247/3.2/sha1-signatures-refused
    pss-empty   yes  0f300d06092a864886f70d01010a3000      rfc8247/3.2/pss-default-refused
    pss-absent  yes  0d300b06092a864886f70d01010a          rfc8247/3.2/pss-default-refused
} {
    # the tester takes it that the device would like SHA-1
    edit inbound IKE_SA_INIT any {
        if {[msg has $m N(SIGNATURE_HASH_ALGORITHMS)]} { msg set $m N(SIGNATURE_HASH_ALGORITHMS).data 0x0001 }
    }
    conn sig_hashes {SHA1 SHA2-256} rsa_pss $pss
    set sa [ike init]
    auth $sa -edit {
        set data [string range [msg get $m AUTH.data] 2 end]
        set sent [msg get $m AUTH.method]
        scan [string range $data 0 1] %x length
        if {$algorithm ne ""} { msg set $m AUTH.data 0x$algorithm[string range $data [expr {2 + 2 * $length}] end] }
    }
    settle
    precondition {[info exists sent] && $sent eq "SIGNATURE"} "the tester did not sign by method 14"
    no-sa $sa -req $req
}

rows cert/recommended-works {
    title   "The keys, hashes and methods that implementations should have work in both directions"
    cites   {$req}
    device  both
    needs   {certificates}
    setup   $setup
    bent    {$bent}
    tags    {cert algorithms}
    why     "Peers that follow RFC 8247 cannot connect."
} {setup how method req bent} {
    ecdsa-256  cert-ecdsa     {signature_auth no}    ECDSA_256  rfc8247/3.1/auth-ecdsa-256           ecdsa-methods-unknown
    ecdsa-384  cert-ecdsa384  {signature_auth no}    ECDSA_384  rfc8247/3.1/auth-ecdsa-384           ecdsa-methods-unknown
    ecdsa-521  cert-ecdsa521  {signature_auth no}    ECDSA_521  rfc8247/3.1/auth-ecdsa-521           ecdsa-methods-unknown
    digital    cert-rsa       {}                     SIGNATURE  rfc8247/3.1/auth-digital-signature   signature-method-unknown
    digital-ec cert-ecdsa384  {}                     SIGNATURE  rfc8247/3.1/auth-digital-signature   signature-method-unknown
    rsa-3072   cert-rsa3072   {}                     SIGNATURE  rfc8247/3.1.1/rsa-3072-4096          drops-long-signatures
    sha2-512   cert-rsa       {sig_hashes SHA2-512}  SIGNATURE  rfc8247/3.2/hash-sha2-512            sha2-512-unknown
    sha2-512ec cert-ecdsa521  {sig_hashes SHA2-512}  SIGNATURE  rfc8247/3.2/hash-sha2-512            sha2-512-unknown
} {
    if {[llength $how]} { conn {*}$how }
    set sa [ike init]
    auth $sa rx -req $req
    should $req "the device proves itself by $method" {[msg has $rx AUTH] && [msg get $rx AUTH.method] eq $method}
    should $req "and its AUTH verifies" {[sa-up $sa]}
    alive-sa $sa -req $req
}

rows cert/hash-strength {
    title   "The hash of the device's signature is as strong as its key"
    cites   {rfc7427/6/hash-as-strong-as-key}
    device  both
    needs   {certificates}
    setup   $setup
    bent    {hash-as-strong-as-key}
    tags    {cert}
    why     "The signature is easier to forge than the key."
    hint    "SHA2-384 for P-384, SHA2-512 for P-521, of the hashes that the peer listed."
} {setup hashes} {
    p384  cert-ecdsa384  {2a8648ce3d040303 2a8648ce3d040304}
    p521  cert-ecdsa521  {2a8648ce3d040304}
} {
    set sa [ike init]
    auth $sa rx -has {AUTH}
    precondition {[msg get $rx AUTH.method] eq "SIGNATURE"} "the device signs by [msg get $rx AUTH.method]"
    # 0x, the length in an octet, then SEQUENCE, OBJECT IDENTIFIER
    set oid [string range [msg get $rx AUTH.data] 12 27]
    should rfc7427/6/hash-as-strong-as-key "the algorithm is $oid" {$oid in $hashes}
}

testcase cert/rsa-short {
    title   "A certificate with an RSA key of 1024 bits gives no SA"
    cites   {rfc8247/3.1.1/rsa-short-avoided}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {rsa-short-avoided}
    tags    {cert security}
    why     "Such keys can be broken."
} {
    conn certs [list [credential cert tester-rsa1024]] key [credential key tester-rsa1024]
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}

testcase cert/dss-not-used {
    title   "The device does not sign by DSS"
    cites   {rfc8247/3.1/auth-dss-avoided}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {signs-by-dss}
    tags    {cert security}
    why     "DSS is tied to SHA-1 and to short keys."
} {
    set sa [ike init]
    auth $sa rx -has {AUTH}
    should rfc8247/3.1/auth-dss-avoided "the method is [msg get $rx AUTH.method]" {[msg get $rx AUTH.method] ne "DSS"}
}
