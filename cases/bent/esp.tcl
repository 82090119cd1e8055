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
