# dut.tcl - the contract between the harness and the drivers of devices under test, and the door to every driver.
#
# A driver is one file harness/dut/NAME.tcl with procedures in the namespace ::dut::NAME. DEV is what `create` returned.
#
#   must be there
#     claims ?OPTIONS?          dict: what the device supports, feature -> yes | no (anything else counts as yes). A driver
#                               whose options change that takes those of `create`, which may be all missing
#     version DEV               one line for the report
#     create NAME OPTIONS       allocates folder and addresses, starts nothing, returns DEV (made with dut::register)
#     configure DEV SETUP       takes a neutral setup (below); a running device ends up running it, without SAs
#     start DEV                 returns when the device answers
#     stop DEV                  no error when it does not run
#     alive DEV                 1 when it runs and answers its management, else 0
#     destroy DEV               stops it and removes everything that was made
#   as far as the device can
#     initiate DEV              \
#     rekey-ike DEV ?SPI?        |  start an exchange and return at once: the tester, who answers it, may be this very
#     rekey-child DEV ?SPI?      |  process. SPI picks one SA (IKE: the initiator's SPI as 16 hex digits; child: either
#     delete-ike DEV ?SPI?       |  SPI as 8); without it all that belong to the setup. How it went: `jobs`.
#     delete-child DEV ?SPI?     |
#     new-child DEV             /   a further child SA on the IKE SA that is up
#     jobs DEV                  list of dicts {verb state text}, oldest first; state is running | ok | failed
#     show-sas DEV              list of dicts {spi_i spi_r state role children}; role is the device's; children is a list
#                               of dicts {spi_in spi_out state ...}. state (IKE): connecting established rekeying rekeyed
#                               deleting; (child): installing installed rekeying rekeyed deleting deleted. SPIs are hex.
#     logs DEV                  the device's own log since the last start
#     reset DEV                 all SAs gone, nothing sent, same setup; no error when the device was dead
#     recover DEV               back to a running state after a crash or a hang
#     adapt DEV SETUP           the setup that is run in place of SETUP, by both ends: for a device that cannot have the
#                               usual one (say, no AES-GCM for ESP) but can show the same behaviour with another
#     faults DEV                list of {KIND TEXT}: what shows, since the last start, that the device is broken, whatever it
#                               answered: died, sanitizer, assertion, memory, signal (fault.tcl). `call` keeps them over
#                               start, stop and reset, until the next configure or recover
#     cores DEV                 files that such a fault left and that the evidence shall keep
#     vitals DEV                dict, as far as it can tell: boot (another word after a restart that we did not ask for),
#                               and numbers: memory_kb threads files half_open ike_sas
#     brief                     options with which it writes less: for thousands of exchanges a second
#     prepare OPTIONS           makes what takes long and is kept for later (a package tree): returns when it is there
#     doctor ?OPTIONS?          list of {ok|warn|bad TEXT CURE} about the tools that the driver needs, with these options
#
# A setup is a dict; every key but the first four may be missing:
#     name psk
#     device {addr 192.0.2.2 id {FQDN d.lab}}     tester {addr 192.0.2.1 id {FQDN t.lab}}
#     ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256} ...}     one list per proposal; several
#     esp {{ENCR_AES_GCM_16-256} {ENCR_AES_CBC-256 AUTH_HMAC_SHA2_256_128 ESN_NO} ...}     transforms of a type are fine
#     auth psk | null | cert-KIND | raw-KIND      how an end proves itself; DEVICE/TESTER where the two differ
#     psk TEXT | psk-hex DIGITS
#     credentials {ca PEM device {cert PEM key PEM public PEM} tester ...}     with cert or raw; KIND is a type of key
#     web URL      with the option lookup: where certificates are, each by the SHA-1 hash of its octets in hexadecimal
#     device_ts {10.2.0.0/24}     tester_ts {10.1.0.0/24}     mode tunnel | transport
#     child2 {device_ts ... tester_ts ...}        selectors of `new-child`; the same as the first child's when missing
#     options {...}     see the driver and neutral.tcl: an option that it does not know makes the setup unsupported
#
# Errors carry the errorCode {DUT KIND DETAIL}:
#     LAB          the lab or the driver's tools are unusable
#     CONFIG       the setup is wrong, or the device refused it
#     UNSUPPORTED  this device cannot do what was asked (DETAIL: which transform, option or verb)
#     DEAD         the device does not run, or does not answer
#
# The harness calls drivers only through these:
#     dut::use DRIVER             loads it, checks the contract     dut::claims, dut::doctor DRIVER ?OPTIONS?
#     dut::prepare DRIVER OPTIONS
#     dut::create DRIVER NAME ?OPTIONS? -> DEV                            dut::call DEV VERB ?ARG...?
#     dut::has DEV|DRIVER VERB    dut::verbs    dut::devices              dut::destroy-all

foreach part {process state fault neutral} { source [file join [file dirname [file normalize [info script]]] $part.tcl] }
unset part

namespace eval ::dut {
    variable here [file dirname [file normalize [info script]]]
    variable needed {claims version create configure start stop alive destroy}
    variable optional {
        initiate rekey-ike rekey-child delete-ike delete-child new-child jobs show-sas logs reset recover adapt faults cores vitals brief prepare doctor
    }
    variable device
    array set device {}
    variable serial
    if {![info exists serial]} { set serial 0 }
}

proc ::dut::verbs {} {
    variable needed
    variable optional
    concat $needed $optional
}

proc ::dut::fail {kind detail text} {
    return -code error -errorcode [list DUT $kind $detail] $text
}

# How the ends of a setup prove themselves: {device {METHOD KIND} tester {METHOD KIND}}, METHOD psk, null, cert or raw.
proc ::dut::proofs {setup} {
    set auth [expr {[dict exists $setup auth] ? [dict get $setup auth] : "psk"}]
    set words [split $auth /]
    foreach word $words {
        if {![regexp {^(psk|null|(?:cert|raw)(?=-.))(?:-(.+))?$} $word - method kind] || ($method in {psk null} && $kind ne "")} {
            fail CONFIG auth "auth: \"$word\" is not psk, null, cert-KIND or raw-KIND"
        }
        lappend proofs [list $method $kind]
    }
    if {[llength $words] ni {1 2}} { fail CONFIG auth "auth: \"$auth\" is not METHOD or DEVICE/TESTER" }
    dict create device [lindex $proofs 0] tester [lindex $proofs end]
}

proc ::dut::use {driver} {
    variable here
    variable needed
    if {[namespace exists ::dut::$driver]} { return $driver }
    set file [file join $here $driver.tcl]
    if {![regexp {^[a-z][a-z0-9-]*$} $driver] || ![file readable $file]} {
        fail CONFIG driver "there is no driver \"$driver\""
    }
    if {[catch { uplevel #0 [list source $file] } why]} {
        catch { namespace delete ::dut::$driver }
        fail LAB driver "the driver $driver does not load: $why"
    }
    foreach verb $needed {
        if {![has $driver $verb]} {
            catch { namespace delete ::dut::$driver }
            fail LAB driver "the driver $driver has no \"$verb\""
        }
    }
    return $driver
}

proc ::dut::claims {driver {options {}}} { with_options [use $driver] claims $options }
proc ::dut::doctor {driver {options {}}} { with_options [use $driver] doctor $options }

proc ::dut::with_options {driver verb options} {
    set command ::dut::${driver}::$verb
    $command {*}[expr {[llength [info args $command]] ? [list $options] : {}}]
}

proc ::dut::has {what verb} {
    variable device
    set driver [expr {[info exists device($what)] ? [dict get $device($what) driver] : $what}]
    expr {$verb in [verbs] && [info procs ::dut::${driver}::$verb] ne ""}
}

proc ::dut::create {driver name {options {}}} {
    guard [list ::dut::[use $driver]::create $name $options]
}

proc ::dut::prepare {driver options} {
    if {[has [use $driver] prepare]} { guard [list ::dut::${driver}::prepare $options] }
    return
}

# OPTIONS of a device that is to write less, as far as they do not say how much.
proc ::dut::briefly {driver options} {
    dict merge [if {[has [use $driver] brief]} { ::dut::${driver}::brief }] $options
}

proc ::dut::call {dev verb args} {
    set driver [get $dev driver]
    if {![has $dev $verb]} { fail UNSUPPORTED $verb "the driver $driver cannot \"$verb\"" }
    variable device
    if {$verb in {claims doctor}} { return [guard [list ::dut::with_options $driver $verb $device($dev)]] }
    # what a process ended by goes with it: who ends it or starts it again must not hide that
    # (that they cannot be told must not hinder it either: it shows when they are asked for)
    if {$verb in {start stop reset} && [has $dev faults]} { catch { put $dev ill [faults $dev] } }
    if {$verb in {configure recover}} { put $dev ill {} }
    if {$verb eq "faults"} { return [faults $dev] }
    guard [list ::dut::${driver}::$verb $dev {*}$args]
}

# Those of the driver, after those that were seen before it was started again.
proc ::dut::faults {dev} {
    set all [get $dev ill {}]
    foreach fault [guard [list ::dut::[get $dev driver]::faults $dev]] { if {$fault ni $all} { lappend all $fault } }
    return $all
}

# Whatever goes wrong inside a driver comes out with a DUT errorCode: a fault of the lab unless the driver knew better, or it is
# a mistake in the driver itself. The built-in device has no lab, and an interruption is nobody's fault.
proc ::dut::guard {command} {
    if {[catch { uplevel #0 $command } result options]} {
        set code [dict get $options -errorcode]
        if {[lindex $code 0] ni {DUT TCL ARITH} && [lrange $code 0 1] ne {IKE INTERRUPTED} && ![string match ::dut::self::* [lindex $command 0]]} {
            dict set options -errorcode [list DUT LAB [lindex $command 0]]
        }
    }
    return -options $options $result
}

proc ::dut::devices {} {
    variable device
    lsort [array names device]
}

proc ::dut::destroy-all {} {
    foreach dev [devices] { catch { call $dev destroy } }
}

# --- what drivers keep about a device -----------------------------------------------------------------------------

# Makes a device with a private folder: OPTIONS' `folder`, or a new one that goes with us. `keep 1` leaves it behind.
proc ::dut::register {driver name options} {
    variable device
    variable serial
    if {[dict exists $options folder]} {
        set folder [file normalize [dict get $options folder]]
        file mkdir $folder
        file attributes $folder -permissions 0700
    } elseif {[dict exists $options keep] && [dict get $options keep]} {
        set folder [exec mktemp -d -t ikespec-$driver-XXXXXX]
    } else {
        set folder [::state::run $driver]
    }
    set dev $driver#[incr serial]
    set device($dev) [dict merge {keep 0} $options [dict create driver $driver name $name folder $folder]]
    return $dev
}

proc ::dut::unregister {dev} {
    variable device
    if {![get $dev keep]} { file delete -force [get $dev folder] }
    unset device($dev)
}

proc ::dut::get {dev key args} {
    variable device
    if {![info exists device($dev)]} { fail LAB device "there is no device \"$dev\"" }
    if {[dict exists $device($dev) $key]} { return [dict get $device($dev) $key] }
    if {[llength $args]} { return [lindex $args 0] }
    fail LAB $key "the device $dev has no \"$key\""
}

proc ::dut::put {dev key value} {
    variable device
    dict set device($dev) $key $value
    return $value
}

proc ::dut::write_file {path text} {
    set f [open $path {WRONLY CREAT TRUNC} 0600]
    fconfigure $f -translation lf -encoding utf-8
    puts -nonewline $f $text
    close $f
}

# The whole lines of a file from an offset in octets on: {LINES REST NEXT}, where NEXT is the offset of REST, the line that is
# still being written.
proc ::dut::read_lines {path from} {
    if {[catch { open $path rb } f]} { return [list "" "" $from] }
    seek $f $from
    set octets [read $f]
    close $f
    set last [string last \n $octets]
    list [encoding convertfrom utf-8 [string range $octets 0 $last]] [encoding convertfrom utf-8 [string range $octets $last+1 end]] [expr {$from + $last + 1}]
}

proc ::dut::read_file {path {from 0}} {
    if {[catch { open $path rb } f]} { return "" }
    seek $f $from
    set text [encoding convertfrom utf-8 [read $f]]
    close $f
    return $text
}
