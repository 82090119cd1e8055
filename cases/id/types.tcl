# types.tcl - RFC 7296 section 3.5: types of identities, and what belongs into each.

rows id/accepted {
    title   "A peer that is named as configured gets its SA"
    cites   {rfc7296/3.5/id-accept-four rfc7296/2.15/auth-octets}
    device  both
    needs   {psk}
    setup   $setup
    bent    {$bent}
    tags    {id}
    why     "Peers named that way cannot connect at all."
    hint    "Are type and data taken from the configuration as they stand?"
} {setup bent} {
    fqdn   psk          auth-miscomputed
    ipv4   psk-id-ipv4  id-accept-four
    email  psk-id-email id-accept-four
    key-id psk-id-key   id-accept-four
} {
    set sa [ike init]
    auth $sa rx { must rfc7296/3.5/id-accept-four has {$id_device AUTH} }
    must rfc7296/2.15/auth-octets "the device is who it says" {[sa-up $sa]}
    alive-sa $sa
}

testcase id/ipv6-accepted {
    title   "A peer named by an IPv6 address gets its SA"
    cites   {rfc7296/3.5/id-accept-ipv6}
    device  both
    needs   {psk ipv6}
    setup   psk-id-ipv6
    bent    {id-accept-four}
    tags    {id ipv6}
    why     "Peers named that way cannot connect at all."
} {
    set sa [ike init]
    auth $sa response { must rfc7296/3.5/id-accept-ipv6 has {IDr AUTH} }
    alive-sa $sa
}

testcase id/not-tied-to-address {
    title   "An identity that is an address need not be the address of the packets"
    cites   {rfc7296/3.5/id-not-tied-to-address}
    device  both
    needs   {psk}
    setup   psk-id-ipv4
    bent    {id-accept-four}
    tags    {id}
    why     "Peers behind a NAT cannot connect."
} {
    set sa [ike init]
    auth $sa rx
    should rfc7296/3.5/id-not-tied-to-address "the SA is up" {[answers $sa]}
}

rows id/mismatch-refused {
    title   "A peer that knows the secret but has another name gets no SA"
    cites   {rfc7296/3.5/peer-identity-checked rfc7296/1.2/id-matches-secret}
    device  both
    needs   {psk}
    setup   $setup
    bent    {peer-identity-checked}
    tags    {id}
    why     "Whoever knows one secret can be anybody."
    hint    "Are type and data compared whole with the identity that is configured?"
} {setup type data} {
    other-name         psk          ID_FQDN        str:other.lab
    name-begins        psk          ID_FQDN        str:t.la
    name-goes-on       psk          ID_FQDN        str:t.lab.example
    name-is-suffix     psk          ID_FQDN        str:lab
    null-behind        psk          ID_FQDN        hex:742e6c616200
    null-inside        psk          ID_FQDN        hex:742e6c6162002e6c6162
    type-mail          psk          ID_RFC822_ADDR str:t.lab
    type-key-id        psk          ID_KEY_ID      str:t.lab
    wildcard           psk          ID_FQDN        str:*
    wildcard-domain    psk          ID_FQDN        str:*.lab
    not-ascii          psk          ID_FQDN        hex:742ee96162
    own-name           psk          ID_FQDN        str:d.lab
    address-differs    psk-id-ipv4  ID_IPV4_ADDR   198.51.100.77
    address-as-name    psk-id-ipv4  ID_FQDN        str:198.51.100.1
    address-mapped     psk-id-ipv4  ID_IPV6_ADDR   ::ffff:c633:6401
    ipv6-differs       psk-id-ipv6  ID_IPV6_ADDR   2001:db8::7
    mail-differs       psk-id-email ID_RFC822_ADDR str:u@lab.example
    mail-domain        psk-id-email ID_RFC822_ADDR str:lab.example
    mail-as-name       psk-id-email ID_FQDN        str:t@lab.example
    key-id-differs     psk-id-key   ID_KEY_ID      str:tester-kez
    key-id-shorter     psk-id-key   ID_KEY_ID      str:tester-ke
    key-id-longer      psk-id-key   ID_KEY_ID      str:tester-key2
} {
    set sa [ike init]
    auth $sa -set [list $id_tester.type $type $id_tester.data $data]
    settle
    no-sa $sa
}

rows id/wrong-length-refused {
    title   "An address as identity that is not as long as an address gives no SA"
    cites   {rfc7296/3.5/id-length-by-type}
    device  both
    needs   {psk}
    setup   $setup
    bent    {peer-identity-checked}
    tags    {id}
    why     "Octets from elsewhere in memory are compared."
} {setup data} {
    ipv4-empty   psk-id-ipv4 hex:
    ipv4-three   psk-id-ipv4 hex:c63364
    ipv4-five    psk-id-ipv4 hex:c633640100
    ipv4-sixteen psk-id-ipv4 hex:c6336401000000000000000000000000
    ipv6-four    psk-id-ipv6 hex:20010db8
    ipv6-fifteen psk-id-ipv6 hex:20010db8000000000000000000000000
    ipv6-more    psk-id-ipv6 hex:20010db800000000000000000000000100
} {
    if {$data eq "hex:20010db8000000000000000000000000"} { set data [string range $data 0 end-2] }
    set sa [ike init]
    auth $sa -set [list $id_tester.data $data]
    settle
    no-sa $sa
}

rows id/odd-refused {
    title   "An identity of a type that nobody configured gives no SA and does no harm"
    cites   {rfc7296/3.5/peer-identity-checked}
    device  both
    needs   {psk}
    bent    {peer-identity-checked}
    tags    {id}
    why     "An identity that cannot be read passes, or stops the device."
} {type data} {
    reserved-zero  0   str:t.lab
    unassigned-4   4   str:t.lab
    unassigned-8   8   str:t.lab
    unassigned-200 200 str:t.lab
    private        249 str:t.lab
    null-identity  13  hex:
    name-empty     2   hex:
    dn-no-asn1     9   hex:ffffffffffff
    dn-length-lies 9   hex:3084ffffffff310b
    dn-empty       9   hex:3000
    dn-one-octet   9   hex:30
    gn-garbage     10  hex:8200
} {
    set sa [ike init]
    auth $sa -set [list $id_tester.type $type $id_tester.data $data]
    settle
    no-sa $sa
}

testcase id/long-refused {
    title   "A name of a thousand octets is compared like any other"
    cites   {rfc7296/3.5/peer-identity-checked}
    device  both
    needs   {psk}
    setup   psk
    bent    {peer-identity-checked}
    tags    {id}
    why     "Only a part of the name is compared, or memory is overwritten."
} {
    set sa [ike init]
    auth $sa -set [list $id_tester.data str:t.lab[string repeat .lab 250]]
    settle
    no-sa $sa
}
