# report.tcl - from results.json to all the other files of a run folder.
namespace eval ::report {
    variable here [file dirname [file normalize [info script]]]
    # format -> its file, and what makes its text of the results
    variable texts {
        junit    {junit.xml         junit::text}
        tap      {results.tap       tap::text}
        ctrf     {results.ctrf.json ctrf::text}
        sum      {results.sum       sum::text}
        summary  {summary.md        summary::text}
        html     {report.html       html::text}
        coverage {coverage.svg      drawing::covered}
        badge    {badge.svg         badge::text}
        claims   {claims.txt        claims::text}
        xunit    {xunit.xml         junit::strict}
    }
    variable asked {xunit}      ;# only when asked for: junit.xml with less in it (see junit.tcl)
    # `ladder`: two files for each case that has messages
    variable formats [concat [dict keys [dict remove $texts {*}$asked]] ladder]
}
foreach f {json matrix changes junit tap ctrf sum summary html drawing badge ladder claims terminal proof} {
    source [file join $::report::here $f.tcl]
}
unset f

# render RUNDIR ?FORMATS? ?RESULTS? -> list of files written, relative to RUNDIR. Reads results.json, nothing else;
# RESULTS: what results::read has read there already.
proc ::report::render {rundir {want ""} {r ""}} {
    variable formats
    variable asked
    variable texts
    if {$want eq ""} { set want $formats }
    set all [concat $formats $asked]
    foreach f $want {
        if {$f ni $all} {
            return -code error "report: no such format '$f': one of [join $all {, }]"
        }
    }
    if {$r eq ""} { set r [results::read [file join $rundir results.json]] }
    set done {}
    foreach f $want {
        if {$f eq "ladder"} { lappend done {*}[ladders $rundir $r]; continue }
        lassign [dict get $texts $f] file make
        lappend done [put $rundir $file [$make $r]]
    }
    return $done
}

# dead RUNDIR WHY: what a run leaves when it cannot even write results.json.
proc ::report::dead {rundir why} {
    set texts [dict create junit.xml [junit::dead $why] results.tap [tap::dead $why] \
        summary.md "# The run died\n\n[summary::md $why]\n"]
    # (the disk may be full: each that fits)
    dict for {name text} $texts { catch { put $rundir $name $text } }
    return [dict keys $texts]
}

# ladders DIR RESULTS -> the drawings of the messages, beside the evidence of their case.
proc ::report::ladders {dir r} {
    set done {}
    foreach col [matrix::columns $r] {
        foreach c [dict get $col cases] {
            if {![llength [dict get $c ladder]]} continue
            # Ids and folders are safe paths: results::read has checked them. A passing case without a folder gets none.
            set sub [string trimleft [dict get $col folder]/cases/[dict get $c id] /]
            if {[dict get $c verdict] eq "pass" && ![file isdirectory [file join $dir $sub]]} continue
            lappend done [put $dir $sub/ladder.txt [ladder::text $c]] [put $dir $sub/ladder.svg [drawing::standalone ladder $c]]
        }
    }
    return $done
}

# put DIR NAME TEXT -> NAME
proc ::report::put {dir name text} {
    set file [file join $dir $name]
    file mkdir [file dirname $file]
    results::save $file $text
    return $name
}

# Run by hand: tclsh reports/report.tcl RUNDIR ?FORMAT...?
if {[info exists argv0] && [file normalize $argv0] eq [file normalize [info script]]} {
    if {![llength $argv]} { puts stderr "usage: report.tcl RUNDIR ?FORMAT...?"; exit 4 }
    if {[catch { report::render [lindex $argv 0] [lrange $argv 1 end] } done opts]} {
        puts stderr $done
        exit 3
    }
    puts [join $done \n]
}
