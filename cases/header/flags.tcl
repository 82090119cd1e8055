# flags.tcl - RFC 7296 section 3.1: flag bits that mean nothing are ignored, those that mean something are looked at.

rows header/flag-ignored {
    title   "Flag bits without a meaning make no difference"
    cites   {$req}
    device  both
    needs   {psk}
    bent    {insists-on-flags}
    tags    {header reserved}
    why     "A peer of a later version, or a careless one, cannot connect."
    hint    "Is the flags octet compared as a whole?"
} {path value req} {
    upper    HDR.flags.X1  3  rfc7296/3.1/flag-bits-ignored
    lower    HDR.flags.X2  7  rfc7296/3.1/flag-bits-ignored
    lowest   HDR.flags.X2  1  rfc7296/3.1/flag-bits-ignored
    version  HDR.flags.V   1  rfc7296/3.1/version-flag-ignored
} {
    set sa [ike init -set [list $path $value] response { must $req has {SA KE Nonce} }]
    auth $sa -set [list $path $value] rx { must $req has {AUTH} }
    if {$role eq "initiator"} { alive-sa $sa -req $req }
}

testcase header/initiator-flag-missing {
    title   "An IKE_SA_INIT request without the Initiator flag makes no SA"
    cites   {rfc7296/3.1/initiator-flag-checked}
    device  responder
    needs   {psk}
    bent    {ignores-initiator-flag}
    tags    {header}
    why     "The flag tells whose SPI is whose; SAs get mixed up."
    hint    "A request that starts an SA comes from its original initiator."
} {
    tx IKE_SA_INIT -set {HDR.flags.I 0}
    rx-none IKE_SA_INIT response -has {SA} -req rfc7296/3.1/initiator-flag-checked -for settle
}

testcase header/initiator-flag-in-response {
    title   "An IKE_SA_INIT response with the Initiator flag is not used"
    cites   {rfc7296/3.1/initiator-flag-checked}
    device  initiator
    needs   {psk}
    bent    {ignores-initiator-flag}
    tags    {header}
    why     "The device can be made to talk to itself."
    hint    "The responder of an SA never sets the flag."
} {
    edit outbound IKE_SA_INIT response { msg set $m HDR.flags.I 1 }
    dut initiate
    rx IKE_SA_INIT request
    settle
    must rfc7296/3.1/initiator-flag-checked "no IKE_AUTH follows" {[llength [records inbound IKE_AUTH]] == 0}
}

testcase header/response-not-answered {
    title   "A message marked as a response is not answered"
    cites   {rfc7296/3.1/response-not-answered}
    device  responder
    needs   {psk}
    bent    {ignores-response-flag}
    tags    {header}
    why     "Two ends could answer each other's answers for ever."
    hint    "Drop responses that belong to no request of your own."
} {
    tx IKE_SA_INIT -set {HDR.flags.R 1}
    settle
    must rfc7296/3.1/response-not-answered "nothing comes back" {[llength [records inbound]] == 0}
}

testcase header/spi-zero-refused {
    title   "An IKE_SA_INIT request with initiator SPI zero makes no SA"
    cites   {rfc7296/3.1/initiator-spi-not-zero}
    device  responder
    needs   {psk}
    bent    {initiator-spi-not-zero overlooks-faults}
    tags    {header spi}
    why     "SPI zero means \"not known yet\"; an SA of that name cannot be addressed."
    hint    "Check the SPI before an SA is made."
} {
    tx IKE_SA_INIT -edit { set clean [msg encode $m]; msg set $m HDR.spi_i 0 }
    rx-none IKE_SA_INIT response -has {SA} -req rfc7296/3.1/initiator-spi-not-zero -for settle
}

testcase header/other-spi-in-response {
    title   "An IKE_SA_INIT response with another initiator SPI is dropped"
    cites   {rfc7296/3.1/wrong-spi-dropped}
    device  initiator
    needs   {psk}
    bent    {ignores-spi}
    tags    {header spi}
    why     "Anybody could answer without having seen the request."
    hint    "Look the SA up by the SPI, not by the address."
} {
    edit outbound IKE_SA_INIT response { msg set $m HDR.spi_i 0x0123456789abcdef }
    dut initiate
    rx IKE_SA_INIT request
    settle
    must rfc7296/3.1/wrong-spi-dropped "no IKE_AUTH follows" {[llength [records inbound IKE_AUTH]] == 0}
}

rows header/unknown-exchange {
    title   "A message of unknown exchange type makes no SA"
    cites   {rfc7296/3.1/unknown-exchange-no-sa}
    device  responder
    needs   {psk}
    bent    {overlooks-faults}
    tags    {header}
    why     "What a new exchange means is not known; treating it as IKE_SA_INIT makes SAs nobody asked for."
    hint    "Is the exchange type looked at before the payloads are?"
} {exchange} {
    old       33
    unused    99
    private   240
    last      255
} {
    tx IKE_SA_INIT -edit { set clean [msg encode $m]; msg set $m HDR.exchange $exchange }
    settle
    foreach n [records inbound] {
        set answer [record $n msg]
        if {$answer eq ""} continue
        must rfc7296/3.1/unknown-exchange-no-sa "message $n makes no SA" {![msg has $answer SA]}
    }
    must rfc7296/3.1/unknown-exchange-no-sa "no SA was made" 1
}
