# kept.tcl - RFC 7296 sections 2.1 to 2.4: requests are kept until they are answered, responses until the next request; how
# often and how fast is repeated.

testcase retransmit/request-kept {
    title   "A request that is lost twice comes a third time as it was, under its message id"
    cites   {rfc7296/2.1/request-remembered rfc7296/2.3/keep-requests rfc7296/2.2/same-id-on-retransmission}
    device  both
    needs   {psk}
    setup   {psk retransmit {200 2 4}}
    vary    {verb {delete-child delete-ike}}
    bent    {request-retransmitted retransmission-identical same-id-on-retransmission}
    rev     2
    tags    {retransmit window}
    why     "What is built anew is another request: the peer does it twice, or refuses it."
    hint    "Keep the datagram with its id until the response is there."
} {
    set sa [ike establish]
    drop inbound INFORMATIONAL request -count 2
    dut $verb $sa
    rx $sa INFORMATIONAL request -liveness 1
    set first $rx_n
    # whatever comes on this IKE SA, readable or not: with no window announced nothing else may leave before the answer
    set spi [record $first spi_i]
    for {set i 0} {$i < 30} {incr i} {
        set came [lmap n [records inbound INFORMATIONAL request] { if {$n < $first || [record $n spi_i] ne $spi} continue; set n }]
        if {[llength $came] >= 3} break
        settle 500
    }
    must rfc7296/2.1/request-remembered "it came three times, here [llength $came]" {[llength $came] >= 3}
    lassign $came first second third
    must rfc7296/2.2/same-id-on-retransmission "the id is that of the first" {[record $second mid] == [record $first mid] && [record $third mid] == [record $first mid]}
    must rfc7296/2.3/keep-requests "the third is the same as the first, octet for octet" {[same-bytes $first $third]}
}

testcase retransmit/attempts-before-failure {
    title   "A peer is given up only after several attempts to reach it"
    cites   {rfc7296/2.4/failure-only-after-attempts}
    device  both
    needs   {psk}
    setup   {psk retransmit {200 2 3}}
    bent    {request-retransmitted}
    tags    {retransmit liveness}
    why     "One lost packet ends all tunnels."
    hint    "Silence is no proof before the request went out several times."
} {
    set sa [ike establish]
    drop inbound INFORMATIONAL request
    dut delete-child $sa
    rx $sa INFORMATIONAL request -liveness 1
    settle 6000
    set sent [llength [records inbound INFORMATIONAL request]]
    must rfc7296/2.4/failure-only-after-attempts "the request went out $sent times, at least twice" {$sent >= 2}
}

testcase retransmit/waits-grow {
    title   "Each wait between repetitions is a multiple of the one before"
    cites   {rfc7296/2.4/retransmission-backoff}
    device  both
    needs   {psk}
    setup   {psk retransmit {400 2 5}}
    bent    {retransmission-backoff repetition-left-out}
    rev     3
    tags    {retransmit}
    why     "A network that is full is made fuller."
    hint    "Double the wait each time. Judged here: each wait is at least 1.45 times the one before, 40 ms of a busy machine on either side left out."
} {
    set sa [ike establish]
    drop inbound INFORMATIONAL request
    dut delete-child $sa
    rx $sa INFORMATIONAL request -liveness 1
    settle 6500
    set times [lmap n [records inbound INFORMATIONAL request] { record $n t_us }]
    precondition {[llength $times] >= 4} "the request went out [llength $times] times only"
    set waits {}
    foreach from $times to [lrange $times 1 end] { if {$to ne ""} { lappend waits [expr {($to - $from) / 1000}] } }
    foreach before $waits wait [lrange $waits 1 end] {
        if {$wait eq ""} continue
        must rfc7296/2.4/retransmission-backoff "a wait of $wait ms after one of $before ms; all: $waits" {100 * ($wait + 40) >= 145 * ($before - 40)}
    }
}

rows retransmit/response-kept {
    title   "The last response is kept until the next request, whatever happens meanwhile"
    cites   {rfc7296/2.1/response-remembered rfc7296/2.1/forgotten-response-silence}
    device  both
    needs   {psk esp}
    bent    {$bent}
    tags    {retransmit}
    why     "A peer on a slow path never gets its answer."
    hint    "Drop it when the next request comes, not after some time."
} {meanwhile bent} {
    traffic   {foreach i {1 2 3} { esp-echo $sa }}                                  {response-repeated repeated-id-not-processed}
    other-sa  {set other [tx IKE_SA_INIT]; settle 200}                              {response-repeated}
    waiting   {settle 3000}                                                         {response-repeated}
    forged    {tx $sa [msg new INFORMATIONAL request] -mid [sa $sa next_request] -icv-flip 1; settle 200} {response-repeated}
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add {N(40000) data 0x0102}
    rx $sa INFORMATIONAL response
    set first $rx_n
    set octets [record $tx_n bytes]
    set before [llength [records inbound INFORMATIONAL response]]
    settle 100
    eval $meanwhile
    raw $octets -port [lindex [split [sa $sa remote] :] end]
    settle
    set again [lrange [records inbound INFORMATIONAL response] $before end]
    must rfc7296/2.1/response-remembered "the response comes again" {[llength $again] > 0}
    foreach n $again { must rfc7296/2.1/forgotten-response-silence "it is the old one, none made anew" {[same-bytes $first $n]} }
}

testcase retransmit/replay-proves-nothing {
    title   "Old requests that come again do not make a silent peer alive: the device checks"
    cites   {rfc7296/2.4/replay-proves-nothing}
    device  both
    needs   {psk liveness}
    setup   {psk dpd 2}
    bent    {replay-proves-nothing}
    tags    {retransmit liveness replay}
    why     "Whoever recorded one request keeps a dead peer alive for ever."
    hint    "Only what is new and verified counts."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL
    rx $sa INFORMATIONAL response
    set octets [record $tx_n bytes]
    set before [llength [records inbound INFORMATIONAL request]]
    set asked 0
    for {set i 0} {$i < 16 && !$asked} {incr i} {
        settle 500
        raw $octets -port [lindex [split [sa $sa remote] :] end]
        set asked [expr {[llength [records inbound INFORMATIONAL request]] > $before}]
    }
    must rfc7296/2.4/replay-proves-nothing "the device asks whether the peer lives" {$asked}
}
