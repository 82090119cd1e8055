# odd.tcl - the third way to prove the suite: devices that are odd and good (cases/odd), which no case may fail. A case that
# takes what an RFC leaves open for a rule, or a slow answer for none, is a false alarm.

namespace eval ::odd {}

# A case in all its roles against one of these devices -> rows as ::prove::rows has them.
proc ::odd::rows {id device options} {
    lmap role [dict get [::testcase::get $id] roles] {
        set r [::prove::bent $id $role $device $options]
        ::prove::row $id $role $device $r [expr {[dict get $r verdict] in {pass inconclusive unsupported}}]
    }
}

proc ::odd::command {words o} {
    ::cli::load_cases
    set ids [lsort -unique [lmap i [::select::run $words] { lindex $i 0 }]]
    set devices [::bent::odd]
    set seed [dict get $o --seed]
    set S [::run::settings [::profile::find self] \
        [dict create --seed [if {$seed eq ""} { string cat 1 } { set seed }] --time-scale 1 --evidence none --dut self]]
    set tasks [concat {*}[lmap device $devices {
        set except [dict get [dict get $::bent::all $device] except]
        lmap id $ids { if {$id in $except} continue; list odd $id $device }
    }]]
    lassign [::prove::all $tasks $S [dict get $o --jobs]] why results
    if {$why eq "interrupted"} {
        puts "interrupted after [llength [concat {*}$results]] runs: no figure"
        return 2
    }
    set bad [report [concat {*}$results] [llength $ids] $devices $o]
    return [expr {$bad > 0}]
}

# Prints what is not as it must be (-v: all), each device's sum, and the figure last. -> how many runs failed a good device
proc ::odd::report {rows cases devices o} {
    set sums [dict create]
    foreach device $devices { dict set sums $device {pass 0 nothing 0 bad 0} }
    set failing [dict create]
    foreach r $rows {
        if {[dict get $o -v] || ![dict get $r ok]} { puts [::prove::line $r] }
        set kind [expr {![dict get $r ok] ? "bad" : [dict get $r verdict] eq "pass" ? "pass" : "nothing"}]
        dict update sums [dict get $r bent] sum { dict incr sum $kind }
        if {$kind eq "bad"} { dict set failing [dict get $r id] 1 }
    }
    set bad 0
    dict for {device sum} $sums {
        incr bad [dict get $sum bad]
        puts [format "%-14s %5d pass %5d prove nothing %5d fail   %s" $device [dict get $sum pass] [dict get $sum nothing] [dict get $sum bad] \
            [dict get [dict get $::bent::all $device] title]]
    }
    puts "cases that let devices be odd [expr {$cases - [dict size $failing]}]/$cases"
    if {[dict get $o --tally]} { puts "[expr {[llength $rows] - $bad}] passed, $bad failed, 0 skipped" }
    return $bad
}
