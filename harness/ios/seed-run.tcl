# seed-run.tcl - plays the exchange of two routers that this project began with: our tester is the one, the stand-in router,
# driven over its console by the driver `ios`, is the other. Prints one dict: what passed, and what the console said.
#   ikespec tcl harness/ios/seed-run.tcl initiator|responder TESTER-ADDRESS DEVICE-ADDRESS PORT-BASE ?LINE?
#   (the first word is the tester's role: initiator = the tester is router 1)

set here [file dirname [file normalize [info script]]]
if {![llength [info procs ::dut::use]]} { source [file join $here .. dut dut.tcl] }
namespace eval ::ikespec { variable exe; if {![info exists exe]} { set exe [file readlink /proc/[pid]/exe] } }
namespace eval ::ios { variable flag; array set flag {--clock-rate 1} }
source [file join $here config.tcl]
source [file join $here router.tcl]
dut::use ios

# The payloads of a message with their lengths, those inside SK behind it.
proc payloads {record bytes} {
    set out {}
    set parts [list $bytes]
    if {[dict get $record sealed] && [dict get $record opened]} { lappend parts [::ike::msg encode-clear [dict get $record msg]] }
    foreach part $parts {
        binary scan $part @16cu type
        set rest [string range $part 28 end]
        while {$type != 0 && [binary scan $rest cucuSu next - length] == 3 && $length >= 4} {
            set name [::ike::names payload $type]
            if {$type == 41} {
                binary scan $rest @6Su n
                set name N([::ike::names notify $n])
            }
            lappend out [list $name $length]
            if {$type == 46} break
            set type $next
            set rest [string range $rest $length end]
        }
    }
    return $out
}

proc until {ms condition} {
    set end [expr {[clock milliseconds] + $ms}]
    while {![uplevel 1 [list expr $condition]]} {
        if {[clock milliseconds] > $end} { return 0 }
        ::ike::net pump 5
    }
    return 1
}

proc seen {exchange kind mid} {
    foreach n [::ike::peer records tester] {
        set r [::ike::peer record tester $n]
        if {[dict get $r exchange] eq $exchange && [dict get $r kind] eq $kind && [dict get $r mid] eq $mid} { return 1 }
    }
    return 0
}

# EVIDENCE: a folder for the capture, "" = none.
proc play {role tester device base line {evidence ""}} {
    set first {{ENCR_3DES ENCR_AES_CBC-128 PRF_HMAC_SHA1 AUTH_HMAC_SHA1_96 MODP_1024}}
    set default [list $::dut::ios::default_policy]
    # what router 2 takes in both negotiations
    set second {{ENCR_AES_CBC-128 PRF_HMAC_SHA1 AUTH_HMAC_SHA1_96 MODP_1024}}
    set setup [dict create name seed device [list addr $device id [list IPV4_ADDR $device]] tester [list addr $tester id any] \
                   auth psk psk cisco esp {{ENCR_3DES AUTH_HMAC_SHA1_96}} device_ts 0.0.0.0/0 tester_ts 0.0.0.0/0 mode tunnel]
    # router 1 has a policy of its own and offers the default one when it rekeys
    if {$role eq "initiator"} {
        dict set setup ike $second
        dict set setup options {ike-rekey 60}
        set rate 1
    } else {
        dict set setup ike $first
        dict set setup options [list ike-rekey 60 dpd 30 ike-offer-rekey $default]
        set rate 30
    }
    set dev [dut::create ios router [list line $line port-base $base clock-rate $rate lifetime-rate 1]]
    ::ike::net create udp -seed 7
    set more [expr {$base ? [list -port-base $base -remote-port-base $base] : {}}]
    ::ike::peer new tester -seed tester -cookie never -keep-dead 1 -trace 1 {*}$more
    ::ike::peer conn tester [list name t local $tester remote $device id_local [list IPV4_ADDR $tester] id_remote any psk cisco \
        ike [expr {$role eq "initiator" ? $first : $second}] ike_rekey $default esp {{ENCR_3DES AUTH_HMAC_SHA1_96}} \
        ts_local 0.0.0.0-255.255.255.255 ts_remote 0.0.0.0-255.255.255.255 nonce_len 20 window 5 tfc_not_supported 1 \
        non_first_fragments 1 echo 1 extras [::ios::router::persona]]
    dut::call $dev configure $setup
    dut::call $dev start
    set out {}
    set h [::dut::get $dev con]
    dict set out version [dut::call $dev version]
    if {$role eq "initiator"} {
        set sa [::ike::peer initiate tester t]
        dict set out up [until 3000 { [dict get [::ike::peer sa tester $sa] established] && [dict get [::ike::peer sa tester $sa] children] ne {} }]
        for {set i 1} {$i <= 5} {incr i} { ::ike::peer esp tester $sa -inner [::ike::inner echo 192.168.1.1 192.168.2.1 1 $i] }
        ::ike::net quiet 60
        dict set out ping 5
    } else {
        # the first packet asks for the tunnel and is lost, the others go through it
        set text [::console::run $h "ping 192.168.1.1 source Loopback0 repeat 5 timeout 1" -timeout 10]
        dict set out ping [expr {[regexp {Success rate is (\d+) percent \((\d+)/(\d+)\)} $text - - n] ? $n : $text}]
        set sa [lindex [::ike::peer sas tester] end]
        set sa [dict get $sa id]
        dict set out up [dict get [::ike::peer sa tester $sa] established]
    }
    dict set out state [::dut::ios::state $dev]
    dict set out sas [dut::call $dev show-sas]
    if {$role eq "initiator"} {
        ::ike::peer do tester $sa liveness {}
        until 2000 { [seen INFORMATIONAL response 2] }
        ::ike::peer do tester $sa rekey-ike {}
        until 2000 { [seen CREATE_CHILD_SA response 3] }
    } else {
        until 4000 { [seen CREATE_CHILD_SA response 3] }
    }
    ::ike::net quiet 50
    dict set out after [::dut::ios::state $dev]
    dict set out log [dut::call $dev logs]
    dict set out tester [lmap e [::ike::peer events tester] { if {[dict get $e kind] ne "state"} continue; dict get $e text }]
    set messages {}
    set ladder {}
    foreach n [::ike::peer records tester] {
        set r [::ike::peer record tester $n]
        if {[dict get $r proto] ne "ike" || [dict get $r reassembled]} continue
        lappend messages [list [dict get $r exchange] [dict get $r kind] [dict get $r mid] [dict get $r flags] \
                              [dict get $r len] [payloads $r [::ike::peer bytes tester $n]]]
        lappend ladder [dict create t_us [dict get $r t_us] from [expr {[dict get $r dir] eq "out" ? "tester" : "device"}] \
            text [dict get $r chain] retransmit [dict get $r retransmit] bent {} lost 0 missing 0 flag "" \
            len [dict get $r len] packet $n]
    }
    dict set out messages $messages
    dict set out ladder $ladder
    if {$evidence ne ""} { ::ike::peer evidence tester $evidence }
    dut::call $dev destroy
    return $out
}

if {[file normalize $::argv0] ne [file normalize [info script]]} return
lassign $argv role tester device base line
if {$line eq ""} { set line stdio }
if {[catch { play $role $tester $device $base $line } out info]} {
    puts stderr [dict get $info -errorinfo]
    catch { dut::destroy-all }
    exit 1
}
fconfigure stdout -encoding utf-8
puts $out
exit 0
