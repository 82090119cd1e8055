# sweep.tcl - bent devices that a message somewhere in a sweep puts out of order.

bent deaf-after-malformed {
    title       "Hears nothing more after a message that cannot be decoded"
    hear-octets {any any {
        if {[catch { msg decode $bytes }]} { set tripped 1 }
        if {[info exists tripped]} { return drop }
        set bytes
    }}
}

bent auth-errors-unsaid {
    title "Answers no IKE_AUTH request that it refuses"
    edit  {IKE_AUTH response {if {![msg has $m AUTH]} { return drop }}}
}

bent deaf-to-ppk {
    title "Drops an IKE_AUTH request with a PPK_IDENTITY"
    hear  {IKE_AUTH request { if {[msg has $m N(PPK_IDENTITY)]} { return drop } }}
}

bent later-errors-unsaid {
    title "Answers no request on an SA that it finds malformed"
    edit  {
        CREATE_CHILD_SA response {if {[msg has $m N(INVALID_SYNTAX)]} { return drop }}
        INFORMATIONAL response {if {[msg has $m N(INVALID_SYNTAX)]} { return drop }}
    }
}

bent heeds-clear-messages {
    title       "Has done with an IKE SA when a later message of it comes in clear"
    hear-octets {any any {
        binary scan $bytes W@16cu@18cu spi first exchange
        if {$exchange != 34 && $first ni {46 53}} { set over($spi) 1 }
        if {[info exists over($spi)]} { return drop }
        set bytes
    }}
}

bent keeps-deleted-ike {
    title "Answers the Delete of an IKE SA and keeps it"
    hear  {INFORMATIONAL request { if {[msg has $m D] && [msg get $m D.protocol] eq "IKE"} { msg remove $m D } }}
}

bent deaf-after-odd-answer {
    title "Hears no request more after an answer that is another in form than those before"
    hear  {any any {
        set heard_exchange [msg get $m HDR.exchange]
        if {[msg get $m HDR.flags.R]} {
            set heard_key $heard_exchange/[llength [msg payloads $m]]
            set heard_form [lmap row [msg fields $m] {
                if {[dict get $row kind] eq "tail" || [string match {[HS][DK]*} [dict get $row path]]} continue
                list [dict get $row path] [msg get $m [dict get $row path]]
            }]
            if {[info exists heard($heard_key)] && $heard($heard_key) ne $heard_form} { set tripped 1 }
            set heard($heard_key) $heard_form
        } elseif {[info exists tripped] && $heard_exchange eq "INFORMATIONAL"} {
            return drop
        }
    }}
}

bent deaf-after-unasked-notify {
    title "Hears no request more after an answer with a status notify that it did not ask for"
    hear  {any any {
        set heard_exchange [msg get $m HDR.exchange]
        if {[msg get $m HDR.flags.R]} {
            set heard_last [lindex [msg payloads $m] end]
            if {$heard_exchange in {IKE_SA_INIT IKE_AUTH} && $heard_last ni {N(NAT_DETECTION_DESTINATION_IP) TSr}} { set tripped 1 }
        } elseif {[info exists tripped] && $heard_exchange eq "INFORMATIONAL"} {
            return drop
        }
    }}
}
