# sum.tcl - results.sum, the summary that DejaGnu's runtest leaves, for the tools that compare such files (compare_tests,
# dg-cmp-results). A line is a result and the id alone: what may change from run to run is in the other reports.
source [file join [file dirname [info script]] json.tcl]
source [file join [file dirname [info script]] text.tcl]
source [file join [file dirname [info script]] matrix.tcl]

namespace eval ::sum {
    # verdict -> the result that DejaGnu knows for it (POSIX 1003.3 and its additions)
    variable result {pass PASS warn PASS fail FAIL known XFAIL stale XPASS inconclusive UNRESOLVED
        unsupported UNSUPPORTED skipped UNTESTED error UNRESOLVED}
    # in the order and the words of its summary
    variable counted {PASS "expected passes" FAIL "unexpected failures" XPASS "unexpected successes" XFAIL "expected failures"
        UNRESOLVED "unresolved testcases" UNTESTED "untested testcases" UNSUPPORTED "unsupported tests"}
}

# text RESULTS -> results.sum; a device is a target of the schedule.
proc ::sum::text {r} {
    set columns [matrix::columns $r]
    set names [lmap col $columns { text::visible [dict get $col device name] }]
    set all {}
    set out "\t\t=== ikespec tests ===\n\nSchedule of variations:\n[join [lmap name $names { string cat {    } $name \n }] {}]"
    foreach col $columns name $names {
        append out "\nRunning target $name\n[target $col counts]"
        if {[llength $columns] > 1} { append out "\n\t\t=== ikespec Summary for $name ===\n\n[summary $counts]" }
        dict for {word n} $counts { dict incr all $word $n }
    }
    return "$out\n\t\t=== ikespec Summary ===\n\n[summary $all]\n[text::visible "ikespec version [dict get $r ikespec]"]\n"
}

# target COLUMN VAR -> its lines; how many of each result goes into VAR.
proc ::sum::target {col var} {
    variable result
    upvar 1 $var counts
    set counts {}
    set out ""
    set file ""
    foreach c [dict get $col cases] {
        if {[dict get $c file] ne $file} {
            set file [dict get $c file]
            if {$file ne ""} { append out "Running [text::visible $file] ...\n" }
        }
        set word [dict get $result [dict get $c verdict]]
        dict incr counts $word
        append out "$word: [dict get $c id]\n"
    }
    return $out
}

proc ::sum::summary {counts} {
    variable counted
    set out ""
    foreach {word name} $counted {
        if {[dict exists $counts $word]} { append out [format "# of %-24s%d\n" $name [dict get $counts $word]] }
    }
    return $out
}
