# response.tcl - RFC 7296 sections 2.1 and 2.2: what a request that comes again does and does not do. Repetitions come
# 100 ms later, as no timer of a real peer is shorter: a device may drop what comes while it still works.

testcase retransmit/init-response-repeated {
    title   "A repeated IKE_SA_INIT request is answered by the same response"
    cites   {rfc7296/2.1/response-repeated}
    device  responder
    needs   {psk}
    bent    {response-repeated}
    tags    {retransmit}
    why     "One lost packet at the start makes a second half-open SA, or none."
    hint    "Find the half-open SA by the whole message and send its response again."
} {
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response
    set first $rx_n
    settle 100
    tx $sa IKE_SA_INIT -again
    rx $sa IKE_SA_INIT response -req rfc7296/2.1/response-repeated
    must rfc7296/2.1/response-repeated "both responses are the same" {[same-bytes $first $rx_n]}
}

testcase retransmit/auth-response-repeated {
    title   "A repeated IKE_AUTH request is answered by the same response"
    cites   {rfc7296/2.1/response-repeated}
    device  responder
    needs   {psk}
    bent    {response-repeated}
    tags    {retransmit}
    why     "One lost packet ends the SA before it begins."
    hint    "Keep the last response and send it again."
} {
    set sa [ike init]
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response
    set first $rx_n
    settle 100
    tx $sa IKE_AUTH -again
    rx $sa IKE_AUTH response -req rfc7296/2.1/response-repeated
    must rfc7296/2.1/response-repeated "both responses are the same" {[same-bytes $first $rx_n]}
}

rows retransmit/create-child-response-repeated {
    title   "A repeated CREATE_CHILD_SA request is answered by the same response and makes nothing new"
    cites   {rfc7296/2.1/response-repeated rfc7296/2.1/repeated-request-not-processed}
    device  both
    needs   {psk}
    bent    {response-repeated repeated-id-not-processed}
    tags    {retransmit}
    why     "Each lost response leaves an SA that only one end knows."
    hint    "A request with an id that was answered is never given to the exchange again."
} {what} {
    new-child    {-new}
    child-rekey  {-rekey child}
    ike-rekey    {-rekey ike}
} {
    set sa [ike establish]
    manual $sa 1
    tx $sa CREATE_CHILD_SA {*}$what
    rx $sa CREATE_CHILD_SA response
    set first $rx_n
    settle 100
    tx $sa CREATE_CHILD_SA -again
    rx $sa CREATE_CHILD_SA response -req rfc7296/2.1/response-repeated
    must rfc7296/2.1/response-repeated "both responses are the same" {[same-bytes $first $rx_n]}
    settle 100
    tx $sa CREATE_CHILD_SA -again
    settle
    must rfc7296/2.1/repeated-request-not-processed "no other response ever comes" {[same-bytes $first {*}[records inbound CREATE_CHILD_SA response]]}
}

testcase retransmit/delete-response-repeated {
    title   "A repeated Delete is answered by the same Delete once more"
    cites   {rfc7296/2.1/response-repeated}
    device  both
    needs   {psk}
    bent    {response-repeated repeated-id-not-processed}
    tags    {retransmit delete}
    why     "The peer takes the second answer for the truth: no pair was closed."
    hint    "Repeat the stored response; do not look the SPI up again."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -delete child
    rx $sa INFORMATIONAL response
    set first $rx_n
    settle 100
    tx $sa INFORMATIONAL -again
    rx $sa INFORMATIONAL response -req rfc7296/2.1/response-repeated
    must rfc7296/2.1/response-repeated "both responses are the same" {[same-bytes $first $rx_n]}
}

testcase retransmit/old-request-not-processed {
    title   "A request from before the window makes no new response"
    cites   {rfc7296/2.2/repeated-id-not-processed}
    device  both
    needs   {psk}
    bent    {request-outside-window}
    tags    {retransmit replay}
    why     "Who recorded a request can have it carried out again."
    hint    "Message ids guard against replay: older than the window means no processing."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new
    rx $sa CREATE_CHILD_SA response
    set first $rx_n
    foreach i {1 2 3 4 5} { precondition {[answers $sa]} "the SA does not answer" }
    settle 100
    tx $sa CREATE_CHILD_SA -again
    settle
    must rfc7296/2.2/repeated-id-not-processed "at most the old response comes back" {[same-bytes $first {*}[records inbound CREATE_CHILD_SA response]]}
    alive-sa $sa
}

testcase retransmit/same-id-other-content {
    title   "Another request under an id that was answered is not carried out"
    cites   {rfc7296/2.2/repeated-id-not-processed}
    device  both
    needs   {psk esp}
    bent    {repeated-id-not-processed}
    tags    {retransmit}
    why     "Each id stands for one request; whatever else comes under it is a mistake or an attack."
    hint    "Decide by the message id before looking at the content."
} {
    set sa [ike establish]
    set mid [sa $sa next_request]
    tx $sa INFORMATIONAL
    rx $sa INFORMATIONAL response
    set m [msg new INFORMATIONAL request]
    msg add $m D protocol ESP spi_size 4 spis 0x[child $sa spi_in]
    tx $sa $m -mid $mid
    settle
    must-traffic $sa -req rfc7296/2.2/repeated-id-not-processed
}

testcase retransmit/forged-request-uses-no-id {
    title   "A request with a wrong checksum gets no answer, and the true one with the same id does"
    cites   {rfc7296/3.14/integrity-checked rfc7296/2.4/forged-message-harmless}
    device  both
    needs   {psk}
    bent    {integrity-checked forgery-uses-the-id}
    tags    {retransmit icv}
    why     "Anybody on the path can break the SA by one packet."
    hint    "Verify before touching the window."
} {
    set sa [ike establish]
    set mid [sa $sa next_request]
    tx $sa INFORMATIONAL -mid $mid -icv-flip 1
    rx-none $sa INFORMATIONAL response -req rfc7296/3.14/integrity-checked -for settle
    tx $sa INFORMATIONAL
    rx $sa INFORMATIONAL response -mid $mid -req rfc7296/2.4/forged-message-harmless
}

testcase retransmit/everything-twice {
    title   "Every message of the tester comes twice: each exchange happens once"
    cites   {rfc7296/2.1/repeated-request-not-processed rfc7296/2.1/unsolicited-response-ignored}
    device  both
    needs   {psk esp}
    bent    {repeated-id-not-processed unsolicited-response-ignored}
    tags    {retransmit}
    why     "Networks double packets; the SA must not."
    hint    "Second copies of requests get the stored response, second copies of responses nothing."
} {
    repeat outbound any -times 1
    set sa [ike establish]
    dut delete-child $sa
    rx $sa INFORMATIONAL request
    settle
    alive-sa $sa -req rfc7296/2.1/unsolicited-response-ignored
    tx $sa CREATE_CHILD_SA -new
    rx $sa CREATE_CHILD_SA response
    settle
    must rfc7296/2.1/repeated-request-not-processed "one response, however often it comes" {[same-bytes $rx_n {*}[records inbound CREATE_CHILD_SA response]]}
    precondition {[msg has $rx SA]} "the device makes no further Child SA"
    must-traffic $sa -req rfc7296/2.1/repeated-request-not-processed
}

testcase retransmit/past-replayed {
    title   "All exchanges of the tester are replayed at the end: nothing changes"
    cites   {rfc7296/2.2/repeated-id-not-processed}
    device  responder
    needs   {psk esp}
    bent    {request-outside-window}
    tags    {retransmit replay}
    why     "Who recorded the conversation can disturb it later."
    hint    "Old ids are dropped, old IKE_SA_INIT requests at most answered as before."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -rekey child
    rx $sa CREATE_CHILD_SA response
    set made $rx_n
    settle
    foreach i {1 2 3 4} { precondition {[answers $sa]} "the SA does not answer" }
    foreach exchange {IKE_SA_INIT IKE_AUTH CREATE_CHILD_SA INFORMATIONAL} {
        settle 100
        tx $sa $exchange -again
        settle
    }
    must rfc7296/2.2/repeated-id-not-processed "no new response to the old request" {[same-bytes $made {*}[records inbound CREATE_CHILD_SA response]]}
    alive-sa $sa
    must-traffic $sa
}
