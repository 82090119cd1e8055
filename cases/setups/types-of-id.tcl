# types-of-id.tcl - the setup psk with identities of the other types.

setup psk-id-ipv4 { like psk
    title     "Both ends are named by an IPv4 address, which is not the one they use"
    device    {addr 192.0.2.2 id {IPV4_ADDR 198.51.100.2}}
    tester    {addr 192.0.2.1 id {IPV4_ADDR 198.51.100.1}}
}

setup psk-id-ipv6 { like psk
    title     "Both ends are named by an IPv6 address"
    device    {addr 192.0.2.2 id {IPV6_ADDR 2001:db8::2}}
    tester    {addr 192.0.2.1 id {IPV6_ADDR 2001:db8::1}}
}

setup psk-id-email { like psk
    title     "Both ends are named by a mail address"
    device    {addr 192.0.2.2 id {RFC822_ADDR d@lab.example}}
    tester    {addr 192.0.2.1 id {RFC822_ADDR t@lab.example}}
}

setup psk-id-key { like psk
    title     "Both ends are named by a key id"
    device    {addr 192.0.2.2 id {KEY_ID device-key}}
    tester    {addr 192.0.2.1 id {KEY_ID tester-key}}
}
