# table.tcl - RFC 7296 sections 2.25.1 and 2.25.2, line by line: the device is in the middle of something (its request is
# held back on the way) when the tester's request on the same SA comes.

rows collision/temporary-failure {
    title   "A request that meets unfinished work of the device gets TEMPORARY_FAILURE"
    cites   {$req rfc7296/2.25/temporary-failure}
    device  both
    needs   {psk rekey-on-demand}
    bent    {$bent}
    tags    {collision rekey}
    why     "The two ends hold different SAs afterwards."
    hint    "Look at what is outstanding before making anything; the peer asks again later."
} {doing exchange what req bent} {
    child-rekey-while-deleting-child   delete-child INFORMATIONAL   {-rekey child} rfc7296/2.25.1/rekey-of-closing-child rekey-of-closing-child
    ike-rekey-while-making-child       new-child    CREATE_CHILD_SA {-rekey ike}   rfc7296/2.25.1/ike-rekey-during-child-exchange ike-rekey-during-child-exchange
    ike-rekey-while-rekeying-child     rekey-child  CREATE_CHILD_SA {-rekey ike}   rfc7296/2.25.1/ike-rekey-during-child-exchange ike-rekey-during-child-exchange
    ike-rekey-while-deleting-child     delete-child INFORMATIONAL   {-rekey ike}   rfc7296/2.25.1/ike-rekey-during-child-exchange ike-rekey-during-child-exchange
    ike-rekey-while-deleting-ike       delete-ike   INFORMATIONAL   {-rekey ike}   rfc7296/2.25.2/rekey-of-closing-ike-sa rekey-of-closing-ike-sa
    new-child-while-rekeying-ike       rekey-ike    CREATE_CHILD_SA {-new}         rfc7296/2.25.2/child-during-ike-rekey child-during-ike-rekey
    child-rekey-while-rekeying-ike     rekey-ike    CREATE_CHILD_SA {-rekey child} rfc7296/2.25.2/child-during-ike-rekey child-during-ike-rekey
} {
    set sa [ike establish]
    manual $sa 1
    hold inbound any request
    dut $doing $sa
    rx $sa $exchange request -held 1
    tx $sa CREATE_CHILD_SA {*}$what
    rx $sa CREATE_CHILD_SA response {
        should $req has {N(TEMPORARY_FAILURE)}
        should rfc7296/2.25/temporary-failure has {N(TEMPORARY_FAILURE)}
    }
}

rows collision/rekey-answered-as-usual {
    title   "A rekey of what the device rekeys itself is answered as usual"
    cites   {$req}
    device  both
    needs   {psk rekey-on-demand}
    bent    {$bent}
    tags    {collision rekey}
    why     "Two ends that rekey by the same clock never get a new SA."
    hint    "Answer; which of the two stays is settled by the nonces."
} {doing what req bent} {
    child  rekey-child {-rekey child} rfc7296/2.25.1/rekey-while-rekeying     rekey-while-rekeying
    ike    rekey-ike   {-rekey ike}   rfc7296/2.25.2/ike-rekey-while-rekeying ike-rekey-while-rekeying
} {
    set sa [ike establish]
    manual $sa 1
    hold inbound any request
    dut $doing $sa
    rx $sa CREATE_CHILD_SA request -held 1
    tx $sa CREATE_CHILD_SA {*}$what
    rx $sa CREATE_CHILD_SA response { should $req has {SA Nonce} }
}

rows collision/child-delete-answered-with-delete {
    title   "A Delete of a Child SA while the device rekeys is answered with the Delete of the pair"
    cites   {$req}
    device  both
    needs   {psk rekey-on-demand}
    bent    {delete-answers-with-pair}
    tags    {collision delete}
    why     "The peer believes that the other half is still in use."
    hint    "Close the pair and answer as ever; one's own rekey fails later with CHILD_SA_NOT_FOUND."
} {doing req} {
    rekeying-child  rekey-child  rfc7296/2.25.1/close-while-rekeying
    rekeying-ike    rekey-ike    rfc7296/2.25.2/child-delete-while-ike-rekey
} {
    set sa [ike establish]
    set pair [child $sa spi_out]
    hold inbound any request
    dut $doing $sa
    rx $sa CREATE_CHILD_SA request -held 1
    tx $sa INFORMATIONAL -delete child
    rx $sa INFORMATIONAL response {
        should $req has {D}
        should $req field D.spis == 0x$pair
    }
}

testcase collision/child-deletes-crossed {
    title   "Both ends delete the same Child SA: the answer holds no Delete"
    cites   {rfc7296/2.25.1/close-of-closing-child}
    device  both
    needs   {psk rekey-on-demand}
    bent    {close-of-closing-child}
    tags    {collision delete}
    why     "An SPI used again meanwhile is closed by mistake."
    hint    "Each end has named its half already."
} {
    set sa [ike establish]
    hold inbound INFORMATIONAL request
    dut delete-child $sa
    rx $sa INFORMATIONAL request -held 1
    tx $sa INFORMATIONAL -delete child
    rx $sa INFORMATIONAL response { should rfc7296/2.25.1/close-of-closing-child lacks {D} }
}

testcase collision/child-deletes-crossed-halves {
    title   "Both ends delete the same Child SA: no answer names it again, and both halves are gone"
    cites   {rfc7296/1.4.1/crossed-delete-no-delete rfc7296/1.4.1/crossed-delete-halves}
    device  both
    needs   {psk esp rekey-on-demand}
    bent    {close-of-closing-child crossed-deletes-close-nothing}
    tags    {collision delete}
    why     "One half stays open, or an SPI used again meanwhile is closed by mistake."
    hint    "The outgoing half goes with the peer's request, the incoming half with the response to one's own."
} {
    set sa [ike establish]
    set child [child $sa spi_in]
    precondition {[esp-echo $sa]} "no traffic before the Delete"
    hold inbound INFORMATIONAL request
    dut delete-child $sa
    rx $sa INFORMATIONAL request -held 1
    precondition {[msg has $rx D]} "the device does not say what it closes"
    # the tester itself keeps the SA, to look
    tx $sa INFORMATIONAL -add [list D protocol ESP spi_size 4 spis 0x$child]
    rx $sa INFORMATIONAL response { must rfc7296/1.4.1/crossed-delete-no-delete lacks {D} }
    edit inbound INFORMATIONAL request { if {[msg has $m D]} { msg remove $m D } }
    release inbound
    settle
    no-traffic $sa -child $child -req rfc7296/1.4.1/crossed-delete-halves
}

testcase collision/child-deletes-crossed-end {
    title   "Both ends delete the same Child SA: the IKE SA works on"
    cites   {rfc7296/1.4/informational-answered}
    device  both
    needs   {psk rekey-on-demand}
    bent    {informational-unanswered}
    tags    {collision delete}
    why     "A crossing that is allowed ends the IKE SA."
    hint    "Finding nothing to close is no error."
} {
    set sa [ike establish]
    hold inbound INFORMATIONAL request
    dut delete-child $sa
    rx $sa INFORMATIONAL request -held 1
    tx $sa INFORMATIONAL -delete child
    rx $sa INFORMATIONAL response -req rfc7296/1.4/informational-answered
    release inbound
    settle
    alive-sa $sa
}

rows collision/ike-delete-answered {
    title   "A Delete of the IKE SA is answered whatever the device is doing to it, and the SA is gone"
    cites   {$req rfc7296/1.4.1/delete-ike-answered}
    device  both
    needs   {psk rekey-on-demand}
    bent    {delete-ike-answered}
    tags    {collision delete}
    why     "The peer repeats its Delete until it gives up."
    hint    "Answer as usual and forget one's own request."
} {doing exchange req} {
    rekeying-ike    rekey-ike    CREATE_CHILD_SA rfc7296/2.25.2/ike-close-while-rekeying
    deleting-ike    delete-ike   INFORMATIONAL   rfc7296/2.25.2/ike-close-while-closing
    rekeying-child  rekey-child  CREATE_CHILD_SA rfc7296/1.4.1/delete-ike-answered
    deleting-child  delete-child INFORMATIONAL   rfc7296/1.4.1/delete-ike-answered
    making-child    new-child    CREATE_CHILD_SA rfc7296/1.4.1/delete-ike-answered
} {
    set sa [ike establish]
    hold inbound any request
    dut $doing $sa
    rx $sa $exchange request -held 1
    tx $sa INFORMATIONAL -delete ike
    rx $sa INFORMATIONAL response -req $req
    settle
    no-sa $sa -req rfc7296/1.4.1/delete-ike-answered
}

testcase collision/liveness-during-rekey {
    title   "A liveness check while the device rekeys is answered, and the rekey goes through"
    cites   {rfc7296/2.3/request-while-waiting rfc7296/2.17/keymat}
    device  both
    needs   {psk esp rekey-on-demand}
    bent    {request-while-waiting keymat}
    tags    {collision liveness}
    why     "Each end waits for the other."
    hint    "Requests and own responses have nothing to do with each other."
} {
    set sa [ike establish]
    hold inbound any request
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request -held 1
    tx $sa INFORMATIONAL
    rx $sa INFORMATIONAL response -req rfc7296/2.3/request-while-waiting
    release inbound
    settle
    must-traffic $sa -req rfc7296/2.17/keymat
}

testcase collision/new-children-crossed {
    title   "Both ends ask for a new Child SA at once: both requests are answered"
    cites   {rfc7296/2.3/request-while-waiting}
    device  both
    needs   {psk rekey-on-demand}
    bent    {request-while-waiting}
    tags    {collision child}
    why     "Each end waits for the other."
    hint    "A request is answered although one's own is outstanding."
} {
    set sa [ike establish]
    hold inbound CREATE_CHILD_SA request
    dut new-child $sa
    rx $sa CREATE_CHILD_SA request -held 1
    tx $sa CREATE_CHILD_SA -new
    rx $sa CREATE_CHILD_SA response -req rfc7296/2.3/request-while-waiting
    release inbound
    settle
    alive-sa $sa
}
