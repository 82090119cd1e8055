# probe.tcl - `ikespec probe`: learns from the wire what a device supports (probes.tcl, and each transform that the engine
# can run) and compares it with the profile, both ways. Exit 1 when the two contradict each other.

namespace eval ::probe {
    variable rows {}             ;# NAME {claim role setup title body}
    variable got {}              ;# NAME {verdict reason told}
    # a transform is asked for beside these
    variable ike {encr ENCR_AES_CBC-256 prf PRF_HMAC_SHA2_256 integ AUTH_HMAC_SHA2_256_128 group ECP_256}
    # no ciphers for IKE, whose SK payload is encrypted (RFC 7296 3.14)
    variable esp_only {ENCR_NULL ENCR_NULL_AUTH_AES_GMAC}
    # claims whose value is a list of transforms
    variable lists {ike-transforms esp-transforms}
}

# --- what is asked ---------------------------------------------------------------------------------------------------

proc ::probe::load {} {
    variable rows {}
    set box [interp create -safe]
    interp alias $box probe {} ::probe::row
    $box eval [::parse::read_file [file join $::ikespec::home harness lib probes.tcl]]
    interp delete $box
    return $rows
}

proc ::probe::row {claim role setup title body} {
    variable rows
    dict set rows [string trimleft $claim +] [dict create claim $claim role $role setup $setup title $title body $body]
}

# What of the registries two of our own engines can agree on: {encr prf integ group}, each a list of {NAME WITH-INTEGRITY};
# ENCR with each key length that it has.
proc ::probe::runnable {} {
    variable ike
    set out {}
    foreach kind {encr prf integ group} {
        set names [lmap {name number} [::ike::names $kind] { if {$number == 0 || $name eq "NONE"} continue; set name }]
        if {$kind eq "encr"} { set names [concat {*}[lmap n $names { list $n $n-128 $n-192 $n-256 }]] }
        foreach name $names {
            # an algorithm that brings its own integrity stands without another
            foreach parts [list [dict replace $ike $kind $name] [dict remove [dict replace $ike $kind $name] integ]] {
                if {![agree [dict values $parts]]} continue
                dict lappend out $kind [list $name [dict exists $parts integ]]
                break
            }
        }
    }
    return $out
}

# Two engines come through IKE_SA_INIT with this proposal.
proc ::probe::agree {proposal} {
    set setup [dict replace [::setups::get psk] ike [list $proposal]]
    ::ike::net create mem -seed 1
    if {[catch {
        foreach {name end} {tester tester dut device} {
            ::ike::peer new $name -seed $name -cookie never
            ::ike::peer conn $name [::setups::conn $setup $end]
        }
        ::ike::peer initiate tester t
        ::ike::net quiet 200
    }]} { return 0 }
    expr {[lsearch -exact [lmap e [::ike::peer events tester] { dict get $e kind }] done] >= 0}
}

# One question for each transform of IKE and of ESP.
proc ::probe::transforms {} {
    variable ike
    variable esp_only
    set can [runnable]
    foreach kind {encr prf integ group} {
        foreach t [dict get $can $kind] {
            lassign $t name with
            set parts [dict replace $ike $kind $name]
            if {!$with} { dict unset parts integ }
            if {[regsub -- {-\d+$} $name {}] ni $esp_only} {
                ask ike $kind $name [list psk ike [list [dict values $parts]]] {
                    tx IKE_SA_INIT
                    rx IKE_SA_INIT response
                    note [expr {[msg has $rx SA] ? "yes" : "no"}] [msg chain $rx]
                }
            }
            if {$kind eq "prf"} continue
            set esp [dict get [dict create encr $name integ [list ENCR_AES_CBC-256 $name] group [list ENCR_AES_GCM_16-256 $name]] $kind]
            if {$kind eq "encr" && $with} { lappend esp [dict get $ike integ] }
            # the group of a Child SA is asked for when that is rekeyed
            ask esp $kind $name [list psk esp [list $esp]] [expr {$kind eq "group" ? {
                set sa [ike establish]
                tx $sa CREATE_CHILD_SA -rekey child
                rx $sa CREATE_CHILD_SA response
                note [expr {[msg has $rx SA] ? "yes" : "no"}] [msg chain $rx]
            } : {
                set sa [ike init]
                tx $sa IKE_AUTH
                rx $sa IKE_AUTH response
                precondition {[msg has $rx AUTH]} "IKE_AUTH was refused: [msg chain $rx]"
                note [expr {[msg has $rx SA] ? "yes" : "no"}] [msg chain $rx]
            }}]
        }
    }
}

proc ::probe::ask {protocol kind name setup body} {
    variable rows
    dict set rows $protocol:$name [dict create claim $protocol-transforms role responder setup $setup title "$protocol $kind $name" body $body kind $kind]
}

# --- asking ----------------------------------------------------------------------------------------------------------

# A question as a case, in whatever process asks it; what is judged is nothing, what is noted is the answer.
proc ::probe::make_case {id row} {
    if {[::testcase::exists $id]} return
    ::testcase::load_text "testcase $id {
    title  [list [dict get $row title]]
    cites  {[lindex [::requirements::ids] 0]}
    device [dict get $row role]
    setup  [list [dict get $row setup]]
    health no
} {[dict get $row body]}" probe
}

# {probe NAME ROW} -> {verdict reason told seen}: what a worker gives back.
proc ::probe::do {task S} {
    lassign $task - name row
    set id probe/[string map {: / + {} _ -} [string tolower $name]]
    make_case $id $row
    # the wire is asked whatever the profile says
    set o [dict merge [::runner::case_options $S] {confirm 0 restart 1} \
               [dict create claims [dict merge [dict get $S claims] {initiator yes responder yes}] seed [dict get $S seed] rep 1]]
    set r [::case::run $id [dict get $row role] [dict get $S driver] $o]
    dict create verdict [dict get $r verdict] reason [dict get $r reason] told $::case::s(notes)
}

proc ::probe::took {index result} {
    variable rows
    variable got
    set name [lindex [dict keys $rows] $index]
    dict set got $name $result
    if {[::run::tty]} {
        puts -nonewline stderr "\r[expr {$index + 1}]/[dict size $rows]  [format %-50s $name]"
        flush stderr
    }
    return ""
}

# The answer of the wire: {yes|no|unknown WORDS}.
proc ::probe::answer {r} {
    set told [lindex [dict get $r told] 0]
    if {[regexp {^(yes|no)\M\s*(.*)$} $told - word rest]} { return [list $word $rest] }
    regsub { *\(note: .*\)$} [dict get $r reason] "" why
    # a driver that cannot set a thing up knows that its device has none; nor does a device that refuses the settings
    if {[dict get $r verdict] eq "unsupported" && ![regexp {has no verb} $why]} { return [list no "its driver: $why"] }
    if {[regexp {^before the case began: configure: (.*)} $why - text]} { return [list no "the settings are refused: $text"] }
    return [list unknown $why]
}

# --- comparing -------------------------------------------------------------------------------------------------------

# state PROFILE WIRE -> agree, overclaimed, underclaimed, learnt, unasked; PROFILE "" when it says nothing.
proc ::probe::state {profile wire} {
    if {$wire eq "unknown"} { return unasked }
    if {$profile in {"" unknown}} { return learnt }
    if {$profile eq "no"} { return [expr {$wire eq "no" ? "agree" : "underclaimed"}] }
    return [expr {$wire eq "no" ? "overclaimed" : "agree"}]
}

# What the profile says of a row: its claim, or for a transform whether its list has it.
proc ::probe::claimed {name row claims} {
    variable lists
    set claim [dict get $row claim]
    if {[string match +* $claim] || ![dict exists $claims $claim]} { return "" }
    set value [dict get $claims $claim]
    if {$claim ni $lists || $value in {yes no unknown}} { return $value }
    return [expr {[lindex [split $name :] 1] in $value ? "yes" : "no"}]
}

# -> list of dicts {name title claim profile wire seen state}, and what lists name that was never asked.
proc ::probe::compare {rows got claims} {
    variable lists
    set out {}
    dict for {name row} $rows {
        lassign [expr {[dict exists $got $name] ? [answer [dict get $got $name]] : {unknown "was not asked"}}] wire seen
        set profile [claimed $name $row $claims]
        lappend out [dict create name $name title [dict get $row title] claim [string trimleft [dict get $row claim] +] \
                         profile $profile wire $wire seen $seen state [state $profile $wire]]
    }
    foreach claim $lists {
        if {![dict exists $claims $claim] || [dict get $claims $claim] in {yes no unknown}} continue
        set protocol [lindex [split $claim -] 0]
        foreach name [dict get $claims $claim] {
            if {[dict exists $rows $protocol:$name]} continue
            lappend out [dict create name $protocol:$name title "$protocol $name" claim $claim profile yes wire unknown \
                             seen "the tester cannot run it, or there is no such transform" state unasked]
        }
    }
    return $out
}

proc ::probe::sentence {f} {
    dict with f {}
    set seen [expr {$seen eq "" ? "" : ": [::text::cap [::text::visible $seen] 200]"}]
    switch -- $state {
        overclaimed { return "the profile says $claim [expr {$claim eq $name ? $profile : "has [lindex [split $name :] 1]"}], the wire says no ($title)$seen" }
        underclaimed { return "the profile says $claim [expr {$claim eq $name ? "no" : "lacks [lindex [split $name :] 1]"}], the wire says yes ($title)$seen" }
    }
    return "$title$seen"
}

# The answers as the `claims` block of a profile; transforms as lists.
proc ::probe::claims {compared claims} {
    variable lists
    set learnt $claims
    foreach claim $lists { if {[lsearch -index 5 $compared $claim] < 0} { dict unset learnt $claim } }
    set found {}
    foreach f $compared {
        if {[dict get $f wire] eq "unknown"} continue
        set claim [dict get $f claim]
        if {$claim in $lists} {
            if {[dict get $f wire] eq "yes"} { dict lappend found $claim [lindex [split [dict get $f name] :] 1] }
        } elseif {![dict exists $claims $claim] || [dict get $claims $claim] in {yes no unknown}} {
            # (told only: no claim of any profile)
            if {$claim in {retransmission signature-hashes vendor-ids}} continue
            dict set learnt $claim [dict get $f wire]
        }
    }
    return [dict merge $learnt $found]
}

# --- the command -----------------------------------------------------------------------------------------------------

proc ::probe::command {words o} {
    variable rows
    variable got {}
    if {[dict get $o --to] ne "" && [file exists [dict get $o --to]]} { ::cli::usage "[dict get $o --to] exists; nothing was asked" }
    ::cli::load_cases
    set dut [::profile::find [dict get $o --dut]]
    if {[set code [::run::privileged $dut]] ne ""} { return $code }
    load
    # transforms are many: what names only claims does without them
    set plain [dict keys $rows]
    if {![llength $words] || [lsearch -regexp $words {^(transforms|ike:.*|esp:.*)$}] >= 0} { transforms }
    set names [dict keys $rows]
    set wanted {}
    foreach w $words {
        set hits [switch -- $w {
            claims { set plain }
            transforms { lsearch -all -inline -glob $names *:* }
            default { lsearch -all -inline -glob $names $w }
        }]
        if {$hits eq {}} { ::cli::usage "ikespec probe: [::parse::unknown question $w [concat claims transforms $names]]" }
        lappend wanted {*}$hits
    }
    if {[llength $wanted]} { set rows [dict filter $rows script {name row} { expr {$name in $wanted} }] }
    set S [::run::settings $dut [dict merge $o {--evidence none}]]
    set tasks [lmap {name row} $rows { list probe $name $row }]
    set why [::runner::run $tasks $S 1 ::probe::took]
    if {[::run::tty]} { puts -nonewline stderr "\r[string repeat { } 70]\r" }
    set compared [compare $rows $got [dict get $S claims]]
    if {[dict get $o --json]} { puts [json $compared] } else { show $compared $dut }
    if {[dict get $o --to] ne ""} {
        ::cli::written [dict get $o --to] {
            ::runner::put [dict get $o --to] "# claims as the wire told them, for the profile of [dict get $dut name]\nclaims {\n[join [lmap {k v} [claims $compared [dict get $S claims]] {
                format "    %-20s %s" $k [expr {[llength $v] == 1 ? $v : [list $v]}] }] \n]\n}"
        }
    }
    if {$why eq "interrupted"} { throw {IKE INTERRUPTED} interrupted }
    return [expr {[llength [lsearch -all -regexp [lmap f $compared { dict get $f state }] {^(over|under)claimed$}]] > 0}]
}

proc ::probe::json {compared} {
    package require json::write
    ::json::write indented 0
    return [::json::write array {*}[lmap f $compared {
        ::json::write object {*}[dict map {k v} $f { ::json::write string [::text::visible $v] }]
    }]]
}

proc ::probe::show {compared dut} {
    puts "the device: [dict get $dut name], driver [dict get $dut driver]"
    puts [format "  %-34s %-9s %-9s" "" profile wire]
    set groups {}
    foreach f $compared {
        dict with f {}
        # transforms: a line for each kind and answer
        if {[dict exists $::probe::rows $name kind]} {
            dict lappend groups "[lindex [split $name :] 0] [dict get $::probe::rows $name kind]" [list [lindex [split $name :] 1] $wire]
            continue
        }
        set paint [dict get {agree pass overclaimed fail underclaimed fail learnt warn unasked warn} $state]
        puts "  [format "%-34s %-9s" $name [expr {$profile eq "" ? "-" : [::text::cap $profile 9]}]] [::terminal::paint $paint [format %-9s $wire]][expr {
            $state in {overclaimed underclaimed} ? " <- [dict get {overclaimed {claimed, not seen} underclaimed {seen, not claimed}} $state]" : ""}]"
    }
    dict for {group pairs} $groups {
        foreach wire {yes no unknown} {
            set names [lmap p $pairs { if {[lindex $p 1] ne $wire} continue; lindex $p 0 }]
            if {$names eq {}} continue
            set head [format "  %-10s %-8s" $group $wire]
            foreach line [::text::wrap [join $names] 90] { puts "$head$line"; set head [string repeat { } 21] }
        }
    }
    foreach {head states} {"the profile and the wire contradict each other:" {overclaimed underclaimed}
                           "could not be learnt:" unasked} {
        set some [lmap f $compared { if {[dict get $f state] ni $states} continue; set f }]
        if {![llength $some]} continue
        puts $head
        foreach f $some { puts "  [sentence $f]" }
    }
    set told [lmap f $compared { if {![dict exists $::probe::rows [dict get $f name]] || ![string match +* [dict get $::probe::rows [dict get $f name] claim]] || [dict get $f wire] eq "unknown"} continue; set f }]
    if {[llength $told]} { puts "told:" }
    foreach f $told { puts "  [sentence $f]" }
    set n [llength [lsearch -all -regexp [lmap f $compared { dict get $f state }] {claimed$}]]
    puts "[::text::plural [llength $compared] question questions], [expr {$n ? [::text::plural $n contradiction contradictions] : "no contradiction"}]"
}

::cli::command probe {?claims|transforms|NAME...?} "learns from the wire what a device supports, and compares it with its profile" \
    {--dut --seed --time-scale --json --to} ::probe::command
