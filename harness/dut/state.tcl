# state.tcl - the one folder that holds everything which outlasts a command, or must be found again when one was killed:
#
#   roots/ lib/                  package trees and what we compile for them (root.tcl)
#   run/PID.START.NS-NAME-N/     the files of a device, while the process PID lives; NS is its pid namespace
#   keys/                        the test keys of cases (pki.tcl)
#   labs/NAME/                   labs that stand until `ikespec lab down` (lab.tcl)
#
#   state::folder                $IKESPEC_STATE, else /var/cache/ikespec for root, ~/.cache/ikespec for others
#   state::real                  1 for root outside of any user namespace
#   state::run NAME              a new private folder under run/, for this process; removes what dead ones left there
#   state::lasting NAME          a private folder that stays
#   state::sweep                 removes the folders of processes that no longer live; their paths

source [file join [file dirname [file normalize [info script]]] process.tcl]

namespace eval ::state {
    variable system /var/cache/ikespec
    variable serial 0
    variable swept 0
}

proc ::state::real {} {
    if {[catch { open /proc/self/uid_map } f]} { return 0 }
    set map [read $f]
    close $f
    expr {[exec id -u] eq "0" && [lrange $map 0 1] eq {0 0} && [lindex $map 2] > 65536}
}

proc ::state::folder {} {
    variable system
    if {[info exists ::env(IKESPEC_STATE)] && $::env(IKESPEC_STATE) ne ""} {
        return [file normalize $::env(IKESPEC_STATE)]
    }
    if {[real]} { return $system }
    if {[info exists ::env(XDG_CACHE_HOME)] && $::env(XDG_CACHE_HOME) ne ""} { return $::env(XDG_CACHE_HOME)/ikespec }
    return [file normalize ~/.cache/ikespec]
}

# Where device folders are made. Inside a user namespace of ours (netns::privileged) /run is a tmpfs that ends with it.
proc ::state::run_folder {} {
    if {[exec id -u] eq "0" && ![real] && [file writable /run]} { return /run/ikespec }
    return [folder]/run
}

proc ::state::me {} {
    return [join [concat [::process::handle [pid]] [::process::space]] .]
}

proc ::state::run {name} {
    variable serial
    variable swept
    if {!$swept} { set swept 1; sweep }
    set folder [run_folder]
    # others may pass, not look: daemons that give up root have to reach their own files
    if {[catch { file mkdir $folder; file attributes $folder -permissions 0711 } why] && ![file writable $folder]} {
        return -code error -errorcode {DUT LAB state} "$folder cannot be used ($why): set IKESPEC_STATE to a folder of yours"
    }
    set path $folder/[me]-$name-[incr serial]
    file mkdir $path
    file attributes $path -permissions 0700
    return $path
}

proc ::state::lasting {name} {
    set path [folder]/$name
    file mkdir $path
    file attributes $path -permissions 0700
    return $path
}

proc ::state::sweep {} {
    set gone {}
    set ns [::process::space]
    foreach path [lsort [glob -nocomplain -directory [run_folder] *]] {
        # a pid means something only in its own namespace
        if {![regexp {^(\d+)\.(\d+)\.(\d+)-} [file tail $path] - pid start space] || $space ne $ns} continue
        if {[::process::running [list $pid $start]]} continue
        if {![catch { file delete -force $path }]} { lappend gone $path }
    }
    return $gone
}
