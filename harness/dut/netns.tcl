# netns.tcl - the lab for real daemons: a tester's and a device's network namespace joined by a veth pair, with LAN
# addresses behind each. Any number of labs stand side by side, named PREFIX-PID-SLOT-t and -d.
#
#   netns::up ?PREFIX? ?SLOT?  makes (or finds) this process's lab and returns it: a dict with prefix pid slot,
#                              tester device (namespace names), dev (the interface in both), tester_addr device_addr
#                              tester_addr6 device_addr6 tester_lan device_lan tester_lan6 device_lan6
#   netns::down LAB            removes it; no error when it is gone already
#   netns::wrap LAB CMD ?SIDE? the command list that runs CMD in the namespace of SIDE (tester or device)
#   netns::inside              the lab in whose tester namespace we were started by wrap, or {}
#   netns::of NAME             the lab that a namespace of that name belongs to, or {}
#   netns::rights              root | userns | none
#   netns::lack                {TEXT CURE} of what keeps us from making namespaces, {} when nothing does
#   netns::privileged CMD      the command list that runs CMD with the rights that `up` needs (a user namespace with a
#                              /run of its own when we are not root); everything in it ends with CMD
#   netns::sweep ?PREFIX?      removes the labs of processes that no longer live (`up` does it first); their names
#   netns::doctor              list of {ok|warn|bad TEXT CURE}
#
# A process makes the lab, runs itself again with `wrap`, and calls `down` when that has ended.

source [file join [file dirname [file normalize [info script]]] process.tcl]

namespace eval ::netns {
    variable marker IKESPEC_LAB
    variable folder /run/netns
    variable first 4026531836    ;# the pid namespace that a system begins with (PROC_PID_INIT_INO of Linux)
}

proc ::netns::lab {prefix pid slot} {
    if {![regexp {^[a-z][a-z0-9]{0,31}$} $prefix] || ![string is digit -strict $slot]} {
        return -code error -errorcode {DUT CONFIG lab} \
            "a lab is named by a short word and a number, not \"$prefix $slot\""
    }
    dict create prefix $prefix pid $pid slot $slot tester $prefix-$pid-$slot-t device $prefix-$pid-$slot-d dev veth0 \
        tester_addr 192.0.2.1 device_addr 192.0.2.2 tester_addr6 2001:db8::1 device_addr6 2001:db8::2 \
        tester_lan 10.1.0.1 device_lan 10.2.0.1 tester_lan6 2001:db8:1::1 device_lan6 2001:db8:2::1
}

# The first word of our labs' names. A pid means something only in its own namespace, and those of several may share the folder
# (containers with one /run): what is not of the system's first has its number behind the word.
proc ::netns::own {prefix} {
    variable first
    set number [::process::space]
    if {$number in [list 0 $first]} { return $prefix }
    return $prefix$number
}

proc ::netns::up {{prefix iks} {slot 0}} {
    variable folder
    sweep $prefix
    set lab [lab [own $prefix] [pid] $slot]
    if {[standing $lab]} { return $lab }
    down $lab
    dict with lab {
        set commands {
            {ip netns add $tester}
            {ip netns add $device}
            {nsenter --net=$folder/$tester ip link add $dev address 02:00:00:00:00:01 type veth
                peer name $dev address 02:00:00:00:00:02 netns $device}
            {nsenter --net=$folder/$tester ip -batch - << [side_batch $dev $tester_addr $tester_addr6 $tester_lan $tester_lan6]}
            {nsenter --net=$folder/$device ip -batch - << [side_batch $dev $device_addr $device_addr6 $device_lan $device_lan6]}
        }
        foreach command $commands {
            if {[catch { eval exec [string map {"\n" " "} $command] } why]} {
                down $lab
                return -code error -errorcode [list DUT LAB netns] "the lab's namespaces cannot be made: $why"
            }
        }
    }
    return $lab
}

# Fixed addresses on the wire, and no duplicate address detection: captures of two runs look alike.
proc ::netns::side_batch {dev addr addr6 lan lan6} {
    join [list "link set lo up" "addr add $addr/24 dev $dev" "addr add $addr6/64 dev $dev nodad" \
              "addr add $lan/32 dev lo" "addr add $lan6/128 dev lo nodad" "link set $dev addrgenmode none up"] "\n"
}

proc ::netns::exists {name} {
    variable folder
    file exists $folder/$name
}

proc ::netns::standing {lab} {
    variable folder
    dict with lab {
        if {![exists $tester] || ![exists $device]} { return 0 }
        if {[catch { exec nsenter --net=$folder/$device ip -o addr show dev $dev } seen]} { return 0 }
        return [expr {[string first " $device_addr/" $seen] >= 0}]
    }
}

proc ::netns::down {lab} {
    foreach side {tester device} {
        set name [dict get $lab $side]
        if {[exists $name]} { catch { exec ip netns del $name } }
    }
}

proc ::netns::wrap {lab command {side tester}} {
    variable marker
    variable folder
    # nsenter rather than "ip netns exec" or "ip -n": the mount namespace stays ours, so labs made inside are seen outside,
    # and it works in a plain chroot, whose / is no mount point
    set mark $marker=[dict get $lab prefix]-[dict get $lab pid]-[dict get $lab slot]
    list nsenter --net=$folder/[dict get $lab $side] env $mark {*}$command
}

proc ::netns::inside {} {
    variable marker
    if {![info exists ::env($marker)] || ![regexp {^([a-z0-9]+)-(\d+)-(\d+)$} $::env($marker) - prefix pid slot]} {
        return {}
    }
    return [lab $prefix $pid $slot]
}

proc ::netns::of {name} {
    if {![regexp {^([a-z0-9]+)-(\d+)-(\d+)-[td]$} $name - prefix pid slot]} { return {} }
    return [lab $prefix $pid $slot]
}

# --- what is left of processes that died ----------------------------------------------------------------------------

proc ::netns::sweep {{prefix iks}} {
    variable folder
    set prefix [own $prefix]
    set gone {}
    foreach path [lsort [glob -nocomplain -directory $folder $prefix-*]] {
        set name [file tail $path]
        if {![regexp "^$prefix-(\\d+)-\\d+-\[td\]\$" $name - owner] || [::process::running [::process::handle $owner]]} continue
        if {[in_use [string range $name 0 end-1]t]} continue
        foreach pid [pids $name] { catch { exec kill -s KILL $pid } }
        if {![catch { exec ip netns del $name }]} { lappend gone $name }
    }
    return $gone
}

# A tester that outlived the process which made its lab (it may still be writing reports) keeps the lab. Daemons
# are started without the marker and do not count.
proc ::netns::in_use {tester} {
    variable marker
    foreach pid [pids $tester] {
        if {[catch { open /proc/$pid/environ rb } f]} continue
        catch { read $f } text
        close $f
        if {[string first "$marker=" $text] >= 0} { return 1 }
    }
    return 0
}

proc ::netns::pids {name} {
    if {[catch { exec ip netns pids $name } text]} { return {} }
    return [split [string trim $text] "\n"]
}

# --- rights -----------------------------------------------------------------------------------------------------------

proc ::netns::rights {} {
    # CAP_NET_ADMIN is bit 12, CAP_SYS_ADMIN bit 21
    set need [expr {(1 << 12) | (1 << 21)}]
    if {![catch { open /proc/self/status } f]} {
        set text [read $f]
        close $f
        if {[regexp {CapEff:\s*([0-9a-f]+)} $text - have] && ("0x$have" & $need) == $need} { return root }
    }
    set trial {unshare -Urnmp --fork --kill-child --mount-proc mount -t tmpfs tmpfs /run}
    expr {[catch { exec {*}$trial 2>@1 }] ? "none" : "userns"}
}

proc ::netns::privileged {command} {
    switch [rights] {
        root { return $command }
        userns {
            set script {mount -t tmpfs tmpfs /run && ip link set lo up && exec "$@"}
            return [list unshare -Urnmp --fork --kill-child --mount-proc sh -c $script lab {*}$command]
        }
    }
    return -code error -errorcode {DUT LAB rights} [join [lack] ": "]
}

# {TEXT CURE} of what keeps us from making namespaces, {} when nothing does.
proc ::netns::lack {} {
    if {![file exists /proc/self/status]} { return {"/proc is not mounted here" "mount -t proc proc /proc"} }
    switch [rights] {
        none { return {"rights: may not make network namespaces" "run as root, or: sysctl -w kernel.unprivileged_userns_clone=1"} }
        root {
            # trees of packages are entered in a mount namespace
            if {[catch { exec unshare -m true 2>@1 } why]} {
                return [list "no mount namespace can be made: [lindex [split $why \n] 0]" \
                            "in a chroot, its / must be a mount point: mount --bind DIR DIR, then chroot DIR; in a container, CAP_SYS_ADMIN"]
            }
        }
    }
    return {}
}

proc ::netns::doctor {} {
    set found {}
    foreach {tool package} {ip iproute2 nsenter util-linux unshare util-linux} {
        if {[auto_execok $tool] eq ""} { lappend found [list bad "$tool is missing" "apt-get install $package"] }
    }
    if {$found ne {}} { return $found }
    set lack [lack]
    if {$lack ne {}} { return [list [list bad {*}$lack]] }
    lappend found [dict get {
        root {ok "rights: may make network namespaces" ""}  userns {ok "rights: not root, a user namespace will do" ""}
    } [rights]]
    if {[rights] eq "root"} {
        if {[catch { down [up iksdoctor 0] } why]} {
            lappend found [list bad "a trial lab: [lindex [split $why \n] 0]" \
                               "modprobe veth; is this a container without NET_ADMIN?"]
        } else {
            lappend found {ok "a trial lab came up and went" ""}
        }
    }
    return $found
}
