# fields.tcl - every field of a message at its boundary values, every payload left out, doubled and moved: in IKE_SA_INIT
# (in clear), in IKE_AUTH, and in an established SA. What is edited comes from the tables of the payloads (`sweep edits`),
# so that nothing is forgotten. What the device makes of a single edit is judged elsewhere; here it is what remains:
# the device answers what it has to, keeps what it has, and makes fresh SAs.

testcase sweep/init-fields {
    title   "An SA outlives every IKE_SA_INIT request with one field or payload that is not as it should be"
    cites   {rfc7296/2.4/unprotected-not-trusted}
    device  responder
    needs   {psk esp}
    bent    {deaf-after-malformed}
    tags    {sweep dos}
    why     "A single datagram of anybody puts the device out of service."
    hint    "The text names the edits since the device was last heard; its log should name the message."
} {
    set control [ike establish]
    set sa [tx IKE_SA_INIT]
    set clean [record $tx_n msg]
    rx $sa IKE_SA_INIT response
    set spi 0x5eed000000000000
    set since {}
    foreach edit [concat [sweep edits $clean] {{set HDR.mid 0}}] {
        set m [msg copy $clean]
        msg set $m HDR.spi_i [incr spi]
        sweep apply $m $edit
        raw [msg encode $m] -port 500
        lappend since $edit
        if {[llength $since] == 40} {
            must rfc7296/2.4/unprotected-not-trusted "the SA answers after one of: $since" {[answers $control]}
            set since {}
        }
    }
    must rfc7296/2.4/unprotected-not-trusted "the SA answers after one of: $since" {[answers $control]}
    must-traffic $control
}

rows sweep/auth-fields {
    title   "Every IKE_AUTH request with one field or payload that is not as it should be is answered"
    cites   {rfc7296/2.21.2/auth-failure-protected}
    device  responder
    needs   {psk}
    bent    {auth-errors-unsaid}
    tags    {sweep auth}
    why     "A peer that has proven nothing yet puts the device out of service, or waits for ever."
    hint    "What verified came from the peer and is answered, whatever it says: with an error, or with an SA if it can be read."
} {payloads} {
    identity   {IDi IDr AUTH}
    proposal   SA
    selectors  {TSi TSr}
    notify     N
} {
    conn initial_contact 0
    set notify {{N(40000) protocol ESP spi_size 4 spi 0x01020304 data 0x0102}}
    set sa [ike init]
    tx $sa IKE_AUTH -add $notify -edit { set clean [msg copy $m] }
    rx $sa IKE_AUTH response
    foreach edit [sweep edits $clean] {
        if {![regexp {^[A-Za-z]+} [lindex $edit 1] payload] || $payload ni $payloads} continue
        set sa [ike init]
        tx $sa IKE_AUTH -add $notify -edit { sweep apply $m $edit }
        # (a request that lacks a payload may be dropped with its SA: auth/payload-missing)
        if {[lindex $edit 0] eq "remove"} { settle 20; continue }
        rx $sa IKE_AUTH response -req rfc7296/2.21.2/auth-failure-protected {
            must rfc7296/2.21.2/auth-failure-protected has {SK}
        }
    }
}

rows sweep/auth-notifies {
    title   "Every IKE_AUTH request with a status notify that was not asked for is answered"
    cites   {rfc7296/2.21.2/auth-failure-protected}
    device  responder
    needs   {psk}
    bent    {deaf-to-ppk}
    tags    {sweep auth notify}
    why     "A peer that announces more than the device can do, or does it wrongly, never learns why it gets no SA."
    hint    "What verified came from the peer and is answered, with an SA or with an error. Its log should name the notify."
} {data} {
    empty         ""
    one-octet     0x01
    eight-octets  0x0102030405060708
} {
    conn initial_contact 0
    set unanswered {}
    # the last registered one is 16446
    for {set type 16384} {$type < 16454} {incr type} {
        set sa [ike init]
        tx $sa IKE_AUTH -edit {
            msg add $m N($type)
            if {$data ne ""} { msg set $m N($type).data $data }
            set name [lindex [msg payloads $m] end]
        }
        if {[rx $sa IKE_AUTH response -maybe 1 { must rfc7296/2.21.2/auth-failure-protected has {SK} }] eq ""} { dict set unanswered $type $name }
        # (it may answer none at all)
        if {[dict size $unanswered] == 8} break
    }
    judge rfc7296/2.21.2/auth-failure-protected [expr {$unanswered eq ""}] "an answer with each notify" "none with [join [dict keys $unanswered] {, }]: [join [dict values $unanswered]]"
}

rows sweep/later-fields {
    title   "Every request on an SA with one field or payload that is not as it should be is answered, and ends the SA only with INVALID_SYNTAX"
    cites   {rfc7296/2.21.3/errors-answered rfc7296/1.4/empty-request-answered}
    device  responder
    needs   {psk}
    bent    {later-errors-unsaid}
    tags    {sweep}
    why     "A peer with an error puts the device out of service, or waits for ever."
    hint    "What verified came from the peer and is answered. INVALID_SYNTAX ends the SA, any other error keeps it."
} {what only} {
    child-proposal   {CREATE_CHILD_SA -new}          SA*
    child-nonce      {CREATE_CHILD_SA -new}          Nonce*
    child-selectors  {CREATE_CHILD_SA -new}          TS*
    child-rekeyed    {CREATE_CHILD_SA -rekey child}  N(*
    ike-proposal     {CREATE_CHILD_SA -rekey ike}    {SA.proposal?0?.[a-su-z]*}
    ike-ke           {CREATE_CHILD_SA -rekey ike}    KE*
    notify           {INFORMATIONAL -add {{N(40000) protocol ESP spi_size 4 spi 0x01020304 data 0x0102}}}  N*
    delete           {INFORMATIONAL -add {{D protocol ESP spi_size 4 spis 0x01020304}}}  D*
    vendor-id        {INFORMATIONAL -add {{V data 0x0102}}}  V*
} {
    set sa [ike establish]
    set exchange [lindex $what 0]
    tx $sa {*}$what -edit { set clean [msg copy $m] }
    rx $sa $exchange response
    settle 20
    foreach edit [sweep edits $clean {HDR.* SK* SK}] {
        if {![string match $only [lindex $edit 1]]} continue
        if {![sa-up $sa] || ![child $sa count]} { set sa [ike establish] }
        tx $sa {*}$what -edit { sweep apply $m $edit }
        rx $sa $exchange response -req rfc7296/2.21.3/errors-answered
        # (a Delete whose protocol becomes IKE ends the SA as well, and a rekey that was understood replaces it)
        if {[msg has $rx N(INVALID_SYNTAX)] || [lindex $edit 1] eq "D.protocol" || $what eq {CREATE_CHILD_SA -rekey ike}} { set sa [ike establish] } else { settle 1 }
    }
    if {![sa-up $sa]} { set sa [ike establish] }
    alive-sa $sa -req rfc7296/1.4/empty-request-answered
}

rows sweep/answer-fields {
    title   "The device outlives every answer to its own request with one field or payload that is not as it should be"
    cites   {rfc7296/1.4/empty-request-answered}
    device  responder
    needs   {psk rekey-on-demand}
    bent    {deaf-after-odd-answer}
    tags    {sweep}
    why     "A peer that is mistaken, or means ill, ends a program that serves others."
    hint    "An answer verified and may still say anything: what was asked for is known from the request. Its log should name the message."
} {act exchange only} {
    delete            delete-child  INFORMATIONAL    {D D.*}
    child-payloads    rekey-child   CREATE_CHILD_SA  {SA Nonce TSi TSr}
    child-proposal    rekey-child   CREATE_CHILD_SA  {SA.[a-or-z]* SA.proposal?0?.[a-su-z]*}
    child-transforms  rekey-child   CREATE_CHILD_SA  {SA.proposal?0?.t*}
    child-nonce       rekey-child   CREATE_CHILD_SA  {Nonce.*}
    child-ts-i        rekey-child   CREATE_CHILD_SA  {TSi.*}
    child-ts-r        rekey-child   CREATE_CHILD_SA  {TSr.*}
    ike-payloads      rekey-ike     CREATE_CHILD_SA  {SA KE Nonce}
    ike-proposal      rekey-ike     CREATE_CHILD_SA  {SA.[a-or-z]* SA.proposal?0?.[a-su-z]*}
    ike-ke            rekey-ike     CREATE_CHILD_SA  {KE.*}
} {
    set sa [ike establish]
    set clean ""
    edit outbound $exchange response { if {[llength [msg payloads $m]]} { set clean [msg copy $m] } }
    dut $act $sa
    rx $sa $exchange request -liveness 1
    settle 50
    precondition {$clean ne ""} "the answer to its own request was seen"
    foreach edit [sweep edits $clean {HDR.* SK* SK}] {
        if {![llength [lmap glob $only { if {![string match $glob [lindex $edit 1]]} continue; set glob }]]} continue
        set sa [ike establish]
        edit outbound $exchange response { if {[llength [msg payloads $m]]} { sweep apply $m $edit } }
        dut $act $sa
        settle 50
        # what makes nothing of the answer asks again and again: it need not
        edit clear
        if {[sa-up $sa]} { tx $sa INFORMATIONAL -delete ike; settle 20 }
    }
    set sa [ike establish]
    alive-sa $sa -req rfc7296/1.4/empty-request-answered
}

rows sweep/answer-notifies {
    title   "The device outlives a status notify of every type in the answer to its first requests"
    cites   {rfc7296/1.4/empty-request-answered}
    device  initiator
    needs   {psk}
    bent    {deaf-after-unasked-notify}
    vary    {where {init auth}}
    tags    {sweep notify dos}
    why     "Whoever answers, before anything is proven, ends a program that serves others."
    hint    "A device that announced nothing has nothing set up for what is then said to be agreed. Its log should name the message."
} {first data} {
    16384       16384  ""
    16384-data  16384  0x0102030405060708
    16398       16398  ""
    16398-data  16398  0x0102030405060708
    16412       16412  ""
    16412-data  16412  0x0102030405060708
    16426       16426  ""
    16426-data  16426  0x0102030405060708
    16440       16440  ""
    16440-data  16440  0x0102030405060708
} {
    # the last registered one is 16446
    for {set type $first} {$type < $first + 14} {incr type} {
        edit outbound [expr {$where eq "init" ? "IKE_SA_INIT" : "IKE_AUTH"}] response {
            msg add $m N($type)
            if {$data ne ""} { msg set $m N($type).data $data }
        }
        dut initiate
        rx IKE_SA_INIT request -liveness 1
        settle 60
        edit clear
        foreach e [sas tester] {
            if {[sa-up [dict get $e id]]} { tx [dict get $e id] INFORMATIONAL -delete ike; settle 20 }
        }
        # what makes nothing of the answer goes on asking, and has to hear the same again
        set left [lmap e [sas tester] { if {[dict get $e dead]} continue; dict get $e id }]
        foreach sa $left { forget $sa }
        if {[llength $left]} { dut reset; settle 20 }
    }
    set sa [ike establish]
    alive-sa $sa -req rfc7296/1.4/empty-request-answered
}
