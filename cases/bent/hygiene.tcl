# hygiene.tcl - bent devices that use again what must be new for each exchange.

bent nonces-come-again {
    title "All its later exchanges have the same nonce"
    edit  {CREATE_CHILD_SA any { if {[msg has $m Nonce]} { msg set $m Nonce.data 0x[string repeat 3d 32] } }}
}

bent ike-spis-come-again {
    title "All IKE SAs that it makes by rekeying have the same SPI"
    edit  {CREATE_CHILD_SA any { if {[msg has $m SA] && [msg get $m SA.1.protocol] eq "IKE"} { msg set $m SA.1.spi 0x0000000000000077 } }}
}

bent esp-spis-come-again {
    title "All Child SAs that it makes later have the same SPI"
    edit  {CREATE_CHILD_SA any { if {[msg has $m SA] && [msg get $m SA.1.protocol] eq "ESP"} { msg set $m SA.1.spi 0x0badc0de } }}
}
