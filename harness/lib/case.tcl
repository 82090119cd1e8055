# case.tcl - runs one case once: a fresh world, device and SA; the body in a safe interpreter that knows our words
# only; health of the device afterwards; the result in the form of results.json.

namespace eval ::case {
    variable exchanges {IKE_SA_INIT IKE_AUTH CREATE_CHILD_SA INFORMATIONAL IKE_INTERMEDIATE IKE_FOLLOWUP_KE IKE_SESSION_RESUME}
    variable s        ;# state of the running case
    variable rec      ;# records of the tester by number
    variable stepped {tx rx rx-none}
    variable here [file dirname [file normalize [info script]]]
}

foreach part {parse requirements pki web setups bent testcase sandbox verdict message rx tx rules flow byrole sweep} {
    source [file join $::case::here $part.tcl]
}
if {![llength [info procs ::dut::use]]} { source [file join $::case::here .. dut dut.tcl] }
namespace eval ::ikespec {
    variable version
    if {![info exists version]} { set version 0.1.0 }
}

# Loads requirements, setups, bent devices and cases of DIR (the folder cases/). -> number of cases
proc ::case::load {dir} {
    load_tables $dir
    ::testcase::load $dir
}

# What every case leans on.
proc ::case::load_tables {dir} {
    ::requirements::load [file join $dir requirements]
    ::setups::load [file join $dir setups]
    ::bent::load $dir
}

# --- how a case ends ------------------------------------------------------------------------------------------

# Ends the body: judged (checks decide), inconclusive, unsupported, error, or lab (an error that is the lab's). Stays so even if
# the body catches it.
proc ::case::stop {kind text} {
    variable s
    if {$s(stopped) eq ""} { set s(stopped) [list $kind $text] }
    throw {IKESPEC STOP} $text
}

# A mistake of the case's author found while running.
proc ::case::usage {text} { throw {IKESPEC USAGE} $text }

# An error in a callback that the engine called: kept until the running word returns.
proc ::case::later_error {message options} {
    variable s
    if {$s(later) eq ""} { set s(later) $message }
}

proc ::case::check_budget {} {
    variable s
    if {[::ike::net now] > $s(budget_us)} {
        stop error "the case took longer than [expr {$s(budget_us) / 1000000}] s"
    }
}

# --- checks ----------------------------------------------------------------------------------------------------

proc ::case::judge {req holds line expected got packet} {
    variable s
    if {![::requirements::exists $req]} { usage [::parse::unknown requirement $req [::requirements::ids]] }
    if {$req ni [dict get $s(meta) cites]} { usage "$req is judged but not named under cites" }
    lappend s(checks) [::verdict::check $req [expr {bool($holds)}] $s(step) [dict get $s(meta) file] $line $expected $got $packet]
}

proc ::case::open_check {req line expected} {
    variable s
    set c [::verdict::check $req 0 $s(step) [dict get $s(meta) file] $line $expected "" 0]
    lappend s(checks) [dict replace $c outcome open]
}

proc ::case::level_word {word req} {
    set want [::requirements::word [dict get [::requirements::get $req] id]]
    if {$word ne $want} { usage "$req is a [::requirements::level $req]: write \"$want\" in place of \"$word\"" }
}

# must|should|may REQ ?what? {expression} outside rx
proc ::case::check_word {word words line} {
    variable s
    switch -- [llength $words] {
        2 { lassign $words req e; set what [string trim $e] }
        3 { lassign $words req what e }
        default { usage "should be: $word REQ ?what? {expression}" }
    }
    level_word $word $req
    lassign [looked $e] ok missing
    judge $req $ok $line $what [expr {$ok ? "so it is" : $missing ne "" ? "it is not so: $missing" : "it is not so: [string trim [in_case [list subst -nocommands $e]]]"}] 0
    if {[::verdict::of $s(checks)] eq "fail"} { stop judged "" }
    return $ok
}

# --- the case interpreter -----------------------------------------------------------------------------------------

proc ::case::bind {name value} {
    variable s
    $s(interp) eval [list set ::$name $value]
}
proc ::case::in_case {script} { variable s; $s(interp) eval $script }
# Has the body a variable of that name, so far? (There need be no case.)
proc ::case::has {name} {
    variable s
    expr {[info exists s(interp)] && $s(interp) ne "" && [in_case [list info exists ::$name]]}
}
proc ::case::truth {e} { variable s; expr {bool([$s(interp) eval [list expr $e]])} }
# An expression about a message -> {truth what}: what the message does not have is missed by the device, and "what" says so.
proc ::case::looked {e} {
    if {![catch { truth $e } value options]} { return [list $value ""] }
    if {[lrange [dict get $options -errorcode] 0 1] ne {IKE NO_PATH}} { return -options $options $value }
    list 0 $value
}
proc ::case::expand {text} {
    variable s
    if {[string first \$ $text] < 0 && [string first \[ $text] < 0} { return $text }
    $s(interp) eval [list subst $text]
}

proc ::case::make_interp {} {
    variable s
    set s(interp) [::sandbox::take $::testcase::words $::testcase::plain ::case::word $s(wall_s)]
}

# The line of the case file that runs now.
proc ::case::line {} {
    variable s
    set line 0
    catch {
        set f [$s(interp) invokehidden info frame 0]
        if {[dict exists $f line]} { set line [expr {[dict get $f line] - $s(line_base)}] }
    }
    if {$line > 0} { set s(line) $line }
    return $s(line)
}

# Runs the body in the interpreter of the case, on the lines that it has in its file.
proc ::case::run_body {meta} {
    variable s
    set body [string repeat \n [expr {[dict get $meta body_line] - 1}]][dict get $meta body]
    # (Tcl counts its lines on from where it is evaluated: that is the next line of this file)
    set s(line_base) [dict get [info frame 0] line]
    $s(interp) eval $body
}

# Every word of the language comes through here.
proc ::case::word {w args} {
    variable s
    variable stepped
    set line [line]
    if {$s(stopped) ne ""} { throw {IKESPEC STOP} [lindex $s(stopped) 1] }
    check_budget
    if {$w in $stepped} { incr s(step) }
    set code [catch {run_word $w $args $line} result options]
    if {$s(later) ne ""} {
        set text $s(later)
        set s(later) ""
        stop error "[dict get $s(meta) file]:$line: $text"
    }
    return -options $options $result
}

proc ::case::run_word {w words line} {
    variable s
    switch -- $w {
        ike { return [::flow::ike $words $line] }
        tx { return [::tx::tx $words $line] }
        rx { return [::rx::rx $words $line] }
        rx-none { return [::rx::none $words $line] }
        auth { return [::byrole::auth $words $line] }
        init-refused { return [::byrole::init_refused $words $line] }
        must - should - may { return [check_word $w $words $line] }
        msg { return [::message::word $words] }
        hold - drop - delay - repeat { return [::rules::edge_word $w $words] }
        alter { return [::rules::alter_word $words] }
        release { return [::rules::release $words] }
        edit { return [::rules::edit_word $words] }
        refuse { return [::rules::refuse_word $words] }
        conn { return [::flow::conn $words] }
        credential { return [::pki::word {*}$words] }
        publish { return [::web::publish [web] $words] }
        no-sa { return [::flow::no_sa $words $line] }
        alive-sa { return [::flow::alive_sa $words $line] }
        answers { return [::flow::answers [lindex $words 0]] }
        sa-up {
            set info [::flow::sa_info [lindex $words 0]]
            return [expr {[::rx::field $info established 0] && ![::rx::field $info dead 0]}]
        }
        esp-echo { return [::flow::esp $words 1] }
        esp-send { return [::flow::esp $words 0] }
        must-traffic { return [::flow::traffic $words $line 1] }
        no-traffic { return [::flow::traffic $words $line 0] }
        same-bytes { return [same_bytes $words] }
        dut { return [dut {*}$words] }
        sas { return [expr {[lindex $words 0] in {dut device} ? [dut show-sas] : [::ike::peer sas tester]}] }
        sa {
            lassign $words sa field
            set info [::flow::sa_info $sa]
            if {$field eq ""} { return $info }
            if {![dict exists $info $field]} { usage [::parse::unknown "field of an SA" $field [dict keys $info]] }
            return [dict get $info $field]
        }
        child {
            lassign $words sa field index
            if {$index eq ""} { set index 0 }
            set c [lindex [::flow::children $sa] $index]
            if {$field eq "count"} { return [llength [::flow::children $sa]] }
            if {$field eq ""} { return $c }
            return [::rx::field $c $field]
        }
        settle { ::flow::quiet [expr {[llength $words] ? [lindex $words 0] : $s(settle_ms)}]; return }
        note { lappend s(notes) [join $words]; return }
        inconclusive { stop inconclusive [join $words] }
        precondition {
            if {![lindex [looked [lindex $words 0]] 0]} { stop inconclusive "[join [lrange $words 1 end]]" }
            return 1
        }
        judge {
            lassign $words req holds expected got
            judge $req $holds $line $expected $got 0
            if {[::verdict::of $s(checks)] eq "fail"} { stop judged "" }
            return $holds
        }
        events {
            ::flow::drain
            lassign $words kind sa
            return [lmap e $s(events) {
                if {($kind ne "" && [dict get $e kind] ne $kind) || ($sa ne "" && [::rx::field $e sa] ne $sa)} continue
                set e
            }]
        }
        inner { return [::ike::inner {*}$words] }
        sweep { return [::sweep::word $words] }
        names { return [::ike::names {*}$words] }
        link {
            if {$s(world) ne "mem"} { stop unsupported "link properties need the in-process link" }
            return [::ike::net link {*}$words]
        }
        record { ::rx::update; lassign $words n field; if {$field eq "bytes"} { return [::ike::peer bytes tester $n] }; set r $::case::rec($n); if {$field eq ""} { return $r }; return [::rx::field $r $field] }
        records { return [records {*}$words] }
        raw { ::tx::mark; incr s(step); ::ike::peer raw tester {*}$words; ::ike::net pump 0; ::rx::update; return }
        checksum { ::ike::peer checksum tester [lindex $words 0]; return }
        bias { ::ike::peer bias tester [lindex $words 0]; return }
        manual { ::ike::peer manual tester {*}$words; return }
        forget { ::ike::peer forget tester [lindex $words 0]; return }
        act { return }
        default { usage [::parse::unknown word $w $::testcase::words] }
    }
}

# records ?inbound|outbound? ?EXCHANGE|ESP? ?request|response? ?-has {payloads}?: the numbers of those that fit, in
# order. -has: with all of them, as the checks have it.
proc ::case::records {args} {
    variable s
    variable rec
    set has {}
    if {[lindex $args end-1] eq "-has"} { set has [lindex $args end]; set args [lrange $args 0 end-2] }
    lassign $args dir exchange kind
    if {$dir ne ""} { set dir [::rules::direction $dir] }
    ::rx::update
    return [lmap n $s(order) {
        set r $rec($n)
        if {$dir ne "" && [::rx::field $r dir] ne $dir} continue
        if {$exchange ne "" && $exchange ne [expr {[::rx::field $r proto] eq "esp" ? "ESP" : [::rx::field $r exchange]}]} continue
        if {$kind ne "" && [::rx::field $r kind] ne $kind} continue
        if {[llength $has] && ([::rx::field $r msg] eq "" || ![::rx::all [::rx::field $r msg] $has 1])} continue
        set n
    }]
}

# Records or message handles that came: all equal octet for octet?
proc ::case::same_bytes {list} {
    variable s
    set octets {}
    foreach x $list {
        if {[info exists s(handle,$x)]} { set x $s(handle,$x) }
        if {![string is integer -strict $x] || $x <= 0} { return 0 }
        lappend octets [::ike::peer bytes tester $x]
    }
    expr {[llength [lsort -unique $octets]] == 1}
}

# --- the device ---------------------------------------------------------------------------------------------------

# A verb of the driver. A first argument that is an SA of the tester picks that SA (or its first Child SA). A verb
# that the driver lacks makes the case unsupported.
proc ::case::dut {verb args} {
    variable s
    if {$verb ni [::dut::verbs]} { usage [::parse::unknown verb $verb [::dut::verbs]] }
    if {![::dut::has $s(driver) $verb]} { stop unsupported "the driver $s(driver) has no verb $verb" }
    if {[llength $args]} {
        set sa [lindex $args 0]
        if {$verb in {rekey-child delete-child}} {
            set c [lindex [::flow::children $sa] [expr {[llength $args] > 1 ? [lindex $args 1] : 0}]]
            if {$c eq ""} { stop inconclusive "SA $sa has no Child SA for $verb" }
            set args [list [dict get $c spi_in]]
        } elseif {$verb in {rekey-ike delete-ike}} {
            set args [list [::flow::sa_field $sa spi_i]]
        } else {
            set args {}
        }
    }
    if {$verb in {initiate rekey-ike rekey-child delete-ike delete-child new-child}} { set s(last_tx_us) [::ike::net now] }
    if {$verb in {start stop reset recover configure}} { set s(restarted) 1 }
    set failed [catch {::dut::call $s(device) $verb {*}$args} result options]
    # What the tester just sent may still be on its way to the device, and an SA on its way into the device's books.
    for {set ms 50} {$failed && $verb ne "initiate" && $ms <= 800} {incr ms $ms} {
        set code [dict get $options -errorcode]
        if {[lrange $code 0 1] ne {DUT DEAD} || ($ms > 50 && [lindex $code 2] ne "spi")} break
        ::flow::quiet $ms
        set failed [catch {::dut::call $s(device) $verb {*}$args} result options]
    }
    if {$failed} { device_error "$verb: $result" $options }
    if {$verb ni {show-sas jobs logs alive}} { ::ike::net pump 0 }
    ::rx::update
    return $result
}

# What an error of a driver means for the case.
proc ::case::device_error {text options} {
    set code [dict get $options -errorcode]
    if {[lrange $code 0 1] in {{IKESPEC STOP} {IKE INTERRUPTED}}} { return -level 2 -options $options $text }
    switch -glob -- $code {
        {DUT UNSUPPORTED*} { stop unsupported $text }
        {DUT LAB*} { stop lab $text }
        DUT* { stop inconclusive "the device could not do $text" }
        default { stop error $text }
    }
}

# Why the device cannot run the case, "" when it can.
proc ::case::lacks {meta role driver claims} {
    foreach need [concat $role [dict get $meta needs]] {
        set not [string match !* $need]
        set word [string trimleft $need !]
        lassign [split $word :] claim detail
        set have [expr {[dict exists $claims $claim] ? [dict get $claims $claim] : "no"}]
        if {$detail ne "" && $have ni {yes no unknown}} { set have [expr {$detail in $have ? "yes" : "no"}] }
        if {$not} {
            if {$have eq "yes"} { return "the device claims $word" }
        } elseif {$have eq "no"} {
            return "the device does not claim $word"
        }
    }
    foreach verb [dict get $meta verbs] {
        if {![::dut::has $driver $verb]} { return "the driver $driver has no verb $verb" }
    }
    return ""
}

# --- one run ------------------------------------------------------------------------------------------------------

# Seed of a case: a 64-bit FNV-1a hash of run seed, id and repetition, so selection and order change nothing.
proc ::case::seed {run id rep} {
    set h 0xcbf29ce484222325
    foreach c [split "$run/$id/$rep" ""] {
        scan $c %c code
        set h [expr {(($h ^ ($code & 0xff)) * 0x100000001b3) & 0xffffffffffffffff}]
    }
    return $h
}

# Options: seed rep world(mem|udp) bent keep(fail|all: whose evidence) evidence(dir) dir(name of it) settle-ms rx-ms echo-ms install-ms budget-s wall-s health(always|never)
# tries(of a case that proves nothing) lab(dict) device(handle) claims(dict) restart(0|1) port-base net(options) confirm(1|0) on-step(command prefix)
# records(0|1: those of the built-in device are kept)
proc ::case::run {id role driver {options {}}} {
    set meta [::testcase::get $id]
    if {$role eq ""} { set role [lindex [dict get $meta roles] 0] }
    set o [dict merge {seed 0 rep 1 world mem bent "" keep fail evidence "" dir "" health always lab {} device "" restart 1
        confirm 1 on-step "" port-base "" net {} records 0} $options]
    set mem [expr {[dict get $o world] eq "mem"}]
    set o [dict merge [dict create settle-ms [expr {$mem ? 5000 : 400}] rx-ms [expr {$mem ? 5000 : 3000}] \
                           echo-ms [expr {$mem ? 2000 : 500}] install-ms 0 tries [expr {$mem ? 1 : 3}] budget-s [expr {$mem ? 900 : 60}] wall-s [expr {$mem ? 60 : 120}]] $o]
    set claims [expr {[dict exists $o claims] ? [dict get $o claims] : [::dut::claims $driver]}]
    if {[dict get $o device] eq ""} { dict set o device [device_of $driver] }
    dict set o claims $claims
    set why [lacks $meta $role $driver $claims]
    if {$why ne ""} { return [plain $meta $role unsupported $why $o] }
    set result [conclusive $meta $role $driver $o]
    if {[dict get $result verdict] in {fail error inconclusive} && [dict get $result dead]} {
        set result [dead $meta $role $driver $o $result]
    }
    return [dict remove $result dead reached]
}

# A case that proved nothing on a real device (IP lost a packet, the machine was busy) is run again, with other octets. What
# was judged is never asked for twice: a device that is wrong now and then is wrong.
proc ::case::conclusive {meta role driver o} {
    set reasons {}
    for {set try 1} {1} {incr try} {
        set result [once $meta $role $driver [dict replace $o try $try]]
        if {[dict get $result verdict] ne "inconclusive" || [dict get $result dead] || $try >= [dict get $o tries]} break
        lappend reasons [dict get $result reason]
    }
    if {[llength $reasons] && [dict get $result verdict] ne "inconclusive"} {
        dict append result reason "[expr {[dict get $result reason] eq "" ? "" : " "}](run again; at first: [join $reasons {; }])"
    }
    return $result
}

# The device of a driver that the caller did not make: one is kept.
proc ::case::device_of {driver} {
    foreach d [::dut::devices] { if {[::dut::get $d driver] eq $driver} { return $d } }
    ::dut::create $driver $driver
}

# The device went silent: recover it, and see whether the same case does it again.
proc ::case::dead {meta role driver o result} {
    set recovered 1
    set message "it was recovered"
    if {[catch {if {[::dut::has $driver recover]} { ::dut::call [dict get $o device] recover }} message]} { set recovered 0 }
    if {!$recovered} {
        dict set result reason "[dict get $result reason]; recovery failed: $message"
        dict set result lost 1
    } elseif {![baseline $meta $role $driver $o]} {
        # it does not work when nobody bends anything: that says nothing about the case
        dict set result verdict inconclusive
        dict set result failure null
        dict set result signature ""
        dict set result reason "the device makes no SA with this setup, bent or not ($message)"
    } elseif {[dict get $o confirm]} {
        set again [once $meta $role $driver [dict replace $o evidence ""]]
        dict append result reason [expr {[dict get $again dead] ? "; confirmed by a replay" : "; it did not happen again in a replay"}]
        if {[dict get $again dead]} { catch {::dut::call [dict get $o device] recover} }
    }
    return $result
}

# Does an unbent exchange work with the case's setup, in a fresh world?
proc ::case::baseline {meta role driver o} {
    variable s
    begin $meta $role $driver [dict replace $o bent "" evidence ""]
    if {[catch {world $meta $o} message options]} {
        interrupted $options $message
        return 0
    }
    make_interp
    set ok [health]
    ::sandbox::put $s(interp)
    return $ok
}

# Names of results: both roles make two instances, repetitions get ~n.
proc ::case::result_id {meta role rep} {
    set id [dict get $meta id]
    if {[llength [dict get $meta roles]] > 1} { append id @$role }
    if {$rep > 1} { append id ~$rep }
    return $id
}

proc ::case::plain {meta role verdict reason o} {
    set id [result_id $meta $role [dict get $o rep]]
    dict create id $id title [dict get $meta title] rev [dict get $meta rev] role $role file [dict get $meta file] \
        line [dict get $meta line] tags [dict get $meta tags] cites [dict get $meta cites] verdict $verdict duration_ms 0 \
        why [dict get $meta why] hint [dict get $meta hint] reason $reason signature "" checks {} failure null \
        expectation null ladder {} evidence {dir {} files {}}
}

# A new state of a running case.
proc ::case::begin {meta role driver o} {
    variable s
    variable rec
    unset -nocomplain s rec
    array set s [list id [dict get $meta id] role $role meta $meta driver $driver world [dict get $o world] step 0 line [dict get $meta line] \
                     checks {} notes {} stopped "" later "" events {} order {} next_rec 1 rx_from 0 missing {} \
                     last_tx_us 0 composed 0 self [expr {$driver eq "self"}] settle_ms [dict get $o settle-ms] rx_ms [dict get $o rx-ms] \
                     echo_ms [dict get $o echo-ms] install_ms [dict get $o install-ms] echo_id 0 conn_name t found 0 device self interp "" bent [dict get $o bent] line_base 0 restarted 0 vitals {} wall_s [dict get $o wall-s]]
    array set rec {}
}

proc ::case::once {meta role driver o} {
    variable s
    begin $meta $role $driver $o
    set result [plain $meta $role error "" $o]
    dict set result dead 0
    dict set result reached 0
    if {[catch {world $meta $o} message options]} {
        interrupted $options $message
        if {$s(stopped) eq ""} { set s(stopped) [thrown $options $message] }
        stopped result [lindex $s(stopped) 0] "before the case began: $message"
        return $result
    }
    make_interp
    foreach {name value} [dict get $meta vars] { bind $name $value }
    bind role $role
    # whose name is in which payload of IKE_AUTH
    lassign [expr {$role eq "responder" ? {IDi IDr} : {IDr IDi}}] mine its
    bind id_tester $mine
    bind id_device $its
    set code [catch { run_body $meta } message options]
    if {$code == 1} {
        set error [dict get $options -errorcode]
        if {[lrange $error 0 1] eq {IKE INTERRUPTED}} { ::sandbox::put $s(interp); return -options $options $message }
        if {[lrange $error 0 1] ne {IKESPEC STOP} && $s(stopped) eq ""} {
            set s(stopped) [thrown $options "[dict get $meta file]:$s(line): $message"]
        }
    }
    catch { ::rx::update }
    set duration [expr {[::ike::net now] / 1000}]
    # verdict
    lassign $s(stopped) kind text
    set verdict [::verdict::of $s(checks)]
    switch -- $kind {
        error - lab - unsupported { stopped result $kind $text }
        inconclusive {
            # a missed check stands; otherwise nothing is proven
            if {$verdict ni {fail}} { stopped result $kind $text } else { dict set result verdict $verdict }
        }
        default {
            dict set result verdict $verdict
            if {$verdict eq "inconclusive"} { dict set result reason "the case judged nothing" }
        }
    }
    set verdict [dict get $result verdict]
    dict set result duration_ms $duration
    dict set result checks $s(checks)
    dict set result ladder [ladder]
    # before anything else is sent; a case in order needs none, unless it is asked for
    set kept [expr {[dict get $o keep] eq "all" || $verdict ni {pass unsupported skipped}}]
    if {$kept} { evidence result $o }
    set now [vitals]
    set faults [faults $now]
    set healthy [expr {![llength $faults]}]
    if {$healthy && [dict get $o health] eq "always" && [dict get $meta health] && [dict get $o bent] eq "" && [::rx::field [dict get $o claims] responder yes] ne "no" && $verdict in {pass warn fail inconclusive error}} {
        set healthy [health]
        set now [vitals]
        set faults [faults $now]
    }
    set ill [expr {!$healthy || [llength $faults]}]
    if {$ill && !$kept} { evidence result $o }
    if {$ill} { remains result $o }
    dict set result vitals [list $s(vitals) $now]
    ::sandbox::put $s(interp)
    explain result $meta $o $healthy $faults
    if {$s(notes) ne ""} { dict set result reason [string trim "[dict get $result reason] (note: [join $s(notes) {; }])"] }
    return $result
}

# What stopped a case is its verdict; gate::of_lab tells the lab's errors from ours by the first word of the reason.
proc ::case::stopped {resultName kind text} {
    upvar 1 $resultName result
    if {$kind eq "lab"} { set kind error; set text "lab: $text" }
    dict set result verdict $kind
    dict set result reason $text
}

# An error that nobody made a stop of.
proc ::case::thrown {options text} {
    list [expr {[lrange [dict get $options -errorcode] 0 1] eq {DUT LAB} ? "lab" : "error"}] $text
}

proc ::case::interrupted {options message} {
    if {[lrange [dict get $options -errorcode] 0 1] eq {IKE INTERRUPTED}} { return -level 2 -options $options $message }
}

# The fresh world: tester, device, their connections.
proc ::case::world {meta o} {
    variable s
    set rep [dict get $o rep]
    if {[::rx::field $o try 1] > 1} { append rep .[dict get $o try] }
    set seed [seed [dict get $o seed] [result_id $meta $s(role) 1] $rep]
    set s(setup) [::setups::get [dict get $meta setup] [dict get $o lab]]
    if {[::dut::has $s(driver) adapt]} { set s(setup) [::dut::call [dict get $o device] adapt $s(setup)] }
    set s(device) [dict get $o device]
    if {[::setups::option $s(setup) lookup no] eq "yes"} {
        dict set s(setup) web [::web::begin $s(world) [dict get $s(setup) tester addr]]
        foreach end {device tester} {
            if {[dict exists $s(setup) credentials $end]} { ::web::page [::ike::pki der [dict get $s(setup) credentials $end cert]] }
        }
    }
    # A device of its own is set up before our sockets are open: what its predecessor still had to say
    # belongs to no case.
    if {!$s(self)} { device_ready $o $s(setup) }
    ::ike::net create $s(world) -seed $seed
    set s(budget_us) [expr {[dict get $o budget-s] * 1000000}]
    ::rules::reset
    set more {}
    if {[dict get $o port-base] ne ""} { set more [list -port-base [dict get $o port-base] -remote-port-base [dict get $o port-base]] }
    ::ike::peer new tester -seed tester -cookie never -keep-dead 1 {*}$more
    set s(conn) [::setups::conn $s(setup) tester]
    ::ike::peer conn tester $s(conn)
    ::rules::tap_tree
    ::ike::peer lookup tester ::web::look
    ::ike::peer filter tester ::rules::edge
    if {$s(self)} {
        set ::dut::self::records [expr {[dict get $o bent] ne "" || [dict get $o records]}]
        device_ready $o [::bent::setup [dict get $o bent] $s(setup)]
        ::bent::apply [dict get $o bent]
    }
    set s(vitals) [vitals]
}

# Where the tester's web server is.
proc ::case::web {} {
    variable s
    if {![dict exists $s(setup) web]} { usage "only a setup with the option lookup has a web server" }
    return [dict get $s(setup) web]
}

# The device has the setup of the case, and runs.
proc ::case::device_ready {o setup} {
    variable s
    if {![dict get $o restart] && !$s(self)} { return }
    try {
        ::dut::call $s(device) configure $setup
        if {$s(self) || ![::dut::call $s(device) alive]} { ::dut::call $s(device) start }
    } on error {text options} {
        device_error "configure: $text" $options
    }
}

# The device answers and makes a fresh SA? Leaves no SA behind.
proc ::case::health {} {
    variable s
    set s(stopped) ""
    ::rules::reset
    if {$s(world) eq "mem"} { catch { ::ike::net link -loss 0 -dup 0 -reorder 0 } }
    set s(conn) [::setups::conn $s(setup) tester]
    set s(budget_us) [expr {[::ike::net now] + 60000000}]
    set ok 0
    set secret [::setups::option $s(setup) psk-device]
    if {$secret ne ""} { dict set s(conn) psk $secret; dict unset s(conn) psk_hex }
    set failed [catch {
        ::ike::peer conn tester $s(conn)
        set from [llength $s(events)]
        set sa [::ike::peer initiate tester t]
        set e ""
        ::flow::until { set e [::flow::event {ike-up ike-down give-up} $sa $from] } $s(rx_ms)
        set ok [expr {$e ne "" && [dict get $e kind] eq "ike-up"}]
        if {$ok} {
            ::ike::peer do tester $sa delete-ike {}
            ::flow::until { expr {[::flow::event {ike-down} $sa $from] ne ""} } $s(settle_ms)
        }
    } message options]
    if {$failed} { interrupted $options $message }
    return $ok
}

# What the device and its driver tell of itself, {} when they cannot.
proc ::case::vitals {} {
    variable s
    set found {}
    if {[::dut::has $s(driver) vitals]} { catch { set found [::dut::call $s(device) vitals] } }
    return $found
}

# Signs that the device is broken, whatever it answered: list of {KIND TEXT}, the most telling first. NOW: its vitals.
proc ::case::faults {now} {
    variable s
    set found {}
    # (a driver that fails here is not to hide that it looked at nothing)
    if {[::dut::has $s(driver) faults] && [catch { set found [::dut::call $s(device) faults] } why]} { lappend s(notes) "faults: $why" }
    set was [::rx::field $s(vitals) boot]
    set is [::rx::field $now boot]
    # one that came back by itself
    if {![llength $found] && !$s(restarted) && $was ne "" && $is ni [list "" $was]} {
        lappend found [list restarted "the device has started again by itself"]
    }
    concat {*}[lmap kind {sanitizer assertion memory signal died restarted} { lsearch -all -inline -exact -index 0 $found $kind }]
}

# Stable words for a fault: no addresses, no process ids.
proc ::case::fault_signature {fault} {
    lassign $fault kind text
    if {[regexp {(\w+Sanitizer: [a-z-]+|runtime error: [a-z ]+)} $text what] || [regexp {\mSIG[A-Z]+\M} $text what]} {
        return "device fault: $kind [string trim $what]"
    }
    return "device fault: $kind"
}

# What a recovery would wipe out: the device's log, and the cores, which go into the folder of the case.
proc ::case::remains {resultName o} {
    variable s
    upvar 1 $resultName result
    if {[::dut::has $s(driver) logs]} { catch { dict set result device_log [::dut::call $s(device) logs] } }
    if {[dict get $o evidence] eq "" || ![::dut::has $s(driver) cores]} return
    catch {
        foreach core [::dut::call $s(device) cores] {
            file mkdir [dict get $o evidence]
            file rename -force $core [file join [dict get $o evidence] [file tail $core]]
        }
    }
}

# Fills failure, signature, reason.
proc ::case::explain {resultName meta o healthy faults} {
    variable s
    upvar 1 $resultName result
    set again "ikespec replay latest/[dict get $result id]"
    set worst [::verdict::worst $s(checks)]
    if {$worst ne "" && [dict get $result verdict] in {fail warn}} {
        dict set result failure [::verdict::failure $worst $meta $again]
        dict set result signature [::verdict::signature $worst]
    }
    if {!$healthy || [llength $faults]} {
        dict set result dead 1
        set fault [lindex $faults 0]
        set text [expr {$fault eq "" ? "the device makes no SA any more after this case" : [join [lmap f $faults { lindex $f 1 }] ", "]}]
        dict set result reason [string trim "[dict get $result reason]; $text" "; "]
        # a fault is never an excuse: what the case could not judge any more failed by it
        if {[dict get $result verdict] in {pass warn} || $fault ne ""} {
            dict set result verdict fail
            dict set result signature [expr {$fault eq "" ? "device dead after the case" : [fault_signature $fault]}]
            dict set result failure [dict create req "" rule "A device survives whatever its peer sends." step $s(step) \
                where [dict get $meta file]:[dict get $meta line] expected "a fresh SA after the case" \
                got [expr {$fault eq "" ? [::flow::last_in] : [lindex $fault 1]}] \
                means "One peer can put the device out of service for all." look_at "the device's log and core files" again $again]
        }
    }
}

# Every message in order, with what was bent, lost, missing, and the check that failed there.
proc ::case::ladder {} {
    variable s
    variable rec
    set flags {}
    foreach c $s(checks) {
        if {[dict get $c outcome] eq "missed" && [dict get $c packet]} {
            dict set flags [dict get $c packet] "[lindex [split [dict get $c req] /] end] missed"
        }
    }
    set rows {}
    foreach n $s(order) {
        set r [::rx::fresh $n]
        set out [expr {[dict get $r dir] eq "out"}]
        set bends {}
        foreach key [list $n [::rx::field $r spi_i],[::rx::field $r exchange],[::rx::field $r kind],[::rx::field $r mid]] {
            if {$out && [info exists s(bends,$key)]} { lappend bends {*}$s(bends,$key) }
        }
        set row [::rx::ladder_row $n $r $bends [::rx::field $flags $n]]
        if {$row ne {}} { lappend rows $row }
    }
    foreach m $s(missing) {
        lassign $m t text
        set worst [::rx::field [::verdict::worst $s(checks)] req]
        lappend rows [dict create t_us $t from device text $text retransmit 0 bent {} lost 0 missing 1 \
                          flag [expr {$worst eq "" ? "" : "[lindex [split $worst /] end] missed"}] len 0 packet 0]
    }
    lsort -integer -index 1 $rows
}

# Captures and keys into the folder of the case, if it has one.
proc ::case::evidence {resultVar o} {
    upvar 1 $resultVar result
    if {[dict get $o evidence] eq ""} { return }
    if {[catch {write_evidence $o} e]} {
        dict set result reason [string trim "[dict get $result reason] evidence: $e"]
    } else {
        dict set result evidence $e
    }
}

proc ::case::write_evidence {o} {
    variable s
    set dir [dict get $o evidence]
    file mkdir $dir
    set comments {}
    foreach c $s(checks) {
        if {[dict get $c outcome] eq "missed" && [dict get $c packet]} {
            lappend comments [dict get $c packet] "[dict get $c req] missed: expected [dict get $c expected]"
        }
    }
    ::ike::peer evidence tester $dir -comments $comments
    dict create dir [dict get $o dir] files [lsort [glob -nocomplain -directory $dir -tails -types f *]]
}
