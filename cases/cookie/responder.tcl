# responder.tcl - RFC 7296 sections 2.6 and 2.6.1: a device that asks for cookies, and what it makes of those it gets.

testcase cookie/asked {
    title   "Under load the device answers IKE_SA_INIT by a cookie"
    cites   {rfc7296/2.6/cookie-under-load}
    device  responder
    needs   {psk cookie}
    setup   psk-cookie
    bent    {cookie-under-load}
    tags    {cookie dos smoke}
    why     "Forged requests fill the device's memory and keep its processor busy."
    hint    "Is the threshold of half-open SAs reached?"
} {
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response { should rfc7296/2.6/cookie-under-load has {N(COOKIE)} }
}

testcase cookie/length {
    title   "The cookie has 1 to 64 octets"
    cites   {rfc7296/2.6/cookie-length}
    device  responder
    needs   {psk cookie}
    setup   psk-cookie
    bent    {asks-empty-cookie asks-long-cookie}
    tags    {cookie}
    why     "Peers refuse cookies of another size, and never connect."
    hint    "A hash, perhaps with a version octet."
} {
    set sa [tx IKE_SA_INIT]
    settle 300
    set asked [lmap n [records inbound IKE_SA_INIT response -has {N(COOKIE)}] { record $n msg }]
    precondition {[llength $asked]} "the device asked for no cookie"
    set octets [expr {([string length [msg get [lindex $asked 0] N(COOKIE).data]] - 2) / 2}]
    must rfc7296/2.6/cookie-length "the cookie has $octets octets" {$octets >= 1 && $octets <= 64}
}

rows cookie/answer {
    title   "The cookie comes in a message that holds nothing else and makes no SA"
    cites   {$req}
    device  responder
    needs   {psk cookie}
    setup   psk-cookie
    bent    {$bent}
    tags    {cookie}
    why     "The answer to a forged request is larger than the request, or looks like an SA."
    hint    "Header with responder SPI zero, N(COOKIE), nothing more."
} {req bent check} {
    alone     rfc7296/2.6/cookie-alone                   asks-cookie-and-more   {[msg payloads $first] eq "N(COOKIE)"}
    spi-zero  rfc7296/2.6/responder-spi-zero-on-refusal  sends-spi-on-refusal   {[msg get $first HDR.spi_r] == 0}
} {
    set sa [tx IKE_SA_INIT]
    settle 300
    set asked [lmap n [records inbound IKE_SA_INIT response -has {N(COOKIE)}] { record $n msg }]
    precondition {[llength $asked]} "the device asked for no cookie"
    set first [lindex $asked 0]
    should $req [string trim $check] $check
}

testcase cookie/right-one-accepted {
    title   "A request with the cookie that was asked for leads to an SA"
    cites   {rfc7296/2.6/cookie-verified rfc7296/2.15/auth-last-init}
    device  responder
    needs   {psk cookie}
    setup   psk-cookie
    bent    {hears-no-cookie}
    tags    {cookie}
    why     "Under load nobody can connect any more."
    hint    "Does the hash cover something that differs in the second request? AUTH covers the request with the cookie."
} {
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response { must rfc7296/2.6/cookie-verified has {SA KE Nonce} }
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response { must rfc7296/2.15/auth-last-init has {AUTH} }
}

rows cookie/wrong-one {
    title   "A request with a wrong cookie is handled as if it had none"
    cites   {rfc7296/2.6/cookie-verified}
    device  responder
    needs   {psk cookie}
    setup   psk-cookie
    bent    {cookie-verified}
    tags    {cookie dos}
    why     "Cookies protect from nothing."
    hint    "Is the whole cookie compared, with its length?"
} {change} {
    last-bit    {string cat [string range $cookie 0 end-1] [string map {0 1 1 0 2 3 3 2 4 5 5 4 6 7 7 6 8 9 9 8 a b b a c d d c e f f e} [string index $cookie end]]}
    first-octet {format 0x%02x%s [expr {[string range $cookie 0 3] ^ 0xff}] [string range $cookie 4 end]}
    shorter     {string range $cookie 0 end-2}
    longer      {string cat $cookie 00}
    zeros       {string cat 0x [string repeat 00 20]}
    empty       {string cat 0x}
    longest     {string cat 0x [string repeat a5 64]}
} {
    edit outbound IKE_SA_INIT request {
        if {[msg has $m N(COOKIE)]} {
            set cookie [msg get $m N(COOKIE).data]
            msg set $m N(COOKIE).data [eval $change]
        }
    }
    set sa [tx IKE_SA_INIT]
    settle 300
    set asked [lmap n [records inbound IKE_SA_INIT response -has {N(COOKIE)}] { record $n msg }]
    precondition {[llength $asked]} "the device asked for no cookie"
    rx-none IKE_SA_INIT response -has {SA} -req rfc7296/2.6/cookie-verified -for settle
}

rows cookie/bound {
    title   "A cookie is good only for the request that it was made for"
    cites   {rfc7296/2.6/cookie-binds-requester}
    device  responder
    needs   {psk cookie}
    setup   psk-cookie
    bent    {cookie-verified}
    tags    {cookie dos}
    why     "One cookie opens the way for any number of requests."
    hint    "The hash covers nonce, SPI and address."
} {path octets} {
    nonce  Nonce.data  32
    spi    HDR.spi_i   8
} {
    # another value each time, so that the next cookie does not fit either
    set k 0
    edit outbound IKE_SA_INIT request {
        if {[msg has $m N(COOKIE)]} { msg set $m $path 0x[format %0[expr {2 * $octets}]x [expr {4711 + [incr k]}]] }
    }
    set sa [tx IKE_SA_INIT]
    settle 300
    set asked [lmap n [records inbound IKE_SA_INIT response -has {N(COOKIE)}] { record $n msg }]
    precondition {[llength $asked]} "the device asked for no cookie"
    settle
    foreach n [records inbound IKE_SA_INIT response] {
        should rfc7296/2.6/cookie-binds-requester "message $n makes no SA" {![msg has [record $n msg] SA]}
    }
}

rows cookie/unasked {
    title   "A cookie that nobody asked for does not disturb"
    cites   {rfc7296/2.6/unasked-cookie-ignored}
    device  responder
    needs   {psk}
    bent    {drops-unasked-cookie}
    tags    {cookie}
    why     "Peers that got a cookie before the load went away cannot connect."
    hint    "Ignore the notify when no cookie is wanted."
} {octets} {
    one      1
    usual    32
    longest  64
} {
    set sa [tx IKE_SA_INIT -edit { msg add $m N(COOKIE) -before SA data 0x[string repeat c3 $octets] }]
    rx $sa IKE_SA_INIT response { must rfc7296/2.6/unasked-cookie-ignored has {SA KE Nonce} }
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response { must rfc7296/2.6/unasked-cookie-ignored has {AUTH} }
}

testcase cookie/stateless {
    title   "Requests that never return their cookie use nothing up"
    cites   {rfc7296/2.6/stateless-until-returned}
    device  responder
    needs   {psk cookie}
    setup   {psk-cookie max-half-open 8}
    bent    {stateless-until-returned}
    tags    {cookie dos}
    why     "Forged requests fill the device's memory all the same."
    hint    "Nothing is kept for a request that was answered by a cookie."
} {
    drop outbound IKE_SA_INIT request -has {N(COOKIE)}
    set first [tx IKE_SA_INIT -edit { set octets [msg encode $m] }]
    settle 300
    set asked [lmap n [records inbound IKE_SA_INIT response -has {N(COOKIE)}] { record $n msg }]
    precondition {[llength $asked]} "the device asked for no cookie"
    for {set k 1} {$k <= 20} {incr k} {
        raw [string replace $octets 0 7 [binary format W [expr {0x1122334455667700 + $k}]]] -port 500
    }
    settle 200
    drop outbound off
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response -req rfc7296/2.6/stateless-until-returned
    should rfc7296/2.6/stateless-until-returned "an honest request leads to an SA" {[msg has $rx SA]}
}

testcase cookie/with-other-group {
    title   "A cookie and another group asked for in turn lead to an SA"
    cites   {rfc7296/2.6.1/long-exchange-tolerated}
    device  responder
    needs   {psk cookie}
    setup   psk-cookie
    bent    {hears-no-cookie wants-other-group}
    tags    {cookie ke}
    why     "Peers whose first guess of the group is wrong cannot connect under load."
    hint    "A retry with another KE may need a new cookie; in the end both are right."
} {
    conn ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 CURVE25519 ECP_256}}
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response { must rfc7296/2.6.1/long-exchange-tolerated has {SA KE Nonce} }
}

testcase cookie/kept-with-other-group {
    title   "A cookie stays good when the request is repeated with another group"
    cites   {rfc7296/2.6.1/cookie-kept-on-group-change}
    device  responder
    needs   {psk cookie}
    setup   psk-cookie
    bent    {asks-again-for-new-ke}
    tags    {cookie ke}
    why     "Connecting takes one more round trip than needed."
    hint    "Leave KE out of the hash."
} {
    conn ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 CURVE25519 ECP_256}}
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response
    precondition {[msg has $rx SA]} "no SA was made"
    set cookies [records inbound IKE_SA_INIT response -has {N(COOKIE)}]
    precondition {[llength $cookies]} "the device asked for no cookie"
    # (before that a slow device, which is asked again, says the same twice)
    set refused [lindex [records inbound IKE_SA_INIT response -has {N(INVALID_KE_PAYLOAD)}] 0]
    precondition {$refused ne ""} "the device took the first group"
    should rfc7296/2.6.1/cookie-kept-on-group-change "no cookie is asked for any more once the group was refused" {[lindex $cookies end] < $refused}
}
