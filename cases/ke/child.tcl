# child.tcl - RFC 7296 section 1.3: groups and public values in CREATE_CHILD_SA.

rows ke/child-wrong-group {
    title   "A KE of another group in CREATE_CHILD_SA is answered by INVALID_KE_PAYLOAD, and the IKE SA stays"
    cites   {rfc7296/1.3/child-wrong-group-rejected rfc7296/1.3/invalid-ke-two-octets}
    device  responder
    needs   {psk pfs}
    setup   $setup
    bent    {refuses-other-group-otherwise names-group-in-one-octet}
    tags    {ke invalid-ke child}
    why     "Rekeying fails with peers whose first guess is another group."
    hint    "The data is the number of the group in two octets; the old SA is kept."
} {setup change act} {
    new-child     psk-pfs  {esp {{ENCR_AES_GCM_16-256 CURVE25519 ECP_256}}}  {-new}
    rekey-child   psk-pfs  {esp {{ENCR_AES_GCM_16-256 CURVE25519 ECP_256}}}  {-rekey child}
    rekey-ike     psk      {ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256 CURVE25519}}}  {-rekey ike -group CURVE25519}
} {
    conn $change
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA {*}$act
    rx $sa CREATE_CHILD_SA response {
        must rfc7296/1.3/child-wrong-group-rejected has {N(INVALID_KE_PAYLOAD)}
        must rfc7296/1.3/child-wrong-group-rejected lacks {SA}
        must rfc7296/1.3/invalid-ke-two-octets has {N(INVALID_KE_PAYLOAD)=0013}
    }
    alive-sa $sa -req rfc7296/1.3/child-wrong-group-rejected
}

rows ke/child-followed {
    title   "After INVALID_KE_PAYLOAD in CREATE_CHILD_SA the device asks again with that group"
    cites   {rfc7296/1.3/retry-child-with-group}
    device  initiator
    needs   {psk pfs rekey-on-demand}
    setup   $setup
    bent    {ignores-group-in-child}
    tags    {ke invalid-ke child}
    why     "Rekeying fails with peers that prefer another group, and traffic ends with the old SA."
    hint    "INVALID_KE_PAYLOAD is no failure: repeat the request with the group named."
} {setup verb} {
    rekey-child  {psk esp {{ENCR_AES_GCM_16-256 ECP_256 CURVE25519}}}  rekey-child
    rekey-ike    psk-groups                                              rekey-ike
} {
    set answers 0
    edit outbound CREATE_CHILD_SA response {
        if {[incr answers] == 1} {
            foreach p [msg payloads $m] { if {$p ne "SK"} { msg remove $m $p } }
            msg add $m N(INVALID_KE_PAYLOAD) data 0x001f
        }
    }
    set sa [ike establish]
    dut $verb $sa
    rx $sa CREATE_CHILD_SA request
    precondition {[msg has $rx KE]} "the request has no KE"
    rx $sa CREATE_CHILD_SA request {
        should rfc7296/1.3/retry-child-with-group field KE.group == CURVE25519
    }
}

rows ke/child-public-value {
    title   "A public value in CREATE_CHILD_SA that is no point of its curve makes no SA; INVALID_SYNTAX for it ends the IKE SA"
    cites   {rfc6989/2.5/failed-create-child-notified rfc6989/2.5/failed-create-child-ends-ike}
    device  responder
    needs   {psk pfs}
    setup   $setup
    bent    {public-value-checked bad-value-survived}
    tags    {ke security child}
    why     "The device's secret exponent can be found out, or the new keys are known, in as many attempts as it takes."
    hint    "The test is the same as in IKE_SA_INIT. INVALID_SYNTAX is fatal, as in RFC 7296 section 2.21.3."
    was     {$was}
    rev     2
} {setup act was} {
    new-child    psk-pfs  {-new}          ke/failed-child-ends-ike/new-child
    rekey-child  psk-pfs  {-rekey child}  ke/failed-child-ends-ike/rekey-child
    rekey-ike    psk      {-rekey ike}    ke/failed-child-ends-ike/rekey-ike
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA {*}$act -set [list KE.data 0x[string repeat 00 31]01[string repeat 00 31]01]
    rx $sa CREATE_CHILD_SA response { must rfc6989/2.5/failed-create-child-notified lacks {SA} }
    # a refusal of another kind keeps the SA: taken leniently, as the requirement's reading says
    if {[msg has $rx N(INVALID_SYNTAX)]} {
        settle
        no-sa $sa -req rfc6989/2.5/failed-create-child-ends-ike
    } else {
        note "the value is refused by another error than INVALID_SYNTAX"
        must rfc6989/2.5/failed-create-child-ends-ike "only INVALID_SYNTAX is fatal" {1}
    }
}
