# range.tcl - RFC 4301 section 4.4.3: what a peer may claim for itself.

rows ts/peer-range {
    title   "A peer gets no Child SA for addresses that are not its own to claim"
    cites   {rfc4301/4.4.3/peer-limited-to-its-range}
    device  responder
    needs   {psk esp}
    setup   psk
    bent    {responder-narrows ts-unacceptable}
    tags    {ts}
    why     "One peer draws the traffic of others to itself."
    hint    "The identity that was authenticated says which addresses may be behind the peer."
} {ts} {
    other-net     10.77.0.0/24
    net-of-device 10.2.0.0/24
    one-beside    10.1.1.0
    other-half    {10.1.1.0-10.1.255.255}
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new -ts-i [list $ts] -ts-r 10.2.0.0/24
    rx $sa CREATE_CHILD_SA response { must rfc4301/4.4.3/peer-limited-to-its-range lacks {SA} }
}

rows ts/peer-range-wide {
    title   "Of a claim that is too wide the peer gets its own part at most"
    cites   {rfc4301/4.4.3/peer-limited-to-its-range}
    device  responder
    needs   {psk esp}
    setup   psk
    bent    {responder-narrows}
    tags    {ts}
    why     "One peer draws the traffic of others to itself."
} {ts} {
    everything  0.0.0.0/0
    net-of-ten  10.0.0.0/8
    half-own    10.1.0.128-10.1.1.127
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new -ts-i [list $ts] -ts-r 10.2.0.0/24
    rx $sa CREATE_CHILD_SA response
    set within 1
    if {[msg has $rx TSi]} {
        for {set i 0} {[msg exists $rx "TSi.selector\[$i\]"]} {incr i} {
            foreach end {addr_lo addr_hi} { if {![string match 10.1.0.* [msg get $rx "TSi.selector\[$i\].$end"]]} { set within 0 } }
        }
    }
    must rfc4301/4.4.3/peer-limited-to-its-range "what is granted lies in 10.1.0.0/24, or nothing is" {$within}
}
