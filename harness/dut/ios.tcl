# ios.tcl - driver: a router with a console in the style of Cisco IOS, configured with a proposal, policy, keyring, profile,
# transform-set, ipsec profile and tunnel interface, and read through its `show` and `debug` commands.
#
# Options of `create`:
#   via command|ssh|telnet|serial ...   how the console is reached: every key of console::open. Without `via` the device is
#                  ikespec's own stand-in (harness/ios), which is no router and is named so in every report; then:
#       line stdio|pty|vty   the stand-in's console: a command on a pty, a serial line (its own pty), or telnet on loopback
#       ns NAME        namespace to run in; by default the device's side of the lab that we were started in
#       port-base P    see harness/ios/main.tcl     clock-rate N (12)     slow-echo MS     password P  enable E  username U
#   tunnel N        number of the tunnel interface (0)      keep, folder: as everywhere
#   lifetime-rate N how many of the router's seconds pass in one of ours: 1 for a router, clock-rate for the stand-in
#
# An IOS router has no command that starts a rekeying, so rekey-ike, rekey-child and new-child are missing; lifetimes do it.
# `initiate` is a ping out of the tunnel: its packet is lost, the tunnel comes up.

source [file join [file dirname [file normalize [info script]]] console.tcl]
source [file join [file dirname [file normalize [info script]]] netns.tcl]
source [file join [file dirname [file normalize [info script]]] ios-config.tcl]
source [file join [file dirname [file normalize [info script]]] ios-parse.tcl]

namespace eval ::dut::ios {
    variable here [file dirname [file normalize [info script]]]
    variable own {line stdio ns "" port-base 0 clock-rate 12 slow-echo 0}
    variable ours {via command host port user identity options device speed dialect username password enable secrets timeout
        login-timeout pace}
}

proc ::dut::ios::claims {} {
    return {
        initiator yes  responder yes  psk yes  certificates no  hash-and-url no  raw-keys no  null-auth no  eap no  config no  ppk no
        esp yes  aead yes  pfs yes  tunnel-mode yes  transport-mode no  esn no  tfc no  ah no  ipcomp no  replay yes
        nat yes  nat-traversal yes  ipv6 no  echo yes
        fragmentation yes  cookie yes  childless no  mobike no  liveness yes  initial-contact yes  window yes
        rekey-on-demand no  rekey-by-time yes  receive-delay no  virtual-time no
        tcp no  intermediate no  multiple-ke no  resumption no  redirect no  ikev1 no
    }
}

# --- the console ---------------------------------------------------------------------------------------------------------

proc ::dut::ios::create {name options} {
    variable own
    variable ours
    foreach key [dict keys $options] {
        if {$key ni [concat [dict keys $own] $ours {tunnel lifetime-rate folder keep verbs}]} {
            ::dut::fail CONFIG "option $key" "the driver ios has no option \"$key\""
        }
    }
    set lab [::netns::inside]
    set ns [expr {$lab eq {} ? "" : [dict get $lab device]}]
    set stand_in [expr {![dict exists $options via]}]
    set defaults [dict merge $own [list ns $ns tunnel 0 password ikespec enable ikespec username "" verbs {}]]
    set merged [dict merge $defaults $options]
    if {![dict exists $merged lifetime-rate]} {
        dict set merged lifetime-rate [expr {$stand_in ? [dict get $merged clock-rate] : 1}]
    }
    set dev [::dut::register ios $name [dict merge $merged [list stand-in $stand_in]]]
    foreach {k v} {con "" helper {} written "" setup "" undo {} mark 0} { ::dut::put $dev $k $v }
    return $dev
}

# Opens the console and logs in, once.
proc ::dut::ios::con {dev} {
    set h [::dut::get $dev con]
    if {$h ne "" && [::console::alive $h]} { return $h }
    if {$h ne ""} { ::dut::fail DEAD console "the router's console has ended; last seen: [::console::last $h]" }
    ::dut::fail DEAD console "the router's console is not open"
}

# While the console is awaited, the tester in this process goes on answering its peer.
proc ::dut::ios::meanwhile {} {
    if {[catch { ::ike::net pump 1 } - info]} {
        # no world, or inside a turn of it already; an interrupt is for whoever pumps next
        if {[lrange [dict get $info -errorcode] 0 1] eq {IKE INTERRUPTED}} { exec kill -s INT [pid] }
        after 2
    }
}

proc ::dut::ios::open_console {dev} {
    variable ours
    set ::console::idle ::dut::ios::meanwhile
    set h [::dut::get $dev con]
    if {$h ne "" && [::console::alive $h]} return
    if {$h ne ""} { hang_up $dev }
    set settings {}
    foreach key $ours {
        set v [::dut::get $dev $key ""]
        if {$v ne ""} { dict set settings $key $v }
    }
    if {[::dut::get $dev stand-in]} { set settings [dict merge $settings [stand_in $dev]] }
    set h [::dut::put $dev con [::console::open $settings]]
    if {[catch {
        ::console::login $h
        ::console::mode $h enable
        # what it does is read from its log, not from between the prompts
        ::console::configure $h {{no logging console} {logging buffered 1000000 debugging}}
        ::console::run $h "debug crypto ikev2 packet"
        ::console::run $h "debug crypto ikev2 internal"
    } why info]} {
        hang_up $dev
        return -options $info $why
    }
}

# Starts the stand-in; how its console is reached.
proc ::dut::ios::stand_in {dev} {
    variable here
    set words [list $::ikespec::exe tcl [file join $here .. ios main.tcl] --hostname Router]
    foreach key {port-base clock-rate slow-echo username password enable} { lappend words --$key [::dut::get $dev $key] }
    set ns [::dut::get $dev ns]
    if {$ns ne ""} { set words [concat [list nsenter --net=/run/netns/$ns env -u $::netns::marker] $words] }
    set words [concat [::process::leash] $words]
    set line [::dut::get $dev line]
    if {$line eq "stdio"} { return [list via command command $words] }
    lappend words --console [expr {$line eq "pty" ? "pty" : "none"}] {*}[expr {$line eq "pty" ? {} : {--vty 0}}]
    set said [::dut::get $dev folder]/stand-in-[clock microseconds]
    set helper [::dut::put $dev helper [::process::spawn $words $said]]
    ::process::until 5000 { [regexp {(?:console|vty) \S.*\n} [::dut::read_file $said]] || ![::process::running $helper] }
    set text [::dut::read_file $said]
    if {[regexp {console (\S+)} $text - device]} { return [list via serial device $device] }
    if {[regexp {vty (\S+) (\d+)} $text - host port]} { return [list via telnet host $host port $port] }
    ::dut::fail LAB stand-in "the stand-in router does not start: [string range [string trim $text] end-200 end]"
}

proc ::dut::ios::hang_up {dev} {
    set h [::dut::get $dev con]
    if {$h ne ""} { ::console::close $h }
    ::dut::put $dev con ""
    ::dut::put $dev written ""
    if {[::dut::get $dev helper] ne {}} { ::process::end [::dut::get $dev helper] 200 }
    ::dut::put $dev helper {}
}

# --- its life --------------------------------------------------------------------------------------------------------------

proc ::dut::ios::version {dev} {
    open_console $dev
    set text [::console::run [con $dev] "show version"]
    if {[regexp -line {^(ikespec-ios[^\n]*)} $text - line]} { return $line }
    if {[regexp -line {^(.*Cisco IOS.*Version [^,\n]+)} $text - line]} { return [string trim $line] }
    return [string trim [lindex [split [string trim $text] \n] 0]]
}

proc ::dut::ios::configure {dev setup} {
    ::dut::put $dev setup $setup
    if {[::dut::get $dev con] ne "" && [::console::alive [::dut::get $dev con]]} { write $dev }
    # a setup that cannot be said is refused here, whether the router runs or not
    lines $setup [::dut::get $dev tunnel] [::dut::get $dev lifetime-rate]
    return
}

proc ::dut::ios::start {dev} {
    open_console $dev
    if {[::dut::get $dev setup] ne ""} { write $dev }
}

# Brings the router to the setup, without SAs and with an empty log.
proc ::dut::ios::write {dev} {
    set h [con $dev]
    lassign [lines [::dut::get $dev setup] [::dut::get $dev tunnel] [::dut::get $dev lifetime-rate]] lines undo secrets
    if {$lines ne [::dut::get $dev written]} {
        ::console::secret $h $secrets
        # what the last case left half open must not speak into this one while the lines are typed
        ::console::run $h "clear crypto ikev2 sa fast"
        ::console::mode $h config
        set old [::dut::get $dev undo]
        foreach line [expr {$old eq {} ? $undo : $old}] { ::console::run $h $line -may-fail 1 }
        ::dut::put $dev undo $undo
        ::dut::put $dev written ""
        if {[catch { foreach line $lines { ::console::run $h $line } } why info]} {
            catch { ::console::mode $h enable }
            return -options $info $why
        }
        ::console::mode $h enable
        ::dut::put $dev written $lines
    }
    reset $dev
}

proc ::dut::ios::reset {dev} {
    set h [con $dev]
    ::console::run $h "clear crypto ikev2 sa fast"
    ::console::run $h "clear logging"
    ::dut::put $dev mark [::console::mark $h]
    return
}

proc ::dut::ios::stop {dev} { hang_up $dev }

proc ::dut::ios::alive {dev} {
    set h [::dut::get $dev con]
    if {$h eq ""} { return 0 }
    expr {[::console::alive $h] && ![catch { ::console::run $h "show privilege" }]}
}

proc ::dut::ios::recover {dev} {
    hang_up $dev
    start $dev
}

proc ::dut::ios::destroy {dev} {
    hang_up $dev
    ::dut::unregister $dev
}

# The debug output, and below it what passed on the console.
proc ::dut::ios::logs {dev} {
    set h [::dut::get $dev con]
    if {$h eq ""} { return "" }
    set talk [::console::transcript $h [::dut::get $dev mark]]
    set log ""
    catch {
        set log [::console::run $h "show logging" -raw 1]
        regsub {^.*?Log Buffer[^\n]*\n+} $log "" log
    }
    # the log itself is not to be found in the next one's transcript
    ::dut::put $dev mark [::console::mark $h]
    return "[::console::hide $h $log]\n\n--- console ---\n$talk\n"
}

proc ::dut::ios::doctor {} {
    set found {}
    if {[catch { package require Expect }]} {
        lappend found {bad "Tcl's Expect is missing" "apt-get install tcl-expect"}
    } else {
        lappend found {ok "Expect is there" ""}
    }
    if {[auto_execok ssh] eq ""} { lappend found {warn "ssh is missing: no console over ssh" "apt-get install openssh-client"} }
    return $found
}

# --- exchanges -------------------------------------------------------------------------------------------------------------

# A profile may say its own way of doing a verb: `cli LINE` runs it in enable mode.
proc ::dut::ios::own_way {dev verb} {
    if {![dict exists [::dut::get $dev verbs] $verb]} { return 0 }
    set h [con $dev]
    set i [interp create -safe]
    $i alias cli ::console::run $h
    try { $i eval [dict get [::dut::get $dev verbs] $verb] } finally { interp delete $i }
    return 1
}

proc ::dut::ios::initiate {dev} {
    if {[own_way $dev initiate]} return
    lassign [inner_hosts [::dut::get $dev setup]] source target
    ::console::run [con $dev] "ping $target source Loopback[::dut::get $dev tunnel] repeat 1 timeout 0"
    return
}

proc ::dut::ios::delete-ike {dev {spi ""}} {
    if {[own_way $dev delete-ike]} return
    if {$spi eq ""} {
        ::console::run [con $dev] "clear crypto ikev2 sa remote [dict get [::dut::get $dev setup] tester addr]"
        return
    }
    foreach sa [show-sas $dev] {
        if {[string equal -nocase $spi [dict get $sa spi_i]]} {
            ::console::run [con $dev] "clear crypto ikev2 sa psh [dict get $sa id]"
            return
        }
    }
    ::dut::fail DEAD delete-ike "the device has no IKE SA $spi"
}

proc ::dut::ios::delete-child {dev {spi ""}} {
    if {[own_way $dev delete-child]} return
    set remote [dict get [::dut::get $dev setup] tester addr]
    set spi [string tolower $spi]
    foreach sa [show-sas $dev] {
        foreach child [dict get $sa children] {
            if {$spi in [list "" [dict get $child spi_in] [dict get $child spi_out]]} {
                ::console::run [con $dev] "clear crypto sa entry $remote esp 0x[dict get $child spi_out]"
                return
            }
        }
    }
    ::dut::fail DEAD delete-child "the device has no Child SA $spi"
}

# --- its SAs ---------------------------------------------------------------------------------------------------------------

# What the three commands say, parsed: {ikev2 LIST ipsec LIST session LIST}
proc ::dut::ios::state {dev} {
    set h [con $dev]
    dict create ikev2 [parse_ikev2 [::console::run $h "show crypto ikev2 sa detailed"]] \
        ipsec [parse_ipsec [::console::run $h "show crypto ipsec sa"]] \
        session [parse_session [::console::run $h "show crypto session"]]
}

proc ::dut::ios::show-sas {dev} {
    set h [con $dev]
    # newer systems tell which Child SA hangs on which IKE SA; else the newest IKE SA with that peer has them
    set text [::console::run $h "show crypto ikev2 session detailed" -may-fail 1]
    if {[string match "*% *" $text]} { set text [::console::run $h "show crypto ikev2 sa detailed"] }
    join_sas [parse_ikev2 $text] [parse_ipsec [::console::run $h "show crypto ipsec sa"]]
}
