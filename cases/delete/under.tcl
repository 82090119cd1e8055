# under.tcl - RFC 7296 section 1.4: with two IKE SAs between the same two ends, each Delete comes under the right one.

rows delete/under-right-sa {
    title   "A Delete comes under the IKE SA that it is about"
    cites   {$req}
    device  responder
    needs   {psk}
    bent    {$bent}
    tags    {delete}
    why     "The peer closes the wrong SA, or none."
    hint    "An IKE SA is deleted under itself, a Child SA under the IKE SA that made it."
} {verb req bent} {
    ike    delete-ike    rfc7296/1.4/control-under-own-ike-sa   control-under-own-ike-sa
    child  delete-child  rfc7296/1.4/child-control-under-parent child-control-under-parent
} {
    conn initial_contact 0
    set first [ike establish]
    set second [ike establish]
    settle 300
    precondition {[sa-up $first] && [answers $first] && $first ne $second} "the device keeps one IKE SA only"
    precondition {[child $first count] && [child $second count]} "one of the IKE SAs has no Child SA"
    set own [child $first spi_out]
    set before [llength [records inbound INFORMATIONAL request]]
    dut $verb $first
    settle
    set seen 0
    foreach n [lrange [records inbound INFORMATIONAL request] $before end] {
        set m [record $n msg]
        if {$m eq "" || ![msg has $m D]} continue
        incr seen
        must $req "the Delete comes under the IKE SA that it is about" {[record $n spi_i] eq [sa $first spi_i]}
        if {$verb eq "delete-child"} { must $req "it names the Child SA of that IKE SA: [msg get $m D.spis]" {[msg get $m D.spis] eq "0x$own"} }
    }
    precondition {$seen} "no Delete came"
}
