# handshake.tcl - RFC 7619 sections 2.1 and 2.2: ends that prove nothing, where that is configured; what has to succeed.

rows null-auth/handshake {
    title   "An end without proof sends AUTH of method 13, computed with its SK_p in place of a secret"
    cites   {rfc7619/2.1/auth-present rfc7619/2.1/auth-computed rfc7619/2.1/unproven-peer-served}
    device  both
    needs   {null-auth $also}
    setup   {psk auth $auth}
    bent    {auth-miscomputed auth-left-out null-method-unknown}
    tags    {null-auth auth}
    why     "Opportunistic encryption does not work."
    hint    "SK_pi for the initiator, SK_pr for the responder: the two directions have different keys."
} {auth also} {
    neither-end   null            psk
    device-by-psk psk/null        psk
    device-by-rsa cert-rsa/null   certificates
    tester-by-psk null/psk        psk
    tester-by-rsa null/cert-rsa   certificates
} {
    set sa [ike init]
    if {$role eq "responder"} {
        tx $sa IKE_AUTH
        rx $sa IKE_AUTH response -req rfc7619/2.1/unproven-peer-served { must rfc7619/2.1/auth-present has {IDr AUTH} }
    } else {
        rx $sa IKE_AUTH request { must rfc7619/2.1/auth-present has {IDi AUTH} }
    }
    if {[string match null* $auth]} { must rfc7619/2.1/auth-present "its method is 13" {[msg get $rx AUTH.method] eq "NULL"} }
    must rfc7619/2.1/auth-computed "AUTH of the device verifies" {[sa-up $sa]}
    alive-sa $sa -req rfc7619/2.1/unproven-peer-served
}

testcase null-auth/id-null-empty {
    title   "An ID payload of type ID_NULL has no data"
    cites   {rfc7619/2.2/id-null-empty}
    device  both
    needs   {null-auth}
    setup   null-auth
    bent    {id-null-with-data}
    tags    {null-auth id}
    why     "What should be anonymous says something."
} {
    set sa [ike init]
    auth $sa rx -has $id_device
    must rfc7619/2.2/id-null-empty "ID_NULL is followed by nothing" \
        {[msg get $rx $id_device.type] ne "ID_NULL" || [msg get $rx $id_device.data] in {0x {}}}
}
