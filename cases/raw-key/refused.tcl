# refused.tcl - RFC 7670 section 5: a raw public key proves nobody whose key it was not known to be beforehand.

rows raw-key/unknown-refused {
    title   "A raw key that is not configured for the peer gives no SA, although it made AUTH"
    cites   {rfc7670/4/key-known-beforehand}
    device  both
    needs   {raw-keys}
    setup   raw-$kind
    bent    {key-known-beforehand}
    tags    {raw-key cert}
    why     "Anybody who can make a key pair gets in."
    hint    "Is a key from the wire taken into the store of keys that are trusted?"
} {kind key} {
    rsa            rsa     stranger-rsa
    ecdsa          ecdsa   stranger-ecdsa
    ed25519        ed25519 stranger-ed25519
    of-other-type  rsa     stranger-ecdsa
    of-other-curve ecdsa   stranger-ecdsa384
    of-the-device  ecdsa   device-ecdsa
} {
    conn key [credential key $key]
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}

# (the stranger's certificates would be good ones where certificates are wanted)
rows raw-key/in-other-form-refused {
    title   "A key that is not configured gives no SA in any other form either"
    cites   {rfc7670/4/key-known-beforehand rfc7296/2.15/auth-verified}
    device  both
    needs   {raw-keys}
    setup   raw-rsa
    bent    {takes-any-raw-key}
    tags    {raw-key cert}
    why     "What was closed for one encoding is open for another."
} {encoding how} {
    not-shown       15 none
    old-encoding    11 bare
    bare-key        15 bare
    octet-too-many  15 longer
    cut             15 shorter
    empty           15 empty
    of-lab-ca       4  leaf
    self-signed     4  self
} {
    conn key [credential key stranger-rsa]
    proc der {pem} { binary encode hex [binary decode base64 [join [lrange [split [string trim $pem] \n] 1 end-1] ""]] }
    set key [der [credential public stranger-rsa]]
    set data [switch -- $how {
        bare { string range $key 48 end }
        longer { string cat $key 00 }
        shorter { string range $key 0 end-2 }
        leaf { der [credential cert stranger-rsa -issuer lab-rsa -san DNS:t.lab -constraint {} -usage digitalSignature] }
        self { der [credential cert stranger-rsa -san DNS:t.lab] }
        none - empty { string cat "" }
    }]
    set script [expr {$how eq "none" ? "msg remove \$m CERT" : "msg set \$m CERT.encoding $encoding CERT.data 0x$data"}]
    set sa [ike init]
    auth $sa -edit $script
    settle
    no-sa $sa
}

testcase raw-key/identity-refused {
    title   "The raw key of one peer proves no other name"
    cites   {rfc7296/3.5/peer-identity-checked}
    device  both
    needs   {raw-keys}
    setup   raw-ecdsa
    bent    {peer-identity-checked}
    tags    {raw-key cert id}
    why     "Whoever has any configured key can be anybody."
} {
    conn id_local {FQDN other.lab}
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}

testcase raw-key/signature-refused {
    title   "The right raw key with a signature of another gives no SA"
    cites   {rfc7296/2.15/auth-verified}
    device  both
    needs   {raw-keys}
    setup   raw-ecdsa
    bent    {auth-verified}
    tags    {raw-key cert}
    why     "A public key is public: whoever has seen it gets in."
} {
    conn key [credential key stranger-ecdsa]
    set key [binary encode hex [binary decode base64 [join [lrange [split [string trim [credential public tester-ecdsa]] \n] 1 end-1] ""]]]
    set sa [ike init]
    auth $sa -set [list CERT.data 0x$key]
    settle
    no-sa $sa
}
