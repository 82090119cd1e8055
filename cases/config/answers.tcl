# answers.tcl - RFC 7296 sections 3.15.1, 3.15.2: what a device that leases addresses says besides. It may leave out whatever it
# likes; what it says has one form only.

rows config/attribute-form {
    title   "Each attribute of a reply has the length of its type"
    cites   {rfc7296/3.15.1/attribute-lengths rfc7296/4/leases-address}
    device  responder
    needs   {psk config}
    setup   {psk-pool gives {$gives}}
    bent    {attribute-lengths}
    tags    {config}
    why     "Clients read a name server, or a network, that is none."
    hint    "IPv4 addresses have four octets, IPv6 addresses sixteen; networks have a mask or a prefix length behind them."
} {ask gives} {
    address     {}                   {}
    name-server INTERNAL_IP4_DNS     {INTERNAL_IP4_DNS 10.2.0.53 INTERNAL_IP4_DNS 10.2.0.54}
    netbios     INTERNAL_IP4_NBNS    {INTERNAL_IP4_NBNS 10.2.0.55}
    dhcp        INTERNAL_IP4_DHCP    {INTERNAL_IP4_DHCP 10.2.0.56}
    subnet      INTERNAL_IP4_SUBNET  {INTERNAL_IP4_SUBNET 10.2.0.0/24}
    ipv6-dns    INTERNAL_IP6_DNS     {INTERNAL_IP6_DNS 2001:db8:2::53}
    ipv6-dhcp   INTERNAL_IP6_DHCP    {INTERNAL_IP6_DHCP 2001:db8:2::56}
    ipv6-subnet INTERNAL_IP6_SUBNET  {INTERNAL_IP6_SUBNET 2001:db8:2::/64}
    everything  {INTERNAL_IP4_NETMASK INTERNAL_IP4_DNS INTERNAL_IP4_NBNS INTERNAL_IP4_DHCP APPLICATION_VERSION INTERNAL_IP6_DNS
        INTERNAL_IP6_DHCP INTERNAL_IP4_SUBNET SUPPORTED_ATTRIBUTES INTERNAL_IP6_SUBNET} {INTERNAL_IP4_DNS 10.2.0.53}
} {
    set length {
        INTERNAL_IP4_ADDRESS 4 INTERNAL_IP4_NETMASK 4 INTERNAL_IP4_DNS 4 INTERNAL_IP4_NBNS 4 INTERNAL_IP4_DHCP 4
        INTERNAL_IP6_ADDRESS 17 INTERNAL_IP6_DNS 16 INTERNAL_IP6_DHCP 16 INTERNAL_IP4_SUBNET 8 INTERNAL_IP6_SUBNET 17
    }
    set sa [ike init]
    tx $sa IKE_AUTH -config "REQUEST INTERNAL_IP4_ADDRESS $ask"
    rx $sa IKE_AUTH response { must rfc7296/4/leases-address has {CP SA TSi TSr} }
    foreach {name value} [msg attributes $rx] {
        set octets [expr {[string length $value] / 2}]
        if {[dict exists $length $name]} {
            set right [dict get $length $name]
            must rfc7296/3.15.1/attribute-lengths "$name has $octets octets: 0x$value" {$octets in [list 0 $right]}
        } elseif {$name eq "SUPPORTED_ATTRIBUTES"} {
            must rfc7296/3.15.1/attribute-lengths "$name has $octets octets" {$octets % 2 == 0}
        }
    }
}

testcase config/ipv6-leased {
    title   "An inner IPv6 address has its prefix length behind it"
    cites   {rfc7296/3.15.1/attribute-lengths rfc7296/4/leases-address}
    device  responder
    needs   {psk config}
    setup   {psk-pool pool {10.1.0.64/28 2001:db8:1::/120}}
    bent    {attribute-lengths leases-address}
    tags    {config}
    why     "The client cannot tell address and prefix apart."
    hint    "Sixteen octets and one."
} {
    set sa [ike init]
    tx $sa IKE_AUTH -config {REQUEST INTERNAL_IP4_ADDRESS INTERNAL_IP6_ADDRESS}
    rx $sa IKE_AUTH response { must rfc7296/4/leases-address has {CP SA TSi TSr} }
    set found 0
    foreach {name value} [msg attributes $rx] {
        if {$name ne "INTERNAL_IP6_ADDRESS"} continue
        set found 1
        must rfc7296/3.15.1/attribute-lengths "17 octets in $value" {[string length $value] == 34}
        must rfc7296/3.15.1/attribute-lengths "a prefix length up to 128 in $value" {[scan [string range $value 32 33] %x] <= 128}
    }
    must rfc7296/4/leases-address "an INTERNAL_IP6_ADDRESS" {$found}
}

testcase config/supported-listed {
    title   "The list of supported attributes is one, and holds what the device itself makes use of"
    cites   {rfc7296/3.15.1/supported-attributes-listed}
    device  responder
    needs   {psk config}
    setup   {psk-pool gives {INTERNAL_IP4_DNS 10.2.0.53}}
    bent    {supported-attributes-listed attribute-lengths}
    tags    {config}
    why     "A client takes the list at its word, and does without what there is."
    hint    "SUPPORTED_ATTRIBUTES holds types of two octets each, no type twice. A device that leaves it out conforms."
} {
    set sa [ike init]
    tx $sa IKE_AUTH -config {REQUEST INTERNAL_IP4_ADDRESS INTERNAL_IP4_DNS SUPPORTED_ATTRIBUTES}
    rx $sa IKE_AUTH response
    precondition {[msg has $rx CP]} "the device leased no address"
    set given [msg attributes $rx]
    set listed {}
    set lists 0
    foreach {name value} $given {
        if {$name ne "SUPPORTED_ATTRIBUTES"} continue
        incr lists
        must rfc7296/3.15.1/supported-attributes-listed "whole types in $value" {[string length $value] % 4 == 0}
        foreach {a b c d} [split $value ""] {
            set n [scan $a$b$c$d %x]
            must rfc7296/3.15.1/supported-attributes-listed "$n is a type of 15 bits, and stands there once" {$n < 0x8000 && [names cfg_attr $n] ni $listed}
            lappend listed [names cfg_attr $n]
        }
    }
    must rfc7296/3.15.1/supported-attributes-listed "one list" {$lists <= 1}
    if {!$lists} { note "the device tells no list" } else {
        foreach {name value} $given { must rfc7296/3.15.1/supported-attributes-listed "$name in $listed" {$name in $listed} }
    }
}

testcase config/version-form {
    title   "A version, where one is told, is printable text and nothing else"
    cites   {rfc7296/3.15.1/version-printable}
    device  responder
    needs   {psk config}
    setup   psk-pool
    bent    {version-printable}
    tags    {config}
    why     "Logs and consoles of the peer show rubbish, or lines that somebody else has written."
    hint    "Octets 0x20 to 0x7e; no zero octet ends it."
} {
    set sa [ike init]
    tx $sa IKE_AUTH -config {REQUEST INTERNAL_IP4_ADDRESS APPLICATION_VERSION}
    rx $sa IKE_AUTH response
    precondition {[msg has $rx CP]} "the device leased no address"
    set odd {}
    foreach {name value} [msg attributes $rx] {
        if {$name ne "APPLICATION_VERSION"} continue
        note "the device says of itself 0x$value"
        foreach {a b} [split $value ""] { if {[scan $a$b %x] < 0x20 || [scan $a$b %x] > 0x7e} { lappend odd 0x$a$b } }
    }
    must rfc7296/3.15.1/version-printable "every octet is printable but $odd" {$odd eq {}}
}

testcase config/subnets-reachable {
    title   "A network that the device announces can be reached through it, if need be by a Child SA of its own"
    cites   {rfc7296/3.15.2/subnets-reachable}
    device  responder
    needs   {psk config}
    setup   {psk-pool gives {INTERNAL_IP4_SUBNET 10.2.0.0/24}}
    bent    {announces-what-it-refuses}
    tags    {config ts}
    why     "The client sends there what never arrives."
    hint    "The first Child SA covers half of the network only, as the client asked for no more."
} {
    set sa [ike init]
    tx $sa IKE_AUTH -config {REQUEST INTERNAL_IP4_ADDRESS INTERNAL_IP4_SUBNET} -edit {
        msg set $m {TSr.selector[0].addr_hi} 0x0a02007f
    }
    rx $sa IKE_AUTH response
    precondition {[msg has $rx CP] && [msg has $rx SA]} "the device leased no address"
    set given [msg attributes $rx]
    set own ""
    foreach {name value} $given { if {$name eq "INTERNAL_IP4_ADDRESS"} { set own $value } }
    precondition {$own ne ""} "the device leased no IPv4 address"
    set dotted {apply {{h} { scan $h %2x%2x%2x%2x a b c d; return $a.$b.$c.$d }}}
    foreach {name value} $given {
        if {$name ne "INTERNAL_IP4_SUBNET" || [string length $value] != 16} continue
        set net [scan [string range $value 0 7] %x]
        set last [format %08x [expr {$net | ~[scan [string range $value 8 15] %x] & 0xffffffff}]]
        tx $sa CREATE_CHILD_SA -new -ts-i [{*}$dotted $own]/32 -ts-r [{*}$dotted [string range $value 0 7]]-[{*}$dotted $last]
        rx $sa CREATE_CHILD_SA response
        precondition {![msg has $rx N(NO_ADDITIONAL_SAS)]} "the device makes no further Child SAs"
        should rfc7296/3.15.2/subnets-reachable "a Child SA for $value, in [msg payloads $rx]" {[msg has $rx SA]}
    }
}
