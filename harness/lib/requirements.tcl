# requirements.tcl - the registry of normative statements: loads cases/requirements/*.tcl, answers by id.
#
#   req ID LEVEL ROLE {text} ?-untestable {why}? ?-gap {why}? ?-needs {claims}? ?-reading {how we take it}?

namespace eval ::requirements {
    variable all [dict create]
    variable levels {MUST {MUST NOT} SHOULD {SHOULD NOT} MAY}
    variable roles {initiator responder both sender receiver}
}

proc ::requirements::load {dir} {
    variable all
    set all [dict create]
    foreach file [lsort [glob -nocomplain -directory $dir *.tcl]] { load_file $file }
    return [dict size $all]
}

proc ::requirements::load_file {file {text ""}} {
    variable all
    variable levels
    variable roles
    if {$text eq ""} { set text [::parse::read_file $file] }
    foreach command [::parse::commands $text $file] {
        lassign [lindex $command 0] word - line col
        if {$word ne "req"} { ::parse::fail $file $line $col [::parse::unknown word $word req] }
        set v [lmap w $command {lindex $w 0}]
        if {[llength $v] < 5 || [llength $v] % 2 == 0} {
            ::parse::fail $file $line $col {should be: req ID LEVEL ROLE {text} ?-option value ...?}
        }
        lassign $v - id level role words
        if {![regexp {^[a-z0-9.-]+(/[A-Za-z0-9][A-Za-z0-9._-]*)+$} $id]} {
            ::parse::fail $file $line $col "\"$id\" is not an id of the form rfc7296/2.5/reserved-zero"
        }
        if {[dict exists $all $id]} {
            ::parse::fail $file $line $col "$id stands here twice (first: [dict get $all $id file])"
        }
        if {$level ni $levels} {
            ::parse::fail $file {*}[lrange [lindex $command 2] 2 3] [::parse::unknown level $level $levels]
        }
        if {$role ni $roles} {
            ::parse::fail $file {*}[lrange [lindex $command 3] 2 3] [::parse::unknown role $role $roles]
        }
        set r [dict create id $id level $level role $role text $words untestable "" gap "" needs {} reading "" \
                   section [section $id] file $file:$line]
        for {set i 5} {$i < [llength $v]} {incr i 2} {
            set key [string range [lindex $v $i] 1 end]
            if {[lindex $v $i] ni {-untestable -gap -needs -reading}} {
                ::parse::fail $file {*}[lrange [lindex $command $i] 2 3] \
                    [::parse::unknown option [lindex $v $i] {-untestable -gap -needs -reading}]
            }
            dict set r $key [lindex $v $i+1]
        }
        dict set all $id $r
    }
}

# "RFC 7296 2.15" for rfc7296/2.15/auth-verified.
proc ::requirements::section {id} {
    lassign [split $id /] doc sec
    if {[regexp {^rfc(\d+)$} $doc - n]} { set doc "RFC $n" }
    return [string trim "$doc $sec"]
}

proc ::requirements::ids {} { variable all; dict keys $all }
proc ::requirements::exists {id} { variable all; dict exists $all $id }
proc ::requirements::level {id} { variable all; dict get $all $id level }

proc ::requirements::get {id} {
    variable all
    if {![dict exists $all $id]} {
        throw {IKESPEC USAGE} [::parse::unknown requirement $id [dict keys $all]]
    }
    dict get $all $id
}

# must, should or may: the word that a check of this requirement uses.
proc ::requirements::word {id} {
    string tolower [lindex [level $id] 0]
}
