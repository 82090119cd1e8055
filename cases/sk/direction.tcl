# direction.tcl - RFC 7296 sections 2.14 and 3.14: messages protected with the keys of the other direction, and those that say
# of their first payload what it is not.

testcase sk/own-message-returned {
    title   "A message of the device that comes back to it is not taken for one of its peer"
    cites   {rfc7296/2.14/keys-per-direction}
    device  both
    needs   {psk rekey-on-demand}
    vary    {kind {request response}}
    bent    {answers-its-own-messages}
    tags    {sk replay security}
    why     "Whoever sends its packets back to the device speaks in its peer's name."
    hint    "Each direction has its keys; the Initiator flag tells whose message it is."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL
    rx $sa INFORMATIONAL response
    settle                                           ;# a slow device was asked again
    if {$kind eq "request"} {
        hold inbound CREATE_CHILD_SA request
        dut rekey-child $sa
        rx $sa CREATE_CHILD_SA request -held 1
    }
    set mine $rx_n
    set before [llength [records inbound]]
    raw [record $mine bytes] -port [lindex [split [sa $sa local] :] end]
    settle
    set answers 0
    foreach n [lrange [records inbound] $before end] {
        if {[record $n kind] eq "response"} { incr answers }
    }
    must rfc7296/2.14/keys-per-direction "nothing answers it ($answers answers)" {!$answers}
    release inbound
    settle
    must rfc7296/2.14/keys-per-direction "the IKE SA works on" {[answers $sa]}
}

rows sk/first-type-lies {
    title   "A first payload that is not of the type announced is read as the type announced, or the message is refused"
    cites   {rfc7296/2.21.3/errors-answered}
    device  both
    needs   {psk}
    bent    {guesses-the-first-type}
    tags    {sk malformed}
    why     "The device guesses what the peer meant, and acts on it."
    hint    "The type of a payload stands before it, that of the first in the Encrypted payload."
} {type} {
    vendor-id  V
    nonce      Nonce
    notify     N
    unknown    200
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -delete child -set [list SK.next $type]
    rx $sa INFORMATIONAL response -req rfc7296/2.21.3/errors-answered
    # read as announced it is no Delete; refused as malformed the IKE SA ends, and that is said
    must rfc7296/2.21.3/errors-answered "no Child SA is closed by it" {![msg has $rx D]}
}
