# time.tcl - RFC 7296 section 2.8: a device with lifetimes replaces its SAs by itself.

testcase rekey/child-by-time {
    title   "A device with a lifetime for Child SAs rekeys them by itself, and traffic goes on"
    cites   {rfc7296/2.8/rekey-before-expiry rfc7296/2.17/keymat}
    device  both
    needs   {psk esp rekey-by-time}
    setup   {psk child-rekey 10}
    bent    {rekeys-never-leave keymat}
    rev     4
    tags    {rekey}
    why     "The tunnel ends with its first lifetime."
    hint    "Start the rekey before the SA runs out."
} {
    set sa [ike establish]
    set old [child $sa spi_in]
    rx $sa CREATE_CHILD_SA request -within 30000 -req rfc7296/2.8/rekey-before-expiry {
        should rfc7296/2.8/rekey-before-expiry has {N(REKEY_SA)}
    }
    settle 300
    precondition {[child $sa count] && [child $sa spi_in] ne $old} "the Child SA was not replaced"
    must-traffic $sa -req rfc7296/2.17/keymat
}

testcase rekey/child-lifetime-own {
    title   "A device with a lifetime for Child SAs sees to its end by itself, whoever else has none"
    cites   {rfc7296/2.8/own-lifetime-policy}
    device  both
    needs   {psk rekey-by-time}
    setup   {psk child-rekey 10}
    bent    {lifetimes-are-the-peers}
    tags    {rekey}
    why     "Keys stay in use for as long as the peer likes."
    hint    "Lifetimes are not negotiated: rekey, or delete, when your own is over. The tester has none and does neither."
} {
    set sa [ike establish]
    set seen ""
    for {set s 0} {$s < 30 && $seen eq ""} {incr s} {
        settle 1000
        foreach n [records inbound] {
            set m [record $n msg]
            if {[record $n kind] ne "request" || $m eq ""} continue
            if {[msg has $m N(REKEY_SA)] || [msg has $m D]} { set seen [record $n chain] }
        }
    }
    must rfc7296/2.8/own-lifetime-policy "in 30 s the device, whose lifetime is 10 s, asks for a rekey or deletes the SA: $seen" {$seen ne ""}
}

testcase rekey/ike-by-time {
    title   "A device with a lifetime for IKE SAs rekeys them by itself, and the new one works"
    cites   {rfc7296/2.8/rekey-before-expiry rfc7296/2.18/ike-rekey-skeyseed}
    device  both
    needs   {psk rekey-by-time}
    setup   {psk ike-rekey 10}
    bent    {rekeys-never-leave ike-rekey-skeyseed}
    tags    {rekey}
    why     "All tunnels end with the first lifetime of the IKE SA."
    hint    "Start the rekey before the SA runs out."
} {
    set sa [ike establish]
    rx $sa CREATE_CHILD_SA request -within 30000 -req rfc7296/2.8/rekey-before-expiry {
        should rfc7296/2.8/rekey-before-expiry has {KE}
    }
    set new [ike rekeyed $sa]
    settle 300
    alive-sa $new -req rfc7296/2.18/ike-rekey-skeyseed
}
