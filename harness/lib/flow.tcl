# flow.tcl - shared stories: make an SA in either role, wait, carry traffic, see whether the device lives. What
# fails in here is a precondition (inconclusive) unless the case asked for a verdict on it.

namespace eval ::flow {
    variable ike_words {init establish floated await rekeyed}
}

# --- time and events ------------------------------------------------------------------------------------

# Runs the world until script is true (1) or ms have passed (0). The script sees the caller's variables, and fetches
# what it looks at: events by `drain` or `event`, records by rx::update.
proc ::flow::until {script ms} {
    set end [expr {[::ike::net now] + int($ms * 1000)}]
    while 1 {
        if {[uplevel 1 "$script"] ni {0 ""}} { return 1 }
        set left [expr {($end - [::ike::net now]) / 1000.0}]
        if {$left <= 0} { return 0 }
        ::case::check_budget
        ::ike::net pump [expr {int(ceil($left))}]
    }
}

proc ::flow::quiet {ms} {
    ::case::check_budget
    ::ike::net quiet $ms
    ::rx::update
}

# Fetches events of the tester.
proc ::flow::drain {} {
    upvar #0 ::case::s s
    foreach e [::ike::peer events tester] { lappend s(events) $e }
}

# The first tester event of one of the kinds for that SA ("" = any), from event index on; "" when none.
proc ::flow::event {kinds {sa ""} {from 0}} {
    upvar #0 ::case::s s
    drain
    foreach e [lrange $s(events) $from end] {
        if {[dict get $e kind] in $kinds && ($sa eq "" || [::rx::field $e sa] eq $sa)} { return $e }
    }
    return ""
}

proc ::flow::sa_info {sa} {
    if {[catch {::ike::peer sa tester $sa} info]} { return {} }
    return $info
}

proc ::flow::sa_field {sa key} { ::rx::field [sa_info $sa] $key }

# --- the tester's connection ------------------------------------------------------------------------------

# conn k v ...: changes the tester's connection before anything is sent.
proc ::flow::conn {words} {
    upvar #0 ::case::s s
    if {[llength $words] == 1} { set words [lindex $words 0] }
    if {[llength $words] % 2} { ::case::usage "conn should be: conn key value ..." }
    foreach {k v} $words {
        # a device that runs an adapted setup is offered adapted algorithms
        if {$k eq "esp" && [::dut::has $s(driver) adapt]} {
            set v [dict get [::dut::call $s(device) adapt [dict create esp $v]] esp]
        }
        dict set s(conn) $k $v
    }
    ::ike::peer conn tester $s(conn)
}

# --- ike ----------------------------------------------------------------------------------------------------

proc ::flow::ike {words line} {
    variable ike_words
    set words [lassign $words verb]
    switch -- $verb {
        init { return [::byrole::init $words $line] }
        await { return [await $words] }
        establish { return [establish $words] }
        floated { return [floated $words] }
        rekeyed { return [rekeyed [lindex $words 0]] }
        default { ::case::usage [::parse::unknown "word after ike" $verb $ike_words] }
    }
}

proc ::flow::last_in {} {
    upvar #0 ::case::s s ::case::rec rec
    ::rx::update
    foreach n [lreverse $s(order)] {
        if {[::rx::field $rec($n) dir] eq "in" && [::rx::field $rec($n) proto ike] eq "ike"} {
            return "the last message of the device is [::rx::chain $rec($n)]"
        }
    }
    return "the device sent nothing"
}

# The tester initiates: -> its SA with keys on both ends, nothing authenticated yet.
proc ::flow::init {words} {
    upvar #0 ::case::s s
    drain
    set from [llength $s(events)]
    set sa [::tx::init $words]
    set e ""
    until { set e [event {done ike-down give-up} $sa $from] } $s(rx_ms)
    if {$e eq "" || [dict get $e kind] ne "done" || [::rx::field $e code ""] ni {0 OK ""}} {
        ::case::stop inconclusive "IKE_SA_INIT did not complete: [last_in]"
    }
    ::rx::take_all
    return $sa
}

# The device initiates: -> the tester's SA once IKE_SA_INIT was exchanged.
proc ::flow::await {words} {
    upvar #0 ::case::s s
    set known [lmap i [::ike::peer sas tester] { dict get $i id }]
    if {[llength $words]} {
        set o [::tx::options $words]
        if {[dict exists $o -conn]} { conn [dict get $o -conn] }
    }
    ::rx::update
    set s(last_tx_us) [::ike::net now]
    ::case::dut initiate
    set sa ""
    until { set sa [new_sa $known] } $s(rx_ms)
    if {$sa eq ""} { ::case::stop inconclusive "the device did not initiate: [last_in]" }
    set s(sent,[sa_field $sa spi_i],IKE_SA_INIT) ""
    unset s(sent,[sa_field $sa spi_i],IKE_SA_INIT)
    return $sa
}

proc ::flow::new_sa {known} {
    foreach i [::ike::peer sas tester] { if {[dict get $i id] ni $known} { return [dict get $i id] } }
    return ""
}

# A full SA with its first Child SA, in the role of the case.
proc ::flow::establish {words} {
    upvar #0 ::case::s s
    drain
    set from [llength $s(events)]
    if {$s(role) eq "initiator"} {
        set sa [await $words]
    } else {
        set sa [init $words]
        ::ike::peer do tester $sa auth {}
    }
    set e ""
    until { set e [event {ike-up ike-down give-up} $sa $from] } $s(rx_ms)
    if {$e eq "" || [dict get $e kind] ne "ike-up"} {
        ::case::stop inconclusive "no IKE SA was made: [last_in]"
    }
    if {![::rx::field $s(conn) childless 0]} {
        until { llength [children $sa] } $s(settle_ms)
        if {![llength [children $sa]]} { ::case::stop inconclusive "no Child SA was made: [last_in]" }
    }
    # a slow device was asked again, and its further answers are on their way
    foreach n [::case::records outbound] {
        if {[::rx::field $::case::rec($n) retransmit 0] && [::rx::field $::case::rec($n) spi_i] eq [sa_field $sa spi_i]} { quiet $s(settle_ms); break }
    }
    # the device may still wait for the tester's last response, and load the Child SA that came with it
    if {$s(self)} {
        ::ike::net pump 1
    } elseif {$s(install_ms) > 0} {
        installed $sa $s(install_ms)
    } elseif {$s(role) eq "initiator" && "esp" in [dict get $s(meta) needs]} {
        installed $sa $s(rx_ms)
    } elseif {$s(role) eq "initiator"} {
        ::ike::net quiet 25
    } else {
        ::ike::net pump 1
    }
    ::rx::take_all
    return $sa
}

# The same with a NAT found between the two, so that both have moved to port 4500 (RFC 7296 2.23).
proc ::flow::floated {words} {
    conn {force_natt 1}
    set sa [establish $words]
    if {![string match *:4500 [sa_field $sa local]]} { ::case::stop inconclusive "the SA does not use port 4500" }
    return $sa
}

# The device is asked until it has the Child SA, which packets would come too early for. That is no verdict about it.
proc ::flow::installed {sa ms} {
    upvar #0 ::case::s s
    set spi [::rx::field [lindex [children $sa] end] spi_out]
    if {$spi eq "" || ![::dut::has $s(driver) show-sas]} { ::ike::net quiet 25; return }
    until {
        set there {}
        catch {
            foreach i [::dut::call $s(device) show-sas] {
                foreach c [dict get $i children] {
                    if {[dict get $c state] eq "installed"} { lappend there [string tolower [dict get $c spi_in]] }
                }
            }
        }
        expr {[string tolower $spi] in $there}
    } $ms
}

proc ::flow::children {sa} {
    lmap c [::rx::field [sa_info $sa] children] { if {![::rx::field $c live 1]} continue; set c }
}

# Takes all that came so far: a later rx looks at what comes from now on.
proc ::rx::take_all {} {
    upvar #0 ::case::s s ::case::rec rec
    update
    foreach n $s(order) {
        if {[field $rec($n) dir] eq "in" && [field $rec($n) fate passed] ne "held"} { set s(taken,$n) 1 }
    }
}

# The SA that replaced sa.
proc ::flow::rekeyed {sa} {
    upvar #0 ::case::s s
    set e ""
    until {
        drain
        set e [lindex [lmap x $s(events) {
            if {[dict get $x kind] ne "ike-rekeyed" || [::rx::field $x other] ne $sa} continue
            set x
        }] 0]
    } $s(rx_ms)
    if {$e eq ""} { ::case::stop inconclusive "IKE SA $sa was not rekeyed: [last_in]" }
    return [dict get $e sa]
}

# --- does it live --------------------------------------------------------------------------------------------

# An empty INFORMATIONAL request on the SA is answered?
proc ::flow::answers {sa {ms ""}} {
    upvar #0 ::case::s s
    if {$ms eq ""} { set ms $s(rx_ms) }
    drain
    set from [llength $s(events)]
    if {[catch {::ike::peer do tester $sa liveness {}}]} { return 0 }
    set e ""
    until { set e [event {done give-up ike-down} $sa $from] } $ms
    expr {$e ne "" && [dict get $e kind] eq "done" && [::rx::field $e code 0] in {0 OK ""}}
}

# Sends an empty protected request whatever the tester's engine thinks of the SA: 1 when anything protected
# by its keys comes back.
proc ::flow::probe {sa ms} {
    upvar #0 ::case::s s ::case::rec rec
    set spi [sa_field $sa spi_i]
    set from $s(next_rec)
    ::rx::update
    set from $s(next_rec)
    set m [::ike::msg new INFORMATIONAL request]
    if {[catch {::ike::peer send tester $sa $m} message]} { return 0 }
    set found 0
    until {
        ::rx::update
        foreach n $s(order) {
            if {$n < $from} continue
            set r $rec($n)
            if {[::rx::field $r dir] eq "in" && [::rx::field $r exchange] eq "INFORMATIONAL"
                && [::rx::field $r kind] eq "response" && [::rx::field $r spi_i] eq $spi
                && [::rx::field $r opened 0]} { set found $n }
        }
        set found
    } $ms
    return $found
}

proc ::flow::req_option {words} {
    upvar #0 ::case::s s
    set i [lsearch -exact $words -req]
    if {$i < 0} { return [lindex [dict get $s(meta) cites] 0] }
    return [lindex $words $i+1]
}

# no-sa SA ?-req REQ?: the device holds no SA there: it answers nothing under its keys.
proc ::flow::no_sa {words line} {
    upvar #0 ::case::s s
    set sa [lindex $words 0]
    set req [req_option $words]
    set n [probe $sa $s(settle_ms)]
    ::case::judge $req [expr {!$n}] $line "no answer under the SA that must not exist" \
        [expr {$n ? [::rx::seen $n] : "nothing in $s(settle_ms) ms"}] $n
    return [expr {!$n}]
}

# alive-sa SA ?-req REQ?: the SA works: a liveness check is answered.
proc ::flow::alive_sa {words line} {
    upvar #0 ::case::s s
    set ok [answers [lindex $words 0]]
    ::case::judge [req_option $words] $ok $line "an answer to a liveness check on the SA" \
        [expr {$ok ? "it came" : "none in $s(rx_ms) ms; [last_in]"}] 0
    return $ok
}

# --- traffic --------------------------------------------------------------------------------------------------

# esp-send SA ?-id N? ?-seq-no N? ?bend options?: one echo request into the tunnel -> record number
# esp-echo SA ?-again RECORD? ?-within MS? ?bend options?: the same and -> 1 when the echo came back, else 0
proc ::flow::esp {words wait} {
    upvar #0 ::case::s s
    # IP may lose a packet: an honest request to a real device is sent up to three times
    set tries [expr {$wait && $s(world) ne "mem" && [llength $words] == 1 ? 3 : 1}]
    for {set i 1} {$i < $tries} {incr i} {
        if {[esp_once $words 1]} { return 1 }
    }
    return [esp_once $words $wait]
}

proc ::flow::esp_once {words wait} {
    upvar #0 ::case::s s ::case::rec rec
    set sa [lindex $words 0]
    set o [dict create -within $s(echo_ms) -again "" -id "" -payload ""]
    set pass {}
    foreach {k v} [lrange $words 1 end] {
        if {[dict exists $o $k]} { dict set o $k $v } else { lappend pass $k $v }
    }
    ::rx::update
    drain
    set from $s(next_rec)
    set first [llength $s(events)]
    ::tx::mark
    set again [dict get $o -again]
    if {$again ne ""} {
        if {![info exists s(echo,$again)]} { ::case::usage "-again: record $again is no echo request of this case" }
        set id $s(echo,$again)
        ::tx::repeat $again
    } else {
        set id [expr {[dict get $o -id] ne "" ? [dict get $o -id] : [incr s(echo_id)]}]
        set inner [::ike::inner echo [host $s(setup) tester_ts] [host $s(setup) device_ts] $id 1 \
                       {*}[if {[dict get $o -payload] ne ""} { list [dict get $o -payload] }]]
        if {[::rx::field [lindex [children $sa] end] transport 0]} {
            # the ICMP message alone: in transport mode the outer header is the packet's own
            set inner [string range $inner 20 end]
            lappend pass -next 1
        }
        ::ike::peer esp tester $sa -inner $inner {*}$pass
    }
    ::ike::net pump 0
    ::rx::update
    set n 0
    foreach r $s(order) {
        if {$r >= $from && [::rx::field $rec($r) dir] eq "out" && [::rx::field $rec($r) proto] eq "esp"} { set n $r }
    }
    set s(echo,$n) $id
    ::case::bind esp_n $n
    if {!$wait} { return $n }
    return [until { echoed $id $first } [dict get $o -within]]
}

proc ::flow::echoed {id first} {
    upvar #0 ::case::s s
    drain
    foreach e [lrange $s(events) $first end] {
        if {[dict get $e kind] ne "inner"} continue
        if {[::rx::field $e next] == 1} {
            binary scan [dict get $e inner] cux3Su type got
            if {$type == 0 && $got == $id} { return 1 }
            continue
        }
        if {[catch {::ike::inner parse [dict get $e inner]} p]} continue
        if {[::rx::field $p id ""] eq $id && [::rx::field $p reply 1]} { return 1 }
    }
    return 0
}

# The host that answers in a side's selectors: the first address after the network's.
proc ::flow::host {setup key} {
    set ts [lindex [dict get $setup $key] 0]
    regexp {^([^/-]+)} $ts - a
    if {[regexp {^(\d+\.\d+\.\d+)\.(\d+)$} $a - net last]} {
        return $net.[expr {[string match */32 $ts] || $last ? $last : 1}]
    }
    if {[string match *:: $a]} { return ${a}1 }
    return $a
}

proc ::flow::traffic {words line wanted} {
    upvar #0 ::case::s s
    set sa [lindex $words 0]
    set i [lsearch -exact $words -req]
    set rest [expr {$i < 0 ? $words : [lreplace $words $i $i+1]}]
    # whoever answers a Delete may close the SA a moment later
    if {!$wanted && !$s(self)} { ::ike::net quiet 100 }
    set got [expr {$wanted ? [esp $rest 1] : [esp_once $rest 1]}]
    set what [expr {$wanted ? "an echo request through the tunnel is answered" : "nothing passes the tunnel"}]
    ::case::judge [req_option $words] [expr {$got == $wanted}] $line $what \
        [expr {$got ? "the echo came back" : "no answer in $s(echo_ms) ms"}] 0
    return [expr {$got == $wanted}]
}
