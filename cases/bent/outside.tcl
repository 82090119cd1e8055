# outside.tcl - bent devices that answer messages which belong to no IKE SA of theirs in a wrong way.

bent stray-answer-other-id {
    title "Its answer to a stray request has a message id of its own"
    edit  {any response { if {[msg has $m N(INVALID_IKE_SPI)]} { msg set $m HDR.mid 0 } }}
}
bent stray-answer-sealed {
    title "Its answer to a stray request looks protected"
    edit  {any response { if {[msg has $m N(INVALID_IKE_SPI)]} { msg remove $m N(INVALID_IKE_SPI); msg add $m 46 -body [string repeat \x33 48] } }}
}
bent stray-answer-other-notify {
    title "Its answer to a stray request says INVALID_SYNTAX"
    edit  {any response { if {[msg has $m N(INVALID_IKE_SPI)]} { msg set $m N(INVALID_IKE_SPI).type INVALID_SYNTAX } }}
}
