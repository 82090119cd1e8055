# avoided.tcl - RFC 8247 section 2.4: groups that should not be used.

rows proposal/avoided-group {
    title   "A group that should not be used is refused"
    cites   {$req}
    device  responder
    needs   {psk}
    bent    {overlooks-faults}
    tags    {proposal security}
    why     "Whoever has means enough reads the traffic, now or later."
    hint    "They may be compiled in and allowed by a default."
} {group octets req} {
    group-2   MODP_1024      128  rfc8247/2.4/group-2-avoided
    group-5   MODP_1536      192  rfc8247/2.4/group-5-avoided
    group-23  MODP_2048_224  256  rfc8247/2.4/group-23-avoided
    group-24  MODP_2048_256  256  rfc8247/2.4/group-24-avoided
} {
    set sa [tx IKE_SA_INIT -edit {
        set clean [msg encode $m]
        msg set $m SA.1.KE.id $group KE.group $group KE.data 0x[string repeat 4d $octets]
    }]
    rx-none $sa IKE_SA_INIT response -has {SA} -req $req -for settle
}
