# states.tcl - where a mutated message can be put: each state is reached by the engine with real keys, does one exchange
# whose message the tap bends, and leaves the device as it found it. A session is a world with tester and device in it,
# and the standing SA that exchanges after authentication use for as long as it lives.
#
# A state is a dict: exchange, kind (request, or the response to the device's own request), sealed, needs (claims of the device),
# what (of `peer do`, or the verb of the driver).

namespace eval ::fuzz::state {
    variable all {
        init         {exchange IKE_SA_INIT     kind request  sealed 0 needs responder what init}
        auth         {exchange IKE_AUTH        kind request  sealed 1 needs responder what auth}
        new-child    {exchange CREATE_CHILD_SA kind request  sealed 1 needs responder what new-child}
        rekey-child  {exchange CREATE_CHILD_SA kind request  sealed 1 needs responder what rekey-child}
        rekey-ike    {exchange CREATE_CHILD_SA kind request  sealed 1 needs responder what rekey-ike}
        liveness     {exchange INFORMATIONAL   kind request  sealed 1 needs responder what liveness}
        inform       {exchange INFORMATIONAL   kind request  sealed 1 needs responder what info}
        delete-child {exchange INFORMATIONAL   kind request  sealed 1 needs responder what delete-child}
        delete-ike   {exchange INFORMATIONAL   kind request  sealed 1 needs responder what delete-ike}
        init-answer  {exchange IKE_SA_INIT     kind response sealed 0 needs initiator what initiate}
        auth-answer  {exchange IKE_AUTH        kind response sealed 1 needs initiator what initiate}
        rekey-child-answer {exchange CREATE_CHILD_SA kind response sealed 1 needs rekey-on-demand what rekey-child}
        rekey-ike-answer   {exchange CREATE_CHILD_SA kind response sealed 1 needs rekey-on-demand what rekey-ike}
        delete-child-answer {exchange INFORMATIONAL  kind response sealed 1 needs rekey-on-demand what delete-child}
    }
    variable S          ;# settings (runner.tcl)
    variable sa ""      ;# the standing SA
    variable others {}  ;# those that volleys use beside it
    variable used 0     ;# exchanges done on it
    variable shot       ;# what the tap is to do next: state program fired m applied
    variable wait_ms    ;# how long an answer is waited for: adapts to what the device takes
    variable srtt ""
    variable var 0
    variable floor_ms 60
    variable patience 1    ;# times the wait: who confirms a finding waits longer, so that a slow machine makes none
    variable world_seed 1    ;# of the current world
    variable stale 0    ;# the device may hold SAs that nobody here knows
}

proc ::fuzz::state::names {} { variable all; dict keys $all }
proc ::fuzz::state::get {name key} { variable all; dict get $all $name $key }

# Why the device cannot be put into a state, "" when it can.
proc ::fuzz::state::lacks {name claims driver} {
    set need [get $name needs]
    if {[dict exists $claims $need] && [dict get $claims $need] eq "no"} { return "the device does not claim $need" }
    if {[get $name kind] eq "response" && ![::dut::has $driver [get $name what]]} { return "the driver $driver has no verb [get $name what]" }
    return ""
}

# --- the session ------------------------------------------------------------------------------------------------------

# A new world. FRESH: the device is set up and started in it too, else it is left as it is.
proc ::fuzz::state::open {settings seed fresh} {
    variable S $settings
    variable sa ""
    variable others {}
    variable used 0
    variable shot {}
    variable wait_ms
    variable world_seed $seed
    variable stale 0
    set driver [dict get $S driver]
    set lab [::runner::lab $S]
    set meta [dict create id fuzz roles responder file fuzz line 1 cites {} setup psk title fuzz vars {} body {} needs {} verbs {}]
    set mem [expr {[dict get $S world] eq "mem"}]
    set o [::runner::on_lab [dict create world [dict get $S world] settle-ms 400 rx-ms 3000 echo-ms 500 install-ms 0 budget-s 1000000000 wall-s 1000000 \
               bent [dict get $S bent] records 0 lab $lab seed $seed rep 1 restart [expr {bool($fresh)}] device [::runner::device $S] port-base ""]]
    ::case::begin $meta responder $driver $o
    ::case::world $meta $o
    ::fuzz::volley::begin
    # (bent devices run their scripts in it)
    ::case::make_interp
    # a repetition is not bent: none may answer for the one that was
    ::flow::conn {retransmit_ms 30000}
    ::ike::peer tap tester ::fuzz::state::tap {tree plain wire}
    if {![info exists wait_ms] || $mem} { set wait_ms 300 }
    return
}

proc ::fuzz::state::close {} {
    variable sa ""
    catch { ::sandbox::put $::case::s(interp) }
}

# The tap of the tester: bends the one message that the shot is for, and looks at it first.
proc ::fuzz::state::tap {dir station at exchange kind mid retransmit what} {
    variable shot
    if {$shot eq "" || $dir ne "out" || $retransmit || $exchange ne [dict get $shot exchange] || $kind ne [dict get $shot kind]} { return pass }
    switch -- $station {
        tree {
            if {[dict get $shot fired]} { return pass }
            dict set shot fired 1
            # (who mutates by chance makes the program of the message itself)
            if {[dict get $shot make] ne ""} { dict set shot program [{*}[dict get $shot make] $what] }
            dict set shot applied [::fuzz::mutate::apply $what [dict get $shot program]]
            return pass
        }
        plain - wire {
            if {![dict get $shot fired] || [dict exists $shot $station]} { return pass }
            dict set shot $station 1
            lassign [::fuzz::mutate::apply_octets $station $what [dict get $shot program]] now did
            if {![llength $did]} { return pass }
            dict lappend shot applied {*}$did
            return [list replace $now]
        }
    }
    return pass
}

proc ::fuzz::state::arm {state program make} {
    variable shot [dict create exchange [get $state exchange] kind [get $state kind] program $program make $make fired 0 applied {}]
}
proc ::fuzz::state::disarm {} { variable shot; set was $shot; set shot {}; return $was }

# --- time -------------------------------------------------------------------------------------------------------------

# RFC 6298's estimate of what an answer takes, with room: silence is told from an answer in a few round trips.
proc ::fuzz::state::took {us} {
    variable srtt
    variable var
    variable wait_ms
    variable floor_ms
    if {$::case::s(world) eq "mem"} return
    set ms [expr {$us / 1000.0}]
    if {$srtt eq ""} { set srtt $ms; set var [expr {$ms / 2}] } else {
        set var [expr {0.75 * $var + 0.25 * abs($srtt - $ms)}]
        set srtt [expr {0.875 * $srtt + 0.125 * $ms}]
    }
    set wait_ms [expr {int(min(1500, max($floor_ms, 4 * $srtt + 8 * $var)))}]
}

# --- the inbox --------------------------------------------------------------------------------------------------------

proc ::fuzz::state::next_record {} {
    set all [::ike::peer records tester $::case::s(next_rec)]
    if {[llength $all]} { set ::case::s(next_rec) [expr {[lindex $all end] + 1}] }
    return $::case::s(next_rec)
}

# All messages of this world, those too that next_record passed over: a ladder.
proc ::fuzz::state::ladder {} {
    upvar #0 ::case::s s
    array set s {next_rec 1 order {}}
    array unset s octets,*
    ::rx::update
    ::ladder::text [dict create id fuzz ladder [::case::ladder] failure {}]
}

# Records from FROM on in which DIR, as dicts.
proc ::fuzz::state::records {from dir} {
    lmap n [::ike::peer records tester $from] {
        if {$n < $from} continue
        set r [::ike::peer record tester $n]
        if {[dict get $r dir] ne $dir || [dict get $r proto] ne "ike" || [dict get $r reassembled]} continue
        set r
    }
}

# The first response of the device from record FROM on for which MATCH (exchange mid spi_i; "" fits all) holds.
proc ::fuzz::state::response {from match} {
    lassign $match exchange mid spi
    foreach r [records $from in] {
        if {[dict get $r kind] ne "response"} continue
        if {$exchange ne "" && [dict get $r exchange] ne $exchange} continue
        if {$mid ne "" && [dict get $r mid] ne $mid} continue
        if {$spi ne "" && [dict get $r spi_i] ne $spi} continue
        return $r
    }
    return ""
}

proc ::fuzz::state::await_response {from match {ms ""}} {
    variable wait_ms
    variable patience
    if {$ms eq ""} { set ms [expr {$wait_ms * $patience}] }
    set t [::ike::net now]
    set found ""
    ::flow::until { set found [response $from $match] } $ms
    if {$found ne ""} { took [expr {[dict get $found t_us] - $t}] }
    return $found
}

# The answer to the request that went out after record FROM: of its SA, so that a late one to an earlier request is not taken for
# it. One of that SA with another message id counts when no better comes.
proc ::fuzz::state::answer_after {from state} {
    set q [lindex [lmap r [records $from out] { if {[dict get $r kind] ne "request"} continue; set r }] 0]
    if {$q eq ""} { return "" }
    set r [await_response $from [list "" [dict get $q mid] [dict get $q spi_i]]]
    if {$r eq ""} { set r [response $from [list "" "" [dict get $q spi_i]]] }
    return $r
}

# --- exchanges --------------------------------------------------------------------------------------------------------

# The honest peer's SA, "" when the device does not make one.
proc ::fuzz::state::fresh_sa {} {
    set from [llength $::case::s(events)]
    set id [::ike::peer initiate tester t]
    set e ""
    ::flow::until { set e [::flow::event {ike-up ike-down give-up} $id $from] } $::case::s(rx_ms)
    if {$e eq "" || [dict get $e kind] ne "ike-up"} { catch { ::ike::peer forget tester $id }; return "" }
    return $id
}

proc ::fuzz::state::keyed_sa {} {
    set from [llength $::case::s(events)]
    set id [::ike::peer initiate tester t -step 1]
    set e ""
    ::flow::until { set e [::flow::event {done ike-down give-up} $id $from] } $::case::s(rx_ms)
    if {$e eq "" || [dict get $e kind] ne "done"} { catch { ::ike::peer forget tester $id }; return "" }
    return $id
}

# The standing SA with a Child SA on it, "" when none can be made. A tired one is replaced.
proc ::fuzz::state::standing {} {
    variable sa
    variable used
    if {$sa ne "" && ($used >= 24 || ![usable $sa])} { drop $sa; set sa "" }
    if {$sa eq ""} {
        set sa [fresh_sa]
        set used 0
    } elseif {![llength [::flow::children $sa]]} {
        catch { ::ike::peer do tester $sa new-child {} }
        ::flow::until { llength [::flow::children $sa] } $::case::s(settle_ms)
        if {![llength [::flow::children $sa]]} { drop $sa; set sa [fresh_sa]; set used 0 }
    }
    incr used
    return $sa
}

proc ::fuzz::state::usable {id} {
    set info [::flow::sa_info $id]
    expr {[::rx::field $info established 0] && ![::rx::field $info dead 0] && [::rx::field $info outstanding 0] == 0}
}

# Ends an SA on both ends, whatever the engine waits for on it: -> 1 when the device answered under its keys.
proc ::fuzz::state::drop {id} {
    variable sa
    if {$id eq $sa} { set sa "" }
    set info [::flow::sa_info $id]
    if {$info eq {} || [::rx::field $info dead 0]} { return 0 }
    set answered 0
    if {[::rx::field $info established 0]} {
        set mid [expr {[dict get $info next_request] - [dict get $info outstanding]}]
        set answered [expr {[probe $id [expr {max(0, $mid)}]] ne ""}]
    }
    catch { ::ike::peer forget tester $id }
    return $answered
}

# Ends the standing SA and those beside it.
proc ::fuzz::state::retire {} {
    variable sa
    variable others
    foreach id [concat $sa $others] { drop $id }
    set sa ""
    set others {}
}

# Delete IKE_SA under the SA's keys with that message id: the response, "" when none came.
proc ::fuzz::state::probe {id mid} {
    set from [next_record]
    set m [::ike::msg new INFORMATIONAL request]
    ::ike::msg add $m D protocol IKE
    if {[catch { ::ike::peer send tester $id $m -mid $mid }]} { return "" }
    ::ike::net pump 0
    set found [await_response $from [list INFORMATIONAL $mid [::flow::sa_field $id spi_i]]]
    catch { ::ike::msg free $m }
    return $found
}

# Waits until the engine has nothing more to say on an SA (it deletes what a rekey replaced).
proc ::fuzz::state::settled {id} {
    variable wait_ms
    ::flow::until {
        set info [::flow::sa_info $id]
        expr {$info eq {} || [::rx::field $info dead 0] || ([::rx::field $info outstanding 0] == 0 && [::rx::field $info queued 0] == 0)}
    } [expr {2 * $wait_ms}]
}

# Does STATE once with its message bent. -> observation, a dict:
#   reached (0: the state could not be reached)  fired  applied  program  request (record)  response (record or "")
#   answered (protected answer to a probe after silence)  up (an IKE SA came up by it)  in out (octets) datagrams
proc ::fuzz::state::attempt {state program {make ""}} {
    set shape [expr {[get $state kind] eq "response" ? "answering" : $state in {init auth} ? $state : "standing_exchange"}]
    clean
    ::flow::drain
    set ::case::s(events) {}
    set obs [$shape $state $program $make]
    set was [disarm]
    if {$was ne {}} { foreach key {fired applied program} { dict set obs $key [dict get $was $key] } }
    return [dict merge {reached 1 fired 0 applied {} program {} request {} response {} answered 0 up 0 in 0 out 0 datagrams 0} $obs]
}

# What came and went from record FROM on. The request is the last one of the state's exchange and kind that we sent.
proc ::fuzz::state::observed {from state} {
    set obs {}
    set sent [records $from out]
    set came [records $from in]
    dict set obs request [lindex [lmap r $sent { if {[dict get $r kind] ne [get $state kind]} continue; set r }] 0]
    dict set obs out [::tcl::mathop::+ {*}[lmap r $sent { dict get $r len }]]
    dict set obs in [::tcl::mathop::+ {*}[lmap r $came { dict get $r len }]]
    dict set obs datagrams [llength $came]
    return $obs
}

proc ::fuzz::state::init {state program make} {
    set from [next_record]
    arm $state $program $make
    # (what the edits made of it may be more than a datagram holds)
    if {[catch { ::ike::peer initiate tester t -step 1 } id]} { return {} }
    ::ike::net pump 0
    set r [answer_after $from $state]
    # what a good peer does by itself: COOKIE and INVALID_KE_PAYLOAD are tried again
    if {$r ne "" && [dict get $r msg] ne "" && ([::ike::msg has [dict get $r msg] N(COOKIE)] || [::ike::msg has [dict get $r msg] N(INVALID_KE_PAYLOAD)])} {
        ::ike::net quiet [expr {$::case::s(world) eq "mem" ? 50 : 10}]
    }
    set obs [dict merge [observed $from $state] [dict create response $r]]
    disarm_keep obs
    # A half-open SA is closed by an IKE_AUTH that cannot hold; one that gets established all the same is a finding.
    if {[::rx::field [::flow::sa_info $id] state] ne "" && $r ne "" && ![::rx::field [::flow::sa_info $id] dead 0]} {
        set at [next_record]
        set first [llength $::case::s(events)]
        if {![catch { ::ike::peer do tester $id auth {psk "not the secret of the setup"} }]} {
            ::ike::net pump 0
            await_response $at [list IKE_AUTH 1 ""]
            if {[::flow::event ike-up $id $first] ne ""} { dict set obs up 1; drop $id }
        }
    }
    catch { ::ike::peer forget tester $id }
    return $obs
}

# What the shot did belongs to the observation before other messages follow.
proc ::fuzz::state::disarm_keep {name} {
    upvar 1 $name obs
    set was [disarm]
    foreach key {fired applied program} { dict set obs $key [dict get $was $key] }
}

proc ::fuzz::state::auth {state program make} {
    set id [keyed_sa]
    if {$id eq ""} { return {reached 0} }
    set from [next_record]
    set first [llength $::case::s(events)]
    arm $state $program $make
    if {[catch { ::ike::peer do tester $id auth {} }]} { catch { ::ike::peer forget tester $id }; return {} }
    ::ike::net pump 0
    set r [answer_after $from $state]
    ::ike::net pump 0
    set obs [dict merge [observed $from $state] [dict create response $r up [expr {[::flow::event ike-up $id $first] ne ""}]]]
    disarm_keep obs
    drop $id
    return $obs
}

proc ::fuzz::state::standing_exchange {state program make} {
    variable sa
    if {[standing] eq ""} { return {reached 0} }
    set id $sa
    set what [get $state what]
    set args {}
    if {$what eq "info"} { set args [list payloads [errand]] }
    set mid [::flow::sa_field $id next_request]
    set from [next_record]
    set first [llength $::case::s(events)]
    arm $state $program $make
    if {[catch { ::ike::peer do tester $id $what $args }]} { catch { drop $id }; set sa ""; return {} }
    ::ike::net pump 0
    set r [answer_after $from $state]
    set obs [dict merge [observed $from $state] [dict create response $r]]
    disarm_keep obs
    if {$r eq ""} {
        # silent: is the SA still there? Its Delete bears the id that the device expects: that one, or the next
        # where it has used the id up all the same.
        set answer [probe $id $mid]
        if {$answer eq ""} { set answer [probe $id [expr {$mid + 1}]] }
        dict set obs answered [expr {$answer ne ""}]
        catch { ::ike::peer forget tester $id }
        set sa ""
        return $obs
    }
    # such an answer ends the SA on both ends (RFC 7296 2.21.3), as does one that nobody can open
    if {[::fuzz::judge::class $obs ""] in {error:INVALID_SYNTAX error:AUTHENTICATION_FAILED error:UNSUPPORTED_CRITICAL_PAYLOAD error:INVALID_MAJOR_VERSION broken}} {
        probe $id [expr {$mid + 1}]
        catch { ::ike::peer forget tester $id }
        set sa ""
        return $obs
    }
    settled $id
    set e [::flow::event ike-rekeyed "" $first]
    if {$e ne ""} {
        settled [dict get $e sa]
        # the old one goes in its own time; the new one stands
        set sa [dict get $e sa]
    }
    return $obs
}

# An INFORMATIONAL request with one of each: an unknown status, a Delete for an SPI that nobody has, a vendor id.
proc ::fuzz::state::errand {} {
    set m [::ike::msg new INFORMATIONAL request]
    ::ike::msg add $m N(65001) data 0x01020304
    ::ike::msg add $m D protocol ESP spi_size 4 spis 0xdeadbeef
    ::ike::msg add $m V data str:fuzz
    return $m
}

# The device begins; our answer is bent. What it does next is the response.
proc ::fuzz::state::answering {state program make} {
    variable wait_ms
    set verb [get $state what]
    set device $::case::s(device)
    set args {}
    set id ""
    if {$verb eq "initiate"} { retire } else {
        set id [standing]
        if {$id eq ""} { return {reached 0} }
        # (never through expr, which reads the SPI 118e3018 as a number that has no end)
        if {$verb eq "rekey-ike"} { set args [list [::flow::sa_field $id spi_i]] } else { set args [list [::rx::field [lindex [::flow::children $id] 0] spi_in]] }
    }
    set from [next_record]
    set first [llength $::case::s(events)]
    arm $state $program $make
    if {[catch { ::dut::call $device $verb {*}$args } why options]} {
        if {[lrange [dict get $options -errorcode] 0 1] eq {DUT DEAD}} { if {$id ne ""} { drop $id }; return {reached 0} }
        return -options $options $why
    }
    ::flow::until { dict get $::fuzz::state::shot fired } $::case::s(rx_ms)
    set fired [dict get $::fuzz::state::shot fired]
    set at [next_record]
    ::ike::net quiet [expr {$::case::s(world) eq "mem" ? 100 : min(200, $wait_ms)}]
    set obs [observed $from $state]
    dict set obs reached $fired
    # the next thing that it says of its own accord, repetitions of its request apart
    dict set obs response [lindex [lmap r [records $at in] { if {[dict get $r kind] eq "request" && [dict get $r mid] eq [::rx::field [dict get $obs request] mid]} continue; set r }] 0]
    disarm_keep obs
    foreach info [::ike::peer sas tester] {
        if {[::rx::field $info dead 0]} continue
        set each [dict get $info id]
        # An SA of the device that answers under its keys is one that it holds for authenticated.
        if {$verb eq "initiate" && [::rx::field $info established 0]} {
            dict set obs up [expr {[probe $each [dict get $info next_request]] ne ""}]
        } elseif {$verb ne "initiate"} {
            drop $each
        }
        catch { ::ike::peer forget tester $each }
    }
    variable sa ""
    variable others {}
    # (the observation lives as long as this world)
    variable stale 1
    return $obs
}

# What the device is left with after its own exchanges went wrong: it forgets its SAs, by whatever way it has.
proc ::fuzz::state::clean {} {
    variable S
    variable stale
    variable sa
    variable others
    if {!$stale} return
    set stale 0
    # (it forgets these as well)
    foreach id [concat $sa $others] { catch { ::ike::peer forget tester $id } }
    set sa ""
    set others {}
    if {[dict get $S driver] eq "self"} {
        open $S [incr ::fuzz::state::world_seed] 1
    } elseif {[::dut::has [dict get $S driver] reset]} {
        ::dut::call $::case::s(device) reset
    } else {
        open $S 1 1
    }
}

# The device answers and makes a fresh SA? Leaves none behind.
proc ::fuzz::state::healthy {} {
    clean
    retire
    for {set try 0} {$try < 3} {incr try} {
        set id [fresh_sa]
        if {$id ne ""} { drop $id; return 1 }
    }
    return 0
}
