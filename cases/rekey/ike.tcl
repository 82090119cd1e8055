# ike.tcl - RFC 7296 sections 1.3.2, 2.8 and 2.18: the IKE SA is replaced, by either end.

testcase rekey/ike-answered {
    title   "A rekey of the IKE SA is answered by SA with a new SPI, nonce and KE, and no selectors"
    cites   {rfc7296/1.3/create-child-contents rfc7296/2.18/ike-rekey-new-dh rfc7296/1.3.2/ike-rekey-new-spi rfc7296/1.3.2/ike-rekey-no-ts}
    device  both
    needs   {psk}
    bent    {child-refused ke-left-out ike-rekey-spi-zero ike-rekey-spi-kept ike-rekey-with-selectors}
    rev     2
    tags    {rekey}
    why     "The IKE SA ends with its lifetime, and all tunnels with it."
    hint    "An IKE rekey is a CREATE_CHILD_SA with protocol IKE, eight-octet SPIs and a key exchange of its own."
} {
    set sa [ike establish]
    set own 0x[sa $sa [dict get {responder spi_r initiator spi_i} $role]]      ;# of the device
    tx $sa CREATE_CHILD_SA -rekey ike
    rx $sa CREATE_CHILD_SA response {
        must rfc7296/1.3/create-child-contents has {SA Nonce}
        must rfc7296/2.18/ike-rekey-new-dh has {KE}
        must rfc7296/1.3.2/ike-rekey-no-ts lacks {TSi TSr}
        must rfc7296/1.3.2/ike-rekey-new-spi field SA.1.spi match 0x????????????????
        must rfc7296/1.3.2/ike-rekey-new-spi field SA.1.spi != 0x0000000000000000
        must rfc7296/1.3.2/ike-rekey-new-spi field SA.1.spi != $own
    }
}

testcase rekey/ike-request {
    title   "The device's rekey of the IKE SA has SA with a new SPI, nonce and KE, and no selectors"
    cites   {rfc7296/1.3/create-child-contents rfc7296/1.3.2/ike-rekey-ke-included rfc7296/1.3.2/ike-rekey-new-spi rfc7296/1.3.2/ike-rekey-no-ts}
    device  both
    needs   {psk rekey-on-demand}
    bent    {child-payload-missing ke-left-out ike-rekey-spi-zero ike-rekey-spi-kept ike-rekey-with-selectors}
    rev     2
    tags    {rekey}
    why     "The peer cannot take the request, and the IKE SA ends with its lifetime."
    hint    "An IKE rekey is a CREATE_CHILD_SA with protocol IKE, an eight-octet SPI and a key exchange of its own."
} {
    set sa [ike establish]
    set own 0x[sa $sa [dict get {responder spi_r initiator spi_i} $role]]
    dut rekey-ike $sa
    rx $sa CREATE_CHILD_SA request {
        must rfc7296/1.3/create-child-contents has {SA Nonce}
        must rfc7296/1.3.2/ike-rekey-ke-included has {KE}
        must rfc7296/1.3.2/ike-rekey-no-ts lacks {TSi TSr}
        must rfc7296/1.3.2/ike-rekey-new-spi field SA.1.spi match 0x????????????????
        must rfc7296/1.3.2/ike-rekey-new-spi field SA.1.spi != 0x0000000000000000
        must rfc7296/1.3.2/ike-rekey-new-spi field SA.1.spi != $own
    }
}

testcase rekey/ike-new-works {
    title   "After a rekey by the tester the new IKE SA works: keys agree, the Child SA goes on"
    cites   {rfc7296/2.18/ike-rekey-skeyseed rfc7296/2.8/children-inherited}
    device  both
    needs   {psk esp}
    setup   $setup
    bent    {ike-rekey-skeyseed children-inherited}
    tags    {rekey}
    vary    {setup {psk psk-aead}}
    why     "The two ends do not understand each other after the first rekey."
    hint    "SKEYSEED: the old SK_d and PRF over the new secret and the nonces of this exchange."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -rekey ike
    set new [ike rekeyed $sa]
    settle
    alive-sa $new -req rfc7296/2.18/ike-rekey-skeyseed
    must-traffic $new -req rfc7296/2.8/children-inherited
    tx $new CREATE_CHILD_SA -rekey child
    rx $new CREATE_CHILD_SA response { must rfc7296/2.8/children-inherited has {SA} }
}

testcase rekey/ike-new-by-device-works {
    title   "After a rekey by the device the new IKE SA works: keys agree, the Child SA goes on"
    cites   {rfc7296/2.18/ike-rekey-skeyseed rfc7296/2.8/children-inherited}
    device  both
    needs   {psk esp rekey-on-demand}
    setup   $setup
    bent    {ike-rekey-skeyseed children-inherited}
    tags    {rekey}
    vary    {setup {psk psk-aead}}
    why     "The two ends do not understand each other after the first rekey."
    hint    "SKEYSEED: the old SK_d and PRF over the new secret and the nonces of this exchange."
} {
    set sa [ike establish]
    dut rekey-ike $sa
    set new [ike rekeyed $sa]
    settle
    alive-sa $new -req rfc7296/2.18/ike-rekey-skeyseed
    must-traffic $new -req rfc7296/2.8/children-inherited
    tx $new CREATE_CHILD_SA -rekey child
    rx $new CREATE_CHILD_SA response { must rfc7296/2.8/children-inherited has {SA} }
}

testcase rekey/ike-old-deleted {
    title   "The device that rekeyed the IKE SA deletes the old one, under the old one"
    cites   {rfc7296/2.8/old-ike-sa-deleted}
    device  both
    needs   {psk rekey-on-demand}
    bent    {old-ike-sa-deleted}
    tags    {rekey delete}
    why     "IKE SAs pile up at the peer."
    hint    "Send the Delete of the old IKE SA once the new one stands."
} {
    set sa [ike establish]
    dut rekey-ike $sa
    rx $sa CREATE_CHILD_SA request
    rx $sa INFORMATIONAL request -has {D} -within 30000 -req rfc7296/2.8/old-ike-sa-deleted {
        must rfc7296/2.8/old-ike-sa-deleted field D.protocol == IKE
    }
}

testcase rekey/ike-delete-last {
    title   "The Delete of the old IKE SA is the last request that the device sends on it"
    cites   {rfc7296/2.8/delete-last-on-old-ike}
    device  both
    needs   {psk rekey-on-demand}
    bent    {delete-last-on-old-ike}
    tags    {rekey delete}
    why     "The peer has forgotten the SA: the request is never answered, and the device gives up."
    hint    "Move what is to be done to the new IKE SA before the old one is deleted."
} {
    set sa [ike establish]
    dut rekey-ike $sa
    rx $sa CREATE_CHILD_SA request
    rx $sa INFORMATIONAL request -has {D} -within 30000
    set mid [dict get [msg header $rx] mid]
    settle
    set later {}
    foreach n [records inbound] {
        if {[record $n spi_i] eq [sa $sa spi_i] && [record $n kind] eq "request" && [record $n mid] > $mid} { lappend later [record $n chain] }
    }
    must rfc7296/2.8/delete-last-on-old-ike "nothing follows it: $later" {![llength $later]}
}

rows rekey/ike-none-group {
    title   "An IKE rekey without a key exchange group makes no SA"
    cites   {rfc7296/2.18/ike-rekey-none-not-accepted}
    device  both
    needs   {psk}
    bent    {takes-none-for-its-group}
    tags    {rekey pfs}
    why     "The new keys are no safer than the old ones."
    hint    "NONE is for Child SAs only."
} {edit} {
    none       { msg set $m SA.1.KE.id 0; msg remove $m KE }
    none-as-0  { msg set $m SA.1.KE.id 0 }
} {
    set sa [ike establish]
    manual $sa 1
    tx $sa CREATE_CHILD_SA -rekey ike -edit $edit
    rx $sa CREATE_CHILD_SA response { must rfc7296/2.18/ike-rekey-none-not-accepted lacks {SA} }
}

testcase rekey/ike-none-not-offered {
    title   "The device's IKE rekey offers no NONE as key exchange"
    cites   {rfc7296/2.18/ike-rekey-none-not-proposed}
    device  both
    needs   {psk rekey-on-demand}
    bent    {offers-none-in-ike-rekey}
    tags    {rekey pfs}
    why     "A peer that accepts it makes keys no safer than the old ones."
    hint    "NONE is for Child SAs only."
} {
    set sa [ike establish]
    dut rekey-ike $sa
    rx $sa CREATE_CHILD_SA request
    set type ""
    foreach p [msg paths $rx] {
        lassign $p path value
        if {[regexp {^SA.*transform\[\d+\]\.type$} $path]} { set type $value }
        if {$type eq "KE" && [regexp {^SA.*transform\[\d+\]\.id$} $path]} {
            must rfc7296/2.18/ike-rekey-none-not-proposed "$path is $value" {$value ni {0 NONE}}
        }
    }
}

testcase rekey/ike-old-gone {
    title   "The old IKE SA is gone once the tester deleted it, and the Child SA stays"
    cites   {rfc7296/1.4.1/delete-ike-answered rfc7296/2.8/children-inherited}
    device  both
    needs   {psk esp}
    bent    {delete-ike-answered children-inherited}
    tags    {rekey delete}
    why     "Old keys stay good, or the tunnels go with the old IKE SA."
    hint    "The Child SAs belong to the new IKE SA before the old one is deleted."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -rekey ike                ;# then the tester deletes the old one
    set new [ike rekeyed $sa]
    rx $sa INFORMATIONAL response -req rfc7296/1.4.1/delete-ike-answered
    settle
    no-sa $sa
    must-traffic $new -req rfc7296/2.8/children-inherited
}

testcase rekey/ike-initiator-flag {
    title   "Whoever rekeyed the IKE SA is the original initiator of the new one: the flag in the header says so"
    cites   {rfc7296/2.18/ike-rekey-initiator-role rfc7296/3.1/initiator-flag-after-rekey}
    device  both
    needs   {psk rekey-on-demand}
    bent    {initiator-flag-turned}
    tags    {rekey header}
    vary    {by {device tester}}
    why     "The peer finds no SA for these messages."
    hint    "The Initiator flag goes by the exchange that made this IKE SA."
} {
    set sa [ike establish]
    if {$by eq "device"} { dut rekey-ike $sa } else { tx $sa CREATE_CHILD_SA -rekey ike }
    set new [ike rekeyed $sa]
    edit clear
    settle
    dut delete-child $new
    rx $new INFORMATIONAL request {
        must rfc7296/2.18/ike-rekey-initiator-role field HDR.flags.I == [expr {$by eq "device"}]
        must rfc7296/3.1/initiator-flag-after-rekey field HDR.flags.I == [expr {$by eq "device"}]
    }
}

testcase rekey/ike-without-ke-refused {
    title   "A rekey of the IKE SA without KE makes no SA"
    cites   {rfc7296/2.18/ike-rekey-new-dh}
    device  both
    needs   {psk}
    bent    {ke-invented}
    tags    {rekey}
    why     "The new keys are no safer than the old ones."
    hint    "Refuse; INVALID_SYNTAX, INVALID_KE_PAYLOAD and NO_PROPOSAL_CHOSEN all do."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -rekey ike -remove {KE}
    rx $sa CREATE_CHILD_SA response { must rfc7296/2.18/ike-rekey-new-dh lacks {SA} }
}

rows rekey/ike-bad-spi-refused {
    title   "A rekey of the IKE SA with an SPI that cannot be makes no SA"
    cites   {$req}
    device  both
    needs   {psk}
    bent    {$bent}
    tags    {rekey}
    why     "The new IKE SA has no name that both ends agree on."
    hint    "Eight octets, not all zero."
} {req bent spi} {
    zero         rfc7296/3.3.1/proposed-spi-nonzero  proposed-spi-nonzero   0x0000000000000000
    four-octets  rfc7296/3.3.1/spi-size-fits-protocol spi-size-fits-protocol 0x01020304
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -rekey ike -set [list SA.1.spi $spi]
    rx $sa CREATE_CHILD_SA response { must $req lacks {SA} }
}

testcase rekey/ike-wrong-group-answered {
    title   "A rekey of the IKE SA in a group that the device does not take is answered by INVALID_KE_PAYLOAD"
    cites   {rfc7296/1.3/child-wrong-group-rejected rfc7296/1.3/invalid-ke-two-octets}
    device  both
    needs   {psk}
    bent    {child-refused invalid-ke-four-octets}
    tags    {rekey pfs}
    why     "The peer cannot find out which group would do, and the IKE SA ends."
    hint    "Name the group of the proposal chosen, in two octets."
} {
    conn ike_rekey {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 CURVE25519 ECP_256}}
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -rekey ike -group CURVE25519
    rx $sa CREATE_CHILD_SA response {
        must rfc7296/1.3/child-wrong-group-rejected has {N(INVALID_KE_PAYLOAD)}
        must rfc7296/1.3/invalid-ke-two-octets has {N(INVALID_KE_PAYLOAD)=0013}
    }
}

testcase rekey/ike-invalid-ke-retried {
    title   "After INVALID_KE_PAYLOAD the device rekeys the IKE SA in the group named"
    cites   {rfc7296/1.3/retry-child-with-group}
    device  both
    needs   {psk rekey-on-demand}
    setup   psk-groups
    bent    {retry-with-named-group}
    tags    {rekey pfs}
    why     "Two ends with a group in common lose their IKE SA."
    hint    "INVALID_KE_PAYLOAD is a hint, not a refusal."
} {
    conn ike_rekey {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 CURVE25519}}
    set sa [ike establish]
    dut rekey-ike $sa
    rx $sa CREATE_CHILD_SA request
    precondition {[msg get $rx KE.group] ne "CURVE25519"} "the device guessed right"
    rx $sa CREATE_CHILD_SA request -req rfc7296/1.3/retry-child-with-group {
        should rfc7296/1.3/retry-child-with-group field KE.group == CURVE25519
    }
}

rows rekey/ike-refusal-harmless {
    title   "An IKE SA whose rekey was refused works on, or is closed with a Delete"
    cites   {rfc7296/2.21/only-fatal-errors-delete}
    device  both
    needs   {psk rekey-on-demand}
    bent    {ike-refusal-fatal}
    tags    {rekey}
    why     "A refused rekey ends all tunnels without a word."
    hint    "Only the exchange failed."
} {notify} {
    no-proposal-chosen  NO_PROPOSAL_CHOSEN
    no-additional-sas   NO_ADDITIONAL_SAS
    private-error       9000
} {
    set sa [ike establish]
    edit outbound CREATE_CHILD_SA response {
        foreach p [msg payloads $m] { if {$p ne "SK"} { msg remove $m $p } }
        msg add $m N($notify)
    }
    dut rekey-ike $sa
    rx $sa CREATE_CHILD_SA request
    settle
    set deletes [records inbound INFORMATIONAL request -has {D}]
    set closed [expr {"IKE" in [lmap n $deletes { msg get [record $n msg] D.protocol }]}]
    must rfc7296/2.21/only-fatal-errors-delete "the IKE SA answers, or a Delete came" {$closed || [answers $sa]}
}

testcase rekey/ike-six-times {
    title   "Six IKE rekeys in turn, by both ends: each new SA works and keeps the Child SA"
    cites   {rfc7296/2.18/ike-rekey-skeyseed rfc7296/2.8/children-inherited}
    device  both
    needs   {psk esp rekey-on-demand}
    bent    {ike-rekey-skeyseed children-inherited}
    tags    {rekey}
    why     "The tunnel ends after some days."
    hint    "What is left over from a former rekey?"
} {
    set sa [ike establish]
    for {set i 0} {$i < 6} {incr i} {
        if {$i % 2} { dut rekey-ike $sa } else { tx $sa CREATE_CHILD_SA -rekey ike }
        set sa [ike rekeyed $sa]
        settle
        alive-sa $sa -req rfc7296/2.18/ike-rekey-skeyseed
        must-traffic $sa -req rfc7296/2.8/children-inherited
    }
}

testcase rekey/ike-then-new-child {
    title   "A new Child SA under a rekeyed IKE SA has keys of the new SK_d"
    cites   {rfc7296/2.17/keymat}
    device  both
    needs   {psk esp}
    bent    {keymat}
    tags    {rekey child}
    why     "Tunnels made after the first IKE rekey carry nothing."
    hint    "KEYMAT comes from the SK_d of the IKE SA in whose exchange the Child SA is made."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -rekey ike
    set new [ike rekeyed $sa]
    settle
    tx $new CREATE_CHILD_SA -new
    rx $new CREATE_CHILD_SA response
    precondition {[msg has $rx SA]} "the device makes no further Child SA"
    settle
    must-traffic $new -child [child $new spi_in 1]
}
