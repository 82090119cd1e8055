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
    set sa [ike init]
    auth $sa -edit { msg set $m $id_tester.reserved2 $value } response { must rfc7296/2.15/auth-id-reserved has {AUTH} }
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
    set sa [ike init]
    auth $sa rx {
        must rfc7296/1.2/auth-required-payloads has {$id_device}
        must rfc7296/3.5/id-reserved-zero field $id_device.reserved2 == 0
        must rfc7296/3.5/fqdn-no-terminator field $id_device.data == 0x642e6c6162
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
    set sa [ike init]
    auth $sa rx {
        must rfc7296/3.5/email-no-terminator field $id_device.data == 0x64406c61622e6578616d706c65
    }
}
