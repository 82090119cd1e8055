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
