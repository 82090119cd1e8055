# probes.tcl - what `ikespec probe` asks of a device, one row a question. A question is a small story in the case language
# (cases/README.md) under a setup; it answers with `note yes ...`, `note no ...` and words about what was seen.
#
#   probe CLAIM ROLE SETUP {what is asked} {body}
# CLAIM is the word of a profile that the answer is held against; one that begins with + is told and held against nothing.
# What a story cannot reach (no SA, no answer) is unknown, never no.

probe responder responder psk {answers IKE_SA_INIT} {
    ike init
    note yes IKE_SA_INIT response
}
probe psk responder psk {proves itself with a pre-shared key} {
    ike establish
    note yes an IKE SA was made
}
probe initiator initiator psk {initiates} {
    set sa [ike await]
    note yes IKE_SA_INIT request of its own
}
probe certificates responder cert-rsa {proves itself with a certificate} {
    set sa [ike init]
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response
    note [expr {[msg has $rx CERT] ? "yes" : "no"}] [msg chain $rx]
}
probe hash-and-url responder {cert-rsa lookup yes} {looks certificates up by URL (RFC 7296 3.6)} {
    tx IKE_SA_INIT
    rx IKE_SA_INIT response
    note [expr {[msg has $rx N(HTTP_CERT_LOOKUP_SUPPORTED)] ? "yes" : "no"}] [msg chain $rx]
}
probe aead responder psk-aead {AES-GCM for the IKE SA} {
    tx IKE_SA_INIT
    rx IKE_SA_INIT response
    note [expr {[msg has $rx SA] ? "yes" : "no"}] [msg chain $rx]
}
probe cookie responder {psk cookie always} {asks for a cookie when told to} {
    tx IKE_SA_INIT
    rx IKE_SA_INIT response -has {N(COOKIE)}
    note yes [msg chain $rx]
}
probe nat-traversal responder psk {takes part in NAT detection} {
    tx IKE_SA_INIT
    rx IKE_SA_INIT response
    note [expr {[msg has $rx N(NAT_DETECTION_SOURCE_IP)] && [msg has $rx N(NAT_DETECTION_DESTINATION_IP)] ? "yes" : "no"}] [msg chain $rx]
}
probe fragmentation responder {psk fragmentation yes} {IKE fragmentation (RFC 7383)} {
    tx IKE_SA_INIT
    rx IKE_SA_INIT response
    note [expr {[msg has $rx N(IKEV2_FRAGMENTATION_SUPPORTED)] ? "yes" : "no"}] [msg chain $rx]
}
probe childless responder {psk childless yes} {IKE SAs without a Child SA (RFC 6023)} {
    tx IKE_SA_INIT
    rx IKE_SA_INIT response
    note [expr {[msg has $rx N(CHILDLESS_IKEV2_SUPPORTED)] ? "yes" : "no"}] [msg chain $rx]
}
probe intermediate responder psk {IKE_INTERMEDIATE (RFC 9242)} {
    tx IKE_SA_INIT -add {N(INTERMEDIATE_EXCHANGE_SUPPORTED)}
    rx IKE_SA_INIT response
    note [expr {[msg has $rx N(INTERMEDIATE_EXCHANGE_SUPPORTED)] ? "yes" : "no"}] [msg chain $rx]
}
probe ppk responder psk {post-quantum pre-shared keys (RFC 8784)} {
    tx IKE_SA_INIT -add {N(USE_PPK)}
    rx IKE_SA_INIT response
    note [expr {[msg has $rx N(USE_PPK)] ? "yes" : "no"}] [msg chain $rx]
}
probe mobike responder {psk mobike yes} {MOBIKE (RFC 4555)} {
    set sa [ike init]
    tx $sa IKE_AUTH -add {N(MOBIKE_SUPPORTED)}
    rx $sa IKE_AUTH response
    precondition {[msg has $rx AUTH]} "IKE_AUTH was refused: [msg chain $rx]"
    note [expr {[msg has $rx N(MOBIKE_SUPPORTED)] ? "yes" : "no"}] [msg chain $rx]
}
probe resumption responder psk {tickets (RFC 5723)} {
    set sa [ike init]
    tx $sa IKE_AUTH -add {N(TICKET_REQUEST)}
    rx $sa IKE_AUTH response
    precondition {[msg has $rx AUTH]} "IKE_AUTH was refused: [msg chain $rx]"
    note [expr {[msg has $rx N(TICKET_LT_OPAQUE)] || [msg has $rx N(TICKET_ACK)] ? "yes" : "no"}] [msg chain $rx]
}
probe config responder {psk pool 10.9.0.0/24} {gives an inner address} {
    set sa [ike init]
    tx $sa IKE_AUTH -add [list CP -before SA -body [binary decode hex 0100000000010000]]
    rx $sa IKE_AUTH response
    precondition {[msg has $rx AUTH]} "IKE_AUTH was refused: [msg chain $rx]"
    set given [lmap p [msg paths $rx] { if {![string match INTERNAL_IP4_ADDRESS [lindex $p 1]]} continue; lindex $p 1 }]
    note [expr {[llength $given] ? "yes" : "no"}] [msg chain $rx]
}
probe eap responder psk {asks a peer without AUTH for EAP} {
    set sa [ike init]
    tx $sa IKE_AUTH -remove {AUTH}
    rx $sa IKE_AUTH response
    note [expr {[msg has $rx EAP] ? "yes" : "no"}] [msg chain $rx]
}
probe transport-mode responder psk-transport {transport mode} {
    set sa [ike init]
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response
    precondition {[msg has $rx AUTH]} "IKE_AUTH was refused: [msg chain $rx]"
    note [expr {[msg has $rx N(USE_TRANSPORT_MODE)] ? "yes" : "no"}] [msg chain $rx]
}
probe tunnel-mode responder psk {tunnel mode} {
    set sa [ike init]
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response
    precondition {[msg has $rx AUTH]} "IKE_AUTH was refused: [msg chain $rx]"
    note [expr {[msg has $rx SA] && ![msg has $rx N(USE_TRANSPORT_MODE)] ? "yes" : "no"}] [msg chain $rx]
}
probe esn responder {psk esp {{ENCR_AES_CBC-256 AUTH_HMAC_SHA2_256_128 ESN_YES}}} {extended sequence numbers} {
    set sa [ike init]
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response
    precondition {[msg has $rx AUTH]} "IKE_AUTH was refused: [msg chain $rx]"
    note [expr {[msg has $rx SA] ? "yes" : "no"}] [msg chain $rx]
}
probe window responder {psk window 4} {says that it takes several requests at once} {
    set sa [ike init]
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response
    precondition {[msg has $rx AUTH]} "IKE_AUTH was refused: [msg chain $rx]"
    if {[msg has $rx N(SET_WINDOW_SIZE)]} {
        note yes SET_WINDOW_SIZE [expr [msg get $rx N(SET_WINDOW_SIZE).data]]
    } else {
        note no [msg chain $rx]
    }
}
probe initial-contact initiator {psk initial-contact yes} {says INITIAL_CONTACT} {
    set sa [ike await]
    rx $sa IKE_AUTH request
    note [expr {[msg has $rx N(INITIAL_CONTACT)] ? "yes" : "no"}] [msg chain $rx]
}
probe esp responder psk {carries packets} {
    set sa [ike establish]
    note [expr {[esp-echo $sa] ? "yes an echo came back through the tunnel" : "no nothing came back through the tunnel"}]
}
probe tfc responder psk {takes ESP packets with TFC padding} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no echo without padding either"
    note [expr {[esp-echo $sa -tfc 64] ? "yes an echo with 64 octets of padding came back" : "no an echo with 64 octets of padding did not come back"}]
}
probe pfs responder psk-pfs {a key exchange of its own for a Child SA} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -rekey child
    rx $sa CREATE_CHILD_SA response
    note [expr {[msg has $rx KE] ? "yes" : "no"}] [msg chain $rx]
}
probe rekey-on-demand responder psk {rekeys a Child SA when told to} {
    set sa [ike establish]
    dut rekey-child $sa
    rx $sa CREATE_CHILD_SA request -has {N(REKEY_SA)}
    note yes [msg chain $rx]
}
probe rekey-by-time responder {psk child-rekey 10} {rekeys a Child SA by itself} {
    set sa [ike establish]
    set from [record [lindex [records inbound IKE_AUTH response] end] t_us]
    rx $sa CREATE_CHILD_SA request -has {N(REKEY_SA)} -within 25000
    note yes "after [format %.1f [expr {([record $rx_n t_us] - $from) / 1e6}]] s, told to after 10 s"
}
probe liveness responder {psk dpd 2} {looks after its peer} {
    set sa [ike establish]
    set from [record [lindex [records inbound IKE_AUTH response] end] t_us]
    rx $sa INFORMATIONAL request -liveness 1 -within 20000
    note yes "after [format %.1f [expr {([record $rx_n t_us] - $from) / 1e6}]] s, told to after 2 s"
}
probe +retransmission initiator psk {repeats a request that nobody answers} {
    drop outbound IKE_SA_INIT response
    dut initiate
    rx IKE_SA_INIT request
    set times [record $rx_n t_us]
    for {set i 0} {$i < 3} {incr i} {
        rx IKE_SA_INIT request -retransmit 1 -within 12000
        lappend times [record $rx_n t_us]
    }
    note yes "after [join [lmap a [lrange $times 0 2] b [lrange $times 1 3] { format %.1f [expr {($b - $a) / 1e6}] }] {, }] s"
}
probe +signature-hashes responder psk {hashes for signatures (RFC 7427)} {
    tx IKE_SA_INIT -add {N(SIGNATURE_HASH_ALGORITHMS) data 0x00010002000300040005}
    rx IKE_SA_INIT response
    note [expr {[msg has $rx N(SIGNATURE_HASH_ALGORITHMS)] ? "yes [msg get $rx N(SIGNATURE_HASH_ALGORITHMS).data]" : "no [msg chain $rx]"}]
}
probe +vendor-ids responder psk {says who it is} {
    tx IKE_SA_INIT
    rx IKE_SA_INIT response
    set ids [lmap p [msg paths $rx] { if {![string match {V*.data} [lindex $p 0]]} continue; lindex $p 1 }]
    note [expr {[llength $ids] ? "yes" : "no"}] [join $ids]
}
