# fragment.tcl - bent devices that send or take fragments in a wrong way.

bent fragmentation-not-announced {
    title "It does not announce fragments"
    edit  {IKE_SA_INIT any { if {[msg has $m N(IKEV2_FRAGMENTATION_SUPPORTED)]} { msg remove $m N(IKEV2_FRAGMENTATION_SUPPORTED) } }}
}

bent fragmentation-always-announced {
    title "It announces fragments to everybody"
    edit  {IKE_SA_INIT response { if {![msg has $m N(IKEV2_FRAGMENTATION_SUPPORTED)]} { msg add $m N(IKEV2_FRAGMENTATION_SUPPORTED) } }}
}

bent fragmentation-notify-odd {
    title "The notify that announces fragments has data and a protocol"
    edit  {IKE_SA_INIT any {
        if {[msg has $m N(IKEV2_FRAGMENTATION_SUPPORTED)]} {
            msg set $m N(IKEV2_FRAGMENTATION_SUPPORTED).protocol 1 N(IKEV2_FRAGMENTATION_SUPPORTED).data 0x00
        }
    }}
}

bent fragments-numbered-from-zero {
    title "Its fragments are numbered from zero"
    octets {IKE_AUTH any {
        binary scan [string range $bytes 16 16] cu next
        if {$next != 53} { return $bytes }
        binary scan [string range $bytes 32 33] Su n
        string replace $bytes 32 33 [binary format S [expr {$n - 1}]]
    }}
}

bent fragments-next-payload-kept {
    title "All its fragments name the first payload inside"
    octets {IKE_AUTH any {
        binary scan [string range $bytes 16 16] cu next
        if {$next != 53} { return $bytes }
        string replace $bytes 28 28 [binary format c 36]
    }}
}

bent answers-no-create-child {
    title "It answers no CREATE_CHILD_SA request"
    edge  {drop outbound CREATE_CHILD_SA response}
}

bent init-as-fragment {
    title "Its IKE_SA_INIT messages look like fragments"
    octets {IKE_SA_INIT any { string replace $bytes 16 16 [binary format c 53] }}
}

bent fragments-total-zero {
    title "The total of its fragments is zero"
    octets {IKE_AUTH any {
        binary scan $bytes @16cu next
        if {$next != 53} { return $bytes }
        string replace $bytes 34 35 \0\0
    }}
}

bent fragments-with-tail {
    title "A payload in clear stands behind each of its fragments"
    octets {IKE_AUTH any {
        binary scan $bytes @16cu@24Iu next long
        if {$next != 53} { return $bytes }
        string cat [string replace $bytes 24 27 [binary format I [expr {$long + 8}]]] [binary decode hex 0000000800009c40]
    }}
}

bent fragments-of-clear-payloads {
    title "A payload in clear stands in front of each of its fragments"
    octets {IKE_AUTH any {
        binary scan $bytes @16cu@24Iu next long
        if {$next != 53} { return $bytes }
        set bytes [string replace [string replace $bytes 24 27 [binary format I [expr {$long + 8}]]] 16 16 \x29]
        string cat [string range $bytes 0 27] [binary decode hex 3500000800009c40] [string range $bytes 28 end]
    }}
}

bent fragments-sealed-once {
    title "The checksum of its fragments is right in the first one only"
    octets {IKE_AUTH any {
        binary scan $bytes @16cu@32Su next number
        if {$next != 53 || $number < 2} { return $bytes }
        binary scan [string index $bytes end] cu last
        string replace $bytes end end [binary format c [expr {$last ^ 1}]]
    }}
}

bent fragmentation-notify-data {
    title "The notify that announces fragments has data"
    edit  {IKE_SA_INIT any {
        if {[msg has $m N(IKEV2_FRAGMENTATION_SUPPORTED)]} { msg set $m N(IKEV2_FRAGMENTATION_SUPPORTED).data 0x00 }
    }}
}

bent fragmentation-notify-spi {
    title "The notify that announces fragments has an SPI, of no protocol"
    edit  {IKE_SA_INIT any {
        if {[msg has $m N(IKEV2_FRAGMENTATION_SUPPORTED)]} { msg set $m N(IKEV2_FRAGMENTATION_SUPPORTED).spi 0x01020304 }
    }}
}

bent fragments-first-names-none {
    title "Its first fragment names no payload either"
    octets {IKE_AUTH any {
        binary scan $bytes @16cu@32Su next number
        if {$next != 53 || $number != 1} { return $bytes }
        string replace $bytes 28 28 \0
    }}
}

bent fragments-beyond-total {
    title "The number of its last fragment is one more than the total"
    octets {IKE_AUTH any {
        binary scan $bytes @16cu@32SuSu next number total
        if {$next != 53 || $number != $total} { return $bytes }
        string replace $bytes 32 33 [binary format S [expr {$total + 1}]]
    }}
}

bent fragments-two-first {
    title "Its second fragment says that it is the first, too"
    octets {IKE_AUTH any {
        binary scan $bytes @16cu@32Su next number
        if {$next != 53 || $number != 2} { return $bytes }
        string replace [string replace $bytes 32 33 \0\1] 28 28 \x24
    }}
}

bent fragments-each-own-id {
    title "Each of its fragments has a message id of its own"
    octets {IKE_AUTH any {
        binary scan $bytes @16cu@20Iu@32Su next mid number
        if {$next != 53} { return $bytes }
        string replace $bytes 20 23 [binary format I [expr {$mid + $number - 1}]]
    }}
}

bent lost-by-old-fragment {
    title       "It answers nothing more on an SA where a fragment came again"
    hear-octets {CREATE_CHILD_SA any {
        if {[info exists heard_fragments($bytes)]} { set heard_old_fragment 1 }
        set heard_fragments($bytes) 1
        set bytes
    } INFORMATIONAL any { if {[info exists heard_old_fragment]} { return drop }; set bytes }}
}

bent lost-by-forged-fragment {
    title       "It answers nothing more on an SA where two fragments of one number are not the same"
    hear-octets {CREATE_CHILD_SA any {
        binary scan $bytes @16cu@32Su next number
        if {$next == 53} {
            if {[info exists heard_parts($number)] && $heard_parts($number) ne $bytes} { set heard_forged_fragment 1 }
            set heard_parts($number) $bytes
        }
        set bytes
    } INFORMATIONAL any { if {[info exists heard_forged_fragment]} { return drop }; set bytes }}
}
