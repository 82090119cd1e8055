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
