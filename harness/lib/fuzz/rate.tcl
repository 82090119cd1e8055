# rate.tcl - ikespec fuzz rate: how many attempts a second a device takes, before keys against a lock-step prober of bare sockets, on
# standing SAs against honest exchanges, in lock step on one and on several side by side; in rounds that take turns, so that what
# else this machine does falls on all of them. The attempts are those of a campaign: chosen, counted, their kinds told apart as it
# does; before keys, where what it chooses is the dearest (half of it is accepted, and must be closed), all targets in turn
# besides. Medians of the rounds.

namespace eval ::fuzz::rate {
    variable round_ms 1500
    variable turn 0         ;# of the targets
    variable wanted 5000    ;# attempts a second on standing SAs
    # what a standing SA's time goes to, and how it is told
    variable spent {making_us "making SAs" answer_us "answers" silence_us "silence" probe_us "the valid request behind it" again_us "its repetition"}
}

proc ::fuzz::rate::median {list} { lindex [lsort -real $list] [expr {[llength $list] / 2}] }

# CPU microseconds of a process.
proc ::fuzz::rate::cpu {pid} {
    if {[catch { ::parse::read_file /proc/$pid/stat } text]} { return 0 }
    set rest [lrange [string range $text [string last ) $text]+2 end] 0 end]
    expr {([lindex $rest 11] + [lindex $rest 12]) * 10000}
}
proc ::fuzz::rate::device_pid {} { lindex [split [::rx::field [::case::vitals] boot 0] .] 0 }

# Parts for a volley of MOST attempts: all targets in turn, from where the last ones ended.
proc ::fuzz::rate::in_turn {state most} {
    variable turn
    set targets [dict keys [dict get $::fuzz::campaign::C arms $state]]
    set parts {}
    for {set n 0} {$n < $most} {incr n 8} { lappend parts [list [lindex $targets [expr {[incr turn] % [llength $targets]}]] [::fuzz::mutate::random] 8] }
    list $parts $most
}

# Volleys for a round, their parts by CHOOSE. -> a dict of sums: done us ended sas answered awaited_us own (CPU microseconds), device (those
# of the device, for `metered` attempts), and what the SAs' time went to
proc ::fuzz::rate::volleys {state choose args} {
    variable round_ms
    variable spent
    set keys [list done ended sas answered awaited_us {*}[dict keys $spent]]
    foreach key [concat device metered $keys] { dict set sum $key 0 }
    set pid [device_pid]
    set device [cpu $pid]
    set own [cpu [pid]]
    set began [clock microseconds]
    while {[clock microseconds] < $began + 1000 * $round_ms} {
        lassign [$choose $state [::fuzz::volley::size $state]] parts
        set r [::fuzz::volley::shoot $state $parts {*}$args]
        if {[dict get $r lost]} { ::cli::unusable "the device answers no more" }
        if {"-lone" ni $args} {
            ::fuzz::campaign::weigh $state $r
            foreach kind [dict get $r kinds] { ::fuzz::campaign::first_seen $state $kind }
        }
        foreach key $keys { dict incr sum $key [dict get $r $key] }
        # (a daemon that was started anew is another process)
        set now [cpu $pid]
        if {$now < $device} { set pid [device_pid]; set device [cpu $pid]; continue }
        dict incr sum device [expr {$now - $device}]
        dict incr sum metered [dict get $r done]
        set device $now
    }
    dict set sum us [expr {[clock microseconds] - $began}]
    dict set sum own [expr {[cpu [pid]] - $own}]
    return $sum
}

proc ::fuzz::rate::over {n d} { expr {$d > 0 ? double($n) / $d : 0.0} }
proc ::fuzz::rate::per_s {sum} { expr {1e6 * [over [dict get $sum done] [dict get $sum us]]} }

# The rounds: {NAME {FIGURE ...}}, a figure for each.
proc ::fuzz::rate::measure {rounds} {
    variable round_ms
    variable spent
    set to [::dut::get $::case::s(device) addr 192.0.2.2]
    # what the device lets drop, and what edits cost there, is learned first
    set chosen ::fuzz::campaign::parts
    foreach state {init liveness} { volleys $state $chosen }
    for {set n 0} {$n < $rounds} {incr n} {
        set p [::ike::net probe $to [refused] $round_ms]
        set early [volleys init in_turn]
        set own [volleys init $chosen]
        set one [volleys liveness $chosen -lone 1 -lanes 1]
        set side [volleys liveness $chosen -lone 1]
        set standing [volleys liveness $chosen]
        set probe [expr {1e6 * [over [dict get $p answered] [dict get $p us]]}]
        set each [list probe $probe early [per_s $early] chosen [per_s $own] live-ratio [over [per_s $early] $probe] \
                      early-device [over [dict get $early device] [dict get $early metered]] early-own [over [dict get $early own] [dict get $early done]] \
                      one [per_s $one] answer-us [over [dict get $one awaited_us] [dict get $one answered]] side [per_s $side] \
                      standing [per_s $standing] standing-ratio [over [per_s $standing] [per_s $one]] side-ratio [over [per_s $standing] [per_s $side]] \
                      ended [expr {100 * [over [dict get $standing ended] [dict get $standing done]]}] \
                      making-us [over [dict get $standing making_us] [dict get $standing sas]] sas [dict get $standing sas] \
                      device [over [dict get $standing device] [dict get $standing metered]] own [over [dict get $standing own] [dict get $standing done]] \
                      side-device [over [dict get $side device] [dict get $side metered]] side-own [over [dict get $side own] [dict get $side done]]]
        set all [::tcl::mathop::+ {*}[lmap key [dict keys $spent] { dict get $standing $key }]]
        foreach key [dict keys $spent] { lappend each $key [expr {100 * [over [dict get $standing $key] $all]}] }
        foreach {name figure} $each { dict lappend out $name $figure }
    }
    return $out
}

proc ::fuzz::rate::run {rounds} {
    variable wanted
    variable spent
    dict for {name figures} [measure $rounds] { dict set m $name [median $figures] }
    set lanes [expr {"alone" in $::fuzz::volley::habits ? 1 : $::fuzz::volley::lanes}]
    dict with m {
        puts [format "before keys: lock-step prober %.0f/s (refused each time, the cheapest answer), attempts %.0f/s with all targets in turn, %.0f/s as a campaign chooses; CPU time of one of the former: device %.0f us, tester %.0f us" \
                  $probe $early $chosen ${early-device} ${early-own}]
        puts [format "live-ratio %.2f (at least 0.85)" ${live-ratio}]
        puts [format "standing SAs, honest exchanges: %.0f/s in lock step on one (a request is answered after %.0f us: at most %.0f/s so), %.0f/s on %d side by side; CPU time of one: device %.0f us, tester %.0f us" \
                  $one ${answer-us} [expr {1e6 * [over 1 ${answer-us}]}] $side $lanes ${side-device} ${side-own}]
        puts [format "standing SAs, attempts on %d side by side: %.0f/s; %.0f %% ended their SA, a new one took %.0f us until it stood; CPU time of an attempt: device %.0f us, tester %.0f us" \
                  $lanes $standing $ended ${making-us} $device $own]
        puts "of the time of these SAs: [join [lmap {key what} $spent { format "%s %.0f %%" $what [set $key] }] {, }]"
        puts [format "standing-rate %.0f/s (at least %d)%s" $standing $wanted [reason $standing [expr {max($one, $side)}] [expr {$device + $own}]]]
        puts [format "standing-ratio %.2f (at least 0.50) of honest exchanges in lock step, %.2f of those side by side" ${standing-ratio} ${side-ratio}]
    }
}

# Why there are not more, as far as it was measured: how many honest exchanges there are, and how many attempts the processors
# would do if nothing but these were on them.
proc ::fuzz::rate::reason {rate honest us} {
    variable wanted
    if {$rate >= $wanted} { return "" }
    set cores [exec nproc]
    format ": honest exchanges make %.0f/s at most; by their CPU time %d processors would do %.0f attempts/s" $honest $cores [expr {1e6 * $cores * [over 1 $us]}]
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
