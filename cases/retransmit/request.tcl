# request.tcl - RFC 7296 section 2.1: requests are repeated until answered, responses only when asked again.

testcase retransmit/response-repeated {
    title   "A repeated request is answered by the same response, octet for octet"
    cites   {rfc7296/2.1/response-repeated}
    device  responder
    needs   {psk}
    setup   psk
    bent    {response-repeated}
    tags    {retransmit smoke}
    why     "One lost packet ends the SA."
    hint    "Keep the last response and send it again."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL
    rx $sa INFORMATIONAL response
    set first $rx_n
    settle 100
    tx $sa INFORMATIONAL -again
    rx $sa INFORMATIONAL response -req rfc7296/2.1/response-repeated
    must rfc7296/2.1/response-repeated "both responses are the same" {[same-bytes $first $rx_n]}
}

testcase retransmit/responder-silent-by-itself {
    title   "A responder sends its response once, and again only when asked"
    cites   {rfc7296/2.1/responder-never-retransmits}
    device  responder
    needs   {psk}
    setup   psk
    bent    {answers-twice}
    tags    {retransmit}
    why     "Two ends that both repeat can flood each other."
    hint    "Is there a retransmission timer on responses?"
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL
    rx $sa INFORMATIONAL response
    precondition {[llength [records outbound INFORMATIONAL request]] == 1} "the device is slow, and was asked again"
    rx-none $sa INFORMATIONAL response -req rfc7296/2.1/responder-never-retransmits -for settle
}

testcase retransmit/request-identical {
    title   "A request that stays unanswered is repeated, octet for octet"
    cites   {rfc7296/2.1/request-retransmitted rfc7296/2.1/retransmission-identical}
    device  initiator
    needs   {psk}
    setup   psk
    bent    {request-retransmitted retransmission-identical}
    tags    {retransmit}
    why     "One lost packet ends the SA."
    hint    "Keep the datagram and send the same one; do not build the message again."
} {
    drop inbound IKE_SA_INIT request -count 1
    dut initiate
    rx IKE_SA_INIT request
    set first $rx_n
    rx IKE_SA_INIT request -retransmit 1 -within 15000 -req rfc7296/2.1/request-retransmitted
    must rfc7296/2.1/retransmission-identical "both requests are the same" {[same-bytes $first $rx_n]}
}
