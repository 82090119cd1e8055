# ports.tcl - RFC 7296 sections 2.11 and 2.23: from which port to which, in which form, and when an address is followed.

rows nat/answer-from-receiver {
    title   "A response comes from the address and port that the request was sent to"
    cites   {$req}
    device  both
    needs   {psk}
    setup   psk
    bent    {$bent}
    tags    {nat}
    why     "Firewalls and NATs drop the answer: nobody asked that port."
    hint    "Answer from the socket that the request came in on."
} {req bent} {
    mirrored  rfc7296/2.11/answer-from-receiver     answer-from-receiver
    known     rfc7296/2.23/send-on-500-or-4500      send-on-500-or-4500
} {
    if {$role eq "responder"} {
        tx IKE_SA_INIT
    } else {
        set sa [ike establish]
        tx $sa INFORMATIONAL
    }
    set asked $tx_n
    settle
    set looked 0
    foreach n [records inbound] {
        if {[record $n proto] ni {ike esp}} continue
        if {$bent eq "send-on-500-or-4500"} {
            incr looked
            must $req "message $n came from [record $n remote]" {[string match *:500 [record $n remote]] || [string match *:4500 [record $n remote]]}
        } elseif {$n > $asked} {
            incr looked
            must $req "message $n came from [record $n remote] to [record $n local]" {[record $n remote] eq [record $asked remote] && [record $n local] eq [record $asked local]}
        }
    }
    precondition {$looked} "nothing was answered so soon"
}

rows nat/other-form-of-esp {
    title   "ESP is taken in UDP and without, whichever the SA uses itself"
    cites   {$req}
    device  both
    needs   {psk esp nat-traversal !udp-encap-only}
    setup   psk
    bent    {both-esp-forms-received}
    tags    {nat esp}
    why     "Packets are lost when a NAT appears or goes."
    hint    "Once both ends have sent NAT detection payloads either form may come at any time."
} {natt form req} {
    udp-without-nat  0 udp   rfc7296/2.23/udp-esp-without-nat
    udp-any-time     0 udp   rfc7296/2.23/both-esp-forms-received
    plain-any-time   1 plain rfc7296/2.23/both-esp-forms-received
} {
    conn force_natt $natt
    set sa [ike establish]
    precondition {[string match *:4500 [sa $sa local]] == $natt} "the SA uses the other form already"
    precondition {[esp-echo $sa]} "no traffic in the SA's own form"
    # the packet is taken away, and put on the way in the other form
    drop outbound ESP
    esp-send $sa
    drop outbound off
    set before [llength [records inbound ESP]]
    if {$form eq "udp"} {
        raw [record $esp_n bytes] -port 4500
    } else {
        raw [record $esp_n bytes] -proto 50
    }
    settle
    must $req "the packet is answered" {[llength [records inbound ESP]] > $before}
}

testcase nat/esp-never-on-500 {
    title   "ESP never comes in UDP on port 500"
    cites   {rfc7296/2.23/no-udp-esp-on-500}
    device  both
    needs   {psk esp}
    setup   psk
    bent    {no-udp-esp-on-500}
    tags    {nat esp}
    why     "The peer takes such packets for broken IKE messages."
    hint    "ESP in UDP belongs to port 4500, from the marker on."
} {
    set sa [ike establish]
    foreach i {1 2 3} { esp-send $sa }
    settle
    set spi [binary decode hex [child $sa spi_in]]
    foreach n [records inbound] {
        if {[record $n ip_protocol] != 17} continue
        set on_500 [expr {[string match *:500 [record $n local]] || [string match *:500 [record $n remote]]}]
        must rfc7296/2.23/no-udp-esp-on-500 "datagram $n on port 500 is no ESP packet" {!($on_500 && [string range [record $n bytes] 0 3] eq $spi)}
    }
}

testcase nat/replay-not-followed {
    title   "A repeated request from another port does not move the peer's address"
    cites   {rfc7296/2.23/follow-new-packets-only}
    device  both
    needs   {psk nat-traversal virtual-time}
    setup   psk
    bent    {follow-new-packets-only}
    tags    {nat replay security}
    why     "Whoever recorded one packet turns the tunnel to himself."
    hint    "Follow what is new and verified; answer a repetition where it came from, no more."
} {
    set sa [ike floated]
    tx $sa INFORMATIONAL
    rx $sa INFORMATIONAL response
    set host [lindex [split [sa $sa local] :] 0]
    raw [record $tx_n bytes] -to [sa $sa remote] -from $host:61235
    settle
    set before [llength [records inbound]]
    dut delete-child $sa
    settle
    set came [lrange [records inbound] $before end]
    precondition {[llength $came]} "the device sent no request"
    foreach n $came { must rfc7296/2.23/follow-new-packets-only "what the device begins comes to [record $n local]" {[record $n local] eq [sa $sa local]} }
}

rows nat/mapping-followed {
    title   "The device sends to where a new and genuine request of a peer behind a NAT came from, unless it is behind one itself"
    cites   {$req}
    device  both
    needs   {psk nat-traversal virtual-time}
    setup   psk
    bent    {$bent}
    tags    {nat}
    why     "When the NAT forgets a peer and finds it again, the tunnel is dead in one direction."
    hint    "What verified and is new may move the peer; a NAT of one's own makes both ends move each other."
} {behind req bent port} {
    follows  0  rfc7296/2.23/follow-validated-address  follow-validated-address  61237
    stays    1  rfc7296/2.23/behind-nat-no-follow      behind-nat-no-follow      4500
} {
    if {$behind} {
        edit outbound IKE_SA_INIT any { msg set $m N(NAT_DETECTION_DESTINATION_IP).data 0x[string repeat 22 20] }
    }
    conn force_natt 1
    set sa [ike establish]
    edit clear
    precondition {[string match *:4500 [sa $sa local]]} "the SA does not use port 4500"
    set host [lindex [split [sa $sa local] :] 0]
    # the request leaves by another mapping
    drop outbound INFORMATIONAL request -count 1
    tx $sa INFORMATIONAL
    drop outbound off
    set before [llength [records inbound]]
    raw [record $tx_n bytes] -to [sa $sa remote] -from $host:61237
    settle
    set answers [lrange [records inbound] $before end]
    precondition {[llength $answers]} "the request is not answered"
    dut delete-child $sa
    settle
    # the tester's engine, which knows nothing of the mapping, goes on asking: answers to that are not looked at
    set came {}
    foreach n [lrange [records inbound] $before end] { if {![same-bytes [lindex $answers 0] $n]} { lappend came $n } }
    precondition {[llength $came]} "the device sent no request"
    foreach n $came { should $req "what the device begins comes to [record $n local]" {[record $n local] eq "$host:$port"} }
}

testcase nat/transport-substituted {
    title   "In transport mode a peer behind a NAT gets the address that the device sees, in place of the one that it named"
    cites   {rfc7296/2.23.1/transport-ts-substituted}
    device  responder
    needs   {psk nat-traversal transport-mode}
    setup   psk-transport
    bent    {transport-ts-substituted}
    tags    {nat ts transport}
    why     "Hosts behind a NAT get no transport mode, or an SA for an address that the device never meets."
    hint    "Put the source address of the IKE packet into TSi before policy is looked up, and send that back."
} {
    conn force_natt 1
    set sa [ike init]
    precondition {[string match *:4500 [sa $sa local]]} "the SA does not use port 4500"
    set seen [lindex [split [sa $sa local] :] 0]
    tx $sa IKE_AUTH -edit {
        precondition {[msg has $m N(USE_TRANSPORT_MODE)]} "the tester asks for no transport mode"
        msg set $m {TSi.selector[0].addr_lo} 10.99.9.9 {TSi.selector[0].addr_hi} 10.99.9.9
    }
    rx $sa IKE_AUTH response
    precondition {![msg has $rx SA] || [msg has $rx N(USE_TRANSPORT_MODE)]} "the device declines transport mode"
    must rfc7296/2.23.1/transport-ts-substituted "a Child SA is made" {[msg has $rx SA] && [msg has $rx TSi] && [msg has $rx TSr]}
    must rfc7296/2.23.1/transport-ts-substituted "TSi is the address that the device sees, $seen" {
        [msg get $rx {TSi.selector[0].addr_lo}] eq $seen && [msg get $rx {TSi.selector[0].addr_hi}] eq $seen
    }
}

rows nat/transport-one-address {
    title   "In transport mode through a NAT the device names one address on each side, those of the IKE SA"
    cites   {rfc7296/2.23.1/transport-ts-one-address rfc7296/2.23/transport-nat-one-address}
    device  initiator
    needs   {psk nat-traversal transport-mode}
    setup   psk-transport
    bent    {names-a-network names-somebody-else}
    tags    {nat ts transport}
    why     "The responder cannot tell which address to put in place of which."
    hint    "TSi is the source, TSr the destination of the IKE packets as the initiator sees them."
} {payload field} {
    own    TSi remote
    peers  TSr local
} {
    conn force_natt 1
    set sa [ike init]
    rx $sa IKE_AUTH request
    precondition {[msg has $rx N(USE_TRANSPORT_MODE)]} "the device asks for no transport mode"
    set host [lindex [split [record $rx_n $field] :] 0]
    for {set i 0} {[msg exists $rx "$payload.selector\[$i\].addr_lo"]} {incr i} {
        set lo [msg get $rx "$payload.selector\[$i\].addr_lo"]
        set hi [msg get $rx "$payload.selector\[$i\].addr_hi"]
        must rfc7296/2.23/transport-nat-one-address "selector $i is one address: $lo to $hi" {$lo eq $hi}
        must rfc7296/2.23.1/transport-ts-one-address "it is that of the IKE SA, $host: $lo" {$lo eq $host}
    }
    must rfc7296/2.23/transport-nat-one-address "there are selectors" {$i > 0}
}

testcase nat/ports-after-rekey {
    title   "A rekeyed IKE SA stays on port 4500 when a NAT was found"
    cites   {rfc7296/2.23/ports-kept-by-rekey}
    device  both
    needs   {psk nat-traversal rekey-on-demand}
    bent    {ports-kept-by-rekey}
    tags    {nat rekey}
    why     "After the first rekey the peer behind the NAT is out of reach."
    hint    "Addresses, ports and what was found about NATs go over to the new IKE SA."
} {
    set sa [ike floated]
    dut rekey-ike $sa
    rx $sa CREATE_CHILD_SA request
    settle
    set new [ike rekeyed $sa]
    # before the tester says anything under it: what verified may move the peer
    set before [llength [records inbound]]
    dut rekey-child $new
    settle
    foreach n [lrange [records inbound] $before end] {
        if {[record $n proto] ne "ike"} continue
        must rfc7296/2.23/ports-kept-by-rekey "what the device begins comes from [record $n remote] to [record $n local]" {[string match *:4500 [record $n local]] && [string match *:4500 [record $n remote]]}
    }
    tx $new INFORMATIONAL
    rx $new INFORMATIONAL response
    must rfc7296/2.23/ports-kept-by-rekey "the answer under the new SA comes to [record $rx_n local]" {[string match *:4500 [record $rx_n local]]}
}
