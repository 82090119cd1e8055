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
