# initiations.tcl - RFC 7296 sections 1.2 and 2.3: both ends begin an IKE SA with each other at the same moment.

testcase collision/initiations-crossed {
    title   "When both ends begin an IKE SA at once, the device answers, and traffic flows in the end"
    cites   {rfc7296/2.3/request-while-waiting}
    device  initiator
    needs   {psk esp}
    vary    {kept {init auth}}
    bent    {initiates-only}
    tags    {collision sa-init}
    why     "After a power cut both ends begin at once, and no tunnel comes up until one of them gives up."
    hint    "Two IKE SAs conform, and so does closing one of them by a Delete. A request is answered, whatever was begun oneself."
} {
    # the device's messages wait at the door: the tester begins before it knows of them
    hold inbound IKE_SA_INIT request
    dut initiate
    rx IKE_SA_INIT request -held 1
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response -req rfc7296/2.3/request-while-waiting
    if {$kept eq "init"} { release inbound }
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response { must rfc7296/2.3/request-while-waiting has {AUTH} }
    if {$kept eq "auth"} { release inbound }
    settle
    settle
    set up {}
    foreach e [sas tester] { if {[answers [dict get $e id]]} { lappend up [dict get $e id] } }
    must rfc7296/2.3/request-while-waiting "an IKE SA is up" {[llength $up]}
    set flows 0
    foreach s $up { if {[child $s count] && [esp-echo $s]} { set flows 1 } }
    must rfc7296/2.3/request-while-waiting "traffic flows" {$flows}
}
