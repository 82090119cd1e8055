# text.tcl - makes text from a device harmless to look at, before any format escapes it its own way.
if {[llength [info procs ::text::visible]]} return
namespace eval ::text {
    # what stays as it is: letters, marks and signs that neither move the cursor nor hide nor turn text
    variable plain { -~\u00a1-\u00ac\u00ae-\u034e\u0350-\u061b\u061d-\u115e\u1161-\u17b3\u17b6-\u180a\u1810-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u3163\u3165-\ud7ff\uf900-\ufdcf\ufdf0-\ufdff\ufe10-\ufefe\uff01-\uff9f\uffa1-\uffef}
}

# visible S -> S on one line, with everything that is not plainly printable as \n, \x1b, \u202e ...
# Controls, C1, DEL, soft hyphen, zero-width and direction marks, line separators, private use,
# surrogates and noncharacters: a terminal acts on some of them, and others lie to the eye.
proc ::text::visible {s} {
    variable plain
    # nearly all text is this
    if {[string is ascii $s] && [string is print $s]} { return $s }
    set s [string map {\n \\n \r \\r \t \\t} $s]
    set odd [regexp -all -inline "\[^$plain\]" $s]
    if {![llength $odd]} { return $s }
    set map {}
    foreach c [lsort -unique $odd] {
        set n [scan $c %c]
        lappend map $c [format [expr {$n < 0x100 ? {\x%02x} : {\u%04x}}] $n]
    }
    return [string map $map $s]
}

# cap S N -> at most N characters, the cut marked.
proc ::text::cap {s n} {
    if {[string length $s] <= $n} { return $s }
    return "[string range $s 0 [expr {$n - 4}]]..."
}

# wrap S N -> list of lines of at most N characters, broken at spaces where there are any.
proc ::text::wrap {s n} {
    set lines {}
    while {[string length $s] > $n} {
        set at [string last " " [string range $s 0 $n]]
        if {$at < $n / 3} {
            lappend lines [string range $s 0 [expr {$n - 1}]]
            set s [string range $s $n end]
        } else {
            lappend lines [string range $s 0 [expr {$at - 1}]]
            set s [string range $s [expr {$at + 1}] end]
        }
    }
    # a closing bracket alone on a line reads as an accident
    if {$s eq "\]" && [regexp {^(.+) (\S+)$} [lindex $lines end] -> before word]} {
        set lines [lreplace $lines end end $before]
        set s "$word \]"
    }
    return [lappend lines $s]
}

# plural N one many -> "1 case", "2 cases"
proc ::text::plural {n one many} { return "$n [expr {$n == 1 ? $one : $many}]" }

# seconds MS -> "0.051 s", "75.3 s"
proc ::text::seconds {ms} {
    return [expr {$ms < 10000 ? [format "%d.%03d s" [expr {$ms / 1000}] [expr {$ms % 1000}]]
                  : [format "%d.%d s" [expr {$ms / 1000}] [expr {$ms % 1000 / 100}]]}]
}

# vitals VITALS -> lines about what a device used: before the first case, after the last, the most and where.
proc ::text::vitals {vitals} {
    set names {memory_kb {memory in kB} threads threads files {open files} half_open {half-open IKE SAs} ike_sas {IKE SAs}}
    set lines {}
    foreach {key name} $names {
        if {![dict exists $vitals $key]} continue
        set v [dict get $vitals $key]
        set line "$name [dict get $v before] before, [dict get $v after] after"
        if {[dict get $v most] > max([dict get $v before], [dict get $v after])} {
            append line ", at most [dict get $v most] after [visible [dict get $v case]]"
        }
        lappend lines $line
    }
    return $lines
}
