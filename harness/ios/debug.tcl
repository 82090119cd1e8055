# debug.tcl - `debug crypto ikev2`: the engine's transitions and every message as lines in the form that such routers
# print, to the consoles that want them and into the buffer that `show logging` shows.

namespace eval ::ios::debug {
    variable internal 0
    variable packet 0
    variable buffer {}
    variable at 0            ;# the last record that was printed
    variable room 20000      ;# lines kept
    # what else is said at a step
    variable remarks {
        "I_BLD_INIT EV_SET_POLICY" "Setting configured policies"  "R_BLD_INIT EV_SET_POLICY" "Setting configured policies"
        "I_BLD_INIT EV_OK_RECD_DH_PUBKEY_RESP" "Action: Action_Null"  "R_BLD_INIT EV_OK_RECD_DH_PUBKEY_RESP" "Action: Action_Null"
        "INIT_DONE EV_OK_RECD_DH_SECRET_RESP" "Action: Action_Null"  "R_BLD_INIT EV_OK_RECD_DH_SECRET_RESP" "Action: Action_Null"
        "INIT_DONE EV_GEN_SKEYID" "Generate skeyid"  "R_BLD_INIT EV_GEN_SKEYID" "Generate skeyid"
        "CHILD_I_PROC EV_GEN_SKEYID" "Generate skeyid"  "CHILD_R_BLD_MSG EV_GEN_SKEYID" "Generate skeyid"
        "I_PROC_INIT EV_DETECT_NAT" "Process NAT discovery notify"  "R_INIT EV_DETECT_NAT" "Process NAT discovery notify"
        "R_BLD_INIT EV_PKI_SESH_OPEN" "Opening a PKI session"  "AUTH_DONE EV_PKI_SESH_CLOSE" "Closing the PKI session"
        "I_PROC_AUTH EV_VERIFY_AUTH" "Verify authentication data"  "R_VERIFY_AUTH EV_VERIFY_AUTH" "Verify authentication data"
    }
}

proc ::ios::debug::renew {} { variable at 0 }

proc ::ios::debug::stamp {ms} {
    clock format [expr {$ms / 1000}] -format "*%b %e %H:%M:%S.[format %03d [expr {$ms % 1000}]]: " -gmt 1
}

# One message, perhaps of several lines, now or at T_US of the world.
proc ::ios::debug::line {text {t_us ""}} {
    variable buffer
    variable room
    set ms [expr {$t_us eq "" ? [clock milliseconds] : $::ios::router::zero + $t_us / 1000}]
    set text [stamp $ms]$text
    if {[::ios::config::get logbuf]} {
        lappend buffer $text
        if {[llength $buffer] > $room} { set buffer [lrange $buffer end-[expr {$room / 2}] end] }
    }
    ::ios::terminal::log $text
}

proc ::ios::debug::follow {events} {
    variable internal
    variable packet
    variable at
    set rows {}
    if {$packet} {
        foreach n [::ike::peer records router [expr {$at + 1}]] {
            if {$n <= $at} continue
            set at $n
            set r [::ike::peer record router $n]
            if {[dict get $r proto] ne "ike"} continue
            lappend rows [list [dict get $r t_us] [expr {[dict get $r dir] eq "in" ? 0 : 2}] record $r]
        }
    }
    foreach e $events {
        if {[dict get $e kind] in {state ike-up ike-down notify}} { lappend rows [list [dict get $e t_us] 1 event $e] }
    }
    foreach row [lsort -index 0 -integer [lsort -index 1 -integer $rows]] {
        lassign $row t - what d
        if {$what eq "record"} { message $d } elseif {$internal} { event $d }
    }
}

proc ::ios::debug::event {e} {
    variable remarks
    set t [dict get $e t_us]
    set who "IKEv2:(SA ID = [dict get $e sa]):"
    switch -- [dict get $e kind] {
        state {
            line $who[dict get $e text] $t
            if {[regexp {CurState: (\S+) Event: (\S+)} [dict get $e text] - state ev] && [dict exists $remarks "$state $ev"]} {
                line "$who[dict get $remarks "$state $ev"]" $t
            }
        }
        ike-up { line "IKEv2:New ikev2 sa request activated" $t }
        ike-down { line "${who}Deleting SA" $t }
        notify { line "${who}Received notify [dict get $e name]" $t }
    }
}

# --- messages ------------------------------------------------------------------------------------------------------------

proc ::ios::debug::name {type} {
    set names {0 NONE 33 SA 34 KE 35 IDi 36 IDr 37 CERT 38 CERTREQ 39 AUTH 40 N 41 NOTIFY 42 DELETE 43 VID 44 TSi 45 TSr 46 ENCR
        47 CFG 48 EAP 53 ENCR_FRAG}
    expr {[dict exists $names $type] ? [dict get $names $type] : "UNKNOWN - $type"}
}

proc ::ios::debug::message {r} {
    set bytes [::ike::peer bytes router [dict get $r n]]
    # behind the four octets that mark IKE on port 4500
    if {[string match *:4500 [dict get $r local]] && [string range $bytes 0 3] eq "\0\0\0\0"} { set bytes [string range $bytes 4 end] }
    if {[binary scan $bytes @16cuHucucuIuIu next version exchange flags mid length] != 6} return
    set side [expr {$flags & 0x08 ? "INITIATOR" : "RESPONDER"}]
    if {$flags & 0x20} { append side " MSG-RESPONSE" }
    set sa [dict get $r sa]
    if {!$sa} { foreach i [::ios::router::sas] { if {[dict get $i spi_i] eq [dict get $r spi_i]} { set sa [dict get $i id] } } }
    set who IKEv2:[expr {$sa ? "(SA ID = $sa):" : ""}]
    set t [dict get $r t_us]
    if {[dict get $r dir] eq "in"} { line "IKEv2:Got a packet from dispatcher" $t }

    set text "${who}Next payload: [name $next], version: 2.0 Exchange type: [dict get $r exchange], flags: $side Message id: $mid, length: $length \n"
    append text "Payload contents: \n"
    append text [payloads $next [string range $bytes 28 end] 1]
    if {[dict get $r opened] && [dict get $r msg] ne "" && $next == 46} {
        catch {
            set clear [::ike::msg encode-clear [dict get $r msg]]
            binary scan $clear @16cu next
            append text [payloads $next [string range $clear 28 end] 1]
        }
    }
    line [string trimright $text \n] $t
    if {[dict get $r exchange] eq "IKE_SA_INIT" || !($flags & 0x20)} return
    set verb [expr {[dict get $r dir] eq "in" ? "Processed response" : "Sent response"}]
    set can [expr {[dict get $r dir] eq "in" ? "Requests can be sent" : "Requests can be accepted"}]
    line "$who$verb with message id $mid, $can from range [expr {$mid + 1}] to [expr {$mid + [::ios::config::get window]}]" $t
}

# One line per payload, and what is in SA, KE and NOTIFY.
proc ::ios::debug::payloads {type bytes deep} {
    set out ""
    while {$type != 0 && [binary scan $bytes cucuSu next flags length] == 3 && $length >= 4} {
        set body [string range $bytes 4 $length-1]
        set name [name $type]
        if {$type == 41 && [binary scan $body cucuSu proto size ntype] == 3} {
            set ntype [notify $ntype]
            append out " NOTIFY($ntype)  Next payload: [name $next], reserved: 0x0, length: $length\n"
            append out "    Security protocol id: [protocol $proto], spi size: $size, type: $ntype\n"
        } else {
            append out " $name  Next payload: [name $next], reserved: 0x0, length: $length\n"
            if {$type == 33} { append out [proposals $body] }
            if {$type == 34 && [binary scan $body Su group]} { append out "    DH group: $group, Reserved: 0x0\n" }
        }
        if {$type in {46 53}} break
        set type $next
        set bytes [string range $bytes $length end]
    }
    return $out
}

proc ::ios::debug::protocol {n} { expr {[dict exists {0 IKE 1 IKE 2 AH 3 ESP} $n] ? [dict get {0 IKE 1 IKE 2 AH 3 ESP} $n] : "Unknown - $n"} }
proc ::ios::debug::notify {n} {
    if {[catch { ::ike::names notify $n } name] || $name eq ""} { return "Unknown - $n" }
    return [lindex $name 0]
}

proc ::ios::debug::proposals {bytes} {
    set out ""
    while {[binary scan $bytes cucuSucucucucu last - length number proto size count] == 7 && $length >= 8} {
        append out "  last proposal: 0x[format %X $last], reserved: 0x0, length: $length\n"
        append out "  Proposal: $number, Protocol id: [protocol $proto], SPI size: $size, #trans: $count"
        set rest [string range $bytes [expr {8 + $size}] $length-1]
        while {[binary scan $rest cucuSucucuSu more - tlen ttype - id] == 6 && $tlen >= 8} {
            append out "   last transform: 0x[format %X $more], reserved: 0x0: length: $tlen\n"
            append out "    type: $ttype, reserved: 0x0, id: [transform $ttype $id]\n"
            set rest [string range $rest $tlen end]
        }
        set bytes [string range $bytes $length end]
        if {$last == 0} break
    }
    return $out
}

proc ::ios::debug::transform {type id} {
    set names {
        1 {3 3DES 11 NULL 12 AES-CBC 20 AES-GCM} 2 {1 MD5 2 SHA1 5 SHA256 6 SHA384 7 SHA512}
        3 {1 MD596 2 SHA96 12 SHA256 13 SHA384 14 SHA512}
        4 {1 DH_GROUP_768_MODP/Group\ 1 2 DH_GROUP_1024_MODP/Group\ 2 5 DH_GROUP_1536_MODP/Group\ 5 14 DH_GROUP_2048_MODP/Group\ 14
           19 DH_GROUP_256_ECP/Group\ 19 20 DH_GROUP_384_ECP/Group\ 20 21 DH_GROUP_521_ECP/Group\ 21}
        5 {0 "Don't use ESN" 1 "Use ESN"}
    }
    expr {[dict exists $names $type $id] ? [dict get $names $type $id] : "Unknown - $id"}
}
