# reassemble.tcl - RFC 7383 section 2.6: fragments are put together in any order, whatever comes between them.
# The request is one for a Child SA with a cipher that nobody knows: a good device refuses it, and all stays as it is.

rows fragment/any-order {
    title   "Fragments are put together in whatever order they come"
    cites   {rfc7383/2.6/any-order rfc7383/2.6/reassembled-as-whole}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {any-order}
    tags    {fragment}
    why     "One change of order on the way and the exchange fails for good."
} {order} {
    reversed   {4 3 2 1 0}
    last-first {4 0 1 2 3}
    shuffled   {2 4 0 3 1}
    swapped    {1 0 2 3 4}
} {
    set sa [ike establish]
    hold outbound CREATE_CHILD_SA request
    tx $sa [msg futile 400] -fragment 200 -count 1
    set parts [records outbound CREATE_CHILD_SA request]
    precondition {[llength $parts] == 5} "the request has [llength $parts] fragments, not 5"
    foreach i $order { release outbound [lindex $parts $i] }
    rx $sa CREATE_CHILD_SA response { must rfc7383/2.6/any-order lacks {N(INVALID_SYNTAX)} }
    alive-sa $sa -req rfc7383/2.6/reassembled-as-whole
}

testcase fragment/in-order {
    title   "A request in fragments is answered"
    cites   {rfc7383/3/fragment-any-later-exchange rfc7383/2.6/reassembled-as-whole}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {answers-nothing-informational}
    tags    {fragment smoke}
    why     "Long messages never arrive where IP fragments are dropped."
} {
    set sa [ike establish]
    set m [msg new INFORMATIONAL request]
    msg add $m N(40000) data 0x[string repeat 5a 520]
    tx $sa $m -fragment 200 -count 1
    rx $sa INFORMATIONAL response -req rfc7383/3/fragment-any-later-exchange
    alive-sa $sa -req rfc7383/2.6/reassembled-as-whole
}

testcase fragment/create-child {
    title   "A CREATE_CHILD_SA request in fragments is answered as if it were whole"
    cites   {rfc7383/3/fragment-any-later-exchange}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {answers-no-create-child}
    tags    {fragment}
    why     "SAs cannot be rekeyed."
} {
    set sa [ike establish]
    conn fragment_size 120
    tx $sa CREATE_CHILD_SA -rekey child
    precondition {[llength [records outbound CREATE_CHILD_SA request]] > 1} "the request went out whole"
    rx $sa CREATE_CHILD_SA response { must rfc7383/3/fragment-any-later-exchange has {SA} }
}

testcase fragment/duplicate-ignored {
    title   "A fragment that comes twice changes nothing, whatever the second says"
    cites   {rfc7383/2.6/duplicate-fragment-ignored}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {duplicate-fragment-ignored}
    tags    {fragment}
    why     "One packet doubled on the way and the exchange fails."
} {
    set sa [ike establish]
    set m [msg futile 400]
    set other [msg new CREATE_CHILD_SA request]
    msg add $other 200 -critical 1 -body [string repeat \x5a 520]
    hold outbound CREATE_CHILD_SA request
    tx $sa $m -fragment 200 -mid [sa $sa next_request]
    set parts [records outbound CREATE_CHILD_SA request]
    tx $sa $other -fragment 200 -count 1
    set others [lrange [records outbound CREATE_CHILD_SA request] [llength $parts] end]
    precondition {[llength $parts] == [llength $others]} "the two messages have not as many fragments"
    release outbound [lindex $parts 0]
    settle 100                                      ;# a device may take what comes at once in any order
    release outbound [lindex $others 0]
    settle 100
    foreach n [lrange $parts 1 end] { release outbound $n }
    rx $sa CREATE_CHILD_SA response {
        must rfc7383/2.6/duplicate-fragment-ignored lacks {N(UNSUPPORTED_CRITICAL_PAYLOAD) N(INVALID_SYNTAX)}
    }
}

testcase fragment/incomplete-unanswered {
    title   "A request of which a fragment is missing is not answered, and is when it comes"
    cites   {rfc7383/2.6/incomplete-unanswered rfc7383/2.6/reassembled-as-whole}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {answers-no-create-child}
    tags    {fragment}
    why     "Half a message is acted upon."
} {
    set sa [ike establish]
    hold outbound CREATE_CHILD_SA request
    tx $sa [msg futile 400] -fragment 200 -count 1
    set parts [records outbound CREATE_CHILD_SA request]
    foreach i {0 1 3 4} { release outbound [lindex $parts $i] }
    rx-none $sa CREATE_CHILD_SA response -for settle -req rfc7383/2.6/incomplete-unanswered
    release outbound [lindex $parts 2]
    rx $sa CREATE_CHILD_SA response { must rfc7383/2.6/reassembled-as-whole lacks {N(INVALID_SYNTAX)} }
}

rows fragment/forged-harmless {
    title   "A fragment whose checksum is wrong is dropped alone; the genuine one still counts"
    cites   {rfc7383/2.6/each-fragment-verified rfc7383/5/forged-fragment-harmless}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {each-fragment-verified lost-by-forged-fragment}
    tags    {fragment}
    why     "One forged packet stops every long message."
    hint    "Is a fragment verified before it is kept?"
} {forged at} {
    middle        2 2
    last          4 4
    twice         1 4
} {
    set sa [ike establish]
    drop outbound CREATE_CHILD_SA request
    tx $sa [msg futile 400] -fragment 200 -count 1
    drop outbound off
    foreach n [records outbound CREATE_CHILD_SA request] { lappend parts [record $n bytes] }
    set i 0
    foreach octets $parts {
        if {$i == $at} {
            set bad [lindex $parts $forged]
            binary scan [string index $bad end] cu last
            raw [string range $bad 0 end-1][binary format c [expr {$last ^ 0x80}]]
        }
        # nothing was spoilt: the others are there already, or come after
        raw $octets
        incr i
    }
    rx $sa CREATE_CHILD_SA response { must rfc7383/2.6/each-fragment-verified lacks {N(INVALID_SYNTAX)} }
    alive-sa $sa -req rfc7383/5/forged-fragment-harmless
}

rows fragment/number-checked {
    title   "A fragment whose number cannot be is dropped"
    cites   {rfc7383/2.6/fragment-number-valid}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {fragment-number-valid}
    tags    {fragment}
    why     "Memory outside the table of fragments is written."
} {number total} {
    zero            0     1
    zero-of-zero    0     0
    one-of-zero     1     0
    two-of-one      2     1
    highest-of-two  65535 2
} {
    set sa [ike establish]
    tx $sa [msg futile 20] -fragment 600 -frag-number $number -frag-total $total -mid [sa $sa next_request]
    rx-none $sa CREATE_CHILD_SA response -for settle
    alive-sa $sa
}

testcase fragment/highest-number {
    title   "The highest fragment of the highest total does no harm"
    cites   {rfc7383/2.6/incomplete-unanswered}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {answers-nothing-informational}
    tags    {fragment}
    why     "One packet takes memory for 65535."
} {
    set sa [ike establish]
    tx $sa [msg futile 20] -fragment 600 -frag-number 65535 -frag-total 65535 -mid [sa $sa next_request]
    rx-none $sa CREATE_CHILD_SA response -for settle
    alive-sa $sa
}

testcase fragment/larger-total-restarts {
    title   "When the sender splits the message anew into more fragments, those held are thrown away"
    cites   {rfc7383/2.6/larger-total-restarts}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {larger-total-restarts}
    tags    {fragment}
    why     "A peer that finds a smaller path never gets through."
} {
    set sa [ike establish]
    set m [msg futile 400]
    set mid [sa $sa next_request]
    hold outbound CREATE_CHILD_SA request
    tx $sa $m -fragment 250 -mid $mid
    set large [records outbound CREATE_CHILD_SA request]
    tx $sa $m -fragment 150 -count 1
    set small [lrange [records outbound CREATE_CHILD_SA request] [llength $large] end]
    foreach n [lrange $large 0 end-1] { release outbound $n }     ;# the last one of the large is lost
    settle 100                                      ;# a device may take what comes at once in any order
    foreach n $small { release outbound $n }
    rx $sa CREATE_CHILD_SA response { must rfc7383/2.6/larger-total-restarts lacks {N(INVALID_SYNTAX)} }
}

testcase fragment/smaller-total-dropped {
    title   "Late fragments of a coarser split do not disturb the finer one"
    cites   {rfc7383/2.6/smaller-total-dropped}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {smaller-total-dropped}
    tags    {fragment}
    why     "A peer that finds a smaller path gets through only when nothing is late."
} {
    set sa [ike establish]
    set m [msg futile 400]
    set mid [sa $sa next_request]
    hold outbound CREATE_CHILD_SA request
    tx $sa $m -fragment 250 -mid $mid
    set large [records outbound CREATE_CHILD_SA request]
    tx $sa $m -fragment 150 -count 1
    set small [lrange [records outbound CREATE_CHILD_SA request] [llength $large] end]
    foreach n [lrange $small 0 1] { release outbound $n }
    settle 100                                      ;# a device may take what comes at once in any order
    release outbound [lindex $large 0]
    settle 100
    foreach n [lrange $small 2 end] { release outbound $n }
    rx $sa CREATE_CHILD_SA response { must rfc7383/2.6/smaller-total-dropped lacks {N(INVALID_SYNTAX)} }
}

testcase fragment/single-accepted {
    title   "A message in one fragment is accepted"
    cites   {rfc7383/2.6/single-fragment-accepted}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {answers-no-create-child}
    tags    {fragment}
    why     "Peers that always use fragments cannot connect."
} {
    set sa [ike establish]
    tx $sa [msg futile 20] -fragment 600 -count 1
    rx $sa CREATE_CHILD_SA response { must rfc7383/2.6/single-fragment-accepted lacks {N(INVALID_SYNTAX)} }
}

testcase fragment/whole-accepted {
    title   "Messages that are whole are accepted although fragments were agreed on"
    cites   {rfc7383/2.4/whole-message-accepted}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {answers-no-create-child}
    tags    {fragment}
    why     "Peers that need no fragments cannot connect."
} {
    conn fragment_size 5000
    set sa [ike establish]
    tx $sa [msg futile 900] -count 1
    rx $sa CREATE_CHILD_SA response { must rfc7383/2.4/whole-message-accepted lacks {N(INVALID_SYNTAX)} }
}

rows fragment/first-triggers-response {
    title   "When a request comes again in fragments, the first one alone brings the response back"
    cites   {rfc7383/2.6.1/first-fragment-triggers-replay rfc7383/2.6.1/old-fragment-not-processed}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {$bent lost-by-old-fragment}
    tags    {fragment retransmit}
    why     "Each fragment of a repetition brings a whole response; the link fills."
} {which wanted bent} {
    first  0 1 response-repeated
    second 1 0 first-fragment-triggers-replay
    last   4 0 first-fragment-triggers-replay
} {
    set sa [ike establish]
    tx $sa [msg futile 400] -fragment 200 -count 1
    set parts [records outbound CREATE_CHILD_SA request]
    rx $sa CREATE_CHILD_SA response
    set before [llength [records inbound CREATE_CHILD_SA response]]
    raw [record [lindex $parts $which] bytes]
    settle
    set came [expr {[llength [records inbound CREATE_CHILD_SA response]] - $before}]
    must rfc7383/2.6.1/first-fragment-triggers-replay "the response comes $wanted times" {$came == $wanted}
    alive-sa $sa -req rfc7383/2.6.1/old-fragment-not-processed
}

rows fragment/later-type-ignored {
    title   "What the later fragments say of the first payload is not looked at"
    cites   {rfc7383/2.6/later-next-payload-ignored}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {later-next-payload-ignored}
    tags    {fragment}
    why     "Peers that fill in the field get no answer."
    hint    "The type of the first payload stands in the first fragment."
} {type} {
    notify   41
    unknown  200
} {
    set sa [ike establish]
    # whatever the answer to these algorithms is, it shows that the message was put together
    tx $sa [msg futile 200] -fragment 200 -frag-next $type -count 1
    rx $sa CREATE_CHILD_SA response -req rfc7383/2.6/later-next-payload-ignored
}
