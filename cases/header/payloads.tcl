# payloads.tcl - RFC 7296 sections 2.5 and 3.2: unknown payloads, the critical flag, reserved fields, order, occurrence.

rows header/unknown-payload-skipped {
    title   "A payload of unknown type without the critical flag is skipped"
    cites   {rfc7296/2.5/unknown-noncritical}
    device  both
    needs   {psk}
    bent    {unknown-noncritical}
    tags    {header payload}
    why     "No extension of the protocol could ever be offered to this device."
    hint    "Step over it by its Next Payload and length."
} {type before octets} {
    one       1    Nonce  8
    below-sa  32   SA     8
    middle    100  KE     1
    private   200  SA     0
    last      255  Nonce  300
} {
    set add { msg add $m $type -before $before -body [string repeat \x00 $octets] }
    set sa [ike init -edit $add response { must rfc7296/2.5/unknown-noncritical has {SA KE Nonce} }]
    auth $sa rx { must rfc7296/2.5/unknown-noncritical has {AUTH} }
}

rows header/unknown-critical {
    title   "A message with an unknown payload that is critical is rejected"
    cites   {rfc7296/2.5/unknown-critical}
    device  both
    needs   {psk}
    bent    {unknown-critical}
    tags    {header payload critical}
    why     "The peer relies on something that the device ignores."
    hint    "Look at the critical flag of every payload before the message is used."
} {type before} {
    one       1    SA
    below-sa  32   KE
    private   200  Nonce
    last      255  SA
} {
    init-refused -edit { msg add $m $type -before $before -critical 1 -body abcd } -req rfc7296/2.5/unknown-critical
}

testcase header/unknown-critical-named {
    title   "UNSUPPORTED_CRITICAL_PAYLOAD names the type of the payload"
    cites   {rfc7296/2.5/critical-notify-names-type}
    device  responder
    needs   {psk}
    bent    {says-other-critical-type}
    tags    {header payload critical}
    why     "The peer cannot tell what to leave out."
    hint    "The data is one octet: the payload type."
} {
    set sa [tx IKE_SA_INIT -add {200 -critical 1 -body abcd}]
    settle
    set answers [records inbound IKE_SA_INIT response]
    # before authentication 2.21 leaves it to the responder whether to answer
    if {![llength $answers]} { note "the request was dropped without an answer" }
    foreach n $answers {
        set answer [record $n msg]
        must rfc7296/2.5/critical-notify-names-type "the answer has N(UNSUPPORTED_CRITICAL_PAYLOAD)" {[msg has $answer N(UNSUPPORTED_CRITICAL_PAYLOAD)]}
        must rfc7296/2.5/critical-notify-names-type "its data is c8" {[msg get $answer N(UNSUPPORTED_CRITICAL_PAYLOAD).data] in {0xc8 c8}}
    }
    must rfc7296/2.5/critical-notify-names-type "no answer names another type" 1
}

rows header/critical-on-known {
    title   "The critical flag on a payload that is understood makes no difference"
    cites   {rfc7296/3.2/critical-ignored-if-known}
    device  both
    needs   {psk}
    bent    {insists-on-critical-zero}
    tags    {header payload critical}
    why     "Peers that set the flag needlessly cannot connect."
    hint    "The flag is looked at only when the type is unknown."
} {payload} {
    sa      SA
    ke      KE
    nonce   Nonce
    notify  N(NAT_DETECTION_SOURCE_IP)
} {
    set sa [ike init -set [list $payload.critical 1] response { must rfc7296/3.2/critical-ignored-if-known has {SA KE Nonce} }]
    auth $sa rx { must rfc7296/3.2/critical-ignored-if-known has {AUTH} }
}

testcase header/critical-covers-type-only {
    title   "The critical flag of a notify says nothing about its unknown notify type"
    cites   {rfc7296/2.5/critical-covers-type-only}
    device  both
    needs   {psk}
    bent    {insists-on-critical-zero unknown-status-ignored}
    tags    {header payload critical}
    why     "Peers with extensions cannot connect."
    hint    "The payload type is known; the flag is then ignored."
} {
    set sa [ike init -add {N(40960) -critical 1 data str:abcd} response { must rfc7296/2.5/critical-covers-type-only has {SA KE Nonce} }]
    if {$role eq "initiator"} { rx $sa IKE_AUTH request -req rfc7296/2.5/critical-covers-type-only }
}

rows header/reserved-field {
    title   "Reserved fields of payloads are not looked at"
    cites   {$req}
    device  both
    needs   {psk}
    bent    {reserved-ignored insists-on-reserved}
    tags    {header reserved}
    why     "A later version of the protocol, or a careless peer, cannot connect."
    hint    "Does the parser insist on zero?"
} {path value req} {
    sa-header            SA.reserved           127     rfc7296/3.2/header-reserved-ignored
    ke-header            KE.reserved           1       rfc7296/3.2/header-reserved-ignored
    nonce-header         Nonce.reserved        64      rfc7296/3.2/header-reserved-ignored
    notify-header        N.reserved            127     rfc7296/3.2/header-reserved-ignored
    proposal             SA.1.reserved         255     rfc7296/3.3.1/proposal-reserved-ignored
    transform-first      SA.1.ENCR.reserved    255     rfc7296/3.3.2/transform-reserved-ignored
    transform-second     SA.1.PRF.reserved2    1       rfc7296/3.3.2/transform-reserved-ignored
    ke                   KE.reserved2          0x8001  rfc7296/3.4/ke-reserved-ignored
} {
    set sa [ike init -set [list $path $value] response { must $req has {SA KE Nonce} }]
    auth $sa rx { must $req has {AUTH} }
}

rows header/payload-order {
    title   "Payloads in another order make no difference"
    cites   {rfc7296/2.5/payload-order-tolerated}
    device  both
    needs   {psk}
    bent    {insists-on-order}
    tags    {header order}
    why     "Peers that order their payloads otherwise cannot connect."
    hint    "Find payloads by type, not by place."
} {moves} {
    nonce-first   {{Nonce before SA}}
    ke-first      {{KE before SA}}
    sa-last       {{SA after Nonce}}
    reversed      {{SA after Nonce} {KE after Nonce}}
    notify-first  {{N before SA}}
} {
    set sa [ike init -move $moves response { must rfc7296/2.5/payload-order-tolerated has {SA KE Nonce} }]
    auth $sa rx { must rfc7296/2.5/payload-order-tolerated has {AUTH} }
}

testcase header/duplicate-payload {
    title   "A message with two payloads where one belongs is not used"
    cites   {rfc7296/3.2/no-unexpected-duplicates}
    device  both
    needs   {psk}
    vary    {payload {SA KE Nonce}}
    bent    {overlooks-faults}
    tags    {header occurrence}
    why     "Two ends, or two checks of one device, may each look at another one of the two."
    hint    "Count payloads by type before the message is used."
} {
    init-refused -edit { set clean [msg encode $m]; msg double $m $payload } -req rfc7296/3.2/no-unexpected-duplicates
}

rows header/missing-payload {
    title   "A message that lacks a payload makes no SA"
    cites   {rfc7296/3.2/missing-payload-refused}
    device  both
    needs   {psk}
    bent    {overlooks-faults}
    tags    {header occurrence}
    why     "An SA without what the payload is for, or a crash."
    hint    "Check that SA, KE and Nonce are there before they are used."
} {payloads} {
    sa       {SA}
    ke       {KE}
    nonce    {Nonce}
    all      {SA KE Nonce}
} {
    init-refused -edit { set clean [msg encode $m]; foreach p $payloads { msg remove $m $p } } -req rfc7296/3.2/missing-payload-refused
}

rows header/after-last {
    title   "Octets after the last payload are not taken for payloads"
    cites   {rfc7296/3.2/nothing-after-last}
    device  responder
    needs   {psk}
    bent    {overlooks-faults}
    tags    {header malformed}
    why     "What the peer did not say counts as said."
    hint    "Next Payload 0 is the end. Ignoring the rest and refusing the message both do."
} {type} {
    critical-200  200
    critical-127  127
} {
    set sa [tx IKE_SA_INIT -edit {
        msg add $m $type -critical 1 -body "not a payload"
        set clean [msg encode $m]
        msg set $m [lindex [msg payloads $m] end-1].next 0
    }]
    settle
    foreach n [records inbound] {
        must rfc7296/3.2/nothing-after-last "message $n does not speak of a critical payload" {[record $n msg] eq "" || ![msg has [record $n msg] N(UNSUPPORTED_CRITICAL_PAYLOAD)]}
    }
    must rfc7296/3.2/nothing-after-last "nobody answered what was not said" {1}
}
