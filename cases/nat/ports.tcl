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
        settle 500
    } else {
        set sa [ike establish]
        tx $sa INFORMATIONAL
        settle 500
    }
    set asked $tx_n
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
    must $req "the request was answered" {$looked > 0}
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
    conn force_natt 1
    set sa [ike establish]
    precondition {[string match *:4500 [sa $sa local]]} "the SA does not use port 4500"
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
