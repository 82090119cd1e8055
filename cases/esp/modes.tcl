# modes.tcl - RFC 4303 section 3.1, RFC 4301 section 4.1: tunnel and transport mode, and IP versions inside and outside.

rows esp/mode-works {
    title   "An SA in this mode is made and carries traffic"
    cites   {$req}
    device  both
    needs   $needs
    setup   $setup
    bent    {$bent}
    tags    {esp}
    why     "Peers that are set to it cannot connect, or nothing passes."
} {needs setup transport req bent} {
    tunnel-of-host     {psk esp transport-mode}  psk            0  rfc4301/4.1/host-both-modes      esp-not-taken
    transport-of-host  {psk esp transport-mode}  psk-transport  1  rfc4301/4.1/host-both-modes      transport-mode-unsaid
    tunnel-of-gateway  {psk esp}                 psk            0  rfc4301/4.1/gateway-tunnel-mode  esp-not-taken
} {
    set sa [ike establish]
    # (who answers without USE_TRANSPORT_MODE wants tunnel mode, RFC 7296 1.3.1)
    precondition {!$transport || [child $sa transport] || $role eq "initiator" || ![esp-echo $sa]} "the device declines transport mode"
    must $req "the mode is the one that was asked for" {[child $sa transport] == $transport}
    must-traffic $sa
}

testcase esp/transport-form {
    title   "In transport mode ESP holds what follows the IP header, and no header of its own"
    cites   {rfc4303/3.1.1/transport-keeps-header}
    device  both
    needs   {psk esp transport-mode}
    setup   psk-transport
    bent    {transport-keeps-header}
    tags    {esp}
    why     "The two ends agree on a mode and use another."
} {
    set sa [ike establish]
    precondition {[child $sa transport]} "the SA is not in transport mode"
    esp-send $sa -payload "in transport mode"
    settle
    set packets [records inbound ESP]
    precondition {[llength $packets]} "there is no answer"
    foreach n $packets {
        must rfc4303/3.1.1/transport-keeps-header "the next header of packet $n is ICMP" {[record $n next] == 1}
        must rfc4303/3.1.1/transport-keeps-header "it holds the echo reply alone" {[string length [record $n inner]] == 25}
    }
}

rows esp/versions-mixed {
    title   "A tunnel carries packets of one IP version in those of the other"
    cites   {rfc4303/3.1.2/tunnel-mixed-versions}
    device  both
    needs   $needs
    setup   $setup
    bent    {tunnel-mixed-versions}
    tags    {esp ipv6}
    why     "Networks with IPv6 cannot be joined over IPv4, or the other way round."
} {needs setup} {
    v6-in-v4  {psk esp ipv6 !udp-encap-only}  {psk device_ts 2001:db8:2::/64 tester_ts 2001:db8:1::/64}
    v4-in-v6  {psk esp ipv6 virtual-time}     psk-over-ipv6
} {
    set sa [ike establish]
    must-traffic $sa
    must-traffic $sa -payload [string repeat v 500]
    foreach n [records inbound ESP] { must rfc4303/3.1.2/tunnel-mixed-versions "the next header says which it is" {[record $n next] == ([regexp {^\[?2001:} [record $n local]] ? 4 : 41)} }
}
