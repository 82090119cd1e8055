# rooted.tcl - what the drivers share whose daemon runs by chroot in a tree of root.tcl: making the device, starting the
# daemon in its namespaces, ending it with its children, running its control program, jobs.
#
# A driver says at its create: the packages of its tree, and the name of the daemon for messages. The device's folder
# is /mnt inside; what the daemon prints is in FOLDER/log.

source [file join [file dirname [file normalize [info script]]] netns.tcl]
source [file join [file dirname [file normalize [info script]]] root.tcl]

namespace eval ::rooted {}

# Options of `create` that all of these drivers have: ns folder keep (see strongswan.tcl); suite, the Debian release that
# the daemon comes from; root DIR, a Debian tree of yours in place of ours, with the daemon as you built it (sanitizers).
proc ::rooted::create {driver name options packages daemon {suites {bookworm trixie}}} {
    foreach key [dict keys $options] {
        if {$key ni {ns folder keep suite root}} {
            ::dut::fail CONFIG "option $key" "the driver $driver has no option \"$key\""
        }
    }
    set lab [::netns::inside]
    set ns [expr {$lab eq {} ? "" : [dict get $lab device]}]
    set options [dict merge [list ns $ns suite [lindex $suites 0]] $options]
    if {[dict get $options suite] ni $suites} {
        ::dut::fail CONFIG "option suite" "suite is one of $suites, not \"[dict get $options suite]\""
    }
    set dev [::dut::register $driver $name $options]
    if {[catch {
        ::dut::put $dev root [tree $options $packages]
        file copy -force [::root::shim] [::dut::get $dev folder]/nullipsec.so
        # daemons that give up root have to reach what is theirs
        file attributes [::dut::get $dev folder] -permissions 0711
        file attributes [::dut::get $dev folder]/nullipsec.so -permissions 0755
    } why info]} {
        ::dut::unregister $dev
        return -options $info $why
    }
    foreach {key value} [list packages $packages called $daemon jobs {} daemon {}] { ::dut::put $dev $key $value }
    return $dev
}

# The tree that the daemon runs in. Making it takes a while, so that is said.
proc ::rooted::tree {options packages} {
    set suite [expr {[dict exists $options suite] ? [dict get $options suite] : "bookworm"}]
    if {![dict exists $options root]} {
        if {[::root::find $suite $packages] eq ""} { puts stderr "making the tree of $suite's [lindex $packages 0]: once, about half a minute" }
        return [::root::make $suite $packages]
    }
    set root [file normalize [dict get $options root]]
    if {![file isdirectory $root/usr/bin]} { ::dut::fail CONFIG "option root" "root is the folder of a Debian tree: $root has no usr/bin" }
    return $root
}

proc ::rooted::in_namespace {dev command} {
    set ns [::dut::get $dev ns]
    concat [expr {$ns eq "" ? {} : [list nsenter --net=/run/netns/$ns]}] [list env -u $::netns::marker] $command
}

# Runs a command of the tree with /mnt, and nothing else of the device, and waits for it.
proc ::rooted::once {dev command} {
    set words [::root::enter [::dut::get $dev root] [::dut::get $dev folder] $command]
    if {[catch { exec timeout -k 1 20 {*}[in_namespace $dev $words] </dev/null 2>@1 } text]} {
        ::dut::fail LAB [lindex $command 0] "[lindex $command 0]: [last_lines $text 3]"
    }
    return $text
}

proc ::rooted::running {dev} { ::process::running [::dut::get $dev daemon] }

# Starts the daemon; returns when its log matches READY. ENVIRONMENT: KEY=VALUE words.
proc ::rooted::start {dev command environment ready {limit_ms 8000}} {
    set folder [::dut::get $dev folder]
    file delete {*}[cores $dev]
    ::dut::write_file $folder/log ""    ;# for nobody else to read: some daemons print their secrets
    # (the address sanitizer wants to be the first library; what it finds ends the daemon, as any crash)
    set inside [concat [list env -C /mnt LD_PRELOAD=/mnt/nullipsec.so {*}$::fault::sanitizers] $environment \
        [::process::leash] [::process::core] $command]
    set words [in_namespace $dev [::root::enter [::dut::get $dev root] $folder $inside]]
    set daemon [::dut::put $dev daemon [::process::spawn $words $folder/log]]
    ::process::until $limit_ms { [regexp $ready [::dut::read_file $folder/log]] || ![::process::running $daemon] }
    set name [::dut::get $dev called]
    if {![running $dev]} { ::dut::fail LAB start "$name ended at once: [last_lines [::dut::read_file $folder/log] 3]" }
    if {![regexp $ready [::dut::read_file $folder/log]]} {
        halt $dev 0
        ::dut::fail LAB start "$name does not get ready: [last_lines [::dut::read_file $folder/log] 3]"
    }
}

# Ends what we started and nothing else; grace 0: SIGKILL, nothing is sent. Children of the daemon are ended too.
proc ::rooted::halt {dev grace_ms} {
    foreach job [::dut::get $dev jobs] { ::process::end [dict get $job process] 0 }
    ::dut::put $dev jobs {}
    set daemon [::dut::get $dev daemon]
    # one that died by itself leaves its last words for the report of the case that did it
    set folder [::dut::get $dev folder]
    if {$daemon ne {} && ![::process::running $daemon]} { file copy -force $folder/log $folder/died }
    set children [expr {[::process::running $daemon] ? [children [lindex $daemon 0]] : {}}]
    set ended [::process::end $daemon $grace_ms]
    foreach child $children { if {![::process::end $child [expr {$grace_ms > 0 ? 500 : 0}]]} { set ended 0 } }
    ::dut::put $dev daemon {}
    if {!$ended} { ::dut::fail LAB stop "[::dut::get $dev called] does not end" }
}

# Faults of the daemon since its last start.
proc ::rooted::faults {dev} {
    concat [::fault::ended [::dut::get $dev daemon] [::dut::get $dev called]] \
        [::fault::scan [::dut::read_file [::dut::get $dev folder]/log [::dut::get $dev log_from 0]]]
}

proc ::rooted::cores {dev} { glob -nocomplain -types f [::dut::get $dev folder]/core* }

# What the process and its children use, and which one it is; MORE: what the daemon says of itself.
proc ::rooted::vitals {dev more} {
    set daemon [::dut::get $dev daemon]
    set sum [dict create boot [join $daemon .]]
    foreach process [concat [list $daemon] [children [lindex $daemon 0]]] {
        dict for {key n} [::process::usage $process] { dict incr sum $key $n }
    }
    dict merge $sum $more
}

# Half-open and all IKE SAs, by what show-sas says.
proc ::rooted::counts {sas} {
    set half [llength [lsearch -all -exact [lmap sa $sas { dict get $sa state }] connecting]]
    dict create half_open $half ike_sas [llength $sas]
}

# The log from an offset on; before it, how the daemon died under this setup, if it did.
proc ::rooted::log {dev from} {
    set folder [::dut::get $dev folder]
    set text [::dut::read_file $folder/log $from]
    if {![file exists $folder/died]} { return $text }
    return "[::dut::get $dev called] had died. Its last lines were:\n[join [lrange [split [string trim [::dut::read_file $folder/died]] \n] end-60 end] \n]\n\nIt was started again:\n$text"
}

# Handles of the processes that a process has started, and so on.
proc ::rooted::children {pid} {
    set found {}
    foreach list [glob -nocomplain /proc/$pid/task/*/children] {
        if {[catch { open $list } f]} continue
        catch { read $f } text
        close $f
        foreach child $text {
            lappend found [list $child [lindex [::process::stat $child] 1]] {*}[children $child]
        }
    }
    return $found
}

# --- its control program --------------------------------------------------------------------------------------------

# The command list that runs a command beside the daemon, seeing what it sees.
proc ::rooted::beside {dev command} {
    if {![running $dev]} { ::dut::fail DEAD daemon "[::dut::get $dev called] does not run" }
    list nsenter -t [lindex [::dut::get $dev daemon] 0] -m -n -r env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin {*}$command
}

# Waited for: {status text}. A daemon that does not answer in 3 s is dead.
proc ::rooted::ask {dev command} {
    set words [beside $dev $command]
    set status [catch { exec timeout -k 1 3 {*}$words </dev/null 2>@1 } text info]
    if {$status && [lindex [dict get $info -errorcode] 2] == 124} {
        ::dut::fail DEAD management "[::dut::get $dev called] does not answer its control program"
    }
    regsub {\n?child process exited abnormally$} $text "" text
    return [list $status $text]
}

# In the background, as a job of this verb.
proc ::rooted::later {dev verb command} {
    set output [::dut::get $dev folder]/job-[clock microseconds]
    set process [::process::spawn [concat [::process::leash] [beside $dev $command]] $output]
    add_job $dev [dict create verb $verb process $process output $output]
}

proc ::rooted::add_job {dev job} {
    set jobs [::dut::get $dev jobs]
    lappend jobs $job
    ::dut::put $dev jobs $jobs
    return
}

# Jobs; one whose process has ended is ok when its text matches GOOD.
proc ::rooted::jobs {dev good} {
    lmap job [::dut::get $dev jobs] {
        set text [string trim [::dut::read_file [dict get $job output]]]
        set state [expr {[::process::running [dict get $job process]] ? "running" : [regexp $good $text] ? "ok" : "failed"}]
        dict create verb [dict get $job verb] state $state text $text
    }
}

# The version of a package of the tree, from dpkg's own list.
proc ::rooted::package {dev package} {
    set text [::dut::read_file [::dut::get $dev root]/var/lib/dpkg/status]
    set at [string first "Package: $package\n" $text]
    if {$at < 0 || ![regexp -start $at -line {^Version: (?:\d+:)?(\S+)} $text - version]} { return "" }
    return $version
}

proc ::rooted::last_lines {text count} { ::root::last_lines $text $count }
