# port.tcl - RFC 7296 sections 2.11 and 2.23, RFC 3948 section 2: ports, marker, keepalives.

testcase nat/start-on-4500 {
    title   "An initiator may begin on port 4500"
    cites   {rfc7296/2.23/accept-any-port rfc7296/2.11/reply-to-source rfc3948/2.2/non-esp-marker}
    rev     2
    device  responder
    needs   {psk nat-traversal}
    setup   psk
    bent    {reply-to-source non-esp-marker}
    tags    {nat}
    why     "Peers behind networks that let only port 4500 pass cannot connect."
} {
    set host [lindex [split [sa [tx IKE_SA_INIT] remote] :] 0]
    rx IKE_SA_INIT response
    conn remote $host:4500 local [lindex [split [record $rx_n local] :] 0]:4500
    set sa [tx IKE_SA_INIT]
    settle
    # an answer without the marker is not even read as IKE: it begins with the SPI of the tester
    foreach n [records inbound] {
        if {![string match *:4500 [record $n local]] || [record $n len] < 28} continue
        must rfc3948/2.2/non-esp-marker "what comes to port 4500 begins with four zero octets" {[string range [record $n bytes] 0 3] eq "\0\0\0\0"}
    }
    rx $sa IKE_SA_INIT response { must rfc7296/2.23/accept-any-port has {SA KE Nonce} }
    must rfc7296/2.11/reply-to-source "the answer comes from and to port 4500" {
        [string match *:4500 [record $rx_n local]] && [string match *:4500 [record $rx_n remote]]
    }
}

testcase nat/reply-to-odd-port {
    title   "A request from an odd port is answered to that port"
    cites   {rfc7296/2.11/any-source-port rfc7296/2.11/reply-to-source}
    device  responder
    needs   {psk virtual-time}
    setup   psk
    bent    {reply-to-source initiates-only}
    tags    {nat}
    why     "Peers behind a NAT get no answer."
} {
    conn local 192.0.2.1:61234
    set sa [tx IKE_SA_INIT]
    rx $sa IKE_SA_INIT response -req rfc7296/2.11/any-source-port
    must rfc7296/2.11/reply-to-source "the answer comes to port 61234" {[string match *:61234 [record $rx_n local]]}
}

testcase nat/keepalive-ignored {
    title   "A keepalive gets no answer and does no harm"
    cites   {rfc3948/2.3/keepalive-ignored}
    device  both
    needs   {psk nat-traversal}
    setup   psk
    bent    {keepalive-ignored}
    tags    {nat}
    why     "The log fills, or two ends answer each other for ever."
} {
    set sa [ike floated]
    set before [llength [records inbound]]
    foreach i {1 2 3} { raw \xff -port 4500 }
    settle
    should rfc3948/2.3/keepalive-ignored "nothing comes back" {[llength [records inbound]] == $before}
    precondition {[answers $sa]} "the SA does not answer any more"
}

rows nat/short-on-4500 {
    title   "A datagram on port 4500 that is neither IKE nor ESP nor a keepalive is dropped and does no harm"
    cites   {rfc3948/3.3/short-udp-esp-dropped}
    device  both
    needs   {psk nat-traversal}
    setup   psk
    bent    {short-udp-esp-dropped}
    tags    {nat}
    why     "Lengths computed from what is there become negative, and the device stops."
} {hex} {
    zero      00
    one       01
    two       ffff
    three     000000
    spi       5eadbeef
    spi-more  5eadbeef000000
} {
    set sa [ike floated]
    set before [llength [records inbound]]
    raw [binary decode hex $hex] -port 4500
    settle
    must rfc3948/3.3/short-udp-esp-dropped "nothing comes back" {[llength [records inbound]] == $before}
    alive-sa $sa
}
