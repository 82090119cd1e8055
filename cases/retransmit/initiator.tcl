# initiator.tcl - RFC 7296 section 2.1: what the device does with a request of its own until the right response is there.

rows retransmit/request-identical-later {
    title   "A request on the live SA that stays unanswered is repeated, octet for octet"
    cites   {rfc7296/2.1/request-retransmitted rfc7296/2.1/retransmission-identical}
    device  both
    needs   {psk rekey-on-demand}
    bent    {request-retransmitted retransmission-identical}
    tags    {retransmit}
    why     "One lost packet ends the SA, or makes two requests of one."
    hint    "Keep the sealed datagram and send the same one; do not encrypt again."
} {verb exchange} {
    new-child    new-child    CREATE_CHILD_SA
    child-rekey  rekey-child  CREATE_CHILD_SA
    ike-rekey    rekey-ike    CREATE_CHILD_SA
    delete-child delete-child INFORMATIONAL
    delete-ike   delete-ike   INFORMATIONAL
} {
    set sa [ike establish]
    drop inbound $exchange request -count 1
    dut $verb $sa
    rx $sa $exchange request
    set first $rx_n
    rx $sa $exchange request -retransmit 1 -within 15000 -req rfc7296/2.1/request-retransmitted
    must rfc7296/2.1/retransmission-identical "both requests are the same" {[same-bytes $first $rx_n]}
}

testcase retransmit/auth-request-identical {
    title   "An IKE_AUTH request that stays unanswered is repeated, octet for octet"
    cites   {rfc7296/2.1/request-retransmitted rfc7296/2.1/retransmission-identical}
    device  initiator
    needs   {psk}
    bent    {request-retransmitted retransmission-identical}
    tags    {retransmit}
    why     "One lost packet ends the SA before it begins."
    hint    "Keep the sealed datagram and send the same one."
} {
    drop inbound IKE_AUTH request -count 1
    set sa [ike await]
    rx $sa IKE_AUTH request
    set first $rx_n
    rx $sa IKE_AUTH request -retransmit 1 -within 15000 -req rfc7296/2.1/request-retransmitted
    must rfc7296/2.1/retransmission-identical "both requests are the same" {[same-bytes $first $rx_n]}
}

testcase retransmit/stops-after-response {
    title   "Once its response came a request is repeated no more"
    cites   {rfc7296/2.1/retransmission-stops}
    device  both
    needs   {psk}
    bent    {retransmission-stops}
    tags    {retransmit}
    why     "Endless repetitions load both ends and the network."
    hint    "Is the timer of the request stopped by its response?"
} {
    set sa [ike establish]
    drop outbound INFORMATIONAL response -count 1
    dut delete-child $sa
    rx $sa INFORMATIONAL request
    set first $rx_n
    rx $sa INFORMATIONAL request -retransmit 1 -within 15000
    # the next repetition would come after a longer wait than the first did
    set gap [expr {([record $rx_n t_us] - [record $first t_us]) / 1000}]
    rx-none $sa INFORMATIONAL request -retransmit 1 -req rfc7296/2.1/retransmission-stops -for [expr {3 * $gap}]
}

rows retransmit/stray-response-ignored {
    title   "A response that fits no request of the device is ignored: the request stays open"
    cites   {rfc7296/2.1/unsolicited-response-ignored}
    device  both
    needs   {psk}
    bent    {unsolicited-response-ignored}
    tags    {retransmit}
    why     "A late or wrong response is taken for the answer to something else."
    hint    "Match responses by message id and exchange type."
} {exchange off} {
    later-id        INFORMATIONAL   1
    far-id          INFORMATIONAL   1000
    other-exchange  CREATE_CHILD_SA 0
    auth            IKE_AUTH        0
} {
    set sa [ike establish]
    hold outbound INFORMATIONAL response -count 1    ;# the true response waits here
    dut delete-child $sa
    rx $sa INFORMATIONAL request
    set mid [dict get [msg header $rx] mid]
    tx $sa [msg new $exchange response] -mid [expr {$mid + $off}]
    rx $sa INFORMATIONAL request -mid $mid -retransmit 1 -within 15000 -req rfc7296/2.1/unsolicited-response-ignored
}

testcase retransmit/unasked-response-ignored {
    title   "A response while the device waits for none changes nothing"
    cites   {rfc7296/2.1/unsolicited-response-ignored}
    device  both
    needs   {psk esp}
    bent    {unsolicited-response-ignored}
    tags    {retransmit}
    why     "A late response ends the SA."
    hint    "Drop responses that match no outstanding request."
} {
    set sa [ike establish]
    set m [msg new INFORMATIONAL response]
    msg add $m D protocol ESP spi_size 4 spis 0x[child $sa spi_in]
    tx $sa $m -mid [sa $sa next_expected]
    settle
    alive-sa $sa
    must-traffic $sa
}

testcase retransmit/response-twice-ignored {
    title   "The second copy of a response changes nothing"
    cites   {rfc7296/2.1/unsolicited-response-ignored}
    device  both
    needs   {psk}
    bent    {unsolicited-response-ignored}
    tags    {retransmit}
    why     "A doubled packet ends the SA."
    hint    "The request is over with its first response."
} {
    set sa [ike establish]
    repeat outbound INFORMATIONAL response -times 1
    dut delete-child $sa
    rx $sa INFORMATIONAL request
    settle
    alive-sa $sa
}

testcase retransmit/forged-response-ignored {
    title   "A response with a wrong checksum does not answer the request"
    cites   {rfc7296/2.4/forged-message-harmless rfc7296/3.14/integrity-checked}
    device  both
    needs   {psk}
    bent    {integrity-checked}
    tags    {retransmit icv}
    why     "Anybody on the path can answer in the peer's name."
    hint    "Verify the checksum before the request is taken as answered."
} {
    set sa [ike establish]
    hold outbound INFORMATIONAL response -count 1
    dut delete-child $sa
    rx $sa INFORMATIONAL request
    set mid [dict get [msg header $rx] mid]
    tx $sa [msg new INFORMATIONAL response] -mid $mid -icv-flip 1
    rx $sa INFORMATIONAL request -mid $mid -retransmit 1 -within 15000 -req rfc7296/3.14/integrity-checked
    settle
    alive-sa $sa -req rfc7296/2.4/forged-message-harmless
}

testcase retransmit/clear-response-ignored {
    title   "An unprotected error does not answer a request of the live SA"
    cites   {rfc7296/2.4/unprotected-not-trusted}
    device  both
    needs   {psk}
    bent    {unprotected-not-trusted}
    tags    {retransmit}
    why     "Anybody can end the SA by one forged notify."
    hint    "On a live SA nothing counts that is not inside SK."
} {
    set sa [ike establish]
    hold outbound INFORMATIONAL response -count 1
    dut delete-child $sa
    rx $sa INFORMATIONAL request
    set mid [dict get [msg header $rx] mid]
    set m [msg new INFORMATIONAL response]
    msg add $m N(INVALID_SYNTAX)
    tx $sa $m -mid $mid -clear 1
    rx $sa INFORMATIONAL request -mid $mid -retransmit 1 -within 15000 -req rfc7296/2.4/unprotected-not-trusted
    settle
    alive-sa $sa
}

testcase retransmit/failed-sa-discarded {
    title   "A request that nobody answers to the end takes the IKE SA and its Child SAs with it"
    cites   {rfc7296/2.1/failed-sa-discarded}
    device  both
    needs   {psk}
    setup   {psk retransmit {200 2 2}}
    bent    {failed-sa-discarded}
    tags    {retransmit}
    why     "The device goes on sending into a hole."
    hint    "After the last try drop all state of the IKE SA."
} {
    set sa [ike establish]
    drop inbound INFORMATIONAL request
    dut delete-child $sa
    rx $sa INFORMATIONAL request
    settle 8000
    drop inbound off
    no-sa $sa -req rfc7296/2.1/failed-sa-discarded
}
