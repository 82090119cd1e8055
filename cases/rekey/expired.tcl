# expired.tcl - RFC 7296 section 2.8: what happens to a Child SA whose lifetime ends before anything could replace it.

testcase rekey/expired-not-used {
    title   "A Child SA whose rekey is refused until its lifetime is over is not used any more"
    cites   {rfc7296/2.8/expired-not-used}
    device  both
    needs   {psk esp rekey-by-time}
    setup   {psk child-rekey 4}
    bent    {expired-not-used}
    tags    {rekey}
    why     "Keys stay in use for as long as a peer wants it."
    hint    "The hard lifetime ends the SA, whatever became of its rekey."
} {
    edit outbound CREATE_CHILD_SA response {
        foreach p [msg payloads $m] { if {$p ne "SK"} { msg remove $m $p } }
        msg add $m N(NO_PROPOSAL_CHOSEN)
    }
    set sa [ike establish]
    precondition {[esp-echo $sa]} "the Child SA carries no traffic from the beginning"
    set old [child $sa spi_in]
    rx $sa CREATE_CHILD_SA request -within 15000
    settle 8000
    # the device has closed it by a Delete, or it is silent; the tester made SAs of its answers that the device never saw
    set used [expr {![catch { esp-echo $sa -child $old } echoed] && $echoed}]
    must rfc7296/2.8/expired-not-used "no echo comes back through the old Child SA" {!$used}
}

testcase rekey/failed-closes-ike {
    title   "When a Child SA ends because its rekey failed, the IKE SA is closed"
    cites   {rfc7296/2.8/failed-rekey-closes-ike}
    device  both
    needs   {psk rekey-by-time}
    setup   {psk child-rekey 4}
    bent    {failed-rekey-closes-ike}
    tags    {rekey}
    why     "Two ends that agree on nothing any more stay connected, and no traffic flows."
    hint    "Close the IKE SA with a Delete; a new one may be started."
} {
    edit outbound CREATE_CHILD_SA response {
        foreach p [msg payloads $m] { if {$p ne "SK"} { msg remove $m $p } }
        msg add $m N(NO_PROPOSAL_CHOSEN)
    }
    set sa [ike establish]
    rx $sa CREATE_CHILD_SA request -within 15000
    settle 10000
    no-sa $sa
}
