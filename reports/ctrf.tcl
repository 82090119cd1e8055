# ctrf.tcl - results.ctrf.json, the Common Test Report Format.
source [file join [file dirname [info script]] json.tcl]
source [file join [file dirname [info script]] text.tcl]
source [file join [file dirname [info script]] matrix.tcl]

namespace eval ::ctrf {
    # verdict -> the status CTRF knows; rawStatus keeps the verdict
    variable status {pass passed warn passed fail failed known skipped stale failed
        inconclusive failed unsupported skipped skipped skipped error failed}
}

# text RESULTS -> results.ctrf.json. The format wants start and stop; the run has no dates, so it starts at 0.
proc ::ctrf::text {r} {
    variable status
    set n {passed 0 failed 0 skipped 0}
    set tests {}
    set ms 0
    foreach col [matrix::columns $r] {
        incr ms [dict get $col run duration_ms]
        foreach c [dict get $col cases] {
            dict incr n [dict get $status [dict get $c verdict]]
            lappend tests [one $c $col]
        }
    }
    set summary [object "    " tests [llength $tests] passed [dict get $n passed] failed [dict get $n failed] \
                     pending 0 skipped [dict get $n skipped] other 0 start 0 stop $ms]
    set tool [object "    " name [str ikespec] version [str [dict get $r ikespec]]]
    return "[object "" reportFormat [str CTRF] specVersion [str 0.0.0] results [object "  " \
                  tool $tool summary $summary tests [results::block \[ \] $tests "    " 0]]]\n"
}

proc ::ctrf::str {s} { return [results::quote [text::visible $s]] }

proc ::ctrf::strings {list} { return [results::block \[ \] [lmap s $list { str $s }] "" 1] }

proc ::ctrf::object {indent args} {
    set items {}
    foreach {k v} $args { lappend items "[results::quote $k]: $v" }
    return [results::block \{ \} $items $indent 0]
}

proc ::ctrf::one {c col} {
    variable status
    set area [lindex [split [dict get $c id] /] 0]
    set path [expr {[matrix::label $col] eq "" ? [list $area] : [list [dict get $col device name] $area]}]
    set f [dict get $c failure]
    set message [dict get $c reason]
    if {[llength $f]} { set message "[dict get $f req]: expected [dict get $f expected], got [dict get $f got]" }
    set fields [list name [str [matrix::label $col][dict get $c id]] status [str [dict get $status [dict get $c verdict]]] \
                    duration [dict get $c duration_ms] rawStatus [str [dict get $c verdict]] \
                    suite [strings $path] device [str [dict get $col device name]] \
                    filePath [str [dict get $c file]] line [dict get $c line] \
                    tags [strings [dict get $c tags]]]
    if {$message ne ""} { lappend fields message [str $message] }
    return [object "      " {*}$fields]
}
