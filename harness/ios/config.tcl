# config.tcl - the stand-in router's configuration: what may be typed in its configuration modes, what that changes, and
# the running configuration as text.
#
# A table has rows {pattern procedure}. A pattern's words are keywords, which may be abbreviated, <arguments>, or a last
# "..." for the rest of the line. Procedures get the arguments. `throw {IOS AT N}` marks the N-th word as wrong.

namespace eval ::ios::config {
    variable c             ;# the configuration, a dict
    variable path {}       ;# what the mode's lines change: {kind name ...}
    variable fresh 0       ;# changed since the router looked

    variable encryption {
        3des ENCR_3DES aes-cbc-128 ENCR_AES_CBC-128 aes-cbc-192 ENCR_AES_CBC-192 aes-cbc-256 ENCR_AES_CBC-256
        aes-gcm-128 ENCR_AES_GCM_16-128 aes-gcm-256 ENCR_AES_GCM_16-256
    }
    variable integrity {
        md5 AUTH_HMAC_MD5_96 sha1 AUTH_HMAC_SHA1_96 sha256 AUTH_HMAC_SHA2_256_128 sha384 AUTH_HMAC_SHA2_384_192
        sha512 AUTH_HMAC_SHA2_512_256
    }
    variable prf {
        md5 PRF_HMAC_MD5 sha1 PRF_HMAC_SHA1 sha256 PRF_HMAC_SHA2_256 sha384 PRF_HMAC_SHA2_384 sha512 PRF_HMAC_SHA2_512
    }
    variable group {
        1 MODP_768 2 MODP_1024 5 MODP_1536 14 MODP_2048 15 MODP_3072 16 MODP_4096 19 ECP_256 20 ECP_384 21 ECP_521
    }
    variable esp {
        esp-3des ENCR_3DES {esp-aes} ENCR_AES_CBC-128 {esp-aes 128} ENCR_AES_CBC-128 {esp-aes 192} ENCR_AES_CBC-192
        {esp-aes 256} ENCR_AES_CBC-256 {esp-gcm} ENCR_AES_GCM_16-128 {esp-gcm 128} ENCR_AES_GCM_16-128
        {esp-gcm 256} ENCR_AES_GCM_16-256 esp-null ENCR_NULL
        esp-md5-hmac AUTH_HMAC_MD5_96 esp-sha-hmac AUTH_HMAC_SHA1_96 esp-sha256-hmac AUTH_HMAC_SHA2_256_128
        esp-sha384-hmac AUTH_HMAC_SHA2_384_192 esp-sha512-hmac AUTH_HMAC_SHA2_512_256
    }

    # mode -> prompt
    variable prompts {
        config (config) proposal (config-ikev2-proposal) policy (config-ikev2-policy) keyring (config-ikev2-keyring)
        peer (config-ikev2-keyring-peer) profile (config-ikev2-profile) trans (cfg-crypto-trans)
        ipsec (ipsec-profile) if (config-if) acl (config-ext-nacl) line (config-line)
    }
    variable tables {
        config {
            {{hostname <name>} hostname}
            {{crypto ikev2 proposal <name>} {enter proposal}} {{no crypto ikev2 proposal <name>} {drop proposal}}
            {{crypto ikev2 policy <name>} {enter policy}} {{no crypto ikev2 policy <name>} {drop policy}}
            {{crypto ikev2 keyring <name>} {enter keyring}} {{no crypto ikev2 keyring <name>} {drop keyring}}
            {{crypto ikev2 profile <name>} {enter profile}} {{no crypto ikev2 profile <name>} {drop profile}}
            {{default crypto ikev2 proposal} {setting default 1}} {{default crypto ikev2 policy} {setting default 1}}
            {{crypto ikev2 window <n>} {number window 1 20}} {{no crypto ikev2 window} {setting window 5}}
            {{crypto ikev2 window <n>} {number window 1 20}} {{no crypto ikev2 window <n>} {setting window 5}}
            {{crypto ikev2 cookie-challenge <n>} {number cookie 0 1000}} {{no crypto ikev2 cookie-challenge} {setting cookie ""}}
            {{crypto ikev2 limit max-in-negotiation-sa <n>} {number limit 1 1000}}
            {{no crypto ikev2 limit max-in-negotiation-sa} {setting limit ""}}
            {{crypto ikev2 fragmentation} {setting fragmentation 576}} {{crypto ikev2 fragmentation mtu <n>} {number fragmentation 96 1500}}
            {{no crypto ikev2 fragmentation} {setting fragmentation ""}}
            {{crypto ikev2 dpd <s> <r> periodic} gdpd} {{no crypto ikev2 dpd} {setting dpd ""}}
            {{crypto ipsec transform-set <name> ...} trans} {{no crypto ipsec transform-set <name>} {drop trans}}
            {{crypto ipsec profile <name>} {enter ipsec}} {{no crypto ipsec profile <name>} {drop ipsec}}
            {{crypto ipsec security-association lifetime seconds <n>} {number lifetime 120 2592000}}
            {{no crypto ipsec security-association lifetime seconds} {setting lifetime 3600}}
            {{crypto ipsec security-association replay window-size <n>} {number replay 64 1024}}
            {{crypto ipsec security-association replay disable} {setting replay 0}}
            {{no crypto ipsec security-association replay window-size} {setting replay 64}}
            {{interface <name>} interface} {{no interface <name>} nointerface}
            {{ip route <net> <mask> <hop>} route} {{no ip route <net> <mask> <hop>} noroute}
            {{ip access-list extended <name>} {enter acl}} {{no ip access-list extended <name>} {drop acl}}
            {{logging console ...} {setting logcon 1}} {{no logging console} {setting logcon 0}} {{logging console} {setting logcon 1}}
            {{logging buffered ...} {setting logbuf 1}} {{no logging buffered} {setting logbuf 0}}
            {{line console <n>} {enter line}} {{line vty <a> <b>} line}
            {{ip domain lookup} nothing} {{no ip domain lookup} nothing} {{service timestamps ...} nothing}
        }
        proposal { {{encryption ...} {words encryption}} {{integrity ...} {words integrity}} {{prf ...} {words prf}} {{group ...} {words group}}
                   {{no prf} {forget prf}} {{no integrity} {forget integrity}} }
        policy   { {{proposal <name>} {add proposal}} {{no proposal <name>} {remove proposal}} {{match fvrf any} nothing} }
        keyring  { {{peer <name>} peer} {{no peer <name>} nopeer} }
        peer     { {{address <addr>} address} {{address <addr> <mask>} address} {{hostname <name>} {put hostname}}
                   {{identity address <addr>} nothing} {{identity fqdn <name>} nothing}
                   {{pre-shared-key local <key>} {put local}} {{pre-shared-key remote <key>} {put remote}}
                   {{pre-shared-key <key>} bothkeys}
                   {{pre-shared-key local hex <key>} {hexkey local}} {{pre-shared-key remote hex <key>} {hexkey remote}} }
        profile  { {{match identity remote address <addr>} {match address}} {{match identity remote address <addr> <mask>} {match address}}
                   {{match identity remote fqdn <name>} {match fqdn}} {{match identity remote email <name>} {match email}}
                   {{match identity remote key-id <name>} {match key-id}} {{match identity remote any} {match any any}}
                   {{identity local address <addr>} {ident address}} {{identity local fqdn <name>} {ident fqdn}}
                   {{identity local email <name>} {ident email}} {{identity local key-id <name>} {ident key-id}}
                   {{authentication remote pre-share} nothing} {{authentication local pre-share} nothing}
                   {{keyring local <name>} {put keyring}} {{lifetime <n>} {pnumber lifetime 120 86400}}
                   {{dpd <s> <r> periodic} dpd} {{no dpd} {forget dpd}} {{initial-contact force} nothing} }
        trans    { {{mode tunnel} {put mode tunnel}} {{mode transport} {put mode transport}} }
        ipsec    { {{set transform-set ...} {words ts}} {{set ikev2-profile <name>} {put profile}} {{set pfs <group>} pfs} {{no set pfs} {forget pfs}}
                   {{set security-association lifetime seconds <n>} {pnumber lifetime 120 2592000}} }
        if       { {{ip address <addr> <mask>} ifaddress} {{no ip address} {forget address}}
                   {{tunnel source <name>} source} {{tunnel destination <addr>} {ifput destination}}
                   {{tunnel mode ipsec ipv4} {put mode ipv4}} {{tunnel protection ipsec profile <name>} {put protection}}
                   {{no tunnel protection ipsec profile} {forget protection}} {{no tunnel protection} {forget protection}}
                   {{tunnel protection ipsec policy ipv4 <acl>} {put acl}} {{no tunnel protection ipsec policy} {forget acl}}
                   {{shutdown} {put shutdown 1}} {{no shutdown} {forget shutdown}} {{description ...} nothing} {{ip mtu <n>} nothing} }
        acl      { {{permit ...} permit} {{remark ...} nothing} }
        line     { {{password <text>} linepassword} {{login} nothing} {{logging synchronous} nothing} {{exec-timeout <a> <b>} nothing} }
    }
}

proc ::ios::config::reset {} {
    variable c [dict create hostname $::ios::flag(--hostname) default 1 window 5 cookie "" limit "" fragmentation "" dpd "" \
                    lifetime 3600 replay 64 logcon 1 logbuf 0 routes {} proposal {} policy {} keyring {} profile {} \
                    trans {} ipsec {} if {} acl {}]
    variable fresh 1
}

proc ::ios::config::get {args} {
    variable c
    if {[dict exists $c {*}$args]} { return [dict get $c {*}$args] }
}

# --- finding the command that a line means --------------------------------------------------------------------------

# {words positions} of a line
proc ::ios::config::split_line {line} {
    set words {}
    set places {}
    foreach where [regexp -all -inline -indices {\S+} $line] {
        lappend words [string range $line {*}$where]
        lappend places [lindex $where 0]
    }
    list $words $places
}

# find TABLE WORDS -> {ok procedure arguments indices} | {invalid N} | {ambiguous} | {incomplete}
proc ::ios::config::find {table words} {
    set left $table
    set n [llength $words]
    for {set i 0} {$i < $n} {incr i} {
        set word [string tolower [lindex $words $i]]
        set exact {}
        set short {}
        set free {}
        set names {}
        foreach row $left {
            set p [lindex $row 0]
            if {[lindex $p end] eq "..." && $i >= [llength $p] - 1} { lappend free $row; continue }
            set want [lindex $p $i]
            if {$want eq ""} continue
            if {[string match <*> $want]} {
                lappend free $row
            } elseif {$want eq $word} {
                lappend exact $row
            } elseif {[string first $word $want] == 0} {
                lappend short $row
                dict set names $want 1
            }
        }
        if {$exact ne {}} {
            set left $exact
        } elseif {$short ne {}} {
            if {[dict size $names] > 1} { return ambiguous }
            set left $short
        } elseif {$free ne {}} {
            set left $free
        } else {
            return [list invalid $i]
        }
    }
    foreach row $left {
        set p [lindex $row 0]
        set rest [expr {[lindex $p end] eq "..."}]
        if {!$rest && [llength $p] != $n || $rest && $n < [llength $p]} continue
        set args {}
        set at {}
        for {set i 0} {$i < $n} {incr i} {
            if {($rest && $i >= [llength $p] - 1) || [string match <*> [lindex $p $i]]} {
                lappend args [lindex $words $i]
                lappend at $i
            }
        }
        return [list ok [lindex $row 1] $args $at]
    }
    return incomplete
}

# --- what the lines do: ARGS the arguments, PATH what the mode is about --------------------------------------------------

proc ::ios::config::wrong {n} { throw [list IOS AT $n] "" }
proc ::ios::config::refuse {text} { throw [list IOS SAY] $text }
proc ::ios::config::changed {} { variable fresh 1 }

proc ::ios::config::nothing {args} {}
proc ::ios::config::hostname {name} { variable c; dict set c hostname $name }
proc ::ios::config::setting {key value args} { variable c; dict set c $key $value; changed }
proc ::ios::config::number {key low high n} {
    variable c
    if {![string is integer -strict $n] || $n < $low || $n > $high} { wrong 0 }
    dict set c $key $n
    changed
}
proc ::ios::config::pnumber {key low high n} {
    if {![string is integer -strict $n] || $n < $low || $n > $high} { wrong 0 }
    put $key $n
}
proc ::ios::config::gdpd {s r} { setting dpd [list $s $r] }
proc ::ios::config::dpd {s r} {
    if {![string is integer -strict $s] || $s < 10 || $s > 3600} { wrong 0 }
    put dpd [list $s $r]
}

proc ::ios::config::enter {kind name} {
    variable c
    variable path
    if {$kind eq "proposal" && $name eq "default" || $kind eq "policy" && $name eq "default"} {
        refuse "% the default $kind cannot be changed here"
    }
    if {$kind ne "line" && ![dict exists $c $kind $name]} { dict set c $kind $name {} }
    set path [list $kind $name]
    changed
}
proc ::ios::config::line {a b} { enter line $a }
proc ::ios::config::linepassword {text} { set ::ios::flag(--password) $text }

proc ::ios::config::drop {kind name} {
    variable c
    if {$kind in {proposal policy} && $name eq "default"} { setting default 0; return }
    if {![dict exists $c $kind $name]} { refuse "% $name does not exist" }
    set users [dict create proposal {policy proposal} keyring {profile keyring} trans {ipsec ts} profile {ipsec profile} ipsec {if protection}]
    if {[dict exists $users $kind]} {
        lassign [dict get $users $kind] where key
        dict for {user d} [dict get $c $where] {
            if {[dict exists $d $key] && $name in [dict get $d $key]} { refuse "% Cannot remove $name: in use by $user" }
        }
    }
    dict unset c $kind $name
    changed
}

proc ::ios::config::put {key value} { variable c; variable path; dict set c {*}$path $key $value; changed }
proc ::ios::config::forget {key} { variable c; variable path; dict unset c {*}$path $key; changed }
proc ::ios::config::add {key name} {
    variable c
    variable path
    set have [get {*}$path $key]
    if {$name ni $have} { lappend have $name }
    put $key $have
}
proc ::ios::config::remove {key name} {
    variable path
    put $key [lsearch -all -inline -not -exact [get {*}$path $key] $name]
}
proc ::ios::config::words {key args} {
    if {$key ne "ts"} {
        variable $key
        set n 0
        foreach word $args {
            if {![dict exists [set $key] $word]} { wrong $n }
            incr n
        }
    } else {
        foreach word $args { if {[get trans $word] eq "" && ![dict exists [get trans] $word]} { refuse "ERROR: transform set with tag \"$word\" does not exist." } }
    }
    put $key $args
}
proc ::ios::config::trans {name args} {
    variable c
    variable path
    variable esp
    set list {}
    for {set i 0} {$i < [llength $args]} {incr i} {
        set word [lindex $args $i]
        if {$word in {esp-aes esp-gcm} && [string is digit -strict [lindex $args $i+1]]} {
            incr i
            lappend word [lindex $args $i]
        }
        if {![dict exists $esp $word]} { wrong [expr {$i + 1}] }
        lappend list $word
    }
    dict set c trans $name words $list
    set path [list trans $name]
    changed
}
proc ::ios::config::pfs {word} {
    variable group
    if {![regexp {^group(\d+)$} $word - n] || ![dict exists $group $n]} { wrong 0 }
    put pfs $n
}
proc ::ios::config::peer {name} {
    variable path
    variable c
    set path [list keyring [lindex $path 1] $name]
    if {![dict exists $c {*}$path]} { dict set c {*}$path {} }
    changed
}
proc ::ios::config::nopeer {name} { variable c; variable path; dict unset c keyring [lindex $path 1] $name; changed }
proc ::ios::config::address {addr {mask 255.255.255.255}} {
    if {![ip $addr]} { wrong 0 }
    if {![ip $mask]} { wrong 1 }
    put address [list $addr $mask]
}
proc ::ios::config::bothkeys {key} { put local $key; put remote $key }
proc ::ios::config::hexkey {which digits} {
    if {![regexp {^([0-9A-Fa-f]{2})+$} $digits]} { wrong 0 }
    put $which "hex $digits"
}
proc ::ios::config::match {type value args} { if {$type eq "address" && ![ip $value]} { wrong 0 }; put match [list $type $value {*}$args] }
proc ::ios::config::ident {type value} { if {$type eq "address" && ![ip $value]} { wrong 0 }; put identity [list $type $value] }

proc ::ios::config::interface {name} {
    variable c
    variable path
    set name [ifname $name]
    if {![dict exists $c if $name]} { dict set c if $name {} }
    set path [list if $name]
}
proc ::ios::config::nointerface {name} {
    variable c
    set name [ifname $name]
    dict unset c if $name
    changed
}
proc ::ios::config::ifname {word} {
    foreach kind {Tunnel Loopback Ethernet GigabitEthernet FastEthernet} {
        if {[regexp -nocase {^([a-z]+)([\d/.]+)$} $word - letters number] && [string match -nocase $letters* $kind]} { return $kind$number }
    }
    wrong 0
}
proc ::ios::config::ifaddress {addr mask} {
    if {![ip $addr]} { wrong 0 }
    if {![ip $mask]} { wrong 1 }
    put address [list $addr $mask]
}
proc ::ios::config::source {word} { put source [expr {[ip $word] ? $word : [ifname $word]}] }
proc ::ios::config::ifput {key addr} { if {![ip $addr]} { wrong 0 }; put $key $addr }
proc ::ios::config::route {net mask hop} {
    variable c
    if {![ip $net]} { wrong 0 }
    if {![ip $mask]} { wrong 1 }
    set row [list $net $mask [expr {[ip $hop] ? $hop : [ifname $hop]}]]
    if {$row ni [get routes]} { dict lappend c routes $row }
}
proc ::ios::config::noroute {net mask hop} {
    variable c
    set row [list $net $mask [expr {[ip $hop] ? $hop : [ifname $hop]}]]
    if {$row ni [get routes]} { refuse "%No matching route to delete" }
    dict set c routes [lsearch -all -inline -not -exact [get routes] $row]
}
proc ::ios::config::permit {args} {
    variable c
    variable path
    # permit ip|icmp|tcp|udp ADDR WILDCARD ADDR WILDCARD, where "host ADDR" and "any" are short for two words
    set list {}
    set rest [lassign $args proto]
    if {$proto ni {ip icmp tcp udp}} { wrong 0 }
    while {$rest ne {}} {
        set rest [lassign $rest word]
        if {$word eq "any"} {
            lappend list {0.0.0.0 255.255.255.255}
        } elseif {$word eq "host"} {
            set rest [lassign $rest addr]
            lappend list [list $addr 0.0.0.0]
        } elseif {[ip $word] && [ip [lindex $rest 0]]} {
            set rest [lassign $rest wild]
            lappend list [list $word $wild]
        } else {
            wrong [expr {[llength $args] - [llength $rest] - 1}]
        }
    }
    if {[llength $list] != 2} { wrong [expr {[llength $args] - 1}] }
    dict set c {*}$path [concat [get {*}$path] [list [list $proto {*}$list]]]
    changed
}

proc ::ios::config::ip {word} {
    if {![regexp {^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$} $word - a b c d]} { return 0 }
    expr {$a < 256 && $b < 256 && $c < 256 && $d < 256}
}
proc ::ios::config::number_of {addr} {
    scan $addr %d.%d.%d.%d a b c d
    expr {($a << 24) | ($b << 16) | ($c << 8) | $d}
}

# --- as text --------------------------------------------------------------------------------------------------------

proc ::ios::config::text {} {
    variable c
    set out "hostname [get hostname]\n!\n"
    if {[get logbuf]} { append out "logging buffered\n" }
    if {![get logcon]} { append out "no logging console\n" }
    dict for {name d} [get proposal] {
        append out "crypto ikev2 proposal $name\n"
        foreach key {encryption prf integrity group} { if {[dict exists $d $key]} { append out " $key [dict get $d $key]\n" } }
    }
    if {![get default]} { append out "no crypto ikev2 proposal default\n" }
    dict for {name d} [get policy] {
        append out "!\ncrypto ikev2 policy $name\n"
        if {[dict exists $d proposal]} { foreach p [dict get $d proposal] { append out " proposal $p\n" } }
    }
    dict for {name peers} [get keyring] {
        append out "!\ncrypto ikev2 keyring $name\n"
        dict for {peer d} $peers {
            append out " peer $peer\n"
            dict for {k v} $d {
                append out [expr {$k in {local remote} ? "  pre-shared-key $k $v\n" : "  $k $v\n"}]
            }
            append out " !\n"
        }
    }
    dict for {name d} [get profile] {
        append out "!\ncrypto ikev2 profile $name\n"
        if {[dict exists $d match]} { append out " match identity remote [expr {[dict get $d match] eq {any any} ? "any" : [dict get $d match]}]\n" }
        if {[dict exists $d identity]} { append out " identity local [dict get $d identity]\n" }
        append out " authentication remote pre-share\n authentication local pre-share\n"
        if {[dict exists $d keyring]} { append out " keyring local [dict get $d keyring]\n" }
        if {[dict exists $d lifetime]} { append out " lifetime [dict get $d lifetime]\n" }
        if {[dict exists $d dpd]} { append out " dpd [dict get $d dpd] periodic\n" }
    }
    if {[get window] != 5} { append out "!\ncrypto ikev2 window [get window]\n" }
    if {[get cookie] ne ""} { append out "crypto ikev2 cookie-challenge [get cookie]\n" }
    if {[get limit] ne ""} { append out "crypto ikev2 limit max-in-negotiation-sa [get limit]\n" }
    if {[get fragmentation] ne ""} { append out "crypto ikev2 fragmentation mtu [get fragmentation]\n" }
    if {[get lifetime] != 3600} { append out "crypto ipsec security-association lifetime seconds [get lifetime]\n" }
    dict for {name d} [get trans] {
        append out "!\ncrypto ipsec transform-set $name [join [dict get $d words]]\n mode [expr {[dict exists $d mode] ? [dict get $d mode] : "tunnel"}]\n"
    }
    dict for {name d} [get ipsec] {
        append out "!\ncrypto ipsec profile $name\n"
        foreach {key word} {ts "set transform-set" pfs "set pfs" profile "set ikev2-profile" lifetime "set security-association lifetime seconds"} {
            if {[dict exists $d $key]} { append out " $word [expr {$key eq "pfs" ? "group" : ""}][dict get $d $key]\n" }
        }
    }
    dict for {name d} [get if] {
        append out "!\ninterface $name\n"
        foreach {key word} {address "ip address" source "tunnel source" mode "tunnel mode ipsec" destination "tunnel destination"
            acl "tunnel protection ipsec policy ipv4" protection "tunnel protection ipsec profile"} {
            if {[dict exists $d $key]} { append out " $word [dict get $d $key]\n" }
        }
        if {[dict exists $d shutdown]} { append out " shutdown\n" }
    }
    append out "!\n"
    foreach row [get routes] { append out "ip route [join $row]\n" }
    dict for {name rows} [get acl] {
        append out "!\nip access-list extended $name\n"
        foreach row $rows { append out " permit [lindex $row 0] [join [lindex $row 1]] [join [lindex $row 2]]\n" }
    }
    return "$out!\nend\n"
}
