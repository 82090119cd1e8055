# devices.tcl - devices that are odd and good: whatever such a device does, the RFCs let it. No case may fail one of them
# (`ikespec prove --odd`); many prove nothing about it. They are written as bent devices are, with `options` of the setup besides.

odd slow {
    title "Each of its messages takes 0.9 s: the tester asks again before it has heard"
    edge  {delay outbound any -ms 900}
}

# RFC 7296 2.4: how long it waits is its own affair, so that the waits grow.
odd impatient {
    title   "It asks again after a tenth of a second, and soon again"
    options {retransmit {100 1.5 8}}
}

# RFC 7296 4: a minimal implementation may know CREATE_CHILD_SA no further than that.
odd minimal {
    title "It answers every CREATE_CHILD_SA request that it can read by NO_ADDITIONAL_SAS"
    hear  {CREATE_CHILD_SA request {
        for {set p 1} {[msg exists $m SA.$p]} {incr p} {
            set count [llength [msg transforms $m $p]]
            for {set t 1} {$t <= $count} {incr t} { msg set $m SA.$p.$t.id 65000 }
        }
    }}
    edit  {CREATE_CHILD_SA response {
        if {[msg has $m N(NO_PROPOSAL_CHOSEN)] || [msg has $m N(CHILD_SA_NOT_FOUND)] || [msg has $m N(TEMPORARY_FAILURE)]} {
            foreach p [msg payloads $m] { if {$p ne "SK"} { msg remove $m $p } }
            msg add $m N(NO_ADDITIONAL_SAS)
        }
    }}
}

# RFC 7296 2.5, 3.10.1, 3.12: status notifies and vendor ids may stand anywhere. (IKE_SA_INIT: a COOKIE stands alone, or first)
odd talkative {
    title "All its messages hold status notifies that nobody knows, in front and behind, and vendor ids, empty ones too"
    edit  {any any {
        set inner [lmap p [msg payloads $m] { if {$p in {SK SKF}} continue; set p }]
        set init [expr {[msg get $m HDR.exchange] eq "IKE_SA_INIT"}]
        if {$init && "SA" ni $inner} return
        if {[llength $inner] && (!$init || [msg get $m HDR.flags.R])} {
            msg add $m N(40000) -before [lindex $inner 0] data 0x0102
            msg add $m V -before N(40000) data hex:
        }
        msg add $m N(40001)
        msg add $m V data 0x1122334455
    }}
}

# RFC 7296 2.9.2: the same selectors or a superset.
odd wide {
    title "When it rekeys a Child SA it asks for all addresses"
    edit  {CREATE_CHILD_SA request {
        if {[msg has $m N(REKEY_SA)]} {
            foreach ts {TSi TSr} { if {[msg get $m $ts.1.type] eq "TS_IPV4_ADDR_RANGE"} { msg set $m $ts.1.addr_lo 0.0.0.0 $ts.1.addr_hi 255.255.255.255 } }
        }
    }}
}

# RFC 7296 3.7: types 12 and 13 name authorities as type 4 does.
odd wants-urls {
    title "It asks for certificates by hash and URL as well, and for that first"
    edit  {any any { if {[msg has $m CERTREQ]} { msg add $m CERTREQ -before CERTREQ encoding HASH_URL_CERT data [msg get $m CERTREQ.data] } }}
}

# RFC 7296 1.3.1: who does not repeat USE_TRANSPORT_MODE wants tunnel mode.
odd tunnels-only {
    title  "It declines transport mode, in all requests"
    except {nat/transport-substituted}     ;# in tunnel mode there is nothing to substitute, and the selectors do not fit
    hear  {any request { if {[msg has $m N(USE_TRANSPORT_MODE)]} { msg remove $m N(USE_TRANSPORT_MODE) } }}
}

# RFC 7296 2.6, 2.4, 2.3, 2.10, RFC 7383.
odd careful {
    title   "It wants a cookie from everybody, and asks every three seconds whether its peer lives"
    options {cookie always dpd 3}
}
odd roomy {
    title   "It has long nonces and a window of eight"
    options {nonce-length 128 window 8}
}
odd in-pieces {
    title   "It sends whatever has more than 300 octets in fragments"
    options {fragment-size 300}
}
