# size.tcl - RFC 7296 section 2.3: how many requests may be outstanding, and SET_WINDOW_SIZE.

testcase window/one-outstanding {
    title   "A peer that announced no window gets one request at a time"
    cites   {rfc7296/2.3/window-respected rfc7296/2.3/window-default-one}
    device  both
    needs   {psk rekey-on-demand}
    bent    {window-respected}
    rev     3
    tags    {window}
    why     "The peer drops what is beyond its window."
    hint    "Queue requests until the last one was answered."
} {
    set sa [ike establish]
    hold inbound any request
    dut new-child $sa
    dut new-child $sa
    dut delete-child $sa
    settle 1500
    set mids {}
    foreach n [records inbound] {
        if {[record $n kind] eq "request" && [record $n fate] eq "held" && [record $n mid] ni $mids} { lappend mids [record $n mid] }
    }
    precondition {[llength $mids]} "the device sent no request"
    must rfc7296/2.3/window-default-one "one request is outstanding: $mids" {[llength $mids] == 1}
    # the next one follows the response
    release inbound
    settle
    set answered {}
    foreach n [records outbound] { if {[record $n kind] eq "response" && ![dict exists $answered [record $n mid]]} { dict set answered [record $n mid] $n } }
    foreach n [records inbound] {
        set last [expr {[record $n mid] - 1}]
        if {[record $n kind] ne "request" || $last < $mids} continue
        must rfc7296/2.3/window-respected "request [record $n mid] came once the one before was answered" {[dict exists $answered $last] && [dict get $answered $last] < $n}
    }
}

testcase window/two-outstanding-at-most {
    title   "A peer that announced window two has two requests outstanding at most"
    cites   {rfc7296/2.3/window-respected}
    device  both
    needs   {psk rekey-on-demand}
    bent    {window-respected}
    tags    {window}
    why     "The peer drops what is beyond its window."
    hint    "Count the requests without response before sending one more."
} {
    conn window 2
    set sa [ike establish]
    hold inbound any request
    foreach i {1 2 3 4} { dut new-child $sa }
    settle 1500
    set mids {}
    foreach n [records inbound] {
        if {[record $n kind] eq "request" && [record $n fate] eq "held" && [record $n mid] ni $mids} { lappend mids [record $n mid] }
    }
    precondition {[llength $mids]} "the device sent no request"
    must rfc7296/2.3/window-respected "at most two requests are outstanding: $mids" {[llength $mids] <= 2}
}

testcase window/size-well-formed {
    title   "SET_WINDOW_SIZE is sent with four octets"
    cites   {rfc7296/2.3/window-size-four-octets}
    device  both
    needs   {psk window}
    setup   psk-window
    bent    {window-size-short}
    tags    {window}
    why     "The peer keeps to window one."
    hint    "A four-octet big endian number."
} {
    set sa [ike establish]
    set sizes {}
    foreach n [records inbound IKE_AUTH] {
        set m [record $n msg]
        if {$m ne "" && [msg has $m N(SET_WINDOW_SIZE)]} { lappend sizes [msg get $m N(SET_WINDOW_SIZE).data] }
    }
    precondition {[llength $sizes]} "the device announced no window"
    must rfc7296/2.3/window-size-four-octets "four octets: $sizes" {[string length [lindex $sizes 0]] == 10}
}

testcase window/out-of-order-inside {
    title   "Requests inside the announced window are answered in whatever order they come"
    cites   {rfc7296/2.3/out-of-order-in-window}
    device  both
    needs   {psk window}
    setup   psk-window
    bent    {out-of-order-in-window}
    tags    {window}
    why     "One packet that overtakes another stops the SA."
    hint    "Accept any id from the next expected one to that plus the window."
} {
    set sa [ike establish]
    precondition {[sa $sa window_peer] >= 3} "the device announced no window of three or more"
    set mid [sa $sa next_request]
    foreach off {2 1 0} {
        tx $sa INFORMATIONAL -mid [expr {$mid + $off}]
        rx $sa INFORMATIONAL response -mid [expr {$mid + $off}] -req rfc7296/2.3/out-of-order-in-window
    }
}

testcase window/all-of-window-kept {
    title   "The responses to a whole window of requests can be had once more"
    cites   {rfc7296/2.3/keep-window-responses}
    device  both
    needs   {psk window}
    setup   psk-window
    bent    {response-repeated}
    tags    {window retransmit}
    why     "A lost response inside the window ends the SA."
    hint    "Keep as many responses as the window promises."
} {
    set sa [ike establish]
    set size [sa $sa window_peer]
    precondition {$size >= 2} "the device announced no window of two or more"
    set mid [sa $sa next_request]
    for {set i 0} {$i < $size} {incr i} {
        tx $sa INFORMATIONAL -mid [expr {$mid + $i}] -count [expr {$i == $size - 1}]
        rx $sa INFORMATIONAL response -mid [expr {$mid + $i}]
    }
    settle 100
    tx $sa INFORMATIONAL -mid $mid
    rx $sa INFORMATIONAL response -mid $mid -req rfc7296/2.3/keep-window-responses
}

testcase window/never-shrinks {
    title   "A smaller SET_WINDOW_SIZE does not make the window smaller"
    cites   {rfc7296/2.3/window-never-shrinks}
    device  both
    needs   {psk window rekey-on-demand}
    bent    {window-never-shrinks}
    tags    {window}
    why     "A repeated or late notify slows the peer down."
    hint    "The window of an IKE SA can only grow."
} {
    conn window 3
    set sa [ike establish]
    tx $sa INFORMATIONAL -add {N(SET_WINDOW_SIZE) data 0x00000001}
    rx $sa INFORMATIONAL response
    hold inbound any request
    foreach i {1 2 3} { dut new-child $sa }
    settle 1500
    set mids {}
    foreach n [records inbound] {
        if {[record $n kind] eq "request" && [record $n fate] eq "held" && [record $n mid] ni $mids} { lappend mids [record $n mid] }
    }
    should rfc7296/2.3/window-never-shrinks "more than one request is outstanding: $mids" {[llength $mids] > 1}
}

testcase window/one-after-rekey {
    title   "A rekeyed IKE SA has window one until the peer says otherwise"
    cites   {rfc7296/2.3/window-one-after-rekey}
    device  both
    needs   {psk window rekey-on-demand}
    bent    {window-one-after-rekey}
    tags    {window rekey}
    why     "The peer drops what is beyond its window."
    hint    "The new SA inherits Child SAs, not the window."
} {
    conn window 3
    set sa [ike establish]
    edit outbound CREATE_CHILD_SA request { if {[msg has $m N(SET_WINDOW_SIZE)]} { msg remove $m N(SET_WINDOW_SIZE) } }
    tx $sa CREATE_CHILD_SA -rekey ike
    set new [ike rekeyed $sa]
    settle
    hold inbound any request
    foreach i {1 2 3} { dut new-child $new }
    settle 1500
    set mids {}
    foreach n [records inbound] {
        if {[record $n kind] eq "request" && [record $n fate] eq "held" && [record $n mid] ni $mids} { lappend mids [record $n mid] }
    }
    precondition {[llength $mids]} "the device sent no request"
    must rfc7296/2.3/window-one-after-rekey "one request is outstanding: $mids" {[llength $mids] == 1}
}

rows window/odd-size-harmless {
    title   "A SET_WINDOW_SIZE that says nothing useful still gets its answer"
    cites   {rfc7296/1.4/informational-answered}
    device  both
    needs   {psk}
    bent    {informational-unanswered}
    tags    {window}
    why     "One odd notify stops the SA."
    hint    "Ignore it, or say INVALID_SYNTAX."
} {data} {
    empty   0x
    three   0x000004
    five    0x0000000004
    zero    0x00000000
    huge    0xffffffff
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add [list N(SET_WINDOW_SIZE) data $data]
    rx $sa INFORMATIONAL response -req rfc7296/1.4/informational-answered
    if {![msg has $rx N(INVALID_SYNTAX)]} { alive-sa $sa }
}
