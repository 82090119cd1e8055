# demo.tcl - the first minute: the built-in device straight, then bent, as a process of its own over UDP on loopback, or
# inside this process where that is not possible.

namespace eval ::demo {
    variable want 24
}

# A small fair choice: a case for each bend, then one of each area in turn.
proc ::demo::choose {rulings} {
    variable want
    set first {}
    set areas {}
    set claims [::dut::peer::claims]
    foreach i [::select::all] {
        lassign $i id role
        set m [::testcase::get $id]
        if {$role ne "responder" || [::case::lacks $m $role peer $claims] ne "" || [llength [dict get $m verbs]]} continue
        # a secret needs no explanation, a path of certificates does
        if {"certificates" in [dict get $m needs]} continue
        if {[slow $m]} continue
        set shows [lmap b [dict get $m bent] { if {$b ni $rulings} continue; set b }]
        if {![llength $shows]} { dict lappend areas [dict get $m area] $i; continue }
        # the simplest case tells the fault best
        foreach b $shows {
            set size [string length [dict get $m body]]
            if {![dict exists $first $b] || $size < [lindex [dict get $first $b] 0]} { dict set first $b [list $size $i] }
        }
    }
    set chosen [lsort -unique [lmap {b found} $first { lindex $found 1 }]]
    while {[llength $chosen] < $want && [dict size $areas]} {
        foreach area [dict keys $areas] {
            set rest [lassign [dict get $areas $area] i]
            lappend chosen $i
            if {[llength $chosen] >= $want} break
            if {[llength $rest]} { dict set areas $area $rest } else { dict unset areas $area }
        }
    }
    return [lsort $chosen]
}

# Long waits belong to virtual time.
proc ::demo::slow {m} {
    expr {[regexp {\mlink\M|\msettle\s+\d{4}|-within\s+\d{4}|-for\s+\d{4}} [dict get $m body]] || "slow" in [dict get $m tags] || "virtual-time" in [dict get $m needs]}
}

proc ::demo::command {words o} {
    ::cli::load_cases
    set rulings [lmap b [dict get $::bent::all demo rulings] { if {![::bent::possible $b]} continue; set b }]
    set chosen [choose $rulings]
    if {![llength $chosen]} { ::cli::nothing "there are no cases to show" }
    set seed [dict get $o --seed]
    if {$seed eq ""} { set seed [string range [::run::new_seed] 0 7] }
    # over the loopback, unless its ports are not to be had
    set peer [::profile::find peer]
    set over [expr {![catch { set dev [::dut::create peer probe [dict get $peer options]] } why]}]
    if {$over} { ::dut::call $dev destroy }
    puts "ikespec $::ikespec::version   seed $seed   [llength $chosen] cases   built-in device: straight, then bent, [expr {
        $over ? "on 127.0.0.1" : "inside this process"}]"
    flush stdout
    set failures {}
    foreach {name bend} [list straight {} bent $rulings] {
        if {$over} {
            set dut $peer
            dict set dut options bend $bend
        } else {
            set dut [::profile::find self]
            if {[llength $bend]} { dict set dut bent demo }
        }
        dict set dut name $name
        set options [dict create --seed $seed --suite "" --repeat 1 --jobs 1 --shard "" --max-time 0 --fail-fast 0 \
            --pause-on-fail 0 --time-scale 1 --evidence fail --expect none --gate report-only --max-warn -1 --out "" --tally 0 -q 1 -v 0 --dut [expr {[llength $bend] ? "self:demo" : "self"}] quiet 1 case {health never confirm 0}]
        set start [clock milliseconds]
        lassign [::run::go [lmap i $chosen { list {*}$i 1 }] $dut $options {}] code dir results
        set ms [expr {[clock milliseconds] - $start}]
        puts [format "  %-9s %-52s %6.1f s" $name [::terminal::counts $results] [expr {$ms / 1000.0}]]
        flush stdout
        if {$name eq "straight"} {
            set good [expr {[dict get $results summary pass] + [dict get $results summary warn] == [dict get $results summary total]}]
            set problems [::gate::cases $results fail stale error inconclusive]
        } else {
            set failures [::gate::cases $results fail]
        }
        if {$code == 2} { return 2 }
    }
    foreach c $problems { puts [::terminal::failure $c] }
    foreach c $failures { puts "  [::terminal::brief $c $results]" }
    set report [file join $dir report.html]
    if {[file exists [file join [::cli::runs] latest report.html]]} { set report [file join [::cli::runs] latest report.html] }
    puts "report   [format %-46s $report] (one file, opens offline)"
    if {[llength $failures]} {
        puts "capture  [format %-46s "ikespec open latest/[dict get [lindex $failures 0] id]"] (Wireshark, already decrypted)"
    }
    puts "yours    [format %-46s "ikespec init my-gateway"] (writes a device profile and settings for the device)"
    # straight must be clean, and bent must be caught: else the demonstration shows our own fault
    return [expr {$good && ([llength $failures] || ![llength $rulings]) ? 0 : 3}]
}

::cli::command demo {} "the built-in device, straight and then bent, in under a minute; no root" {--seed} ::demo::command
