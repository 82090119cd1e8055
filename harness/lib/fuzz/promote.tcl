# promote.tcl - a finding becomes a case file: the shortened messages as the case language says them, the requirement that was
# broken as its check, what was seen as its comment, and the evidence in a folder beside it.

namespace eval ::fuzz::promote {}

# promote FINDING ?--to FILE?: never overwrites. By default cases/found/NAME.tcl.
proc ::fuzz::promote {words o} {
    if {[llength $words] != 1} { ::cli::usage "ikespec fuzz promote: the name of a finding" }
    lassign $words name
    ::cli::load_cases
    set dir [folder $o]
    lassign [named $name $dir] steps f
    if {$steps eq ""} { ::cli::usage "ikespec fuzz promote: the name of a finding, not a token" }
    set id found/[string tolower [string trim [regsub -all {[^A-Za-z0-9]+} $name -] -]]
    if {[::testcase::exists $id]} { ::cli::usage "$id exists: [dict get [::testcase::get $id] file]:[dict get [::testcase::get $id] line]" }
    set file [dict get $o --to]
    if {$file eq ""} { set file [file join $::ikespec::home cases found [file tail $id].tcl] }
    if {[file exists $file]} { ::cli::usage "$file exists; nothing written" }
    set text [::fuzz::promote::text $name $id $f $steps [file join $dir findings $name]]
    set evidence [file rootname $file].evidence
    set from [file join $dir findings $name]
    ::cli::written $file { file mkdir [file dirname $file]; ::runner::put $file $text }
    ::cli::written $evidence { if {[file isdirectory $from]} {
        file mkdir $evidence
        foreach part [glob -nocomplain -directory $from -types f *] { if {![string match core* [file tail $part]]} { file copy -force $part $evidence } }
    } }
    puts $file
    puts $evidence
    puts "next:  fill in bent (what makes the built-in device do the same), then    ikespec lint    ikespec prove $id -v    ikespec run $id --dut DEVICE"
    return 0
}

# The requirement that the case cites: that of the finding, or, for a device that died, that a request gets its answer.
proc ::fuzz::promote::requirement {f} {
    if {[dict get $f req] ne ""} { return [dict get $f req] }
    return rfc7296/1.4/empty-request-answered
}

# Bent devices of the built-in one that break that very requirement.
proc ::fuzz::promote::bent {req} {
    if {$req in [::bent::rulings]} { return [lindex [split $req /] end] }
    return ""
}

proc ::fuzz::promote::text {name id f steps folder} {
    set req [requirement $f]
    set word [::requirements::word $req]
    set kind [dict get $f kind]
    set state [dict get $f state]
    set out "# [lindex [split $id /] end].tcl - found by fuzzing: [dict get $f text].\n#\n"
    append out "# expected [dict get $f expected], got [::text::visible [dict get $f got]]\n"
    set ladder [file join $folder ladder.txt]
    if {[file exists $ladder]} {
        foreach line [split [string trimright [::parse::read_file $ladder]] \n] { append out "#   [string trimright $line]\n" }
    }
    append out "\ntestcase $id {\n"
    append out "    title   \"[quoted "In state $state: [dict get $f text]"]\"\n"
    append out "    cites   {$req}\n    device  [expr {[string match *-answer $state] ? "initiator" : "responder"}]\n    needs   {psk}\n    setup   psk\n"
    append out "    bent    {[bent $req]}\n    tags    {found}\n"
    append out "    why     \"[quoted [why $kind]]\"\n    hint    \"[quoted "It was found as $name; the capture is beside this file."]\"\n} {\n"
    append out [body $f $steps $req $word]
    append out "}\n"
    return $out
}

proc ::fuzz::promote::quoted {text} { string map {\" ' \\ / \[ ( \] ) \$ S} [::text::visible $text] }

proc ::fuzz::promote::why {kind} {
    switch -glob -- $kind {
        device-fault* - dead { return "One peer can put the device out of service for all." }
        accepted - unauthenticated { return "What must not be trusted is." }
        amplified { return "The device can be used to flood others." }
        not-ignored { return "A later version of the protocol, or an extension, cannot be used with this device." }
    }
    return "A peer that follows the RFCs cannot work with this answer."
}

# The script: one act per message.
proc ::fuzz::promote::body {f steps req word} {
    set out ""
    set sa ""
    set n 0
    foreach step $steps {
        incr n
        lassign $step state program
        set edit [edits $program]
        set last [expr {$n == [llength $steps]}]
        switch -glob -- $state {
            init { append out "    set sa \[tx IKE_SA_INIT$edit\]\n"; set exchange IKE_SA_INIT }
            auth { append out "    set sa \[ike init\]\n    tx \$sa IKE_AUTH$edit\n"; set exchange IKE_AUTH }
            init-answer - auth-answer - *-answer {
                set exchange [::fuzz::state::get $state exchange]
                set script [string trim [regsub {^ -edit } $edit ""]]
                append out "    edit outbound $exchange response [expr {$script eq "" ? "{}" : $script}]\n"
                if {$state in {init-answer auth-answer}} {
                    append out "    set sa \[ike await\]\n    settle\n"
                } else {
                    append out "    set sa \[ike establish\]\n    dut [::fuzz::state::get $state what] \$sa\n    settle\n"
                }
            }
            default {
                if {$sa eq ""} { append out "    set sa \[ike establish\]\n"; set sa 1 }
                set exchange [::fuzz::state::get $state exchange]
                set how [dict get {new-child {} rekey-child { -rekey child} rekey-ike { -rekey ike} liveness {} inform {} delete-child { -delete child} delete-ike { -delete ike}} $state]
                if {$state eq "inform"} {
                    append out "    set m \[msg new INFORMATIONAL request\]\n    msg add \$m N(65001) data 0x01020304\n    msg add \$m D protocol ESP spi_size 4 spis 0xdeadbeef\n    msg add \$m V data str:fuzz\n    tx \$sa \$m$edit\n"
                } else {
                    append out "    tx \$sa $exchange$how$edit\n"
                }
            }
        }
        if {!$last} { append out "    settle\n" }
    }
    append out [check $f $req $word $exchange [lindex $steps end 0]]
}

# What was expected, as a check.
proc ::fuzz::promote::check {f req word exchange state} {
    set kind [dict get $f kind]
    if {[string match *-answer $state] || $kind in {dead unauthenticated} || [string match device-fault* $kind] || [string match grows-* $kind] || $kind eq "amplified"} {
        # the health check that follows every case is the rest of it
        return "    settle\n    $word $req \"the device runs on and makes an SA\" {\[answers \[ike establish\]\]}\n"
    }
    set sa [expr {$exchange eq "IKE_SA_INIT" ? "" : "\$sa "}]
    switch -glob -- $kind {
        accepted {
            if {[string match error:* [dict get $f expected]]} { return "    rx $sa$exchange response { $word $req has N([string range [dict get $f expected] 6 end]) }\n" }
            if {[dict get $f expected] eq "silence"} { return "    rx-none $sa$exchange response -req $req -for settle\n" }
            return "    rx $sa$exchange response { $word $req lacks {AUTH SA} }\n"
        }
        not-ignored {
            if {[dict get $f expected] eq "ok" && [string match error:* [dict get $f got]]} { return "    rx $sa$exchange response { $word $req lacks N([string range [dict get $f got] 6 end]) }\n" }
            return "    rx $sa$exchange response -req $req\n"
        }
        malformed { return "    rx $sa$exchange response\n    $word $req \"the answer keeps the rule\" {!\[llength \[lmap x \[msg lint \$rx\] { if {\[dict get \$x req\] ne \"$req\"} continue; set x }\]\]}\n" }
    }
    return "    rx $sa$exchange response -req $req\n"
}

# A program in the words of tx: -edit with msg verbs; octets of a field by their final value cannot be known here, so they are
# computed from the message as the fuzzer did.
proc ::fuzz::promote::edits {program} {
    set lines {}
    set options ""
    foreach op $program {
        lassign $op kind a b c
        switch -- $kind {
            set { lappend lines "msg set \$m [list $a] $b" }
            remove { lappend lines "msg remove \$m [list $a]" }
            double { lappend lines [expr {$b == 1 ? "msg double \$m [list $a]" : "for {set i 0} {\$i < $b} {incr i} { msg double \$m [list $a] }"}] }
            move { lappend lines "msg move \$m [list $a] $b [list $c]" }
            insert { lappend lines "msg add \$m payload($a) -critical $b -body \[binary format H* {$c}\]" }
            notify { lappend lines "msg add \$m N($a) data 0x$b" }
            flip - cut - grow - fill {
                set octets "\[string range \[msg get \$m [list $a]\] 2 end\]"
                switch -- $kind {
                    fill { lappend lines "msg set \$m [list $a] 0x\[string repeat [format %02x $b] \[expr {\[string length $octets\] / 2}\]\]" }
                    grow { lappend lines "msg set \$m [list $a] 0x$octets\[string repeat [format %02x $c] $b\]" }
                    cut { lappend lines "msg set \$m [list $a] 0x\[string range $octets 0 [expr {2 * $b - 1}]\]" }
                    flip {
                        set digit [expr {$b / 4}]
                        lappend lines "set x $octets; set d [expr {$digit}]; set d \[expr {\$d % \[string length \$x\]}\]"
                        lappend lines "msg set \$m [list $a] 0x\[string replace \$x \$d \$d \[format %x \[expr {0x\[string index \$x \$d\] ^ [expr {8 >> ($b % 4)}]}\]\]\]"
                    }
                }
            }
            wire-flip { append options " -icv-flip 1" }
        }
    }
    if {![llength $lines]} { return $options }
    return "$options -edit {\n        [join $lines "\n        "]\n    }"
}
