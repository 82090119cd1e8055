# udp.tcl - RFC 3948 sections 2 and 3: ESP and IKE in UDP, their headers and checksums.

rows nat/esp-form {
    title   "ESP in UDP is a UDP header, then that of ESP, and is taken as if it had come bare"
    cites   {rfc3948/3.2/udp-header-after-ip rfc3948/3.3/udp-header-removed rfc3948/1/tunnel-mode-supported}
    device  both
    needs   $needs
    setup   $setup
    bent    {udp-header-removed esp-header-between esp-icv-wrong}
    tags    {nat esp}
    why     "The tunnel comes up behind a NAT and nothing passes."
    hint    "Early drafts had eight octets more in front of ESP."
} {needs setup} {
    gcm   {psk esp nat-traversal}  psk
    cbc   {psk esp nat-traversal}  psk-cbc
    null  {psk esp nat-traversal}  {psk esp {{ENCR_NULL AUTH_HMAC_SHA2_256_128}}}
    ipv6  {psk esp nat-traversal ipv6 virtual-time}  psk-over-ipv6
} {
    set sa [ike floated]
    set spi [child $sa spi_in]
    esp-send $sa
    settle
    set packets [records inbound ESP]
    must rfc3948/3.3/udp-header-removed "a packet in UDP is answered" {[llength $packets] > 0}
    foreach n $packets {
        must rfc3948/3.2/udp-header-after-ip "packet $n came in UDP" {[record $n ip_protocol] == 17}
        must rfc3948/3.2/udp-header-after-ip "the octets after its UDP header are the SPI" {
            [string range [record $n bytes] 0 3] eq [binary decode hex $spi]
        }
        must rfc3948/1/tunnel-mode-supported "it holds an IP packet" {[record $n opened] && [record $n next] in {4 41}}
    }
    must-traffic $sa -req rfc3948/3.3/udp-header-removed -payload [string repeat u 1000]
}

testcase nat/spi-nonzero {
    title   "The SPI that the device picks for ESP in UDP is not zero"
    cites   {rfc3948/1/spi-zero-unused}
    device  both
    needs   {psk esp nat-traversal}
    setup   psk
    bent    {esp-picks-spi-zero}
    tags    {nat esp}
    why     "Its packets are taken for IKE."
} {
    conn force_natt 1
    set sa [ike init]
    auth $sa rx
    precondition {[msg has $rx SA]} "there is no Child SA in it"
    must rfc3948/1/spi-zero-unused "its SPI is above zero" {[msg get $rx {SA.proposal[0].spi}] > 0}
}

rows nat/udp-checksum {
    title   "ESP in UDP is taken whatever the UDP checksum says"
    cites   {$req}
    device  both
    needs   {psk esp nat-traversal}
    bent    {$bent}
    tags    {nat esp}
    why     "Half of all peers cannot send: some compute the checksum, some leave it zero."
    hint    "ESP has an ICV of its own."
} {checksum req bent} {
    zero     0  rfc3948/2.1/checksum-zero-accepted     checksum-zero-accepted
    computed 1  rfc3948/2.1/checksum-not-required-zero checksum-not-required-zero
} {
    set sa [ike floated]
    checksum $checksum
    must-traffic $sa
    must-traffic $sa -payload [string repeat u 500]
    checksum 1
}

testcase nat/marker-not-counted {
    title   "The length in the IKE header leaves the marker of port 4500 out"
    cites   {rfc3948/2.2/marker-not-in-length}
    device  both
    needs   {psk nat-traversal}
    setup   psk
    bent    {counts-the-marker}
    tags    {nat header}
    why     "Receivers drop the message for its length."
} {
    conn force_natt 1
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH }
    settle
    set floated {}
    foreach n [records inbound] {
        if {[string match *:4500 [record $n local]] && [string range [record $n bytes] 0 3] eq "\0\0\0\0"} { lappend floated $n }
    }
    precondition {[llength $floated]} "the device sends no IKE message to port 4500"
    foreach n $floated {
        binary scan [string range [record $n bytes] 28 31] Iu length
        must rfc3948/2.2/marker-not-in-length "the length of message $n is that of the datagram without the marker" {$length == [record $n len] - 4}
    }
}

rows nat/inner-source-checked {
    title   "Behind a NAT, too, only addresses of the policy come out of the tunnel"
    cites   {rfc3948/3.1.1/tunnel-inner-address-policy}
    device  both
    needs   {psk esp nat-traversal}
    bent    {inbound-selectors-checked}
    tags    {nat esp}
    why     "Whoever is behind a NAT sends in the name of others."
} {from} {
    other-net     10.7.0.1
    beside        10.1.1.1
    of-the-device 10.2.0.9
    of-the-nat    192.0.2.1
} {
    set sa [ike floated]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    set before [llength [records inbound ESP]]
    esp-send $sa -inner [inner echo $from 10.2.0.1 77 1]
    settle
    must rfc3948/3.1.1/tunnel-inner-address-policy "no answer to a packet from $from" {[llength [records inbound ESP]] == $before}
}

rows nat/inner-checksum {
    title   "In tunnel mode behind a NAT inner TCP checksums are verified as ever"
    cites   {rfc3948/3.1.2/tunnel-checksum-verified}
    device  both
    needs   {psk esp nat-traversal}
    bent    {tunnel-checksum-verified}
    tags    {nat esp}
    why     "What was damaged before it entered the tunnel is delivered as data."
    hint    "Only in transport mode does a NAT break them."
} {at} {
    checksum 36
    sequence 27
    data     47
} {
    set sa [ike floated]
    set syn [inner tcp 10.1.0.1:1000 10.2.0.1:9 2 1 "eight octets"]
    esp-send $sa -inner $syn
    settle
    set before [llength [records inbound ESP]]
    precondition {$before} "a connection request is not answered"
    binary scan [string index $syn $at] cu was
    esp-send $sa -inner [string replace $syn $at $at [binary format c [expr {$was ^ 4}]]]
    settle
    must rfc3948/3.1.2/tunnel-checksum-verified "no answer to one whose checksum is wrong" {[llength [records inbound ESP]] == $before}
}
