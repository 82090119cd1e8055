# sweep.tcl - edits for a robustness sweep over one message, made from the tables of its payloads: each field at its
# boundary values, each payload left out, doubled and moved. No knowledge of single payloads is in here.

namespace eval ::sweep {
    # What a field may hold at its edges, by what it is derived from, else by its kind. now: its value as it stands;
    # max: all its bits. What equals the value as it stands is left out.
    variable edges {
        length   {0 1 now-1 now+1 max}
        count    {0 now-1 now+1 max}
        next     {0 255 max-1}
        more     {0 1 2 3 max}
        index    {0 now+1 max}
        flag     {0 1}
        reserved {max}
        number   {0 1 max}
        octets   {}
        list     {}
    }
    # Variable octets (SPIs, values, data): none, one, one more, as many as a one-octet size can say.
    variable tails {0 1 now+1 255}
}

# The edits, each the words behind `msg`: {set PATH VALUE}, {remove P}, {double P}, {move P before|after Q}; with
# their handle put in place by `apply`. except: globs of paths and payloads that stay as they are.
proc ::sweep::edits {m {except {}}} {
    concat [fields $m $except] [payloads $m $except]
}

proc ::sweep::spared {path except} {
    foreach glob $except { if {[string match $glob $path]} { return 1 } }
    return 0
}

proc ::sweep::fields {m except} {
    variable edges
    set out {}
    foreach row [::ike::msg fields $m] {
        dict with row {}
        if {[spared $path $except]} continue
        if {$kind eq "tail"} {
            lappend out {*}[tail $m $path [expr {$bits / 8}]]
            continue
        }
        # a number without a name in its registry is written as one; a derived one has no name but `next`
        set now [::ike::msg get $m $path]
        if {![string is entier -strict $now]} { set now "" }
        set values {}
        foreach edge [dict get $edges [expr {$derive ne "" ? $derive : $kind}]] {
            if {$now eq "" && [string match now* $edge]} continue
            set v [expr [string map [list now $now max "((1<<$bits)-1)"] $edge]]
            if {$v >= 0 && $v < (1 << $bits) && $v ne $now && $v ni $values} { lappend values $v }
        }
        foreach v $values { lappend out [list set $path $v] }
    }
    return $out
}

# SPIs and data of other sizes. What is derived from them (lengths, SPI sizes) follows.
proc ::sweep::tail {m path octets} {
    variable tails
    set was [::ike::msg get $m $path]
    # (an address is not written in digits)
    if {![regexp {^0x([0-9a-f]*)$} $was - was]} { set was [string repeat 00 $octets] }
    set out {}
    foreach edge $tails {
        set n [expr [string map [list now $octets] $edge]]
        if {$n == $octets} continue
        lappend out [list set $path 0x[string range "$was[string repeat a5 [expr {max(0, $n - $octets)}]]" 0 [expr {2 * $n - 1}]]]
    }
    return $out
}

proc ::sweep::payloads {m except} {
    set all [lmap p [::ike::msg payloads $m] { if {$p eq "SK"} continue; set p }]
    set out {}
    foreach p [lsort -unique $all] {
        if {[spared $p $except]} continue
        lappend out [list remove $p] [list double $p]
        if {$p ne [lindex $all 0]} { lappend out [list move $p before [lindex $all 0]] }
        if {$p ne [lindex $all end]} { lappend out [list move $p after [lindex $all end]] }
    }
    return $out
}

proc ::sweep::apply {m edit} { ::ike::msg [lindex $edit 0] $m {*}[lrange $edit 1 end] }

# sweep edits M ?except?    sweep apply M EDIT
proc ::sweep::word {words} {
    set words [lassign $words what m]
    switch -- $what {
        edits { return [edits $m [lindex $words 0]] }
        apply { return [apply $m [lindex $words 0]] }
        default { ::case::usage [::parse::unknown "word after sweep" $what {edits apply}] }
    }
}
