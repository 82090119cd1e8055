# contact.tcl - RFC 7619 section 2.3: INITIAL_CONTACT of somebody who has proven nothing.

testcase null-auth/initial-contact {
    title   "INITIAL_CONTACT of an end without proof ends no other IKE SA"
    cites   {rfc7619/2.3/contact-not-by-identity}
    device  responder
    needs   {null-auth}
    setup   null-auth
    bent    {contact-not-by-identity}
    tags    {null-auth contact}
    why     "Anybody can cut the connections of everybody else."
    hint    "All peers that say ID_NULL have the same identity, which is none."
} {
    set old [ike establish]
    set sa [ike init]
    tx $sa IKE_AUTH -edit { if {![msg has $m N(INITIAL_CONTACT)]} { msg add $m N(INITIAL_CONTACT) } }
    rx $sa IKE_AUTH response -has {AUTH}
    settle
    alive-sa $old
}
