# narrow.tcl - RFC 7296 section 2.9: the responder returns what both policies allow, and nothing beyond the offer.

rows ts/narrowed {
    title   "An offer wider than the policy is narrowed to it"
    cites   {rfc7296/2.9/responder-narrows rfc7296/2.9/response-is-subset rfc7296/2.9/narrow-over-single-pair}
    device  responder
    needs   {psk}
    bent    {responder-narrows ts-all-addresses asks-for-a-pair}
    tags    {ts smoke}
    why     "Either nothing connects unless both ends are set alike, or traffic nobody allowed passes."
    hint    "Return the intersection of what was offered with what is configured."
} {lo hi} {
    all          0.0.0.0   255.255.255.255
    bigger       10.0.0.0  10.255.255.255
    odd-range    10.1.255.7 10.2.7.9
} {
    set sa [ike init]
    tx $sa IKE_AUTH -edit {
        set lo0 [msg get $m {TSr.selector[0].addr_lo}]
        set hi0 [msg get $m {TSr.selector[0].addr_hi}]
        msg set $m {TSr.selector[0].addr_lo} $lo {TSr.selector[0].addr_hi} $hi
    }
    rx $sa IKE_AUTH response {
        should rfc7296/2.9/narrow-over-single-pair lacks {N(SINGLE_PAIR_REQUIRED)}
        must rfc7296/2.9/responder-narrows has {SA TSi TSr}
        must rfc7296/2.9/response-is-subset true {[msg get $rx {TSr.selector[0].addr_lo}] eq $lo0 && [msg get $rx {TSr.selector[0].addr_hi}] eq $hi0}
    }
}

rows ts/both-sides-narrowed {
    title   "Selectors of both sides are narrowed"
    cites   {rfc7296/2.9/responder-narrows}
    device  responder
    needs   {psk}
    bent    {responder-narrows}
    tags    {ts}
    why     "The peer may send from addresses that are not its own."
} {lo hi} {
    all      0.0.0.0   255.255.255.255
    bigger   10.0.0.0  10.255.255.255
} {
    set sa [ike init]
    tx $sa IKE_AUTH -edit {
        foreach ts {TSi TSr} {
            lappend policy [msg get $m $ts.selector\[0\].addr_lo] [msg get $m $ts.selector\[0\].addr_hi]
            msg set $m $ts.selector\[0\].addr_lo $lo $ts.selector\[0\].addr_hi $hi
        }
    }
    rx $sa IKE_AUTH response { must rfc7296/2.9/responder-narrows has {SA TSi TSr} }
    foreach ts {TSi TSr} { lappend got [msg get $rx $ts.selector\[0\].addr_lo] [msg get $rx $ts.selector\[0\].addr_hi] }
    must rfc7296/2.9/responder-narrows "the selectors returned are those of the policy" {$got eq $policy}
}

rows ts/smaller-offer-kept {
    title   "An offer that the policy allows as a whole is returned as it is"
    cites   {rfc7296/2.9/accept-all rfc7296/2.9/response-is-subset}
    device  responder
    needs   {psk}
    bent    {$bent ts-refused-always}
    tags    {ts}
    why     "Traffic that was never agreed to goes into the tunnel."
} {bent edit} {
    equal        ts-first-left-out {}
    one-host     ts-all-addresses  { msg set $m {TSr.selector[0].addr_lo} 10.2.0.1 {TSr.selector[0].addr_hi} 10.2.0.1 }
    no-subnet    ts-all-addresses  { msg set $m {TSr.selector[0].addr_lo} 10.2.0.1 {TSr.selector[0].addr_hi} 10.2.0.77 }
    one-protocol ts-widened        { msg set $m {TSr.selector[0].protocol} 17 {TSi.selector[0].protocol} 17 }
    one-port     ts-widened        { msg set $m {TSr.selector[0].protocol} 6 {TSi.selector[0].protocol} 6 {TSr.selector[0].port_lo} 80 {TSr.selector[0].port_hi} 80 }
    ports        ts-widened        { msg set $m {TSr.selector[0].protocol} 6 {TSi.selector[0].protocol} 6 {TSr.selector[0].port_lo} 1024 {TSr.selector[0].port_hi} 2047 }
    icmp-type    ts-widened        { msg set $m {TSr.selector[0].protocol} 1 {TSi.selector[0].protocol} 1 {TSr.selector[0].port_lo} 0x0800 {TSr.selector[0].port_hi} 0x08ff }
} {
    set sa [ike init]
    tx $sa IKE_AUTH -edit {
        eval $edit
        foreach f {protocol port_lo port_hi addr_lo addr_hi} { lappend offered [msg get $m TSr.selector\[0\].$f] }
    }
    rx $sa IKE_AUTH response { must rfc7296/2.9/accept-all has {SA TSi TSr} }
    foreach f {protocol port_lo port_hi addr_lo addr_hi} { lappend got [msg get $rx TSr.selector\[0\].$f] }
    must rfc7296/2.9/response-is-subset "the selector returned is the one offered: $offered" {$got eq $offered}
}

rows ts/disjoint-refused {
    title   "Selectors that the policy does not allow at all are answered by TS_UNACCEPTABLE"
    cites   {rfc7296/2.9/ts-unacceptable}
    device  responder
    needs   {psk}
    bent    {ts-unacceptable}
    tags    {ts}
    why     "A tunnel comes up that nobody configured, or its peer never learns why it does not."
} {edit} {
    responder-side { msg set $m {TSr.selector[0].addr_lo} 198.51.100.0 {TSr.selector[0].addr_hi} 198.51.100.255 }
    initiator-side { msg set $m {TSi.selector[0].addr_lo} 198.51.100.0 {TSi.selector[0].addr_hi} 198.51.100.255 }
    just-below     { msg set $m {TSr.selector[0].addr_lo} 10.1.255.0 {TSr.selector[0].addr_hi} 10.1.255.255 }
    just-above     { msg set $m {TSr.selector[0].addr_lo} 10.2.1.0 {TSr.selector[0].addr_hi} 10.2.255.255 }
} {
    set sa [ike init]
    tx $sa IKE_AUTH -edit $edit
    rx $sa IKE_AUTH response {
        must rfc7296/2.9/ts-unacceptable has {N(TS_UNACCEPTABLE)}
        must rfc7296/2.9/ts-unacceptable lacks {SA TSi TSr}
    }
}

rows ts/families-mixed-refused {
    title   "Selectors of IPv4 on one side and IPv6 on the other make no Child SA"
    cites   {rfc7296/2.9/ts-address-family}
    device  responder
    needs   {psk}
    bent    {ts-unacceptable}
    tags    {ts ipv6}
    why     "A Child SA that no packet can ever use."
} {side} {
    initiator TSi
    responder TSr
} {
    set sa [ike init]
    tx $sa IKE_AUTH -edit {
        msg set $m $side.selector\[0\].type TS_IPV6_ADDR_RANGE $side.selector\[0\].addr_lo :: $side.selector\[0\].addr_hi ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
    }
    rx $sa IKE_AUTH response { must rfc7296/2.9/ts-address-family lacks {SA TSi TSr} }
}

testcase ts/first-choice-kept {
    title   "Of several selectors offered the first, if it is allowed, is in the answer"
    cites   {rfc7296/2.9/narrow-to-first-choice}
    device  responder
    needs   {psk}
    setup   psk
    bent    {ts-first-left-out}
    tags    {ts}
    why     "The packet that asked for the SA cannot use it."
    hint    "The first selectors are those of the packet that caused the request."
} {
    set sa [ike init]
    tx $sa IKE_AUTH -edit {
        foreach {ts host} {TSi 0a010001 TSr 0a020001} {
            msg remove $m $ts
            set one [binary decode hex 07000010[string cat 0000ffff]$host$host]
            set all [binary decode hex 070000100000ffff00000000ffffffff]
            msg add $m $ts -body [binary decode hex 02000000]$one$all
        }
    }
    rx $sa IKE_AUTH response { must rfc7296/2.9/narrow-to-first-choice has {SA TSi TSr} }
    set first 0
    for {set i 0} {[msg has $rx TSr.selector\[$i\]]} {incr i} {
        scan [msg get $rx TSr.selector\[$i\].addr_lo] %d.%d.%d.%d a b c d
        set lo [expr {($a << 24) + ($b << 16) + ($c << 8) + $d}]
        scan [msg get $rx TSr.selector\[$i\].addr_hi] %d.%d.%d.%d a b c d
        set hi [expr {($a << 24) + ($b << 16) + ($c << 8) + $d}]
        if {$lo <= 0x0a020001 && 0x0a020001 <= $hi} { set first 1 }
    }
    must rfc7296/2.9/narrow-to-first-choice "10.2.0.1, offered first, is in TSr" {$first}
}

testcase ts/first-choice-refused {
    title   "When the first selectors are not allowed but others are, the others are returned"
    cites   {rfc7296/2.9/narrow-without-first}
    device  responder
    needs   {psk}
    setup   psk
    bent    {ts-refused-always}
    tags    {ts}
    why     "A peer with one selector too many gets no tunnel."
} {
    set sa [ike init]
    tx $sa IKE_AUTH -edit {
        set lo [msg get $m {TSr.selector[0].addr_lo}]
        msg remove $m TSr
        msg add $m TSr -body [binary decode hex 02000000[string cat 070000100000ffff c6336400c63364ff][string cat 070000100000ffff 0a0200000a0200ff]]
        msg set $m {TSr.selector[1].addr_lo} $lo
    }
    rx $sa IKE_AUTH response { should rfc7296/2.9/narrow-without-first has {SA TSi TSr} }
}

testcase ts/many-selectors {
    title   "A hundred selectors are dealt with"
    cites   {rfc7296/2.9/response-is-subset}
    device  responder
    needs   {psk}
    setup   psk
    bent    {ts-all-addresses}
    tags    {ts}
    why     "Long lists stop the device, or what goes beyond its tables is not checked."
} {
    set sa [ike init]
    tx $sa IKE_AUTH -edit {
        set body [binary decode hex 64000000]
        for {set i 1} {$i <= 100} {incr i} { append body [binary decode hex 070000100000ffff[format 0a0200%02x0a0200%02x [expr {2 * $i}] [expr {2 * $i}]]] }
        msg remove $m TSr
        msg add $m TSr -body $body
    }
    rx $sa IKE_AUTH response { must rfc7296/2.9/response-is-subset has {IDr AUTH} }
    if {[msg has $rx TSr]} {
        for {set i 0} {[msg has $rx TSr.selector\[$i\]]} {incr i} {
            set lo [msg get $rx TSr.selector\[$i\].addr_lo]
            set hi [msg get $rx TSr.selector\[$i\].addr_hi]
            set last 1
            scan $lo 10.2.0.%d last
            must rfc7296/2.9/response-is-subset "selector $lo to $hi is one of those offered" {$lo eq $hi && $last % 2 == 0}
        }
    }
    alive-sa $sa
}

rows ts/unknown-type-left-out {
    title   "A selector of unknown type is passed over and not returned"
    cites   {rfc7296/2.9/unknown-ts-type-left-out}
    device  responder
    needs   {psk}
    bent    {ts-unknown-returned}
    tags    {ts}
    why     "A peer with an extension, such as labels, cannot connect."
} {type before} {
    middle-first  101 1
    unknown-first 200 1
    unknown-last  200 0
} {
    set sa [ike init]
    tx $sa IKE_AUTH -edit {
        set known [binary decode hex 070000100000ffff0a0200000a0200ff]
        set other [binary format c $type][binary decode hex 00000c][string repeat \x5a 8]
        msg remove $m TSr
        msg add $m TSr -body [binary decode hex 02000000][expr {$before ? "$other$known" : "$known$other"}]
    }
    rx $sa IKE_AUTH response {
        must rfc7296/2.9/unknown-ts-type-left-out has {SA TSi TSr}
        must rfc7296/2.9/unknown-ts-type-left-out true {[msg get $rx {TSr.selector[0].type}] eq "TS_IPV4_ADDR_RANGE"}
        must rfc7296/2.9/unknown-ts-type-left-out true {![msg has $rx {TSr.selector[1]}]}
    }
}
