# doctor.tcl - is everything there that a run needs? Each line ok, warn or bad, and the cure. Exit 7 when a line is bad.

namespace eval ::doctor {
    variable worst ok
}

proc ::doctor::say {state text {cure ""}} {
    variable worst
    puts "  [::terminal::paint [dict get {ok pass warn warn bad fail} $state] [format %-5s $state]] $text[expr {$cure ne "" ? "\n        cure: $cure" : ""}]"
    flush stdout
    if {$state eq "bad" || ($state eq "warn" && $worst eq "ok")} { set worst $state }
}

proc ::doctor::command {words o} {
    variable worst ok
    set dut [::profile::find [dict get $o --dut]]
    puts "the program"
    say ok "ikespec $::ikespec::version, Tcl [info patchlevel], home $::ikespec::home"
    if {[catch { ::cli::load_cases } n]} { say bad [lindex [split $n \n] 0] "ikespec lint names the place" } else {
        say ok "$n cases, [llength [::requirements::ids]] requirements, [llength [::setups::names]] setups"
    }
    set dir [::cli::runs]
    if {[catch { file mkdir $dir }] || ![file writable $dir]} {
        say bad "$dir cannot be written" "go to a folder of your own, or set IKESPEC_RUNS"
    } else {
        say ok "runs are kept in $dir"
    }
    foreach {tool package what} {wireshark wireshark "ikespec open" tshark tshark "captures checked" openssl openssl "init makes a test CA"} {
        if {[auto_execok $tool] eq ""} { say warn "$tool is missing ($what)" "apt-get install $package" } else { say ok "$tool ($what)" }
    }
    if {[catch { package require tclreadline }]} { say warn "tclreadline is missing (Tab in ikespec shell)" "apt-get install tcl-tclreadline" }
    puts "the device: [dict get $dut name], driver [dict get $dut driver]"
    if {[dict get $dut netns]} { foreach line [::netns::doctor] { say {*}$line } }
    set driver [dict get $dut driver]
    ::dut::use $driver
    if {[::dut::has $driver doctor]} { foreach line [::dut::doctor $driver [dict get $dut options]] { say {*}$line } }
    addresses $dut
    if {$worst ne "bad"} { trial $dut $o }
    puts [dict get {ok "all well" warn "usable, with warnings" bad "not usable as it is"} $worst]
    return [expr {$worst eq "bad" ? 7 : 0}]
}

proc ::doctor::addresses {dut} {
    set lab [dict get $dut lab]
    if {[dict exists $lab tester-address]} {
        set a [dict get $lab tester-address]
        if {[catch { exec ip -o addr show } seen] || [string first " $a/" $seen] < 0} {
            say bad "the tester's address $a is not on this machine" "ip addr add $a/24 dev INTERFACE, or correct lab {tester-address} in [dict get $dut file]"
        } else {
            say ok "the tester's address $a is here"
        }
    }
    if {[dict exists $lab device-address]} {
        set a [dict get $lab device-address]
        if {[catch { exec ip route get $a } route]} {
            say bad "no route to the device $a" "ip route add $a via GATEWAY"
        } else {
            set mtu [expr {[regexp {mtu (\d+)} $route - m] ? $m : 1500}]
            say [expr {$mtu < 1280 ? "warn" : "ok"}] "route to the device $a, path MTU $mtu" [expr {$mtu < 1280 ? "IKE fragments at 1280 octets will be fragmented again" : ""}]
        }
        if {[dict get $dut driver] ne "self"} {
            foreach port {500 4500} {
                if {[catch { exec ss -Hlun "sport = :$port" } seen]} break
                if {$seen ne ""} { say bad "UDP $port is taken by another program here" "stop the IKE daemon of this machine (systemctl stop strongswan)" }
            }
        }
    }
}

# One SA_INIT, one tunnel: by running the simplest case there is.
proc ::doctor::trial {dut o} {
    set options [dict create --seed 1 --suite "" --repeat 1 --jobs 1 --shard "" --max-time 60 --fail-fast 0 --pause-on-fail 0 \
        --time-scale 1 --evidence none --expect none --gate report-only --max-warn -1 --tally 0 -q 1 -v 0 --dut [dict get $o --dut]]
    set S [::run::settings $dut $options]
    foreach {kind text cure} {
        init "IKE_SA_INIT is answered" "is the device up, and does it know the tester's address? Filters on UDP 500 and 4500?"
        tunnel "IKE_AUTH makes a tunnel" "compare identities, key, proposals and selectors with `ikespec init`'s settings"
    } {
        set id doctor/$kind
        set ::doctor::got ""

        if {[catch { ::runner::run [list [list doctor $id responder 1]] $S 1 ::doctor::took 60 } message options]} {
            say bad "$text: [lindex [split $message \n] 0]" [expr {[lindex [dict get $options -errorcode] 0] eq "DUT" ? "see above" : $cure}]
            return
        }
        set verdict [dict get $::doctor::got verdict]
        if {$verdict eq "pass"} { say ok $text } else {
            say bad "$text: $verdict, [::text::visible [dict get $::doctor::got reason]]" $cure
            return
        }
    }
}

proc ::doctor::took {index result} { set ::doctor::got $result; return "" }

# Two cases that live only here.
proc ::doctor::make_case {id} {
    if {[::testcase::exists $id]} return
    set kind [lindex [split $id /] 1]
    set req rfc7296/1.2/init-response
    if {![::requirements::exists $req]} { set req [lindex [::requirements::ids] 0] }
    set body [dict get {init {set sa [ike init]} tunnel {set sa [ike establish]}} $kind]
    set word [::requirements::word $req]
    ::testcase::load_text "testcase $id {
    title {the doctor asks}
    cites {$req}
    device responder
} {
    $body
    $word $req {it came} {1}
}" doctor
}

::cli::command doctor {} "tools, rights, addresses, one SA_INIT, one tunnel; each line with its cure" {--dut} ::doctor::command
