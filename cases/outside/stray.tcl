# stray.tcl - RFC 7296 sections 1.5 and 2.21.4: messages that belong to no IKE SA of the device. It may say so, in one way
# only; it may as well be silent.

rows outside/stray-answer {
    title   "What the device answers to a request with unknown SPIs, if anything, has the form of the RFC"
    cites   {$req}
    device  both
    needs   {psk}
    bent    {$bent}
    tags    {outside}
    why     "The peer that lost its state learns nothing, or strangers are told more than they should be."
    hint    "One clear message back to where it came from: SPIs, id and exchange type copied, N(INVALID_IKE_SPI)."
} {req bent look} {
    copies    rfc7296/2.21.4/stray-answer-copies       {reply-copies-header stray-answer-other-id} {[record $n spi_i] eq "1122334455667788" && [record $n spi_r] eq "99aabbccddeeff00" && [record $n mid] == 7 && [record $n exchange] eq "INFORMATIONAL"}
    to-source rfc7296/2.21.4/stray-answer-copies       {stray-answer-copies} {[record $n local] eq [record $tx_n local] && [record $n remote] eq [record $tx_n remote]}
    in-clear  rfc7296/2.21.4/stray-answer-in-clear     {stray-answer-sealed} {![msg has [record $n msg] SK] && ![record $n sealed]}
    invalid   rfc7296/2.21.4/stray-answer-invalid-spi  {stray-answer-other-notify} {[msg has [record $n msg] N(INVALID_IKE_SPI)]}
} {
    set sa [ike establish]
    set before [llength [records inbound]]
    set m [msg new INFORMATIONAL request]
    msg set $m HDR.spi_i 0x1122334455667788 HDR.spi_r 0x99aabbccddeeff00 HDR.mid 7 HDR.flags.I 1
    msg add $m 46 -body [string repeat \x5a 48]
    tx $m
    settle
    set seen 0
    foreach n [lrange [records inbound] $before end] {
        # whatever has the SPI of nobody in it, on whatever port it comes
        if {[string first [binary decode hex 99aabbccddeeff00] [record $n bytes]] < 0} continue
        incr seen
        judge $req [expr $look] "the answer is as it should be" "[record $n chain] from [record $n remote] to [record $n local]"
    }
    if {!$seen} { must $req "the device is silent, which is allowed" {1} }
}

rows outside/stray-response-unanswered {
    title   "A stray message that is marked as a response is never answered"
    cites   {rfc7296/2.21.4/stray-response-unanswered rfc7296/1.5/no-response-to-response}
    device  both
    needs   {psk}
    bent    {stray-response-unanswered}
    tags    {outside}
    why     "Two ends answer each other's answers for ever."
    hint    "Look at the Response flag before anything is sent about an unknown SPI."
} {exchange req} {
    auth          IKE_AUTH         rfc7296/1.5/no-response-to-response
    create-child  CREATE_CHILD_SA  rfc7296/1.5/no-response-to-response
    informational INFORMATIONAL    rfc7296/2.21.4/stray-response-unanswered
} {
    set sa [ike establish]
    set before [llength [records inbound]]
    set m [msg new $exchange response]
    msg set $m HDR.spi_i 0x1122334455667788 HDR.spi_r 0x99aabbccddeeff00 HDR.mid 7
    msg add $m 46 -body [string repeat \x5a 48]
    tx $m
    settle
    set answers [lmap n [lrange [records inbound] $before end] { if {[record $n spi_i] eq [sa $sa spi_i]} continue; record $n chain }]
    # two sentences that say the same: a row names the one that is judged first
    foreach r [list $req rfc7296/2.21.4/stray-response-unanswered rfc7296/1.5/no-response-to-response] {
        must $r "nothing comes back: $answers" {![llength $answers]}
    }
}

rows outside/clear-notify {
    title   "A notify in clear outside any IKE SA is not answered, and no SA suffers by it"
    cites   {rfc7296/2.21.4/clear-notify-unanswered rfc7296/2.21.4/clear-notify-no-state-change rfc7296/1.5/clear-invalid-spi-unanswered
             rfc7296/1.5/clear-notify-only-hint}
    device  both
    needs   {psk esp}
    bent    {clear-notify-unanswered clear-notify-no-state-change}
    rev     2
    tags    {outside}
    why     "Anybody can cut tunnels by one datagram, or make two ends answer each other for ever."
    hint    "A hint is a reason to check whether the peer lives, at most."
} {notify data req} {
    invalid-spi         INVALID_SPI             {0x[child $sa spi_in]}   rfc7296/1.5/clear-invalid-spi-unanswered
    invalid-spi-other   INVALID_SPI             {0x[child $sa spi_out]}  rfc7296/1.5/clear-invalid-spi-unanswered
    invalid-ike-spi     INVALID_IKE_SPI         {0x}                     rfc7296/2.21.4/clear-notify-unanswered
    auth-failed         AUTHENTICATION_FAILED   {0x}                     rfc7296/2.21.4/clear-notify-unanswered
    unknown-status      40000                   {0x0102}                 rfc7296/2.21.4/clear-notify-unanswered
} {
    set sa [ike establish]
    set before [llength [records inbound]]
    set m [msg new INFORMATIONAL request]
    msg set $m HDR.spi_i 0x1122334455667788 HDR.spi_r 0 HDR.mid 0 HDR.flags.I 1
    msg add $m N($notify) data [subst $data]
    tx $m
    settle
    set answers [lmap n [lrange [records inbound] $before end] { if {[record $n spi_i] eq [sa $sa spi_i]} continue; record $n chain }]
    # 1.5 says of INVALID_SPI what 2.21.4 says of all: a row names the one that is judged first
    foreach r [list $req rfc7296/2.21.4/clear-notify-unanswered rfc7296/1.5/clear-invalid-spi-unanswered] {
        must $r "nothing comes back: $answers" {![llength $answers]}
    }
    must-traffic $sa -req rfc7296/2.21.4/clear-notify-no-state-change
    alive-sa $sa -req rfc7296/1.5/clear-notify-only-hint
}

rows outside/flood-limited {
    title   "Not every one of two thousand stray messages is answered or acted upon"
    cites   {rfc7296/2.21.4/clear-errors-rate-limited rfc7296/2.4/unprotected-actions-rate-limited}
    device  both
    needs   {psk}
    bent    {clear-errors-rate-limited}
    tags    {outside flood}
    why     "The device takes part in an attack on somebody whose address was forged."
    hint    "One such answer in a second is enough."
} {what req} {
    sealed  {msg add $m 46 -body [string repeat \x5a 48]}  rfc7296/2.21.4/clear-errors-rate-limited
    empty   {}                                             rfc7296/2.4/unprotected-actions-rate-limited
} {
    set sa [ike establish]
    set before [llength [records inbound]]
    set m [msg new INFORMATIONAL request]
    msg set $m HDR.spi_i 0x1122334455667788 HDR.spi_r 0x99aabbccddeeff00 HDR.flags.I 1
    eval $what
    set octets [msg encode $m]
    for {set i 0} {$i < 2000} {incr i} { raw [string replace $octets 0 3 [binary format I [expr {0x10000000 + $i}]]] -port 500 }
    settle
    set answers 0
    foreach n [lrange [records inbound] $before end] { if {[record $n spi_i] ne [sa $sa spi_i]} { incr answers } }
    # an answer is an action: a row names the sentence that is judged first
    foreach r [list $req rfc7296/2.21.4/clear-errors-rate-limited rfc7296/2.4/unprotected-actions-rate-limited] {
        must $r "$answers of 2000 are answered" {$answers < 2000}
    }
    alive-sa $sa
}

testcase outside/invalid-id-limited {
    title   "Not every request from beyond the window brings INVALID_MESSAGE_ID"
    cites   {rfc7296/2.3/invalid-message-id-rate-limited}
    device  both
    needs   {psk}
    bent    {invalid-message-id-not-in-response}
    tags    {outside window flood}
    why     "A peer that counts wrongly, or whoever repeats old packets, keeps the device busy."
    hint    "Send it now and then, or not at all."
} {
    set sa [ike establish]
    set mid [expr {[sa $sa next_request] + 1000}]
    for {set i 0} {$i < 60} {incr i} { tx $sa [msg new INFORMATIONAL request] -mid [expr {$mid + $i}] }
    settle
    set told [llength [records inbound -has {N(INVALID_MESSAGE_ID)}]]
    must rfc7296/2.3/invalid-message-id-rate-limited "$told of 60 are told" {$told < 60}
}

testcase outside/hint-checked {
    title   "A notify in clear that says the peer lost its SAs makes the device see whether the peer lives"
    cites   {rfc7296/2.21.4/clear-notify-liveness rfc7296/2.4/hint-starts-liveness}
    device  both
    needs   {psk}
    bent    {clear-notify-liveness}
    tags    {outside liveness}
    why     "After a restart of the peer traffic goes into a hole until the device looks by itself."
    hint    "The notify proves nothing; an answer, or none, to an empty request does."
} {
    set sa [ike establish]
    settle
    set before [llength [records inbound INFORMATIONAL request]]
    set m [msg new INFORMATIONAL response]
    # what a peer that restarted answers: all of the header is that of the message it could not read
    msg set $m HDR.spi_i 0x[sa $sa spi_i] HDR.spi_r 0x[sa $sa spi_r] HDR.mid 7 HDR.flags.I [expr {$role eq "responder"}]
    msg add $m N(INVALID_IKE_SPI)
    tx $m
    settle
    set checks [lrange [records inbound INFORMATIONAL request] $before end]
    should rfc7296/2.21.4/clear-notify-liveness "the device asks whether the peer lives" {[llength $checks] > 0}
    should rfc7296/2.4/hint-starts-liveness "the device asks whether the peer lives" {[llength $checks] > 0}
}

testcase outside/hints-limited {
    title   "Two hundred hints that the peer failed do not make two hundred liveness checks"
    cites   {rfc7296/2.21.4/liveness-rate-limited}
    device  both
    needs   {psk}
    bent    {liveness-rate-limited}
    tags    {outside liveness flood}
    why     "Whoever forges small datagrams makes the device and its peer work."
    hint    "One such check in ten seconds is enough."
} {
    set sa [ike establish]
    settle
    set mids {}
    set m [msg new INFORMATIONAL response]
    msg set $m HDR.mid 7
    msg add $m N(INVALID_IKE_SPI)
    set octets [msg encode $m]
    for {set i 0} {$i < 200} {incr i} {
        raw [string replace $octets 0 3 [binary format I [expr {0x10000000 + $i}]]] -port 500
        if {$i % 10 == 0} { settle 20 }
    }
    settle
    foreach n [records inbound INFORMATIONAL request] { dict set mids [record $n mid] 1 }
    should rfc7296/2.21.4/liveness-rate-limited "[dict size $mids] requests for 200 hints" {[dict size $mids] <= 10}
    alive-sa $sa -req rfc7296/2.21.4/liveness-rate-limited
}
