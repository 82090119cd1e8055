# strongswan-conf.tcl - writes a neutral setup (see dut.tcl) in strongSwan's language: strongswan.conf for the daemon,
# swanctl.conf for its connection. Pure: texts out, no files and no daemon.
#
# Options understood (default in brackets):
#   cookie always|never|THRESHOLD [never] fragmentation yes|no|force|accept [yes]    fragment-size OCTETS [1280]
#   window 1                              initial-contact yes|no|replace [yes]       ike-rekey, child-rekey SECONDS [0]
#   dpd SECONDS [0: off]                  retransmit {MS BASE TRIES} [1000 1.5 4]    half-open-timeout SECONDS [30]
#   receive-delay {MS EXCHANGE} [none]    delete-delay SECONDS [0]                   mobike yes|no [no]
#   childless yes|no|allow|force|never [allow]             force-natt yes|no [no]      nat-keepalive SECONDS [0: off]
#   remote-any yes|no [no: only the tester's address]                                vendor-id yes|no [no]
#   half-open-limit PER-SOURCE [0: none]  max-half-open ALL [0: no limit]            replay-window PACKETS [32]
#   asks CIDR [none]: an address of our own is asked for, whatever CIDR says; ask-for may name the families of addresses
#   gives {ATTRIBUTE VALUE ...} [none]: what goes with an address; not the version, nor networks that are no CIDR
#   any-id yes|no [no: only the tester's identity]
#   pool CIDR ... [none]                  psk-device TEXT [the setup's psk]          nonce-length 32
#   lookup yes|no [no]: certificates by hash and URL; the setup's web says where the device's own is

namespace eval ::dut::strongswan {
    namespace path ::neutral
    variable keywords {
        ENCR_DES des                     ENCR_3DES 3des                 ENCR_NULL null
        ENCR_AES_CBC aes%d               ENCR_AES_CTR aes%dctr
        ENCR_AES_CCM_8 aes%dccm8         ENCR_AES_CCM_12 aes%dccm12     ENCR_AES_CCM_16 aes%dccm16
        ENCR_AES_GCM_8 aes%dgcm8         ENCR_AES_GCM_12 aes%dgcm12     ENCR_AES_GCM_16 aes%dgcm16
        ENCR_NULL_AUTH_AES_GMAC aes%dgmac
        ENCR_CAMELLIA_CBC camellia%d     ENCR_CAMELLIA_CTR camellia%dctr
        ENCR_CAMELLIA_CCM_8 camellia%dccm8  ENCR_CAMELLIA_CCM_12 camellia%dccm12  ENCR_CAMELLIA_CCM_16 camellia%dccm16
        ENCR_CHACHA20_POLY1305 chacha20poly1305

        PRF_HMAC_MD5 prfmd5              PRF_HMAC_SHA1 prfsha1
        PRF_HMAC_SHA2_256 prfsha256      PRF_HMAC_SHA2_384 prfsha384    PRF_HMAC_SHA2_512 prfsha512
        PRF_AES128_XCBC prfaesxcbc       PRF_AES128_CMAC prfaescmac

        AUTH_HMAC_MD5_96 md5             AUTH_HMAC_MD5_128 md5_128
        AUTH_HMAC_SHA1_96 sha1           AUTH_HMAC_SHA1_160 sha1_160
        AUTH_HMAC_SHA2_256_128 sha256    AUTH_HMAC_SHA2_384_192 sha384  AUTH_HMAC_SHA2_512_256 sha512
        AUTH_AES_XCBC_96 aesxcbc         AUTH_AES_CMAC_96 aescmac

        MODP_768 modp768                 MODP_1024 modp1024             MODP_1536 modp1536
        MODP_2048 modp2048               MODP_3072 modp3072             MODP_4096 modp4096
        MODP_6144 modp6144               MODP_8192 modp8192
        MODP_1024_160 modp1024s160       MODP_2048_224 modp2048s224     MODP_2048_256 modp2048s256
        ECP_192 ecp192                   ECP_224 ecp224                 ECP_256 ecp256
        ECP_384 ecp384                   ECP_521 ecp521
        BRAINPOOL_P224R1 ecp224bp        BRAINPOOL_P256R1 ecp256bp
        BRAINPOOL_P384R1 ecp384bp        BRAINPOOL_P512R1 ecp512bp
        CURVE25519 x25519                CURVE448 x448                  NONE modpnone

        ESN_NO noesn                     ESN_YES esn
    }
    # name, default, and the form of the values that it has (neutral.tcl)
    variable known {
        cookie            never         {^(always|never|\d+)$}
        fragmentation     yes           {^(yes|no|force|accept)$}
        fragment-size     1280          {^\d+$}
        window            1             {^1$}
        initial-contact   yes           {^(yes|no|replace)$}
        ike-rekey         0             {^\d+$}
        child-rekey       0             {^\d+$}
        dpd               0             {^\d+$}
        retransmit        {1000 1.5 4}  {^\d+( \d+(\.\d+)?( \d+)?)?$}
        half-open-timeout 30            {^\d+$}
        receive-delay     {}            {^(|\d+ \d+)$}
        delete-delay      0             {^\d+$}
        mobike            no            {^(yes|no)$}
        childless         allow         {^(yes|no|allow|force|never)$}
        force-natt        no            {^(yes|no)$}
        nat-keepalive     0             {^\d+$}
        remote-any        no            {^(yes|no)$}
        vendor-id         no            {^(yes|no)$}
        half-open-limit   0             {^\d+$}
        max-half-open     0             {^\d+$}
        replay-window     32            {^\d+$}
        pool              {}            {^[0-9a-fA-F.:/ ]*$}
        asks              {}            {^[0-9a-fA-F.:/ ]*$}
        ask-for           INTERNAL_IP4_ADDRESS {^[A-Z0-9_ ]*$}
        gives             {}            {^[A-Z0-9_]*( [0-9A-Fa-f.:/]+( [A-Z0-9_]+ [0-9A-Fa-f.:/]+)*)?$}
        any-id            no            {^(yes|no)$}
        psk-device        {}            {}
        nonce-length      32            {^32$}
        lookup            no            {^(yes|no)$}
    }
    # what pools call the attributes
    variable gives {
        INTERNAL_IP4_DNS dns    INTERNAL_IP6_DNS dns    INTERNAL_IP4_NBNS nbns  INTERNAL_IP4_DHCP dhcp  INTERNAL_IP6_DHCP dhcp
        INTERNAL_IP4_SUBNET subnet  INTERNAL_IP6_SUBNET subnet  INTERNAL_IP4_NETMASK netmask
    }
    variable plugins {
        random nonce openssl aes sha1 sha2 md5 hmac kdf gcm ccm ctr xcbc cmac chapoly curve25519 gmp pem pkcs1 pkcs8
        x509 pubkey constraints counters %kernel %fetcher kernel-netlink socket-default vici
    }
}

# --- proposals ----------------------------------------------------------------------------------------------------

# One IANA name, perhaps with -BITS, in strongSwan's words.
proc ::dut::strongswan::keyword {name} {
    variable keywords
    set key $name
    set bits ""
    regexp {^(ENCR_.+)-(\d+)$} $name - key bits
    if {![dict exists $keywords $key]} { cannot $name "does not know the transform $name" }
    set word [dict get $keywords $key]
    if {![string match *%d* $word]} {
        if {$bits ne ""} { ::dut::fail CONFIG $name "$key takes no key length" }
        return $word
    }
    if {$bits eq ""} { ::dut::fail CONFIG $name "$name needs a key length, such as $name-256" }
    if {$bits ni {128 192 256}} { cannot $name "does not know the transform $name" }
    return [format $word $bits]
}

proc ::dut::strongswan::proposals {lists} {
    join [lmap transforms $lists { join [lmap name $transforms { keyword $name }] - }] ,
}

# Userspace ESP does neither of these; strongSwan would offer them all the same and refuse later.
proc ::dut::strongswan::check_libipsec {setup} {
    foreach name [concat {*}[field $setup esp {}]] {
        if {$name eq "ESN_YES" || [string match ENCR_NULL_AUTH_AES_GMAC* $name]} {
            ::dut::fail UNSUPPORTED $name "kernel-libipsec cannot do $name"
        }
    }
    if {[field $setup mode tunnel] ne "tunnel"} {
        ::dut::fail UNSUPPORTED mode "kernel-libipsec has tunnel mode only"
    }
}

# --- small parts --------------------------------------------------------------------------------------------------

proc ::dut::strongswan::cannot {detail text} { ::neutral::cannot strongSwan $detail $text }
proc ::dut::strongswan::options {setup} { variable known; ::neutral::options strongSwan $known $setup }

# A value of strongswan.conf or swanctl.conf; quoted where a character means something there.
proc ::dut::strongswan::quote {value} {
    if {[regexp {[\x00-\x1f\x7f]} $value]} {
        ::dut::fail CONFIG text "a value with control characters cannot be written"
    }
    if {[regexp {^[A-Za-z0-9_.:,/%+@ -]+$} $value]} { return $value }
    return "\"[string map {\\ \\\\ \" \\\"} $value]\""
}

proc ::dut::strongswan::address {text} {
    if {![regexp {^([0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$} $text]} {
        ::dut::fail CONFIG address "\"$text\" is not an address"
    }
    return $text
}

# {TYPE VALUE} with IANA's type names; KEY_ID and DER_ASN1_DN hold hex digits when they begin with 0x.
proc ::dut::strongswan::identity {id} {
    lassign $id type value
    switch -- $type {
        ANY           { return %any }
        IPV4_ADDR - IPV6_ADDR { return [address $value] }
        FQDN          { return [quote fqdn:$value] }
        RFC822_ADDR   { return [quote email:$value] }
        KEY_ID        { return [quote keyid:[hash_hex $value]] }
        DER_ASN1_DN   { return [quote [expr {[string match 0x* $value] ? "asn1dn:[hash_hex $value]" : $value}]] }
    }
    cannot "id $type" "has no identity of type \"$type\""
}

proc ::dut::strongswan::hash_hex {value} {
    if {[regexp {^0x((?:[0-9A-Fa-f]{2})+)$} $value - digits]} { return #$digits }
    return $value
}

# Always in hex: no text can then be mistaken for strongSwan's own prefixes or quoting.
proc ::dut::strongswan::secret {setup} {
    set other [dict get [options $setup] psk-device]
    if {$other ne ""} {
        set digits [binary encode hex [encoding convertto utf-8 $other]]
    } elseif {[dict exists $setup psk-hex]} {
        set digits [dict get $setup psk-hex]
        regsub {^0x} $digits "" digits
    } else {
        set digits [binary encode hex [encoding convertto utf-8 [field $setup psk]]]
    }
    if {![regexp {^([0-9A-Fa-f]{2})+$} $digits]} { ::dut::fail CONFIG psk "the pre-shared key is empty or not hex" }
    return 0x$digits
}

proc ::dut::strongswan::section {name args} {
    set body [join [lmap part $args { if {$part eq ""} continue; set part }] "\n"]
    return "$name {\n  [string map {"\n" "\n  "} $body]\n}"
}

proc ::dut::strongswan::lines {pairs} {
    join [lmap {key value} $pairs { if {$value eq ""} continue; set _ "$key = $value" }] "\n"
}

# --- the two files ------------------------------------------------------------------------------------------------

# LAB: dict with folder, socket (of the control; in the folder unless told), libipsec (0|1) and log (level of the ike group, at most 2: keys appear above that).
proc ::dut::strongswan::daemon_conf {setup lab} {
    variable plugins
    set o [options $setup]
    set folder [dict get $lab folder]
    set kernel [expr {[dict get $lab libipsec] ? "kernel-libipsec" : ""}]
    set lookup [expr {[dict get $o lookup] eq "yes"}]
    set given [dict get $o retransmit]
    lassign [concat $given [lrange {1000 1.5 4} [llength $given] end]] ms base tries
    lassign [dict get $o receive-delay] delay exchange
    set level [expr {min([dict get $lab log], 2)}]
    set other [expr {min($level, 1)}]
    # 0 would become 1, the cookie threshold plus one
    set limit [expr {[dict get $o half-open-limit] ? [dict get $o half-open-limit] : 1000000}]
    # a cookie is asked for from the first half-open SA on; the driver makes that one (see cookie_primer)
    set always [expr {[dict get $o cookie] eq "always"}]
    set threshold [string map {always 1 never 0} [dict get $o cookie]]
    set half_open [dict get $o half-open-timeout]
    if {$always && ![dict exists [field $setup options {}] half-open-timeout]} { set half_open 86400 }
    set daemon [lines [list \
        load_modular no  load [join [string map [list %kernel $kernel %fetcher [expr {$lookup ? "curl" : ""}]] $plugins]] \
        hash_and_url [expr {$lookup ? "yes" : ""}] \
        retransmit_timeout [format %.3f [expr {$ms / 1000.0}]]  retransmit_base $base  retransmit_tries $tries \
        retransmit_jitter 0  half_open_timeout $half_open \
        cookie_threshold $threshold  cookie_threshold_ip 0  dos_protection yes \
        block_threshold $limit  init_limit_half_open [dict get $o max-half-open]  ikesa_limit 0 \
        fragment_size [dict get $o fragment-size]  delete_rekeyed_delay [dict get $o delete-delay] \
        keep_alive [dict get $o nat-keepalive]  replay_window [dict get $o replay-window] \
        receive_delay $delay  receive_delay_type $exchange \
        install_virtual_ip [expr {[dict get $o asks] eq "" ? "no" : "yes"}]  send_vendor_id [dict get $o vendor-id]  retry_initiate_interval 0  close_ike_on_child_failure no]]
    set plugin_part [section plugins \
        [section vici "socket = unix://[field $lab socket $folder/vici]"] \
        [section kernel-netlink "roam_events = no"]]
    set log_part [section filelog [section log [lines [list \
        path $folder/log  default $other  ike $level  chd $level  cfg $level  asn 0  dmn 1  lib 1 \
        time_format %H:%M:%S  time_add_ms yes  flush_line yes]]]]
    set journal [section journal "default = -1"]
    set swanctl [section swanctl "load = pem pkcs1 pkcs8 x509 pubkey openssl random"]
    return "[section charon-systemd $daemon $plugin_part $log_part $journal]\n$swanctl\n"
}

# charon makes no second Child SA whose configuration equals that of one it has: c2 lives longer.
proc ::dut::strongswan::child_conf {name setup selectors o} {
    section $name [lines [list \
        life_time [expr {$name eq "c2" ? "604800s" : ""}] \
        local_ts [expr {[dict get $o asks] ne "" ? "dynamic" : [join [field $selectors device_ts [field $setup device_ts {}]] ,]}] \
        remote_ts [expr {[dict get $o pool] ne "" ? "dynamic" : [join [field $selectors tester_ts [field $setup tester_ts {}]] ,]}] \
        esp_proposals [proposals [field $setup esp]]  mode [field $setup mode tunnel] \
        rekey_time [dict get $o child-rekey]s  rand_time 0s  dpd_action clear  close_action none  start_action none]]
}

# The addresses that are asked for; those of all zeros say that any will do.
proc ::dut::strongswan::vips {o} {
    if {[dict get $o asks] eq ""} { return "" }
    join [lmap type [dict get $o ask-for] {
        switch -- $type {
            INTERNAL_IP4_ADDRESS { string cat 0.0.0.0 }
            INTERNAL_IP6_ADDRESS { string cat :: }
            default { cannot "option ask-for" "is not told to ask for $type" }
        }
    }] ,
}

# A pool for each range, each in a section of its own; what is given besides stands with the first.
proc ::dut::strongswan::pools {o} {
    variable gives
    set more [dict create]
    foreach {type value} [dict get $o gives] {
        if {![dict exists $gives $type]} { ::dut::fail UNSUPPORTED "option gives" "strongSwan is not told to give $type" }
        dict lappend more [dict get $gives $type] $value
    }
    set n 0
    lmap range [dict get $o pool] {
        set lines [list addrs $range]
        if {!$n} { dict for {key values} $more { lappend lines $key [join $values ,] } }
        section p[incr n] [lines $lines]
    }
}

proc ::dut::strongswan::connection_conf {setup {libipsec 1}} {
    foreach key {name device tester ike} { field $setup $key }
    set proofs [::dut::proofs $setup]
    set kinds [lmap end {device tester} { lindex [dict get $proofs $end] 0 }]
    if {"null" in $kinds} { cannot "auth [field $setup auth]" "wants a proof of both ends" }
    set signs [expr {"cert" in $kinds || "raw" in $kinds}]
    if {$signs && ![dict exists $setup credentials]} { ::dut::fail CONFIG credentials "the setup has no certificates" }
    set secret [expr {"psk" in $kinds}]
    lassign $kinds own theirs
    set own [dict get {psk {auth psk}  cert {auth pubkey certs device.pem}  raw {auth pubkey pubkeys device.pem}} $own]
    set asks [expr {$theirs eq "psk" ? "no" : "yes"}]
    set theirs [dict get {psk {auth psk}  cert {auth pubkey cacerts lab.pem}  raw {auth pubkey pubkeys tester.pem}} $theirs]
    if {[dict get $setup ike] eq ""} { ::dut::fail CONFIG ike "the setup has no IKE proposal" }
    if {[field $setup mode tunnel] ni {tunnel transport}} { ::dut::fail CONFIG mode "mode is tunnel or transport" }
    if {$libipsec} { check_libipsec $setup }
    set o [options $setup]
    set device [dict get $setup device]
    set tester [dict get $setup tester]
    set children ""
    if {[field $setup esp {}] ne ""} {
        set children [section children \
            [child_conf c $setup $setup $o] [child_conf c2 $setup [field $setup child2 $setup] $o]]
    }
    set pools [pools $o]
    set names [lmap pool $pools { lindex $pool 0 }]
    set pools [expr {$pools eq {} ? "" : "[section pools {*}$pools]\n"}]
    set t [section t [lines [list \
        version 2  local_addrs [address [field $device addr]] \
        remote_addrs [expr {[dict get $o remote-any] ? "%any" : [address [field $tester addr]]}] \
        proposals [proposals [dict get $setup ike]] \
        fragmentation [dict get $o fragmentation]  mobike [dict get $o mobike] \
        childless [string map {yes allow no never} [dict get $o childless]] \
        encap [dict get $o force-natt]  dpd_delay [dict get $o dpd]s \
        unique [dict get {yes no no never replace replace} [dict get $o initial-contact]] \
        rekey_time [dict get $o ike-rekey]s  rand_time 0s  reauth_time 0s  keyingtries 1 \
        vips [vips $o]  send_certreq $asks  send_cert [expr {$signs ? "always" : {}}]  pools [join $names ,]]] \
        [section local [lines [list {*}$own  id [identity [field $device id]]]]] \
        [section remote [lines [list {*}$theirs  id [expr {[dict get $o any-id] ? "%any" : [identity [field $tester id]]}]]]] \
        $children]
    set primer ""
    if {[dict get $o cookie] eq "always"} {
        set addr [field $device addr]
        set primer [section primer [lines [list version 2  local_addrs $addr  remote_addrs $addr \
            proposals aes128-sha256-x25519]]]
    }
    set secrets [expr {$secret ? [section secrets [section ike-1 "secret = [secret $setup]"]] : ""}]
    # (to the base URL the hash is added)
    set web [field $setup web ""]
    set authorities [expr {$web eq "" ? "" : "[section authorities [section lab [lines [list cacert lab.pem  cert_uri_base $web]]]]\n"}]
    return "[section connections $t $primer]\n$authorities$pools$secrets\n"
}

# Names, below the folder of swanctl, and texts of the files that a setup with certificates or raw keys needs.
proc ::dut::strongswan::credential_files {setup} {
    if {![dict exists $setup credentials]} { return {} }
    set c [dict get $setup credentials]
    set files {}
    dict for {end proof} [::dut::proofs $setup] {
        switch -- [lindex $proof 0] {
            cert {
                dict set files x509ca/lab.pem [dict get $c ca]
                if {$end eq "device"} { dict set files x509/device.pem [dict get $c device cert] }
            }
            raw { dict set files pubkey/$end.pem [dict get $c $end public] }
            default continue
        }
        if {$end eq "device"} { dict set files private/device.pem [dict get $c device key] }
    }
    return $files
}
