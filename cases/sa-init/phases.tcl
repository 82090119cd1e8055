# phases.tcl - RFC 7296 sections 1, 1.4 and 2.3: IKE_SA_INIT comes first, IKE_AUTH second, everything else after them; until
# then one request is outstanding.

testcase sa-init/nothing-before-response {
    title   "Until IKE_SA_INIT is answered the device sends nothing else"
    cites   {rfc7296/1/init-completes-first rfc7296/2.3/window-one-until-established}
    device  initiator
    needs   {psk}
    bent    {init-completes-first same-id-on-retransmission}
    tags    {sa-init window}
    why     "Messages of an SA that has no keys: the peer cannot read them."
    hint    "Repeat IKE_SA_INIT until its response is there."
} {
    hold inbound any request
    dut initiate
    # whatever it is that comes: the request again after one second, or after four
    for {set i 0; set came {}} {$i < 6 && [llength $came] < 2} {incr i} {
        settle 2500
        set came [lmap n [records inbound] { if {[record $n proto] ne "ike"} continue; set n }]
    }
    precondition {[llength $came] > 1} "the device sent its request once only"
    foreach n $came {
        must rfc7296/1/init-completes-first "message $n is IKE_SA_INIT" {[record $n exchange] eq "IKE_SA_INIT"}
        must rfc7296/2.3/window-one-until-established "its message id is 0" {[record $n mid] == 0}
    }
}

testcase sa-init/nothing-before-auth-response {
    title   "Until IKE_AUTH is answered the device sends no other request, and IKE_AUTH has message id 1"
    cites   {rfc7296/1/auth-completes-next rfc7296/2.2/auth-id-one rfc7296/2.3/window-one-until-established}
    device  initiator
    needs   {psk}
    bent    {goes-on-without-auth sends-auth-id-two}
    tags    {sa-init auth window}
    why     "The peer refuses requests of somebody it does not know yet."
    hint    "Queue what else is to be done until the SA is up."
} {
    conn window 4
    hold inbound IKE_AUTH request
    hold inbound INFORMATIONAL request
    hold inbound CREATE_CHILD_SA request
    set sa [ike await]
    settle 2500
    set came [lmap n [records inbound] { if {[record $n proto] ne "ike" || [record $n exchange] eq "IKE_SA_INIT"} continue; set n }]
    precondition {[llength $came]} "no IKE_AUTH request came"
    foreach n $came {
        must rfc7296/1/auth-completes-next "message $n is IKE_AUTH" {[record $n exchange] eq "IKE_AUTH"}
        must rfc7296/2.2/auth-id-one "message $n has id 1" {[record $n mid] == 1}
    }
    must rfc7296/2.3/window-one-until-established "it is one request, repeated" {[llength [lsort -unique [lmap n $came { record $n mid }]]] == 1}
}

rows sa-init/nothing-done-before-auth {
    title   "A request of another exchange before IKE_AUTH does nothing"
    cites   {$req}
    device  responder
    needs   {psk}
    bent    {auth-completes-next}
    tags    {sa-init auth}
    why     "Somebody who has proven nothing gets tunnels, or keeps the half-open SA alive."
    hint    "On a half-open SA only IKE_AUTH counts. Dropping it and refusing it both do."
} {req exchange items} {
    informational  rfc7296/1.4/informational-after-initial INFORMATIONAL   {}
    delete         rfc7296/1.4/informational-after-initial INFORMATIONAL   {{D protocol IKE}}
    create-child   rfc7296/1/auth-completes-next           CREATE_CHILD_SA {{SA -body "[binary decode hex 0000002001030402deadbeef0300000c01000014800e01000000000805000000]"} {Nonce data 0x[string repeat 6e 32]} {TSi -body "[binary decode hex 01000000070000100000ffff0a0100000a0100ff]"} {TSr -body "[binary decode hex 01000000070000100000ffff0a0200000a0200ff]"}}
} {
    set sa [ike init]
    set m [msg new $exchange request]
    foreach item $items { msg add $m {*}[subst $item] }
    tx $sa $m -mid 1
    settle
    set done {}
    foreach n [records inbound $exchange response] {
        set r [record $n msg]
        if {$r eq "" || [record $n spi_i] ne [sa $sa spi_i]} continue
        set refused 0
        foreach p [msg payloads $r] { if {[string match N(* $p]} { set refused 1 } }
        if {!$refused || [msg has $r SA]} { lappend done [record $n chain] }
    }
    must $req "no answer as if it were done: $done" {![llength $done]}
}
