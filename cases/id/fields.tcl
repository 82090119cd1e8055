# fields.tcl - RFC 7296 sections 2.15 and 3.5: reserved octets and form of the ID payloads.

rows id/reserved-ignored {
    title   "Reserved octets of the ID payload are not looked at, but AUTH covers them as they came"
    cites   {rfc7296/3.5/id-reserved-ignored rfc7296/2.15/auth-id-reserved}
    device  both
    needs   {psk}
    bent    {reserved-ignored}
    tags    {id}
    why     "A peer of a later version of the protocol cannot connect."
    hint    "Is the PRF taken over the payload as received, without its generic header?"
} {value} {
    one 0x000001
    all 0xffffff
} {
    set id [expr {$role eq "responder" ? "IDi" : "IDr"}]
    edit outbound IKE_AUTH [expr {$role eq "responder" ? "request" : "response"}] { msg set $m $id.reserved2 $value }
    set sa [ike init]
    if {$role eq "responder"} {
        tx $sa IKE_AUTH
        rx $sa IKE_AUTH response { must rfc7296/2.15/auth-id-reserved has {AUTH} }
    } else {
        rx $sa IKE_AUTH request
    }
    alive-sa $sa -req rfc7296/3.5/id-reserved-ignored
}

testcase id/own-form {
    title   "The identity that the device sends is well formed"
    cites   {rfc7296/1.2/auth-required-payloads rfc7296/3.5/id-reserved-zero rfc7296/3.5/fqdn-no-terminator}
    device  both
    needs   {psk}
    setup   psk
    bent    {auth-without-id id-reserved-sent id-terminated}
    tags    {id smoke}
    why     "Strict peers refuse it, or take it for another name."
} {
    set id [expr {$role eq "responder" ? "IDr" : "IDi"}]
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH }
    rx $sa IKE_AUTH [expr {$role eq "responder" ? "response" : "request"}] {
        must rfc7296/1.2/auth-required-payloads has {$id}
        must rfc7296/3.5/id-reserved-zero field $id.reserved2 == 0
        must rfc7296/3.5/fqdn-no-terminator field $id.data == 0x642e6c6162
    }
}

testcase id/own-mail-form {
    title   "The mail address that the device sends has nothing behind it"
    cites   {rfc7296/3.5/email-no-terminator}
    device  both
    needs   {psk}
    setup   psk-id-email
    bent    {id-terminated}
    tags    {id}
    why     "Strict peers refuse it, or take it for another name."
} {
    set id [expr {$role eq "responder" ? "IDr" : "IDi"}]
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH }
    rx $sa IKE_AUTH [expr {$role eq "responder" ? "response" : "request"}] {
        must rfc7296/3.5/email-no-terminator field $id.data == 0x64406c61622e6578616d706c65
    }
}
