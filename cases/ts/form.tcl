# form.tcl - RFC 7296 section 3.13: TS payloads that are not well formed, and those that the device sends.

rows ts/count-wrong-refused {
    title   "A TS payload whose count does not fit its selectors is refused by INVALID_SYNTAX"
    cites   {rfc7296/3.13/ts-count-checked rfc7296/2.21.2/auth-malformed-one-notify}
    device  responder
    needs   {psk}
    bent    {invalid-syntax-answered invalid-syntax-other-notify}
    tags    {ts}
    why     "Octets behind the payload are taken for selectors."
} {payload count} {
    one-more-initiator TSi 2
    one-more-responder TSr 2
    most               TSr 255
} {
    set sa [ike init]
    tx $sa IKE_AUTH -set [list $payload.count $count]
    rx $sa IKE_AUTH response {
        must rfc7296/3.13/ts-count-checked lacks {SA TSi TSr}
        must rfc7296/2.21.2/auth-malformed-one-notify has {N(INVALID_SYNTAX)}
    }
}

rows ts/selector-length-refused {
    title   "A selector whose length does not fit is refused by INVALID_SYNTAX"
    cites   {rfc7296/3.13.1/selector-length rfc7296/2.21.2/auth-malformed-one-notify}
    device  responder
    needs   {psk}
    bent    {invalid-syntax-answered invalid-syntax-other-notify}
    tags    {ts}
    why     "Octets behind the payload are taken for addresses."
} {body} {
    beyond-payload 01000000070000ff0000ffff0a0200000a0200ff
    zero           01000000070000000000ffff0a0200000a0200ff
    below-header   01000000070000070000ffff0a0200000a0200ff
    cut-inside     01000000070000100000ffff0a0200000a02
} {
    set sa [ike init]
    tx $sa IKE_AUTH -edit { msg remove $m TSr; msg add $m TSr -body [binary decode hex $body] }
    rx $sa IKE_AUTH response {
        must rfc7296/3.13.1/selector-length lacks {SA TSi TSr}
        must rfc7296/2.21.2/auth-malformed-one-notify has {N(INVALID_SYNTAX)}
    }
}

rows ts/range-reversed-refused {
    title   "A selector that ends before it begins makes no Child SA"
    cites   {rfc7296/3.13.1/range-not-reversed}
    device  responder
    needs   {psk}
    bent    {ts-unacceptable}
    tags    {ts}
    why     "An SA whose selectors nobody can tell."
} {path lo hi} {
    addresses {addr} 10.2.0.200 10.2.0.100
    far-apart {addr} 255.255.255.255 0.0.0.0
    ports     {port} 2000 1000
} {
    set sa [ike init]
    tx $sa IKE_AUTH -edit { msg set $m TSr.selector\[0\].${path}_lo $lo TSr.selector\[0\].${path}_hi $hi {TSr.selector[0].protocol} 17 {TSi.selector[0].protocol} 17 }
    rx $sa IKE_AUTH response { must rfc7296/3.13.1/range-not-reversed lacks {SA TSi TSr} }
}

testcase ts/reserved-ignored {
    title   "Reserved octets of TS payloads are not looked at"
    cites   {rfc7296/3.13/ts-reserved-ignored}
    device  both
    needs   {psk}
    setup   psk
    bent    {reserved-ignored}
    tags    {ts}
    why     "A peer of a later version of the protocol cannot connect."
} {
    set sa [ike init]
    auth $sa -set {TSi.reserved2 0xffffff TSr.reserved2 0x800001} response { must rfc7296/3.13/ts-reserved-ignored has {SA TSi TSr} }
    alive-sa $sa
}

testcase ts/own-form {
    title   "The TS payloads that the device sends are well formed"
    cites   {rfc7296/3.13/ts-reserved-zero rfc7296/3.13.1/range-not-reversed rfc7296/3.13.1/any-ports}
    device  both
    needs   {psk}
    setup   psk
    bent    {ts-fields-set ts-any-of-some-ports}
    tags    {ts smoke}
    why     "Strict peers refuse them."
} {
    set sa [ike init]
    auth $sa rx
    foreach ts {TSi TSr} {
        must rfc7296/3.13/ts-reserved-zero "reserved octets of $ts are zero" {[msg get $rx $ts.reserved2] == 0}
        for {set i 0} {[msg has $rx $ts.selector\[$i\]]} {incr i} {
            foreach f {addr_lo addr_hi} {
                scan [msg get $rx $ts.selector\[$i\].$f] %d.%d.%d.%d a b c d
                set $f [expr {($a << 24) + ($b << 16) + ($c << 8) + $d}]
            }
            must rfc7296/3.13.1/range-not-reversed "selector $i of $ts begins before it ends" {$addr_lo <= $addr_hi}
            if {[msg get $rx $ts.selector\[$i\].protocol] in {0 ANY}} {
                must rfc7296/3.13.1/any-ports "without protocol all ports are meant" {
                    [msg get $rx $ts.selector\[$i\].port_lo] == 0 && [msg get $rx $ts.selector\[$i\].port_hi] == 65535
                }
            }
        }
    }
}
