# seed-report.tcl - plays the exchange of the two routers in both roles and writes a run folder about it: report, ladders with
# lengths, decrypted captures, the router's debug output and console. Exit status 0 when all was as in the listing.
#   ikespec tcl harness/ios/seed-report.tcl FOLDER ?ROUTER-1 ROUTER-2 PORT-BASE?      (default: 127.0.0.1 127.0.0.2 21000)

set here [file dirname [file normalize [info script]]]
source [file join $here .. lib main.tcl]
source [file join $here seed-run.tcl]
source [file join $here seed-expected.tcl]

set rules {
    listing/messages {MUST both "Each message has the payloads, their order and the lengths of the listing." "listing, messages"}
    listing/debug    {MUST both "The router's debug output tells of the same messages with the same lengths." "listing, debug output"}
    listing/states   {MUST both "The router's state machine takes the steps of the listing in their order." "listing, state trace"}
    listing/console  {MUST both "The show commands give the negotiated algorithms, ids, windows and counters." "listing, verification"}
}

proc check {req ok expected got packet} {
    dict create req $req level MUST outcome [expr {$ok ? "met" : "missed"}] step 0 file harness/ios/seed-expected.tcl line 0 \
        expected $expected got $got packet $packet
}

proc text_of {m} {
    lassign $m exchange kind mid - length payloads
    return "$exchange $kind $mid length $length: [join [lmap p $payloads { join $p { } }] {, }]"
}

proc judge {run role} {
    set out {}
    set have [passed $run]
    for {set n 0} {$n < [llength $::played]} {incr n} {
        set want [lindex $::played $n]
        set got [lindex $have $n]
        lappend out [check listing/messages [expr {$got eq $want}] [text_of $want] [expr {$got eq "" ? "nothing" : [text_of $got]}] 0]
    }
    if {[llength $have] > [llength $::played]} { lappend out [check listing/messages 0 "no further exchange" [text_of [lindex $have end]] 0] }
    foreach want [should_tell] got [told [dict get $run log]] {
        lappend out [check listing/debug [expr {$want eq $got}] $want $got 0]
    }
    set missing [in_order [dict get $run log] [expr {$role eq "responder" ? $::responder_states : $::initiator_states}]]
    lappend out [check listing/states [expr {$missing eq {}}] "every step, in order" [expr {$missing eq {} ? "so it is" : "not seen: [lindex $missing 0]"}] 0]
    set ike [lindex [dict get $run state ikev2] 0]
    set ipsec [lindex [dict get $run state ipsec] 0]
    set session [lindex [dict get $run state session] 0]
    foreach {d key want} [list $ike status READY $ike encr AES-CBC $ike keysize 128 $ike hash SHA96 $ike group 2 $ike auth_sign PSK \
        $ike auth_verify PSK $ike life 120 $ike description "Negotiation done" $ike local_window 5 $ike remote_window 5 $ike nat 0 \
        $ike [expr {$role eq "responder" ? "remote_next" : "local_next"}] 2 $ike initiator [expr {$role eq "responder" ? "No" : "Yes"}] \
        $ipsec local_ident 0.0.0.0/0.0.0.0/256/0 $ipsec encaps [dict get $run ping] $ipsec decaps [dict get $run ping] $ipsec send_errors 0 \
        $ipsec recv_errors 0 $ipsec pfs N $ipsec group none $session status UP-ACTIVE $session active 2] {
        set got [expr {[dict exists $d $key] ? [dict get $d $key] : ""}]
        lappend out [check listing/console [expr {$got eq $want}] "$key $want" "$key $got" 0]
    }
    return $out
}

proc instance {dir role run} {
    set other [expr {$role eq "responder" ? "the tester is router 1" : "the tester is router 2"}]
    set checks [judge $run $role]
    set missed [lindex [lsearch -all -inline -regexp $checks {outcome missed}] 0]
    set id seed/exchange@$role
    set where cases/$id
    file mkdir [file join $dir $where]
    ::runner::put [file join $dir $where device.log] [dict get $run log]
    set r [dict create id $id title "The exchange of two routers, as in the listing ($other)" role $role file harness/ios/seed-run.tcl line 1 \
        tags seed cites [dict keys $::rules] verdict [expr {$missed eq "" ? "pass" : "fail"}] \
        duration_ms [expr {[dict get [lindex [dict get $run ladder] end] t_us] / 1000}] \
        checks $checks ladder [dict get $run ladder] reason "the router is the stand-in of harness/ios, not a router" failure {} expectation {}]
    if {$missed ne ""} {
        dict set r failure [dict create req [dict get $missed req] rule [lindex [dict get $::rules [dict get $missed req]] 2] \
            expected [dict get $missed expected] got [dict get $missed got]]
        dict set r signature "[dict get $missed req] missed"
    }
    ::runner::put [file join $dir $where case.log] [::runner::case_log [::results::fill case $r]]
    dict set r evidence [dict create dir $where files [lsort [concat ladder.txt ladder.svg [glob -directory [file join $dir $where] -tails -types f *]]]]
    return [::results::fill case $r]
}

lassign $argv dir one two base
if {$dir eq ""} { puts stderr "usage: ikespec tcl seed-report.tcl FOLDER ?ROUTER-1 ROUTER-2 PORT-BASE?"; exit 4 }
if {$one eq ""} { lassign {127.0.0.1 127.0.0.2 21000} one two base }
set cases {}
set version ""
set t0 [clock milliseconds]
foreach role {responder initiator} {
    # the device's role; the initiator is router 1
    set evidence [file join $dir cases seed exchange@$role]
    file mkdir $evidence
    if {$role eq "responder"} {
        set run [play initiator $one $two $base stdio $evidence]
    } else {
        set run [play responder $two $one $base stdio $evidence]
    }
    set version [dict get $run version]
    lappend cases [instance $dir $role $run]
}
set bad [llength [lsearch -all -regexp $cases {verdict fail}]]
set results [::results::finish [dict create format 1 ikespec $::ikespec::version \
    run [dict create id [file tail $dir] seed 0000000000000007 suite "" selection {seed} transport udp gate ci exit [expr {$bad > 0}] \
             duration_ms [expr {[clock milliseconds] - $t0}]] \
    device [dict create name stand-in driver ios vendor "" product "stand-in router console" version $version claims [dut::claims ios]] \
    requirements [dict map {id rule} $rules { dict create level [lindex $rule 0] role [lindex $rule 1] text [lindex $rule 2] section [lindex $rule 3] }] \
    cases $cases]]
::results::write [file join $dir results.json] $results
::report::render $dir
foreach c [dict get $results cases] { puts [::terminal::line $c ""]\n; puts [::ladder::text $c] }
puts "report   [file join $dir report.html]"
exit [expr {$bad > 0}]
