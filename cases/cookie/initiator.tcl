# initiator.tcl - RFC 7296 sections 2.6 and 2.6.1: a device that is asked for cookies. The tester's honest answer is turned
# into a COOKIE (or INVALID_KE_PAYLOAD) notify; the device's next request makes a new SA at the tester.

testcase cookie/retry {
    title   "A COOKIE answer leads to the request being sent again with it"
    cites   {rfc7296/2.6/cookie-retry}
    device  initiator
    needs   {psk}
    bent    {ignores-cookies}
    tags    {cookie smoke}
    why     "The device cannot connect to a peer under load."
    hint    "COOKIE is no error: repeat the request at once with the cookie in front."
} {
    refuse [list N(COOKIE) data 0x[string repeat 6b 24]]
    dut initiate
    rx IKE_SA_INIT request
    rx IKE_SA_INIT request { must rfc7296/2.6/cookie-retry has {N(COOKIE)} }
    rx IKE_AUTH request { must rfc7296/2.6/cookie-retry has {AUTH} }
}

rows cookie/returned {
    title   "The cookie comes back whole and unchanged, in front of everything else"
    cites   {rfc7296/2.6/cookie-returned-unchanged rfc7296/2.6/cookie-first-payload}
    device  initiator
    needs   {psk}
    bent    {cookie-returned-unchanged cookie-first-payload}
    tags    {cookie}
    why     "The peer finds the cookie wrong; the device never connects."
    hint    "1 to 64 octets, copied as they are into the first payload."
} {octets} {
    shortest  1
    usual     20
    long      63
    longest   64
} {
    set cookie 0x[string repeat d8 $octets]
    refuse [list N(COOKIE) data $cookie]
    dut initiate
    rx IKE_SA_INIT request
    rx IKE_SA_INIT request {
        must rfc7296/2.6/cookie-returned-unchanged field N(COOKIE).data == $cookie
        must rfc7296/2.6/cookie-first-payload true {[lindex [msg payloads $rx] 0] eq "N(COOKIE)"}
    }
}

testcase cookie/rest-unchanged {
    title   "Beside the cookie the repeated request is the same, octet for octet"
    cites   {rfc7296/2.6/retry-otherwise-unchanged}
    device  initiator
    needs   {psk}
    bent    {retry-otherwise-unchanged}
    tags    {cookie}
    why     "The cookie is bound to nonce and SPI of the first request; the peer finds it wrong."
    hint    "Keep the payloads of the first request; make no new nonce or KE."
} {
    refuse [list N(COOKIE) data 0x[string repeat 6b 24]]
    dut initiate
    rx IKE_SA_INIT request
    set first $rx
    rx IKE_SA_INIT request
    precondition {[msg has $rx N(COOKIE)]} "the device did not repeat the request with the cookie"
    set rest [msg copy $rx]
    msg remove $rest N(COOKIE)
    must rfc7296/2.6/retry-otherwise-unchanged "without the cookie both requests are the same" {[msg encode $rest] eq [msg encode $first]}
}

rows cookie/retry-header {
    title   "The request with the cookie is message 0 again and names no responder SPI"
    cites   {$req}
    device  initiator
    needs   {psk}
    bent    {$bent}
    tags    {cookie header}
    why     "The peer does not take it for the beginning of an SA."
    hint    "The exchange is still the first one."
} {path req bent} {
    message-id     HDR.mid    rfc7296/2.2/init-id-zero              counts-cookie-retry
    responder-spi  HDR.spi_r  rfc7296/3.1/responder-spi-zero-first  keeps-spi-of-refusal
} {
    refuse [list N(COOKIE) data 0x[string repeat 6b 24]]
    dut initiate
    rx IKE_SA_INIT request
    rx IKE_SA_INIT request { must $req field $path == 0 }
}

rows cookie/spi-in-refusal {
    title   "A responder SPI that is not zero is no reason to refuse COOKIE or INVALID_KE_PAYLOAD"
    cites   {rfc7296/2.6/nonzero-spi-on-refusal-accepted}
    device  initiator
    needs   {psk}
    setup   psk-groups
    bent    {insists-on-spi-zero}
    tags    {cookie ke}
    why     "The device cannot connect to peers that give an SPI early."
    hint    "Do not look at the responder's SPI in these answers."
} {notify data wanted} {
    cookie      COOKIE              0x6b6b6b6b6b6b6b6b  {[msg has $rx N(COOKIE)]}
    invalid-ke  INVALID_KE_PAYLOAD  0x001f              {[msg get $rx KE.group] eq "CURVE25519"}
} {
    set answers 0
    edit outbound IKE_SA_INIT response {
        if {[incr answers] == 1} {
            foreach p [msg payloads $m] { msg remove $m $p }
            msg add $m N($notify) data $data
        }
    }
    dut initiate
    rx IKE_SA_INIT request
    rx IKE_SA_INIT request -req rfc7296/2.6/nonzero-spi-on-refusal-accepted
    should rfc7296/2.6/nonzero-spi-on-refusal-accepted "the request comes again as asked for" $wanted
}

testcase cookie/endless {
    title   "Fresh cookies without end do not keep the device busy for ever"
    cites   {rfc7296/2.6/cookie-retries-limited}
    device  initiator
    needs   {psk}
    bent    {cookie-retries-limited}
    tags    {cookie dos}
    why     "Anybody who can answer makes the device send as fast as the network carries."
    hint    "Count the rounds, pause between them, give up."
} {
    set answers 0
    edit outbound IKE_SA_INIT response {
        foreach p [msg payloads $m] { msg remove $m $p }
        msg set $m HDR.spi_r 0
        msg add $m N(COOKIE) data 0x[format %016x [incr answers]]
        if {$answers > 60} { string cat drop }
    }
    dut initiate
    rx IKE_SA_INIT request
    settle
    should rfc7296/2.6/cookie-retries-limited "not more than 50 cookies were answered (it was [expr {$answers - 1}])" {$answers <= 50}
}

testcase cookie/then-other-group {
    title   "Asked for a cookie and then for another group, the device keeps the cookie"
    cites   {rfc7296/2.6.1/cookie-kept-on-group-change}
    device  initiator
    needs   {psk}
    setup   psk-groups
    bent    {forgets-cookie}
    tags    {cookie ke}
    why     "Connecting takes one more round trip than needed."
    hint    "Put the cookie into all further requests of the attempt."
} {
    refuse {N(COOKIE) data 0x6b6b6b6b6b6b6b6b} {N(INVALID_KE_PAYLOAD) data 0x001f}
    dut initiate
    rx IKE_SA_INIT request
    rx IKE_SA_INIT request
    rx IKE_SA_INIT request
    precondition {[msg get $rx KE.group] eq "CURVE25519"} "the device did not follow INVALID_KE_PAYLOAD"
    should rfc7296/2.6.1/cookie-kept-on-group-change "the request with the new KE has the cookie" {[msg has $rx N(COOKIE)]}
}

rows cookie/in-turn {
    title   "Cookies and another group in any order lead to an SA"
    cites   {rfc7296/2.6.1/long-exchange-tolerated}
    device  initiator
    needs   {psk}
    setup   psk-groups
    bent    {one-refusal-only}
    tags    {cookie ke}
    why     "The device cannot connect to peers under load whose group it did not guess."
    hint    "The cookie of the latest answer counts, and the group last named stays."
} {refusals} {
    cookie-group         {COOKIE INVALID_KE_PAYLOAD}
    group-cookie         {INVALID_KE_PAYLOAD COOKIE}
    cookie-group-cookie  {COOKIE INVALID_KE_PAYLOAD COOKIE}
    cookie-cookie        {COOKIE COOKIE}
} {
    set payloads {}
    foreach notify $refusals {
        set data 0x001f
        if {$notify eq "COOKIE"} { set data 0x[string repeat 6b 12][format %02x [expr {[llength $payloads] + 1}]] }
        lappend payloads [list N($notify) data $data]
    }
    refuse {*}$payloads
    dut initiate
    rx IKE_SA_INIT request
    foreach refusal $refusals { rx IKE_SA_INIT request -req rfc7296/2.6.1/long-exchange-tolerated }
    rx IKE_AUTH request { must rfc7296/2.6.1/long-exchange-tolerated has {AUTH} }
    if {[lindex $refusals end] eq "COOKIE"} {
        set last [record [lindex [records inbound IKE_SA_INIT request] end] msg]
        must rfc7296/2.6.1/long-exchange-tolerated "the last request has the last cookie" {
            [string match *[format %02x [llength $refusals]] [msg get $last N(COOKIE).data]]
        }
    }
}

testcase cookie/signed {
    title   "AUTH of the device covers the request with the cookie"
    cites   {rfc7296/2.15/auth-last-init}
    device  initiator
    needs   {psk}
    bent    {signs-without-cookie}
    tags    {cookie auth}
    why     "Authentication fails whenever the peer is under load."
    hint    "The last request sent is signed, not the first."
} {
    refuse [list N(COOKIE) data 0x[string repeat 6b 24]]
    dut initiate
    rx IKE_SA_INIT request
    rx IKE_SA_INIT request
    precondition {[msg has $rx N(COOKIE)]} "the device did not repeat the request with the cookie"
    rx IKE_AUTH request
    settle 200
    must rfc7296/2.15/auth-last-init "the tester finds AUTH right" {[llength [events ike-up]] == 1}
}
