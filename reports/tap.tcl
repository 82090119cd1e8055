# tap.tcl - results.tap, TAP version 14.
source [file join [file dirname [info script]] json.tcl]
source [file join [file dirname [info script]] text.tcl]
source [file join [file dirname [info script]] matrix.tcl]

namespace eval ::tap {
    variable ok {pass 1 warn 1 fail 0 known 0 stale 0 inconclusive 0 unsupported 1 skipped 1 error 0}
    variable directive {known TODO unsupported SKIP skipped SKIP}
    # exit codes after which the list of cases is not the whole story
    variable bail {2 "interrupted" 3 "the tester failed" 7 "lab or device unusable"}
}

# text RESULTS -> results.tap
proc ::tap::text {r} {
    variable bail
    set n 0
    set out ""
    set end ""
    foreach col [matrix::columns $r] {
        set label [matrix::label $col]
        foreach c [dict get $col cases] { append out [one [incr n] $c $label] }
        set code [dict get $col run exit]
        # whoever reads on would miss the other devices: the first reason, after all cases
        if {$end eq "" && [dict exists $bail $code]} { set end "Bail out! [plain $label][dict get $bail $code]\n" }
    }
    return "TAP version 14\n1..$n\n$out$end"
}

proc ::tap::dead {why} { return "TAP version 14\n1..1\nnot ok 1 - run\nBail out! [plain $why]\n" }

# Outside YAML only # and \ act; line ends are gone after text::visible.
proc ::tap::plain {s} { return [string map {\\ \\\\ # \\#} [text::visible $s]] }

# A JSON string is a YAML double-quoted scalar; text::visible first, so nothing odd is left to quote.
proc ::tap::yaml {s} { return [results::quote [text::visible $s]] }

proc ::tap::one {n c label} {
    variable ok
    variable directive
    set verdict [dict get $c verdict]
    set name "$label[dict get $c id]: [dict get $c title]"
    set out "[expr {[dict get $ok $verdict] ? "ok" : "not ok"}] $n - [plain $name]"
    if {[dict exists $directive $verdict]} {
        set x [dict get $c expectation]
        set why [expr {[llength $x] ? "[dict get $x ticket] [dict get $x reason]" : [dict get $c reason]}]
        append out " # [dict get $directive $verdict] [plain $why]"
    }
    append out \n
    if {$verdict eq "pass"} { return $out }
    append out "  ---\n  verdict: $verdict\n  duration_ms: [dict get $c duration_ms]\n"
    foreach key {reason signature} {
        if {[dict get $c $key] ne ""} { append out "  $key: [yaml [dict get $c $key]]\n" }
    }
    if {[dict get $c file] ne ""} { append out "  at: [yaml "[dict get $c file]:[dict get $c line]"]\n" }
    dict for {key value} [dict get $c failure] {
        if {$value ni {"" 0}} { append out "  $key: [yaml $value]\n" }
    }
    return "$out  ...\n"
}
