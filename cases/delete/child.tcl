# child.tcl - RFC 7296 sections 1.4.1 and 3.11: Child SAs are closed. The tester's Deletes are added to a liveness check
# where the tester itself must keep the SA to look at the device.

testcase delete/child-answered-with-pair {
    title   "A Delete of a Child SA is answered by a Delete of the other half"
    cites   {rfc7296/1.4.1/delete-answers-with-pair}
    device  both
    needs   {psk}
    bent    {delete-answers-with-pair delete-names-other-spi delete-names-ah}
    tags    {delete}
    why     "The peer keeps a half-closed pair."
    hint    "Name the SPI that this end receives on."
} {
    set sa [ike establish]
    set pair [child $sa spi_out]
    tx $sa INFORMATIONAL -delete child
    rx $sa INFORMATIONAL response {
        should rfc7296/1.4.1/delete-answers-with-pair has {D}
        should rfc7296/1.4.1/delete-answers-with-pair field D.protocol == ESP
        should rfc7296/1.4.1/delete-answers-with-pair field D.spis == 0x$pair
    }
}

testcase delete/child-closed {
    title   "A Child SA that was deleted takes no packets any more, and the IKE SA stays"
    cites   {rfc7296/1.4.1/delete-closes-named}
    device  both
    needs   {psk esp}
    bent    {delete-closes-named}
    tags    {delete}
    why     "Keys stay in use that one end believes to be gone."
    hint    "Remove both halves before the answer goes out."
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic before the Delete"
    set child [child $sa spi_in]
    tx $sa INFORMATIONAL -add [list D protocol ESP spi_size 4 spis 0x$child]
    rx $sa INFORMATIONAL response
    no-traffic $sa -child $child
}

rows delete/child-by-device {
    title   "The device's Delete of a Child SA names its own inbound SPI in the right form"
    cites   {$req}
    device  both
    needs   {psk}
    bent    {$bent}
    tags    {delete}
    why     "The peer closes nothing, or something else."
    hint    "Protocol ESP, SPI size 4, the SPI that this end receives on."
} {req bent what} {
    said        rfc7296/2.4/child-delete-notified   delete-left-out        {[msg has $rx D]}
    inbound-spi rfc7296/1.4.1/delete-inbound-spi    delete-names-other-spi {[msg get $rx D.spis] eq "0x$inbound"}
    spi-size    rfc7296/3.11/delete-spi-size        delete-spi-size-wrong  {[msg get $rx D.spi_size] == 4}
    protocol    rfc7296/3.11/one-protocol-per-delete delete-names-ah       {[msg get $rx D.protocol] eq "ESP"}
    one-half    rfc7296/1.4.1/delete-one-half-per-message delete-names-both-halves {[msg get $rx D.spis] eq "0x$inbound"}
} {
    set sa [ike establish]
    set inbound [child $sa spi_out]                  ;# of the device
    edit clear
    dut delete-child $sa
    # an empty request is passed over unless it is asked for
    rx $sa INFORMATIONAL request -liveness 1
    must $req $what
}

testcase delete/pair-closed {
    title   "A Child SA that the peer deleted neither takes packets nor sends any"
    cites   {rfc7296/1.4.1/close-both-halves}
    device  both
    needs   {psk esp}
    bent    {delete-closes-named}
    tags    {delete esp}
    why     "Packets go into a hole, or come in under keys that should be gone."
    hint    "Both members of the pair go together."
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic before the Delete"
    set child [child $sa spi_in]
    # requests wait for their answers when the Delete comes
    tx $sa INFORMATIONAL -add [list D protocol ESP spi_size 4 spis 0x$child]
    rx $sa INFORMATIONAL response
    settle 100
    set before [llength [records inbound ESP]]
    foreach i {1 2 3} { esp-send $sa -child $child }
    settle
    must rfc7296/1.4.1/close-both-halves "no packet comes under the SA that was closed" {[llength [records inbound ESP]] == $before}
}

testcase delete/own-incoming-closed {
    title   "Once its own Delete was answered the device takes no packets on that Child SA"
    cites   {rfc7296/1.4.1/close-own-incoming}
    device  both
    needs   {psk esp}
    bent    {close-own-incoming}
    tags    {delete esp}
    why     "Packets come in under keys that should be gone."
    hint    "The response closes the incoming half."
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic before the Delete"
    set child [child $sa spi_in]
    # the tester answers with the pair, but itself keeps the SA to look
    edit inbound INFORMATIONAL request { if {[msg has $m D]} { msg remove $m D } }
    edit outbound INFORMATIONAL response { msg add $m D protocol ESP spi_size 4 spis 0x$child }
    dut delete-child $sa
    rx $sa INFORMATIONAL request -liveness 1
    settle 300
    edit clear
    no-traffic $sa -child $child
}

testcase delete/several-spis {
    title   "One Delete with two SPIs closes both Child SAs"
    cites   {rfc7296/3.11/several-spis}
    device  both
    needs   {psk esp}
    bent    {several-spis delete-closes-named}
    tags    {delete}
    why     "SAs stay behind that the peer has forgotten."
    hint    "Go through the whole list."
} {
    set sa [ike establish]
    set one [child $sa spi_in]
    tx $sa CREATE_CHILD_SA -new
    rx $sa CREATE_CHILD_SA response
    settle
    precondition {[child $sa count] == 2} "there is no second Child SA"
    set two [child $sa spi_in 1]
    tx $sa INFORMATIONAL -add [list D protocol ESP spi_size 4 spis 0x$one$two]
    rx $sa INFORMATIONAL response
    settle 100                                       ;# it may answer before it has closed them
    must rfc7296/3.11/several-spis "the first takes no packets any more" {![esp-echo $sa -child $one]}
    must rfc7296/3.11/several-spis "the second takes no packets any more" {![esp-echo $sa -child $two]}
}

testcase delete/two-payloads {
    title   "Two Delete payloads in one message close both Child SAs"
    cites   {rfc7296/1.4/informational-any-payload-count}
    device  both
    needs   {psk esp}
    bent    {delete-closes-named second-delete-overlooked}
    tags    {delete}
    why     "SAs stay behind that the peer has forgotten."
    hint    "Go through all payloads."
} {
    set sa [ike establish]
    set one [child $sa spi_in]
    tx $sa CREATE_CHILD_SA -new
    rx $sa CREATE_CHILD_SA response
    settle
    precondition {[child $sa count] == 2} "there is no second Child SA"
    set two [child $sa spi_in 1]
    tx $sa INFORMATIONAL -add [list [list D protocol ESP spi_size 4 spis 0x$one] [list D protocol ESP spi_size 4 spis 0x$two]]
    rx $sa INFORMATIONAL response
    settle 100                                       ;# it may answer before it has closed them
    must rfc7296/1.4/informational-any-payload-count "the first takes no packets any more" {![esp-echo $sa -child $one]}
    must rfc7296/1.4/informational-any-payload-count "the second takes no packets any more" {![esp-echo $sa -child $two]}
}

testcase delete/unknown-spi {
    title   "A Delete of an SPI that the device does not know is answered without a Delete"
    cites   {rfc7296/2.25.1/close-unknown-child rfc7296/1.4/informational-answered rfc7296/1.4.1/delete-unknown-spi}
    device  both
    needs   {psk}
    bent    {delete-unknown-spi informational-unanswered}
    tags    {delete}
    why     "The peer waits for an answer, or closes a half that was never there."
    hint    "Nothing to close: an empty response."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add {D protocol ESP spi_size 4 spis 0x0badc0de}
    rx $sa INFORMATIONAL response -req rfc7296/1.4/informational-answered {
        should rfc7296/2.25.1/close-unknown-child lacks {D}
    }
    should rfc7296/1.4.1/delete-unknown-spi "nothing was closed, and the response is no error" {![msg has $rx D] && ![msg has $rx N(INVALID_SYNTAX)] && [child $sa count] == 1}
    alive-sa $sa -req rfc7296/1.4/informational-answered
}

testcase delete/unknown-beside-known {
    title   "An unknown SPI beside a known one keeps the known one from nothing"
    cites   {rfc7296/3.11/several-spis}
    device  both
    needs   {psk esp}
    bent    {delete-closes-named}
    tags    {delete}
    why     "SAs stay behind that the peer has forgotten."
    hint    "Pass over what is not known."
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic before the Delete"
    set child [child $sa spi_in]
    tx $sa INFORMATIONAL -add [list D protocol ESP spi_size 4 spis 0x0badc0de$child]
    rx $sa INFORMATIONAL response
    no-traffic $sa -child $child
}

testcase delete/repeated-spi {
    title   "An SPI that stands twice in a Delete is closed once"
    cites   {rfc7296/3.11/repeated-spi-harmless rfc7296/1.4/informational-answered}
    device  both
    needs   {psk}
    bent    {informational-unanswered delete-pair-twice}
    tags    {delete}
    why     "Freed twice: the device may crash."
    hint    "The second one is unknown."
} {
    set sa [ike establish]
    set spi [child $sa spi_in]
    tx $sa INFORMATIONAL -add [list D protocol ESP spi_size 4 spis 0x$spi$spi]
    rx $sa INFORMATIONAL response -req rfc7296/1.4/informational-answered
    set named 0x
    if {[msg has $rx D]} { set named [msg get $rx D.spis] }
    must rfc7296/3.11/repeated-spi-harmless "at most one SPI is named: $named" {[string length $named] <= 10}
    alive-sa $sa -req rfc7296/3.11/repeated-spi-harmless
}

testcase delete/other-protocol {
    title   "A Delete that says AH does not close the ESP SA with that SPI"
    cites   {rfc7296/1.4.1/delete-closes-named}
    device  both
    needs   {psk esp}
    bent    {delete-protocol-overlooked}
    tags    {delete}
    why     "The wrong SA is closed."
    hint    "An SA is named by protocol and SPI."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add [list D protocol AH spi_size 4 spis 0x[child $sa spi_in]]
    rx $sa INFORMATIONAL response
    if {![msg has $rx N(INVALID_SYNTAX)]} { must-traffic $sa }
    must rfc7296/1.4.1/delete-closes-named "no ESP SA is named in answer" {![msg has $rx D] || [msg get $rx D.protocol] ne "ESP"}
}

rows delete/nothing-named {
    title   "A Delete that names nothing is answered"
    cites   {rfc7296/1.4/informational-answered}
    device  both
    needs   {psk}
    bent    {informational-unanswered}
    tags    {delete}
    why     "The peer repeats it until it gives up the IKE SA."
    hint    "An empty list closes nothing."
} {protocol size} {
    esp          ESP 4
    ah           AH 4
    size-zero    ESP 0
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add [list D protocol $protocol spi_size $size]
    rx $sa INFORMATIONAL response -req rfc7296/1.4/informational-answered
    if {![msg has $rx N(INVALID_SYNTAX)]} { alive-sa $sa }
}

rows delete/count-wrong {
    title   "A Delete whose count does not fit its length is malformed, and the message is refused"
    cites   {rfc7296/3.11/delete-count}
    device  both
    needs   {psk esp}
    bent    {invalid-syntax-answered}
    tags    {delete malformed}
    why     "The device reads beyond the payload."
    hint    "Count times size must be what the payload holds; else INVALID_SYNTAX."
} {count size} {
    three-for-one   3     4
    most            65535 4
    size-eight      1     8
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add [list D protocol ESP spi_size $size num_spis $count spis 0x[child $sa spi_in]]
    rx $sa INFORMATIONAL response { must rfc7296/3.11/delete-count has {N(INVALID_SYNTAX)} }
}

testcase delete/inside-create-child {
    title   "A Delete inside CREATE_CHILD_SA closes nothing"
    cites   {rfc7296/3.11/delete-only-informational}
    device  both
    needs   {psk esp}
    bent    {delete-only-informational}
    tags    {delete}
    why     "Messages mean things that they cannot mean."
    hint    "Deletes count in INFORMATIONAL only."
} {
    set sa [ike establish]
    set child [child $sa spi_in]
    tx $sa CREATE_CHILD_SA -new -add [list D protocol ESP spi_size 4 spis 0x$child]
    rx $sa CREATE_CHILD_SA response
    if {[msg has $rx N(INVALID_SYNTAX)]} {
        must rfc7296/3.11/delete-only-informational "the message is refused" {1}
    } else {
        must-traffic $sa -child $child
    }
}

testcase delete/half-closed-spi {
    title   "The SPI of a Child SA whose other half the peer never closed is not used again"
    cites   {rfc7296/1.4.1/half-closed-no-spi-reuse}
    device  both
    needs   {psk rekey-on-demand}
    bent    {one-spi-always}
    tags    {delete}
    why     "Packets of the old SA are taken for those of the new one."
    hint    "Draw SPIs at random; keep those of half-closed SAs reserved."
} {
    set sa [ike establish]
    set old [child $sa spi_out]
    # the tester's half stays open: its answer says nothing
    edit outbound INFORMATIONAL response { if {[msg has $m D]} { msg remove $m D } }
    dut delete-child $sa
    rx $sa INFORMATIONAL request
    edit clear
    settle
    foreach i {1 2 3} {
        tx $sa CREATE_CHILD_SA -new
        rx $sa CREATE_CHILD_SA response
        precondition {[msg has $rx SA]} "the device makes no further Child SAs"
        must rfc7296/1.4.1/half-closed-no-spi-reuse "the new SPI [msg get $rx SA.1.spi] is not 0x$old" {[msg get $rx SA.1.spi] ne "0x$old"}
    }
}
