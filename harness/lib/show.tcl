# show.tcl - looking without running: list and show.

namespace eval ::show {}

# Why an instance would not run against a device, "" when it would.
proc ::show::why_not {instance dut rows} {
    lassign $instance id role
    set meta [::testcase::get $id]
    set d [::expectation::find $rows $id $role]
    if {$d ne "" && [dict get $d kind] eq "skip"} { return "switched off: [dict get $d reason] ([dict get $d ticket])" }
    return [::case::lacks $meta $role [dict get $dut driver] [::profile::claims $dut]]
}

proc ::show::list_cases {words o} {
    set o [dict merge {--repeat 1} $o]
    ::cli::load_cases
    set dut [::profile::find [dict get $o --dut]]
    ::dut::use [dict get $dut driver]
    set file [::profile::expectations $dut [dict get $o --expect]]
    set rows [expr {$file eq "" ? {} : [::expectation::read $file]}]
    if {[dict get $o --suite] ne ""} { lappend words suite:[dict get $o --suite] }
    set selected [::select::shard [::select::run $words] [dict get $o --shard]]
    set would 0
    set others {}
    foreach i $selected {
        set why [why_not $i $dut $rows]
        if {$why eq ""} {
            incr would
            set meta [::testcase::get [lindex $i 0]]
            puts [format "  %-58s %s" [::select::name $i] [dict get $meta title]]
        } else {
            lappend others [format "  %-58s %s" [::select::name $i] $why]
        }
    }
    puts "[::text::plural $would case cases] would run against [dict get $dut name]"
    if {[llength $others]} {
        puts "\n[llength $others] selected but would not:"
        puts [join $others \n]
    }
    if {[dict get $o --all]} {
        puts "\nnot selected:"
        foreach i [::select::all] { if {$i ni $selected} { puts "  [::select::name $i]" } }
    }
    return 0
}

# One page per case.
proc ::show::one {words o} {
    set name [lindex $words 0]
    if {$name eq ""} { ::cli::usage "ikespec show: which case?" }
    ::cli::load_cases
    if {[::mapping::show $name]} { return 0 }
    regsub {@(initiator|responder)$} $name "" name
    if {[::requirements::exists $name]} { return [requirement $name] }
    if {[catch { ::testcase::get $name } m]} { ::cli::usage "$m[if {![string match {*mean*} $m]} { set - "; `ikespec list` has all of them" }]" }
    puts "[dict get $m id]   rev [dict get $m rev]   [dict get $m file]:[dict get $m line]"
    puts "  [dict get $m title]\n"
    foreach {label key} {device device needs needs setup setup tags tags {bent by} bent} {
        if {[dict get $m $key] ne ""} { puts [format "  %-9s %s" $label [dict get $m $key]] }
    }
    if {[llength [dict get $m verbs]]} { puts [format "  %-9s %s" "driver" [dict get $m verbs]] }
    set served [::mapping::served [dict get $m id]]
    if {[llength $served]} {
        set rest [lassign [::text::wrap $served 84] first]
        puts [format "  %-9s %s" "serves" $first]
        foreach line $rest { puts "            $line" }
    }
    puts ""
    foreach id [dict get $m cites] {
        set r [::requirements::get $id]
        puts "  [format %-10s [dict get $r level]] $id   ([dict get $r section], [dict get $r role])"
        foreach line [::text::wrap [dict get $r text] 84] { puts "             $line" }
        if {[dict get $r reading] ne ""} { puts "             our reading: [dict get $r reading]" }
    }
    puts ""
    foreach {label key} {{if not} why {look at} hint} {
        if {[dict get $m $key] ne ""} {
            set rest [lassign [::text::wrap [dict get $m $key] 84] first]
            puts [format "  %-9s %s" $label $first]
            foreach line $rest { puts "            $line" }
        }
    }
    puts "\nstory"
    puts [string trim [dict get $m body] \n]
    # what went over the wire in the last run, as a ladder
    if {![catch { ::results::read [file join [::cli::runs] latest results.json] } r] && ![::matrix::is $r]} {
        foreach c [dict get $r cases] {
            if {[regsub {[@~].*$} [dict get $c id] ""] eq [dict get $m id] && [llength [dict get $c ladder]]} {
                puts "\nin the last run: [dict get $c verdict]"
                puts [::ladder::text $c]
                break
            }
        }
    }
    return 0
}

proc ::show::requirement {id} {
    set r [::requirements::get $id]
    puts "$id   [dict get $r level]   [dict get $r section]   [dict get $r role]"
    foreach line [::text::wrap [dict get $r text] 90] { puts "  $line" }
    foreach {label key} {{our reading} reading {cannot be tested} untestable {no case} gap} {
        if {[dict get $r $key] ne ""} { puts "  $label: [dict get $r $key]" }
    }
    puts "cases"
    foreach case [::testcase::ids] {
        if {$id in [dict get [::testcase::get $case] cites]} { puts "  $case" }
    }
    return 0
}

::cli::command list {?SELECTOR...?} "what would run, and why the rest would not" {--dut --suite --shard --expect --all} ::show::list_cases
::cli::command show {ID} "one page about a case, about a requirement, or about a test of others (cc:ID)" {} ::show::one
