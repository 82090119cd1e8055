# auth.tcl - the word auth: the tester proves who it is, in the role that the case gives it. It sends its IKE_AUTH request,
# or the device's request is awaited, which the tester answers by itself.

namespace eval ::auth {
    variable receiving {rx response}
    variable form "auth SA ?edits of tx? ?rx|response ?what rx takes??"
}

# The words after the SA -> {edits, rx|response or "", what goes to rx}. Says what is wrong with them by an error.
proc ::auth::parts {words} {
    variable receiving
    set edits {}
    while {[string match -* [lindex $words 0]]} {
        if {[llength $words] < 2} { ::case::usage "[lindex $words 0] has no value" }
        set words [lassign $words key value]
        if {$key ni $::tx::edit_options} { ::case::usage [::parse::unknown option $key $::tx::edit_options] }
        lappend edits $key $value
    }
    set rest [lassign $words how]
    if {[llength $words] && $how ni $receiving} { ::case::usage [::parse::unknown "word in auth" $how $receiving] }
    list $edits $how $rest
}

# auth SA ?edits? ?rx|response ...?: the edits bend the tester's own IKE_AUTH message. With rx the device's message is received
# as the word rx does it, in either role; with response only the answer of a device that responds: one that initiates
# gives none, and only its request has to come. Without, nobody waits for an answer.
proc ::auth::word {words line} {
    variable form
    upvar #0 ::case::s s
    set rest [lassign $words sa]
    if {![string is integer -strict $sa]} { ::case::usage "should be: $form" }
    lassign [parts $rest] edits how receive
    incr s(step)
    if {$s(role) eq "initiator"} {
        answer_bent $sa $edits
        return [::rx::rx [list $sa IKE_AUTH request {*}[expr {$how eq "rx" ? $receive : {}}]] $line]
    }
    ::tx::tx [list $sa IKE_AUTH {*}$edits] $line
    if {$how eq ""} return
    incr s(step)
    ::rx::rx [list $sa IKE_AUTH response {*}$receive] $line
}

# The tester's next IKE_AUTH response on the SA goes out with the edits.
proc ::auth::answer_bent {sa edits} {
    upvar #0 ::case::s s ::case::rec rec
    if {![llength $edits]} return
    set spi [::flow::sa_field $sa spi_i]
    ::rx::update
    foreach n $s(order) {
        set r $rec($n)
        if {[::rx::field $r dir] eq "out" && [::rx::field $r exchange] eq "IKE_AUTH" && [::rx::field $r spi_i] eq $spi} {
            ::case::usage "auth: the tester has answered already; nothing that waits may stand between ike init and auth"
        }
    }
    ::tx::edits_for IKE_AUTH response $sa [::tx::options $edits]
}

# What can be said of its words (parsed, with places) before they run. -> are the last of them checks?
proc ::auth::lint {command file} {
    variable form
    lassign [lindex $command 0] - - line col
    set words [lmap w $command { lindex $w 0 }]
    if {[llength $words] < 2} { ::parse::fail $file $line $col "should be: $form" }
    set rest [lrange $words 2 end]
    # ({*}$edits: known when it runs)
    foreach w $command { if {[lrange $w 0 1] eq {* brace}} { return 0 } }
    if {[catch { parts $rest } got]} { ::parse::fail $file $line $col $got }
    lassign $got - how receive
    expr {$how ne "" && [llength $receive] && ![string match -* [lindex $receive end-1]]}
}
