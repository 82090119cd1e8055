# notices.tcl - RFC 7427 section 4 and RFC 7296 section 3.7: lists of hashes and requests for certificates.

testcase cert/hash-list-form {
    title   "The device's list of hashes is a row of two-octet numbers without protocol and SPI"
    cites   {rfc7427/4/hash-list-form}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {hash-list-odd hash-list-with-spi}
    tags    {cert notify}
    why     "The peer reads other hashes than were meant."
} {
    if {$role eq "responder"} {
        set sa [tx IKE_SA_INIT]
        rx $sa IKE_SA_INIT response
    } else {
        dut initiate
        rx IKE_SA_INIT request
    }
    precondition {[msg has $rx N(SIGNATURE_HASH_ALGORITHMS)]} "the device announces no hashes, so it does not know method 14"
    must rfc7427/4/hash-list-form "a row of two octets each" {
        [string length [msg get $rx N(SIGNATURE_HASH_ALGORITHMS).data]] > 2 && [string length [msg get $rx N(SIGNATURE_HASH_ALGORITHMS).data]] % 4 == 2
    }
    must rfc7427/4/hash-list-form "no protocol" {[msg get $rx N(SIGNATURE_HASH_ALGORITHMS).protocol] in {0 NONE}}
    must rfc7427/4/hash-list-form "no SPI" {[msg get $rx N(SIGNATURE_HASH_ALGORITHMS).spi_size] == 0}
}

rows cert/unknown-hashes-ignored {
    title   "Hash numbers that nobody knows are passed over"
    cites   {rfc7427/4/unknown-hash-ignored}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {insists-on-known-hashes}
    tags    {cert notify}
    why     "A peer with a newer hash cannot connect."
} {list} {
    first     0x7fff000200030004
    last      0x0002000300047fff
    private   0x0400ffff0002
    zero      0x00000002
    sm3-and-more {0x0006000700080009000a000b0002}
    many      {[string cat 0x [string repeat 7abc 100] 0002]}
    repeated  {[string cat 0x7fff [string repeat 0002 50]]}
} {
    set list [subst -novariables $list]
    set sa [ike init -set [list N(SIGNATURE_HASH_ALGORITHMS).data $list] response -req rfc7427/4/unknown-hash-ignored]
    if {$role eq "responder"} { tx $sa IKE_AUTH } else { rx $sa IKE_AUTH request -req rfc7427/4/unknown-hash-ignored }
    settle
    alive-sa $sa -req rfc7427/4/unknown-hash-ignored
}

testcase cert/request-form {
    title   "The device's certificate request is a row of hashes of 20 octets"
    cites   {rfc7296/3.7/ca-hash-list rfc7296/3.7/authority-x509-only}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {request-cut request-for-crl}
    rev     2
    tags    {cert}
    why     "The peer cannot tell which certificate is wanted."
} {
    if {$role eq "responder"} {
        set sa [tx IKE_SA_INIT]
        rx $sa IKE_SA_INIT response
    } else {
        set sa [ike init]
        rx $sa IKE_AUTH request
    }
    # nobody has to ask, and a row may be empty: any authority will do
    must rfc7296/3.7/ca-hash-list "no certificate is asked for in a wrong form" {1}
    for {set i 0} {[msg exists $rx "CERTREQ\[$i\].encoding"]} {incr i} {
        set encoding [msg get $rx "CERTREQ\[$i\].encoding"]
        set data [msg get $rx "CERTREQ\[$i\].data"]
        set x509 [expr {$encoding in {X509_SIGNATURE HASH_URL_CERT HASH_URL_BUNDLE}}]
        should rfc7296/3.7/authority-x509-only "authorities are named for X.509 only: request $i is for $encoding" {$x509 || $data eq "0x"}
        if {$x509} { must rfc7296/3.7/ca-hash-list "request $i is a row of 20 octets each" {([string length $data] - 2) % 40 == 0} }
    }
}

rows cert/request-is-hint {
    title   "A certificate request that cannot be met, or none, does not keep the device from its answer"
    cites   {rfc7296/3.7/certreq-is-hint}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {insists-on-request}
    tags    {cert}
    why     "A peer that trusts a CA of its own as well cannot connect."
} {how} {
    unknown-ca       { msg set $m CERTREQ.data 0x[string repeat 5a 20] }
    unknown-beside   { msg set $m CERTREQ.data 0x[string repeat 5a 20][string range [msg get $m CERTREQ.data] 2 end] }
    unknown-encoding { msg set $m CERTREQ.encoding 201 }
    by-url           { msg set $m CERTREQ.encoding HASH_URL_CERT }
    by-bundle-url    { msg set $m CERTREQ.encoding HASH_URL_BUNDLE }
    empty            { msg set $m CERTREQ.data hex: }
} {
    if {$role eq "responder"} { edit outbound IKE_AUTH request $how } else { edit outbound IKE_SA_INIT response $how }
    set sa [ike init]
    auth $sa rx -req rfc7296/3.7/certreq-is-hint
    # who has no certificate that was asked for need not show any; then the tester has nothing to go by
    precondition {![msg has $rx AUTH] || [msg has $rx CERT]} "the device shows no certificate"
    settle
    alive-sa $sa -req rfc7296/3.7/certreq-is-hint
}

rows cert/odd-request-tolerated {
    title   "Certificate requests that the device cannot make sense of do no harm, in any order"
    cites   {$req}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {$bent}
    tags    {cert}
    why     "Peers that can do more than this device cannot connect."
    hint    "Look at each request by itself, and pass over what is not known."
} {req bent how} {
    crl-alone      rfc4945/3.2.8.1/odd-request-tolerated      insists-on-request   { msg set $m CERTREQ.encoding CRL }
    pkcs7-alone    rfc4945/3.2.8.1/odd-request-tolerated      insists-on-request   { msg set $m CERTREQ.encoding PKCS7 }
    private-alone  rfc4945/3.2.8.1/odd-request-tolerated      insists-on-request   { msg set $m CERTREQ.encoding 250; msg set $m CERTREQ.data 0x0102030405 }
    crl-beside     rfc4945/3.2.8.1/odd-request-tolerated      one-request-only     { msg add $m CERTREQ encoding CRL data [msg get $m CERTREQ.data] }
    private-beside rfc4945/3.2.8.1/odd-request-tolerated      one-request-only     { msg add $m CERTREQ encoding 250 data 0x0102030405 }
    dns-alone      rfc4945/3.2.8.1/odd-request-tolerated      insists-on-request   { msg set $m CERTREQ.encoding 3 }
    private-octet  rfc4945/3.2.8.1/odd-request-tolerated      insists-on-request   { msg set $m CERTREQ.encoding 250; msg set $m CERTREQ.data 0x5a }
    private-empty  rfc4945/3.2.8.1/odd-request-tolerated      insists-on-request   { msg set $m CERTREQ.encoding 250; msg set $m CERTREQ.data hex: }
    arl-beside     rfc4945/3.2.8.1/odd-request-tolerated      one-request-only     { msg add $m CERTREQ encoding 8 data 0x0102030405 }
    other-first    rfc4945/3.2.8.3/request-order-not-assumed  one-request-only     { msg add $m CERTREQ -before CERTREQ encoding 250 data 0x0102030405 }
    stranger-first rfc4945/3.2.8.3/request-order-not-assumed  one-request-only     { msg add $m CERTREQ -before CERTREQ encoding X509_SIGNATURE data 0x[string repeat 5a 20] }
    stranger-last  rfc4945/3.2.8.3/request-order-not-assumed  one-request-only     { msg add $m CERTREQ encoding X509_SIGNATURE data 0x[string repeat 5a 20] }
} {
    if {$role eq "responder"} { edit outbound IKE_AUTH request $how } else { edit outbound IKE_SA_INIT response $how }
    set sa [ike init]
    auth $sa rx -req $req
    precondition {![msg has $rx AUTH] || [msg has $rx CERT]} "the device shows no certificate"
    settle
    alive-sa $sa -req $req
}

rows cert/unusable-tolerated {
    title   "CERT payloads that are of no use, beside good ones, do no harm"
    cites   {$req}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {one-certificate-only}
    tags    {cert}
    why     "Peers that send more than this device needs cannot connect."
} {req encoding data} {
    no-certificate rfc4945/3.3.10.2/undecodable-cert-tolerated X509_SIGNATURE 0x3003020101
    empty          rfc4945/3.3.10.2/undecodable-cert-tolerated X509_SIGNATURE hex:
    same-twice     rfc4945/3.3.10.4/same-cert-twice            X509_SIGNATURE {[msg get $m CERT.data]}
    crl            rfc4945/3.3.10.5/needless-crl-tolerated     CRL            $crl
    arl            rfc4945/3.3.10.5/needless-crl-tolerated     8              $crl
} {
    # an empty list of a CA called "x", of 1970; what would be its signature is zeros
    set crl 0x308183302f020101300d06092a864886f70d01010b0500300c310a300806035504030c0178170d3730303130313030303030305a300d06092a864886f70d01010b0500034100[string repeat 00 64]
    edit outbound IKE_AUTH [expr {$role eq "responder" ? "request" : "response"}] { msg add $m CERT encoding $encoding data [subst $data] }
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH } else { rx $sa IKE_AUTH request -req $req }
    settle
    alive-sa $sa -req $req
}
