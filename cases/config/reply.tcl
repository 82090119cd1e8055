# reply.tcl - RFC 7296 section 3.15: an inner address that is asked for, of a device that may have one or none to give.

rows config/address-asked {
    title   "Whether there is an address to give or not, the IKE SA comes up"
    cites   {rfc7296/3.15.4/address-failure-keeps-ike}
    device  responder
    needs   {psk}
    bent    {refuses-without-address}
    tags    {config}
    why     "A client that could do without an address, or ask again, is shut out."
    hint    "INTERNAL_ADDRESS_FAILURE stands beside IDr and AUTH; only the Child SA fails."
} {ask} {
    ipv4      INTERNAL_IP4_ADDRESS
    ipv6      INTERNAL_IP6_ADDRESS
    both      {INTERNAL_IP4_ADDRESS INTERNAL_IP6_ADDRESS}
    wish      INTERNAL_IP4_ADDRESS=10.1.99.99
} {
    set sa [ike init]
    tx $sa IKE_AUTH -config "REQUEST $ask"
    rx $sa IKE_AUTH response { must rfc7296/3.15.4/address-failure-keeps-ike has {IDr AUTH} }
    alive-sa $sa
}

rows config/netmask {
    title   "A netmask comes with an address only, and once"
    cites   {rfc7296/3.15.1/netmask-needs-address}
    device  responder
    needs   {psk}
    bent    {$bent}
    tags    {config}
    why     "The client configures a network that is not there."
    hint    "INTERNAL_IP4_NETMASK belongs to INTERNAL_IP4_ADDRESS in the same CFG_REPLY."
} {ask bent} {
    alone         INTERNAL_IP4_NETMASK                         sends-netmask-alone
    with-address  {INTERNAL_IP4_ADDRESS INTERNAL_IP4_NETMASK}  sends-netmask-twice
} {
    set sa [ike init]
    tx $sa IKE_AUTH -config "REQUEST $ask"
    rx $sa IKE_AUTH response
    set types [lmap {type value} [msg attributes $rx] { string cat $type }]
    set masks [llength [lsearch -all -exact $types INTERNAL_IP4_NETMASK]]
    set addresses [llength [lsearch -all -exact $types INTERNAL_IP4_ADDRESS]]
    must rfc7296/3.15.1/netmask-needs-address "$masks netmasks with $addresses addresses" {$masks == 0 || $masks == 1 && $addresses >= 1}
}
