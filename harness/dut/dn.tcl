# dn.tcl - a distinguished name in DER, as setups have it, becomes the parts that a device's configuration is written in.
# Only names that mean the same octets again: one attribute in each part, of a type with a common short name, text in the
# characters that no device's notation has another use for.

namespace eval ::dn {
    # X.520 2.5.4.*
    variable types {550403 CN 550406 C 550407 L 550408 ST 55040a O 55040b OU}
}

# One element of DER off the front of octets: -> {TAG CONTENT REST}, {} when there is none whole.
proc ::dn::element {octets} {
    if {[binary scan $octets cucu tag length] != 2} return
    set from 2
    if {$length == 0x81} {
        if {[binary scan $octets x2cu length] != 1} return
        set from 3
    } elseif {$length > 0x7f} return
    if {[string length $octets] < $from + $length} return
    list $tag [string range $octets $from [expr {$from + $length - 1}]] [string range $octets [expr {$from + $length}] end]
}

# The content of the only element in octets, which has that tag; an error otherwise.
proc ::dn::only {octets tag} {
    lassign [element $octets] is content rest
    if {$is ne $tag || $rest ne ""} { error "no such element" }
    return $content
}

# 0x and the digits of a Name (RFC 5280 4.1.2.4) -> {TYPE TEXT ...}, {} when it is more than that.
proc ::dn::parts {value} {
    variable types
    set parts {}
    if {![regexp {^0x((?:[0-9A-Fa-f]{2})+)$} $value - digits]} return
    if {[catch {
        set rest [only [binary decode hex $digits] 48]
        while {$rest ne ""} {
            lassign [element $rest] tag set rest
            if {$tag ne 49} { error "no set" }
            lassign [element [only $set 48]] tag oid text
            lassign [element $text] kind text more
            # UTF8String or PrintableString
            if {$tag ne 6 || $kind ni {12 19} || $more ne "" || ![regexp {^[A-Za-z0-9]([A-Za-z0-9 ._-]*[A-Za-z0-9])?$} $text]} { error "odd" }
            lappend parts [dict get $types [binary encode hex $oid]] $text
        }
    }]} return
    return $parts
}
