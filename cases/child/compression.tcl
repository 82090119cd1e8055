# compression.tcl - RFC 7296 section 2.22: what is said about IP compression. A device need not know it.

rows child/compression-one {
    title   "Of several compressions offered one is accepted at most, and it was offered"
    cites   {rfc7296/2.22/ipcomp-one-only}
    device  responder
    needs   {psk}
    bent    {takes-two-compressions}
    tags    {child ipcomp}
    why     "The two ends do not know how packets are compressed."
    hint    "Accept one by its number, or say nothing."
} {offers} {
    two    {02 03}
    three  {03 02 04}
    unknown {c8 02}
} {
    set sa [ike init]
    set all {}
    foreach o $offers { lappend all [list N(IPCOMP_SUPPORTED) data 0x4321$o] }
    tx $sa IKE_AUTH -add $all
    rx $sa IKE_AUTH response
    precondition {[msg has $rx AUTH]} "no IKE SA was made"
    set taken {}
    foreach p [msg paths $rx] {
        lassign $p path value
        if {[string match N(IPCOMP_SUPPORTED)*.data $path]} { lappend taken [string range $value 6 7] }
    }
    must rfc7296/2.22/ipcomp-one-only "at most one is accepted: $taken" {[llength $taken] <= 1}
    foreach t $taken { must rfc7296/2.22/ipcomp-one-only "$t was offered" {$t in $offers} }
}
