# summary.tcl - summary.md: failures first, for a merge request or a job page.
source [file join [file dirname [info script]] gate.tcl]
source [file join [file dirname [info script]] ladder.tcl]

namespace eval ::summary {
    variable cap 900000     ;# octets; GitHub's limit for a job summary is 1 MiB
}

# md S -> S as plain words in Markdown and in a table cell. Marks that act in raw HTML or in a table, or
# make links, become entities; the others get a backslash, which keeps the file readable as it is.
proc ::summary::md {s} {
    set s [string map {
        & &amp; < &lt; > &gt; | &#124; @ &#64; # &#35; :// &#58;// www. www&#46;
        \\ \\\\ ` \\` * \\* _ \\_ \[ \\\[ \] \\\] ~ \\~ $ \\$
    } [text::visible $s]]
    # at the start of a line a dash, a digit or blanks would make a list, a rule or a code block
    if {[regexp {^[-=+0-9 ]} $s c]} { set s "&#[scan $c %c];[string range $s 1 end]" }
    return $s
}

# code S -> S as a code span in HTML: GitHub and GitLab both render it, and no run of backticks ends it.
proc ::summary::code {s} { return "<code>[md $s]</code>" }

# mermaid S -> S as text of a sequence diagram: letters and few marks as they are, the rest as #N;
proc ::summary::mermaid {s} {
    set out ""
    foreach c [split [text::visible $s] ""] {
        if {[regexp {^[A-Za-z0-9 .,/_()=-]$} $c]} { append out $c } else { append out "#[scan $c %c];" }
    }
    # a message that is the word `end` would close a block
    return [regsub -all {\m(end)\M} $out {#101;nd}]
}

# text RESULTS -> summary.md
proc ::summary::text {r} {
    variable cap
    lassign [gate::sentence $r] state headline detail
    set out "# [md $headline]\n\n[md $detail]\n\n"
    set columns [matrix::columns $r]
    foreach col $columns { append out [about $col] }
    append out \n[counts [matrix::together $r] $columns]
    set left {}
    set size [octets $out]
    foreach col $columns {
        foreach c [gate::cases $col fail stale error inconclusive] {
            set part [problem $c [on $col]]
            if {$size + [octets $part] > $cap - 20000} { lappend left $c; continue }
            append out $part
            incr size [octets $part]
        }
    }
    if {[llength $left]} {
        append out "\n[llength $left] more cases need attention and do not fit here; see report.html.\n"
    }
    set parts {}
    foreach writer {known warnings} { foreach col $columns { lappend parts [$writer $col] } }
    lappend parts [coverage [matrix::together $r]]
    foreach col $columns { lappend parts [rest $col] }
    foreach part $parts {
        if {[octets $out] + [octets $part] < $cap} { append out $part }
    }
    return $out
}

# about COLUMN -> the line that says what was run on which device; of several, one item of a list.
proc ::summary::about {r} {
    set d [dict get $r device]
    set out "[expr {[dict get $r folder] eq "" ? "" : "- "}]Device [code [dict get $d name]]"
    append out " [md [string trim "[dict get $d vendor] [dict get $d product] [dict get $d version]"]]"
    append out " \u00b7 suite [code [dict get $r run suite]] \u00b7 seed [code [dict get $r run seed]]"
    append out " \u00b7 [text::seconds [dict get $r run duration_ms]] \u00b7 ikespec [md [dict get $r ikespec]]"
    if {[dict get $r folder] ne ""} { append out " \u00b7 [md [lindex [gate::sentence $r] 1]]" }
    foreach line [text::vitals [dict get $d vitals]] { append out " \u00b7 [md $line]" }
    return $out\n
}

# on COLUMN -> the end of a heading: of which device the part below it speaks.
proc ::summary::on {r} { return [expr {[dict get $r folder] eq "" ? "" : " on [code [dict get $r device name]]"}] }

proc ::summary::octets {s} { return [string length [encoding convertto utf-8 $s]] }

# counts TOGETHER COLUMNS -> a row per device, with the verdicts that any of them has.
proc ::summary::counts {all columns} {
    variable ::results::verdicts
    set several [expr {[llength $columns] > 1}]
    set shown [lmap v [concat total $verdicts] { if {![dict get $all summary $v]} continue; set v }]
    set out "|[expr {$several ? " device |" : ""}][join [lmap v $shown { string cat " $v |" }] ""]\n"
    append out "|[expr {$several ? "---|" : ""}][string repeat "---:|" [llength $shown]]\n"
    foreach col $columns {
        append out |[expr {$several ? " [code [dict get $col device name]] |" : ""}]
        append out [join [lmap v $shown { string cat " [dict get $col summary $v] |" }] ""]\n
    }
    return $out
}

# problem CASE ON -> its section: what was expected, what came, and the ladder.
proc ::summary::problem {c on} {
    set f [dict get $c failure]
    set out "\n## [string toupper [dict get $c verdict]] [code [dict get $c id]]$on\n\n[md [dict get $c title]]\n"
    set rows [list requirement [expr {[llength $f] ? [dict get $f req] : ""}] reason [dict get $c reason]]
    foreach key {rule where expected got means look_at again} {
        if {[llength $f]} { lappend rows [string map {_ " "} $key] [dict get $f $key] }
    }
    append out "\n| | |\n|---|---|\n"
    foreach {key value} $rows {
        if {$value eq ""} continue
        set value [text::cap [text::visible $value] 2000]
        append out "| $key | [expr {$key in {requirement where expected got again} ? [code $value] : [md $value]}] |\n"
    }
    append out [diagram $c]
    return $out
}

proc ::summary::diagram {c} {
    if {![llength [dict get $c ladder]]} { return "" }
    set out "\n```mermaid\nsequenceDiagram\n    participant T as tester\n    participant D as device\n"
    foreach row [ladder::rows $c 30] {
        if {[dict exists $row gap]} {
            append out "    Note over T,D: [dict get $row gap] more messages\n"
            continue
        }
        lassign [expr {[dict get $row from] eq "tester" ? "T D" : "D T"}] a b
        set arrow [dict get {plain ->> retransmit -->> lost -x missing --x} [ladder::kind $row]]
        append out "    $a$arrow$b: [mermaid [text::cap [ladder::label $row] 300]]\n"
        foreach bend [dict get $row bent] {
            append out "    Note over $a: bent [mermaid [text::cap [text::visible [dict get $bend path]] 80]] [
                ]to [mermaid [text::cap [text::visible [dict get $bend new]] 80]]\n"
        }
        if {[dict get $row flag] ne ""} {
            append out "    Note over T,D: missed [mermaid [text::cap [text::visible [dict get $row flag]] 200]]\n"
        }
    }
    return "$out```\n"
}

proc ::summary::known {r} {
    set cases [gate::cases $r known]
    if {![llength $cases]} { return "" }
    set out "\n## Known failures[on $r]\n\n| case | ticket | until | reason |\n|---|---|---|---|\n"
    foreach c $cases {
        set x [dict get $c expectation]
        append out "| [code [dict get $c id]] | [md [dict get $x ticket]] | [md [dict get $x until]] | [md [dict get $x reason]] |\n"
    }
    return $out
}

proc ::summary::warnings {r} {
    set cases [gate::cases $r warn]
    if {![llength $cases]} { return "" }
    set out "\n## Warnings[on $r]\n\n| case | requirement | got |\n|---|---|---|\n"
    foreach c $cases {
        foreach k [dict get $c checks] {
            if {[dict get $k outcome] ne "missed"} continue
            append out "| [code [dict get $c id]] | [code [dict get $k req]] | [md [text::cap [dict get $k got] 300]] |\n"
        }
    }
    return $out
}

proc ::summary::coverage {r} {
    set out "\n## Requirements\n\n| document | met | missed | not judged |\n|---|---:|---:|---:|\n"
    foreach {name n} [gate::documents $r] {
        append out "| [md $name] | [dict get $n met] | [dict get $n missed] | [dict get $n open] |\n"
    }
    return $out
}

proc ::summary::rest {r} {
    set cases [gate::cases $r unsupported skipped]
    if {![llength $cases]} { return "" }
    set out "\n## Not run[on $r]\n\n| case | verdict | reason |\n|---|---|---|\n"
    foreach c $cases {
        append out "| [code [dict get $c id]] | [dict get $c verdict] | [md [dict get $c reason]] |\n"
    }
    return $out
}
