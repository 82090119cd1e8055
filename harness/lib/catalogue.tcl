# catalogue.tcl - the catalogue of test ideas and where each stands: reads cases/CATALOGUE-STATUS and checks it against
# the cases that there are. The form of that file is said at its top.

namespace eval ::catalogue {
    # what stands for one idea; keys: area text cases lacks why file line
    variable options {-by -lacks -not}
}

proc ::catalogue::file {} { ::file join $::ikespec::home cases CATALOGUE-STATUS }

# read FILE ?TEXT? -> {areas {NAME {title number not line} ...} ideas {ID {area text by lacks not line} ...}}
# Throws {IKESPEC USAGE ...} with file:line:col for a form that is wrong; whether cases exist is not asked here.
proc ::catalogue::read {file {text ""}} {
    variable options
    if {$text eq ""} { set text [::parse::read_file $file] }
    set areas {}
    set ideas {}
    foreach command [::parse::commands $text $file] {
        lassign [lindex $command 0] word - line col
        set v [lmap w $command { lindex $w 0 }]
        switch -- $word {
            area {
                if {[llength $v] ni {4 6} || ![string is digit -strict [lindex $v 2]] || [lindex $v 4] ni {{} -not}} {
                    ::parse::fail $file $line $col {should be: area NAME NUMBER-OF-IDEAS {title} ?-not {reason}?}
                }
                lassign $v - name number title - not
                if {[dict exists $areas $name]} { ::parse::fail $file $line $col "area $name stands here twice" }
                dict set areas $name [dict create title $title number $number not $not line $line]
            }
            idea {
                if {[llength $v] < 3 || [llength $v] % 2 == 0} {
                    ::parse::fail $file $line $col {should be: idea ID {text} -by {cases} ?-lacks {what}? or idea ID {text} -not {reason}}
                }
                lassign $v - id text
                if {[dict exists $ideas $id]} {
                    ::parse::fail $file $line $col "$id stands here twice (first in line [dict get $ideas $id line])"
                }
                set area [lindex [split $id -] 0]
                if {![dict exists $areas $area]} {
                    ::parse::fail $file $line $col "[::parse::unknown area $area [dict keys $areas]]"
                }
                set idea [dict merge [dict create area $area text $text line $line] [judged $command $id $file]]
                if {[dict get $idea by] eq "" && [dict get $idea not] eq ""} {
                    dict set idea not [dict get $areas $area not]
                }
                if {[dict get $idea by] eq "" && [dict get $idea not] eq ""} {
                    ::parse::fail $file $line $col "$id has either cases (-by) or a reason (-not), one of the two"
                }
                dict set ideas $id $idea
            }
            default { ::parse::fail $file $line $col [::parse::unknown word $word {area idea}] }
        }
    }
    return [dict create areas $areas ideas $ideas]
}

# judged COMMAND ID FILE -> {by lacks not}: the options behind the first three words of a line, which is about ID.
proc ::catalogue::judged {command id file} {
    variable options
    set judged [dict create by {} lacks "" not ""]
    for {set at 3} {$at < [llength $command]} {incr at 2} {
        lassign [lindex $command $at] key - line col
        set value [lindex $command $at+1 0]
        if {$key ni $options} { ::parse::fail $file $line $col [::parse::unknown option $key $options] }
        if {[string trim $value] eq ""} { ::parse::fail $file $line $col "$id: $key says nothing" }
        dict set judged [string range $key 1 end] $value
    }
    lassign [lrange [lindex $command 0] 2 3] line col
    if {[dict get $judged by] ne "" && [dict get $judged not] ne ""} {
        ::parse::fail $file $line $col "$id has either cases (-by) or a reason (-not), one of the two"
    }
    if {[dict get $judged lacks] ne "" && [dict get $judged by] eq ""} {
        ::parse::fail $file $line $col "$id: -lacks belongs to -by"
    }
    return $judged
}

# faults FILE CATALOGUE CASE-IDS -> "file:line:col: text" for every case that does not exist and every area whose number
# of ideas is not the one it says. A case stands for all that is below its name, as in a selector.
proc ::catalogue::faults {file catalogue ids} {
    set faults {}
    set known {}
    foreach id $ids {
        set parts [split $id /]
        for {set n 2} {$n <= [llength $parts]} {incr n} { dict set known [join [lrange $parts 0 $n-1] /] 1 }
    }
    set number {}
    dict for {id idea} [dict get $catalogue ideas] {
        dict incr number [dict get $idea area]
        foreach case [dict get $idea by] {
            if {![dict exists $known $case]} {
                lappend faults "$file:[dict get $idea line]:1: $id: [::parse::unknown case $case [dict keys $known]]"
            }
        }
    }
    dict for {area a} [dict get $catalogue areas] {
        set n [expr {[dict exists $number $area] ? [dict get $number $area] : 0}]
        if {$n != [dict get $a number]} {
            lappend faults "$file:[dict get $a line]:1: area $area says that it has [dict get $a number] ideas and has $n"
        }
    }
    return $faults
}

# count CATALOGUE -> {covered n partly n open n}
proc ::catalogue::count {catalogue} {
    set n [dict create covered 0 partly 0 open 0]
    dict for {id idea} [dict get $catalogue ideas] { dict incr n [state $idea] }
    return $n
}

proc ::catalogue::state {idea} {
    if {[dict get $idea not] ne ""} { return open }
    expr {[dict get $idea lacks] ne "" ? "partly" : "covered"}
}
