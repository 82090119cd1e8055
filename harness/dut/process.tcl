# process.tcl - the processes that drivers start: spawned in the background, remembered as {pid start-time} and
# ended only by that pair, so that a pid which the system has given to somebody else is never touched. How a process
# ended that we spawned can be asked for afterwards.

namespace eval ::process {
    variable channel    ;# of a handle: what Tcl waits for the process by
    array set channel {}
    variable fate       ;# of a handle: how it ended, once we know
    array set fate {}
    variable tried    ;# of words before a command: what `usable` found
    array set tried {}
}

# Starts a command with its output appended to a file; returns its handle at once.
proc ::process::spawn {command output} {
    variable channel
    # a pipe and not `exec &`, which forgets how the process ended; the shell gives its place to the command
    set chan [open |[list sh -c {exec "$@" </dev/null >>"$0" 2>&1} $output {*}$command] r]
    fconfigure $chan -blocking 0
    set pid [pid $chan]
    set handle [handle $pid]
    set channel($handle) $chan
    return $handle
}

# How a process that we spawned ended: "" while it runs, `exit 3`, or the name of the signal, SIGSEGV.
proc ::process::fate {handle} {
    variable channel
    variable fate
    if {[running $handle]} { return "" }
    if {[info exists channel($handle)]} {
        fconfigure $channel($handle) -blocking 1
        set failed [catch { close $channel($handle) } - info]
        unset channel($handle)
        lassign [expr {$failed ? [dict get $info -errorcode] : {}}] kind - detail
        set fate($handle) [switch -- $kind {
            CHILDKILLED { set detail }
            CHILDSTATUS { string cat "exit " $detail }
            default { string cat "exit 0" }
        }]
    }
    expr {[info exists fate($handle)] ? $fate($handle) : "unknown"}
}

# {state start-time} of a pid from /proc, or {} when there is none.
proc ::process::stat {pid} {
    if {[catch { open /proc/$pid/stat } f]} { return {} }
    set ok [expr {![catch { read $f } text]}]
    close $f
    if {!$ok || $text eq ""} { return {} }
    # the program's name stands in parentheses and may hold anything
    set fields [string range $text [string last ")" $text]+2 end]
    list [lindex $fields 0] [lindex $fields 19]
}

# The number of our pid namespace, in which alone a pid means something; 0 where the system does not tell.
proc ::process::space {} {
    set number 0
    catch { regexp {\d+} [file readlink /proc/self/ns/pid] number }
    return $number
}

# The handle of a process that others started.
proc ::process::handle {pid} { list $pid [lindex [stat $pid] 1] }

# A zombie counts as ended once its other threads are gone too: until then they may hold sockets open.
proc ::process::running {handle} {
    lassign $handle pid start
    if {$pid eq ""} { return 0 }
    lassign [stat $pid] state now
    if {$state eq "" || $now ne $start} { return 0 }
    expr {$state ni {Z X} || [llength [glob -nocomplain -directory /proc/$pid/task *]] > 1}
}

proc ::process::signal {handle name} {
    if {[running $handle]} { catch { exec kill -s $name [lindex $handle 0] } }
}

# Waits for a condition, looking every 2 ms; 0 when it did not come true in time.
proc ::process::until {limit_ms condition} {
    set end [expr {[clock milliseconds] + $limit_ms}]
    while {![uplevel 1 [list expr $condition]]} {
        if {[clock milliseconds] >= $end} { return 0 }
        after 2
    }
    return 1
}

# TERM, then KILL after the grace time (0: KILL at once); 1 when the process is gone. What is killed may take its time where the
# machine has much to do: many threads have to be given up.
proc ::process::end {handle {grace_ms 2000}} {
    set gone [expr {![running $handle]}]
    if {!$gone && $grace_ms > 0} {
        signal $handle TERM
        set gone [until $grace_ms { ![running $handle] }]
    }
    if {!$gone} {
        signal $handle KILL
        set gone [until 10000 { ![running $handle] }]
    }
    if {$gone} { fate $handle }
    return $gone
}

# Words to put before a command, or `env`, which does nothing, where this system does not take them. Tried once.
proc ::process::usable {words} {
    variable tried
    if {![info exists tried($words)]} { set tried($words) [expr {[catch { exec {*}$words true 2>@1 }] ? "env" : $words}] }
    return $tried($words)
}

# So that it gets that signal together with our end, however we end.
proc ::process::leash {{signal KILL}} { usable [list setpriv --pdeathsig $signal] }

# So that its clock is that of a machine that has been up for a year. What daemons do
# with seconds since boot differs while these are few (strongSwan 5.9.8 takes cookies for expired then, by an
# unsigned difference below zero): a test machine fresh from its boot would give other verdicts than the next one.
proc ::process::long_up {} { usable {unshare --time --monotonic 31536000} }

# So that it leaves a core in its working directory when it crashes.
proc ::process::core {} { usable {prlimit --core=unlimited:unlimited} }

# What a process uses: memory_kb (resident), threads, files (descriptors); {} when it does not run.
proc ::process::usage {handle} {
    if {![running $handle]} { return {} }
    set pid [lindex $handle 0]
    if {[catch { open /proc/$pid/status } f]} { return {} }
    catch { read $f } text
    close $f
    set found [numbers $text]
    dict set found files [llength [glob -nocomplain /proc/$pid/fd/*]]
}

# The numbers in a /proc/PID/status.
proc ::process::numbers {text} {
    set found {}
    foreach {key name} {memory_kb VmRSS threads Threads} {
        if {[regexp -line "^$name:\\s+(\\d+)" $text - n]} { dict set found $key $n }
    }
    return $found
}
