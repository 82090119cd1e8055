# parsed.tcl - RFC 7296 sections 2.5, 2.6, 3.2, 3.10, 3.14, 4: how a protected message is taken apart.

rows informational/stepped-over {
    title   "A payload of undefined type is stepped over by its length, whatever it holds, and what follows is read"
    cites   {rfc7296/2.5/undefined-payload-skipped}
    device  both
    needs   {psk esp}
    bent    {unknown-noncritical}
    tags    {informational}
    why     "What a newer peer adds hides what it says, or is taken for something else."
    hint    "Next Payload and length are all that is known of it."
} {body} {
    text          "skip me"
    empty         ""
    like-deletes  "[binary decode hex 0000000801000000][binary decode hex 0000000801000000]"
    long          "[string repeat \x29 700]"
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic before the Delete"
    set child [child $sa spi_in]
    tx $sa INFORMATIONAL -edit {
        msg add $m 200 -body [subst $body]
        msg add $m D protocol ESP spi_size 4 spis 0x$child
    }
    rx $sa INFORMATIONAL response { must rfc7296/2.5/undefined-payload-skipped lacks {N(INVALID_SYNTAX) N(UNSUPPORTED_CRITICAL_PAYLOAD)} }
    no-traffic $sa -child $child
    alive-sa $sa
}

rows informational/notify-protocol-ignored {
    title   "The protocol of a notify without SPI is not looked at"
    cites   {rfc7296/3.10/empty-spi-protocol-ignored}
    device  both
    needs   {psk}
    bent    {insists-on-notify-protocol}
    tags    {informational notify}
    why     "Older peers, which name a protocol there, lose their SA."
    hint    "Without an SPI the field says nothing."
} {protocol} {
    ike     1
    ah      2
    esp     3
    unknown 77
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add [list N(40000) protocol $protocol data 0x0102]
    rx $sa INFORMATIONAL response -req rfc7296/3.10/empty-spi-protocol-ignored {
        must rfc7296/3.10/empty-spi-protocol-ignored lacks {N(INVALID_SYNTAX)}
    }
    alive-sa $sa
}

rows informational/notify-malformed {
    title   "A notify too short for its own fields makes the message malformed"
    cites   {rfc7296/3.10/notify-length-checked}
    device  both
    needs   {psk}
    bent    {invalid-syntax-answered}
    tags    {informational notify malformed}
    why     "The device reads beyond the payload."
    hint    "Four octets of fields, then as many as SPI Size says; else INVALID_SYNTAX."
} {item} {
    nothing       {N -body ""}
    one           {N -body a}
    three         {N -body abc}
    spi-longer    {N(40000) spi_size 5 data 0x01020304}
    spi-longest   {N(40000) spi_size 255 data 0x0102}
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add $item
    rx $sa INFORMATIONAL response { must rfc7296/3.10/notify-length-checked has {N(INVALID_SYNTAX)} }
}

rows informational/every-payload-type {
    title   "A payload of this type is parsed, if only to be passed over"
    cites   {rfc7296/4/parse-all-payloads}
    device  both
    needs   {psk}
    bent    {knows-notify-and-delete-only}
    tags    {informational}
    why     "One payload in an odd place costs the SA."
    hint    "Ignore it, or say INVALID_SYNTAX; but say something."
} {item} {
    sa       {SA -body "[binary decode hex 0000002001030402deadbeef0300000c01000014800e01000000000805000000]"}
    ke       {KE -body "[binary decode hex 00130000][string repeat \x5a 64]"}
    idi      {IDi -body "[binary decode hex 02000000]a.lab"}
    idr      {IDr -body "[binary decode hex 02000000]a.lab"}
    cert     {CERT -body "\4certificate"}
    certreq  {CERTREQ -body "\4[string repeat h 20]"}
    auth     {AUTH -body "[binary decode hex 02000000][string repeat a 32]"}
    nonce    {Nonce data 0x[string repeat 6e 32]}
    vendor   {V -body "who knows"}
    tsi      {TSi -body "[binary decode hex 01000000070000100000ffff0a0100000a0100ff]"}
    tsr      {TSr -body "[binary decode hex 01000000070000100000ffff0a0200000a0200ff]"}
    config   {CP -body "[binary decode hex 0100000000070000]"}
    eap      {EAP -body "[binary decode hex 0101000501]"}
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add [subst $item]
    rx $sa INFORMATIONAL response -req rfc7296/4/parse-all-payloads
    if {![msg has $rx N(INVALID_SYNTAX)]} { alive-sa $sa }
}

rows informational/responder {
    title   "An INFORMATIONAL request is answered, whatever it asks"
    cites   {rfc7296/4/informational-responder}
    device  both
    needs   {psk}
    bent    {answers-nothing-informational}
    tags    {informational}
    why     "The peer gives the SA up."
    hint    "Even the smallest implementation answers, by an empty message."
} {items} {
    empty   {}
    notify  {{N(40000) data 0x01}}
    delete  {{D protocol ESP spi_size 4 spis 0x[child $sa spi_in]}}
    both    {{N(40000) data 0x01} {D protocol ESP spi_size 4 spis 0x[child $sa spi_in]}}
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -edit { foreach item $items { msg add $m {*}[subst $item] } }
    rx $sa INFORMATIONAL response -req rfc7296/4/informational-responder
}

testcase informational/initiator-flag-turned {
    title   "A request whose Initiator flag is turned round belongs to no SA of that end"
    cites   {rfc7296/2.6/spi-by-initiator-flag}
    device  both
    needs   {psk}
    bent    {spi-by-initiator-flag}
    tags    {informational header}
    why     "One's own messages, sent back by somebody, are taken for the peer's."
    hint    "The flag says which SPI is whose."
} {
    set sa [ike establish]
    set m [msg new INFORMATIONAL request]
    set mid [sa $sa next_request]
    tx $sa $m -as-is 1 -edit {
        msg set $m HDR.spi_i 0x[sa $sa spi_i] HDR.spi_r 0x[sa $sa spi_r] HDR.mid $mid HDR.flags.I [expr {$role ne "responder"}]
    }
    rx-none $sa INFORMATIONAL response -for settle
    alive-sa $sa
}

testcase informational/clear-before-encrypted {
    title   "A payload in clear in front of the Encrypted payload is not trusted"
    cites   {rfc7296/3.14/encrypted-not-last-refused}
    device  both
    needs   {psk esp}
    bent    {takes-clear-beside-encrypted}
    tags    {informational security}
    why     "What stands in clear can be read by everybody, and is not what the peer meant to say in secret."
    hint    "Look inside SK only. Refusing the whole message is right as well."
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic before"
    set m [msg new INFORMATIONAL request]
    set child [child $sa spi_in]
    tx $sa INFORMATIONAL -edit { msg add $m D -before SK protocol ESP spi_size 4 spis 0x$child }
    settle
    set ended [llength [records inbound INFORMATIONAL response -has {N(INVALID_SYNTAX)}]]
    must rfc7296/3.14/encrypted-not-last-refused "the Child SA named in clear carries traffic, or the message was refused" {$ended || [esp-echo $sa -child $child]}
}

testcase informational/invalid-selectors-harmless {
    title   "INVALID_SELECTORS from the peer ends nothing"
    cites   {rfc7296/3.10.1/invalid-selectors-harmless}
    device  both
    needs   {psk esp}
    bent    {ends-by-invalid-selectors}
    tags    {informational notify}
    why     "One packet that did not fit costs the tunnel."
    hint    "It is a report: look at the policy, keep the SA."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add [list N(INVALID_SELECTORS) protocol ESP spi 0x[child $sa spi_out] data 0x45000014]
    rx $sa INFORMATIONAL response
    should rfc7296/3.10.1/invalid-selectors-harmless "the IKE SA answers" {[answers $sa]}
    should rfc7296/3.10.1/invalid-selectors-harmless "the Child SA carries traffic" {[esp-echo $sa]}
}
