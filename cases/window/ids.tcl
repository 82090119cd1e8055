# ids.tcl - RFC 7296 section 2.2: each end counts its own requests, from 0, one by one, and again from 0 after a rekey.

testcase window/own-requests-counted {
    title   "The device's requests on an SA have the ids that follow, with its own counter"
    cites   {rfc7296/2.2/two-counters rfc7296/2.2/message-id-increments}
    device  both
    needs   {psk rekey-on-demand}
    bent    {create-child-id-skipped}
    tags    {window}
    why     "The peer drops requests that are not the next ones."
    hint    "The original responder's first request is 0, whatever number it answered last."
} {
    set sa [ike establish]
    foreach i {1 2 3} { precondition {[answers $sa]} "the SA does not answer" }
    drop inbound CREATE_CHILD_SA request -count 1
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request
    set seen {}
    foreach n [records inbound] {
        if {[record $n kind] eq "request" && [record $n spi_i] eq [sa $sa spi_i] && [record $n mid] ni $seen} { lappend seen [record $n mid] }
    }
    # IKE_SA_INIT and IKE_AUTH, when the device started them, come before any other
    must rfc7296/2.2/two-counters "the first request of the device on this SA is 0" {[lindex $seen 0] == 0}
    set want {}
    foreach mid $seen { lappend want [llength $want] }
    must rfc7296/2.2/message-id-increments "the ids rise by one: $seen" {$seen eq $want}
}

testcase window/response-copies-id {
    title   "A response has the id of its request"
    cites   {rfc7296/2.2/response-copies-id}
    device  both
    needs   {psk}
    bent    {response-id-wrong}
    tags    {window smoke}
    why     "The peer cannot tell what was answered."
    hint    "Copy the id from the request."
} {
    set sa [ike establish]
    foreach i {1 2 3} {
        tx $sa INFORMATIONAL
        rx $sa INFORMATIONAL response -req rfc7296/2.2/response-copies-id
    }
}

testcase window/ids-restart-after-device-rekeys {
    title   "After an IKE rekey that the device started, both ends count from 0 on the new SA"
    cites   {rfc7296/2.2/ids-restart-after-rekey}
    device  both
    needs   {psk rekey-on-demand}
    bent    {ids-restart-after-rekey}
    tags    {window rekey}
    why     "After the first rekey the two ends do not hear each other any more."
    hint    "The new IKE SA starts with fresh counters in both directions."
} {
    set sa [ike establish]
    precondition {[answers $sa]} "the SA does not answer"
    dut rekey-ike $sa
    set new [ike rekeyed $sa]
    settle
    alive-sa $new
    dut delete-child $new
    rx $new INFORMATIONAL request
    set first ""                                     ;# it may have asked something else before
    foreach n [records inbound] {
        if {$first eq "" && [record $n kind] eq "request" && [record $n spi_i] eq [sa $new spi_i]} { set first [record $n mid] }
    }
    must rfc7296/2.2/ids-restart-after-rekey "the first request of the device on the new SA is 0" {$first == 0}
}

testcase window/ids-restart-after-tester-rekeys {
    title   "After an IKE rekey that the tester started, both ends count from 0 on the new SA"
    cites   {rfc7296/2.2/ids-restart-after-rekey}
    device  both
    needs   {psk rekey-on-demand}
    bent    {ids-restart-after-rekey}
    tags    {window rekey}
    why     "After the first rekey the two ends do not hear each other any more."
    hint    "The new IKE SA starts with fresh counters in both directions."
} {
    set sa [ike establish]
    precondition {[answers $sa]} "the SA does not answer"
    tx $sa CREATE_CHILD_SA -rekey ike
    set new [ike rekeyed $sa]
    settle
    alive-sa $new
    dut delete-child $new
    rx $new INFORMATIONAL request
    set first ""                                     ;# it may have asked something else before
    foreach n [records inbound] {
        if {$first eq "" && [record $n kind] eq "request" && [record $n spi_i] eq [sa $new spi_i]} { set first [record $n mid] }
    }
    must rfc7296/2.2/ids-restart-after-rekey "the first request of the device on the new SA is 0" {$first == 0}
}
