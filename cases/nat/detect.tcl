# detect.tcl - RFC 7296 section 2.23: NAT detection hashes, sent and compared.

testcase nat/hashes-sent {
    title   "Both NAT detection hashes stand in IKE_SA_INIT, and that of the peer's address is right"
    cites   {rfc7296/2.23/nat-detection-sent rfc7296/2.23/nat-detection-hash}
    device  both
    needs   {psk nat-traversal}
    setup   psk
    bent    {nat-detection-sent natd-hash-wrong natd-hash-short}
    tags    {nat smoke}
    why     "The tunnel comes up behind a NAT and nothing passes, or a NAT is seen where there is none."
    hint    "SHA-1 over both SPIs as in the header of that message (the responder's is zero in the request), address, port."
} {
    set sa [ike init]
    set n [lindex [records inbound IKE_SA_INIT] 0]
    set m [record $n msg]
    must rfc7296/2.23/nat-detection-sent "N(NAT_DETECTION_SOURCE_IP) and N(NAT_DETECTION_DESTINATION_IP) are there" {
        [msg has $m N(NAT_DETECTION_SOURCE_IP)] && [msg has $m N(NAT_DETECTION_DESTINATION_IP)]
    }
    foreach which {SOURCE DESTINATION} {
        must rfc7296/2.23/nat-detection-hash "N(NAT_DETECTION_${which}_IP) holds 20 octets" {
            [string length [msg get $m N(NAT_DETECTION_${which}_IP).data]] == 42
        }
    }
    # that of the device's own address may be false on purpose, to have ESP in UDP
    must rfc7296/2.23/nat-detection-hash "the hash over the tester's address and port is right" {![sa $sa nat_local]}
}

testcase nat/hashes-missing {
    title   "A peer without NAT detection gets its SA"
    cites   {rfc7296/2.23/no-detection-no-nat}
    device  both
    needs   {psk}
    setup   psk
    bent    {natd-insisted-on}
    tags    {nat}
    why     "Peers without NAT traversal cannot connect."
} {
    conn natd 0
    set sa [ike init response { must rfc7296/2.23/no-detection-no-nat has {SA KE Nonce} }]
    auth $sa rx -req rfc7296/2.23/no-detection-no-nat
    alive-sa $sa
}

rows nat/odd-hash-harmless {
    rev     2
    title   "A NAT detection hash of another length is no match and does no harm"
    cites   {rfc7296/2.23/odd-hash-no-match}
    device  responder
    needs   {psk nat-traversal}
    bent    {natd-insisted-on}
    tags    {nat}
    why     "Octets beyond the notify are compared."
    hint    "INVALID_SYNTAX is an answer too."
} {data} {
    empty    hex:
    one      0x00
    nineteen 0x00112233445566778899aabbccddeeff001122
    more     0x00112233445566778899aabbccddeeff0011223344
    long     0x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
} {
    set sa [tx IKE_SA_INIT -set [list N(NAT_DETECTION_SOURCE_IP).data $data]]
    rx IKE_SA_INIT response { should rfc7296/2.23/odd-hash-no-match true {[msg has $rx SA] || [msg has $rx N(INVALID_SYNTAX)]} }
}

testcase nat/mismatch-floats {
    title   "An initiator that finds a NAT goes on from port 4500, with the marker in front"
    cites   {rfc7296/2.23/float-to-4500 rfc7296/2/four-zero-prefix-on-4500 rfc7296/2.23/initiator-checks-hashes}
    device  initiator
    needs   {psk nat-traversal}
    setup   psk
    bent    {float-to-4500 non-esp-marker send-on-500-or-4500}
    tags    {nat}
    why     "ESP does not pass the NAT."
} {
    edit outbound IKE_SA_INIT response {
        msg set $m N(NAT_DETECTION_SOURCE_IP).data 0x[string repeat 11 20]
        msg set $m N(NAT_DETECTION_DESTINATION_IP).data 0x[string repeat 22 20]
    }
    set sa [ike init]
    settle
    # without the marker it is taken for ESP: the SPI of the IKE SA stands where the zeros should
    foreach n [records inbound ESP] {
        must rfc7296/2/four-zero-prefix-on-4500 "message $n is no IKE message without a marker" {
            [string range [record $n bytes] 0 7] ne [binary decode hex [sa $sa spi_i]]
        }
    }
    rx $sa IKE_AUTH request
    must rfc7296/2.23/initiator-checks-hashes "it has seen that the hashes do not match" {[string match *:4500 [record $rx_n local]]}
    must rfc7296/2.23/float-to-4500 "IKE_AUTH comes from port 4500 to port 4500" {[string match *:4500 [record $rx_n local]] && [string match *:4500 [record $rx_n remote]]}
    must rfc7296/2/four-zero-prefix-on-4500 "it begins with four zero octets" {[string range [record $rx_n bytes] 0 3] eq "\0\0\0\0"}
}

testcase nat/one-source-matches {
    title   "One matching hash of several says that there is no NAT"
    cites   {rfc7296/2.23/any-source-match}
    device  initiator
    needs   {psk nat-traversal !udp-encap-only}
    setup   psk
    bent    {any-source-match}
    tags    {nat}
    why     "A peer with several addresses is always taken for one behind a NAT."
} {
    edit outbound IKE_SA_INIT response {
        msg add $m N(NAT_DETECTION_SOURCE_IP) -before N(NAT_DETECTION_SOURCE_IP) data 0x[string repeat 33 20]
    }
    set sa [ike init]
    rx $sa IKE_AUTH request
    must rfc7296/2.23/any-source-match "IKE_AUTH comes to port 500" {[string match *:500 [record $rx_n local]]}
}

testcase nat/esp-in-udp {
    title   "Behind a NAT, ESP comes in UDP from port 4500 and is taken in UDP"
    cites   {rfc7296/2.23/udp-esp-behind-nat rfc7296/2.23/nat-enabled-on-mismatch rfc3948/2.1/ports-same-as-ike rfc3948/2.1/spi-nonzero-in-udp}
    rev     3
    device  both
    needs   {psk esp nat-traversal}
    setup   psk
    bent    {udp-esp-behind-nat esp-sends-spi-zero esp-from-other-port}
    tags    {nat esp}
    why     "The tunnel comes up behind a NAT and nothing passes."
} {
    conn force_natt 1
    edit outbound IKE_SA_INIT response { msg set $m N(NAT_DETECTION_DESTINATION_IP).data 0x[string repeat 22 20] }
    edit outbound IKE_SA_INIT request { msg set $m N(NAT_DETECTION_SOURCE_IP).data 0x[string repeat 22 20] }
    set sa [ike establish]
    precondition {[string match *:4500 [sa $sa local]]} "the SA does not use port 4500"
    esp-send $sa
    settle
    # a packet with SPI 0 is not read as ESP here: it begins like an IKE message, but behind the marker stands a low number, not an SPI
    foreach n [records inbound] {
        set b [record $n bytes]
        if {![string match *:4500 [record $n local]] || [string length $b] < 12} continue
        binary scan $b IuIu marker number
        must rfc3948/2.1/spi-nonzero-in-udp "packet $n is no packet with SPI 0" {
            $marker != 0 || $number == 0 || $number > 255 || [binary encode hex [string range $b 4 11]] eq [sa $sa spi_i]
        }
    }
    must-traffic $sa
    set last [lindex [records inbound IKE_AUTH] end]
    set from [record $last remote]
    set to [record $last local]
    foreach n [records inbound ESP] {
        should rfc7296/2.23/nat-enabled-on-mismatch "packet $n came in UDP" {[record $n ip_protocol] == 17}
        must rfc7296/2.23/udp-esp-behind-nat "packet $n came in UDP" {[record $n ip_protocol] == 17}
        must rfc3948/2.1/ports-same-as-ike "packet $n came from [record $n remote] to [record $n local], as IKE from $from to $to" {
            [record $n remote] eq $from && [record $n local] eq $to
        }
    }
}
