# exchange.tcl - RFC 7296 sections 1.2, 2.1 and 2.23: what IKE_SA_INIT carries, and what its repetition does.

rows sa-init/contents {
    title   "IKE_SA_INIT of the device carries what makes an SA, once each"
    cites   {$req}
    device  $device
    needs   {psk}
    bent    {$bent}
    tags    {sa-init occurrence smoke}
    why     "No peer can make an SA with the device."
    hint    "SA, KE and Nonce in clear; in a response one proposal."
} {device payload req bent} {
    sa          both       SA     rfc7296/1.2/init-contents                  sends-two-sa
    ke          both       KE     rfc7296/1.2/init-contents                  sends-two-ke
    nonce       both       Nonce  rfc7296/1.2/init-contents                  sends-two-nonces
    one-choice  responder  SA.2   rfc7296/1.2/init-response-single-proposal  answers-two-proposals
} {
    if {$role eq "responder"} { tx IKE_SA_INIT } else { dut initiate }
    rx IKE_SA_INIT
    if {$payload eq "SA.2"} {
        must $req "there is one proposal" {[msg exists $rx SA.1] && ![msg exists $rx SA.2]}
    } else {
        must $req "$payload is there once" {[llength [lsearch -all -exact [msg payloads $rx] $payload]] == 1}
    }
}

testcase sa-init/request-again {
    title   "A repeated IKE_SA_INIT request gets the same response, octet for octet"
    cites   {rfc7296/2.1/response-repeated}
    device  responder
    needs   {psk}
    bent    {response-repeated}
    tags    {sa-init retransmit}
    why     "One lost datagram ends the attempt, or each repetition makes another SA."
    hint    "Keep the response until IKE_AUTH comes."
} {
    set sa [tx IKE_SA_INIT -edit { set octets [msg encode $m] }]
    rx $sa IKE_SA_INIT response
    set first $rx_n
    # a device may still be busy with the request while its response is on the way
    settle 300
    raw $octets -port 500
    rx $sa IKE_SA_INIT response -req rfc7296/2.1/response-repeated
    must rfc7296/2.1/response-repeated "both responses are the same" {[same-bytes $first $rx_n]}
}

testcase sa-init/changed-request {
    title   "A request with the same SPI and another nonce is not taken for a repetition"
    cites   {rfc7296/2.1/init-retransmit-whole-match}
    device  responder
    needs   {psk}
    bent    {knows-requests-by-spi}
    tags    {sa-init retransmit}
    why     "A peer behind the same address, or one that restarted, gets keys that do not fit."
    hint    "Compare the whole message, or a hash of it, not the SPI."
} {
    set sa [tx IKE_SA_INIT -edit {
        set other [msg copy $m]
        msg set $other Nonce.data 0x[string repeat 5c 32]
        set octets [msg encode $other]
    }]
    rx $sa IKE_SA_INIT response
    set first $rx_n
    settle
    set before [llength [records inbound IKE_SA_INIT response]]
    raw $octets -port 500
    settle
    # a new SA, an error or silence all conform; the response to the first request does not
    foreach n [lrange [records inbound IKE_SA_INIT response] $before end] {
        should rfc7296/2.1/init-retransmit-whole-match "message $n is not the response to the first request" {![same-bytes $first $n]}
    }
    should rfc7296/2.1/init-retransmit-whole-match "the old response was not repeated" 1
}

testcase sa-init/nat-detection {
    title   "Both NAT_DETECTION notifies are in IKE_SA_INIT"
    cites   {rfc7296/2.23/nat-detection-sent}
    device  both
    needs   {psk nat-traversal}
    bent    {nat-detection-sent}
    tags    {sa-init nat}
    why     "A NAT on the way is not found, and traffic does not pass."
    hint    "The responder sends them too."
} {
    if {$role eq "responder"} { set sa [tx IKE_SA_INIT] } else { dut initiate }
    rx IKE_SA_INIT {
        must rfc7296/2.23/nat-detection-sent has {N(NAT_DETECTION_SOURCE_IP) N(NAT_DETECTION_DESTINATION_IP)}
    }
}

testcase sa-init/no-nat-detection {
    title   "Without NAT_DETECTION from the peer the device stays on port 500"
    cites   {rfc7296/2.23/no-detection-no-nat}
    device  initiator
    needs   {psk}
    bent    {sees-nat-everywhere}
    tags    {sa-init nat}
    why     "A peer without NAT traversal does not listen on port 4500."
    hint    "NAT traversal needs the notifies of both ends."
} {
    conn natd 0
    set sa [ike await]
    rx $sa IKE_AUTH request
    must rfc7296/2.23/no-detection-no-nat "IKE_AUTH goes to port 500" {[lindex [split [record $rx_n local] :] end] == 500}
}

testcase sa-init/second-response {
    title   "A second response to IKE_SA_INIT does not disturb the SA"
    cites   {rfc7296/2.1/unsolicited-response-ignored rfc7296/2.4/after-valid-response-ignore-rest}
    device  initiator
    needs   {psk}
    bent    {forgets-on-second-response}
    tags    {sa-init retransmit dos}
    why     "A repeated or forged datagram ends the attempt."
    hint    "Once the exchange is over its response id is old."
} {
    repeat outbound IKE_SA_INIT response -times 3
    set sa [ike establish]
    should rfc7296/2.4/after-valid-response-ignore-rest "the SA of the first response is up" {[answers $sa]}
    alive-sa $sa -req rfc7296/2.1/unsolicited-response-ignored
}

testcase sa-init/over-ipv6 {
    title   "Everything works over IPv6 as it does over IPv4"
    cites   {rfc7296/2.11/both-families rfc7296/1.4/empty-request-answered}
    device  both
    needs   {psk esp}
    setup   psk-over-ipv6
    bent    {both-families}
    tags    {sa-init ipv6}
    why     "Nobody can connect to the device over IPv6."
    hint    "Sockets of both families; addresses of 16 octets in NAT detection."
} {
    set sa [ike init response -req rfc7296/2.11/both-families]
    auth $sa rx { must rfc7296/2.11/both-families has {AUTH SA} }
    settle
    alive-sa $sa -req rfc7296/1.4/empty-request-answered
    must-traffic $sa -req rfc7296/2.11/both-families
    tx $sa CREATE_CHILD_SA -rekey ike
    rx $sa CREATE_CHILD_SA response { must rfc7296/2.11/both-families has {SA KE Nonce} }
    alive-sa [ike rekeyed $sa] -req rfc7296/1.4/empty-request-answered
}
