# terminal.tcl - what the runner prints: one line per case, the failure block, the last lines.
source [file join [file dirname [info script]] gate.tcl]

namespace eval ::terminal {
    variable codes {fail 31 stale 31 error 35 inconclusive 35 known 33 warn 33 pass 32 unsupported 2 skipped 2 dim 2 bold 1}
    variable colour ""      ;# "" = decide on first use; 0 or 1 = decided
}

# colour ?0|1? : colour only on a terminal, and never against NO_COLOR (no-color.org) or TERM=dumb.
proc ::terminal::colour {args} {
    variable colour
    if {[llength $args]} { set colour [lindex $args 0] }
    if {$colour eq ""} {
        set tty [expr {![catch {fconfigure stdout -mode}]}]
        set off [expr {[info exists ::env(NO_COLOR)] && $::env(NO_COLOR) ne ""}]
        set dumb [expr {[info exists ::env(TERM)] && $::env(TERM) eq "dumb"}]
        set colour [expr {$tty && !$off && !$dumb}]
    }
    return $colour
}

# paint STYLE S: S must already be visible text.
proc ::terminal::paint {style s} {
    variable codes
    if {![colour] || ![dict exists $codes $style]} { return $s }
    return "\u001b\[[dict get $codes $style]m$s\u001b\[0m"
}

proc ::terminal::word {verdict} {
    return [paint $verdict [format %-12s [string toupper $verdict]]]
}

# line CASE ?PROGRESS? -> one line: verdict, id, what to know, time. PROGRESS such as "12/240".
proc ::terminal::line {c {progress ""}} {
    set c [results::fill case $c]
    set what [text::visible [dict get $c title]]
    if {[dict get $c verdict] in {unsupported skipped inconclusive error stale} && [dict get $c reason] ne ""} {
        set what [text::visible [dict get $c reason]]
    }
    set out "[word [dict get $c verdict]] [format %-44s [text::visible [dict get $c id]]] [format %-60s [text::cap $what 60]]"
    append out " [format %9s [text::seconds [dict get $c duration_ms]]]"
    if {$progress ne ""} { append out "  [paint dim [text::visible $progress]]" }
    return [string trimright $out]
}

# failure CASE ?PROGRESS? -> the block that explains a failure, without a trailing newline.
proc ::terminal::failure {c {progress ""}} {
    set c [results::fill case $c]
    set f [dict get $c failure]
    set id [dict get $c id]
    set verdict [dict get $c verdict]
    set head "[paint $verdict [string toupper $verdict]]  [paint bold [text::visible $id]]"
    if {[llength $f] && [dict get $f req] ne ""} {
        append head "   [text::visible [dict get $f req]]"
        set level [level $c [dict get $f req]]
        if {$level ne ""} { append head "   $level" }
    }
    if {[dict get $c role] in {initiator responder both}} { append head "   device as [dict get $c role]" }
    if {$progress ne ""} { append head "   [paint dim "\[[text::visible $progress]\]"]" }
    set out [list $head]
    if {![llength $f]} {
        foreach {name key} {title title reason reason {look at} hint} {
            if {[dict get $c $key] ne ""} { lappend out [row $name [dict get $c $key]] }
        }
        return [join $out \n]
    }
    lappend out [row rule [dict get $f rule]]
    set step [expr {[dict get $f step] ? "step [dict get $f step]" : "at"}]
    if {[dict get $f where] ne ""} { lappend out [row $step [dict get $f where]] }
    foreach {name key} {expected expected got got means means {look at} look_at} {
        if {[dict get $f $key] ne ""} { lappend out [row $name [dict get $f $key]] }
    }
    if {[dict get $f again] ne ""} {
        set again [dict get $f again]
        if {[regexp {^ikespec replay (\S+)$} $again -> what]} { append again "          see  ikespec open $what" }
        lappend out [row again $again]
    }
    return [join $out \n]
}

proc ::terminal::row {name text} {
    set text [text::cap [text::visible $text] 2000]
    return "  [paint dim [format %-9s $name]] $text"
}

proc ::terminal::level {c req} {
    foreach k [dict get $c checks] {
        if {[dict get $k req] eq $req} { return [dict get $k level] }
    }
    return ""
}

# summary RESULTS -> the last lines of a run: the gate, the counts, what to look at, without trailing newline.
proc ::terminal::summary {r} {
    # (its cases where they are shown: nearly all of them pass)
    if {![matrix::is $r]} {
        set r [dict replace [results::fill results [dict remove $r cases]] cases [dict get $r cases]]
    }
    lassign [gate::sentence $r] state headline detail
    set style [dict get {good pass bad fail unsure known} $state]
    set columns [matrix::columns $r]
    set names [lmap col $columns { text::visible [dict get $col device name] }]
    set width [::tcl::mathfunc::max 10 {*}[lmap name $names { string length $name }]]
    set out {}
    set problems {}
    foreach col $columns name $names {
        lappend out [format "  %-*s %s   %s" $width $name [counts $col] [text::seconds [dict get $col run duration_ms]]]
        # of one device only: several would drown the counts
        if {[llength $columns] == 1} { foreach line [text::vitals [dict get $col device vitals]] { lappend out "             $line" } }
        foreach c [gate::cases $col fail stale error inconclusive] {
            # of several devices, in the column that names them above
            lappend problems [list "  [expr {[dict get $col folder] eq "" ? "" : [format "%-*s " $width $name]}]" $c $col]
        }
    }
    set first [lrange $problems 0 19]
    set ids [::tcl::mathfunc::max 40 {*}[lmap p $first { string length [dict get [lindex $p 1] id] }]]
    foreach p $first { lappend out "[lindex $p 0][brief {*}[lrange $p 1 2] [expr {min($ids, 64)}]]" }
    if {[llength $problems] > 20} { lappend out "  ... and [expr {[llength $problems] - 20}] more" }
    lappend out "[paint $style $headline]"
    return [join $out \n]
}

# counts RESULTS -> "21 pass   3 fail"
proc ::terminal::counts {r} {
    set words {}
    foreach v {pass warn fail stale known inconclusive error unsupported skipped} {
        set n [dict get $r summary $v]
        if {$n || $v eq "pass"} { lappend words [paint $v "$n $v"] }
    }
    return [join $words "   "]
}

# brief CASE RESULTS ?WIDTH? -> "FAIL  id  meaning  RFC 7296 2.15  MUST"; WIDTH: columns of the id
proc ::terminal::brief {c r {width 40}} {
    set c [results::fill case $c]
    set f [dict get $c failure]
    set what [expr {[llength $f] ? [dict get $f means] : [dict get $c reason]}]
    if {$what eq ""} { set what [dict get $c title] }
    set out "[word [dict get $c verdict]] [format %-*s $width [text::visible [dict get $c id]]] [format %-52s [text::cap [text::visible $what] 52]]"
    if {[llength $f] && [dict exists $r requirements [dict get $f req]]} {
        set q [dict get $r requirements [dict get $f req]]
        append out "  [text::visible [dict get $q section]]   [dict get $q level]"
    }
    return [string trimright $out]
}
