# journal.tcl - events.jsonl: one flushed line per event, written while the run goes on, so that a killed run loses no
# finished case. results.json can be built from it at any time.

namespace eval ::journal {
    # what the first line says of a run beside its plan; the last line has run and device once more, as they are in the end
    variable fields {
        ikespec {like version} run {object run} device {object device} requirements {map {like reqid} {object requirement}}
    }
}

proc ::journal::open_new {file} {
    set f [::open $file w]
    fconfigure $f -encoding utf-8 -translation lf
    return $f
}

# A line that could not be written whole is the last one: what comes after it would stand in the middle of it.
proc ::journal::put {f line} {
    variable torn
    if {[info exists torn($f)]} return
    try {
        puts $f $line
        flush $f
    } trap POSIX {why options} {
        set torn($f) 1
        set code [dict get $options -errorcode]
        return -code error -errorcode $code "events.jsonl cannot be written: [lindex $code 2]"
    }
}

proc ::journal::shut {f} {
    variable torn
    # (what was not written is tried once more, and fails once more)
    catch { close $f }
    unset -nocomplain torn($f)
}

# The first line: all of results.json but its cases, and the names of the cases to come.
proc ::journal::start {f head plan} {
    set parts [list "\"event\": \"start\"" "\"ikespec\": [::results::quote [dict get $head ikespec]]"]
    foreach {key type} {run {object run} device {object device} requirements {map {like reqid} {object requirement}}} {
        lappend parts "\"$key\": [::results::value $type [dict get $head $key] "" $key 1]"
    }
    lappend parts "\"plan\": [::results::value {list {like caseid}} $plan "" plan 1]"
    put $f "\{[join $parts {, }]\}"
}

proc ::journal::case {f text} {
    put $f "\{\"event\": \"case\", \"case\": $text\}"
}

# The last line of a run that was not killed: what the first line could not know.
proc ::journal::end {f head} {
    set parts [list "\"event\": \"end\"" "\"exit\": [dict get $head run exit]"]
    foreach {key type} {run {object run} device {object device}} {
        lappend parts "\"$key\": [::results::value $type [dict get $head $key] "" $key 1]"
    }
    put $f "\{[join $parts {, }]\}"
}

# Anything else worth knowing, such as a lost device.
proc ::journal::note {f event text} {
    put $f "\{\"event\": [::results::quote $event], \"text\": [::results::quote $text]\}"
}

# read FILE -> {head plan cases ended}: cases in the order they finished; ended is 0 for a run that was killed; a torn last line is
# left out.
proc ::journal::read {file} {
    variable fields
    set f [::open $file r]
    fconfigure $f -encoding utf-8
    set head {}
    set plan {}
    set cases {}
    set ended 0
    set n 0
    try {
        while {[gets $f line] >= 0} {
            incr n
            if {[catch { dom parse -json -jsonroot event -- $line doc } why]} {
                if {[eof $f]} break
                throw {IKESPEC USAGE} "$file:$n:1: not a line of JSON"
            }
            try {
                set kids {}
                foreach x [[$doc documentElement] childNodes] { dict set kids [$x nodeName] $x }
                set event [[[dict get $kids event] firstChild] nodeValue]
                switch -- $event {
                    start {
                        dict for {key type} $fields { dict set head $key [::results::take $type [dict get $kids $key] $key] }
                        set plan [::results::take {list {like caseid}} [dict get $kids plan] plan]
                    }
                    end {
                        foreach key {run device} { dict set head $key [::results::take [dict get $fields $key] [dict get $kids $key] $key] }
                        set ended 1
                    }
                    case { lappend cases [::results::take {object case} [dict get $kids case] "line $n"] }
                }
            } finally {
                $doc delete
            }
        }
    } finally {
        close $f
    }
    if {$head eq ""} { throw {IKESPEC USAGE} "$file: holds no start of a run" }
    return [list $head $plan $cases $ended]
}

# What results.json says of a case that never ran.
proc ::journal::unrun {id role title reason} {
    dict create id $id title $title role $role verdict skipped reason $reason failure {} expectation {}
}

# recover RUNDIR: results.json from the journal.
proc ::journal::recover {dir} {
    if {![file exists $dir/events.jsonl]} { throw {IKESPEC USAGE} "$dir: there is no events.jsonl to recover from" }
    lassign [read [file join $dir events.jsonl]] head plan cases ended
    set done {}
    foreach c $cases { dict set done [dict get $c id] $c }
    set all [lmap id $plan {
        if {[dict exists $done $id]} { dict get $done $id } else {
            set role [expr {[regexp {@(initiator|responder)} $id - r] ? $r : "none"}]
            ::results::fill case [unrun $id $role $id "the run ended before this case"]
        }
    }]
    set r [dict merge [dict create format 1] $head [dict create cases $all]]
    if {!$ended} {
        dict set r run exit 2
        if {[dict get $r run transport] eq "mem"} {
            dict set r run duration_ms [::tcl::mathop::+ {*}[lmap c $all { dict get $c duration_ms }]]
        }
    }
    set r [::results::finish $r]
    ::results::write [file join $dir results.json] $r
    return [llength $cases]
}
