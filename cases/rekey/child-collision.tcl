# child-collision.tcl - RFC 7296 section 2.8.1: both ends rekey the same Child SA at the same time. Of the two new SAs
# the one made with the lowest of the four nonces goes; the tester's nonces decide which that is.

testcase rekey/child-collision-loser-closes {
    title   "Both ends rekey the same Child SA: the device closes the one it made with the lowest nonce"
    cites   {rfc7296/2.8.1/loser-closes rfc7296/2.8.1/lowest-nonce-loses rfc7296/2.25.1/redundant-child-later}
    device  both
    needs   {psk rekey-on-demand}
    bent    {loser-closes lowest-nonce-loses}
    tags    {rekey collision}
    why     "Child SAs pile up, or the two ends send on different ones."
    hint    "Compare the four nonces octet by octet; the end that made the SA with the lowest one deletes it."
} {
    set sa [ike establish]
    hold inbound CREATE_CHILD_SA                     ;# so that the tester learns of both at once
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request -held 1
    set redundant [string range [msg get $rx SA.1.spi] 2 end]
    tx $sa CREATE_CHILD_SA -rekey child
    bias lowest                                      ;# the response to the device's request has the lowest nonce
    rx $sa CREATE_CHILD_SA response -held 1
    precondition {[msg has $rx SA]} "the device refuses the crossing rekey"
    release inbound                                  ;# now each end has the other's request
    rx $sa INFORMATIONAL request -has {D} -req rfc7296/2.8.1/loser-closes {
        should rfc7296/2.8.1/lowest-nonce-loses field D.spis match *$redundant*
        should rfc7296/2.25.1/redundant-child-later field D.spis match *$redundant*
        should rfc7296/2.8.1/loser-closes field D.spis match *$redundant*
    }
}

testcase rekey/child-collision-survivor-deletes-old {
    title   "Both ends rekey the same Child SA: the device, whose SA stays, deletes the one that both replaced"
    cites   {rfc7296/2.8.1/survivor-deletes-replaced}
    device  both
    needs   {psk rekey-on-demand}
    bent    {survivor-deletes-replaced}
    tags    {rekey collision}
    why     "Old keys stay in use."
    hint    "The end whose new SA survives deletes the old one."
} {
    set sa [ike establish]
    set old [child $sa spi_out]
    hold inbound CREATE_CHILD_SA
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request -held 1
    tx $sa CREATE_CHILD_SA -rekey child -nonce lowest
    rx $sa CREATE_CHILD_SA response -held 1
    precondition {[msg has $rx SA]} "the device refuses the crossing rekey"
    release inbound
    rx $sa INFORMATIONAL request -has {D} -req rfc7296/2.8.1/survivor-deletes-replaced {
        should rfc7296/2.8.1/survivor-deletes-replaced field D.spis match *$old*
    }
}

rows rekey/child-collision-nonce-lengths {
    title   "Nonces of different lengths are compared octet by octet: the lowest is not the shortest"
    cites   {rfc7296/2.8.1/nonces-compared-by-octet rfc7296/2.8.1/loser-closes}
    device  both
    needs   {psk rekey-on-demand}
    bent    {nonces-compared-by-octet}
    rev     3
    tags    {rekey collision nonce}
    why     "The two ends keep different SAs, and nothing passes."
    hint    "Compare from the first octet on; length counts only when one begins with the other."
} {octets request response_octets response loser} {
    long-low-request   250 lowest   16  highest  tester
    long-low-response  16  highest  250 lowest   device
    less-extreme       64  lowest   18  highest  tester
} {
    # The lowest of the four is a long one and the shortest is the highest: whoever goes by length, or by numbers, is wrong.
    conn nonce_len $octets
    set sa [ike establish]
    set old [child $sa spi_out]
    hold inbound CREATE_CHILD_SA
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request -held 1
    set own [string range [msg get $rx SA.1.spi] 2 end]
    set len [expr {[string length [msg get $rx Nonce.data]] / 2 - 1}]
    precondition {min($octets, $response_octets) < $len && $len < max($octets, $response_octets)} "the device's nonces have $len octets"
    tx $sa CREATE_CHILD_SA -rekey child -nonce $request
    conn nonce_len $response_octets
    bias $response
    rx $sa CREATE_CHILD_SA response -held 1
    precondition {[msg has $rx SA]} "the device refuses the crossing rekey"
    release inbound
    # the loser's SA goes; whose SA stays deletes the old one
    set gone $old
    if {$loser eq "device"} { set gone $own }
    # (whether it deletes any is another matter, which it only should)
    rx $sa INFORMATIONAL request -has {D} -req rfc7296/2.8.1/loser-closes
    must rfc7296/2.8.1/nonces-compared-by-octet "$gone goes: [msg get $rx D.spis]" {[string match *$gone* [msg get $rx D.spis]]}
}
