# nat.tcl - bent devices of NAT traversal.

bent natd-hash-wrong {
    title "The hash over the peer's address is wrong"
    edit  {IKE_SA_INIT any {
        if {[msg has $m N(NAT_DETECTION_DESTINATION_IP)]} { msg set $m N(NAT_DETECTION_DESTINATION_IP).data 0x[string repeat 77 20] }
    }}
}

bent natd-hash-short {
    title "Its NAT detection hashes are cut to 16 octets"
    edit  {IKE_SA_INIT any {
        foreach n {N(NAT_DETECTION_SOURCE_IP) N(NAT_DETECTION_DESTINATION_IP)} {
            if {[msg has $m $n]} { msg set $m $n.data [string range [msg get $m $n.data] 0 33] }
        }
    }}
}

bent natd-insisted-on {
    title "It answers IKE_SA_INIT by NO_PROPOSAL_CHOSEN when hashes do not match or are missing"
    edit  {IKE_SA_INIT response {
        foreach p {SA KE Nonce N(NAT_DETECTION_SOURCE_IP) N(NAT_DETECTION_DESTINATION_IP)} { if {[msg has $m $p]} { msg remove $m $p } }
        msg add $m N(NO_PROPOSAL_CHOSEN)
    } IKE_AUTH request { msg set $m AUTH.data 0x00 }}
}

bent esp-picks-spi-zero {
    title "It picks SPI 0 for its Child SA"
    edit  {IKE_AUTH any { if {[msg has $m SA]} { msg set $m {SA.proposal[0].spi} 0x00000000 } }}
}

bent esp-from-other-port {
    title "Its ESP packets in UDP come from another port than its IKE messages"
    edge  {port outbound ESP -to 4501}
}

bent counts-the-marker {
    title  "The length in its IKE headers counts the marker of port 4500"
    octets {IKE_AUTH any {
        binary scan [string range $bytes 24 27] Iu length
        string replace $bytes 24 27 [binary format I [expr {$length + 4}]]
    }}
}
