# more.tcl - RFC 7296 sections 2.9, 3.13: selectors of several kinds and numbers.

rows ts/numbers-differ {
    title   "TSi and TSr may hold different numbers of selectors"
    cites   {rfc7296/3.13/ts-counts-differ}
    device  responder
    needs   {psk}
    bent    {ts-refused-always}
    tags    {ts}
    why     "Peers with several networks on one side get no tunnel."
    hint    "The two payloads are independent of each other."
} {initiator responder} {
    one-and-two   {070000100000ffff0a0100000a0100ff} {070600100000ffff0a0200000a0200ff 071100100000ffff0a0200000a0200ff}
    two-and-one   {070600100000ffff0a0100000a0100ff 071100100000ffff0a0100000a0100ff} {070000100000ffff0a0200000a0200ff}
    one-and-four  {070000100000ffff0a0100000a0100ff} {070600100000ffff0a0200000a0200ff 071100100000ffff0a0200000a0200ff 078400100000ffff0a0200000a0200ff 070100100000ffff0a0200000a0200ff}
} {
    set sa [ike init]
    tx $sa IKE_AUTH -edit {
        foreach ts {TSi TSr} list [list $initiator $responder] {
            msg remove $m $ts
            msg add $m $ts -body [binary format cx3 [llength $list]][binary decode hex [join $list ""]]
        }
    }
    rx $sa IKE_AUTH response { must rfc7296/3.13/ts-counts-differ has {SA TSi TSr} }
}

rows ts/kinds-exact {
    title   "A selector of this kind comes back as it was meant, or narrower"
    cites   {$req}
    device  responder
    needs   {psk}
    bent    {$bent}
    tags    {ts}
    why     "Traffic that was never agreed to goes into the tunnel, or the right traffic does not."
    hint    "ICMP type and code are the upper and lower octet of the port; a range is not rounded to a network; OPAQUE is 65535 to 0."
} {protocol port_lo port_hi lo hi req bent} {
    icmp-echo       1  0x0800 0x0800 10.2.0.0  10.2.0.255 rfc7296/3.13.1/icmp-as-port ts-widened
    icmp-all-codes  1  0x0300 0x03ff 10.2.0.0  10.2.0.255 rfc7296/3.13.1/icmp-as-port ts-widened
    range-inside    0  0      65535  10.2.0.1  10.2.0.77  rfc7296/3.13.1/range-exact  ts-rounded
    range-edge      0  0      65535  10.2.0.1  10.2.0.254 rfc7296/3.13.1/range-exact  ts-rounded
    opaque          17 65535  0      10.2.0.0  10.2.0.255 rfc7296/3.13.1/opaque-ports ts-opaque-ends-at-one
} {
    set sa [ike init]
    tx $sa IKE_AUTH -edit {
        foreach ts {TSi TSr} { msg set $m $ts.selector\[0\].protocol $protocol }
        msg set $m {TSr.selector[0].addr_lo} $lo {TSr.selector[0].addr_hi} $hi
        foreach ts [expr {$protocol == 1 ? {TSr} : {TSi TSr}}] { msg set $m $ts.selector\[0\].port_lo $port_lo $ts.selector\[0\].port_hi $port_hi }
        if {$protocol == 1} { msg set $m {TSi.selector[0].port_lo} $port_lo {TSi.selector[0].port_hi} $port_hi }
    }
    rx $sa IKE_AUTH response
    # whether it may refuse is judged elsewhere (ts/smaller-offer-kept); here it has changed nothing
    if {![msg has $rx TSr]} { must $req "what comes without selectors is a refusal" {[msg has $rx N(TS_UNACCEPTABLE)]}; return }
    for {set i 0} {[msg has $rx TSr.selector\[$i\]]} {incr i} {
        foreach f {port_lo port_hi addr_lo addr_hi} { set got_$f [msg get $rx TSr.selector\[$i\].$f] }
        foreach {name value} [list from $got_addr_lo to $got_addr_hi least $lo most $hi] {
            scan $value %d.%d.%d.%d a b c d
            set $name [expr {($a << 24) + ($b << 16) + ($c << 8) + $d}]
        }
        must $req "$got_addr_lo-$got_addr_hi lies within $lo-$hi" {$least <= $from && $to <= $most}
        if {$protocol == 1} {
            must $req "$got_port_lo-$got_port_hi lies within the ICMP type and code asked for" {$port_lo <= $got_port_lo && $got_port_lo <= $got_port_hi && $got_port_hi <= $port_hi}
        }
        if {$got_port_lo > $got_port_hi} { must $req "ports $got_port_lo-$got_port_hi, which end before they begin, are OPAQUE" {$got_port_lo == 65535 && $got_port_hi == 0} }
    }
}

rows ts/own-policy-kept {
    title   "A response that would break the device's own policy is not installed"
    cites   {rfc7296/2.9.1/own-policy-not-violated}
    device  initiator
    needs   {psk esp}
    bent    {response-is-subset}
    tags    {ts esp security}
    why     "The responder decides what the device lets through."
    hint    "Compare the response with what was offered; close the SA that the peer has made."
} {lo hi outside} {
    wider     10.1.0.0 10.1.255.255 10.1.77.1
    all       0.0.0.0  255.255.255.255 203.0.113.9
} {
    edit outbound IKE_AUTH response { msg set $m {TSr.selector[0].addr_lo} $lo {TSr.selector[0].addr_hi} $hi }
    set sa [ike init]
    rx $sa IKE_AUTH request
    settle
    if {[child $sa count]} { esp-send $sa -inner [inner echo $outside 10.2.0.1 79 1] }
    settle
    must rfc7296/2.9.1/own-policy-not-violated "a packet from $outside, outside the policy, is not answered" {![llength [records inbound ESP]]}
}
