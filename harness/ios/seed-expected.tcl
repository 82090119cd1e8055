# seed-expected.tcl - what the exchange of the two routers must look like: messages, lengths, the router's transitions; and
# what a run of seed-run.tcl is compared with it by.

# What must pass: exchange, kind, message id, flags, length, payloads with their lengths.
set played {
    {IKE_SA_INIT request 0 08 344 {{SA 56} {KE 136} {Nonce 24} {V 23} {V 21} {N(NAT_DETECTION_SOURCE_IP) 28} {N(NAT_DETECTION_DESTINATION_IP) 28}}}
    {IKE_SA_INIT response 0 20 449 {{SA 48} {KE 136} {Nonce 24} {V 23} {V 21} {N(NAT_DETECTION_SOURCE_IP) 28} {N(NAT_DETECTION_DESTINATION_IP) 28} {CERTREQ 105} {N(HTTP_CERT_LOOKUP_SUPPORTED) 8}}}
    {IKE_AUTH request 1 08 556 {{SK 528} {V 20} {IDi 12} {AUTH 28} {CP 309} {SA 40} {TSi 24} {TSr 24} {N(INITIAL_CONTACT) 8} {N(SET_WINDOW_SIZE) 12} {N(ESP_TFC_PADDING_NOT_SUPPORTED) 8} {N(NON_FIRST_FRAGMENTS_ALSO) 8}}}
    {IKE_AUTH response 1 20 252 {{SK 224} {V 20} {IDr 12} {AUTH 28} {SA 40} {TSi 24} {TSr 24} {N(SET_WINDOW_SIZE) 12} {N(ESP_TFC_PADDING_NOT_SUPPORTED) 8} {N(NON_FIRST_FRAGMENTS_ALSO) 8}}}
    {CREATE_CHILD_SA request 3 08 396 {{SK 368} {SA 152} {Nonce 24} {KE 136} {N(SET_WINDOW_SIZE) 12}}}
    {CREATE_CHILD_SA response 3 20 300 {{SK 272} {SA 56} {Nonce 24} {KE 136} {N(SET_WINDOW_SIZE) 12}}}
}
# The same by the router's own debug output.
proc told {log} {
    lmap m [::debuglog::messages $log] {
        if {[dict get $m exchange] eq "INFORMATIONAL"} continue
        list {*}[lmap k {exchange kind mid} { dict get $m $k }] [dict get {INITIATOR 08 "RESPONDER MSG-RESPONSE" 20} [dict get $m flags]] \
            [dict get $m length] [lmap p [dict get $m payloads] { list [dict get $p name] [dict get $p length] }]
    }
}
proc should_tell {} { lmap m $::played { list {*}$m } }
# The messages of a run without the INFORMATIONAL exchanges, which the listing has not.
proc passed {r} { lsearch -all -inline -not [dict get $r messages] INFORMATIONAL* }
# The router's transitions contain these, in this order?
proc in_order {log want} {
    set missing $want
    foreach r [::debuglog::transitions $log] {
        if {"[dict get $r state] [dict get $r event]" eq [lindex $missing 0]} { set missing [lrange $missing 1 end] }
    }
    return $missing
}
proc wanted {} { join [list {*}[lmap m $::played { list $m }]] }

set responder_states {
        "IDLE EV_RECV_INIT" "R_INIT EV_VERIFY_MSG" "R_INIT EV_PROC_MSG" "R_INIT EV_DETECT_NAT" "R_BLD_INIT EV_SET_POLICY" "R_BLD_INIT EV_GEN_DH_KEY"
        "R_BLD_INIT EV_GEN_SKEYID" "R_BLD_INIT EV_BLD_MSG" "INIT_DONE EV_DONE" "R_WAIT_AUTH EV_RECV_AUTH" "R_VERIFY_AUTH EV_VERIFY_AUTH"
        "R_BLD_AUTH EV_GEN_AUTH" "R_BLD_AUTH EV_SEND_AUTH" "AUTH_DONE EV_OK" "READY EV_R_OK" "READY EV_RECV_CREATE_CHILD" "CHILD_R_INIT EV_VERIFY_MSG"
        "CHILD_R_IKE EV_REKEY_IKESA" "CHILD_R_BLD_MSG EV_GEN_SKEYID" "CHILD_R_DONE EV_ACTIVATE_NEW_SA" "EXIT EV_CHK_PENDING"
}
set initiator_states {
        "IDLE EV_INIT_SA" "I_BLD_INIT EV_GET_IKE_POLICY" "I_BLD_INIT EV_GEN_DH_KEY" "I_BLD_INIT EV_BLD_MSG" "I_WAIT_INIT EV_RECV_INIT"
        "I_PROC_INIT EV_VERIFY_MSG" "I_PROC_INIT EV_DETECT_NAT" "INIT_DONE EV_GEN_DH_SECRET" "INIT_DONE EV_GEN_SKEYID" "I_BLD_AUTH EV_GEN_AUTH"
        "I_BLD_AUTH EV_SEND_AUTH" "I_WAIT_AUTH EV_RECV_AUTH" "I_PROC_AUTH EV_VERIFY_AUTH" "AUTH_DONE EV_OK" "READY EV_I_OK"
        "CHILD_I_WAIT EV_RECV_CREATE_CHILD" "CHILD_I_PROC EV_PROC_MSG" "CHILD_I_PROC EV_GEN_SKEYID" "CHILD_I_DONE EV_ACTIVATE_NEW_SA" "EXIT EV_CHK_PENDING"
}
