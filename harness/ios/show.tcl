# show.tcl - the stand-in's `show` commands, in the layout that operators of such routers know.

namespace eval ::ios::show {
    variable ids {}    ;# SA -> identity that the peer proved
    variable encr {ENCR_3DES 3DES ENCR_AES_CBC AES-CBC ENCR_AES_GCM_16 AES-GCM ENCR_NULL NULL}
    variable hash {
        AUTH_HMAC_MD5_96 MD596 AUTH_HMAC_SHA1_96 SHA96 AUTH_HMAC_SHA2_256_128 SHA256 AUTH_HMAC_SHA2_384_192 SHA384
        AUTH_HMAC_SHA2_512_256 SHA512
    }
}

proc ::ios::show::version {} {
    return "ikespec-ios, a stand-in for a router console (ikespec $::ikespec::version)
This is not Cisco software and behaves like no particular router.
IKEv2 and ESP: the engine of ikespec.

[::ios::config::get hostname] uptime is [uptime]
Configuration register is 0x0"
}

proc ::ios::show::uptime {} {
    variable began
    if {![info exists began]} { set began [clock seconds] }
    return "[expr {([clock seconds] - $began) / 60}] minutes"
}

# Router seconds since T_US.
proc ::ios::show::age {t_us} { expr {int(([::ike::net now] - $t_us) / 1e6 * $::ios::flag(--clock-rate))} }

proc ::ios::show::endpoint {addr} {
    regexp {^\[?(.*?)\]?:(\d+)$} $addr - host port
    return $host/$port
}

proc ::ios::show::host {addr} { lindex [split [endpoint $addr] /] 0 }

# {encr keysize hash group} of what was chosen
proc ::ios::show::chosen {list} {
    variable encr
    variable hash
    set e ""; set size ""; set h None; set g none
    foreach t $list {
        regexp {^([A-Z0-9_]+?)(?:-(\d+))?$} $t - t bits
        if {[dict exists $encr $t]} { set e [dict get $encr $t]; set size $bits }
        if {[dict exists $hash $t]} { set h [dict get $hash $t] }
        foreach {n name} $::ios::config::group { if {$name eq $t} { set g $n } }
    }
    list $e $size $h $g
}

# Which transform-set keywords a Child SA uses.
proc ::ios::show::keywords {list} {
    set out {}
    foreach t $list {
        foreach {word name} $::ios::config::esp {
            if {$name eq $t && $word ni {esp-aes esp-gcm}} { lappend out [string map {"esp-aes 128" "esp-aes"} $word]; break }
        }
    }
    return [join $out { }]
}

proc ::ios::show::id {id} { expr {[llength $id] == 2 ? [lindex $id 1] : $id} }

proc ::ios::show::remote_id {i conn} {
    variable ids
    if {[dict exists $ids [dict get $i id]]} { return [dict get $ids [dict get $i id]] }
    if {[dict get $conn id_remote] ne "any"} { return [id [dict get $conn id_remote]] }
    return [host [dict get $i remote]]
}

# Who the peer said it is: from the IKE_AUTH message that brought the SA up, or from the SA that it replaces.
proc ::ios::show::note_id {e} {
    variable ids
    set sa [dict get $e sa]
    if {[dict get $e kind] eq "ike-rekeyed"} {
        if {[dict exists $ids [dict get $e other]]} { dict set ids $sa [dict get $ids [dict get $e other]] }
        return
    }
    if {[dict get $e kind] ne "ike-up"} return
    foreach i [::ios::router::sas] {
        if {[dict get $i id] ne $sa} continue
        foreach n [lreverse [::ike::peer records router]] {
            set r [::ike::peer record router $n]
            if {[dict get $r dir] ne "in" || [dict get $r exchange] ne "IKE_AUTH" || [dict get $r spi_i] ne [dict get $i spi_i]} continue
            foreach p {IDi IDr} { if {![catch { ::ike::msg get [dict get $r msg] $p.data } v]} {
                # a name comes as octets
                if {[regexp {^0x((?:2[0-9a-f]|[3-6][0-9a-f]|7[0-9a-e])+)$} $v - hex]} { set v [binary decode hex $hex] }
                dict set ids $sa $v
                return
            } }
        }
    }
}

proc ::ios::show::ikev2 {detailed session} {
    set out ""
    set n 0
    foreach i [::ios::router::sas] {
        if {![dict exists $::ios::router::tunnels [dict get $i conn]]} continue
        set conn [dict get $::ios::router::tunnels [dict get $i conn]]
        if {!$n} {
            append out " IPv4 Crypto IKEv2  [expr {$session ? "Session" : "SA"}] \n\n"
            if {!$session} { append out [header] }
        }
        incr n
        lassign [chosen [dict get $i chosen]] encr size hash group
        if {$session} {
            append out "Session-id:[dict get $i id], Status:[expr {[dict get $i established] ? "UP-ACTIVE" : "DOWN-NEGOTIATING"}], IKE count:1, CHILD count:[llength [live $i]]\n\n" [header]
        }
        append out [format "%-9s %-21s %-21s %-20s %s  \n" [dict get $i id] [endpoint [dict get $i local]] [endpoint [dict get $i remote]] \
                        none/none [expr {[dict get $i established] ? "READY" : "IN-NEG"}]]
        append out "      Encr: $encr[expr {$size ne "" ? ", keysize: $size" : ""}], Hash: $hash, DH Grp:$group, Auth sign: PSK, Auth verify: PSK\n"
        append out "      Life/Active Time: [lifetime $conn]/[age [dict get $i made_us]] sec\n"
        if {$detailed} { append out [details $i $conn] }
        if {$session} {
            foreach c [live $i] {
                append out "Child sa: local selector  [selector [dict get $c ts_local]]\n          remote selector [selector [dict get $c ts_remote]]\n"
                append out "          ESP spi in/out: 0x[string toupper [dict get $c spi_in]]/0x[string toupper [dict get $c spi_out]]  \n"
            }
        }
        append out "\n"
    }
    if {!$n} { return "" }
    return "$out IPv6 Crypto IKEv2  [expr {$session ? "Session" : "SA"}] \n"
}

proc ::ios::show::header {} {
    return "Tunnel-id Local                 Remote                fvrf/ivrf            Status \n"
}

proc ::ios::show::live {i} { lmap c [dict get $i children] { if {![dict get $c live]} continue; set c } }

proc ::ios::show::lifetime {conn} {
    set if [::ios::config::get if [dict get $conn name]]
    set profile [::ios::config::get profile [::ios::config::get ipsec [dict get $if protection] profile]]
    expr {[dict exists $profile lifetime] ? [dict get $profile lifetime] : 86400}
}

proc ::ios::show::selector {ts} {
    regexp {^([^-\[]+)-?([^\[]*)} [lindex $ts 0] - low high
    if {$high eq ""} { set high $low }
    return "$low/0 - $high/65535"
}

proc ::ios::show::details {i conn} {
    set mine [dict get $i spi_[expr {[dict get $i role] eq "initiator" ? "i" : "r"}]]
    set other [dict get $i spi_[expr {[dict get $i role] eq "initiator" ? "r" : "i"}]]
    set if [::ios::config::get if [dict get $conn name]]
    set profile [::ios::config::get profile [::ios::config::get ipsec [dict get $if protection] profile]]
    set dpd [expr {[dict exists $profile dpd] ? [dict get $profile dpd] : {0 0}}]
    set out "      CE id: [expr {1000 + [dict get $i id]}], Session-id: [dict get $i id]\n"
    append out "      Status Description: [expr {[dict get $i established] ? "Negotiation done" : "Negotiating"}]\n"
    append out [format "      Local spi: %-22s Remote spi: %s\n" [string toupper $mine] [string toupper $other]]
    append out "      Local id: [id [dict get $conn id_local]]\n      Remote id: [remote_id $i $conn]\n"
    foreach {label a b} [list "req msg id: " next_request next_expected "next msg id:" next_request next_expected \
                             "req queued: " next_request next_expected "window:     " window_own window_peer] {
        append out [format "      Local %s %-14s Remote %s %-10s\n" $label [dict get $i $a] $label [dict get $i $b]]
    }
    append out "      DPD configured for [lindex $dpd 0] seconds, retry [lindex $dpd 1]\n"
    append out "      NAT-T is [expr {[dict get $i nat_local] || [dict get $i nat_remote] ? "detected" : "not detected"}]  \n"
    append out "      Cisco Trust Security SGT is disabled\n"
    append out "      Initiator of SA : [expr {[dict get $i role] eq "initiator" ? "Yes" : "No"}]\n"
    return $out
}

# --- show crypto ipsec sa --------------------------------------------------------------------------------------------------

proc ::ios::show::mask {ts} {
    regexp {^([^-\[]+)-?([^\[]*)(?:\[(\d+)/)?} [lindex $ts 0] - low high proto
    if {$high eq ""} { set high $low }
    set span [expr {[::ios::config::number_of $high] ^ [::ios::config::number_of $low]}]
    return "$low/[::ios::router::dotted [expr {~$span & 0xffffffff}]]/[expr {$proto eq "" ? ($low eq "0.0.0.0" ? 256 : 0) : $proto}]/0"
}

proc ::ios::show::ipsec {} {
    set out ""
    dict for {name conn} $::ios::router::tunnels {
        append out "\ninterface: $name\n    Crypto map tag: $name-head-0, local addr [dict get $conn local]\n"
        # flows of this interface, each with all its SAs, the newest first
        set flows {}
        foreach i [lreverse [::ios::router::sas]] {
            if {[dict get $i conn] ne $name} continue
            foreach c [lreverse [live $i]] { dict lappend flows [list [dict get $c ts_local] [dict get $c ts_remote]] [list $i $c] }
        }
        if {$flows eq {}} { dict set flows [list [dict get $conn ts_local] [dict get $conn ts_remote]] {} }
        dict for {flow pairs} $flows { append out [flow $name $conn $flow $pairs] }
    }
    if {$out eq ""} { return "No SAs found" }
    return $out
}

proc ::ios::show::flow {name conn flow pairs} {
    set sum {packets_out 0 packets_in 0 bad_icv 0 malformed 0 replayed 0}
    foreach pair $pairs { foreach key [dict keys $sum] { dict incr sum $key [dict get [lindex $pair 1] $key] } }
    set in [dict get $sum packets_in]
    set o [dict get $sum packets_out]
    set port [expr {$pairs eq {} ? 500 : [lindex [split [endpoint [dict get [lindex $pairs 0 0] remote]] /] 1]}]
    set peer [expr {$pairs eq {} ? [dict get $conn remote] : [host [dict get [lindex $pairs 0 0] remote]]}]
    set newest [expr {$pairs eq {} ? 0 : "0x[dict get [lindex $pairs 0 1] spi_out]"}]
    set group [expr {$pairs eq {} ? "none" : [lindex [chosen [dict get [lindex $pairs 0 1] chosen]] 3]}]
    set errors [expr {[dict get $sum bad_icv] + [dict get $sum malformed] + [dict get $sum replayed]}]
    set out "
   protected vrf: (none)
   local  ident (addr/mask/prot/port): ([mask [lindex $flow 0]])
   remote ident (addr/mask/prot/port): ([mask [lindex $flow 1]])
   current_peer $peer port $port
     PERMIT, flags={origin_is_acl,}
    #pkts encaps: $o, #pkts encrypt: $o, #pkts digest: $o
    #pkts decaps: $in, #pkts decrypt: $in, #pkts verify: $in
    #pkts compressed: 0, #pkts decompressed: 0
    #pkts not compressed: 0, #pkts compr. failed: 0
    #pkts not decompressed: 0, #pkts decompress failed: 0
    #send errors 0, #recv errors $errors

     local crypto endpt.: [dict get $conn local], remote crypto endpt.: $peer
     plaintext mtu 1438, path mtu 1500, ip mtu 1500, ip mtu idb [::ios::config::get if $name source]
     current outbound spi: 0x[format %X $newest]([format %u $newest])
     PFS (Y/N): [expr {$group eq "none" ? "N, DH group: none" : "Y, DH group: group$group"}]
"
    foreach {side key seq} {inbound spi_in 0 outbound spi_out 1} {
        append out "\n     $side esp sas:\n"
        foreach pair $pairs { append out [esp_sa $name $conn $key [expr {[dict get [lindex $pair 0] id] * 2 + $seq}] {*}$pair] }
        append out "\n     $side ah sas:\n\n     $side pcp sas:\n"
    }
    return $out
}

proc ::ios::show::esp_sa {name conn key number i c} {
    set spi 0x[dict get $c $key]
    set life [::ios::config::get ipsec [::ios::config::get if $name protection] lifetime]
    if {$life eq ""} { set life [::ios::config::get lifetime] }
    set left [expr {max(0, $life - [age [dict get $c made_us]])}]
    set kb [expr {4608000 - ([dict get $c octets_in] + [dict get $c octets_out]) / 1024}]
    set words [keywords [dict get $c chosen]]
    set iv [expr {[string match *3des* $words] || [string match *gcm* $words] ? 8 : 16}]
    set how "[expr {[dict get $c transport] ? "Transport" : "Tunnel"}][expr {[dict get $c udp_encap] ? " UDP-Encaps" : ""}]"
    return "      spi: 0x[format %X $spi]([format %u $spi])
        transform: $words ,
        in use settings ={$how, }
        conn id: $number, flow_id: SW:$number, sibling_flags 80000040, crypto map: $name-head-0
        sa timing: remaining key lifetime (k/sec): ($kb/$left)
        IV size: $iv bytes
        replay detection support: [expr {[::ios::config::get replay] ? "Y" : "N"}]
        Status: ACTIVE(ACTIVE)
"
}

# --- show crypto session ---------------------------------------------------------------------------------------------------

proc ::ios::show::session {} {
    set out "Crypto session current status\n"
    dict for {name conn} $::ios::router::tunnels {
        set ike {}
        set num 0
        foreach i [::ios::router::sas] {
            if {[dict get $i conn] ne $name} continue
            lappend ike $i
            incr num [expr {2 * [llength [live $i]]}]
        }
        set ready [lmap i $ike { if {![dict get $i established]} continue; set i }]
        set status [expr {$num ? "UP-ACTIVE" : $ready ne {} ? "UP-IDLE" : $ike ne {} ? "DOWN-NEGOTIATING" : "DOWN"}]
        append out "\nInterface: $name\nSession status: $status     \nPeer: [dict get $conn remote] port 500 \n"
        foreach i $ike {
            append out "  IKEv2 SA: local [endpoint [dict get $i local]] remote [endpoint [dict get $i remote]] [expr {[dict get $i established] ? "Active" : "Inactive"}] \n"
        }
        foreach l [dict get $conn ts_local] r [dict get $conn ts_remote] {
            append out "  IPSEC FLOW: permit ip [join [lrange [split [mask [list $l]] /] 0 1] /] [join [lrange [split [mask [list $r]] /] 0 1] /] \n"
        }
        append out "        Active SAs: $num, origin: crypto map\n"
    }
    return $out
}

proc ::ios::show::log {} {
    set n [llength $::ios::debug::buffer]
    return "Syslog logging: enabled
    Console logging: [expr {[::ios::config::get logcon] ? "level debugging" : "disabled"}]
    Buffer logging:  [expr {[::ios::config::get logbuf] ? "level debugging, $n messages logged" : "disabled"}]

Log Buffer (1000000 bytes):

[join $::ios::debug::buffer \n]"
}
