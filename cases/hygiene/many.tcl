# many.tcl - what shows only over many handshakes: values that come back, repetitions that do not slow down, answers that
# nobody's address was proven for.

testcase hygiene/nothing-used-twice {
    title   "Over many SAs and rekeys no nonce, SPI or IV of the device comes back"
    cites   {rfc7296/3.9/nonce-not-reused rfc7296/2.6/spi-unique rfc7296/3.14/iv-unpredictable rfc4301/4.1/inbound-by-spi}
    device  both
    needs   {psk}
    bent    {iv-unpredictable nonces-come-again ike-spis-come-again esp-spis-come-again}
    tags    {hygiene nonce spi}
    why     "Keys of one SA can be used against another, or packets reach the wrong SA."
    hint    "One random generator for all, seeded once; a new value for each exchange, not for each SA."
} {
    for {set round 1} {$round <= 8} {incr round} {
        set sa [ike establish]
        foreach what {{-rekey child} -new {-rekey ike}} {
            tx $sa CREATE_CHILD_SA {*}$what
            rx $sa CREATE_CHILD_SA response
            settle 10
        }
        foreach e [sas tester] {
            if {[dict get $e established] && ![dict get $e dead]} { tx [dict get $e id] INFORMATIONAL -delete ike }
        }
        settle 10
    }
    foreach n [records inbound] {
        if {[record $n proto] ne "ike" || [record $n repeated]} continue
        set octets [record $n bytes]
        if {[record $n sealed]} {
            # the CBC suite of this setup: an IV of 16 octets begins behind header and SK header
            set at [expr {[string range $octets 0 3] eq "\0\0\0\0" ? 36 : 32}]
            binary scan [string range $octets $at $at+15] H* iv
            must rfc7296/3.14/iv-unpredictable "the IV of message $n is new" {![info exists seen(iv,$iv)]}
            set seen(iv,$iv) $n
            if {![record $n opened]} continue
        }
        set m [record $n msg]
        if {$m eq "" || ![msg has $m SA]} continue
        if {[msg has $m Nonce]} {
            set nonce [msg get $m Nonce.data]
            must rfc7296/3.9/nonce-not-reused "the nonce of message $n is new" {![info exists seen(nonce,$nonce)]}
            set seen(nonce,$nonce) $n
        }
        if {[record $n exchange] eq "IKE_SA_INIT"} {
            set kind ike
            set spi [msg get $m [expr {$role eq "responder" ? "HDR.spi_r" : "HDR.spi_i"}]]
        } else {
            set spi [msg get $m SA.1.spi]
            set kind [expr {[msg get $m SA.1.protocol] eq "IKE" ? "ike" : "esp"}]
        }
        judge [dict get {ike rfc7296/2.6/spi-unique esp rfc4301/4.1/inbound-by-spi} $kind] [expr {![info exists seen($kind,$spi)]}] \
            "the SPI of message $n is new" "$spi, which message [expr {[info exists seen($kind,$spi)] ? $seen($kind,$spi) : "-"}] had"
        set seen($kind,$spi) $n
        # a key exchange value may serve several exchanges (2.12); then the tests of RFC 6989 apply
        if {[msg has $m KE]} {
            set value [msg get $m KE.data]
            if {[info exists seen(ke,$value)]} { note "the key exchange value of message $seen(ke,$value) comes back in message $n" }
            set seen(ke,$value) $n
        }
    }
}

rows hygiene/back-off {
    title   "No repetition comes sooner than the one before, and all have the same octets"
    cites   {rfc7296/2.4/retransmission-backoff rfc7296/2.1/retransmission-identical}
    device  both
    needs   {psk rekey-on-demand}
    setup   {psk retransmit {300 2 4}}
    bent    {retransmission-backoff retransmission-identical}
    tags    {hygiene retransmit}
    why     "A network that is full is made fuller; a peer that has answered already takes it for something new."
    hint    "One timer for each request, doubled each time; the datagram is kept, not made again."
} {verb exchange} {
    rekey-ike     rekey-ike    CREATE_CHILD_SA
    delete-child  delete-child INFORMATIONAL
} {
    set sa [ike establish]
    drop inbound $exchange request
    dut $verb $sa
    rx $sa $exchange request -liveness 1
    set first $rx_n
    settle 6000
    set times {}
    foreach n [records inbound $exchange request] {
        if {[record $n mid] != [record $first mid]} continue
        lappend times [expr {[record $n t_us] / 1000}]
        must rfc7296/2.1/retransmission-identical "message $n has the octets of the first" {[same-bytes $first $n]}
    }
    precondition {[llength $times] >= 4} "the request went out [llength $times] times only"
    set waits {}
    foreach earlier [lrange $times 0 end-1] later [lrange $times 1 end] { lappend waits [expr {$later - $earlier}] }
    note "waits in ms: $waits"
    # a busy machine sends, or takes the time, a little late
    foreach earlier [lrange $waits 0 end-1] later [lrange $waits 1 end] {
        must rfc7296/2.4/retransmission-backoff "$later ms is no shorter than $earlier ms before" {$later + 100 >= $earlier}
    }
    must rfc7296/2.4/retransmission-backoff "the last of $waits is longer than the first" {2 * [lindex $waits end] >= 3 * [lindex $waits 0]}
}

rows hygiene/amplification {
    title   "Whoever has not proven an address gets one datagram back for each of his own"
    cites   {rfc7296/2.1/responder-never-retransmits}
    device  responder
    needs   {psk}
    setup   $setup
    bent    {$bent}
    tags    {hygiene dos}
    why     "The device sends somebody else's victim more than it was sent."
    hint    "A responder keeps its answer and repeats it only when asked again."
} {setup bent} {
    without-cookie psk         responder-never-retransmits
    with-cookie    psk-cookie  answers-twice
} {
    set clean [tx IKE_SA_INIT]
    set octets [record $tx_n bytes]
    rx $clean IKE_SA_INIT response
    settle
    set before [llength [records inbound]]
    # as if from many: none of them goes on
    for {set k 1} {$k <= 16} {incr k} { raw [string replace $octets 0 7 [binary format W [expr {0x0a0b0c0d00000000 + $k}]]] -port 500 }
    settle 5000
    set sent 0
    set answers [lrange [records inbound] $before end]
    foreach n $answers { incr sent [string length [record $n bytes]] }
    note "[llength $answers] answers of $sent octets to 16 requests of [expr {16 * [string length $octets]}]"
    must rfc7296/2.1/responder-never-retransmits "16 requests have at most 16 answers, not [llength $answers]" {[llength $answers] <= 16}
}

testcase hygiene/half-open-expires {
    title   "An IKE SA whose initiator never comes back is forgotten, and a fresh one can be made"
    cites   {rfc7296/2.4/half-open-expires}
    device  responder
    needs   {psk}
    setup   {psk half-open-timeout 3}
    bent    {half-open-expires}
    tags    {hygiene dos}
    why     "Requests that cost their sender nothing fill the device's memory for good."
    hint    "A timer starts with the response to IKE_SA_INIT; without IKE_AUTH the SA goes."
} {
    set sa [ike init]
    settle 6000
    tx $sa IKE_AUTH
    rx-none $sa IKE_AUTH response -has {AUTH} -req rfc7296/2.4/half-open-expires -for settle
}
