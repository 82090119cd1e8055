# iv.tcl - RFC 3602 section 3: the IVs of ESP packets under AES-CBC.

testcase esp/iv-unpredictable {
    title   "Under AES-CBC each packet of the device has an IV that nothing before it tells"
    cites   {rfc3602/3/cbc-iv-random rfc3602/3/iv-not-counted rfc3602/3/iv-own-block}
    rev     2
    device  both
    needs   {psk esp}
    setup   psk-cbc
    bent    {esp-iv-chained esp-iv-counted esp-iv-of-eight}
    tags    {esp iv security}
    why     "Who can have text of his own encrypted finds out what other packets hold."
    hint    "No counter, no constant part, and not the last block of the packet before."
} {
    set sa [ike establish]
    for {set i 0} {$i < 14} {incr i} {
        esp-send $sa
        settle 40
    }
    set came [records inbound ESP]
    precondition {[llength $came] >= 8} "[llength $came] packets came from the device"
    set halves {}
    set last ""
    foreach n $came {
        set b [record $n bytes]
        set iv [string range $b 8 23]
        must rfc3602/3/iv-own-block "packet $n has room for an IV, whole blocks behind it and the ICV of 16" {
            [string length $b] >= 8 + 16 + 16 + 16 && ([string length $b] - 8 - 16) % 16 == 0
        }
        must rfc3602/3/cbc-iv-random "the IV of packet $n is not the last block of the packet before" {$iv ne $last}
        # of sixteen octets neither half was there before, but for once in 2^57
        foreach half [list f[string range $iv 0 7] l[string range $iv 8 15]] {
            must rfc3602/3/iv-not-counted "half of the IV of packet $n is new" {$half ni $halves}
            lappend halves $half
        }
        set last [string range $b end-31 end-16]
    }
}
