# lookup.tcl - RFC 4303 section 2.1, RFC 4301 sections 4.1 and 5.2: which SA a packet belongs to, and what may come on it.

testcase esp/two-sas {
    title   "Of two Child SAs with the same selectors both take their packets, each by its SPI"
    cites   {rfc4303/2.1/spi-lookup rfc4301/4.1/inbound-by-spi rfc4301/4.1/parallel-sas-received}
    device  both
    needs   {psk esp}
    setup   psk
    bent    {spi-lookup parallel-sas-received esp-not-taken forgets-the-older-sa}
    tags    {esp}
    why     "Traffic on one of them is lost, as it is in every rekey."
    hint    "The SPI alone says which SA it is; the selectors do not."
} {
    set sa [ike establish]
    set first [child $sa spi_in 0]
    tx $sa CREATE_CHILD_SA -new
    rx $sa CREATE_CHILD_SA response
    settle
    precondition {[child $sa count] == 2} "the device makes no second Child SA"
    set second [child $sa spi_in 1]
    must rfc4303/2.1/spi-lookup "the newer SA takes its packets" {[esp-echo $sa -child $second]}
    must rfc4301/4.1/inbound-by-spi "the older SA takes its own" {[esp-echo $sa -child $first]}
    foreach spi [list $second $first $first $second] {
        must rfc4301/4.1/parallel-sas-received "in turn both are processed" {[esp-echo $sa -child $spi]}
    }
    # sealed for one SA, but with the SPI of the other: the keys do not fit
    must rfc4303/2.1/spi-lookup "a packet with the SPI of the other SA is dropped" {
        ![esp-echo $sa -child $first -spi [child $sa spi_out 1] -no-count 1]
    }
}

rows esp/selectors-of-the-sa {
    title   "What comes on an SA has to fit the selectors of that SA, not of any"
    cites   {rfc4301/5.2/inbound-selectors-checked rfc4301/4.4.1/inbound-consistent-with-policy}
    device  both
    needs   {psk esp !udp-encap-only}
    bent    {inbound-selectors-checked takes-beyond-policy}
    tags    {esp ts}
    why     "A peer sends on an SA what was agreed for another one, with other protection."
} {ts_i ts_r good bad} {
    address   10.1.0.16-10.1.0.31  10.2.0.0/24         {inner echo 10.1.0.17 10.2.0.1 801 1}  {inner echo 10.1.0.1 10.2.0.1 802 1}
    to        10.1.0.0/24          10.2.0.1            {inner echo 10.1.0.1 10.2.0.1 801 1}   {inner echo 10.1.0.1 10.2.0.2 802 1}
    protocol  {10.1.0.0/24[6/0-65535]} {10.2.0.0/24[6/0-65535]}  {inner tcp 10.1.0.1:1000 10.2.0.1:9 2 1}  {inner echo 10.1.0.1 10.2.0.1 802 1}
    port      {10.1.0.0/24[6/0-65535]} {10.2.0.0/24[6/9-9]}      {inner tcp 10.1.0.1:1000 10.2.0.1:9 2 1}  {inner tcp 10.1.0.1:1000 10.2.0.1:10 2 1}
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -new -ts-i [list $ts_i] -ts-r [list $ts_r]
    rx $sa CREATE_CHILD_SA response
    settle
    precondition {[child $sa count] == 2} "the device makes no Child SA of these selectors"
    set narrow [child $sa spi_in 1]
    set before [llength [records inbound ESP]]
    esp-send $sa -child $narrow -inner [{*}$good]
    settle
    precondition {[llength [records inbound ESP]] > $before} "what fits is not answered"
    set before [llength [records inbound ESP]]
    esp-send $sa -child $narrow -inner [{*}$bad]
    settle
    must rfc4301/5.2/inbound-selectors-checked "no answer to what the selectors of the SA leave out" {[llength [records inbound ESP]] == $before}
    esp-send $sa -child $narrow -inner [inner echo 10.7.0.1 10.2.0.1 803 1]
    settle
    must rfc4301/4.4.1/inbound-consistent-with-policy "nor to what no policy allows" {[llength [records inbound ESP]] == $before}
}

rows esp/next-header-fits {
    title   "A packet whose next header does not fit mode or content is not delivered"
    cites   {rfc4303/2.6/next-header-fits-mode}
    device  both
    needs   $needs
    setup   $setup
    bent    {next-header-fits-mode}
    tags    {esp}
    why     "Filters for one protocol are passed under the name of another."
    hint    "In tunnel mode 4 goes with IPv4 and 41 with IPv6; nothing else goes."
} {needs setup next inner} {
    v4-as-v6   {psk esp}                       psk  41  {inner echo 10.1.0.1 10.2.0.1 900 1}
    v6-as-v4   {psk esp ipv6 !udp-encap-only}  {psk device_ts 2001:db8:2::/64 tester_ts 2001:db8:1::/64}  4  {inner echo 2001:db8:1::1 2001:db8:2::1 900 1}
    icmp-bare  {psk esp virtual-time}          {psk device_ts 192.0.2.2/32 tester_ts 192.0.2.1/32}  1  {string range [inner echo 192.0.2.1 192.0.2.2 900 1] 20 end}
    tcp-bare   {psk esp virtual-time}          {psk device_ts 192.0.2.2/32 tester_ts 192.0.2.1/32}  6  {string range [inner tcp 192.0.2.1:1000 192.0.2.2:9 2 1] 20 end}
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    set before [llength [records inbound ESP]]
    esp-send $sa -inner [eval $inner] -next $next
    settle
    must rfc4303/2.6/next-header-fits-mode "no answer to next header $next" {[llength [records inbound ESP]] == $before}
    must-traffic $sa
}
