# guest.tcl - a Linux guest for a daemon: user-mode-linux with ESP of its own kernel. Its root is a package tree of root.tcl
# (read only, by hostfs), its /mnt the device's folder, its interface the device's end of the lab's link: a raw socket on it,
# so that the tester sees the guest in the place of the namespace. Needs root, or a user namespace and a tree that is there.
#
#   guest::packages           what a tree needs beside the daemon to be a guest's root
#   guest::create DEV         puts into the device's folder what a guest needs; DEV has root, ns and folder
#   guest::up DEV             boots unless it runs and answers; 2 to 5 s
#   guest::down DEV           ends it at once, with all that ran in it; the link is the namespace's again
#   guest::alive DEV          1 when it runs and answers
#   guest::sound DEV          1 when its kernel also has had no accident
#   guest::run DEV CMD ?MS?   {STATUS OUTPUT} of a command in it; 124 when it took longer and was killed
#   guest::start DEV FILE CMD a process in it, output to FILE; its pid there
#   guest::lives DEV PID      1 while that runs      guest::end DEV PID MS     TERM, after MS (0: at once) KILL; 1 when gone
#   guest::flush DEV          what was written to /mnt in it can be read here
#   guest::clear DEV          no SA, no policy, no route of a daemon is left in its kernel
#   guest::expire DEV SPI ADDR HARD    its kernel says that the lifetime of that SA is over
#   guest::serial DEV         the host's end of its serial console, on which root logs in with the password below
#   guest::words DEV          the last things its kernel said
#   guest::doctor             list of {ok|warn|bad TEXT CURE}
#
# We talk to its first process (guest/agent.c) on a serial line, two FIFOs on our side: the network is what is tested. The guest
# has a process namespace of its own, so that killing one process (and our end does that) ends every part of it.

source [file join [file dirname [file normalize [info script]]] netns.tcl]
source [file join [file dirname [file normalize [info script]]] root.tcl]

namespace eval ::guest {
    variable here [file dirname [file normalize [info script]]]
    variable modules /usr/lib/uml/modules
    variable memory 256M
    variable boot_ms 60000
    variable password ikespec
    # octets of a request: the guest's terminal has room for 4096 and loses what is more
    variable longest 3500
}

proc ::guest::packages {} { return {iproute2 kmod login} }

proc ::guest::fail {detail text} { ::dut::fail LAB $detail $text }
proc ::guest::dead {text} { ::dut::fail DEAD guest $text }

proc ::guest::kernel {} {
    set path [lindex [auto_execok linux.uml] 0]
    if {$path eq ""} { fail user-mode-linux "user-mode-linux is missing: apt-get install user-mode-linux" }
    return $path
}

# --- before it runs -------------------------------------------------------------------------------------------------

proc ::guest::create {dev} {
    variable here
    set folder [::dut::get $dev folder]
    kernel
    if {[::netns::of [::dut::get $dev ns]] eq {}} {
        fail ns "a guest needs a lab's namespace to be in (the option ns, or a run that makes the lab)"
    }
    # these paths become words of a kernel's command line and options of mounts
    foreach path [list $folder [::dut::get $dev root]] {
        if {![regexp {^[\w./#+-]+$} $path]} { fail folder "a guest's folder must have a plain name, not \"$path\"" }
    }
    set agent [::root::compiled guest/agent.c static -static]
    file copy -force $agent $folder/agent
    file copy -force [file join $here guest init] $folder/init
    foreach file {agent init} { file attributes $folder/$file -permissions 0755 }
    ::dut::put $dev guest {}
    return
}

# UML 6.1 needs help where the processor has AMX (see umlfp.c).
proc ::guest::preload {} {
    if {![regexp -line {^flags\s.*\mamx_tile\M} [::dut::read_file /proc/cpuinfo]]} { return {} }
    list LD_PRELOAD=[::root::compiled guest/umlfp.c so {-shared -fPIC}]
}

# The namespace's own address would answer beside the guest's.
proc ::guest::take_link {lab} {
    link $lab [list "link set [dict get $lab dev] up" "addr flush dev [dict get $lab dev]"]
}

proc ::guest::give_link {lab} {
    foreach key {dev device_addr device_addr6 device_lan device_lan6} { set $key [dict get $lab $key] }
    catch { link $lab [list [::netns::side_batch $dev $device_addr $device_addr6 $device_lan $device_lan6]] }
}

proc ::guest::link {lab lines} {
    exec nsenter --net=/run/netns/[dict get $lab device] ip -force -batch - << [join $lines \n] 2>@1
}

proc ::guest::command {dev lab} {
    variable modules
    variable memory
    set folder [::dut::get $dev folder]
    set root [::dut::get $dev root]
    set link [dict get $lab dev]
    foreach key {device device_addr device_addr6 device_lan device_lan6 tester_addr tester_addr6} { set $key [dict get $lab $key] }
    # what follows init= is for the shell: the folder is not there yet
    set first "mount -t hostfs -o $folder none /mnt && exec /mnt/init"
    set words [list [kernel] mem=$memory uml_dir=$folder umid=uml \
        root=/dev/root rootfstype=hostfs rootflags=$root ro quiet panic=1 \
        con=null con0=null,fd:2 ssl=null ssl0=pts ssl1=fd:3,fd:4 \
        vec0:transport=raw,ifname=$link,depth=64,mac=02:00:00:00:00:02 \
        modules=$modules addr=$device_addr addr6=$device_addr6 lan=$device_lan lan6=$device_lan6 gw=$tester_addr gw6=$tester_addr6 \
        init=/bin/sh -- -c "\"$first\""]
    set script {exec 3<>"$0/to-guest" 4<>"$0/from-guest" && "$@"; exit $?}
    # unshare passes its death on; the shell is there because process 1 of a namespace cannot abort
    list nsenter --net=/run/netns/$device env -u $::netns::marker {*}[preload] {*}[::process::leash] \
        unshare --pid --fork --kill-child sh -c $script $folder {*}$words
}

# --- its life -------------------------------------------------------------------------------------------------------

proc ::guest::up {dev} {
    variable boot_ms
    if {[alive $dev]} return
    down $dev
    set folder [::dut::get $dev folder]
    set lab [::netns::of [::dut::get $dev ns]]
    foreach fifo {to-guest from-guest} { file delete $folder/$fifo }
    file delete -force $folder/uml
    if {[catch {
        exec mkfifo -m 600 $folder/to-guest $folder/from-guest
        take_link $lab
    } why]} { fail guest "the guest's surroundings cannot be made: $why" }
    ::dut::write_file $folder/console ""
    set process [::process::spawn [command $dev $lab] $folder/console]
    set channels {}
    foreach fifo {to-guest from-guest} {
        set f [open $folder/$fifo {RDWR NONBLOCK}]
        fconfigure $f -translation binary -buffering none -blocking 0
        lappend channels $f
    }
    ::dut::put $dev guest [dict create process $process in [lindex $channels 0] out [lindex $channels 1] number 0]
    set heard ""
    ::process::until $boot_ms {
        [string first "ready\n" [append heard [read [lindex $channels 1]]]] >= 0 || ![::process::running $process]
    }
    if {[string first "ready\n" $heard] < 0} {
        set said [words $dev]
        set why [expr {[::process::running $process] ? "does not get ready" : "ended while it booted"}]
        down $dev
        fail guest "the guest $why: [::root::last_lines $said 3]"
    }
    return
}

proc ::guest::down {dev} {
    set g [::dut::get $dev guest]
    if {$g eq {}} return
    ::dut::put $dev guest {}
    foreach channel {in out} { catch { close [dict get $g $channel] } }
    set gone [::process::end [dict get $g process] 0]
    give_link [::netns::of [::dut::get $dev ns]]
    if {!$gone} { fail guest "the guest does not end" }
}

proc ::guest::alive {dev} { expr {![catch { ask $dev 3000 alive 1 } result] && [lindex $result 0] == 0} }

# Bits of /proc/sys/kernel/tainted: 7 oops, 9 warning, 14 soft lockup.
proc ::guest::sound {dev} {
    if {[catch { run $dev {cat /proc/sys/kernel/tainted} } result]} { return 0 }
    lassign $result status text
    expr {$status == 0 && [string is integer -strict [string trim $text]] && !([string trim $text] & ((1 << 7) | (1 << 9) | (1 << 14)))}
}

# --- what it does ---------------------------------------------------------------------------------------------------

# One request to the agent: {STATUS OUTPUT}. An answer that comes after its time is passed over by its number.
proc ::guest::ask {dev ms verb args} {
    variable longest
    set g [::dut::get $dev guest]
    if {$g eq {} || ![::process::running [dict get $g process]]} { dead "the guest does not run" }
    set number [expr {[dict get $g number] + 1}]
    dict set g number $number
    ::dut::put $dev guest $g
    set request "$number $verb"
    foreach word $args {
        # not by expr, to which such digits may be a number: 656e76
        if {$word eq ""} { append request " -" } else { append request " [binary encode hex [encoding convertto utf-8 $word]]" }
    }
    if {[string length $request] > $longest} { fail command "a command for the guest is too long: [lindex $args 1]" }
    puts -nonewline [dict get $g in] "$request\n"
    set heard ""
    set end [expr {[clock milliseconds] + $ms}]
    while 1 {
        append heard [read [dict get $g out]]
        # the answer to a question that was given up may still be in front
        while {[regexp {^[^\n]*?(\d+) (\d+) (\d+)\n} $heard head n status length]} {
            set from [string length $head]
            if {[string length $heard] < $from + $length} break
            set text [string range $heard $from [expr {$from + $length - 1}]]
            set heard [string range $heard [expr {$from + $length}] end]
            if {$n == $number} { return [list $status [encoding convertfrom utf-8 $text]] }
        }
        if {![::process::running [dict get $g process]]} { dead "the guest ended: [::root::last_lines [words $dev] 3]" }
        if {[clock milliseconds] > $end} { dead "the guest does not answer" }
        after 1
    }
}

proc ::guest::run {dev command {ms 5000}} { ask $dev [expr {$ms + 3000}] run $ms {*}$command }

proc ::guest::start {dev file command} {
    lassign [ask $dev 5000 start $file {*}$command] status pid
    if {$status || $pid <= 1} { dead "the guest cannot start [lindex $command 0]: $pid" }
    return $pid
}

proc ::guest::lives {dev pid} { expr {![catch { ask $dev 3000 alive $pid } result] && [lindex $result 0] == 0} }

proc ::guest::end {dev pid ms} {
    # nothing lives in a guest that does not
    if {[catch { ask $dev [expr {$ms + 5000}] end $pid $ms } result]} { return 1 }
    expr {[lindex $result 0] == 0}
}

proc ::guest::flush {dev} { catch { ask $dev 5000 flush } }

proc ::guest::clear {dev} {
    run $dev {sh -c {printf 'xfrm state flush\nxfrm policy flush\nroute flush table 220\n' | ip -force -batch - 2>/dev/null}}
    return
}

proc ::guest::expire {dev spi addr hard} {
    if {[lindex [ask $dev 3000 expire $spi $addr $hard] 0] != 0} { ::dut::fail DEAD spi "the guest's kernel has no SA $spi" }
    return
}

# UML tells in the kernel's log which pseudo-terminal a serial line has got.
proc ::guest::serial {dev} {
    set path ""
    ::process::until 5000 { [regexp {Serial line 0 assigned device '([^']+)'} [lindex [run $dev dmesg] 1] - path] }
    if {$path eq ""} { fail console "the guest opened no serial console" }
    return $path
}

proc ::guest::words {dev} { ::dut::read_file [::dut::get $dev folder]/console }

proc ::guest::doctor {} {
    variable modules
    set found {}
    if {[catch { kernel } path]} {
        lappend found {bad "user-mode-linux is missing (the kernel of guests)" "apt-get install user-mode-linux"}
    } else {
        set version [exec $path --version]
        if {[file isdirectory $modules/$version]} {
            lappend found [list ok "user-mode-linux $version and its modules are there" ""]
        } else {
            lappend found [list bad "$modules has nothing for user-mode-linux $version" "apt-get install --reinstall user-mode-linux"]
        }
    }
    foreach {source suffix flags} {guest/agent.c static -static guest/umlfp.c so {-shared -fPIC}} {
        if {[catch { ::root::compiled $source $suffix $flags } why]} { lappend found [list bad $why "apt-get install gcc libc6-dev"] }
    }
    if {![catch { exec df --output=avail -k /dev/shm } text] && [lindex $text end] < 300000} {
        lappend found [list warn "/dev/shm has [expr {[lindex $text end] / 1024}] MB free, each guest wants 256" "mount -o remount,size=1G /dev/shm"]
    }
    return $found
}
