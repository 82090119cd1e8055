# answer.tcl - RFC 7296 section 2.9: what an initiator does with the selectors of the response.

rows ts/answer-beyond-offer {
    title   "Nothing beyond its own offer passes when the response names more"
    cites   {rfc7296/2.9/wider-answer-refused}
    device  initiator
    needs   {psk esp}
    bent    {response-is-subset}
    tags    {ts esp}
    why     "The responder reads and sends traffic that the device never offered."
    hint    "Are the selectors of the response compared with those of the request?"
} {side lo hi source} {
    all      TSi 0.0.0.0  255.255.255.255 device
    bigger   TSr 10.0.0.0 10.255.255.255  10.7.7.7
    disjoint TSr 198.51.100.0 198.51.100.255 198.51.100.7
} {
    # the tester is the responder: its own addresses are those of TSr
    edit outbound IKE_AUTH response {
        msg set $m $side.selector\[0\].addr_lo $lo $side.selector\[0\].addr_hi $hi
    }
    set sa [ike init]
    rx $sa IKE_AUTH request
    settle
    set from [expr {$source eq "device" ? "10.1.0.1" : $source}]
    set to [expr {$source eq "device" ? "10.9.0.1" : "10.2.0.1"}]
    if {[child $sa count]} { esp-send $sa -inner [inner echo $from $to 77 1] }
    settle
    must rfc7296/2.9/wider-answer-refused "no answer to a packet from $from to $to" {![llength [records inbound ESP]]}
}

testcase ts/answer-narrowed {
    title   "The SA carries only what a narrowed response names"
    cites   {rfc7296/2.9/narrowed-installed}
    device  initiator
    needs   {psk esp}
    setup   psk
    bent    {inbound-selectors-checked}
    tags    {ts esp}
    why     "Traffic passes that the responder has refused."
} {
    edit outbound IKE_AUTH response {
        msg set $m {TSr.selector[0].addr_lo} 10.1.0.0 {TSr.selector[0].addr_hi} 10.1.0.15
    }
    set sa [ike init]
    rx $sa IKE_AUTH request
    settle
    precondition {[child $sa count] == 1} "no Child SA was made"
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    settle
    set before [llength [records inbound ESP]]
    esp-send $sa -inner [inner echo 10.1.0.99 10.2.0.1 78 1]
    settle
    must rfc7296/2.9/narrowed-installed "no answer to a packet from 10.1.0.99" {[llength [records inbound ESP]] == $before}
}
