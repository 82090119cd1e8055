# strongswan.tcl - driver: strongSwan's charon-systemd as the device, in a network namespace of this machine, with
# userspace ESP (kernel-libipsec) unless told otherwise. Needs root (or a user namespace), systemd not at all.
#
# Options of `create`:
#   ns NAME        the network namespace to run in: by default the device's side of the lab that we were started in
#                  (netns::inside), or our own when there is none    libipsec 1|0     0 = the kernel's ESP
#   folder DIR     where its files go (default: a temporary folder)  keep 0|1         1 = leave the files
#   log 0..2       detail of its log (2); keys are never logged
#   suite NAME     host: this machine's strongSwan; bookworm (5.9.8) or trixie (6.0.x): that of the Debian release, in a
#                  tree of its own (root.tcl), where the folder is /mnt
#   root DIR       a Debian tree of yours in place of ours
#   charon PATH    a charon-systemd of yours, say one built with sanitizers; swanctl PATH likewise (suite host)
#   kernel host|guest   guest: in a guest (guest.tcl) with the ESP of its own kernel; the suite is then a release's,
#                  bookworm unless told otherwise, and libipsec 0
#
# A reset is SIGKILL and a fresh daemon: 40 to 50 ms on an idle machine (a guest: 0.5 s), nothing sent or remembered. Reloading a
# running charon and terminating its SAs takes half as long, but sends deletes and cannot change the daemon's options.
# The routing rule that a killed charon leaves makes the next one log "unable to create ... routing table rule".

source [file join [file dirname [file normalize [info script]]] netns.tcl]
source [file join [file dirname [file normalize [info script]]] rooted.tcl]
source [file join [file dirname [file normalize [info script]]] strongswan-conf.tcl]

namespace eval ::dut::strongswan {
    variable packages {
        charon-systemd strongswan-swanctl libcharon-extra-plugins libstrongswan-extra-plugins libstrongswan-standard-plugins
    }
}

# Words of `needs` in cases. transport-mode, esn, tfc: kernel-libipsec has none of them, the kernel of a guest all. eap,
# ppk: strongSwan can, setups cannot say it yet.
proc ::dut::strongswan::claims {{options {}}} {
    set host {
        initiator yes  responder yes  psk yes  certificates yes  hash-and-url yes  raw-keys yes  null-auth no  eap no  config yes  ppk no
        esp yes  aead yes  pfs yes  tunnel-mode yes  transport-mode no  esn no  tfc no  ah no  ipcomp no  replay yes
        udp-encap-only yes  nat yes  nat-traversal yes  ipv6 yes  echo yes
        fragmentation yes  cookie yes  childless yes  mobike yes  liveness yes  initial-contact yes  window no
        rekey-on-demand yes  rekey-by-time yes  receive-delay yes  virtual-time no
        tcp no  intermediate no  multiple-ke no  resumption no  redirect no  ikev1 no
    }
    if {[field $options kernel host] ne "guest"} { return $host }
    dict merge $host {transport-mode yes  esn yes  tfc yes  udp-encap-only no}
}

# --- the daemon -----------------------------------------------------------------------------------------------------

# Where a program is. AppArmor's profiles for these two go by path and forbid our folders, so where they are
# loaded a copy runs.
proc ::dut::strongswan::find {name folder} {
    set path [lindex [auto_execok $name] 0]
    foreach dir {/usr/sbin /usr/local/sbin} {
        if {$path eq "" && [file executable $dir/$name]} { set path $dir/$name }
    }
    if {$path eq ""} {
        ::dut::fail LAB $name \
            "$name is missing: apt-get install charon-systemd strongswan-swanctl libcharon-extra-plugins"
    }
    if {![file exists /etc/apparmor.d/usr.sbin.$name] || ![confined]} { return $path }
    file copy -force $path $folder/$name
    return $folder/$name
}

# A program of the user's.
proc ::dut::strongswan::own {key path} {
    set path [file normalize $path]
    if {![file executable $path] || [file isdirectory $path]} { ::dut::fail CONFIG "option $key" "$key: $path is no program" }
    return $path
}

proc ::dut::strongswan::confined {} {
    string match Y* [::dut::read_file /sys/module/apparmor/parameters/enabled]
}

# (two fifths of what an exchange costs charon are its log)
proc ::dut::strongswan::brief {} { dict create log 0 }

proc ::dut::strongswan::prepare {options} {
    variable packages
    if {[field $options suite host] ne "host" || [field $options kernel host] eq "guest"} { ::rooted::tree $options $packages }
}

proc ::dut::strongswan::create {name options} {
    variable packages
    foreach key [dict keys $options] {
        if {$key ni {ns libipsec folder keep log suite kernel root charon swanctl}} {
            ::dut::fail CONFIG "option $key" "the driver strongswan has no option \"$key\""
        }
    }
    set lab [::netns::inside]
    set ns [expr {$lab eq {} ? "" : [dict get $lab device]}]
    set options [dict merge [list ns $ns libipsec 1 log 2 suite host kernel host] $options]
    set guest [expr {[dict get $options kernel] eq "guest"}]
    if {!$guest && [dict get $options kernel] ne "host"} {
        ::dut::fail CONFIG "option kernel" "kernel is host or guest, not \"[dict get $options kernel]\""
    }
    if {$guest} {
        dict set options libipsec 0
        if {[dict get $options suite] eq "host"} { dict set options suite bookworm }
    }
    set suite [dict get $options suite]
    if {[dict exists $options root] && $suite eq "host"} { set suite [dict set options suite trixie] }
    if {$suite ni {host bookworm trixie}} {
        ::dut::fail CONFIG "option suite" "suite is host, bookworm or trixie, not \"$suite\""
    }
    set dev [::dut::register strongswan $name $options]
    set folder [::dut::get $dev folder]
    if {[string length $folder/vici] > 100} {
        ::dut::unregister $dev
        ::dut::fail LAB folder "the folder's name is too long for a unix socket: $folder"
    }
    if {[catch {
        if {$suite eq "host"} {
            foreach {key program} {charon charon-systemd swanctl swanctl} {
                ::dut::put $dev $key [expr {[dict exists $options $key] ? [own $key [dict get $options $key]] : [find $program $folder]}]
            }
            ::dut::put $dev inside $folder
        } else {
            ::dut::put $dev root [::rooted::tree $options $packages]
            ::dut::put $dev charon /usr/sbin/charon-systemd
            ::dut::put $dev swanctl /usr/sbin/swanctl
            ::dut::put $dev inside /mnt
        }
        # swanctl complains about each of these that is missing
        foreach sub {x509 x509ca x509crl x509aa x509ac x509ocsp pubkey private rsa ecdsa bliss pkcs8 pkcs12} {
            file mkdir $folder/swanctl/$sub
        }
        if {$guest} { ::guest::create $dev }
    } why info]} {
        ::dut::unregister $dev
        return -options $info $why
    }
    ::dut::put $dev jobs {}
    ::dut::put $dev daemon {}
    ::dut::put $dev packages $packages
    ::dut::put $dev called charon-systemd
    ::dut::put $dev log_from 0
    ::dut::put $dev out_from 0
    return $dev
}

proc ::dut::strongswan::configure {dev setup} {
    set folder [::dut::get $dev folder]
    set daemon [daemon_conf $setup [list folder [::dut::get $dev inside] socket [socket $dev] \
        libipsec [::dut::get $dev libipsec] log [::dut::get $dev log]]]
    set connection [connection_conf $setup [::dut::get $dev libipsec]]
    ::dut::put $dev setup $setup
    ::dut::write_file $folder/strongswan.conf $daemon
    ::dut::write_file $folder/swanctl/swanctl.conf $connection
    # the last setup's would be loaded too
    file delete {*}[glob -nocomplain -directory $folder/swanctl x509/* x509ca/* pubkey/* private/*]
    foreach {file text} [credential_files $setup] { ::dut::write_file $folder/swanctl/$file $text }
    if {[running $dev]} { reset $dev }
    return
}

# Its control socket: none can be made in the folder of a guest.
proc ::dut::strongswan::socket {dev} {
    expr {[::rooted::guest $dev] ? "/run/vici" : "[::dut::get $dev inside]/vici"}
}

proc ::dut::strongswan::environment {dev} {
    set folder [::dut::get $dev inside]
    list env -u NOTIFY_SOCKET -u $::netns::marker -C $folder \
        STRONGSWAN_CONF=$folder/strongswan.conf SWANCTL_DIR=$folder/swanctl
}

# The command list that runs a command in the tree of the suite, if there is one.
proc ::dut::strongswan::in_root {dev command} {
    if {[::dut::get $dev suite] eq "host"} { return $command }
    ::root::enter [::dut::get $dev root] [::dut::get $dev folder] $command
}

proc ::dut::strongswan::enter {dev} {
    set ns [::dut::get $dev ns]
    expr {$ns eq "" ? {} : [list nsenter --net=/run/netns/$ns]}
}

proc ::dut::strongswan::running {dev} { ::rooted::running $dev }

proc ::dut::strongswan::start {dev} {
    if {[running $dev]} return
    ::dut::get $dev setup
    set folder [::dut::get $dev folder]
    file delete $folder/vici {*}[cores $dev]
    if {[::rooted::guest $dev]} { ::guest::up $dev }
    ::dut::put $dev log_from [size $dev log]
    ::dut::put $dev out_from [size $dev out]
    set command [concat [environment $dev] $::fault::sanitizers]
    if {[::rooted::guest $dev]} {
        ::guest::run $dev [list rm -f [socket $dev]]
        set daemon [::rooted::spawn $dev out [concat $command [list [::dut::get $dev charon]]]]
    } else {
        lappend command {*}[::process::long_up] {*}[::process::leash] {*}[::process::core] [::dut::get $dev charon]
        set daemon [::process::spawn [concat [enter $dev] [in_root $dev $command]] $folder/out]
    }
    ::dut::put $dev daemon $daemon
    ::process::until 5000 { [listens $dev] || ![running $dev] }
    if {![running $dev]} {
        ::dut::fail LAB start "charon-systemd ended at once: [last_lines [logs $dev] 3]"
    }
    if {![listens $dev]} {
        stop $dev
        ::dut::fail LAB start "charon-systemd opened no control socket: [last_lines [logs $dev] 3]"
    }
    # the socket exists a moment before it listens
    set loaded 0
    ::process::until 1000 { [set loaded [expr {![catch { ctl $dev --load-all --noprompt } why info]}]]
                            || ![string match {*Connection refused*} $why] }
    if {!$loaded} {
        stop $dev
        return -options $info $why
    }
    ::dut::put $dev log_from [size $dev log]    ;# the log of a case begins where the configuration is in place
    if {[dict get [options [::dut::get $dev setup]] cookie] eq "always"} { cookie_primer $dev }
    return
}

proc ::dut::strongswan::stop {dev} {
    halt $dev 2000
}

# The socket is there. In a guest asking takes a process, so that one of them waits.
proc ::dut::strongswan::listens {dev} {
    if {![::rooted::guest $dev]} { return [file exists [::dut::get $dev folder]/vici] }
    set script {for i in $(seq 50); do [ ! -S "$0" ] || exit 0; sleep 0.02; done; exit 1}
    expr {[lindex [::guest::run $dev [list sh -c $script [socket $dev]]] 0] == 0}
}

# Ends what we started and nothing else. SIGKILL (grace 0) sends nothing to the peer, SIGTERM sends deletes.
proc ::dut::strongswan::halt {dev grace_ms} {
    ::rooted::halt $dev $grace_ms
    file delete [::dut::get $dev folder]/vici
    return
}

proc ::dut::strongswan::reset {dev} {
    halt $dev 0
    start $dev
}

proc ::dut::strongswan::recover {dev} {
    ::rooted::recover $dev
    reset $dev
}

proc ::dut::strongswan::destroy {dev} { ::rooted::destroy $dev }

# --- its management -------------------------------------------------------------------------------------------------

proc ::dut::strongswan::swanctl {dev words} {
    set command [list {*}[environment $dev] [::dut::get $dev swanctl] {*}$words --uri unix://[socket $dev]]
    expr {[::dut::get $dev suite] eq "host" ? $command : [::rooted::beside $dev $command]}
}

# swanctl, waited for; its output.
proc ::dut::strongswan::ctl {dev args} {
    if {![running $dev]} { ::dut::fail DEAD daemon "charon-systemd does not run" }
    lassign [::rooted::ended $dev [swanctl $dev $args]] status text
    if {$status == 124} { ::dut::fail DEAD management "charon-systemd does not answer its control socket" }
    if {$status != 0} {
        set wrong [lsearch -all -inline -regexp [split $text "\n"] {failed: |unknown|invalid|error}]
        set why [expr {$wrong eq {} ? [last_lines $text 4] : [join $wrong { | }]}]
        ::dut::fail CONFIG [lindex $args 0] "swanctl [lindex $args 0]: $why"
    }
    return $text
}

# swanctl in the background; its end is seen by `jobs`.
proc ::dut::strongswan::ctl_later {dev verb args} {
    if {![running $dev]} { ::dut::fail DEAD daemon "charon-systemd does not run" }
    ::rooted::background $dev $verb [swanctl $dev $args]
}

proc ::dut::strongswan::jobs {dev} { ::rooted::jobs $dev {completed successfully\s*$} }

# The package's version, which tells a patched build from another; else what swanctl says about itself.
proc ::dut::strongswan::version {dev} {
    set number ""
    if {[::dut::get $dev suite] ne "host"} {
        set number [::rooted::package $dev charon-systemd]
    } elseif {![catch { exec dpkg-query -W -f {${Version}} charon-systemd 2>/dev/null } text]} {
        set number $text
    }
    if {$number eq ""} {
        catch { exec timeout -k 1 3 {*}[swanctl $dev --version] </dev/null 2>@1 } text
        if {![regexp {strongSwan (?:swanctl )?(\d\S*)} $text - number]} { set number "of unknown version" }
    }
    set kernel [expr {[::dut::get $dev libipsec] ? "kernel-libipsec" : [::rooted::guest $dev] ? "kernel of a guest" : "kernel-netlink"}]
    return "strongSwan $number (charon-systemd, $kernel)"
}

proc ::dut::strongswan::alive {dev} {
    expr {[running $dev] && ![catch { ctl $dev --stats }]}
}

proc ::dut::strongswan::logs {dev} {
    set text [::rooted::contents $dev log [::dut::get $dev log_from]]
    regsub -all -line {^\S+ \d+\[CFG\] vici client .*\n} $text "" text    ;# our own questions
    append text [::rooted::contents $dev out [::dut::get $dev out_from]]
    if {![::rooted::guest $dev] || [::guest::alive $dev]} { return $text }
    return "$text\nthe guest does not answer; its kernel:\n[::guest::words $dev]"
}

# --- how it fares ----------------------------------------------------------------------------------------------------

proc ::dut::strongswan::faults {dev} { ::rooted::faults $dev {log out} }

proc ::dut::strongswan::cores {dev} { ::rooted::cores $dev }

# `IKE_SAs: 2 total, 1 half-open`; the primer of cookie_primer is one of them.
proc ::dut::strongswan::vitals {dev} {
    set more {}
    regexp {IKE_SAs: (\d+) total, (\d+) half-open} [ctl $dev --stats] - all half
    if {[info exists half]} { set more [dict create half_open $half ike_sas $all] }
    ::rooted::vitals $dev $more
}

# --- exchanges ------------------------------------------------------------------------------------------------------

proc ::dut::strongswan::initiate {dev} {
    set setup [::dut::get $dev setup]
    if {[field $setup esp {}] eq "" || [dict get [options $setup] childless] in {yes force}} {
        return [ctl_later $dev initiate --initiate --ike t]
    }
    ctl_later $dev initiate --initiate --child c --ike t
}

proc ::dut::strongswan::new-child {dev} { ctl_later $dev new-child --initiate --child c2 --ike t }
proc ::dut::strongswan::rekey-ike {dev {spi ""}} {
    ctl_later $dev rekey-ike --rekey {*}[which_ike $dev $spi]
}
proc ::dut::strongswan::rekey-child {dev {spi ""}} {
    ctl_later $dev rekey-child --rekey {*}[which_child $dev $spi]
}
proc ::dut::strongswan::delete-ike {dev {spi ""}} {
    ctl_later $dev delete-ike --terminate {*}[which_ike $dev $spi]
}
proc ::dut::strongswan::delete-child {dev {spi ""}} {
    ctl_later $dev delete-child --terminate {*}[which_child $dev $spi]
}

proc ::dut::strongswan::which_ike {dev spi} {
    if {$spi eq ""} { return {--ike t} }
    foreach sa [show-sas $dev] {
        if {[string equal -nocase $spi [dict get $sa spi_i]]} { return [list --ike-id [dict get $sa id]] }
    }
    ::dut::fail DEAD spi "the device has no IKE SA $spi"
}

proc ::dut::strongswan::which_child {dev spi} {
    if {$spi eq ""} { return {--child c} }
    foreach sa [show-sas $dev] {
        foreach child [dict get $sa children] {
            if {[string tolower $spi] in [list [dict get $child spi_in] [dict get $child spi_out]]} {
                return [list --child-id [dict get $child id]]
            }
        }
    }
    ::dut::fail DEAD spi "the device has no child SA $spi"
}

proc ::dut::strongswan::show-sas {dev} {
    set sas {}
    foreach event [parse_pretty [ctl $dev --list-sas --pretty]] {
        dict for {name sa} $event {
            if {$name ne "t"} continue
            set children {}
            dict for {- child} [field $sa child-sas {}] {
                lappend children [dict create spi_in [field $child spi-in ""] spi_out [field $child spi-out ""] \
                    state [state [field $child state ""]] name [field $child name ""] id [field $child uniqueid ""] \
                    protocol [field $child protocol ""] mode [string tolower [field $child mode ""]] \
                    encap [field $child encap no] \
                    packets_in [field $child packets-in 0] packets_out [field $child packets-out 0] \
                    device_ts [field $child local-ts {}] tester_ts [field $child remote-ts {}]]
            }
            lappend sas [dict create spi_i [field $sa initiator-spi ""] spi_r [field $sa responder-spi ""] \
                state [state [field $sa state ""]] \
                role [expr {[field $sa initiator no] eq "yes" ? "initiator" : "responder"}] \
                children $children id [field $sa uniqueid ""] tester_id [field $sa remote-id ""] \
                tester_port [field $sa remote-port ""] device_port [field $sa local-port ""]]
        }
    }
    return $sas
}

# The contract's states from strongSwan's; rarer ones keep their name.
proc ::dut::strongswan::state {word} {
    set word [string tolower $word]
    expr {[dict exists {created connecting} $word] ? "connecting" : $word}
}

# `swanctl --list-sas --pretty` as a list of nested dicts; each line is "key = value", "key {", "key = [" or an end.
proc ::dut::strongswan::parse_pretty {text} {
    set events {}
    set path {}
    set tree {}
    set list ""
    foreach line [split $text "\n"] {
        set line [string trim $line]
        if {$list ne ""} {
            if {$line eq "\]"} { set list ""; continue }
            dict set tree {*}$path $list [concat [dict get $tree {*}$path $list] [list $line]]
        } elseif {[regexp {^list-sa event \{$} $line]} {
            set path {}
            set tree {}
        } elseif {[regexp {^(\S+) \{$} $line - key]} {
            lappend path $key
            dict set tree {*}$path {}
        } elseif {[regexp {^(\S+) = \[$} $line - list]} {
            dict set tree {*}$path $list {}
        } elseif {[regexp {^(\S+) = ?(.*)$} $line - key value]} {
            dict set tree {*}$path $key $value
        } elseif {$line eq "\}"} {
            if {$path eq {}} {
                if {$tree ne {}} { lappend events $tree }
                set tree {}
            } else {
                set path [lrange $path 0 end-1]
            }
        }
    }
    return $events
}

# --- helpers --------------------------------------------------------------------------------------------------------

# One half-open SA of the device with itself, which stays for the daemon's life: with cookie_threshold = 1 every
# other IKE_SA_INIT is then asked for a cookie. Sent over the device's loopback, so no capture of the lab sees it.
proc ::dut::strongswan::cookie_primer {dev} {
    set addr [dict get [::dut::get $dev setup] device addr]
    regsub -all {..} [binary encode hex [primer_message]] {\\x&} octets
    set script "exec 3>/dev/udp/$addr/500 && printf '$octets' >&3"
    if {[::rooted::guest $dev]} {
        lassign [::guest::run $dev [list bash -c $script]] failed why
    } else {
        set failed [catch { exec {*}[enter $dev] bash -c $script } why]
    }
    if {$failed} { ::dut::fail LAB cookie "the half-open SA cannot be made: $why" }
    if {![::process::until 1000 { [regexp {[1-9]\d* half-open} [ctl $dev --stats]] }]} {
        ::dut::fail LAB cookie "the half-open SA did not come up"
    }
}

# IKE_SA_INIT for AES-CBC-128, HMAC-SHA2-256, X25519 (any 32 octets are a public key there). No octet is 0x0a:
# bash would send what it has at the end of a line.
proc ::dut::strongswan::primer_message {} {
    set transforms [binary decode hex 0300000c0100000c800e00800300000802000005030000080300000c000000080400001f]
    set proposal [binary format ccScccca* 0 0 [expr {8 + [string length $transforms]}] 1 1 0 4 $transforms]
    set payloads [binary format ccSa* 34 0 [expr {4 + [string length $proposal]}] $proposal]
    append payloads [binary format ccSSSa32 40 0 40 31 0 [string repeat K 32]]
    append payloads [binary format ccSa32 0 0 36 [string repeat N 32]]
    return [binary format a8x8ccccIIa* primer-- 33 0x20 34 0x08 0 [expr {28 + [string length $payloads]}] $payloads]
}

proc ::dut::strongswan::size {dev file} {
    if {[::rooted::guest $dev]} { ::guest::flush $dev }
    set path [::dut::get $dev folder]/$file
    expr {[file exists $path] ? [file size $path] : 0}
}

proc ::dut::strongswan::last_lines {text count} {
    join [lrange [split [string trim $text] "\n"] end-[expr {$count - 1}] end] " | "
}

proc ::dut::strongswan::doctor {{options {}}} {
    variable packages
    set guest [expr {[field $options kernel host] eq "guest"}]
    set found [expr {$guest ? {} : [list [tun]]}]
    if {$guest || [field $options suite host] ne "host"} {
        return [concat $found [::rooted::doctor [dict merge {suite bookworm} $options] $packages]]
    }
    foreach {tool package} {charon-systemd charon-systemd swanctl strongswan-swanctl timeout coreutils bash bash} {
        if {[auto_execok $tool] eq "" && ![file executable /usr/sbin/$tool]} {
            lappend found [list bad "$tool is missing" "apt-get install $package"]
        } else {
            lappend found [list ok "$tool is there" ""]
        }
    }
    set plugin ipsec/plugins/libstrongswan-kernel-libipsec.so
    if {[glob -nocomplain /usr/lib/$plugin /usr/local/lib/$plugin] eq ""} {
        lappend found {bad "strongSwan's kernel-libipsec plugin is missing" "apt-get install libcharon-extra-plugins"}
    }
    set plugin ipsec/plugins/libstrongswan-curl.so
    if {[glob -nocomplain /usr/lib/$plugin /usr/local/lib/$plugin] eq ""} {
        lappend found {warn "strongSwan's curl plugin is missing: it looks no certificates up" "apt-get install libstrongswan-extra-plugins"}
    }
    if {[confined]} { lappend found {warn "AppArmor is on: copies of charon-systemd and swanctl run" ""} }
    if {[::process::leash] eq "env"} {
        lappend found {warn "setpriv is missing: a daemon may outlive a killed run" "apt-get install util-linux"}
    }
    return $found
}

# What kernel-libipsec takes its packets from.
proc ::dut::strongswan::tun {} {
    if {![catch { open /dev/net/tun r+ } f info]} {
        close $f
        return {ok "/dev/net/tun opens" ""}
    }
    list bad "/dev/net/tun: [lindex [dict get $info -errorcode] 2]" \
        "modprobe tun; mkdir -p /dev/net; mknod /dev/net/tun c 10 200; chmod 666 /dev/net/tun"
}
