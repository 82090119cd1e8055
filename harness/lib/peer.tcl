# peer.tcl - the reference peer as a process of its own: `ikespec peer` for lab work by hand, and the driver that uses one
# as a device over real sockets (demo).
#
# With --control it takes one Tcl list per line on standard input and answers each with {ok RESULT} or {failed CODE TEXT}:
#   setup NEUTRAL BENT...    a fresh world with the device in it        VERB ?ARG...?   as the driver self has them
#   end

namespace eval ::peer {
    variable o
    variable ready 0
}

proc ::peer::command {words options} {
    variable o $options
    ::cli::load_cases
    if {[dict get $options --control]} { return [control] }
    set listen [dict get $options --listen]
    set connect [dict get $options --connect]
    if {$listen eq "" && $connect eq ""} { ::cli::usage "ikespec peer: --listen ADDRESS, and --connect ADDRESS to initiate" }
    set conn [connection $options]
    ::ike::net create udp -seed [expr {"0x[if {[dict get $options --seed] eq ""} { ::run::new_seed } { dict get $options --seed }]" & 0x7fffffffffffffff}]
    set more {}
    if {[dict get $options --port-base]} { lappend more -port-base [dict get $options --port-base] -remote-port-base [dict get $options --port-base] }
    ::ike::peer new dut -seed dut -cookie never -trace [expr {[dict get $options -v] > 0}] {*}$more
    # (an address or an identity as it was typed)
    try { ::ike::peer conn dut $conn } trap {IKE CONFIG} why { ::cli::usage "ikespec peer: $why" }
    ::web::fetch_for dut
    foreach b [dict get $options --bend] { bend $b }
    puts "[expr {$listen eq "" ? "initiating" : "listening on $listen"}]   setup [dict get $options --setup]   Ctrl-C ends"
    puts [::ladder::head we [expr {$connect eq "" ? "the other end" : $connect}]]
    flush stdout
    if {$connect ne ""} { ::ike::peer initiate dut t }
    set end [expr {[dict get $options --for] > 0 ? [clock seconds] + [dict get $options --for] : 0}]
    set seen 0
    while {!$end || [clock seconds] < $end} {
        ::ike::net pump 200
        set seen [show $seen]
    }
    return 0
}

proc ::peer::bend {name} {
    if {[dict exists $::bent::all $name]} {
        ::bent::apply $name
    } else {
        ::ike::peer bend dut $name 1
    }
}

# A setup of cases/setups as the other end of a lab: we are its device.
proc ::peer::connection {options} {
    set setup [::setups::get [dict get $options --setup]]
    set c [::setups::conn $setup device]
    foreach {flag key} {--listen local --connect remote} {
        if {[dict get $options $flag] ne ""} { dict set c $key [dict get $options $flag] } else { dict set c $key "" }
    }
    if {[dict get $options --connect] ne "" && [dict get $options --listen] eq ""} {
        dict set c local [expr {[string match *:* [dict get $options --connect]] ? "::" : "0.0.0.0"}]
    }
    if {[dict get $options --psk] ne "not a secret"} { dict set c psk [::profile::secret [dict get $options --psk]] }
    foreach {flag key} {--id id_local --peer-id id_remote} {
        set value [dict get $options $flag]
        if {$value eq "" || ($flag eq "--peer-id" && $value eq "any" && [dict get $options --id] eq "")} continue
        dict set c $key [expr {$value eq "any" ? "any" : [regexp {^([A-Z0-9_]+):(.*)$} $value - type name] ? [list $type $name] : [list FQDN $value]}]
    }
    return $c
}

# What went over the wire since record SEEN, as rows of a ladder, and between them what it did to the SAs, in order of time;
# the number of the last record.
proc ::peer::show {seen} {
    set lines {}
    foreach n [::ike::peer records dut [expr {$seen + 1}]] {
        set r [::ike::peer record dut $n]
        set seen $n
        set row [::rx::ladder_row $n $r]
        if {$row eq {}} continue
        set text [::ladder::drawn $row]
        if {[dict get $r error] ne "" && !([dict get $r sealed] && [string match {SKF: part of*} [dict get $r error]])} {
            lappend text {*}[::ladder::said !! [dict get $r error]]
        }
        lappend lines [list [dict get $r t_us] 0 $text]
    }
    foreach e [::ike::peer events dut] {
        set text [told $e]
        if {$text ne ""} { lappend lines [list [dict get $e t_us] 1 [::ladder::said == $text]] }
    }
    # (an event belongs behind the message that came at its time)
    foreach line [lsort -integer -index 0 [lsort -integer -index 1 $lines]] {
        foreach l [lindex $line 2] { puts [string trimright $l] }
    }
    flush stdout
    return $seen
}

# An event in words, "" for what the messages say themselves.
proc ::peer::told {e} {
    set kind [dict get $e kind]
    if {$kind in {done notify}} { return "" }
    set text [dict get $e text]
    if {$kind eq "state"} { return $text }
    set sa "IKE SA [dict get $e sa]"
    if {$kind in {child-up child-down}} { append sa ", Child SA [dict get $e child]" }
    return "$sa   $kind[expr {$text ne "" ? "   $text" : ""}]"
}

# --- as a device ------------------------------------------------------------------------------------------------------

proc ::peer::control {} {
    variable over 0
    variable ready 0
    fconfigure stdin -blocking 0 -translation lf -encoding utf-8
    fconfigure stdout -buffering line -translation lf -encoding utf-8
    puts [list ok ready]
    # Commands are read between two looks at the network, never inside one: a new world destroys the old one.
    while {!$over} {
        if {$ready} {
            ::ike::net pump 2
            ::ike::peer events dut
        }
        fconfigure stdin -blocking [expr {!$ready}]
        while {!$over && [gets stdin line] >= 0} {
            if {[catch { obey $line } result options]} {
                puts [list failed [dict get $options -errorcode] [string map {\n { }} $result]]
            } else {
                puts [list ok [string map {\n { }} $result]]
            }
            fconfigure stdin -blocking [expr {!$ready}]
        }
        if {[eof stdin]} { set over 1 }
    }
    return 0
}

proc ::peer::obey {line} {
    variable ready
    variable over
    variable o
    set args [lassign [string map [list \v \n] $line] verb]
    switch -- $verb {
        end { set over 1; return }
        setup {
            set bent [lassign $args neutral seed]
            ::ike::net create udp -seed $seed
            set ready 0
            set more {}
            if {[dict get $o --port-base]} { lappend more -port-base [dict get $o --port-base] -remote-port-base [dict get $o --port-base] }
            set cookie [::setups::option $neutral cookie never]
            if {[::setups::option $neutral max-half-open] ne ""} { lappend more -max-half-open [::setups::option $neutral max-half-open] }
            ::ike::peer new dut -seed dut -cookie $cookie {*}$more
            ::ike::peer conn dut [::setups::conn $neutral device]
            ::web::fetch_for dut
            foreach b $bent { bend $b }
            set ready 1
            return
        }
    }
    if {![llength [info commands ::dut::self::$verb]]} { throw {DUT UNSUPPORTED verb} "no verb $verb" }
    return [::dut::self::$verb peer {*}$args]
}

# --- the driver `peer` ---------------------------------------------------------------------------------------------------

namespace eval ::dut::peer {
    variable chan
}

proc ::dut::peer::claims {} { dict merge [::dut::self::claims] {virtual-time no} }
proc ::dut::peer::version {dev} { return $::ikespec::version }

# Where it is one end of the loopback and the tester the other, with ports that need no root: {lab LAB options OPTIONS}.
proc ::dut::peer::on_loopback {} {
    set base [expr {20000 + ([pid] % 20000)}]
    list lab [dict create device-address 127.0.0.2 tester-address 127.0.0.1 settle-ms 120 rx-ms 1500 echo-ms 250 port-base $base] \
        options [dict create port-base $base]
}

# options: port-base P, bend {RULING ...}
proc ::dut::peer::create {name options} {
    set dev [::dut::register peer $name $options]
    launch $dev
    return $dev
}

proc ::dut::peer::launch {dev} {
    variable chan
    set chan($dev) [open |[list $::ikespec::exe peer --control --port-base [::dut::get $dev port-base 0] 2>@stderr] r+]
    fconfigure $chan($dev) -buffering line -translation lf -encoding utf-8
    hear $dev
}

proc ::dut::peer::hear {dev} {
    variable chan
    if {[gets $chan($dev) line] < 0} { ::dut::fail DEAD process "the peer process has ended" }
    lassign $line word a b
    if {$word eq "failed"} { return -code error -errorcode $a $b }
    return $a
}

proc ::dut::peer::say {dev args} {
    variable chan
    # one line a command: the line ends in certificates are put in another way
    if {[catch { puts $chan($dev) [string map [list \n \v] $args] }]} { ::dut::fail DEAD process "the peer process has ended" }
    hear $dev
}

proc ::dut::peer::configure {dev setup} {
    # ESP needs a raw socket, and so root; inside UDP it does not: the device says there is a NAT
    if {[::dut::get $dev port-base 0]} { dict set setup options force-natt yes }
    ::dut::put $dev setup $setup
    start $dev
}
proc ::dut::peer::start {dev} { say $dev setup [::dut::get $dev setup] 1 {*}[::dut::get $dev bend {}] }
proc ::dut::peer::stop {dev} {}
proc ::dut::peer::alive {dev} { expr {![catch { say $dev show-sas }]} }
proc ::dut::peer::logs {dev args} { return "" }
proc ::dut::peer::recover {dev} {
    variable chan
    catch { close $chan($dev) }
    launch $dev
    start $dev
}
proc ::dut::peer::destroy {dev} {
    variable chan
    catch { puts $chan($dev) end }
    catch { close $chan($dev) }
    unset -nocomplain chan($dev)
    ::dut::unregister $dev
}
foreach verb {initiate new-child rekey-child rekey-ike delete-child delete-ike show-sas} {
    proc ::dut::peer::$verb {dev args} "say \$dev $verb {*}\$args"
}
unset verb

::cli::command peer {--listen ADDR} "the reference peer alone, as responder or initiator, for lab work by hand" \
    {--listen --connect --port-base --psk --id --peer-id --setup --bend --seed --for --control -v} ::peer::command
