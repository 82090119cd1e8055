# campaign.tcl - goes on fuzzing a device, attempt after attempt, where it left off: picks state and target by how often they
# still show something new, attempts, judges, shortens what it finds, and keeps all of it in one folder.
#
#   FOLDER/state         what is known (a dict), written after each batch: it is resumed from there
#   FOLDER/attempts.log  a line per attempt: number, token, class of the answer; N-M TOKEN +NUM for NUM attempts of a volley, whose
#                        seeds count up from that of TOKEN, and how often which class came; - TOKEN CLASS new for the first of a kind
#   FOLDER/findings/NAME finding (a dict), ladder.txt, wire.pcapng and keys, device.log, cores
#
# A token STATE~TARGET~SEED names an attempt for good: state and target are in it, and all else comes from the seed.
# A finding's name is made of what was found, in which state, by which edit (of the shortened program), without values: the same
# defect has the same name next night, and with another seed.

namespace eval ::fuzz::campaign {
    variable C           ;# what is known: seed attempts arms{state {target {tried new}}} seen{} findings{} samples{}
    variable dir ""
    variable S           ;# settings of the device
    variable since {}    ;# attempts {state program} since the device was last seen well, and on the standing SA
    variable batch 128   ;# attempts in one world
    variable known {}    ;# names of findings that are written down: {name reason}
    variable fresh {}    ;# names of new findings of this turn
    variable world 0
    variable say 1
    variable lost 0
    variable done 0        ;# attempts of this turn
    variable in_world 0    ;# and in this world, those of volleys for less
    variable log           ;# channel of attempts.log
    variable looked 0      ;# when (ms) the device was last seen well
    variable look_took 0   ;# and how long looking took
    variable unreached {}    ;# states: why not
    variable fresh_cost 0.0  ;# how many attempts' time a new SA takes, as volleys last saw it
}

# --- the folder -------------------------------------------------------------------------------------------------------

proc ::fuzz::campaign::load {folder settings seed} {
    variable C
    variable dir $folder
    variable S $settings
    variable known [read_known $settings]
    variable fresh {}
    variable lost 0
    variable fresh_cost 0.0
    ::cli::written $dir { file mkdir [file join $dir findings] }
    set C [dict create seed $seed attempts 0 arms {} seen {} findings {} samples {} nights 0]
    set file [file join $dir state]
    if {[file exists $file]} {
        if {[catch { dict merge $C [::parse::read_file $file] } C]} { ::cli::usage "$file is damaged: move it away and the campaign begins anew" }
    }
    dict incr C nights
}

# For one attempt by hand: a campaign that is kept nowhere.
proc ::fuzz::campaign::load_device {settings} {
    variable S $settings
    variable C [dict create seed 1 attempts 0 arms {} seen {} findings {} samples {}]
}

# A line of attempts.log.
proc ::fuzz::campaign::note_line {line} {
    variable log
    variable dir
    ::cli::written [file join $dir attempts.log] { puts $log $line }
}

proc ::fuzz::campaign::save {} {
    variable C
    variable dir
    ::runner::put [file join $dir state] $C
}

# harness/dut/DRIVER[-SUITE].found: findings of a device that are written down.
proc ::fuzz::campaign::read_known {settings} {
    set d {}
    set suite [expr {[dict exists $settings options suite] ? "-[dict get $settings options suite]" : ""}]
    foreach name [list [dict get $settings driver] [dict get $settings driver]$suite] {
        set file [file join $::ikespec::home harness dut $name.found]
        if {[file exists $file]} { set d [dict merge $d [read_found $file]] }
    }
    return $d
}

# A line each: NAME-or-glob ; reason. A name begins with what happened, and a glob has to say that: of what is silent when something
# is sent to it, nobody has written down that it dies of that.
proc ::fuzz::campaign::read_found {file} {
    set d {}
    set n 0
    foreach line [split [::parse::read_file $file] \n] {
        incr n
        set line [string trim $line]
        if {$line eq "" || [string match #* $line]} continue
        if {![regexp {^(\S+)\s*;\s*(\S.*)$} $line - glob reason]} { ::parse::fail $file $n 1 "should be: NAME-or-glob ; reason" }
        if {[regexp {^[^a-zA-Z]} $glob]} { ::parse::fail $file $n 1 "\"$glob\" says not what happened: begin it with that, as in silent-$glob" }
        dict set d $glob $reason
    }
    return $d
}

proc ::fuzz::campaign::reason {name} {
    variable known
    dict for {glob reason} $known { if {[string match $glob $name]} { return $reason } }
    return ""
}

# --- choosing ---------------------------------------------------------------------------------------------------------

# How promising a target is: what it showed that was new, against how often it was tried (the usual square root, so that
# none is ever given up) and what an attempt costs: one that ends its SA costs another one, as many attempts' time as `fresh_cost`
# says. Those that stand for many edits weigh more than a field.
proc ::fuzz::campaign::weight {target arm} {
    variable fresh_cost
    lassign $arm tried new ended
    set cost [expr {$tried && $ended ne "" ? 1.0 + $fresh_cost * $ended / $tried : 1.0}]
    expr {([string match {[+pw]*} $target] ? 4 : 1) * (1.0 + 6.0 * $new) / sqrt(1.0 + $tried) / $cost}
}

# ARM after N more attempts, with NEW things shown and SAs ENDED.
proc ::fuzz::campaign::count_arm {state target n new {ended 0}} {
    variable C
    lassign [dict get $C arms $state $target] tried shown before
    dict set C arms $state $target [list [expr {$tried + $n}] [expr {$shown + $new}] [expr {($before eq "" ? 0 : $before) + $ended}]]
}

proc ::fuzz::campaign::weights {state} {
    variable C
    set sum 0.0
    dict for {target arm} [dict get $C arms $state] { set sum [expr {$sum + [weight $target $arm]}] }
    return $sum
}

proc ::fuzz::campaign::share {total} { expr {[::fuzz::mutate::random 1000000] / 1000000.0 * $total} }

# States in turn, by what they still show. (One is not the better for having more fields.)
proc ::fuzz::campaign::choose_state {states} {
    set sums [lmap state $states { expr {sqrt([weights $state])} }]
    set at [share [::tcl::mathop::+ {*}$sums]]
    foreach state $states sum $sums { if {[set at [expr {$at - $sum}]] <= 0} break }
    return $state
}

proc ::fuzz::campaign::choose_target {state} {
    variable C
    set at [share [weights $state]]
    dict for {target arm} [dict get $C arms $state] { if {[set at [expr {$at - [weight $target $arm]}]] <= 0} break }
    return $target
}

proc ::fuzz::campaign::token_of {state target seed} { return $state~$target~[format %016llx [expr {$seed & 0xffffffffffffffff}]] }
proc ::fuzz::campaign::token {state target} { token_of $state $target [::fuzz::mutate::random] }

proc ::fuzz::campaign::parse_token {token} {
    if {![regexp {^([a-z-]+)~(.+)~([0-9a-f]{16})$} $token - state target seed] || $state ni [::fuzz::state::names]} { return "" }
    list $state $target 0x$seed
}

# The program of a token for the honest message M.
proc ::fuzz::campaign::make {state target seed m} {
    variable C
    ::fuzz::mutate::program $m $target [::fuzz::state::get $state sealed] $seed
}

# --- attempts ---------------------------------------------------------------------------------------------------------

# A token's attempt. -> {program observation findings}
proc ::fuzz::campaign::attempt {token} {
    lassign [parse_token $token] state target seed
    set obs [::fuzz::state::attempt $state {} [list ::fuzz::campaign::make $state $target $seed]]
    list [dict get $obs program] $obs [::fuzz::judge::observation $state $obs]
}

# Learns the states that the device can be put into, and what can be edited in each. -> their names
proc ::fuzz::campaign::states {wanted} {
    variable C
    variable S
    variable unreached {}
    set claims [dict get $S claims]
    set usable {}
    foreach state $wanted {
        set why [::fuzz::state::lacks $state $claims [dict get $S driver]]
        if {$why ne ""} { dict set unreached $state $why; continue }
        variable found {}
        if {[catch { ::fuzz::judge::learn $state } ok options]} {
            if {[lrange [dict get $options -errorcode] 0 1] ni {{IKESPEC STOP} {DUT UNSUPPORTED}}} { return -options $options $ok }
            set ok 0
        }
        if {$ok} {
            ::fuzz::state::attempt $state {} [list ::fuzz::campaign::look $state]
            set ok [llength $found]
        }
        if {!$ok} { dict set unreached $state "the honest exchange does not complete"; continue }
        foreach target $found { if {![dict exists $C arms $state $target]} { dict set C arms $state $target {0 0} } }
        lappend usable $state
    }
    return $usable
}

proc ::fuzz::campaign::look {state m} {
    ::fuzz::volley::keep $state $m
    variable found [::fuzz::mutate::targets $m [::fuzz::state::get $state sealed]]
    return {}
}

proc ::fuzz::campaign::faults {} {
    if {![::dut::has $::case::s(driver) faults]} { return {} }
    set found {}
    catch { set found [::dut::call $::case::s(device) faults] }
    return $found
}

# Runs until ATTEMPTS more are done or UNTIL (clock ms) is there; STATES: names. -> done | time | lost
proc ::fuzz::campaign::run {wanted attempts until {on_progress ""}} {
    variable end $until     ;# in milliseconds of the clock
    variable C
    variable S
    variable batch
    variable since {}
    variable world
    variable dir
    variable lost
    ::fuzz::mutate::seed [::case::seed [dict get $C seed] night [dict get $C nights]]
    set world [dict get $C nights]000
    ::fuzz::state::open $S [incr world] 1
    if {![::fuzz::state::healthy]} { ::cli::unusable "the device makes no SA with the setup psk, unbent" }
    set states [states $wanted]
    if {![llength $states]} { ::cli::unusable "no state can be reached: [join [lmap {state why} $::fuzz::campaign::unreached { string cat $state { (} $why {)} }] {, }]" }
    variable log
    ::cli::written [file join $dir attempts.log] { set log [::open [file join $dir attempts.log] a] }
    variable done 0
    variable in_world 0
    set why done
    try {
        while {$done < $attempts} {
            if {[clock milliseconds] >= $end} { set why time; break }
            try {
                set state [choose_state $states]
                if {[::fuzz::volley::can $state]} {
                    volley $state [expr {$attempts - $done}]
                } else {
                    single [token $state [choose_target $state]]
                }
                if {$lost} { set why lost; break }
                if {$in_world >= $batch} {
                    renew
                    set in_world 0
                    save
                }
            } trap DUT {text} {
                # its driver could not bring it to where it was wanted: it gets three tries to come back
                note_line "[dict get $C attempts] - [string map {\n { }} $text]"
                incr done
                if {![::fuzz::shrink::restart $S [incr world]]} { set lost 1 }
                set since {}
            }
            if {$lost} { set why lost; break }
            if {$on_progress ne ""} { {*}$on_progress $done [dict get $C attempts] }
        }
        look_after "" 1
        if {$lost} { set why lost }
    } finally {
        try {
            ::cli::written [file join $dir attempts.log] { ::close $log }
        } finally {
            try { save } finally { ::fuzz::state::close }
        }
    }
    return $why
}

# One attempt: logged, judged, and what it found shortened. KNOWN: the answer's kind was noted already.
proc ::fuzz::campaign::single {token {known 0}} {
    variable C
    variable since
    variable done
    variable in_world
    lassign [parse_token $token] state target
    lassign [attempt $token] program obs findings
    incr done
    incr in_world
    dict incr C attempts
    lappend since [list $state $program]
    set new [note $state $target $obs]
    set class [::fuzz::judge::class $obs $state]
    note_line "[dict get $C attempts] $token $class[expr {$new || $known ? { new} : {}}]"
    set silent [expr {$class eq "silence" || ![dict get $obs reached]}]
    # whatever was sent before on an SA that is gone has no part in what comes
    if {!$silent && ![llength $findings] && [llength $since] > 64} { set since [lrange $since end-63 end] }
    # a daemon that broke answers nothing either: the finding is that it broke, of whatever was sent since it was well
    if {[llength $findings] && [llength [set broken [faults]]]} {
        found [lindex [::fuzz::judge::device $broken 0] 0] [sent $since] $token $since
        return $class
    }
    foreach f $findings { found $f [list [list $state $program]] $token }
    if {$silent || $in_world % 32 == 0} { look_after $token }
    return $class
}

# Targets for a volley of MOST attempts, the better known the more at a time: {parts attempts}
proc ::fuzz::campaign::parts {state most} {
    variable C
    set parts {}
    set sum 0
    while {$sum < $most && [llength $parts] < 24} {
        set target [choose_target $state]
        set num [expr {min(max(1, [lindex [dict get $C arms $state $target] 0] / 4), $most / $::fuzz::volley::part, $most - $sum)}]
        lappend parts [list $target [::fuzz::mutate::random] $num]
        count_arm $state $target $num 0
        incr sum $num
    }
    list $parts $sum
}

# What the attempts of a volley cost.
proc ::fuzz::campaign::weigh {state r} {
    variable fresh_cost
    foreach kind [dict get $r kinds] {
        if {[dict get $kind ended]} { count_arm $state [dict get $kind target] 0 0 [dict get $kind ended] }
    }
    if {[dict get $r sas] && [dict get $r answered] && [dict get $r awaited_us]} {
        set fresh_cost [expr {double([dict get $r making_us]) / [dict get $r sas] * [dict get $r answered] / [dict get $r awaited_us]}]
    }
}

# 1 for a kind of a volley that was not seen before; now it is.
proc ::fuzz::campaign::first_seen {state kind} {
    variable C
    set key [::fuzz::volley::key $state $kind]
    if {[dict exists $C seen $key] || [dict exists $kind facts unsent]} { return 0 }
    dict set C seen $key 1
    count_arm $state [dict get $kind target] 0 1
    return 1
}

# Many attempts in a state at once, LEFT of them at most: targets in turn, the better known the more at a time.
proc ::fuzz::campaign::volley {state left} {
    variable C
    variable since
    variable done
    variable in_world
    variable looked
    variable look_took
    variable lost
    variable end
    lassign [parts $state [expr {min($left, [::fuzz::volley::size $state])}]] parts sum
    set r [::fuzz::volley::shoot $state $parts]
    weigh $state $r
    foreach line [::fuzz::volley::lines $state $parts $r [expr {[dict get $C attempts] + 1}]] { note_line $line }
    incr done $sum
    incr in_world [expr {1 + $sum / 16}]
    dict incr C attempts $sum
    foreach part $parts { lappend since [list $state ~ {*}$part] }
    if {[dict get $r lost]} { look_after [token_of $state {*}[lrange [lindex $parts end] 0 1]]; return }
    foreach kind [dict get $r kinds] {
        # (what there is no time for will be seen another night)
        if {[clock milliseconds] >= $end} break
        if {![first_seen $state $kind]} continue
        set token [token_of $state [dict get $kind target] [dict get $kind seed]]
        note_line "- $token [::fuzz::judge::class_of [dict get $kind facts]] new"
        if {[::fuzz::judge::harmless $state [::fuzz::volley::program $token] [dict get $kind facts]]} continue
        set class [single $token 1]
        # what it was among others and is not by itself: an answer that came late, or an earlier attempt had its part in it
        if {$class ne [::fuzz::judge::class_of [dict get $kind facts]]} {
            dict incr C differed
        }
        if {$lost || $done >= $left + $sum} return
    }
    # is the device well? asked as seldom as makes it cost little; in virtual time only where the world ends, as chance has no clock
    if {$::case::s(world) ne "mem" && [clock milliseconds] - $looked > max(1000, 20 * $look_took)} { look_after "" }
}

# The steps of what was sent, a list of {STATE PROGRAM} and, of volleys, {STATE ~ TARGET SEED NUM}: the attempts of volleys one
# by one, the last 128.
proc ::fuzz::campaign::sent {since} {
    set steps {}
    foreach step [lreverse $since] {
        if {[llength $steps] >= 128} break
        if {[lindex $step 1] ne "~"} { lappend steps $step; continue }
        lassign $step state - target seed num
        for {set n [expr {$num - 1}]} {$n >= 0} {incr n -1} {
            lappend steps [list $state [::fuzz::volley::program [token_of $state $target [expr {$seed + $n}]]]]
        }
    }
    lreverse [lrange $steps 0 127]
}

# Counts an attempt for its arm; 1 when the device showed something new there.
proc ::fuzz::campaign::note {state target obs} {
    variable C
    set key [list $state $target [::fuzz::judge::novelty $obs $state]]
    set new [expr {![dict exists $C seen $key]}]
    dict set C seen $key 1
    count_arm $state $target 1 $new
    return $new
}

# Is the device well? Whatever is wrong is blamed on what was sent since it was.
proc ::fuzz::campaign::look_after {token {last 0}} {
    variable since
    variable C
    variable looked
    variable look_took
    set began [clock milliseconds]
    set faults [faults]
    set healthy [expr {![llength $faults] && [::fuzz::state::healthy]}]
    if {!$healthy && ![llength $faults]} { set faults [faults] }
    if {!$healthy} {
        set f [lindex [::fuzz::judge::device $faults $healthy] 0]
        found $f [sent $since] $token $since
    }
    set since {}
    set looked [clock milliseconds]
    set look_took [expr {$looked - $began}]
}

# The next world; before that a look at what the device uses.
proc ::fuzz::campaign::renew {} {
    variable C
    variable S
    variable world
    look_after ""
    dict lappend C samples [list [dict get $C attempts] [::case::vitals]]
    dict set C samples [lrange [dict get $C samples] end-15 end]
    foreach {key limit} {memory_kb 400 threads 1 files 2 ike_sas 2 half_open 4} {
        set f [lindex [::fuzz::judge::growth [dict get $C samples] $key 6 $limit] 0]
        if {$f ne ""} { keep $f any [list] "" [::fuzz::campaign::named $f any {}]; dict set C samples {} }
    }
    ::fuzz::state::close
    ::fuzz::state::open $S [incr world] 0
}

# --- findings ---------------------------------------------------------------------------------------------------------

# KIND-DETAIL-STATE-EDITS; the detail is what tells two of a kind apart: the rule of an answer's form that is broken, the
# error that came where nothing should.
proc ::fuzz::campaign::named {f state steps} {
    # (what was sent only to see that the device had broken has no part in the name)
    while {[llength $steps] > 1 && ![llength [lindex $steps end 1]]} {
        set steps [lrange $steps 0 end-1]
        set state [lindex $steps end 0]
    }
    set program [lindex $steps end 1]
    set what [lsort -unique [lmap op $program { ::fuzz::mutate::about $op }]]
    if {[llength $what] > 2} { set what [list {*}[lrange $what 0 1] more] }
    if {[llength $steps] > 1} { lappend what after-[lindex $steps 0 0] }
    set detail {}
    switch -glob -- "[dict get $f kind] [dict get $f got]" {
        {malformed *} { set detail [list [lindex [split [dict get $f req] /] end]] }
        {accepted error:*} { set detail [list [string range [dict get $f got] 6 end]] }
    }
    regsub -all {[^A-Za-z0-9.+_-]+} [join [list [dict get $f kind] {*}$detail $state {*}$what] -] _ name
    return $name
}

# Something was found by STEPS (the last one shows it): is it so again, in how few words? SINCE: where the device broke, all that
# was sent since it was well, of which STEPS are the last.
proc ::fuzz::campaign::found {f steps token {since {}}} {
    variable C
    variable S
    set state [lindex $steps end 0]
    # the same words were shortened to a known name before
    set rough [named $f $state $steps]
    if {[dict exists $C alias $rough]} { count [dict get $C alias $rough]; after_finding $f; return }
    set device [expr {[dict get $f kind] eq "dead" || [string match device-fault* [dict get $f kind]]}]
    # (the name that its evidence will have is not known yet)
    set aside [evidence_folder .new]
    file delete -force $aside
    if {$device} {
        ::fuzz::shrink::remains $aside
        if {[llength $since] && [llength $steps] > 1} { set steps [sent [::fuzz::shrink::narrow $since $S]] }
    }
    lassign [::fuzz::shrink::shorten $f $state $steps $S $aside] confirmed steps
    if {!$confirmed && !$device} {
        dict set C unconfirmed $rough 1
        after_finding $f
        return
    }
    set f [dict merge $f [dict create confirmed $confirmed]]
    set state [lindex $steps end 0]
    # (one that nothing brings back has no edits to be named by: any name of theirs would be another one each night)
    set name [expr {$confirmed ? [named $f $state $steps] : "[named $f $state {}]-unrepeated"}]
    dict set C alias $rough $name
    keep $f $state $steps $token $name
    after_finding $f
}

# After the device was ill, or shortening has used up the world, a fresh start.
proc ::fuzz::campaign::after_finding {f} {
    variable S
    variable world
    variable since {}
    variable lost
    if {![::fuzz::shrink::restart $S [incr world]]} { set lost 1 }
}

proc ::fuzz::campaign::count {name} {
    variable C
    dict set C findings $name count [expr {[dict get $C findings $name count] + 1}]
}

proc ::fuzz::campaign::evidence_folder {name} {
    variable dir
    file join $dir findings [string range $name 0 200]
}

proc ::fuzz::campaign::keep {f state steps token name} {
    variable C
    variable fresh
    variable say
    if {[dict exists $C findings $name]} { count $name; return }
    set reason [reason $name]
    dict set C findings $name [dict merge $f [dict create state $state steps $steps token $token count 1 known $reason]]
    set folder [evidence_folder $name]
    set aside [evidence_folder .new]
    if {[file isdirectory $aside]} {
        file delete -force $folder
        file rename $aside $folder
    }
    file mkdir $folder
    ::runner::put [file join $folder finding] [dict get $C findings $name]
    if {$reason eq ""} { lappend fresh $name }
    if {$say} {
        catch { ::run::clear_progress }
        puts "[expr {$reason eq "" ? "NEW  " : "known"}] $name\n      [dict get $f text]: expected [dict get $f expected], got [::text::visible [dict get $f got]][expr {
            [dict get $f req] eq "" ? "" : "   [dict get $f req]"}]"
        foreach step $steps { puts "      [lindex $step 0]: [join [lmap op [lindex $step 1] { ::text::visible $op }] {; }]" }
        flush stdout
    }
    save
}
