# child-collision.tcl - RFC 7296 section 2.8.1: both ends rekey the same Child SA at the same time.

testcase rekey/child-collision-lowest-nonce {
    title   "Both ends rekey the same Child SA: the one made with the lowest nonce goes"
    cites   {rfc7296/2.8.1/loser-closes}
    device  both
    needs   {psk rekey-on-demand}
    setup   psk
    bent    {loser-closes}
    tags    {rekey collision}
    vary    {nonce {lowest highest}}
    why     "Child SAs pile up, or the two ends send on different ones."
    hint    "Compare the four nonces octet by octet; the end that made the SA with the lowest one deletes it."
} {
    set sa [ike establish]
    set old [child $sa spi_in]
    hold inbound CREATE_CHILD_SA                     ;# the device's request waits here
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request -held 1
    tx $sa CREATE_CHILD_SA -rekey child -nonce $nonce
    release inbound                                  ;# now each end has the other's request
    rx $sa CREATE_CHILD_SA response
    settle
    # the tester, a good peer, deletes what is its own to delete; one Child SA is left when the device does so too
    should rfc7296/2.8.1/loser-closes "one Child SA is left" {[child $sa count] == 1}
}
