# check.tcl - RFC 7296 sections 1.4 and 2.4: is the other end alive?

testcase liveness/answered {
    title   "An empty INFORMATIONAL request is answered"
    cites   {rfc7296/1.4/empty-request-answered}
    device  both
    needs   {psk}
    bent    {empty-request-answered}
    tags    {liveness smoke}
    why     "The peer believes the device dead and drops all tunnels."
    hint    "Every INFORMATIONAL request gets a response, an empty one too."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL
    rx $sa INFORMATIONAL response -req rfc7296/1.4/empty-request-answered
}

testcase liveness/forty-in-turn {
    title   "Forty liveness checks in turn are all answered"
    cites   {rfc7296/1.4/empty-request-answered}
    device  both
    needs   {psk}
    bent    {empty-request-answered}
    tags    {liveness}
    why     "The IKE SA ends when its first ids are used up."
    hint    "Ids are 32 bits wide; is the window moved on each time?"
} {
    set sa [ike establish]
    for {set i 0} {$i < 40} {incr i} {
        tx $sa INFORMATIONAL
        rx $sa INFORMATIONAL response -req rfc7296/1.4/empty-request-answered
    }
}

testcase liveness/without-children {
    title   "An IKE SA without Child SAs answers liveness checks"
    cites   {rfc7296/1.4/empty-request-answered}
    device  both
    needs   {psk}
    bent    {empty-request-answered}
    tags    {liveness}
    why     "The IKE SA is useless as soon as its last Child SA is gone."
    hint    "Whoever does not want to keep it says so by a Delete."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -delete child
    rx $sa INFORMATIONAL response
    settle
    set deleted [llength [records inbound INFORMATIONAL request -has {D}]]
    must rfc7296/1.4/empty-request-answered "the IKE SA answers, or was deleted with a Delete" {$deleted || [answers $sa]}
}

testcase liveness/checked-by-device {
    title   "A device that is told to checks whether its silent peer lives"
    cites   {rfc7296/2.4/liveness-when-one-way}
    device  both
    needs   {psk liveness}
    setup   {psk dpd 2}
    bent    {liveness-never-checked}
    tags    {liveness}
    why     "Traffic goes into a hole for as long as the SA lasts."
    hint    "An empty INFORMATIONAL request when nothing was heard for a while."
} {
    set sa [ike establish]
    foreach i {1 2} { esp-send $sa }
    drop inbound ESP
    rx $sa INFORMATIONAL request -liveness 1 -within 20000 -req rfc7296/2.4/liveness-when-one-way
}

testcase liveness/check-answered-keeps-sa {
    title   "A liveness check of the device that was answered leaves the SA as it is"
    cites   {rfc7296/1.4/empty-response-allowed rfc7296/1.4/empty-request-answered}
    device  both
    needs   {psk esp liveness}
    setup   {psk dpd 2}
    bent    {empty-request-answered}
    tags    {liveness}
    why     "The device closes tunnels that work."
    hint    "An empty response is the sign of life."
} {
    set sa [ike establish]
    rx $sa INFORMATIONAL request -liveness 1 -within 20000
    rx $sa INFORMATIONAL request -liveness 1 -within 20000
    settle
    alive-sa $sa -req rfc7296/1.4/empty-request-answered
    must-traffic $sa -req rfc7296/1.4/empty-request-answered
}

testcase liveness/check-unanswered-ends-sa {
    title   "A peer that answers no liveness check is dropped, with its Child SAs"
    cites   {rfc7296/2.1/failed-sa-discarded}
    device  both
    needs   {psk esp liveness}
    setup   {psk dpd 2 retransmit {200 2 2}}
    bent    {failed-sa-discarded}
    tags    {liveness}
    why     "Traffic goes into a hole for as long as the SA lasts."
    hint    "After the last try drop all state of the IKE SA."
} {
    set sa [ike establish]
    drop inbound INFORMATIONAL request
    rx $sa INFORMATIONAL request -liveness 1 -within 20000
    settle 8000
    drop inbound off
    no-traffic $sa
    no-sa $sa
}

testcase liveness/forged-answer-proves-nothing {
    title   "An unprotected answer to a liveness check proves nothing: the device asks again"
    cites   {rfc7296/2.4/unprotected-not-trusted}
    device  both
    needs   {psk liveness}
    setup   {psk dpd 2}
    bent    {unprotected-not-trusted}
    tags    {liveness}
    why     "Anybody can keep a dead peer alive."
    hint    "Only messages that verified count."
} {
    set sa [ike establish]
    drop inbound INFORMATIONAL request
    rx $sa INFORMATIONAL request -liveness 1 -within 20000
    set mid [dict get [msg header $rx] mid]
    tx $sa [msg new INFORMATIONAL response] -mid $mid -clear 1
    rx $sa INFORMATIONAL request -liveness 1 -retransmit 1 -mid $mid -within 20000 -req rfc7296/2.4/unprotected-not-trusted
}
