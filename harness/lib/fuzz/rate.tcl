# rate.tcl - ikespec fuzz rate: how many attempts a second a device takes, before keys against a lock-step prober of bare sockets, on a
# standing SA against honest exchanges in lock step; in rounds that take turns, so that what else this machine does falls on both.
# Medians of the rounds.

namespace eval ::fuzz::rate {
    variable round_ms 1500
}

proc ::fuzz::rate::median {list} { lindex [lsort -real $list] [expr {[llength $list] / 2}] }

# CPU milliseconds of a process.
proc ::fuzz::rate::cpu {pid} {
    if {[catch { ::parse::read_file /proc/$pid/stat } text]} { return 0 }
    set rest [lrange [string range $text [string last ) $text]+2 end] 0 end]
    expr {([lindex $rest 11] + [lindex $rest 12]) * 10}
}
proc ::fuzz::rate::device_pid {} { lindex [split [::rx::field [::case::vitals] boot 0] .] 0 }

# Targets of STATE in parts of NUM, COUNT attempts in all, taken in turn from where the last ones ended.
proc ::fuzz::rate::parts {state count num} {
    variable turn
    set targets [dict keys [dict get $::fuzz::campaign::C arms $state]]
    set parts {}
    for {set n 0} {$n < $count} {incr n $num} {
        lappend parts [list [lindex $targets [expr {[incr turn] % [llength $targets]}]] [::fuzz::mutate::random] $num]
    }
    return $parts
}

# Volleys for a round: {attempts us SAs exchanges us-of-exchanges}
proc ::fuzz::rate::volleys {state args} {
    variable round_ms
    set sum {0 0 0 0 0}
    set end [expr {[clock milliseconds] + $round_ms}]
    while {[clock milliseconds] < $end} {
        set r [::fuzz::volley::shoot $state [parts $state 512 8] {*}$args]
        if {[dict get $r lost]} { ::cli::unusable "the device answers no more" }
        set sum [lmap n $sum key {done took_us sas answered awaited_us} { expr {$n + [dict get $r $key]} }]
    }
    return $sum
}

proc ::fuzz::rate::per_s {n us} { expr {$us > 0 ? $n * 1e6 / $us : 0.0} }

proc ::fuzz::rate::run {rounds} {
    variable round_ms
    variable turn 0
    set to [::dut::get $::case::s(device) addr 192.0.2.2]
    set out {}
    foreach word {probe early ratio lone standing ratio2 latency sas device own} { set $word {} }
    # what the device lets drop is learned first
    foreach state {init liveness} { volleys $state }
    for {set n 0} {$n < $rounds} {incr n} {
        set p [::ike::net probe $to [refused] $round_ms]
        lappend probe [per_s [dict get $p answered] [dict get $p us]]
        set dev [cpu [device_pid]]
        set me [cpu [pid]]
        lassign [volleys init] done us
        lappend early [per_s $done $us]
        lappend ratio [expr {[lindex $early end] / max(1, [lindex $probe end])}]
        set dev [expr {[cpu [device_pid]] - $dev}]
        set me [expr {[cpu [pid]] - $me}]
        lappend device $dev
        lappend own $me
        lassign [volleys liveness -lone 1] done us - answered awaited
        lappend lone [per_s $done $us]
        lappend latency [expr {$answered ? double($awaited) / $answered : 0}]
        lassign [volleys liveness] done us made
        lappend standing [per_s $done $us]
        lappend ratio2 [expr {[lindex $standing end] / max(1, [lindex $lone end])}]
        lappend sas [expr {100.0 * $made / max(1, $done)}]
    }
    puts [format "before keys: lock-step prober %.0f/s (refused each time, the cheapest answer), attempts %.0f/s" [median $probe] [median $early]]
    puts [format "live-ratio %.2f (at least 0.85)" [median $ratio]]
    set both [expr {max(1, [::tcl::mathop::+ {*}$device {*}$own])}]
    puts [format "of the CPU time before keys the device has %.0f %%, the tester %.0f %%" \
              [expr {100.0 * [::tcl::mathop::+ {*}$device] / $both}] [expr {100.0 * [::tcl::mathop::+ {*}$own] / $both}]]
    puts [format "standing SA: honest exchanges in lock step %.0f/s (%.0f us from request to answer), attempts %.0f/s" [median $lone] [median $latency] [median $standing]]
    puts [format "standing-rate %.0f/s (at least 5000)%s" [median $standing] [expr {[median $standing] >= 5000 ? "" : [reason [median $latency] [median $sas]]}]]
    puts [format "standing-ratio %.2f of honest exchanges" [median $ratio2]]
}

proc ::fuzz::rate::reason {latency sas} {
    format ": one exchange takes the device %.0f us, of which 5000/s leave 200; and it ends its SA after %.0f %% of attempts, so that another is made" $latency $sas
}

# The honest request with proposals that nobody has: it is answered, and leaves no SA behind.
proc ::fuzz::rate::refused {} {
    set m [::ike::msg copy $::fuzz::volley::honest(init)]
    foreach f [::ike::msg fields $m] {
        if {[string match SA.*.transform*.id [dict get $f path]]} { ::ike::msg set $m [dict get $f path] 1000 }
    }
    set octets [::ike::msg encode $m]
    ::ike::msg free $m
    return $octets
}

# ikespec fuzz rate --dut F ?--attempts ROUNDS?
proc ::fuzz::rate {words o} {
    if {[llength $words]} { ::cli::usage "ikespec fuzz rate takes no words, only flags: [lindex $words 0]" }
    lassign [ready $o] settings code
    if {$code ne ""} { return $code }
    if {[dict get $settings world] eq "mem"} { ::cli::usage "--dut: in virtual time there is no rate; name a daemon, such as strongswan" }
    ::fuzz::campaign::load_device $settings
    try {
        ::fuzz::state::open $settings 1 1
        if {![::fuzz::state::healthy]} { ::cli::unusable "the device makes no SA" }
        ::fuzz::campaign::states {init liveness}
        ::fuzz::rate::run [expr {[dict get $o --attempts] > 0 ? [dict get $o --attempts] : 3}]
    } finally {
        ::fuzz::state::close
        ::runner::close_device
    }
    return 0
}
