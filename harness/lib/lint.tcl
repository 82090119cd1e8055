# lint.tcl - what can be said about cases, requirements and profiles without running them; and `new`, the skeleton of a
# case.

namespace eval ::lint {}

proc ::lint::command {words o} {
    set faults {}
    set looked 0
    if {[catch { ::cli::load_cases } message options]} {
        if {[lrange [dict get $options -errorcode] 0 1] ne {IKESPEC USAGE}} { return -options $options $message }
        lappend faults {*}[split $message \n]
    } else {
        foreach id [::testcase::ids] {
            set m [::testcase::get $id]
            incr looked
            set at [dict get $m file]:[dict get $m line]:1
            if {![llength [dict get $m bent]]} { lappend faults "$at: $id names no bent device: a case that nothing can fail is no test" }
            if {[dict get $m why] eq ""} { lappend faults "$at: $id lacks \"why\": a failure must explain itself" }
            foreach cite [dict get $m cites] {
                if {[dict get [::requirements::get $cite] untestable] ne ""} {
                    lappend faults "$at: $id cites $cite, which is noted as untestable"
                }
            }
            foreach tag [dict get $m tags] {
                if {![regexp {^[a-z0-9][a-z0-9-]*$} $tag]} { lappend faults "$at: tag \"$tag\" is not a word of a-z 0-9 -" }
            }
        }
        lappend faults {*}[cited_in_code]
        lappend faults {*}[::coverage::faults]
        incr looked
        set file [::catalogue::file]
        if {[catch { ::catalogue::faults $file [::catalogue::read $file] [::testcase::ids] } message]} {
            lappend faults $message
        } else {
            lappend faults {*}$message
        }
        incr looked
        if {[catch { ::mapping::faults } message]} { set message [list $message] }
        lappend faults {*}$message
        incr looked
        lappend faults {*}[::prove::faults [::prove::figures_file]]
        foreach suite [::select::suites] {
            incr looked
            if {[catch { ::select::suite $suite [::select::all] [::select::suite_file $suite] } message]} { lappend faults $message }
        }
        foreach file [lsort [glob -nocomplain -directory [file join $::ikespec::home harness dut] *.expect]] {
            incr looked
            lappend faults {*}[expect_file $file]
        }
        foreach file [lsort [glob -nocomplain -directory [file join $::ikespec::home harness dut] *.found]] {
            incr looked
            if {[catch { ::fuzz::campaign::read_found $file } message]} { lappend faults $message }
        }
    }
    foreach file $words {
        incr looked
        if {[catch {
            if {[string match *.dut $file]} { ::profile::read $file } elseif {[string match *.tcl $file]} { case_file $file } else { lappend faults {*}[expect_file $file] }
        } message]} { lappend faults $message }
    }
    foreach f $faults { puts $f }
    set bad [llength $faults]
    puts "[expr {max(0, $looked - $bad)}] passed, $bad failed, 0 skipped"
    return [expr {$bad > 0}]
}

# What is wrong with an expectation file; the files that it names with `like` speak for themselves.
proc ::lint::expect_file {file} {
    if {[catch { set rows [::expectation::read $file]; ::expectation::check $rows } message]} { return [list $message] }
    return [::expectation::vague [lmap d $rows { if {[dict get $d file] ne $file} continue; set d }]]
}

# Every requirement id cited in the engine's code must exist.
proc ::lint::cited_in_code {} {
    set faults {}
    foreach dir {engine engine/base engine/wire engine/crypto engine/keys engine/esp engine/sa} {
        foreach file [lsort [glob -nocomplain -directory [file join $::ikespec::home $dir] *.c *.h *.def]] {
            set n 0
            foreach line [split [::parse::read_file $file] \n] {
                incr n
                foreach {id} [regexp -all -inline {\mrfc\d+/[0-9A-Za-z.]+/[a-z0-9-]+} $line] {
                    if {![::requirements::exists $id]} {
                        lappend faults "$dir/[file tail $file]:$n:1: [::parse::unknown requirement $id [::requirements::ids]]"
                    }
                }
            }
        }
    }
    return $faults
}

# new ID: a case file with one skeleton; never overwrites.
# A file of cases that is not (yet) in its place; one that is was read with all the others.
proc ::lint::case_file {file} {
    if {[file normalize $file] in [glob -nocomplain -directory [file join $::ikespec::home cases] */*.tcl]} return
    if {[catch { ::parse::read_file $file } text]} { ::cli::usage "$file: cannot be read" }
    set ::testcase::faults {}
    ::testcase::load_text $text $file
    if {[llength $::testcase::faults]} { ::cli::usage [join $::testcase::faults \n] }
}

proc ::lint::new {words o} {
    set id [lindex $words 0]
    if {$id eq ""} { ::cli::usage "ikespec new: which id? area/words-with-dashes, such as auth/psk-mismatch-refused" }
    if {![regexp {^[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)+$} $id]} { ::cli::usage "ikespec new: \"$id\" is not of the form area/words-with-dashes" }
    ::cli::load_cases
    if {[::testcase::exists $id]} { ::cli::usage "$id exists: [dict get [::testcase::get $id] file]:[dict get [::testcase::get $id] line]" }
    set parts [split $id /]
    set file [expr {[dict get $o --to] ne "" ? [dict get $o --to]
                    : [file join $::ikespec::home cases [lindex $parts 0] [join [lrange $parts 1 end] -].tcl]}]
    if {[file exists $file]} { ::cli::usage "$file exists; nothing written" }
    ::cli::written $file { file mkdir [file dirname $file]; ::runner::put $file "# [file tail $file] - say in a sentence what these cases prove.

testcase $id {
    title   \"What the device does, in a sentence\"
    cites   {rfc7296/2.5/unknown-critical}
    device  responder                       ;# initiator, responder or both
    setup   psk
    bent    {unknown-critical}              ;# bent devices that this case must fail
    tags    {[lindex $parts 0]}
    why     \"What it means to a user when this fails.\"
    hint    \"The usual cause.\"
} {
    set m \[msg new IKE_SA_INIT\]
    msg add \$m 200 -critical 1
    tx \$m
    rx IKE_SA_INIT response {
        must rfc7296/2.5/unknown-critical  has N(UNSUPPORTED_CRITICAL_PAYLOAD)
    }
}" }
    puts "$file"
    puts "next:  ikespec lint    ikespec run $id -vv    ikespec prove $id -v"
    return 0
}

::cli::command lint {?FILE...?} "cases, requirement ids, the catalogue, mappings, suites, the figures of the last proof, expectation files, profiles; FILE: also this one, *.tcl, *.dut or *.expect" {} ::lint::command
::cli::command new {ID} "a case to fill in" {--to} ::lint::new
