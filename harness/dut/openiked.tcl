# openiked.tcl - driver: OpenIKED's iked as the device, in a Debian tree of its own (root.tcl): in a network namespace of this
# machine, IKE only, as nullipsec.so plays the kernel's PF_KEY; or in a guest (guest.tcl) with that. Either kernel makes it
# rekey or drop a Child SA when asked. In the namespace it needs root: iked gives up its rights to a user of its own.
#
# Options of `create`: ns folder keep kernel as in strongswan.tcl; suite bookworm (7.2) | trixie (7.4).
#
# iked has no command to rekey an IKE SA; it does so by time only.

source [file join [file dirname [file normalize [info script]]] rooted.tcl]
source [file join [file dirname [file normalize [info script]]] openiked-conf.tcl]

namespace eval ::dut::openiked {
    variable packages {openiked}
}

# Words of `needs` in cases. eap: iked can, setups cannot say it yet. raw-keys: with /etc/iked/pubkeys it asks for and
# shows encoding 11, the form before RFC 7670, and refuses a peer whose CERT has encoding 15 ("unsupported cert type 15").
proc ::dut::openiked::claims {{options {}}} {
    set host {
        initiator yes  responder yes  psk yes  certificates yes  hash-and-url no  raw-keys no  null-auth no  eap no  config yes  ppk no
        esp no  aead yes  pfs yes  tunnel-mode yes  transport-mode yes  esn yes  tfc no  ah no  ipcomp no  replay no
        udp-encap-only no  nat yes  nat-traversal yes  ipv6 yes  echo no
        fragmentation yes  cookie no  childless no  mobike yes  liveness no  initial-contact no  window no
        rekey-on-demand yes  rekey-by-time yes  receive-delay no  virtual-time no
        tcp no  intermediate no  multiple-ke no  resumption no  redirect no  ikev1 no
    }
    expr {[field $options kernel host] eq "guest" ? [dict merge $host {esp yes  echo yes  replay yes  tfc yes}] : $host}
}

proc ::dut::openiked::prepare {options} {
    variable packages
    ::rooted::tree $options $packages
}

# Its control socket: none can be made in the folder of a guest.
proc ::dut::openiked::socket {dev} { expr {[::rooted::guest $dev] ? "/run/sock" : "/mnt/sock"} }

proc ::dut::openiked::create {name options} {
    variable packages
    set dev [::rooted::create openiked $name $options $packages iked]
    if {[::rooted::guest $dev]} { return $dev }
    file delete [::dut::get $dev folder]/kernel
    if {[catch { exec mkfifo -m 600 [::dut::get $dev folder]/kernel } why]} {
        ::dut::unregister $dev
        ::dut::fail LAB mkfifo $why
    }
    return $dev
}

proc ::dut::openiked::adapt {dev setup} { adapted $setup }

proc ::dut::openiked::configure {dev setup} {
    set conf [iked_conf $setup]
    ::dut::put $dev setup $setup
    ::dut::write_file [::dut::get $dev folder]/iked.conf $conf
    credentials $dev [expr {[dict exists $setup credentials] ? [dict get $setup credentials] : {}}]
    file delete [::dut::get $dev folder]/died
    if {[::rooted::running $dev]} { reset $dev }
    return
}

# /etc/iked, where keys and certificates have fixed places, is a folder of the device's: the tree is everybody's.
proc ::dut::openiked::credentials {dev credentials} {
    set folder [::dut::get $dev folder]/iked
    if {$credentials eq {}} { file delete -force $folder; return }
    file mkdir {*}[lmap sub {ca certs crls private pubkeys} { file join $folder $sub }]
    foreach {file pem} [list ca/ca.crt [dict get $credentials ca] certs/device.crt [dict get $credentials device cert] \
                            private/local.key [dict get $credentials device key]] {
        ::dut::write_file $folder/$file $pem
    }
    if {[catch { exec openssl pkey -in $folder/private/local.key -pubout -out $folder/local.pub 2>@1 } why]} {
        ::dut::fail LAB openssl "the public key cannot be written (apt-get install openssl): [::rooted::last_lines $why 2]"
    }
    # its processes read them after they have given up root
    foreach path [concat $folder [glob $folder/* $folder/*/*]] {
        file attributes $path -permissions [expr {[file isdirectory $path] ? 0755 : 0644}]
    }
}

# The command list with the device's folder, if it has one, in the place of /etc/iked. (in a guest the last one may still be there)
proc ::dut::openiked::with_credentials {dev command} {
    set own [file isdirectory [::dut::get $dev folder]/iked]
    if {!$own && ![::rooted::guest $dev]} { return $command }
    set mount [expr {$own ? "mount --bind /mnt/iked /etc/iked && " : ""}]
    list sh -c "umount /etc/iked 2>/dev/null; ${mount}exec \"\$@\"" iked {*}$command
}

proc ::dut::openiked::start {dev} {
    if {[::rooted::running $dev]} return
    set folder [::dut::get $dev folder]
    set setup [::dut::get $dev setup]
    ::dut::write_file $folder/iked.conf [iked_conf $setup]
    file delete $folder/sock
    ::rooted::start $dev [with_credentials $dev [list iked -dvv -f /mnt/iked.conf -s [socket $dev] {*}[arguments $setup]]] \
        {NULLIPSEC_CONTROL=/mnt/kernel} {config_getstatic: no?cert_partial_chain|config_getstatic: no stickyaddress}
    if {[regexp -line {^/mnt/iked.conf: .*} [::rooted::contents $dev log] why] && ![string match *loaded* $why]} {
        stop $dev
        ::dut::fail CONFIG iked.conf "iked refused its configuration: $why"
    }
    if {![::process::until 2000 { ![catch { ctl $dev show sa }] }]} {
        stop $dev
        ::dut::fail LAB start "iked opened no control socket: [::rooted::last_lines [logs $dev] 3]"
    }
    ::dut::put $dev log_from [::rooted::log_size $dev]    ;# the log of a case begins where the configuration is in place
    return
}

proc ::dut::openiked::stop {dev} { ::rooted::halt $dev 2000 }

# SIGKILL: nothing is sent.
proc ::dut::openiked::reset {dev} {
    ::rooted::halt $dev 0
    start $dev
}

proc ::dut::openiked::recover {dev} {
    ::rooted::recover $dev
    reset $dev
}

proc ::dut::openiked::faults {dev} { ::rooted::faults $dev }
proc ::dut::openiked::cores {dev} { ::rooted::cores $dev }
proc ::dut::openiked::vitals {dev} { ::rooted::vitals $dev [::rooted::counts [show-sas $dev]] }

proc ::dut::openiked::destroy {dev} { ::rooted::destroy $dev }

proc ::dut::openiked::version {dev} {
    return "OpenIKED [::rooted::package $dev openiked] (iked, [expr {[::rooted::guest $dev] ? "kernel of a guest" : "nullipsec"}])"
}

proc ::dut::openiked::alive {dev} {
    expr {[::rooted::running $dev] && ![catch { ctl $dev show sa }]}
}

# Without the key, which iked prints when it reads its configuration.
proc ::dut::openiked::logs {dev} {
    regsub -all {psk 0x[0-9a-f]+} [::rooted::log $dev [::dut::get $dev log_from 0]] "psk (not shown)"
}

# --- exchanges ------------------------------------------------------------------------------------------------------

proc ::dut::openiked::ctl {dev args} {
    lassign [::rooted::ask $dev [list ikectl -s [socket $dev] {*}$args]] status text
    if {$status} { ::dut::fail DEAD management "ikectl [join $args]: [::rooted::last_lines $text 2]" }
    return $text
}

# A verb that was carried out at once: a job that has its end in the state of the SAs.
proc ::dut::openiked::done {dev verb until} {
    ::rooted::add_job $dev [dict create verb $verb process {} output "" until $until from [::rooted::log_size $dev]]
}

# UNTIL of a job: what its log says in the end; GAVE-UP: what it says in vain.
proc ::dut::openiked::jobs {dev} {
    lmap job [::dut::get $dev jobs] {
        set text [::rooted::contents $dev log [dict get $job from]]
        set state [expr {[regexp [dict get $job until] $text] ? "ok"
            : [regexp -nocase {sa_free.*(failed|timeout|no proposal)|AUTHENTICATION_FAILED|retransmit limit|NO_PROPOSAL_CHOSEN} $text] ? "failed"
            : "running"}]
        dict create verb [dict get $job verb] state $state text [string range $text end-400 end]
    }
}

# There is no command for it: the policy becomes an active one.
proc ::dut::openiked::initiate {dev} {
    if {![::rooted::running $dev]} { ::dut::fail DEAD daemon "iked does not run" }
    ::dut::write_file [::dut::get $dev folder]/iked.conf [iked_conf [::dut::get $dev setup] 1]
    done $dev initiate {established peer}
    ctl $dev reload
    return
}

proc ::dut::openiked::delete-ike {dev {spi ""}} {
    if {[llength [show-sas $dev]] > 1} { ::dut::fail UNSUPPORTED spi "iked deletes all IKE SAs of a peer, not one" }
    done $dev delete-ike {sa_free|ikev2_ikesa_delete}
    lassign [dict get [::dut::get $dev setup] tester id] type value
    ctl $dev reset id [dict get {FQDN FQDN RFC822_ADDR UFQDN IPV4_ADDR IPV4 IPV6_ADDR IPV6} $type]/$value
    return
}

proc ::dut::openiked::rekey-child {dev {spi ""}} { kernel $dev rekey-child expire $spi {loaded CHILD SA|CHILD_SA} }
proc ::dut::openiked::delete-child {dev {spi ""}} { kernel $dev delete-child drop $spi {deleted} }

# What the kernel says when a lifetime is over. (What iked answered a moment ago it may still have to load.)
proc ::dut::openiked::kernel {dev verb word spi until} {
    ::process::until 1000 { [set child [installed $dev $spi]] ne "" }
    if {$child eq ""} { ::dut::fail DEAD spi "the device has no child SA $spi" }
    done $dev $verb $until
    if {[::rooted::guest $dev]} {
        set addr [dict get [::dut::get $dev setup] device addr]
        return [::guest::expire $dev [dict get $child spi_in] $addr [expr {$word eq "drop"}]]
    }
    set f [open [::dut::get $dev folder]/kernel {WRONLY NONBLOCK}]
    puts $f "$word [dict get $child spi_in]"
    close $f
    return
}

# A Child SA by one of its SPIs, or any; empty: there is none.
proc ::dut::openiked::installed {dev spi} {
    foreach sa [show-sas $dev] {
        foreach child [dict get $sa children] {
            if {[dict get $child state] ne "installed"} continue
            if {$spi eq "" || [string tolower $spi] in [list [dict get $child spi_in] [dict get $child spi_out]]} { return $child }
        }
    }
    return ""
}

proc ::dut::openiked::show-sas {dev} { parse_sas [ctl $dev show sa] }

# --- what it prints -------------------------------------------------------------------------------------------------

# `ikectl show sa`: a line per IKE SA, under it one per direction of its Child SAs, which name each other by P=.
proc ::dut::openiked::parse_sas {text} {
    set sas {}
    set halves [dict create]
    foreach line [split $text "\n"] {
        if {[regexp {^iked_sas: (\S+) rspi 0x([0-9a-f]+) ispi 0x([0-9a-f]+) .*\] (\w+) ([ir])\M} $line - id r i state role]} {
            lappend sas [dict create spi_i [format %016s $i] spi_r [format %016s $r] state [ike_state $state] \
                role [expr {$role eq "i" ? "initiator" : "responder"}] children {} id $id]
        } elseif {[regexp {^  sa_childsas: (\S+) ESP 0x([0-9a-f]+) (in|out) .*\(([A-Z]*)\) B=\S+ P=(\S+) @(\S+)} $line \
                       - id spi dir flags other owner]} {
            dict set halves $id [list [format %08s $spi] $dir $flags $other $owner]
        }
    }
    return [lmap sa $sas {
        set owner [dict get $sa id]
        dict for {id half} $halves {
            lassign $half spi dir flags other at
            if {$dir ne "in" || $at ne $owner} continue
            set out [if {[dict exists $halves $other]} { lindex [dict get $halves $other] 0 }]
            set state [expr {[string match *R* $flags] ? "rekeyed" : [string match *L* $flags] ? "installed" : "installing"}]
            dict lappend sa children [dict create spi_in $spi spi_out $out state $state]
        }
        set sa
    }]
}

proc ::dut::openiked::ike_state {state} {
    switch -- $state {
        ESTABLISHED { return established }
        CLOSING - CLOSED { return deleting }
    }
    return connecting
}

proc ::dut::openiked::doctor {{options {}}} {
    variable packages
    concat [::rooted::doctor $options $packages] \
        [expr {[::state::real] || [field $options kernel host] eq "guest" ? {} : {{bad "iked gives up its rights to another user, which only root can" "run as root"}}}]
}
