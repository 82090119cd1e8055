# process.tcl - the processes that drivers start: spawned in the background, remembered as {pid start-time} and
# ended only by that pair, so that a pid which the system has given to somebody else is never touched.

namespace eval ::process {
    variable leash ""
    variable long_up ""
}

# Starts a command with its output appended to a file; returns its handle at once.
proc ::process::spawn {command output} {
    set pid [lindex [exec {*}$command </dev/null >>& $output &] end]
    list $pid [lindex [stat $pid] 1]
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

# TERM, then KILL after the grace time (0: KILL at once); 1 when the process is gone.
proc ::process::end {handle {grace_ms 2000}} {
    set gone [expr {![running $handle]}]
    if {!$gone && $grace_ms > 0} {
        signal $handle TERM
        set gone [until $grace_ms { ![running $handle] }]
    }
    if {!$gone} {
        signal $handle KILL
        set gone [until 2000 { ![running $handle] }]
    }
    catch { exec true }    ;# any exec lets Tcl collect its ended background children
    return $gone
}

# Words to put before a command so that it dies together with us, however we end.
proc ::process::leash {} {
    variable leash
    if {$leash eq ""} {
        set leash [expr {[catch { exec setpriv --pdeathsig KILL true }] ? "env" : "setpriv --pdeathsig KILL"}]
    }
    return $leash
}

# Words to put before a command whose clock shall be that of a machine that has been up for a year. What daemons do
# with seconds since boot differs while these are few (strongSwan 5.9.8 takes cookies for expired then, by an
# unsigned difference below zero): a test machine fresh from its boot would give other verdicts than the next one.
proc ::process::long_up {} {
    variable long_up
    set words {unshare --time --monotonic 31536000}
    if {$long_up eq ""} { set long_up [expr {[catch { exec {*}$words true }] ? "env" : $words}] }
    return $long_up
}
