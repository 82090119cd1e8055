# command.tcl - ikespec fuzz run, replay, triage, min, promote, rate: a live device is fuzzed statefully; a finding becomes a case.
# Exit: 0 nothing new, 1 a new finding, 2 interrupted (kept, goes on next time), 4 usage, 7 the device is lost.

namespace eval ::fuzz {
    variable verbs {run replay triage min promote rate}
    variable started 0
    variable shown 0
}
foreach part {mutate states judge shrink volley campaign promote rate} { source [file join [file dirname [file normalize [info script]]] $part.tcl] }
unset part

proc ::fuzz::command {words o} {
    variable verbs
    set words [lassign $words verb]
    ::cli::verb fuzz $verb $verbs
    return [$verb $words $o]
}

# The folder of a device's campaign.
proc ::fuzz::folder {o} {
    if {[dict get $o --out] ne ""} { return [dict get $o --out] }
    regsub -all {[^A-Za-z0-9._-]+} [file rootname [file tail [dict get $o --dut]]] - name
    return [file join [file dirname [::cli::runs]] fuzz $name]
}

# Settings of the device; inside its lab when it needs one. -> {settings {}} or {{} exit-code} when another process did it all
proc ::fuzz::ready {o} {
    ::cli::load_cases
    set dut [::profile::find [dict get $o --dut]]
    if {[dict get $dut bent] ne "" && ![::bent::possible [dict get $dut bent]]} { ::cli::usage "--dut: the built-in device does not rule on [dict get $dut bent]" }
    if {[set code [::run::privileged $dut]] ne ""} { return [list {} $code] }
    if {[dict get $dut netns] && ![dict size [::netns::inside]]} {
        set lab [::netns::up ikf 0]
        try {
            exec {*}[::netns::wrap $lab [list $::ikespec::exe {*}$::ikespec::argv]] <@stdin >@stdout 2>@stderr
        } trap CHILDSTATUS {- info} {
            return [list {} [lindex [dict get $info -errorcode] 2]]
        } finally {
            ::netns::down $lab
        }
        return [list {} 0]
    }
    dict set dut options [::dut::briefly [dict get $dut driver] [dict get $dut options]]
    list [::run::settings $dut [dict create --seed [if {[dict get $o --seed] eq ""} { string cat 1 } { dict get $o --seed }] --time-scale 1 --evidence none --dut [dict get $o --dut]]] ""
}

proc ::fuzz::states {o} {
    set all [::fuzz::state::names]
    if {![llength [dict get $o --state]]} { return $all }
    foreach name [dict get $o --state] { if {$name ni $all} { ::cli::usage "--state: [::parse::unknown state $name $all]" } }
    return [dict get $o --state]
}

proc ::fuzz::run {words o} {
    variable started [clock milliseconds]
    if {[llength $words]} { ::cli::usage "ikespec fuzz run takes no words, only flags: [lindex $words 0]" }
    set states [states $o]
    lassign [ready $o] settings code
    if {$code ne ""} { return $code }
    set dir [folder $o]
    ::fuzz::campaign::load $dir $settings [dict get $settings seed]
    set ::fuzz::campaign::say [expr {![dict get $o -q]}]
    set seconds [dict get $o --max-time]
    set attempts [dict get $o --attempts]
    if {$attempts <= 0} { set attempts [expr {$seconds > 0 ? 1000000000 : 2000}] }
    set end [expr {$seconds > 0 ? [clock milliseconds] + 1000 * $seconds : 1 << 60}]
    if {![dict get $o -q]} {
        set before [dict get $::fuzz::campaign::C attempts]
        puts "fuzzing [dict get $o --dut]   seed [dict get $::fuzz::campaign::C seed]   [expr {$before ? "goes on after $before attempts" : "from the start"}]   $dir"
        flush stdout
    }
    set before [dict get $::fuzz::campaign::C attempts]
    set status 0
    try {
        set why [::fuzz::campaign::run $states $attempts $end [expr {[dict get $o -q] ? "" : "::fuzz::progress"}]]
    } trap {IKE INTERRUPTED} {} {
        set why interrupted
    } finally {
        catch { ::run::clear_progress }
        ::runner::close_device
    }
    set C $::fuzz::campaign::C
    set done [expr {[dict get $C attempts] - $before}]
    set ms [expr {max(1, [clock milliseconds] - $started)}]
    dict for {state reason} $::fuzz::campaign::unreached { if {![dict get $o -q]} { puts "not reached: $state ($reason)" } }
    puts "[::text::plural $done attempt attempts] in [expr {$ms / 1000}] s ([expr {$done * 1000 / $ms}]/s), [dict size [dict get $C seen]] kinds of answer, [::text::plural [dict size [dict get $C findings]] finding findings], [llength $::fuzz::campaign::fresh] new"
    ::runner::put [file join $dir report.md] [report $C [dict get $o --dut]]
    switch -- $why {
        interrupted { return 2 }
        lost { puts stderr "the device could not be brought back"; return 7 }
    }
    return [expr {[llength $::fuzz::campaign::fresh] > 0}]
}

proc ::fuzz::progress {done total} {
    variable shown
    set now [clock milliseconds]
    if {$now - $shown < 500 || ![::run::tty]} return
    set shown $now
    puts -nonewline stderr "\r$total attempts, [dict size [dict get $::fuzz::campaign::C findings]] findings\u001b\[K"
    flush stderr
    set ::run::R(shown) x
}

# The report page: findings, and what was reached.
proc ::fuzz::report {C device} {
    set out "# Fuzzing of $device\n\n[dict get $C attempts] attempts, [dict size [dict get $C seen]] kinds of answer\n\n## Findings\n\n"
    if {![dict size [dict get $C findings]]} { append out "none\n" }
    dict for {name f} [dict get $C findings] {
        append out "- **$name** ([dict get $f count] times[expr {[dict get $f known] ne "" ? ", known: [dict get $f known]" : ""}]) [dict get $f text]: expected [dict get $f expected], got [::text::visible [dict get $f got]]"
        if {[dict get $f req] ne ""} { append out ", [dict get $f req]" }
        append out "\n"
        foreach step [dict get $f steps] { append out "  - `[lindex $step 0]`: `[join [lmap op [lindex $step 1] { ::text::visible [::text::cap $op 120] }] {`, `}]`\n" }
    }
    if {[dict exists $C differed]} { append out "\n[dict get $C differed] kinds of attempt of a volley were another kind when done alone.\n" }
    if {[dict exists $C unconfirmed]} { append out "\n[dict size [dict get $C unconfirmed]] suspicions did not show again from a fresh start.\n" }
    append out "\n## Attempts\n\n| state | targets | attempts | kinds of answer |\n|---|---|---|---|\n"
    dict for {state arms} [dict get $C arms] {
        set tried 0
        set new 0
        dict for {- arm} $arms { incr tried [lindex $arm 0]; incr new [lindex $arm 1] }
        append out "| $state | [dict size $arms] | $tried | $new |\n"
    }
    return $out
}

# What a word names: a token, or a finding of the campaign. -> {steps finding}
proc ::fuzz::named {word dir} {
    set t [::fuzz::campaign::parse_token $word]
    if {$t ne ""} { return [list "" ""] }
    set C [known_campaign $dir]
    if {[dict exists $C findings $word]} {
        set f [dict get $C findings $word]
        return [list [dict get $f steps] $f]
    }
    ::cli::usage "ikespec fuzz: \"$word\" is no token STATE~TARGET~SEED; [::parse::unknown finding $word [dict keys [dict get $C findings]]]"
}

proc ::fuzz::known_campaign {dir} {
    set file [file join $dir state]
    if {![file exists $file]} { ::cli::usage "$dir holds no campaign; `ikespec fuzz run` makes one" }
    return [::parse::read_file $file]
}

# replay TOKEN|FINDING: from a fresh start, with a ladder. Exit 1 when it shows (again) what it should not.
proc ::fuzz::replay {words o} {
    if {[llength $words] != 1} { ::cli::usage "ikespec fuzz replay: one token STATE~TARGET~SEED or the name of a finding" }
    lassign $words word
    lassign [named $word [folder $o]] steps f
    lassign [ready $o] settings code
    if {$code ne ""} { return $code }
    ::fuzz::campaign::load_device $settings
    try {
        ::fuzz::state::open $settings 1 1
        if {![::fuzz::state::healthy]} { ::cli::unusable "the device makes no SA" }
        # what the answer without an edit looks like is what some rules compare with
        set at [expr {$steps eq "" ? [lindex [::fuzz::campaign::parse_token $word] 0] : [lindex $steps end 0]}]
        ::fuzz::judge::learn $at
        ::fuzz::state::close
        ::fuzz::state::open $settings 2 1
        if {$steps eq ""} {
            lassign [::fuzz::campaign::attempt $word] program obs findings
            puts "$at: [join [lmap op $program { ::text::visible $op }] {; }]"
        } else {
            foreach step $steps {
                puts "[lindex $step 0]: [join [lmap op [lindex $step 1] { ::text::visible $op }] {; }]"
                set obs [::fuzz::state::attempt {*}$step]
            }
            set findings [::fuzz::judge::observation $at $obs]
        }
        puts [::fuzz::state::ladder]
        puts "answer: [::fuzz::judge::novelty $obs $at]   (without the edits: $::fuzz::judge::baseline($at))"
        set faults [::fuzz::campaign::faults]
        lappend findings {*}[::fuzz::judge::device $faults [expr {![llength $faults] && [::fuzz::state::healthy]}]]
    } finally {
        ::fuzz::state::close
        ::runner::close_device
    }
    foreach g $findings { puts "[dict get $g kind]: [dict get $g text]: expected [dict get $g expected], got [::text::visible [dict get $g got]]   [dict get $g req]" }
    if {![llength $findings]} { puts "nothing to object to" }
    return [expr {[llength $findings] > 0}]
}

# triage: the findings of a campaign, the worst first.
proc ::fuzz::triage {words o} {
    set C [known_campaign [folder $o]]
    set rank {}
    dict for {name f} [dict get $C findings] {
        set kind [dict get $f kind]
        set weight [expr {[string match device-fault* $kind] ? 0 : $kind eq "dead" ? 1 : $kind in {unauthenticated accepted} ? 2 : [string match grows-* $kind] ? 3 : $kind in {amplified lost} ? 4 : 5}]
        lappend rank [list $weight $name $f]
    }
    foreach row [lsort $rank] {
        lassign $row - name f
        puts "[expr {[dict get $f known] eq "" ? "new  " : "known"}] [format %5d [dict get $f count]]  $name\n             [dict get $f text]   [dict get $f req]"
    }
    puts "[::text::plural [dict size [dict get $C findings]] finding findings] in [dict get $C attempts] attempts"
    return 0
}

# min FINDING: shortens it (again).
proc ::fuzz::min {words o} {
    if {[llength $words] != 1} { ::cli::usage "ikespec fuzz min: the name of a finding" }
    lassign $words name
    lassign [named $name [folder $o]] steps f
    if {$steps eq ""} { ::cli::usage "ikespec fuzz min: the name of a finding, not a token" }
    lassign [ready $o] settings code
    if {$code ne ""} { return $code }
    ::fuzz::campaign::load [folder $o] $settings [dict get $settings seed]
    try {
        ::fuzz::state::open $settings 1 1
        ::fuzz::judge::learn [dict get $f state]
        lassign [::fuzz::shrink::shorten $f [dict get $f state] $steps $settings] confirmed steps
        puts [expr {$confirmed ? "it shows again" : "it does not show again"}]
        foreach step $steps { puts "[lindex $step 0]: [join [lmap op [lindex $step 1] { ::text::visible $op }] {; }]" }
        if {$confirmed} { dict set ::fuzz::campaign::C findings $name steps $steps; ::fuzz::campaign::save }
    } finally {
        ::fuzz::state::close
        ::runner::close_device
    }
    return [expr {!$confirmed}]
}

::cli::command fuzz {run|replay|triage|min|promote|rate ?TOKEN|FINDING?} "fuzz a live device statefully; a finding becomes a case" \
    {--dut --seed --out --max-time --attempts --state --to -q} ::fuzz::command
