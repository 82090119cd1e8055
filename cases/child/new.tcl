# new.tcl - RFC 7296 sections 1.3 and 1.3.1: one more Child SA on a live IKE SA, started by either end. A device may
# refuse all of them by NO_ADDITIONAL_SAS: then there is nothing to judge.

testcase child/new-answered {
    title   "A request for a new Child SA is answered by SA, nonce and selectors, and the SA carries traffic"
    cites   {rfc7296/1.3/create-child-contents rfc7296/2.17/keymat}
    device  both
    needs   {psk esp}
    setup   $setup
    bent    {child-response-short keymat}
    tags    {child}
    vary    {setup {psk psk-pfs psk-cbc}}
    why     "Traffic beyond the first tunnel does not flow."
    hint    "Keys: nonces in the order of the exchange, the new key exchange in front when there is one."
} {
    set sa [ike establish]
    set first [child $sa spi_in]
    tx $sa CREATE_CHILD_SA -new
    rx $sa CREATE_CHILD_SA response
    precondition {![msg has $rx N(NO_ADDITIONAL_SAS)]} "the device makes no further Child SAs"
    must rfc7296/1.3/create-child-contents "SA, nonce and both selectors are there" {
        [msg has $rx SA] && [msg has $rx Nonce] && [msg has $rx TSi] && [msg has $rx TSr]
    }
    settle
    precondition {[child $sa count] == 2} "the tester has no second Child SA"
    must-traffic $sa -child [child $sa spi_in 1] -req rfc7296/2.17/keymat
    must-traffic $sa -child $first -req rfc7296/2.17/keymat
}

testcase child/new-by-device {
    title   "The device's request for a new Child SA is whole, and the SA carries traffic"
    cites   {rfc7296/1.3/create-child-contents rfc7296/2.17/keymat}
    device  both
    needs   {psk esp rekey-on-demand}
    setup   $setup
    bent    {child-payload-missing keymat}
    tags    {child}
    vary    {setup {psk psk-pfs}}
    why     "Traffic beyond the first tunnel does not flow."
    hint    "Keys: nonces in the order of the exchange, whoever started the IKE SA."
} {
    set sa [ike establish]
    dut new-child $sa
    rx $sa CREATE_CHILD_SA request { must rfc7296/1.3/create-child-contents has {SA Nonce TSi TSr} }
    settle
    precondition {[child $sa count] == 2} "the tester has no second Child SA"
    must-traffic $sa -child [child $sa spi_in 1] -req rfc7296/2.17/keymat
}

testcase child/ke-group-offered {
    title   "The group of the device's KE payload is one that it offers"
    cites   {rfc7296/1.3/ke-group-offered}
    device  both
    needs   {psk pfs rekey-on-demand}
    setup   psk-pfs
    bent    {ke-group-not-offered}
    tags    {child pfs}
    why     "The peer cannot take the request."
    hint    "Take the KE group from the proposal."
} {
    set sa [ike establish]
    dut new-child $sa
    rx $sa CREATE_CHILD_SA request
    precondition {[msg has $rx KE]} "the device sends no KE payload"
    set group [msg get $rx KE.group]
    set offered {}
    for {set p 1} {[msg exists $rx SA.$p]} {incr p} {
        foreach t [msg transforms $rx $p] { if {[lindex $t 0] eq "KE"} { lappend offered [lindex $t 1] } }
    }
    must rfc7296/1.3/ke-group-offered "$group is offered" {$group in $offered}
}

testcase child/no-group-no-ke {
    title   "Without a group in the chosen proposal the response has no KE payload"
    cites   {rfc7296/3.4/no-ke-without-group}
    device  both
    needs   {psk}
    bent    {ke-without-group}
    tags    {child pfs}
    why     "The two ends make different keys."
    hint    "KE only where a group was chosen."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new
    rx $sa CREATE_CHILD_SA response { must rfc7296/3.4/no-ke-without-group lacks {KE} }
}

testcase child/wrong-group-answered {
    title   "A KE payload of a group that the device does not take is answered by INVALID_KE_PAYLOAD"
    cites   {rfc7296/1.3/child-wrong-group-rejected rfc7296/1.3/invalid-ke-two-octets}
    device  both
    needs   {psk pfs}
    setup   psk-pfs
    bent    {child-refused invalid-ke-four-octets}
    tags    {child pfs}
    why     "The peer cannot find out which group would do."
    hint    "Name the group of the proposal chosen, in two octets."
} {
    conn esp {{ENCR_AES_GCM_16-256 CURVE25519 ECP_256}}
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new -group CURVE25519
    rx $sa CREATE_CHILD_SA response {
        must rfc7296/1.3/child-wrong-group-rejected has {N(INVALID_KE_PAYLOAD)}
        must rfc7296/1.3/invalid-ke-two-octets has {N(INVALID_KE_PAYLOAD)=0013}
    }
}

testcase child/wrong-group-then-right {
    title   "After INVALID_KE_PAYLOAD the request with the right group makes the Child SA"
    cites   {rfc7296/1.3/create-child-contents rfc7296/2.17/keymat}
    device  both
    needs   {psk pfs esp}
    setup   psk-pfs
    bent    {child-refused keymat}
    tags    {child pfs}
    why     "A wrong guess of the group is final."
    hint    "Forget the first request; its nonce and SPI count no more."
} {
    conn esp {{ENCR_AES_GCM_16-256 CURVE25519 ECP_256}}
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new -group CURVE25519
    set again [sa $sa next_request]
    settle
    precondition {![llength [records inbound CREATE_CHILD_SA response -has {N(NO_ADDITIONAL_SAS)}]]} "the device makes no further Child SAs"
    rx $sa CREATE_CHILD_SA response -mid $again { must rfc7296/1.3/create-child-contents has {SA Nonce KE TSi TSr} }
    settle
    precondition {[child $sa count] == 2} "the tester has no second Child SA"
    must-traffic $sa -child [child $sa spi_in 1] -req rfc7296/2.17/keymat
}

testcase child/invalid-ke-retried {
    title   "After INVALID_KE_PAYLOAD the device asks again with the group named"
    cites   {rfc7296/1.3/retry-child-with-group}
    device  both
    needs   {psk pfs rekey-on-demand}
    setup   {psk esp {{ENCR_AES_GCM_16-256 ECP_256 CURVE25519}}}
    bent    {retry-with-named-group}
    tags    {child pfs}
    why     "Two ends with a group in common make no Child SA."
    hint    "INVALID_KE_PAYLOAD is a hint, not a refusal."
} {
    conn esp {{ENCR_AES_GCM_16-256 CURVE25519}}
    set sa [ike establish]
    dut new-child $sa
    rx $sa CREATE_CHILD_SA request
    precondition {[msg get $rx KE.group] ne "CURVE25519"} "the device guessed right, or asks for no key exchange"
    rx $sa CREATE_CHILD_SA request -req rfc7296/1.3/retry-child-with-group {
        should rfc7296/1.3/retry-child-with-group field KE.group == CURVE25519
    }
}

testcase child/status-notify-ignored {
    title   "Unknown status notifies in a request for a Child SA are ignored"
    cites   {rfc7296/3.10.1/unknown-status-ignored}
    device  both
    needs   {psk}
    bent    {unknown-status-ignored}
    tags    {child notify}
    why     "Newer peers get no Child SA."
    hint    "Types from 16384 on that are not known say nothing."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new -add {{N(65535) data 0x0102} {N(40001)}}
    rx $sa CREATE_CHILD_SA response
    precondition {![msg has $rx N(NO_ADDITIONAL_SAS)]} "the device makes no further Child SAs"
    must rfc7296/3.10.1/unknown-status-ignored "the Child SA is made" {[msg has $rx SA]}
}

testcase child/same-selectors-kept {
    title   "A second Child SA with the same selectors does not cost the first"
    cites   {rfc7296/2.8/duplicate-selectors-kept}
    device  both
    needs   {psk esp}
    bent    {duplicate-selectors-kept}
    tags    {child}
    why     "Peers with several SAs for quality of service or processors lose all but one."
    hint    "Close an SA for its own reasons, not because there is another one."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new
    rx $sa CREATE_CHILD_SA response
    precondition {[msg has $rx SA]} "the device makes no second Child SA"
    rx-none $sa INFORMATIONAL request -has {D} -req rfc7296/2.8/duplicate-selectors-kept -for settle
}
