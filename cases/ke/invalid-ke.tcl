# invalid-ke.tcl - RFC 7296 sections 1.2, 2.6 and 3.4: another group than the one guessed, in IKE_SA_INIT.

rows ke/wrong-group {
    title   "A KE of a group other than the one chosen is answered by INVALID_KE_PAYLOAD with the group"
    cites   {rfc7296/1.2/wrong-group-answered rfc7296/1.3/invalid-ke-two-octets rfc7296/1.2/named-group-was-offered}
    device  responder
    needs   {psk}
    bent    {wrong-group-answered names-group-in-one-octet names-group-not-offered}
    tags    {ke invalid-ke smoke}
    why     "Peers whose first guess is another group cannot connect."
    hint    "The data is the number of the group in two octets."
} {group} {
    curve25519  CURVE25519
    modp-2048   MODP_2048
    ecp-384     ECP_384
} {
    conn ike [list [list ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 $group ECP_256]]
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response {
        must rfc7296/1.2/wrong-group-answered has {N(INVALID_KE_PAYLOAD)}
        must rfc7296/1.2/wrong-group-answered lacks {SA}
        must rfc7296/1.3/invalid-ke-two-octets true {[string length [msg get $rx N(INVALID_KE_PAYLOAD).data]] == 6}
        must rfc7296/1.2/named-group-was-offered has {N(INVALID_KE_PAYLOAD)=0013}
    }
}

testcase ke/refusal-spi-zero {
    title   "INVALID_KE_PAYLOAD comes with responder SPI zero"
    cites   {rfc7296/2.6/responder-spi-zero-on-refusal}
    device  responder
    needs   {psk}
    bent    {sends-spi-on-refusal}
    tags    {ke invalid-ke}
    why     "The initiator may take it for an SA."
    hint    "No SA was made, so it has no SPI."
} {
    conn ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 CURVE25519 ECP_256}}
    tx IKE_SA_INIT
    settle 300
    set found [records inbound IKE_SA_INIT response -has {N(INVALID_KE_PAYLOAD)}]
    precondition {[llength $found]} "no INVALID_KE_PAYLOAD came"
    should rfc7296/2.6/responder-spi-zero-on-refusal "the responder's SPI is zero" {[msg get [record [lindex $found 0] msg] HDR.spi_r] == 0}
}

testcase ke/retry-accepted {
    title   "The request with the group that was named leads to an SA"
    cites   {rfc7296/1.2/wrong-group-answered rfc7296/2.15/auth-last-init}
    device  responder
    needs   {psk}
    bent    {wants-other-group}
    tags    {ke invalid-ke}
    why     "Peers whose first guess is another group cannot connect."
    hint    "The second request is another message, with the same SPI; AUTH covers it."
} {
    conn ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 CURVE25519 ECP_256}}
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response { must rfc7296/1.2/wrong-group-answered has {SA KE Nonce} }
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response { must rfc7296/2.15/auth-last-init has {AUTH} }
}

testcase ke/group-not-in-proposal {
    title   "A KE of a group that is in no proposal is answered by INVALID_KE_PAYLOAD"
    cites   {rfc7296/3.4/other-group-rejected}
    device  responder
    needs   {psk}
    bent    {wrong-group-answered overlooks-faults}
    tags    {ke invalid-ke}
    why     "The SA gets keys of another group than the one agreed."
    hint    "Compare KE with the proposal chosen, not with what the device knows."
} {
    set sa [tx IKE_SA_INIT -edit {
        set clean [msg encode $m]
        msg set $m KE.group MODP_2048 KE.data 0x[string repeat 4d 256]
    }]
    rx $sa IKE_SA_INIT response {
        must rfc7296/3.4/other-group-rejected has {N(INVALID_KE_PAYLOAD)}
        must rfc7296/3.4/other-group-rejected lacks {SA}
    }
}

testcase ke/followed {
    title   "INVALID_KE_PAYLOAD leads to the request being sent again with that group"
    cites   {rfc7296/1.2/retry-with-named-group rfc7296/3.3.6/retry-in-named-group}
    device  initiator
    needs   {psk}
    setup   psk-groups
    bent    {retry-with-named-group retry-with-short-value}
    tags    {ke invalid-ke smoke}
    why     "The device cannot connect to peers that prefer another group."
    hint    "INVALID_KE_PAYLOAD is no error: repeat the request with the group named."
} {
    refuse {N(INVALID_KE_PAYLOAD) data 0x001f}
    dut initiate
    rx IKE_SA_INIT request
    rx IKE_SA_INIT request {
        must rfc7296/1.2/retry-with-named-group field KE.group == CURVE25519
        should rfc7296/3.3.6/retry-in-named-group true {[string length [msg get $rx KE.data]] == 2 + 2 * 32}
    }
    rx IKE_AUTH request { must rfc7296/1.2/retry-with-named-group has {AUTH} }
}

testcase ke/retry-full-proposal {
    title   "The repeated request offers the same suites as the first"
    cites   {rfc7296/1.2/retry-full-proposal rfc7296/3.3.6/groups-still-offered}
    device  initiator
    needs   {psk}
    setup   psk-groups
    bent    {offers-less-in-retry}
    tags    {ke invalid-ke security}
    why     "Whoever forges INVALID_KE_PAYLOAD can make the two ends use a weaker group."
    hint    "Repeat the whole SA payload; its order may change."
} {
    refuse {N(INVALID_KE_PAYLOAD) data 0x001f}
    # transforms of all proposals, whatever their order
    proc suites {message} {
        set all {}
        for {set p 1} {[msg exists $message SA.$p]} {incr p} {
            lappend all [lsort [msg transforms $message $p]]
        }
        return [lsort $all]
    }
    dut initiate
    rx IKE_SA_INIT request
    set first [suites $rx]
    set groups [lsearch -all -inline -index 0 [concat {*}$first] KE]
    rx IKE_SA_INIT request
    should rfc7296/3.3.6/groups-still-offered "the groups are the same: $groups" {[lsearch -all -inline -index 0 [concat {*}[suites $rx]] KE] eq $groups}
    must rfc7296/1.2/retry-full-proposal "the suites are the same: $first" {[suites $rx] eq $first}
}

rows ke/unoffered-group {
    title   "INVALID_KE_PAYLOAD with a group that was not offered is not followed"
    cites   {rfc7296/1.2/unoffered-group-not-followed}
    device  initiator
    needs   {psk}
    bent    {named-group-was-offered}
    tags    {ke invalid-ke security}
    why     "Whoever forges INVALID_KE_PAYLOAD chooses a group that the device's owner did not allow."
    hint    "Only groups of one's own proposal may be used."
} {group number} {
    modp-2048   MODP_2048   0x000e
    modp-1024   MODP_1024   0x0002
    curve25519  CURVE25519  0x001f
} {
    edit outbound IKE_SA_INIT response {
        foreach p [msg payloads $m] { msg remove $m $p }
        msg set $m HDR.spi_r 0
        msg add $m N(INVALID_KE_PAYLOAD) data $number
    }
    dut initiate
    rx IKE_SA_INIT request
    settle
    foreach n [records inbound IKE_SA_INIT request] {
        should rfc7296/1.2/unoffered-group-not-followed "message $n has no KE of $group" {[msg get [record $n msg] KE.group] ne $group}
    }
}

rows ke/named-group-unreadable {
    title   "INVALID_KE_PAYLOAD that does not name a group in two octets is not followed, and the attempt goes on"
    cites   {rfc7296/1.2/unoffered-group-not-followed}
    device  initiator
    needs   {psk}
    bent    {reads-group-of-any-length}
    tags    {ke invalid-ke malformed}
    why     "What stands behind a short message in memory chooses the group."
    hint    "The data has two octets. Anything else names no group: wait for another answer, or give up."
} {data} {
    empty         0x
    one-octet     0x02
    three-octets  0x000200
    four-octets   0x00000002
    long          0x0002[string repeat 00 30]
} {
    refuse [list N(INVALID_KE_PAYLOAD) data [subst $data]]
    dut initiate
    rx IKE_SA_INIT request
    set groups [lmap t [lsearch -all -inline -index 0 [msg transforms $rx] KE] { lindex $t 1 }]
    settle
    foreach n [records inbound IKE_SA_INIT request] {
        set group [msg get [record $n msg] KE.group]
        should rfc7296/1.2/unoffered-group-not-followed "the group of message $n, $group, is one that was offered: $groups" {$group in $groups}
    }
}

testcase ke/same-group-again {
    title   "INVALID_KE_PAYLOAD with the group just used does not keep the device busy for ever"
    cites   {rfc7296/1.2/unoffered-group-not-followed}
    device  initiator
    needs   {psk}
    bent    {unoffered-group-not-followed}
    tags    {ke invalid-ke dos}
    why     "Anybody who can answer makes the device send as fast as the network carries."
    hint    "The group was already tried: there is nothing to follow."
} {
    edit outbound IKE_SA_INIT response {
        foreach p [msg payloads $m] { msg remove $m $p }
        msg set $m HDR.spi_r 0
        msg add $m N(INVALID_KE_PAYLOAD) data 0x0013
    }
    dut initiate
    rx IKE_SA_INIT request
    settle
    set requests [llength [records inbound IKE_SA_INIT request]]
    should rfc7296/1.2/unoffered-group-not-followed "not more than 20 requests came (it was $requests)" {$requests <= 20}
}

rows ke/group-sent {
    title   "The device's KE is of a group that its SA payload names"
    cites   {$req}
    device  $device
    needs   {psk}
    setup   psk-groups
    bent    {$bent}
    tags    {ke}
    why     "The peer refuses the request, or the two ends compute different keys."
    hint    "As initiator the first group of the first proposal, as responder the one chosen."
} {device req bent check word} {
    offered  initiator  rfc7296/3.4/ke-group-in-proposal  sends-other-group   {[msg get $rx KE.group] in $groups}            must
    first    initiator  rfc7296/3.4/ke-group-first        sends-second-group  {[msg get $rx KE.group] eq [lindex $groups 0]}  should
    chosen   responder  rfc7296/3.4/ke-group-in-proposal  sends-other-group   {[msg get $rx KE.group] in $groups}            must
} {
    if {$role eq "responder"} { tx IKE_SA_INIT } else { dut initiate }
    rx IKE_SA_INIT
    precondition {[msg has $rx SA] && [msg has $rx KE]} "there is no SA or no KE"
    set groups [lmap t [lsearch -all -inline -index 0 [msg transforms $rx] KE] { lindex $t 1 }]
    $word $req "the group of KE, [msg get $rx KE.group], fits the groups $groups" $check
}
