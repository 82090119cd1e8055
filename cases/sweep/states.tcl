# states.tcl - each message of each exchange in each state it does not belong into: on a half-open SA, on a live one, on
# one that is gone. What is in clear, or outside the window, changes nothing there. (What verifies and is in order but
# makes no sense is judged by auth/, informational/ and sa-init/phases.tcl.)

rows sweep/clear-in-state {
    title   "Messages of every exchange that nobody vouches for change nothing"
    cites   {rfc7296/2.4/unprotected-not-trusted}
    device  responder
    needs   {psk}
    bent    {$bent}
    tags    {sweep dos}
    why     "Anybody who sees the SPIs can end the SA, or keep it from being made."
    hint    "The text names the message. After IKE_SA_INIT nothing counts that is not inside SK and verifies."
} {state bent} {
    half-open    half-open    heeds-clear-messages
    established  established  unprotected-not-trusted
} {
    edit outbound IKE_SA_INIT request { set init [msg copy $m] }
    edit outbound IKE_AUTH request { set auth [msg copy $m] }
    conn initial_contact 0
    set sa [ike establish]
    edit clear
    tx $sa CREATE_CHILD_SA -new -edit { set child [msg copy $m] }
    rx $sa CREATE_CHILD_SA response
    set messages [list IKE_SA_INIT $init IKE_AUTH $auth CREATE_CHILD_SA $child]
    foreach item {{D protocol IKE} N(AUTHENTICATION_FAILED) N(INVALID_SYNTAX) N(INVALID_IKE_SPI) N(NO_PROPOSAL_CHOSEN)} {
        set m [msg new INFORMATIONAL request]
        msg add $m {*}$item
        lappend messages "INFORMATIONAL with $item" $m
    }
    set ended {}
    foreach {name message} $messages {
        # the request of IKE_SA_INIT comes again and is answered again: sa-init/request-again
        foreach kind [expr {$name eq "IKE_SA_INIT" && $state eq "half-open" ? {1} : {0 1}}] {
            if {$state eq "half-open"} { set sa [ike init] }
            set next [sa $sa next_request]
            foreach mid [list 0 $next [expr {$next + 1}] 0xffffffff] {
                set m [msg copy $message]
                msg set $m HDR.flags.R $kind
                tx $sa $m -clear 1 -mid $mid
            }
            # (a device with threads may come to them after what is sent next)
            settle 20
            if {$state eq "half-open"} {
                tx $sa IKE_AUTH
                set lives [expr {[rx $sa IKE_AUTH response -maybe 1] ne "" && [msg has $rx AUTH]}]
            } else {
                set lives [answers $sa]
            }
            if {$lives} continue
            lappend ended "$name [lindex {request response} $kind]"
            if {$state eq "established"} { forget $sa; set sa [ike establish] }
        }
    }
    judge rfc7296/2.4/unprotected-not-trusted [expr {$ended eq ""}] "an SA that goes on whatever comes in clear" "none after [join $ended {; }]"
}

testcase sweep/ahead-of-window {
    title   "Requests of every exchange that are far ahead of the window are neither answered nor carried out"
    cites   {rfc7296/2.3/request-outside-window rfc7296/2.4/unprotected-not-trusted}
    device  both
    needs   {psk esp}
    bent    {request-outside-window}
    tags    {sweep window}
    why     "The two ends lose count of each other's requests, and the SA with it."
    hint    "The id comes before the exchange: what is outside the window is dropped, whatever it asks for."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new -edit { set child [msg copy $m] }
    rx $sa CREATE_CHILD_SA response
    tx $sa CREATE_CHILD_SA -rekey child -edit { set rekey [msg copy $m] }
    rx $sa CREATE_CHILD_SA response
    settle 10
    set messages [list "a new Child SA" $child "a rekey" $rekey]
    foreach item {{D protocol IKE} N(INITIAL_CONTACT) N(40000)} {
        set m [msg new INFORMATIONAL request]
        msg add $m {*}$item
        lappend messages "INFORMATIONAL with $item" $m
    }
    foreach {name message} $messages {
        foreach ahead [list [expr {[sa $sa window_peer] + 4}] 1000] {
            set mid [expr {[sa $sa next_request] + $ahead}]
            tx $sa [msg copy $message] -mid $mid
            settle 20
            set exchange [dict get [msg header $message] exchange]
            set answers [lmap n [records inbound $exchange response] { if {[record $n mid] != $mid || ![record $n opened]} continue; record $n chain }]
            must rfc7296/2.3/request-outside-window "no answer to $name with id $mid: $answers" {![llength $answers]}
        }
    }
    alive-sa $sa -req rfc7296/2.3/request-outside-window
    must-traffic $sa -req rfc7296/2.3/request-outside-window
}

testcase sweep/under-gone-sa {
    title   "Requests of every exchange under an IKE SA that was deleted are not answered with its keys"
    cites   {rfc7296/2.21.4/stray-answer-in-clear}
    device  both
    needs   {psk}
    bent    {keeps-deleted-ike}
    tags    {sweep delete}
    why     "Who has got the old keys goes on using the SA."
    hint    "With the Delete the SA is out of all tables; what comes for it is for nobody."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new -edit { set child [msg copy $m] }
    rx $sa CREATE_CHILD_SA response
    tx $sa CREATE_CHILD_SA -rekey ike -edit { set rekey [msg copy $m] }
    rx $sa CREATE_CHILD_SA response
    settle 10
    set sa [ike rekeyed $sa]
    tx $sa INFORMATIONAL -add {D protocol IKE}        ;# the tester itself keeps the SA, to ask
    rx $sa INFORMATIONAL response
    settle
    set last [llength [records inbound]]
    set next [sa $sa next_request]
    set empty [msg new INFORMATIONAL request]
    foreach message [list $child $rekey $empty] {
        foreach mid [list $next [expr {$next + 1}] 0xffffffff] {
            set m [msg copy $message]
            tx $sa $m -mid $mid
            settle 20
        }
    }
    foreach n [lrange [records inbound] $last end] {
        must rfc7296/2.21.4/stray-answer-in-clear "message $n is not protected by the keys of the SA" {![record $n opened]}
    }
    must rfc7296/2.21.4/stray-answer-in-clear "nothing verifies" {![answers $sa]}
}
