# refused.tcl - RFC 5280 section 6.1, RFC 4945, RFC 7296 section 2.15: certificates and signatures that open no door.

rows cert/path-refused {
    title   "A certificate without a valid path to the CA gives no SA, although the signature is its key's"
    cites   {$req}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {path-valid}
    tags    {cert}
    why     "Anybody can make a certificate that lets him in."
    hint    "Is the path checked for every certificate, up to a CA that is configured?"
} {req options} {
    untrusted-ca     rfc5280/6.1/path-valid        {-issuer stranger-rsa}
    self-signed      rfc5280/6.1/path-valid        {-issuer tester-rsa}
    namesake-ca      rfc5280/6.1/path-valid        {-issuer namesake-rsa}
    unknown-critical rfc4945/5.1.3/unknown-critical-refused {-critical 1.3.6.1.4.1.32473.1}
    expired          rfc5280/6.1.3/validity-time   {-to 1600000000}
    not-yet-valid    rfc5280/6.1.3/validity-time   {-from 4000000000}
} {
    if {[lindex $options 1] eq "namesake-rsa"} {
        # another key under the name of the CA
        set options [list -issuer [list namesake-rsa [credential cert namesake-rsa -subject "CN=ikespec lab"]]]
    }
    conn certs [list [credential cert tester-rsa {*}$options]]
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa -req $req
}

testcase cert/issuer-no-ca-refused {
    title   "A certificate signed with the key of an ordinary certificate gives no SA"
    cites   {rfc5280/6.1.4/issuer-is-ca}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {path-valid}
    tags    {cert}
    why     "Every holder of a certificate can make certificates for everybody else."
    hint    "Is the CA flag of the issuer looked at?"
} {
    set between [credential cert middle-rsa -subject "CN=no ca" -issuer lab-rsa -constraint "" -usage digitalSignature]
    conn certs [list [credential cert tester-rsa -issuer [list middle-rsa $between]] $between]
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}

rows cert/identity-by-type {
    title   "An identity of this type is looked for among the names of its type in subjectAltName"
    cites   {$req}
    device  both
    needs   {certificates}
    setup   $setup
    bent    {$bent}
    rev     2
    tags    {cert id}
    why     "Every holder of a certificate can be anybody, or nobody can be named this way."
    hint    "rfc822Name for mail addresses, iPAddress for addresses, dNSName for host names, and none for another."
} {setup san good req bent} {
    mail             cert-by-mail     email:tester@t.lab  1  {rfc4945/3.1/mail-in-certificate rfc4945/3.1.3/mail-type-supported rfc4945/5.1.3.6.3/mail-need-not-exist}  signature-method-unknown
    mail-other       cert-by-mail     email:other@t.lab   0  rfc4945/3.1.3/mail-mismatch-aborts  id-in-certificate
    mail-goes-on     cert-by-mail     email:tester@t.lab.example  0  rfc4945/3.1.3/mail-compared-whole  id-in-certificate
    mail-begins      cert-by-mail     email:er@t.lab      0  rfc4945/3.1.3/mail-compared-whole   id-in-certificate
    mail-wildcard    cert-by-mail     email:*@t.lab       0  rfc4945/3.1.3/mail-compared-whole   id-in-certificate
    mail-host        cert-by-mail     email:t.lab         0  rfc4945/3.1.3/mail-compared-whole   id-in-certificate
    mail-as-name     cert-by-mail     DNS:t.lab           0  rfc4945/3.1/mail-in-certificate     id-in-certificate
    address          cert-by-address  IP:192.0.2.1        1  {rfc4945/3.1/address-in-certificate rfc4945/3.1.1/address-type-supported}  signature-method-unknown
    address-other    cert-by-address  IP:192.0.2.9        0  rfc4945/3.1.1/address-mismatch-aborts  id-in-certificate
    address-as-name  cert-by-address  DNS:192.0.2.1       0  rfc4945/3.1/address-in-certificate  id-in-certificate
    name             cert-rsa         DNS:t.lab           1  {rfc4945/3.1/name-in-certificate rfc4945/3.1.2/fqdn-supported rfc4945/5.1.3.6.1/name-unresolved-accepted}  signature-method-unknown
    name-in-capitals cert-rsa         DNS:T.LAB           1  {rfc5280/7.2/dns-name-case-ignored rfc4945/3.1.2/name-case-ignored}  signature-method-unknown
    mail-in-capitals cert-by-mail     email:tester@T.LAB  1  {rfc5280/7.5/mail-host-case-ignored rfc4945/3.1.3/mail-case-ignored}  signature-method-unknown
    name-as-mail     cert-rsa         email:t.lab@t.lab   0  rfc4945/3.1/name-in-certificate     id-in-certificate
} {
    conn certs [list [credential cert tester-rsa -san $san -subject "CN=x"]]
    set sa [ike init]
    auth $sa
    settle
    if {!$good} { no-sa $sa -req $req; return }
    foreach further [lrange $req 1 end] { should $further "the IKE SA is there" {[sa-up $sa]} }
    alive-sa $sa -req [lindex $req 0]
}

rows cert/path-shuffled {
    title   "The certificates behind the first may come in any order, and some that are not needed among them"
    cites   {rfc4945/3.3/order-not-assumed rfc4945/3.3/needless-tolerated}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {$bent}
    rev     2
    tags    {cert}
    why     "Peers whose certificate is signed by a lower CA cannot connect."
    hint    "Look for the issuer by its name, not by its place."
} {authorities order bent} {
    upwards    3  {2 1 0}  one-certificate-only
    downwards  3  {0 1 2}  insists-on-path-order
    needless   2  {2 0 1}  insists-on-path-order
} {
    # (four certificates in all: nobody need take more, RFC 7296 3.6)
    set issuer lab-rsa
    set path {}
    for {set i 1} {$i <= $authorities} {incr i} {
        set ca [credential cert middle-rsa -subject "CN=middle $i" -serial [expr {10 + $i}] -issuer $issuer]
        lappend path $ca
        set issuer [list middle-rsa $ca]
    }
    lappend path [credential cert stranger-rsa]
    set certs [list [credential cert tester-rsa -issuer $issuer]]
    foreach place $order { lappend certs [lindex $path $place] }
    conn certs $certs
    set sa [ike init]
    auth $sa
    settle
    alive-sa $sa -req rfc4945/3.3/order-not-assumed
    must rfc4945/3.3/needless-tolerated "the IKE SA is there" {[sa-up $sa]}
}

testcase cert/anchor-not-sent {
    title   "The device does not send the certificate of the trust anchor"
    cites   {rfc4945/3.3/anchor-not-sent rfc7296/3.6/cert-sent-if-available rfc7296/3.7/matching-chain-sent}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {anchor-sent certificate-left-out}
    tags    {cert}
    why     "It makes messages longer and proves nothing: the peer has it or does not trust it."
} {
    set sa [ike init]
    auth $sa rx
    set sent [llength [lsearch -all -exact [msg payloads $rx] CERT]]
    should rfc7296/3.6/cert-sent-if-available "the device sends $sent certificates" {$sent > 0}
    should rfc7296/3.7/matching-chain-sent "the tester asks for certificates of this CA, and gets one" {$sent > 0}
    for {set i 0} {$i < $sent} {incr i} {
        # an anchor signs itself: the names of subject and issuer are the same
        should rfc4945/3.3/anchor-not-sent "certificate $i is not that of the CA" {[string first [binary encode hex "ikespec lab"] [msg get $rx "CERT\[$i\].data"]] < 0 || [string first [binary encode hex "ikespec device"] [msg get $rx "CERT\[$i\].data"]] >= 0}
    }
}

rows cert/extended-usage-refused {
    title   "A certificate whose extended key usage is for something else gives no SA"
    cites   {rfc4945/5.1.3.12/extended-usage-fits}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {path-valid}
    tags    {cert}
    why     "A key that its CA gave out for another purpose opens the door."
    hint    "ipsecIKE or any has to be in it when it is there; an owner may have it ignored."
} {usage} {
    server  serverAuth
    code    codeSigning
    both    {serverAuth,clientAuth}
} {
    conn certs [list [credential cert tester-rsa -ext-usage $usage]]
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}

rows cert/extended-usage-accepted {
    title   "A certificate whose extended key usage is IKE or any is accepted"
    cites   {rfc4945/5.1.3.12/extended-usage-accepted}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {wants-server-certificates}
    tags    {cert}
    why     "Certificates made for IPsec do not connect."
} {usage} {
    ike      1.3.6.1.5.5.7.3.17
    any      anyExtendedKeyUsage
    ike-more {1.3.6.1.5.5.7.3.17,serverAuth}
} {
    conn certs [list [credential cert tester-rsa -ext-usage $usage]]
    set sa [ike init]
    auth $sa
    settle
    alive-sa $sa
}

rows cert/constraints-refused {
    title   "A certificate that a CA above did not allow gives no SA"
    cites   {rfc5280/6.1/path-valid}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {path-valid}
    tags    {cert}
    why     "A CA for one purpose or one name space certifies whom it likes."
    hint    "Path lengths and name constraints of every CA on the path."
} {first second} {
    path-length     {-constraint critical,CA:TRUE,pathlen:0}                                {-constraint critical,CA:TRUE}
    other-name      {-constraint critical,CA:TRUE -names critical,permitted;DNS:other.example}   {}
    name-excluded   {-constraint critical,CA:TRUE -names critical,excluded;DNS:lab}              {}
} {
    set issuer lab-rsa
    set path {}
    set n 20
    foreach options [list $first $second] {
        if {$options eq ""} continue
        set ca [credential cert middle-rsa -subject "CN=below [incr n]" -serial $n -issuer $issuer -usage keyCertSign {*}$options]
        set path [linsert $path 0 $ca]
        set issuer [list middle-rsa $ca]
    }
    conn certs [linsert $path 0 [credential cert tester-rsa -issuer $issuer]]
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}

testcase cert/usage-refused {
    title   "A certificate whose key usage allows no signature gives no SA"
    cites   {rfc4945/5.1.3.2/key-usage-signs}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {path-valid}
    tags    {cert}
    why     "A key that its CA gave out for another purpose opens the door."
} {
    conn certs [list [credential cert tester-rsa -usage keyEncipherment]]
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}

rows cert/altered-refused {
    title   "A certificate with one bit changed gives no SA"
    cites   {rfc5280/6.1/path-valid}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {path-valid}
    tags    {cert}
    why     "Certificates can be changed after the CA signed them."
} {at} {
    last-octet    1
    signature     200
} {
    set sa [ike init]
    auth $sa -edit {
        set data [msg get $m CERT.data]
        set i [expr {[string length $data] - 2 * $at}]
        set old [scan [string range $data $i $i+1] %x]
        msg set $m CERT.data [string replace $data $i $i+1 [format %02x [expr {$old ^ 1}]]]
    }
    settle
    no-sa $sa
}

rows cert/identity-refused {
    title   "A good certificate of somebody else gives no SA"
    cites   {$req}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {id-in-certificate}
    rev     2
    tags    {cert id}
    why     "Every holder of a certificate can be anybody."
    hint    "Is the identity of the ID payload looked for in subjectAltName, by type and whole?"
} {req san subject} {
    other-name    rfc4945/3.1.2/name-mismatch-aborts DNS:x.lab                 CN=x
    longer-name   rfc4945/3.1.2/name-compared-whole DNS:t.lab.example         CN=x
    name-below    rfc4945/3.1.2/name-compared-whole DNS:a.t.lab               CN=x
    wildcard      rfc5280/7.2/dns-name-whole    DNS:*.lab                 CN=x
    wildcard-all  rfc5280/7.2/dns-name-whole    DNS:*                     CN=x
    end-of-name   rfc4945/3.1.2/name-compared-whole DNS:lab                   CN=x
    mail-address  rfc4945/3.1/id-in-certificate email:t.lab@t.lab         CN=x
    address       rfc4945/3.1/id-in-certificate IP:192.0.2.1              CN=x
    of-the-device rfc4945/3.1/id-in-certificate DNS:d.lab                 CN=x
    common-name   rfc4945/3.1/san-over-cn       ""                        CN=t.lab
    other-and-cn  rfc4945/3.1/san-over-cn       DNS:x.lab                 CN=t.lab
} {
    conn certs [list [credential cert tester-rsa -san $san -subject $subject]]
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa -req $req
}

testcase cert/no-child-without-proof {
    title   "A peer whose address is that of a policy, and whose certificate is not, gets no Child SA"
    cites   {rfc4945/3.1.1/header-finds-no-rights}
    device  responder
    needs   {certificates}
    setup   cert-by-address
    bent    {id-in-certificate}
    tags    {cert id}
    why     "Who sends from the right address, or seems to, gets through."
} {
    conn certs [list [credential cert tester-rsa -san IP:192.0.2.9 -subject "CN=x"]]
    set sa [ike init]
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response { should rfc4945/3.1.1/header-finds-no-rights lacks {SA TSi TSr} }
}

testcase cert/identity-beside-others {
    title   "The identity may be any of the names in subjectAltName"
    cites   {rfc4945/3.1/id-in-certificate rfc4945/3.1.8/several-identities}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {drops-long-names}
    tags    {cert id}
    why     "A peer with several names cannot connect."
} {
    conn certs [list [credential cert tester-rsa -san DNS:first.lab,IP:198.51.100.7,email:t@lab.example,DNS:t.lab]]
    set sa [ike init]
    auth $sa
    settle
    alive-sa $sa -req rfc4945/3.1/id-in-certificate
    should rfc4945/3.1.8/several-identities "the IKE SA is there" {[sa-up $sa]}
}

testcase cert/other-key-refused {
    title   "A signature by a key other than that of the certificate gives no SA"
    cites   {rfc7296/2.15/auth-verified}
    device  both
    needs   {certificates}
    setup   cert-$kind
    vary    {kind {rsa ecdsa ed25519}}
    bent    {auth-verified}
    tags    {cert}
    why     "Who has seen a certificate, which is no secret, gets in."
} {
    conn key [credential key stranger-$kind]
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}

rows cert/signature-refused {
    title   "A signature that is not whole and right, or an AlgorithmIdentifier that cannot be, gives no SA"
    cites   {rfc7296/2.15/auth-verified}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {auth-verified}
    tags    {cert}
    why     "Whoever sends an odd AUTH payload gets in without the key."
    hint    "AUTH of method 14: one octet of length, AlgorithmIdentifier, signature. Are all three checked against what is there?"
} {how} {
    first-octet     { format %s%02x%s [string range $honest 0 33] [expr {[scan [string range $honest 34 35] %x] ^ 0x80}] [string range $honest 36 end] }
    last-octet      { format %s%02x [string range $honest 0 end-2] [expr {[scan [string range $honest end-1 end] %x] ^ 1}] }
    one-short       { string range $honest 0 end-2 }
    one-long        { string cat $honest 00 }
    no-signature    { string range $honest 0 33 }
    zeros           { string cat [string range $honest 0 33] [string repeat 00 256] }
    nothing         { string cat 0x }
    length-only     { string cat 0x0f }
    der-past-end    { string map {0f300d06 0f307f06} $honest }
    der-indefinite  { string map {0f300d06 0f308006} $honest }
    other-hash      { string map {2a864886f70d01010b 2a864886f70d01010d} $honest }
    of-ecdsa        { string cat 0x0c300a06082a8648ce3d040302 [string range $honest 34 end] }
    of-ed25519      { string cat 0x07300506032b6570 [string range $honest 34 end] }
    unknown-oid     { string map {2a864886f70d01010b 2a864886f70d01017f} $honest }
} {
    conn sig_hashes SHA2-256
    set sa [ike init]
    auth $sa -edit {
        set honest [msg get $m AUTH.data]
        msg set $m AUTH.data [eval $how]
    }
    settle
    no-sa $sa
}

rows cert/length-checked {
    title   "A signature whose AlgorithmIdentifier is not as long as its length octet says gives no SA"
    cites   {rfc7427/3/length-checked}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {auth-verified}
    tags    {cert}
    why     "What one end reads as the algorithm the other reads as the signature."
    hint    "Is the octet in front of the AlgorithmIdentifier read at all?"
} {length} {
    zero     00
    one-less 0e
    one-more 10
    past-end ff
} {
    conn sig_hashes SHA2-256
    set sa [ike init]
    auth $sa -edit {
        msg set $m AUTH.data 0x$length[string range [msg get $m AUTH.data] 4 end]
    }
    settle
    no-sa $sa
}

rows cert/method-refused {
    title   "An AUTH payload whose method does not suit the key of the certificate gives no SA"
    cites   {rfc7296/3.8/auth-method-known}
    device  both
    needs   {certificates}
    setup   cert-$kind
    bent    {takes-any-method}
    tags    {cert}
    why     "The peer chooses by itself how it is authenticated."
} {kind method} {
    rsa-as-classic   rsa     1
    rsa-as-psk       rsa     2
    rsa-as-dss       rsa     3
    rsa-as-ecdsa     rsa     9
    rsa-as-null      rsa     13
    ecdsa-as-rsa     ecdsa   1
    ecdsa-as-384     ecdsa   10
    ed25519-as-ecdsa ed25519 9
} {
    set sa [ike init]
    auth $sa -set [list AUTH.method $method]
    settle
    no-sa $sa
}

testcase cert/secret-refused {
    title   "A pre-shared key where a certificate is wanted gives no SA"
    cites   {rfc7296/3.8/auth-method-known}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {takes-any-method}
    tags    {cert}
    why     "A guess at a secret that nobody set opens the door."
    hint    "Is the key of a connection without a secret taken for an empty one?"
} {
    conn certs {} psk "a guess"
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}

testcase cert/two-auth-refused {
    title   "Two AUTH payloads, the second of them right, give no SA"
    cites   {rfc7296/2.15/auth-verified}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {takes-two-auth}
    tags    {cert}
    why     "One of the two is believed without being checked."
} {
    set sa [ike init]
    auth $sa -edit {
        msg add $m AUTH method 14 data [string replace [msg get $m AUTH.data] end end [expr {[string index [msg get $m AUTH.data] end] eq "0"}]]
    }
    settle
    no-sa $sa
}

testcase cert/no-certificate-refused {
    title   "A signature without any certificate gives no SA"
    cites   {rfc5280/6.1/path-valid}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {path-valid}
    tags    {cert}
    why     "There is nothing that says whose key it is."
} {
    set sa [ike init]
    auth $sa -remove CERT
    settle
    no-sa $sa
}
