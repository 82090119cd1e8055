# failure.tcl - RFC 7296 sections 1.2 and 2.21.2: how a failed authentication is told, and what does not count as one.

rows auth/failure-answer {
    title   "The answer to a failed authentication is protected and is AUTHENTICATION_FAILED alone"
    cites   {rfc7296/2.21.2/auth-failure-protected rfc7296/2.21.2/auth-failure-alone rfc7296/2.21.2/authentication-failed}
    device  responder
    needs   {psk}
    bent    {auth-failure-with-idr auth-notify-missing}
    tags    {auth}
    why     "The answer tells strangers who the device is, or leaves operators in the dark."
} {edits} {
    wrong-secret  {-psk wrong}
    wrong-data    {-set {AUTH.data 0x00}}
    unknown-peer  {-set {IDi.data str:nobody.lab}}
} {
    set sa [ike init]
    eval [list tx $sa IKE_AUTH] $edits
    rx $sa IKE_AUTH response {
        must rfc7296/2.21.2/auth-failure-protected has {SK}
        should rfc7296/2.21.2/authentication-failed has {N(AUTHENTICATION_FAILED)}
        should rfc7296/2.21.2/auth-failure-alone lacks {IDr AUTH SA TSi TSr CERT CERTREQ CP}
    }
}

rows auth/child-failure-keeps-ike {
    title   "When only the Child SA of IKE_AUTH fails, the IKE SA comes up"
    cites   {rfc7296/1.2/child-failure-keeps-ike-sa $cite}
    device  responder
    needs   {psk}
    bent    {child-failure-keeps-ike-sa}
    tags    {auth child}
    why     "One wrong Child SA setting takes down the whole connection, in a loop."
    hint    "Are the notifies for the Child SA put beside IDr and AUTH?"
} {what notify cite} {
    no-proposal  {esp {{ENCR_AES_CBC-192 AUTH_HMAC_SHA1_96}}}   NO_PROPOSAL_CHOSEN rfc7296/2.7/no-proposal-chosen
    selectors    {ts_remote {198.51.100.0/28} ts_local {198.51.100.128/28}} TS_UNACCEPTABLE    rfc7296/2.9/ts-unacceptable
} {
    conn $what
    set sa [ike init]
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response {
        must rfc7296/1.2/child-failure-keeps-ike-sa has {IDr AUTH}
        must $cite has {N($notify)}
        must $cite lacks {SA TSi TSr}
    }
    alive-sa $sa -req rfc7296/1.2/child-failure-keeps-ike-sa
}

rows auth/child-error-in-response {
    title   "A device that initiates keeps the IKE SA when the response refuses only the Child SA"
    cites   {rfc7296/2.21.2/child-error-not-auth-failure}
    device  initiator
    needs   {psk}
    bent    {child-failure-keeps-ike-sa}
    tags    {auth child}
    why     "One wrong Child SA setting takes down the whole connection, in a loop."
    hint    "A device may delete such an IKE SA by a Delete; it does not treat it as never made."
} {notify} {
    no-proposal      NO_PROPOSAL_CHOSEN
    selectors        TS_UNACCEPTABLE
    single-pair      SINGLE_PAIR_REQUIRED
    no-more          NO_ADDITIONAL_SAS
    address-failure  INTERNAL_ADDRESS_FAILURE
    cp-required      FAILED_CP_REQUIRED
} {
    edit outbound IKE_AUTH response {
        foreach p {SA TSi TSr} { msg remove $m $p }
        msg add $m N($notify)
    }
    set sa [ike init]
    rx $sa IKE_AUTH request
    settle
    # either it lives, or the device has deleted it the regular way
    set deleted 0
    foreach n [records inbound INFORMATIONAL request] {
        set r [record $n msg]
        if {$r ne "" && [msg has $r D]} { set deleted 1 }
        if {$r ne "" && [msg has $r N(AUTHENTICATION_FAILED)]} {
            judge rfc7296/2.21.2/child-error-not-auth-failure 0 "no AUTHENTICATION_FAILED" [record $n chain]
        }
    }
    must rfc7296/2.21.2/child-error-not-auth-failure "the IKE SA lives, or was deleted by a Delete" {$deleted || [answers $sa]}
}

rows auth/fatal-notify-ends-sa {
    title   "A fatal notify in the INFORMATIONAL exchange right after IKE_AUTH ends the IKE SA without a Delete"
    cites   {rfc7296/2.21.2/fatal-in-auth}
    device  responder
    needs   {psk}
    bent    {fatal-in-auth}
    tags    {auth}
    why     "The device sends into an SA that its peer never accepted."
    hint    "An initiator that refuses the responder has no other way to say so."
} {notify data} {
    authentication-failed  AUTHENTICATION_FAILED          hex:
    invalid-syntax         INVALID_SYNTAX                 hex:
    unsupported-critical   UNSUPPORTED_CRITICAL_PAYLOAD   hex:c8
} {
    set sa [ike establish]
    set m [msg new INFORMATIONAL request]
    msg add $m N($notify) data $data
    tx $sa $m -count 1
    settle
    no-sa $sa
}

testcase auth/no-second-authentication {
    title   "Another IKE_AUTH request on an SA that is up does not authenticate anybody"
    cites   {rfc7296/2.21.2/one-authentication}
    device  responder
    needs   {psk}
    setup   psk
    bent    {child-made-all-the-same-later}
    tags    {auth}
    why     "Identity and rights of a live SA change under way."
} {
    set sa [ike establish]
    set m [msg new IKE_AUTH request]
    msg add $m IDi -body "\2\0\0\0t.lab"
    msg add $m AUTH method PSK data 0x[string repeat 5a 32]
    tx $sa $m -count 1
    rx-none $sa IKE_AUTH response -has {AUTH} -req rfc7296/2.21.2/one-authentication -for settle
}
