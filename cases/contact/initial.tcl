# initial.tcl - RFC 7296 section 2.4: INITIAL_CONTACT, where it may stand and whose SAs it ends.

testcase contact/only-in-first-auth {
    title   "The device sends INITIAL_CONTACT in its first IKE_AUTH message or nowhere"
    cites   {rfc7296/2.4/initial-contact-in-first-auth}
    device  both
    needs   {psk}
    setup   psk
    bent    {initial-contact-in-clear initial-contact-later}
    tags    {contact}
    why     "Peers drop good SAs, or do not see that others are gone."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL
    rx $sa INFORMATIONAL response
    tx $sa CREATE_CHILD_SA -rekey child
    settle
    foreach n [records inbound] {
        if {[record $n exchange] in {IKE_AUTH ""}} continue
        set m [record $n msg]
        must rfc7296/2.4/initial-contact-in-first-auth "message $n holds none" {$m eq "" || ![msg has $m N(INITIAL_CONTACT)]}
    }
}

testcase contact/not-beside-another {
    title   "The device sends no INITIAL_CONTACT while another IKE SA with that peer is up"
    cites   {rfc7296/2.4/initial-contact-only-sa}
    device  initiator
    needs   {psk}
    setup   psk
    bent    {initial-contact-only-sa}
    tags    {contact}
    why     "The device cuts its own connections."
} {
    set first [ike establish]
    set before [llength [records inbound IKE_AUTH request]]
    dut initiate
    settle
    set later [lmap n [lrange [records inbound IKE_AUTH request] $before end] { if {[record $n repeated]} continue; set n }]
    if {![llength $later]} { must rfc7296/2.4/initial-contact-only-sa "no second IKE SA was made, so none said it was the only one" {1} }
    foreach n [records inbound INFORMATIONAL request] {
        set m [record $n msg]
        # (a Child SA that was one too many may go)
        if {$m ne "" && [msg has $m D] && [msg get $m D.protocol] == 1} { inconclusive "the device has deleted its first IKE SA" }
    }
    foreach n $later {
        must rfc7296/2.4/initial-contact-only-sa "message $n holds no INITIAL_CONTACT" {![msg has [record $n msg] N(INITIAL_CONTACT)]}
    }
}

rows contact/needs-proof {
    title   "INITIAL_CONTACT of somebody who has proven nothing ends no SA"
    cites   {rfc7296/2.4/initial-contact-needs-auth}
    device  responder
    needs   {psk}
    bent    {initial-contact-needs-auth}
    tags    {contact}
    why     "Anybody who knows a name can cut its connections."
} {init auth} {
    in-clear     {-add {N(INITIAL_CONTACT)}}  {-psk wrong -edit { if {[msg has $m N(INITIAL_CONTACT)]} { msg remove $m N(INITIAL_CONTACT) } }}
    wrong-secret {}                           {-psk wrong -edit { if {![msg has $m N(INITIAL_CONTACT)]} { msg add $m N(INITIAL_CONTACT) } }}
    wrong-data   {}                           {-set {AUTH.data 0x00} -edit { if {![msg has $m N(INITIAL_CONTACT)]} { msg add $m N(INITIAL_CONTACT) } }}
} {
    set old [ike establish]
    set sa [eval ike init $init]
    eval [list tx $sa IKE_AUTH] $auth
    rx $sa IKE_AUTH response
    settle
    alive-sa $old
}
