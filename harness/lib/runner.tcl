# runner.tcl - runs tasks (cases, or proofs of cases) one after the other in this process, or on worker processes that
# take the next task as they get free. Every task has its own seed and world, so who ran it changes nothing.
#
# Settings S, a dict: driver options(of the driver) world seed bent evidence(fail|all|none) dir(run folder) claims lab
# netns(0|1) case(more options of case::run) verbs.

namespace eval ::runner {
    variable device      ;# handle of this process's device, "" = none yet
    variable device_of
    variable state
}

# --- in one process ----------------------------------------------------------------------------------------------------

# The device of this process, made at its first use.
proc ::runner::device {S} {
    variable device
    if {[info exists device]} { return $device }
    set device [::dut::create [dict get $S driver] dut [dict get $S options]]
}

# What the device says it is, "" when it cannot tell.
proc ::runner::version {S} {
    set v ""
    catch { set v [::dut::call [device $S] version] }
    return $v
}

proc ::runner::close_device {} {
    variable device
    if {[info exists device]} { catch { ::dut::call $device destroy } }
    unset -nocomplain device
}

# Addresses that replace those of the setups: the profile's, else the namespaces'.
proc ::runner::lab {S} {
    set lab [dict get $S lab]
    set inside [::netns::inside]
    if {[dict get $S netns] && [dict size $inside]} {
        set lab [dict merge [dict create device-address [dict get $inside device_addr] \
                                 tester-address [dict get $inside tester_addr]] $lab]
    }
    return $lab
}

# The options of case::run that are the same for every case of a run.
proc ::runner::case_options {S} {
    set o [dict merge [dict create seed [dict get $S seed] world [dict get $S world] bent [dict get $S bent] \
                           claims [dict get $S claims] lab [lab $S]] [dict get $S case]]
    return [dict replace [on_lab $o] device [device $S]]
}

# Options of a case, with the times and ports that its lab asks for.
proc ::runner::on_lab {o} {
    set lab [dict get $o lab]
    foreach key {settle-ms rx-ms echo-ms install-ms port-base} {
        if {[dict exists $lab $key]} { dict set o $key [dict get $lab $key] }
    }
    return $o
}

# do TASK S -> what the task yields: for {case id role rep} the result, for {prove id} the rows of the matrix, for
# {odd id device} those of a good device, for {notice ruling ids} the row that notices it, for {probe name row} the answer.
proc ::runner::do {task S} {
    lassign $task kind id role rep
    if {$kind eq "prove"} { return [::prove::rows $id [dict create seed [dict get $S seed]]] }
    if {$kind eq "odd"} { return [::odd::rows $id $role [dict create seed [dict get $S seed]]] }
    # (any case may notice)
    if {$kind eq "notice"} { ::cli::load_cases; return [::prove::notice $id $role [dict create seed [dict get $S seed]]] }
    if {$kind eq "probe"} { return [::probe::do $task $S] }
    if {$kind eq "doctor"} { ::doctor::make_case $id }
    set name [::select::name [list $id $role] $rep]
    set o [dict merge [case_options $S] [dict create rep $rep]]
    set where ""
    if {[dict get $S evidence] ne "none" && [dict get $S dir] ne ""} {
        set where cases/$name
        dict set o evidence [file join [dict get $S dir] $where]
        dict set o keep [dict get $S evidence]
        dict set o dir $where
    }
    set result [::case::run $id $role [dict get $S driver] $o]
    foreach key {failure expectation} {
        if {[dict exists $result $key] && [dict get $result $key] eq "null"} { dict set result $key {} }
    }
    set result [evidence $result $S $where]
    return $result
}

# Adds the text files of a case's folder, for cases that need evidence.
proc ::runner::evidence {result S where} {
    # what travels with a result beside what results.json holds
    set beside {}
    foreach key {lost vitals device_log} { if {[dict exists $result $key]} { dict set beside $key [dict get $result $key] } }
    set result [::results::fill case [dict remove $result {*}[dict keys $beside]]]
    if {$where ne ""} {
        set folder [file join [dict get $S dir] $where]
        set quiet [expr {[dict get $result verdict] in {pass unsupported skipped}}]
        if {[dict get $S evidence] eq "fail" && $quiet} {
            if {[file exists $folder]} { file delete -force $folder } ;# of an earlier try
            dict set result evidence {dir {} files {}}
        } else {
            file mkdir $folder
            set log ""
            if {[dict exists $beside device_log]} {
                set log [dict get $beside device_log]
            } elseif {[dict get $S driver] ne "self"} {
                catch { set log [::dut::call [device $S] logs] }
            }
            if {$log ne ""} { put [file join $folder device.log] $log }
            put [file join $folder case.log] [case_log $result]
            put [file join $folder repro.sh] [repro $result $S]
            file attributes [file join $folder repro.sh] -permissions 0755
            set files [glob -nocomplain -directory $folder -tails -types f *]
            if {[llength [dict get $result ladder]]} { lappend files ladder.txt ladder.svg }
            dict set result evidence [dict create dir $where files [lsort -unique $files]]
        }
    }
    return [dict merge $result [dict remove $beside device_log]]
}

# A file of whole lines, whole or as it was before (results::save).
proc ::runner::put {file text} {
    if {[string index $text end] ne "\n"} { append text \n }
    ::results::save $file $text
}

# What a person reads first: verdict, failure block, every check, the ladder.
proc ::runner::case_log {r} {
    set colour [::terminal::colour]
    ::terminal::colour 0
    set out "[string toupper [dict get $r verdict]]  [dict get $r id]  rev [dict get $r rev]  device as [dict get $r role]\n"
    append out "  [dict get $r title]\n  [dict get $r file]:[dict get $r line]\n"
    if {[dict get $r reason] ne ""} { append out "  [::text::visible [dict get $r reason]]\n" }
    if {[llength [dict get $r failure]]} { append out "\n[::terminal::failure $r]\n" }
    append out "\nchecks\n"
    foreach c [dict get $r checks] {
        append out [format "  %-7s step %-3s %-10s %s\n" [dict get $c outcome] [dict get $c step] [dict get $c level] [dict get $c req]]
        append out "          expected [::text::visible [dict get $c expected]]\n"
        if {[dict get $c got] ne ""} { append out "          got      [::text::visible [dict get $c got]]\n" }
    }
    if {![llength [dict get $r checks]]} { append out "  none was judged\n" }
    append out "\nladder\n[::ladder::text $r]\n"
    ::terminal::colour $colour
    return $out
}

proc ::runner::repro {r S} {
    regsub {(@(initiator|responder))?(~\d+)?$} [dict get $r id] "" id
    set rep [expr {[regexp {~(\d+)$} [dict get $r id] - n] ? $n : 1}]
    set words [list ikespec run $id@[dict get $r role] --dut [dict get $S word] --seed [dict get $S seed]]
    if {$rep > 1} { lappend words --repeat $rep }
    return "#!/bin/sh\n# The same octets until the device answers differently.\nexec [join [lmap w $words { shell $w }]] \"\$@\"\n"
}

proc ::runner::shell {word} {
    if {[regexp {^[A-Za-z0-9_./:@~=-]+$} $word]} { return $word }
    return '[string map {' '\\''} $word]'
}

# --- all of it -----------------------------------------------------------------------------------------------------------

# jobs ASKED S -> how many workers: as asked, or for 0 as many as do good. A device in a namespace is a device for each worker, and
# cases wait more than they work, if no kernel has to be run for it; of what stands alone there is one.
proc ::runner::jobs {asked S} {
    if {$asked > 0} { return $asked }
    if {![dict get $S netns]} { return 1 }
    set guest [expr {[dict exists $S options kernel] && [dict get $S options kernel] eq "guest"}]
    return [expr {($guest ? 1 : 2) * [exec nproc]}]
}

# run TASKS S JOBS ON_RESULT ?MAX_S? -> why it ended: done, interrupted, time, stopped. ON_RESULT gets index and what
# the task yielded; when it returns "stop", no further task begins.
proc ::runner::run {tasks S jobs on_result {max_s 0}} {
    set jobs [jobs $jobs $S]
    if {$jobs <= 1 && ![dict get $S netns]} { return [run_here $tasks $S $on_result $max_s] }
    return [run_workers $tasks $S [expr {max(1, min($jobs, [llength $tasks]))}] $on_result $max_s]
}

proc ::runner::run_here {tasks S on_result max_s} {
    set end [expr {$max_s > 0 ? [clock milliseconds] + $max_s * 1000 : 0}]
    set why done
    set index -1
    variable state
    unset -nocomplain state
    try {
        set state(version) [version $S]
        foreach task $tasks {
            incr index
            if {$end && [clock milliseconds] >= $end} { set why time; break }
            set result [do $task $S]
            if {[uplevel #0 [list {*}$on_result $index $result]] eq "stop"} { set why stopped; break }
        }
    } trap {IKE INTERRUPTED} {} {
        set why interrupted
    } finally {
        close_device
    }
    return $why
}

# --- worker processes -------------------------------------------------------------------------------------------------

proc ::runner::pack {value} { binary encode base64 [encoding convertto utf-8 $value] }
proc ::runner::unpack {text} { encoding convertfrom utf-8 [binary decode base64 $text] }

proc ::runner::run_workers {tasks S jobs on_result max_s} {
    variable state
    unset -nocomplain state
    array set state [list tasks $tasks S $S on $on_result next 0 open 0 why done stop 0 deaths 0 error "" \
                         end [expr {$max_s > 0 ? [clock milliseconds] + $max_s * 1000 : 0}]]
    # a signal is noticed by the engine's loop; this one stands idle for that
    catch { ::ike::net create mem }
    # (what a device needs from the network it gets before: the labs have none)
    if {[dict get $S netns]} { ::dut::prepare [dict get $S driver] [dict get $S options] }
    for {set slot 0} {$slot < $jobs} {incr slot} {
        if {[dict get $S netns]} { set state(lab,$slot) [::netns::up iks $slot] }
    }
    try {
        for {set slot 0} {$slot < $jobs} {incr slot} { start $slot }
        set timer [after 100 ::runner::tick]
        while {$state(open) > 0} { vwait ::runner::state(open) }
        after cancel $timer
        if {$state(error) ne ""} { throw [lindex $state(error) 0] [lindex $state(error) 1] }
        return $state(why)
    } finally {
        foreach key [array names state timer] { after cancel $state($key) }
        foreach key [array names state chan,*] { catch { close $state($key) } }
        foreach key [array names state lab,*] { ::netns::down $state($key) }
    }
}

proc ::runner::start {slot} {
    variable state
    # (without us nobody wants the case that it is in, and its device has to be put away)
    set command [concat [::process::leash TERM] [list $::ikespec::exe worker]]
    if {[info exists state(lab,$slot)]} { set command [::netns::wrap $state(lab,$slot) $command] }
    set chan [open |[concat $command [list 2>@stderr]] r+]
    fconfigure $chan -buffering line -translation lf -encoding ascii -blocking 1
    fileevent $chan readable [list ::runner::hear $slot]
    set state(chan,$slot) $chan
    set state(task,$slot) ""
    incr state(open)
    puts $chan [pack [in_slot $state(S) $slot]]
}

# The settings of one worker: devices that we make at a port of this machine have one each.
proc ::runner::in_slot {S slot} {
    if {![dict exists $S lab port-base] || ![dict exists $S options port-base]} { return $S }
    foreach key {lab options} { dict set S $key port-base [expr {[dict get $S $key port-base] + $slot}] }
    return $S
}

# What a worker says: ready, yield RESULT, or failed CODE TEXT.
proc ::runner::hear {slot} {
    variable state
    set chan $state(chan,$slot)
    if {[catch { gets $chan line } n] || $n < 0} {
        ended $slot
        return
    }
    lassign [unpack $line] word a b
    set index $state(task,$slot)
    set state(task,$slot) ""
    switch -- $word {
        ready { set state(version) $a }
        yield {
            if {[uplevel #0 [list {*}$state(on) $index $a]] eq "stop"} {
                set state(stop) 1
                set state(why) stopped
            }
        }
        interrupted { set state(why) interrupted; set state(stop) 1 }
        failed {
            set state(stop) 1
            if {$state(error) eq ""} { set state(error) [list $a $b] }
        }
    }
    give $slot
}

proc ::runner::give {slot} {
    variable state
    if {$state(end) && [clock milliseconds] >= $state(end) && !$state(stop) && $state(next) < [llength $state(tasks)]} {
        set state(stop) 1
        set state(why) time
    }
    set chan $state(chan,$slot)
    if {$state(stop) || $state(next) >= [llength $state(tasks)]} {
        # no more: it tidies up and ends
        catch { chan close $chan write }
        return
    }
    set state(task,$slot) $state(next)
    if {[catch { puts $chan [pack [with_case [lindex $state(tasks) $state(next)]]] }]} { return }
    incr state(next)
}

# A task with what its case says: a worker reads no case files, but for a task that goes through all of them.
proc ::runner::with_case {task} {
    set id [lindex $task 1]
    list $task [expr {[::testcase::exists $id] ? [::testcase::get $id] : ""}]
}

# A worker's output ended. In the middle of a task that is a crash of ours: the case gets the verdict error, and
# another worker takes its place.
proc ::runner::ended {slot} {
    variable state
    set index $state(task,$slot)
    catch { close $state(chan,$slot) } message
    unset state(chan,$slot)
    incr state(open) -1
    if {$index eq "" || $state(why) eq "interrupted"} return
    incr state(deaths)
    set state(task,$slot) ""
    lassign [lindex $state(tasks) $index] kind id role rep
    if {$kind eq "case"} {
        set meta [::testcase::get $id]
        set result [::results::fill case [dict merge [::case::plain $meta $role error "the worker process died while this case ran: $message" \
            [dict create rep $rep]] {failure {} expectation {}}]]
    } else {
        set result [list [dict create id $id role "" bent "" verdict error wanted "" ok 0 cites {} signature "" \
            reason "the worker process died: $message"]]
    }
    uplevel #0 [list {*}$state(on) $index $result]
    if {$state(deaths) > 10} {
        set state(stop) 1
        set state(error) [list {IKESPEC FAULT} "worker processes keep dying: $message"]
        return
    }
    if {!$state(stop) && $state(next) < [llength $state(tasks)]} { start $slot }
}

proc ::runner::tick {} {
    variable state
    if {[catch { ::ike::net pump 0 } - options] && [lrange [dict get $options -errorcode] 0 1] eq {IKE INTERRUPTED}} {
        set state(why) interrupted
        set state(stop) 1
        foreach key [array names state chan,*] { foreach pid [pid $state($key)] { catch { exec kill -s INT $pid } } }
    }
    catch { ::run::progress }
    set state(timer) [after 100 ::runner::tick]
}

# The other end: settings, then a task with its case per line; ends with its input.
proc ::runner::worker {words options} {
    fconfigure stdin -translation lf -encoding ascii
    fconfigure stdout -translation lf -encoding ascii -buffering line
    if {[gets stdin line] < 0} { return 0 }
    set code 0
    if {[catch {
        set S [unpack $line]
        ::cli::load_tables
        device $S
        puts [pack [list ready [version $S]]]
        while {[gets stdin line] >= 0} {
            lassign [unpack $line] task case
            if {$case ne ""} { ::testcase::know [lindex $task 1] $case }
            puts [pack [list yield [do $task $S]]]
        }
    } message info]} {
        set error [dict get $info -errorcode]
        if {[lrange $error 0 1] eq {IKE INTERRUPTED}} {
            catch { puts [pack interrupted] }
            set code 2
        } else {
            if {[::cli::exit_code $error] == 3} { append message "\n[dict get $info -errorinfo]" }
            catch { puts [pack [list failed $error $message]] }
            set code [::cli::exit_code $error]
        }
    }
    close_device
    return $code
}

::cli::command worker {} "" {} ::runner::worker
