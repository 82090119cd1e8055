# self.tcl - the built-in device: our own engine as peer "dut" of the current world. It needs nothing outside the
# process; `start` puts it into whatever world is there, so every case has a fresh one.

namespace eval ::dut::self {
    variable setup {}
    variable records 0    ;# 1: what it sends and receives is kept; bent devices look at it
}

# needs: what a case may ask for under `needs`
proc ::dut::self::claims {} {
    dict create initiator yes responder yes psk yes esp yes aead yes pfs yes esn yes tfc yes replay yes tunnel-mode yes \
        transport-mode yes childless no cookie yes fragmentation yes window yes nat-traversal yes rekey-on-demand yes \
        rekey-by-time yes liveness yes initial-contact yes nat yes ipv6 yes echo yes virtual-time yes config yes certificates yes hash-and-url yes raw-keys yes null-auth yes eap no mobike no ppk no ah no ipcomp no tcp no \
        intermediate no multiple-ke no resumption no redirect no ikev1 no
}

proc ::dut::self::version {dev} { return "ikespec $::ikespec::version" }

# No folder, no process: only the name is kept.
proc ::dut::self::create {name options} {
    set dev self#[incr ::dut::serial]
    set ::dut::device($dev) [dict merge $options [dict create driver self name $name folder "" keep 1]]
    return $dev
}

proc ::dut::self::destroy {dev} { unset ::dut::device($dev) }

proc ::dut::self::configure {dev neutral} {
    variable setup $neutral
}

proc ::dut::self::start {dev} {
    variable setup
    foreach option {receive-delay delete-delay mobike nat-keepalive vendor-id half-open-limit} {
        if {[::setups::option $setup $option no] ni {no 0 ""}} {
            ::dut::fail UNSUPPORTED "option $option" "the built-in device has no option \"$option\""
        }
    }
    set more {}
    foreach option {cookie max-half-open} {
        set v [::setups::option $setup $option]
        if {$v ne ""} { lappend more -$option $v }
    }
    if {![dict exists $more -cookie]} { lappend more -cookie never }
    variable records
    ::ike::peer new dut -seed dut -records $records {*}$more
    ::ike::peer conn dut [::setups::conn $setup device]
    ::ike::peer lookup dut ::web::look
}

proc ::dut::self::stop {dev} {}
proc ::dut::self::alive {dev} { return 1 }
proc ::dut::self::recover {dev} {}
proc ::dut::self::reset {dev} {}
proc ::dut::self::logs {dev} { return "" }
proc ::dut::self::jobs {dev} { return {} }
proc ::dut::self::doctor {} { return {{ok "the built-in device needs nothing" ""}} }

proc ::dut::self::show-sas {dev} {
    set out {}
    foreach i [::ike::peer sas dut] {
        if {[::rx::field $i dead 0]} continue
        set children [lmap c [dict get $i children] {
            dict create spi_in [dict get $c spi_in] spi_out [dict get $c spi_out] \
                state [expr {[dict get $c live] ? "installed" : "rekeyed"}]
        }]
        lappend out [dict create spi_i [dict get $i spi_i] spi_r [dict get $i spi_r] role [dict get $i role] \
                         state [expr {[dict get $i established] ? "established" : "connecting"}] children $children]
    }
    return $out
}

proc ::dut::self::initiate {dev} { ::ike::peer initiate dut t }
proc ::dut::self::rekey-ike {dev {spi ""}} { ike rekey-ike $spi }
proc ::dut::self::delete-ike {dev {spi ""}} { ike delete-ike $spi }
proc ::dut::self::rekey-child {dev {spi ""}} { child rekey-child $spi }
proc ::dut::self::delete-child {dev {spi ""}} { child delete-child $spi }
proc ::dut::self::new-child {dev} { ike new-child "" }

proc ::dut::self::ike {what spi} {
    set found ""
    foreach i [::ike::peer sas dut] {
        if {[dict get $i dead] || ![dict get $i established]} continue
        if {$spi eq "" || [dict get $i spi_i] eq $spi} { set found [dict get $i id] }
    }
    if {$found eq ""} { ::dut::fail DEAD $what "the device has no IKE SA $spi" }
    ::ike::peer do dut $found $what {}
}

proc ::dut::self::child {what spi} {
    foreach i [::ike::peer sas dut] {
        if {[dict get $i dead]} continue
        foreach c [dict get $i children] {
            if {![dict get $c live]} continue
            if {$spi in [list "" [dict get $c spi_in] [dict get $c spi_out]]} {
                return [::ike::peer do dut [dict get $i id] $what [list child 0x[dict get $c spi_in]]]
            }
        }
    }
    ::dut::fail DEAD $what "the device has no Child SA $spi"
}
