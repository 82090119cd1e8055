# reserved.tcl - RFC 7296 section 2.5: reserved bits are sent as zero and not looked at.

rows header/reserved-ignored {
    title   "Reserved bits in IKE_SA_INIT are not looked at"
    cites   {rfc7296/2.5/reserved-ignored}
    device  responder
    needs   {psk}
    bent    {reserved-ignored}
    tags    {header smoke}
    why     "A later version of the protocol, or a careless peer, cannot connect."
    hint    "Does the parser insist on zero?"
} {path value} {
    ke             KE.reserved2   0xffff
    ke-generic     KE.reserved    0x7f
} {
    set sa [tx IKE_SA_INIT -set [list $path $value]]
    rx IKE_SA_INIT response {
        must rfc7296/2.5/reserved-ignored has {SA KE Nonce}
    }
}

testcase header/reserved-zero-sent {
    title   "Reserved header flags are zero in what the device sends"
    cites   {rfc7296/2.5/reserved-zero}
    device  both
    needs   {psk}
    bent    {reserved-bits-sent}
    tags    {header}
    why     "Strict peers drop the message."
    hint    "Is the header cleared before it is filled?"
} {
    set sa [ike establish]
    foreach n [records inbound] {
        set m [record $n msg]
        if {$m eq ""} continue
        must rfc7296/2.5/reserved-zero "message $n has no reserved flag set" {[msg get $m HDR.flags.X2] == 0}
    }
}
