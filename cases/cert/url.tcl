# url.tcl - RFC 7296 sections 3.6 and 3.7: certificates that are named by hash and URL, and fetched from the tester's web server.

rows cert/url-accepted {
    title   "Certificates that the device looks up do as well as those in the message"
    cites   {rfc7296/3.6/http-lookup rfc7296/3.6/hash-and-url}
    device  both
    needs   {certificates hash-and-url}
    setup   $setup
    bent    {http-lookup}
    tags    {cert}
    why     "Peers whose messages must stay short cannot connect."
    hint    "The device says HTTP_CERT_LOOKUP_SUPPORTED. Can it reach the server, and does it offer what is there to the path validation?"
} {setup between} {
    rsa      cert-url       {}
    ecdsa    cert-url-ecdsa {}
    path     cert-url       url
    mixed    cert-url       inline
} {
    set kind [expr {$setup eq "cert-url" ? "tester-rsa" : "tester-ecdsa"}]
    if {$between eq ""} {
        set certs [list [credential cert $kind]]
    } else {
        set ca [credential cert middle-rsa -subject "CN=middle 1" -serial 11 -issuer lab-rsa]
        set certs [list [credential cert $kind -issuer [list middle-rsa $ca]] $ca]
    }
    set urls [lmap cert $certs { publish cert $cert }]
    if {$between eq "inline"} { set urls [lrange $urls 0 0] }
    conn certs $certs cert_urls $urls
    set sa [ike init]
    set sent [auth $sa]
    precondition {[msg get $sent CERT.encoding] eq "HASH_URL_CERT"} "the device does not announce that it looks certificates up"
    settle
    alive-sa $sa -req rfc7296/3.6/http-lookup
    must rfc7296/3.6/hash-and-url "the IKE SA is there" {[sa-up $sa]}
}

rows cert/url-form {
    title   "The device looks certificates up whatever the path of the URL, and with what else a URL may have"
    cites   {$req}
    device  both
    needs   {certificates hash-and-url}
    setup   cert-url
    bent    {$bent}
    tags    {cert}
    why     "The owner of the web server, not of the device, says what its URLs look like."
} {req way bent from to} {
    deep-path  rfc4945/4.2.1.1/lookup-by-http    served url-of-one-path {[0-9a-f]+$} {a/b.c/&.cer}
    query      rfc4945/4.2.1.1/lookup-by-http    served url-of-one-path {[0-9a-f]+$} {get?name=&}
    port       rfc4945/4.3.1/url-user-and-port   served url-without-port {//([^/:]+)/} {//\1:8080/}
    user       rfc4945/4.3.1/url-user-and-port   locked url-without-user // {//lab:secret@}
} {
    conn cert_urls [list [regsub $from [publish cert [credential cert tester-rsa] $way] $to]]
    set sa [ike init]
    set sent [auth $sa]
    precondition {[msg get $sent CERT.encoding] eq "HASH_URL_CERT"} "the device does not announce that it looks certificates up"
    settle
    alive-sa $sa -req $req
}

testcase cert/url-bundle-accepted {
    title   "A bundle of certificates behind one URL does as well as those in the message"
    cites   {rfc7296/3.6/url-bundle}
    device  both
    needs   {certificates hash-and-url}
    setup   cert-url
    bent    {url-bundle}
    tags    {cert}
    why     "Peers that have a path to show, and put it in one file, cannot connect."
} {
    set ca [credential cert middle-rsa -subject "CN=middle 1" -serial 11 -issuer lab-rsa]
    set certs [list [credential cert tester-rsa -issuer [list middle-rsa $ca]] $ca]
    conn certs $certs bundle_url [publish bundle $certs]
    set sa [ike init]
    set sent [auth $sa]
    precondition {[msg get $sent CERT.encoding] eq "HASH_URL_BUNDLE"} "the device does not announce that it looks certificates up"
    settle
    alive-sa $sa -req rfc7296/3.6/url-bundle
}

testcase cert/url-shown {
    title   "To a peer that looks certificates up the device sends hash and URL, as it is configured to"
    cites   {rfc7296/3.6/hash-and-url rfc7296/3.6/other-url-methods rfc7296/3.6/http-lookup}
    device  both
    needs   {certificates hash-and-url}
    setup   cert-url
    bent    {hash-and-url other-url-methods url-hash-wrong url-of-nothing}
    tags    {cert}
    why     "Messages grow past what the path carries, or the peer finds no certificate."
} {
    conn http_cert_lookup yes
    set sa [ike init]
    auth $sa rx
    precondition {[msg has $rx AUTH]} "the device does not prove itself"
    must rfc7296/3.6/hash-and-url "its certificate is named by hash and URL" {[msg has $rx CERT] && [msg get $rx CERT.encoding] eq "HASH_URL_CERT"}
    set octets [binary format H* [string range [msg get $rx CERT.data] 2 end]]
    should rfc7296/3.6/other-url-methods "the URL is one of HTTP: \"[string range $octets 20 26]\"" {[string match -nocase http://?* [string range $octets 20 end]]}
    settle
    must rfc7296/3.6/http-lookup "the tester has found the certificate behind it, and the IKE SA is there" {[sa-up $sa]}
}

testcase cert/url-when-announced {
    title   "To a peer that did not say that it looks certificates up the device sends the certificate itself"
    cites   {rfc7296/3.6/url-when-announced}
    device  both
    needs   {certificates hash-and-url}
    setup   cert-url
    bent    {url-when-announced}
    tags    {cert}
    why     "Peers without a way to the web server cannot connect."
} {
    set sa [ike init]
    auth $sa rx
    precondition {[msg has $rx AUTH]} "the device does not prove itself"
    should rfc7296/3.6/url-when-announced "no CERT is a URL" {![msg has $rx CERT] || [msg get $rx CERT.encoding] ni {HASH_URL_CERT HASH_URL_BUNDLE}}
}

testcase cert/url-hash-compared {
    title   "What is behind the URL is another certificate than the hash says: it is not taken"
    cites   {rfc7296/3.6/url-hash-compared}
    device  both
    needs   {certificates hash-and-url}
    setup   cert-url
    bent    {url-hash-compared}
    tags    {cert}
    why     "Whoever answers for the web server says which certificate is used, among those that the CA made."
    hint    "Is the hash compared with that of the octets that were fetched?"
} {
    conn cert_urls [list [publish cert [credential cert tester-rsa]]]
    set sa [ike init]
    set sent [auth $sa -edit {
        set data [msg get $m CERT.data]
        msg set $m CERT.data [string replace $data 2 3 [format %02x [expr {[scan [string range $data 2 3] %x] ^ 1}]]]
    }]
    precondition {[msg get $sent CERT.encoding] eq "HASH_URL_CERT"} "the device does not announce that it looks certificates up"
    settle
    no-sa $sa
}

rows cert/url-refused {
    title   "A URL behind which the certificate is not to be had gives no SA"
    cites   {rfc5280/6.1/path-valid}
    device  both
    needs   {certificates hash-and-url}
    setup   cert-url
    bent    {path-valid}
    tags    {cert}
    why     "There is nothing that says whose key it is; or one peer's slow server keeps all peers waiting."
    hint    "Fetching has a bound in time and in octets, and its failure is that of the proof."
} {way ms} {
    missing       missing 500
    loop          loop    500
    endless       endless 3000
    never         never   12000
    other-ca      other   500
} {
    set cert [credential cert tester-rsa]
    if {$way eq "other"} { set url [publish cert $cert other [credential cert tester-rsa -issuer stranger-rsa]] } else { set url [publish cert $cert $way] }
    conn cert_urls [list $url]
    set sa [ike init]
    set sent [auth $sa]
    precondition {[msg get $sent CERT.encoding] eq "HASH_URL_CERT"} "the device does not announce that it looks certificates up"
    settle $ms
    no-sa $sa
}

testcase cert/url-other-key-refused {
    title   "A certificate that is looked up and is not of the key that signed gives no SA"
    cites   {rfc7296/2.15/auth-verified}
    device  both
    needs   {certificates hash-and-url}
    setup   cert-url
    bent    {auth-verified}
    tags    {cert}
    why     "Certificates are public: whoever names one would be believed."
} {
    set other [credential cert tester-rsa3072]
    conn certs [list $other] cert_urls [list [publish cert $other]]
    set sa [ike init]
    set sent [auth $sa]
    precondition {[msg get $sent CERT.encoding] eq "HASH_URL_CERT"} "the device does not announce that it looks certificates up"
    settle
    no-sa $sa
}

rows cert/url-odd-refused {
    title   "Hash and URL that make no sense give no SA"
    cites   {rfc5280/6.1/path-valid}
    device  both
    needs   {certificates hash-and-url}
    setup   cert-url
    bent    {path-valid}
    tags    {cert}
    why     "Something else than a web server is asked, or the device reads past the end of the payload."
} {data} {
    empty       {hex:}
    hash-cut    {0x[string repeat 5a 19]}
    hash-alone  {0x[string repeat 5a 20]}
    no-method   {$hash[binary encode hex //192.0.2.1/x]}
    file        {$hash[binary encode hex file:///etc/hostname]}
    ftp         {$hash[binary encode hex ftp://192.0.2.1/x]}
    no-host     {$hash[binary encode hex http:///x]}
    nul-inside  {$hash[binary encode hex http://192.0.2.1/]00[binary encode hex x]}
    line-end    {$hash[binary encode hex "http://192.0.2.1/x HTTP/1.0\r\nX: y"]}
    no-text     {$hash[string repeat fe 40]}
    long        {$hash[binary encode hex http://192.0.2.1/[string repeat x 8000]]}
} {
    conn cert_urls [list [publish cert [credential cert tester-rsa]]]
    set sa [ike init]
    set sent [auth $sa -edit {
        set hash [string range [msg get $m CERT.data] 0 41]
        msg set $m CERT.data [subst $data]
    }]
    precondition {[msg get $sent CERT.encoding] eq "HASH_URL_CERT"} "the device does not announce that it looks certificates up"
    settle
    no-sa $sa
}

rows cert/url-unannounced-refused {
    title   "A certificate by URL that does not exist gives no SA, whether or not the device looks any up"
    cites   {rfc5280/6.1/path-valid}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {path-valid}
    tags    {cert}
    why     "There is nothing that says whose key it is."
} {encoding} {
    certificate HASH_URL_CERT
    bundle      HASH_URL_BUNDLE
} {
    set sa [ike init]
    auth $sa -edit {
        msg set $m CERT.encoding $encoding
        msg set $m CERT.data 0x[string repeat 5a 20][binary encode hex http://192.0.2.1:9/none]
    }
    settle
    no-sa $sa
}
