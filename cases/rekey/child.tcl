# child.tcl - RFC 7296 sections 1.3.3, 2.8 and 2.9.2: a Child SA is replaced, by either end.

testcase rekey/child-answered {
    title   "A rekey of a Child SA is answered by SA, nonce and selectors, and the new SA carries traffic"
    cites   {rfc7296/1.3.3/child-rekey-answered rfc7296/2.17/keymat}
    device  both
    needs   {psk esp}
    setup   $setup
    bent    {child-response-short keymat}
    tags    {rekey}
    vary    {setup {psk psk-pfs psk-cbc}}
    why     "The tunnel ends with its first lifetime."
    hint    "Keys: nonces in the order of this exchange, SK_d of the IKE SA."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -rekey child
    rx $sa CREATE_CHILD_SA response
    precondition {![msg has $rx N(NO_ADDITIONAL_SAS)]} "the device refuses all rekeys"
    must rfc7296/1.3.3/child-rekey-answered "SA, nonce and both selectors are there" {
        [msg has $rx SA] && [msg has $rx Nonce] && [msg has $rx TSi] && [msg has $rx TSr]
    }
    settle                                           ;# the tester deletes the old one
    must-traffic $sa -req rfc7296/2.17/keymat
}

testcase rekey/child-by-device-traffic {
    title   "After the device rekeyed its Child SA traffic flows through the new one"
    cites   {rfc7296/2.17/keymat}
    device  both
    needs   {psk esp rekey-on-demand}
    setup   $setup
    bent    {keymat}
    tags    {rekey}
    vary    {setup {psk psk-pfs}}
    why     "The tunnel ends with its first lifetime."
    hint    "Keys: nonces in the order of this exchange."
} {
    set sa [ike establish]
    set old [child $sa spi_in]
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request
    settle
    precondition {[child $sa count] == 1 && [child $sa spi_in] ne $old} "the Child SA was not replaced"
    must-traffic $sa
}

rows rekey/child-request {
    title   "The device's request to rekey a Child SA names what it replaces"
    cites   {$req}
    device  both
    needs   {psk rekey-on-demand}
    bent    {$bent}
    tags    {rekey}
    why     "The peer makes a second tunnel in place of a new one, or finds nothing to replace."
    hint    "REKEY_SA: protocol of the SA, the SPI of packets towards its sender, no data."
} {req bent what} {
    notify    rfc7296/1.3.3/rekey-sa-notify       rekey-sa-notify      {[msg has $rx N(REKEY_SA)]}
    spi       rfc7296/1.3.3/rekey-sa-inbound-spi  rekey-names-other-spi {[msg get $rx N(REKEY_SA).spi] eq "0x$inbound"}
    protocol  rfc7296/1.3.3/rekey-sa-protocol     rekey-names-ah       {[msg get $rx N(REKEY_SA).protocol] eq "ESP"}
    about     rfc7296/3.10/child-notify-protocol  rekey-names-ike      {[msg get $rx N(REKEY_SA).protocol] in {AH ESP}}
    no-data   rfc7296/1.3.3/rekey-sa-no-data      rekey-with-data      {[msg get $rx N(REKEY_SA).data] eq "0x"}
} {
    set sa [ike establish]
    set inbound [child $sa spi_out]                  ;# of the device
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request
    must $req $what
}

testcase rekey/child-old-deleted {
    title   "The device that rekeyed a Child SA deletes the old one"
    cites   {rfc7296/2.8/old-child-sa-deleted}
    device  both
    needs   {psk rekey-on-demand}
    bent    {old-child-sa-deleted}
    tags    {rekey delete}
    why     "Old keys stay in use, and SAs pile up."
    hint    "Send a Delete for the old pair once the new one stands."
} {
    set sa [ike establish]
    set old [child $sa spi_out]
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request
    rx $sa INFORMATIONAL request -has {D} -within 30000 -req rfc7296/2.8/old-child-sa-deleted {
        must rfc7296/2.8/old-child-sa-deleted field D.spis == 0x$old
    }
}

testcase rekey/child-both-receive {
    title   "Until the old Child SA is deleted packets are accepted on the old one and on the new one"
    cites   {rfc7296/2.8.1/both-sas-accept-packets rfc7296/2.8/old-sa-receives-until-delete}
    device  both
    needs   {psk esp}
    bent    {both-sas-accept-packets}
    tags    {rekey}
    why     "Packets are lost at each rekey."
    hint    "Remove the old inbound SA with the Delete, not with the rekey."
} {
    set sa [ike establish]
    set old [child $sa spi_in]
    manual $sa 1                                     ;# no Delete
    tx $sa CREATE_CHILD_SA -rekey child
    rx $sa CREATE_CHILD_SA response
    precondition {[msg has $rx SA]} "the rekey was refused"
    settle
    must-traffic $sa -child $old -req rfc7296/2.8/old-sa-receives-until-delete
    must-traffic $sa -child [child $sa spi_in] -req rfc7296/2.8.1/both-sas-accept-packets
    must-traffic $sa -child $old -req rfc7296/2.8.1/both-sas-accept-packets
}

testcase rekey/child-received-at-once {
    title   "A packet on the new Child SA right after the response is taken"
    cites   {rfc7296/2.8/responder-receives-early}
    device  both
    needs   {psk esp}
    bent    {responder-receives-early}
    tags    {rekey esp}
    why     "Packets are lost at each rekey."
    hint    "Install the incoming half before the response leaves."
} {
    set sa [ike establish]
    manual $sa 1
    tx $sa CREATE_CHILD_SA -rekey child
    rx $sa CREATE_CHILD_SA response
    precondition {[msg has $rx SA]} "the rekey was refused"
    must-traffic $sa
}

testcase rekey/child-sends-on-new {
    title   "Once a packet came on the new Child SA and the old one was closed, the device sends on the new one"
    cites   {rfc7296/2.8/responder-switches-on-proof}
    device  both
    needs   {psk esp}
    bent    {responder-switches-on-proof}
    tags    {rekey esp}
    why     "The device sends into an SA that is gone."
    hint    "A valid packet on the new SA, or the Delete of the old one, says that the peer is ready."
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic before the rekey"
    tx $sa CREATE_CHILD_SA -rekey child
    rx $sa CREATE_CHILD_SA response
    precondition {[msg has $rx SA]} "the rekey was refused"
    settle                                           ;# the tester deletes the old one
    set before [llength [records inbound ESP]]
    must-traffic $sa
    foreach n [lrange [records inbound ESP] $before end] {
        must rfc7296/2.8/responder-switches-on-proof "packet $n has the SPI of the new SA" {[record $n spi] eq [child $sa spi_in]}
    }
}

testcase rekey/child-selectors-asked {
    title   "The device's rekey asks for no fewer selectors than the old Child SA has, and gets them"
    cites   {rfc7296/2.9.2/rekey-offers-same-or-wider rfc7296/2.8/equivalent-selectors rfc7296/2.9.2/rekey-not-narrower}
    device  both
    needs   {psk rekey-on-demand}
    bent    {rekey-narrows rekey-narrows-ports}
    rev     3
    tags    {rekey ts}
    why     "After a rekey part of the traffic falls out of the tunnel."
    hint    "Offer the policy's selectors, or those of the old SA: addresses, protocol and ports."
} {
    set sa [ike establish]
    set old [child $sa]
    set answered [llength [records outbound CREATE_CHILD_SA response]]
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request
    settle 100
    # the tester narrows what it is asked for to its own policy, which is what the old SA has: wider selectors do no harm
    set new [lindex [dict get [sa $sa] children] end]
    set refusal [record [lindex [records outbound CREATE_CHILD_SA response] $answered] msg]
    if {$refusal ne "" && [msg has $refusal N(TS_UNACCEPTABLE)]} { set new {spi_in "" ts_local {} ts_remote {}} }
    precondition {[dict get $new spi_in] ne [dict get $old spi_in]} "no new Child SA was made"
    foreach side {ts_local ts_remote} {
        set got [dict get $new $side]
        should rfc7296/2.8/equivalent-selectors "$side is as before, [dict get $old $side]: $got" {[lsort $got] eq [lsort [dict get $old $side]]}
        foreach was [dict get $old $side] {
            should rfc7296/2.9.2/rekey-offers-same-or-wider "$was was asked for: $got" {$was in $got}
            must rfc7296/2.9.2/rekey-not-narrower "$was is there, too: $got" {$was in $got}
        }
    }
}

testcase rekey/child-selectors-kept {
    title   "The device's answer to a rekey does not narrow the selectors in use"
    cites   {rfc7296/2.9.2/rekey-responder-keeps-scope}
    device  both
    needs   {psk}
    bent    {rekey-narrows rekey-narrows-ports}
    rev     2
    tags    {rekey ts}
    why     "After a rekey part of the traffic falls out of the tunnel."
    hint    "Answer with what the old SA had: addresses, protocol and ports."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -rekey child
    rx $sa CREATE_CHILD_SA response
    precondition {[msg has $rx SA]} "the rekey was refused"
    # the tester asked for what the old SA has, so that whatever it asked for is in use
    set asked [record $tx_n msg]
    foreach ts {TSi TSr} {
        for {set k 1} {[msg exists $asked $ts.$k]} {incr k} {
            lassign [lmap field {protocol port_lo port_hi addr_lo addr_hi} { msg get $asked $ts.$k.$field }] protocol first last low high
            set kept 0
            for {set j 1} {[msg exists $rx $ts.$j]} {incr j} {
                lassign [lmap field {protocol port_lo port_hi addr_lo addr_hi} { msg get $rx $ts.$j.$field }] p f l a b
                if {$p in [list 0 $protocol] && $f <= $first && $l >= $last && $a eq $low && $b eq $high} { set kept 1 }
            }
            must rfc7296/2.9.2/rekey-responder-keeps-scope "$ts still has $low to $high, protocol $protocol, ports $first to $last" {$kept}
        }
    }
}

testcase rekey/child-unknown-spi {
    title   "A rekey of a Child SA that does not exist gets CHILD_SA_NOT_FOUND with its SPI"
    cites   {rfc7296/2.25.1/child-sa-not-found rfc7296/2.25/child-not-found rfc7296/2.25/child-not-found-spi}
    device  both
    needs   {psk}
    bent    {child-sa-not-found not-found-without-spi}
    tags    {rekey}
    why     "The peer does not learn that its SA is gone, and two ends never agree again."
    hint    "Look the SPI up among those that the peer receives on."
} {
    set sa [ike establish]
    manual $sa 1
    tx $sa CREATE_CHILD_SA -rekey child -set {N(REKEY_SA).spi 0x0badc0de}
    rx $sa CREATE_CHILD_SA response
    precondition {![msg has $rx N(NO_ADDITIONAL_SAS)]} "the device refuses all rekeys"
    should rfc7296/2.25.1/child-sa-not-found "CHILD_SA_NOT_FOUND comes, and no SA" {[msg has $rx N(CHILD_SA_NOT_FOUND)] && ![msg has $rx SA]}
    should rfc7296/2.25/child-not-found "CHILD_SA_NOT_FOUND comes" {[msg has $rx N(CHILD_SA_NOT_FOUND)]}
    if {[msg has $rx N(CHILD_SA_NOT_FOUND)]} {
        set named [msg get $rx N(CHILD_SA_NOT_FOUND).spi]
        must rfc7296/2.25/child-not-found-spi "it names the SPI asked for" {$named eq "0x0badc0de"}
    }
    alive-sa $sa
}

testcase rekey/child-not-found-remade {
    title   "After CHILD_SA_NOT_FOUND the device drops the Child SA and asks for a fresh one"
    cites   {rfc7296/2.25/not-found-drops-and-remakes}
    device  both
    needs   {psk rekey-on-demand}
    bent    {not-found-drops-and-remakes}
    tags    {rekey}
    why     "After one end lost its state the tunnel stays down."
    hint    "Forget the old SA without a Delete and request a new one without REKEY_SA."
} {
    set sa [ike establish]
    edit outbound CREATE_CHILD_SA response {
        if {[msg has $m SA]} {
            foreach p [msg payloads $m] { if {$p ne "SK"} { msg remove $m $p } }
            msg add $m N(CHILD_SA_NOT_FOUND) protocol ESP spi $spi
        }
    }
    set spi 0x[child $sa spi_out]
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request
    precondition {[msg has $rx N(REKEY_SA)]} "the device does not rekey with REKEY_SA"
    edit clear
    rx $sa CREATE_CHILD_SA request -within 10000 -req rfc7296/2.25/not-found-drops-and-remakes {
        should rfc7296/2.25/not-found-drops-and-remakes lacks {N(REKEY_SA)}
    }
}

rows rekey/child-refusal-keeps-old {
    title   "A Child SA whose rekey was refused stays in use"
    cites   {rfc7296/2.8/refused-rekey-keeps-old}
    device  both
    needs   {psk esp rekey-on-demand}
    bent    {refused-rekey-keeps-old}
    tags    {rekey}
    why     "A refused rekey ends the tunnel before its time."
    hint    "Only the exchange failed; the old SA lives until its own end."
} {notify} {
    no-proposal-chosen  NO_PROPOSAL_CHOSEN
    ts-unacceptable     TS_UNACCEPTABLE
    no-additional-sas   NO_ADDITIONAL_SAS
    private-error       9000
} {
    set sa [ike establish]
    set old [child $sa spi_in]
    edit outbound CREATE_CHILD_SA response {
        foreach p [msg payloads $m] { if {$p ne "SK"} { msg remove $m $p } }
        msg add $m N($notify)
    }
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request
    settle
    set deleted [llength [records inbound INFORMATIONAL request -has {D}]]
    # 2.21: closing with a Delete is a policy that is allowed; silence is not
    must rfc7296/2.8/refused-rekey-keeps-old "the old SA carries traffic, or was closed with a Delete" {
        $deleted || [esp-echo $sa -child $old]
    }
}

rows rekey/temporary-failure-waits {
    title   "After TEMPORARY_FAILURE the device does not ask again at once, and goes on as before"
    cites   {rfc7296/2.25/temporary-failure-not-immediate rfc7296/2.25/temporary-waits rfc7296/2.21/only-fatal-errors-delete rfc7296/2.8/refused-rekey-keeps-old}
    device  both
    needs   {psk esp rekey-on-demand}
    bent    {temporary-failure-not-immediate asks-again-soon}
    rev     2
    tags    {rekey collision}
    why     "Two ends that are in each other's way keep each other busy."
    hint    "Wait: the peer needs time to finish."
} {verb} {
    new-child    new-child
    child-rekey  rekey-child
    ike-rekey    rekey-ike
} {
    set sa [ike establish]
    set old [child $sa spi_in]
    edit outbound CREATE_CHILD_SA response {
        foreach p [msg payloads $m] { if {$p ne "SK"} { msg remove $m $p } }
        msg add $m N(TEMPORARY_FAILURE)
    }
    dut $verb $sa
    rx $sa CREATE_CHILD_SA request
    rx-none $sa CREATE_CHILD_SA request -req rfc7296/2.25/temporary-failure-not-immediate -for 200
    settle 600
    # (the same request may come again: an answer that is lost)
    set asked [lsort -unique [lmap n [records inbound CREATE_CHILD_SA request] { record $n mid }]]
    must rfc7296/2.25/temporary-waits "it has asked once" {[llength $asked] == 1}
    alive-sa $sa -req rfc7296/2.21/only-fatal-errors-delete
    if {$verb ne "rekey-ike"} { must-traffic $sa -child $old -req rfc7296/2.8/refused-rekey-keeps-old }
}

testcase rekey/child-ten-times {
    title   "Ten rekeys in turn, by both ends: traffic flows after each"
    cites   {rfc7296/2.17/keymat rfc7296/1.3.3/child-rekey-answered}
    device  both
    needs   {psk esp rekey-on-demand}
    bent    {keymat child-refused}
    tags    {rekey}
    why     "The tunnel ends after some days."
    hint    "What is left over from a former rekey?"
} {
    set sa [ike establish]
    for {set i 0} {$i < 10} {incr i} {
        set old [child $sa spi_in]
        if {$i % 2} {
            dut rekey-child $sa
            rx $sa CREATE_CHILD_SA request
        } else {
            tx $sa CREATE_CHILD_SA -rekey child
            rx $sa CREATE_CHILD_SA response { must rfc7296/1.3.3/child-rekey-answered has {SA Nonce TSi TSr} }
        }
        settle
        precondition {[child $sa count] == 1 && [child $sa spi_in] ne $old} "the Child SA was not replaced"
        must-traffic $sa
    }
}

testcase rekey/child-names-no-spi {
    title   "The refusal of a rekey that names no SPI has no protocol where it has no SPI"
    cites   {rfc7296/2.21.3/errors-answered rfc7296/3.10/empty-spi-protocol-zero}
    device  both
    needs   {psk}
    bent    {not-found-protocol-alone}
    tags    {rekey}
    why     "The peer cannot tell what the refusal is about, or takes it for malformed."
    hint    "The notify copies the SPI of the request, which is empty here, and sets the protocol all the same."
} {
    set sa [ike establish]
    manual $sa 1
    tx $sa CREATE_CHILD_SA -rekey child -set {N(REKEY_SA).spi 0x}
    rx $sa CREATE_CHILD_SA response -req rfc7296/2.21.3/errors-answered
    set refusals [lmap p [msg payloads $rx] { if {![string match N(* $p]} continue; set p }]
    set bare [lmap p $refusals { if {[msg get $rx $p.spi] ne "0x" || [msg get $rx $p.protocol] eq "NONE"} continue; set p }]
    must rfc7296/3.10/empty-spi-protocol-zero "no notify has a protocol without an SPI" {![llength $bare]}
}

testcase rekey/child-unknown-error-fails {
    title   "A rekey whose answer holds an error of an unknown type beside everything else has failed: the old Child SA stays"
    cites   {rfc7296/3.10.1/unknown-error-in-response-fails}
    device  initiator
    needs   {psk rekey-on-demand}
    bent    {unknown-error-in-response-fails}
    tags    {rekey}
    why     "The device works with a Child SA that its peer never made, or goes down with it."
    hint    "Error notifies first, and what failed stays out of the SA that is being made. Found by fuzzing."
} {
    set sa [ike establish]
    set old [child $sa spi_out]
    edit outbound CREATE_CHILD_SA response { msg add $m N(16000) }
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request
    settle
    set deletes [lmap n [records inbound INFORMATIONAL request] {
        set m [record $n msg]
        if {$m eq "" || ![msg has $m D] || ![string match *$old* [msg get $m D.spis]]} continue
        set n
    }]
    must rfc7296/3.10.1/unknown-error-in-response-fails "the old Child SA is not deleted" {![llength $deletes]}
}
