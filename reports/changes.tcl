# changes.tcl - what differs between two runs of one device: a class for each case, for `diff` and for the column of its page.
if {[llength [info procs ::changes::of]]} return
source [file join [file dirname [info script]] json.tcl]

namespace eval ::changes {
    # in the order of a listing: what a reader must act on comes first
    variable classes {regressed "other failure" fixed "case changed" new removed slower}
    # what a verdict says of the device: that it does, or does not (for whatever reason, listed or not); the others
    # (unsupported, skipped) say nothing, as if the case were not there
    variable does {pass warn stale}
    variable doesnot {fail known error inconclusive}
}

# of OLD NEW -> {ID {class C was V now V note TEXT} ...} for all cases of both, those of NEW in its order, then what is gone.
# Class is "" where nothing changed, `was` is "" of a new case, `now` of one that is gone.
proc ::changes::of {old new} {
    set before {}
    foreach c [dict get $old cases] { dict set before [dict get $c id] $c }
    set out {}
    foreach b [dict get $new cases] {
        set id [dict get $b id]
        if {![dict exists $before $id]} {
            dict set out $id [dict create class new was "" now [dict get $b verdict] note ""]
            continue
        }
        set a [dict get $before $id]
        lassign [class $a $b] class note
        dict set out $id [dict create class $class was [dict get $a verdict] now [dict get $b verdict] note $note]
    }
    dict for {id a} $before {
        if {![dict exists $out $id]} { dict set out $id [dict create class removed was [dict get $a verdict] now "" note ""] }
    }
    return $out
}

# class CASE CASE -> {CLASS NOTE} of one case in the older and in the newer run.
proc ::changes::class {a b} {
    variable does
    variable doesnot
    set was [dict get $a verdict]
    set now [dict get $b verdict]
    if {[dict get $a rev] != [dict get $b rev] && $was ne $now} { return {"case changed" ""} }
    set judged [concat $does $doesnot]
    if {$was ni $judged && $now in $judged} { return {new ""} }
    if {$was in $judged && $now ni $judged} { return [list removed [dict get $b reason]] }
    if {$was in $does && $now in $doesnot} { return [list regressed [dict get $b signature]] }
    if {$was in $doesnot && $now in $does} { return {fixed ""} }
    # (whether it is listed makes no other failure)
    lassign [string map {known fail} [list $was $now]] w n
    if {$now in $doesnot && ($w ne $n || [dict get $a signature] ne [dict get $b signature])} {
        return [list "other failure" [dict get $b signature]]
    }
    if {$was eq $now && [dict get $b duration_ms] > 2 * [dict get $a duration_ms] + 500} {
        return [list slower "[dict get $a duration_ms] ms -> [dict get $b duration_ms] ms"]
    }
    return {"" ""}
}

# listed CHANGES -> {CLASS {ID ...} ...}: the classes that there are, in their order.
proc ::changes::listed {changes} {
    variable classes
    set by {}
    dict for {id c} $changes { dict lappend by [dict get $c class] $id }
    return [concat {*}[lmap class $classes { if {![dict exists $by $class]} continue; list $class [dict get $by $class] }]]
}
