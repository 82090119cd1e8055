# init.tcl - bent devices for IKE_SA_INIT: header, order, counts and occurrence of payloads.

# A case that sends something malformed leaves in `clean` what an honest peer would have sent.
bent overlooks-faults {
    title       "Reads a malformed message as it was meant"
    told        {clean}
    hear-octets {any any { if {[info exists clean] && (![info exists read] || $clean ne $read)} { return [set read $clean] }; set bytes }}
}

bent insists-on-flags {
    title "Drops messages with flags that it does not know"
    hear  {IKE_SA_INIT any {
        if {[msg get $m HDR.flags.X1] || [msg get $m HDR.flags.X2] || [msg get $m HDR.flags.V]} { string cat drop }
    }}
}

bent insists-on-reserved {
    title "Drops messages whose reserved fields are not zero"
    hear  {IKE_SA_INIT any {
        foreach finding [msg lint $m] { if {[dict get $finding req] eq "rfc7296/2.5/reserved-zero"} { return drop } }
    }}
}

bent insists-on-critical-zero {
    title "Drops messages with the critical flag on a payload that it knows"
    hear  {IKE_SA_INIT any {
        foreach p [msg paths $m] { if {[string match *.critical [lindex $p 0]] && [lindex $p 1] != 0} { return drop } }
    }}
}

bent insists-on-order {
    title "Drops messages whose payloads are not in the order SA, KE, Nonce, others"
    hear  {IKE_SA_INIT any {
        set order [lmap p [msg payloads $m] { if {$p ni {SA KE Nonce}} { set p x }; set p }]
        if {[msg has $m SA] && [lrange $order 0 2] ne {SA KE Nonce}} { return drop }
    }}
}

bent takes-version-3 {
    title       "Treats any major version as its own"
    hear-octets {any any { string replace $bytes 17 17 [binary format c 0x20] }}
}

bent ignores-initiator-flag {
    title       "Does not look at the Initiator flag"
    hear-octets {any any {
        binary scan [string index $bytes 19] cu flags
        set flags [expr {$flags & 0x20 ? $flags & ~0x08 : $flags | 0x08}]
        string replace $bytes 19 19 [binary format c $flags]
    }}
}

bent ignores-response-flag {
    title       "Takes responses for requests"
    hear-octets {any any {
        binary scan [string index $bytes 19] cu flags
        string replace $bytes 19 19 [binary format c [expr {$flags & ~0x20}]]
    }}
}

bent ignores-spi {
    title       "Takes an IKE_SA_INIT response with any SPI for the one it waits for"
    edit        {IKE_SA_INIT request { set own_spi [msg get $m HDR.spi_i] }}
    hear-octets {any any {
        if {![info exists own_spi]} { return $bytes }
        string replace $bytes 0 7 [binary format W $own_spi]
    }}
}

bent trips-over-short-messages {
    title       "Hears nothing more after a datagram that is shorter than an IKE header"
    hear-octets {any any {
        if {[string length $bytes] < 28} { set tripped 1 }
        if {[info exists tripped]} { return drop }
        set bytes
    }}
}

bent drops-long-messages {
    title       "Drops messages of more than 1000 octets"
    hear-octets {any any { if {[string length $bytes] > 1000} { return drop }; set bytes }}
}

# What it sends: each breaks one rule of the header.
bent sends-minor-version { title "Sends minor version 1" edit {any any { msg set $m HDR.minor 1 }} }
bent sends-version-flag { title "Sets the Version flag" edit {any any { msg set $m HDR.flags.V 1 }} }
bent sends-flag-bits { title "Sets the two upper flag bits" edit {any any { msg set $m HDR.flags.X1 3 }} }
bent sends-critical {
    title "Sets the critical flag on a payload of RFC 7296"
    edit  {any any { if {[msg has $m Nonce]} { msg set $m Nonce.critical 1 } }}
}
bent sends-payload-reserved {
    title "Sets a reserved bit of a payload header"
    edit  {any any { if {[msg has $m Nonce]} { msg set $m Nonce.reserved 1 } }}
}
bent sends-proposal-reserved {
    title "Sets the reserved octet of a proposal"
    edit  {any any { if {[msg has $m SA]} { msg set $m SA.1.reserved 1 } }}
}
bent sends-transform-reserved {
    title "Sets a reserved octet of a transform"
    edit  {any any { if {[msg has $m SA]} { msg set $m SA.1.ENCR.reserved2 1 } }}
}
bent sends-ke-reserved {
    title "Sets the reserved octets of KE"
    edit  {any any { if {[msg has $m KE]} { msg set $m KE.reserved2 1 } }}
}
bent sends-notify-protocol {
    title "Fills the protocol of notifies that have no SPI"
    edit  {any any { if {[msg has $m N(NAT_DETECTION_SOURCE_IP)]} { msg set $m N(NAT_DETECTION_SOURCE_IP).protocol IKE } }}
}
bent sends-nonce-first {
    title "Sends the nonce before all other payloads"
    edit  {IKE_SA_INIT any { if {[msg has $m SA]} { msg move $m Nonce before SA } }}
}
bent sends-spi-zero { title "Sends its own SPI as zero" edit {IKE_SA_INIT request { msg set $m HDR.spi_i 0 } IKE_SA_INIT response { msg set $m HDR.spi_r 0 }} }
bent sends-responder-spi { title "Invents the responder's SPI" edit {IKE_SA_INIT request { msg set $m HDR.spi_r 7 }} }
bent sends-other-id { title "Does not begin with message id 0" edit {IKE_SA_INIT any { msg set $m HDR.mid 7 }} }
bent sends-wrong-initiator-flag {
    title "Has the Initiator flag the wrong way round"
    edit  {IKE_SA_INIT any { msg set $m HDR.flags.I [expr {![msg get $m HDR.flags.I]}] }}
}
bent sends-wrong-response-flag {
    title "Has the Response flag the wrong way round"
    edit  {IKE_SA_INIT any { msg set $m HDR.flags.R [expr {![msg get $m HDR.flags.R]}] }}
}
bent sends-spi-on-refusal {
    title "Gives a responder SPI in responses that make no SA"
    edit  {IKE_SA_INIT response { if {![msg has $m SA]} { msg set $m HDR.spi_r 99 } }}
}
bent version-in-notify {
    title "Answers a higher version under another message id"
    edit  {any response { if {[msg has $m N(INVALID_MAJOR_VERSION)]} { msg set $m HDR.mid 77 } }}
}
bent says-other-critical-type {
    title "Names another payload type in UNSUPPORTED_CRITICAL_PAYLOAD"
    edit  {any response {
        if {[msg has $m N(UNSUPPORTED_CRITICAL_PAYLOAD)]} { msg set $m N(UNSUPPORTED_CRITICAL_PAYLOAD).data 0x01 }
    }}
}

bent gives-up-at-once {
    title "Ends the attempt for good at the first error in clear"
    hear  {any response {
        if {![info exists gone]} { set gone 0 }
        foreach p [msg payloads $m] {
            if {[regexp {^N\((.*)\)$} $p - type] && ![catch { names notify $type } number] && $number < 16384} { set gone 1 }
        }
        if {$gone} { return drop }
    } any request { if {[info exists gone] && $gone} { return drop } }}
    hear-octets {any response { if {[info exists gone] && $gone} { return drop }; set bytes }}
}

bent knows-no-vendors {
    title "Drops messages with a vendor id that it does not know"
    hear  {IKE_SA_INIT any { if {[msg has $m V]} { return drop } }}
}

bent insists-on-nonce-32 {
    title "Drops messages whose nonce has not 32 octets"
    hear  {IKE_SA_INIT any { if {[string length [msg get $m Nonce.data]] != 66} { return drop } }}
}

bent sends-short-nonce {
    title "Sends nonces of 15 octets"
    edit  {IKE_SA_INIT any { if {[msg has $m Nonce]} { msg set $m Nonce.data 0x[string repeat 3d 15] } }}
}

bent repeats-itself {
    title "Uses the same SPI and nonce for every SA"
    edit  {IKE_SA_INIT response { msg set $m HDR.spi_r 0x77 Nonce.data 0x[string repeat 3d 32] }}
}

bent sends-two-sa { title "Sends SA twice" edit {IKE_SA_INIT any { msg double $m SA }} }
bent sends-two-ke { title "Sends KE twice" edit {IKE_SA_INIT any { msg double $m KE }} }
bent sends-two-nonces { title "Sends two nonces" edit {IKE_SA_INIT any { msg double $m Nonce }} }
bent answers-two-proposals { title "Answers with two proposals" edit {IKE_SA_INIT response { msg double $m SA.1 }} }

bent knows-requests-by-spi {
    title       "Takes a request for a repetition when its SPI was there before"
    hear-octets {IKE_SA_INIT request {
        set spi [string range $bytes 0 7]
        if {![info exists known] || ![dict exists $known $spi]} { dict set known $spi $bytes }
        dict get $known $spi
    }}
}

bent sees-nat-everywhere {
    title "Moves to port 4500 whatever its peer says"
    hear  {IKE_SA_INIT response {
        foreach type {NAT_DETECTION_SOURCE_IP NAT_DETECTION_DESTINATION_IP} {
            if {![msg has $m N($type)]} { msg add $m N($type) data 0x[string repeat 00 20] }
        }
    }}
}

bent forgets-on-second-response {
    title       "Hears nothing more once an IKE_SA_INIT response came a second time"
    hear-octets {any any {
        if {[string index $bytes 18] eq "\x22" && [incr responses] > 1} { set deaf 1 }
        if {[info exists deaf]} { return drop }
        set bytes
    }}
}

bent goes-on-without-auth {
    title  "Goes on to CREATE_CHILD_SA when IKE_AUTH is not answered"
    octets {IKE_AUTH request { string replace $bytes 18 18 \x24 }}
}
bent sends-auth-id-two {
    title  "Its first IKE_AUTH request has message id 2"
    edit   {IKE_AUTH request { msg set $m HDR.mid 2 }}
}

bent sends-counting-nonces {
    title "Its nonces count"
    edit  {IKE_SA_INIT response { if {[msg has $m Nonce]} { msg set $m Nonce.data 0x[string repeat 3d 24][format %016x [incr counted]] } }}
}

bent invents-the-missing-spi {
    title       "Takes any SPI, and makes one up where the responder gives none"
    hear-octets {IKE_SA_INIT response {
        if {[string range $bytes 8 15] ne [string repeat \0 8]} { return $bytes }
        string replace $bytes 8 15 \1\2\3\4\5\6\7\7
    }}
}

bent takes-its-request-for-the-answer {
    title       "Takes its own request, when it comes back, for the answer to it, and gives up"
    edit        {IKE_SA_INIT request { set own_spi [msg get $m HDR.spi_i] }}
    hear-octets {any any {
        if {![info exists own_spi]} { return $bytes }
        binary scan [string index $bytes 19] cu flags
        if {!($flags & 0x20) && [string range $bytes 0 7] eq [binary format W $own_spi]} { set given_up 1 }
        if {[info exists given_up]} { return drop }
        set bytes
    }}
}

bent dies-of-long-messages {
    title       "Hears nothing more after a datagram of more than 50000 octets"
    hear-octets {any any {
        if {[string length $bytes] > 50000} { set choked 1 }
        if {[info exists choked]} { return drop }
        set bytes
    }}
}

bent one-answer-for-an-spi {
    title  "Gives whoever uses the same SPI the answer that it gave first"
    octets {IKE_SA_INIT response {
        if {![info exists answered([string range $bytes 0 7])]} { set answered([string range $bytes 0 7]) $bytes }
        set answered([string range $bytes 0 7])
    }}
}


bent reads-group-of-any-length {
    title   "Takes the group of INVALID_KE_PAYLOAD from whatever stands there"
    hear    {IKE_SA_INIT response { if {[msg has $m N(INVALID_KE_PAYLOAD)]} { msg set $m N(INVALID_KE_PAYLOAD).data 0x0002 } }}
    rulings {named-group-was-offered}
}

bent minor-version-misleads {
    title "A higher minor version makes it prove itself in another way"
    hear  {any any { if {[msg get $m HDR.minor] != 0} { set heard_minor 1 } }}
    edit  {IKE_AUTH any { if {[info exists heard_minor] && [msg has $m AUTH]} { msg set $m AUTH.data 0x[string repeat 5a 32] } }}
}

bent refuses-version-3-otherwise {
    title "It answers a message of major version 3 or more by NO_PROPOSAL_CHOSEN"
    edit  {any response {
        if {[msg has $m N(INVALID_MAJOR_VERSION)]} { msg set $m N(INVALID_MAJOR_VERSION).data 0x N(INVALID_MAJOR_VERSION).type NO_PROPOSAL_CHOSEN }
    }}
}

bent value-used-elsewhere {
    title   "It goes on with a public value that it has not tested, in CREATE_CHILD_SA"
    rulings {public-value-checked}
    octets  {IKE_AUTH request { string replace $bytes 18 18 \x24 }}
}
