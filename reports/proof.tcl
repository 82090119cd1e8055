# proof.tcl - what `ikespec prove` leaves in its folder: proof.json (the matrix of cases and bent devices, and which case notices
# each ruling turned round), proof.html and badge.svg. Pure functions of a dict of this shape, which is that of proof.json:
#
#   ikespec seed selection {words} interrupted 0|1
#   cases   {{id title proven 0|1 runs {{role bent verdict ok 0|1 reason} ...}} ...}     bent "": the straight device
#   rulings {{id level text noticed 0|1 case role bent} ...}     empty when the whole suite was not asked for
source [file join [file dirname [info script]] html.tcl]
source [file join [file dirname [info script]] badge.tcl]

namespace eval ::proof {
    variable format 1
    namespace path ::markup
}

# figures PROOF -> {cases proven, all, rulings noticed, all}
proc ::proof::figures {p} {
    set figures {}
    foreach {list key} {cases proven rulings noticed} {
        set all [dict get $p $list]
        lappend figures [llength [lmap x $all { if {![dict get $x $key]} continue; set x }]] [llength $all]
    }
    return $figures
}

proc ::proof::whole {p} {
    lassign [figures $p] proven cases noticed rulings
    expr {$proven == $cases && $noticed == $rulings && ![dict get $p interrupted]}
}

# badge PROVEN CASES NOTICED RULINGS -> badge.svg
proc ::proof::badge {proven cases noticed rulings} {
    set words "proven $proven/$cases[expr {$rulings ? " \u00b7 rulings $noticed/$rulings" : ""}]"
    badge::drawn [expr {$proven == $cases && $noticed == $rulings ? "good" : "bad"}] $words
}

# --- proof.json ----------------------------------------------------------------------------------------------------------

proc ::proof::json {p} {
    variable format
    lassign [figures $p] proven cases noticed rulings
    set text "\{\n  \"format\": $format,\n  \"ikespec\": [results::quote [dict get $p ikespec]],\n  \"seed\": [results::quote [dict get $p seed]],\n"
    append text "  \"selection\": \[[join [lmap w [dict get $p selection] { results::quote $w }] {, }]\],\n"
    append text "  \"interrupted\": [boolean [dict get $p interrupted]],\n"
    append text "  \"figures\": \{\"proven\": $proven, \"cases\": $cases, \"noticed\": $noticed, \"rulings\": $rulings\},\n"
    append text "  \"cases\": \[\n" [join [lmap c [dict get $p cases] {
        string cat "    \{\"id\": " [results::quote [dict get $c id]] ", \"title\": " [results::quote [dict get $c title]] \
            ", \"proven\": " [boolean [dict get $c proven]] ", \"runs\": \[\n" [runs [dict get $c runs]] "\]\}"
    }] ",\n"] "\],\n"
    append text "  \"rulings\": \[\n" [join [lmap r [dict get $p rulings] {
        string cat "    " [object $r {id level text noticed case role bent}]
    }] ",\n"] "\]\n\}\n"
    return $text
}

proc ::proof::runs {runs} {
    join [lmap x $runs { string cat "      " [object $x {role bent verdict ok reason}] }] ",\n"
}
proc ::proof::boolean {v} { expr {$v ? "true" : "false"} }
proc ::proof::object {d keys} {
    string cat \{ [join [lmap k $keys {
        string cat "\"$k\": " [expr {$k in {ok noticed} ? [boolean [dict get $d $k]] : [results::quote [dict get $d $k]]}]
    }] ", "] \}
}

# --- proof.html ------------------------------------------------------------------------------------------------------------

proc ::proof::html {p} { html::document [headline $p] [list proof::page $p] }

proc ::proof::page {p body} {
    html::size $body $p wide
    top [add $body header] $p
    set main [add $body main]
    attention $main $p
    rulings $main $p
    matrix $main $p
    add [add $body footer] p {} "Seed [dict get $p seed]. Made from what proof.json holds."
}

proc ::proof::headline {p} {
    lassign [figures $p] proven cases noticed rulings
    return "$proven of $cases cases proven[expr {$rulings ? ", $noticed of $rulings rulings noticed" : ""}][expr {
        [dict get $p interrupted] ? "; interrupted" : ""}]"
}

proc ::proof::top {header p} {
    add $header h1 {} "Proof of the suite"
    set selection [dict get $p selection]
    add $header p {class facts} "ikespec [dict get $p ikespec] \u00b7 seed [dict get $p seed][expr {
        [llength $selection] ? " \u00b7 selection [join $selection]" : ""}]"
    set gate [add $header div [list class "gate [expr {[whole $p] ? "good" : "bad"}]" role status]]
    add $gate strong {} [headline $p]
    add $gate span {} "A case is proven when the straight device passes it and every bent device that it names fails it; a ruling of the\
        engine is noticed when a case fails because of that ruling, turned round and nothing else."
}

proc ::proof::attention {main p} {
    add $main h2 {id attention} "Needs attention"
    set bad [lmap c [dict get $p cases] { if {[dict get $c proven]} continue; set c }]
    set lost [lmap r [dict get $p rulings] { if {[dict get $r noticed]} continue; set r }]
    if {![llength $bad] && ![llength $lost]} { add $main p {} "Nothing: every case can fail, every ruling is noticed."; return }
    set tb [add [html::table $main {What "" Why ""}] tbody]
    foreach r $lost {
        set tr [add $tb tr]
        add $tr td {class mono} [dict get $r id]
        add $tr td {} "turned round it is noticed by no case"
    }
    foreach c $bad {
        set tr [add $tb tr]
        add [add $tr td] a [list class "id mono" href "#case-[dict get $c id]"] [dict get $c id]
        set td [add $tr td]
        set wrong [lmap x [dict get $c runs] { if {[dict get $x ok]} continue; set x }]
        if {![llength $wrong]} {
            add $td div {} [expr {[llength [dict get $c runs]] ? "it names no bent device: a case that nothing can fail is no test" : "it was not run"}]
        }
        foreach x $wrong {
            add $td div {} "[expr {[dict get $x bent] eq "" ? "straight" : [dict get $x bent]}], device as [dict get $x role]:\
                [dict get $x verdict] [text::cap [dict get $x reason] 500]"
        }
    }
}

proc ::proof::rulings {main p} {
    if {![llength [dict get $p rulings]]} return
    add $main h2 {id rulings} Rulings
    set tab [html::table $main {Ruling "" Level "" "Noticed by" "" "Turned round by" ""}]
    $tab setAttribute id noticed
    set tb [add $tab tbody]
    foreach r [dict get $p rulings] {
        set tr [add $tb tr]
        set td [add $tr td]
        say $td "[dict get $r text] "
        add $td span {class "dim mono"} [dict get $r id]
        add $tr td {class keep} [dict get $r level]
        set td [add $tr td]
        if {[dict get $r noticed]} {
            add $td a [list class mono href "#case-[dict get $r case]"] [dict get $r case]
            add $td span {class dim} " device as [dict get $r role]"
        } else {
            html::badge $td "no case" fail
        }
        add $tr td {class mono} [dict get $r bent]
    }
}

# A row per case and role: the straight device, then each bent one.
proc ::proof::matrix {main p} {
    add $main h2 {id cases} "Cases and bent devices"
    html::filter $main
    set tab [html::table $main {Case "" Device "" Straight "" Bent ""}]
    $tab setAttribute id all
    set tb [add $tab tbody]
    foreach c [dict get $p cases] {
        set anchor [list id "case-[dict get $c id]"]
        set by {}
        foreach x [dict get $c runs] { dict lappend by [dict get $x role] $x }
        dict for {role runs} $by {
            set bents [lmap x $runs { if {[dict get $x bent] eq ""} continue; dict get $x bent }]
            set words [string tolower "[dict get $c id] [dict get $c title] role:$role $bents is:[expr {[dict get $c proven] ? "proven" : "open"}]"]
            set tr [add $tb tr [concat $anchor [list data-w $words]]]
            set anchor {}
            set td [add $tr td]
            add $td span {class "id mono"} [dict get $c id]
            add $td div {class dim} [dict get $c title]
            add $tr td {class keep} $role
            set straight [add $tr td]
            set bent [add $tr td]
            foreach x $runs {
                set cell [expr {[dict get $x bent] eq "" ? $straight : [add $bent div]}]
                # what is as it must be looks good: a failure there, too
                html::badge $cell [dict get $x verdict] [expr {[dict get $x ok] ? "pass" : "fail"}]
                add $cell span {class mono} " [dict get $x bent]"
            }
        }
    }
}
