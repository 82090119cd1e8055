# esp.tcl - bent devices of the packets.

bent esp-not-taken {
    title "ESP packets do not get in"
    edge  {drop inbound ESP}
}

bent esp-spi-reserved {
    title "It picks an SPI of the reserved range"
    edit  {IKE_AUTH any { if {[msg has $m SA]} { msg set $m {SA.proposal[0].spi} 0x000000c8 } }}
}

bent esp-pads-with-ff {
    title "Its padding does not count up"
    esp   {-pad-bad 1}
}

bent esp-number-uncovered {
    title "The ICV of its packets leaves the sequence number out"
    esp   {-uncovered 4}
}

bent esp-uneven {
    title  "Its packets end in the middle of a block"
    packet {string range $bytes 0 end-1}
}

bent esp-number-missing {
    title  "Its packets have no sequence number"
    packet {string replace $bytes 4 7}
}

bent esp-dummy-header-only {
    title  "Its dummies are a header and nothing more"
    packet { if {[string length $bytes] < 64} { set bytes [string range $bytes 0 7] }; set bytes }
}

bent esp-tfc-in-pad-length {
    title "The pad length of its packets counts TFC padding, too"
    esp   {-tfc 40 -pad-tfc 1}
}

bent esp-header-between {
    title  "Its packets in UDP have a second UDP header before that of ESP"
    packet {string cat [binary format SSSS 4500 4500 [expr {[string length $bytes] + 8}] 0] $bytes}
}

bent transport-mode-unsaid {
    title "It does not say USE_TRANSPORT_MODE although it is to use it"
    edit  {any any { if {[msg has $m N(USE_TRANSPORT_MODE)]} { msg remove $m N(USE_TRANSPORT_MODE) } }}
}

bent esp-sends-spi-zero {
    title  "Its packets have SPI 0"
    packet {string cat \0\0\0\0 [string range $bytes 4 end]}
}

# What it hears is a proposal that it likes, what it says is the one that it was sent.
bent null-null-taken {
    title "It takes an ESP proposal that neither encrypts nor checks integrity"
    hear  {IKE_AUTH request {
        if {[msg has $m SA] && [msg get $m SA.1.1.id] eq "ENCR_NULL"} {
            msg remove $m SA
            msg add $m SA -before TSi -body [binary decode hex 00000020010304020badc0de0300000c01000014800e01000000000805000000]
        }
    }}
    edit  {IKE_AUTH response {
        if {[msg has $m SA]} {
            msg remove $m SA
            msg add $m SA -before TSi -body [binary decode hex 0000001c010304020badc0df030000080100000b0000000805000000]
        }
    }}
}

bent offers-no-service {
    title "It offers ESP that neither encrypts nor checks integrity"
    edit  {IKE_AUTH request {
        if {[msg has $m SA]} {
            msg remove $m SA
            msg add $m SA -before TSi -body [binary decode hex 0000001c010304020badc0df030000080100000b0000000805000000]
        }
    }}
}

bent esp-iv-chained {
    title  "Takes the last block of the packet before as IV"
    packet {
        set chained [expr {[info exists esp_last] ? [string replace $bytes 8 23 $esp_last] : $bytes}]
        set esp_last [string range $bytes end-31 end-16]
        set chained
    }
}

bent esp-iv-counted {
    title  "Counts in its IVs"
    packet { string replace $bytes 8 23 [binary format WW 0 [incr esp_iv]] }
}

bent esp-iv-of-eight {
    title  "Its packets have an IV of half a block"
    packet {string replace $bytes 8 15}
}

bent esp-first-only {
    title "Of all ESP packets it takes the first"
    edge  {drop inbound ESP -skip 1}
}

bent esp-sent-twice {
    title "It sends every packet twice, under one number"
    edge  {repeat outbound ESP -times 1}
}

bent forgets-the-older-sa {
    title       "Once the newer of two SAs was used again, it takes nothing on the older one"
    hear-packet {
        set heard_spi [string range $bytes 0 3]
        if {![info exists heard_last] || $heard_last ne $heard_spi} { incr heard_turns }
        set heard_last $heard_spi
        expr {$heard_turns > 3 ? "drop" : $bytes}
    }
}

# The second packet of the case is within the policy, of another SA.
bent takes-beyond-policy {
    title       "It takes what fits no policy, but nothing that fits that of another SA"
    rulings     {inbound-selectors-checked}
    hear-packet { expr {[incr heard_packets] == 2 ? "drop" : $bytes} }
}

# The second and third packet of the case are fragments in order.
bent takes-turned-fragments {
    title       "It takes fragments that nobody agreed to when the last comes first"
    rulings     {fragments-not-agreed-dropped}
    hear-packet { expr {[incr heard_packets] in {2 3} ? "drop" : $bytes} }
}

bent tfc-behind-long-packets {
    title   "It adds TFC padding unasked, and leaves the first packet unanswered"
    rulings {tfc-negotiated-first}
    edge    {drop inbound ESP -count 1}
}

# Four packets come before: an echo and three dummies.
bent dummy-ends-the-tunnel {
    title "After dummies it takes no packet any more"
    edge  {drop inbound ESP -skip 4}
}

bent esp-icv-wrong {
    title  "The last octet of its packets is wrong"
    packet { binary scan [string index $bytes end] cu packet_end; string replace $bytes end end [binary format c [expr {$packet_end ^ 1}]] }
}
