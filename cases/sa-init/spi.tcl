# spi.tcl - RFC 7296 sections 2.6 and 3.1: whose message an IKE_SA_INIT is, told by SPIs and flags: none, one's own, one that
# another peer has picked, too.

testcase sa-init/response-without-spi {
    title   "An IKE_SA_INIT response that has a proposal but no responder SPI makes no SA"
    cites   {rfc7296/2.6/spi-zero-makes-no-sa}
    device  initiator
    needs   {psk}
    bent    {invents-the-missing-spi}
    tags    {sa-init spi}
    why     "The device goes on with an SA whose messages nobody can tell from a first request."
    hint    "Zero means: not yet known. Such a response asks for another try, or is none."
} {
    edit outbound IKE_SA_INIT response { msg set $m HDR.spi_r 0 }
    dut initiate
    rx IKE_SA_INIT request
    settle
    should rfc7296/2.6/spi-zero-makes-no-sa "no IKE_AUTH follows" {[llength [records inbound IKE_AUTH]] == 0}
}

testcase sa-init/own-request-returned {
    title   "A device that gets its own request back goes on waiting for the answer"
    cites   {rfc7296/2.6/spi-by-initiator-flag}
    device  initiator
    needs   {psk}
    bent    {takes-its-request-for-the-answer}
    tags    {sa-init spi dos}
    why     "Whoever sends the device's packets back to it ends every attempt, or becomes its peer."
    hint    "It is a request, of somebody who calls himself the initiator: not the answer, and not about the SA under construction."
} {
    hold inbound IKE_SA_INIT request
    dut initiate
    rx IKE_SA_INIT request -held 1
    foreach k {1 2 3} { raw [record $rx_n bytes] -port 500 }
    settle 300
    release inbound
    rx IKE_AUTH request { must rfc7296/2.6/spi-by-initiator-flag has {SK} }
}

testcase sa-init/same-spi-elsewhere {
    title   "Two initiators that have picked the same SPI both get an SA"
    cites   {rfc7296/2.1/init-retransmit-whole-match}
    device  responder
    needs   {psk virtual-time}
    bent    {one-answer-for-an-spi}
    tags    {sa-init spi nat}
    why     "A peer that happens to pick the SPI of another cannot connect, or gets the other's answer."
    hint    "The responder's own SPI tells its SAs apart. The initiator's is good for finding repetitions only together with the rest."
} {
    set sa [tx IKE_SA_INIT -edit {
        set other [msg copy $m]
        msg set $other Nonce.data 0x[string repeat 5c 32]
        set octets [msg encode $other]
    }]
    rx $sa IKE_SA_INIT response
    set first $rx_n
    set host [lindex [split [record $first local] :] 0]
    raw $octets -to [record $first remote] -from $host:61238
    settle 300
    set there [lmap n [records inbound IKE_SA_INIT response] { if {![string match *:61238 [record $n local]]} continue; set n }]
    precondition {[llength $there]} "the second initiator gets no answer"
    foreach n $there {
        should rfc7296/2.1/init-retransmit-whole-match "the answer to the second is not that to the first" {![same-bytes $first $n]}
        should rfc7296/2.1/init-retransmit-whole-match "its SPI is another one" {[msg get [record $n msg] HDR.spi_r] ne [msg get [record $first msg] HDR.spi_r]}
    }
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response
    should rfc7296/2.1/init-retransmit-whole-match "the first is not disturbed" {[msg has $rx AUTH]}
}

testcase sa-init/largest-message {
    title   "After the largest message that a datagram can hold the device is as it was"
    cites   {rfc7296/2/handle-3000-octets}
    device  responder
    needs   {psk}
    bent    {dies-of-long-messages}
    tags    {sa-init length dos}
    why     "One datagram of a stranger stops the device."
    hint    "A message may be refused for its size. Is there a length somewhere that is kept in 16 bits and added to?"
} {
    tx IKE_SA_INIT
    set octets 3000
    foreach most {65507 65000 60000} {
        set body [string repeat 58 [expr {$most - [record $tx_n len] - 4}]]
        conn extras [list [list exchange IKE_SA_INIT response 0 type V after Nonce body $body]]
        if {![catch { tx IKE_SA_INIT }]} { set octets [record $tx_n len]; break }
    }
    precondition {$octets > 50000} "no such message can be sent here"
    settle
    conn extras [list [list exchange IKE_SA_INIT response 0 type V after Nonce body [string repeat 58 2000]]]
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response { should rfc7296/2/handle-3000-octets has {SA KE Nonce} }
}
