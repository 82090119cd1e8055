# claims.tcl - claims.txt: what the device claims and which requirements it met, missed or was not judged on.
source [file join [file dirname [info script]] gate.tcl]
namespace eval ::claims {}

# text RESULTS -> claims.txt: a statement for each device.
proc ::claims::text {r} { return [join [lmap col [matrix::columns $r] { statement $col }] "\n\n"] }

proc ::claims::statement {r} {
    set d [dict get $r device]
    lassign [gate::sentence $r] state headline detail
    set out [list "Statement of conformance" "" ]
    foreach key {name vendor product version driver} {
        if {[dict get $d $key] ne ""} { lappend out [row $key [dict get $d $key]] }
    }
    lappend out [row seed [dict get $r run seed]] [row result $headline] [row "" $detail] "" "Claims"
    dict for {k v} [dict get $d claims] { lappend out "  [format %-24s [text::visible $k]] [text::visible $v]" }
    foreach {state title} {missed "Requirements missed" open "Requirements not judged" met "Requirements met"} {
        lappend out "" $title
        foreach pair [gate::requirements $r] {
            lassign $pair id is
            if {$is ne $state} continue
            set q [dict get $r requirements $id]
            lappend out "  [format %-10s [dict get $q level]] [format %-20s [text::visible [dict get $q section]]] $id"
            if {$state eq "missed"} {
                foreach c [dict get $r coverage $id cases] {
                    lappend out "             [case $r $c]"
                }
            }
        }
    }
    return "[join [lmap l $out { string trimright $l }] \n]\n"
}

proc ::claims::row {name value} { return "  [format %-10s $name] [text::visible $value]" }

proc ::claims::case {r id} {
    foreach c [dict get $r cases] {
        if {[dict get $c id] ne $id} continue
        set x [dict get $c expectation]
        set note [expr {[llength $x] ? "  [text::visible [dict get $x ticket]] until [text::visible [dict get $x until]]" : ""}]
        return "[format %-12s [dict get $c verdict]] $id$note"
    }
}
