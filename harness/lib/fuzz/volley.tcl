# volley.tcl - many attempts in one state by one command (`::ike::volley`): what a campaign does where the exchange itself is the work.
# A volley is parts {TARGET SEED NUM}: attempts whose tokens are STATE~TARGET~SEED, SEED+1, ... It gives back kinds of attempt, and
# each kind is judged once, by its facts; where these leave anything open, the first attempt of the kind is done once more by itself
# and judged as every single one is.

namespace eval ::fuzz::volley {
    # states, and what the engine does in them
    variable states {init init liveness liveness inform info}
    variable least 128     ;# attempts of a volley, in virtual time always
    # at most; before keys some leave a half-open SA, and many of these make a device behave otherwise
    variable most {init 256 liveness 1024 inform 1024}
    variable part 4        ;# those with one target: such a part of them at most
    # a volley lasts about so long: at its end lanes wait for the slowest, and what it showed is weighed
    variable volley_us 250000
    variable each_us       ;# of a state: what an attempt took
    array set each_us {}
    variable flight 16     ;# before keys: under way at once
    variable lanes 8        ;# on standing SAs: so many side by side
    variable habits        ;# what the device does about SAs and message ids, as learned in this session
    variable wait_us       ;# of a state: how long to wait for an answer, as learned, in options of ::ike::volley
    array set wait_us {}
    variable honest        ;# of a state: the message without edits
    array set honest {}
    variable left 0        ;# half-open SAs that the device may still hold
    variable left_most 300
}

proc ::fuzz::volley::can {state} { variable states; dict exists $states $state }

# A session begins: nothing is known of its device.
proc ::fuzz::volley::begin {} {
    variable habits {}
    variable each_us
    array unset each_us
}

# How many attempts a volley in STATE has.
proc ::fuzz::volley::size {state} {
    variable least
    variable most
    variable volley_us
    variable each_us
    if {![info exists each_us($state)]} { return $least }
    expr {int(min([dict get $most $state], max($least, $volley_us / $each_us($state))))}
}

# The honest message of a state is what programs are made of when no device can be asked.
proc ::fuzz::volley::keep {state m} {
    variable honest
    if {[info exists honest($state)]} { catch { ::ike::msg free $honest($state) } }
    set honest($state) [::ike::msg copy $m]
}
proc ::fuzz::volley::program {token} {
    variable honest
    lassign [::fuzz::campaign::parse_token $token] state target seed
    ::fuzz::mutate::program $honest($state) $target [::fuzz::state::get $state sealed] $seed
}

# Shoots PARTS in STATE. -> the dict of ::ike::volley
proc ::fuzz::volley::shoot {state parts args} {
    variable states
    variable wait_us
    variable flight
    variable lanes
    variable habits
    variable left
    variable left_most
    variable each_us
    set mem [expr {$::case::s(world) eq "mem"}]
    set more $args
    if {$state eq "init"} {
        lappend more -flight $flight -wrong-psk "not the secret of the setup" -amplified $::fuzz::judge::amplification
    } else {
        set more [concat [list -sas [concat $::fuzz::state::sa $::fuzz::state::others] -lanes $lanes -habits $habits] $more]
        if {$state eq "inform"} { lappend more -payloads [set m [::fuzz::state::errand]] }
    }
    if {$mem} { lappend more -wait-us 300000 } elseif {[info exists wait_us($state)]} { lappend more {*}$wait_us($state) }
    set r [::ike::volley tester [dict get $states $state] $parts -telling [::fuzz::judge::telling] {*}$more]
    if {$state eq "inform"} { catch { ::ike::msg free $m } }
    if {!$mem} {
        set wait_us($state) [list -wait-us [dict get $r wait_us] -quick-us [dict get $r quick_us]]
        if {[dict get $r done]} { set each_us($state) [expr {double([dict get $r took_us]) / [dict get $r done]}] }
    }
    if {$state ne "init"} {
        set habits [dict get $r habits]
        set ::fuzz::state::others [lassign [dict get $r standing] ::fuzz::state::sa]
    }
    # half-open SAs that two ends with different keys cannot close go with the rest
    incr left [dict get $r left]
    if {$left > $left_most} {
        set left 0
        set ::fuzz::state::stale 1
        ::fuzz::state::clean
    }
    return $r
}

# What a kind of a volley's attempt is called in `seen`.
proc ::fuzz::volley::key {state kind} { list $state [dict get $kind about] [dict get $kind facts] }

# The lines of a volley for the log: N-M TOKEN +NUM, and how often which class of answer came.
proc ::fuzz::volley::lines {state parts r first} {
    set out {}
    set at -1
    foreach part $parts {
        incr at
        lassign $part target seed num
        set classes {}
        foreach kind [dict get $r kinds] {
            if {[dict get $kind part] == $at} { dict incr classes [::fuzz::judge::class_of [dict get $kind facts]] [dict get $kind num] }
        }
        lappend out "$first-[expr {$first + $num - 1}] [::fuzz::campaign::token_of $state $target $seed] +$num $classes"
        incr first $num
    }
    return $out
}
