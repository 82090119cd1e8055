# content.tcl - RFC 7296 sections 1.4, 2.5, 3.10.1: what may stand in INFORMATIONAL requests on a live SA.

rows informational/unknown-notify-ignored {
    title   "A notify of unknown type in an INFORMATIONAL request is ignored, and the request answered"
    cites   {$req rfc7296/1.4/informational-answered}
    device  both
    needs   {psk}
    bent    {$bent informational-unanswered}
    tags    {informational notify}
    why     "Newer peers lose their SA."
    hint    "Status types (16384 and up) say nothing, error types in a request neither."
} {type req bent} {
    status-16500  16500 rfc7296/3.10.1/unknown-status-ignored unknown-status-ignored
    status-40000  40000 rfc7296/3.10.1/unknown-status-ignored unknown-status-ignored
    status-last   65535 rfc7296/3.10.1/unknown-status-ignored unknown-status-ignored
    error-8000     8000 rfc7296/3.10.1/unknown-error-in-request-ignored unknown-error-in-request-ignored
    error-last    16383 rfc7296/3.10.1/unknown-error-in-request-ignored unknown-error-in-request-ignored
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add [list N($type) data 0x0102030405]
    rx $sa INFORMATIONAL response -req rfc7296/1.4/informational-answered {
        must $req lacks {N(INVALID_SYNTAX)}
    }
    alive-sa $sa -req $req
}

testcase informational/twelve-notifies {
    title   "Twelve notifies in one INFORMATIONAL request are taken"
    cites   {rfc7296/1.4/informational-any-payload-count}
    device  both
    needs   {psk}
    bent    {unknown-status-ignored}
    tags    {informational notify}
    why     "A limit on payloads ends SAs."
    hint    "Any number of Notify, Delete and Configuration payloads may stand there."
} {
    set sa [ike establish]
    set all {}
    for {set i 0} {$i < 12} {incr i} { lappend all [list N([expr {40000 + $i}]) data 0x0102] }
    tx $sa INFORMATIONAL -add $all
    rx $sa INFORMATIONAL response { must rfc7296/1.4/informational-any-payload-count lacks {N(INVALID_SYNTAX)} }
    alive-sa $sa
}

rows informational/unknown-payload-skipped {
    title   "A payload of unknown type without the critical flag is stepped over"
    cites   {rfc7296/2.5/unknown-noncritical}
    device  both
    needs   {psk}
    bent    {unknown-noncritical}
    tags    {informational}
    why     "Newer peers lose their SA."
    hint    "Step over it by its length."
} {type} {
    t1    1
    t60   60
    t127  127
    t200  200
    t255  255
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add [list $type -body "skip me"]
    rx $sa INFORMATIONAL response -req rfc7296/2.5/unknown-noncritical {
        must rfc7296/2.5/unknown-noncritical lacks {N(UNSUPPORTED_CRITICAL_PAYLOAD) N(INVALID_SYNTAX)}
    }
    alive-sa $sa
}

rows informational/unknown-critical-refused {
    title   "A critical payload of unknown type is answered by UNSUPPORTED_CRITICAL_PAYLOAD with its type"
    cites   {rfc7296/2.5/unknown-critical rfc7296/2.5/critical-notify-names-type rfc7296/4/reject-critical}
    device  both
    needs   {psk}
    bent    {unknown-critical informational-critical-unnamed}
    tags    {informational}
    why     "The peer believes that the device did what it does not know."
    hint    "Refuse the whole message; the data is the one octet of the type."
} {type hex} {
    t60   60  3c
    t200  200 c8
    t255  255 ff
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add [list $type -critical 1 -body "critical"]
    rx $sa INFORMATIONAL response {
        must rfc7296/2.5/unknown-critical has {N(UNSUPPORTED_CRITICAL_PAYLOAD)}
        must rfc7296/4/reject-critical has {N(UNSUPPORTED_CRITICAL_PAYLOAD)}
        must rfc7296/2.5/critical-notify-names-type has {N(UNSUPPORTED_CRITICAL_PAYLOAD)=$hex}
    }
}

testcase informational/critical-delete-not-done {
    title   "A message with an unknown critical payload is refused whole: its Delete does nothing"
    cites   {rfc7296/2.5/unknown-critical}
    device  both
    needs   {psk esp}
    bent    {unknown-critical}
    tags    {informational delete}
    why     "The device does half of what was asked."
    hint    "Look for critical payloads before doing anything."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add [list [list D protocol ESP spi_size 4 spis 0x[child $sa spi_in]] [list 200 -critical 1 -body "x"]]
    rx $sa INFORMATIONAL response
    must-traffic $sa
}

rows informational/odd-payload-answered {
    title   "A payload that belongs to another exchange costs no answer"
    cites   {rfc7296/1.4/informational-answered}
    device  both
    needs   {psk}
    bent    {informational-unanswered}
    tags    {informational}
    why     "The peer repeats it until it gives up the IKE SA."
    hint    "Ignore it, or say INVALID_SYNTAX."
} {item} {
    nonce   {Nonce data 0x000102030405060708090a0b0c0d0e0f}
    vid     {V -body something}
    auth    {AUTH -body 02000000abcdefghijklmnop}
    id      {IDi -body 02000000a.lab}
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add $item
    rx $sa INFORMATIONAL response -req rfc7296/1.4/informational-answered
    if {![msg has $rx N(INVALID_SYNTAX)]} { alive-sa $sa }
}

testcase informational/unknown-exchange-harmless {
    title   "A protected request of unknown exchange type costs the SA nothing without a word"
    cites   {rfc7296/2.21/only-fatal-errors-delete}
    device  both
    needs   {psk}
    bent    {only-fatal-errors-delete}
    tags    {informational}
    why     "Newer peers lose their SA."
    hint    "Drop it or refuse it; an SA is closed with INVALID_SYNTAX or a Delete."
} {
    set sa [ike establish]
    set m [msg new INFORMATIONAL request]
    msg set $m HDR.exchange 240
    tx $sa $m
    settle
    set ended 0
    foreach n [records inbound] {
        set r [record $n msg]
        if {$r ne "" && ([msg has $r N(INVALID_SYNTAX)] || [msg has $r D])} { set ended 1 }
    }
    must rfc7296/2.21/only-fatal-errors-delete "it said that the SA ends, or the SA answers" {$ended || [answers $sa]}
}
