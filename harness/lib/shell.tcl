# shell.tcl - a Tcl prompt with the live engine: every command of the harness, plus a few short words.

source [file join [file dirname [info script]] tab.tcl]

namespace eval ::shell {}

proc ::shell::command {words o} {
    ::cli::load_cases
    set dut [::profile::find [dict get $o --dut]]
    set ::shell::S [::run::settings $dut [dict create --seed [dict get $o --seed] --time-scale 1 --evidence none --dut [dict get $o --dut]]]
    if {[dict get $dut netns] && ![dict size [::netns::inside]]} {
        ::dut::prepare [dict get $dut driver] [dict get $dut options]
        set lab [::netns::up iks 0]
        try {
            exec {*}[::netns::wrap $lab [list $::ikespec::exe {*}$::ikespec::argv]] <@stdin >@stdout 2>@stderr
        } finally {
            ::netns::down $lab
        }
        return 0
    }
    foreach {name body} {
        up      {::shell::up {*}$args}
        pump    {::ike::net pump [expr {[llength $args] ? [lindex $args 0] : 1000}]}
        records {foreach n [::ike::peer records tester] { set r [::ike::peer record tester $n]; puts "[dict get $r n] [dict get $r dir] [dict get $r chain]" }}
    } { proc ::$name args $body }
    interp alias {} ::msg {} ::ike::msg
    interp alias {} ::peer {} ::ike::peer
    interp alias {} ::net {} ::ike::net
    puts "up ?SETUP?: a world with the tester and the device, and an SA    peer, msg, net: the engine    records, pump    exit"
    set text ""
    set ::tab::commands {up pump records exit quit}
    ::tab::start
    while 1 {
        try {
            set line [::tab::line [expr {$text eq "" ? "ikespec> " : "       > "}]]
        } trap {TAB EOF} {} { puts ""; break }
        append text $line \n
        if {![info complete $text]} continue
        set script [string trim $text]
        set text ""
        if {$script in {exit quit}} break
        if {[catch { uplevel #0 $script } result options]} {
            if {[lrange [dict get $options -errorcode] 0 1] eq {IKE INTERRUPTED}} { puts "(interrupted)"; continue }
            puts "error: $result"
        } elseif {$result ne ""} {
            puts $result
        }
    }
    ::runner::close_device
    return 0
}

# A fresh world with both ends; -> the tester's SA once it is up.
proc ::shell::up {{setup psk}} {
    variable S
    set neutral [::setups::get $setup [::runner::lab $S]]
    ::ike::net create [dict get $S world] -seed 0x[string range [dict get $S seed] 1 end]
    ::ike::peer new tester -seed tester -cookie never -keep-dead 1
    ::ike::peer conn tester [::setups::conn $neutral tester]
    set device [::runner::device $S]
    ::dut::[dict get $S driver]::configure $device $neutral
    ::dut::[dict get $S driver]::start $device
    set sa [::ike::peer initiate tester t]
    for {set n 0} {$n < 100} {incr n} {
        ::ike::net pump 100
        foreach e [::ike::peer events tester] { if {[dict get $e kind] in {ike-up ike-down give-up}} { puts $e; set n 1000 } }
    }
    return $sa
}

::cli::command shell {} "a Tcl prompt with the live engine" {--dut --seed} ::shell::command
