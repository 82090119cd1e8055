# bent.tcl - bent devices: the built-in device with chosen rulings turned round, or with an edit of what it sends or hears.
# A name is one of cases/bent/*.tcl, or simply a requirement that the engine rules on (its last word will do).
#
#   bent NAME { title {..} rulings {REQ ...} edit {EXCHANGE request|response {script with $m}}
#               octets {EXCHANGE request|response {script with $bytes -> new octets}} edge {drop|repeat|delay|port ...}
#               esp {options of every ESP packet it sends: ::ike::peer esp-habit} packet {script with $bytes of such a packet -> new octets}
#               hear, hear-octets, hear-packet {as edit, octets and packet, of what comes in: to refuse (drop) or repair it}
#               told {variables of the case, which the scripts see as they stand} }
#
# An odd device (cases/odd/*.tcl) is written `odd NAME { .. }`, with options {..} of the setup besides: nothing that it does is
# wrong, so that no case may fail it (odd.tcl), `except {ID ...}` those that cannot tell it from one that is bent.
#
# The scripts of a device share an interpreter, and so what they remember, of which the case sees nothing: they cannot
# change it by accident, nor it them. What a case has to tell its device is named by `told`.

namespace eval ::bent {
    variable all [dict create]
    variable keys {title rulings edit octets hear hear-octets edge esp packet hear-packet told options except}
    variable words {msg names credential}   ;# of the case language, for the scripts
    variable script_s 60                    ;# no script takes longer
    variable edges {}
    variable interp ""                      ;# of the device that is bent now, once a script has run
}

# DIR: the folder cases/.
proc ::bent::load {dir} {
    variable all
    set all [dict create]
    foreach file [concat [lsort [glob -nocomplain $dir/bent/*.tcl]] [lsort [glob -nocomplain $dir/odd/*.tcl]]] { load_text [::parse::read_file $file] $file }
    return [dict size $all]
}

proc ::bent::load_text {text file} {
    variable all
    variable keys
    foreach command [::parse::commands $text $file] {
        lassign [lindex $command 0] word - line col
        if {$word ni {bent odd} || [llength $command] != 3} {
            ::parse::fail $file $line $col {should be: bent|odd NAME {key value ...}}
        }
        set name [lindex $command 1 0]
        if {[dict exists $all $name]} { ::parse::fail $file $line $col "bent device $name stands here twice" }
        set d [dict create name $name title "" rulings {} edit {} octets {} hear {} hear-octets {} edge {} esp {} packet {} hear-packet {} told {} options {} except {} odd [expr {$word eq "odd"}]]
        foreach {k v} [::parse::words [lindex $command 2 0] $file {*}[lrange [lindex $command 2] 2 3]] {
            lassign $k key - kl kc
            if {$key ni $keys} { ::parse::fail $file $kl $kc [::parse::unknown key $key $keys] }
            if {$key in {edit octets hear hear-octets}} {
                if {[llength [lindex $v 0]] % 3} {
                    ::parse::fail $file {*}[lrange $v 2 3] "$key should be {EXCHANGE request|response {script} ...}"
                }
                foreach {- - script} [::parse::words [lindex $v 0] $file {*}[lrange $v 2 3]] { lint $script $file }
            }
            if {$key in {packet hear-packet}} { lint $v $file }
            if {$key eq "options"} {
                foreach {option -} [lindex $v 0] {
                    if {$option ni $::setups::option_keys} { ::parse::fail $file {*}[lrange $v 2 3] [::parse::unknown option $option $::setups::option_keys] }
                }
            }
            dict set d $key [lindex $v 0]
        }
        dict set all $name $d
    }
}

# The odd ones.
proc ::bent::odd {} {
    variable all
    lmap name [dict keys $all] { if {![dict get $all $name odd]} continue; set name }
}

# The setup of a device that is bent so: what the case itself asks for comes first.
proc ::bent::setup {name setup} {
    variable all
    if {![dict exists $all $name]} { return $setup }
    dict set setup options [dict merge [dict get $all $name options] [dict get $setup options]]
    return $setup
}

# A script (a word with its place) has words that it may use.
proc ::bent::lint {script file} {
    variable words
    lassign $script text - line col
    ::testcase::lint_words $file $text $line $col {} $words
}

# The rulings of the engine (full ids), as far as the program is there to be asked.
proc ::bent::rulings {} {
    variable ruled
    if {![info exists ruled]} {
        if {[catch {::ike::peer bends} ids]} { return {} }
        set ruled $ids
    }
    return $ruled
}

proc ::bent::names {} {
    variable all
    lsort -unique [concat [dict keys $all] [lmap id [rulings] { lindex [split $id /] end }]]
}

proc ::bent::exists {name} {
    variable all
    if {[dict exists $all $name]} { return 1 }
    set ids [rulings]
    if {![llength $ids]} { set ids [::requirements::ids] }
    foreach id $ids { if {$id eq $name || [lindex [split $id /] end] eq $name} { return 1 } }
    # a requirement that the engine does not rule on yet: prove says so
    foreach id [::requirements::ids] { if {$id eq $name || [lindex [split $id /] end] eq $name} { return 1 } }
    return 0
}

# Can the built-in device be bent that way?
proc ::bent::possible {name} {
    variable all
    if {[dict exists $all $name]} {
        foreach r [dict get $all $name rulings] { if {![possible_ruling $r]} { return 0 } }
        return 1
    }
    possible_ruling $name
}

proc ::bent::possible_ruling {name} { expr {[ruling $name] ne ""} }

# The full id of the ruling that is called so; "" when there is none.
proc ::bent::ruling {name} {
    foreach id [rulings] { if {$id eq $name || [lindex [split $id /] end] eq $name} { return $id } }
    return ""
}

# The one ruling that this bent device turns round, when that is all that is wrong with it; else "".
proc ::bent::turns {name} {
    variable all
    if {![dict exists $all $name]} { return [ruling $name] }
    set d [dict get $all $name]
    if {[llength [dict get $d rulings]] != 1} { return "" }
    dict for {key value} [dict remove $d name title rulings odd] { if {$value ne ""} { return "" } }
    return [ruling [lindex [dict get $d rulings] 0]]
}

# Bends the device of the current world.
proc ::bent::apply {name} {
    variable all
    variable edges
    variable current {}
    variable interp
    set edges {}
    if {$interp ne ""} { ::sandbox::put $interp }
    set interp ""
    if {$name eq ""} return
    if {![dict exists $all $name]} {
        ::ike::peer bend dut $name 1
        return
    }
    set d [dict get $all $name]
    foreach r [dict get $d rulings] { ::ike::peer bend dut $r 1 }
    set stations {}
    if {[llength [dict get $d edit]] || [llength [dict get $d hear]]} { lappend stations tree }
    if {[llength [dict get $d octets]] || [llength [dict get $d hear-octets]]} { lappend stations wire }
    set current $d
    if {[llength [dict get $d esp]]} { ::ike::peer esp-habit dut {*}[dict get $d esp] }
    if {[dict get $d packet] ne "" || [dict get $d hear-packet] ne ""} { ::ike::peer filter dut ::bent::edge }
    if {[llength $stations]} { ::ike::peer tap dut ::bent::tap $stations }
    if {[llength [dict get $d edge]]} {
        set words [lassign [dict get $d edge] act direction exchange]
        set kind ""
        if {[lindex $words 0] in {request response}} { set words [lassign $words kind] }
        set rule [dict create act $act dir [::rules::direction $direction] exchange $exchange kind $kind left 0 skip 0 ms 0 times 2 has {} to 0]
        foreach {k v} $words {
            switch -- $k { -to { dict set rule to $v } -count { dict set rule left $v } -ms { dict set rule ms $v } -times { dict set rule times $v } -has { dict set rule has $v } -skip { dict set rule skip $v } }
        }
        set edges [list $rule]
        ::ike::peer filter dut ::bent::edge
    }
}

proc ::bent::edge {dir n} {
    variable edges
    variable current
    set r [::ike::peer record dut $n]
    set script [dict get $current [dict get {out packet in hear-packet} $dir]]
    if {$script ne "" && [dict get $r proto] eq "esp"} {
        if {[catch {run $script wire 0 0 [::ike::peer bytes dut $n]} result options] in {0 2}} {
            return [expr {$result eq "drop" ? "drop" : [list replace $result]}]
        }
        ::case::later_error "bent device: $result" $options
    }
    foreach rule $edges {
        if {![::rules::fits $rule $dir $r]} continue
        if {[dict get $rule skip] > 0} {
            set edges [list [dict incr rule skip -1]]
            return pass
        }
        if {[dict get $rule left] > 0} {
            if {[dict get $rule left] == 1} { set edges {} } else { set edges [list [dict replace $rule left [expr {[dict get $rule left] - 1}]]] }
        }
        switch -- [dict get $rule act] {
            drop { return drop }
            delay { return [list delay [dict get $rule ms]] }
            repeat { return [list repeat [dict get $rule times]] }
            port { return [list port [dict get $rule to]] }
        }
    }
    return pass
}

proc ::bent::tap {dir station sa exchange kind mid retransmit what} {
    variable current
    set key [dict get {out {tree edit wire octets} in {tree hear wire hear-octets}} $dir $station]
    foreach {e k script} [dict get $current $key] {
        if {$e ne $exchange && $e ne "any" || $k ne $kind && $k ne "any"} continue
        if {[catch {run $script $station $mid $retransmit $what} result options] ni {0 2}} {
            ::case::later_error "bent device: $result" $options
            return pass
        }
        if {$result eq "drop"} { return drop }
        if {$station eq "wire"} { return [list replace $result] }
    }
    return pass
}

# Scripts of bent devices see m (tree) or bytes (octets), mid and retransmit, what they were told and what they remember.
proc ::bent::run {script station mid retransmit what} {
    variable interp
    variable words
    variable current
    variable script_s
    if {$interp eq ""} { set interp [::sandbox::take $words $::testcase::plain ::bent::word $script_s] }
    ::sandbox::limit $interp $script_s      ;# for each message: such a device may stand all day (`ikespec peer --bend`)
    set vars [dict create mid $mid retransmit $retransmit [expr {$station eq "tree" ? "m" : "bytes"}] $what]
    foreach name [dict get $current told] { if {[::case::has $name]} { dict set vars $name [::case::in_case [list set ::$name]] } }
    dict for {name value} $vars { $interp eval [list set ::$name $value] }
    $interp eval $script
}

proc ::bent::word {w args} {
    switch -- $w {
        msg { return [::message::word $args] }
        names { return [::ike::names {*}$args] }
        credential { return [::pki::word {*}$args] }
    }
}
