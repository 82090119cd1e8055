# mode.tcl - RFC 7296 section 1.3.1: tunnel mode, unless both ends said transport mode.

testcase child/transport-confirmed {
    title   "A device that accepts transport mode says so in its response"
    cites   {rfc7296/1.3.1/transport-mode-confirmed}
    device  responder
    needs   {psk transport-mode}
    setup   psk-transport
    bent    {transport-unconfirmed}
    rev     2
    tags    {child transport}
    why     "One end sends in tunnel mode, the other in transport mode: nothing passes."
    hint    "USE_TRANSPORT_MODE comes back, or the SA is one in tunnel mode."
} {
    set sa [ike init]
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response
    precondition {[msg has $rx SA]} "no Child SA was made"
    # who does not want transport mode says nothing, and the SA is one in tunnel mode; which the tester takes it for
    settle
    precondition {[msg has $rx N(USE_TRANSPORT_MODE)] || ![esp-echo $sa]} "the device declines transport mode"
    must rfc7296/1.3.1/transport-mode-confirmed "USE_TRANSPORT_MODE stands in the response" {[msg has $rx N(USE_TRANSPORT_MODE)]}
}

testcase child/transport-declined {
    title   "When the response lacks USE_TRANSPORT_MODE the device uses tunnel mode, or deletes the SA"
    cites   {rfc7296/1.3.1/transport-declined-is-tunnel rfc7296/1.3.1/tunnel-unwanted-deleted}
    device  initiator
    needs   {psk esp transport-mode}
    setup   psk-transport
    bent    {transport-declined-is-tunnel declines-and-deletes-another}
    rev     2
    tags    {child transport esp}
    why     "One end sends in tunnel mode, the other in transport mode: nothing passes."
    hint    "What was asked for is not what was agreed on. Who does not want tunnel mode sends a Delete."
} {
    conn transport 0
    set sa [ike init]
    rx $sa IKE_AUTH request
    precondition {[msg has $rx N(USE_TRANSPORT_MODE)]} "the device does not ask for transport mode"
    settle 50
    set made [expr {[sa-up $sa] && [child $sa count] ? [child $sa spi_in] : ""}]
    settle
    set deleted [llength [records inbound INFORMATIONAL request -has {D}]]
    set works [expr {!$deleted && [esp-echo $sa]}]
    must rfc7296/1.3.1/transport-declined-is-tunnel "tunnel mode works, or a Delete came" {$deleted || $works}
    must rfc7296/1.3.1/tunnel-unwanted-deleted "tunnel mode works, or the Delete closed the Child SA" {
        $works || ![sa-up $sa] || ![child $sa count] || [child $sa spi_in] ne $made
    }
}

testcase child/tunnel-by-default {
    title   "Nobody asked for transport mode: the response does not speak of it, and packets hold whole IP packets"
    cites   {rfc7296/1.3.1/tunnel-by-default}
    device  responder
    needs   {psk esp}
    bent    {transport-unasked}
    tags    {child esp}
    why     "The peer cannot read what comes."
    hint    "Tunnel mode is the default; the next header of ESP is 4 or 41."
} {
    set sa [ike init]
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response { must rfc7296/1.3.1/tunnel-by-default lacks {N(USE_TRANSPORT_MODE)} }
    settle 300
    must-traffic $sa
    foreach n [records inbound ESP] {
        must rfc7296/1.3.1/tunnel-by-default "packet $n holds an IP packet: next header [record $n next]" {[record $n next] in {4 41 59}}
    }
}
