# mutate.tcl - programs of edits on a message before it is sealed. What can be edited is asked from the engine
# (`msg fields`), so a payload gets fuzzed because it has a table. Edits are relative (flip, cut, grow): the same program
# fits a message with other keys and nonces, which is what lets a finding be replayed, shortened, and kept over nights.
#
#   {set PATH VALUE} {flip PATH BIT} {cut PATH N} {grow PATH N OCTET} {fill PATH OCTET}      a field
#   {remove P} {double P N} {move P before|after Q} {insert TYPE CRITICAL HEX} {notify TYPE HEX}      payloads
#   {plain-flip BIT} {plain-cut N} {plain-grow N OCTET}      octets inside SK before sealing
#   {wire-flip BIT} {wire-cut N} {wire-grow N OCTET}         octets of the datagram
#
# A target is what the guidance weighs: a path without positions (SA.proposal.transform.id), PAYLOAD:, plain, wire, and what can
# be put in: +critical +unknown (payloads that nobody knows) +status +error (notifies so) +notify +payload (known ones).

namespace eval ::fuzz::mutate {
    variable x 1    ;# state of the generator
    # payload types that no RFC has given out, and a status and an error notify in the private range
    variable unknown_payloads {60 99 127 200 254}
    variable unknown_status {40969 65000}
    variable unknown_error {8200 16000}
}

# --- chance: splitmix64, the same on every machine ------------------------------------------------------------------

proc ::fuzz::mutate::seed {value} { variable x [expr {$value & 0xffffffffffffffff}] }

proc ::fuzz::mutate::random {{below 0}} {
    variable x
    set x [expr {($x + 0x9e3779b97f4a7c15) & 0xffffffffffffffff}]
    set z [expr {(($x ^ ($x >> 30)) * 0xbf58476d1ce4e5b9) & 0xffffffffffffffff}]
    set z [expr {(($z ^ ($z >> 27)) * 0x94d049bb133111eb) & 0xffffffffffffffff}]
    set z [expr {$z ^ ($z >> 31)}]
    expr {$below > 0 ? $z % $below : $z}
}

proc ::fuzz::mutate::pick {list} { lindex $list [random [llength $list]] }

proc ::fuzz::mutate::hex {octets} {
    set out ""
    for {set n 0} {$n < $octets} {incr n} { append out [format %02x [random 256]] }
    return $out
}

# --- targets ----------------------------------------------------------------------------------------------------------

# A path without the positions that tell payloads of a kind apart.
proc ::fuzz::mutate::class {path} {
    regsub -all {\[\d+\]} $path "" path
    regsub -all {\.\d+(?=\.|$)} $path "" path
    return $path
}

# (a list is bent by its entries)
proc ::fuzz::mutate::fields {m} { lmap f [::ike::msg fields $m] { if {[dict get $f kind] eq "list"} continue; set f } }

proc ::fuzz::mutate::targets {m sealed} {
    set found {}
    foreach f [fields $m] {
        set class [class [dict get $f path]]
        # what carries the sealed octets is reached by plain and wire
        if {$class in {SK.data SKF.data}} continue
        dict set found $class 1
    }
    foreach p [payloads $m] { dict set found [class $p]: 1 }
    concat [dict keys $found] {+critical +unknown +status +error +notify +payload wire} [expr {$sealed ? "plain" : {}}]
}

proc ::fuzz::mutate::payloads {m} { lmap p [::ike::msg payloads $m] { if {$p in {SK SKF}} continue; set p } }

# --- making a program -------------------------------------------------------------------------------------------------

# One edit of the target first, sometimes more behind it. M is the honest message.
proc ::fuzz::mutate::program {m target sealed} {
    set program [list [edit $m $target]]
    # an edit alone can be judged most sharply; several together reach farther
    set more [pick {0 0 0 0 1 1 2 4}]
    set all [targets $m $sealed]
    while {$more > 0} {
        incr more -1
        lappend program [edit $m [pick $all]]
    }
    lmap op $program { if {$op eq ""} continue; set op }
}

proc ::fuzz::mutate::edit {m target} {
    switch -glob -- $target {
        plain { return [octets plain 64] }
        wire { return [octets wire 256] }
        +* { return [addition [string range $target 1 end]] }
        *: { return [structure $m [string range $target 0 end-1]] }
    }
    set fields [lmap f [fields $m] { if {[class [dict get $f path]] ne $target} continue; set f }]
    if {![llength $fields]} { return "" }
    set f [pick $fields]
    set path [dict get $f path]
    if {[dict get $f kind] ni {octets tail}} { return [list set $path [number $f]] }
    set len [expr {[dict get $f bits] / 8}]
    # a boundary of every length field on the way, and a few that grow past usual room
    switch [random [expr {$len > 0 ? 5 : 1}]] {
        0 { return [list grow $path [pick {1 1 2 3 4 7 8 16 64 255 256 1000 4000}] [pick {0 0 255 65 128}]] }
        1 { return [list cut $path [pick [list 0 0 1 [expr {$len - 1}] [expr {$len / 2}] [random $len]]]] }
        2 { return [list fill $path [pick {0 255 128 1}]] }
        default { return [list flip $path [random [expr {$len * 8}]]] }
    }
}

# A value of the field that is worth a try: edges, its neighbours, what its registry holds and does not.
proc ::fuzz::mutate::number {f} {
    set bits [dict get $f bits]
    set max [expr {(1 << $bits) - 1}]
    set values [list 0 1 $max [expr {$max - 1}] [expr {$max >> 1}] [expr {($max >> 1) + 1}] [expr {[random] & $max}] [expr {[random] & $max}]]
    set now [dict get $f value]
    if {[string is entier -strict $now]} {
        lappend values [expr {($now + 1) & $max}] [expr {($now - 1) & $max}] [expr {($now << 1) & $max}] [expr {$now ^ (1 << [random $bits])}]
    } elseif {[dict get $f derive] ne ""} {
        # lengths that only encoding knows: small ones cut the structure, others reach beyond it
        lappend values [random [expr {min($max, 64) + 1}]] [random [expr {min($max, 512) + 1}]] 4 8 12
    }
    set registry [dict get $f registry]
    if {$registry ne ""} {
        set known [lmap {- n} [::ike::names $registry] { if {$n > $max} continue; set n }]
        if {[llength $known]} { lappend values [pick $known] [pick $known] [pick $known] }
    }
    set other [lmap v $values { if {$v == $now} continue; set v }]
    pick [expr {[llength $other] ? $other : $values}]
}

proc ::fuzz::mutate::octets {where far} {
    switch [random 4] {
        0 { return [list $where-cut [random $far]] }
        1 { return [list $where-grow [pick {1 2 4 16 255 1024}] [pick {0 255 65}]] }
        2 { return [list $where-flip [expr {-1 - [random 128]}]] }
        default { return [list $where-flip [random [expr {$far * 8}]]] }
    }
}

proc ::fuzz::mutate::addition {what} {
    variable unknown_payloads
    variable unknown_status
    variable unknown_error
    set some [hex [pick {0 0 1 4 8 20}]]
    switch -- $what {
        unknown { return [list insert [pick $unknown_payloads] 0 $some] }
        critical { return [list insert [pick $unknown_payloads] 1 $some] }
        status { return [list notify [pick $unknown_status] $some] }
        error { return [list notify [pick $unknown_error] $some] }
        notify { return [list notify [pick [lmap {- n} [::ike::names notify] { set n }]] $some] }
        default { return [list insert [pick [lmap {- n} [::ike::names payload] { if {$n in {0 46 53}} continue; set n }]] 0 [hex [pick {0 1 4 8 12 16 40}]]] }
    }
}

proc ::fuzz::mutate::structure {m class} {
    set all [payloads $m]
    set of [lmap p $all { if {[class $p] ne $class} continue; set p }]
    if {![llength $of]} { return "" }
    set p [pick $of]
    switch [random 4] {
        0 { return [list remove $p] }
        1 { return [list double $p [pick {1 1 2 5 20 100}]] }
        2 { return [list move $p [pick {before after}] [pick $all]] }
        default { return [list set $p.next [random 256]] }
    }
}

# --- applying ---------------------------------------------------------------------------------------------------------

# The edits of a program that work on the tree. An edit that does not fit this message (any more) does nothing: -> those that did.
proc ::fuzz::mutate::apply {m program} {
    lmap op $program {
        if {[station $op] ne "tree" || [catch { one $m {*}$op }]} continue
        set op
    }
}

proc ::fuzz::mutate::station {op} {
    switch -glob -- [lindex $op 0] { plain-* { return plain } wire-* { return wire } }
    return tree
}

proc ::fuzz::mutate::one {m kind args} {
    lassign $args a b c
    switch -- $kind {
        set { ::ike::msg set $m $a $b }
        flip - cut - grow - fill {
            set octets [binary decode hex [string range [::ike::msg get $m $a] 2 end]]
            ::ike::msg set $m $a 0x[binary encode hex [bytes $kind $octets $b $c]]
        }
        remove { ::ike::msg remove $m $a }
        double { for {set n 0} {$n < $b} {incr n} { ::ike::msg double $m $a } }
        move { if {$a ne $c} { ::ike::msg move $m $a $b $c } }
        insert { ::ike::msg add $m payload($a) -critical $b -body [binary decode hex $c] }
        notify { ::ike::msg add $m N($a) data 0x$b }
    }
}

# The edits of a program that work on octets of that station.
proc ::fuzz::mutate::apply_octets {station octets program} {
    foreach op $program {
        if {[station $op] ne $station} continue
        lassign $op kind a b
        set octets [bytes [lindex [split $kind -] 1] $octets $a $b]
    }
    return $octets
}

# fill: A is the octet; grow: A octets of value B; cut: A octets are left; flip: bit A, counted round; below 0
# from the end, where the checksum is.
proc ::fuzz::mutate::bytes {kind octets a b} {
    set len [string length $octets]
    switch -- $kind {
        fill { return [string repeat [binary format c $a] $len] }
        grow { return $octets[string repeat [binary format c $b] $a] }
        cut { return [string range $octets 0 [expr {min($a, $len) - 1}]] }
    }
    if {$len == 0} { return $octets }
    set at [expr {$a / 8 % $len}]
    binary scan [string index $octets $at] cu was
    string replace $octets $at $at [binary format c [expr {$was ^ (0x80 >> ($a % 8))}]]
}

# --- for people -------------------------------------------------------------------------------------------------------

# What an edit is about, without values: the part of a finding's name that stays the same over nights.
proc ::fuzz::mutate::about {op} {
    lassign $op kind a b
    switch -- $kind {
        insert {
            set known [::ike::names payload $a]
            return "insert-[expr {$known eq "" ? "unknown" : $known}][expr {$b ? "-critical" : ""}]"
        }
        notify {
            set known [::ike::names notify $a]
            return "notify-[expr {$known ne "" ? $known : $a < 16384 ? "unknown-error" : "unknown-status"}]"
        }
        plain-flip - plain-cut - plain-grow - wire-flip - wire-cut - wire-grow { return $kind }
    }
    return "$kind-[class $a]"
}
