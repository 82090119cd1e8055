# several.tcl - RFC 7296 sections 2.19, 3.15.1, 3.15.4: several addresses that are asked for, several clients, and wishes.

rows config/some-is-enough {
    title   "Of what is asked for a client gets what there is"
    cites   {rfc7296/3.15.4/failure-only-if-none rfc7296/4/leases-address}
    device  responder
    needs   {psk config}
    setup   psk-pool
    bent    {failure-only-if-none}
    tags    {config}
    why     "Clients with IPv4 and IPv6 get no address where there is IPv4 only."
    hint    "A family that the device does not have is passed over; INTERNAL_ADDRESS_FAILURE says that there is no address at all."
} {ask} {
    ipv6-first  {INTERNAL_IP6_ADDRESS INTERNAL_IP4_ADDRESS}
    ipv4-first  {INTERNAL_IP4_ADDRESS INTERNAL_IP6_ADDRESS}
} {
    set sa [ike init]
    tx $sa IKE_AUTH -config "REQUEST $ask"
    rx $sa IKE_AUTH response {
        must rfc7296/3.15.4/failure-only-if-none lacks {N(INTERNAL_ADDRESS_FAILURE)}
        must rfc7296/4/leases-address has {CP SA TSi TSr}
    }
    must rfc7296/4/leases-address "an INTERNAL_IP4_ADDRESS" {"INTERNAL_IP4_ADDRESS" in [msg attributes $rx]}
}

testcase config/last-one-of-two {
    title   "Who asks for two addresses gets one if there is one"
    cites   {rfc7296/3.15.4/failure-only-if-none rfc7296/4/leases-address}
    device  responder
    needs   {psk config}
    setup   psk-pool-one
    health  no
    bent    {failure-only-if-none}
    tags    {config}
    why     "A client with several networks is shut out by a pool that is nearly empty."
    hint    "The reply holds the address that there is. (The next client gets none, so that no health check follows.)"
} {
    set sa [ike init]
    tx $sa IKE_AUTH -config {REQUEST INTERNAL_IP4_ADDRESS INTERNAL_IP4_ADDRESS}
    rx $sa IKE_AUTH response {
        must rfc7296/3.15.4/failure-only-if-none lacks {N(INTERNAL_ADDRESS_FAILURE)}
        must rfc7296/4/leases-address has {CP SA TSi TSr}
    }
    must rfc7296/4/leases-address "an INTERNAL_IP4_ADDRESS" {"INTERNAL_IP4_ADDRESS" in [msg attributes $rx]}
}

testcase config/as-many-as-asked {
    title   "Who asks for one address gets no more"
    cites   {rfc7296/3.15.1/address-count}
    device  responder
    needs   {psk config}
    setup   psk-pool
    bent    {address-count}
    tags    {config}
    why     "The client has addresses that it does not use, and the pool is empty sooner."
} {
    set sa [ike init]
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response
    precondition {[msg has $rx CP]} "the device leased no address"
    set own [lsearch -all -exact [msg attributes $rx] INTERNAL_IP4_ADDRESS]
    must rfc7296/3.15.1/address-count "[llength $own] IPv4 addresses" {[llength $own] <= 1}
}

rows config/several-asked {
    title   "Who asks for several addresses of a family gets no more than asked for"
    cites   {rfc7296/3.15.1/address-count rfc7296/3.15.4/failure-only-if-none rfc7296/4/leases-address}
    device  responder
    needs   {psk config}
    setup   psk-pool
    bent    {address-count}
    tags    {config}
    why     "The client configures what is not its own."
    hint    "One address is enough; the number asked for is the most that may come."
} {ask most} {
    two    {INTERNAL_IP4_ADDRESS INTERNAL_IP4_ADDRESS}                       2
    three  {INTERNAL_IP4_ADDRESS INTERNAL_IP4_ADDRESS INTERNAL_IP4_ADDRESS}  3
    mixed  {INTERNAL_IP4_ADDRESS INTERNAL_IP6_ADDRESS INTERNAL_IP4_ADDRESS}  2
    wish   {INTERNAL_IP4_ADDRESS=10.1.0.70 INTERNAL_IP4_ADDRESS=10.1.0.71}   2
} {
    set sa [ike init]
    tx $sa IKE_AUTH -config "REQUEST $ask"
    rx $sa IKE_AUTH response {
        must rfc7296/3.15.4/failure-only-if-none lacks {N(INTERNAL_ADDRESS_FAILURE)}
        must rfc7296/4/leases-address has {CP SA TSi TSr}
    }
    set own {}
    foreach {name value} [msg attributes $rx] { if {$name eq "INTERNAL_IP4_ADDRESS"} { lappend own $value } }
    must rfc7296/4/leases-address "an INTERNAL_IP4_ADDRESS" {[llength $own] >= 1}
    must rfc7296/3.15.1/address-count "up to $most IPv4 addresses, not $own" {[llength $own] <= $most}
}

rows config/wish {
    title   "A client that wishes for an address gets that one or another, and never what is no address"
    cites   {rfc7296/4/leases-address rfc7296/3.15.1/cfg-suggestion}
    device  responder
    needs   {psk config}
    setup   psk-pool
    bent    {leases-address $bent}
    tags    {config}
    why     "A client that comes again, or moves here from another gateway, gets no tunnel."
    hint    "What stands in the request is a suggestion. 0.0.0.0 says that any will do."
} {wish bent} {
    free     0a010046  {}
    outside  0a630001  {}
    zero     00000000  grants-every-wish
} {
    set sa [ike init]
    tx $sa IKE_AUTH -config "REQUEST INTERNAL_IP4_ADDRESS=0x$wish"
    rx $sa IKE_AUTH response { must rfc7296/4/leases-address has {CP SA TSi TSr} }
    set got ""
    foreach {name value} [msg attributes $rx] { if {$name eq "INTERNAL_IP4_ADDRESS"} { set got $value } }
    must rfc7296/4/leases-address "an address, not \"$got\"" {[string length $got] == 8 && $got ne "00000000"}
    if {$wish eq "0a010046"} { may rfc7296/3.15.1/cfg-suggestion "$got is the one that was wished for" {$got eq $wish} }
    alive-sa $sa -req rfc7296/4/leases-address
}

rows config/odd-length {
    title   "A value of a length that its type does not have is no address, and does no harm"
    cites   {rfc7296/3.15.1/attribute-lengths}
    device  responder
    needs   {psk config}
    setup   psk-pool
    bent    {grants-every-wish}
    tags    {config}
    why     "Octets of other clients' memory come back, or the device goes down."
    hint    "An address, INVALID_SYNTAX, or silence: all conform. What comes back has the right length."
} {ask} {
    one-octet   INTERNAL_IP4_ADDRESS=0x0a
    three       INTERNAL_IP4_ADDRESS=0x0a0100
    five        INTERNAL_IP4_ADDRESS=0x0a01004600
    sixteen     INTERNAL_IP4_ADDRESS=0x000102030405060708090a0b0c0d0e0f
    netmask     {INTERNAL_IP4_NETMASK=0x000000 INTERNAL_IP4_ADDRESS}
    ipv6-16     {INTERNAL_IP6_ADDRESS=0x000102030405060708090a0b0c0d0e0f INTERNAL_IP4_ADDRESS}
    ipv6-18     {INTERNAL_IP6_ADDRESS=0x000102030405060708090a0b0c0d0e0f1011 INTERNAL_IP4_ADDRESS}
    name-server {INTERNAL_IP4_DNS=0x0000000000 INTERNAL_IP4_ADDRESS}
    supported   {SUPPORTED_ATTRIBUTES=0x000102 INTERNAL_IP4_ADDRESS}
} {
    set length {INTERNAL_IP4_ADDRESS 4 INTERNAL_IP4_NETMASK 4 INTERNAL_IP4_DNS 4 INTERNAL_IP6_ADDRESS 17}
    set sa [ike init]
    tx $sa IKE_AUTH -config "REQUEST $ask"
    settle
    set wrong {}
    foreach n [records inbound IKE_AUTH response] {
        if {[record $n msg] eq ""} continue
        foreach {name value} [msg attributes [record $n msg]] {
            if {$name eq "SUPPORTED_ATTRIBUTES" && [string length $value] % 4} { lappend wrong $name $value }
            if {![dict exists $length $name]} continue
            if {[string length $value] ni [list 0 [expr {2 * [dict get $length $name]}]]} { lappend wrong $name $value }
        }
    }
    must rfc7296/3.15.1/attribute-lengths "no value of a wrong length comes back: $wrong" {$wrong eq {}}
}

rows config/two-clients {
    title   "Two clients at a time have two addresses"
    cites   {rfc7296/3.15.1/lease-lasts}
    device  responder
    needs   {psk config}
    setup   psk-pool-anyone
    bent    {lease-lasts}
    tags    {config}
    why     "One of them gets the other's traffic."
    hint    "$hint"
} {rekeyed hint} {
    at-once       0  "The second comes by another name, while the first is there."
    after-rekey   1  "The IKE SA of the first was rekeyed: its address goes over to the new one."
} {
    set address {apply {{given} { foreach {name value} $given { if {$name eq "INTERNAL_IP4_ADDRESS"} { return $value } }; return "" }}}
    set first [ike init]
    tx $first IKE_AUTH
    rx $first IKE_AUTH response
    set a [{*}$address [msg attributes $rx]]
    precondition {$a ne ""} "the first client got no address"
    if {$rekeyed} {
        tx $first CREATE_CHILD_SA -rekey ike
        set first [ike rekeyed $first]
        settle
    }
    conn id_local {FQDN other.lab}
    set second [ike init]
    tx $second IKE_AUTH -edit { if {[msg has $m N(INITIAL_CONTACT)]} { msg remove $m N(INITIAL_CONTACT) } }
    rx $second IKE_AUTH response
    set b [{*}$address [msg attributes $rx]]
    precondition {$b ne ""} "the second client got no address"
    precondition {[answers $first]} "the device gave up the first client for the second"
    must rfc7296/3.15.1/lease-lasts "$a and $b are two" {$a ne $b}
}

rows config/comes-again {
    title   "A client that was here before, and went with or without a word, gets an address again"
    cites   {rfc7296/4/leases-address}
    device  responder
    needs   {psk config}
    setup   {psk-pool pool $pool}
    health  no
    bent    {leases-once}
    tags    {config}
    why     "A laptop that lost its network gets no tunnel any more until somebody looks at the gateway."
    hint    "$hint Whether it is the same address is the gateway's choice, also where the client wishes for it."
} {crash pool hint} {
    after-delete  0  10.1.0.64/32  "The only address is free again once its IKE SA was deleted."
    after-crash   1  10.1.0.64/28  "The old IKE SA is still there; there are more addresses."
} {
    set first [ike init]
    tx $first IKE_AUTH
    rx $first IKE_AUTH response
    set old ""
    foreach {name value} [msg attributes $rx] { if {$name eq "INTERNAL_IP4_ADDRESS"} { set old $value } }
    precondition {[string length $old] == 8} "the client got no address the first time"
    if {$crash} {
        forget $first
    } else {
        tx $first INFORMATIONAL -delete ike
        rx $first INFORMATIONAL response
    }
    set sa [ike init]
    tx $sa IKE_AUTH -config "REQUEST INTERNAL_IP4_ADDRESS=0x$old"
    rx $sa IKE_AUTH response { must rfc7296/4/leases-address has {CP SA TSi TSr} }
    set new ""
    foreach {name value} [msg attributes $rx] { if {$name eq "INTERNAL_IP4_ADDRESS"} { set new $value } }
    must rfc7296/4/leases-address "an address of four octets, not \"$new\"" {[string length $new] == 8}
    note "it had 0x$old and has 0x$new"
    alive-sa $sa -req rfc7296/4/leases-address
}

rows config/half-done-clients {
    title   "Clients that never get as far as an address use up none"
    cites   {rfc7296/4/leases-address}
    device  responder
    needs   {psk config}
    setup   {psk-pool-anyone pool 10.1.0.64/29}
    bent    {counts-half-done-clients}
    tags    {config dos}
    why     "Whoever can send a few datagrams shuts all others out."
    hint    "An address is taken from the pool when AUTH is verified, not before. There are eight, and nine clients before the last one."
} {how} {
    init-only     {}
    wrong-secret  {-psk "not the secret"}
} {
    for {set i 0} {$i < 9} {incr i} {
        conn id_local [list FQDN half$i.lab]
        set sa [ike init]
        if {$how ne ""} {
            tx $sa IKE_AUTH {*}$how
            rx $sa IKE_AUTH response
            precondition {[msg has $rx N(AUTHENTICATION_FAILED)]} "the device let in a client without the secret"
        }
    }
    conn id_local {FQDN t.lab}
    set sa [ike init]
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response { must rfc7296/4/leases-address has {CP SA TSi TSr} }
    must rfc7296/4/leases-address "an INTERNAL_IP4_ADDRESS" {"INTERNAL_IP4_ADDRESS" in [msg attributes $rx]}
}
