# client.tcl - RFC 7296 sections 2.19, 3.15.1, 3.15.4: a device that asked for an inner address, and what it makes of the answer.

rows config/reply-tolerated {
    title   "What a client does not know in a reply is ignored"
    cites   {$req}
    device  initiator
    needs   {psk config}
    setup   psk-asks
    bent    {$bent}
    tags    {config}
    why     "The client has no tunnel to gateways of a later version, or of another vendor."
    hint    "It takes its address; what else there is says nothing to it."
} {extra req bent bend} {
    reserved       {}                     rfc7296/3.15/cp-reserved-ignored          gives-up-on-reserved       {CP.reserved2 0xffffff}
    attribute-bit  APPLICATION_VERSION=a  rfc7296/3.15.1/attribute-bit-ignored      gives-up-on-attribute-bit  {CP.attribute[0].reserved 1}
    unknown        0x3fff=0x01020304      rfc7296/3.15.1/unknown-attribute-ignored  unknown-attribute-ignored  {}
    unknown-empty  0x4fff                 rfc7296/3.15.1/unknown-attribute-ignored  unknown-attribute-ignored  {}
    expiry         5=0x00000e10           rfc7296/3.15.1/unknown-attribute-ignored  unknown-attribute-ignored  {}
    ipv6-prefix    INTERNAL_IP6_PREFIX=0x20010db800010000000000000000000040  rfc7296/3.15.1/unknown-attribute-ignored  unknown-attribute-ignored  {}
    p-cscf         P_CSCF_IP4_ADDRESS=10.2.0.80  rfc7296/3.15.1/unknown-attribute-ignored  unknown-attribute-ignored  {}
    access-3gpp    {FTT_KAT=0x0000003c TIMEOUT_PERIOD_FOR_LIVENESS_CHECK=0x0000003c}  rfc7296/3.15.1/unknown-attribute-ignored  unknown-attribute-ignored  {}
    split-dns      INTERNAL_DNS_DOMAIN=str:lab.example  rfc7296/3.15.1/unknown-attribute-ignored  unknown-attribute-ignored  {}
    encrypted-dns  ENCDNS_IP4=0x0001010000000a020035ffff  rfc7296/3.15.1/unknown-attribute-ignored  unknown-attribute-ignored  {}
} {
    edit outbound IKE_AUTH response {
        msg config $m REPLY {*}$extra INTERNAL_IP4_ADDRESS=10.2.0.64
        if {$bend ne ""} { msg set $m {*}$bend }
    }
    set sa [ike init]
    rx $sa IKE_AUTH request
    precondition {[msg has $rx CP]} "the device asks for nothing"
    rx-none $sa INFORMATIONAL request -has {D} -req $req -for settle
    alive-sa $sa -req $req
}

rows config/status-tolerated {
    title   "A status that a client does not know comes beside its address, and is ignored"
    cites   {rfc7296/3.10.1/unknown-status-ignored}
    device  initiator
    needs   {psk config}
    setup   psk-asks
    bent    {$bent}
    tags    {config notify}
    why     "The client has no tunnel to gateways of mobile networks, or with RFC 8983."
    hint    "Types from 16384 on only inform."
} {type data bent} {
    ip4-allowed    16439  ""      gives-up-on-allowed-families
    ip6-allowed    16440  ""      gives-up-on-allowed-families
    backoff-3gpp   41041  0x0121  unknown-status-ignored
    n1-mode-3gpp   51015  0x0101  unknown-status-ignored
} {
    edit outbound IKE_AUTH response { msg add $m N($type); if {$data ne ""} { msg set $m N($type).data $data } }
    set sa [ike init]
    rx $sa IKE_AUTH request
    rx-none $sa INFORMATIONAL request -has {D} -req rfc7296/3.10.1/unknown-status-ignored -for settle
    alive-sa $sa -req rfc7296/3.10.1/unknown-status-ignored
}

rows config/reply-missing {
    title   "A client that needs an address and gets none does not make do with the Child SA"
    cites   {rfc7296/3.15.4/missing-reply-is-error}
    device  initiator
    needs   {psk config}
    setup   psk-asks
    health  no
    bent    {missing-reply-is-error}
    tags    {config}
    why     "Traffic goes out with an address that nobody leased, and no answer finds its way back."
    hint    "It deletes the Child SA or the IKE SA, or asks again in an INFORMATIONAL exchange."
} {reply} {
    no-reply      {}
    empty         REPLY
    other-family  {REPLY INTERNAL_IP6_ADDRESS=2001:db8:1::40/128}
    netmask       {REPLY INTERNAL_IP4_NETMASK=255.255.255.0}
} {
    edit outbound IKE_AUTH response {
        if {$reply ne ""} { msg config $m {*}$reply } elseif {[msg has $m CP]} { msg remove $m CP }
    }
    set sa [ike init]
    rx $sa IKE_AUTH request
    precondition {[msg has $rx CP]} "the device asks for nothing"
    settle
    set acted 0
    foreach n [records inbound INFORMATIONAL request] {
        set r [record $n msg]
        if {$r ne "" && ([msg has $r D] || [msg has $r CP])} { set acted 1 }
    }
    # an IKE SA that the device gave up without a word is no Child SA to make do with either
    should rfc7296/3.15.4/missing-reply-is-error "it gives back what it has no address for, or asks again" {$acted || ![answers $sa]}
}
