# request.tcl - RFC 7296 sections 1.2 and 2.21.2: IKE_AUTH requests that lack something, have too much, or cannot be read.

rows auth/payload-missing {
    title   "An IKE_AUTH request without a payload it needs makes no Child SA"
    cites   {rfc7296/1.2/auth-required-payloads}
    device  responder
    needs   {psk}
    bent    {child-made-all-the-same}
    tags    {auth}
    why     "A peer that leaves a payload out goes on where it should not."
    hint    "Are the payloads counted before any of them is used?"
} {which} {
    identity      {IDi}
    auth          {AUTH}
    identity-auth {IDi AUTH}
} {
    set sa [ike init]
    tx $sa IKE_AUTH -remove $which
    rx-none $sa IKE_AUTH response -has {SA} -req rfc7296/1.2/auth-required-payloads -for settle
    no-sa $sa
}

rows auth/child-payload-missing {
    title   "An IKE_AUTH request with only a part of SA, TSi and TSr makes no Child SA"
    cites   {rfc7296/1.2/auth-required-payloads}
    device  responder
    needs   {psk}
    bent    {child-made-all-the-same}
    tags    {auth}
    why     "An SA with selectors that nobody agreed to."
    hint    "Are the payloads counted before any of them is used?"
} {which} {
    selectors-initiator {TSi}
    selectors-responder {TSr}
    selectors           {TSi TSr}
    sa                  {SA}
} {
    set sa [ike init]
    tx $sa IKE_AUTH -remove $which
    rx $sa IKE_AUTH response { must rfc7296/1.2/auth-required-payloads true {![msg has $rx SA] || ![msg has $rx TSi] || ![msg has $rx TSr]} }
}

rows auth/payload-twice {
    title   "A payload that comes twice in IKE_AUTH gives no SA"
    cites   {rfc7296/3.2/no-unexpected-duplicates}
    device  both
    needs   {psk}
    bent    {auth-required-payloads}
    tags    {auth}
    why     "One part of the device looks at the first, another at the second."
    hint    "Are the payloads counted before any of them is used?"
} {payload} {
    auth      AUTH
    identity  $id_tester
} {
    set sa [ike init]
    auth $sa -edit { msg double $m [subst $payload] }
    settle
    no-sa $sa
}

testcase auth/second-auth-wrong {
    title   "A second AUTH payload that is wrong is not passed over"
    cites   {rfc7296/3.2/no-unexpected-duplicates}
    device  both
    needs   {psk}
    bent    {auth-required-payloads}
    tags    {auth}
    why     "One part of the device looks at the first, another at the second."
} {
    set sa [ike init]
    auth $sa -edit {
        msg add $m AUTH -before SA method PSK data 0x[string repeat 11 32]
    }
    settle
    no-sa $sa
}

testcase auth/unknown-critical-refused {
    title   "An unknown payload marked critical in IKE_AUTH ends it, and the notify names the type"
    cites   {rfc7296/2.5/unknown-critical rfc7296/2.5/critical-notify-names-type rfc7296/2.21.2/auth-malformed-rejected-whole
             rfc7296/2.21.2/fatal-in-auth}
    device  responder
    needs   {psk}
    setup   psk
    bent    {unknown-critical auth-critical-type-not-named}
    tags    {auth critical}
    why     "The peer believes that something was understood that was not."
    hint    "Is the critical bit looked at inside the Encrypted payload too?"
} {
    set sa [ike init]
    tx $sa IKE_AUTH -add {{200 -critical 1}}
    rx $sa IKE_AUTH response {
        must rfc7296/2.5/unknown-critical has {N(UNSUPPORTED_CRITICAL_PAYLOAD)}
        must rfc7296/2.5/critical-notify-names-type has {N(UNSUPPORTED_CRITICAL_PAYLOAD)=c8}
        must rfc7296/2.21.2/auth-malformed-rejected-whole lacks {AUTH SA TSi TSr}
    }
    no-sa $sa -req rfc7296/2.21.2/fatal-in-auth
}

testcase auth/unknown-critical-in-response {
    title   "A device that initiates does not go on when the response holds an unknown critical payload"
    cites   {rfc7296/2.5/unknown-critical}
    device  initiator
    needs   {psk}
    setup   psk
    bent    {unknown-critical}
    tags    {auth critical}
    why     "The peer believes that something was understood that was not."
} {
    edit outbound IKE_AUTH response { msg add $m 200 -critical 1 }
    set sa [ike init]
    rx $sa IKE_AUTH request
    settle
    no-sa $sa
}

testcase auth/unknown-noncritical-skipped {
    title   "An unknown payload that is not critical is passed over in IKE_AUTH"
    cites   {rfc7296/2.5/unknown-noncritical}
    device  both
    needs   {psk}
    setup   psk
    bent    {unknown-noncritical}
    tags    {auth critical}
    why     "A peer with an extension cannot connect."
} {
    set sa [ike init]
    auth $sa -edit {
        msg add $m 201 -body "what this says is nobody's business"
    } response -req rfc7296/2.5/unknown-noncritical
    alive-sa $sa
}

rows auth/malformed-refused {
    title   "An IKE_AUTH request that cannot be read is refused by INVALID_SYNTAX and nothing else"
    cites   {rfc7296/2.21.2/auth-malformed-one-notify rfc7296/2.21.2/auth-malformed-rejected-whole}
    device  responder
    needs   {psk}
    bent    {invalid-syntax-answered invalid-syntax-with-idr invalid-syntax-other-notify}
    tags    {auth}
    why     "The peer waits, or half of a broken message is used."
    hint    "Is the whole chain checked before the first payload is used?"
} {path value} {
    sa-too-long       SA.length                   2000
    tsr-too-long      TSr.length                  1000
    id-below-header   IDi.length                  3
    proposal-too-long {SA.proposal[0].length}     500
    transform-short   {SA.proposal[0].transform[0].length} 4
} {
    set sa [ike init]
    tx $sa IKE_AUTH -set [list $path $value]
    rx $sa IKE_AUTH response {
        must rfc7296/2.21.2/auth-malformed-one-notify has {N(INVALID_SYNTAX)}
        must rfc7296/2.21.2/auth-malformed-one-notify lacks {IDr AUTH SA TSi TSr}
    }
    no-sa $sa -req rfc7296/2.21.2/auth-malformed-rejected-whole
}

testcase auth/undecryptable-ignored {
    title   "An IKE_AUTH request with a wrong checksum does not keep the genuine one from its SA"
    cites   {rfc7296/2.21.2/undecryptable-auth-ignored}
    device  responder
    needs   {psk}
    setup   psk
    bent    {integrity-checked}
    tags    {auth}
    why     "Anyone who sees IKE_SA_INIT can stop every connection with one packet."
    hint    "Is the half-open SA dropped, or the message id used up, before the checksum is verified?"
} {
    set sa [ike init]
    drop outbound IKE_AUTH request -count 1
    tx $sa IKE_AUTH                                        ;# lost; the tester will repeat it
    set octets [record $tx_n bytes]
    raw [string replace $octets 80 80 [binary format c [expr {[scan [string index $octets 80] %c] ^ 0x55}]]]
    rx $sa IKE_AUTH response -within 4000 {
        must rfc7296/2.21.2/undecryptable-auth-ignored has {AUTH SA TSi TSr}
    }
}
