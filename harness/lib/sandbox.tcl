# sandbox.tcl - the safe interpreters that a case's body and a bent device's scripts run in: our words, a plain subset of Tcl,
# and nothing else.
# Making one costs as much as a handshake, so that one which a case left as it was is used again: no procedure, command
# or namespace more or less, and every variable gone. Any other is deleted. (upvar is not plain Tcl for that: a link outlives
# its variable unseen.)

namespace eval ::sandbox {
    variable spare          ;# how its words are called -> an interpreter that is as new
    array set spare {}
    variable made           ;# interpreter -> {how its words are called, what it held when it was new}
    array set made {}
    variable commands 2000000
}

# -> an interpreter in which each of the words calls {*}$how WORD ?arg ...? (to one how belongs one list of words). It ends an
# endless loop by commands (the same on every machine), or after so many seconds when it runs none.
proc ::sandbox::take {words plain how seconds} {
    variable spare
    if {[info exists spare($how)]} {
        set i $spare($how)
        unset spare($how)
    } else {
        set i [make $words $plain $how]
    }
    limit $i $seconds
    return $i
}

# From now on so many commands and seconds are left to it.
proc ::sandbox::limit {i seconds} {
    variable commands
    $i limit command -value [expr {[$i invokehidden info cmdcount] + $commands}]
    $i limit time -seconds [expr {[clock seconds] + $seconds}] -granularity 1000
}

proc ::sandbox::make {words plain how} {
    variable made
    set i [interp create -safe]
    set keep [concat $plain {tcl:mathfunc}]
    foreach c [$i eval {info commands}] {
        if {$c ni $keep || $c eq "info"} { $i hide $c }
    }
    foreach w $words { $i alias $w {*}$how $w }
    $i alias info ::sandbox::info_word $i
    foreach v [$i invokehidden info globals] { $i eval [list unset $v] }
    set made($i) [list $how [held $i]]
    return $i
}

# Takes the interpreter back.
proc ::sandbox::put {i} {
    variable spare
    variable made
    if {![interp exists $i]} return
    lassign $made($i) how new
    if {![info exists spare($how)] && ![catch { clear $i }] && [held $i] eq $new} {
        set spare($how) $i
        return
    }
    interp delete $i
    unset made($i)
}

proc ::sandbox::clear {i} {
    $i limit command -value {}
    $i limit time -seconds {}
    foreach v [$i invokehidden info globals] { $i eval [list unset $v] }
}

# What tells a used interpreter from a new one, beside its variables.
proc ::sandbox::held {i} {
    list [lsort [$i invokehidden info commands]] [$i invokehidden info procs] [$i invokehidden namespace children ::] \
        [lsort [$i invokehidden info commands ::tcl::mathfunc::*]] [$i invokehidden info globals]
}

# Of info only what cannot tell anything about the program.
proc ::sandbox::info_word {i sub args} {
    if {$sub ni {exists procs args}} { ::case::usage [::parse::unknown "info" $sub {exists procs args}] }
    $i invokehidden info $sub {*}$args
}
