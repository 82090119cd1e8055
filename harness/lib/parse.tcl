# parse.tcl - splits Tcl text into commands and words with line and column, without running anything.
# Case files, requirements and setups are read through it, so that a mistake is named by its place.

namespace eval ::parse {}

# Edit distance, for "did you mean".
proc ::parse::distance {a b} {
    set prev {}
    for {set j 0} {$j <= [string length $b]} {incr j} { lappend prev $j }
    set i 0
    foreach ca [split $a ""] {
        incr i
        set row [list $i]
        set j 0
        foreach cb [split $b ""] {
            incr j
            set cost [expr {$ca eq $cb ? 0 : 1}]
            lappend row [expr {min([lindex $prev $j] + 1, [lindex $row end] + 1,
                                   [lindex $prev $j-1] + $cost)}]
        }
        set prev $row
    }
    return [lindex $prev end]
}

# The allowed word nearest to word, "" when none is near.
proc ::parse::nearest {word allowed} {
    set best ""
    set limit [expr {max(2, [string length $word] / 2)}]
    foreach a $allowed {
        if {abs([string length $a] - [string length $word]) > $limit} continue
        set d [distance $word $a]
        if {$d < $limit || ($d == $limit && $best eq "")} {
            set best $a
            set limit $d
        }
    }
    if {$best eq "" && [string length $word] > 2} {
        foreach a $allowed {
            if {[string match *[string map {* ? \[ ? \\ ?} $word]* $a]} { return $a }
        }
    }
    return $best
}

# A sentence about a wrong word: what is allowed, and the nearest match.
proc ::parse::unknown {what word allowed} {
    set text "unknown $what \"$word\""
    set near [nearest $word $allowed]
    if {$near ne ""} { append text "; did you mean \"$near\"?" }
    if {[llength $allowed] <= 30} { append text "[expr {$near eq "" ? "." : ""}] Allowed: [expr {[llength $allowed] ? [join $allowed { }] : "none"}]." }
    return $text
}

# Throws {IKESPEC USAGE file line col} with "file:line:col: text".
proc ::parse::fail {file line col text} {
    throw [list IKESPEC USAGE $file $line $col] "$file:$line:$col: $text"
}

# Line and column (both from 1) of offset pos in text whose first character is at line:col.
proc ::parse::place {text pos {line 1} {col 1}} {
    set before [string range $text 0 [expr {$pos - 1}]]
    set n [regexp -all {\n} $before]
    if {$n == 0} { return [list $line [expr {$col + $pos}]] }
    return [list [expr {$line + $n}] [expr {$pos - [string last \n $before]}]]
}

# The offset after the brace that closes the one at pos, -1 when there is none.
proc ::parse::close_brace {text pos} {
    set depth 0
    while {[regexp -indices -start $pos {[\{\}\\]} $text at]} {
        set pos [lindex $at 0]
        switch -- [string index $text $pos] {
            "\\" { incr pos }
            "\{" { incr depth }
            "\}" { if {[incr depth -1] == 0} { return [expr {$pos + 1}] } }
        }
        incr pos
    }
    return -1
}

# Commands of text: a list of commands, each a list of words {value kind line col}; kind is brace, quote or
# bare; line and col are those of the first character of the value.
proc ::parse::commands {text file {line 1} {col 1}} {
    set commands {}
    set words {}
    set pos 0
    set end [string length $text]
    set mark 0
    while {$pos < $end} {
        set c [string index $text $pos]
        if {$c eq "\\" && [string index $text $pos+1] eq "\n"} { incr pos 2; continue }
        if {$c eq "\n" || $c eq ";"} {
            if {[llength $words]} { lappend commands $words; set words {} }
            incr pos
            continue
        }
        if {[string is space $c]} { incr pos; continue }
        if {$c eq "#" && ![llength $words]} {
            if {![regexp -indices -start $pos {[^\\]\n} $text at]} { break }
            set pos [lindex $at 1]
            continue
        }
        # line and column go forward from the last word, so that long files stay cheap
        lassign [place [string range $text $mark $pos-1] [expr {$pos - $mark}] $line $col] line col
        set mark $pos
        if {$c eq "\{"} {
            set stop [close_brace $text $pos]
            if {$stop < 0} { fail $file $line $col "this brace is never closed" }
            lappend words [list [string range $text $pos+1 $stop-2] brace $line [expr {$col + 1}]]
        } elseif {$c eq "\""} {
            set stop [expr {$pos + 1}]
            while {[regexp -indices -start $stop {["\\]} $text at] \
                       && [string index $text [lindex $at 0]] eq "\\"} {
                set stop [expr {[lindex $at 0] + 2}]
            }
            if {![regexp -indices -start $stop {"} $text at]} {
                fail $file $line $col "this quotation mark is never closed"
            }
            set stop [expr {[lindex $at 0] + 1}]
            lappend words [list [subst -nocommands -novariables \
                                     [string range $text $pos+1 $stop-2]] quote $line [expr {$col + 1}]]
        } else {
            set stop $pos
            while {$stop < $end} {
                set d [string index $text $stop]
                if {[string is space $d] || $d eq ";"} break
                if {$d eq "\\"} {
                    incr stop
                } elseif {$d eq "\["} {
                    set stop [close_bracket $text $stop]
                    continue
                }
                incr stop
            }
            lappend words [list [string range $text $pos $stop-1] bare $line $col]
        }
        set pos $stop
    }
    if {[llength $words]} { lappend commands $words }
    return $commands
}

# The offset after the bracket that closes the one at pos (braces inside count), or the end of text.
proc ::parse::close_bracket {text pos} {
    set depth 0
    while {[regexp -indices -start $pos {[][\{\\]} $text at]} {
        set pos [lindex $at 0]
        switch -- [string index $text $pos] {
            "\\" { incr pos }
            "\[" { incr depth }
            "\]" { if {[incr depth -1] == 0} { return [expr {$pos + 1}] } }
            "\{" {
                set stop [close_brace $text $pos]
                if {$stop > 0} { set pos [expr {$stop - 1}] }
            }
        }
        incr pos
    }
    return [string length $text]
}

# All words of text in one list, whatever line they stand on.
proc ::parse::words {text file {line 1} {col 1}} {
    concat {*}[commands $text $file $line $col]
}

proc ::parse::read_file {path} {
    set f [open $path r]
    fconfigure $f -encoding utf-8
    set text [read $f]
    close $f
    return $text
}
