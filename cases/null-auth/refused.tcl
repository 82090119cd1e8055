# refused.tcl - RFC 7619: AUTH without proof still has to be right, and is good only where it is allowed.

rows null-auth/wrong-value-refused {
    title   "AUTH of method 13 whose data is not what SK_p gives is refused"
    cites   {rfc7619/2.1/unproven-auth-checked}
    device  both
    needs   {null-auth}
    setup   null-auth
    bent    {unproven-auth-checked}
    tags    {null-auth auth}
    why     "Somebody on the way can change IKE_SA_INIT, say to weaker algorithms, and nobody notices."
    hint    "Is AUTH looked at at all when there is nothing to prove?"
} {how} {
    zeros     {string cat 0x [string repeat 00 32]}
    empty     {string cat hex:}
    one-bit   {string replace $honest end end [expr {[string index $honest end] in {0 2 4 6 8 a c e} ? "1" : "0"}]}
    cut       {string range $honest 0 end-2}
    longer    {string cat $honest 00}
} {
    set sa [ike init]
    auth $sa -edit {
        set honest [msg get $m AUTH.data]
        msg set $m AUTH.data [eval $how]
    }
    settle
    no-sa $sa
}

# AUTH is made with a secret that could be taken for "none"; the method says 13 all the same.
rows null-auth/secret-refused {
    title   "AUTH of method 13 that was made with a secret is refused"
    cites   {rfc7619/2.1/unproven-auth-checked}
    device  both
    needs   {null-auth}
    setup   null-auth
    bent    {unproven-auth-checked}
    tags    {null-auth auth}
    why     "The value does not depend on the keys of the IKE SA: the two ends need not be the same."
} {secret} {
    one-octet 00
    as-long   0000000000000000000000000000000000000000000000000000000000000000
} {
    conn null_local 0 psk_hex $secret
    set sa [ike init]
    auth $sa -set {AUTH.method NULL}
    settle
    no-sa $sa
}

rows null-auth/only-where-allowed {
    title   "Where a proof is wanted an end without one gets no SA"
    cites   {rfc7619/2.4/only-where-allowed}
    device  both
    needs   {$needs}
    setup   $setup
    bent    {takes-anybody}
    tags    {null-auth auth}
    why     "Anybody gets in."
    hint    "Is the method that the peer chose looked up in the policy before AUTH is checked by it?"
} {setup needs id} {
    psk-nameless  psk       psk          {NULL}
    psk-named     psk       psk          {FQDN t.lab}
    rsa-nameless  cert-rsa  certificates {NULL}
    rsa-named     cert-rsa  certificates {FQDN t.lab}
    raw-nameless  raw-ecdsa raw-keys     {NULL}
    raw-named     raw-ecdsa raw-keys     {FQDN t.lab}
} {
    conn null_local 1 id_local $id
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}

testcase null-auth/refusal-said {
    title   "An end without proof is told AUTHENTICATION_FAILED where a proof is wanted"
    cites   {rfc7619/2/refusal-said}
    device  responder
    needs   {psk null-auth}
    setup   psk
    bent    {auth-notify-missing rfc7296/2.21.2/authentication-failed}
    tags    {null-auth auth}
    why     "The peer does not learn that it has to prove who it is, and tries again for ever."
} {
    conn null_local 1 id_local {FQDN t.lab}
    set sa [ike init]
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response -req rfc7619/2/refusal-said {
        must rfc7619/2/refusal-said has {N(AUTHENTICATION_FAILED)}
    }
}

testcase null-auth/shared-key-refused {
    title   "A pre-shared key where no proof is wanted, and none is set, gives no SA"
    cites   {rfc7296/3.8/auth-method-known}
    device  both
    needs   {null-auth}
    setup   null-auth
    bent    {takes-anybody}
    tags    {null-auth auth}
    why     "A guess at a secret that nobody set counts as a proof."
} {
    conn null_local 0 psk "a guess"
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}

rows null-auth/proof-still-wanted {
    title   "An end that proves nothing itself still checks the proof of the other"
    cites   {rfc7619/2.4/proof-still-wanted}
    device  both
    needs   {null-auth $also}
    setup   {psk auth $auth}
    bent    {$ruling}
    tags    {null-auth auth}
    why     "A client that stays anonymous takes anybody for its gateway."
} {auth also ruling wrong} {
    secret        null/psk       psk          auth-verified     {conn psk "another secret"}
    signature     null/cert-rsa  certificates auth-verified     {conn key [credential key stranger-rsa]}
    certificate   null/cert-rsa  certificates path-valid        {conn certs [list [credential cert stranger-rsa -san DNS:t.lab]] key [credential key stranger-rsa]}
    none-at-all   null/psk       psk          takes-anybody     {conn null_local 1 id_local {NULL}}
} {
    eval $wrong
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}
