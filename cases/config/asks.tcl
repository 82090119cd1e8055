# asks.tcl - RFC 7296 sections 2.19, 3.15, 4: a device that asks for an inner address.

testcase config/asks-in-auth {
    title   "A device that needs an inner address asks for it in its first IKE_AUTH request, before SA"
    cites   {rfc7296/4/cp-in-first-auth rfc7296/2.19/address-asked-in-auth rfc7296/2.19/cp-with-sa rfc7296/2.19/cfg-request-has-address rfc7296/2.19/cp-before-sa}
    device  initiator
    needs   {psk config}
    setup   psk-asks
    health  no
    bent    {cp-in-first-auth cfg-request-has-address cp-before-sa}
    tags    {config}
    why     "A gateway that leases addresses refuses its Child SA."
    hint    "CFG_REQUEST with INTERNAL_IP4_ADDRESS or INTERNAL_IP6_ADDRESS stands before SA."
} {
    set sa [ike init]
    rx $sa IKE_AUTH request {
        must rfc7296/4/cp-in-first-auth has {CP}
        must rfc7296/2.19/address-asked-in-auth has {CP}
        must rfc7296/2.19/cp-with-sa has {CP SA}
    }
    must rfc7296/2.19/address-asked-in-auth "CP is a CFG_REQUEST" {[msg get $rx CP.type] in {1 REQUEST CFG_REQUEST}}
    must rfc7296/2.19/cfg-request-has-address "an address is asked for" {[regexp {INTERNAL_IP[46]_ADDRESS} [msg paths $rx]]}
    set chain [msg payloads $rx]
    must rfc7296/2.19/cp-before-sa "CP before SA in $chain" {[lsearch -exact $chain CP] < [lsearch -exact $chain SA]}
}

rows config/asks-empty {
    title   "What it asks for without value has none, and nothing reserved is set"
    cites   {rfc7296/3.15.1/netmask-request-empty rfc7296/3.15.1/supported-attributes-empty rfc7296/3.15/cp-reserved-zero rfc7296/3.15.1/attribute-bit-zero}
    device  initiator
    needs   {psk config}
    setup   {psk-asks ask-for {$ask}}
    health  no
    bent    {$bent asks-with-attribute-bit asks-with-netmask asks-with-supported}
    tags    {config}
    why     "A strict gateway refuses the request."
    hint    "INTERNAL_IP4_NETMASK and SUPPORTED_ATTRIBUTES are empty in a CFG_REQUEST."
} {ask bent} {
    address    INTERNAL_IP4_ADDRESS                          asks-with-reserved
    netmask    {INTERNAL_IP4_ADDRESS INTERNAL_IP4_NETMASK}   netmask-request-empty
    supported  {INTERNAL_IP4_ADDRESS SUPPORTED_ATTRIBUTES}   supported-attributes-empty
} {
    set sa [ike init]
    rx $sa IKE_AUTH request
    precondition {[msg has $rx CP]} "the device asks for nothing"
    must rfc7296/3.15/cp-reserved-zero "the reserved octets" {[msg get $rx CP.reserved2] == 0}
    foreach p [msg paths $rx] {
        lassign $p path value
        if {[regexp {^CP.*attribute\[\d+\]\.reserved$} $path]} { must rfc7296/3.15.1/attribute-bit-zero "$path is $value" {$value == 0} }
    }
    foreach {type value} [msg attributes $rx] {
        if {$value eq ""} continue
        must rfc7296/3.15.1/netmask-request-empty "$type has the value $value" {$type ne "INTERNAL_IP4_NETMASK"}
        must rfc7296/3.15.1/supported-attributes-empty "$type has the value $value" {$type ne "SUPPORTED_ATTRIBUTES"}
    }
}
