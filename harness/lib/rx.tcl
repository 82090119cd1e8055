# rx.tcl - what came in: finds the next message a case asks for among the device's traffic, passes over what
# a good peer sends anyway, and judges the message by checks.

namespace eval ::rx {
    variable check_words {must should may}
    variable forms {has lacks one-of field true empty critical}
}

# --- static part --------------------------------------------------------------------------------------

# A check of an rx block: word REQ form ..., as words with places.
proc ::rx::lint_check {words file} {
    variable check_words
    variable forms
    lassign [lindex $words 0] word - line col
    if {![::testcase::late $word] && $word ni $check_words} { ::parse::fail $file $line $col [::parse::unknown check $word $check_words] }
    if {[llength $words] < 3} {
        ::parse::fail $file $line $col "should be: $word REQ [join $forms |] ..."
    }
    lassign [lindex $words 2] form - line col
    if {[::testcase::late $form]} return
    if {$form ni $forms} { ::parse::fail $file $line $col [::parse::unknown "form of check" $form $forms] }
    set n [llength $words]
    set want [dict get {has 4 lacks 4 one-of 4 field 6 true 4 empty 3 critical 4} $form]
    if {$n != $want} {
        ::parse::fail $file $line $col \
            "\"$form\" takes [dict get {has {a list of payloads} lacks {a list of payloads} one-of {a list of payloads} field {PATH OP VALUE} true {an expression} empty {nothing more} critical {a list of payloads}} $form]"
    }
}

# --- the inbox ----------------------------------------------------------------------------------------

# Fetches new records of the tester into ::case::rec (n -> dict). A datagram is a repetition when the same octets
# came before in the same direction.
proc ::rx::update {} {
    upvar #0 ::case::s s ::case::rec rec
    foreach n [::ike::peer records tester $s(next_rec)] {
        if {$n < $s(next_rec)} continue
        set r [::ike::peer record tester $n]
        set s(next_rec) [expr {$n + 1}]
        dict set r n $n
        set key [dict get $r dir]:[::ike::peer bytes tester $n]
        dict set r repeated [expr {[info exists s(octets,$key)] ? $s(octets,$key) : 0}]
        if {![info exists s(octets,$key)]} { set s(octets,$key) $n }
        set rec($n) $r
        lappend s(order) $n
    }
    ::flow::drain
}

proc ::rx::field {r key {default ""}} {
    if {[dict exists $r $key]} { return [dict get $r $key] }
    return $default
}

# The record as it stands now: fate changes when it is released.
proc ::rx::fresh {n} {
    upvar #0 ::case::rec rec
    set repeated [dict get $rec($n) repeated]
    set rec($n) [dict replace [::ike::peer record tester $n] n $n repeated $repeated]
}

# Is this inbound message one that a good peer sends unasked, or that the tester's own engine has answered?
proc ::rx::background {r want} {
    upvar #0 ::case::s s
    set exchange [field $r exchange]
    set kind [field $r kind]
    set msg [field $r msg]
    if {$kind eq "request" && [dict get $r repeated] && ![dict get $want retransmit]} { return 1 }
    if {$msg eq ""} { return 0 }
    if {$exchange eq "INFORMATIONAL" && $kind eq "request" && ![dict get $want liveness]} {
        set inner [::rx::inner $msg]
        foreach p $inner {
            if {![status_notify $p] || [notify_number $p] in [dict get $want notifies]} { return 0 }
        }
        return 1
    }
    if {$kind eq "response" && ![dict get $want composed]} {
        foreach n {COOKIE INVALID_KE_PAYLOAD} {
            if {[notify_number N($n)] in [dict get $want notifies]} continue
            if {$exchange ne "IKE_SA_INIT"} {
                # the request that follows bears another id: whoever asks for this answer gets no other
                if {$n eq "COOKIE" || [dict get $want asks]} continue
            }
            if {[::ike::msg has $msg N($n)] && ![::ike::msg has $msg SA]} { return 1 }
        }
    }
    return 0
}

# Notations of the payloads that matter: those inside SK when it was opened, else the chain.
proc ::rx::inner {msg} {
    lmap p [::ike::msg payloads $msg] { if {$p in {SK SKF}} continue; set p }
}

# N(X) with a status type (16384 and up).
proc ::rx::status_notify {notation} {
    set num [notify_number $notation]
    expr {$num ne "" && $num >= 16384}
}

# The number of a notify in the notation N(TYPE), "" for what is none.
proc ::rx::notify_number {notation} {
    if {![regexp {^N\((.+)\)$} $notation - type]} { return "" }
    if {[string is integer -strict $type]} { return $type }
    if {[catch {::ike::names notify $type} num]} { return "" }
    return $num
}

# The notifies (numbers) that parsed checks and -has speak of. Of an expression only what is written as N(TYPE) counts.
proc ::rx::notifies {checks has} {
    set texts [list $has]
    foreach c $checks {
        lassign [lmap w [lrange $c 2 3] { lindex $w 0 }] form text
        if {$form ne "true"} { catch { set text [::case::expand $text] } }
        lappend texts $text
    }
    set numbers {}
    foreach notation [regexp -all -inline {N\([^()]+\)} [join $texts]] {
        catch { set notation [::case::expand $notation] }
        set num [notify_number $notation]
        if {$num ne ""} { lappend numbers $num }
    }
    return $numbers
}

# Why record r is not the wanted one, "" when it is.
proc ::rx::differs {r want} {
    if {[field $r dir] ne "in" || [field $r proto ike] ne "ike"} { return "not an inbound IKE message" }
    if {[field $r exchange] ne [dict get $want exchange]} { return "other exchange" }
    if {[dict get $want kind] ne "" && [field $r kind] ne [dict get $want kind]} { return "other kind" }
    if {[dict get $want spi] ne "" && [field $r spi_i] ne [dict get $want spi]} { return "other SA" }
    if {[dict get $want mid] ne "" && [field $r mid] != [dict get $want mid]} { return "other message id" }
    if {[field $r sealed 0] && ![field $r opened 0]} { return "cannot be opened: [field $r error]" }
    if {[field $r fate passed] eq "held" && ![dict get $want held]} { return "held" }
    set has [dict get $want has]
    if {[llength $has] && ([field $r msg] eq "" || ![all [field $r msg] $has 1])} { return "without [join $has { or }]" }
    return ""
}

# The next record that fits and was not taken before, 0 when there is none (yet).
proc ::rx::find {want} {
    upvar #0 ::case::s s ::case::rec rec
    update
    foreach n $s(order) {
        if {$n < [dict get $want from] || [info exists s(taken,$n)]} continue
        set r $rec($n)
        if {[field $r fate passed] eq "held"} { set r [fresh $n] }
        if {[differs $r $want] ne ""} continue
        if {[background $r $want]} continue
        return $n
    }
    return 0
}

# Reads the arguments of rx and rx-none into a dict; checks are parsed, notifies are those that they and -has name, asks
# says that more is wanted than some such message to go on with.
proc ::rx::want {words line} {
    upvar #0 ::case::s s
    set w [dict create exchange "" kind "" spi "" sa "" mid "" within "" for "" req "" retransmit 0 liveness 0 held 0 maybe 0 \
               has {} checks {} notifies {} asks 0 composed $s(composed) from $s(rx_from)]
    if {[string is integer -strict [lindex $words 0]]} {
        set sa [lindex $words 0]
        dict set w sa $sa
        dict set w spi [::flow::sa_field $sa spi_i]
        set words [lrange $words 1 end]
    }
    set words [lassign $words exchange]
    if {$exchange ni $::case::exchanges && ![string is integer -strict $exchange]} {
        ::case::usage [::parse::unknown exchange $exchange $::case::exchanges]
    }
    dict set w exchange $exchange
    if {[lindex $words 0] in {request response}} { set words [lassign $words kind]; dict set w kind $kind }
    while {[llength $words] >= 2 && [string match -* [lindex $words 0]]} {
        set words [lassign $words key value]
        set key [string range $key 1 end]
        if {$key ni {mid within for req retransmit liveness held maybe has}} {
            ::case::usage [::parse::unknown option -$key {-mid -within -for -req -retransmit -liveness -held -maybe -has}]
        }
        dict set w $key $value
    }
    if {[llength $words] > 1} { ::case::usage "extra words: $words" }
    dict set w checks [::parse::commands [lindex $words 0] [dict get $s(meta) file] $line]
    dict set w notifies [notifies [dict get $w checks] [dict get $w has]]
    dict set w asks [expr {[llength [dict get $w checks]] || [dict get $w req] ne "" || [llength [dict get $w has]]}]
    # a response belongs to the last request of that exchange, unless the case says otherwise
    if {[dict get $w kind] eq "response" && [dict get $w mid] eq ""} {
        set key sent,[dict get $w spi],$exchange
        if {[info exists s($key)]} { dict set w mid $s($key) }
    }
    return $w
}

# "IKE_AUTH response 1 with N(COOKIE)", as far as it is known.
proc ::rx::name {want} {
    set text "[dict get $want exchange] [dict get $want kind] [dict get $want mid]"
    if {[llength [dict get $want has]]} { append text " with [join [dict get $want has] { and }]" }
    string trim [regsub -all {\s+} $text " "]
}

# --- rx and rx-none -------------------------------------------------------------------------------------

proc ::rx::rx {words line} {
    upvar #0 ::case::s s ::case::rec rec
    set want [want $words $line]
    set ms [dict get $want within]
    if {$ms eq ""} { set ms $s(rx_ms) }
    set s(found) 0
    ::flow::until { set ::case::s(found) [::rx::find $want] } $ms
    set n $s(found)
    set checks [dict get $want checks]
    if {!$n} {
        if {[dict get $want maybe]} { return "" }
        set s(missing) [list {*}$s(missing) [list [::ike::net now] "[name $want]"]]
        set got [nothing $want $ms]
        if {![llength $checks] && [dict get $want req] eq ""} {
            ::case::stop inconclusive "no [name $want] came: $got"
        }
        if {[dict get $want req] ne ""} {
            ::case::judge [dict get $want req] 0 $line [name $want] $got 0
        }
        set first 1
        foreach c $checks {
            set v [lmap w $c {lindex $w 0}]
            set expected "[name $want] [describe [lrange $v 2 end]]"
            if {[lindex $v 2] in {lacks}} { set expected "[name $want] without [join [lindex $v 3] {, }]" }
            if {$first} {
                ::case::judge [::case::expand [lindex $v 1]] 0 [lindex $c 0 2] $expected $got 0
            } else {
                ::case::open_check [::case::expand [lindex $v 1]] [lindex $c 0 2] $expected
            }
            set first 0
        }
        ::case::stop judged ""
    }
    set s(taken,$n) 1
    set r $rec($n)
    set msg [field $r msg]
    ::case::bind rx $msg
    ::case::bind rx_n $n
    set s(handle,$msg) $n
    if {[dict get $want req] ne ""} { ::case::judge [dict get $want req] 1 $line [name $want] [seen $n] $n }
    if {[no_more $want $msg] && ![all_hold $msg $checks]} {
        ::case::stop inconclusive "the device makes no further SA under an IKE SA, as it may: [seen $n]"
    }
    foreach c $checks {
        judge_one [lmap w $c {lindex $w 0}] [lindex $c 0 2] $want $n
    }
    if {[::verdict::of $s(checks)] eq "fail"} { ::case::stop judged "" }
    return $msg
}

# Is it NO_ADDITIONAL_SAS, which nobody asked for? A device may answer so to every CREATE_CHILD_SA request, the rekey of an IKE
# SA too (RFC 7296 1.3, 4): what was to be looked at in its answer is not there, and nothing is proven.
proc ::rx::no_more {want msg} {
    expr {[dict get $want exchange] eq "CREATE_CHILD_SA" && $msg ne "" && [has $msg N(NO_ADDITIONAL_SAS)]
        && [notify_number N(NO_ADDITIONAL_SAS)] ni [dict get $want notifies]}
}

proc ::rx::all_hold {msg checks} {
    foreach c $checks {
        if {![lindex [holds $msg [expanded [lrange [lmap w $c { lindex $w 0 }] 2 end]]] 0]} { return 0 }
    }
    return 1
}

# The words of a check after its requirement, with the case's variables; an expression is left for who reckons it out.
proc ::rx::expanded {words} {
    lmap w $words { if {[lindex $words 0] eq "true"} { set w } else { ::case::expand $w } }
}

proc ::rx::judge_one {words line want n} {
    upvar #0 ::case::rec rec
    set words [lassign $words word req]
    set req [::case::expand $req]
    ::case::level_word $word $req
    set words [expanded $words]
    set msg [field $rec($n) msg]
    set expected "[name $want] [describe $words]"
    if {$msg eq ""} {
        ::case::judge $req 0 $line $expected "[name $want] that cannot be decoded: [field $rec($n) error]" $n
        return
    }
    lassign [holds $msg $words] ok detail
    set got [seen $n]
    if {$detail ne ""} { append got " with $detail" }
    ::case::judge $req $ok $line $expected $got $n
}

# The words of a check for people.
proc ::rx::describe {words} {
    lassign $words form a b c
    switch -- $form {
        has { return "with [join $a { and }]" }
        one-of { return "with one of [join $a {, }]" }
        lacks { return "without [join $a {, }]" }
        field { return "with $a $b $c" }
        empty { return "without payloads" }
        critical { return "with the critical flag on [join $a {, }]" }
        true { return "where [string trim $a]" }
    }
}

# Does the message hold that pattern? Pattern: a payload notation, or notation=HEX for a notify's data.
proc ::rx::has {msg pattern} {
    if {[regexp {^(N\([^)]+\))=([0-9a-fA-F]*)$} $pattern - notation hex]} {
        if {![::ike::msg has $msg $notation]} { return 0 }
        if {[catch {::ike::msg get $msg $notation.data} data]} { set data 0x }
        return [expr {$data eq "0x[string tolower $hex]"}]
    }
    if {$pattern in {Ni Nr}} { set pattern Nonce }
    ::ike::msg has $msg $pattern
}

# -> {holds detail}
proc ::rx::holds {msg words} {
    lassign $words form a b c
    switch -- $form {
        has { return [list [all $msg $a 1] ""] }
        lacks { return [list [all $msg $a 0] ""] }
        one-of {
            foreach p $a { if {[has $msg $p]} { return [list 1 ""] } }
            return [list 0 ""]
        }
        empty { return [list [expr {[llength [inner $msg]] == 0}] ""] }
        critical {
            foreach p $a {
                if {[catch {::ike::msg get $msg $p.critical} v] || !$v} { return [list 0 ""] }
            }
            return [list 1 ""]
        }
        field {
            if {[catch {::ike::msg get $msg $a} value]} { return [list 0 "no $a"] }
            return [list [compare $value $b $c] "$a $value"]
        }
        true { return [::case::looked $a] }
    }
}

proc ::rx::all {msg patterns present} {
    foreach p $patterns { if {[has $msg $p] != $present} { return 0 } }
    return 1
}

proc ::rx::compare {value op other} {
    switch -- $op {
        == - = { return [expr {$value eq $other || [string match 0x* $value] && [string equal -nocase $value $other] || [numeric $value $other] && $value == $other}] }
        != { return [expr {![compare $value == $other]}] }
        < - > - <= - >= { return [expr "[list $value] $op [list $other]"] }
        in { return [expr {$value in $other}] }
        match { return [string match $other $value] }
        default { ::case::usage [::parse::unknown comparison $op {== != < > <= >= in match}] }
    }
}

proc ::rx::numeric {a b} { expr {[string is wideinteger -strict $a] && [string is wideinteger -strict $b]} }

# "IKE_AUTH response 1 [ IDr AUTH SA TSi TSr ] after 38 ms"
proc ::rx::seen {n} {
    upvar #0 ::case::s s ::case::rec rec
    set r $rec($n)
    set text [chain $r]
    set since $s(last_tx_us)
    if {$since ne "" && [field $r t_us 0] >= $since} {
        append text " after [expr {([field $r t_us] - $since) / 1000}] ms"
    }
    return $text
}

# A record as a row of a ladder (reports/run.md), or {} for what has none: keepalives, and messages put together from
# fragments that have rows.
proc ::rx::ladder_row {n r {bent {}} {flag ""}} {
    if {[field $r proto ike] eq "keepalive" || [field $r reassembled 0]} { return {} }
    dict create t_us [field $r t_us 0] from [expr {[dict get $r dir] eq "out" ? "tester" : "device"}] text [chain $r] \
        retransmit [expr {[field $r retransmit 0] || [field $r repeated 0] > 0}] bent $bent \
        lost [expr {[field $r fate passed] in {dropped lost}}] missing 0 flag $flag len [field $r len 0] packet $n
}

proc ::rx::chain {r} {
    set text [field $r chain]
    if {$text eq "" && [field $r proto] eq "esp"} {
        set text "ESP [field $r spi] [field $r seq]"
        if {[field $r opened 0]} {
            if {[catch {::ike::inner parse [field $r inner]} p]} {
                append text " \[ next header [field $r next] \]"
            } else {
                append text " \[ [expr {[field $p echo_request 0] ? "echo request" : [field $p echo_reply 0] ? "echo reply" : "IP"}] \]"
            }
        }
        return $text
    }
    if {$text eq ""} {
        set text [string trim "[field $r exchange] [field $r kind] [field $r mid]"]
        if {$text eq ""} { set text "[field $r len 0] octets" }
        if {[field $r error] ne ""} { append text " (cannot be read: [field $r error])" }
    }
    return $text
}

# What was seen in place of the wanted message.
proc ::rx::nothing {want ms} {
    upvar #0 ::case::s s ::case::rec rec
    set others {}
    set sealed 0
    foreach n $s(order) {
        set r $rec($n)
        if {[field $r dir] ne "in" || [info exists s(taken,$n)] || $n < $s(rx_from) || [dict get $r repeated]} continue
        if {[field $r t_us 0] < $s(last_tx_us)} continue
        set why [differs $r $want]
        if {[string match "cannot be opened*" $why]} { incr sealed }
        if {[field $r proto ike] eq "ike" && ![background $r $want]} { lappend others [chain $r] }
    }
    set text "nothing in $ms ms"
    if {[llength $others]} { append text "; seen instead: [join [lrange $others 0 2] {; }]" }
    if {$sealed} { append text " ($sealed could not be opened)" }
    return $text
}

proc ::rx::none {words line} {
    upvar #0 ::case::s s
    set want [want $words $line]
    dict set want asks 1
    set for [dict get $want for]
    if {$for in {settle ""}} { set for $s(settle_ms) }
    set req [dict get $want req]
    if {$req eq ""} { set req [lindex [dict get $s(meta) cites] 0] }
    update
    ::flow::quiet $for
    set bad [find $want]
    set what "no [name $want]"
    if {$bad} {
        set s(taken,$bad) 1
        ::case::judge $req 0 $line $what [seen $bad] $bad
        if {[::verdict::of $s(checks)] eq "fail"} { ::case::stop judged "" }
    } else {
        ::case::judge $req 1 $line $what "nothing in $for ms" 0
    }
    return [expr {!$bad}]
}
