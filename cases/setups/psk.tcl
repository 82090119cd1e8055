# psk.tcl - device configurations with a pre-shared key; cases name them under `setup`, drivers write them out.

setup psk {
    title     "One tunnel, pre-shared key, current algorithms"
    device    {addr 192.0.2.2 id {FQDN d.lab}}
    tester    {addr 192.0.2.1 id {FQDN t.lab}}
    psk       "ikespec test secret, not for use"
    ike       {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256}}
    esp       {{ENCR_AES_GCM_16-256}}
    device_ts {10.2.0.0/24}
    tester_ts {10.1.0.0/24}
    mode      tunnel
    options   {fragmentation no ike-rekey 0 child-rekey 0 dpd 0 cookie never}
}

setup psk-pfs { like psk
    title     "Child SAs made later have a key exchange of their own"
    esp       {{ENCR_AES_GCM_16-256 ECP_256}}
}

setup psk-groups { like psk
    title     "Two groups are allowed, the first is preferred"
    ike       {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 ECP_256 CURVE25519}}
}

setup psk-aead { like psk
    title     "AES-GCM for the IKE SA too"
    ike       {{ENCR_AES_GCM_16-256 PRF_HMAC_SHA2_256 ECP_256}}
}

setup psk-cbc { like psk
    title     "AES-CBC and HMAC for the Child SA"
    esp       {{ENCR_AES_CBC-256 AUTH_HMAC_SHA2_256_128}}
}

setup psk-transport { like psk
    title     "Transport mode between the two hosts"
    mode      transport
    device_ts {192.0.2.2/32}
    tester_ts {192.0.2.1/32}
}

setup psk-cookie { like psk
    title     "The device asks every initiator for a cookie"
    options   {cookie always}
}

setup psk-childless { like psk
    title     "The IKE SA comes up without a Child SA"
    options   {childless yes}
}

setup psk-fragments { like psk
    title     "Messages of more than 280 octets go out in fragments"
    options   {fragmentation yes fragment-size 280}
}

setup psk-window { like psk
    title     "The device allows four requests at once"
    options   {window 4}
}

setup psk-rekey-by-time { like psk
    title     "The device rekeys its Child SA every ten seconds and its IKE SA every thirty"
    options   {child-rekey 10 ike-rekey 30}
}

setup psk-dpd { like psk
    title     "The device checks every five seconds whether its peer lives"
    options   {dpd 5}
}

setup psk-over-ipv6 { like psk
    title     "Both ends have an IPv6 address, the networks behind them are IPv4"
    device    {addr 2001:db8::2 id {FQDN d.lab}}
    tester    {addr 2001:db8::1 id {FQDN t.lab}}
}
