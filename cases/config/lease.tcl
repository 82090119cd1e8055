# lease.tcl - RFC 7296 sections 2.19, 3.15, 4: a device that leases inner addresses.

testcase config/address-leased {
    title   "Who asks for an inner address gets one, in the response that makes the Child SA"
    cites   {rfc7296/4/leases-address rfc7296/2.19/cp-before-sa}
    device  responder
    needs   {psk config}
    setup   psk-pool
    bent    {leases-address lease-behind-sa}
    tags    {config}
    why     "Remote clients have no address of their own inside."
    hint    "CFG_REPLY with INTERNAL_IP4_ADDRESS stands before SA in the IKE_AUTH response."
} {
    set sa [ike init]
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response { must rfc7296/4/leases-address has {CP SA TSi TSr} }
    must rfc7296/4/leases-address "CP is a CFG_REPLY" {[msg get $rx CP.type] in {2 REPLY CFG_REPLY}}
    set lengths {}
    foreach {type value} [msg attributes $rx] {
        if {$type eq "INTERNAL_IP4_ADDRESS"} { lappend lengths [expr {[string length $value] / 2}] }
    }
    must rfc7296/4/leases-address "an INTERNAL_IP4_ADDRESS of four octets, not of $lengths" {4 in $lengths}
    set chain [msg payloads $rx]
    must rfc7296/2.19/cp-before-sa "CP before SA in $chain" {[lsearch -exact $chain CP] < [lsearch -exact $chain SA]}
}

rows config/demanded {
    title   "If its policy wants clients to ask for an address, the Child SA of one that does not ask fails by FAILED_CP_REQUIRED"
    cites   {rfc7296/2.19/failed-cp-required rfc7296/2.19/failed-cp-keeps-ike}
    device  responder
    needs   {psk config}
    setup   psk-pool
    bent    {failed-cp-required child-failure-keeps-ike-sa}
    tags    {config}
    why     "Clients get into the network with addresses of their own choice, or are told nothing of why they do not."
    hint    "The notify stands beside IDr and AUTH; the IKE SA stays. A CFG_REQUEST for something else: config/asks-no-address."
} {label} {
    no-cp  {without CP}
} {
    set sa [ike init]
    tx $sa IKE_AUTH -remove CP
    rx $sa IKE_AUTH response {
        must rfc7296/2.19/failed-cp-required has {N(FAILED_CP_REQUIRED)}
        must rfc7296/2.19/failed-cp-required lacks {SA TSi TSr}
        must rfc7296/2.19/failed-cp-keeps-ike has {IDr AUTH}
    }
    alive-sa $sa -req rfc7296/2.19/failed-cp-keeps-ike
}

testcase config/asks-no-address {
    title   "A client that asks, but for no address, keeps its IKE SA, whatever becomes of its Child SA"
    cites   {rfc7296/2.19/failed-cp-keeps-ike}
    device  responder
    needs   {psk config}
    setup   psk-pool
    bent    {child-failure-keeps-ike-sa}
    tags    {config}
    was     {config/demanded/no-address}
    why     "A client that asks for the version, or for name servers only, is shut out and not told why."
    hint    "RFC 7296 2.19 has FAILED_CP_REQUIRED for a client without CFG_REQUEST; for this one it has no rule."
} {
    set sa [ike init]
    tx $sa IKE_AUTH -config {REQUEST APPLICATION_VERSION}
    rx $sa IKE_AUTH response { must rfc7296/2.19/failed-cp-keeps-ike has {IDr AUTH} }
    alive-sa $sa -req rfc7296/2.19/failed-cp-keeps-ike
}

testcase config/pool-empty {
    title   "When no address is left the reply is INTERNAL_ADDRESS_FAILURE, and the IKE SA comes up"
    cites   {rfc7296/3.15.4/address-failure rfc7296/3.15.4/address-failure-keeps-ike}
    device  responder
    needs   {psk config}
    setup   {psk-pool-anyone pool 10.1.0.64/32}
    health  no
    bent    {address-failure child-failure-keeps-ike-sa}
    tags    {config}
    rev     2
    why     "A client that finds the pool empty cannot tell that from a wrong configuration, or loses its IKE SA."
    hint    "The notify stands beside IDr and AUTH, without SA, TSi and TSr."
} {
    set first [ike init]
    tx $first IKE_AUTH
    rx $first IKE_AUTH response
    precondition {[msg has $rx CP]} "the first client got no address"
    # by another name, as devices may lease by identity (RFC 7296 leaves that open)
    conn id_local {FQDN other.lab}
    set sa [ike init]
    tx $sa IKE_AUTH -edit { if {[msg has $m N(INITIAL_CONTACT)]} { msg remove $m N(INITIAL_CONTACT) } }
    rx $sa IKE_AUTH response -req rfc7296/3.15.4/address-failure-keeps-ike
    precondition {"INTERNAL_IP4_ADDRESS" ni [msg attributes $rx]} "the device has an address left"
    should rfc7296/3.15.4/address-failure "INTERNAL_ADDRESS_FAILURE in [msg payloads $rx]" {[msg has $rx N(INTERNAL_ADDRESS_FAILURE)]}
    must rfc7296/3.15.4/address-failure-keeps-ike "IDr and AUTH in [msg payloads $rx]" {[msg has $rx IDr] && [msg has $rx AUTH]}
    alive-sa $sa -req rfc7296/3.15.4/address-failure-keeps-ike
}

testcase config/unasked-reply {
    title   "No CFG_REPLY comes where nothing was asked"
    cites   {rfc7296/2.19/no-unasked-reply}
    device  responder
    needs   {psk config}
    setup   psk-pool
    bent    {no-unasked-reply}
    tags    {config informational}
    why     "Whoever does not know CP is given an address that it does not use."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL
    rx $sa INFORMATIONAL response { must rfc7296/2.19/no-unasked-reply lacks {CP} }
}

rows config/leased-all-the-same {
    title   "What a device that leases addresses does not know in a request is ignored"
    cites   {rfc7296/3.15.1/unknown-attribute-ignored}
    device  responder
    needs   {psk config}
    setup   psk-pool
    bent    {rfc7296/3.15.1/unknown-attribute-ignored}
    tags    {config}
    why     "Clients of a later version, or of another vendor, get no address."
    hint    "It is left out of the reply; the rest of the request is served."
} {ask} {
    behind         {INTERNAL_IP4_ADDRESS 0x3fff=0x01020304}
    before         {0x3fff=0x01020304 INTERNAL_IP4_ADDRESS}
    empty          {0x4fff INTERNAL_IP4_ADDRESS}
    expiry         {5 INTERNAL_IP4_ADDRESS}
    mobile-ipv6    {MIP6_HOME_PREFIX HOME_AGENT_ADDRESS INTERNAL_IP4_ADDRESS}
    ipv6-link      {INTERNAL_IP6_LINK INTERNAL_IP6_PREFIX INTERNAL_IP4_ADDRESS}
    p-cscf         {P_CSCF_IP4_ADDRESS P_CSCF_IP6_ADDRESS INTERNAL_IP4_ADDRESS P_CSCF_IP4_ADDRESS P_CSCF_IP6_ADDRESS}
    access-3gpp    {FTT_KAT EXTERNAL_SOURCE_IP4_NAT_INFO TIMEOUT_PERIOD_FOR_LIVENESS_CHECK=0x0000003c INTERNAL_IP4_ADDRESS}
    split-dns      {INTERNAL_DNS_DOMAIN INTERNAL_DNS_DOMAIN=str:lab.example INTERNAL_DNSSEC_TA INTERNAL_IP4_ADDRESS}
    encrypted-dns  {ENCDNS_IP4 ENCDNS_IP6 ENCDNS_DIGEST_INFO INTERNAL_IP4_ADDRESS}
} {
    set sa [ike init]
    tx $sa IKE_AUTH -config "REQUEST $ask"
    rx $sa IKE_AUTH response { must rfc7296/3.15.1/unknown-attribute-ignored has {CP SA TSi TSr} }
    must rfc7296/3.15.1/unknown-attribute-ignored "an INTERNAL_IP4_ADDRESS" {[regexp {INTERNAL_IP4_ADDRESS} [msg paths $rx]]}
}

testcase config/netmask-leased {
    title   "No netmask comes without an address"
    cites   {rfc7296/3.15.1/netmask-needs-address}
    device  responder
    needs   {psk config}
    setup   {psk-pool pool {10.1.0.64/28 2001:db8:1::/120}}
    bent    {netmask-needs-address}
    tags    {config}
    why     "The client configures a network that is not there."
    hint    "The client asks for an IPv6 address and an IPv4 netmask: there is nothing that the mask belongs to."
} {
    set sa [ike init]
    tx $sa IKE_AUTH -config {REQUEST INTERNAL_IP6_ADDRESS INTERNAL_IP4_NETMASK} -edit {
        msg set $m {TSi.selector[0].type} 8 {TSi.selector[0].addr_lo} 0x20010db8000100000000000000000000 {TSi.selector[0].addr_hi} 0x20010db80001000000000000000000ff
    }
    rx $sa IKE_AUTH response
    set given [msg attributes $rx]
    must rfc7296/3.15.1/netmask-needs-address "no netmask alone in: $given" {
        "INTERNAL_IP4_NETMASK" ni $given || "INTERNAL_IP4_ADDRESS" in $given
    }
}
