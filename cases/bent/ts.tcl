# ts.tcl - bent devices that answer with other selectors than they should.

bent ts-widened {
    title "It returns all protocols and ports whatever was offered"
    edit  {IKE_AUTH response {
        if {[msg has $m TSr]} { msg set $m {TSr.selector[0].protocol} 0 {TSr.selector[0].port_lo} 0 {TSr.selector[0].port_hi} 65535 }
    }}
}

bent ts-all-addresses {
    title "It returns all addresses whatever was offered"
    edit  {IKE_AUTH response {
        if {[msg has $m TSr]} { msg set $m {TSr.selector[0].addr_lo} 0.0.0.0 {TSr.selector[0].addr_hi} 255.255.255.255 }
    }}
}

bent ts-first-left-out {
    title "The first selectors offered are not in its answer"
    edit  {IKE_AUTH response {
        for {set i 0} {[msg has $m TSr.selector\[$i\]]} {incr i} {
            msg set $m TSr.selector\[$i\].addr_lo 10.2.0.254 TSr.selector\[$i\].addr_hi 10.2.0.254
        }
    }}
}

bent ts-unknown-returned {
    title "It returns a selector of a type that it cannot know"
    edit  {IKE_AUTH response { if {[msg has $m TSr]} { msg set $m {TSr.selector[0].type} 99 } }}
}

bent ts-fields-set {
    title "Reserved octets of its TS payloads are set, and the range stands the wrong way round"
    edit  {IKE_AUTH any {
        if {[msg has $m TSi]} {
            set hi [msg get $m {TSi.selector[0].addr_hi}]
            msg set $m TSi.reserved2 0x010101
            msg set $m {TSi.selector[0].addr_hi} [msg get $m {TSi.selector[0].addr_lo}] {TSi.selector[0].addr_lo} $hi
        }
    }}
}

bent ts-refused-always {
    title "It answers TS_UNACCEPTABLE to whatever is not its own policy word for word"
    edit  {IKE_AUTH response {
        if {[msg has $m TSr]} {
            foreach p {SA TSi TSr} { msg remove $m $p }
            msg add $m N(TS_UNACCEPTABLE)
        }
    }}
}

bent ts-rounded {
    title "It rounds ranges of addresses to networks"
    edit  {IKE_AUTH response {
        if {[msg has $m TSr]} { msg set $m {TSr.selector[0].addr_lo} 10.2.0.0 {TSr.selector[0].addr_hi} 10.2.0.255 }
    }}
}

bent ts-opaque-ends-at-one {
    title "It writes OPAQUE as 65535 to 1"
    edit  {IKE_AUTH response {
        if {[msg has $m TSr]} { msg set $m {TSr.selector[0].port_lo} 65535 {TSr.selector[0].port_hi} 1 }
    }}
}

bent asks-for-a-pair {
    title "It wants a single pair of addresses in place of narrowing"
    edit  {IKE_AUTH response {
        if {[msg has $m SA]} {
            foreach p {SA TSi TSr} { msg remove $m $p }
            msg add $m N(SINGLE_PAIR_REQUIRED)
        }
    }}
}

bent names-a-network {
    title "Its selectors for transport mode are those of whole networks"
    edit  {IKE_AUTH request {
        foreach ts {TSi TSr} {
            if {[msg has $m $ts]} { msg set $m $ts.1.addr_hi [regsub {\.\d+$} [msg get $m $ts.1.addr_lo] .255] }
        }
    }}
}

bent ts-any-of-some-ports {
    title "Its selectors for any protocol have ports from 1 to 1023"
    edit  {IKE_AUTH any {
        foreach ts {TSi TSr} {
            if {[msg has $m $ts]} { msg set $m $ts.selector\[0\].port_lo 1 $ts.selector\[0\].port_hi 1023 }
        }
    }}
}

bent names-somebody-else {
    title "Its selectors for transport mode are single addresses of hosts that take no part"
    edit  {IKE_AUTH request {
        foreach ts {TSi TSr} { if {[msg has $m $ts]} { msg set $m $ts.1.addr_lo 203.0.113.9 $ts.1.addr_hi 203.0.113.9 } }
    }}
}
