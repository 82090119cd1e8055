# redact.tcl - other addresses and identities in place of those of a network, the same ones everywhere: in the text of a run folder
# and in its clear captures. What may be said of an address stays true: two are equal, in one network, or in order as they were.
#
# What is known of a run is learned from its clear captures (IP headers, ID, TS, CP, EAP and N payloads) and from the texts
# of its results; certificates are blanked, since nobody can tell what they name.

namespace eval ::redact {
    variable keep {0.0.0.0 255.255.255.255 127.0.0.1}
    variable quad {\m\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\M}
    variable hex {\m(?:0x)?((?:[0-9a-f]{2}){4,})[0-9a-f]?\M}    ;# (a long one may be cut anywhere)
}

# --- pcapng, as our writer makes it (big endian, raw IP) -------------------------------------------------------------

# each FILE VAR BODY: BODY for the octets of each packet; what it leaves in VAR is written to TO, when that is given.
proc ::redact::each {file packetVar body {to ""}} {
    upvar 1 $packetVar packet
    set f [open $file rb]
    set all [read $f]
    close $f
    set out ""
    for {set at 0} {$at + 12 <= [string length $all]} {incr at $len} {
        binary scan $all @${at}IuIu type len
        if {$len < 12 || $len % 4 || $at + $len > [string length $all]} { error "$file: not a capture that ikespec wrote, at octet $at" }
        set block [string range $all $at [expr {$at + $len - 1}]]
        if {$type == 6} {
            binary scan $block @20IuIu cap orig
            set packet [string range $block 28 [expr {27 + $cap}]]
            uplevel 1 $body
            set rest [string range $block [expr {28 + ($cap + 3) / 4 * 4}] end-4]
            set block [epb [string range $block 8 19] $packet [comments $rest]]
        }
        append out $block
    }
    if {$to ne ""} {
        set f [open $to wb]
        puts -nonewline $f $out
        close $f
    }
}

proc ::redact::epb {head packet options} {
    set n [string length $packet]
    set body $head[binary format II $n $n]$packet[string repeat \0 [expr {-$n & 3}]]$options
    set len [expr {[string length $body] + 12}]
    return [binary format II 6 $len]$body[binary format I $len]
}

# The options of a packet with the words of its comments rewritten.
proc ::redact::comments {options} {
    set out ""
    while {[binary scan $options SuSu code len] == 2 && $code != 0} {
        set value [string range $options 4 [expr {3 + $len}]]
        set options [string range $options [expr {4 + ($len + 3) / 4 * 4}] end]
        if {$code == 1} { set value [encoding convertto utf-8 [text [encoding convertfrom utf-8 $value]]] }
        set n [string length $value]
        append out [binary format SS $code $n]$value[string repeat \0 [expr {-$n & 3}]]
    }
    return [expr {$out eq "" ? "" : "$out[binary format I 0]"}]
}

# --- what is in a packet ---------------------------------------------------------------------------------------------

# ip PACKET -> {source destination protocol at} with the offset of what it carries, or {}
proc ::redact::ip {p} {
    binary scan $p cu first
    if {[string length $p] >= 20 && $first >> 4 == 4} {
        return [list [string range $p 12 15] [string range $p 16 19] [byte $p 9] [expr {($first & 15) * 4}]]
    }
    if {[string length $p] >= 40 && $first >> 4 == 6} { return [list [string range $p 8 23] [string range $p 24 39] [byte $p 6] 40] }
}
proc ::redact::byte {p at} { binary scan $p @${at}cu b; return $b }

# ike PACKET -> offset of the IKE header in an IP packet that carries a message, or -1
proc ::redact::ike {p} {
    lassign [ip $p] - - proto at
    if {$proto != 17 || [string length $p] < $at + 8 + 28} { return -1 }
    binary scan $p @${at}SuSu from to
    incr at 8
    if {4500 in [list $from $to] || [string range $p $at $at+3] eq "\0\0\0\0"} {
        if {[string range $p $at $at+3] ne "\0\0\0\0"} { return -1 }
        incr at 4
    }
    if {[string length $p] < $at + 28 || [byte $p [expr {$at + 17}]] >> 4 != 2} { return -1 }
    return $at
}

# payloads PACKET VARS BODY: BODY for each payload of the message in it: its type, the offset of its body, its length.
proc ::redact::payloads {p vars body} {
    upvar 1 {*}[concat {*}[lmap here {t o l} there $vars { list $there $here }]]
    set at [ike $p]
    if {$at < 0} return
    set t [byte $p [expr {$at + 16}]]
    incr at 28
    while {$t != 0 && $at + 4 <= [string length $p]} {
        binary scan $p @${at}cux1Su next len
        if {$len < 4 || $at + $len > [string length $p]} break
        set o [expr {$at + 4}]
        set l [expr {$len - 4}]
        uplevel 1 $body
        # what is sealed is opaque, and nothing comes after it
        if {$t in {46 53}} break
        set t $next
        incr at $len
    }
}

# --- learning --------------------------------------------------------------------------------------------------------

proc ::redact::start {} {
    variable addresses {}    ;# octets of an address -> octets in its place
    variable names {}        ;# identity -> identity of the same length
    variable found {}
}

proc ::redact::address {octets} {
    variable found
    if {[string length $octets] in {4 16}} { dict set found $octets 1 }
}

proc ::redact::identity {s} {
    variable names
    # (short words and our own name are in other texts as well)
    if {[string length $s] < 4 || $s in {ikespec} || [dict exists $names $s]} return
    set n [expr {[dict size $names] + 1}]
    dict set names $s [string range "id$n[string repeat x [string length $s]]" 0 [string length $s]-1]
}

# All that a clear capture tells.
proc ::redact::learn {file} {
    each $file p {
        lassign [ip $p] from to proto
        address $from
        address $to
        payloads $p {type at len} {
            set body [string range $p $at [expr {$at + $len - 1}]]
            switch -- $type {
                35 - 36 { learn_id [byte $body 0] [string range $body 4 end] }
                44 - 45 { learn_selectors $body }
                41 { if {[binary scan $body @2Su n] && $n in {16397 16398}} { address [string range $body 4 end] } }
                47 { learn_config $body }
                48 { if {[binary scan $body cux3cu code kind] == 2 && $code == 2 && $kind == 1} { identity [string range $body 5 end] } }
            }
        }
    }
}

proc ::redact::learn_id {type data} {
    switch -- $type {
        1 - 5 { address $data }
        2 - 3 - 11 { if {[regexp {^[ -~]+$} $data]} { identity $data; if {[regexp {@(.+)$} $data -> host]} { identity $host } } }
        9 - 10 { foreach s [strings $data] { identity $s } }
    }
}

# The strings of a name in DER: UTF8String, PrintableString, IA5String.
proc ::redact::strings {der} {
    set out {}
    for {set at 0} {$at + 2 < [string length $der]} {incr at} {
        if {[byte $der $at] ni {12 19 22}} continue
        set n [byte $der [expr {$at + 1}]]
        set s [string range $der $at+2 [expr {$at + 1 + $n}]]
        if {$n >= 4 && [string length $s] == $n && [regexp {^[ -~]+$} $s]} { lappend out $s; incr at [expr {$n + 1}] }
    }
    return $out
}

proc ::redact::learn_selectors {body} {
    for {set at 4} {$at + 8 <= [string length $body]} {incr at $len} {
        binary scan $body @${at}cucuSu type proto len
        if {$len < 16} break
        set half [expr {($len - 8) / 2}]
        address [string range $body $at+8 [expr {$at + 7 + $half}]]
        address [string range $body [expr {$at + 8 + $half}] [expr {$at + 7 + 2 * $half}]]
    }
}

proc ::redact::learn_config {body} {
    for {set at 4} {$at + 4 <= [string length $body]} {incr at [expr {4 + $len}]} {
        binary scan $body @${at}SuSu type len
        set value [string range $body $at+4 [expr {$at + 3 + $len}]]
        # addresses and servers; a netmask is none
        if {$type in {1 3 4 6 13}} { address [string range $value 0 3] }
        if {$type in {8 10 12 15}} { address [string range $value 0 15] }
    }
}

# Addresses in a text that says what was seen; numbers of sections look alike.
proc ::redact::learn_text {s} {
    variable quad
    regsub -all {RFC \d+ [\d.]+|rfc\d+/[\d.]+|\m[vV]?ersion \S+} $s "" s
    foreach a [regexp -all -inline $quad $s] { if {[set octets [octets $a]] ne ""} { address $octets } }
}

# What a case changed: an identity that was never sent is in no capture.
proc ::redact::learn_bend {path old new} {
    variable hex
    learn_text "$old $new"
    if {![regexp {^(.*\.)?ID[ir]\.data$} $path]} return
    foreach value [list $old $new] {
        if {[regexp ^$hex $value - octets]} { learn_id 2 [binary decode hex $octets] }
    }
}

proc ::redact::octets {a} {
    set parts [split $a .]
    if {[llength [lmap n $parts { if {$n <= 255 && [scan $n %d] eq $n} continue; set n }]]} { return "" }
    return [binary format c4 $parts]
}

# --- the map ---------------------------------------------------------------------------------------------------------

# settle: each address that was learned gets its own, in the order of their numbers. IPv4: the network of 16 bits becomes one of
# 10/8; IPv6: that of 48 bits one of 2001:db8::/32. Below it each number becomes the next one, 0 and the highest stay.
proc ::redact::settle {} {
    variable found
    variable addresses
    variable keep
    set addresses {}
    set next {}
    set kept [lmap a $keep { octets $a }]
    foreach a [lsort -command {apply {{a b} { string compare [binary encode hex $a] [binary encode hex $b] }}} [dict keys $found]] {
        if {$a in $kept || [string trimleft $a \0] in [list "" \1]} continue
        if {[string length $a] == 4} { set form cu; set head 2; set new 10; set top 255 } else { set form Su; set head 3; set new {8193 3512}; set top 65535 }
        binary scan $a ${form}* parts
        set path [list $head {*}[lrange $parts 0 $head-1]]
        set n [number next $head $path]
        # (more networks than 10/8 has go on behind it)
        if {$head == 2} { set new [expr {10 + ($n - 1) / 254}]; lappend new [expr {($n - 1) % 254 + 1}] } else { lappend new $n }
        foreach n [lrange $parts $head end] {
            set under $path
            lappend path $n
            lappend new [expr {$n in [list 0 $top] ? $n : [number next $under $path]}]
        }
        dict set addresses $a [binary format [string index $form 0]* $new]
    }
}

# The number of a path below another: counted from 1, always the same for the same path.
proc ::redact::number {nextVar under path} {
    upvar 1 $nextVar next
    if {![dict exists $next $path]} {
        set key [list count $under]
        dict incr next $key
        dict set next $path [dict get $next $key]
    }
    return [dict get $next $path]
}

proc ::redact::shown {octets} {
    if {[string length $octets] == 4} { binary scan $octets cu4 n; return [join $n .] }
    binary scan $octets Su8 n
    return [compress [lmap x $n { format %x $x }]]
}

# RFC 5952: the longest run of zeros of two or more, the first of several.
proc ::redact::compress {groups} {
    set best {0 1}
    for {set i 0} {$i < 8} {incr i} {
        for {set n 0} {$i + $n < 8 && [lindex $groups $i+$n] eq "0"} {incr n} {}
        if {$n > [lindex $best 1]} { set best [list $i $n] }
    }
    lassign $best i n
    if {$n < 2} { return [join $groups :] }
    return "[join [lrange $groups 0 $i-1] :]::[join [lrange $groups $i+$n end] :]"
}

# text S -> S with what was learned replaced.
proc ::redact::text {s} {
    variable addresses
    variable names
    variable quad
    set out ""
    set at 0
    foreach pair [regexp -all -inline -indices $quad $s] {
        lassign $pair from to
        set a [octets [string range $s $from $to]]
        append out [string range $s $at $from-1]
        append out [if {$a ne "" && [dict exists $addresses $a]} { shown [dict get $addresses $a] } { string range $s $from $to }]
        set at [expr {$to + 1}]
    }
    append out [string range $s $at end]
    return [hexed [string map [map shown] $out]]
}

# hexed S -> S with what was learned replaced where its octets are written as hex: what a field that is no text holds.
proc ::redact::hexed {s} {
    variable hex
    set map [map octets]
    set out ""
    set at 0
    foreach {- pair} [regexp -all -inline -indices $hex $s] {
        lassign $pair from to
        set octets [binary decode hex [string range $s $from $to]]
        append out [string range $s $at $from-1]
        set new [string map $map $octets]
        append out [if {$new eq $octets} { string range $s $from $to } { binary encode hex $new }]
        set at [expr {$to + 1}]
    }
    return [append out [string range $s $at end]]
}

# map HOW -> names and addresses for `string map`: as octets, or as they are written (those of IPv6; of the others text sees to
# it that they are whole). Long ones first: one may be the beginning of another.
proc ::redact::map {how} {
    variable addresses
    variable names
    set pairs [lmap {a b} $names { list $a $b }]
    dict for {a b} $addresses {
        if {$how eq "octets"} { lappend pairs [list $a $b] } elseif {[string length $a] == 16} { lappend pairs [list [shown $a] [shown $b]] }
    }
    return [concat {*}[lsort -command {apply {{a b} { expr {[string length [lindex $b 0]] - [string length [lindex $a 0]]} }}} $pairs]]
}

# capture FROM TO: the same capture, with what was learned replaced in headers and payloads, and the checksums made right.
proc ::redact::capture {from to} {
    set map [map octets]
    each $from p {
        payloads $p {type at len} {
            if {$type == 37 && $len > 1} { set p [string replace $p $at+1 [expr {$at + $len - 1}] [string repeat \0 [expr {$len - 1}]]] }
        }
        set p [checksums [string map $map $p]]
    } $to
}

proc ::redact::sum {octets} {
    if {[string length $octets] % 2} { append octets \0 }
    binary scan $octets Su* words
    set sum 0
    foreach w $words { incr sum $w }
    while {$sum >> 16} { set sum [expr {($sum & 0xffff) + ($sum >> 16)}] }
    return [expr {~$sum & 0xffff}]
}

proc ::redact::checksums {p} {
    lassign [ip $p] from to proto at
    if {$proto eq ""} { return $p }
    if {[string length $from] == 4} {
        set header [string replace [string range $p 0 $at-1] 10 11 \0\0]
        set p [string replace $p 10 11 [binary format S [sum $header]]]
    }
    # offset of the checksum in the header of what is carried
    if {![dict exists {17 6 6 16 58 2} $proto]} { return $p }
    set field [expr {$at + [dict get {17 6 6 16 58 2} $proto]}]
    if {[string length $p] < $field + 2 || ($proto == 17 && [string range $p $field $field+1] eq "\0\0")} { return $p }
    set body [string range [string replace $p $field $field+1 \0\0] $at end]
    set sum [sum $from$to[binary format II [string length $body] $proto]$body]
    return [string replace $p $field $field+1 [binary format S [expr {$sum == 0 && $proto == 17 ? 0xffff : $sum}]]]
}
