# sent.tcl - RFC 7296 sections 2.5, 3.1 to 3.3: the header and the generic fields of what a device sends.

rows header/sent {
    title   "What the device sends keeps the rules of header and generic fields"
    cites   {$req}
    device  both
    needs   {psk}
    bent    {sends-$bend}
    tags    {header reserved}
    why     "Strict peers drop the message, or refuse it."
    hint    "Is the memory of the message cleared before it is filled?"
} {bend req paths wanted} {
    minor-version       minor-version       rfc7296/3.1/minor-version-zero         {HDR.minor}            0
    version-flag        version-flag        rfc7296/3.1/version-flag-clear         {HDR.flags.V}          0
    flag-bits           flag-bits           rfc7296/3.1/flag-bits-zero             {HDR.flags.X1 HDR.flags.X2} 0
    critical            critical            rfc7296/3.2/critical-zero-for-defined  {*.critical}           0
    payload-reserved    payload-reserved    rfc7296/3.2/header-reserved-zero       {SA.reserved KE.reserved Nonce.reserved IDi.reserved IDr.reserved AUTH.reserved TSi.reserved TSr.reserved N*.reserved V.reserved} 0
    proposal-reserved   proposal-reserved   rfc7296/3.3.1/proposal-reserved-zero   {SA.proposal?0?.reserved SA.proposal?1?.reserved} 0
    transform-reserved  transform-reserved  rfc7296/3.3.2/transform-reserved-zero  {SA.proposal*transform*.reserved SA.proposal*transform*.reserved2} 0
    ke-reserved         ke-reserved         rfc7296/2.5/reserved-zero              {KE.reserved2}         0
} {
    set sa [ike establish]
    set looked 0
    foreach n [records inbound] {
        set sent [record $n msg]
        if {$sent eq ""} continue
        foreach p [msg paths $sent] {
            lassign $p path value
            foreach pattern $paths {
                if {![string match $pattern $path]} continue
                incr looked
                if {$value != $wanted} { must $req "message $n: $path is $wanted" {$value == $wanted} }
            }
        }
    }
    must $req "all fields looked at are $wanted" {$looked > 0}
}

rows header/request {
    title   "The first request of the device has a header that fits"
    cites   {$req}
    device  initiator
    needs   {psk}
    bent    {$bent}
    tags    {header}
    why     "The responder drops the request."
    hint    "The first request of an SA: own SPI, no other, message id 0, flags I and not R."
} {path op value req bent} {
    spi             HDR.spi_i    !=  0  rfc7296/3.1/initiator-spi-nonzero      sends-spi-zero
    responder-spi   HDR.spi_r    ==  0  rfc7296/3.1/responder-spi-zero-first   sends-responder-spi
    message-id      HDR.mid      ==  0  rfc7296/2.2/init-id-zero               sends-other-id
    initiator-flag  HDR.flags.I  ==  1  rfc7296/3.1/initiator-flag-set         sends-wrong-initiator-flag
    response-flag   HDR.flags.R  ==  0  rfc7296/3.1/response-flag-request      sends-wrong-response-flag
} {
    dut initiate
    rx IKE_SA_INIT { must $req field $path $op $value }
}

rows header/response {
    title   "The first response of the device has a header that fits"
    cites   {$req}
    device  responder
    needs   {psk}
    bent    {$bent}
    tags    {header}
    why     "The initiator drops the response."
    hint    "The first response of an SA: both SPIs, the message id of the request, flags R and not I."
} {path op value req bent} {
    spi             HDR.spi_r    !=  0  rfc7296/2.6/responder-spi-nonzero-on-success  sends-spi-zero
    message-id      HDR.mid      ==  0  rfc7296/2.2/response-copies-id                sends-other-id
    initiator-flag  HDR.flags.I  ==  0  rfc7296/3.1/initiator-flag-clear              sends-wrong-initiator-flag
    response-flag   HDR.flags.R  ==  1  rfc7296/3.1/response-flag-response            sends-wrong-response-flag
} {
    set sa [tx IKE_SA_INIT]
    rx IKE_SA_INIT -mid "" { must $req field $path $op $value }
}

testcase header/payload-order-sent {
    title   "IKE_SA_INIT has its payloads in the order of the RFC"
    cites   {rfc7296/2.5/payload-order-sent}
    device  both
    needs   {psk}
    bent    {sends-nonce-first}
    tags    {header order}
    why     "Some peers insist on the order, wrongly."
    hint    "SA, KE, Nonce; other payloads may stand between them."
} {
    if {$role eq "responder"} { tx IKE_SA_INIT } else { dut initiate }
    rx IKE_SA_INIT
    set order [lmap p [msg payloads $rx] { if {$p ni {SA KE Nonce}} continue; set p }]
    should rfc7296/2.5/payload-order-sent "the order is SA KE Nonce (it is $order)" {$order eq {SA KE Nonce}}
}
