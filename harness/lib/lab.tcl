# lab.tcl - `ikespec lab`: devices that stand until they are taken down, for work by hand; and what runs need that takes long.
#
#   up                  makes the package trees of every daemon, so that no run has to wait for them
#   up DEVICE...        a lab each: namespaces with the device in them, running the setup of --setup; `down` ends it
#   enter LAB ?CMD...?  a shell, or a command, where the tester stands: 192.0.2.1, the device is 192.0.2.2
#   call LAB VERB ...   a verb of the driver: initiate, show-sas, rekey-child, logs, ...
#   down ?LAB...?       one, or all of them; and whatever killed processes have left
#   status, doctor
#
# A lab belongs to a keeper, a process of its own with the folder STATE/labs/NAME: `owner` (its handle), `info`, `state`
# (starting, up, failed WHY), `log`, and the FIFO `in` for requests. The keeper makes the namespaces and starts a second process
# in the tester's one, which has the device. Whichever is killed, the other ends; what the kernel does not take back then
# (names of namespaces, files) the next `up` or `down` sweeps.

namespace eval ::lab {
    variable prefix ikl
    variable device ""
}

proc ::lab::folder {{name ""}} { file join [::state::folder] labs {*}$name }

proc ::lab::names {} { lsort [glob -nocomplain -directory [folder] -types d -tails *] }

proc ::lab::check_name {name} {
    if {![regexp {^[a-z0-9][a-z0-9._-]{0,40}$} $name]} { ::cli::usage "ikespec lab: \"$name\" is no name for a lab: small letters, digits, . _ and -" }
    return $name
}

proc ::lab::existing {name} {
    if {$name ni [names]} { ::cli::usage "ikespec lab: [::parse::unknown lab $name [names]]" }
    return $name
}

proc ::lab::get {name file} { string trim [::dut::read_file [folder $name]/$file] }
proc ::lab::put {name file text} {
    ::dut::write_file [folder $name]/$file.new $text\n
    file rename -force [folder $name]/$file.new [folder $name]/$file
}
proc ::lab::alive {name} { ::process::running [get $name owner] }

proc ::lab::command {words o} {
    set rest [lassign $words word]
    ::cli::verb lab $word {up down status doctor enter call}
    switch -- $word {
        up { return [up $rest $o] }
        down { return [down $rest] }
        status { return [status] }
        doctor { return [doctor $rest] }
        enter { return [enter $rest] }
        call { return [call $rest] }
    }
}

# --- up ----------------------------------------------------------------------------------------------------------------

proc ::lab::up {devices o} {
    foreach line [sweep] { puts "removed  $line" }
    if {![llength $devices]} {
        foreach word $::profile::daemons { prepare [::profile::find $word] }
        puts "all that runs need is there"
        return 0
    }
    set name [dict get $o --name]
    if {$name ne "" && [llength $devices] > 1} { ::cli::usage "ikespec lab up: --name names one lab" }
    ::cli::load_cases
    ::setups::get [dict get $o --setup] {}
    foreach word $devices {
        set dut [::profile::find $word]
        if {![dict get $dut netns]} { ::cli::usage "ikespec lab up: $word does not stand in namespaces of ours" }
        set lack [::netns::lack]
        if {$lack ne {}} { ::cli::unusable [join $lack ": "] }
        one $dut [check_name [expr {$name eq "" ? [string map {: -} [file rootname [file tail $word]]] : $name}]] $word [dict get $o --setup]
    }
    return 0
}

proc ::lab::prepare {dut} {
    set driver [dict get $dut driver]
    ::dut::use $driver
    ::dut::prepare $driver [dict get $dut options]
}

proc ::lab::one {dut name word setup} {
    set folder [folder $name]
    if {[file isdirectory $folder]} {
        set info [get $name info]
        if {[dict get $info device] ne $word || [dict get $info setup] ne $setup} {
            ::cli::usage "ikespec lab up: $name is there with [dict get $info device], setup [dict get $info setup]: take it down, or choose another --name"
        }
        puts "$name is up"
        return
    }
    prepare $dut
    if {[catch { file mkdir $folder } why]} { ::cli::unusable "$folder cannot be made: $why" }
    file attributes $folder -permissions 0700
    put $name info [dict create device $word setup $setup since [clock format [clock seconds] -format %Y-%m-%dT%H:%M:%SZ -gmt 1]]
    put $name state starting
    exec mkfifo -m 600 $folder/in
    put $name owner [::process::spawn [list setsid {*}[::netns::privileged [list $::ikespec::exe lab-keeper $name]]] $folder/log]
    ::process::until 60000 { [get $name state] ne "starting" || ![alive $name] }
    lassign [get $name state] state why
    if {$state ne "up"} {
        if {$state eq "starting"} { set why [lindex [split [get $name log] \n] end] }
        ::process::until 5000 { ![alive $name] }
        remove $name
        ::cli::unusable "$name does not come up: $why"
    }
    puts "$name is up: [dict get [get $name info] version]"
    puts "  ikespec lab enter $name       a shell where the tester stands; the device is 192.0.2.2"
    puts "  ikespec lab call $name show-sas       any verb of its driver"
    puts "  ikespec lab down $name"
}

# --- the keeper -----------------------------------------------------------------------------------------------------------

# First process: has the namespaces; ends when the second does, or when it is told to.
proc ::lab::keeper {words o} {
    variable prefix
    lassign $words name
    ::ike::net create mem    ;# signals are noticed by the engine's loop
    set lab [::netns::up $prefix]
    set chan ""
    try {
        put $name info [dict merge [get $name info] [dict create tester [dict get $lab tester] namespace [dict get $lab device]]]
        set chan [open |[concat [::netns::wrap $lab [list {*}[::process::leash] $::ikespec::exe lab-device $name]] [list 2>@stderr]] r+]
        fconfigure $chan -blocking 0
        fileevent $chan readable "fileevent $chan readable {}; set ::lab::ended 1"
        watch { close $chan write }
    } on error why {
        put $name state [list failed $why]
    } finally {
        if {$chan ne ""} { fconfigure $chan -blocking 1; catch { close $chan } }
        ::netns::down $lab
    }
    return 0
}

# Until ::lab::ended is set; a signal runs SCRIPT, and then it is waited on.
proc ::lab::watch {script} {
    variable ended
    set ended 0
    while {!$ended} {
        after 100 { set ::lab::tick 1 }
        if {[catch { ::ike::net pump 0 } - info] && [lrange [dict get $info -errorcode] 0 1] eq {IKE INTERRUPTED}} {
            uplevel 1 $script
        }
        vwait ::lab::tick
    }
}

# Second process: has the device, answers requests; ends with its input.
proc ::lab::device {words o} {
    variable device
    lassign $words name
    ::cli::load_cases
    ::ike::net create mem
    try {
        set info [get $name info]
        set dut [::profile::find [dict get $info device]]
        set device [::dut::create [dict get $dut driver] dut [dict get $dut options]]
        set setup [::setups::get [dict get $info setup] [::runner::lab [dict create lab [dict get $dut lab] netns 1]]]
        if {[::dut::has $device adapt]} { set setup [::dut::call $device adapt $setup] }
        ::dut::call $device configure $setup
        ::dut::call $device start
        put $name info [dict merge $info [dict create version [::dut::call $device version]]]
    } on error {why options} {
        put $name state [list failed $why]
        return [::cli::exit_code [dict get $options -errorcode]]
    }
    set in [open [folder $name]/in {RDWR NONBLOCK}]
    fconfigure $in -encoding utf-8
    fileevent $in readable [list ::lab::hear $name $in]
    fconfigure stdin -blocking 0
    fileevent stdin readable { fileevent stdin readable {}; set ::lab::ended 1 }    ;# nothing but its end comes
    put $name state up
    watch { set ::lab::ended 1 }
    ::dut::call $device destroy
    return 0
}

# A request: the name of the answer's file, verb and arguments.
proc ::lab::hear {name in} {
    variable device
    if {[gets $in line] < 0 || ![regexp {^answer-\d+$} [lindex $line 0]]} return
    set failed [catch { ::dut::call $device {*}[lrange $line 1 end] } result options]
    put $name [lindex $line 0] [list $result [expr {$failed ? [dict get $options -errorcode] : ""}]]
}

# --- the other words -------------------------------------------------------------------------------------------------------

proc ::lab::call {words} {
    if {[llength $words] < 2} { ::cli::usage "ikespec lab call LAB VERB ?ARGUMENT...?" }
    set arguments [lassign $words name verb]
    existing $name
    if {$verb ni [::dut::verbs]} { ::cli::usage "ikespec lab call: [::parse::unknown verb $verb [::dut::verbs]]" }
    if {![alive $name]} { ::cli::unusable "$name is dead: `ikespec lab down $name` tidies up" }
    set answer answer-[pid]
    set f [open [folder $name]/in {WRONLY NONBLOCK}]
    fconfigure $f -encoding utf-8
    puts $f [list $answer $verb {*}$arguments]
    close $f
    if {![::process::until 30000 { [file exists [folder $name]/$answer] }]} { ::cli::unusable "$name does not answer" }
    lassign [get $name $answer] result error
    file delete [folder $name]/$answer
    if {$error ne ""} { return -code error -errorcode $error $result }
    if {$verb in {show-sas jobs faults}} { set result [join $result \n] }
    if {$result ne ""} { puts $result }
    return 0
}

# The processes that hold a lab made without root stand in a user namespace of their own, which is entered first.
proc ::lab::enter {words} {
    set command [lassign $words name]
    existing $name
    if {![alive $name]} { ::cli::unusable "$name is dead: `ikespec lab down $name` tidies up" }
    if {![llength $command]} { set command [list [expr {[info exists ::env(SHELL)] ? $::env(SHELL) : "/bin/sh"}]] }
    set inside {}
    set owner [lindex [get $name owner] 0]
    if {![catch { file readlink /proc/$owner/ns/user } theirs] && $theirs ne [file readlink /proc/self/ns/user]} {
        set inside [list nsenter -t $owner -U --preserve-credentials]
    } elseif {[catch { open /proc/$owner/task/$owner/children } f] == 0} {
        set child [lindex [read $f] 0]
        close $f
        if {![catch { file readlink /proc/$child/ns/user } theirs] && $theirs ne [file readlink /proc/self/ns/user]} {
            set inside [list nsenter -t $child -U --preserve-credentials -m -p]
        }
    }
    set words [list {*}$inside nsenter --net=/run/netns/[dict get [get $name info] tester] {*}$command]
    if {[catch { exec {*}$words <@stdin >@stdout 2>@stderr } why info]} {
        set code [dict get $info -errorcode]
        if {[lindex $code 0] eq "CHILDSTATUS"} { return [lindex $code 2] }
        ::cli::unusable $why
    }
    return 0
}

proc ::lab::down {words} {
    foreach name $words { existing [check_name $name] }
    foreach name [expr {[llength $words] ? $words : [names]}] {
        set owner [get $name owner]
        set was [expr {[::process::running $owner] ? "down" : "was dead"}]
        if {![::process::end $owner 8000]} { ::cli::unusable "$name does not end" }
        remove $name
        puts "$name  $was"
    }
    foreach line [sweep] { puts "removed  $line" }
    return 0
}

proc ::lab::remove {name} { file delete -force [folder $name] }

# What killed processes left: labs whose keeper is dead, namespaces, device folders, trees that were never finished.
proc ::lab::sweep {} {
    variable prefix
    set gone {}
    foreach name [names] {
        if {[alive $name]} continue
        # one that is being made has no owner yet
        if {[get $name owner] eq "" && [clock seconds] - [file mtime [folder $name]] < 5} continue
        remove $name
        lappend gone "the dead lab $name"
    }
    foreach p [list $prefix iks] { foreach n [::netns::sweep $p] { lappend gone "the namespace $n" } }
    foreach path [::state::sweep] { lappend gone $path }
    foreach path [::root::sweep] { lappend gone $path }
    return $gone
}

proc ::lab::status {} {
    puts "state    [::state::folder]"
    foreach name [names] {
        set info [get $name info]
        set state [expr {[alive $name] ? [lindex [get $name state] 0] : "dead"}]
        puts [format "lab      %-16s %-9s %-24s %s" $name $state "[dict get $info device] ([dict get $info setup])" \
                  [expr {[dict exists $info tester] ? "namespaces [dict get $info tester] [dict get $info namespace]" : ""}]]
        if {$state eq "dead"} { puts "         `ikespec lab down $name` tidies up" }
    }
    if {![llength [names]]} { puts "lab      none stands" }
    foreach path [lsort [glob -nocomplain -directory [::state::folder]/roots -types d *]] {
        set note [expr {[string match *.part $path] ? "not whole: is being made, or was broken off" : ""}]
        puts [string trimright [format "tree     %-40s %s" [file tail $path] $note]]
    }
    set running [lsort [glob -nocomplain -directory [::state::run_folder] -tails *]]
    if {[llength $running]} { puts "devices  [::text::plural [llength $running] folder folders] of runs under way, or left by killed ones" }
    return 0
}

proc ::lab::doctor {devices} {
    set seen {}
    foreach line [::netns::doctor] { ::doctor::say {*}$line; lappend seen [lindex $line 0] }
    foreach word [expr {[llength $devices] ? $devices : $::profile::daemons}] {
        set dut [::profile::find $word]
        ::dut::use [dict get $dut driver]
        puts "$word"
        if {![::dut::has [dict get $dut driver] doctor]} continue
        foreach line [::dut::[dict get $dut driver]::doctor] { ::doctor::say {*}$line; lappend seen [lindex $line 0] }
    }
    return [expr {"bad" in $seen ? 7 : 0}]
}

::cli::command lab {up|down|status|doctor|enter|call ...} "daemons as devices: trees made, labs that stand for work by hand" \
    {--name --setup} ::lab::command
::cli::command lab-keeper {NAME} "" {} ::lab::keeper
::cli::command lab-device {NAME} "" {} ::lab::device
