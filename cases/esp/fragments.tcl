# fragments.tcl - RFC 4303 sections 3.3.4 and 3.4.1, RFC 4301 section 7: fragments inside and outside of the tunnel.

rows esp/large-packets {
    title   "A packet too large for the path, which IP cuts on its way, is put together and taken"
    cites   {rfc4303/3.4.1/reassembled-before-esp}
    device  both
    needs   {psk esp}
    bent    {reassembled-before-esp}
    tags    {esp fragments}
    why     "Large packets never arrive."
    hint    "IP puts fragments together first, then comes ESP."
} {octets} {
    just-two 1500
    three    3000
    many     8000
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    must-traffic $sa -payload [string repeat f $octets]
}

testcase esp/whole-in-transport-mode {
    title   "In transport mode the device seals whole packets, and leaves cutting to IP"
    cites   {rfc4303/3.3.4/fragment-after-esp}
    device  both
    needs   {psk esp transport-mode}
    setup   psk-transport
    bent    {fragment-after-esp}
    tags    {esp fragments}
    why     "The receiver takes a fragment for a whole packet."
} {
    set sa [ike establish]
    precondition {[child $sa transport]} "the SA is not in transport mode"
    precondition {[esp-echo $sa]} "no traffic passes the SA"
    set before [llength [records inbound ESP]]
    esp-send $sa -payload [string repeat f 3000]
    settle
    set packets [lrange [records inbound ESP] $before end]
    precondition {[llength $packets]} "there is no answer"
    foreach n $packets {
        must rfc4303/3.3.4/fragment-after-esp "packet $n holds the whole ICMP message" {[string length [record $n inner]] == 3008}
    }
}

rows esp/inner-fragments {
    title   "A tunnel for all ports carries the fragments of a packet"
    cites   {rfc4301/7.1/tunnel-any-port-fragments}
    device  both
    needs   {psk esp}
    bent    {tunnel-any-port-fragments}
    tags    {esp fragments}
    why     "Large packets of hosts behind the gateways never arrive."
    hint    "Fragments have no ports, and an SA for all ports asks for none."
} {payload size order} {
    two        200  128   {0 1}
    turned     200  128   {1 0}
    four       900  256   {0 1 2 3}
    shuffled   900  256   {3 1 0 2}
    smallest   16   8     {0 1 2}
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    set pieces [inner fragments [inner echo 10.1.0.1 10.2.0.1 700 1 [string repeat g $payload]] $size]
    precondition {[llength $pieces] == [llength $order]} "the packet has [llength $pieces] fragments"
    set before [llength [records inbound ESP]]
    foreach i $order { esp-send $sa -inner [lindex $pieces $i] }
    settle
    must rfc4301/7.1/tunnel-any-port-fragments "the packet is answered" {[llength [records inbound ESP]] > $before}
}

testcase esp/fragments-not-agreed {
    title   "On an SA for certain ports later fragments are dropped unless both ends agreed to them"
    cites   {rfc4301/7.3/fragments-not-agreed-dropped rfc7296/1.3.1/non-first-fragments-agreed}
    rev     2
    device  both
    needs   {psk esp !udp-encap-only}
    setup   psk
    bent    {fragments-not-agreed-dropped takes-turned-fragments}
    tags    {esp fragments ts}
    why     "Whoever cuts a packet chooses where it goes, whatever the ports of the SA."
    hint    "NON_FIRST_FRAGMENTS_ALSO has to come from both ends."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new -ts-i [list {10.1.0.0/24[6/0-65535]}] -ts-r [list {10.2.0.0/24[6/9-9]}]
    rx $sa CREATE_CHILD_SA response
    settle
    precondition {[child $sa count] == 2} "the device makes no Child SA of these selectors"
    precondition {![msg has $rx N(NON_FIRST_FRAGMENTS_ALSO)]} "the device asks for fragments that nobody offered"
    set narrow [child $sa spi_in 1]
    set syn [inner tcp 10.1.0.1:1000 10.2.0.1:9 2 1 [string repeat h 100]]
    set before [llength [records inbound ESP]]
    esp-send $sa -child $narrow -inner $syn
    settle
    precondition {[llength [records inbound ESP]] > $before} "the whole packet is not answered"
    set before [llength [records inbound ESP]]
    foreach piece [inner fragments $syn 64] { esp-send $sa -child $narrow -inner $piece }
    settle
    must rfc4301/7.3/fragments-not-agreed-dropped "the packet in fragments is not answered" {[llength [records inbound ESP]] == $before}
    # the same from another port, the last fragment first
    set syn [inner tcp 10.1.0.1:1001 10.2.0.1:9 2 1 [string repeat h 100]]
    foreach piece [lreverse [inner fragments $syn 64]] { esp-send $sa -child $narrow -inner $piece }
    settle
    must rfc7296/1.3.1/non-first-fragments-agreed "nor is it when its last fragment comes first" {[llength [records inbound ESP]] == $before}
}
