# ike.tcl - RFC 7296 section 1.4.1: the IKE SA is closed, and its Child SAs with it.

testcase delete/ike-answered {
    title   "A Delete of the IKE SA is answered, and the SA is gone"
    cites   {rfc7296/1.4.1/delete-ike-answered}
    device  both
    needs   {psk}
    bent    {delete-ike-answered}
    tags    {delete smoke}
    why     "The peer repeats its Delete until it gives up."
    hint    "Answer first, then forget."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -delete ike
    rx $sa INFORMATIONAL response -req rfc7296/1.4.1/delete-ike-answered
    settle
    no-sa $sa
}

testcase delete/ike-closes-children {
    title   "With the IKE SA its Child SAs are closed"
    cites   {rfc7296/1.4.1/ike-delete-closes-children}
    device  both
    needs   {psk esp}
    bent    {ike-delete-closes-children}
    tags    {delete}
    why     "Traffic goes on under keys that nobody can renew or close."
    hint    "No Delete for each Child SA comes: they go with their IKE SA."
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic before the Delete"
    tx $sa INFORMATIONAL -add {D protocol IKE}       ;# the tester itself keeps the SA, to look
    rx $sa INFORMATIONAL response
    no-traffic $sa
}

rows delete/ike-by-device {
    title   "The device's Delete of the IKE SA has no SPIs"
    cites   {$req}
    device  both
    needs   {psk}
    bent    {$bent}
    tags    {delete}
    why     "The peer takes it for malformed."
    hint    "Protocol IKE, SPI size 0, no SPIs: the SA is the one that the message comes under."
} {req bent what} {
    said      rfc7296/2.4/ike-close-notified delete-left-out      {[msg has $rx D] && [msg get $rx D.protocol] eq "IKE"}
    no-spi    rfc7296/3.11/delete-spi-size   delete-ike-with-spi  {[msg get $rx D.spi_size] == 0 && [msg get $rx D.spis] eq "0x"}
} {
    set sa [ike establish]
    dut delete-ike $sa
    rx $sa INFORMATIONAL request -liveness 1
    judge $req [expr $what] "the Delete is as it should be" [msg chain $rx]
}

testcase delete/ike-by-device-gone {
    title   "After the device's Delete of the IKE SA was answered the SA is gone"
    cites   {rfc7296/1.4.1/ike-delete-closes-children}
    device  both
    needs   {psk esp}
    bent    {ike-delete-closes-children}
    tags    {delete}
    why     "Traffic goes on under keys that nobody can renew or close."
    hint    "The response ends it; Child SAs too."
} {
    set sa [ike establish]
    # the tester answers but itself keeps the Child SA
    edit inbound INFORMATIONAL request { if {[msg has $m D]} { msg remove $m D } }
    dut delete-ike $sa
    rx $sa INFORMATIONAL request
    settle
    no-sa $sa
    no-traffic $sa
}

testcase delete/ike-and-child-together {
    title   "Deletes of the Child SA and of the IKE SA in one message: both are gone"
    cites   {rfc7296/1.4/informational-any-payload-count rfc7296/1.4.1/ike-delete-closes-children}
    device  both
    needs   {psk esp}
    bent    {delete-ike-answered first-delete-only}
    tags    {delete}
    why     "The device frees something twice, or keeps the SA."
    hint    "Go through all payloads."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add [list [list D protocol ESP spi_size 4 spis 0x[child $sa spi_in]] {D protocol IKE}]
    rx $sa INFORMATIONAL response -req rfc7296/1.4/informational-any-payload-count
    no-traffic $sa -req rfc7296/1.4.1/ike-delete-closes-children
    no-sa $sa -req rfc7296/1.4/informational-any-payload-count
}
