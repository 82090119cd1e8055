# key-id.tcl - RFC 4301 section 4.4.3.1: key ids are compared octet for octet.

rows id/key-id-exact {
    title   "A key id that is not quite that of the peer is another one"
    cites   {rfc4301/4.4.3.1/key-id-exact}
    device  both
    needs   {psk}
    setup   psk-id-key
    bent    {$bent}
    tags    {id}
    why     "One peer gets in under the name, and with the rights, of another."
    hint    "Octet for octet, and the length counts."
} {id bent} {
    longer      {KEY_ID tester-key2}                   key-id-exact
    terminated  {KEY_ID hex:7465737465722d6b657900}    key-id-exact
    shorter     {KEY_ID tester-ke}                     key-id-exact
    one-octet   {KEY_ID t}                             key-id-exact
    other-case  {KEY_ID Tester-key}                    peer-identity-checked
} {
    conn id_local $id
    set sa [ike init]
    auth $sa
    settle
    no-sa $sa
}
