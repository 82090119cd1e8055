# tolerated.tcl - RFC 7296 sections 1.7, 2.19, 2.20, 3.15: configuration payloads that every device must put up with, whether
# it configures anybody or not. A device that does not know CP passes over it.

rows config/request-tolerated {
    title   "What a configuration request holds that means nothing is ignored"
    cites   {$req}
    device  responder
    needs   {psk}
    bent    {insists-on-known-configuration}
    tags    {config}
    why     "Clients of a later version, or of another vendor, get no tunnel."
    hint    "Reserved octets, the reserved bit and attributes that nobody knows say nothing."
} {ask req bend} {
    reserved           {}                                        rfc7296/3.15/cp-reserved-ignored          {CP.reserved2 0xffffff}
    attribute-bit      {}                                        rfc7296/3.15.1/attribute-bit-ignored      {CP.attribute[0].reserved 1}
    unknown-attribute  0x3fff=0x01020304                         rfc7296/3.15.1/unknown-attribute-ignored  {}
    unknown-empty      0x4fff                                    rfc7296/3.15.1/unknown-attribute-ignored  {}
    address-expiry     5                                         rfc7296/1.7/address-expiry-ignored        {}
    expiry-value       5=0x00000e10                              rfc7296/1.7/address-expiry-ignored        {}
    mobile-ipv6        {MIP6_HOME_PREFIX HOME_AGENT_ADDRESS}     rfc7296/3.15.1/unknown-attribute-ignored  {}
    ipv6-link          {INTERNAL_IP6_LINK INTERNAL_IP6_PREFIX}   rfc7296/3.15.1/unknown-attribute-ignored  {}
    p-cscf             {P_CSCF_IP4_ADDRESS P_CSCF_IP6_ADDRESS}   rfc7296/3.15.1/unknown-attribute-ignored  {}
    access-3gpp        {FTT_KAT EXTERNAL_SOURCE_IP4_NAT_INFO TIMEOUT_PERIOD_FOR_LIVENESS_CHECK=0x0000003c}  rfc7296/3.15.1/unknown-attribute-ignored  {}
    split-dns          {INTERNAL_DNS_DOMAIN INTERNAL_DNS_DOMAIN=str:lab.example INTERNAL_DNSSEC_TA}  rfc7296/3.15.1/unknown-attribute-ignored  {}
    encrypted-dns      {ENCDNS_IP4 ENCDNS_IP6 ENCDNS_DIGEST_INFO}  rfc7296/3.15.1/unknown-attribute-ignored  {}
} {
    set sa [ike init]
    tx $sa IKE_AUTH -config "REQUEST $ask APPLICATION_VERSION" -set $bend
    rx $sa IKE_AUTH response {
        must $req has {IDr AUTH SA TSi TSr}
        must $req lacks {N(INVALID_SYNTAX) N(UNSUPPORTED_CRITICAL_PAYLOAD)}
    }
    alive-sa $sa -req $req
}

testcase config/version-asked {
    title   "A device that is asked for its version tells it, or returns an empty string or nothing"
    cites   {rfc7296/2.20/version-declined}
    device  both
    needs   {psk}
    bent    {refuses-configuration}
    tags    {config informational}
    why     "A harmless question costs the SA."
    hint    "APPLICATION_VERSION comes in a CFG_REQUEST; who will not say answers with an empty value, or without CP."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -config {REQUEST APPLICATION_VERSION}
    rx $sa INFORMATIONAL response -req rfc7296/2.20/version-declined
    foreach p [msg payloads $rx] { must rfc7296/2.20/version-declined "no error: $p" {![string match N(* $p] || [string match N(4* $p]} }
    if {[msg has $rx CP]} { must rfc7296/2.20/version-declined "CP is a reply" {[msg get $rx CP.type] in {2 REPLY CFG_REPLY}} }
    alive-sa $sa
}

rows config/set-answered {
    title   "CFG_SET is ignored, or answered by what was accepted, without values"
    cites   {$req}
    device  both
    needs   {psk}
    bent    {$bent}
    tags    {config informational}
    why     "The peer believes that something was set, or reads a value that nobody gave."
    hint    "CFG_ACK names the attributes accepted, each empty, and no others."
} {set known req bent} {
    values    INTERNAL_IP4_DNS=192.0.2.53  3   rfc7296/3.15.1/cfg-set-answered          acks-with-values
    left-out  INTERNAL_IP4_DNS=192.0.2.53  3   rfc7296/3.15.1/cfg-set-refused-left-out  acks-something-else
    none      0x3fff=0x01020304            {}  rfc7296/3.15.1/cfg-set-none-accepted     acks-something-else
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -config "SET $set"
    rx $sa INFORMATIONAL response -req $req
    set types {}
    set values {}
    foreach {type value} [msg attributes $rx] {
        lappend types $type
        if {$value ne ""} { lappend values $value }
    }
    must $req "no attribute has a value: $values" {![llength $values]}
    foreach t $types { must $req "$t was in the request, and can be accepted" {$known ne "" && $t in [list $known INTERNAL_IP4_DNS]} }
    if {![msg has $rx N(INVALID_SYNTAX)]} { alive-sa $sa }
}

rows config/unknown-type {
    title   "A configuration payload of a type that asks for nothing gets no CFG_REPLY"
    cites   {rfc7296/2.19/no-unasked-reply}
    device  responder
    needs   {psk config}
    setup   psk-pool
    bent    {takes-any-configuration-type}
    tags    {config}
    why     "The device leases addresses to whoever did not ask."
    hint    "1 asks, 2 answers, 3 sets, 4 acknowledges. INVALID_SYNTAX for another type conforms."
} {type} {
    zero   0
    reply  2
    ack    4
    five   5
    many   200
    last   255
} {
    set sa [ike init]
    tx $sa IKE_AUTH -set [list CP.type $type]
    rx-none $sa IKE_AUTH response -has {CP} -req rfc7296/2.19/no-unasked-reply -for settle
}
