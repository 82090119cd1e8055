# setups.tcl - named neutral device configurations (cases/setups/*.tcl), and how they become the tester's and the
# built-in device's connections. Drivers write the same dict in their device's own language.
#
#   setup NAME { title {..} device {addr .. id {..}} tester {addr .. id {..}} psk .. ike {{..}} esp {{..}}
#                device_ts {..} tester_ts {..} mode tunnel options {..} }       like NAME: copy, then change
# auth: how each end proves itself (dut.tcl). `get` then adds `credentials`, each in PEM (pki.tcl); an end without proof
# has no name either.

namespace eval ::setups {
    variable all [dict create]
    variable keys {like title device tester auth psk psk-hex ike esp device_ts tester_ts mode child2 options}
    variable option_keys {
        cookie fragmentation fragment-size window ike-rekey child-rekey dpd retransmit childless nonce-length
        force-natt half-open-timeout replay-window psk-device initial-contact max-half-open ike-offer-rekey
        receive-delay delete-delay mobike nat-keepalive remote-any vendor-id half-open-limit pool asks ask-for
        gives any-id tfc dummies sequence-start child-rekey-octets lookup
    }
}

proc ::setups::load {dir} {
    variable all
    set all [dict create]
    foreach file [lsort [glob -nocomplain -directory $dir *.tcl]] { load_text [::parse::read_file $file] $file }
    return [dict size $all]
}

proc ::setups::load_text {text file} {
    variable all
    variable keys
    variable option_keys
    foreach command [::parse::commands $text $file] {
        lassign [lindex $command 0] word - line col
        if {$word ne "setup" || [llength $command] != 3} {
            ::parse::fail $file $line $col {should be: setup NAME {key value ...}}
        }
        set name [lindex $command 1 0]
        set d [dict create name $name title "" mode tunnel options {}]
        foreach {k v} [::parse::words [lindex $command 2 0] $file {*}[lrange [lindex $command 2] 2 3]] {
            lassign $k key - kl kc
            if {$key ni $keys} { ::parse::fail $file $kl $kc [::parse::unknown key $key $keys] }
            if {$key eq "like"} {
                if {![exists [lindex $v 0]]} { ::parse::fail $file {*}[lrange $v 2 3] [::parse::unknown setup [lindex $v 0] [names]] }
                set d [dict merge [dict get $all [lindex $v 0]] [dict create name $name]]
            } elseif {$key eq "options"} {
                foreach {o x} [lindex $v 0] {
                    if {$o ni $option_keys} { ::parse::fail $file {*}[lrange $v 2 3] [::parse::unknown option $o $option_keys] }
                }
                dict set d options [dict merge [dict get $d options] [lindex $v 0]]
            } else {
                dict set d $key [lindex $v 0]
            }
        }
        dict set all $name $d
    }
}

proc ::setups::names {} { variable all; dict keys $all }
proc ::setups::exists {name} { variable all; dict exists $all $name }

# A case's setup, {NAME option value ...}, as the neutral dict; lab holds addresses and selectors of the lab
# that replace those of the file.
proc ::setups::get {spec {lab {}}} {
    variable all
    variable option_keys
    set options [lassign $spec name]
    if {![exists $name]} { throw {IKESPEC USAGE} [::parse::unknown setup $name [names]] }
    set d [dict get $all $name]
    foreach {k v} $options {
        if {$k in {auth psk psk-hex ike esp device_ts tester_ts mode child2}} { dict set d $k $v; continue }
        if {$k ni $option_keys} { throw {IKESPEC USAGE} [::parse::unknown option $k $option_keys] }
        dict set d options $k $v
    }
    if {[dict exists $lab device-address]} { dict set d device addr [dict get $lab device-address] }
    if {[dict exists $lab tester-address]} { dict set d tester addr [dict get $lab tester-address] }
    foreach key {device_ts tester_ts} { if {[dict exists $lab $key]} { dict set d $key [dict get $lab $key] } }
    set kinds {}
    dict for {end proof} [::dut::proofs $d] {
        lassign $proof method kind
        if {$method eq "null"} { dict set d $end id {NULL} }
        if {$kind ne ""} { dict set kinds $end $kind }
    }
    if {$kinds ne {}} { dict set d credentials [::pki::credentials $kinds] }
    return $d
}

proc ::setups::option {setup key {default ""}} {
    if {[dict exists $setup options $key]} { return [dict get $setup options $key] }
    return $default
}

# A setup's octets are 0x.. (dut.tcl), the engine's hex:..
proc ::setups::identity {id} { list {*}[lreplace $id 1 end] {*}[lmap text [lrange $id 1 end] { regsub {^0x} $text hex: }] }

# The connection of one end (tester or device) as ::ike::peer conn takes it.
proc ::setups::conn {setup end} {
    set other [expr {$end eq "tester" ? "device" : "tester"}]
    set c [dict create name t local [dict get $setup $end addr] remote [dict get $setup $other addr] \
               id_local [identity [dict get $setup $end id]] id_remote [identity [dict get $setup $other id]] \
               psk [dict get $setup psk] ike [dict get $setup ike] esp [dict get $setup esp] \
               ts_local [dict get $setup ${end}_ts] ts_remote [dict get $setup ${other}_ts]]
    if {[dict exists $setup psk-hex]} {
        dict unset c psk
        dict set c psk_hex [regsub {^0x} [dict get $setup psk-hex] ""]
    }
    set proofs [::dut::proofs $setup]
    if {![string match *psk* $proofs]} {
        dict unset c psk
        dict unset c psk_hex
    }
    # a time of its own, so that nothing depends on the day of the run
    if {[string match *cert* $proofs]} { dict set c cert_time 1700000000 }
    foreach who {own others} of [list $end $other] {
        set k [expr {[dict exists $setup credentials $of] ? [dict get $setup credentials $of] : {}}]
        set c [dict merge $c [switch -- $who,[lindex [dict get $proofs $of] 0] {
            own,cert { dict create certs [list [dict get $k cert]] key [dict get $k key] }
            own,raw { dict create raw_key 1 key [dict get $k key] }
            own,null { dict create null_local 1 }
            others,cert { dict create anchors [list [dict get $setup credentials ca]] }
            others,raw { dict create peer_keys [list [dict get $k public]] }
            others,null { dict create null_remote 1 }
        }]]
    }
    if {[dict get $setup mode] eq "transport"} { dict set c transport 1 }
    foreach {option key} {
        fragment-size fragment_size window window nonce-length nonce_len half-open-timeout half_open_s
        replay-window replay_window ike-offer-rekey ike_rekey
    } {
        set v [option $setup $option]
        if {$v ne ""} { dict set c $key $v }
    }
    foreach {option key} {fragmentation fragmentation childless childless force-natt force_natt initial-contact initial_contact} {
        set v [option $setup $option]
        if {$v ne ""} { dict set c $key [expr {$v in {yes 1 true force always accept replace}}] }
    }
    # pool: the device leases from it and the tester asks; asks: the device asks, and needs what it asks for, the tester leases
    # from that range. gives {ATTRIBUTE VALUE ...}: what whoever leases says besides
    set giver [expr {[option $setup asks] ne "" ? "tester" : "device"}]
    set range [option $setup [expr {$giver eq "tester" ? "asks" : "pool"}]]
    if {$range ne ""} {
        if {$end eq $giver} {
            dict set c pool $range
            dict set c cfg_give [option $setup gives]
        } else {
            dict set c cfg_ask [option $setup ask-for INTERNAL_IP4_ADDRESS]
            dict set c cfg_required [expr {$end eq "device"}]
        }
    }
    # lookup: certificates by hash and URL; web is where they are (case.tcl). The tester says so itself, case by case
    if {$end eq "device" && [option $setup lookup no] eq "yes"} {
        dict set c http_cert_lookup 1
        if {[dict exists $setup web] && [dict exists $c certs]} {
            dict set c cert_urls [lmap cert [dict get $c certs] { string cat [dict get $setup web] [::ike::pki sha1 [::ike::pki der $cert]] }]
        }
    }
    if {$end eq "device"} {
        # the tester never acts on its own: its rekeys and checks are a case's to start
        foreach {option key} {
            ike-rekey ike_rekey_s child-rekey child_rekey_s dpd dpd_s tfc esp_tfc dummies esp_dummies sequence-start esp_start
            child-rekey-octets child_rekey_octets
        } {
            set v [option $setup $option 0]
            if {$v} { dict set c $key $v }
        }
        dict set c echo 1
        dict set c check_hints 1
        dict set c keepalive_s 20
        if {[option $setup psk-device] ne ""} {
            dict unset c psk_hex
            dict set c psk [option $setup psk-device]
        }
        if {[option $setup remote-any no] eq "yes"} { dict set c remote "" }
        if {[option $setup any-id no] eq "yes"} { dict set c id_remote any }
        lassign [option $setup retransmit {500 2 5}] ms base tries
        dict set c retransmit_ms [expr {int($ms)}]
        if {$tries ne ""} { dict set c retransmit_tries $tries }
    }
    return $c
}
