# remote-access.tcl - the setup psk with inner addresses by configuration payloads: in psk-pool the device leases them, in
# psk-asks it asks for one. All of them lie inside the tester's or the device's selectors.

setup psk-pool { like psk
    title     "The device gives inner addresses out of a pool, and wants every peer to ask"
    options   {pool 10.1.0.64/28}
}

setup psk-pool-anyone { like psk
    title     "The device gives inner addresses to whoever knows the key, by whatever name"
    options   {pool 10.1.0.64/28 any-id yes}
}

setup psk-pool-one { like psk
    title     "The device has one inner address to give"
    options   {pool 10.1.0.64/32}
}

setup psk-asks { like psk
    title     "The device asks for an inner address"
    options   {asks 10.2.0.64/28}
}
