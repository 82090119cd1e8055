# byrole.tcl - what a case says once for both roles: IKE_SA_INIT and IKE_AUTH, in which the tester sends the request, or
# awaits the device's and answers it by itself.

namespace eval ::byrole {
    variable forms {
        init {ike init ?options of tx IKE_SA_INIT? ?response what rx takes?}
        auth {auth SA ?edits of tx? ?rx|response what rx takes?}
        init-refused {init-refused ?edits of tx? ?-req REQ?}
    }
}

proc ::byrole::usage {word} { variable forms; ::case::usage "should be: [dict get $forms $word]" }

# The words of init, auth or init-refused (of auth without the SA) -> {options, rx|response or "", what goes to rx}.
proc ::byrole::parts {word words} {
    set options [concat $::tx::edit_options [dict get {init -conn auth {} init-refused -req} $word]]
    set receiving [dict get {init response auth {rx response} init-refused {}} $word]
    set o {}
    while {[string match -* [lindex $words 0]]} {
        if {[llength $words] < 2} { ::case::usage "[lindex $words 0] has no value" }
        set words [lassign $words key value]
        if {$key ni $options} { ::case::usage [::parse::unknown option $key $options] }
        lappend o $key $value
    }
    set rest [lassign $words how]
    if {[llength $words] && ![llength $receiving]} { usage $word }
    if {[llength $words] && $how ni $receiving} { ::case::usage [::parse::unknown "word in $word" $how $receiving] }
    list $o $how $rest
}

# What can be said of the words of a command (parsed, with places) before they run. -> are the last of them checks?
proc ::byrole::lint {word command file} {
    lassign [lindex $command 0] - - line col
    set rest [lmap w [lrange $command [expr {$word eq "init-refused" ? 1 : 2}] end] { lindex $w 0 }]
    # ({*}$edits: known when it runs)
    foreach w $command { if {[lrange $w 0 1] eq {* brace}} { return 0 } }
    if {[catch {
        if {$word eq "auth" && [llength $command] < 2} { usage auth }
        parts $word $rest
    } got]} { ::parse::fail $file $line $col $got }
    lassign $got - how receive
    expr {$how ne "" && [llength $receive] && ![string match -* [lindex $receive end-1]]}
}

# --- IKE_SA_INIT ------------------------------------------------------------------------------------------------------

# ike init ?options? ?response ...?: -> the tester's SA with keys on both ends, nothing authenticated yet. The edits
# bend the tester's own IKE_SA_INIT message. That the exchange completes is a precondition; with response, what a
# device that responds answers is received as the word rx does it, in place of that.
proc ::byrole::init {words line} {
    upvar #0 ::case::s s
    lassign [parts init $words] options how receive
    if {$s(role) eq "initiator"} {
        answers_bent $options
        return [::flow::await {}]
    }
    if {$how eq ""} { return [::flow::init $options] }
    incr s(step)
    set sa [::tx::init $options]
    incr s(step)
    ::rx::rx [list $sa IKE_SA_INIT response {*}$receive] $line
    return $sa
}

# The device is about to initiate: whatever the tester answers to IKE_SA_INIT goes out with the edits.
proc ::byrole::answers_bent {options} {
    set o [::tx::options $options]
    if {[dict exists $o -conn]} { ::flow::conn [dict get $o -conn] }
    ::tx::edits_for IKE_SA_INIT response "" $o 0
}

# init-refused ?edits? ?-req REQ?: with the tester's IKE_SA_INIT message so bent no SA is made. A device that responds
# answers without an SA payload, or not at all; one that initiates does not go on to IKE_AUTH. -req: else the first
# cited.
proc ::byrole::init_refused {words line} {
    upvar #0 ::case::s s
    lassign [parts init-refused $words] options
    set req [::flow::req_option $options]
    set edits [dict remove $options -req]
    incr s(step)
    if {$s(role) eq "responder"} {
        ::tx::init $edits
        incr s(step)
        return [::rx::none [list IKE_SA_INIT response -has {SA} -req $req -for settle] $line]
    }
    answers_bent $edits
    ::case::dut initiate
    ::rx::rx {IKE_SA_INIT request} $line
    ::flow::quiet $s(settle_ms)
    set n [lindex [::case::records inbound IKE_AUTH] 0]
    set none [expr {$n eq ""}]
    ::case::judge $req $none $line "no IKE_AUTH follows" [expr {$none ? "so it is" : [::rx::seen $n]}] [expr {$none ? 0 : $n}]
    if {[::verdict::of $s(checks)] eq "fail"} { ::case::stop judged "" }
    return $none
}

# --- IKE_AUTH ---------------------------------------------------------------------------------------------------------

# auth SA ?edits? ?rx|response ...?: the edits bend the tester's own IKE_AUTH message. With rx the device's message is
# received as the word rx does it, in either role; with response only the answer of a device that responds: one that
# initiates gives none, and only its request has to come. Without, nobody waits for an answer. -> the tester's message as it
# was sent (with more than the case's edits: the tester's choice of how to name its certificate, say); "" when there was none.
proc ::byrole::auth {words line} {
    upvar #0 ::case::s s
    set rest [lassign $words sa]
    if {![string is integer -strict $sa]} { usage auth }
    lassign [parts auth $rest] edits how receive
    incr s(step)
    set s(auth_sent) ""
    if {$s(role) eq "initiator"} {
        answer_bent $sa $edits
        ::rules::look IKE_AUTH $sa ::byrole::keep
        ::rx::rx [list $sa IKE_AUTH request {*}[expr {$how eq "rx" ? $receive : {}}]] $line
        return $s(auth_sent)
    }
    if {[info exists s(kept,$sa,IKE_AUTH)]} { ::case::usage "auth: tx has made the IKE_AUTH request of this SA already; tx again sends it honestly" }
    ::tx::edits_for IKE_AUTH request $sa [::tx::options $edits]
    ::rules::look IKE_AUTH $sa ::byrole::keep
    ::tx::tx [list $sa IKE_AUTH] $line
    if {$how ne ""} {
        incr s(step)
        ::rx::rx [list $sa IKE_AUTH response {*}$receive] $line
    }
    return $s(auth_sent)
}

proc ::byrole::keep {m} {
    set ::case::s(auth_sent) [::ike::msg copy $m]
    return
}

# The tester's answers to IKE_AUTH go out with the edits: on this SA, and on any that the device tries
# after it.
proc ::byrole::answer_bent {sa edits} {
    upvar #0 ::case::rec rec
    if {![llength $edits]} return
    set spi [::flow::sa_field $sa spi_i]
    foreach n [::case::records outbound IKE_AUTH] {
        if {[::rx::field $rec($n) spi_i] eq $spi} {
            ::case::usage "auth: the tester has answered already; nothing may wait between ike init and auth"
        }
    }
    ::tx::edits_for IKE_AUTH response "" [::tx::options $edits] 0
}
