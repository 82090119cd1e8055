# identity.tcl - RFC 4945 section 3.1: what an end with a certificate calls itself, and what its certificate has to say for that.

rows cert/identity-own {
    title   "What the device calls itself is in its own certificate, as configured"
    cites   {$more rfc4945/3.1/id-types-sendable rfc4945/3.1/id-from-certificate rfc4945/3.1.6/general-name-not-sent rfc4945/3.1.7/key-id-not-sent}
    rev     2
    device  both
    needs   {certificates}
    setup   $setup
    bent    {identity-of-nobody identity-as-general-name identity-as-key-id}
    tags    {cert id}
    why     "Its peers find no policy for it, or no name in its certificate."
    hint    "Type and octets of ID are those of a name in subjectAltName, or ID is the whole subject as the certificate has it."
} {setup type octets more} {
    name     cert-rsa                ID_FQDN         642e6c6162                rfc4945/3.1/san-octets-sent
    mail     cert-device-by-mail     ID_RFC822_ADDR  64657669636540642e6c6162  rfc4945/3.1/san-octets-sent
    address  cert-device-by-address  ID_IPV4_ADDR    c0000202                  rfc4945/3.1.1/address-octets
    subject  cert-by-subject         ID_DER_ASN1_DN  30193117301506035504030c0e696b657370656320646576696365  rfc4945/3.1.5/subject-octets-sent
} {
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH; rx $sa IKE_AUTH response } else { rx $sa IKE_AUTH request }
    precondition {[msg has $rx AUTH]} "the device does not prove itself"
    set id [expr {$role eq "responder" ? "IDr" : "IDi"}]
    set sent [msg get $rx $id.type]
    should rfc4945/3.1.6/general-name-not-sent "$sent is no general name" {$sent ne "ID_DER_ASN1_GN"}
    should rfc4945/3.1.7/key-id-not-sent "$sent is no key id" {$sent ne "ID_KEY_ID"}
    should rfc4945/3.1/id-types-sendable "the type is $type: $sent" {$sent eq $type}
    # (an address of the right length reads as such)
    if {$type eq "ID_IPV4_ADDR"} { set shown 192.0.2.2 } else { set shown 0x$octets }
    should $more "the identity is $shown" {[msg get $rx $id.data] eq $shown}
    # (nobody need show its certificate; the tester verifies only what is shown)
    # what it calls itself, be it as configured or not; its own address need not be there
    set said [msg get $rx $id.data]
    if {[msg has $rx CERT] && ($said eq $shown || $sent ni {ID_IPV4_ADDR ID_IPV6_ADDR})} {
        set sought [expr {$said eq $shown ? $octets : [string range $said 2 end]}]
        should rfc4945/3.1/id-from-certificate "these octets are in the certificate" {[string first $sought [msg get $rx CERT.data]] >= 0}
    }
}

rows cert/identity-by-subject {
    title   "A distinguished name is the subject of the certificate, the whole of it"
    cites   {$req}
    device  both
    needs   {certificates}
    setup   cert-by-subject
    bent    {$bent}
    tags    {cert id}
    why     "Every holder of a certificate can be anybody, or nobody can be named this way."
    hint    "The subject as it stands, all parts, compared with ID."
} {subject san good req bent} {
    same           {CN=ikespec tester}       DNS:t.lab              1  {rfc4945/3.1/dn-is-subject rfc4945/3.1.5/dn-supported rfc4945/3.1/dn-policy-match}  signature-method-unknown
    other          {CN=ikespec other}        DNS:t.lab              0  rfc4945/3.1.5/dn-mismatch-aborts  id-in-certificate
    other-is-name  {CN=x}                    {DNS:ikespec tester}   0  rfc4945/3.1/dn-is-subject         id-in-certificate
    part-more      {O=lab,CN=ikespec tester} DNS:t.lab              0  rfc4945/3.1/dn-is-subject         id-in-certificate
    part-behind    {CN=ikespec tester,O=lab} DNS:t.lab              0  rfc4945/3.1/dn-is-subject         id-in-certificate
    other-part     {O=ikespec tester}        DNS:t.lab              0  rfc4945/3.1/dn-is-subject         id-in-certificate
} {
    conn certs [list [credential cert tester-rsa -san $san -subject $subject]]
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH } else { rx $sa IKE_AUTH request }
    settle
    if {!$good} { no-sa $sa -req $req; return }
    foreach further [lrange $req 1 end] { should $further "the IKE SA is there" {[sa-up $sa]} }
    alive-sa $sa -req [lindex $req 0]
}

rows cert/identity-in-subject {
    title   "A mail address or an address in the subject proves nothing"
    cites   {rfc4945/3.1.9/subject-for-dn-only}
    device  both
    needs   {certificates}
    setup   $setup
    bent    {id-in-certificate}
    tags    {cert id}
    why     "The CA looked at names in subjectAltName; what it let into the subject opens the door."
} {setup subject} {
    mail-as-common-name     cert-by-mail     CN=tester@t.lab
    mail-as-attribute       cert-by-mail     emailAddress=tester@t.lab
    address-as-common-name  cert-by-address  CN=192.0.2.1
} {
    conn certs [list [credential cert tester-rsa -san DNS:x.lab -subject $subject]]
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH } else { rx $sa IKE_AUTH request }
    settle
    no-sa $sa
}

rows cert/identity-by-policy {
    title   "A peer with a good certificate for its own name gets no SA where another name is configured"
    cites   {rfc4945/3.1/exact-policy-match}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {peer-identity-checked}
    tags    {cert id}
    why     "Everybody with a certificate of the same CA gets the rights of everybody else."
    hint    "Is the identity, once proven, compared whole with the one that is configured?"
} {name} {
    other      x.lab
    below      a.t.lab
    goes-on    t.lab.example
    end        lab
    begins     t.la
} {
    conn id_local [list FQDN $name] certs [list [credential cert tester-rsa -san DNS:$name -subject "CN=x"]]
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH } else { rx $sa IKE_AUTH request }
    settle
    no-sa $sa
}
