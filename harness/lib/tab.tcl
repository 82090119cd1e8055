# tab.tcl - what Tab knows in `ikespec shell`: commands, their words, setups, peers, variables, and the paths of a message.
#
#   tab::candidates LINE      LINE up to the cursor -> list of whole words that its last word may become
#   tab::complete TEXT START END LINE    the same as libreadline wants it: {WHAT-REPLACES-TEXT CANDIDATE...}, "" for none
#   tab::line PROMPT          a line that somebody types, with history and Tab where that is possible; throws {TAB EOF}

namespace eval ::tab {
    # what a prompt is for comes first
    variable commands {}
    variable ensembles {msg ::ike::msg peer ::ike::peer net ::ike::net pcap ::ike::pcap inner ::ike::inner names ::ike::names keyed ::ike::keyed}
    # of ::ike::msg: HANDLE, then a path
    variable with_path {get set exists has remove double move}
    variable readline 0
    variable over 0
}

# Words before the last one, and that one as far as it goes, both of the innermost command that is being typed.
proc ::tab::split_line {line} {
    set at 0
    set open {}
    set before ""
    for {set i 0} {$i < [string length $line]} {incr i} {
        set c [string index $line $i]
        switch -- $c {
            ; - \n { set at [expr {$i + 1}] }
            \[ {
                # (inside a word it is an index of a path)
                if {$i == 0 || [string is space $before] || $before in {\{ \" \[ ;}} { set at [expr {$i + 1}] }
            }
            \{ { lappend open [expr {$i + 1}] }
            \} { set open [lrange $open 0 end-1] }
        }
        set before $c
    }
    # a brace that is open with more than a word in it holds a script
    foreach o $open { if {$o > $at && [regexp {\s} [string trimleft [string range $line $o end]]]} { set at $o } }
    set words [regexp -all -inline {\S+} [string range $line $at end]]
    if {![llength $words] || [string is space [string index $line end]]} { return [list $words ""] }
    return [list [lrange $words 0 end-1] [lindex $words end]]
}

proc ::tab::candidates {line} {
    lassign [split_line $line] words last
    regexp {^([\{"]?)(.*)$} $last - quote text
    set found [lsort -unique [lsearch -all -inline -glob [known $words $text] [string map {\\ \\\\ * \\* ? \\? \[ \\\[ \] \\\]} $text]*]]
    # brackets of a path would be a command
    if {$quote eq "" && [lsearch -glob $found {*\[*}] >= 0} { set quote \{ }
    lmap f $found { string cat $quote $f [expr {$quote eq "\{" && [llength $found] == 1 ? "\}" : ""}] }
}

proc ::tab::known {words text} {
    variable commands
    variable ensembles
    variable with_path
    if {[string match {$*} $text]} { return [lmap v [info globals] { string cat $ $v }] }
    if {![llength $words]} { return [concat $commands [dict keys $ensembles] [info commands ::ike::*] [info commands [string trimleft $text :]*]] }
    lassign $words first sub handle
    set full [expr {[dict exists $ensembles $first] ? [dict get $ensembles $first] : $first}]
    switch -- [llength $words] {
        1 {
            if {$first eq "up"} { return [::setups::names] }
            if {[string match ::ike::* $full]} { return [subcommands $full] }
        }
        2 { if {$full eq "::ike::peer" && $sub ni {new list}} { return [::ike::peer list] } }
        default { if {$full eq "::ike::msg" && $sub in $with_path} { return [paths $handle] } }
    }
    return [glob -nocomplain -- $text*]
}

# What an ensemble of ours has, by what it says of a wrong word.
proc ::tab::subcommands {name} {
    if {[catch { $name ? } text] && [regexp {allowed: (.*)$} $text - list]} { return [split [string map {", " ,} $list] ,] }
    return {}
}

# Paths of the message that a word stands for.
proc ::tab::paths {word} {
    if {[regexp {^\$(?:::)?(\w+)$} $word - name]} {
        if {![info exists ::$name]} { return {} }
        set word [set ::$name]
    }
    if {[catch { ::ike::msg paths $word } pairs]} { return {} }
    concat [::ike::msg payloads $word] [lmap pair $pairs { lindex $pair 0 }]
}

proc ::tab::complete {text start end line} {
    set line [string range $line 0 [expr {$end - 1}]]
    # libreadline's words end at other places than ours: what stands before its word stays
    set kept [expr {[string length [lindex [split_line $line] 1]] - ($end - $start)}]
    set found [lmap f [candidates $line] { string range $f [expr {max($kept, 0)}] end }]
    if {![llength $found]} { return "" }
    set common [lindex $found 0]
    foreach f $found { while {![string equal -length [string length $common] $common $f]} { set common [string range $common 0 end-1] } }
    if {$common eq ""} { set common $text }
    return [linsert $found 0 $common]
}

proc ::tab::start {} {
    variable readline [expr {![catch { exec tty <@stdin }] && ![catch { package require tclreadline }]}]
    if {!$readline} return
    # no history is read, and none written: what is typed here may be a key
    ::tclreadline::readline initialize /dev/null
    ::tclreadline::readline customcompleter ::tab::complete
    ::tclreadline::readline builtincompleter 0
    # (its own is to end the program)
    ::tclreadline::readline eofchar {set ::tab::over 1}
}

proc ::tab::line {prompt} {
    variable readline
    variable over
    if {$readline} {
        set line [::tclreadline::readline read $prompt]
        if {$over} { throw {TAB EOF} "no more" }
        if {[string trim $line] ne ""} { ::tclreadline::readline add $line }
        return $line
    }
    puts -nonewline $prompt
    flush stdout
    if {[gets stdin line] < 0} { throw {TAB EOF} "no more" }
    return $line
}
