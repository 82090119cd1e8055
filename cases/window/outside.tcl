# outside.tcl - RFC 7296 section 2.3: requests outside the window, and INVALID_MESSAGE_ID.

rows window/beyond-window-dropped {
    title   "A request beyond the window is neither answered nor carried out"
    cites   {rfc7296/2.3/request-outside-window}
    device  both
    needs   {psk esp}
    bent    {request-outside-window}
    tags    {window}
    why     "Requests get lost or are done out of turn."
    hint    "Compare the id with the next expected one and the window announced."
} {off} {
    next-but-one 0
    one-more     1
    thousand     1000
    last-id      4294967200
} {
    set sa [ike establish]
    set mid [expr {([sa $sa next_request] + [sa $sa window_peer] + $off) & 0xffffffff}]
    set m [msg new INFORMATIONAL request]
    msg add $m D protocol ESP spi_size 4 spis 0x[child $sa spi_in]
    tx $sa $m -mid $mid
    rx-none $sa INFORMATIONAL response -mid $mid -req rfc7296/2.3/request-outside-window -for settle
    must-traffic $sa
    alive-sa $sa
}

rows window/invalid-message-id-not-in-response {
    title   "INVALID_MESSAGE_ID is never said in a response"
    cites   {rfc7296/2.3/invalid-message-id-not-in-response}
    device  both
    needs   {psk}
    bent    {invalid-message-id-not-in-response}
    tags    {window}
    why     "A response to a request that must not be acknowledged shifts the peer's window."
    hint    "Say it in a request of its own, or not at all."
} {off} {
    next-but-one 0
    thousand     1000
} {
    set sa [ike establish]
    set mid [expr {[sa $sa next_request] + [sa $sa window_peer] + $off}]
    tx $sa INFORMATIONAL -mid $mid
    rx-none $sa INFORMATIONAL response -has {N(INVALID_MESSAGE_ID)} -req rfc7296/2.3/invalid-message-id-not-in-response -for settle
}

testcase window/gap-not-skipped {
    title   "With window one the request after a missing one waits for it"
    cites   {rfc7296/2.3/in-order-without-window}
    device  both
    needs   {psk}
    bent    {request-outside-window}
    tags    {window}
    why     "Requests are carried out in another order than the peer meant."
    hint    "With window one only the next id is taken."
} {
    set sa [ike establish]
    precondition {[sa $sa window_peer] == 1} "the device announced a larger window"
    set mid [sa $sa next_request]
    tx $sa INFORMATIONAL -mid [expr {$mid + 1}]
    rx-none $sa INFORMATIONAL response -req rfc7296/2.3/in-order-without-window -for settle
}

testcase window/answers-while-waiting {
    title   "A request is answered while the device waits for a response itself"
    cites   {rfc7296/2.3/request-while-waiting}
    device  both
    needs   {psk rekey-on-demand}
    bent    {request-while-waiting}
    tags    {window}
    why     "Two ends that both ask wait for each other for ever."
    hint    "The two directions have windows of their own."
} {
    set sa [ike establish]
    hold inbound any request                         ;# the device's request stays unanswered
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request -held 1
    tx $sa INFORMATIONAL
    rx $sa INFORMATIONAL response -req rfc7296/2.3/request-while-waiting
}
