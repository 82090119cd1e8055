# exchange.tcl - bent devices whose later exchanges (CREATE_CHILD_SA, INFORMATIONAL) go wrong: what they say is edited
# on its way out, or what they hear on its way in.

bent response-id-wrong {
    title "Its INFORMATIONAL responses carry another message id than the request"
    edit  {INFORMATIONAL response {msg set $m HDR.mid [expr {$mid + 5}]}}
}

bent informational-unanswered {
    title "It answers no INFORMATIONAL request"
    edit  {INFORMATIONAL response {return drop}}
}

bent create-child-id-skipped {
    title "Its CREATE_CHILD_SA requests leave a message id out"
    edit  {CREATE_CHILD_SA request {msg set $m HDR.mid [expr {$mid + 1}]}}
}

bent window-size-short {
    title "Its SET_WINDOW_SIZE has one octet"
    edit  {
        IKE_AUTH any {if {[msg has $m N(SET_WINDOW_SIZE)]} { msg set $m N(SET_WINDOW_SIZE).data 0x04 }}
    }
}

bent child-refused {
    title "It answers every CREATE_CHILD_SA request with NO_PROPOSAL_CHOSEN"
    edit  {CREATE_CHILD_SA response {
        foreach p [msg payloads $m] { if {$p ne "SK"} { msg remove $m $p } }
        msg add $m N(NO_PROPOSAL_CHOSEN)
    }}
}

bent child-error-unsaid {
    title "It answers a CREATE_CHILD_SA request that it refuses with an empty message"
    edit  {CREATE_CHILD_SA response {
        if {![msg has $m SA]} { foreach p [msg payloads $m] { if {$p ne "SK"} { msg remove $m $p } } }
    }}
}

bent child-payload-missing {
    title "Its CREATE_CHILD_SA requests lack the nonce"
    edit  {CREATE_CHILD_SA request {msg remove $m Nonce}}
}

bent child-response-short {
    title "Its CREATE_CHILD_SA responses lack TSr"
    edit  {CREATE_CHILD_SA response {if {[msg has $m TSr]} { msg remove $m TSr }}}
}

bent ke-group-not-offered {
    title "The KE payload of its CREATE_CHILD_SA requests has a group that it does not offer"
    edit  {CREATE_CHILD_SA request {if {[msg has $m KE]} { msg set $m KE.group MODP_2048 }}}
}

bent ke-left-out {
    title "Its CREATE_CHILD_SA messages lack the KE payload"
    edit  {CREATE_CHILD_SA any {if {[msg has $m KE]} { msg remove $m KE }}}
}

bent invalid-ke-four-octets {
    title "Its INVALID_KE_PAYLOAD names the group in four octets"
    edit  {CREATE_CHILD_SA response {
        if {[msg has $m N(INVALID_KE_PAYLOAD)]} { msg set $m N(INVALID_KE_PAYLOAD).data 0x00000013 }
    }}
}

bent rekey-names-other-spi {
    title "REKEY_SA names an SPI that is not its own inbound one"
    edit  {CREATE_CHILD_SA request {if {[msg has $m N(REKEY_SA)]} { msg set $m N(REKEY_SA).spi 0x0badc0de }}}
}

bent rekey-names-ah {
    title "REKEY_SA for an ESP SA says AH"
    edit  {CREATE_CHILD_SA request {if {[msg has $m N(REKEY_SA)]} { msg set $m N(REKEY_SA).protocol AH }}}
}

bent rekey-with-data {
    title "REKEY_SA carries notification data"
    edit  {CREATE_CHILD_SA request {if {[msg has $m N(REKEY_SA)]} { msg set $m N(REKEY_SA).data 0x01020304 }}}
}

bent rekey-narrows {
    title "Its CREATE_CHILD_SA messages cut the selectors to one address"
    edit  {CREATE_CHILD_SA any {
        foreach ts {TSi TSr} {
            if {[msg has $m $ts]} { msg set $m $ts.1.addr_hi [msg get $m $ts.1.addr_lo] }
        }
    }}
}

bent rekey-narrows-ports {
    title "Its CREATE_CHILD_SA messages cut the selectors to one protocol and a few ports"
    edit  {CREATE_CHILD_SA any {
        foreach ts {TSi TSr} {
            if {[msg has $m $ts]} { msg set $m $ts.1.protocol 17 $ts.1.port_lo 1000 $ts.1.port_hi 2000 }
        }
    }}
}

bent not-found-without-spi {
    title "CHILD_SA_NOT_FOUND names no SPI"
    edit  {CREATE_CHILD_SA response {
        if {[msg has $m N(CHILD_SA_NOT_FOUND)]} { msg set $m N(CHILD_SA_NOT_FOUND).spi 0x N(CHILD_SA_NOT_FOUND).protocol NONE }
    }}
}

bent ike-rekey-with-selectors {
    title "It rekeys the IKE SA with selectors in the message"
    edit  {CREATE_CHILD_SA any {
        if {[msg has $m SA] && [msg get $m SA.1.protocol] eq "IKE"} {
            msg add $m TSi -body [binary decode hex 01000000070000100000ffff0a0100000a0100ff]
            msg add $m TSr -body [binary decode hex 01000000070000100000ffff0a0200000a0200ff]
        }
    }}
}

bent ike-rekey-spi-zero {
    title "The new IKE SPI that it proposes is zero"
    edit  {CREATE_CHILD_SA any {
        if {[msg has $m SA] && [msg get $m SA.1.protocol] eq "IKE"} { msg set $m SA.1.spi 0x0000000000000000 }
    }}
}

bent ike-rekey-spi-kept {
    title "The new IKE SPI that it proposes is the one that it has"
    edit  {IKE_SA_INIT request { set own [msg get $m HDR.spi_i] } IKE_SA_INIT response { set own [msg get $m HDR.spi_r] }
    CREATE_CHILD_SA any {
        if {[msg has $m SA] && [msg get $m SA.1.protocol] eq "IKE"} { msg set $m SA.1.spi $own }
    }}
}

bent initiator-flag-turned {
    title "The Initiator flag of its INFORMATIONAL requests is turned round"
    edit  {INFORMATIONAL request {msg set $m HDR.flags.I [expr {![msg get $m HDR.flags.I]}]}}
}

bent delete-names-other-spi {
    title "Its Deletes name an SPI that is not its own inbound one"
    edit  {INFORMATIONAL any {if {[msg has $m D] && [msg get $m D.protocol] eq "ESP"} { msg set $m D.spis 0x0badc0de }}}
}

bent delete-names-ah {
    title "Its Deletes of ESP SAs say AH"
    edit  {INFORMATIONAL any {if {[msg has $m D] && [msg get $m D.protocol] eq "ESP"} { msg set $m D.protocol AH }}}
}

bent delete-ike-with-spi {
    title "Its Delete of the IKE SA has SPIs"
    edit  {INFORMATIONAL request {
        if {[msg has $m D] && [msg get $m D.protocol] eq "IKE"} { msg set $m D.spi_size 8 D.spis 0x0102030405060708 }
    }}
}

bent delete-left-out {
    title "Its Deletes are empty INFORMATIONAL messages"
    edit  {INFORMATIONAL any {if {[msg has $m D]} { msg remove $m D }}}
}

bent crossed-deletes-close-nothing {
    title   "It closes no Child SA, neither for the peer nor for itself"
    rulings {delete-closes-named close-own-incoming}
}

bent delete-names-both-halves {
    title "Its Deletes name the SPI of the other direction as well"
    edit  {INFORMATIONAL request {
        if {[msg has $m D] && [msg get $m D.protocol] eq "ESP"} { msg set $m D.num_spis 2 D.spis [msg get $m D.spis]0badc0de }
    }}
}

bent takes-none-for-its-group {
    title "It takes NONE in an IKE rekey for the group it knows"
    hear  {CREATE_CHILD_SA request {
        if {[msg has $m SA] && [msg exists $m SA.1.KE.id]} {
            msg set $m SA.1.KE.id ECP_256
            if {![msg has $m KE]} {
                msg add $m KE -body [binary decode hex [string cat 00130000 6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296 4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5]]
            }
        }
    }}
}

bent offers-none-in-ike-rekey {
    title "It offers NONE as well when it rekeys the IKE SA"
    edit  {CREATE_CHILD_SA request {
        if {[msg has $m SA] && [msg get $m SA.1.protocol] eq "IKE"} { msg double $m SA.1.KE; msg set $m SA.1.KE.id 0 }
    }}
}

bent delete-always-answered-with-delete {
    title "Every INFORMATIONAL response holds a Delete"
    edit  {INFORMATIONAL response {if {![msg has $m D]} { msg add $m D protocol ESP spi_size 4 spis 0x0badc0de }}}
}

bent liveness-never-checked {
    title "Its INFORMATIONAL requests never leave"
    edit  {INFORMATIONAL request {return drop}}
}

bent ke-without-group {
    title "Its CREATE_CHILD_SA responses have a KE payload that nobody asked for"
    edit  {CREATE_CHILD_SA response {
        if {[msg has $m SA] && ![msg has $m KE]} { msg add $m KE -body [binary decode hex 00130000[string repeat 5a 64]] }
    }}
}

bent ike-refusal-fatal {
    title "It answers nothing any more once its IKE rekey was refused"
    hear  {CREATE_CHILD_SA response {
        if {![msg has $m SA]} { set silent 1 }
    }}
    edit  {INFORMATIONAL response {
        if {[info exists silent]} { return drop }
    }}
}

bent ke-invented {
    title "It takes a rekey of the IKE SA that lacks a KE payload, as if one had been there"
    hear  {CREATE_CHILD_SA request {
        if {![msg has $m KE]} {
            # the base point of the curve
            msg add $m KE -body [binary decode hex [string cat 00130000 6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296 4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5]]
        }
    }}
}

bent delete-spi-size-wrong {
    title "Its Deletes of Child SAs give SPIs eight octets"
    edit  {INFORMATIONAL any {
        if {[msg has $m D] && [msg get $m D.protocol] eq "ESP"} { msg set $m D.spi_size 8 D.spis 0x0102030405060708 }
    }}
}

bent second-delete-overlooked {
    title "Of several Delete payloads it takes the last only"
    hear  {INFORMATIONAL request {
        if {[llength [lsearch -all -exact [msg payloads $m] D]] > 1} { msg remove $m D }
    }}
}

bent delete-pair-twice {
    title "It names each SPI of a Delete response twice"
    edit  {INFORMATIONAL response {
        if {[msg has $m D]} { msg set $m D.num_spis 2 D.spis [msg get $m D.spis][string range [msg get $m D.spis] 2 end] }
    }}
}

bent delete-protocol-overlooked {
    title "It takes every Delete with SPIs for one of ESP SAs"
    hear  {INFORMATIONAL request {
        if {[msg has $m D] && [msg get $m D.protocol] eq "AH"} { msg set $m D.protocol ESP }
    }}
}

bent informational-critical-unnamed {
    title "UNSUPPORTED_CRITICAL_PAYLOAD in its INFORMATIONAL responses names no type"
    edit  {INFORMATIONAL response {
        if {[msg has $m N(UNSUPPORTED_CRITICAL_PAYLOAD)]} { msg set $m N(UNSUPPORTED_CRITICAL_PAYLOAD).data 0x }
    }}
}

bent first-delete-only {
    title "Of several Delete payloads it takes the first only"
    hear  {INFORMATIONAL request {
        while {[llength [lsearch -all -exact [msg payloads $m] D]] > 1} { msg remove $m {D[1]} }
    }}
}

bent rekeys-never-leave {
    title "Its CREATE_CHILD_SA requests never leave"
    edit  {CREATE_CHILD_SA request {return drop}}
}

bent lifetimes-are-the-peers {
    title "It leaves it to the peer to replace or to delete SAs"
    edit  {CREATE_CHILD_SA request {return drop} INFORMATIONAL request {return drop}}
}

bent insists-on-notify-protocol {
    title "It drops messages with a notify that names a protocol and has no SPI"
    hear  {INFORMATIONAL request {
        foreach p [msg payloads $m] {
            if {[string match N(* $p] && [msg get $m $p.protocol] ni {0 NONE} && [msg get $m $p.spi] eq "0x"} { return drop }
        }
    }}
}

bent knows-notify-and-delete-only {
    title "It drops INFORMATIONAL requests with payloads other than Notify and Delete"
    hear  {INFORMATIONAL request {
        foreach p [msg payloads $m] { if {![string match N(* $p] && $p ni {SK D}} { return drop } }
    }}
}

bent takes-clear-beside-encrypted {
    title "It takes payloads in clear beside the Encrypted payload for part of the message"
    hear  {INFORMATIONAL request { if {[msg has $m D]} { set spis [msg get $m D.spis]; msg remove $m D; msg add $m D protocol ESP spi_size 4 spis $spis } }}
}

bent transport-unconfirmed {
    title "It uses transport mode without saying so"
    edit  {IKE_AUTH response { if {[msg has $m N(USE_TRANSPORT_MODE)]} { msg remove $m N(USE_TRANSPORT_MODE) } }}
}

bent transport-unasked {
    title "It says transport mode although nobody asked"
    edit  {IKE_AUTH response { if {[msg has $m SA]} { msg add $m N(USE_TRANSPORT_MODE) } }}
}

bent rekey-names-ike {
    title "REKEY_SA says that the SPI is one of IKE"
    edit  {CREATE_CHILD_SA request {if {[msg has $m N(REKEY_SA)]} { msg set $m N(REKEY_SA).protocol IKE }}}
}

bent ends-by-invalid-selectors {
    title "It closes the IKE SA when it hears INVALID_SELECTORS"
    hear  {INFORMATIONAL request { if {[msg has $m N(INVALID_SELECTORS)]} { msg remove $m N(INVALID_SELECTORS); msg add $m D protocol IKE } }}
}

bent not-found-protocol-alone {
    title "CHILD_SA_NOT_FOUND names a protocol and no SPI"
    edit  {CREATE_CHILD_SA response {
        if {[msg has $m N(CHILD_SA_NOT_FOUND)]} { msg set $m N(CHILD_SA_NOT_FOUND).spi 0x N(CHILD_SA_NOT_FOUND).protocol ESP }
    }}
}

bent insists-on-order-later {
    title "It drops protected messages whose payloads are not in the order of the RFC"
    hear  {any any {
        if {[msg get $m HDR.exchange] eq "IKE_SA_INIT"} return
        set order {}
        foreach p [msg payloads $m] {
            set place [lsearch -exact {SK IDi IDr AUTH SA Nonce KE TSi TSr} $p]
            if {$place >= 0} { lappend order $place }
        }
        if {$order ne [lsort -integer $order]} { return drop }
    }}
}

bent nonce-invented {
    title "It makes a Child SA with a nonce of its own where the peer sent none"
    hear  {CREATE_CHILD_SA request { if {![msg has $m Nonce]} { msg add $m Nonce data 0x[string repeat 5a 32] } }}
}

bent child-made-from-nothing {
    title "It answers a request for a Child SA that cannot be as if it could"
    edit  {CREATE_CHILD_SA response {
        if {![msg has $m SA]} { msg add $m SA -body [binary decode hex 00000020010304020badc0de0300000c01000014800e01000000000805000000] }
    }}
}

bent child-error-fatal {
    title "It answers nothing any more once it refused a Child SA"
    edit  {CREATE_CHILD_SA response { if {![msg has $m SA]} { set silent 1 } }
           INFORMATIONAL response { if {[info exists silent]} { return drop } }}
}

bent one-spi-always {
    title "All its Child SAs have the same SPI"
    edit  {IKE_AUTH any { if {[msg has $m SA]} { set spi [msg get $m SA.1.spi] } }
           CREATE_CHILD_SA any { if {[msg has $m SA] && [msg get $m SA.1.protocol] eq "ESP"} { msg set $m SA.1.spi $spi } }}
}

bent one-ike-sa-only {
    title "It has one IKE SA and no second one"
    hear  {IKE_SA_INIT request { if {[info exists begun] && $begun ne [msg get $m HDR.spi_i]} { return drop }; set begun [msg get $m HDR.spi_i] }}
}

bent asks-for-a-child-at-once {
    title   "It asks for a new Child SA whatever it is doing to the IKE SA"
    rulings {window-respected no-new-child-while-ike-rekey}
}

bent initiates-only {
    title "Answers no IKE_SA_INIT while its own is not answered"
    hear  {IKE_SA_INIT request { return drop }}
}

bent informational-other-error {
    title "It answers an INFORMATIONAL request that it cannot read by NO_PROPOSAL_CHOSEN"
    edit  {INFORMATIONAL response { if {[msg has $m N(INVALID_SYNTAX)]} { msg set $m N(INVALID_SYNTAX).type NO_PROPOSAL_CHOSEN } }}
}

bent malformed-called-critical {
    title "It answers what it cannot read as if it were an unknown critical payload"
    edit  {INFORMATIONAL response {
        if {[msg has $m N(INVALID_SYNTAX)]} { msg set $m N(INVALID_SYNTAX).data 0x29 N(INVALID_SYNTAX).type UNSUPPORTED_CRITICAL_PAYLOAD }
    }}
}

bent asks-again-soon {
    title   "It asks again not at once after TEMPORARY_FAILURE, but before anybody could have finished"
    rulings {temporary-failure-not-immediate}
    edge    {delay outbound CREATE_CHILD_SA request -ms 400 -skip 1}
}

bent forgery-uses-the-id {
    title       "A request that fails its check uses its message id up: the true one is taken for a repetition"
    hear-octets {INFORMATIONAL request {
        set heard_id [string range $bytes 20 23]
        if {[info exists heard_by($heard_id)] && $heard_by($heard_id) ne $bytes} { return drop }
        set heard_by($heard_id) $bytes
    }}
}

bent declines-and-deletes-another {
    title "It does not want the Child SA that the peer made of its request, and its Delete names another one"
    hear  {IKE_AUTH response { if {[msg has $m TSr]} { msg set $m {TSr.selector[0].addr_lo} 0.0.0.0 {TSr.selector[0].addr_hi} 255.255.255.255 } }}
    edit  {INFORMATIONAL request { if {[msg has $m D] && [msg get $m D.protocol] eq "ESP"} { msg set $m D.spis 0x0badc0de } }}
}
