# ladder.tcl - the message ladder of a case as text: two lifelines, one row per message.
if {[llength [info procs ::ladder::rows]]} return
source [file join [file dirname [info script]] text.tcl]
namespace eval ::ladder {
    variable lane 72        ;# columns between the lifelines
    variable made           ;# see message
    array set made {}
}

# rows CASE MAX -> ladder rows, the middle replaced by one {gap N} row when there are more than MAX.
proc ::ladder::rows {case max} {
    set rows [dict get $case ladder]
    set n [llength $rows]
    if {$n <= $max} { return $rows }
    set half [expr {$max / 2}]
    return [concat [lrange $rows 0 $half-1] [list [dict create gap [expr {$n - 2 * $half}]]] \
                [lrange $rows end-[expr {$half - 1}] end]]
}

proc ::ladder::ms {t_us} {
    return [format %d.%03d [expr {$t_us / 1000}] [expr {$t_us % 1000}]]
}

# kind ROW -> plain, retransmit, lost or missing: how the arrow is drawn.
proc ::ladder::kind {row} {
    foreach k {missing lost retransmit} { if {[dict get $row $k]} { return $k } }
    return plain
}

# note ROW -> the words that go with that arrow.
proc ::ladder::note {row} {
    set words {}
    if {[dict get $row retransmit]} { lappend words retransmission }
    if {[dict get $row lost]}       { lappend words {lost on purpose} }
    if {[dict get $row missing]}    { lappend words {never came} }
    return [join $words {, }]
}

proc ::ladder::label {row} {
    set note [note $row]
    return [text::cap [text::visible [dict get $row text]] 2000][expr {$note eq "" ? "" : " ($note)"}]
}

# text CASE ?MAX? -> the whole drawing, plain ASCII around the device's own words.
proc ::ladder::text {case {max 2000}} {
    if {![llength [dict get $case ladder]]} { return "" }
    set out [list [head tester device]]
    foreach row [rows $case $max] { lappend out {*}[drawn $row] }
    return "[join [lmap l $out { string trimright $l }] \n]\n"
}

# head LEFT RIGHT -> the line above the lifelines.
proc ::ladder::head {left right} {
    variable lane
    format "%12s  %-*s%s" ms [expr {$lane - 4}] $left $right
}

# drawn ROW -> its lines.
proc ::ladder::drawn {row} {
    variable lane
    if {[dict exists $row gap]} { return [list [between "  ... [dict get $row gap] more messages ..."]] }
    lassign [message $row] first more
    set tail [expr {[dict get $row packet] ? "  #[dict get $row packet] [dict get $row len]" : ""}]
    set out [list [format "%12s  |%s|%s" [ms [dict get $row t_us]] $first $tail] {*}$more]
    foreach b [dict get $row bent] {
        dict with b {
            set line "bent  [text::cap [text::visible $path] 60]: [text::cap [text::visible $old] 60] ->\
                [text::cap [text::visible $new] 60]"
        }
        foreach w [text::wrap $line [expr {$lane - 10}]] { lappend out [between "      $w"] }
    }
    if {[dict get $row flag] ne ""} { lappend out {*}[said !! "MISSED  [text::cap [dict get $row flag] 1000]"] }
    return $out
}

# said MARK TEXT -> lines between the lifelines, with a mark of two columns: anybody's text is made visible and cut.
proc ::ladder::said {mark text} {
    variable lane
    lmap w [text::wrap [text::cap [text::visible $text] 1010] [expr {$lane - 10}]] { between "   $mark $w" }
}

# message ROW -> {ARROW LINES}: the arrow with the first words on it, and whole lines for the others. A run has few
# messages that are not like another one of it, so what was made once is kept.
proc ::ladder::message {row} {
    variable lane
    variable made
    set key [dict get $row from][dict get $row retransmit][dict get $row lost][dict get $row missing][dict get $row text]
    if {[info exists made($key)]} { return $made($key) }
    if {[array size made] > 20000} { array unset made }
    set words [text::wrap [label $row] [expr {$lane - 12}]]
    set made($key) [list [arrow [dict get $row from] [kind $row] [lindex $words 0]] \
        [lmap w [lrange $words 1 end] { between "    $w" }]]
}

proc ::ladder::between {text} {
    variable lane
    return [format "%12s  |%-*s|" "" $lane $text]
}

# arrow FROM KIND TEXT -> lane columns: `-- text ----->`, dashed, cut short, or dotted with a cross.
proc ::ladder::arrow {from kind text} {
    variable lane
    set stroke [dict get {plain - retransmit "- " lost - missing ". "} $kind]
    set room [expr {$lane - [string length $text] - 7}]
    set near [string repeat - 3]
    if {$kind in {retransmit missing}} { set near [string range [string repeat $stroke 2] 0 2] }
    set far [string range [string repeat $stroke $room] 0 [expr {$room - 1}]]
    set tip [dict get {plain -> retransmit -> lost {x } missing X.} $kind]
    if {$from eq "tester"} {
        if {$kind eq "missing"} { set tip " X" }
        return "$near $text $far$tip"
    }
    set tip [dict get {plain <- retransmit <- lost { x} missing {X }} $kind]
    if {$kind in {retransmit missing}} { set far [string reverse $far] }
    return "$tip$near $text $far"
}
