# shrink.tcl - makes a finding small: fewer messages, fewer edits, smaller values, as long as a fresh start shows the same kind of
# finding; and writes down what was seen.

namespace eval ::fuzz::shrink {
    variable tries 80    ;# fresh starts that one finding may cost
    variable left 0
    variable S
    variable world 900000
    variable into ""    ;# folder for the evidence of the next attempt, before its device is looked after
}

# A fresh world with a device that works; 0 when it cannot be brought back.
proc ::fuzz::shrink::restart {settings seed} {
    set driver [dict get $settings driver]
    for {set try 0} {$try < 3} {incr try} {
        set failed [catch {
            ::fuzz::state::close
            if {$try > 0 || ($driver ne "self" && [llength [::fuzz::campaign::faults]])} {
                if {[::dut::has $driver recover]} { ::dut::call [::runner::device $settings] recover }
            }
            ::fuzz::state::open $settings $seed 1
        } why options]
        if {!$failed && [::fuzz::state::healthy]} { return 1 }
        if {$failed && [lrange [dict get $options -errorcode] 0 1] eq {IKE INTERRUPTED}} { return -options $options $why }
    }
    return 0
}

# Does STEPS, one after the other, from a fresh start: 1 when the last one shows F's kind.
proc ::fuzz::shrink::shows {f state steps} {
    variable left
    variable S
    variable world
    variable seen {}
    variable into
    if {$left <= 0} { return 0 }
    incr left -1
    if {![restart $S [incr world]]} { return 0 }
    set kind [dict get $f kind]
    set of_device [expr {$kind eq "dead" || [string match device-fault* $kind]}]
    set n 0
    foreach step $steps {
        incr n
        lassign $step at program
        set obs [::fuzz::state::attempt $at $program]
        # (what a shortened program shows counts only when all of it took hold)
        if {$n < [llength $steps]} continue
        foreach g [::fuzz::judge::observation $at $obs] {
            if {[dict get $g kind] eq $kind && [dict get $g req] eq [dict get $f req]} {
                set seen $g
                if {$into ne ""} { evidence $into }
                return 1
            }
        }
    }
    if {!$of_device} { return 0 }
    if {$into ne ""} { evidence $into }
    set faults [::fuzz::campaign::faults]
    set healthy [expr {![llength $faults] && [::fuzz::state::healthy]}]
    if {!$healthy && ![llength $faults]} { set faults [::fuzz::campaign::faults] }
    foreach g [::fuzz::judge::device $faults $healthy] { if {[dict get $g kind] eq $kind} { return 1 } }
    return 0
}

# FOLDER: for the evidence of the shortest, "" for none. -> {confirmed steps}
proc ::fuzz::shrink::shorten {f state steps settings {folder ""}} {
    set ::fuzz::state::patience 4
    try {
        return [shorten_with $f $state $steps $settings $folder]
    } finally {
        set ::fuzz::state::patience 1
    }
}

proc ::fuzz::shrink::shorten_with {f state steps settings folder} {
    variable S $settings
    variable tries
    variable left $tries
    # most often the last message is enough
    set last [list [lindex $steps end]]
    if {[llength $steps] > 1} {
        set found 0
        # a device that died of an earlier message shows it only later: the last few one by one
        foreach step [lreverse [lrange $steps end-7 end]] {
            if {[shows $f $state [list $step]]} { set steps [list $step]; set found 1; break }
        }
        if {!$found} {
            if {![shows $f $state $steps]} { return [list 0 $last] }
            set steps [messages $f $state $steps]
        }
    } elseif {![shows $f $state $steps] || ![shows $f $state $steps]} {
        # it must be so twice: chance is no finding
        return [list 0 $last]
    }
    set steps [edits $f $state $steps]
    set steps [values $f $state $steps]
    # the evidence is of the shortest
    set left [expr {max($left, 1)}]
    variable into $folder
    set again [shows $f $state $steps]
    set into ""
    return [list [expr {$again || [llength $steps] > 1}] $steps]
}

# What of SINCE (see campaign::sent) breaks the device? By halves, the later one first, volleys as volleys, each from a fresh
# start: a device that has died goes on being sent to until somebody looks, often by hundreds of attempts. -> a part of SINCE, of
# one attempt when that alone does it.
proc ::fuzz::shrink::narrow {since settings} {
    variable S $settings
    variable tries
    variable left $tries
    while {[llength [set halves [halves $since]]] == 2} {
        lassign $halves first second
        if {[breaks $second]} { set since $second } elseif {[breaks $first]} { set since $first } else break
    }
    return $since
}

# {FIRST SECOND}, by entries, and of a single one by its attempts; {} when there is nothing left to part.
proc ::fuzz::shrink::halves {since} {
    set n [expr {[llength $since] / 2}]
    if {$n > 0} { return [list [lrange $since 0 $n-1] [lrange $since $n end]] }
    lassign [lindex $since 0] state mark target seed num
    if {$mark ne "~" || $num < 2} { return {} }
    set n [expr {$num / 2}]
    list [list [list $state ~ $target $seed $n]] [list [list $state ~ $target [expr {$seed + $n}] [expr {$num - $n}]]]
}

# Is the device broken by that?
proc ::fuzz::shrink::breaks {since} {
    variable S
    variable world
    variable left
    if {$left <= 0} { return 0 }
    incr left -1
    if {![restart $S [incr world]]} { return 0 }
    while {[llength $since]} {
        set state [lindex $since 0 0]
        set parts {}
        while {[lindex $since 0 0] eq $state && [lindex $since 0 1] eq "~"} {
            lappend parts [lrange [lindex $since 0] 2 end]
            set since [lrange $since 1 end]
        }
        if {[llength $parts]} { ::fuzz::volley::shoot $state $parts; continue }
        ::fuzz::state::attempt {*}[lindex $since 0]
        set since [lrange $since 1 end]
    }
    expr {[llength [::fuzz::campaign::faults]] || ![::fuzz::state::healthy]}
}

# Leaves out halves, then quarters, ... of the messages before the last.
proc ::fuzz::shrink::messages {f state steps} {
    for {set size [expr {[llength $steps] / 2}]} {$size >= 1} {set size [expr {$size / 2}]} {
        set at 0
        while {$at < [llength $steps] - 1} {
            set try [lreplace $steps $at [expr {min($at + $size, [llength $steps] - 1) - 1}]]
            if {[shows $f $state $try]} { set steps $try } else { incr at $size }
        }
    }
    return $steps
}

# Leaves out edits, one at a time; a device may do it unprovoked. What is left of several is tried twice: an answer that came late
# must not give a finding another name than it had the night before.
proc ::fuzz::shrink::edits {f state steps} {
    set steps [fewer_edits $f $state $steps]
    if {[llength [concat {*}[lmap step $steps { lindex $step 1 }]]] <= 1} { return $steps }
    fewer_edits $f $state $steps
}

proc ::fuzz::shrink::fewer_edits {f state steps} {
    for {set s [expr {[llength $steps] - 1}]} {$s >= 0} {incr s -1} {
        set program [lindex $steps $s 1]
        for {set i [expr {[llength $program] - 1}]} {$i >= 0} {incr i -1} {
            set less [lreplace $program $i $i]
            set try $steps
            lset try $s 1 $less
            if {[shows $f $state $try]} { set program $less; set steps $try }
        }
    }
    return $steps
}

# Fewer octets: counts and data by halves; numbers become 0 or 1 where that does it.
proc ::fuzz::shrink::values {f state steps} {
    set s [expr {[llength $steps] - 1}]
    for {set i 0} {$i < [llength [lindex $steps $s 1]]} {incr i} {
        for {set round 0} {$round < 8} {incr round} {
            set better 0
            foreach op [smaller [lindex $steps $s 1 $i]] {
                set try $steps
                lset try $s 1 $i $op
                if {[shows $f $state $try]} { set steps $try; set better 1; break }
            }
            if {!$better} break
        }
    }
    return $steps
}

proc ::fuzz::shrink::smaller {op} {
    lassign $op kind a b c
    switch -- $kind {
        set { if {![string is entier -strict $b] || $b <= 1} { return {} }; return [list [list set $a 0] [list set $a 1]] }
        double { if {$b <= 1} { return {} }; return [list [list double $a 1] [list double $a [expr {$b / 2}]]] }
        grow { if {$b <= 1} { return {} }; return [list [list grow $a 1 $c] [list grow $a [expr {$b / 2}] $c]] }
        insert { if {$c eq ""} { return {} }; return [list [list insert $a $b ""] [list insert $a $b [string range $c 0 1]]] }
        notify { if {$b eq ""} { return {} }; return [list [list notify $a ""] [list notify $a [string range $b 0 1]]] }
        plain-grow - wire-grow { if {$a <= 1} { return {} }; return [list [list $kind 1 $b] [list $kind [expr {$a / 2}] $b]] }
    }
    return {}
}

# --- evidence ---------------------------------------------------------------------------------------------------------

# The last attempt, which is in the world now, as a ladder and as a capture; the device's log.
proc ::fuzz::shrink::evidence {folder} {
    remains $folder
    catch { ::runner::put [file join $folder ladder.txt] [::fuzz::state::ladder] }
    catch { ::ike::peer evidence tester $folder }
}

proc ::fuzz::shrink::remains {folder} {
    file mkdir $folder
    set driver $::case::s(driver)
    if {[::dut::has $driver logs] && $driver ne "self"} {
        catch { ::runner::put [file join $folder device.log] [string range [::dut::call $::case::s(device) logs] end-200000 end] }
    }
    if {[::dut::has $driver cores]} {
        catch { foreach core [::dut::call $::case::s(device) cores] { file rename -force $core [file join $folder [file tail $core]] } }
    }
}
