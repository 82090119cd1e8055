# config.tcl - bent devices of the configuration payload. The built-in device passes over CP; these do more.

bent insists-on-known-configuration {
    title "Drops IKE_AUTH with a configuration request in which it does not know everything"
    hear  {IKE_AUTH request {
        foreach p [msg paths $m] {
            lassign $p path value
            if {![string match CP.* $path]} continue
            if {[string match *.reserved2 $path] && $value != 0 || [string match *attribute*.reserved $path] && $value != 0} { return drop }
            if {[string match *attribute*.type $path] && $value ni {INTERNAL_IP4_ADDRESS APPLICATION_VERSION}} { return drop }
        }
    }}
}

bent refuses-configuration {
    title "Answers configuration payloads by NO_PROPOSAL_CHOSEN"
    edit  {INFORMATIONAL response { msg add $m N(NO_PROPOSAL_CHOSEN) }}
}

bent acks-with-values {
    title "Its CFG_ACK repeats the values"
    edit  {INFORMATIONAL response { msg config $m ACK INTERNAL_IP4_DNS=192.0.2.53 }}
}

bent acks-something-else {
    title "Its CFG_ACK names an attribute that was not in the request"
    edit  {INFORMATIONAL response { msg config $m ACK INTERNAL_IP4_ADDRESS }}
}

bent sends-unasked-reply {
    title "Its responses hold a CFG_REPLY that nobody asked for"
    edit  {INFORMATIONAL response { msg config $m REPLY INTERNAL_IP4_ADDRESS=10.1.0.99 }}
}

bent sends-ipcomp-unasked {
    title "Its responses accept a compression that nobody offered"
    edit  {any response { if {[msg has $m TSi]} { msg add $m N(IPCOMP_SUPPORTED) data 0x123402 } }}
}

bent sends-ipcomp-anywhere {
    title "Its INFORMATIONAL messages speak of compression"
    edit  {INFORMATIONAL any { msg add $m N(IPCOMP_SUPPORTED) data 0x123402 }}
}

bent takes-two-compressions {
    title "It accepts every compression that is offered"
    edit  {IKE_AUTH response { if {[msg has $m SA]} { msg add $m N(IPCOMP_SUPPORTED) data 0x123402; msg add $m N(IPCOMP_SUPPORTED) data 0x123503 } }}
}

bent refuses-without-address {
    title "Refuses the IKE SA when it has no address to give"
    hear  {IKE_AUTH request { set address_asked [msg has $m CP] }}
    edit  {IKE_AUTH response {
        if {$address_asked} {
            foreach p {IDr AUTH SA TSi TSr} { if {[msg has $m $p]} { msg remove $m $p } }
            msg add $m N(INTERNAL_ADDRESS_FAILURE)
        }
    }}
}

bent sends-netmask-alone {
    title "Gives a netmask without an address"
    edit  {IKE_AUTH response { msg config $m REPLY INTERNAL_IP4_NETMASK=255.255.255.0 }}
}

bent sends-netmask-twice {
    title "Gives two netmasks with one address"
    edit  {IKE_AUTH response {
        msg config $m REPLY INTERNAL_IP4_ADDRESS=10.1.99.1 INTERNAL_IP4_NETMASK=255.255.255.0 INTERNAL_IP4_NETMASK=255.255.255.0
    }}
}

bent lease-behind-sa {
    title "Its CFG_REPLY stands behind SA"
    edit  {IKE_AUTH response { if {[msg has $m CP] && [msg has $m SA]} { msg move $m CP after TSr } }}
}

bent asks-with-reserved {
    title "The reserved octets of its CFG_REQUEST are not zero"
    edit  {IKE_AUTH request { msg set $m CP.reserved2 7 }}
}

bent asks-with-attribute-bit {
    title "The reserved bit of an attribute in its CFG_REQUEST is set"
    edit  {IKE_AUTH request { msg set $m {CP.attribute[0].reserved} 1 }}
}

bent asks-with-netmask {
    title "It asks for a netmask and says which"
    edit  {IKE_AUTH request { msg config $m REQUEST INTERNAL_IP4_ADDRESS INTERNAL_IP4_NETMASK=255.255.255.0 }}
}

bent asks-with-supported {
    title "It asks for the supported attributes and names some"
    edit  {IKE_AUTH request { msg config $m REQUEST INTERNAL_IP4_ADDRESS SUPPORTED_ATTRIBUTES=0x0001 }}
}

bent takes-any-configuration-type {
    title "Takes a configuration payload of any type for a request"
    hear  {IKE_AUTH request { if {[msg has $m CP]} { msg set $m CP.type 1 } }}
}

bent counts-half-done-clients {
    title "Has an address for six clients, and reserves one with every IKE_SA_INIT"
    hear  {IKE_SA_INIT request { incr half_done }}
    edit  {IKE_AUTH response {
        if {$half_done > 6 && [msg has $m SA]} {
            foreach p {CP SA TSi TSr} { if {[msg has $m $p]} { msg remove $m $p } }
            msg add $m N(INTERNAL_ADDRESS_FAILURE)
        }
    }}
}

bent announces-what-it-refuses {
    title "Announces a network that it lets nobody into"
    edit  {IKE_AUTH response {
        if {[msg has $m CP]} { msg config $m REPLY INTERNAL_IP4_ADDRESS=10.1.0.64 INTERNAL_IP4_SUBNET=10.99.0.0/24 }
    }}
}

bent grants-every-wish {
    title "Gives whatever stands first in the request, as it came"
    hear  {IKE_AUTH request {
        set wished {}
        if {[msg has $m CP]} { foreach part {type value} { lappend wished [msg get $m "CP.attribute\[0].$part"] } }
    }}
    edit  {IKE_AUTH response {
        if {[llength $wished] && [msg has $m CP]} {
            msg set $m {CP.attribute[0].type} [lindex $wished 0] {CP.attribute[0].value} [lindex $wished 1]
        }
    }}
}

bent gives-up-on-reserved {
    title "Drops a CFG_REPLY whose reserved octets are not zero"
    hear  {IKE_AUTH response { if {[msg has $m CP] && [msg get $m CP.reserved2] != 0} { return drop } }}
}

bent gives-up-on-attribute-bit {
    title "Drops a CFG_REPLY with the reserved bit set in an attribute"
    hear  {IKE_AUTH response { if {[msg has $m CP] && [msg get $m {CP.attribute[0].reserved}] != 0} { return drop } }}
}

bent gives-up-on-allowed-families {
    title "Drops what says which families of addresses are allowed (RFC 8983)"
    hear  {IKE_AUTH response { if {[msg has $m N(16439)] || [msg has $m N(16440)]} { return drop } }}
}

bent leases-once {
    title "Never gives an address to a client that had one"
    hear  {IKE_AUTH request { incr clients }}
    edit  {IKE_AUTH response {
        if {$clients > 1 && [msg has $m SA]} {
            foreach p {CP SA TSi TSr} { if {[msg has $m $p]} { msg remove $m $p } }
            msg add $m N(INTERNAL_ADDRESS_FAILURE)
        }
    }}
}
