# prove.tcl - the suite proven, in both directions. Each case: straight it passes, against each bent device that it names it
# fails. Each ruling of the engine: turned round, and nothing else, at least one case notices.

namespace eval ::prove {
    variable got ;# index of a task -> what it yielded
}

# --- one way: cases ------------------------------------------------------------------------------------------------------

# A case in all its roles: straight (must pass) and against each bent device that it names (must fail).
# -> list of dicts: id role bent verdict ok reason met {requirement ...} missed {requirement ...}
proc ::prove::rows {id {options {}}} {
    set rows {}
    set meta [::testcase::get $id]
    foreach role [dict get $meta roles] {
        set r [::case::run $id $role self [dict merge $options {health always}]]
        lappend rows [row $id $role "" $r [expr {[dict get $r verdict] eq "pass"}]]
        foreach b [dict get $meta bent] {
            if {![::bent::possible $b]} {
                lappend rows [row $id $role $b [dict create verdict unsupported reason "the built-in device does not rule on $b"] 0]
                continue
            }
            set r [bent $id $role $b $options]
            lappend rows [row $id $role $b $r [noticed $r]]
        }
    }
    return $rows
}

proc ::prove::row {id role bent r ok} {
    set met {}
    set missed {}
    if {[dict exists $r checks]} {
        foreach c [dict get $r checks] { if {[dict get $c outcome] in {met missed}} { lappend [dict get $c outcome] [dict get $c req] } }
    }
    dict create id $id role $role bent $bent verdict [dict get $r verdict] ok $ok reason [dict get $r reason] \
        met [lsort -unique $met] missed [lsort -unique $missed]
}

proc ::prove::bent {id role bent options} { ::case::run $id $role self [dict merge $options [list bent $bent health never]] }
proc ::prove::noticed {r} { expr {[dict get $r verdict] in {fail warn}} }

# --- the other way round: rulings ----------------------------------------------------------------------------------------

# Runs cases against the device with this one ruling turned round until one of them fails.
# -> the row of that case; {} when all pass: a survivor
proc ::prove::notice {ruling ids {options {}}} {
    foreach id $ids {
        foreach role [dict get [::testcase::get $id] roles] {
            set r [bent $id $role $ruling $options]
            if {[noticed $r]} { return [row $id $role $ruling $r 1] }
        }
    }
    return {}
}

# Rulings that the rows of the cases have shown to be noticed: turned round alone, and a case failed.
proc ::prove::seen {rows} {
    set seen {}
    foreach r $rows {
        if {[dict get $r bent] eq "" || ![dict get $r ok]} continue
        set ruling [::bent::turns [dict get $r bent]]
        if {$ruling ne ""} { dict set seen $ruling 1 }
    }
    return [dict keys $seen]
}

# The cases in the order in which they are likely to notice: those that cite the requirement, those that cite its section,
# the rest.
proc ::prove::likely {ruling ids} {
    set section [join [lrange [split $ruling /] 0 end-1] /]
    set order [list {} {} {}]
    foreach id $ids {
        set cites [dict get [::testcase::get $id] cites]
        set k [expr {$ruling in $cites ? 0 : [lsearch -glob $cites $section/*] >= 0 ? 1 : 2}]
        lset order $k [linsert [lindex $order $k] end $id]
    }
    return [concat {*}$order]
}

# --- statements ------------------------------------------------------------------------------------------------------------

# Requirements, more than MAY, that the straight device is seen to meet, as a dict: 1 when some bent device is seen to miss it. One
# that none misses hangs on a check that another check always comes before, or on one that cannot fail.
proc ::prove::statements {rows} {
    set all [dict create]
    foreach r $rows {
        if {[dict get $r bent] ne ""} continue
        foreach req [dict get $r met] { if {[::requirements::level $req] ne "MAY"} { dict set all $req 0 } }
    }
    foreach r $rows {
        foreach req [dict get $r missed] { if {[dict get $r bent] ne "" && [dict exists $all $req]} { dict set all $req 1 } }
    }
    return $all
}

# --- the command -----------------------------------------------------------------------------------------------------------

proc ::prove::command {words o} {
    if {[dict get $o --odd]} { return [::odd::command $words $o] }
    ::cli::load_cases
    if {[llength $words] && [dict get $o --to] ne ""} { ::cli::usage "ikespec prove: --to is for the figures of the whole suite: leave the selection out" }
    set ids [lsort -unique [lmap i [::select::run $words] { lindex $i 0 }]]
    set seed [dict get $o --seed]
    set S [::run::settings [::profile::find self] \
        [dict create --seed [if {$seed eq ""} { string cat 1 } { set seed }] --time-scale 1 --evidence none --dut self]]
    set dir [folder $words $o $S]
    lassign [all [lmap id $ids { list prove $id }] $S [dict get $o --jobs]] why results
    set rows [concat {*}$results]
    set found {}
    # a ruling is missed by the whole suite or not at all
    set rulings [expr {[llength $words] ? {} : [::bent::rulings]}]
    if {$why ne "interrupted" && [llength $rulings]} {
        set seen [seen $rows]
        set left [lmap r $rulings { if {$r in $seen} continue; set r }]
        lassign [all [lmap r $left { list notice $r [likely $r $ids] }] $S [dict get $o --jobs]] why results
        foreach row $results { if {[llength $row]} { lappend found $row } }
    }
    set interrupted [expr {$why eq "interrupted"}]
    set p [dict create ikespec $::ikespec::version seed [dict get $S seed] selection $words interrupted $interrupted \
        {*}[proof $ids $rows $found [expr {$interrupted ? {} : $rulings}]]]
    set badge [::proof::badge {*}[::proof::figures $p]]
    foreach {name text} [list proof.json [::proof::json $p] proof.html [::proof::html $p] badge.svg $badge] { ::results::save [file join $dir $name] $text }
    if {[dict get $o --to] ne "" && !$interrupted} { ::results::save [dict get $o --to] $badge }
    set bad [report $p $o $dir [statements [concat $rows $found]]]
    if {$interrupted} { return 2 }
    return [expr {$bad > 0}]
}

# The folder of this proof, beside those of runs; `latest` stays with the last run, which has cases to look at.
proc ::prove::folder {words o S} {
    set out [dict get $o --out]
    try {
        foreach name {proof.json proof.html badge.svg} { if {$out ne ""} { file delete [file join $out $name] } }
        set dir [::run::make_folder $out [dict get $S seed] prove-]
        ::run::environment $dir [dict merge {--dut self --expect "" --time-scale 1} $o] [concat ikespec prove $words] $S
    } trap POSIX {why options} {
        ::cli::usage "ikespec prove: [expr {$out ne "" ? "--out $out" : [::cli::runs]}]: nothing can be written there:\
            [lindex [dict get $options -errorcode] 2]; nothing ran"
    }
    return $dir
}

# -> {why it ended, what the tasks yielded in their order}
proc ::prove::all {tasks S jobs} {
    variable got [dict create]
    set why [::runner::run $tasks $S $jobs ::prove::take]
    set results {}
    for {set n 0} {$n < [llength $tasks]} {incr n} { lappend results [expr {[dict exists $got $n] ? [dict get $got $n] : {}}] }
    return [list $why $results]
}

proc ::prove::take {index result} {
    variable got
    dict set got $index $result
    return ""
}

# proof IDS ROWS FOUND RULINGS -> {cases rulings} as reports/proof.tcl has them. FOUND: rows of cases that noticed a ruling
# which they do not name; of a ruling that several notice the first is told.
proc ::prove::proof {ids rows found rulings} {
    set runs {}
    set by {}
    foreach r $rows { dict lappend runs [dict get $r id] $r }
    foreach r [concat $rows $found] {
        if {[dict get $r bent] eq "" || ![dict get $r ok]} continue
        set ruling [::bent::turns [dict get $r bent]]
        if {$ruling ne "" && ![dict exists $by $ruling]} { dict set by $ruling $r }
    }
    set cases [lmap id $ids {
        set meta [::testcase::get $id]
        set mine [expr {[dict exists $runs $id] ? [dict get $runs $id] : {}}]
        set proven [expr {[llength $mine] && [llength [dict get $meta bent]]}]
        foreach r $mine { if {![dict get $r ok]} { set proven 0 } }
        dict create id $id title [dict get $meta title] proven $proven runs $mine
    }]
    set rulings [lmap id $rulings {
        set r [::requirements::get $id]
        set row [expr {[dict exists $by $id] ? [dict get $by $id] : {id "" role "" bent ""}}]
        dict create id $id level [dict get $r level] text [dict get $r text] noticed [dict exists $by $id] \
            case [dict get $row id] role [dict get $row role] bent [dict get $row bent]
    }]
    return [list cases $cases rulings $rulings]
}

# Prints what is not as it must be (-v: all), and the two figures last. -> how many things are wrong
proc ::prove::report {p o dir statements} {
    set verbose [dict get $o -v]
    set num_runs 0
    foreach c [dict get $p cases] {
        incr num_runs [llength [dict get $c runs]]
        foreach r [dict get $c runs] { if {$verbose || ![dict get $r ok]} { puts [line $r] } }
        set meta [::testcase::get [dict get $c id]]
        if {![llength [dict get $meta bent]]} { puts "BAD  [dict get $c id] names no bent device: a case that nothing can fail is no test" }
    }
    set others 0
    foreach r [dict get $p rulings] {
        if {![dict get $r noticed]} { puts "BAD  [dict get $r id] turned round is noticed by no case"; continue }
        if {[dict get $r bent] in [dict get [::testcase::get [dict get $r case]] bent]} continue
        incr others
        if {$verbose} { puts "ok   [dict get $r id] turned round is noticed by [dict get $r case]@[dict get $r role], which does not name it" }
    }
    lassign [::proof::figures $p] proven cases noticed rulings
    set bad [expr {$cases - $proven + $rulings - $noticed}]
    puts "[::text::plural $cases case cases] in $num_runs runs; rulings found by other cases than those that name them: $others"
    set unseen [lmap {req missed} [lsort -stride 2 $statements] { if {$missed} continue; set req }]
    if {$verbose} { foreach req $unseen { puts "thin $req: every check of it holds against every bent device" } }
    puts "statements that a bent device is seen to miss: [expr {[dict size $statements] - [llength $unseen]}] of [dict size $statements][expr {[llength $unseen] && !$verbose ? " (-v names the others)" : ""}]"
    puts "matrix   [file join $dir proof.html]"
    puts "cases proven $proven/$cases[expr {$rulings ? "   rulings noticed $noticed/$rulings" : ""}]"
    if {[dict get $o --tally]} { puts "[expr {$proven + $noticed}] passed, $bad failed, 0 skipped" }
    return $bad
}

proc ::prove::line {r} {
    string trimright [format "%-4s %-12s %-50s %-10s %s" [expr {[dict get $r ok] ? "ok" : "BAD"}] [dict get $r verdict] \
        [dict get $r id]@[dict get $r role] [expr {[dict get $r bent] eq "" ? "straight" : "bent"}] \
        [string trim "[dict get $r bent] [expr {[dict get $r ok] ? "" : [dict get $r reason]}]"]]
}

# What lint has to say of the figures that the README shows: they are those of the suite as it is. That all of it is proven
# `make prove` finds out, which writes them.
proc ::prove::faults {file} {
    set cases [llength [::testcase::ids]]
    set rulings [llength [::bent::rulings]]
    set badge [expr {[file exists $file] ? [::parse::read_file $file] : ""}]
    if {!$rulings || $badge eq [::proof::badge $cases $cases $rulings $rulings]} { return {} }
    if {![file exists $file]} { set says "is not there" } elseif {[regexp {<title>ikespec: ([^<]*)</title>} $badge - words]} { set says "says \"$words\"" } else { set says "is no badge" }
    return [list "$file:1:1: $says; the suite has $cases cases and $rulings rulings: `make prove` (a minute) proves them and writes the figures"]
}

proc ::prove::figures_file {} { file join $::ikespec::home reports proven.svg }

::cli::command prove {?SELECTOR...?} \
    "each case straight (must pass) and against its bent devices (must fail); each ruling turned round (a case must notice)" \
    {--seed --jobs --out --to --odd --tally -v} ::prove::command
