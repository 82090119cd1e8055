# make-sample.tcl - writes results.json here: one small run with every verdict and with hostile text.
source [file join [file dirname [info script]] .. json.tcl]

# What a hostile device could smuggle into a report: each format has to neutralise all of it.
set hostile "\u001b\[31mred\u001b\[0m ]]> <script>alert(1)</script> <!-- a|b `code` **bold** \[x\](javascript:1) # \\ &amp; \
bell\u0007 nul\u0000 csi\u009b2J rtl\u202e zero\u200b emoji\U0001f600\ud83d\ude00 \r\nnot ok 99 - forged\n::error::forged\n```\n</pre>"

proc step {t from text args} { return [dict merge [dict create t_us $t from $from text $text] $args] }
proc check {req level outcome step line expected got packet} {
    return [dict create req $req level $level outcome $outcome step $step file cases/auth/psk.tcl \
                line $line expected $expected got $got packet $packet]
}
set init [list \
    [step 0     tester {IKE_SA_INIT request 0 [ SA KE Ni N(NAT_DETECTION_SOURCE_IP) N(NAT_DETECTION_DESTINATION_IP) N(IKEV2_FRAGMENTATION_SUPPORTED) N(SIGNATURE_HASH_ALGORITHMS) ]} len 464 packet 1] \
    [step 12400 device {IKE_SA_INIT response 0 [ SA KE Nr N(NAT_DETECTION_SOURCE_IP) N(NAT_DETECTION_DESTINATION_IP) ]} len 432 packet 2]]

set requirements {
    rfc7296/2.15/auth-verified {level MUST role responder section "RFC 7296 2.15"
        text "A responder verifies AUTH before it builds any SA."}
    rfc7296/2.21.2/authentication-failed {level MUST role responder section "RFC 7296 2.21.2"
        text "A failed authentication is answered with AUTHENTICATION_FAILED."}
    rfc7296/2.6/cookie-secret {level SHOULD role responder section "RFC 7296 2.6"
        text "Change the cookie secret often."}
    rfc7296/2.8.1/lowest-nonce-loses {level MUST role both section "RFC 7296 2.8.1"
        text "Of two Child SAs made at once, the one made with the lowest nonce goes."}
    rfc7296/2.4/liveness-answered {level MUST role both section "RFC 7296 2.4"
        text "An empty INFORMATIONAL request is answered."}
    rfc7383/2.5/fragments-reassembled {level MUST role receiver section "RFC 7383 2.5"
        text "All fragments of a message are reassembled before it is processed."}
    rfc4303/3.4.3/replay-dropped {level MUST role receiver section "RFC 4303 3.4.3"
        text "A replayed packet is dropped."}
    rfc7296/2.5/reserved-ignored {level MUST role receiver section "RFC 7296 2.5"
        text "Reserved bits are ignored on receipt."}
    rfc4555/3.5/update-answered {level MUST role responder section "RFC 4555 3.5"
        text "UPDATE_SA_ADDRESSES is answered."}
}

set cases {}
lappend cases [dict create id auth/psk-mismatch-refused rev 2 role responder \
    title "A peer that does not know the pre-shared key gets no SA" \
    file cases/auth/psk.tcl line 12 tags {auth smoke} \
    cites {rfc7296/2.15/auth-verified rfc7296/2.21.2/authentication-failed} verdict fail duration_ms 51 \
    why "Anyone could join the network." hint "Is the identity mapped to 'any', or to a group without a secret?" \
    signature "auth-verified missed at step 2: got IKE_AUTH response with SA" \
    checks [list \
        [check rfc7296/2.21.2/authentication-failed MUST missed 2 31 {IKE_AUTH response 1 with N(AUTHENTICATION_FAILED)} {IKE_AUTH response 1 [ IDr AUTH SA TSi TSr ]} 4] \
        [check rfc7296/2.15/auth-verified MUST missed 2 32 {IKE_AUTH response 1 without SA, TSi, TSr} {IKE_AUTH response 1 [ IDr AUTH SA TSi TSr ]} 4]] \
    failure [dict create req rfc7296/2.15/auth-verified rule "a responder verifies AUTH before it builds any SA" \
        step 2 where cases/auth/psk.tcl:31 expected {IKE_AUTH response 1 with N(AUTHENTICATION_FAILED)} \
        got {IKE_AUTH response 1 [ IDr AUTH SA TSi TSr ]  after 38 ms} \
        means "the device accepted a peer that does not know the secret" \
        look_at "is the identity mapped to 'any', or to a group without a secret?" \
        again "ikespec replay latest/auth/psk-mismatch-refused"] \
    ladder [concat $init [list \
        [step 13100 tester {IKE_AUTH request 1 [ IDi AUTH SA TSi TSr ]} len 344 packet 3 \
            bent {{path AUTH.data old 8f21c07be4d90a16 new 0b77e1c25a93d4f8}}] \
        [step 51300 device {IKE_AUTH response 1 [ IDr AUTH SA TSi TSr ]} len 312 packet 4 \
            flag "MUST rfc7296/2.15/auth-verified: lacks SA, TSi, TSr"]]] \
    evidence {dir cases/auth/psk-mismatch-refused files {case.log ladder.svg ladder.txt wire.pcapng clear.pcapng device.log repro.sh}}]
lappend cases [dict create id liveness/answered-while-busy role both \
    title "An empty INFORMATIONAL request is answered within the window" \
    file cases/liveness/dpd.tcl line 9 tags {liveness} cites rfc7296/2.4/liveness-answered verdict fail duration_ms 14000 \
    why "Peers would tear tunnels down for no reason." \
    signature "liveness-answered missed at step 1: nothing came" \
    checks [list [check rfc7296/2.4/liveness-answered MUST missed 1 14 {INFORMATIONAL response 2} "nothing within 13.5 s" 0]] \
    failure [dict create req rfc7296/2.4/liveness-answered rule "an empty INFORMATIONAL request is answered" \
        step 1 where cases/liveness/dpd.tcl:14 expected {INFORMATIONAL response 2 [ ]} got "nothing within 13.5 s" \
        means "the device no longer answers on an established SA" look_at "is the worker queue blocked by a running rekey?" \
        again "ikespec replay latest/liveness/answered-while-busy"] \
    ladder [concat $init [list \
        [step 13000 tester {IKE_AUTH request 1 [ IDi AUTH SA TSi TSr ]} len 344 packet 3] \
        [step 20100 device {IKE_AUTH response 1 [ IDr AUTH SA TSi TSr ]} len 312 packet 4] \
        [step 500000 tester {INFORMATIONAL request 2 [ ]} len 80 packet 5] \
        [step 2500000 tester {INFORMATIONAL request 2 [ ]} retransmit true len 80 packet 6] \
        [step 6100000 tester {INFORMATIONAL request 2 [ ]} retransmit true lost true len 80 packet 7] \
        [step 14000000 device {INFORMATIONAL response 2 [ ]} missing true flag "MUST rfc7296/2.4/liveness-answered: nothing within 13.5 s"]]] \
    evidence {dir cases/liveness/answered-while-busy files {case.log ladder.txt wire.pcapng clear.pcapng device.log repro.sh}}]
lappend cases [dict create id hostile/text-in-reports role responder title "Title with $hostile" \
    file cases/hostile/text.tcl line 1 tags {dos} cites rfc7296/2.4/liveness-answered verdict fail duration_ms 3 \
    why $hostile hint $hostile signature $hostile \
    checks [list [check rfc7296/2.4/liveness-answered MUST missed 1 4 $hostile $hostile 2]] \
    failure [dict create req rfc7296/2.4/liveness-answered rule $hostile step 1 where cases/hostile/text.tcl:4 \
        expected $hostile got $hostile means $hostile look_at $hostile again $hostile] \
    ladder [list [step 0 tester $hostile len 99 packet 1 bent [list [dict create path $hostile old $hostile new $hostile]]] \
        [step 2000 device "IKE_SA_INIT response 0 \[ V(\"$hostile\") \]" len 99 packet 2 flag $hostile]] \
    evidence {dir cases/hostile/text-in-reports files case.log}]
lappend cases [dict create id child/narrowed-proposal-kept role responder \
    title "The selectors the device narrowed are the ones it enforces" file cases/child/narrow.tcl line 20 tags {child} \
    cites rfc7296/2.5/reserved-ignored verdict stale duration_ms 44 \
    reason "listed as known but passes: remove the line" \
    checks [list [check rfc7296/2.5/reserved-ignored MUST met 1 25 "any answer" "IKE_SA_INIT response 0" 2]] \
    expectation {kind known ticket FW-1207 until 2027-01-31 reason "fixed in the next firmware"} ladder $init]
lappend cases [dict create id rekey/child-collision-lowest-nonce@initiator role initiator \
    title "Both ends rekey the same Child SA: the one made with the lowest nonce goes" file cases/rekey/collision.tcl line 7 \
    tags {rekey} cites rfc7296/2.8.1/lowest-nonce-loses verdict known duration_ms 120 \
    signature "lowest-nonce-loses missed at step 5: both SAs kept" \
    checks [list [check rfc7296/2.8.1/lowest-nonce-loses MUST missed 5 40 "INFORMATIONAL request with D(ESP)" "nothing within 3 s" 0]] \
    failure [dict create req rfc7296/2.8.1/lowest-nonce-loses rule "of two Child SAs made at once, the one made with the lowest nonce goes" \
        step 5 where cases/rekey/collision.tcl:40 expected "INFORMATIONAL request with D(ESP)" got "nothing within 3 s" \
        means "both SAs stay and traffic is split" again "ikespec replay latest/rekey/child-collision-lowest-nonce@initiator"] \
    expectation {kind known ticket FW-1311 until 2027-03-31 reason "both SAs are kept until the lifetime ends"} ladder $init]
lappend cases [dict create id fragment/reassembly-out-of-order role responder title "Fragments may arrive in any order" \
    file cases/fragment/order.tcl line 3 tags {fragment} cites rfc7383/2.5/fragments-reassembled verdict inconclusive duration_ms 30 \
    reason "the same exchange without fragments failed: NO_PROPOSAL_CHOSEN in IKE_SA_INIT" \
    checks [list [check rfc7383/2.5/fragments-reassembled MUST open 0 9 "" "" 0]] ladder $init]
lappend cases [dict create id esp/replay-dropped role responder title "A replayed packet is dropped" \
    file cases/esp/replay.tcl line 3 tags {esp dos} cites rfc4303/3.4.3/replay-dropped verdict error duration_ms 0 \
    reason "case file line 17: can't read \"spi\": no such variable"]
lappend cases [dict create id cookie/secret-changes role responder title "The cookie changes with time" \
    file cases/cookie/secret.tcl line 5 tags {cookie dos} cites rfc7296/2.6/cookie-secret verdict warn duration_ms 61000 \
    why "A stolen cookie stays useful." \
    checks [list [check rfc7296/2.6/cookie-secret SHOULD missed 3 19 "a new cookie after 60 s" "the same cookie" 6]] \
    failure [dict create req rfc7296/2.6/cookie-secret rule "change the cookie secret often" step 3 \
        where cases/cookie/secret.tcl:19 expected "a new cookie after 60 s" got "the same cookie" \
        means "a stolen cookie stays useful" again "ikespec replay latest/cookie/secret-changes"] ladder $init]
foreach {n path} {ke-reserved KE.reserved header-flags HDR.flags} {
    lappend cases [dict create id sa-init/reserved-ignored/$n role responder title "Reserved bits in $path are ignored" \
        file cases/sa-init/reserved.tcl line 8 tags {sa-init smoke} cites rfc7296/2.5/reserved-ignored verdict pass duration_ms 13 \
        checks [list [check rfc7296/2.5/reserved-ignored MUST met 1 15 "IKE_SA_INIT response 0 with SA, KE, Nr" "IKE_SA_INIT response 0" 2]] \
        ladder [list [dict merge [lindex $init 0] [dict create bent [list [dict create path $path old 0 new 0xffff]]]] [lindex $init 1]]]
}
lappend cases [dict create id mobike/update-addresses role responder title "A changed address is followed" \
    file cases/mobike/update.tcl line 3 tags {mobike} cites rfc4555/3.5/update-answered verdict unsupported \
    reason "the device does not claim mobike"]
lappend cases [dict create id mobike/update-refused role responder title "A changed address without return routability is refused" \
    file cases/mobike/update.tcl line 30 tags {mobike} cites rfc4555/3.5/update-answered verdict skipped \
    reason "lab has one path only" \
    expectation {kind skip ticket LAB-9 until 2027-06-30 reason "lab has one path only"}]

set claims {}
dict set claims initiator yes
dict set claims responder yes
dict set claims mobike no
dict set claims childless unknown
dict set claims eap mschapv2
set vitals {memory_kb {before 9120 after 9388 most 14200 case auth/psk-mismatch-refused}}
results::write [file join [file dirname [info script]] results.json] [results::finish [dict create \
    format 1 ikespec 0.1.0 \
    run {id sample seed 7f3a91c27f3a91c2 suite core selection {} transport udp gate ci exit 1 duration_ms 75332} \
    device [dict create name my-gateway driver ssh vendor Acme product FW-200 version "7.2.1 <build 4411>" claims $claims vitals $vitals] \
    requirements $requirements cases $cases]]
