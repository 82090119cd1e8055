# ipv6.tcl - RFC 7296 section 2.9: IPv6 networks behind ends that talk over IPv4.
# Devices with ESP in userspace (udp-encap-only) take only selectors that hold an address of their own: not judged here.

rows ts/ipv6-narrowed {
    title   "IPv6 selectors wider than the policy are narrowed to it"
    cites   {rfc7296/2.9/responder-narrows rfc7296/2.9/response-is-subset}
    device  responder
    needs   {psk ipv6 !udp-encap-only}
    setup   {psk device_ts 2001:db8:2::/64 tester_ts 2001:db8:1::/64}
    bent    {responder-narrows}
    tags    {ts ipv6}
    why     "Either nothing connects unless both ends are set alike, or traffic nobody allowed passes."
} {lo hi} {
    all     ::          ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
    bigger  2001:db8::  2001:db8:ffff:ffff:ffff:ffff:ffff:ffff
} {
    set sa [ike init]
    tx $sa IKE_AUTH -edit {
        foreach ts {TSi TSr} {
            lappend policy [msg get $m $ts.selector\[0\].addr_lo] [msg get $m $ts.selector\[0\].addr_hi]
            msg set $m $ts.selector\[0\].addr_lo $lo $ts.selector\[0\].addr_hi $hi
        }
    }
    rx $sa IKE_AUTH response { must rfc7296/2.9/responder-narrows has {SA TSi TSr} }
    foreach ts {TSi TSr} { lappend got [msg get $rx $ts.selector\[0\].addr_lo] [msg get $rx $ts.selector\[0\].addr_hi] }
    must rfc7296/2.9/response-is-subset "the selectors returned are those of the policy" {$got eq $policy}
}
