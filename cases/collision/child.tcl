# child.tcl - RFC 7296 section 2.8.1: both ends rekey the same Child SA. Whichever way the messages cross, one Child SA is
# left that both ends know, and it carries traffic.

testcase collision/child-rekeys-crossed {
    title   "Both ends rekey the same Child SA: one is left and carries traffic"
    cites   {rfc7296/2.8.1/loser-closes rfc7296/2.17/keymat}
    device  both
    needs   {psk esp rekey-on-demand}
    bent    {keymat}
    tags    {collision rekey}
    vary    {lowest {device tester}}
    why     "Child SAs pile up, or the two ends send on different ones."
    hint    "Compare the four nonces; the end that made the SA with the lowest one deletes it, the other the old one."
} {
    set sa [ike establish]
    hold inbound CREATE_CHILD_SA                     ;# so that the tester learns of both at once
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request -held 1
    if {$lowest eq "tester"} {
        tx $sa CREATE_CHILD_SA -rekey child -nonce lowest
    } else {
        tx $sa CREATE_CHILD_SA -rekey child
        bias lowest                                  ;# in the response to the device's request
    }
    rx $sa CREATE_CHILD_SA response -held 1
    precondition {[msg has $rx SA]} "the device refuses the crossing rekey"
    delay outbound INFORMATIONAL request -ms 250     ;# no Delete overtakes a response
    release inbound
    settle
    settle
    settle
    should rfc7296/2.8.1/loser-closes "the tester has one Child SA in use" {[child $sa count] == 1}
    must-traffic $sa -req rfc7296/2.17/keymat
    alive-sa $sa -req rfc7296/2.17/keymat
}

testcase collision/child-rekeys-crossed-first-lost {
    title   "Both ends rekey the same Child SA and the tester's request is lost once: the redundant SA goes all the same"
    cites   {rfc7296/2.8.1/loser-closes rfc7296/2.17/keymat}
    device  both
    needs   {psk esp rekey-on-demand}
    bent    {keymat}
    tags    {collision rekey retransmit}
    vary    {lowest {device tester}}
    why     "Child SAs pile up, or the two ends send on different ones."
    hint    "What counts is whether the exchanges overlap, not how often a request was sent."
} {
    set sa [ike establish]
    hold inbound CREATE_CHILD_SA                     ;# so that the tester learns of both at once
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request -held 1
    drop outbound CREATE_CHILD_SA request -count 1
    if {$lowest eq "tester"} {
        tx $sa CREATE_CHILD_SA -rekey child -nonce lowest
    } else {
        tx $sa CREATE_CHILD_SA -rekey child
        bias lowest
    }
    rx $sa CREATE_CHILD_SA response -held 1 -within 10000
    precondition {[msg has $rx SA]} "the device refuses the crossing rekey"
    delay outbound INFORMATIONAL request -ms 250     ;# no Delete overtakes a response
    release inbound
    settle
    settle
    settle
    should rfc7296/2.8.1/loser-closes "the tester has one Child SA in use" {[child $sa count] == 1}
    must-traffic $sa -req rfc7296/2.17/keymat
}

testcase collision/child-rekeys-crossed-response-late {
    title   "Both ends rekey the same Child SA and the tester's response comes late: traffic flows all the time"
    cites   {rfc7296/2.8.1/both-sas-accept-packets rfc7296/2.17/keymat}
    device  both
    needs   {psk esp rekey-on-demand}
    bent    {keymat}
    tags    {collision rekey}
    vary    {lowest {device tester}}
    why     "Packets are lost while the two ends settle which SA stays."
    hint    "Every SA that is installed receives until its Delete."
} {
    set sa [ike establish]
    set old [child $sa spi_in]
    manual $sa 1
    hold outbound CREATE_CHILD_SA response
    hold inbound CREATE_CHILD_SA                     ;# so that the tester learns of both at once
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request -held 1
    if {$lowest eq "tester"} {
        tx $sa CREATE_CHILD_SA -rekey child -nonce lowest
    } else {
        tx $sa CREATE_CHILD_SA -rekey child
        bias lowest
    }
    rx $sa CREATE_CHILD_SA response -held 1
    precondition {[msg has $rx SA]} "the device refuses the crossing rekey"
    release inbound
    settle
    set mine [lindex [events child-rekeyed $sa] 0]   ;# the SA of the tester's exchange: both ends have it
    precondition {$mine ne ""} "the tester's rekey is not done"
    must-traffic $sa -child $old -req rfc7296/2.8.1/both-sas-accept-packets
    must-traffic $sa -child [dict get $mine child] -req rfc7296/2.17/keymat
}

testcase collision/child-rekey-late {
    title   "A rekey of a Child SA that comes after the device replaced and deleted it gets CHILD_SA_NOT_FOUND"
    cites   {rfc7296/2.8.1/late-rekey-not-found}
    device  both
    needs   {psk rekey-on-demand}
    bent    {child-sa-not-found}
    tags    {collision rekey}
    why     "A second SA is made for one that is gone."
    hint    "The peer's request was on its way when the rekey ended here."
} {
    set sa [ike establish]
    hold outbound CREATE_CHILD_SA request            ;# the tester's request is slow
    tx $sa CREATE_CHILD_SA -rekey child
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request
    rx $sa INFORMATIONAL request                     ;# the device deletes the old one
    settle
    release outbound
    rx $sa CREATE_CHILD_SA response { should rfc7296/2.8.1/late-rekey-not-found has {N(CHILD_SA_NOT_FOUND)} }
}

testcase collision/child-rekey-late-end {
    title   "After a rekey that came too late the Child SA of the first rekey carries traffic"
    cites   {rfc7296/2.17/keymat rfc7296/2.21.3/child-error-keeps-ike}
    device  both
    needs   {psk esp rekey-on-demand}
    bent    {keymat child-error-keeps-ike}
    tags    {collision rekey}
    why     "A slow packet ends the tunnel."
    hint    "Only the late exchange fails."
} {
    set sa [ike establish]
    hold outbound CREATE_CHILD_SA request
    tx $sa CREATE_CHILD_SA -rekey child
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request
    rx $sa INFORMATIONAL request
    settle
    set new [child $sa spi_in]
    release outbound
    rx $sa CREATE_CHILD_SA response
    precondition {![msg has $rx SA]} "the device made one more"
    alive-sa $sa -req rfc7296/2.21.3/child-error-keeps-ike
    must-traffic $sa -child $new -req rfc7296/2.17/keymat
}

testcase collision/child-rekey-meets-delete {
    title   "The device rekeys a Child SA that the tester deletes: the IKE SA works on"
    cites   {rfc7296/2.21.3/child-error-keeps-ike}
    device  both
    needs   {psk rekey-on-demand}
    bent    {child-error-keeps-ike}
    tags    {collision rekey delete}
    why     "A crossing that is allowed ends the IKE SA."
    rev     2
    hint    "CHILD_SA_NOT_FOUND for a Child SA that was deleted meanwhile is no error. Who closes an IKE SA without Child SAs says so by a Delete."
} {
    set sa [ike establish]
    hold inbound CREATE_CHILD_SA request
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request -held 1
    tx $sa INFORMATIONAL -delete child
    rx $sa INFORMATIONAL response
    release inbound                                  ;# the tester answers CHILD_SA_NOT_FOUND
    settle
    set deletes [records inbound INFORMATIONAL request -has {D}]
    set closed [expr {"IKE" in [lmap n $deletes { msg get [record $n msg] D.protocol }]}]
    must rfc7296/2.21.3/child-error-keeps-ike "the IKE SA works, or was deleted with a Delete" {$closed || [answers $sa]}
}

testcase collision/no-new-child-while-ike-rekey {
    title   "While its rekey of the IKE SA is not answered the device asks for no new Child SA on the old one"
    cites   {rfc7296/1.3.2/no-new-child-while-ike-rekey}
    device  both
    needs   {psk rekey-on-demand}
    bent    {asks-for-a-child-at-once no-new-child-while-ike-rekey}
    rev     2
    tags    {collision rekey}
    why     "The Child SA is refused, or lost with the IKE SA that it was made under."
    hint    "Keep the request until the new IKE SA is there."
} {
    conn window 5 ;# so that it is not the window that keeps the request back
    set sa [ike establish]
    hold outbound CREATE_CHILD_SA response
    dut rekey-ike $sa
    rx $sa CREATE_CHILD_SA request
    set mid [dict get [msg header $rx] mid]
    dut new-child $sa
    settle
    set others {}
    foreach n [records inbound CREATE_CHILD_SA request] {
        if {[record $n spi_i] eq [sa $sa spi_i] && [record $n mid] != $mid} { lappend others [record $n chain] }
    }
    should rfc7296/1.3.2/no-new-child-while-ike-rekey "no other request comes under the old IKE SA: $others" {![llength $others]}
    release outbound
}
