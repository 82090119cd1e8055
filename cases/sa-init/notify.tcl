# notify.tcl - RFC 7296 sections 3.10.1, 2.21.1 and 3.12: notifies and vendor ids that nobody asked for.

rows sa-init/unknown-status {
    title   "A notify of unknown status type is ignored"
    cites   {rfc7296/3.10.1/unknown-status-ignored}
    device  both
    needs   {psk}
    bent    {unknown-status-ignored}
    tags    {sa-init notify}
    why     "Peers with extensions cannot connect."
    hint    "Types from 16384 on only inform."
} {type data} {
    unassigned     32000  ""
    with-data      32001  0x000102030405060708090a0b0c0d0e0f
    private-first  40960  ""
    private-last   65535  str:unknown
} {
    set add { msg add $m N($type); if {$data ne ""} { msg set $m N($type).data $data } }
    set sa [ike init -edit $add response { must rfc7296/3.10.1/unknown-status-ignored has {SA KE Nonce} }]
    auth $sa rx { must rfc7296/3.10.1/unknown-status-ignored has {AUTH} }
}

rows sa-init/unknown-error-in-request {
    title   "A notify of unknown error type in a request is ignored"
    cites   {rfc7296/3.10.1/unknown-error-in-request-ignored}
    device  responder
    needs   {psk}
    bent    {unknown-error-in-request-ignored}
    tags    {sa-init notify}
    why     "Peers with extensions cannot connect."
    hint    "An error is about a request; in a request it means nothing."
} {type} {
    unassigned  200
    reserved    8191
    private     16383
} {
    set sa [tx IKE_SA_INIT -add [list [list N($type)]]]
    rx $sa IKE_SA_INIT response { must rfc7296/3.10.1/unknown-error-in-request-ignored has {SA KE Nonce} }
    tx $sa IKE_AUTH
    rx $sa IKE_AUTH response { must rfc7296/3.10.1/unknown-error-in-request-ignored has {AUTH} }
}

rows sa-init/error-in-response {
    title   "A response with an error notify is not used, whatever else is in it"
    cites   {$req}
    device  initiator
    needs   {psk}
    bent    {unknown-error-in-response-fails}
    tags    {sa-init notify}
    why     "The two ends disagree whether there is an SA."
    hint    "Any notify type below 16384 says that the request failed."
} {type req} {
    unknown             200                 rfc7296/3.10.1/unknown-error-in-response-fails
    unknown-private     16383               rfc7296/3.10.1/unknown-error-in-response-fails
    no-proposal-chosen  NO_PROPOSAL_CHOSEN  rfc7296/2.21.1/init-error-fails-exchange
    invalid-syntax      INVALID_SYNTAX      rfc7296/2.21.1/init-error-fails-exchange
} {
    edit outbound IKE_SA_INIT response { msg add $m N($type) }
    dut initiate
    rx IKE_SA_INIT request
    settle
    must $req "no IKE_AUTH follows" {[llength [records inbound IKE_AUTH]] == 0}
}

rows sa-init/error-then-answer {
    title   "A device that got an error in clear goes on trying and takes the right answer"
    cites   {rfc7296/2.21.1/init-error-keep-trying}
    device  initiator
    needs   {psk}
    bent    {gives-up-at-once}
    tags    {sa-init notify dos}
    why     "Anybody who can send one datagram keeps the device from connecting."
    hint    "The error is not authenticated: keep the request outstanding for a while."
} {type} {
    no-proposal-chosen  NO_PROPOSAL_CHOSEN
    invalid-syntax      INVALID_SYNTAX
} {
    # the honest answer is lost once, a forged error comes in its place
    drop outbound IKE_SA_INIT response -count 1
    dut initiate
    rx IKE_SA_INIT request
    set forged [msg new IKE_SA_INIT response]
    msg set $forged HDR.spi_i [msg get $rx HDR.spi_i]
    msg add $forged N($type)
    tx $forged
    rx IKE_AUTH request -within 20000 {
        should rfc7296/2.21.1/init-error-keep-trying true {1}
    }
}

rows sa-init/vendor-id {
    title   "Unknown vendor ids are ignored"
    cites   {rfc7296/3.12/unknown-vendor-id}
    device  both
    needs   {psk}
    bent    {knows-no-vendors}
    tags    {sa-init vendor-id}
    why     "Products of other vendors cannot connect."
    hint    "Vendor ids only announce; what is not known is nothing to the device."
} {count octets before} {
    one         1   16  ""
    empty       1   0   ""
    one-octet   1   1   ""
    first       1   16  SA
    long        1   400 ""
    many        15  16  ""
} {
    set add {
        for {set k 0} {$k < $count} {incr k} {
            msg add $m V -body [string repeat [format %c [expr {65 + $k}]] $octets] {*}[expr {$before eq "" ? "" : [list -before $before]}]
        }
    }
    set sa [ike init -edit $add response { must rfc7296/3.12/unknown-vendor-id has {SA KE Nonce} }]
    auth $sa rx { must rfc7296/3.12/unknown-vendor-id has {AUTH} }
}

rows sa-init/message-size {
    title   "Messages of the size that every implementation handles are processed"
    cites   {$req}
    device  responder
    needs   {psk}
    bent    {drops-long-messages}
    tags    {sa-init length}
    why     "Peers that offer much, or send many notifies, cannot connect."
    hint    "How large is the buffer for a datagram? Are IP fragments put together?"
} {octets req level} {
    octets-1280  1280  rfc7296/2/handle-1280-octets  must
    octets-3000  3000  rfc7296/2/handle-3000-octets  should
} {
    tx IKE_SA_INIT
    set fill [expr {$octets - [record $tx_n len] - 4}]
    conn extras [list [list exchange IKE_SA_INIT response 0 type V after Nonce body [string repeat 58 $fill]]]
    set sa [tx IKE_SA_INIT]
    precondition {[record $tx_n len] == $octets} "the request has [record $tx_n len] octets"
    rx $sa IKE_SA_INIT response -req $req
    $level $req "the answer makes an SA" {[msg has $rx SA]}
}
