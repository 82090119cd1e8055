# sk.tcl - bent devices of the Encrypted payload.

bent answers-nothing-informational {
    title "It answers no INFORMATIONAL request"
    edge  {drop outbound INFORMATIONAL response}
}

bent integrity-checked-or-dies {
    title "What is too short is the end: it answers nothing any more"
    edge  {drop inbound INFORMATIONAL request}
}

bent unverified-answered {
    title   "A request that cannot be read is answered by INVALID_SYNTAX, and ends the IKE SA, although nobody has verified it"
    rulings {invalid-syntax-verified-only}
}

bent checksum-not-looked-at {
    title   "Checksum and pad length of the Encrypted payload are not looked at"
    rulings {integrity-checked pad-length-bounded}
}

bent clear-trusted {
    title   "What comes in clear counts as if it were encrypted"
    rulings {unprotected-not-trusted auth-required-payloads}
}

bent iv-cut-to-four {
    title  "Its messages have an IV of four octets"
    octets {INFORMATIONAL any {
        binary scan [string range $bytes 24 27] Iu length
        binary scan [string range $bytes 30 31] Su sk
        string replace [string replace [string replace $bytes 32 35] 30 31 [binary format S [expr {$sk - 4}]]] 24 27 [binary format I [expr {$length - 4}]]
    }}
}

bent answers-its-own-messages {
    title       "Takes its own messages, when they come back, for the peer's last request, and answers that once more"
    octets      {any any { set own([string range $bytes 0 end]) 1; set bytes }}
    hear-octets {any any {
        if {[info exists own($bytes)] && [info exists peers]} { return $peers }
        binary scan [string index $bytes 19] cu flags
        if {!($flags & 0x20)} { set peers $bytes }
        set bytes
    }}
}

bent guesses-the-first-type {
    title "Answers a payload that has the octets of a Delete by a Delete, whatever type was announced"
    hear  {INFORMATIONAL request { set guessed [expr {![msg has $m D] && [llength [msg payloads $m]] > 1}] }}
    edit  {INFORMATIONAL response {
        if {[info exists guessed] && $guessed && ![msg has $m D]} { msg add $m D protocol ESP spi_size 4 spis 0x01020304 }
    }}
}

bent icv-cut-by-four {
    title  "The ICV of its messages is four octets too short"
    octets {INFORMATIONAL any {
        binary scan [string range $bytes 24 27] Iu length
        binary scan [string range $bytes 30 31] Su sk
        string replace [string replace [string range $bytes 0 end-4] 30 31 [binary format S [expr {$sk - 4}]]] 24 27 [binary format I [expr {$length - 4}]]
    }}
}

bent empty-names-a-payload {
    title "The Encrypted payload of its empty messages names a notify that is not there"
    edit  {INFORMATIONAL response { if {[llength [msg payloads $m]] == 1} { msg set $m SK.next 41 } }}
}

# A message whose nonce or associated data are made of other octets than it has cannot be opened. The first response is as it should be.
bent nonce-beside-the-iv {
    title  "The nonce of its second INFORMATIONAL response is not that of the IV that it sends"
    octets {INFORMATIONAL response {
        if {[incr nonces_made] != 2} { return $bytes }
        binary scan [string index $bytes 39] cu last_of_iv
        string replace $bytes 39 39 [binary format c [expr {$last_of_iv ^ 1}]]
    }}
}

bent header-not-covered {
    title  "What it covers of its third INFORMATIONAL response is not the header that it sends"
    octets {INFORMATIONAL response {
        if {[incr headers_made] != 3} { return $bytes }
        string replace $bytes 29 29 [binary format c 1]
    }}
}

bent other-keys-later {
    title  "Its INFORMATIONAL responses are sealed under keys of another stream"
    octets {INFORMATIONAL response {
        binary scan [string index $bytes end] cu last_of_icv
        string replace $bytes end end [binary format c [expr {$last_of_icv ^ 1}]]
    }}
}

bent drops-nested-wrappers {
    title  "A request inside whose Encrypted payload stands another wrapper is dropped without a word"
    hear   {INFORMATIONAL request { if {[msg has $m SK] || [msg has $m SKF]} { return drop } }}
}
