# tx.tcl - what the tester sends: the honest next message of an exchange with stated edits, or one composed by the
# case and sealed with the SA's keys.

namespace eval ::tx {
    variable edit_options {-config -set -add -remove -double -move -edit}
    variable send_options {-mid -clear -count -as-is -icv-flip -pad -pad-fill -pad-field -fragment -frag-number -frag-next -frag-total -octets}
    variable do_options {-psk -rekey -new -nonce -no-pfs -group -child -ts-i -ts-r -delete -payloads -no-window -liveness}
    variable other_options {-again -conn -to -port -sa}
}

proc ::tx::options {words} {
    variable edit_options
    variable send_options
    variable do_options
    variable other_options
    set all [concat $edit_options $send_options $do_options $other_options]
    set o {}
    set flags {-clear -count -as-is -again -new -no-pfs -no-window -liveness}
    while {[llength $words]} {
        set words [lassign $words key]
        if {$key ni $all} { ::case::usage [::parse::unknown option $key $all] }
        if {$key in $flags && ![string is boolean -strict [lindex $words 0]]} {
            dict set o $key 1
        } else {
            if {![llength $words]} { ::case::usage "$key has no value" }
            set words [lassign $words value]
            if {$key in {-add -move}} { set value [items $value] }
            if {$key in {-set -add -remove -double -move} && [dict exists $o $key]} {
                dict set o $key [concat [dict get $o $key] $value]
            } else {
                dict set o $key $value
            }
        }
    }
    return $o
}

proc ::tx::pick {o names} {
    set r {}
    foreach n $names { if {[dict exists $o $n]} { dict set r $n [dict get $o $n] } }
    return $r
}

# Applies these options to a message, in their order.
proc ::tx::edit_message {o m} {
    variable edit_options
    set result ""
    dict for {key value} $o {
        switch -- $key {
            -set {
                if {[llength $value] % 2} { ::case::usage "-set should be {path value ...}" }
                foreach {path v} $value { ::ike::msg set $m $path $v }
            }
            -add { foreach item [items $value] { ::ike::msg add $m {*}$item } }
            -remove { foreach n $value { ::ike::msg remove $m $n } }
            -double { foreach n $value { ::ike::msg double $m $n } }
            -move { foreach item [items $value] { ::ike::msg move $m {*}$item } }
            -config { ::ike::msg config $m {*}$value }
            -edit { set result [run_script $value $m] }
        }
    }
    return $result
}

# {N(COOKIE) data xx} is one item, {{N(A)} {N(B) data xx}} are two. One item alone: a payload, then pairs of a field or
# -option and its value (or before|after and a payload).
proc ::tx::items {value} {
    if {[llength $value] < 3 || [llength $value] % 2 == 0} { return [lmap v $value { list {*}$v }] }
    foreach {field -} [lrange $value 1 end] {
        if {![regexp {^-?[a-z][a-z0-9_.-]*$} $field]} { return [lmap v $value { list {*}$v }] }
    }
    return [list $value]
}

# Runs a case's edit script with $m bound to the handle.
proc ::tx::run_script {script m} {
    ::case::bind m $m
    ::case::in_case $script
}

# One edit at the tree tap; notes for the ladder what it changed.
proc ::tx::apply {e m sa kind mid} {
    upvar #0 ::case::s s
    set outbound [expr {[dict get $e dir] eq "out" && ![dict get $e looks]}]
    set before [expr {$outbound ? [paths $m] : {}}]
    set result [{*}[dict get $e how] $m]
    if {$outbound} {
        set key [dict get [::ike::msg header $m] spi_i],[dict get $e exchange],$kind,$mid
        lappend s(bends,$key) {*}[changes $before [paths $m]]
    }
    return $result
}

proc ::tx::paths {m} {
    if {[catch {::ike::msg paths $m} list]} { return {} }
    set d {}
    foreach item $list { dict set d [lindex $item 0] [lindex $item 1] }
    return $d
}

# What differs between two path dicts: a list of {path old new}. A whole payload put in or taken out is one row.
proc ::tx::changes {before after} {
    set out {}
    set whole {}
    # (most changes bend a value: only what one side lacks may be a payload of its own)
    foreach {these those old new} [list $after $before "" added $before $after present removed] {
        set alone {}
        dict for {p v} $these { if {![dict exists $those $p]} { dict set alone [payload_of $p] 1 } }
        if {![dict size $alone]} continue
        dict for {p v} $those { dict unset alone [payload_of $p] }
        dict for {name one} $alone {
            lappend out [dict create path $name old $old new $new]
            dict set whole $name 1
        }
    }
    set signed [regexp {RSA|DSS|DSA|SIGNATURE} [::rx::field $before AUTH.method]]
    dict for {p v} $after {
        set old [::rx::field $before $p]
        if {$old ne $v && ![dict exists $whole [payload_of $p]]} {
            lappend out [dict create path $p old [shown $old $p $signed] new [shown $v $p $signed]]
        }
    }
    dict for {p v} $before {
        if {![dict exists $after $p] && ![dict exists $whole [payload_of $p]]} { lappend out [dict create path $p old [shown $v $p $signed] new ""] }
    }
    return [lrange $out 0 11]
}

# "SA[1]" of "SA[1].proposal[0].spi", "N(COOKIE)" of "N(COOKIE).data".
proc ::tx::payload_of {path} {
    regexp {^[^.(]+(\([^)]*\)(\[\d+\])?)?} $path name
    return $name
}

# What depends on keys that are made for the run, or on the chance in a signature, is shown by its length: results of one
# seed stay the same.
proc ::tx::shown {v {path ""} {signed 0}} {
    if {[regexp {^(CERT|CERTREQ|AUTH)(\[\d+\])?\.data$} $path - payload] && ($payload ne "AUTH" || $signed || [string length $v] > 130)} {
        return "[expr {([string length $v] - 2) / 2}] octets"
    }
    if {![string is print $v]} { set v [binary encode hex $v] }
    if {[string length $v] > 64} { set v "[string range $v 0 60]..." }
    return $v
}

# --- tx -----------------------------------------------------------------------------------------------

proc ::tx::tx {words line} {
    upvar #0 ::case::s s
    set first [lindex $words 0]
    set s(composed) 0
    # a new act: whatever came before it is no answer to it, but stays for those who ask for requests
    if {[lindex $words 0] eq "IKE_SA_INIT"} {
        return [init [lrange $words 1 end]]
    }
    if {[string is integer -strict $first]} {
        set sa $first
        set what [lindex $words 1]
        if {$what in $::case::exchanges} { return [next $sa $what [lrange $words 2 end]] }
        return [composed $sa $what [lrange $words 2 end]]
    }
    return [composed "" $first [lrange $words 1 end]]
}

# IKE_SA_INIT with edits: -> the new SA's id; no wait.
proc ::tx::init {words} {
    upvar #0 ::case::s s
    variable edit_options
    set o [options $words]
    if {[dict exists $o -conn]} { ::flow::conn [dict get $o -conn] }
    edits_for IKE_SA_INIT request "" $o
    mark
    set sa [::ike::peer initiate tester $s(conn_name) -step 1]
    sent $sa IKE_SA_INIT 0
    return $sa
}

# Puts the edits of options in place, for the next message or (left 0) for all.
proc ::tx::edits_for {exchange kind sa o {left 1}} {
    variable edit_options
    set edits [pick $o $edit_options]
    if {[dict size $edits]} {
        ::rules::add_edit out $exchange $kind $sa $left [list ::tx::edit_message $edits]
    }
}

proc ::tx::next_mid {sa} {
    if {$sa eq ""} { return 0 }
    ::flow::sa_field $sa next_request
}

# Remembers when the last act began.
proc ::tx::mark {} {
    upvar #0 ::case::s s
    ::rx::update
    set s(last_tx_us) [::ike::net now]
}

# Lets it go out; notes number and message id of what was sent. -> record number, 0 while it waits. BENT: its octets may say
# that it is something else.
proc ::tx::sent {sa exchange mid {bent 0}} {
    upvar #0 ::case::s s ::case::rec rec
    set from $s(next_rec)
    ::ike::net pump 0
    ::rx::update
    set spi ""
    if {$sa ne ""} { set spi [::flow::sa_field $sa spi_i] }
    set s(sent,$spi,$exchange) $mid
    set s(sent,,$exchange) $mid
    set found 0
    foreach n $s(order) {
        if {$n < $from || [::rx::field $rec($n) dir] ne "out"} continue
        if {$bent || [::rx::field $rec($n) exchange] eq $exchange && [::rx::field $rec($n) kind] in {request {}}} { set found $n }
    }
    ::case::bind tx_n $found
    return $found
}

# The honest next request on an SA, edited.
proc ::tx::next {sa exchange words} {
    upvar #0 ::case::s s
    variable do_options
    variable send_options
    set o [options $words]
    if {[dict exists $o -again]} { return [again $sa $exchange] }
    set how [pick $o $send_options]
    if {$exchange eq "INFORMATIONAL" && [dict size $how] && ![dict exists $o -delete]} {
        set m [::ike::msg new INFORMATIONAL request]
        edit_message [pick $o $::tx::edit_options] $m
        return [composed $sa $m [concat {*}[lmap k [dict keys $how] { list $k [dict get $how $k] }]]]
    }
    set args {}
    dict for {k v} [pick $o $do_options] {
        if {$k in {-psk -nonce -group -child -no-pfs -no-window -payloads}} { dict set args [string map {- _} [string range $k 1 end]] $v }
        if {$k eq "-ts-i"} { dict set args ts_i $v }
        if {$k eq "-ts-r"} { dict set args ts_r $v }
    }
    switch -- $exchange {
        IKE_AUTH { set what auth }
        CREATE_CHILD_SA {
            if {[dict exists $o -rekey]} {
                set what [dict get {child rekey-child ike rekey-ike} [dict get $o -rekey]]
            } else {
                set what new-child
            }
        }
        INFORMATIONAL {
            if {[dict exists $o -delete]} {
                set what [dict get {child delete-child ike delete-ike} [dict get $o -delete]]
            } elseif {[dict exists $o -payloads]} {
                set what info
            } else {
                set what liveness
            }
        }
        default { ::case::usage "tx \$sa $exchange: compose it (msg new) and send it by tx \$sa \$m" }
    }
    set mid [next_mid $sa]
    # A request that the case sends in place of the engine (-mid, -clear, -icv-flip, ...): the engine makes it, the tap
    # takes it away. The engine goes on waiting for its answer, so the honest one can still follow: the same words
    # without these options send it as it was made.
    if {[info exists s(kept,$sa,$exchange)]} {
        set m [::ike::msg copy $s(kept,$sa,$exchange)]
        if {![dict exists $how -mid]} { dict set how -mid [expr {$mid - 1}] }
        edit_message [pick $o $::tx::edit_options] $m
        return [composed $sa $m $how]
    }
    if {[dict size $how]} {
        set ::tx::taken ""
        ::rules::add_edit out $exchange request $sa 1 [list ::tx::take]
        mark
        ::ike::peer do tester $sa $what $args
        ::ike::net pump 0
        if {$::tx::taken eq ""} { ::case::stop error "the engine made no $exchange request" }
        set s(kept,$sa,$exchange) $::tx::taken
        set m [::ike::msg copy $::tx::taken]
        if {![dict exists $how -mid]} { dict set how -mid $mid }
        edit_message [pick $o $::tx::edit_options] $m
        return [composed $sa $m $how]
    }
    edits_for $exchange request $sa $o
    mark
    ::ike::peer do tester $sa $what $args
    return [sent $sa $exchange $mid]
}

# The last request of that exchange once more, octet for octet, whether it was answered or not.
proc ::tx::again {sa exchange} {
    upvar #0 ::case::s s ::case::rec rec
    mark
    set spi [::flow::sa_field $sa spi_i]
    set last 0
    foreach n $s(order) {
        set r $rec($n)
        if {[::rx::field $r dir] eq "out" && [::rx::field $r exchange] eq $exchange && [::rx::field $r kind] eq "request"
            && [::rx::field $r spi_i] eq $spi} { set last $n }
    }
    if {!$last} { ::case::usage "-again: no $exchange request was sent on this SA" }
    repeat $last
    return [sent $sa $exchange [::rx::field $rec($last) mid]]
}

# A record's octets once more, to where they went.
proc ::tx::repeat {n} {
    upvar #0 ::case::rec rec
    set r $rec($n)
    ::ike::peer raw tester [::ike::peer bytes tester $n] -to [::rx::field $r remote] -from [::rx::field $r local] \
        -proto [::rx::field $r ip_protocol 17]
}

proc ::tx::take {m} {
    set ::tx::taken [::ike::msg copy $m]
    return drop
}

# A composed message; with an SA it is sealed with its keys, else it goes out as it stands.
proc ::tx::composed {sa m words} {
    upvar #0 ::case::s s
    variable edit_options
    set o [options $words]
    if {[dict exists $o -sa]} { set sa [dict get $o -sa] }
    if {[catch {::ike::msg header $m} header]} { ::case::usage "\"$m\" is neither an exchange nor a message" }
    set before [paths $m]
    edit_message [pick $o $edit_options] $m
    set bends [changes $before [paths $m]]
    foreach {option path what} {-icv-flip ICV flipped -clear SK {left out} -pad {SK.pad length} {} -mid HDR.mid {}} {
        if {[dict exists $o $option] && !($option eq "-mid" && [dict get $o -mid] == [dict get [::ike::msg header $m] mid])} {
            if {$what eq ""} { set what [dict get $o $option] }
            lappend bends [dict create path $path old "" new $what]
        }
    }
    set header [::ike::msg header $m]
    set exchange [dict get $header exchange]
    mark
    set s(composed) 1
    set script [::rx::field $o -octets]
    if {$sa eq ""} {
        set mid [::rx::field $header mid 0]
        set octets [::ike::msg encode $m]
        if {$script ne ""} { set octets [octets $script bends $octets] }
        ::ike::peer raw tester $octets {*}[pick $o {-port -to}]
        return [note_bends [sent "" $exchange $mid [expr {$script ne ""}]] $bends]
    }
    set how [pick $o $::tx::send_options]
    set mid [expr {[dict exists $how -mid] ? [dict get $how -mid] : [next_mid $sa]}]
    if {[dict exists $how -as-is] && [dict get $how -as-is]} { set mid [::rx::field $header mid $mid] }
    if {[dict exists $how -clear] && [dict get $how -clear] && [::ike::msg exists $m SK.next]} {
        # its inner payloads in place of SK
        set m [::ike::msg decode [::ike::msg encode-clear $m]]
    }
    dict unset how -octets
    if {$script eq ""} {
        ::ike::peer send tester $sa $m {*}$how
        return [note_bends [sent $sa $exchange $mid] $bends]
    }
    set ::tx::octet_bends {}
    ::rules::tap_octets [list ::tx::octets $script ::tx::octet_bends]
    try { ::ike::peer send tester $sa $m {*}$how } finally { ::rules::tap_tree }
    return [note_bends [sent $sa $exchange $mid 1] [concat $bends $::tx::octet_bends]]
}

# What a case's script makes of the octets of a datagram; what that changed is added to the list BENDS_NAME.
proc ::tx::octets {script bends_name octets} {
    upvar 1 $bends_name bends
    ::case::bind bytes $octets
    set made [::case::in_case $script]
    lappend bends {*}[octet_changes $octets $made]
    return $made
}

# What differs between two datagrams, as rows for the ladder.
proc ::tx::octet_changes {old new} {
    set long [string length $old]
    if {[string length $new] != $long} { return [list [dict create path octets old "$long octets" new "[string length $new] octets"]] }
    set found {}
    for {set i 0} {$i < $long} {incr i} {
        lassign [lmap x [list $old $new] { binary encode hex [string index $x $i] }] was is
        if {$was ne $is} { lappend found [dict create path "octet $i" old 0x$was new 0x$is] }
    }
    return [lrange $found 0 11]
}

proc ::tx::note_bends {n bends} {
    set ::case::s(bends,$n) $bends
    return $n
}
