# rules.tcl - what happens to messages on their way: hold, drop, delay, repeat and alter at the tester's edge, edits at its
# taps. Each rule names direction, exchange and kind, and may be good for a number of messages only.

namespace eval ::rules {
    variable list {}   ;# edge rules: dicts act dir exchange kind left ms has script
    variable edits {}  ;# tree edits: dicts dir exchange kind sa left how looks
}

proc ::rules::reset {} {
    variable list {}
    variable edits {}
}

# The edge filter of the tester and of bent devices: script dir recordNumber -> ruling.
proc ::rules::edge {dir n} {
    variable list
    if {![llength $list]} { return pass }
    set r [::ike::peer record tester $n]
    set i -1
    foreach rule $list {
        incr i
        if {![fits $rule $dir $r]} continue
        if {[dict get $rule left] > 0} {
            if {[dict get $rule left] == 1} {
                set list [lreplace $list $i $i]
            } else {
                lset list $i [dict replace $rule left [expr {[dict get $rule left] - 1}]]
            }
        }
        switch -- [dict get $rule act] {
            hold { return hold }
            drop { return drop }
            delay { return [::list delay [dict get $rule ms]] }
            repeat { return [::list repeat [dict get $rule times]] }
            alter { return [altered $rule $n $r] }
        }
    }
    return pass
}

# The octets that go on in place of record n: its message after the rule's script. The sender's engine keeps its own.
proc ::rules::altered {rule n r} {
    set was [::rx::field $r msg]
    if {$was eq ""} { return pass }
    if {[catch {
        set m [::ike::msg copy $was]
        ::tx::run_script [dict get $rule script] $m
        set changes [::tx::changes [::tx::paths $was] [::tx::paths $m]]
        set result pass
        if {[llength $changes] && [::rx::field $r sealed 0]} {
            ::case::usage "alter: [::rx::field $r exchange] is sealed; nobody on the way can change it unseen. Use edit, or -icv-flip."
        } elseif {[llength $changes]} {
            # the marker of port 4500 stands before the message
            set octets [::ike::peer bytes tester $n]
            set octets [string range $octets 0 end-[string length [::ike::msg encode $was]]]
            append octets [::ike::msg encode $m]
            set result [::list replace $octets]
            lappend ::case::s(bends,$n) {*}$changes
        }
    } message options]} {
        ::case::later_error $message $options
        return pass
    }
    return $result
}

proc ::rules::fits {rule dir r} {
    if {[dict get $rule dir] ne $dir} { return 0 }
    set exchange [dict get $rule exchange]
    if {$exchange eq "ESP"} { return [expr {[::rx::field $r proto] eq "esp"}] }
    if {[::rx::field $r proto ike] ne "ike"} { return 0 }
    if {$exchange ne "any" && [::rx::field $r exchange] ne $exchange} { return 0 }
    set kind [dict get $rule kind]
    if {$kind ne "" && [::rx::field $r kind] ne $kind} { return 0 }
    foreach p [dict get $rule has] {
        set msg [::rx::field $r msg]
        if {$msg eq "" || ![::rx::has $msg $p]} { return 0 }
    }
    return 1
}

proc ::rules::direction {word} {
    switch -- $word {
        inbound { return in }
        outbound { return out }
        default { ::case::usage [::parse::unknown direction $word {inbound outbound}] }
    }
}

# hold|drop|delay|repeat inbound|outbound EXCHANGE ?request|response? ?-count N? ?-ms N? ?-times N? ?-has {..}?
# drop inbound off: forget all rules of that act and direction.
proc ::rules::edge_word {act words} {
    variable list
    if {[llength $words] < 2} {
        ::case::usage "should be: $act inbound|outbound EXCHANGE|ESP|any|off ?request|response? ?-option value ...?"
    }
    set words [lassign $words direction exchange]
    set dir [direction $direction]
    if {$exchange eq "off"} {
        set list [lmap r $list { if {[dict get $r act] eq $act && [dict get $r dir] eq $dir} continue; set r }]
        return
    }
    if {$exchange ni [concat $::case::exchanges ESP any]} {
        ::case::usage [::parse::unknown exchange $exchange [concat $::case::exchanges ESP any off]]
    }
    set kind ""
    if {[lindex $words 0] in {request response}} { set words [lassign $words kind] }
    set rule [dict create act $act dir $dir exchange $exchange kind $kind left 0 ms 0 times 2 has {}]
    foreach {k v} $words {
        switch -- $k {
            -count { dict set rule left $v }
            -ms { dict set rule ms $v }
            -times { dict set rule times $v }
            -has { dict set rule has $v }
            default { ::case::usage [::parse::unknown option $k {-count -ms -times -has}] }
        }
    }
    lappend list $rule
}

# alter inbound|outbound EXCHANGE request|response|any {script with $m}: what somebody on the way makes of a message in
# clear. alter outbound off.
proc ::rules::alter_word {words} {
    variable list
    if {[llength $words] == 2 && [lindex $words 1] eq "off"} { return [edge_word alter $words] }
    if {[llength $words] != 4 || [lindex $words 2] ni {request response any}} {
        ::case::usage {should be: alter inbound|outbound EXCHANGE request|response|any {script}, or alter inbound|outbound off}
    }
    lassign $words direction exchange kind script
    if {$exchange eq "ESP"} { ::case::usage "alter is for IKE messages in clear" }
    edge_word alter [::list $direction $exchange {*}[expr {$kind eq "any" ? {} : $kind}]]
    lset list end [dict replace [lindex $list end] script $script]
    return
}

# release inbound|outbound ?record ...?: lets the held messages go, oldest first, and stops holding.
proc ::rules::release {words} {
    variable list
    set numbers [lassign $words direction]
    set dir [direction $direction]
    set list [lmap r $list { if {[dict get $r act] eq "hold" && [dict get $r dir] eq $dir} continue; set r }]
    foreach n [::ike::peer held tester] {
        set r [::ike::peer record tester $n]
        if {[dict get $r dir] ne $dir} continue
        if {[llength $numbers] && $n ni $numbers} continue
        ::ike::peer release tester $n
        # what was held counts as arriving now
        set ::case::s(released,$n) [::ike::net now]
    }
    ::ike::net pump 0
}

# edit inbound|outbound EXCHANGE request|response {script with $m}   edit clear
proc ::rules::edit_word {words} {
    variable edits
    if {[lindex $words 0] in {clear off}} { set edits {}; return }
    if {[llength $words] != 4} { ::case::usage {should be: edit inbound|outbound EXCHANGE request|response|any {script}} }
    lassign $words direction exchange kind script
    if {$exchange ni $::case::exchanges} { ::case::usage [::parse::unknown exchange $exchange $::case::exchanges] }
    if {$kind ni {request response any}} { ::case::usage [::parse::unknown "kind of message" $kind {request response any}] }
    add_edit [direction $direction] $exchange $kind "" 0 [::list ::tx::run_script $script]
}

# refuse PAYLOAD ?PAYLOAD ...?: the tester's first answers to IKE_SA_INIT become refusals, one for each payload as -add
# takes it; the answers after them are honest.
proc ::rules::refuse_word {words} {
    if {![llength $words]} { ::case::usage {should be: refuse {N(COOKIE) data 0x..} ?{N(TYPE) data 0x..} ...?} }
    if {[info exists ::case::s(refusals)]} { ::case::usage "refuse stands once in a case, with all its refusals" }
    set ::case::s(refusals) $words
    add_edit out IKE_SA_INIT response "" 0 ::rules::refused
    return
}

proc ::rules::refused {m} {
    upvar #0 ::case::s(refusals) refusals
    if {![llength $refusals]} return
    set refusals [lassign $refusals payload]
    foreach p [::ike::msg payloads $m] { ::ike::msg remove $m $p }
    # (no SA was made, RFC 7296 2.6)
    ::ike::msg set $m HDR.spi_r 0
    ::ike::msg add $m {*}$payload
    return
}

# {*}HOW M sees the next such message that leaves, as it was bent so far.
proc ::rules::look {exchange sa how} {
    variable edits
    add_edit out $exchange any $sa 1 $how
    lset edits end [dict replace [lindex $edits end] looks 1]
    return
}

# How: a command prefix called with the message handle; its result goes to the engine (drop or nothing).
proc ::rules::add_edit {dir exchange kind sa left how} {
    variable edits
    lappend edits [dict create dir $dir exchange $exchange kind $kind sa $sa left $left how $how looks 0]
    return [expr {[llength $edits] - 1}]
}

# The tester's messages pass `tap` as trees.
proc ::rules::tap_tree {} { ::ike::peer tap tester ::rules::tap tree }

# Until tap_tree is said again its datagrams pass, in place of that, a command: {*}HOW OCTETS makes what leaves. (Without the
# marker of port 4500, which is put before it on its way.)
proc ::rules::tap_octets {how} { ::ike::peer tap tester [list ::rules::octets $how] wire }

proc ::rules::octets {how dir station sa exchange kind mid retransmit what} {
    if {$dir ne "out"} { return pass }
    if {[catch { {*}$how $what } result options]} {
        ::case::later_error $result $options
        return drop
    }
    return [::list replace $result]
}

# The tap of the tester: station tree, both directions.
proc ::rules::tap {dir station sa exchange kind mid retransmit what} {
    variable edits
    set i -1
    foreach e $edits {
        incr i
        if {[dict get $e dir] ne $dir || [dict get $e exchange] ne $exchange || [dict get $e kind] ni [list any $kind]} continue
        if {[dict get $e sa] ne "" && [dict get $e sa] != $sa} continue
        if {[dict get $e left] == 1} {
            set edits [lreplace $edits $i $i]
            incr i -1
        }
        if {[catch {::tx::apply $e $what $sa $kind $mid} result options]} {
            ::case::later_error $result $options
            return pass
        }
        if {$result eq "drop"} { return drop }
    }
    return pass
}
