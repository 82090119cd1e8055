# proposal.tcl - bent devices for KE and proposals: the built-in device with edits of what it sends and hears.

# --- KE

bent sends-short-value {
    title "Sends a public value without its first octet"
    edit  {IKE_SA_INIT any { if {[msg has $m KE]} { msg set $m KE.data 0x[string range [msg get $m KE.data] 4 end] } }}
}
bent names-group-in-one-octet {
    title "Names the group in one octet"
    edit  {any response { if {[msg has $m N(INVALID_KE_PAYLOAD)]} { msg set $m N(INVALID_KE_PAYLOAD).data 0x13 } }}
}
bent names-group-not-offered {
    title "Names a group that nobody offered"
    edit  {any response { if {[msg has $m N(INVALID_KE_PAYLOAD)]} { msg set $m N(INVALID_KE_PAYLOAD).data 0x0015 } }}
}
bent offers-less-in-retry {
    title "Offers only the named group when it repeats the request"
    edit  {IKE_SA_INIT request { if {[msg get $m KE.group] eq "CURVE25519"} { msg remove $m SA.1.KE } }}
}
bent sends-other-group {
    title "Sends a KE of another group than it names"
    edit  {IKE_SA_INIT any { if {[msg has $m KE]} { msg set $m KE.group ECP_384 } }}
}
bent sends-second-group {
    title "Sends a KE of the group that it names last"
    edit  {IKE_SA_INIT request { msg set $m KE.group CURVE25519 }}
}
