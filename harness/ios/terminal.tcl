# terminal.tcl - the lines of the stand-in: logins, editing, paging, modes, and the commands of exec mode. Any number of
# sessions; each is fed octets and writes octets, one of them may be the console.

namespace eval ::ios::terminal {
    variable s             ;# (id,field)
    variable ids {}
    variable count 0
    variable last 0        ;# when somebody typed
    variable exec {
        {{enable} enable} {{disable} disable} {{exit} leave} {{logout} leave} {{quit} leave}
        {{terminal length <n>} length} {{terminal width <n>} width} {{terminal monitor} {monitor 1}} {{terminal no monitor} {monitor 0}}
        {{show version} {text ::ios::show::version}} {{ping <addr> ...} ping} {{ping <addr>} ping}
        {{show crypto session} {text ::ios::show::session}} {{show privilege} privilege}
    }
    variable privileged {
        {{configure terminal} configure} {{show running-config} running} {{show startup-config} running}
        {{show crypto ikev2 sa} {text ::ios::show::ikev2 0 0}} {{show crypto ikev2 sa detailed} {text ::ios::show::ikev2 1 0}}
        {{show crypto ikev2 session} {text ::ios::show::ikev2 0 1}} {{show crypto ikev2 session detailed} {text ::ios::show::ikev2 1 1}}
        {{show crypto ipsec sa} {text ::ios::show::ipsec}} {{show logging} {text ::ios::show::log}} {{clear logging} clearlog}
        {{show debugging} debugging}
        {{debug crypto ikev2} {debug packet internal}} {{debug crypto ikev2 packet} {debug packet}} {{debug crypto ikev2 internal} {debug internal}}
        {{no debug crypto ikev2} {undebug packet internal}} {{no debug crypto ikev2 packet} {undebug packet}}
        {{no debug crypto ikev2 internal} {undebug internal}} {{undebug all} {undebug packet internal}} {{no debug all} {undebug packet internal}}
        {{clear crypto ikev2 sa} clearike} {{clear crypto ikev2 sa fast} clearfast}
        {{clear crypto ikev2 sa remote <addr>} {clearike remote}} {{clear crypto ikev2 sa psh <n>} {clearike psh}}
        {{clear crypto sa} clearsa} {{clear crypto sa peer <addr>} clearsa} {{clear crypto sa entry <addr> esp <spi>} clearentry}
        {{clear crypto session} clearike} {{write memory} write} {{copy running-config startup-config} write} {{reload} reload}
    }
}

proc ::ios::terminal::new {kind in out} {
    variable s
    variable ids
    variable count
    set id [incr count]
    foreach {k v} [list kind $kind in $in out $out state idle line "" input "" queue {} sending 0 mode exec length 24 more {} \
                       monitor [expr {$kind eq "con"}] tries 0 column 0 iac "" level 1 cr 0 then ""] { set s($id,$k) $v }
    fconfigure $in -blocking 0 -buffering none -translation binary
    fconfigure $out -blocking 0 -buffering full -translation binary
    fileevent $in readable [list ::ios::terminal::arrived $id]
    lappend ids $id
    if {$kind eq "vty"} {
        # we echo, and there is no go-ahead
        out $id \xff\xfb\x01\xff\xfb\x03\xff\xfd\x18
        greet $id
    } else {
        out $id "\r\n\r\n\r\n[::ios::config::get hostname] con0 is now available\r\n\r\n\r\n\r\nPress RETURN to get started.\r\n\r\n"
    }
    return $id
}

proc ::ios::terminal::arrived {id} {
    variable s
    # seen by turn, never inside the network's turn: a command may make a new world
    if {[catch { read $s($id,in) } octets]} { set octets ""; set s($id,state) gone }
    # nobody types that far ahead
    if {[string length $s($id,input)] < 65536} { append s($id,input) $octets }
    variable last [clock milliseconds]
    if {[eof $s($id,in)]} { set s($id,state) gone }
}

proc ::ios::terminal::turn {} {
    variable s
    variable ids
    foreach id $ids {
        while {$s($id,input) ne "" && $s($id,state) ni {busy gone}} {
            set ch [string index $s($id,input) 0]
            set s($id,input) [string range $s($id,input) 1 end]
            key $id $ch
        }
        # an escape while something runs
        if {$s($id,state) eq "busy" && [regexp {[\x03\x1e]} $s($id,input)]} {
            set s($id,input) ""
            ::ios::router::ping_over
        }
        flush_out $id
        if {$s($id,state) eq "gone"} { hang_up $id }
    }
}

proc ::ios::terminal::hang_up {id} {
    variable s
    variable ids
    catch { close $s($id,in) }
    if {$s($id,out) ne $s($id,in)} { catch { close $s($id,out) } }
    if {$s($id,kind) eq "con"} { set ::ios::over 1 }
    set ids [lsearch -all -inline -not -exact $ids $id]
    array unset s $id,*
}

# --- output ----------------------------------------------------------------------------------------------------------------

proc ::ios::terminal::out {id text {slow 0}} {
    variable s
    set s($id,column) [expr {[string index $text end] in [list \n \r] ? 0 : 1}]
    if {!$slow && $s($id,queue) eq {}} {
        puts -nonewline $s($id,out) $text
    } else {
        lappend s($id,queue) [list $text $slow]
        release $id
    }
}

# Characters that take their time go out one by one; what is written behind them waits.
proc ::ios::terminal::release {id} {
    variable s
    if {![info exists s($id,queue)] || $s($id,sending)} return
    while {$s($id,queue) ne {}} {
        lassign [lindex $s($id,queue) 0] text slow
        if {$slow} {
            set s($id,sending) 1
            after $slow [list ::ios::terminal::released $id]
            break
        }
        set s($id,queue) [lrange $s($id,queue) 1 end]
        puts -nonewline $s($id,out) $text
    }
    catch { flush $s($id,out) }
}

proc ::ios::terminal::released {id} {
    variable s
    if {![info exists s($id,queue)]} return
    puts -nonewline $s($id,out) [lindex $s($id,queue) 0 0]
    set s($id,queue) [lrange $s($id,queue) 1 end]
    set s($id,sending) 0
    release $id
}

proc ::ios::terminal::flush_out {id} {
    variable s
    if {[catch { flush $s($id,out) }]} { set s($id,state) gone }
}

proc ::ios::terminal::echo {id text} { out $id $text $::ios::flag(--slow-echo) }
proc ::ios::terminal::print {id text} { out $id [string map {\n \r\n} $text] }

# A log line, in the middle of whatever stands there.
proc ::ios::terminal::log {text} {
    variable s
    variable ids
    foreach id $ids {
        if {!$s($id,monitor) || $s($id,state) ni {exec busy} || ($s($id,kind) eq "con" && ![::ios::config::get logcon])} continue
        out $id "[expr {$s($id,column) ? "\r\n" : ""}][string map {\n \r\n} $text]\r\n"
    }
}

# --- login -----------------------------------------------------------------------------------------------------------------

proc ::ios::terminal::greet {id} {
    variable s
    set s($id,tries) 0
    if {$::ios::flag(--password) eq "" && $::ios::flag(--username) eq ""} { begin $id; return }
    out $id "\r\n\r\nUser Access Verification\r\n\r\n"
    ask_login $id
}

proc ::ios::terminal::ask_login {id} {
    variable s
    if {$::ios::flag(--username) ne ""} {
        set s($id,state) user
        out $id "Username: "
    } else {
        set s($id,state) pass
        out $id "Password: "
    }
}

proc ::ios::terminal::begin {id} {
    variable s
    set s($id,state) exec
    set s($id,mode) exec
    set s($id,level) 1
    prompt $id
}

proc ::ios::terminal::prompt {id} {
    variable s
    set s($id,state) exec
    set s($id,line) ""
    set host [::ios::config::get hostname]
    if {$s($id,mode) ne "exec"} {
        out $id [string range $host 0 19][dict get $::ios::config::prompts $s($id,mode)]#
    } else {
        out $id $host[expr {$s($id,level) > 1 ? "#" : ">"}]
    }
}

# --- keys ------------------------------------------------------------------------------------------------------------------

proc ::ios::terminal::key {id ch} {
    variable s
    # telnet's options: three octets are swallowed
    if {$s($id,iac) ne "" || ($ch eq "\xff" && $s($id,kind) eq "vty")} {
        append s($id,iac) $ch
        if {[string length $s($id,iac)] == 3 || [regexp {^\xff[\xf0-\xf9\xff]} $s($id,iac)]} { set s($id,iac) "" }
        return
    }
    # CR LF and CR NUL are one Return
    if {$s($id,cr) && $ch in [list \n \x00]} { set s($id,cr) 0; return }
    set s($id,cr) [expr {$ch eq "\r"}]
    switch -- $s($id,state) {
        idle { if {$ch in [list \r \n]} { greet $id } ; return }
        more { more_key $id $ch; return }
        confirm {
            set then $s($id,then)
            out $id \r\n
            if {$ch in [list \r \n y Y]} { {*}$then }
            prompt $id
            return
        }
    }
    set hidden [expr {$s($id,state) in {pass enable}}]
    switch -- $ch {
        \r - \n { out $id \r\n; entered $id }
        \b - \x7f {
            if {$s($id,line) ne ""} {
                set s($id,line) [string range $s($id,line) 0 end-1]
                if {!$hidden} { out $id "\b \b" }
            }
        }
        \x15 - \x18 {
            if {!$hidden} { out $id [string repeat "\b \b" [string length $s($id,line)]] }
            set s($id,line) ""
        }
        \x03 { out $id \r\n; if {$s($id,state) eq "exec"} { if {$s($id,mode) ne "exec"} { leave_config $id }; prompt $id } }
        \x1a { out $id ^Z\r\n; if {$s($id,state) eq "exec"} { leave_config $id; prompt $id } }
        ? { if {$hidden} { append s($id,line) ? } else { out $id ?\r\n; help $id } }
        default {
            if {$ch < " "} return
            if {[string length $s($id,line)] >= 254} { out $id \x07; return }
            append s($id,line) $ch
            if {!$hidden} { echo $id $ch }
        }
    }
}

proc ::ios::terminal::entered {id} {
    variable s
    set line $s($id,line)
    set s($id,line) ""
    switch -- $s($id,state) {
        user {
            set s($id,name) $line
            set s($id,state) pass
            out $id "Password: "
        }
        pass {
            if {$line eq $::ios::flag(--password) && ($::ios::flag(--username) eq "" || $s($id,name) eq $::ios::flag(--username))} {
                out $id \r\n
                begin $id
            } elseif {[incr s($id,tries)] >= 3} {
                out $id "% Bad passwords\r\n"
                flush_out $id
                if {$s($id,kind) eq "con"} { away $id } else { set s($id,state) gone }
            } else {
                if {$::ios::flag(--username) ne ""} { out $id "% Login invalid\r\n\r\n" }
                ask_login $id
            }
        }
        enable {
            if {$line eq $::ios::flag(--enable)} {
                set s($id,level) 15
                prompt $id
            } elseif {[incr s($id,tries)] >= 3} {
                out $id "% Bad secrets\r\n\r\n"
                prompt $id
            } else {
                out $id "Password: "
            }
        }
        exec { obey $id $line }
    }
}

# --- commands ----------------------------------------------------------------------------------------------------------------

proc ::ios::terminal::obey {id line} {
    variable s
    if {[string trim $line] eq "" || [string index [string trimleft $line] 0] eq "!"} { prompt $id; return }
    set host [::ios::config::get hostname]
    set mark [expr {[string length $host] + 1 + ($s($id,mode) eq "exec" ? 0 : [string length [dict get $::ios::config::prompts $s($id,mode)]])}]
    set answer [execute $id $line $mark]
    if {![info exists s($id,state)]} return
    if {$answer ne ""} {
        page $id $answer
    } elseif {$s($id,state) eq "exec"} {
        prompt $id
    }
}

# What a line prints; what it does is done.
proc ::ios::terminal::execute {id line mark} {
    variable s
    variable exec
    variable privileged
    lassign [::ios::config::split_line $line] words places
    if {$s($id,mode) ne "exec"} {
        if {$words eq "end"} { leave_config $id; return }
        if {$words eq "exit"} {
            if {$s($id,mode) eq "config"} {
                leave_config $id
            } elseif {$s($id,mode) eq "peer"} {
                set s($id,mode) keyring
                set s($id,path) [lrange $s($id,path) 0 1]
            } else {
                set s($id,mode) config
            }
            return
        }
        if {[lindex $words 0] eq "do"} {
            set s($id,mode_before) $s($id,mode)
            set s($id,mode) exec
            set out [execute $id [string range $line [lindex $places 1] end] [expr {$mark + [lindex $places 1]}]]
            if {$s($id,mode) eq "exec"} { set s($id,mode) $s($id,mode_before) }
            return $out
        }
        set tables [list [dict get $::ios::config::tables $s($id,mode)]]
        if {$s($id,mode) ne "config"} { lappend tables [dict get $::ios::config::tables config] }
        if {$s($id,mode) eq "peer"} { set tables [linsert $tables 1 [dict get $::ios::config::tables keyring]] }
    } else {
        set tables [list [expr {$s($id,level) > 1 ? [concat $exec $privileged] : $exec}]]
    }
    set n 0
    foreach table $tables {
        set found [::ios::config::find $table $words]
        if {[lindex $found 0] eq "ok"} break
        # the mode's own table says where a line goes wrong, unless another knows more of it
        if {![info exists worst] || ([lindex $found 0] eq "invalid" && [lindex $worst 0] eq "invalid" && [lindex $found 1] > [lindex $worst 1])
            || ([lindex $found 0] ne "invalid" && [lindex $worst 0] eq "invalid")} { set worst $found }
        incr n
    }
    if {[lindex $found 0] ne "ok"} {
        switch -- [lindex $worst 0] {
            invalid { return [caret [expr {$mark + [lindex $places [lindex $worst 1]]}]] }
            ambiguous { return "% Ambiguous command:  \"$line\"\n" }
            default { return "% Incomplete command.\n\n" }
        }
    }
    lassign $found - proc args at
    if {[catch {
        if {$s($id,mode) ne "exec"} {
            set result ""
            set ::ios::config::path [expr {[info exists s($id,path)] ? $s($id,path) : {}}]
            set before $::ios::config::path
            if {$n > 0 && $s($id,mode) eq "peer" && $n == 1} { set ::ios::config::path [lrange $before 0 1] }
            ::ios::config::[lindex $proc 0] {*}[lrange $proc 1 end] {*}$args
            if {[lindex $proc 0] in {enter trans interface peer}} {
                set s($id,path) $::ios::config::path
                set s($id,mode) [expr {[lindex $proc 0] eq "peer" ? "peer" : [lindex $s($id,path) 0]}]
            }
        } else {
            set result [do_[lindex $proc 0] $id {*}[lrange $proc 1 end] {*}$args]
        }
    } result info]} {
        set code [dict get $info -errorcode]
        if {[lrange $code 0 1] eq {IOS AT}} { return [caret [expr {$mark + [lindex $places [lindex $at [lindex $code 2]]]}]] }
        if {[lrange $code 0 1] eq {IOS SAY}} { return $result\n }
        return "% stand-in: [lindex [split $result \n] 0]\n"
    }
    return $result
}

proc ::ios::terminal::caret {column} {
    return "[string repeat " " $column]^\n% Invalid input detected at '^' marker.\n\n"
}

# Lines of a file, as if typed after `configure terminal`. -> what went wrong first, "" = nothing
proc ::ios::terminal::batch {text} {
    variable s
    foreach {k v} {mode config level 15 state exec path {}} { set s(batch,$k) $v }
    set wrong ""
    foreach line [split $text \n] {
        set line [string trim $line]
        if {$line eq "" || [string index $line 0] eq "!" || $line eq "end"} continue
        set answer [execute batch $line 0]
        if {$answer ne ""} { set wrong "\"$line\": [string trim [lindex [split [string trim $answer] \n] end]]"; break }
    }
    array unset s batch,*
    return $wrong
}

proc ::ios::terminal::help {id} {
    variable s
    variable exec
    variable privileged
    set table [expr {$s($id,mode) ne "exec" ? [dict get $::ios::config::tables $s($id,mode)]
                     : $s($id,level) > 1 ? [concat $exec $privileged] : $exec}]
    set names {}
    foreach row $table { lappend names [join [lindex $row 0]] }
    set line $s($id,line)
    print $id "[join [lmap n [lsort -unique $names] { set x "  $n" }] \n]\n"
    prompt $id
    set s($id,line) $line
    out $id $line
}

proc ::ios::terminal::leave_config {id} {
    variable s
    if {$s($id,mode) eq "exec"} return
    set s($id,mode) exec
    ::ios::router::settle
    if {$s($id,kind) eq "con" && [::ios::config::get logcon]} {
        ::ios::debug::line "%SYS-5-CONFIG_I: Configured from console by console"
    }
}

proc ::ios::terminal::away {id} {
    variable s
    set s($id,state) idle
    set s($id,level) 1
    set s($id,length) 24
    out $id "\r\n\r\n\r\n[::ios::config::get hostname] con0 is now available\r\n\r\n\r\n\r\nPress RETURN to get started.\r\n\r\n"
}

proc ::ios::terminal::do_text {id proc args} { $proc {*}$args }
proc ::ios::terminal::do_enable {id} {
    variable s
    if {$s($id,level) > 1} return
    if {$::ios::flag(--enable) eq ""} {
        if {$s($id,kind) eq "vty"} { return "% No password set\n" }
        set s($id,level) 15
        return
    }
    set s($id,tries) 0
    set s($id,state) enable
    out $id "Password: "
    return
}
proc ::ios::terminal::do_disable {id} { variable s; set s($id,level) 1; return }
proc ::ios::terminal::do_leave {id} {
    variable s
    if {$s($id,kind) eq "con"} { away $id } else { set s($id,state) gone }
    return
}
proc ::ios::terminal::do_length {id n} {
    variable s
    if {![string is integer -strict $n] || $n < 0 || $n > 512} { ::ios::config::wrong 0 }
    set s($id,length) $n
    return
}
proc ::ios::terminal::do_width {id n} { return }
proc ::ios::terminal::do_monitor {id on} { variable s; set s($id,monitor) $on; return }
proc ::ios::terminal::do_privilege {id} { variable s; return "Current privilege level is $s($id,level)\n" }
proc ::ios::terminal::do_configure {id} {
    variable s
    set s($id,mode) config
    set s($id,path) {}
    return "Enter configuration commands, one per line.  End with CNTL/Z.\n"
}
proc ::ios::terminal::do_running {id} {
    set text [::ios::config::text]
    return "Building configuration...\n\nCurrent configuration : [string length $text] bytes\n!\n! ikespec-ios: a stand-in, not Cisco software\n!\n$text"
}
proc ::ios::terminal::do_write {id} { return "Building configuration...\n\[OK\]\n" }
proc ::ios::terminal::do_debug {id args} {
    foreach what $args { set ::ios::debug::$what 1 }
    if {"packet" in $args} { catch { set ::ios::debug::at [lindex [::ike::peer records router] end] } }
    if {$::ios::debug::at eq ""} { set ::ios::debug::at 0 }
    return "IKEv2 [join [lmap w $args { dict get {packet packet internal internal} $w }] { and }] debugging is on\n"
}
proc ::ios::terminal::do_undebug {id args} {
    foreach what $args { set ::ios::debug::$what 0 }
    return "IKEv2 debugging is off\n"
}
proc ::ios::terminal::do_debugging {id} {
    return "IKEV2:\n  IKEv2 packet debugging is [expr {$::ios::debug::packet ? "on" : "off"}]\n  IKEv2 internal debugging is [expr {$::ios::debug::internal ? "on" : "off"}]\n"
}
proc ::ios::terminal::do_clearlog {id} { confirm $id "Clear logging buffer" { set ::ios::debug::buffer {} } }
proc ::ios::terminal::do_reload {id} { confirm $id "Proceed with reload?" { ::ios::router::build } }
proc ::ios::terminal::confirm {id question script} {
    variable s
    set s($id,state) confirm
    set s($id,then) [list uplevel #0 $script]
    out $id "$question \[confirm\]"
    return
}
proc ::ios::terminal::do_clearike {id args} { ::ios::router::clear_ike $args; return }
proc ::ios::terminal::do_clearfast {id} { ::ios::router::build; return }
proc ::ios::terminal::do_clearsa {id args} { ::ios::router::clear_children ""; return }
proc ::ios::terminal::do_clearentry {id addr spi} {
    if {![string is integer -strict $spi] || $spi < 256} { ::ios::config::wrong 1 }
    if {![::ios::router::clear_children [format %08x $spi]]} { return "% no such SA\n" }
    return
}
proc ::ios::terminal::do_ping {id addr args} {
    variable s
    set o [dict create source "" repeat 5 timeout 2 size 100]
    if {![::ios::config::ip $addr]} { return "% Unrecognized host or address, or protocol not running.\n" }
    set n 0
    foreach {k v} $args {
        incr n
        set full ""
        foreach name [dict keys $o] { if {[string first $k $name] == 0} { set full $name } }
        if {$full eq "" || $v eq ""} { ::ios::config::wrong $n }
        incr n
        if {$full eq "source"} {
            if {![::ios::config::ip $v]} { set v [::ios::config::ifname $v] }
        } elseif {![string is integer -strict $v] || $v < 0 || $v > 18024} {
            ::ios::config::wrong $n
        }
        dict set o $full $v
    }
    if {$::ios::router::ping ne ""} { return "% another ping runs\n" }
    set s($id,state) busy
    ::ios::router::ping_start $addr [dict get $o source] [dict get $o repeat] [dict get $o timeout] [dict get $o size] \
        [list ::ios::terminal::ping_print $id] [list ::ios::terminal::ping_done $id]
    return
}
proc ::ios::terminal::ping_print {id text} {
    variable s
    if {![info exists s($id,state)]} return
    print $id $text
}
proc ::ios::terminal::ping_done {id} {
    variable s
    if {[info exists s($id,state)] && $s($id,state) eq "busy"} { prompt $id }
}

# --- paging --------------------------------------------------------------------------------------------------------------------

proc ::ios::terminal::page {id text} {
    variable s
    set s($id,more) [split [string trimright $text \n] \n]
    if {[string match *\n\n $text]} { lappend s($id,more) "" }
    some $id [expr {$s($id,length) ? $s($id,length) - 1 : 1000000000}]
}

proc ::ios::terminal::some {id lines} {
    variable s
    print $id [join [lrange $s($id,more) 0 $lines-1] \n]\n
    set s($id,more) [lrange $s($id,more) $lines end]
    if {$s($id,more) eq {}} {
        # a question that the command left open, or something that it started, comes before the prompt
        if {$s($id,state) in {exec more}} { prompt $id }
        return
    }
    set s($id,state) more
    out $id " --More-- "
}

proc ::ios::terminal::more_key {id ch} {
    variable s
    # the question is wiped as such routers do it
    out $id "\b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\b"
    switch -- $ch {
        " " { some $id [expr {$s($id,length) - 1}] }
        \r - \n { some $id 1 }
        default { set s($id,more) {}; prompt $id }
    }
}
