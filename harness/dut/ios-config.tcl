# ios-config.tcl - neutral setups in the words of a router's configuration: proposal, policy, keyring, profile,
# transform-set, ipsec profile, access list, tunnel interface, route.

namespace eval ::dut::ios {
    variable words {
        ENCR_3DES {encryption 3des} ENCR_AES_CBC-128 {encryption aes-cbc-128} ENCR_AES_CBC-192 {encryption aes-cbc-192}
        ENCR_AES_CBC-256 {encryption aes-cbc-256} ENCR_AES_GCM_16-128 {encryption aes-gcm-128}
        ENCR_AES_GCM_16-256 {encryption aes-gcm-256}
        PRF_HMAC_MD5 {prf md5} PRF_HMAC_SHA1 {prf sha1} PRF_HMAC_SHA2_256 {prf sha256} PRF_HMAC_SHA2_384 {prf sha384}
        PRF_HMAC_SHA2_512 {prf sha512}
        AUTH_HMAC_MD5_96 {integrity md5} AUTH_HMAC_SHA1_96 {integrity sha1} AUTH_HMAC_SHA2_256_128 {integrity sha256}
        AUTH_HMAC_SHA2_384_192 {integrity sha384} AUTH_HMAC_SHA2_512_256 {integrity sha512}
        MODP_768 {group 1} MODP_1024 {group 2} MODP_1536 {group 5} MODP_2048 {group 14} MODP_3072 {group 15}
        MODP_4096 {group 16} ECP_256 {group 19} ECP_384 {group 20} ECP_521 {group 21}
    }
    variable esp_words {
        ENCR_3DES esp-3des ENCR_AES_CBC-128 {esp-aes} ENCR_AES_CBC-192 {esp-aes 192} ENCR_AES_CBC-256 {esp-aes 256}
        ENCR_AES_GCM_16-128 {esp-gcm} ENCR_AES_GCM_16-256 {esp-gcm 256} ENCR_NULL esp-null
        AUTH_HMAC_MD5_96 esp-md5-hmac AUTH_HMAC_SHA1_96 esp-sha-hmac AUTH_HMAC_SHA2_256_128 esp-sha256-hmac
        AUTH_HMAC_SHA2_384_192 esp-sha384-hmac AUTH_HMAC_SHA2_512_256 esp-sha512-hmac
    }
    # what such a router offers when no policy is configured, and when it rekeys an IKE SA
    variable default_policy {
        ENCR_AES_CBC-256 ENCR_AES_CBC-192 ENCR_AES_CBC-128 PRF_HMAC_SHA2_512 PRF_HMAC_SHA2_384 PRF_HMAC_SHA2_256
        PRF_HMAC_SHA1 PRF_HMAC_MD5 AUTH_HMAC_SHA2_512_256 AUTH_HMAC_SHA2_384_192 AUTH_HMAC_SHA2_256_128 AUTH_HMAC_SHA1_96
        AUTH_HMAC_MD5_96 MODP_1536 MODP_1024
    }
}

proc ::dut::ios::cannot {what} { ::dut::fail UNSUPPORTED $what "such a router cannot be told $what" }

# lines SETUP TUNNEL RATE -> {lines undo secrets}: what is typed in configuration mode, what takes it back, what to hide.
proc ::dut::ios::lines {setup tunnel rate} {
    variable default_policy
    set o [check_options $setup]
    set remote [dict get $setup tester addr]
    set local [dict get $setup device addr]
    if {[string match *:* $local$remote]} { cannot "IPv6 addresses" }
    if {[dict get $setup mode] ne "tunnel"} { cannot "transport mode on a tunnel interface" }
    set out {}
    set undo [list "no interface Tunnel$tunnel" "no crypto ipsec profile IKESPEC" "no crypto ikev2 profile IKESPEC" \
                  "no crypto ikev2 keyring IKESPEC" "no crypto ikev2 policy IKESPEC" "no ip access-list extended IKESPEC"]
    # IKE
    set ike [dict get $setup ike]
    if {$ike ne [list $default_policy] && $ike ne $default_policy} {
        set n 0
        foreach p $ike {
            lappend out "crypto ikev2 proposal IKESPEC-[incr n]" {*}[proposal $p]
            lappend undo "no crypto ikev2 proposal IKESPEC-$n"
        }
        lappend out "crypto ikev2 policy IKESPEC"
        for {set i 1} {$i <= $n} {incr i} { lappend out "proposal IKESPEC-$i" }
        # what is offered in rekeyings, too
        if {[dict get $o ike-offer-rekey] eq ""} {
            lappend out "no crypto ikev2 proposal default"
            lappend undo "default crypto ikev2 proposal"
        }
    }
    set rekey [dict get $o ike-offer-rekey]
    if {$rekey ne "" && $rekey ne [list $default_policy] && $rekey ne $default_policy} { cannot "what to offer in a rekeying" }
    # who
    lassign [keys $setup] local_key remote_key secrets
    lappend out "crypto ikev2 keyring IKESPEC" "peer tester" "address $remote" \
        "pre-shared-key local $local_key" "pre-shared-key remote $remote_key"
    lappend out "crypto ikev2 profile IKESPEC" "match identity remote [identity [dict get $setup tester id] 1]" \
        "identity local [identity [dict get $setup device id] 0]" \
        "authentication remote pre-share" "authentication local pre-share" "keyring local IKESPEC"
    if {[dict get $o lifetime] ne ""} { lappend out "lifetime [dict get $o lifetime]" }
    set s [dict get $o ike-rekey]
    if {$s} {
        # the rekeying begins at half of the lifetime
        set life [expr {round(2 * $s * $rate)}]
        if {$life < 120} { cannot "an IKE lifetime of $life s" }
        lappend out "lifetime [expr {min($life, 86400)}]"
    }
    set s [dict get $o dpd]
    if {$s} {
        set every [expr {round($s * $rate)}]
        if {$every < 10} { cannot "DPD every $every s" }
        lappend out "dpd $every 2 periodic"
    }
    # options of the whole router
    foreach {key word default} {window "crypto ikev2 window" 5 cookie "crypto ikev2 cookie-challenge" ""
        max-half-open "crypto ikev2 limit max-in-negotiation-sa" "" fragment "crypto ikev2 fragmentation mtu" ""} {
        set v [dict get $o $key]
        if {$v eq "" || $v eq $default} continue
        lappend out "$word $v"
        lappend undo "no [regsub { mtu$} $word {}]"
    }
    # ESP
    set pfs ""
    set names {}
    set n 0
    foreach p [dict get $setup esp] {
        lassign [transform_set $p] ts group
        set pfs $group
        lappend out "crypto ipsec transform-set IKESPEC-[incr n] $ts" "mode tunnel"
        lappend names IKESPEC-$n
        lappend undo "no crypto ipsec transform-set IKESPEC-$n"
    }
    lappend out "crypto ipsec profile IKESPEC" "set transform-set [join $names]" "set ikev2-profile IKESPEC"
    if {$pfs ne ""} { lappend out "set pfs group$pfs" }
    set s [dict get $o child-rekey]
    if {$s} {
        # the rekeying begins 30 seconds before the end
        set life [expr {round($s * $rate) + 30}]
        if {$life < 120} { cannot "a Child SA lifetime of $life s" }
        lappend out "set security-association lifetime seconds $life"
    }
    set s [dict get $o replay-window]
    if {$s ne ""} {
        if {$s == 0} {
            lappend out "crypto ipsec security-association replay disable"
        } elseif {$s in {64 128 256 512 1024}} {
            lappend out "crypto ipsec security-association replay window-size $s"
        } else {
            cannot "a replay window of $s"
        }
        lappend undo "no crypto ipsec security-association replay window-size"
    }
    # selectors: all, or those of an access list
    set acl [access_list [dict get $setup device_ts] [dict get $setup tester_ts]]
    if {$acl ne {}} { lappend out "ip access-list extended IKESPEC" {*}$acl }
    lassign [inner_hosts $setup] source target
    lappend out "interface Loopback$tunnel" "ip address $source 255.255.255.255"
    lappend undo "no interface Loopback$tunnel"
    lappend out "interface Tunnel$tunnel" "ip address 172.16.0.102 255.255.255.0" "tunnel source $local" "tunnel mode ipsec ipv4" \
        "tunnel destination $remote"
    if {$acl ne {}} { lappend out "tunnel protection ipsec policy ipv4 IKESPEC" }
    lappend out "tunnel protection ipsec profile IKESPEC" "no shutdown"
    lappend out "ip route $target 255.255.255.255 Tunnel$tunnel"
    set undo [linsert $undo 0 "no ip route $target 255.255.255.255 Tunnel$tunnel"]
    return [list $out $undo $secrets]
}

proc ::dut::ios::proposal {list} {
    variable words
    set kinds {}
    foreach t $list {
        if {![dict exists $words $t]} { cannot $t }
        lassign [dict get $words $t] kind word
        dict lappend kinds $kind $word
    }
    # the PRF follows the integrity algorithm unless it is another one
    if {[dict exists $kinds prf] && [dict exists $kinds integrity] && [dict get $kinds prf] eq [dict get $kinds integrity]} {
        dict unset kinds prf
    }
    lmap kind {encryption prf integrity group} {
        if {![dict exists $kinds $kind]} continue
        concat $kind [dict get $kinds $kind]
    }
}

# A proposal for ESP -> {transform-set group}
proc ::dut::ios::transform_set {list} {
    variable words
    variable esp_words
    set out {}
    set group ""
    foreach t $list {
        if {$t eq "ESN_NO"} continue
        if {[dict exists $esp_words $t]} {
            lappend out {*}[dict get $esp_words $t]
        } elseif {[dict exists $words $t] && [lindex [dict get $words $t] 0] eq "group"} {
            set group [lindex [dict get $words $t] 1]
        } else {
            cannot $t
        }
    }
    if {[llength [lsearch -all -regexp $out {^esp-(3des|aes|gcm|null)$}]] > 1 || [llength [lsearch -all $out *-hmac]] > 1} {
        cannot "several transforms of a type in one transform-set"
    }
    list [join $out] $group
}

proc ::dut::ios::keys {setup} {
    set secrets {}
    set out {}
    foreach end {device tester} {
        if {$end eq "device" && [::dut::ios::option $setup psk-device] ne ""} {
            set key [::dut::ios::option $setup psk-device]
        } elseif {[dict exists $setup psk-hex]} {
            set key "hex [regsub {^0x} [dict get $setup psk-hex] {}]"
        } else {
            set key [dict get $setup psk]
        }
        if {![regexp {^hex [0-9A-Fa-f]+$} $key] && ![regexp {^[A-Za-z0-9._-]+$} $key]} {
            # blanks and marks have their own meaning at a console
            set key "hex [binary encode hex [encoding convertto utf-8 $key]]"
        }
        lappend out $key
        lappend secrets [regsub {^hex } $key ""]
    }
    # one key both ways
    lassign $out mine other
    if {[::dut::ios::option $setup psk-device] ne ""} { set other $mine }
    list $mine $other $secrets
}

proc ::dut::ios::option {setup key {default ""}} {
    if {[dict exists $setup options $key]} { return [dict get $setup options $key] }
    return $default
}

proc ::dut::ios::identity {id remote} {
    lassign $id type value
    switch -- $type {
        FQDN { return "fqdn $value" }
        RFC822_ADDR { return "email $value" }
        KEY_ID { return "key-id $value" }
        IPV4_ADDR { return "address $value[expr {$remote ? " 255.255.255.255" : ""}]" }
        any - "" { if {$remote} { return any } }
    }
    cannot "an identity of type $type"
}

# Every option is either said, or harmless as it is, or refused.
proc ::dut::ios::check_options {setup} {
    set o [dict create window "" cookie "" max-half-open "" fragment "" ike-rekey 0 child-rekey 0 dpd 0 replay-window "" \
               ike-offer-rekey "" lifetime ""]
    set size ""
    set fragmentation no
    if {![dict exists $setup options]} { return $o }
    dict for {k v} [dict get $setup options] {
        switch -- $k {
            window - max-half-open - ike-rekey - child-rekey - dpd - replay-window - ike-offer-rekey { dict set o $k $v }
            cookie { dict set o cookie [expr {$v eq "never" ? "" : $v eq "always" ? 0 : $v}] }
            fragmentation { set fragmentation [expr {$v in {yes accept force 1}}] }
            fragment-size { set size $v }
            psk-device {}
            retransmit { if {$v ni {"" {500 2 5}}} { cannot "its retransmission times" } }
            nonce-length { if {$v ni {"" 20}} { cannot "a nonce of $v octets" } }
            initial-contact { if {$v ni {"" yes 1}} { cannot "to leave INITIAL_CONTACT out" } }
            default { if {$v ni {no 0 ""}} { cannot "option $k" } }
        }
    }
    if {$fragmentation eq "1"} { dict set o fragment [expr {$size eq "" ? 576 : $size}] }
    return $o
}

# {low high} of a selector without protocol and ports
proc ::dut::ios::span {ts} {
    if {[regexp {^([\d.]+)/(\d+)$} $ts - addr bits]} {
        set n [number $addr]
        set wild [expr {(1 << (32 - $bits)) - 1}]
        return [list [expr {$n & ~$wild & 0xffffffff}] [expr {$n | $wild}]]
    }
    if {[regexp {^([\d.]+)-([\d.]+)$} $ts - low high]} { return [list [number $low] [number $high]] }
    if {[regexp {^[\d.]+$} $ts]} { return [list [number $ts] [number $ts]] }
    cannot "the selector $ts"
}
proc ::dut::ios::number {addr} {
    scan $addr %d.%d.%d.%d a b c d
    expr {($a << 24) | ($b << 16) | ($c << 8) | $d}
}
proc ::dut::ios::dotted {n} { format %d.%d.%d.%d [expr {$n >> 24 & 255}] [expr {$n >> 16 & 255}] [expr {$n >> 8 & 255}] [expr {$n & 255}] }

proc ::dut::ios::access_list {mine other} {
    set rows {}
    foreach l $mine {
        foreach r $other {
            set row "permit ip"
            foreach ts [list $l $r] {
                lassign [span $ts] low high
                set wild [expr {$low ^ $high}]
                if {$wild & ($wild + 1) || $low & $wild} { cannot "the selector $ts, which is no prefix" }
                append row " " [expr {$wild == 0xffffffff ? "any" : $wild == 0 ? "host [dotted $low]" : "[dotted $low] [dotted $wild]"}]
            }
            lappend rows $row
        }
    }
    if {$rows eq {{permit ip any any}}} { return {} }
    return $rows
}

# {device tester}: an address of each end's network, for the ping.
proc ::dut::ios::inner_hosts {setup} {
    lmap {key any} {device_ts 192.168.2.1 tester_ts 192.168.1.1} {
        lassign [span [lindex [dict get $setup $key] 0]] low high
        expr {$high - $low == 0xffffffff ? $any : [dotted [expr {$low == $high ? $low : $low + 1}]]}
    }
}
