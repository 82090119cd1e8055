# run.tcl - the commands around a run: run, rerun, replay, report, diff, open. Selects, runs, judges against the
# expectation file, writes the run folder and says how it went.

namespace eval ::run {
    variable flags {--dut --seed --suite --repeat --jobs --shard --max-time --fail-fast --pause-on-fail --time-scale
        --evidence --expect --gate --max-warn --out --tally -q -v}
    # what says which cases run has no meaning where a run before has said it
    variable again [lsearch -all -inline -not -regexp $flags {^--(suite|repeat|shard)$}]
    variable R
}

# --- preparing -------------------------------------------------------------------------------------------------------

# Everything that can be wrong is found here, before anything runs. -> plan: list of {id role rep}
proc ::run::plan {words o} {
    ::cli::load_cases
    if {[dict get $o --suite] ne ""} { lappend words suite:[dict get $o --suite] }
    set instances [::select::run $words]
    set instances [::select::shard $instances [dict get $o --shard]]
    if {![llength $instances]} { ::cli::nothing "nothing is selected by: [join $words]" }
    set plan {}
    for {set rep 1} {$rep <= max(1, [dict get $o --repeat])} {incr rep} {
        foreach i $instances { lappend plan [list {*}$i $rep] }
    }
    return $plan
}

proc ::run::new_seed {} {
    set f [open /dev/urandom rb]
    set bytes [read $f 8]
    close $f
    return [binary encode hex $bytes]
}

# Settings of runner::run for a device.
proc ::run::settings {dut o} {
    set seed [dict get $o --seed]
    if {$seed eq ""} { set seed [new_seed] }
    set seed [format %016llx 0x$seed]
    set case [expr {[dict exists $o case] ? [dict get $o case] : {}}]
    set scale [dict get $o --time-scale]
    if {$scale != 1} {
        set mem [expr {[dict get $dut driver] eq "self"}]
        foreach {key ms} [expr {$mem ? {settle-ms 5000 rx-ms 5000 echo-ms 2000} : {settle-ms 400 rx-ms 3000 echo-ms 500}}] {
            dict set case $key [expr {int($ms * $scale)}]
        }
    }
    set driver [dict get $dut driver]
    ::dut::use $driver
    set options [dict map {k v} [dict get $dut options] { ::profile::secret $v [file dirname [dict get $dut file]] }]
    if {[dict size [dict get $dut verbs]]} { dict set options verbs [dict get $dut verbs] }
    dict create driver $driver options $options world [expr {$driver eq "self" ? "mem" : "udp"}] seed $seed \
        bent [dict get $dut bent] evidence [dict get $o --evidence] dir "" claims [::profile::claims $dut] \
        lab [dict get $dut lab] netns [dict get $dut netns] case $case word [dict get $o --dut]
}

# --- the run folder ----------------------------------------------------------------------------------------------------

# PREFIX: the folder is one of another kind, and `latest` stays with the last run.
proc ::run::make_folder {out seed {prefix ""}} {
    if {$out ne ""} {
        if {$prefix eq "" && [::cli::is_run $out]} { file delete -force $out }
        file mkdir $out
        return $out
    }
    set runs [::cli::runs]
    set stamp [clock format [clock seconds] -format %Y%m%dT%H%M%S -gmt 1]
    set name $prefix$stamp-[string range $seed 8 15]
    for {set n 2} {[file exists [file join $runs $name]]} {incr n} { set name $prefix$stamp-[string range $seed 8 15]-$n }
    file mkdir [file join $runs $name]
    if {$prefix ne ""} { return [file join $runs $name] }
    # (Tcl's rename would move a link into the folder that the old one points to)
    set link [file join $runs latest]
    if {![catch { file type $link } type] && $type ne "link"} { return [file join $runs $name] }
    file delete $link
    file link -symbolic $link $name
    return [file join $runs $name]
}

# What the results must not hold: the day, the machine, the words typed. Values are strings.
proc ::run::environment {dir o words S} {
    set rows [list ikespec $::ikespec::version date [clock format [clock seconds] -format %Y-%m-%dT%H:%M:%SZ -gmt 1] \
                  host [info hostname] system "$::tcl_platform(os) $::tcl_platform(osVersion) $::tcl_platform(machine)" \
                  tcl [info patchlevel] folder [pwd] command [join [lmap w $words { ::runner::shell $w }]] \
                  dut [dict get $o --dut] seed [dict get $S seed] jobs [dict get $o --jobs] \
                  expect [dict get $o --expect] time-scale [dict get $o --time-scale]]
    catch { lappend rows processor [lindex [regexp -inline {model name\s*: ([^\n]*)} [::parse::read_file /proc/cpuinfo]] 1] }
    ::runner::put [file join $dir environment.json] \
        "\{\n[join [lmap {k v} $rows { set x "  [::results::quote $k]: [::results::quote $v]" }] ",\n"]\n\}"
}

proc ::run::read_environment {dir} {
    set file [file join $dir environment.json]
    if {![file exists $file]} { return {} }
    set doc [dom parse -json -jsonroot e -- [::parse::read_file $file]]
    set d {}
    foreach x [[$doc documentElement] childNodes] { dict set d [$x nodeName] [$x text] }
    $doc delete
    return $d
}

# --- run -----------------------------------------------------------------------------------------------------------------

proc ::run::command {words o} {
    set plan [plan $words $o]
    set dut [::profile::find [dict get $o --dut]]
    if {[set code [privileged $dut]] ne ""} { return $code }
    lassign [go $plan $dut $o $words] code
    return $code
}

# Drivers in namespaces need rights: without root, the whole command runs again in a user namespace of its own.
proc ::run::privileged {dut} {
    if {![dict get $dut netns]} { return "" }
    set lack [::netns::lack]
    if {$lack ne {}} { ::cli::unusable [join $lack ": "] }
    # here, as no namespace that comes has a network in which a package could be had
    ::dut::prepare [dict get $dut driver] [dict get $dut options]
    if {[::netns::rights] eq "root"} { return "" }
    if {[info exists ::env(IKESPEC_AGAIN)]} { ::cli::unusable "the user namespace gave no rights" }
    set ::env(IKESPEC_AGAIN) 1
    set command [::netns::privileged [list $::ikespec::exe {*}$::ikespec::argv]]
    if {[catch { exec {*}$command <@stdin >@stdout 2>@stderr } - options]} {
        set code [dict get $options -errorcode]
        if {[lindex $code 0] eq "CHILDSTATUS"} { return [lindex $code 2] }
        return 3
    }
    return 0
}

# go PLAN DUT OPTIONS WORDS -> {exit-code folder results}
proc ::run::go {plan dut o words} {
    variable R
    unset -nocomplain R
    set S [settings $dut $o]
    dict set o --jobs [::runner::jobs [dict get $o --jobs] $S]
    set file [::profile::expectations $dut [dict get $o --expect]]
    set rows {}
    if {$file ne ""} {
        set rows [::expectation::read $file]
        ::expectation::check $rows
    }
    set quiet [dict get $o -q]
    try {
        set dir [make_folder [dict get $o --out] [dict get $S seed]]
        dict set S dir [file normalize $dir]
        environment $dir $o [concat ikespec run $words] $S
        set journal [::journal::open_new [file join $dir events.jsonl]]
    } trap POSIX {why options} {
        set place [expr {[dict get $o --out] ne "" ? "--out [dict get $o --out]" : [::cli::runs]}]
        ::cli::usage "ikespec run: $place: nothing can be written there: [lindex [dict get $options -errorcode] 2]; nothing ran"
    }
    set names [lmap p $plan { ::select::name [lrange $p 0 1] [lindex $p 2] }]
    set mem [expr {[dict get $S world] eq "mem"}]
    set head [dict create ikespec $::ikespec::version \
        run [dict create id [if {$mem} { dict get $S seed } { file tail $dir }] seed [dict get $S seed] suite [dict get $o --suite] \
                 selection $words transport [dict get $S world] gate [dict get $o --gate] exit 3 duration_ms 0] \
        device [dict create name [dict get $dut name] driver [dict get $S driver] vendor [dict get $dut vendor] \
                    product [dict get $dut product] version [dict get $dut version] claims [dict get $S claims]] \
        requirements [cited $plan]]
    ::journal::start $journal $head $names
    if {!$quiet} {
        puts "ikespec $::ikespec::version   seed [dict get $S seed]   [::text::plural [llength $plan] case cases]   device [dict get $dut name]"
    }
    # cases that a line switches off are not run at all
    set tasks {}
    set at {}
    array set R [list plan $plan names $names journal $journal rows $rows done 0 total 0 started [clock milliseconds] \
                     o $o lost 0 shown "" results {} mem $mem dut $dut vitals {} texts {}]
    set n -1
    foreach p $plan {
        incr n
        lassign $p id role rep
        set d [::expectation::find $rows $id $role]
        if {$d ne "" && [dict get $d kind] eq "skip"} {
            set r [::case::plain [::testcase::get $id] $role skipped "[dict get $d reason] ([dict get $d ticket])" [dict create rep $rep]]
            set r [::results::fill case [dict merge $r [dict create failure {} expectation [::expectation::public $d]]]]
            keep $n $r
            continue
        }
        lappend tasks [list case {*}$p]
        lappend at $n
    }
    set R(at) $at
    set R(total) [llength $tasks]
    set why failed
    try {
        set why [::runner::run $tasks $S [dict get $o --jobs] ::run::took [dict get $o --max-time]]
    } on error {message options} {
        clear_progress
        catch { ::journal::note $journal fault $message }
        set fault [list $message $options]
    }
    clear_progress
    if {$R(lost) >= 3} { set why lost }
    # what did not run says so
    set reason [dict get {done {} interrupted "interrupted before this case" time "the time was up before this case"
        stopped "stopped at the first failure" lost "the device could not be recovered" failed "the run failed before this case"} $why]
    set cases {}
    for {set n 0} {$n < [llength $plan]} {incr n} {
        if {[dict exists $R(results) $n]} { lappend cases [dict get $R(results) $n]; continue }
        lassign [lindex $plan $n] id role rep
        lappend cases [::results::fill case [dict merge [::case::plain [::testcase::get $id] $role skipped $reason [dict create rep $rep]] \
                                                 {failure {} expectation {}}]]
    }
    set code [exit_code $cases $why $o $rows]
    if {[info exists fault]} { set code [fault_code [lindex $fault 1]] }
    dict set head run exit $code
    if {[dict get $dut version] eq "" && [info exists ::runner::state(version)]} { dict set head device version $::runner::state(version) }
    set ms 0
    if {$mem} { foreach c $cases { incr ms [dict get $c duration_ms] } } else { set ms [expr {[clock milliseconds] - $R(started)}] }
    dict set head run duration_ms $ms
    dict set head device vitals $R(vitals)
    # (each case was filled where it ended)
    set r [::results::finish [dict merge {format 1} $head [dict create cases $cases]]]
    set r [::results::fill results [dict replace $r cases {}]]
    dict set r cases $cases
    if {[catch { write_all $dir $r $journal } message options] && ![info exists fault]} { set fault [list $message $options] }
    set R(texts) {}
    ::journal::shut $journal
    if {![dict exists $o quiet]} { conclude $r $dir $o }
    if {[info exists fault]} {
        lassign $fault message options
        set code [fault_code $options]
        set safe ""
        if {![file exists [file join $dir report.html]]} {
            set safe "; what had finished before is in [file join $dir events.jsonl]: make room, then `ikespec report --recover $dir`"
        }
        puts stderr [expr {$code == 3 ? "ikespec: our fault: $message\n[dict get $options -errorinfo]" : "ikespec: $message$safe"}]
    }
    return [list $code $dir $r]
}

# The exit code of what ended a run in its middle: a file that cannot be written any more is no wrong word.
proc ::run::fault_code {options} {
    set error [dict get $options -errorcode]
    set code [::cli::exit_code $error]
    return [expr {$code == 4 && [lindex $error 0] eq "POSIX" ? 7 : $code}]
}

# results.json, the last line of the journal, the reports; when these cannot be made, what says so.
proc ::run::write_all {dir r journal} {
    variable R
    # (of an earlier run in the same folder)
    foreach f {report.html results.json} { file delete [file join $dir $f] }
    ::results::write [file join $dir results.json] $r $R(texts)
    ::journal::end $journal $r
    if {[catch { ::report::render $dir "" $r } message options]} {
        file delete [file join $dir report.html]
        ::report::dead $dir $message
        return -options $options $message
    }
}

proc ::run::cited {plan} {
    set out {}
    foreach p $plan {
        foreach id [dict get [::testcase::get [lindex $p 0]] cites] {
            if {![dict exists $out $id]} {
                dict set out $id [dict filter [::requirements::get $id] key level role text section]
            }
        }
    }
    return $out
}

# A case has its end: it is in the journal at once, and later in results.json with the same words.
proc ::run::keep {n result} {
    variable R
    set text [::results::case_text $result]
    dict set R(texts) [dict get $result id] $text
    dict set R(results) $n $result
    ::journal::case $R(journal) $text
}

# A result came in: journal, screen.
proc ::run::took {index result} {
    variable R
    set n [lindex $R(at) $index]
    lassign [lindex $R(plan) $n] id role
    if {[dict exists $result lost]} {
        incr R(lost)
        ::journal::note $R(journal) lost "the device was not recovered after [dict get $result id]"
    }
    vitals $result
    set result [dict remove $result lost vitals]
    set result [::expectation::apply $result [::expectation::find $R(rows) $id $role]]
    keep $n $result
    incr R(done)
    set bad [expr {[dict get $result verdict] in {fail stale error inconclusive}}]
    if {![dict get $R(o) -q]} { show $result $bad }
    if {$R(lost) >= 3} { return stop }
    if {$bad && [dict get $R(o) --pause-on-fail]} {
        clear_progress
        puts -nonewline stderr "Return goes on ... "
        gets stdin
    }
    if {$bad && [dict get $R(o) --fail-fast]} { return stop }
    return ""
}

# What the device used: of each number the first and the last, and the most with the case after which it was seen.
proc ::run::vitals {result} {
    variable R
    if {![dict exists $result vitals]} return
    lassign [dict get $result vitals] before after
    foreach key {memory_kb threads files half_open ike_sas} {
        if {![dict exists $before $key] || ![dict exists $after $key]} continue
        set now [dict get $after $key]
        if {![dict exists $R(vitals) $key]} {
            dict set R(vitals) $key [dict create before [dict get $before $key] after $now most -1 case ""]
        }
        dict set R(vitals) $key after $now
        if {$now > [dict get $R(vitals) $key most]} {
            dict set R(vitals) $key most $now
            dict set R(vitals) $key case [dict get $result id]
        }
    }
}

proc ::run::left {} {
    variable R
    if {!$R(done) || $R(done) >= $R(total)} { return "" }
    set s [expr {([clock milliseconds] - $R(started)) * ($R(total) - $R(done)) / $R(done) / 1000}]
    return [format " %d:%02d left" [expr {$s / 60}] [expr {$s % 60}]]
}

proc ::run::show {result bad} {
    variable R
    set v [dict get $R(o) -v]
    set place "$R(done)/$R(total)[left]"
    if {$bad} {
        clear_progress
        puts [::terminal::failure $result $place]
        if {$v >= 2} { puts [::ladder::text $result] }
        puts ""
    } elseif {$v} {
        clear_progress
        puts [::terminal::line $result $place]
    }
    flush stdout
    progress
}

# One line that is written over, on a terminal only.
proc ::run::tty {} {
    variable tty
    if {![info exists tty]} { set tty [expr {![catch { fconfigure stderr -mode }] && ![info exists ::env(CI)]}] }
    return $tty
}

proc ::run::progress {} {
    variable R
    if {![info exists R(total)] || ![tty] || [dict get $R(o) -q]} return
    set text "\[$R(done)/$R(total)[left]\]"
    if {$text eq $R(shown)} return
    set R(shown) $text
    puts -nonewline stderr "\r$text\u001b\[K"
    flush stderr
}

proc ::run::clear_progress {} {
    variable R
    if {[info exists R(shown)] && $R(shown) ne ""} {
        puts -nonewline stderr "\r\u001b\[K"
        flush stderr
        set R(shown) ""
    }
}

# The one place where verdicts become an exit code. WHY: how the run ended, as the runner says it; ROWS: the lines of the
# expectation file.
proc ::run::exit_code {cases why o rows} {
    foreach v $::results::verdicts { set $v 0 }
    set lab 0
    foreach c $cases { incr [expr {[::gate::of_lab $c] ? "lab" : [dict get $c verdict]}] }
    if {$why eq "interrupted"} { return 2 }
    if {$why eq "lost"} { return 7 }
    set judged [expr {$pass + $warn + $fail + $known + $stale}]
    # (a run that judged nothing reports nothing, unless there was nothing to judge)
    set unjudged [expr {$error + $lab + $inconclusive}]
    if {[dict get $o --gate] eq "report-only" && ($judged || ($unsupported && !$unjudged))} { return 0 }
    if {$fail || $stale} { return 1 }
    if {$error} { return 3 }
    if {$lab} { return 7 }
    if {$inconclusive} { return [expr {$judged ? 1 : 7}] }
    if {[dict get $o --gate] eq "release"
        && [llength [::expectation::expired $rows [clock format [clock seconds] -format %Y-%m-%d]]]} { return 1 }
    if {[dict get $o --max-warn] >= 0 && $warn > [dict get $o --max-warn]} { return 6 }
    if {!$judged} { return 5 }
    return 0
}

proc ::run::conclude {r dir o} {
    puts [::terminal::summary $r]
    if {![dict get $o -q] && [file exists [file join $dir report.html]]} { puts "report   [file join $dir report.html]" }
    if {[dict get $o --tally]} { puts [tally [dict get $r summary]] }
}

# The verdicts as N passed, N failed, N skipped.
proc ::run::tally {s} {
    format "%d passed, %d failed, %d skipped" [expr {[dict get $s pass] + [dict get $s warn] + [dict get $s known]}] \
        [expr {[dict get $s fail] + [dict get $s stale] + [dict get $s error] + [dict get $s inconclusive]}] \
        [expr {[dict get $s unsupported] + [dict get $s skipped]}]
}

# --- again ---------------------------------------------------------------------------------------------------------------

# The flags of an earlier run, unless they are given anew.
proc ::run::as_before {dir o} {
    set env [read_environment $dir]
    set r [::cli::results $dir]
    set o [dict merge {--suite "" --repeat 1 --shard ""} $o]
    if {[dict get $o --seed] eq ""} { dict set o --seed [dict get $r run seed] }
    if {"--dut" ni $::cli::typed && [dict exists $env dut]} { dict set o --dut [dict get $env dut] }
    return [list $o $r]
}

proc ::run::instance {name} {
    set rep 1
    regexp {^(.*)~(\d+)$} $name - name rep
    set role ""
    regexp {^(.*)@(initiator|responder)$} $name - name role
    set id [dict get [::testcase::get $name] id]
    if {$role eq ""} { set role [lindex [::testcase::roles $id] 0] }
    return [list $id $role $rep]
}

proc ::run::rerun {words o} {
    set run [lindex $words 0]
    if {$run eq ""} { set run latest }
    ::cli::load_cases
    lassign [as_before [::cli::run_folder $run] $o] o r
    set plan {}
    foreach c [dict get $r cases] {
        if {[dict get $c verdict] in {fail stale error inconclusive}} { lappend plan [instance [dict get $c id]] }
    }
    if {![llength $plan]} { ::cli::nothing "$run: nothing failed there" }
    set dut [::profile::find [dict get $o --dut]]
    if {[set code [privileged $dut]] ne ""} { return $code }
    return [lindex [go $plan $dut $o [lmap p $plan { lindex $p 0 }]] 0]
}

proc ::run::replay {words o} {
    ::cli::load_cases
    lassign [::cli::run_case $words] dir name
    lassign [as_before $dir $o] o r
    set before ""
    foreach c [dict get $r cases] { if {[dict get $c id] eq $name} { set before $c } }
    if {$before eq ""} {
        ::cli::usage "[::parse::unknown case $name [lmap c [dict get $r cases] { dict get $c id }]] (in $dir)"
    }
    set dut [::profile::find [dict get $o --dut]]
    if {[set code [privileged $dut]] ne ""} { return $code }
    dict set o -v 2
    dict set o --evidence all
    lassign [go [list [instance $name]] $dut $o [list $name]] code folder now
    set c [lindex [dict get $now cases] 0]
    if {[dict get $c verdict] ni {fail stale error inconclusive}} { puts [::ladder::text $c] }
    puts "before   [dict get $before verdict]   now   [dict get $c verdict]   [expr {
        [texts $before] eq [texts $c] ? "the same messages" : "the messages differ"}]"
    return $code
}

proc ::run::texts {c} { lmap s [dict get $c ladder] { list [dict get $s from] [dict get $s text] [dict get $s len] } }

# --- reports ---------------------------------------------------------------------------------------------------------------

proc ::run::report {words o} {
    set run [lindex $words 0]
    if {$run eq ""} { set run latest }
    set dir [::cli::run_folder $run]
    if {[dict get $o --recover] || ![file exists $dir/results.json]} {
        ::cli::written $dir { set said [::journal::recover $dir] }
        puts $said
    }
    ::cli::results_of_any $dir
    foreach f [dict get $o --format] {
        set all [concat $::report::formats $::report::asked]
        if {$f ni $all} { ::cli::usage "ikespec report: [::parse::unknown format $f $all]" }
    }
    ::cli::written $dir { set files [::report::render $dir [dict get $o --format]] }
    foreach f $files { puts [file join $dir $f] }
    return 0
}

# diff OLD NEW: what is another way now, by class; exit 1 on regressions only. --to: the page of the new run with a column
# for the old one.
proc ::run::diff {words o} {
    if {[llength $words] != 2} { ::cli::usage "ikespec diff: two runs, the older first" }
    lassign [lmap run $words { ::cli::results [::cli::run_folder $run] }] old new
    set changes [::changes::of $old $new]
    set listed [::changes::listed $changes]
    dict for {class ids} $listed {
        puts "$class ([llength $ids])"
        foreach id $ids {
            dict with changes $id { set words [list $id "$was -> $now" $note] }
            if {$class in {new removed} && ($was eq "" || $now eq "")} { set words $id }
            puts "  [::text::visible [string trimright [join $words {   }]]]"
        }
    }
    if {![dict size $listed]} { puts "no difference" }
    if {[dict get $o --to] ne ""} {
        set to [dict get $o --to]
        ::cli::written $to { ::report::put [file dirname $to] [file tail $to] [::html::text $new $old] }
        puts "report   [dict get $o --to]"
    }
    return [dict exists $listed regressed]
}

# open RUN/ID: Wireshark with the keys of that case.
proc ::run::open_case {words o} {
    lassign [::cli::run_case $words] dir name
    set folder [file join $dir cases $name]
    set capture [file join $folder wire.pcapng]
    if {![file exists $capture]} {
        # of several devices: this says which run to name
        if {[file exists $dir/results.json]} { ::cli::results $dir }
        ::cli::usage "$capture: there is none (--evidence all keeps those of cases that pass too)"
    }
    set keys [file normalize [file join $folder wireshark]]
    set command [list wireshark {*}[expr {[file isdirectory $keys/profiles/ikespec] ? {-C ikespec} : {}}] -r [file normalize $capture]]
    puts "WIRESHARK_CONFIG_DIR=[::runner::shell $keys] [join [lmap w $command { ::runner::shell $w }]]"
    if {[auto_execok wireshark] eq "" || (![info exists ::env(DISPLAY)] && ![info exists ::env(WAYLAND_DISPLAY)])} {
        puts "no Wireshark here, or no screen: the line above opens it elsewhere; [file join $folder clear.pcapng] needs no keys"
        return 0
    }
    set ::env(WIRESHARK_CONFIG_DIR) $keys
    exec {*}$command &
    return 0
}

# merge RUN... --out DIR: the shards of one run, or runs of several selections on one device, as one; runs on several
# devices as a matrix, with a folder in DIR for each device that is a run as any other.
proc ::run::merge {words o} {
    if {[llength $words] < 2} { ::cli::usage "ikespec merge: at least two runs" }
    if {[dict get $o --out] eq ""} { ::cli::usage "ikespec merge: --out names the folder for the result" }
    set by {}
    foreach run $words {
        set dir [::cli::run_folder $run]
        set r [::cli::results $dir]
        apart $dir [dict get $o --out] $run
        dict lappend by [dict get $r device name] [list $run $dir $r]
    }
    set joined [dict map {name parts} $by { join_parts $parts }]
    same_revisions $joined
    set out [dict get $o --out]
    ::cli::written $out {
        set stage [stage $out]
        if {[dict size $by] == 1} {
            set all [write_joined $stage [lindex [dict values $by] 0] [lindex [dict values $joined] 0]]
        } else {
            set all [write_matrix $stage $by $joined $out]
        }
        settle $stage $out
    }
    puts [::terminal::summary $all]
    puts "report   $out/report.html"
    if {[dict get $o --tally]} { puts [tally [dict get [::matrix::together $all] summary]] }
    return [::gate::worst [lmap col [::matrix::columns $all] { dict get $col run exit }]]
}

# A folder in OUT, for what takes its place there when it is whole; until then an older run there stays.
proc ::run::stage {out} {
    set stage [file join $out .merge]
    ::cli::begin {*}[if {![file exists $out]} { list $out }] $stage
    file delete -force $stage
    file mkdir $stage
    return $stage
}
proc ::run::settle {stage out} {
    ::cli::going
    ::cli::at_end
    ::cli::keep $out
    if {[::cli::is_run $out]} { file delete -force {*}[glob -nocomplain -directory $out *] }
    move $stage $out
}

# What is in the folder FROM, into the folder TO.
proc ::run::move {from to} {
    foreach path [glob -nocomplain -directory $from *] {
        set new [file join $to [file tail $path]]
        if {[file isdirectory $path] && [file isdirectory $new]} { move $path $new } else { file rename -force $path $new }
    }
}

# The result is written anew, so no run that it is made of may stand in it, or it in a run.
proc ::run::apart {dir out run} {
    set folders [lmap d [list $dir $out] { file split [file dirname [file normalize [file join $d x]]] }]
    lassign [lsort -command {apply {{a b} { expr {[llength $a] - [llength $b]} }}} $folders] short long
    if {[lrange $long 0 [llength $short]-1] eq $short} {
        ::cli::usage "ikespec merge: --out $out and the run $run lie in one another; the result needs a folder apart"
    }
}

# join_parts {{run dir results} ...} -> the results of one device
proc ::run::join_parts {parts} {
    lassign [lindex $parts 0] first - all
    dict set all cases {}
    set seen {}
    foreach part $parts {
        lassign $part run dir r
        if {[dict get $r run seed] ne [dict get $all run seed]} {
            ::cli::usage "$run: another seed than $first: `ikespec diff` compares those"
        }
        foreach c [dict get $r cases] {
            set id [dict get $c id]
            if {[dict exists $seen $id]} { ::cli::usage "$id is in [dict get $seen $id] and in $run" }
            dict set seen $id $run
            dict lappend all cases $c
        }
        dict set all requirements [dict merge [dict get $all requirements] [dict get $r requirements]]
        incr ms [dict get $r run duration_ms]
    }
    dict set all run duration_ms $ms
    dict set all run exit [::gate::worst [lmap part $parts { dict get [lindex $part 2] run exit }]]
    dict set all cases [lsort -command ::run::by_id [dict get $all cases]]
    return [::results::finish $all]
}

# write_joined OUT {{run dir results} ...} RESULTS -> what was written and read again. `rerun` and `replay` find in
# environment.json which device it was: that of the first part.
proc ::run::write_joined {out parts all} {
    file mkdir $out
    foreach part $parts {
        set dir [lindex $part 1]
        if {[file isdirectory $dir/cases]} { ::bundle::copy $dir/cases $out/cases {} }
        set file $dir/environment.json
        if {![file exists $out/environment.json] && [file exists $file]} { file copy $file $out }
    }
    ::results::write $out/results.json $all
    set all [::results::read $out/results.json]
    ::report::render $out "" $all
    return $all
}

# A case whose verdict may have changed its meaning is another case.
proc ::run::same_revisions {joined} {
    set revs {}
    dict for {name r} $joined {
        foreach c [dict get $r cases] {
            set id [dict get $c id]
            if {![dict exists $revs $id]} { dict set revs $id [dict get $c rev] }
            if {[dict get $revs $id] != [dict get $c rev]} {
                ::cli::usage "$id is of revision [dict get $c rev] on $name and of [
                    dict get $revs $id] elsewhere; run both with one suite"
            }
        }
    }
}

# AT: where the folder OUT is going to be.
proc ::run::write_matrix {out by joined at} {
    set pairs {}
    set folders [::matrix::folders [dict keys $joined]]
    dict for {name r} $joined {
        set folder [dict get $folders $name]
        dict set r cases [lmap c [dict get $r cases] { again_at $c $at/$folder }]
        lappend pairs $folder $r
    }
    dict for {name parts} $by { write_joined $out/[dict get $folders $name] $parts [dict get $joined $name] }
    ::results::write $out/results.json [::matrix::of $pairs]
    set all [::results::read $out/results.json]
    ::report::render $out "" $all
    return $all
}

# `latest` names the run of one device; in a matrix the command that repeats a case has to say which.
proc ::run::again_at {c run} {
    if {[llength [dict get $c failure]]} {
        dict set c failure again [regsub {^ikespec replay latest/} [dict get $c failure again] "ikespec replay $run/"]
    }
    return $c
}

proc ::run::by_id {a b} { string compare [dict get $a id] [dict get $b id] }

::cli::command run {?SELECTOR...?} "run cases against a device; all reports are written" $::run::flags ::run::command
::cli::command rerun {?RUN?} "only what failed there, with the same seed" $::run::again ::run::rerun
::cli::command replay {RUN/ID} "one case again, with its ladder" $::run::again ::run::replay
::cli::command report {?RUN?} "write the reports of a run again" {--recover --format} ::run::report
::cli::command diff {RUN RUN} "what changed between two runs; exit 1 when something got worse" {--to} ::run::diff
::cli::command open {RUN/ID} "Wireshark on a case, already decrypted" {} ::run::open_case
::cli::command merge {RUN RUN... --out DIR} "shards of a run as one, or runs on several devices as a matrix" \
    {--out --tally} ::run::merge
