# ios-parse.tcl - what such a router prints under `show crypto ...` and `debug crypto ikev2`, as dicts. Lines may be folded.

namespace eval ::dut::ios {}

# `show crypto ikev2 sa detailed` (also `show crypto ikev2 session detailed`) -> list of dicts; a missing field is "".
proc ::dut::ios::parse_ikev2 {text} {
    set out {}
    # an SA begins with its line: tunnel-id local/port remote/port fvrf/ivrf status
    set start {(?:^|\n)(\d+) +([\d.]+|[\da-fA-F:.]+)/(\d+)\s+([\d.]+|[\da-fA-F:.]+)/(\d+)\s+(\S+/\S+)\s+([A-Z][A-Z-]*)}
    set places [regexp -all -inline -indices -- $start $text]
    set n [expr {[llength $places] / 8}]
    for {set i 0} {$i < $n} {incr i} {
        set from [lindex $places [expr {8 * $i}] 0]
        set to [expr {$i + 1 < $n ? [lindex $places [expr {8 * ($i + 1)}] 0] - 1 : "end"}]
        set part [string range $text $from $to]
        regexp -- $start $part - tunnel local lport remote rport vrf status
        set d [dict create tunnel $tunnel local $local local_port $lport remote $remote remote_port $rport vrf $vrf status $status]
        foreach {key pattern} {
            encr {Encr: *([^,\s]+)} keysize {keysize: *(\d+)} hash {Hash: *([^,\s]+)} group {DH Grp: *(\w+)}
            auth_sign {Auth sign: *([\w-]+)} auth_verify {Auth verify: *([\w-]+)} life {Life/Active Time: *(\d+)/} active {Life/Active Time: *\d+/(\d+)}
            ce {CE id: *(\d+)} session {Session-id: *(\d+)} description {Status Description: *([^\n]*?) *(?:\n|$)}
            local_spi {Local spi: *([0-9A-Fa-f]{16})} remote_spi {Remote spi: *([0-9A-Fa-f]{16})}
            local_id {Local id: *(\S+)} remote_id {Remote id: *(\S+)}
            local_req {Local req msg id: *(\d+)} remote_req {Remote req msg id: *(\d+)}
            local_next {Local next msg id: *(\d+)} remote_next {Remote next msg id: *(\d+)}
            local_queued {Local req queued: *(\d+)} remote_queued {Remote req queued: *(\d+)}
            local_window {Local window: *(\d+)} remote_window {Remote window: *(\d+)}
            dpd {DPD configured for (\d+) seconds} dpd_retry {DPD configured for \d+ seconds, retry (\d+)}
            initiator {Initiator of SA *: *(Yes|No)}
        } {
            set v ""
            regexp -- $pattern $part - v
            dict set d $key $v
        }
        dict set d nat [expr {[regexp {NAT-T is detected|NAT-T is enabled} $part]}]
        dict set d children [lmap {- inbound outbound} [regexp -all -inline {ESP spi in/out: *0x([0-9A-Fa-f]+)/0x([0-9A-Fa-f]+)} $part] {
            list [spi8 $inbound] [spi8 $outbound]
        }]
        dict set d has_children [regexp {Child sa:} $part]
        lappend out $d
    }
    return $out
}

proc ::dut::ios::spi8 {hex} { format %08x 0x$hex }

# `show crypto ipsec sa` -> one dict per flow: interface map local_addr local_ident remote_ident peer port encaps encrypt
# digest decaps decrypt verify send_errors recv_errors outbound pfs group in out; in and out list the ESP SAs as dicts
# {spi transform mode conn kb sec iv replay status}.
proc ::dut::ios::parse_ipsec {text} {
    set out {}
    set interface ""
    set map ""
    set local ""
    foreach part [split [regsub -all {\n\s*protected vrf:} [regsub -all {\n(interface: )} \n$text "\x1d\\1"] "\x1eprotected vrf:"] \x1d\x1e] {
        if {[regexp {^interface: *(\S+)} $part - interface]} {
            regexp {Crypto map tag: *([^,\s]+)} $part - map
            regexp {local addr *([\d.a-fA-F:]+)} $part - local
            continue
        }
        if {![string match "protected vrf:*" $part]} continue
        set d [dict create interface $interface map $map local_addr $local]
        foreach {key pattern} {
            local_ident {local +ident \(addr/mask/prot/port\):\s*\(([^)]*)\)} remote_ident {remote ident \(addr/mask/prot/port\):\s*\(([^)]*)\)}
            peer {current_peer *(\S+)} port {current_peer *\S+ port (\d+)}
            encaps {#pkts encaps:\s*(\d+)} encrypt {#pkts encrypt:\s*(\d+)} digest {#pkts digest:\s*(\d+)}
            decaps {#pkts decaps:\s*(\d+)} decrypt {#pkts decrypt:\s*(\d+)} verify {#pkts verify:\s*(\d+)}
            send_errors {#send errors\s*(\d+)} recv_errors {#recv errors\s*(\d+)}
            local_endpoint {local crypto endpt\.:\s*([\d.a-fA-F:]*[\da-fA-F])} remote_endpoint {remote crypto endpt\.:\s*([\d.a-fA-F:]*[\da-fA-F])}
            outbound {current outbound spi:\s*0x([0-9A-Fa-f]+)} pfs {PFS \(Y/N\):\s*([YN])} group {DH group:\s*(\w+)}
        } {
            set v ""
            regexp -- $pattern $part - v
            dict set d $key $v
        }
        if {[dict get $d outbound] ne ""} { dict set d outbound [spi8 [dict get $d outbound]] }
        foreach {key side} {in inbound out outbound} {
            set section ""
            regexp "${side} esp sas:(.*?)(?:${side} ah sas:|\$)" $part - section
            dict set d $key [esp_sas $section]
        }
        lappend out $d
    }
    return $out
}

proc ::dut::ios::esp_sas {text} {
    set out {}
    foreach part [lrange [split [regsub -all {spi:\s*0x} $text "\x1e"] \x1e] 1 end] {
        if {![regexp {^([0-9A-Fa-f]+)\(} $part - spi]} continue
        set d [dict create spi [spi8 $spi]]
        foreach {key pattern} {
            transform {transform:\s*([^,]*?)\s*,} mode {in use settings =\{\s*(\w+)} conn {conn id:\s*(\d+)}
            kb {\(k/sec\):\s*\((\d+)/\d+\)} sec {\(k/sec\):\s*\(\d+/(\d+)\)} iv {IV size:\s*(\d+)} replay {replay detection support:\s*([YN])}
            status {Status:\s*(\w+)}
        } {
            set v ""
            regexp -- $pattern $part - v
            dict set d $key $v
        }
        lappend out $d
    }
    return $out
}

# `show crypto session` -> list of dicts {interface status peer port ike {{local remote state} ...} flows {...} active origin}
proc ::dut::ios::parse_session {text} {
    set out {}
    foreach part [lrange [split [regsub -all {\n?Interface:} $text "\x1e"] \x1e] 1 end] {
        set d {}
        foreach {key pattern} {
            interface {^\s*(\S+)} status {Session status:\s*(\S+)} peer {Peer:\s*(\S+)} port {Peer:\s*\S+ port (\d+)}
            active {Active SAs:\s*(\d+)} origin {origin:\s*([^\n]*?)\s*(?:\n|$)}
        } {
            set v ""
            regexp -- $pattern $part - v
            dict set d $key $v
        }
        dict set d ike [lmap {- l r s} [regexp -all -inline {IKEv2 SA: local (\S+) remote (\S+) (\w+)} $part] { list $l $r $s }]
        dict set d flows [lmap {- f} [regexp -all -inline {IPSEC FLOW: ([^\n]*?)\s*(?:\n|$)} $part] { set f }]
        lappend out $d
    }
    return $out
}

# The contract's list of SAs from the two.
proc ::dut::ios::join_sas {ikes flows} {
    # ESP SAs by their SPI, paired inbound with outbound in the order in which a flow lists them
    set pairs {}
    foreach f $flows {
        foreach a [dict get $f in] b [dict get $f out] {
            if {$a eq "" || $b eq ""} continue
            lappend pairs [dict create spi_in [dict get $a spi] spi_out [dict get $b spi] peer [dict get $f peer] \
                state [expr {[dict get $a status] eq "ACTIVE" ? "installed" : "deleting"}] transform [dict get $a transform] \
                mode [string tolower [dict get $a mode]] packets_in [dict get $f decaps] packets_out [dict get $f encaps] \
                device_ts [dict get $f local_ident] tester_ts [dict get $f remote_ident]]
        }
    }
    set told [expr {[lsearch -exact [lmap s $ikes { dict get $s has_children }] 1] >= 0}]
    set out {}
    set taken {}
    foreach s [lreverse $ikes] {
        set mine [expr {[dict get $s initiator] eq "Yes"}]
        set children {}
        foreach p $pairs {
            if {$told ? [list [dict get $p spi_in] [dict get $p spi_out]] ni [dict get $s children]
                      : [dict get $p peer] ne [dict get $s remote] || [dict get $s status] ne "READY" || [dict get $p spi_in] in $taken} continue
            lappend taken [dict get $p spi_in]
            lappend children $p
        }
        set local [string tolower [dict get $s local_spi]]
        set remote [string tolower [dict get $s remote_spi]]
        # (not by expr, to which some hex digits are a number)
        lassign [if {$mine} { list $local $remote } else { list $remote $local }] spi_i spi_r
        lappend out [dict create spi_i $spi_i spi_r $spi_r \
            state [expr {[dict get $s status] eq "READY" ? "established" : [string match *DEL* [dict get $s status]] ? "deleting" : "connecting"}] \
            role [expr {$mine ? "initiator" : "responder"}] children $children id [dict get $s tunnel] tester_id [dict get $s remote_id] \
            tester_port [dict get $s remote_port] device_port [dict get $s local_port]]
    }
    return [lreverse $out]
}
