# openiked-conf.tcl - writes a neutral setup (see dut.tcl) in OpenIKED's language: iked.conf and words for its command
# line. Pure: texts out, no files and no daemon.
#
# Options understood (default in brackets):
#   cookie never                          fragmentation yes|no [yes]                 window 1
#   initial-contact no                    ike-rekey, child-rekey SECONDS [0]         dpd SECONDS [0: off]
#   mobike yes|no [no]                    childless no|allow [no]                    force-natt yes|no [no]
#   vendor-id yes|no [no]                 remote-any yes|no [no]                     psk-device TEXT [the setup's psk]
#   half-open-limit 0   max-half-open 0   nat-keepalive 0   delete-delay 0           nonce-length 32
#   pool NETWORK [none]                   gives {ATTRIBUTE VALUE ...} [none], IPv4  any-id yes|no [no]
#   asks NETWORK [none]: an address of its own is asked for, whatever NETWORK says; ask-for INTERNAL_IP4_ADDRESS
# Retransmission is its own: after 2 s, doubled, 5 times.

namespace eval ::dut::openiked {
    namespace path ::neutral
    variable ike_ciphers {
        ENCR_3DES 3des             ENCR_AES_CBC-128 aes-128   ENCR_AES_CBC-192 aes-192   ENCR_AES_CBC-256 aes-256
        ENCR_AES_GCM_16-128 aes-128-gcm     ENCR_AES_GCM_16-256 aes-256-gcm
        ENCR_AES_GCM_12-128 aes-128-gcm-12  ENCR_AES_GCM_12-256 aes-256-gcm-12
    }
    # on Linux none that have integrity of their own: its PF_KEY code knows no way to install them
    variable esp_ciphers {
        ENCR_3DES 3des             ENCR_AES_CBC-128 aes-128   ENCR_AES_CBC-192 aes-192   ENCR_AES_CBC-256 aes-256
        ENCR_AES_CTR-128 aes-128-ctr  ENCR_AES_CTR-192 aes-192-ctr  ENCR_AES_CTR-256 aes-256-ctr  ENCR_NULL null
    }
    variable integrity {
        AUTH_HMAC_MD5_96 hmac-md5                AUTH_HMAC_SHA1_96 hmac-sha1    AUTH_HMAC_SHA2_256_128 hmac-sha2-256
        AUTH_HMAC_SHA2_384_192 hmac-sha2-384     AUTH_HMAC_SHA2_512_256 hmac-sha2-512
    }
    variable prfs {
        PRF_HMAC_MD5 hmac-md5       PRF_HMAC_SHA1 hmac-sha1  PRF_HMAC_SHA2_256 hmac-sha2-256
        PRF_HMAC_SHA2_384 hmac-sha2-384  PRF_HMAC_SHA2_512 hmac-sha2-512
    }
    variable groups {
        MODP_768 modp768   MODP_1024 modp1024  MODP_1536 modp1536  MODP_2048 modp2048  MODP_3072 modp3072
        MODP_4096 modp4096 MODP_6144 modp6144  MODP_8192 modp8192  ECP_256 ecp256      ECP_384 ecp384
        ECP_521 ecp521     ECP_192 ecp192      ECP_224 ecp224      CURVE25519 curve25519
        BRAINPOOL_P224R1 brainpool224  BRAINPOOL_P256R1 brainpool256
        BRAINPOOL_P384R1 brainpool384  BRAINPOOL_P512R1 brainpool512  NONE none
    }
    variable gives {
        INTERNAL_IP4_DNS name-server  INTERNAL_IP4_NBNS netbios-server  INTERNAL_IP4_DHCP dhcp-server
        INTERNAL_IP4_SUBNET protected-subnet  INTERNAL_IP4_NETMASK netmask
    }
    # name, default, and the form of the values that it has (neutral.tcl)
    variable known {
        cookie            never  {^never$}
        fragmentation     yes    {^(yes|no)$}
        window            1      {^1$}
        initial-contact   no     {^no$}
        ike-rekey         0      {^\d+$}
        child-rekey       0      {^\d+$}
        dpd               0      {^\d+$}
        mobike            no     {^(yes|no)$}
        childless         no     {^(no|allow|never)$}
        force-natt        no     {^(yes|no)$}
        vendor-id         no     {^(yes|no)$}
        remote-any        no     {^(yes|no)$}
        psk-device        {}     {}
        half-open-limit   0      {^0$}
        max-half-open     0      {^0$}
        nat-keepalive     0      {^0$}
        delete-delay      0      {^0$}
        nonce-length      32     {^32$}
        pool              {}     {^([0-9.]+/\d+)?$}
        asks              {}     {^([0-9.]+/\d+)?$}
        ask-for           INTERNAL_IP4_ADDRESS {^INTERNAL_IP4_ADDRESS$}
        gives             {}     {^(INTERNAL_IP4_(DNS|NBNS|DHCP|SUBNET|NETMASK) [0-9./]+ ?)*$}
        any-id            no     {^(yes|no)$}
    }
}

proc ::dut::openiked::cannot {detail text} { ::neutral::cannot OpenIKED $detail $text }
proc ::dut::openiked::options {setup} { variable known; ::neutral::options OpenIKED $known $setup }

# --- what it cannot do on Linux, and what it runs in its place --------------------------------------------------------

# The setup with ESP algorithms that the device has. Both ends run it; as no ESP packet is processed, only cases about
# the negotiation of just these could see the difference.
proc ::dut::openiked::adapted {setup} {
    set esp [lmap transforms [field $setup esp {}] {
        set own {}
        foreach name $transforms {
            if {[regexp {^ENCR_(AES_GCM_\d+|AES_CCM_\d+|CHACHA20_POLY1305)} $name]} {
                lappend own ENCR_AES_CBC-256 AUTH_HMAC_SHA2_512_256
            } elseif {$name eq "AUTH_HMAC_SHA2_256_128"} {
                lappend own AUTH_HMAC_SHA2_512_256
            } elseif {$name eq "ENCR_NULL_AUTH_AES_GMAC"} {
                lappend own $name
            } else {
                lappend own $name
            }
        }
        set kept {}
        foreach name $own { if {$name ni $kept} { lappend kept $name } }
        set kept
    }]
    if {$esp ne {}} { dict set setup esp $esp }
    return $setup
}

# --- proposals ------------------------------------------------------------------------------------------------------

# A proposal as words of ikesa or childsa.
proc ::dut::openiked::proposal {transforms for_ike} {
    variable ike_ciphers
    variable esp_ciphers
    variable integrity
    variable prfs
    variable groups
    set ciphers [expr {$for_ike ? $ike_ciphers : $esp_ciphers}]
    set words {}
    set esn 0
    set group 0
    foreach name $transforms {
        if {[dict exists $ciphers $name]} {
            lappend words enc [dict get $ciphers $name]
        } elseif {[dict exists $integrity $name] && ($for_ike || $name ne "AUTH_HMAC_SHA2_256_128")} {
            lappend words auth [dict get $integrity $name]
        } elseif {$for_ike && [dict exists $prfs $name]} {
            lappend words prf [dict get $prfs $name]
        } elseif {[dict exists $groups $name] && !($for_ike && $name eq "NONE")} {
            lappend words group [dict get $groups $name]
            set group 1
        } elseif {!$for_ike && $name in {ESN_NO ESN_YES}} {
            lappend words [dict get {ESN_NO noesn ESN_YES esn} $name]
            set esn 1
        } else {
            cannot $name "does not know the transform $name here"
        }
    }
    # what is not named would come from its own list
    if {!$for_ike && !$esn} { lappend words noesn }
    if {!$for_ike && !$group} { lappend words group none }
    return [join $words]
}

# --- small parts ----------------------------------------------------------------------------------------------------

proc ::dut::openiked::address {text} {
    if {![regexp {^([0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$} $text]} { ::dut::fail CONFIG address "\"$text\" is not an address" }
    return $text
}

# {TYPE VALUE} with IANA's type names. iked tells the type from the text.
proc ::dut::openiked::identity {id} {
    lassign $id type value
    switch -- $type {
        IPV4_ADDR - IPV6_ADDR { return \"[address $value]\" }
        FQDN {
            if {[regexp {^[A-Za-z0-9_-][A-Za-z0-9_.-]*$} $value] && ![regexp {^[0-9.]+$} $value]} { return \"$value\" }
            cannot "id $value" "takes only plain names as FQDN"
        }
        RFC822_ADDR {
            if {[regexp {^[A-Za-z0-9_.+-]+@[A-Za-z0-9_.-]+$} $value]} { return \"$value\" }
            cannot "id $value" "takes only plain mail addresses"
        }
        DER_ASN1_DN {
            set parts [::dn::parts $value]
            if {$parts ne {}} { return \"[join [lmap {type text} $parts { string cat /$type=$text }] ""]\" }
            cannot "id $value" "takes only plain distinguished names"
        }
    }
    cannot "id $type" "has no identity of type $type in its configuration"
}

# Every network of ours with every one of theirs; dynamic: the address that the peer gets.
proc ::dut::openiked::flows {mine theirs} {
    set flows {}
    foreach ts [concat $mine $theirs] {
        if {$ts ne "dynamic" && ![regexp {^[0-9A-Fa-f.:]+/\d+$} $ts]} { cannot "selector $ts" "takes a network as selector, ADDRESS/BITS" }
    }
    foreach a $mine { foreach b $theirs { lappend flows "from $a to $b" } }
    return [join $flows ", "]
}

# Always in hex: no text can then be mistaken for syntax.
proc ::dut::openiked::secret {setup} {
    set other [dict get [options $setup] psk-device]
    if {$other ne ""} {
        set digits [binary encode hex [encoding convertto utf-8 $other]]
    } elseif {[dict exists $setup psk-hex]} {
        regsub {^0x} [dict get $setup psk-hex] "" digits
    } else {
        set digits [binary encode hex [encoding convertto utf-8 [field $setup psk]]]
    }
    if {![regexp {^([0-9A-Fa-f]{2})+$} $digits]} { ::dut::fail CONFIG psk "the pre-shared key is empty or not hex" }
    return 0x$digits
}

# --- the file -------------------------------------------------------------------------------------------------------

proc ::dut::openiked::arguments {setup} { expr {[dict get [options $setup] force-natt] ? "-t" : ""} }

# ACTIVE 1: the policy that makes iked initiate as soon as it reads it.
proc ::dut::openiked::iked_conf {setup {active 0}} {
    foreach key {name device tester ike esp} { field $setup $key }
    set auth [field $setup auth psk]
    # one policy, one way to prove identities, on both ends
    if {$auth ni {psk cert-rsa cert-ecdsa}} { cannot "auth $auth" "proves itself with RSA, ECDSA or a pre-shared key" }
    if {$auth ne "psk" && ![dict exists $setup credentials]} { ::dut::fail CONFIG credentials "the setup has no certificates" }
    if {[dict get $setup ike] eq ""} { ::dut::fail CONFIG ike "the setup has no IKE proposal" }
    if {[dict get $setup esp] eq ""} { cannot esp "has no connection without a Child SA" }
    set o [options $setup]
    set mode [field $setup mode tunnel]
    if {$mode ni {tunnel transport}} { ::dut::fail CONFIG mode "mode is tunnel or transport" }
    set device [dict get $setup device]
    set tester [dict get $setup tester]
    set peer [expr {[dict get $o remote-any] ? "any" : [address [field $tester addr]]}]
    if {$active && $peer eq "any"} { cannot initiate "needs an address to initiate to" }
    set set [join [list \
        "set [expr {[dict get $o fragmentation] ? "" : "no"}]fragmentation" \
        "set [expr {[dict get $o mobike] ? "" : "no"}]mobike" \
        "set [expr {[dict get $o vendor-id] ? "" : "no"}]vendorid" \
        "set dpd_check_interval [dict get $o dpd]"] "\n"]
    set policies [list [policy t $setup $o [expr {$active ? "active" : "passive"}] [expr {$active && [dict get $o asks] ne ""}]]]
    # whoever asks refuses all that come without asking themselves: they get a policy of their own, and the last one counts
    if {$active && [dict get $o asks] ne ""} { lappend policies [policy answers $setup $o passive 0] }
    return "$set\n[join $policies "\n"]\n"
}

# ASKS 1: for an address of our own; our side is then narrowed to it.
proc ::dut::openiked::policy {name setup o how asks} {
    variable gives
    set auth [field $setup auth psk]
    set mine [expr {$asks ? "0.0.0.0/0" : [field $setup device_ts]}]
    set theirs [expr {[dict get $o pool] eq "" ? [field $setup tester_ts] : "dynamic"}]
    set peer [expr {[dict get $o remote-any] ? "any" : [address [dict get $setup tester addr]]}]
    set words [list "ikev2 \"$name\" $how [field $setup mode tunnel] esp" \
        [flows $mine $theirs] "local [address [dict get $setup device addr]] peer $peer"]
    foreach transforms [dict get $setup ike] { lappend words "ikesa [proposal $transforms 1]" }
    foreach transforms [dict get $setup esp] { lappend words "childsa [proposal $transforms 0]" }
    set known [expr {[dict get $o any-id] ? "" : " dstid [identity [dict get $setup tester id]]"}]
    lappend words "srcid [identity [dict get $setup device id]]$known"
    if {[dict get $o ike-rekey]} { lappend words "ikelifetime [dict get $o ike-rekey]" }
    # 0 is for ever; else it rekeys at 85 to 95 hundredths
    lappend words "lifetime [expr {[dict get $o child-rekey] ? ([dict get $o child-rekey] * 10 + 8) / 9 : 0}] bytes 0"
    if {$auth eq "psk"} { lappend words "psk [secret $setup]" }    ;# else any signature
    if {[dict get $o pool] ne ""} { lappend words "config address [dict get $o pool]" }
    foreach {type value} [dict get $o gives] { lappend words "config [dict get $gives $type] $value" }
    if {$asks} { lappend words "request address any" }
    return [join $words " \\\n    "]
}
