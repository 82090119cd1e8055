# look.tcl - RFC 4945 section 5.1: certificates that look unusual and are good, and an authority that never was made one.

rows cert/unusual-accepted {
    title   "A certificate with this about it is as good as any"
    cites   {$req}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {wants-plain-certificates}
    tags    {cert}
    why     "Peers whose CA has other habits cannot connect."
} {req options} {
    empty-subject         rfc4945/5.1.2.1/empty-subject-accepted       {-subject {} -san critical,DNS:t.lab}
    usage-critical        rfc4945/5.1.3/critical-known                 {-usage critical,digitalSignature}
    names-critical        rfc4945/5.1.3/critical-known                 {-san critical,DNS:t.lab}
    constraints-critical  rfc4945/5.1.3/critical-known                 {-constraint critical,CA:FALSE}
    unknown-extension     rfc4945/5.1.3/unknown-noncritical-accepted   {-more 1.3.6.1.4.1.32473.2=DER:0500}
    without-usage         rfc4945/5.1.3.2/key-usage-accepted           {-usage {}}
    non-repudiation       rfc4945/5.1.3.2/key-usage-accepted           {-usage nonRepudiation}
    both-usages           rfc4945/5.1.3.2/key-usage-accepted           {-usage digitalSignature,nonRepudiation}
    more-usages           rfc4945/5.1.3.2/key-usage-accepted           {-usage digitalSignature,keyEncipherment,keyAgreement}
    key-period-over       rfc4945/5.1.3.3/key-period-ignored           {-more 2.5.29.16=DER:3011810f31393830303130313030303030305a}
    policies              rfc4945/5.1.3.4/policies-accepted            {-more 2.5.29.32=DER:300d300b06092b0601040181fd5901}
    subject-info          rfc4945/5.1.3.17/subject-info-ignored        {-more subjectInfoAccess=caRepository;URI:http://x.lab/}
} {
    conn certs [list [credential cert tester-rsa {*}$options]]
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH } else { rx $sa IKE_AUTH request }
    settle
    alive-sa $sa -req $req
}

rows cert/authority-without-constraints {
    title   "A CA below the anchor without basicConstraints makes no certificate good"
    cites   {rfc4945/5.1.3.9/authority-says-so}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {path-valid}
    tags    {cert}
    why     "Certificates that were never meant for it make certificates for everybody."
    hint    "A key usage of keyCertSign is not enough."
} {usage} {
    may-sign-certificates  keyCertSign
    of-no-usage            {}
} {
    set between [credential cert middle-rsa -subject "CN=no constraints" -serial 31 -issuer lab-rsa -constraint "" -usage $usage]
    conn certs [list [credential cert tester-rsa -issuer [list middle-rsa $between]] $between]
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH } else { rx $sa IKE_AUTH request }
    settle
    no-sa $sa
}
