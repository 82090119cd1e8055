# verdict.tcl - from checks to a verdict: must, should and may by the requirement's level, and the failure
# block with its stable signature. Works on dicts only; knows nothing of worlds or devices.

namespace eval ::verdict {}

# One judged check in the form of results.json.
proc ::verdict::check {req holds step file line expected got packet} {
    dict create req $req level [::requirements::level $req] outcome [expr {$holds ? "met" : "missed"}] \
        step $step file $file line $line expected $expected got $got packet $packet
}

# The verdict that checks alone give: fail, warn, pass, or inconclusive when nothing was judged.
proc ::verdict::of {checks} {
    set verdict inconclusive
    foreach c $checks {
        set outcome [dict get $c outcome]
        if {$outcome eq "open"} continue
        if {$outcome eq "met" || [dict get $c level] eq "MAY"} {
            if {$verdict eq "inconclusive"} { set verdict pass }
        } elseif {[dict get $c level] in {MUST {MUST NOT}}} {
            return fail
        } else {
            set verdict warn
        }
    }
    return $verdict
}

# The check to explain: the first missed MUST, else the first missed SHOULD; "" when none.
proc ::verdict::worst {checks} {
    set found ""
    foreach c $checks {
        if {[dict get $c outcome] ne "missed" || [dict get $c level] eq "MAY"} continue
        if {[dict get $c level] in {MUST {MUST NOT}}} { return $c }
        if {$found eq ""} { set found $c }
    }
    return $found
}

# Nothing that changes from run to run: no numbers of messages, octets, times, addresses.
proc ::verdict::stable {text} {
    set text [regsub -all {\s+after [0-9.]+ ms} $text ""]
    set text [regsub -all {\m(request|response) \d+} $text {\1}]
    set text [regsub -all {\mmsg\d+\M} $text MSG]
    set text [regsub -all {\m[0-9]+(\.[0-9]+){3}(:\d+)?} $text ADDR]
    set text [regsub -all {\m(0x)?[0-9a-fA-F]{8,}\M} $text HEX]
    set text [regsub -all {\s+} $text " "]
    string range [string trim $text] 0 159
}

proc ::verdict::signature {check} {
    stable "[lindex [split [dict get $check req] /] end] missed at step [dict get $check step]: got [dict get $check got]"
}

# The failure block (interface: a failure must explain itself).
proc ::verdict::failure {check meta again} {
    set r [::requirements::get [dict get $check req]]
    dict create req [dict get $check req] rule [dict get $r text] step [dict get $check step] \
        where [dict get $check file]:[dict get $check line] expected [dict get $check expected] \
        got [dict get $check got] means [dict get $meta why] look_at [dict get $meta hint] again $again
}
