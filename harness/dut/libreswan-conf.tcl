# libreswan-conf.tcl - writes a neutral setup (see dut.tcl) in libreswan's language: ipsec.conf and its secrets. Pure:
# texts out, no files and no daemon.
#
# Options understood (default in brackets):
#   cookie always|never|THRESHOLD [never] fragmentation yes|no|force [yes]           window 1
#   initial-contact yes|no [no]           ike-rekey, child-rekey SECONDS [0]         dpd SECONDS [0: off]
#   retransmit {MS 2 TRIES} [1000 2 4]    mobike yes|no [no]                         childless yes|no|allow|never [allow]
#   force-natt yes|no [no]                nat-keepalive SECONDS [0: off]             vendor-id yes|no [no]
#   remote-any yes|no [no]                max-half-open ALL [0: no limit]            replay-window PACKETS [128]
#   psk-device TEXT [the setup's psk]     nonce-length 32                            half-open-limit 0
#   pool NETWORK [none]                   gives {INTERNAL_IP4_DNS ADDRESS ...} [none], also of IPv6
#   any-id yes|no [no]                    asks NETWORK [none]: an address of its own is asked for, whatever NETWORK says

namespace eval ::dut::libreswan {
    namespace path ::neutral
    # those of IKE and ESP; pluto's own words
    variable ciphers {
        ENCR_3DES 3des                   ENCR_NULL null                 ENCR_AES_CBC aes%d
        ENCR_AES_CTR aes_ctr%d           ENCR_AES_CCM_8 aes_ccm_a%d     ENCR_AES_CCM_12 aes_ccm_b%d
        ENCR_AES_CCM_16 aes_ccm_c%d      ENCR_AES_GCM_8 aes_gcm_a%d     ENCR_AES_GCM_12 aes_gcm_b%d
        ENCR_AES_GCM_16 aes_gcm_c%d      ENCR_NULL_AUTH_AES_GMAC null_auth_aes_gmac%d
        ENCR_CAMELLIA_CBC camellia%d     ENCR_CHACHA20_POLY1305 chacha20_poly1305
    }
    variable esp_only {ENCR_NULL ENCR_AES_CCM_8 ENCR_AES_CCM_12 ENCR_AES_CCM_16 ENCR_NULL_AUTH_AES_GMAC}
    variable integrity {
        AUTH_HMAC_MD5_96 md5             AUTH_HMAC_SHA1_96 sha1         AUTH_HMAC_SHA2_256_128 sha2_256
        AUTH_HMAC_SHA2_384_192 sha2_384  AUTH_HMAC_SHA2_512_256 sha2_512
        AUTH_AES_XCBC_96 aes_xcbc        AUTH_AES_CMAC_96 aes_cmac
    }
    variable prfs {
        PRF_HMAC_MD5 md5                 PRF_HMAC_SHA1 sha1             PRF_HMAC_SHA2_256 sha2_256
        PRF_HMAC_SHA2_384 sha2_384       PRF_HMAC_SHA2_512 sha2_512     PRF_AES128_XCBC aes_xcbc
    }
    variable groups {
        MODP_1536 dh5    MODP_2048 dh14   MODP_3072 dh15   MODP_4096 dh16   MODP_6144 dh17   MODP_8192 dh18
        ECP_256 dh19     ECP_384 dh20     ECP_521 dh21     CURVE25519 dh31  NONE none
    }
    # name, default, and the form of the values that it has (neutral.tcl)
    variable known {
        cookie            never       {^(always|never|\d+)$}
        fragmentation     yes         {^(yes|no|force)$}
        window            1           {^1$}
        initial-contact   no          {^(yes|no)$}
        ike-rekey         0           {^\d+$}
        child-rekey       0           {^\d+$}
        dpd               0           {^\d+$}
        retransmit        {1000 2 4}  {^\d+( 2(\.0+)?( \d+)?)?$}
        mobike            no          {^(yes|no)$}
        childless         allow       {^(yes|no|allow|never)$}
        force-natt        no          {^(yes|no)$}
        nat-keepalive     0           {^\d+$}
        remote-any        no          {^(yes|no)$}
        vendor-id         no          {^(yes|no)$}
        half-open-limit   0           {^0$}
        max-half-open     0           {^\d+$}
        replay-window     128         {^\d+$}
        psk-device        {}          {}
        nonce-length      32          {^32$}
        delete-delay      0           {^0$}
        pool              {}          {^([0-9.]+/\d+)?$}
        asks              {}          {^([0-9.]+/\d+)?$}
        ask-for           INTERNAL_IP4_ADDRESS {^INTERNAL_IP4_ADDRESS$}
        gives             {}          {^(INTERNAL_IP[46]_DNS [0-9A-Fa-f.:]+ ?)*$}
        any-id            no          {^(yes|no)$}
    }
}

proc ::dut::libreswan::cannot {detail text} { ::neutral::cannot libreswan $detail $text }
proc ::dut::libreswan::options {setup} { variable known; ::neutral::options libreswan $known $setup }

# --- proposals ------------------------------------------------------------------------------------------------------

proc ::dut::libreswan::cipher {name for_ike} {
    variable ciphers
    variable esp_only
    set key $name
    set bits ""
    regexp {^(ENCR_.+)-(\d+)$} $name - key bits
    if {![dict exists $ciphers $key] || ($for_ike && $key in $esp_only)} { cannot $name "does not know the transform $name here" }
    set word [dict get $ciphers $key]
    if {![string match *%d* $word]} {
        if {$bits ne ""} { ::dut::fail CONFIG $name "$key takes no key length" }
        return $word
    }
    if {$bits eq ""} { ::dut::fail CONFIG $name "$name needs a key length, such as $name-256" }
    if {$bits ni {128 192 256}} { cannot $name "does not know the transform $name" }
    return [format $word $bits]
}

# A proposal's transforms by type, each in pluto's words: {encr integ prf group esn}
proc ::dut::libreswan::sorted {transforms for_ike} {
    variable integrity
    variable prfs
    variable groups
    set by [dict create encr {} integ {} prf {} group {} esn {}]
    foreach name $transforms {
        if {[string match ENCR_* $name]} {
            dict lappend by encr [cipher $name $for_ike]
        } elseif {[dict exists $integrity $name] && !($for_ike && $name eq "AUTH_AES_CMAC_96")} {
            dict lappend by integ [dict get $integrity $name]
        } elseif {$for_ike && [dict exists $prfs $name]} {
            dict lappend by prf [dict get $prfs $name]
        } elseif {[dict exists $groups $name] && !($for_ike && $name eq "NONE")} {
            dict lappend by group [dict get $groups $name]
        } elseif {!$for_ike && $name in {ESN_NO ESN_YES}} {
            dict lappend by esn [dict get {ESN_NO no ESN_YES yes} $name]
        } else {
            cannot $name "does not know the transform $name here"
        }
    }
    return $by
}

# pluto has one word for a PRF and the integrity algorithm that goes with it.
proc ::dut::libreswan::ike_proposals {lists} {
    join [lmap transforms $lists {
        set by [sorted $transforms 1]
        dict with by {}
        if {$integ ne {} && [lsort $integ] ne [lsort $prf]} {
            cannot [join $transforms] "takes the integrity algorithm that belongs to the PRF, and no other"
        }
        if {$encr eq {} || $prf eq {} || $group eq {}} { ::dut::fail CONFIG ike "an IKE proposal lacks a transform: $transforms" }
        join [list [join $encr +] [join $prf +] [join $group +]] -
    }] ,
}

# -> {PROPOSALS GROUPS ESN}: words for esp=, yes or no for pfs=, and for esn=.
proc ::dut::libreswan::esp_proposals {lists} {
    set words {}
    set pfs {}
    set esns {}
    foreach transforms $lists {
        set by [sorted $transforms 0]
        dict with by {}
        set word [join $encr +]
        if {$integ ne {}} { append word -[join $integ +] } elseif {$group ne {}} { append word -none }
        if {$group ne {}} { append word -[join $group +] }
        lappend words $word
        lappend pfs [expr {$group eq {} || $group eq "none" ? "no" : "yes"}]
        lappend esns [expr {$esn eq {} ? "no" : [lsort -unique $esn]}]
    }
    foreach {what list} [list "perfect forward secrecy" $pfs "extended sequence numbers" $esns] {
        if {[llength [lsort -unique $list]] > 1} { cannot esp "has one answer about $what for all proposals" }
    }
    list [join $words ,] [lindex $pfs 0] [string map {{no yes} either} [lindex $esns 0]]
}

# --- small parts ----------------------------------------------------------------------------------------------------

proc ::dut::libreswan::address {text} {
    if {![regexp {^([0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$} $text]} { ::dut::fail CONFIG address "\"$text\" is not an address" }
    return $text
}

# {TYPE VALUE} with IANA's type names; KEY_ID holds hex digits when it begins with 0x, DER_ASN1_DN always.
proc ::dut::libreswan::identity {id} {
    lassign $id type value
    switch -- $type {
        IPV4_ADDR - IPV6_ADDR { return [address $value] }
        FQDN {
            if {[regexp {^[A-Za-z0-9_.-]+$} $value]} { return @$value }
            cannot "id $value" "takes only plain names as FQDN"
        }
        RFC822_ADDR {
            if {[regexp {^[A-Za-z0-9_.+-]+@[A-Za-z0-9_.-]+$} $value]} { return $value }
            cannot "id $value" "takes only plain mail addresses"
        }
        KEY_ID {
            if {[regexp {^0x((?:[0-9A-Fa-f]{2})+)$} $value - digits]} { return "\"@#$digits\"" }
            return "\"@#[binary encode hex [encoding convertto utf-8 $value]]\""
        }
        DER_ASN1_DN {
            set parts [::dn::parts $value]
            if {$parts ne {}} { return "\"[join [lmap {type text} $parts { string cat $type=$text }] ", "]\"" }
            cannot "id $value" "takes only plain distinguished names"
        }
    }
    if {$type eq "NULL"} { return %null }
    cannot "id $type" "has no identity of type $type in its configuration"
}

# A name that it reads as text has strings of a kind of its own choice; of its certificate it takes the octets.
proc ::dut::libreswan::own_identity {id} {
    set text [identity $id]
    expr {[lindex $id 0] eq "DER_ASN1_DN" ? "%fromcert" : $text}
}

proc ::dut::libreswan::selector {list suite} {
    foreach ts $list {
        if {![regexp {^[0-9A-Fa-f.:]+/\d+$} $ts]} { cannot "selector $ts" "takes a network as selector, ADDRESS/BITS" }
    }
    if {[llength $list] > 1 && $suite eq "bookworm"} { cannot selectors "4 has one network on each side of a Child SA" }
    return [join $list ,]
}

# Always in hex: no text can then be mistaken for syntax.
proc ::dut::libreswan::secret {setup} {
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

proc ::dut::libreswan::section {head pairs} {
    join [list $head {*}[lmap {key value} $pairs { if {$value eq ""} continue; set _ "    $key=$value" }]] "\n"
}

# --- proofs of identity ----------------------------------------------------------------------------------------------

# What of the setup's credentials pluto is to have: {ca PEM device {..}}, as far as the setup's methods want them.
proc ::dut::libreswan::keys {setup} {
    set proofs [::dut::proofs $setup]
    set wanted {}
    if {[string match *cert* $proofs]} { lappend wanted ca }
    if {[lindex [dict get $proofs device] 0] in {cert raw}} { lappend wanted device }
    if {($wanted ne {} || [string match *raw* $proofs]) && ![dict exists $setup credentials]} {
        ::dut::fail CONFIG credentials "the setup has no certificates"
    }
    concat {*}[lmap key $wanted { list $key [dict get $setup credentials $key] }]
}

# The keys of a conn that say how both ends prove themselves. A raw key is the text between the lines of its PEM.
proc ::dut::libreswan::authentication {setup} {
    set auth [field $setup auth psk]
    set words {}
    set more {}
    dict for {end proof} [::dut::proofs $setup] {
        lassign $proof method kind
        set word [field {{psk } secret {null } null {cert rsa} rsasig {raw rsa} rsasig {cert ecdsa} ecdsa {raw ecdsa} ecdsa} "$method $kind" ""]
        if {$word eq ""} { cannot "auth $auth" "proves itself with RSA, ECDSA, a pre-shared key or not at all" }
        lappend words $word
        set side [dict get {device left tester right} $end]
        if {$method eq "raw"} {
            lappend more ${side}pubkey [join [lrange [split [string trim [dict get $setup credentials $end public]] "\n"] 1 end-1] ""]
        } elseif {"$side $method" eq "left cert"} {
            lappend more leftcert device leftsendcert always
        }
    }
    lassign $words mine theirs
    if {[lsort $words] eq {null secret}} { cannot "auth $auth" "does not mix a pre-shared key with no proof" }
    concat [expr {$mine eq $theirs ? [list authby $mine] : [list leftauth $mine rightauth $theirs]}] $more
}

# The keys of a conn that leases addresses of this network; none without.
proc ::dut::libreswan::pool_keys {pool} {
    if {$pool eq ""} return
    lassign [split $pool /] first bits
    if {$bits > 32 || [scan $first %d.%d.%d.%d a b c d] != 4} { ::dut::fail CONFIG "option pool" "option pool: \"$pool\" will not do" }
    set low [expr {(($a << 24) | ($b << 16) | ($c << 8) | $d) & ~((1 << (32 - $bits)) - 1)}]
    set range [join [lmap n [list $low [expr {$low + (1 << (32 - $bits)) - 1}]] {
        format %d.%d.%d.%d [expr {$n >> 24}] [expr {$n >> 16 & 255}] [expr {$n >> 8 & 255}] [expr {$n & 255}]
    }] -]
    list rightaddresspool $range  leftmodecfgserver yes  rightmodecfgclient yes
}

# The keys of a conn that asks for an address, and of one that gives name servers with it.
proc ::dut::libreswan::client_keys {o} {
    set keys {}
    if {[dict get $o asks] ne ""} { lappend keys leftmodecfgclient yes  rightmodecfgserver yes }
    set servers [lmap {type value} [dict get $o gives] { string cat $value }]
    if {$servers ne {}} { lappend keys modecfgdns "\"[join $servers { }]\"" }
    return $keys
}

# --- the files ------------------------------------------------------------------------------------------------------

proc ::dut::libreswan::secrets_conf {setup} {
    expr {[string match *psk* [::dut::proofs $setup]] ? ": PSK [secret $setup]\n" : ""}
}

# Words of the command line: what ipsec.conf has no key for. A connection that was initiated once would otherwise
# be brought up again and again on its own.
proc ::dut::libreswan::arguments {setup suite} {
    set impair {revival}
    if {[dict get [options $setup] childless] in {no never}} {
        lappend impair [expr {$suite eq "bookworm" ? "childless-ikev2-supported" : "childless_ikev2_supported"}]
    }
    concat {*}[lmap word $impair { list --impair $word }]
}

proc ::dut::libreswan::ipsec_conf {setup suite} {
    foreach key {name device tester ike esp} { field $setup $key }
    keys $setup
    set by [authentication $setup]
    if {[dict get $setup ike] eq ""} { ::dut::fail CONFIG ike "the setup has no IKE proposal" }
    if {[dict get $setup esp] eq ""} { cannot esp "has no connection without a Child SA" }
    set o [options $setup]
    set mode [field $setup mode tunnel]
    if {$mode ni {tunnel transport}} { ::dut::fail CONFIG mode "mode is tunnel or transport" }
    lassign [dict get $o retransmit] ms - tries
    if {$tries eq ""} { set tries 4 }
    # doubled each time: the timer of the last retransmission ends here
    set timeout_ms [expr {$ms * ((1 << ($tries + 1)) - 1)}]
    set cookie [dict get $o cookie]
    set config [section "config setup" [list \
        uniqueids [dict get $o initial-contact]  plutodebug base  logtime no  logip yes \
        ddos-mode [dict get {always busy never unlimited} [expr {$cookie in {always never} ? $cookie : "never"}]] \
        max-halfopen-ike [expr {[dict get $o max-half-open] ? [dict get $o max-half-open] : ""}] \
        keep-alive [expr {[dict get $o nat-keepalive] ? [dict get $o nat-keepalive] : ""}]]]
    if {$cookie ni {always never}} {
        set config [string map {ddos-mode=unlimited ddos-mode=auto} $config]\n[section "" [list ddos-ike-threshold $cookie]]
        regsub {\n\n} $config "\n" config
    }
    lassign [esp_proposals [dict get $setup esp]] esp pfs esn
    set device [dict get $setup device]
    set tester [dict get $setup tester]
    # rekeys come this long before the end, both kinds
    set margin 10
    foreach kind {ike child} { set rekey_$kind [dict get $o $kind-rekey] }
    set dpd [dict get $o dpd]
    set pairs [list \
        [expr {$suite eq "bookworm" ? "ikev2" : "keyexchange"}] [expr {$suite eq "bookworm" ? "insist" : "ikev2"}] \
        {*}$by  type $mode \
        left [address [field $device addr]]  leftid [own_identity [field $device id]] \
        right [expr {[dict get $o remote-any] || [dict get $o any-id] ? "%any" : [address [field $tester addr]]}] \
        rightid [expr {[dict get $o any-id] ? "" : [identity [field $tester id]]}] \
        ike [ike_proposals [dict get $setup ike]]  esp $esp  pfs $pfs  esn $esn \
        fragmentation [dict get $o fragmentation]  mobike [dict get $o mobike] \
        initial-contact [dict get $o initial-contact]  send-vendorid [dict get $o vendor-id] \
        encapsulation [expr {[dict get $o force-natt] ? "yes" : "auto"}] \
        nat-keepalive [expr {[dict get $o nat-keepalive] ? "yes" : "no"}] \
        rekey [expr {$rekey_ike || $rekey_child ? "yes" : "no"}]  rekeymargin ${margin}s  rekeyfuzz 0% \
        ikelifetime [expr {$rekey_ike ? $rekey_ike + $margin : 28800}]s \
        salifetime [expr {$rekey_child ? $rekey_child + $margin : 28800}]s \
        retransmit-interval ${ms}ms  retransmit-timeout [expr {max(1, ($timeout_ms + 999) / 1000)}]s \
        [expr {$suite eq "bookworm" ? "keyingtries" : ""}] [expr {$suite eq "bookworm" ? 1 : ""}] \
        dpddelay [expr {$dpd ? "${dpd}s" : ""}]  dpdtimeout [expr {$dpd && $suite eq "bookworm" ? "[expr {$dpd * 6}]s" : ""}] \
        dpdaction [expr {$dpd && $suite eq "bookworm" ? "clear" : ""}] \
        {*}[pool_keys [dict get $o pool]]  {*}[client_keys $o]  narrowing yes  replay-window [dict get $o replay-window]  leftupdown %disabled  auto add]
    set conns {}
    foreach {name selectors} [list t $setup t2 [field $setup child2 {}]] {
        if {$selectors eq {}} continue
        set mine [field $selectors device_ts [field $setup device_ts {}]]
        set theirs [field $selectors tester_ts [field $setup tester_ts {}]]
        if {$mode eq "transport"} {
            # the hosts themselves are meant when nothing is said
            foreach {ts end} [list $mine $device $theirs $tester] {
                if {![regexp "^[field $end addr]/(32|128)\$" $ts]} { cannot "selector $ts" "has host to host in transport mode only" }
            }
            lappend conns [section "conn $name" $pairs]
            continue
        }
        # with a pool the peer's side is the address that it gets
        set right [expr {[dict get $o pool] eq "" ? [selector $theirs $suite] : ""}]
        # and ours, where we ask; it is narrowed to that address
        set left [expr {[dict get $o asks] eq "" ? [selector $mine $suite] : "0.0.0.0/0"}]
        lappend conns [section "conn $name" [concat $pairs [list leftsubnet $left rightsubnet $right]]]
    }
    return "$config\n\n[join $conns \n\n]\n"
}
