# libreswan.tcl - driver: libreswan's pluto as the device, in a Debian tree of its own (root.tcl): in a network namespace of
# this machine, IKE only, as nullipsec.so acknowledges its SAs and no ESP packet is processed; or in a guest (guest.tcl) whose
# kernel processes them. Needs root, or a user namespace and a tree that is there.
#
# Options of `create`: ns folder keep kernel as in strongswan.tcl; suite bookworm (4.10) | trixie (5.2).

source [file join [file dirname [file normalize [info script]]] rooted.tcl]
source [file join [file dirname [file normalize [info script]]] libreswan-conf.tcl]

namespace eval ::dut::libreswan {
    variable packages {libreswan}
}

# Words of `needs` in cases. eap, ppk, tcp, intermediate, resumption: pluto can, setups cannot say
# it yet.
proc ::dut::libreswan::claims {{options {}}} {
    set host {
        initiator yes  responder yes  psk yes  certificates yes  hash-and-url no  raw-keys yes  null-auth yes  eap no  config yes  ppk no
        esp no  aead yes  pfs yes  tunnel-mode yes  transport-mode yes  esn yes  tfc no  ah no  ipcomp no  replay no
        udp-encap-only no  nat yes  nat-traversal yes  ipv6 yes  echo no
        fragmentation yes  cookie yes  childless yes  mobike yes  liveness yes  initial-contact yes  window no
        rekey-on-demand yes  rekey-by-time yes  receive-delay no  virtual-time no
        tcp no  intermediate no  multiple-ke no  resumption no  redirect no  ikev1 no
    }
    expr {[field $options kernel host] eq "guest" ? [dict merge $host {esp yes  echo yes  replay yes  tfc yes}] : $host}
}

proc ::dut::libreswan::prepare {options} {
    variable packages
    ::rooted::tree $options $packages
}

# Where its control socket is: none can be made in the folder of a guest.
proc ::dut::libreswan::rundir {dev} { expr {[::rooted::guest $dev] ? "/run/pluto" : "/mnt/run"} }

proc ::dut::libreswan::create {name options} {
    variable packages
    set dev [::rooted::create libreswan $name $options $packages pluto]
    set folder [::dut::get $dev folder]
    if {[catch {
        file mkdir $folder/ipsec.d
        key_store $dev {}
    } why info]} {
        ::dut::unregister $dev
        return -options $info $why
    }
    return $dev
}

# pluto's keys and certificates live in a database of NSS; it is made anew when they are others.
proc ::dut::libreswan::key_store {dev credentials} {
    set folder [::dut::get $dev folder]
    if {[::dut::get $dev stored -] eq $credentials} return
    file delete -force $folder/nss
    file mkdir $folder/nss
    ::rooted::once $dev {ipsec initnss --nssdir /mnt/nss}
    ::dut::put $dev stored $credentials
    if {$credentials eq {}} return
    if {[dict exists $credentials ca]} {
        ::dut::write_file $folder/ca.pem [dict get $credentials ca]
        ::rooted::once $dev {certutil -A -n lab-ca -t CT,, -d sql:/mnt/nss -i /mnt/ca.pem}
    }
    if {![dict exists $credentials device]} return
    # (a raw key too comes into the database in a certificate)
    foreach part {cert key} { ::dut::write_file $folder/device.$part [dict get $credentials device $part] }
    if {[catch {
        exec openssl pkcs12 -export -name device -in $folder/device.cert -inkey $folder/device.key -out $folder/device.p12 \
            -passout pass:ikespec 2>@1
    } why]} {
        ::dut::fail LAB openssl "a PKCS #12 file cannot be made (apt-get install openssl): [::rooted::last_lines $why 2]"
    }
    ::rooted::once $dev {pk12util -i /mnt/device.p12 -d sql:/mnt/nss -W ikespec -K {}}
    file delete $folder/device.p12 $folder/device.key
}

proc ::dut::libreswan::configure {dev setup} {
    set folder [::dut::get $dev folder]
    set suite [::dut::get $dev suite]
    set conf [ipsec_conf $setup $suite]
    set secrets [secrets_conf $setup]
    if {[keys $setup] ne {}} { key_store $dev [keys $setup] }
    ::dut::put $dev setup $setup
    ::dut::write_file $folder/ipsec.conf $conf
    ::dut::write_file $folder/secrets $secrets
    file delete [::dut::get $dev folder]/died
    if {[::rooted::running $dev]} { reset $dev }
    return
}

proc ::dut::libreswan::start {dev} {
    if {[::rooted::running $dev]} return
    set setup [::dut::get $dev setup]
    set folder [::dut::get $dev folder]
    # a killed pluto's pid file would stop the next one
    if {[::rooted::guest $dev]} {
        ::guest::up $dev
        ::guest::run $dev {sh -c {rm -rf /run/pluto; mkdir /run/pluto}}
    } else {
        file delete -force $folder/run
        file mkdir $folder/run
    }
    ::rooted::start $dev [list /usr/libexec/ipsec/pluto --nofork --config /mnt/ipsec.conf --rundir [rundir $dev] --nssdir /mnt/nss \
        --secretsfile /mnt/secrets --ipsecdir /mnt/ipsec.d --stderrlog --no-dnssec {*}[arguments $setup [::dut::get $dev suite]]] \
        {} {loading secrets from}
    set said [::rooted::contents $dev log]
    if {![regexp {"t": added} $said]} {
        set why [lsearch -all -inline -regexp [split $said "\n"] {^(?!\|).*("t"|ERROR|error|cannot|addconn)}]
        stop $dev
        ::dut::fail CONFIG connection "pluto refused the connection: [join [lrange $why 0 3] { | }]"
    }
    ::dut::put $dev log_from [::rooted::log_size $dev]    ;# the log of a case begins where the configuration is in place
    return
}

proc ::dut::libreswan::stop {dev} { ::rooted::halt $dev 2000 }

# SIGKILL: nothing is sent.
proc ::dut::libreswan::reset {dev} {
    ::rooted::halt $dev 0
    start $dev
}

proc ::dut::libreswan::recover {dev} {
    ::rooted::recover $dev
    reset $dev
}

proc ::dut::libreswan::faults {dev} { ::rooted::faults $dev }
proc ::dut::libreswan::cores {dev} { ::rooted::cores $dev }
proc ::dut::libreswan::vitals {dev} { ::rooted::vitals $dev [::rooted::counts [show-sas $dev]] }

proc ::dut::libreswan::destroy {dev} { ::rooted::destroy $dev }

proc ::dut::libreswan::version {dev} {
    return "libreswan [::rooted::package $dev libreswan] (pluto, [expr {[::rooted::guest $dev] ? "kernel of a guest" : "nullipsec"}])"
}

proc ::dut::libreswan::alive {dev} {
    expr {[::rooted::running $dev] && ![catch { whack $dev --briefstatus }]}
}

# Without the debug lines, which stay in the file.
proc ::dut::libreswan::logs {dev} {
    regsub -all -line {^\|.*\n} [::rooted::log $dev [::dut::get $dev log_from 0]] "" text
    return $text
}

# --- exchanges ------------------------------------------------------------------------------------------------------

proc ::dut::libreswan::whack {dev args} {
    lindex [::rooted::ask $dev [list /usr/libexec/ipsec/whack --rundir [rundir $dev] {*}$args]] 1
}

proc ::dut::libreswan::whack_later {dev verb args} {
    ::rooted::later $dev $verb [list /usr/libexec/ipsec/whack --rundir [rundir $dev] {*}$args]
}

# whack's exit status does not tell how it went.
proc ::dut::libreswan::jobs {dev} {
    ::rooted::jobs $dev {established|initiator rekeyed|deleting|to delete|terminating|triggered|received Delete}
}

proc ::dut::libreswan::initiate {dev} {
    if {[dict get [options [::dut::get $dev setup]] childless] eq "yes"} {
        ::dut::fail UNSUPPORTED initiate "pluto does not initiate without a Child SA"
    }
    whack_later $dev initiate --initiate --name t
}

proc ::dut::libreswan::new-child {dev} {
    if {![dict exists [::dut::get $dev setup] child2]} {
        ::dut::fail UNSUPPORTED new-child "pluto makes no second Child SA with the selectors of the first"
    }
    whack_later $dev new-child --initiate --name t2
}

proc ::dut::libreswan::rekey-ike {dev {spi ""}} { rekey $dev rekey-ike rekey-ike [which_ike $dev $spi] }
proc ::dut::libreswan::rekey-child {dev {spi ""}} {
    rekey $dev rekey-child [expr {[::dut::get $dev suite] eq "bookworm" ? "rekey-ipsec" : "rekey-child"}] [which_child $dev $spi]
}
proc ::dut::libreswan::delete-ike {dev {spi ""}} {
    whack_later $dev delete-ike --deletestate [lindex [which_ike $dev $spi] 0]
}
proc ::dut::libreswan::delete-child {dev {spi ""}} {
    whack_later $dev delete-child --deletestate [lindex [which_child $dev $spi] 0]
}

# whack names a connection, whose newest SA is meant; an older one is rekeyed by the event of its timer.
proc ::dut::libreswan::rekey {dev verb word which} {
    lassign $which number name newest
    if {$newest} { return [whack_later $dev $verb --$word --name $name] }
    set event [expr {[::dut::get $dev suite] eq "bookworm" ? "event-v2-rekey" : "trigger_v2_rekey"}]
    whack_later $dev $verb --impair $event:$number
}

# {NUMBER CONNECTION NEWEST} of an SA; without an SPI the newest one.
proc ::dut::libreswan::which_ike {dev spi} {
    set sas [lmap sa [show-sas $dev] { if {[dict get $sa state] ne "established"} continue; set sa }]
    set newest [lindex $sas end]
    foreach sa $sas {
        # an SPI that the log has not told yet can only belong to the newest
        if {$spi eq "" || [dict get $sa spi_i] eq ""} continue
        if {[string equal -nocase $spi [dict get $sa spi_i]]} {
            return [list [dict get $sa id] [dict get $sa name] [expr {[dict get $sa id] == [dict get $newest id]}]]
        }
    }
    if {$newest eq "" || ($spi ne "" && [dict get $newest spi_i] ne "")} { ::dut::fail DEAD spi "the device has no IKE SA $spi" }
    list [dict get $newest id] [dict get $newest name] 1
}

proc ::dut::libreswan::which_child {dev spi} {
    set children [lmap child [concat {*}[lmap sa [show-sas $dev] { dict get $sa children }]] {
        if {[dict get $child state] ne "installed"} continue
        set child
    }]
    set newest [lindex $children end]
    foreach child $children {
        if {$spi eq "" || [string tolower $spi] in [list [dict get $child spi_in] [dict get $child spi_out]]} {
            return [list [dict get $child id] [dict get $child name] [expr {[dict get $child id] == [dict get $newest id]}]]
        }
    }
    ::dut::fail DEAD spi "the device has no child SA $spi"
}

proc ::dut::libreswan::show-sas {dev} {
    set states [whack $dev --showstates]
    parse_states $states [learnt $dev]
}

# The facts of the debug log so far.
proc ::dut::libreswan::learnt {dev} { lindex [::rooted::follow $dev log learnt ::dut::libreswan::facts] 0 }

# --- what it prints -------------------------------------------------------------------------------------------------

# `whack --showstates`, and for what that leaves out the debug log.
proc ::dut::libreswan::parse_states {text facts} {
    lassign $facts spis initiators
    set ikes [dict create]
    set children [dict create]
    foreach line [split $text "\n"] {
        regsub {^000 } $line "" line
        if {[regexp {^#(\d+): "([^"]+)"\S*(?: [0-9a-f.:]+)? ([A-Z]\w+) \(([^)]*)\)(.*)$} $line - id name state what rest]} {
            set state [regsub {^STATE_} $state ""]
            if {[regexp {IKE SA #(\d+);} $rest - owner] || [regexp {CHILD|IPSEC} $state]} {
                if {![info exists owner]} { set owner 0 }
                dict set children $id [dict create owner $owner spi_in "" spi_out "" state [child_state $state] name $name id $id]
                unset -nocomplain owner
                continue
            }
            lassign [expr {[dict exists $spis $id] ? [dict get $spis $id] : {{} {}}}] spi_i spi_r
            dict set ikes $id [dict create spi_i $spi_i spi_r $spi_r state [ike_state $state] \
                role [expr {$id in $initiators ? "initiator" : "responder"}] children {} id $id name $name]
        } elseif {[regexp {^#(\d+): "[^"]+"\S*(?: [0-9a-f.:]+)? esp\.([0-9a-f]+)@\S+ esp\.([0-9a-f]+)@} $line - id out in] && [dict exists $children $id]} {
            dict set children $id spi_in [format %08s $in]
            dict set children $id spi_out [format %08s $out]
        }
    }
    dict for {id child} $children {
        set owner [dict get $child owner]
        if {![dict exists $ikes $owner]} continue
        dict with ikes $owner { lappend children [dict remove $child owner] }
    }
    dict values $ikes
}

# From what is KNOWN and further whole lines of the debug log: IKE SPIs by number of the state, and the states that the device
# began.
proc ::dut::libreswan::facts {known text} {
    lassign $known spis initiators i r
    # (one line in seventy may tell one; to look at each by all five patterns takes eight times as long)
    foreach line [regexp -all -inline -line {^.*(?:(?:initiator|responder) SPI: |found IKEv2 state #|ike_spis@| initiating |sent IKE_SA_INIT).*$} $text] {
        if {[regexp {initiator SPI: ([0-9a-f ]+)} $line - digits]} {
            set i [string map {{ } {}} $digits]
        } elseif {[regexp {responder SPI: ([0-9a-f ]+)} $line - digits]} {
            set r [string map {{ } {}} $digits]
        } elseif {[regexp {found IKEv2 state #(\d+) .*\(find_v2_ike_sa\)} $line - id]} {
            dict set spis $id [list $i $r]
        } elseif {[regexp {ike_spis@\S+ "[^"]+"\S* #(\d+): ([0-9a-f ]+) added} $line - id digits]} {
            set digits [string map {{ } {}} $digits]
            dict set spis $id [list [string range $digits 0 15] [string range $digits 16 31]]
        } elseif {[regexp {#(\d+): (initiating IKEv2|initiating rekey to replace IKE|sent IKE_SA_INIT request)} $line - id]} {
            lappend initiators $id
        }
    }
    list $spis $initiators $i $r
}

proc ::dut::libreswan::ike_state {state} {
    switch -glob -- $state {
        *ESTABLISHED_IKE* { return established }
        *DEL* - *ZOMBIE* { return deleting }
        default { return connecting }
    }
}

proc ::dut::libreswan::child_state {state} {
    switch -glob -- $state {
        *ESTABLISHED_CHILD* { return installed }
        *DEL* - *ZOMBIE* { return deleting }
        default { return installing }
    }
}

proc ::dut::libreswan::doctor {{options {}}} {
    variable packages
    concat [::rooted::doctor $options $packages] \
        [expr {[::process::leash] eq "env" ? {{warn "setpriv is missing: a daemon may outlive a killed run" "apt-get install util-linux"}} : {}}]
}
