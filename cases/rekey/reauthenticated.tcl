# reauthenticated.tcl - RFC 7296 section 2.8.3: a new IKE SA made from IKE_SA_INIT on takes the place of the old one.

testcase rekey/reauthenticated {
    title   "A peer that reauthenticates gets a new IKE SA with a Child SA, which outlives the old ones"
    cites   {rfc7296/2.8.3/reauth-by-new-ike-sa}
    device  responder
    needs   {psk esp}
    bent    {one-ike-sa-only}
    tags    {rekey auth}
    why     "Who has to prove himself anew loses the tunnel for it."
    hint    "The Delete of the old IKE SA concerns its own Child SAs."
} {
    conn initial_contact 0
    set old [ike establish]
    set new [tx IKE_SA_INIT]
    rx $new IKE_SA_INIT response -req rfc7296/2.8.3/reauth-by-new-ike-sa
    tx $new IKE_AUTH
    rx $new IKE_AUTH response { must rfc7296/2.8.3/reauth-by-new-ike-sa has {AUTH SA} }
    settle
    if {[sa-up $old]} {
        tx $old INFORMATIONAL -delete ike
        settle
    }
    alive-sa $new -req rfc7296/2.8.3/reauth-by-new-ike-sa
    must-traffic $new -req rfc7296/2.8.3/reauth-by-new-ike-sa
    no-sa $old -req rfc7296/2.8.3/reauth-by-new-ike-sa
}
