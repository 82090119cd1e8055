# mapping.tcl - test ids of others and which of our cases judge the same: reads cases/mappings/NAME.tcl, answers the selectors
# NAME:ID, checks that what is named exists. The form of such a file:
#
#   mapping NAME {title} -source {document and revision} ?-roles {PATTERN ROLE ...}?
#   item {ID ...} {title} -by {CASE|REQUIREMENT ...} ?-lacks {what of it nobody judges}?
#   item {ID ...} {title} -not {reason}
#
# A case stands for all below its name, a requirement for all cases that cite it. -roles: an item whose id matches PATTERN is
# about a device in that ROLE only; without a match it is about both. Several ids of one item are judged by the same cases.

namespace eval ::mapping {
    variable known   ;# name -> {title source roles file items {ID {title by lacks not role line} ...}}; unset until asked for
}

# name -> mapping, of all files.
proc ::mapping::all {} {
    variable known
    if {![info exists known]} {
        set known [dict create]
        foreach file [lsort [glob -nocomplain -directory [file join $::ikespec::home cases mappings] *.tcl]] {
            add $file [::parse::read_file $file]
        }
    }
    return $known
}

proc ::mapping::names {} { dict keys [all] }

# Reads one file; file:line:col for a form that is wrong, IKESPEC USAGE.
proc ::mapping::add {file text} {
    variable known
    set m {}
    foreach command [::parse::commands $text $file] {
        lassign [lindex $command 0] word - line col
        set v [lmap w $command { lindex $w 0 }]
        switch -- $word {
            mapping {
                set options [lrange $v 3 end]
                if {$m ne "" || [llength $v] ni {5 7} || ![dict exists $options -source] || [dict keys [dict remove $options -source -roles]] ne ""
                    || ![regexp {^[a-z][a-z0-9-]*$} [lindex $v 1]]} {
                    ::parse::fail $file $line $col {should be, once: mapping NAME {title} -source {document} ?-roles {PATTERN ROLE ...}?}
                }
                set roles [expr {[dict exists $options -roles] ? [dict get $options -roles] : {}}]
                foreach {- role} $roles {
                    if {$role ni {initiator responder}} { ::parse::fail $file $line $col [::parse::unknown role $role {initiator responder}] }
                }
                set name [lindex $v 1]
                if {$name in [concat $::select::kinds [dict keys $known]]} { ::parse::fail $file $line $col "$name is the name of something else" }
                set m [dict create title [lindex $v 2] source [dict get $options -source] roles $roles file $file items {}]
            }
            item {
                if {$m eq "" || [llength $v] < 3 || [llength $v] % 2 == 0 || ![llength [lindex $v 1]]} {
                    ::parse::fail $file $line $col {should be, behind "mapping": item {ID ...} {title} -by {CASE|REQUIREMENT ...} ?-lacks {what}? or -not {reason}}
                }
                set judged [::catalogue::judged $command [lindex $v 1 0] $file]
                if {[dict get $judged by] eq "" && [dict get $judged not] eq ""} {
                    ::parse::fail $file $line $col "[lindex $v 1] has either cases (-by) or a reason (-not), one of the two"
                }
                foreach id [lindex $v 1] {
                    if {[dict exists $m items $id]} {
                        ::parse::fail $file $line $col "$id stands here twice (first in line [dict get $m items $id line])"
                    }
                    dict set m items $id [dict merge $judged [dict create title [lindex $v 2] role [role_of $id [dict get $m roles]] line $line]]
                }
            }
            default { ::parse::fail $file $line $col [::parse::unknown word $word {mapping item}] }
        }
    }
    if {$m eq ""} { ::parse::fail $file 1 1 "no mapping NAME {title} -source {document} in it" }
    dict set known $name $m
}

proc ::mapping::role_of {id roles} {
    foreach {pattern role} $roles { if {[string match $pattern $id]} { return $role } }
    return ""
}

# Does ITEM name this case or a requirement that it cites?
proc ::mapping::covers {item case} {
    set cites [dict get [::testcase::get $case] cites]
    foreach by [dict get $item by] {
        if {$by eq $case || [string match $by/* $case] || $by in $cites} { return 1 }
    }
    return 0
}

# The ids that WORD means: itself and all below it (parted by . or /), or a pattern.
proc ::mapping::ids {name word} {
    set glob [regexp {[*?[]} $word]
    lmap id [dict keys [dict get [all] $name items]] {
        if {$glob ? ![string match $word $id] : ($id ne $word && ![string match $word.* $id] && ![string match $word/* $id])} continue
        set id
    }
}

# The selector NAME:WORD -> instances, of those in ALL. Nothing is an error that says why.
proc ::mapping::select {name word all origin} {
    set items [dict get [all] $name items]
    set ids [ids $name $word]
    if {![llength $ids]} {
        set near [::select::nearest $word [dict keys $items] 3]
        ::cli::nothing "$origin: there is no $word in $name[expr {[llength $near] ? "; near: [join $near {, }]" : ""}]"
    }
    set judged [lmap id $ids { set i [dict get $items $id]; if {[dict get $i not] ne ""} continue; set i }]
    if {![llength $judged]} {
        ::cli::nothing "$origin: no case judges [join $ids {, }]: [dict get $items [lindex $ids 0] not]"
    }
    return [lmap i $all {
        lassign $i case role
        set hit 0
        foreach item $judged {
            if {[dict get $item role] in [list "" $role] && [covers $item $case]} { set hit 1; break }
        }
        if {!$hit} continue
        set i
    }]
}

# NAME:ID of everything that a case serves.
proc ::mapping::served {case} {
    set roles [::testcase::roles $case]
    set out {}
    dict for {name m} [all] {
        dict for {id item} [dict get $m items] {
            if {([dict get $item role] eq "" || [dict get $item role] in $roles) && [covers $item $case]} { lappend out $name:$id }
        }
    }
    return $out
}

# "file:line:1: text" for what is named and does not exist, or never in the role that the item is about.
proc ::mapping::faults {} {
    set roles {}
    foreach case [::testcase::ids] {
        set parts [split $case /]
        foreach name [concat [dict get [::testcase::get $case] cites] [lmap n [lsearch -all $parts *] { join [lrange $parts 0 $n] / }]] {
            foreach role [::testcase::roles $case] { dict set roles $name $role 1 }
        }
    }
    set faults {}
    dict for {name m} [all] {
        if {[file rootname [file tail [dict get $m file]]] ne $name} { lappend faults "[dict get $m file]:1:1: the file of mapping $name should be $name.tcl" }
        dict for {id item} [dict get $m items] {
            foreach by [dict get $item by] {
                set at "[dict get $m file]:[dict get $item line]:1: $id"
                if {![dict exists $roles $by]} {
                    lappend faults [expr {[::requirements::exists $by] ? "$at: no case cites the requirement $by"
                        : "$at: [::parse::unknown "case or requirement" $by [concat [dict keys $roles] [::requirements::ids]]]"}]
                } elseif {[dict get $item role] ne "" && ![dict exists $roles $by [dict get $item role]]} {
                    lappend faults "$at: $by never has a device as [dict get $item role]"
                }
            }
        }
    }
    return $faults
}

# What `coverage` says of all mappings; with their open items when all is asked for.
proc ::mapping::report {verbose} {
    dict for {name m} [all] {
        set n [dict create covered 0 partly 0 open 0]
        dict for {id item} [dict get $m items] { dict incr n [::catalogue::state $item] }
        puts [format "%s (%s): %d, %d judged, %d judged in part, %d not, each with a reason" $name [dict get $m title] \
            [dict size [dict get $m items]] [dict get $n covered] [dict get $n partly] [dict get $n open]]
        if {!$verbose} continue
        dict for {id item} [dict get $m items] {
            if {[::catalogue::state $item] eq "covered"} continue
            puts "  [format %-24s $id] [dict get $item title]"
            foreach line [::text::wrap [string cat [dict get $item not] [dict get $item lacks]] 100] { puts "           $line" }
        }
    }
}

# What `show NAME:ID` says; 0 when the words are no such thing.
proc ::mapping::show {words} {
    if {![regexp {^([a-z][a-z0-9-]*):(.*)$} $words - name word] || $name ni [names]} { return 0 }
    set m [dict get [all] $name]
    set ids [ids $name $word]
    if {![llength $ids]} { select $name $word {} "ikespec show" }
    puts "[dict get $m title]: [dict get $m source]"
    foreach id $ids {
        set item [dict get $m items $id]
        puts "\n$name:$id   [dict get $item title]"
        if {[dict get $item role] ne ""} { puts "  device    [dict get $item role]" }
        foreach {label key} {judged by {not judged} not {but not} lacks} {
            if {[dict get $item $key] eq ""} continue
            set rest [lassign [::text::wrap [dict get $item $key] 84] first]
            puts [format "  %-11s %s" $label $first]
            foreach line $rest { puts "              $line" }
        }
    }
    return 1
}
