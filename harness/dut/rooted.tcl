# rooted.tcl - what the drivers share whose daemon runs in a tree of root.tcl: making the device, starting the daemon,
# ending it with its children, running its control program, jobs. Either by chroot in the device's namespaces, with the
# kernel of this machine, or in a guest (guest.tcl), with a kernel that has ESP.
#
# A driver says at its create: the packages of its tree, and the name of the daemon for messages. The device's folder
# is /mnt inside; what the daemon prints is in FOLDER/log. A process has a handle: that of process.tcl, or {guest PID}.

source [file join [file dirname [file normalize [info script]]] netns.tcl]
source [file join [file dirname [file normalize [info script]]] root.tcl]
source [file join [file dirname [file normalize [info script]]] guest.tcl]
source [file join [file dirname [file normalize [info script]]] dn.tcl]

namespace eval ::rooted {}

# Options of `create` that all of these drivers have: ns folder keep (see strongswan.tcl); suite, the Debian release that
# the daemon comes from; kernel: host, or guest for one of its own; root DIR, a Debian tree of yours in place of ours, with
# the daemon as you built it (sanitizers).
proc ::rooted::create {driver name options packages daemon {suites {bookworm trixie}}} {
    foreach key [dict keys $options] {
        if {$key ni {ns folder keep suite kernel root}} {
            ::dut::fail CONFIG "option $key" "the driver $driver has no option \"$key\""
        }
    }
    set lab [::netns::inside]
    set ns [expr {$lab eq {} ? "" : [dict get $lab device]}]
    set options [dict merge [list ns $ns suite [lindex $suites 0] kernel host] $options]
    foreach {key allowed} [list suite $suites kernel {host guest}] {
        if {[dict get $options $key] ni $allowed} {
            ::dut::fail CONFIG "option $key" "$key is one of $allowed, not \"[dict get $options $key]\""
        }
    }
    set dev [::dut::register $driver $name $options]
    set folder [::dut::get $dev folder]
    if {[catch {
        # daemons that give up root have to reach what is theirs
        file attributes $folder -permissions 0711
        ::dut::put $dev root [tree $options $packages]
        if {[guest $dev]} {
            ::guest::create $dev
        } else {
            file copy -force [::root::shim] $folder/nullipsec.so
            file attributes $folder/nullipsec.so -permissions 0755
        }
    } why info]} {
        ::dut::unregister $dev
        return -options $info $why
    }
    foreach {key value} [list packages $packages called $daemon jobs {} daemon {}] { ::dut::put $dev $key $value }
    return $dev
}

# The tree that the daemon runs in. Making it takes a while, so that is said.
proc ::rooted::tree {options packages} {
    if {[dict exists $options root]} {
        set root [file normalize [dict get $options root]]
        if {![file isdirectory $root/usr/bin]} {
            ::dut::fail CONFIG "option root" "root is the folder of a Debian tree: $root has no usr/bin"
        }
        return $root
    }
    set suite bookworm
    if {[dict exists $options suite] && [dict get $options suite] ne "host"} { set suite [dict get $options suite] }
    if {[dict exists $options kernel] && [dict get $options kernel] eq "guest"} { lappend packages {*}[::guest::packages] }
    if {[::root::find $suite $packages] eq ""} {
        puts stderr "making the tree of $suite's [lindex $packages 0]: once, about half a minute"
    }
    return [::root::make $suite $packages]
}

proc ::rooted::guest {dev} { expr {[::dut::get $dev kernel host] eq "guest"} }

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

# --- processes, here or in the guest --------------------------------------------------------------------------------

proc ::rooted::lives {dev handle} {
    if {[lindex $handle 0] ne "guest"} { return [::process::running $handle] }
    ::guest::lives $dev [lindex $handle 1]
}

# 1 when the process is gone, and in a guest its group.
proc ::rooted::finish {dev handle grace_ms} {
    if {[lindex $handle 0] ne "guest"} { return [::process::end $handle $grace_ms] }
    ::guest::end $dev [lindex $handle 1] $grace_ms
}

# What a process wrote to a file of the folder.
proc ::rooted::contents {dev file {from 0}} {
    if {[guest $dev]} { ::guest::flush $dev }
    ::dut::read_file [::dut::get $dev folder]/$file $from
}

# Octets in the log: where what comes next begins.
proc ::rooted::log_size {dev} {
    if {[guest $dev]} { ::guest::flush $dev }
    file size [::dut::get $dev folder]/log
}

proc ::rooted::running {dev} { lives $dev [::dut::get $dev daemon] }

# Starts a program of the tree: COMMAND's output goes to FILE of the folder.
proc ::rooted::spawn {dev file command} {
    set folder [::dut::get $dev folder]
    if {[guest $dev]} {
        ::guest::up $dev
        return [list guest [::guest::start $dev /mnt/$file $command]]
    }
    # (a core lands in /mnt)
    set inside [concat {env -C /mnt} $::fault::sanitizers [::process::leash] [::process::core] $command]
    ::process::spawn [in_namespace $dev [::root::enter [::dut::get $dev root] $folder $inside]] $folder/$file
}

# Starts the daemon; returns when its log matches READY. SHIM: KEY=VALUE words for nullipsec.so, which plays the kernel's
# part where that is the host's.
proc ::rooted::start {dev command shim ready {limit_ms 8000}} {
    file delete {*}[cores $dev]
    ::dut::write_file [::dut::get $dev folder]/log ""    ;# for nobody else to read: some daemons print their secrets
    if {![guest $dev]} { set command [list env LD_PRELOAD=/mnt/nullipsec.so {*}$shim {*}$command] }
    set daemon [::dut::put $dev daemon [spawn $dev log $command]]
    ::process::until $limit_ms { [regexp $ready [contents $dev log]] || ![lives $dev $daemon] }
    set name [::dut::get $dev called]
    if {![running $dev]} { ::dut::fail LAB start "$name ended at once: [last_lines [contents $dev log] 3]" }
    if {![regexp $ready [contents $dev log]]} {
        halt $dev 0
        ::dut::fail LAB start "$name does not get ready: [last_lines [contents $dev log] 3]"
    }
}

# Ends what we started and nothing else; grace 0: SIGKILL, nothing is sent. Children of the daemon are ended too.
proc ::rooted::halt {dev grace_ms} {
    foreach job [::dut::get $dev jobs] { finish $dev [dict get $job process] 0 }
    forget_jobs $dev
    set daemon [::dut::get $dev daemon]
    set runs [lives $dev $daemon]
    if {$daemon ne {} && !$runs} { obituary $dev }
    set children [expr {$runs && ![guest $dev] ? [children [lindex $daemon 0]] : {}}]
    set ended [expr {$daemon eq {} || [finish $dev $daemon $grace_ms]}]
    foreach child $children { if {![::process::end $child [expr {$grace_ms > 0 ? 500 : 0}]]} { set ended 0 } }
    ::dut::put $dev daemon {}
    if {!$ended} { ::dut::fail LAB stop "[::dut::get $dev called] does not end" }
    # a killed daemon cannot take its SAs out of the kernel
    if {[guest $dev] && $daemon ne {} && [catch { ::guest::clear $dev }]} { ::guest::down $dev }
}

# One that died by itself leaves its last words for the report of the case that did it; a guest that died, its kernel's.
proc ::rooted::obituary {dev} {
    set folder [::dut::get $dev folder]
    if {![file exists $folder/log]} return
    set text [contents $dev log]
    if {[guest $dev] && ![::guest::alive $dev]} { append text "\nthe guest's kernel:\n[::guest::words $dev]" }
    ::dut::write_file $folder/died $text
}

# Back to a running daemon: a guest that hangs or had an accident is booted again.
proc ::rooted::recover {dev} {
    if {![guest $dev] || [::guest::sound $dev]} return
    if {[::dut::get $dev daemon] ne {}} { obituary $dev }
    ::dut::put $dev daemon {}
    forget_jobs $dev
    ::guest::down $dev
}

proc ::rooted::destroy {dev} {
    if {[guest $dev]} {
        ::guest::down $dev
    } else {
        halt $dev 500
    }
    ::dut::unregister $dev
}

# Faults of the daemon since its last start; in a guest, also of that. FILES: of its folder, each from where the setting
# FILE_from says.
proc ::rooted::faults {dev {files log}} { concat [death $dev] {*}[lmap file $files { scan $dev $file }] }

# What is wrong by a log, the line that is still being written with the others.
proc ::rooted::scan {dev file} {
    lassign [follow $dev $file scanned_$file ::rooted::more_faults [::dut::get $dev ${file}_from 0]] found rest
    concat $found [::fault::scan $rest]
}
proc ::rooted::more_faults {found lines} { concat $found [::fault::scan $lines] }

# What a log of the device's folder tells: {KNOWN REST}. Each line is read once: logs grow, and who asks asks often.
# {*}FOLD KNOWN LINES makes of what was known, at first {}, and the whole lines since what is known now; REST is the line that
# is still being written. With another daemon, another FROM (octets that are skipped) or a file that has become shorter it
# begins anew. KEY: where the device keeps it.
proc ::rooted::follow {dev file key fold {from 0}} {
    if {[guest $dev]} { ::guest::flush $dev }
    set turn [list $from [::dut::get $dev daemon {}]]
    set path [::dut::get $dev folder]/$file
    lassign [::dut::get $dev $key {{} 0 {}}] began at known
    if {$began ne $turn || ![file exists $path] || [file size $path] < $at} { lassign [list $from {}] at known }
    lassign [::dut::read_lines $path $at] lines rest at
    set known [{*}$fold $known $lines]
    ::dut::put $dev $key [list $turn $at $known]
    list $known $rest
}

proc ::rooted::death {dev} {
    set daemon [::dut::get $dev daemon]
    set name [::dut::get $dev called]
    if {![guest $dev]} { return [::fault::ended $daemon $name] }
    if {$daemon eq {} || [lives $dev $daemon]} { return {} }
    list [list died [expr {[::guest::alive $dev] ? "$name ended in its guest" : "the guest of $name does not answer any more"}]]
}

proc ::rooted::cores {dev} { glob -nocomplain -types f [::dut::get $dev folder]/core* }

# What the process and its children use, and which one it is; MORE: what the daemon says of itself.
proc ::rooted::vitals {dev more} {
    set daemon [::dut::get $dev daemon]
    set sum [dict create boot [join $daemon .]]
    if {[guest $dev]} {
        lassign [::guest::run $dev [list cat /proc/[lindex $daemon 1]/status]] - text
        return [dict merge $sum [::process::numbers $text] $more]
    }
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
    set text [contents $dev log $from]
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
    if {[guest $dev]} { return $command }
    list nsenter -t [lindex [::dut::get $dev daemon] 0] -m -n -r env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin {*}$command
}

# A command list of `beside`, waited for: {STATUS TEXT}; 124 when it took longer than 3 s.
proc ::rooted::ended {dev words} {
    if {[guest $dev]} {
        lassign [::guest::run $dev $words 3000] status text
        return [list $status [string trimright $text "\n"]]
    }
    set status [catch { exec timeout -k 1 3 {*}$words </dev/null 2>@1 } text info]
    if {$status && [lindex [dict get $info -errorcode] 0] eq "CHILDSTATUS"} { set status [lindex [dict get $info -errorcode] 2] }
    regsub {\n?child process exited abnormally$} $text "" text
    return [list $status $text]
}

# Waited for: {failed text}. A daemon that does not answer in 3 s is dead.
proc ::rooted::ask {dev command} {
    lassign [ended $dev [beside $dev $command]] status text
    if {$status == 124} { ::dut::fail DEAD management "[::dut::get $dev called] does not answer its control program" }
    return [list [expr {$status != 0}] $text]
}

# In the background, as a job of this verb.
proc ::rooted::later {dev verb command} { background $dev $verb [beside $dev $command] }

proc ::rooted::background {dev verb words} {
    set output job-[clock microseconds]
    if {[guest $dev]} {
        set process [list guest [::guest::start $dev /mnt/$output $words]]
    } else {
        set process [::process::spawn [concat [::process::leash] $words] [::dut::get $dev folder]/$output]
    }
    add_job $dev [dict create verb $verb process $process output $output]
}

proc ::rooted::add_job {dev job} {
    set jobs [::dut::get $dev jobs]
    lappend jobs $job
    ::dut::put $dev jobs $jobs
    return
}

# They and what they printed: a campaign starts thousands.
proc ::rooted::forget_jobs {dev} {
    foreach job [::dut::get $dev jobs] {
        if {[dict get $job output] ne ""} { file delete [::dut::get $dev folder]/[dict get $job output] }
    }
    ::dut::put $dev jobs {}
}

# Jobs; one whose process has ended is ok when its text matches GOOD.
proc ::rooted::jobs {dev good} {
    lmap job [::dut::get $dev jobs] {
        set runs [lives $dev [dict get $job process]]
        set text [string trim [contents $dev [dict get $job output]]]
        set state [expr {$runs ? "running" : [regexp $good $text] ? "ok" : "failed"}]
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

proc ::rooted::doctor {options packages {suites {bookworm trixie}}} {
    set guest [expr {[dict exists $options kernel] && [dict get $options kernel] eq "guest"}]
    if {$guest} { lappend packages {*}[::guest::packages] }
    if {[dict exists $options suite]} { set suites [list [dict get $options suite]] }
    concat [::root::doctor [lmap suite $suites { list $suite $packages }]] [expr {$guest ? [::guest::doctor] : {}}]
}

proc ::rooted::last_lines {text count} { ::root::last_lines $text $count }
