# refused.tcl - RFC 7296 sections 1.3, 2.7, 2.9, 2.21.3: requests for a Child SA that cannot be met, in both directions.

rows child/refusal-said {
    title   "A request for a Child SA that does not fit is refused with the right notify, and the IKE SA stays"
    cites   {$req rfc7296/2.21.3/child-error-keeps-ike rfc7296/1.3.1/failed-child-keeps-ike}
    device  both
    needs   {psk esp}
    bent    {$bent child-error-keeps-ike}
    tags    {child}
    why     "The peer does not learn why, or loses its other tunnels."
    hint    "Only the exchange fails."
} {req notify bent edit} {
    proposal   rfc7296/2.7/no-proposal-chosen  NO_PROPOSAL_CHOSEN  child-error-unsaid {-set {SA.1.ENCR.keylen 128}}
    selectors  rfc7296/2.9/ts-unacceptable     TS_UNACCEPTABLE     ts-unacceptable    {-ts-i 10.77.0.0/24 -ts-r 10.78.0.0/24}
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new {*}$edit
    rx $sa CREATE_CHILD_SA response
    precondition {![msg has $rx N(NO_ADDITIONAL_SAS)]} "the device makes no further Child SAs"
    must $req "$notify comes and no SA" {[msg has $rx N($notify)] && ![msg has $rx SA]}
    should rfc7296/1.3.1/failed-child-keeps-ike "the IKE SA answers" {[answers $sa]}
    alive-sa $sa -req rfc7296/2.21.3/child-error-keeps-ike
    must-traffic $sa -req rfc7296/2.21.3/child-error-keeps-ike
}

testcase child/ke-missing-refused {
    title   "A request whose proposal has a group but which lacks a KE payload makes no SA"
    cites   {rfc7296/1.3/missing-ke-refused}
    device  both
    needs   {psk pfs}
    setup   psk-pfs
    bent    {missing-ke-refused}
    tags    {child pfs}
    why     "Forward secrecy was agreed on and is not there."
    hint    "No KE payload, no shared secret, no SA."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new -remove {KE}
    rx $sa CREATE_CHILD_SA response { must rfc7296/1.3/missing-ke-refused lacks {SA} }
}

testcase child/spi-zero-refused {
    title   "A proposal with SPI 0 makes no Child SA"
    cites   {rfc7296/3.3.1/proposed-spi-nonzero}
    device  both
    needs   {psk}
    bent    {proposed-spi-nonzero}
    tags    {child}
    why     "Packets with SPI 0 cannot be told from others."
    hint    "0 is reserved."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new -set {SA.1.spi 0x00000000}
    rx $sa CREATE_CHILD_SA response { must rfc7296/3.3.1/proposed-spi-nonzero lacks {SA} }
}

rows child/refusal-taken {
    title   "A refusal of the device's request for a Child SA leaves the IKE SA alone"
    cites   {rfc7296/2.21.3/child-error-keeps-ike}
    device  both
    needs   {psk esp rekey-on-demand}
    bent    {child-error-keeps-ike}
    tags    {child}
    why     "A peer that can make no more Child SAs loses those that it has."
    hint    "Only the exchange failed. Whoever wants to close the IKE SA says so by a Delete."
} {notify data} {
    no-additional-sas   NO_ADDITIONAL_SAS   0x
    no-proposal-chosen  NO_PROPOSAL_CHOSEN  0x
    ts-unacceptable     TS_UNACCEPTABLE     0x
    private-error       9000                0x
} {
    set sa [ike establish]
    set child [child $sa spi_in]
    edit outbound CREATE_CHILD_SA response {
        foreach p [msg payloads $m] { if {$p ne "SK"} { msg remove $m $p } }
        msg add $m N($notify) data $data
    }
    dut new-child $sa
    rx $sa CREATE_CHILD_SA request
    settle
    set deletes [records inbound INFORMATIONAL request -has {D}]
    set closed [expr {"IKE" in [lmap n $deletes { msg get [record $n msg] D.protocol }]}]
    # 2.21: a Delete is a policy that is allowed; silence is not
    must rfc7296/2.21.3/child-error-keeps-ike "the IKE SA works, or was deleted with a Delete" {$closed || [answers $sa]}
    if {![llength $deletes]} { must-traffic $sa -child $child }
}

testcase child/invalid-syntax-taken {
    title   "INVALID_SYNTAX in the response to the device's request ends the IKE SA"
    cites   {rfc7296/2.21.3/invalid-syntax-fatal}
    device  both
    needs   {psk rekey-on-demand}
    vary    {verb {new-child rekey-child rekey-ike}}
    bent    {invalid-syntax-fatal}
    tags    {child malformed}
    why     "The device goes on with an SA that its peer has forgotten, until it notices by silence."
    hint    "The end that says INVALID_SYNTAX deletes the IKE SA without a Delete; so does the one that hears it."
} {
    set sa [ike establish]
    edit outbound CREATE_CHILD_SA response {
        foreach p [msg payloads $m] { if {$p ne "SK"} { msg remove $m $p } }
        msg add $m N(INVALID_SYNTAX)
    }
    dut $verb $sa
    rx $sa CREATE_CHILD_SA request
    settle
    no-sa $sa
}

testcase child/no-additional-sas-keeps-ike {
    title   "NO_ADDITIONAL_SAS ends neither the IKE SA nor the Child SA that there is"
    cites   {rfc7296/3.10.1/no-additional-sas-keeps-ike}
    device  both
    needs   {psk esp rekey-on-demand}
    bent    {child-error-keeps-ike}
    tags    {child}
    why     "A minimal peer keeps no tunnel."
    rev     2
    hint    "The peer has no room for more; what is there stays. Whoever wants to close it says so by a Delete."
} {
    set sa [ike establish]
    set child [child $sa spi_in]
    edit outbound CREATE_CHILD_SA response {
        foreach p [msg payloads $m] { if {$p ne "SK"} { msg remove $m $p } }
        msg add $m N(NO_ADDITIONAL_SAS)
    }
    dut new-child $sa
    rx $sa CREATE_CHILD_SA request
    settle
    set deletes [records inbound INFORMATIONAL request -has {D}]
    set closed [expr {"IKE" in [lmap n $deletes { msg get [record $n msg] D.protocol }]}]
    must rfc7296/3.10.1/no-additional-sas-keeps-ike "the IKE SA works, or was deleted with a Delete" {$closed || [answers $sa]}
    if {![llength $deletes]} { must-traffic $sa -child $child }
}

rows child/request-incomplete {
    title   "A request for a Child SA without a payload that it needs makes none"
    cites   {rfc7296/3.2/missing-payload-refused}
    device  both
    needs   {psk}
    bent    {$bent}
    tags    {child}
    why     "The device reads what is not there, or the two ends make different keys."
    hint    "SA, Nonce, TSi and TSr are there, once each."
} {which bent} {
    nonce      {Nonce}    nonce-invented
    proposal   {SA}       child-made-from-nothing
    initiator  {TSi}      child-made-from-nothing
    responder  {TSr}      child-made-from-nothing
    selectors  {TSi TSr}  child-made-from-nothing
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new -remove $which
    rx-none $sa CREATE_CHILD_SA response -has {SA} -req rfc7296/3.2/missing-payload-refused -for settle
}

testcase child/unknown-critical-refused {
    title   "An unknown payload marked critical in CREATE_CHILD_SA makes no Child SA, and the IKE SA stays"
    cites   {rfc7296/2.5/unknown-critical rfc7296/2.21.3/child-error-keeps-ike}
    device  both
    needs   {psk}
    bent    {unknown-critical child-error-fatal}
    tags    {child}
    why     "What the peer cannot do without is left out, or the tunnel is lost for it."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new -add {{200 -critical 1 -body xyz}}
    rx $sa CREATE_CHILD_SA response {
        must rfc7296/2.5/unknown-critical lacks {SA}
        must rfc7296/2.5/unknown-critical has {N(UNSUPPORTED_CRITICAL_PAYLOAD)}
    }
    alive-sa $sa -req rfc7296/2.21.3/child-error-keeps-ike
}

rows child/error-not-answered {
    title   "A response with an error in it is not answered by an error message"
    cites   {rfc7296/2.21/no-error-for-response rfc7296/2.21.3/no-spontaneous-errors rfc7296/2.21/bad-response-cleaned-up}
    device  both
    needs   {psk rekey-on-demand}
    bent    {no-error-for-response loser-closes}
    tags    {child notify}
    why     "Two ends tell each other about each other's errors for ever."
    hint    "Clean up, with a Delete if need be; the peer cannot do anything about the error."
} {bend} {
    critical      { msg add $m 200 -critical 1 -body xyz }
    other-number  { msg set $m SA.1.number 7 }
    other-cipher  { msg set $m SA.1.ENCR.keylen 128 }
    no-nonce      { msg remove $m Nonce }
    no-selectors  { msg remove $m TSi; msg remove $m TSr }
} {
    set sa [ike establish]
    edit outbound CREATE_CHILD_SA response { if {[msg has $m SA]} { eval $bend } }
    dut new-child $sa
    rx $sa CREATE_CHILD_SA request
    settle
    set told {}
    foreach type {INVALID_SYNTAX UNSUPPORTED_CRITICAL_PAYLOAD NO_PROPOSAL_CHOSEN INVALID_SELECTORS TS_UNACCEPTABLE} {
        if {[llength [records inbound INFORMATIONAL request -has [list N($type)]]]} { lappend told $type }
    }
    should rfc7296/2.21/no-error-for-response "nothing is told about the response: $told" {![llength $told]}
    should rfc7296/2.21.3/no-spontaneous-errors "no error comes by itself: $told" {![llength $told]}
    set closed [llength [records inbound INFORMATIONAL request -has {D}]]
    should rfc7296/2.21/bad-response-cleaned-up "what the tester made of its response is closed" {$closed}
}
