# badge.tcl - badge.svg: the gate in a few words, for the page of a project.
if {[llength [info procs ::badge::text]]} return
source [file join [file dirname [info script]] markup.tcl]
source [file join [file dirname [info script]] gate.tcl]

namespace eval ::badge {
    variable colour {good #1f7a3d bad #b3261e unsure #6b4500}
    variable wide 6.6       ;# of a character of 11 units, on the average
}

# words RESULTS -> {STATE WORDS}
proc ::badge::words {r} {
    lassign [gate::sentence $r] state
    if {[matrix::is $r]} {
        set devices [dict get $r devices]
        set good [lmap d $devices { if {[lindex [gate::sentence $d] 0] ne "good"} continue; set d }]
        return [list $state "[llength $good] of [llength $devices] devices as expected"]
    }
    set s [dict get $r summary]
    set bad [expr {[dict get $s fail] + [dict get $s stale]}]
    set words [dict get [dict create good "[dict get $s pass] of [dict get $s total] pass" bad "$bad of [dict get $s total] fail" \
        unsure "no answer"] $state]
    # (a gate that only reports is open whatever fails; that one closes for other reasons too)
    if {$bad && $state eq "unsure"} { set words "$bad of [dict get $s total] fail" }
    if {!$bad && $state eq "bad"} { set words "not as expected" }
    return [list $state $words]
}

# text RESULTS -> badge.svg
proc ::badge::text {r} { drawn {*}[words $r] }

# drawn STATE WORDS: the same for words that are no results. STATE: good, bad or unsure.
proc ::badge::drawn {state words} {
    variable colour
    set left [width ikespec]
    set right [width $words]
    set all [expr {$left + $right}]
    set doc [dom createDocument svg]
    try {
        set svg [$doc documentElement]
        foreach {k v} [list xmlns http://www.w3.org/2000/svg width $all height 20 role img aria-label "ikespec: $words"] {
            $svg setAttribute $k $v
        }
        markup::add $svg title {} "ikespec: $words"
        markup::add $svg rect [list width $all height 20 rx 3 fill #333c48]
        markup::add $svg path [list d "M${left} 0h[expr {$right - 3}]a3 3 0 0 1 3 3v14a3 3 0 0 1 -3 3h-[expr {$right - 3}]z" \
            fill [dict get $colour $state]]
        set g [markup::add $svg g {fill #fff text-anchor middle font-family {Verdana, "DejaVu Sans", sans-serif} font-size 11}]
        markup::add $g text [list x [expr {$left / 2}] y 14] ikespec
        markup::add $g text [list x [expr {$left + $right / 2}] y 14] $words
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n[$svg asXML -indent 1]"
    } finally {
        $doc delete
    }
}

proc ::badge::width {words} {
    variable wide
    return [expr {int([string length $words] * $wide) + 14}]
}
