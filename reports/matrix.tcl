# matrix.tcl - several devices in one results.json: made of their runs, and one device of it as if it were alone, so
# that a writer goes over columns and need not know how many there are.
if {[llength [info procs ::matrix::is]]} return
source [file join [file dirname [info script]] json.tcl]
namespace eval ::matrix {
    # what a matrix leaves beside the folders of its devices
    variable taken {cases wireshark results.json report.html junit.xml xunit.xml results.sum badge.svg results.tap results.ctrf.json summary.md
        coverage.svg claims.txt environment.json events.jsonl}
}

proc ::matrix::is {r} { return [dict exists $r devices] }

# folders NAMES -> name to folder: safe in a path and in a link, and never twice the same.
proc ::matrix::folders {names} {
    variable taken
    set used $taken
    set out {}
    foreach name $names {
        set base [regsub -all {[^A-Za-z0-9._-]} $name _]
        if {![regexp {^[A-Za-z0-9_]} $base]} { set base _$base }
        set folder $base
        for {set n 2} {[string tolower $folder] in $used} {incr n} { set folder $base-$n }
        lappend used [string tolower $folder]
        dict set out $name $folder
    }
    return $out
}

# of {FOLDER RESULTS ...} -> the matrix. What a passing case exchanged stays in the run folder of its device.
proc ::matrix::of {pairs} {
    variable ::results::shapes
    foreach shape {row cell} { set keys($shape) [lmap row [dict get $shapes $shape] { lindex $row 0 }] }
    set devices {}
    set requirements {}
    set rows {}
    foreach {folder r} $pairs {
        set device [dict get $r device name]
        lappend devices [dict create folder $folder {*}[dict filter $r key ikespec run device summary coverage]]
        set requirements [dict merge $requirements [dict get $r requirements]]
        foreach c [dict get $r cases] {
            set id [dict get $c id]
            if {![dict exists $rows $id]} {
                dict set rows $id [dict filter $c script {k v} { expr {$k in $keys(row)} }]
            }
            set cell [dict filter $c script {k v} { expr {$k in $keys(cell)} }]
            if {[dict get $c verdict] eq "pass"} { dict set cell checks {}; dict set cell ladder {} }
            set dir [dict get $cell evidence dir]
            if {$dir ne ""} { dict set cell evidence dir $folder/$dir }
            dict set rows $id cells $device $cell
        }
    }
    return [dict create format 1 ikespec [dict get [lindex $pairs 1] ikespec] devices $devices \
                requirements $requirements cases [lmap id [lsort [dict keys $rows]] { dict get $rows $id }]]
}

# columns RESULTS -> for each device its results, as read from a run, and `folder`: "" when it is alone.
proc ::matrix::columns {r} {
    if {![is $r]} { return [list [dict replace $r folder ""]] }
    return [lmap d [dict get $r devices] {
        set name [dict get $d device name]
        set cases {}
        set cited {}
        foreach row [dict get $r cases] {
            if {![dict exists $row cells $name]} continue
            lappend cases [dict merge [dict remove $row cells] [dict get $row cells $name]]
            foreach id [dict get $row cites] {
                if {[dict exists $r requirements $id]} { dict set cited $id [dict get $r requirements $id] }
            }
        }
        dict merge $d [dict create format 1 requirements $cited cases $cases]
    }]
}

# label COLUMN -> the words before the id of a case where all devices are in one list.
proc ::matrix::label {column} {
    return [expr {[dict get $column folder] eq "" ? "" : "[dict get $column device name]: "}]
}

# together RESULTS -> requirements, coverage and summary over all devices: what one device missed is missed.
proc ::matrix::together {r} {
    if {![is $r]} { return $r }
    set coverage {}
    set summary {}
    foreach d [dict get $r devices] {
        dict for {id c} [dict get $d coverage] {
            set sum [expr {[dict exists $coverage $id] ? [dict get $coverage $id] : {met 0 missed 0 cases {}}}]
            foreach key {met missed} { dict incr sum $key [dict get $c $key] }
            dict set sum cases [lsort -unique [concat [dict get $sum cases] [dict get $c cases]]]
            dict set coverage $id $sum
        }
        dict for {verdict n} [dict get $d summary] { dict incr summary $verdict $n }
    }
    return [dict create requirements [dict get $r requirements] coverage $coverage summary $summary]
}
