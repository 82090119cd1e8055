# psk.tcl - RFC 7296 section 2.15: a pre-shared key proves identity, and only the right one does.

testcase auth/psk-mismatch-refused {
    title   "A peer that does not know the pre-shared key gets no SA"
    cites   {rfc7296/2.15/auth-verified}
    device  responder
    needs   {psk}
    setup   psk
    bent    {auth-verified}
    tags    {auth smoke}
    why     "Anyone could join the network."
    hint    "Is the identity mapped to 'any', or to a group without a secret?"
} {
    set sa [ike init]
    tx $sa IKE_AUTH -psk "not the secret"
    rx $sa IKE_AUTH response {
        must rfc7296/2.15/auth-verified lacks {AUTH}
        must rfc7296/2.15/auth-verified lacks {SA TSi TSr}
    }
    no-sa $sa
}

testcase auth/psk-mismatch-said {
    title   "A peer that does not know the pre-shared key is told so"
    cites   {rfc7296/2.21.2/authentication-failed}
    device  responder
    needs   {psk}
    setup   psk
    bent    {auth-notify-missing}
    tags    {auth}
    why     "Operators of the peer search in the wrong place."
    hint    "Some devices answer nothing on purpose; that hides the cause."
} {
    set sa [ike init]
    tx $sa IKE_AUTH -psk "not the secret"
    rx $sa IKE_AUTH response {
        should rfc7296/2.21.2/authentication-failed has {N(AUTHENTICATION_FAILED)}
    }
}

testcase auth/psk-mismatch-refused-as-initiator {
    title   "A device that initiates does not use an SA whose responder does not know the secret"
    cites   {rfc7296/2.15/auth-verified}
    device  initiator
    needs   {psk}
    setup   psk
    bent    {auth-verified}
    tags    {auth}
    why     "The device would send its traffic to anyone who answers."
    hint    "Is the responder's AUTH payload verified before the SA is installed?"
} {
    edit outbound IKE_AUTH response {
        msg set $m AUTH.data 0x[string repeat 5a 32]
    }
    set sa [ike await]
    rx $sa IKE_AUTH request
    settle
    no-sa $sa
}
