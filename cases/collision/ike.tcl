# ike.tcl - RFC 7296 section 2.8.2: both ends rekey the same IKE SA. One new IKE SA is left, with the Child SAs.

testcase collision/ike-rekeys-crossed-loser {
    title   "Both ends rekey the IKE SA: the device deletes the new one that it made with the lowest nonce"
    cites   {rfc7296/2.8.2/creator-deletes-lowest-nonce rfc7296/2.8.2/lowest-nonce-ike-sa-deleted rfc7296/2.25.2/redundant-ike-later}
    device  both
    needs   {psk rekey-on-demand}
    bent    {creator-deletes-lowest-nonce lowest-nonce-ike-sa-deleted}
    tags    {collision rekey}
    why     "IKE SAs pile up, or the Child SAs end under different ones."
    hint    "Compare the four nonces octet by octet; the end that made the SA with the lowest one deletes it."
} {
    set sa [ike establish]
    hold inbound CREATE_CHILD_SA                     ;# so that the tester learns of both at once
    dut rekey-ike $sa
    rx $sa CREATE_CHILD_SA request -held 1
    set spi [string range [msg get $rx SA.1.spi] 2 end]   ;# of the device's new SA
    tx $sa CREATE_CHILD_SA -rekey ike
    rx $sa CREATE_CHILD_SA response -held 1
    precondition {[msg has $rx SA]} "the device refuses the crossing rekey"
    bias lowest
    # the tester's Delete of the old IKE SA stays behind its response: the other way round the device may forget its
    # own rekey (2.25.2)
    delay outbound INFORMATIONAL request -ms 250
    release inbound
    settle
    settle
    settle
    set found 0
    foreach n [records inbound INFORMATIONAL request] {
        if {[record $n spi_i] eq $spi && [record $n opened] && [msg has [record $n msg] D] && [msg get [record $n msg] D.protocol] eq "IKE"} { set found 1 }
    }
    should rfc7296/2.8.2/lowest-nonce-ike-sa-deleted "the IKE SA with the lowest nonce goes" {$found}
    should rfc7296/2.25.2/redundant-ike-later "the device notices that its own is redundant" {$found}
    should rfc7296/2.8.2/creator-deletes-lowest-nonce "the device deletes the IKE SA that it made" {$found}
}

testcase collision/ike-rekeys-crossed-winner {
    title   "Both ends rekey the IKE SA: the device, whose new one stays, deletes the old one"
    cites   {rfc7296/2.8/old-ike-sa-deleted}
    device  both
    needs   {psk rekey-on-demand}
    bent    {old-ike-sa-deleted}
    tags    {collision rekey}
    why     "The old IKE SA stays in use."
    hint    "The end whose new SA survives deletes the old one."
} {
    set sa [ike establish]
    hold inbound CREATE_CHILD_SA                     ;# so that the tester learns of both at once
    dut rekey-ike $sa
    rx $sa CREATE_CHILD_SA request -held 1
    tx $sa CREATE_CHILD_SA -rekey ike -nonce lowest
    rx $sa CREATE_CHILD_SA response -held 1
    precondition {[msg has $rx SA]} "the device refuses the crossing rekey"
    release inbound
    rx $sa INFORMATIONAL request -has {D} -within 30000 -req rfc7296/2.8/old-ike-sa-deleted {
        must rfc7296/2.8/old-ike-sa-deleted field D.protocol == IKE
    }
}

rows collision/ike-rekeys-crossed-end {
    title   "Both ends rekey the IKE SA: the one that stays works and has the Child SA"
    cites   {rfc7296/2.8.2/ike-survivor-inherits rfc7296/2.18/ike-rekey-skeyseed}
    device  both
    needs   {psk esp rekey-on-demand}
    bent    {$bent ike-rekey-skeyseed}
    tags    {collision rekey}
    why     "The tunnels have no IKE SA any more: they end at the next rekey."
    hint    "The Child SAs move to the IKE SA that stays, not to the first one made."
} {lowest lost late bent} {
    device-lowest       device 0 0 ike-survivor-inherits
    tester-lowest       tester 0 0 children-inherited
    device-lowest-loss  device 1 0 ike-survivor-inherits
    tester-lowest-loss  tester 1 0 children-inherited
    device-lowest-late  device 0 1 children-inherited
    tester-lowest-late  tester 0 1 children-inherited
} {
    set sa [ike establish]
    hold inbound CREATE_CHILD_SA                     ;# so that the tester learns of both at once
    dut rekey-ike $sa
    rx $sa CREATE_CHILD_SA request -held 1
    if {$lost} { drop outbound CREATE_CHILD_SA request -count 1 }
    if {$lowest eq "tester"} { tx $sa CREATE_CHILD_SA -rekey ike -nonce lowest } else { tx $sa CREATE_CHILD_SA -rekey ike }
    rx $sa CREATE_CHILD_SA response -held 1 -within 10000
    precondition {[msg has $rx SA]} "the device refuses the crossing rekey"
    if {$lowest eq "device"} { bias lowest }
    if {$late} { hold outbound CREATE_CHILD_SA response }   ;# the tester's Delete overtakes it
    release inbound
    settle
    if {$late} { release outbound }
    settle
    bias random
    # the tester is the original initiator of the SA that it made
    set survivor ""
    foreach e [events ike-rekeyed] {
        if {[dict get $e other] == $sa && [sa [dict get $e sa] role] eq [expr {$lowest eq "tester" ? "responder" : "initiator"}]} { set survivor [dict get $e sa] }
    }
    precondition {$survivor ne ""} "the tester does not have both new IKE SAs"
    alive-sa $survivor -req rfc7296/2.18/ike-rekey-skeyseed
    precondition {[child $survivor count] == 1} "the tester has no Child SA under the IKE SA that stays"
    tx $survivor CREATE_CHILD_SA -rekey child
    rx $survivor CREATE_CHILD_SA response { must rfc7296/2.8.2/ike-survivor-inherits has {SA} }
    settle
    must-traffic $survivor -req rfc7296/2.8.2/ike-survivor-inherits
}

testcase collision/ike-rekey-late {
    title   "A rekey of an IKE SA that the device has rekeyed already gets TEMPORARY_FAILURE"
    cites   {rfc7296/2.8.2/unnoticed-ike-rekey-temporary}
    device  both
    needs   {psk rekey-on-demand}
    bent    {rekey-of-closing-ike-sa}
    tags    {collision rekey}
    why     "Two new IKE SAs are made, and only one end knows."
    hint    "The old IKE SA is only there to be deleted."
} {
    set sa [ike establish]
    hold outbound CREATE_CHILD_SA request            ;# the tester's request is slow
    tx $sa CREATE_CHILD_SA -rekey ike
    hold inbound INFORMATIONAL request               ;# and so is the device's Delete
    dut rekey-ike $sa
    rx $sa CREATE_CHILD_SA request
    rx $sa INFORMATIONAL request -held 1
    release outbound
    rx $sa CREATE_CHILD_SA response { should rfc7296/2.8.2/unnoticed-ike-rekey-temporary has {N(TEMPORARY_FAILURE)} }
}

testcase collision/ike-rekey-late-end {
    title   "After an IKE rekey that came too late the SA of the first rekey works and has the Child SA"
    cites   {rfc7296/2.18/ike-rekey-skeyseed rfc7296/2.8/children-inherited}
    device  both
    needs   {psk esp rekey-on-demand}
    bent    {ike-rekey-skeyseed children-inherited}
    tags    {collision rekey}
    why     "A slow packet ends all tunnels."
    hint    "Only the late exchange fails."
} {
    set sa [ike establish]
    hold outbound CREATE_CHILD_SA request
    tx $sa CREATE_CHILD_SA -rekey ike
    hold inbound INFORMATIONAL request
    dut rekey-ike $sa
    rx $sa CREATE_CHILD_SA request
    set new [ike rekeyed $sa]
    rx $sa INFORMATIONAL request -held 1
    release outbound
    rx $sa CREATE_CHILD_SA response
    precondition {![msg has $rx SA]} "the device made one more"
    release inbound
    settle
    alive-sa $new -req rfc7296/2.18/ike-rekey-skeyseed
    tx $new CREATE_CHILD_SA -rekey child
    rx $new CREATE_CHILD_SA response { must rfc7296/2.8/children-inherited has {SA} }
}

testcase collision/temporary-failure-then-done {
    title   "A Child rekey refused for the device's IKE rekey goes through on the new IKE SA"
    cites   {rfc7296/2.8/children-inherited}
    device  both
    needs   {psk esp rekey-on-demand}
    bent    {children-inherited}
    tags    {collision rekey}
    why     "The Child SA ends with its lifetime."
    hint    "The Child SA belongs to the new IKE SA and is rekeyed there."
} {
    set sa [ike establish]
    hold inbound CREATE_CHILD_SA request
    dut rekey-ike $sa
    rx $sa CREATE_CHILD_SA request -held 1
    manual $sa 1
    tx $sa CREATE_CHILD_SA -rekey child
    rx $sa CREATE_CHILD_SA response
    precondition {[msg has $rx N(TEMPORARY_FAILURE)]} "the device does not say TEMPORARY_FAILURE"
    release inbound
    set new [ike rekeyed $sa]
    settle
    tx $new CREATE_CHILD_SA -rekey child
    rx $new CREATE_CHILD_SA response { must rfc7296/2.8/children-inherited has {SA} }
    settle
    must-traffic $new
}
