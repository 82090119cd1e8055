# esp.tcl - bent devices of the packets.

bent esp-not-taken {
    title "ESP packets do not get in"
    edge  {drop inbound ESP}
}

bent esp-spi-reserved {
    title "It picks an SPI of the reserved range"
    edit  {IKE_AUTH any { if {[msg has $m SA]} { msg set $m {SA.proposal[0].spi} 0x000000c8 } }}
}
