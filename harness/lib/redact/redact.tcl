# redact.tcl - other addresses and identities in place of those of a network, the same ones everywhere. What may be said of them
# stays true: two are equal, in one network or domain, or in order as they were; each is as long as it was.
#
# A run is gone over twice by the same procedures. First they learn: `address`, `name` and `value` note what they are given and give
# it back. Then `settle` draws the map, and they give what stands in its place. So nothing can be looked for in one place and
# forgotten in another. wire.tcl brings what is in packets, fields.tcl what is in results.json.
#
# A name is made of labels (user, gate, example, net of user@gate.example.net); each label has one substitute, so that names that
# share a domain go on to share one. In a text a label is found
#   anywhere, when it is long enough and no word that ikespec itself uses (strong);
#   else beside the label that it stood beside in a name (a pair), or alone in quotes, when it was a name of its own.
# What is no text (a hash, a key id, a DN as octets) is a value, known as a whole.

namespace eval ::redact {
    variable here [file dirname [file normalize [info script]]]
    # (numbers of sections, versions and objects look like addresses: each of these is matched whole)
    variable quad {RFC \d+ [\d.]+(?:(?:, | and |, and )[1-9]\d?(?:\.[1-9]\d?)*(?![\d.]*\d))*|rfc\d+/[\d.]+|[sS]ections? [\d.]+|[vV]ersions? [\w.]+|\d+(?:\.\d+){3,}}
    # (RFC 3596 2.5)
    variable nibbles {\m[0-9A-Fa-f](?:\.[0-9A-Fa-f]){31}(?=\.ip6)}
    variable dashed {\d{1,3}(?:-\d{1,3}){3}}
    variable colons {[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}}
    # (one that is cut may end in the middle of an octet)
    variable hex {\m(?:0x)?((?:[0-9A-Fa-f]{2})+)([0-9A-Fa-f]?)\M(\.\.\.)?}
    variable spaced {\m[0-9A-Fa-f]{2}(?:[ :][0-9A-Fa-f]{2}){3,}\M}
    # all but what stands between labels: what is beyond ASCII belongs to one
    variable label {[^\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x9f]+}
    variable long 4            ;# octets of a label that may be looked for on its own
}

proc ::redact::start {} {
    variable learning 1
    variable found {}        ;# addresses: octets -> 1
    variable addresses {}    ;# octets of an address -> those in its place
    variable kinds {}        ;# octets of a value -> what tells what stands in its place
    variable values {}       ;# octets of a value -> those in its place
    variable values_made 0
    variable labels {}       ;# label in lower case -> its substitute
    variable pairs {}        ;# "gate.example": two labels and what is between them, in lower case -> 1
    variable alone {}        ;# names of a single label that is not strong -> 1
    variable maybe {}        ;# hex that is an address if one of its network is known
    variable done            ;# STRICT,TEXT -> what came of it
    array unset done
    public
}

# The words that ikespec itself uses, in requirements, reports and this library: they tell nothing of a network. (Not those of cases,
# to which people add their own.)
proc ::redact::public {} {
    variable words
    if {[info exists words]} return
    set words {}
    foreach folder {cases/requirements cases/bent reports harness/lib} {
        foreach pattern {*.tcl */*.tcl *.css *.js} {
            foreach f [glob -nocomplain -directory [file join $::ikespec::home $folder] $pattern] {
                foreach w [regexp -all -inline {[A-Za-z0-9]+} [::parse::read_file $f]] { dict set words [string tolower $w] 1 }
            }
        }
    }
}

proc ::redact::byte {p at} { binary scan $p @${at}cu b; return $b }
proc ::redact::blank {octets} { string repeat \0 [string length $octets] }

# --- what is learned, and what stands in its place -------------------------------------------------------------------

proc ::redact::address {octets} {
    variable learning
    variable found
    variable addresses
    if {$learning} { dict set found $octets 1; return $octets }
    return [if {[dict exists $addresses $octets]} { dict get $addresses $octets } else { set octets }]
}

# value OCTETS ?AS?: what is no text. AS: a procedure that tells what stands in its place, "" if it cannot; then, and without one, it
# is a number, as long as the value was.
proc ::redact::value {octets {as ""}} {
    variable learning
    variable kinds
    variable values
    # (a filler that a case put there)
    set n [string length $octets]
    if {[string trimleft $octets [string index $octets 0]] eq "" && ($n > 7 || [string trimleft $octets \0] eq "")} { return $octets }
    if {$learning} {
        if {![dict exists $kinds $octets]} {
            dict set kinds $octets $as
            if {$as ne ""} { {*}$as $octets }
        }
        return $octets
    }
    if {[dict exists $values $octets]} { return [dict get $values $octets] }
    if {![dict exists $kinds $octets]} { return [blank $octets] }
    set as [dict get $kinds $octets]
    set new [if {$as ne ""} { {*}$as $octets }]
    if {$new eq ""} { set new [numbered_value $n] }
    dict set values $octets $new
    return $new
}

# The next number, in N octets, that is no value of the run.
proc ::redact::numbered_value {n} {
    variable kinds
    variable values_made
    for {set tries 0} {$tries < 300} {incr tries} {
        set number [binary format W [incr values_made]]
        set new [if {$n > 8} { string cat [string range $number 4 end] [string repeat \0 [expr {$n - 4}]] } else { string range $number end-[expr {$n - 1}] end }]
        if {![dict exists $kinds $new]} break
    }
    return $new
}

# name TEXT: a text that is a name as a whole.
proc ::redact::name {text} {
    variable learning
    variable label
    variable labels
    variable pairs
    variable alone
    variable words
    variable dashed
    set out ""
    set at 0
    set before ""
    foreach pair [regexp -all -inline -indices $label $text] {
        lassign $pair from to
        set l [string range $text $from $to]
        set key [string tolower $l]
        append out [string range $text $at $from-1] [substitute $l]
        if {$learning} {
            if {![dict exists $labels $key]} { dict set labels $key "" }
            # (two labels apart are two names)
            if {$at && $from - $at == 1} { dict set pairs $before[string index $text $at]$key 1 }
        }
        set before $key
        set at [expr {$to + 1}]
    }
    if {$learning && $before ne ""} {
        if {$before eq [string tolower $text]} { dict set alone $before 1 }
        # (a host and a user go by the first part of their name as well, if that is no word of ours)
        if {[regexp {^([[:alnum:]]{2,})[.@]} $text - first] && ![dict exists $words [string tolower $first]] && ![string is digit $first]} {
            dict set alone [string tolower $first] 1
        }
        foreach a [regexp -all -inline $dashed $text] { if {[octets [string map {- .} $a]] ne ""} { address [octets [string map {- .} $a]] } }
    }
    return [append out [string range $text $at end]]
}

# The substitute of a label, as long in UTF-8 as this way to write it.
proc ::redact::substitute {label} {
    variable labels
    set key [string tolower $label]
    if {![dict exists $labels $key] || [dict get $labels $key] eq ""} { return $label }
    return [fit [dict get $labels $key] [string length [encoding convertto utf-8 $label]]]
}
proc ::redact::fit {s n} { string range $s[string repeat x $n] 0 [expr {$n - 1}] }

proc ::redact::strong {label} {
    variable long
    variable words
    set n [string length [encoding convertto utf-8 $label]]
    # (digits may be any number; nobody's name is longer, what a case makes up may be)
    expr {$n >= $long && $n < 256 && ![dict exists $words $label] && (![string is digit $label] || $n > 5)}
}

# --- the map ---------------------------------------------------------------------------------------------------------

proc ::redact::settle {} {
    variable learning
    variable found
    # hex of an address is taken for one when its network is known
    variable maybe
    set networks {}
    foreach a [dict keys $found] { if {![no_host $a]} { dict set networks [network $a] 1 } }
    foreach a [dict keys $maybe] { if {[dict exists $networks [network $a]]} { dict set found $a 1 } }
    settle_addresses
    settle_labels
    set learning 0
    variable done
    array unset done
    settle_patterns
    settle_values
}

# Its first 16 bits, or 48 of IPv6.
proc ::redact::network {address} { string range $address 0 [expr {[string length $address] == 4 ? 1 : 5}] }

# Whether no host has this address: 0... and 255... (a mask) of IPv4, ::, the last of IPv6, and this host itself.
proc ::redact::no_host {a} {
    if {[string length $a] == 4} { return [expr {[string index $a 0] in [list \0 \xff] || $a eq "\x7f\0\0\1"}] }
    expr {[string trimleft $a \0] in [list "" \1] || [string trimleft $a \xff] eq ""}
}

# Each address gets its own, in the order of their numbers. IPv4: the network of 16 bits becomes one of 10/8; IPv6: that of 48 bits
# one of 2001:db8::/32. Below it each number becomes the next one, 0 and the highest stay.
proc ::redact::settle_addresses {} {
    variable found
    variable addresses
    set next {}
    # (lsort compares what a string is made of inside Tcl, where \0 is two octets)
    foreach hex [lsort [lmap a [dict keys $found] { binary encode hex $a }]] {
        set a [binary decode hex $hex]
        if {[no_host $a]} continue
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

# Each label gets one that is no label of the run and no other's; of one or two letters there may be none left but those of others.
proc ::redact::settle_labels {} {
    variable labels
    set given {}
    set next {}          ;# length of a label -> the first number that may not be given yet
    foreach label [dict keys $labels] {
        set n [string length [encoding convertto utf-8 $label]]
        set most [expr {36 ** min($n, 4)}]
        foreach others [list $labels [dict create $label 1] {}] {
            for {set k [expr {$n > 3 && [dict exists $next $n] ? [dict get $next $n] : 1}]} {$k <= $most} {incr k} {
                set new [spelled $k $n]
                if {![dict exists $given $new] && ![dict exists $others $new]} break
            }
            if {$k <= $most} break
        }
        dict set given $new 1
        dict set next $n [expr {$k + 1}]
        dict set labels $label $new
    }
}

# The k-th label of n octets: n1xx, n2xx, ...; of less than four, and when these are used up: a, b, ..., aa, ab, ...
proc ::redact::spelled {k n} {
    if {$n >= 4 && [string length n$k] <= $n} { return [fit n$k $n] }
    set digits abcdefghijklmnopqrstuvwxyz0123456789
    set out ""
    for {incr k -1} {[string length $out] < $n} {set k [expr {$k / 36}]} { set out [string index $digits [expr {$k % 36}]]$out }
    return $out
}

proc ::redact::settle_values {} {
    variable kinds
    variable heads {}    ;# first octets of a value -> values: one that is cut is found by them
    foreach octets [dict keys $kinds] {
        value $octets
        dict lappend heads [string range $octets 0 3] $octets
    }
}

# What labels look like in texts and, as UTF-8, in octets.
proc ::redact::settle_patterns {} {
    variable label
    variable labels
    variable pairs
    variable words
    variable addresses
    variable in               ;# text,KEY and octets,KEY: label (a pattern), substitutes, pairs, strongs (a pattern), seen (either)
    variable seen_addresses
    foreach domain {text octets} {
        set as [expr {$domain eq "text" ? "::redact::as_text" : "::redact::as_octets"}]
        set anywhere {}
        set whole {}
        set in($domain,substitutes) {}
        dict for {l new} $labels {
            dict set in($domain,substitutes) [$as $l] $new
            if {![strong $l]} continue
            # (it may be part of a number)
            if {[regexp {^[0-9a-f]+$} $l]} { lappend whole $l } else { lappend anywhere [$as $l] }
        }
        set in($domain,pairs) {}
        foreach p [dict keys $pairs] {
            # (1.0 is in many texts, three octets are in any)
            if {![telling $p $domain]} continue
            # (nor do two words of ours tell anything)
            if {[regexp {^(.*) (.*)$} $p - a b] && [dict exists $words $a] && [dict exists $words $b]} continue
            dict set in($domain,pairs) [$as $p] 1
        }
        set in($domain,strongs) (?i)[one_of $anywhere $whole]
        set in($domain,seen) (?i)[one_of [concat $anywhere [dict keys $in($domain,pairs)]] $whole]
    }
    set in(text,labels) [list $label]
    # (among octets a name may stand beside what is no text)
    set in(octets,labels) {{[0-9A-Za-z\x80-\xff]+} {[0-9A-Za-z]+}}
    set seen_addresses [one_of [dict keys $addresses]]
}
proc ::redact::telling {pair domain} {
    set n [string length $pair]
    expr {[regexp {[[:alpha:]]} $pair] ? $domain eq "text" || $n > 4 : $n > 6}
}
proc ::redact::as_text {s} { return $s }
proc ::redact::as_octets {s} { string tolower [encoding convertto utf-8 $s] }

# one_of ANYWHERE WORDS -> a pattern; one that matches nothing when there are none
proc ::redact::one_of {anywhere {words {}}} {
    set parts [lmap w $anywhere { literal $w }]
    if {[llength $words]} { lappend parts \\m(?:[join [lmap w $words { literal $w }] |])\\M }
    expr {[llength $parts] ? "(?:[join $parts |])" : {[^\u0000-\uffff]}}
}
proc ::redact::literal {s} {
    join [lmap c [split $s ""] { if {[string match {[A-Za-z0-9]} $c]} { set c } else { format \\u%04x [scan $c %c] } }] ""
}

# --- texts -----------------------------------------------------------------------------------------------------------

# text S ?STRICT?: a text that may hold anything. STRICT: nobody knows who wrote it, so a name is replaced where it is a word
# of ours as well.
proc ::redact::text {s {strict 0}} {
    variable learning
    variable done
    if {[info exists done($strict,$s)]} { return $done($strict,$s) }
    set out [labelled [hexed [numbered $s]] $strict]
    return [set done($strict,$s) [if {$learning} { set s } else { set out }]]
}

# Addresses as they are written.
proc ::redact::numbered {s} {
    variable quad
    variable nibbles
    variable dashed
    variable colons
    variable learning
    if {[regexp $quad $s]} { set s [each_match $quad $s { quad $it [string is alpha -strict $before] }] }
    if {!$learning && [regexp $dashed $s]} {
        set s [each_match $dashed $s {
            set a [octets [string map {- .} $it]]
            if {$a eq "" || [address $a] eq $a || [regexp {[\d-]} $before$after]} { set it } else { string map {. -} [shown [address $a]] }
        }]
    }
    if {[regexp $nibbles $s]} {
        set s [each_match $nibbles $s {
            set a [binary decode hex [string reverse [string map {. ""} $it]]]
            regsub -all {.(?!$)} [string reverse [binary encode hex [address $a]]] {&.}
        }]
    }
    if {[regexp {:.*:} $s]} {
        set s [each_match $colons $s {
            set within [regexp {[0-9A-Za-z]} $before$after]
            if {[set a [groups $it]] ne ""} { written $it $a $within } elseif {!$within && [regexp {^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$} $it]} {
                # a MAC
                regsub -all {..(?!$)} [binary encode hex [value [binary decode hex [string map {: ""} $it]]]] {&:}
            } else { set it }
        }]
    }
    return $s
}

# Numbers with dots: an address, perhaps with a port behind a fifth dot; what is known as one may be padded with zeros.
proc ::redact::quad {s within} {
    variable learning
    if {![regexp {^(\d+\.\d+\.\d+\.\d+)(\.\d+)?$} $s - quad port] || [regexp {^(1\.3\.6\.1|2\.5\.\d+\.\d+)(\.|$)} $s]} { return $s }
    if {!$learning} { regsub -all {\m0+(?=\d)} $quad "" plain } else { set plain $quad }
    return [written $quad [octets $plain] $within]$port
}

# written S OCTETS WITHIN: an address that reads S; within a word it is one only if it is known.
proc ::redact::written {s octets within} {
    variable learning
    if {$octets eq "" || ($learning && $within)} { return $s }
    set new [address $octets]
    return [expr {$new eq $octets ? $s : [shown $new]}]
}

# Octets as they are written.
proc ::redact::hexed {s} {
    variable learning
    variable hex
    variable spaced
    set s [each_match $hex $s {
        regexp $hex $it - digits half cut
        # (a number, or a word of few letters)
        if {[string length $digits] < 8 && ![string match 0x* $it]} { set it } elseif {[regexp {^[1-9]\d{7,9}$} $it] && [set new [decimal $it]] ne $it} { set new } else {
            if {$learning && [string is digit $it]} { set it } else {
                string cat [if {[string match 0x* $it]} { set - 0x }] [digits $digits$half [expr {$cut ne ""}]] $cut
            }
        }
    }]
    if {[regexp $spaced $s]} {
        set s [each_match $spaced $s {
            set by [string index $it 2]
            regsub -all {..(?!$)} [digits [string map [list $by ""] $it] 0] &$by
        }]
    }
    return $s
}

# A number that is a known address of IPv4.
proc ::redact::decimal {n} {
    variable learning
    set a [binary format I $n]
    if {$learning || $n >> 32 || [address $a] eq $a} { return $n }
    binary scan [address $a] Iu new
    return $new
}

# digits HEX CUT: the digits of octets, the last of them perhaps half an octet when they are cut.
proc ::redact::digits {digits cut} {
    variable learning
    variable maybe
    set octets [binary decode hex [string range $digits 0 [expr {[string length $digits] / 2 * 2 - 1}]]]
    if {$learning} {
        if {[string length $digits] in {8 32}} { dict set maybe $octets 1 }
        return $digits
    }
    set new [if {$cut || [string length $digits] % 2} { beginning $octets $digits } else { octets_of $octets }]
    set out [binary encode hex $new][if {[string length $digits] % 2} { string index $digits end }]
    if {$new eq $octets} { return $digits }
    return [string range $out 0 [expr {[string length $digits] - 1}]]
}

# octets_of OCTETS: what is a value or an address, or holds names or addresses.
proc ::redact::octets_of {octets} {
    variable values
    variable addresses
    if {[dict exists $values $octets]} { return [dict get $values $octets] }
    if {[dict exists $addresses $octets]} { return [dict get $addresses $octets] }
    return [kept $octets]
}

# The beginning of octets that begin as these digits do.
proc ::redact::beginning {octets digits} {
    variable heads
    set head [string range $octets 0 3]
    if {[dict exists $heads $head]} {
        foreach v [dict get $heads $head] {
            if {[string equal -nocase [string range [binary encode hex $v] 0 [string length $digits]-1] $digits]} {
                return [string range [octets_of $v] 0 [expr {[string length $digits] / 2}]]
            }
        }
    }
    return [kept $octets]
}

# Octets that say nothing of a network but for a name or an address that may stand in them.
proc ::redact::kept {octets} {
    variable learning
    variable seen_addresses
    if {$learning} { return $octets }
    set octets [labels_in octets $octets]
    if {[regexp $seen_addresses $octets]} { set octets [each_match $seen_addresses $octets { address $it }] }
    return $octets
}

# each_match PATTERN S BODY -> S with what BODY makes of each match (`it`, between the characters `before` and `after`).
proc ::redact::each_match {pattern s body} {
    upvar 1 it it before before after after from from
    set out ""
    set at 0
    foreach {from to} [matches $pattern $s] {
        set it [string range $s $from $to]
        set before [string index $s $from-1]
        set after [string index $s $to+1]
        append out [string range $s $at $from-1] [uplevel 1 $body]
        set at [expr {$to + 1}]
    }
    if {!$at} { return $s }
    return [append out [string range $s $at end]]
}

# -> {from to from to ...} of all matches
proc ::redact::matches {pattern s} {
    variable groups
    if {![info exists groups($pattern)]} { set groups($pattern) [expr {[lindex [regexp -about $pattern] 0] + 1}] }
    set out {}
    set n 0
    foreach pair [regexp -all -inline -indices $pattern $s] { if {$n % $groups($pattern) == 0} { lappend out {*}$pair }; incr n }
    return $out
}

# Labels: strong ones, pairs, and names of one label behind a quote, a sign or a colon; STRICT: anywhere.
proc ::redact::labelled {s strict} {
    variable learning
    variable alone
    if {$learning} { return $s }
    set quoted [regexp {["'=:<@]} $s]
    return [labels_in text $s [if {[dict size $alone] && ($strict || $quoted)} { expr {$strict ? "anywhere" : "quoted"} }]]
}

# labels_in text|octets S ?LONELY?: LONELY: quoted or anywhere, where a name of one label is one.
proc ::redact::labels_in {domain s {lonely ""}} {
    variable in
    variable alone
    if {$lonely eq "" && ![regexp $in($domain,seen) $s]} { return $s }
    foreach label $in($domain,labels) {
        set hit [paired $domain $label $s]
        if {$lonely ne "" || [dict size $hit]} {
            set s [each_match $label $s {
                if {($lonely ne "" && [dict exists $alone [string tolower $it]] && [alone $it $lonely $before $after]) || [dict exists $hit $from]} { instead $domain $it } else { set it }
            }]
        }
    }
    return [each_match $in($domain,strongs) $s {
        if {[in_ours $s $from [expr {$from + [string length $it]}]]} { set it } else { instead $domain $it }
    }]
}

# Whether the name IT, known to be one, is one here. (A single letter or digit is a word or a number wherever it is not in quotes.)
proc ::redact::alone {it lonely before after} {
    set quoted [regexp {["'=:<@]} $before]
    if {[string length $it] == 1 || [string is digit $it]} { return [expr {$quoted && ($after eq "" || [regexp {["'>,;]} $after])}] }
    return [expr {$quoted || $lonely eq "anywhere"}]
}

# in_ours S FROM END: whether what is there is only a piece of a word of ours.
proc ::redact::in_ours {s from end} {
    variable words
    if {![string match {[A-Za-z0-9]} [string index $s $from-1]] && ![string match {[A-Za-z0-9]} [string index $s $end]]} { return 0 }
    # (words of ours are short)
    regexp {[A-Za-z0-9]*$} [string range $s [expr {max(0, $from - 40)}] $from-1] head
    regexp {^[A-Za-z0-9]*} [string range $s $end $end+40] tail
    return [dict exists $words [string tolower $head[string range $s $from $end-1]$tail]]
}

proc ::redact::instead {domain label} {
    variable in
    set n [string length [if {$domain eq "text"} { encoding convertto utf-8 $label } else { set label }]]
    set key [string tolower $label]
    # (a letter may have capitals that have another small letter: those of a final sigma)
    fit [if {[dict exists $in($domain,substitutes) $key]} { dict get $in($domain,substitutes) $key }] $n
}

# paired DOMAIN LABEL S -> where labels (as the pattern LABEL has them) begin that stand beside one that they stood beside in a name
proc ::redact::paired {domain label s} {
    variable in
    set hit {}
    set last -9
    foreach {from to} [matches $label $s] {
        set l [string tolower [string range $s $from $to]]
        if {$from - $last == 2 && [dict exists $in($domain,pairs) $before[string index $s $last+1]$l]} {
            dict set hit $start 1
            dict set hit $from 1
        }
        set before $l
        set start $from
        set last $to
    }
    return $hit
}

# left OCTETS KIND -> what was learned and still stands in a file: labels; in a text that is not one of a format (which has words of its
# own), pairs as well; in any but a capture (where they may stand by chance), addresses.
proc ::redact::left {octets kind} {
    variable in
    variable addresses
    variable quad
    set out {}
    if {[regexp $in(octets,seen) $octets]} {
        foreach {from to} [matches $in(octets,strongs) $octets] {
            # (four given octets are in a big capture by chance)
            if {($kind eq "capture" && $to - $from < 4) || [in_ours $octets $from [expr {$to + 1}]]} continue
            lappend out [string range $octets $from $to]
        }
        if {$kind eq "text"} { dict for {at -} [paired octets [lindex $in(octets,labels) 0] $octets] { lappend out [string range $octets $at $at+15] } }
    }
    if {$kind ne "capture"} {
        set made [lreverse $addresses]
        foreach a [lsort -unique [regexp -all -inline $quad $octets]] {
            set a [octets $a]
            if {[dict exists $addresses $a] && ![dict exists $made $a]} { lappend out [shown $a] }
        }
    }
    return $out
}

# --- addresses, read and written -------------------------------------------------------------------------------------

# "10.9.0.1" -> octets, or ""
proc ::redact::octets {a} {
    set parts [split $a .]
    if {[llength $parts] != 4 || [llength [lmap n $parts { if {$n <= 255 && [scan $n %d] eq $n} continue; set n }]]} { return "" }
    return [binary format c4 $parts]
}

# "2a02:8108:1::9" -> octets, or "" (RFC 4291 2.2; the part with dots is an IPv4 address of its own)
proc ::redact::groups {s} {
    set halves [split [string map {:: \1} $s] \1]
    if {[llength $halves] > 2 || [string match *:::* $s]} { return "" }
    lassign [lmap h $halves { split $h : }] a b
    set n [expr {[llength $a] + [llength $b]}]
    if {"" in [concat $a $b] || [expr {[llength $halves] == 2 ? $n > 7 : $n != 8}]} { return "" }
    return [binary format S* [lmap x [concat $a [lrepeat [expr {8 - $n}] 0] $b] { scan $x %x }]]
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

source [file join $::redact::here wire.tcl]
source [file join $::redact::here fields.tcl]
