# testcase.tcl - reads case files: testcase and rows, their static metadata, vary; checks them and keeps them.
# Nothing of a case file is run here. Mistakes carry file, line, column, what is allowed and the nearest match.

namespace eval ::testcase {
    variable cases [dict create]   ;# id -> metadata
    variable renamed [dict create] ;# old id -> id
    variable faults {}
    variable keys {title cites device needs setup bent tags why hint rev vary was health}
    variable required {title cites device}
    # what a body may say: our words (case.tcl adds them to the interpreter) and a plain subset of Tcl
    variable words {
        ike tx rx rx-none auth init-refused msg must should may same-bytes no-sa alive-sa sa-up esp-echo esp-send
        must-traffic no-traffic hold release drop delay repeat alter edit refuse dut sas sa child settle note
        inconclusive precondition conn judge answers events inner link record records raw names sweep act bias manual
        forget credential publish checksum
    }
    variable plain {
        set expr if foreach for while list lindex llength lappend lrange lsort lmap string format scan incr dict switch
        proc return break continue catch error concat join split append binary lassign lsearch lreplace lrepeat
        lreverse linsert lset uplevel global variable info unset eval regexp regsub subst apply try throw tcl::mathfunc
    }
}

# Reads DIR/*/*.tcl (DIR = cases). All faults of all files come in one error.
proc ::testcase::load {dir} {
    variable cases
    variable renamed
    variable faults
    set cases [dict create]
    set renamed [dict create]
    set faults {}
    foreach file [lsort [glob -nocomplain -directory $dir */*.tcl]] {
        if {[file tail [file dirname $file]] in {requirements setups bent odd suites mappings}} continue
        set name cases/[file tail [file dirname $file]]/[file tail $file]
        if {[catch {load_text [::parse::read_file $file] $name} message options]} {
            if {[lrange [dict get $options -errorcode] 0 1] ne {IKESPEC USAGE}} { return -options $options $message }
            lappend faults $message
        }
    }
    if {[llength $faults]} { throw {IKESPEC USAGE} [join $faults \n] }
    return [dict size $cases]
}

# Adds a case that another process has read and checked, by the name that was asked for.
proc ::testcase::know {id case} { variable cases; dict set cases $id $case }

proc ::testcase::ids {} { variable cases; dict keys $cases }
proc ::testcase::exists {id} { variable cases; dict exists $cases $id }
proc ::testcase::add_fault {text} { variable faults; lappend faults $text }

proc ::testcase::get {id} {
    variable cases
    variable renamed
    if {[dict exists $renamed $id]} { set id [dict get $renamed $id] }
    if {![dict exists $cases $id]} {
        throw {IKESPEC USAGE} [::parse::unknown "case" $id [dict keys $cases]]
    }
    dict get $cases $id
}

# The roles a case runs in.
proc ::testcase::roles {id} { dict get [get $id] roles }

# Checks one file's text and adds its cases; file is the name shown to people.
proc ::testcase::load_text {text file} {
    variable faults
    foreach command [::parse::commands $text $file] {
        if {[catch {one $command $file} message options]} {
            if {[lrange [dict get $options -errorcode] 0 1] ne {IKESPEC USAGE}} { return -options $options $message }
            lappend faults $message
        }
    }
}

proc ::testcase::one {command file} {
    lassign [lindex $command 0] word - line col
    switch -- $word {
        testcase {
            if {[llength $command] != 4} {
                ::parse::fail $file $line $col {should be: testcase ID {metadata} {body}}
            }
            lassign $command - id meta body
            add_varied $file [lindex $id 0] [metadata $meta $file $id] $body {} $line
            lint_words $file [lindex $body 0] {*}[lrange $body 2 3] {}
        }
        rows {
            if {[llength $command] != 6} {
                ::parse::fail $file $line $col {should be: rows ID {metadata} {variables} {rows} {body}}
            }
            lassign $command - id meta vars table body
            set m [metadata $meta $file $id]
            set names [lindex $vars 0]
            foreach row [::parse::commands [lindex $table 0] $file {*}[lrange $table 2 3]] {
                set values [lmap w $row {lindex $w 0}]
                lassign [lindex $row 0] label - rline rcol
                if {[llength $values] != [llength $names] + 1} {
                    ::parse::fail $file $rline $rcol \
                        "row \"$label\" has [expr {[llength $values] - 1}] values for [llength $names] variables ($names)"
                }
                if {![regexp {^[a-z0-9][a-z0-9._-]*$} $label]} {
                    ::parse::fail $file $rline $rcol "label \"$label\" is not a word of a-z 0-9 . _ -"
                }
                set bound {}
                foreach n $names v [lrange $values 1 end] { dict set bound $n $v }
                add_varied $file [lindex $id 0]/$label $m $body $bound $rline $label
            }
            lint_words $file [lindex $body 0] {*}[lrange $body 2 3] {}
        }
        default { ::parse::fail $file $line $col [::parse::unknown word $word {testcase rows}] }
    }
}

# The metadata block as dict key -> {value line col}.
proc ::testcase::metadata {meta file id} {
    variable keys
    variable required
    lassign $id name - iline icol
    if {![regexp {^[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)+$} $name]} {
        ::parse::fail $file $iline $icol "id \"$name\" is not of the form area/words-with-dashes"
    }
    set found {}
    set words [::parse::words [lindex $meta 0] $file {*}[lrange $meta 2 3]]
    foreach {k v} $words {
        lassign $k key - line col
        if {$key ni $keys} { ::parse::fail $file $line $col [::parse::unknown key $key $keys] }
        if {$v eq ""} { ::parse::fail $file $line $col "key \"$key\" has no value" }
        if {[dict exists $found $key]} { ::parse::fail $file $line $col "key \"$key\" stands here twice" }
        dict set found $key [list [lindex $v 0] {*}[lrange $v 2 3]]
    }
    foreach key $required {
        if {![dict exists $found $key]} {
            ::parse::fail $file $iline $icol "$name lacks the key \"$key\""
        }
    }
    return $found
}

proc ::testcase::label {value} {
    string trim [regsub -all {[^a-z0-9._]+} [string tolower $value] -] -
}

# Expands vary: every combination is a case of its own, named by its values.
proc ::testcase::add_varied {file id meta body bound line {label ""}} {
    set sets [list [list "" $bound]]
    if {[dict exists $meta vary]} {
        lassign [dict get $meta vary] vary vline vcol
        if {[llength $vary] % 2} { ::parse::fail $file $vline $vcol "vary should be {variable {values} ...}" }
        foreach {name values} $vary {
            set more {}
            foreach s $sets {
                lassign $s suffix b
                foreach v $values {
                    lappend more [list [string trim $suffix-[label $v] -] [dict replace $b $name $v]]
                }
            }
            set sets $more
        }
    }
    foreach s $sets {
        lassign $s suffix b
        set names {}
        set full $id
        if {$label ne ""} { lappend names $label }
        if {$suffix ne ""} { lappend names $suffix; append full /$suffix }
        add $file $full $meta $body $b $line [join $names ", "]
    }
}

# Puts values of row and vary variables into static text ($name, ${name}).
proc ::testcase::fill {text bound} {
    set map {}
    foreach name [lsort -decreasing [dict keys $bound]] {
        lappend map "\${$name}" [dict get $bound $name] "\$$name" [dict get $bound $name]
    }
    string map $map $text
}

proc ::testcase::value {meta key bound {default ""}} {
    if {![dict exists $meta $key]} { return $default }
    fill [lindex [dict get $meta $key] 0] $bound
}

proc ::testcase::add {file id meta body bound line label} {
    variable cases
    variable renamed
    lassign $body text kind bline bcol
    set place [list $line 1]
    if {[dict exists $cases $id]} {
        ::parse::fail $file {*}$place "case $id stands here twice (first: [dict get $cases $id file]:[dict get $cases $id line])"
    }
    set c [dict create id $id title [value $meta title $bound] label $label cites [value $meta cites $bound] \
               device [value $meta device $bound] needs [value $meta needs $bound] setup [value $meta setup $bound psk] \
               bent [value $meta bent $bound] tags [value $meta tags $bound] why [value $meta why $bound] \
               hint [value $meta hint $bound] rev [value $meta rev $bound 1] was [value $meta was $bound] \
               health [value $meta health $bound yes] \
               file $file line $line body $text body_line $bline vars $bound area [lindex [split $id /] 0]]
    if {$label ne ""} { dict append c title " ($label)" }
    set device [dict get $c device]
    if {$device ni {responder initiator both}} {
        ::parse::fail $file {*}[lrange [dict get $meta device] 1 2] \
            [::parse::unknown "device role" $device {responder initiator both}]
    }
    dict set c roles [expr {$device eq "both" ? {responder initiator} : [list $device]}]
    foreach cite [dict get $c cites] {
        if {![::requirements::exists $cite]} {
            ::parse::fail $file {*}[lrange [dict get $meta cites] 1 2] \
                [::parse::unknown requirement $cite [::requirements::ids]]
        }
    }
    if {![llength [dict get $c cites]]} {
        ::parse::fail $file {*}[lrange [dict get $meta cites] 1 2] "cites names no requirement"
    }
    if {[dict get $c health] ni {yes no}} {
        ::parse::fail $file {*}[lrange [dict get $meta health] 1 2] [::parse::unknown health [dict get $c health] {yes no}]
    }
    if {![string is integer -strict [dict get $c rev]]} {
        ::parse::fail $file {*}[lrange [dict get $meta rev] 1 2] "rev should be a number"
    }
    set setup [lindex [dict get $c setup] 0]
    if {![::setups::exists $setup]} {
        ::parse::fail $file {*}[expr {[dict exists $meta setup] ? [lrange [dict get $meta setup] 1 2] : $place}] \
            [::parse::unknown setup $setup [::setups::names]]
    }
    foreach b [dict get $c bent] {
        if {![::bent::exists $b]} {
            ::parse::fail $file {*}[lrange [dict get $meta bent] 1 2] \
                [::parse::unknown "bent device" $b [::bent::names]]
        }
    }
    lint_requirements $c [fill $text $bound] $bline $bcol
    dict set c verbs [verbs $text]
    dict set cases $id $c
    foreach old [dict get $c was] { dict set renamed $old $id }
}

# The driver verbs a body calls.
proc ::testcase::verbs {body} {
    set found {}
    foreach {- v} [regexp -all -inline {\mdut\s+(-wait\s+)?([a-z-]+)} $body] {}
    foreach {- - v} [regexp -all -inline {\mdut\s+(-\w+\s+\S+\s+)*([a-z][a-z-]+)} $body] {
        if {$v ni $found} { lappend found $v }
    }
    if {[regexp {\mike\s+(await)} $body] && "initiate" ni $found} { lappend found initiate }
    return $found
}

# What can be said about a body without running it: it is whole and its words exist (lint_words, once for all rows), and
# the requirements it names exist, are cited, and are judged by the word of their level.
proc ::testcase::lint_requirements {c text line col} {
    set file [dict get $c file]
    foreach {all word req} [regexp -all -inline -indices {\m(must|should|may)\s+([a-z0-9.-]+/[^\s\{\}\[\];"]+)} $text] {
        set place [::parse::place $text [lindex $req 0] $line $col]
        set w [string range $text {*}$word]
        set r [string range $text {*}$req]
        check_req $c $r $place
        set want [::requirements::word $r]
        if {$w ne $want} {
            ::parse::fail $file {*}$place "$r is a [::requirements::level $r]: write \"$want\" in place of \"$w\""
        }
    }
    foreach {all req} [regexp -all -inline -indices {\s-req\s+([a-z0-9.-]+/[^\s\{\}\[\];"]+)} $text] {
        check_req $c [string range $text {*}$req] [::parse::place $text [lindex $req 0] $line $col]
    }
}

proc ::testcase::check_req {c r place} {
    set file [dict get $c file]
    if {![::requirements::exists $r]} {
        ::parse::fail $file {*}$place [::parse::unknown requirement $r [::requirements::ids]]
    }
    if {$r ni [dict get $c cites]} {
        ::parse::fail $file {*}$place "$r is judged here but not named under cites"
    }
}

# Is it known only when the body runs?
proc ::testcase::late {word} { string match {*[$[]*} $word }

# That TEXT, which stands at LINE and COL, is whole and has known words only: those of the language (or KNOWN), plain Tcl, and
# procedures of its OWN.
proc ::testcase::lint_words {file text line col own {known {}}} {
    variable words
    variable plain
    if {![llength $known]} { set known $words }
    set commands [::parse::commands $text $file $line $col]
    foreach command $commands {
        if {[lindex $command 0 0] eq "proc"} { lappend own [lindex $command 1 0] }
    }
    foreach command $commands {
        lassign [lindex $command 0] word kind wline wcol
        if {$kind eq "bare" && ![late $word] && $word ni $known && $word ni $plain && $word ni $own} {
            ::parse::fail $file $wline $wcol [::parse::unknown word $word [concat $known $plain]]
        }
        # a word that is the result of a command
        foreach w [lrange $command 1 end] {
            lassign $w value how at_line at_col
            if {$how eq "bare" && [string index $value 0] eq "\[" && [::parse::close_bracket $value 0] == [string length $value]} {
                lint_words $file [string range $value 1 end-1] $at_line [expr {$at_col + 1}] $own $known
            }
        }
        set last [lindex $command end]
        if {$word in {if foreach while for proc} && [lindex $last 1] eq "brace"} {
            lint_words $file [lindex $last 0] {*}[lrange $last 2 3] $own $known
        }
        set by_role [expr {$word eq "ike" ? [lindex $command 1 0] : $word}]
        if {$by_role in {init auth init-refused}} {
            set receives [::byrole::lint $by_role $command $file]
        } else {
            set receives [expr {$word eq "rx" && ![string match -* [lindex $command end-1 0]]}]
        }
        if {$receives && [lindex $last 1] eq "brace"} {
            foreach check [::parse::commands [lindex $last 0] $file {*}[lrange $last 2 3]] {
                ::rx::lint_check $check $file
            }
        }
    }
}
