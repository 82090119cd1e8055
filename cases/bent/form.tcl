# form.tcl - bent devices whose messages have a wrong form: each breaks one rule, in one exchange.

bent sends-length-short {
    title  "The length of its INFORMATIONAL messages leaves four octets out"
    octets {INFORMATIONAL any { binary scan $bytes @24Iu long; string replace $bytes 24 27 [binary format I [expr {$long - 4}]] }}
}
bent sends-two-in-one {
    title  "Its INFORMATIONAL messages travel two in a datagram"
    octets {INFORMATIONAL any { string cat $bytes $bytes }}
}
bent sends-major-version {
    title  "The major version of its INFORMATIONAL messages is 3"
    octets {INFORMATIONAL any { string replace $bytes 17 17 \x30 }}
}
bent sends-odd-exchange {
    title  "Its INFORMATIONAL messages name an exchange that nobody knows"
    octets {INFORMATIONAL any { string replace $bytes 18 18 \xf0 }}
}
bent sends-marker-on-500 {
    title  "Four zero octets stand in front of its INFORMATIONAL messages on port 500"
    octets {INFORMATIONAL any { string cat \0\0\0\0 $bytes }}
}
bent sends-chain-open {
    title  "The last payload inside its IKE_AUTH messages names one that is not there"
    edit   {IKE_AUTH any { msg set $m [lindex [msg payloads $m] end].next 41 }}
}
bent sends-after-encrypted {
    title  "A notify in clear stands after the Encrypted payload of its INFORMATIONAL messages"
    octets {INFORMATIONAL any {
        binary scan $bytes @24Iu long
        string cat [string replace $bytes 24 27 [binary format I [expr {$long + 8}]]] [binary decode hex 0000000800009c40]
    }}
}
bent sends-nested-encrypted {
    title  "Inside its Encrypted payload stands another"
    edit   {INFORMATIONAL any { msg add $m 46 -body [string repeat \x5a 48] }}
}
bent sends-more-proposals {
    title  "Its last proposal says that there are more"
    edit   {IKE_AUTH any { if {[msg has $m SA]} { msg set $m SA.1.more 2 } }}
}
bent sends-transform-count {
    title  "Its proposals count one transform too many"
    edit   {IKE_AUTH any { if {[msg has $m SA]} { msg set $m SA.1.num_transforms 3 } }}
}
bent sends-last-transform-early {
    title  "Its first transform says that it is the last"
    edit   {IKE_AUTH any { if {[msg has $m SA]} { msg set $m SA.1.ENCR.more 0 } }}
}
bent sends-key-length-in-octets {
    title  "It gives key lengths in octets"
    edit   {IKE_AUTH any { if {[msg has $m SA]} { msg set $m SA.1.ENCR.keylen 32 } }}
}
bent sends-selector-count {
    title  "It counts one selector too many"
    edit   {IKE_AUTH any { if {[msg has $m TSi]} { msg set $m TSi.count 2 } }}
}
bent sends-start-port {
    title  "Every port begins at 1"
    edit   {IKE_AUTH any { if {[msg has $m TSr]} { msg set $m {TSr.selector[0].port_lo} 1 } }}
}
bent sends-end-port {
    title  "Every port ends at 0"
    edit   {IKE_AUTH any { if {[msg has $m TSr]} { msg set $m {TSr.selector[0].port_hi} 0 } }}
}
bent sends-notify-spi {
    title  "Its NAT detection notifies have an SPI"
    edit   {IKE_SA_INIT any {
        if {[msg has $m N(NAT_DETECTION_SOURCE_IP)]} { msg set $m N(NAT_DETECTION_SOURCE_IP).protocol ESP N(NAT_DETECTION_SOURCE_IP).spi 0x01020304 }
    }}
}
bent sends-notify-ike-spi {
    title  "Its notifies name the IKE SA by its SPI"
    edit   {INFORMATIONAL any { msg add $m N(40000) protocol IKE spi 0x0102030405060708 }}
}
bent sends-critical-vendor-id {
    title  "It sends a vendor id with the critical flag"
    edit   {IKE_SA_INIT any { if {[msg has $m SA]} { msg add $m V -critical 1 -body "do as I say" } }}
}
bent sends-part-of-block {
    title  "The Encrypted payload of its INFORMATIONAL messages ends within a block"
    octets {INFORMATIONAL any {
        binary scan $bytes @24Iu@30Su long sk
        string replace [string replace [string range $bytes 0 end-1] 24 27 [binary format I [expr {$long - 1}]]] 30 31 [binary format S [expr {$sk - 1}]]
    }}
}
bent sends-checksum-without-header {
    title  "The header of its INFORMATIONAL messages is changed after the checksum was made"
    octets {INFORMATIONAL any { binary scan $bytes @19cu flags; string replace $bytes 19 19 [binary format c [expr {$flags | 0x40}]] }}
}
bent sends-sk-next-none {
    title  "The Encrypted payload of its IKE_AUTH messages names no payload, whatever is in it"
    edit   {IKE_AUTH any { msg set $m SK.next 0 }}
}
