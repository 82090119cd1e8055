# gate.tcl - what a run means in a sentence, and its cases and requirements in the order a reader needs.
if {[llength [info procs ::gate::worst]]} return
source [file join [file dirname [info script]] json.tcl]
source [file join [file dirname [info script]] text.tcl]
source [file join [file dirname [info script]] matrix.tcl]
namespace eval ::gate {
    # exit codes, the worst last: what was not judged is worse than what failed
    variable rank {0 6 1 5 2 7 3 4}
    variable words {
        pass "all checks met" warn "only a SHOULD missed" fail "a MUST missed, or the device died"
        known "fails as listed, with a ticket" stale "listed as failing, but passes"
        inconclusive "the precondition was not reached" unsupported "not claimed by the device"
        skipped "switched off with a reason" error "our fault, or the lab's"
    }
}

# worst CODES -> the exit code that counts when several runs are one.
proc ::gate::worst {codes} {
    variable rank
    # (a code that we do not know is a fault)
    set places [lmap code $codes { lsearch -exact $rank [expr {$code in $rank ? $code : 3}] }]
    return [lindex $rank [::tcl::mathfunc::max {*}$places]]
}

# Is a case's error the lab's (a device that cannot be set up), none of ours? Its reason says so.
proc ::gate::of_lab {c} {
    expr {[dict get $c verdict] eq "error" && [string match "lab: *" [dict get $c reason]]}
}

# sentence RESULTS -> {STATE HEADLINE DETAIL}; STATE is good, bad or unsure.
proc ::gate::sentence {r} {
    if {[matrix::is $r]} { return [sentence_of_all $r] }
    set s [dict get $r summary]
    set code [dict get $r run exit]
    set gate "Gate [dict get $r run gate]"
    set parts {}
    # (what a matrix says of a device is without its cases)
    set n(lab) [if {[dict exists $r cases]} { llength [lmap c [dict get $r cases] { if {![of_lab $c]} continue; set c }] } else { set - 0 }]
    dict for {v count} $s { set n($v) $count }
    incr n(error) -$n(lab)
    foreach {verdict one many} {
        fail         "case fails"                          "cases fail"
        stale        "listed failure passes now"           "listed failures pass now"
        error        "case stopped by a fault of the tester" "cases stopped by a fault of the tester"
        lab          "case stopped by a fault of the lab" "cases stopped by a fault of the lab"
        inconclusive "case could not be judged"            "cases could not be judged"
        known        "known failure with a ticket"         "known failures with tickets"
        warn         "SHOULD warning"                      "SHOULD warnings"
        unsupported  "case not supported by the device"    "cases not supported by the device"
        skipped      "case switched off"                   "cases switched off"
    } {
        if {$n($verdict)} { lappend parts [text::plural $n($verdict) $one $many] }
    }
    set detail "[dict get $s pass] of [text::plural [dict get $s total] case cases] pass"
    if {[llength $parts]} { append detail "; [join $parts {, }]" }
    append detail "."
    set bad [expr {[dict get $s fail] + [dict get $s stale]}]
    set unjudged [expr {[dict get $s error] + [dict get $s inconclusive]}]
    switch -- $code {
        0 {
            if {$bad} { return [list unsure "$gate: open, report only. Not everything is as expected." $detail] }
            if {$unjudged} { return [list unsure "$gate: open, report only. Not every case could be judged." $detail] }
            return [list good "$gate: open. Everything is as expected." $detail]
        }
        1 {
            if {$bad} { return [list bad "$gate: closed. The device does not behave as expected." $detail] }
            if {$unjudged} { return [list unsure "$gate: closed. Not every case could be judged." $detail] }
            return [list bad "$gate: closed. A line of the expectation file is past its date." $detail]
        }
        2 { return [list unsure "$gate: no answer. The run was interrupted." $detail] }
        5 {
            set why [expr {[dict get $s total] ? "No case that was selected could run" : "Nothing was selected"}]
            return [list unsure "$gate: no answer. $why." $detail]
        }
        6 { return [list bad "$gate: closed. More SHOULD warnings than allowed." $detail] }
        7 {
            if {$n(lab)} { return [list unsure "$gate: no answer. The lab failed." $detail] }
            return [list unsure "$gate: no answer. The lab or the device became unusable." $detail]
        }
    }
    return [list unsure "$gate: no answer. The tester failed (exit $code)." $detail]
}

# The same of several devices: how many, then which.
proc ::gate::sentence_of_all {r} {
    set in {good {} bad {} unsure {}}
    foreach d [dict get $r devices] { dict lappend in [lindex [sentence $d] 0] [dict get $d device name] }
    set all [llength [dict get $r devices]]
    set bad [llength [dict get $in bad]]
    set detail [lmap {state words} {bad "Not as expected" unsure Unclear good "As expected"} {
        if {![llength [dict get $in $state]]} continue
        string cat $words ": " [join [dict get $in $state] {, }] .
    }]
    set gate "Gate [join [lsort -unique [lmap d [dict get $r devices] { dict get $d run gate }]] {, }]"
    if {$bad} {
        set headline "$gate: closed. $bad of $all devices [expr {$bad == 1 ? "does" : "do"}] not behave as expected."
        return [list bad $headline [join $detail]]
    }
    if {[llength [dict get $in unsure]]} {
        return [list unsure "$gate: unclear for [llength [dict get $in unsure]] of $all devices." [join $detail]]
    }
    return [list good "$gate: open. All $all devices behave as expected." [join $detail]]
}

# cases RESULTS VERDICT... -> cases with these verdicts: by verdict as given, then as selected.
proc ::gate::cases {r args} {
    set out {}
    foreach v $args {
        foreach c [dict get $r cases] { if {[dict get $c verdict] eq $v} { lappend out $c } }
    }
    return $out
}

# requirements RESULTS -> list of {ID STATE}, missed first, then by section.
proc ::gate::requirements {r} {
    set by {missed {} open {} met {}}
    foreach id [by_section $r] {
        dict lappend by [state $r $id] [list $id [state $r $id]]
    }
    return [concat {*}[dict values $by]]
}

# Ids by document and section, 1.3 before 1.3.1.
proc ::gate::by_section {r} {
    return [lmap id [lsort -dictionary [lmap id [dict keys [dict get $r requirements]] { string map {/ " "} $id }]] {
        string map {" " /} $id
    }]
}

proc ::gate::state {r id} {
    if {![dict exists $r coverage $id]} { return open }
    set c [dict get $r coverage $id]
    return [expr {[dict get $c missed] ? "missed" : [dict get $c met] ? "met" : "open"}]
}

# documents RESULTS -> {"RFC 7296" {met n missed n open n} ...}
proc ::gate::documents {r} {
    set out {}
    foreach id [lsort -dictionary [dict keys [dict get $r requirements]]] {
        set name [string map {rfc "RFC "} [lindex [split $id /] 0]]
        if {![dict exists $out $name]} { dict set out $name {met 0 missed 0 open 0} }
        set state [state $r $id]
        dict set out $name $state [expr {[dict get $out $name $state] + 1}]
    }
    return $out
}

# sections RESULTS -> {"RFC 7296" {2.15 {ID STATE ID STATE ...} ...} ...}, in the order of the documents.
proc ::gate::sections {r} {
    set out {}
    foreach id [by_section $r] {
        lassign [split $id /] document section
        set document [string map {rfc "RFC "} $document]
        set have [expr {[dict exists $out $document $section] ? [dict get $out $document $section] : {}}]
        dict set out $document $section [lappend have $id [state $r $id]]
    }
    return $out
}
