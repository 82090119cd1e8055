# services.tcl - RFC 4303 section 3.2, RFC 4301 section 4.4.2.1: what a Child SA has to give, and how long it lasts.

rows esp/no-service-refused {
    title   "A Child SA that neither encrypts nor checks integrity is refused"
    cites   {rfc4303/3.2/not-both-null rfc4303/3.2/one-service-selected}
    device  responder
    needs   {psk esp}
    bent    {null-null-taken}
    tags    {esp security}
    why     "The tunnel protects nothing."
} {proposal} {
    no-integrity    0000001c010304020badc0de030000080100000b0000000805000000
    integrity-none  00000024010304030badc0de030000080100000b03000008030000000000000805000000
} {
    edit outbound IKE_AUTH request { msg remove $m SA; msg add $m SA -before TSi -body [binary decode hex $proposal] }
    set sa [ike init]
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response { must rfc4303/3.2/not-both-null lacks {SA} }
    must rfc4303/3.2/one-service-selected "no selectors are agreed either" {![msg has $rx TSi]}
}

testcase esp/service-offered {
    title   "Every ESP proposal of the device encrypts or checks integrity"
    cites   {rfc4303/3.2/one-service-selected}
    device  initiator
    needs   {psk esp}
    setup   psk
    bent    {offers-no-service}
    tags    {esp security}
    why     "A peer may take the offer, and the tunnel protects nothing."
} {
    set sa [ike await]
    rx $sa IKE_AUTH request
    for {set p 1} {[msg exists $rx SA.$p]} {incr p} {
        set services {}
        foreach t [msg transforms $rx $p] {
            lassign $t type id
            if {$type in {ENCR INTEG} && $id ni {ENCR_NULL AUTH_NONE NONE 0}} { lappend services $id }
        }
        must rfc4303/3.2/one-service-selected "proposal $p has a service: $services" {[llength $services] > 0}
    }
    must rfc4303/3.2/one-service-selected "there is a proposal" {$p > 1}
}

rows esp/lifetimes {
    title   "A Child SA with a lifetime in time and one in octets is replaced by whichever ends first"
    cites   {rfc4301/4.4.2.1/lifetime-both-kinds}
    device  both
    needs   {psk esp rekey-by-time virtual-time}
    setup   {psk child-rekey $seconds child-rekey-octets $octets}
    bent    {$bent}
    tags    {esp rekey}
    why     "Keys are used for more data, or for longer, than their owner allowed."
} {seconds octets bent} {
    octets-first  3600  4000      lifetime-both-kinds
    time-first    20    10000000  rekeys-never-leave
} {
    set sa [ike establish]
    set old [child $sa spi_out]
    for {set i 0} {$i < 4} {incr i} {
        precondition {[esp-echo $sa -payload [string repeat o 500]]} "no traffic passes the tunnel"
    }
    rx $sa CREATE_CHILD_SA request -within 30000 -req rfc4301/4.4.2.1/lifetime-both-kinds
    settle
    must rfc4301/4.4.2.1/lifetime-both-kinds "another Child SA carries the traffic" {[child $sa count] == 1 && [child $sa spi_out] ne $old}
    must-traffic $sa
}
