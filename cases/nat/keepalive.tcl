# keepalive.tcl - RFC 3948 sections 2.3 and 4: keepalives that the device sends, and those that it gets.

testcase nat/keepalive-sent {
    title   "Behind a NAT the device sends keepalives: one octet FF, between the ports of ESP"
    cites   {rfc3948/2.3/keepalive-one-octet rfc3948/2.3/keepalive-same-ports rfc3948/4/keepalive-when-idle rfc7296/2.23/keepalive-behind-nat}
    device  both
    needs   {psk nat-traversal virtual-time}
    setup   psk
    bent    {keepalive-one-octet keepalive-same-ports keepalive-when-idle}
    tags    {nat}
    why     "The NAT forgets the device, and nobody can reach it any more."
    hint    "A NAT before the device shows in the hash over its own address."
} {
    edit outbound IKE_SA_INIT any { msg set $m N(NAT_DETECTION_DESTINATION_IP).data 0x[string repeat 22 20] }
    set sa [ike floated]
    set before [llength [records inbound]]
    settle 65000
    set found 0
    foreach n [lrange [records inbound] $before end] {
        if {[record $n len] >= 20} continue
        incr found
        must rfc3948/2.3/keepalive-one-octet "it is the octet FF and nothing more" {[record $n bytes] eq "\xff"}
        must rfc3948/2.3/keepalive-same-ports "it comes from and to port 4500" {
            [string match *:4500 [record $n local]] && [string match *:4500 [record $n remote]]
        }
    }
    should rfc7296/2.23/keepalive-behind-nat "the end behind the NAT sends some" {$found > 0}
    should rfc3948/4/keepalive-when-idle "in 65 seconds of silence there are three ($found)" {$found >= 3}
}

rows nat/keepalive-checksum {
    title   "A keepalive is one whatever its UDP checksum says"
    cites   {rfc3948/2.3/keepalive-any-checksum}
    device  both
    needs   {psk nat-traversal}
    bent    {$bent}
    tags    {nat}
    why     "Keepalives of some peers are taken for broken messages."
} {checksum bent} {
    zero     0  keepalive-ignored
    computed 1  keepalive-any-checksum
} {
    set sa [ike floated]
    set before [llength [records inbound]]
    checksum $checksum
    foreach i {1 2 3} { raw \xff -port 4500 }
    checksum 1
    settle
    must rfc3948/2.3/keepalive-any-checksum "nothing comes back" {[llength [records inbound]] == $before}
    precondition {[answers $sa]} "the SA does not answer any more"
}

testcase nat/keepalive-no-sign-of-life {
    title   "Keepalives do not keep the device from checking whether its peer lives"
    cites   {rfc3948/4/keepalive-not-liveness}
    device  both
    needs   {psk nat-traversal liveness}
    setup   psk-dpd
    bent    {keepalive-not-liveness}
    tags    {nat liveness}
    why     "A dead peer is never noticed: whoever forges its keepalives, which nobody can check, makes it live for ever."
} {
    set sa [ike floated]
    set before [llength [records inbound INFORMATIONAL request]]
    for {set i 0} {$i < 12} {incr i} {
        raw \xff -port 4500
        settle 1000
    }
    must rfc3948/4/keepalive-not-liveness "a liveness check came although there were keepalives" {
        [llength [records inbound INFORMATIONAL request]] > $before
    }
}
