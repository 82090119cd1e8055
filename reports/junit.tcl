# junit.tcl - junit.xml for GitLab, Jenkins and Surefire readers.
#
# Their rules differ in what a <testcase> may have beside its result: GitLab shows `file`, the junit step of Jenkins keeps
# <properties>, and the xUnit plugin of Jenkins (and the schema of Surefire) refuses a file that has them. So there are two:
# junit.xml, and xunit.xml, which is the same without.
source [file join [file dirname [info script]] markup.tcl]
source [file join [file dirname [info script]] ladder.tcl]
source [file join [file dirname [info script]] matrix.tcl]

namespace eval ::junit {
    variable cap 16384      ;# characters of system-out per case: readers keep it all in memory
    # verdict -> the element JUnit knows for it
    variable element {pass "" warn "" fail failure known skipped stale failure inconclusive error
        unsupported skipped skipped skipped error error}
}

# text RESULTS ?STRICT? -> junit.xml, or xunit.xml. One suite per area, of several devices one per device; classname + name
# unique, no dates.
proc ::junit::text {r {strict 0}} {
    set doc [dom createDocument testsuites]
    try {
        set root [$doc documentElement]
        set columns [matrix::columns $r]
        count $root ikespec [concat {*}[lmap col $columns { dict get $col cases }]]
        foreach col $columns {
            if {[dict get $col folder] ne ""} {
                set name [text::cap [dict get $col device name] 200]
                suite $root $name [dict get $col cases] $col $name. $strict
                continue
            }
            set areas {}
            foreach c [dict get $col cases] { dict lappend areas [area $c] $c }
            dict for {name cases} $areas { suite $root $name $cases $col "" $strict }
        }
        return [serialise $root]
    } finally {
        $doc delete
    }
}

proc ::junit::strict {r} { return [text $r 1] }

# dead WHY -> a file with one error, so that a run that died is seen as such and not as empty.
proc ::junit::dead {why} {
    set doc [dom createDocument testsuites]
    try {
        set root [$doc documentElement]
        set suite [markup::add $root testsuite {name ikespec tests 1 failures 0 errors 1 skipped 0}]
        set tc [markup::add $suite testcase {classname ikespec name run time 0.000}]
        markup::add $tc error [list type error message $why] $why
        return [serialise $root]
    } finally {
        $doc delete
    }
}

proc ::junit::serialise {root} {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n[$root asXML -indent 2]"
}

proc ::junit::area {c} { return [lindex [split [dict get $c id] /] 0] }

proc ::junit::count {node name cases} {
    variable element
    set n {failure 0 error 0 skipped 0}
    set ms 0
    foreach c $cases {
        set e [dict get $element [dict get $c verdict]]
        if {$e ne ""} { dict incr n $e }
        incr ms [dict get $c duration_ms]
    }
    foreach {k v} [list name [text::visible $name] tests [llength $cases] failures [dict get $n failure] \
                       errors [dict get $n error] skipped [dict get $n skipped] time [time $ms]] {
        # (of all suites together no schema knows how many were skipped)
        if {$k eq "skipped" && [$node nodeName] eq "testsuites"} continue
        $node setAttribute $k $v
    }
}

proc ::junit::time {ms} { return [format %d.%03d [expr {$ms / 1000}] [expr {$ms % 1000}]] }

proc ::junit::suite {root name cases r prefix strict} {
    set suite [markup::add $root testsuite]
    count $suite $name $cases
    set props [markup::add $suite properties]
    set d [dict get $r device]
    foreach {k v} [list device [dict get $d name] driver [dict get $d driver] \
                       vendor [dict get $d vendor] product [dict get $d product] \
                       version [dict get $d version] seed [dict get $r run seed]] {
        if {$v ne ""} { markup::add $props property [list name $k value [text::cap $v 500]] }
    }
    foreach c $cases { one $suite $c $prefix $strict }
}

proc ::junit::one {suite c prefix strict} {
    variable element
    set name [join [lrange [split [dict get $c id] /] 1 end] /]
    set place [list file [text::cap [dict get $c file] 500] line [dict get $c line]]
    set tc [markup::add $suite testcase [list classname $prefix[area $c] name $name \
        {*}[expr {$strict ? {} : $place}] time [time [dict get $c duration_ms]]]]
    set verdict [dict get $c verdict]
    set e [dict get $element $verdict]
    if {$verdict ni {pass fail} && !$strict} {
        set props [markup::add $tc properties]
        markup::add $props property [list name verdict value $verdict]
        if {[llength [dict get $c expectation]]} {
            markup::add $props property [list name ticket value [dict get $c expectation ticket]]
        }
    }
    if {$e ne ""} {
        # (Surefire: a skipped one has no type)
        set type [expr {$e eq "skipped" && $strict ? {} : [list type $verdict]}]
        set why [markup::add $tc $e [list {*}$type message [text::cap [message $c] 500]]]
        if {$e ne "skipped"} { markup::lines $why [explain $c] }
    }
    if {$verdict ni {pass unsupported skipped}} {
        set out [ladder::text $c 60]
        if {$out ne ""} { markup::lines [markup::add $tc system-out] [cut "\n$out"] }
    }
}

proc ::junit::cut {s} {
    variable cap
    if {[string length $s] <= $cap} { return $s }
    return "[string range $s 0 $cap-1]\n... cut here, see ladder.txt\n"
}

# message CASE -> one line that says what is wrong.
proc ::junit::message {c} {
    set f [dict get $c failure]
    set x [dict get $c expectation]
    if {[dict get $c verdict] eq "known"} {
        return "known, [dict get $x ticket] until [dict get $x until]: [dict get $x reason]"
    }
    if {[dict get $c verdict] eq "fail" && [llength $f]} {
        return "[dict get $f req]: expected [dict get $f expected], got [dict get $f got]"
    }
    return [expr {[dict get $c reason] ne "" ? [dict get $c reason] : [dict get $c verdict]}]
}

proc ::junit::explain {c} {
    set f [dict get $c failure]
    if {![llength $f]} { return [cut [text::visible [message $c]]] }
    set lines {}
    foreach key {req rule where expected got means look_at again} {
        if {[dict get $f $key] eq ""} continue
        lappend lines [format "%-9s %s" [string map {_ " "} $key] [text::visible [dict get $f $key]]]
    }
    return [cut "\n[join $lines \n]\n"]
}
