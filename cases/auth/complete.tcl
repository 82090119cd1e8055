# complete.tcl - RFC 7296 sections 1.2, 2, 2.15, 3.5, 4, 5: what the first four messages bring about, with what credentials,
# and in which order.

testcase auth/four-messages {
    title   "Four messages make one IKE SA and one Child SA"
    cites   {rfc7296/4/four-messages}
    device  both
    needs   {psk}
    bent    {auth-without-child}
    tags    {auth smoke}
    why     "There is no tunnel after the exchanges that every implementation must know."
    hint    "IKE_SA_INIT and IKE_AUTH once each; SA, TSi and TSr of IKE_AUTH make the Child SA."
} {
    set sa [ike init]
    auth $sa rx
    settle
    must rfc7296/4/four-messages "an IKE SA is up" {[sa-up $sa]}
    must rfc7296/4/four-messages "it has one Child SA" {[child $sa count] == 1}
    must rfc7296/4/four-messages "IKE_AUTH went there and back once" {[llength [lsort -unique [lmap n [records inbound IKE_AUTH] { record $n mid }]]] == 1}
}

testcase auth/one-response-each {
    title   "Each request gets one response"
    cites   {rfc7296/2/request-response-pairs}
    device  both
    needs   {psk}
    bent    {answers-twice informational-unanswered}
    tags    {auth window}
    why     "Every exchange is one request and one response; a peer that counts loses its place."
    hint    "Answer once; again only when the request comes again."
} {
    set sa [ike establish]
    foreach i {1 2 3} { tx $sa INFORMATIONAL; settle 300 }
    tx $sa CREATE_CHILD_SA -rekey child
    settle
    set asked {}
    set answers {}
    foreach n [records outbound] { if {[record $n kind] eq "request" && [record $n spi_i] eq [sa $sa spi_i] && [record $n exchange] ne "IKE_SA_INIT"} { dict incr asked [record $n mid] } }
    foreach n [records inbound] { if {[record $n kind] eq "response" && [record $n spi_i] eq [sa $sa spi_i]} { dict incr answers [record $n mid] } }
    foreach mid [dict keys $asked] {
        set count [expr {[dict exists $answers $mid] ? [dict get $answers $mid] : 0}]
        # (a slow device is asked again)
        must rfc7296/2/request-response-pairs "request $mid has one response each time (it went out [dict get $asked $mid] times and has $count)" {$count >= 1 && $count <= [dict get $asked $mid]}
    }
}

testcase auth/initiator-first {
    title   "An initiator names itself and proves it in its first IKE_AUTH message"
    cites   {rfc7296/5/initiator-identity-first}
    device  initiator
    needs   {psk}
    bent    {auth-without-id}
    tags    {auth id}
    why     "The responder would have to show its identity to everybody who asks."
    hint    "IDi and AUTH stand in the first IKE_AUTH request; only EAP leaves AUTH out."
} {
    set sa [ike init]
    rx $sa IKE_AUTH request { must rfc7296/5/initiator-identity-first has {IDi AUTH} }
}

rows auth/psk-hex {
    title   "A shared secret of any octets can be configured in hex"
    cites   {rfc7296/2.15/psk-hex}
    device  both
    needs   {psk}
    setup   {psk psk-hex $hex}
    bent    {auth-miscomputed}
    tags    {auth}
    why     "Secrets made by machines cannot be used."
    hint    "Octets above 127 and zero octets are octets like others."
} {hex} {
    all-kinds 0x00ff10a5c37e8001deadbeef0042f3a1b2c4d5e6f708192a3b4c5d6e7f80917f
    binary    0x80818283848586878889f0f1f2f3f4f5f6f7f8f9fafbfcfdfe
} {
    set sa [ike init]
    auth $sa rx
    must rfc7296/2.15/psk-hex "AUTH of the device verifies" {[sa-up $sa]}
    alive-sa $sa
}

rows auth/identity-configured {
    title   "A shared secret with an identity of this type can be configured, and the device sends it"
    cites   {rfc7296/4/configurable-credentials rfc7296/3.5/id-send-one-of-four rfc7296/3.5/id-all-four}
    device  both
    needs   {psk}
    setup   $setup
    bent    {id-of-other-type auth-miscomputed}
    tags    {auth id}
    why     "Peers that know the device by that name cannot connect."
    hint    "The type that was configured is the type that is sent."
} {setup type} {
    fqdn   psk          ID_FQDN
    ipv4   psk-id-ipv4  ID_IPV4_ADDR
    email  psk-id-email ID_RFC822_ADDR
    key-id psk-id-key   ID_KEY_ID
} {
    set sa [ike init]
    auth $sa rx { must rfc7296/3.5/id-send-one-of-four field $id_device.type == $type }
    should rfc7296/3.5/id-all-four "an identity of this type is sent and accepted" {[sa-up $sa]}
    must rfc7296/4/configurable-credentials "the identity with its secret makes an SA" {[sa-up $sa]}
}

rows auth/proof-checked {
    title   "One wrong bit in a proof of IKE_AUTH, and no SA is made"
    cites   {rfc7296/1.2/verify-signatures-and-macs}
    device  responder
    needs   {psk}
    bent    {$bent}
    tags    {auth security}
    why     "Whoever is on the path, or guesses, gets in."
    hint    "Verify the checksum of the message, then AUTH, before anything is made."
} {options bent} {
    auth      {-edit { msg set $m AUTH.data 0x[format %02x [expr {[scan [string range [msg get $m AUTH.data] 2 3] %x] ^ 1}]][string range [msg get $m AUTH.data] 4 end] }} auth-verified
    checksum  {-icv-flip 1}  integrity-checked
} {
    set sa [ike init]
    tx $sa IKE_AUTH {*}$options
    settle
    set made [llength [records inbound IKE_AUTH response -has {AUTH}]]
    must rfc7296/1.2/verify-signatures-and-macs "no IKE_AUTH response with AUTH" {!$made}
    if {$bent eq "auth-verified"} { no-sa $sa }
}

rows auth/nonfatal-notify {
    title   "An error notify beside IDr and AUTH does not by itself end the IKE SA"
    cites   {rfc7296/2.21.2/nonfatal-in-auth $req}
    device  initiator
    needs   {psk}
    bent    {child-failure-keeps-ike-sa}
    tags    {auth notify}
    why     "One wrong setting of the Child SA takes down the whole connection, in a loop."
    hint    "AUTHENTICATION_FAILED, INVALID_SYNTAX and UNSUPPORTED_CRITICAL_PAYLOAD are fatal there, no others. Who does not want such an SA deletes it by a Delete."
} {notify req} {
    failed-cp-required        FAILED_CP_REQUIRED        rfc7296/2.19/failed-cp-keeps-ike
    internal-address-failure  INTERNAL_ADDRESS_FAILURE  rfc7296/2.21.2/nonfatal-in-auth
    single-pair-required      SINGLE_PAIR_REQUIRED      rfc7296/2.21.2/nonfatal-in-auth
    no-additional-sas         NO_ADDITIONAL_SAS         rfc7296/2.21.2/nonfatal-in-auth
} {
    edit outbound IKE_AUTH response {
        foreach p {SA TSi TSr} { if {[msg has $m $p]} { msg remove $m $p } }
        msg add $m N($notify)
    }
    set sa [ike init]
    rx $sa IKE_AUTH request
    settle
    set deleted [llength [records inbound INFORMATIONAL request -has {D}]]
    set alive [expr {$deleted || [answers $sa]}]
    must rfc7296/2.21.2/nonfatal-in-auth "the IKE SA answers, or was deleted with a Delete" {$alive}
    must $req "the IKE SA answers, or was deleted with a Delete" {$alive}
}
