# auth.tcl - bent devices of IKE_AUTH: what they say of themselves is wrong, or wrongly put.

bent auth-miscomputed {
    title "The AUTH payload it sends is not the one its secret gives"
    edit  {IKE_AUTH any { if {[msg has $m AUTH]} { msg set $m AUTH.data 0x[string repeat 5a 32] } }}
}

bent auth-failure-with-idr {
    title "A failed authentication is answered by its identity besides the notify"
    edit  {IKE_AUTH response {
        if {[msg has $m N(AUTHENTICATION_FAILED)]} { msg add $m IDr -body "\2\0\0\0d.lab" }
    }}
}

bent invalid-syntax-with-idr {
    title "A malformed IKE_AUTH request is answered by its identity besides the notify"
    edit  {IKE_AUTH response {
        if {[msg has $m N(INVALID_SYNTAX)]} { msg add $m IDr -body "\2\0\0\0d.lab" }
    }}
}

bent invalid-syntax-other-notify {
    title "A malformed IKE_AUTH request is answered by NO_PROPOSAL_CHOSEN"
    edit  {IKE_AUTH response {
        if {[msg has $m N(INVALID_SYNTAX)]} { msg set $m N(INVALID_SYNTAX).type NO_PROPOSAL_CHOSEN }
    }}
}

bent auth-critical-type-not-named {
    title "UNSUPPORTED_CRITICAL_PAYLOAD without the type it is about"
    edit  {any response {
        if {[msg has $m N(UNSUPPORTED_CRITICAL_PAYLOAD)]} { msg set $m N(UNSUPPORTED_CRITICAL_PAYLOAD).data hex: }
    }}
}

bent id-terminated {
    title "Its name ends with a null octet"
    edit  {IKE_AUTH request  { if {[msg has $m IDi]} { msg set $m IDi.data [msg get $m IDi.data]00 } }
           IKE_AUTH response { if {[msg has $m IDr]} { msg set $m IDr.data [msg get $m IDr.data]00 } }}
}

bent id-reserved-sent {
    title "The reserved octets of its ID payload are set"
    edit  {IKE_AUTH request  { if {[msg has $m IDi]} { msg set $m IDi.reserved2 0x010203 } }
           IKE_AUTH response { if {[msg has $m IDr]} { msg set $m IDr.reserved2 0x010203 } }}
}

bent auth-without-id {
    title "It leaves its own identity out"
    edit  {IKE_AUTH request { msg remove $m IDi } IKE_AUTH response { if {[msg has $m IDr]} { msg remove $m IDr } }}
}

bent initial-contact-in-clear {
    title "INITIAL_CONTACT stands in IKE_SA_INIT"
    edit  {IKE_SA_INIT any { msg add $m N(INITIAL_CONTACT) }}
}

bent initial-contact-later {
    title "INITIAL_CONTACT stands in later messages too"
    edit  {CREATE_CHILD_SA any { msg add $m N(INITIAL_CONTACT) } INFORMATIONAL any { msg add $m N(INITIAL_CONTACT) }}
}

bent child-made-all-the-same {
    title "It answers with SA, TSi and TSr whatever the request lacked"
    edit  {IKE_AUTH response {
        foreach p [msg payloads $m] { if {$p in {IDr AUTH SA TSi TSr} || [string match N(* $p]} { msg remove $m $p } }
        msg add $m SA -body [binary decode hex 0000002001030402c0ffee010300000c01000014800e01000000000805000000]
        foreach ts {TSi TSr} { msg add $m $ts -body [binary decode hex 01000000070000100000ffff0a0100000a0100ff] }
    }}
}

bent child-made-all-the-same-later {
    title "It authenticates again when an IKE_AUTH request comes on an SA that is up"
    edit  {IKE_AUTH response {
        if {[msg has $m N(INVALID_SYNTAX)]} {
            msg remove $m N(INVALID_SYNTAX)
            msg add $m IDr -body "\2\0\0\0d.lab"
            msg add $m AUTH method PSK data 0x[string repeat 5a 32]
        }
    }}
}

# The vendor id of auth/init-altered-on-path, taken for what it was before somebody changed it.
bent auth-not-over-vendor-ids {
    title       "AUTH covers IKE_SA_INIT, but not the vendor ids in it"
    hear-octets {IKE_SA_INIT any {
        set vendor 00112233445566778899aabbccddee
        string map [list [binary decode hex ${vendor}fe] [binary decode hex ${vendor}ff]] $bytes
    }}
}

bent auth-without-child {
    title "IKE_AUTH makes no Child SA"
    edit  {IKE_AUTH any { foreach p {SA TSi TSr} { if {[msg has $m $p]} { msg remove $m $p } } }}
}

bent id-of-other-type {
    title "It sends its name under another type than was configured"
    edit  {IKE_AUTH any {
        foreach p {IDi IDr} who {request response} {
            if {[msg has $m $p]} { msg set $m $p.type [expr {[msg get $m $p.type] eq "ID_KEY_ID" ? "ID_FQDN" : "ID_KEY_ID"}] }
        }
    }}
}

bent fills-in-identity {
    title "A responder that does not say who it is is taken for the one it should be"
    hear  {IKE_AUTH response { if {![msg has $m IDr] && [msg has $m AUTH]} { msg add $m IDr -body "\2\0\0\0t.lab" } }}
}

bent believes-without-proof {
    title   "A responder that proves nothing is believed"
    rulings {auth-verified}
    hear    {IKE_AUTH response {
        if {![msg has $m IDr]} { msg add $m IDr -body "\2\0\0\0t.lab" }
        if {![msg has $m AUTH]} { msg add $m AUTH method PSK data 0x[string repeat 00 32] }
    }}
}
