# main.tcl - ikespec-ios: a stand-in for a router with a console in the style of Cisco IOS, so that the driver `ios`, its
# parsers and the whole road through a console can be tested where no router is at hand. It is NOT Cisco software and no
# statement about any router: the command line is ours, IKE and ESP are those of ikespec's own engine, dressed as the
# router of a well-known debug listing (policies, vendor ids, window, lengths).
#
#   ikespec tcl harness/ios/main.tcl ?flag value ...?          (or harness/ios/ikespec-ios)
#     --console stdio|pty|none   its console line: standard input and output (run it on a pty), or a pty of its own, whose
#                                name is printed                                        default stdio
#     --vty PORT                 telnet on 127.0.0.1 as well (0: any free port, printed)
#     --hostname Router          --username U  --password P  --enable E      logins; empty: not asked
#     --startup FILE             configuration to begin with
#     --port-base P              500 is P, 4500 is P+4000, ESP is P+50 at both ends: needs no root
#     --clock-rate N             N router seconds in each second: lifetimes and DPD come N times sooner
#     --slow-echo MS             each echoed character takes MS milliseconds
#     --seed N                   of its random numbers; default: from the system

namespace eval ::ios {
    variable here [file dirname [file normalize [info script]]]
    variable flag
    array set flag {
        --console stdio --vty "" --hostname Router --username "" --password "" --enable "" --startup "" --port-base 0
        --clock-rate 1 --slow-echo 0 --seed ""
    }
    variable over 0
}

foreach part {config router debug show terminal} { source [file join $::ios::here $part.tcl] }
unset part

proc ::ios::main {argv} {
    variable flag
    variable over
    foreach {k v} $argv {
        if {![info exists flag($k)] || [llength $argv] % 2} {
            puts stderr "ikespec-ios: unknown or incomplete flag \"$k\"; there are [lsort [array names flag]]"
            exit 4
        }
        set flag($k) $v
    }
    if {$flag(--seed) eq ""} {
        set f [open /dev/urandom rb]
        binary scan [read $f 7] H14 hex
        close $f
        set flag(--seed) [expr {"0x$hex"}]
    }
    config::reset
    if {$flag(--startup) ne ""} {
        set f [open $flag(--startup)]
        set text [read $f]
        close $f
        set wrong [terminal::batch $text]
        if {$wrong ne ""} { puts stderr "ikespec-ios: $flag(--startup): $wrong"; exit 4 }
    }
    switch -- $flag(--console) {
        stdio {
            # our end of the line does the echoing and editing
            catch { exec stty raw -echo <@stdin }
            terminal::new con stdin stdout
        }
        pty {
            package require Expect
            log_user 0
            spawn -noecho -pty
            catch { exec stty raw -echo < $spawn_out(slave,name) }
            set chan [exp_open -i $spawn_id]
            terminal::new con $chan $chan
            # somebody must hold the other end, or reading ends before anybody comes
            variable held [open $spawn_out(slave,name) {RDWR NOCTTY}]
            say "console $spawn_out(slave,name)"
        }
    }
    if {$flag(--vty) ne ""} {
        set server [socket -server ::ios::visitor -myaddr 127.0.0.1 $flag(--vty)]
        say "vty 127.0.0.1 [lindex [fconfigure $server -sockname] 2]"
    }
    router::settle
    while {!$over} {
        # in the middle of a conversation an answer should not wait for the network's turn
        router::turn [expr {[clock milliseconds] - $terminal::last < 100 ? 1 : 5}]
        terminal::turn
    }
    return 0
}

# To whoever started us, unless that channel is the console itself.
proc ::ios::say {text} {
    variable flag
    puts [expr {$flag(--console) eq "stdio" ? "stderr" : "stdout"}] $text
    flush stdout
}

proc ::ios::visitor {chan host port} { terminal::new vty $chan $chan }

if {[info exists ::argv0] && [file normalize $::argv0] eq [file normalize [info script]]} {
    exit [::ios::main $::argv]
}
