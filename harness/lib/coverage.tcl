# coverage.tcl - the command `coverage`: which requirements have a case, which were met in a run, what is open and why, and
# where the catalogue of test ideas and the mappings to other suites stand.

namespace eval ::coverage {}

# cited -> {ID {case ...} ...}: the cases that cite each requirement.
proc ::coverage::cited {} {
    set by {}
    foreach case [::testcase::ids] {
        foreach id [dict get [::testcase::get $case] cites] { dict lappend by $id $case }
    }
    return $by
}

# state ID BY: case, not-observable, gap (observable, no case, a reason is given) or open (nothing at all).
proc ::coverage::state {id by} {
    set r [::requirements::get $id]
    if {[dict get $r untestable] ne ""} { return not-observable }
    if {[dict exists $by $id]} { return case }
    expr {[dict get $r gap] ne "" ? "gap" : "open"}
}

# What lint has to say: a reason for having no case, where there is one; no case and no reason.
proc ::coverage::faults {} {
    set by [cited]
    set faults {}
    foreach id [::requirements::ids] {
        set r [::requirements::get $id]
        if {[dict get $r gap] ne "" && [dict exists $by $id]} {
            lappend faults "[dict get $r file]:1: $id says why it has no case, but [lindex [dict get $by $id] 0] cites it"
        }
        if {[lindex [dict get $r level] 0] eq "MUST" && [state $id $by] eq "open"} {
            lappend faults "[dict get $r file]:1: $id is a [dict get $r level] without a case and without -untestable or -gap"
        }
    }
    return $faults
}

proc ::coverage::command {words o} {
    ::cli::load_cases
    set run [lindex $words 0]
    set met {}
    if {$run ne ""} {
        dict for {id c} [dict get [::cli::results [::cli::run_folder $run]] coverage] {
            dict set met $id [expr {[dict get $c missed] ? "missed" : [dict get $c met] ? "met" : "open"}]
        }
    }
    set by [cited]
    set docs {}
    set lists [dict create gap {} open {}]
    foreach id [::requirements::ids] {
        set level [lindex [dict get [::requirements::get $id] level] 0]
        set doc [lindex [split $id /] 0]
        set state [state $id $by]
        foreach key [list $level,$state [expr {[dict exists $met $id] ? [dict get $met $id] : "-"}]] {
            dict set docs $doc $key [expr {[get $docs $doc $key] + 1}]
        }
        if {[dict exists $lists $state]} { dict lappend lists $state $id }
    }
    puts [format "%-10s %14s %14s %14s %12s %16s%s" document "MUST with case" SHOULD MAY "named gaps" "not observable" \
        [expr {$run eq "" ? "" : "        met   missed"}]]
    foreach doc [dict keys $docs] {
        set row [format "%-10s" [string map {rfc "RFC "} $doc]]
        foreach level {MUST SHOULD MAY} {
            set case [get $docs $doc $level,case]
            append row [format " %14s" "$case/[expr {$case + [get $docs $doc $level,gap] + [get $docs $doc $level,open]}]"]
        }
        foreach state {gap not-observable} width {12 16} {
            append row [format " %${width}s" [expr {[get $docs $doc MUST,$state] + [get $docs $doc SHOULD,$state] + [get $docs $doc MAY,$state]}]]
        }
        if {$run ne ""} { append row [format " %10s %8s" [get $docs $doc met] [get $docs $doc missed]] }
        puts $row
    }
    puts ""
    foreach level {MUST SHOULD} {
        foreach {state words} {open "without a case or a reason" gap "without a case for a named reason"} {
            set ids [lmap id [dict get $lists $state] {
                if {[lindex [dict get [::requirements::get $id] level] 0] ne $level} continue
                set id
            }]
            puts "[llength $ids] $level $words[expr {[dict get $o -v] && [llength $ids] ? ":" : ""}]"
            if {![dict get $o -v]} continue
            foreach id $ids {
                puts "  $id"
                foreach line [::text::wrap [dict get [::requirements::get $id] gap] 100] { puts "      $line" }
            }
        }
    }
    catalogue [dict get $o -v]
    ::mapping::report [dict get $o -v]
    if {![dict get $o -v]} { puts "\n(-v names them)" }
    return 0
}

# The line about the catalogue of test ideas; with its open ones, area by area, when all is asked for.
proc ::coverage::catalogue {all} {
    set c [::catalogue::read [::catalogue::file]]
    set n [::catalogue::count $c]
    puts [format "catalogue of test ideas: %d, %d covered, %d covered in part, %d open, each with a reason" \
        [dict size [dict get $c ideas]] [dict get $n covered] [dict get $n partly] [dict get $n open]]
    if {!$all} return
    dict for {id idea} [dict get $c ideas] {
        if {[::catalogue::state $idea] eq "covered"} continue
        puts "  [format %-8s $id] [dict get $idea text]"
        foreach line [::text::wrap [string cat [dict get $idea not] [dict get $idea lacks]] 100] { puts "           $line" }
    }
}

proc ::coverage::get {docs doc key} { expr {[dict exists $docs $doc $key] ? [dict get $docs $doc $key] : 0} }

::cli::command coverage {?RUN?} "requirements covered by the suite, or met in a run; what is open and why" {-v} ::coverage::command
