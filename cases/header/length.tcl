# length.tcl - RFC 7296 sections 3.1 and 3.2: lengths that do not fit, and messages that end too early.

testcase header/short-message-dropped {
    title   "Datagrams shorter than an IKE header are dropped without harm"
    cites   {rfc7296/3.1/short-message-dropped}
    device  responder
    needs   {psk}
    bent    {trips-over-short-messages}
    tags    {header length}
    why     "A single datagram of anybody puts the device out of service, or reads its memory."
    hint    "Compare the size of the datagram with 28 before anything is read."
} {
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response
    for {set n 1} {$n < 28} {incr n} { raw [string repeat \x21 $n] -port 500 }
    settle 100
    must rfc7296/3.1/short-message-dropped "none of them is answered" {[llength [records inbound]] == 1}
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response { must rfc7296/3.1/short-message-dropped has {SA KE Nonce} }
}

testcase header/length-cuts-payload {
    title   "What lies beyond the length of the header is not read"
    cites   {rfc7296/3.1/length-mismatch-not-parsed}
    device  both
    needs   {psk}
    bent    {overlooks-faults}
    tags    {header length}
    why     "Octets of another message, or of the device's memory, become part of this one."
    hint    "The message ends where its header says, or it is malformed."
} {
    # the last payload is the nonce, and the length ends before it
    conn natd 0
    init-refused -edit {
        set clean [msg encode $m]
        msg set $m HDR.length [expr {[string length $clean] - 4 - ([string length [msg get $m Nonce.data]] - 2) / 2}]
    } -req rfc7296/3.1/length-mismatch-not-parsed
}

rows header/payload-length {
    title   "A payload whose length does not fit makes the message malformed"
    cites   {rfc7296/3.2/payload-length-valid}
    device  both
    needs   {psk}
    bent    {overlooks-faults}
    tags    {header length}
    why     "A parser that believes such a length reads beyond the message, or never ends."
    hint    "At least four, at most what is left of the message."
} {path value} {
    sa-zero        SA.length     0
    sa-three       SA.length     3
    ke-zero        KE.length     0
    ke-one         KE.length     1
    ke-far         KE.length     60000
    nonce-two      Nonce.length  2
    nonce-far      Nonce.length  65535
} {
    init-refused -edit { set clean [msg encode $m]; msg set $m $path $value } -req rfc7296/3.2/payload-length-valid
}

testcase header/chain-past-the-end {
    title   "A message that ends where another payload is announced is malformed"
    cites   {rfc7296/3.2/chain-ends-with-message}
    device  both
    needs   {psk}
    bent    {overlooks-faults}
    tags    {header length}
    why     "A parser that goes on reads beyond the message."
    hint    "Before each payload: are four octets left?"
} {
    conn natd 0
    init-refused -edit { set clean [msg encode $m]; msg set $m Nonce.next N } -req rfc7296/3.2/chain-ends-with-message
}

rows header/length-wrong {
    title   "Nothing is read of a message whose length does not reach beyond its header"
    cites   {rfc7296/3.1/length-mismatch-not-parsed}
    device  responder
    needs   {psk}
    bent    {overlooks-faults}
    tags    {header length}
    why     "Octets that are no part of the message are taken for its payloads."
    hint    "The message ends where its header says, or it is malformed."
} {value} {
    header-less  27
    zero         0
    header-only  28
} {
    set sa [tx IKE_SA_INIT -edit {
        set clean [msg encode $m]
        msg set $m HDR.length $value
    }]
    rx-none $sa IKE_SA_INIT response -has {SA} -req rfc7296/3.1/length-mismatch-not-parsed -for settle
}
