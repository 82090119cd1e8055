# select.tcl - which cases run: selectors over case instances {id role}. space = or, comma = and, `!` = not; a term that
# matches nothing is an error with near names, because a silent typing mistake would be a gap in the proof.

namespace eval ::select {
    variable help {
Selectors: space = or, comma = and, ! = not.
  rekey                    an area, a case, or everything below a name
  rekey/child-*            a pattern over ids
  rfc7296  rfc7296:2.8     cases that cite the RFC, or a section and those below it
  req:ID                   cases that cite a requirement (pattern allowed)
  tag:dos                  by tag
  level:MUST               by the level of a cited requirement: MUST SHOULD MAY
  role:initiator           the role that the device plays: initiator responder
  needs:esp                by a claim of the device that a case needs
  suite:smoke              a named selection: smoke core full interop (cases/suites)
  cc:FCS_IPSEC_EXT.1.4     what judges an element or test of Common Criteria (pattern allowed)
  ipv6-ready:IKEv2.EN.R.1  what judges a test of the IPv6 Ready Logo, and those below it
  was:fail@latest          by the verdict in an earlier run
  @FILE                    selectors from a file, one or more per line, # comments
A selector that matches nothing is an error (exit 5).
}
    variable kinds {req tag level role needs suite was}
    variable runs {}
}

# All instances in a stable order: by id, responder before initiator as the case names its roles.
proc ::select::all {} {
    set out {}
    foreach id [lsort [::testcase::ids]] {
        foreach role [dict get [::testcase::get $id] roles] { lappend out [list $id $role] }
    }
    return $out
}

# The name an instance has in results.json.
proc ::select::name {instance {rep 1}} {
    lassign $instance id role
    ::case::result_id [::testcase::get $id] $role $rep
}

# run WORDS -> instances. No words: everything.
proc ::select::run {words {origin "the command line"}} {
    set all [all]
    set terms [concat {*}[lmap w $words { regexp -all -inline {\S+} $w }]]
    if {![llength $terms]} { return $all }
    set hit {}
    foreach term $terms {
        foreach i [conjunction $term $all $origin] { dict set hit $i 1 }
    }
    return [lmap i $all { if {![dict exists $hit $i]} continue; set i }]
}

# a,b,!c -> those instances that meet all parts.
proc ::select::conjunction {term all origin} {
    set left $all
    foreach part [split $term ,] {
        set not [string match !* $part]
        set atom [string trimleft $part !]
        if {$atom eq ""} { ::cli::usage "$origin: the selector \"$term\" has an empty part" }
        set found [atom $atom $all $origin]
        if {![llength $found]} { ::cli::nothing "$origin: \"$atom\" matches no case[near $atom]" }
        set set {}
        foreach i $found { dict set set $i 1 }
        set left [lmap i $left { if {[dict exists $set $i] == $not} continue; set i }]
    }
    return $left
}

proc ::select::near {atom} {
    set names {}
    foreach id [::testcase::ids] {
        set parts [split $id /]
        for {set n 0} {$n < [llength $parts]} {incr n} { lappend names [join [lrange $parts 0 $n] /] }
    }
    set kind ""
    set word $atom
    if {[regexp {^(tag|req|needs):(.*)$} $atom - kind word]} {
        set names {}
        foreach id [::testcase::ids] {
            lappend names {*}[dict get [::testcase::get $id] [dict get {tag tags req cites needs needs} $kind]]
        }
        append kind :
    } elseif {[string match *:* $atom]} {
        return ""
    }
    set found [nearest $word [lsort -unique $names] 3]
    if {![llength $found]} { return "" }
    return "; near: [join [lmap f $found { set x $kind$f }] {, }]"
}

# Up to n names near to word: those that hold it, then by distance.
proc ::select::nearest {word names n} {
    set scored {}
    set plain [string trim [string map {* {} ? {}} $word] /]
    foreach name $names {
        set d [expr {$plain ne "" && [string first $plain $name] >= 0 ? 0 : [::parse::distance $plain $name]}]
        if {$d <= max(2, [string length $plain] / 2)} { lappend scored [list $d $name] }
    }
    return [lmap s [lrange [lsort -integer -index 0 $scored] 0 $n-1] { lindex $s 1 }]
}

proc ::select::atom {atom all origin} {
    variable kinds
    if {[string match @* $atom]} { return [from_file [string range $atom 1 end] $all] }
    if {[regexp {^(rfc\d+)(:([0-9A-Za-z.]+))?$} $atom - doc - section]} {
        return [filter $all m { cited [dict get $m cites] $doc $section }]
    }
    if {[regexp {^([a-z][a-z0-9-]*):(.*)$} $atom - kind word]} {
        switch -- $kind {
            req { return [filter $all m { lsearch -glob [dict get $m cites] $word }] }
            tag { return [filter $all m { lsearch -glob [dict get $m tags] $word }] }
            level {
                if {$word ni {MUST SHOULD MAY {MUST NOT} {SHOULD NOT}}} {
                    ::cli::usage "$origin: [::parse::unknown level $word {MUST SHOULD MAY}]"
                }
                return [filter $all m { has_level [dict get $m cites] $word }]
            }
            role {
                if {$word ni {initiator responder}} {
                    ::cli::usage "$origin: [::parse::unknown role $word {initiator responder}]"
                }
                return [lmap i $all { if {[lindex $i 1] ne $word} continue; set i }]
            }
            needs { return [filter $all m { lsearch -glob [dict get $m needs] $word }] }
            suite { return [suite $word $all $origin] }
            was { return [was $word $all $origin] }
        }
        set mappings [::mapping::names]
        if {$kind in $mappings} { return [::mapping::select $kind $word $all $origin] }
        ::cli::usage "$origin: [::parse::unknown "kind of selector" $kind: [lmap k [concat $kinds $mappings] { set x $k: }]]"
    }
    if {[regexp {^(.*)@(initiator|responder)$} $atom - id role]} {
        return [lmap i $all {
            if {[lindex $i 1] ne $role || (![string match $id [lindex $i 0]] && ![renamed $id [lindex $i 0]])} continue
            set i
        }]
    }
    set glob [regexp {[*?[]} $atom]
    return [lmap i $all {
        set id [lindex $i 0]
        if {$glob ? ![string match $atom $id] : ($id ne $atom && ![string match $atom/* $id] && ![renamed $atom $id])} continue
        set i
    }]
}

# An old name of a case keeps working.
proc ::select::renamed {word id} { expr {$word in [dict get [::testcase::get $id] was]} }

# filter ALL var {script}: instances whose metadata makes the script >= 0 or true.
proc ::select::filter {all var script} {
    upvar 1 $var m
    set out {}
    foreach i $all {
        set m [::testcase::get [lindex $i 0]]
        set r [uplevel 1 $script]
        if {$r >= 0 && $r ne "false"} { lappend out $i }
    }
    return $out
}

proc ::select::cited {cites doc section} {
    foreach c $cites {
        lassign [split $c /] d s
        if {$d eq $doc && ($section eq "" || $s eq $section || [string match $section.* $s])} { return 1 }
    }
    return -1
}

# MUST means MUST NOT too, SHOULD likewise.
proc ::select::has_level {cites level} {
    foreach c $cites { if {[lindex [::requirements::level $c] 0] eq [lindex $level 0]} { return 1 } }
    return -1
}

# cases/suites/NAME.tcl holds: suite NAME {title {..} ?select {selectors}?}; without select it is everything.
proc ::select::suite {name all origin} {
    if {$name ni [suites]} { ::cli::usage "$origin: [::parse::unknown suite $name [suites]]" }
    set file [suite_file $name]
    foreach command [::parse::commands [::parse::read_file $file] $file] {
        lassign [lindex $command 0] word - line col
        if {$word ne "suite" || [llength $command] != 3 || [lindex $command 1 0] ne $name} {
            ::parse::fail $file $line $col "should be: suite $name {title {..} ?select {selectors}?}"
        }
        foreach {k v} [::parse::words [lindex $command 2 0] $file {*}[lrange [lindex $command 2] 2 3]] {
            lassign $k key - kl kc
            if {$key ni {title select}} { ::parse::fail $file $kl $kc [::parse::unknown key $key {title select}] }
            if {$key eq "select"} { return [run [list [lindex $v 0]] $file:$kl] }
        }
    }
    return $all
}

proc ::select::suite_file {name} { file join $::ikespec::home cases suites $name.tcl }

# The names of all suites.
proc ::select::suites {} {
    lsort [lmap f [glob -nocomplain -tails -directory [file dirname [suite_file x]] *.tcl] { file rootname $f }]
}

# was:VERDICT@RUN
proc ::select::was {word all origin} {
    variable runs
    if {![regexp {^([a-z]+)(@(.+))?$} $word - verdict - run]} { ::cli::usage "$origin: should be was:VERDICT@RUN" }
    if {$run eq ""} { set run latest }
    if {$verdict ni $::results::verdicts} { ::cli::usage "$origin: [::parse::unknown verdict $verdict $::results::verdicts]" }
    if {![dict exists $runs $run]} {
        dict set runs $run [dict get [::cli::results [::cli::run_folder $run]] cases]
    }
    set ids {}
    foreach c [dict get $runs $run] {
        if {[dict get $c verdict] eq $verdict} { dict set ids [regsub {~\d+$} [dict get $c id] ""] 1 }
    }
    return [lmap i $all { if {![dict exists $ids [name $i]]} continue; set i }]
}

proc ::select::from_file {file all} {
    if {[catch { ::parse::read_file $file } text]} { ::cli::usage "@$file: cannot be read" }
    set words {}
    set n 0
    set hit {}
    foreach line [split $text \n] {
        incr n
        regsub {#.*} $line "" line
        if {[string trim $line] eq ""} continue
        foreach i [run [list $line] $file:$n] { dict set hit $i 1 }
    }
    return [lmap i $all { if {![dict exists $hit $i]} continue; set i }]
}

# The i-th of n parts, by a stable hash of the id: adding a case moves no other.
proc ::select::shard {instances spec} {
    if {$spec eq ""} { return $instances }
    if {![regexp {^(\d+)/(\d+)$} $spec - i n] || $i < 1 || $i > $n} {
        ::cli::usage "--shard \"$spec\" should be i/n, 1 <= i <= n"
    }
    return [lmap x $instances {
        if {[::case::seed shard [lindex $x 0] 0] % $n != $i - 1} continue
        set x
    }]
}
