# root.tcl - Debian trees with one daemon each, made once with mmdebstrap and kept: daemons that conflict with each other,
# or come from another Debian release, run in them by chroot.
#
#   root::make SUITE PACKAGES     makes the tree unless it is there; its path. Needs apt's network; 15 to 30 s
#   root::find SUITE PACKAGES     its path, "" when it was not made; also looks where root keeps them
#   root::forget SUITE PACKAGES   removes it
#   root::sweep                   removes trees that were broken off, unless one is being made; their paths
#   root::enter ROOT FOLDER CMD   the command list that runs CMD in the tree, FOLDER being its /mnt, with mounts of its own
#   root::shim                    path of nullipsec.so (see nullipsec.c), compiled at its first use
#   root::compiled SOURCE ...     the same for another C file here
#   root::doctor                  list of {ok|warn|bad TEXT CURE}
#
# A tree comes into being under another name and is renamed when it is whole: one that was broken off is made again. A
# lock keeps two makers apart; the system lets go of it however they end.

source [file join [file dirname [file normalize [info script]]] state.tcl]

namespace eval ::root {
    variable here [file dirname [file normalize [info script]]]
    # everybody's: seconds less to unpack, half the size
    variable without {/usr/share/doc/* /usr/share/man/* /usr/share/locale/* /usr/share/info/* /var/cache/apt/*.bin}
}

proc ::root::fail {detail text} { return -code error -errorcode [list DUT LAB $detail] $text }

# SUITE-FIRSTPACKAGE-CHECKSUM: other packages make another tree.
proc ::root::name {suite packages} {
    if {![regexp {^[a-z]+$} $suite]} { return -code error -errorcode {DUT CONFIG suite} "\"$suite\" is not a Debian release" }
    foreach p $packages {
        if {![regexp {^[a-z0-9][a-z0-9+.-]+$} $p]} { return -code error -errorcode {DUT CONFIG package} "\"$p\" is not a package" }
    }
    format %s-%s-%08x $suite [lindex $packages 0] [zlib crc32 [join [lrange $packages 0 end] " "]]
}

proc ::root::find {suite packages} {
    set name [name $suite $packages]
    set folders [list [::state::folder]]
    if {![info exists ::env(IKESPEC_STATE)]} { lappend folders $::state::system }
    foreach folder $folders {
        if {[file isdirectory $folder/roots/$name/usr]} { return $folder/roots/$name }
    }
    return ""
}

proc ::root::make {suite packages} {
    variable without
    set path [find $suite $packages]
    if {$path ne ""} { return $path }
    if {[auto_execok mmdebstrap] eq ""} {
        fail mmdebstrap "the tree with $suite's [lindex $packages 0] is not there and mmdebstrap is missing: apt-get install mmdebstrap"
    }
    set folder [::state::folder]/roots
    if {[catch { file mkdir $folder } why]} { fail state "$folder cannot be made: $why" }
    set path $folder/[name $suite $packages]
    set command [list mmdebstrap --quiet --variant=minbase --include=[join $packages ,]]
    foreach glob $without { lappend command --dpkgopt=path-exclude=$glob }
    # a guest has its modules there; nothing in the cache may be set-uid; who is not root has to be able to read what daemons read
    lappend command --customize-hook=[string cat {mkdir -p "$1/lib/modules"; find "$1" -xdev -type f -perm /6000 -exec chmod ug-s '{}' +; } \
        {for d in "$1/etc/iked" "$1/var/lib/ipsec" "$1/etc/ipsec.d"; do [ ! -d "$d" ] || chmod -R a+rX "$d"; done}]
    lappend command $suite $path.part
    if {[info exists ::env(IKESPEC_MIRROR)] && $::env(IKESPEC_MIRROR) ne ""} { lappend command $::env(IKESPEC_MIRROR) }
    set script {umask 022; [ ! -d "$0" ] || exit 0; rm -rf --one-file-system "$0.part"; "$@" && mv "$0.part" "$0"}
    if {[catch { exec flock $folder/lock sh -c $script $path {*}$command </dev/null 2>@1 } why]} {
        fail mmdebstrap "the tree with $suite's [lindex $packages 0] cannot be made: [last_lines $why 4]"
    }
    return $path
}

proc ::root::forget {suite packages} {
    set folder [::state::folder]/roots
    set path $folder/[name $suite $packages]
    if {![file isdirectory $folder]} return
    set script {[ ! -d "$0" ] || mv "$0" "$0.part"; rm -rf --one-file-system "$0.part"}
    exec flock $folder/lock sh -c $script $path
    return
}

proc ::root::sweep {} {
    set folder [::state::folder]/roots
    set parts [glob -nocomplain -directory $folder -types d *.part]
    if {![llength $parts]} { return {} }
    if {[catch { exec flock -n $folder/lock rm -rf --one-file-system {*}$parts }]} { return {} }
    return $parts
}

# chroot with /dev, /proc and an empty /run in a mount namespace that ends with the command.
proc ::root::enter {root folder command} {
    set script {mount --rbind /dev "$0/dev" && mount --rbind /proc "$0/proc" && mount -t tmpfs tmpfs "$0/run" &&
        mount --bind "$1" "$0/mnt" && root=$0 && shift && exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"}
    list unshare -m sh -c $script $root $folder {*}$command
}

proc ::root::shim {} { compiled nullipsec.c so {-shared -fPIC} {-ldl -lpthread} }

# What a C file of this folder becomes, made anew when its text is another. NAME.c -> lib/NAME-CHECKSUM.SUFFIX
proc ::root::compiled {source suffix flags {libraries {}}} {
    variable here
    set f [open [file join $here $source]]
    set text [read $f]
    close $f
    set folder [::state::folder]/lib
    set name [file rootname [file tail $source]]
    set path $folder/$name-[format %08x [zlib crc32 [encoding convertto utf-8 $text]]].$suffix
    if {[file exists $path]} { return $path }
    if {[catch { file mkdir $folder } why]} { fail state "$folder cannot be made: $why" }
    set trial $path.[pid]
    if {[catch {
        exec gcc -std=c11 -O2 -Wall -Wextra -Werror {*}$flags -o $trial [file join $here $source] {*}$libraries 2>@1
    } why]} {
        file delete $trial
        fail gcc "$name.$suffix cannot be compiled (apt-get install gcc libc6-dev linux-libc-dev): [last_lines $why 3]"
    }
    file rename -force $trial $path
    return $path
}

proc ::root::last_lines {text count} { join [lrange [split [string trim $text] "\n"] end-[expr {$count - 1}] end] " | " }

# What is needed to make a tree; WANTED is a list of {SUITE PACKAGES} that shall be there.
proc ::root::doctor {{wanted {}}} {
    set found {}
    set missing 0
    foreach want $wanted {
        lassign $want suite packages
        set path [find $suite $packages]
        if {$path eq ""} { incr missing }
        lappend found [expr {$path eq "" ? [list warn "no tree with $suite's [lindex $packages 0] yet" "the first run makes it in half a minute"]
                             : [list ok "$suite's [lindex $packages 0] is in $path" ""]}]
    }
    foreach {tool package} {flock util-linux unshare util-linux chroot coreutils} {
        if {[auto_execok $tool] eq ""} { lappend found [list bad "$tool is missing" "apt-get install $package"] }
    }
    if {$missing && [auto_execok mmdebstrap] eq ""} { lappend found {bad "mmdebstrap is missing" "apt-get install mmdebstrap"} }
    if {[catch { shim } why]} { lappend found [list bad $why "apt-get install gcc libc6-dev"] }
    return $found
}
