# expect.tcl - expectation files: failures that are known, with ticket, date and signature, so that a run says what is
# new. One line each:
#
#   known|flaky|skip|sound  ID-or-glob  when  TICKET  YYYY-MM-DD  "signature" ; reason
#   like FILE
#
# when: always, initiator or responder. signature: the stable text of the failure as the report prints it, in which * and ? may
# stand for others (brackets mean themselves: messages are printed in them); "-" for skip and sound. A glob
# that matches no case, a missing field or an unknown word is an error: a list of excuses must not rot.
#
# The first line that speaks of a case counts. like: the lines of another file in the same folder, after those of this one;
# sound: what that file lists is in order here.

namespace eval ::expectation {
    variable kinds {known flaky skip sound}
    variable whens {always initiator responder}
}

# read FILE -> list of dicts kind glob when ticket until signature reason file line used
proc ::expectation::read {file {above {}}} {
    variable kinds
    variable whens
    if {[catch { ::parse::read_file $file } text]} { ::cli::usage "$file: cannot be read" }
    set rows {}
    set others {}
    set n 0
    foreach line [split $text \n] {
        incr n
        if {[regexp {^\s*(#.*)?$} $line]} continue
        if {[regexp {^\s*like\s+(\S+)\s*$} $line - other]} {
            set path [file join [file dirname $file] [file tail $other]]
            if {![file readable $path]} { ::parse::fail $file $n 1 "like $other: there is no such file beside this one" }
            if {$path in [concat $above [list $file]]} { ::parse::fail $file $n 1 "like $other: goes round in a circle" }
            lappend others {*}[read $path [concat $above [list $file]]]
            continue
        }
        if {![regexp -indices {^\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+"((?:[^"\\]|\\.)*)"\s*;\s*(\S.*)$} $line - {*}{k g w t u s r}]} {
            ::parse::fail $file $n 1 {should be: known|flaky|skip|sound ID-or-glob when TICKET YYYY-MM-DD "signature" ; reason}
        }
        set d [dict create file $file line $n used 0]
        foreach {key at} [list kind $k glob $g when $w ticket $t until $u signature $s reason $r] {
            dict set d $key [string range $line {*}$at]
        }
        dict set d signature [string map {\\\" \" \\\\ \\} [dict get $d signature]]
        dict set d reason [string trim [dict get $d reason]]
        foreach {key at allowed} [list kind $k $kinds when $w $whens] {
            if {[dict get $d $key] ni $allowed} {
                ::parse::fail $file $n [expr {[lindex $at 0] + 1}] [::parse::unknown word [dict get $d $key] $allowed]
            }
        }
        if {![regexp {^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$} [dict get $d until]]} {
            ::parse::fail $file $n [expr {[lindex $u 0] + 1}] "\"[dict get $d until]\" is not a date YYYY-MM-DD"
        }
        lappend rows $d
    }
    return [concat $rows $others]
}

# Every line must speak of a case that exists.
proc ::expectation::check {rows} {
    foreach d $rows {
        set glob [dict get $d glob]
        set found 0
        foreach id [::testcase::ids] { if {[string match $glob $id]} { set found 1; break } }
        if {!$found} {
            set near [::select::nearest $glob [::testcase::ids] 1]
            ::parse::fail [dict get $d file] [dict get $d line] 1 \
                "\"$glob\" matches no case[expr {[llength $near] ? "; did you mean \"[lindex $near 0]\"?" : ""}]"
        }
    }
}

# vague ROWS -> what is wrong with lines that excuse more than one failure: a check may be missed in a harmless way and in one that
# is not (an SA that lingers after AUTHENTICATION_FAILED, a wrong password that opens the door), and what came tells them apart.
proc ::expectation::vague {rows} {
    set faults {}
    foreach d $rows {
        set signature [dict get $d signature]
        if {[dict get $d kind] ni {known flaky}} continue
        set head [regsub { .*} $signature ""]
        if {![alike $signature "$head missed at step 1: got ~"]} continue
        lappend faults "[dict get $d file]:[dict get $d line]:1: \"$signature\" would hold whatever came in its place: say what does, as in \"$head missed at step *: got nothing in *\""
    }
    return $faults
}

# The line for a case in a role, "" when none; the first that matches counts.
proc ::expectation::find {rows id role} {
    foreach d $rows {
        if {[string match [dict get $d glob] $id] && [dict get $d when] in [list always $role]} { return $d }
    }
    return ""
}

# alike PATTERN SIGNATURE: does the signature of a line speak of this failure?
proc ::expectation::alike {pattern signature} {
    return [string match [string map {\\ \\\\ \[ \\\[ \] \\\]} $pattern] $signature]
}

proc ::expectation::public {d} { dict filter $d key kind ticket until reason }

# apply RESULT LINE -> the result with its final verdict: known, stale, or as it was.
proc ::expectation::apply {result d} {
    if {$d eq ""} { return $result }
    set verdict [dict get $result verdict]
    set same [alike [dict get $d signature] [dict get $result signature]]
    switch -- [dict get $d kind] {
        skip - sound { return $result }
        known {
            if {$verdict in {pass warn}} {
                dict set result verdict stale
                dict set result reason "listed as known ([dict get $d ticket]) but passes: take the line out of [file tail [dict get $d file]]:[dict get $d line]"
            } elseif {$verdict eq "fail" && $same} {
                dict set result verdict known
            } elseif {$verdict eq "fail"} {
                dict set result reason [string trim "[dict get $result reason] listed as known, but it fails in another way than \"[dict get $d signature]\""]
            } else {
                return $result
            }
        }
        flaky {
            if {$verdict eq "fail" && $same} { dict set result verdict known }
        }
    }
    dict set result expectation [public $d]
    return $result
}

# Lines past their date (they break the release gate).
proc ::expectation::expired {rows today} {
    lmap d $rows { if {[dict get $d until] >= $today} continue; set d }
}

# expect check|update|prune FILE : care of the file.
proc ::expectation::command {words options} {
    lassign $words verb file run
    if {$run eq ""} { set run latest }
    ::cli::verb expect $verb {check update prune}
    if {$file eq ""} { ::cli::usage "ikespec expect $verb: which file?" }
    ::cli::load_cases
    set rows [read $file]
    if {$verb eq "check"} {
        check $rows
        set today [clock format [clock seconds] -format %Y-%m-%d]
        set late [expired $rows $today]
        set wide [vague $rows]
        foreach d $late {
            puts "[dict get $d file]:[dict get $d line]:1: past its date: [dict get $d until] [dict get $d ticket]"
        }
        foreach fault $wide { puts $fault }
        puts "[llength $rows] lines, [llength $late] past their date, [llength $wide] too wide"
        return 0
    }
    set results [::cli::results [::cli::run_folder $run]]
    set lines [split [string trimright [::parse::read_file $file] \n] \n]
    if {$verb eq "prune"} {
        set gone {}
        foreach d $rows {
            if {[dict get $d file] ne $file} continue
            set hits [lmap c [dict get $results cases] {
                if {![string match [dict get $d glob] [regsub {[@~].*$} [dict get $c id] ""]]} continue
                dict get $c verdict
            }]
            if {[llength $hits] && "known" ni $hits && "stale" in $hits} { lappend gone [dict get $d line] }
        }
        foreach n [lsort -integer -decreasing $gone] { set lines [lreplace $lines $n-1 $n-1] }
        write $file $lines
        puts "[::text::plural [llength $gone] {stale line} {stale lines}] taken out, by $run"
        return 0
    }
    lassign [updated $file $rows $lines [dict get $results cases]] lines added changed
    write $file $lines
    puts "[::text::plural $added line lines] added[expr {$added ? ": put the ticket and the reason in" : ""}], [
        ::text::plural $changed signature signatures] changed, by $run"
    return 0
}

# updated FILE ROWS LINES CASES -> {LINES ADDED CHANGED}: a line for each case that fails and has none; the signature of today in
# those that list another failure.
proc ::expectation::updated {file rows lines cases} {
    set until [clock format [clock add [clock seconds] 90 days] -format %Y-%m-%d]
    set added {}
    set changed 0
    foreach c $cases {
        if {[dict get $c verdict] ne "fail"} continue
        set id [regsub {[@~].*$} [dict get $c id] ""]
        set signature [dict get $c signature]
        set d [find $rows $id [dict get $c role]]
        if {$d ne "" && [dict get $d kind] in {known flaky}} {
            if {[alike [dict get $d signature] $signature]} continue
            # of another file, or for several cases: a line of its own, above
            if {[dict get $d file] eq $file && [dict get $d glob] eq $id} {
                set n [expr {[dict get $d line] - 1}]
                regexp -indices {"((?:[^"\\]|\\.)*)"\s*;} [lindex $lines $n] - at
                lset lines $n [string replace [lindex $lines $n] {*}$at [quoted $signature]]
                incr changed
                continue
            }
        }
        set when [expr {[string match *@* [dict get $c id]] ? [dict get $c role] : "always"}]
        dict set added "known $id $when TICKET $until \"[quoted $signature]\" ; say why" 1
    }
    # the first line that speaks of a case counts
    set at 0
    foreach line $lines { if {![regexp {^\s*(#.*)?$} $line]} break; incr at }
    return [list [linsert $lines $at {*}[dict keys $added]] [dict size $added] $changed]
}

proc ::expectation::quoted {signature} { return [string map {\\ \\\\ \" \\\"} $signature] }

proc ::expectation::write {file lines} {
    ::cli::written $file { ::results::save $file [join $lines \n]\n }
}

::cli::command expect {check|update|prune FILE ?RUN?} "care of an expectation file; update and prune: by what RUN (latest) found" {} ::expectation::command
