# journal.tcl - events.jsonl: one flushed line per event, written while the run goes on, so that a killed run loses no
# finished case. results.json can be built from it at any time.

namespace eval ::journal {
    # what the first line says of a run beside its plan; the last line has run and device once more, as they are in the end
    variable fields {
        ikespec {like version} run {object run} device {object device} requirements {map {like reqid} {object requirement}}
    }
    # what else is told: of a fault of ours, and of a device that was not recovered
    variable notes {fault lost}
    # octets of a line; what is longer is none of ours
    variable longest 16000000
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
    variable fields
    put $f [event start [dict replace $fields plan {list {like caseid}}] [dict replace $head plan $plan]]
}

proc ::journal::case {f text} {
    put $f "\{\"event\": \"case\", \"case\": $text\}"
}

# The last line of a run that was not killed: what the first line could not know.
proc ::journal::end {f head} {
    variable fields
    put $f [event end [dict create exit int {*}[dict filter $fields key run device]] [dict replace $head exit [dict get $head run exit]]]
}

# event NAME {KEY TYPE ...} VALUES -> the line
proc ::journal::event {name types values} {
    set parts [list "\"event\": \"$name\""]
    dict for {key type} $types { lappend parts "\"$key\": [::results::value $type [dict get $values $key] "" $key 1]" }
    return "\{[join $parts {, }]\}"
}

# Anything else worth knowing, such as a lost device.
proc ::journal::note {f event text} {
    put $f "\{\"event\": [::results::quote $event], \"text\": [::results::quote $text]\}"
}

# read FILE -> {head plan cases ended damaged}: cases in the order they finished; ended is 0 for a run that was killed; damaged has
# the numbers of the lines that cannot be read, but for the last one of a run that was killed in the middle of it. Whatever the
# others say is whole. One line is in memory at a time.
proc ::journal::read {file} {
    set head {}
    set plan {}
    set cases {}
    set ended 0
    set damaged {}
    set number 0
    lines $file line whole {
        incr number
        if {[catch { entry $line "line $number" } entry]} { set entry [if {$whole} { set - damaged }] }
        lassign $entry event what more
        switch -- $event {
            damaged { lappend damaged $number }
            start { if {$head eq ""} { set head $what; set plan $more } else { lappend damaged $number } }
            case { lappend cases $what }
            end { if {$head ne ""} { set head [dict replace $head {*}$what]; set ended 1 } }
        }
    }
    if {$head eq ""} {
        throw {IKESPEC USAGE} "$file: holds no start of a run[if {$number} { set - ": its first line cannot be read" }]"
    }
    return [list $head $plan $cases $ended $damaged]
}

# lines FILE LINE WHOLE BODY: BODY for each line, as octets; WHOLE is 0 for a last one without its end. What is longer than any
# of ours is given as an empty line.
proc ::journal::lines {file lineVar wholeVar body} {
    variable longest
    upvar 1 $lineVar line $wholeVar whole
    set f [::open $file rb]
    set rest ""
    set lost 0
    set whole 1
    try {
        while {[set octets [::read $f 65536]] ne ""} {
            if {[string first \n $octets] < 0} {
                if {[string length $rest] > $longest} { set lost 1; set rest "" }
                if {!$lost} { append rest $octets }
                continue
            }
            set all [split $rest$octets \n]
            set rest [lindex $all end]
            foreach line [lrange $all 0 end-1] {
                if {$lost} { set line ""; set lost 0 }
                uplevel 1 $body
            }
        }
        if {$rest ne "" || $lost} {
            set whole 0
            set line $rest
            uplevel 1 $body
        }
    } finally {
        close $f
    }
}

# entry OCTETS AT -> {start HEAD PLAN}, {case RESULT}, {end {run .. device ..}} or {EVENT}. An error for what is no line of ours.
proc ::journal::entry {octets at} {
    variable fields
    variable notes
    set text [encoding convertfrom utf-8 $octets]
    if {[encoding convertto utf-8 $text] ne $octets} { error "$at: not UTF-8" }
    # (most lines are this)
    if {[regexp {^\{"event": "case", "case": (\{.*\})\}$} $text - case]} { return [list case [::results::one case $case $at]] }
    dom parse -json -jsonroot event -- $text doc
    try {
        set kids {}
        foreach x [[$doc documentElement] childNodes] { dict set kids [$x nodeName] $x }
        set event [[[dict get $kids event] firstChild] nodeValue]
        switch -- $event {
            start { return [list start [taken $kids $fields $at] [::results::take {list {like caseid}} [dict get $kids plan] $at]] }
            end { return [list end [taken $kids [dict filter $fields key run device] $at]] }
            case { return [list case [::results::take {object case} [dict get $kids case] $at]] }
        }
        if {$event ni $notes} { error "$at: no such event" }
        return [list $event]
    } finally {
        $doc delete
    }
}
proc ::journal::taken {kids types at} {
    dict map {key type} $types { ::results::take $type [dict get $kids $key] "$at: $key" }
}

# What results.json says of a case that never ran.
proc ::journal::unrun {id role title reason} {
    dict create id $id title $title role $role verdict skipped reason $reason failure {} expectation {}
}

# recover RUNDIR -> what was made of the journal, in a sentence: results.json with the cases that had finished.
proc ::journal::recover {dir} {
    set file [file join $dir events.jsonl]
    if {![file exists $file]} { throw {IKESPEC USAGE} "$dir: there is no events.jsonl to recover from" }
    lassign [read $file] head plan cases ended damaged
    set done {}
    foreach c $cases { dict set done [dict get $c id] $c }
    set found 0
    set lacks [if {[llength $damaged]} { set - "its line in events.jsonl is damaged, or the run ended before this case" } else {
        set - "the run ended before this case" }]
    set all [lmap id $plan {
        if {[dict exists $done $id]} { incr found; dict get $done $id } else {
            set role [if {[regexp {@(initiator|responder)} $id - r]} { set r } else { set - none }]
            ::results::fill case [unrun $id $role $id $lacks]
        }
    }]
    set r [dict merge [dict create format 1] $head [dict create cases $all]]
    if {!$ended} {
        dict set r run exit 2
        if {[dict get $r run transport] eq "mem"} {
            dict set r run duration_ms [::tcl::mathop::+ {*}[lmap c $all { dict get $c duration_ms }]]
        }
    }
    ::results::write [file join $dir results.json] [::results::finish $r]
    set said "[::text::plural $found "finished case" "finished cases"] recovered from $file"
    if {[llength $damaged]} {
        append said "; left out, as they cannot be read: [::text::plural [llength $damaged] line lines] ([join [lrange $damaged 0 9] {, }][
            expr {[llength $damaged] > 10 ? ", ..." : ""}])"
    }
    return $said
}
