# message.tcl - the word msg: messages as trees, by the engine's commands, and what cases make of them over and over.

namespace eval ::message {
    variable engine {
        new set add remove move double config copy get exists header chain tree payloads paths fields encode lint decode
    }
    variable ours {attributes futile has transforms}
}

# Those that change a message give its handle back.
proc ::message::word {words} {
    variable engine
    variable ours
    set rest [lassign $words sub]
    if {$sub in $ours} { return [$sub {*}$rest] }
    if {$sub ni $engine} { ::case::usage [::parse::unknown "word after msg" $sub [concat $engine $ours]] }
    set result [::ike::msg $sub {*}$rest]
    if {$sub in {set add remove move double config}} { return [lindex $rest 0] }
    return $result
}

proc ::message::has {args} { ::rx::has {*}$args }

# msg attributes M: what its configuration payloads hold: {TYPE VALUE ...}, the values in hexadecimal digits.
proc ::message::attributes {m} {
    set out {}
    foreach p [::ike::msg paths $m] {
        lassign $p path value
        if {[regexp {^CP\M.*attribute\[\d+\]\.(type|value)$} $path - field]} {
            lappend out [if {$field eq "value"} { string range $value 2 end } { set value }]
        }
    }
    return $out
}

# msg futile ?OCTETS?: a whole request for a Child SA with a cipher that nobody knows, so many octets longer by a notify
# that means nothing. A good device refuses it, and all stays as it is.
proc ::message::futile {{octets 0}} {
    set m [::ike::msg new CREATE_CHILD_SA request]
    # ESP, SPI deadbeef: ENCR 65000, no ESN
    ::ike::msg add $m SA -body [binary decode hex 0000001c01030402deadbeef030000080100fde80000000805000000]
    ::ike::msg add $m Nonce data 0x[string repeat 6e 32]
    # 10.1.0.0 to 10.1.0.255
    foreach ts {TSi TSr} { ::ike::msg add $m $ts -body [binary decode hex 01000000070000100000ffff0a0100000a0100ff] }
    ::ike::msg add $m N(40000) data 0x[string repeat 5a $octets]
    return $m
}

# msg transforms M ?PROPOSAL?: the transforms of a proposal of its SA payload (counted from 1, else the first): a list
# of {TYPE ID KEYLEN}, the key length 0 where none is said.
proc ::message::transforms {m {proposal 1}} {
    set found {}
    for {set t 1} {[::ike::msg exists $m SA.$proposal.$t]} {incr t} {
        set at SA.$proposal.$t
        set bits 0
        catch { set bits [::ike::msg get $m $at.keylen] }
        lappend found [list [::ike::msg get $m $at.type] [::ike::msg get $m $at.id] $bits]
    }
    return $found
}
