# order.tcl - RFC 7296 section 2.5: receivers do not insist on an order of payloads, in the protected exchanges as little as in
# IKE_SA_INIT.

rows auth/payload-order {
    title   "Payloads of IKE_AUTH in another order make no difference"
    cites   {rfc7296/2.5/payload-order-tolerated}
    device  both
    needs   {psk}
    bent    {insists-on-order-later}
    tags    {auth order}
    why     "Peers that order their payloads otherwise cannot connect."
    hint    "Find payloads by type, not by place."
} {moves} {
    auth-first       {{AUTH before IDX}}
    sa-first         {{SA before IDX}}
    selectors-first  {{TSr before IDX} {TSi before IDX}}
    selectors-turned {{TSr before TSi}}
    identity-last    {{IDX after TSr}}
} {
    set sa [ike init]
    auth $sa -move [string map [list IDX $id_tester] $moves] response { must rfc7296/2.5/payload-order-tolerated has {AUTH SA} }
    if {$role eq "initiator"} { settle; alive-sa $sa -req rfc7296/2.5/payload-order-tolerated }
}

rows child/payload-order {
    title   "Payloads of CREATE_CHILD_SA in another order make no difference"
    cites   {rfc7296/2.5/payload-order-tolerated}
    device  both
    needs   {psk}
    setup   psk-pfs
    bent    {insists-on-order-later}
    tags    {child order}
    why     "Peers that order their payloads otherwise get no Child SA."
    hint    "Find payloads by type, not by place."
} {moves} {
    nonce-first      {{Nonce before SA}}
    ke-first         {{KE before SA}}
    selectors-first  {{TSr before SA} {TSi before SA}}
    sa-last          {{SA after TSr}}
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new -edit { foreach move $moves { msg move $m {*}$move } }
    rx $sa CREATE_CHILD_SA response -req rfc7296/2.5/payload-order-tolerated
    precondition {![msg has $rx N(NO_ADDITIONAL_SAS)]} "the device makes no further Child SAs"
    must rfc7296/2.5/payload-order-tolerated "the Child SA is made" {[msg has $rx SA]}
}

rows auth/response-incomplete {
    title   "An IKE_AUTH response without a payload that it needs makes no IKE SA at the initiator"
    cites   {rfc7296/1.2/auth-required-payloads}
    device  initiator
    needs   {psk}
    bent    {$bent}
    tags    {auth}
    why     "A responder that leaves its proof out is trusted."
    hint    "Are the payloads counted before any of them is used?"
} {which bent} {
    identity      {IDr}       fills-in-identity
    auth          {AUTH}      believes-without-proof
    identity-auth {IDr AUTH}  believes-without-proof
} {
    edit outbound IKE_AUTH response { foreach p $which { msg remove $m $p } }
    set sa [ike init]
    rx $sa IKE_AUTH request
    settle
    no-sa $sa -req rfc7296/1.2/auth-required-payloads
}
