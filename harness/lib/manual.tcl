# manual.tcl - the manual pages, man(7): what people wrote in harness/man/*.in, and in it, at lines `.@ NAME`, lists made of
# the program's own tables, so that they cannot go out of date. The page of the case language is made of cases/README.md.
#   ikespec manual PAGE       prints a page          ikespec manual --to DIR     writes all of them

namespace eval ::manual {
    variable pages {ikespec.1 ikespec-case.7 ikespec-dut.5 ikespec-expect.5 ikespec-exit.7}
    # when the pages were last gone over as a whole
    variable date 2026-11-28
    variable titles {
        ikespec.1 "conformance tester for IKEv2 and ESP"  ikespec-case.7 "language of ikespec's test cases"
        ikespec-dut.5 "profile of a device under test"  ikespec-expect.5 "failures that are known"
        ikespec-exit.7 "verdicts and exit codes of ikespec"
    }
}

# --- text as man(7) ---------------------------------------------------------------------------------------------------

proc ::manual::escape {text} {
    set text [string map {\\ \\e - \\- \u2019 ' ' \\(aq ` \\(ga ^ \\(ha ~ \\(ti} $text]
    regsub -line -all {^\.} $text {\\\&.} text
    return $text
}

# Markdown's `words` and **words** as bold; the rest escaped.
proc ::manual::inline {text} {
    set out ""
    foreach {part code} [split [regsub -all {\*\*([^*]+)\*\*} $text {`\1`}] `] {
        append out [escape $part]
        if {$code ne ""} { append out \\fB[escape $code]\\fR }
    }
    return $out
}

proc ::manual::item {head text} { return ".TP\n$head\n$text" }

proc ::manual::page {name} {
    variable pages
    variable titles
    variable date
    if {$name ni $pages} { ::cli::usage "ikespec manual: [::parse::unknown page $name $pages]" }
    regexp {^(.*)\.(\d)$} $name - title section
    set text [list ".TH [string toupper $title] $section \"$date\" \"ikespec $::ikespec::version\" \"ikespec\"" \
        ".SH NAME" "[escape $title] \\- [escape [dict get $titles $name]]"]
    if {$name eq "ikespec-case.7"} {
        lappend text [markdown [::parse::read_file [file join $::ikespec::home cases README.md]]]
    } else {
        lappend text [template [::parse::read_file [file join $::ikespec::home harness man $name.in]]]
    }
    lappend text ".SH SEE ALSO" [join [lmap p [lsearch -all -inline -not -exact $pages $name] {
        regexp {^(.*)\.(\d)$} $p - t s; string cat ".BR [escape $t] ($s)" }] ",\n"]
    return [folded [join $text \n]]\n
}

# Long lines of running text in several, as such sources are kept.
proc ::manual::folded {text} {
    set verbatim 0
    join [lmap line [split $text \n] {
        switch -glob -- $line { .nf { set verbatim 1 } .fi { set verbatim 0 } }
        if {$verbatim || [string match .* $line]} { set line } else {
            # (a line must not begin with what would make it a request)
            join [lmap l [::text::wrap $line 78] { regsub {^[.']} $l {\\\&&} }] \n
        }
    }] \n
}

proc ::manual::template {text} {
    join [lmap line [split [string trimright $text] \n] {
        if {[string match {.\\\"*} $line]} continue
        if {![regexp {^\.@ (\S+)$} $line - list]} { set line } else { list_$list }
    }] \n
}

# As much of Markdown as cases/README.md has: headings, blocks of code, tables, paragraphs, items.
proc ::manual::markdown {text} {
    set out [list ".SH DESCRIPTION"]
    set code 0
    set last ""
    foreach line [split [string trimright $text] \n] {
        if {[string match ```* $line]} {
            set code [expr {!$code}]
            lappend out [expr {$code ? ".PP\n.nf" : ".fi"}]
        } elseif {$code} {
            lappend out [escape $line]
        } elseif {[regexp {^# } $line]} {
        } elseif {[regexp {^##+ (.*)$} $line - head]} {
            lappend out ".SH [string toupper [escape $head]]"
        } elseif {[regexp {^\|[-| ]+\|?$} $line]} {
        } elseif {[regexp {^\| *(.*?) *\| *(.*?) *\|?$} $line - a b]} {
            if {$a ne "" && $b ne ""} { lappend out [item [inline $a] [inline $b]] }
        } elseif {[string trim $line] eq ""} {
        } else {
            if {$last eq "" || [string match |* $last] || [string match ```* $last] || [string match #* $last]} { lappend out .PP }
            lappend out [inline [string trimleft $line]]
        }
        set last [string trim $line]
    }
    return [regsub -all {(\.SH [^\n]*\n)\.PP\n} [join $out \n] {\1}]
}

# --- the lists ----------------------------------------------------------------------------------------------------------

proc ::manual::list_commands {} {
    join [lmap name [::cli::visible] {
        set c [dict get $::cli::commands $name]
        set text [escape [dict get $c help]].
        if {[llength [dict get $c flags]]} {
            append text "\nFlags:\n[join [lmap f [dict get $c flags] { string cat {.BR } [escape $f] " ,"}] \n]"
            regsub { ,$} $text { .} text
        }
        item ".B [escape [string trim "$name [join [dict get $c words]]"]]" $text
    }] \n
}

proc ::manual::list_flags {} {
    join [lmap f [lsort [dict keys $::cli::flags]] {
        lassign [dict get $::cli::flags $f] kind default text
        set shown [expr {$kind in {bool count} || $default in {"" {}} ? "" : " ([escape $default])"}]
        item "\\fB[escape $f]\\fR[escape [::cli::argument $f]]" [inline $text]$shown
    }] \n
}

proc ::manual::list_exits {} { join [lmap {code words} $::cli::exits { item ".B $code" [escape $words] }] \n }
proc ::manual::list_verdicts {} { join [lmap {v words} $::gate::words { item ".B $v" [escape $words] }] \n }
proc ::manual::list_selectors {} {
    join [lmap line [split [string trim $::select::help] \n] {
        if {![regexp {^  (\S.*\S)  +(\S.*)$} $line - word text]} continue
        item ".B [escape $word]" [escape $text]
    }] \n
}
proc ::manual::list_verbs {} { return [escape [join [lsort [::dut::verbs]] ", "]] }
proc ::manual::list_drivers {} { return [escape [join [lsort -unique [concat self [::profile::drivers]]] ", "]] }
proc ::manual::list_lab-keys {} { return [escape [join [lsort $::profile::lab_keys] ", "]] }
proc ::manual::list_keys {} { return [escape [join [lsort $::profile::keys] ", "]] }
proc ::manual::list_kinds {} { return [escape [join $::expectation::kinds ", "]] }
proc ::manual::list_whens {} { return [escape [join $::expectation::whens ", "]] }
# What the suite asks for, and what drivers know of their devices.
proc ::manual::list_claims {} {
    ::cli::load_cases
    set claims [concat [dict keys [::dut::claims self]] $::probe::lists]
    foreach id [::testcase::ids] {
        foreach need [dict get [::testcase::get $id] needs] { lappend claims [lindex [split [string trimleft $need !] :] 0] }
    }
    return [escape [join [lsort -unique $claims] ", "]]
}

# --- the command ---------------------------------------------------------------------------------------------------------

proc ::manual::command {words o} {
    variable pages
    set to [dict get $o --to]
    if {$to eq ""} { puts -nonewline [page [lindex $words 0]]; return 0 }
    ::cli::written $to { foreach name $pages {
        set file [file join $to man[string index $name end] $name]
        file mkdir [file dirname $file]
        ::runner::put $file [page $name]
    } }
    return 0
}

::cli::command manual {PAGE} "a manual page (ikespec.1, ikespec-dut.5, ...) for man -l; --to DIR: all of them" {--to} ::manual::command
