# prove.tcl - the suite proven, in both directions. Each case: straight it passes, against each bent device that it names it
# fails. Each ruling of the engine: turned round, and nothing else, at least one case notices.

namespace eval ::prove {
    variable got ;# index of a task -> what it yielded
}

# --- one way: cases ------------------------------------------------------------------------------------------------------

# A case in all its roles: straight (must pass) and against each bent device that it names (must fail).
# -> list of dicts: id role bent verdict ok reason
proc ::prove::rows {id {options {}}} {
    set rows {}
    set meta [::testcase::get $id]
    foreach role [dict get $meta roles] {
        set r [::case::run $id $role self [dict merge $options {health always}]]
        lappend rows [row $id $role "" $r [expr {[dict get $r verdict] eq "pass"}]]
        foreach b [dict get $meta bent] {
            if {![::bent::possible $b]} {
                lappend rows [row $id $role $b [dict create verdict unsupported reason "the built-in device does not rule on $b"] 0]
                continue
            }
            set r [bent $id $role $b $options]
            lappend rows [row $id $role $b $r [noticed $r]]
        }
    }
    return $rows
}

proc ::prove::row {id role bent r ok} {
    dict create id $id role $role bent $bent verdict [dict get $r verdict] ok $ok reason [dict get $r reason]
}

proc ::prove::bent {id role bent options} { ::case::run $id $role self [dict merge $options [list bent $bent health never]] }
proc ::prove::noticed {r} { expr {[dict get $r verdict] in {fail warn}} }

# --- the other way round: rulings ----------------------------------------------------------------------------------------

# Runs cases against the device with this one ruling turned round until one of them fails.
# -> the row of that case; {} when all pass: a survivor
proc ::prove::notice {ruling ids {options {}}} {
    foreach id $ids {
        foreach role [dict get [::testcase::get $id] roles] {
            set r [bent $id $role $ruling $options]
            if {[noticed $r]} { return [row $id $role $ruling $r 1] }
        }
    }
    return {}
}

# Rulings that the rows of the cases have shown to be noticed: turned round alone, and a case failed.
proc ::prove::seen {rows} {
    set seen {}
    foreach r $rows {
        if {[dict get $r bent] eq "" || ![dict get $r ok]} continue
        set ruling [::bent::turns [dict get $r bent]]
        if {$ruling ne ""} { dict set seen $ruling 1 }
    }
    return [dict keys $seen]
}

# The cases in the order in which they are likely to notice: those that cite the requirement, those that cite its section,
# the rest.
proc ::prove::likely {ruling ids} {
    set section [join [lrange [split $ruling /] 0 end-1] /]
    set order [list {} {} {}]
    foreach id $ids {
        set cites [dict get [::testcase::get $id] cites]
        set k [expr {$ruling in $cites ? 0 : [lsearch -glob $cites $section/*] >= 0 ? 1 : 2}]
        lset order $k [linsert [lindex $order $k] end $id]
    }
    return [concat {*}$order]
}

# --- the command -----------------------------------------------------------------------------------------------------------

proc ::prove::command {words o} {
    ::cli::load_cases
    set ids [lsort -unique [lmap i [::select::run $words] { lindex $i 0 }]]
    set seed [dict get $o --seed]
    set S [::run::settings [::profile::find self] \
        [dict create --seed [expr {$seed eq "" ? 1 : $seed}] --time-scale 1 --evidence none --dut self]]
    lassign [all [lmap id $ids { list prove $id }] $S [dict get $o --jobs]] why results
    set rows [concat {*}$results]
    set found {}
    set survivors {}
    # a ruling is missed by the whole suite or not at all
    set rulings [expr {[llength $words] ? {} : [::bent::rulings]}]
    if {$why ne "interrupted" && [llength $rulings]} {
        set seen [seen $rows]
        set left [lmap r $rulings { if {$r in $seen} continue; set r }]
        lassign [all [lmap r $left { list notice $r [likely $r $ids] }] $S [dict get $o --jobs]] why results
        foreach r $left row $results {
            if {[llength $row]} { lappend found $row } else { lappend survivors $r }
        }
    }
    set bad [report $ids $rows $found $survivors [llength $rulings] $o]
    if {$why eq "interrupted"} { return 2 }
    return [expr {$bad > 0}]
}

# -> {why it ended, what the tasks yielded in their order}
proc ::prove::all {tasks S jobs} {
    variable got [dict create]
    set why [::runner::run $tasks $S $jobs ::prove::take]
    set results {}
    for {set n 0} {$n < [llength $tasks]} {incr n} { lappend results [expr {[dict exists $got $n] ? [dict get $got $n] : {}}] }
    return [list $why $results]
}

proc ::prove::take {index result} {
    variable got
    dict set got $index $result
    return ""
}

# Prints what is not as it must be (-v: all), and the two figures last. -> how many things are wrong
proc ::prove::report {ids rows found survivors num_rulings o} {
    set verbose [dict get $o -v]
    set unproven {}
    foreach r $rows { if {![dict get $r ok]} { dict set unproven [dict get $r id] 1 } }
    foreach r [concat $rows $found] { if {$verbose || ![dict get $r ok]} { puts [line $r] } }
    foreach id $ids {
        if {[llength [dict get [::testcase::get $id] bent]]} continue
        puts "BAD  $id names no bent device: a case that nothing can fail is no test"
        dict set unproven $id 1
    }
    foreach r $survivors { puts "BAD  $r turned round is noticed by no case" }
    set proven [expr {[llength $ids] - [dict size $unproven]}]
    set noticed [expr {$num_rulings - [llength $survivors]}]
    set bad [expr {[dict size $unproven] + [llength $survivors]}]
    puts "[::text::plural [llength $ids] case cases] in [llength $rows] runs; rulings found by other cases than those that name them: [llength $found]"
    puts "cases proven $proven/[llength $ids][expr {$num_rulings ? "   rulings noticed $noticed/$num_rulings" : ""}]"
    if {[dict get $o --tally]} { puts "[expr {$proven + $noticed}] passed, $bad failed, 0 skipped" }
    return $bad
}

proc ::prove::line {r} {
    string trimright [format "%-4s %-12s %-50s %-10s %s" [expr {[dict get $r ok] ? "ok" : "BAD"}] [dict get $r verdict] \
        [dict get $r id]@[dict get $r role] [expr {[dict get $r bent] eq "" ? "straight" : "bent"}] \
        [string trim "[dict get $r bent] [expr {[dict get $r ok] ? "" : [dict get $r reason]}]"]]
}

::cli::command prove {?SELECTOR...?} \
    "each case straight (must pass) and against its bent devices (must fail); each ruling turned round (a case must notice)" \
    {--seed --jobs --tally -v} ::prove::command
