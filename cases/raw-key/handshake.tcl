# handshake.tcl - RFC 7670: raw public keys, known to both ends beforehand, in CERT payloads of encoding 15; what has to succeed.

testcase raw-key/handshake {
    title   "Both ends prove who they are by a raw public key that the other knows"
    cites   {rfc7670/3/key-accepted rfc7296/2.15/auth-octets}
    device  both
    needs   {raw-keys}
    setup   raw-$kind
    vary    {kind {rsa ecdsa ed25519}}
    bent    {auth-miscomputed raw-keys-unknown}
    tags    {raw-key cert}
    why     "Devices without a certificate authority cannot connect."
    hint    "Is the CERT payload of encoding 15 read, and its key found among those that are configured?"
} {
    set sa [ike init]
    auth $sa response -req rfc7670/3/key-accepted { must rfc7670/3/key-accepted has {IDr AUTH} }
    must rfc7296/2.15/auth-octets "AUTH of the device verifies with its public key" {[sa-up $sa]}
    alive-sa $sa -req rfc7670/3/key-accepted
}

rows raw-key/method-14 {
    title   "With raw public keys AUTH is a digital signature of RFC 7427"
    cites   {rfc7670/1/signature-by-method-14}
    device  both
    needs   {raw-keys}
    setup   raw-$kind
    bent    {signs-by-classic-method}
    tags    {raw-key auth}
    why     "The classic methods know RSA and three curves only, and RSA with SHA-1 at that."
    hint    "SIGNATURE_HASH_ALGORITHMS went both ways, so nothing keeps the device from method 14."
} {kind} {
    rsa     rsa
    ecdsa   ecdsa
    ed25519 ed25519
} {
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH; rx $sa IKE_AUTH response -has {AUTH} } else { rx $sa IKE_AUTH request -has {AUTH} }
    should rfc7670/1/signature-by-method-14 "the method of AUTH is 14" {[msg get $rx AUTH.method] eq "SIGNATURE"}
}

rows raw-key/classic-method {
    title   "With raw public keys too method 14 is for peers that sent SIGNATURE_HASH_ALGORITHMS"
    cites   {rfc7427/4/method-14-after-list}
    device  both
    needs   {raw-keys}
    setup   raw-$kind
    bent    {method-14-after-list}
    tags    {raw-key cert}
    why     "Peers from before RFC 7427 cannot connect."
} {kind method} {
    rsa   rsa   RSA
    ecdsa ecdsa ECDSA_256
} {
    conn signature_auth no
    set sa [ike init]
    auth $sa rx -has {AUTH}
    must rfc7427/4/method-14-after-list "the method is that of the key" {[msg get $rx AUTH.method] eq $method}
    must rfc7427/4/method-14-after-list "AUTH of the device verifies" {[sa-up $sa]}
}

testcase raw-key/not-shown {
    title   "A peer that does not show its raw key is checked by the one that is configured for it"
    cites   {rfc7670/3/key-not-shown}
    device  both
    needs   {raw-keys}
    setup   raw-ecdsa
    bent    {insists-on-cert}
    tags    {raw-key cert}
    why     "Peers that leave CERT out, as they may, cannot connect."
} {
    set sa [ike init]
    auth $sa -remove CERT response -req rfc7670/3/key-not-shown { should rfc7670/3/key-not-shown has {IDr AUTH} }
    if {$role eq "initiator"} { settle; alive-sa $sa -req rfc7670/3/key-not-shown }
}

rows raw-key/request-accepted {
    title   "Requests for raw keys, in the new form and in the old, do no harm"
    cites   {rfc7670/3/request-accepted}
    device  both
    needs   {raw-keys}
    setup   raw-ecdsa
    bent    {insists-on-raw-request}
    tags    {raw-key cert}
    why     "Peers that ask for one more form cannot connect."
} {more} {
    both-forms {{CERTREQ encoding RAW_RSA_KEY}}
    with-x509  {{CERTREQ encoding X509_SIGNATURE data 0x000102030405060708090a0b0c0d0e0f10111213}}
} {
    set script [string map [list %more [list $more]] { foreach p %more { msg add $m {*}$p } }]
    # the responder asks in IKE_SA_INIT, the initiator in IKE_AUTH
    edit outbound [expr {$role eq "responder" ? "IKE_AUTH" : "IKE_SA_INIT"}] [expr {$role eq "responder" ? "request" : "response"}] $script
    set sa [ike init]
    if {$role eq "responder"} {
        tx $sa IKE_AUTH
        rx $sa IKE_AUTH response -req rfc7670/3/request-accepted { should rfc7670/3/request-accepted has {IDr AUTH} }
    } else {
        rx $sa IKE_AUTH request -req rfc7670/3/request-accepted
        should rfc7670/3/request-accepted "the device goes on with IKE_AUTH" {[msg has $rx AUTH]}
    }
}
