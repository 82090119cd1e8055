# mixed.tcl - RFC 7296 section 2.15: the two ends prove themselves by different methods. The table says DEVICE/TESTER.

rows auth/mixed-methods {
    title   "The two ends prove themselves by different methods"
    cites   {rfc7296/2.15/mixed-methods rfc7296/2.15/auth-octets}
    device  both
    needs   {$claims}
    setup   {psk auth $auth}
    bent    {auth-miscomputed}
    tags    {auth}
    why     "Clients and gateways that are configured in different ways cannot connect."
    hint    "Each direction has a method, a key and a check of its own."
} {auth claims} {
    psk-and-rsa       psk/cert-rsa          {psk certificates}
    psk-and-ecdsa     psk/cert-ecdsa        {psk certificates}
    ecdsa-and-psk     cert-ecdsa/psk        {psk certificates}
    rsa-and-ecdsa     cert-rsa/cert-ecdsa   {certificates}
    ecdsa-and-rsa     cert-ecdsa/cert-rsa   {certificates}
    rsa-and-ed25519   cert-rsa/cert-ed25519 {certificates}
    psk-and-raw       psk/raw-ecdsa         {psk raw-keys}
    raw-and-psk       raw-ecdsa/psk         {psk raw-keys}
    rsa-and-raw       cert-rsa/raw-ecdsa    {certificates raw-keys}
    raw-and-rsa       raw-ecdsa/cert-rsa    {certificates raw-keys}
    raw-rsa-and-ecdsa raw-rsa/raw-ecdsa     {raw-keys}
    raw-and-null      raw-ecdsa/null        {raw-keys null-auth}
    null-and-raw      null/raw-ecdsa        {raw-keys null-auth}
} {
    set sa [ike init]
    auth $sa rx -has {AUTH}
    must rfc7296/2.15/auth-octets "AUTH of the device verifies" {[sa-up $sa]}
    alive-sa $sa -req rfc7296/2.15/mixed-methods
}

rows auth/mixed-proof-refused {
    title   "Whatever the one end proves itself by, the wrong proof of the other gives no SA"
    cites   {rfc7296/2.15/auth-verified}
    device  both
    needs   {$claims}
    setup   {psk auth $auth}
    bent    {$ruling}
    tags    {auth}
    why     "Anybody who trusts the gateway gets in."
} {auth claims ruling wrong} {
    rsa-by-psk   psk/cert-rsa        {psk certificates}      auth-verified        {conn key [credential key stranger-rsa]}
    ecdsa-by-rsa cert-rsa/cert-ecdsa {certificates}          auth-verified        {conn key [credential key stranger-ecdsa]}
    raw-by-psk   psk/raw-ecdsa       {psk raw-keys}          key-known-beforehand {conn key [credential key stranger-ecdsa]}
    raw-by-rsa   cert-rsa/raw-ecdsa  {certificates raw-keys} key-known-beforehand {conn key [credential key stranger-ecdsa]}
    psk-by-raw   raw-ecdsa/psk       {psk raw-keys}          auth-verified        {conn psk "another secret"}
    secret-of-own-side psk/cert-rsa  {psk certificates}      takes-any-method     {conn certs {} null_local 0}
} {
    eval $wrong
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}
