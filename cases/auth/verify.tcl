# verify.tcl - RFC 7296 section 2.15: nothing but the right AUTH payload, made with the right secret, opens the door.

rows auth/data-refused {
    title   "An AUTH payload whose data is not right gives no SA"
    cites   {rfc7296/2.15/auth-verified}
    device  both
    needs   {psk}
    bent    {auth-verified}
    tags    {auth}
    why     "Whoever sends an odd AUTH payload gets in without the secret."
    hint    "Is the length compared before the octets, and is every octet compared?"
} {how} {
    empty         { string cat hex: }
    one-octet     { string range $honest 0 3 }
    one-short     { string range $honest 0 end-2 }
    one-long      { string cat $honest 00 }
    twice         { string cat $honest [string range $honest 2 end] }
    zero          { string cat 0x [string repeat 00 32] }
    ones          { string cat 0x [string repeat ff 32] }
    first-bit     { format 0x%02x%s [expr {[scan [string range $honest 2 3] %x] ^ 0x80}] [string range $honest 4 end] }
    last-bit      { format %s%02x [string range $honest 0 end-2] [expr {[scan [string range $honest end-1 end] %x] ^ 1}] }
    quarter-right { string cat [string range $honest 0 17] [string repeat 00 24] }
    first-zero    { format 0x%02x%s [expr {[scan [string range $honest 2 3] %x] == 0}] [string range $honest 4 end] }
} {
    set sa [ike init]
    auth $sa -edit {
        set honest [msg get $m AUTH.data]
        msg set $m AUTH.data [eval $how]
    }
    settle
    no-sa $sa
}

rows auth/method-refused {
    title   "An AUTH payload of another method, or of none, gives no SA although its data is the PSK's"
    cites   {rfc7296/3.8/auth-method-known}
    device  both
    needs   {psk}
    bent    {auth-method-known}
    tags    {auth}
    why     "The peer chooses by itself how it is authenticated."
    hint    "Is the method that the peer names compared with the one that is configured for it?"
} {method} {
    none              0
    rsa               1
    dss               3
    unassigned-4      4
    ecdsa-256         9
    secure-password   12
    null              13
    digital-signature 14
    unassigned-15     15
    private           201
    highest           255
} {
    set sa [ike init]
    auth $sa -set [list AUTH.method $method]
    settle
    no-sa $sa
}

testcase auth/reserved-ignored {
    title   "Reserved octets of the AUTH payload are not looked at"
    cites   {rfc7296/3.8/auth-reserved-ignored}
    device  both
    needs   {psk}
    bent    {reserved-ignored}
    tags    {auth}
    why     "A peer of a later version of the protocol cannot connect."
    hint    "Does the parser insist on zero?"
} {
    set sa [ike init]
    auth $sa -set {AUTH.reserved2 0xa5a5a5} response -req rfc7296/3.8/auth-reserved-ignored
    alive-sa $sa
}

testcase auth/own-auth-right {
    title   "The AUTH payload of the device is the one that secret, identity and messages give"
    cites   {rfc7296/2.15/psk-formula rfc7296/2.15/auth-octets}
    device  both
    needs   {psk}
    bent    {auth-miscomputed}
    tags    {auth smoke}
    why     "Nobody else can connect to the device."
    hint    "Compare what goes into the PRF: the whole first message with its header, the peer's nonce, the PRF of the ID body."
} {
    set sa [ike init]
    auth $sa rx { must rfc7296/2.15/auth-octets has {$id_device AUTH} }
    must rfc7296/2.15/psk-formula "it verifies" {[sa-up $sa]}
}

rows auth/secret-lengths {
    title   "Pre-shared keys of any length work"
    cites   {rfc7296/2.15/psk-64-ascii rfc7296/2.15/psk-no-terminator}
    device  both
    needs   {psk}
    setup   {psk psk $secret}
    bent    {auth-miscomputed auth-left-out}
    tags    {auth}
    why     "Long secrets are cut, or cannot be used at all."
    hint    "Is the secret longer than one block of the hash hashed first, as HMAC says? Is a null octet added?"
} {secret} {
    one       x
    sixteen   0123456789abcdef
    sixtyfour 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    sixtyfive 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0
    hundred   aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghhhhhhhhhhiiiiiiiiiijjjjjjjjjj
    printable {!#%&'()*+,-./:;<=>?@^_`|~}
} {
    set sa [ike init]
    auth $sa response { must rfc7296/2.15/psk-64-ascii has {AUTH} }
    must rfc7296/2.15/psk-no-terminator "AUTH of the device verifies" {[sa-up $sa]}
    alive-sa $sa -req rfc7296/2.15/psk-64-ascii
}

rows auth/secret-whole {
    title   "All of the pre-shared key counts"
    cites   {rfc7296/2.15/auth-verified}
    device  both
    needs   {psk}
    setup   {psk psk 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef}
    bent    {auth-verified}
    tags    {auth}
    why     "A long secret is worth no more than its beginning."
    hint    "Is there a buffer of fixed size on the way from the configuration?"
} {secret} {
    last-missing   0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde
    last-differs   0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdex
    half           0123456789abcdef0123456789abcdef
    other-case     0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef
    space-behind   {0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef }
} {
    conn psk $secret psk_remote 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}

testcase auth/init-altered-on-path {
    title   "Somebody who changes IKE_SA_INIT on the way is found out"
    cites   {rfc7296/2.15/auth-octets}
    device  both
    needs   {psk}
    setup   psk
    bent    {auth-verified auth-not-over-vendor-ids}
    tags    {auth security}
    why     "An attacker on the path can weaken what is negotiated."
    hint    "Is AUTH verified over the message as it was received, payloads included that mean nothing to the device?"
    rev     2
} {
    # one octet of a vendor id differs between what the tester signs and what the device gets: the keys are the same
    edit outbound IKE_SA_INIT any { msg add $m V data hex:00112233445566778899aabbccddeeff }
    alter outbound IKE_SA_INIT any { msg set $m V.data hex:00112233445566778899aabbccddeefe }
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}
