# router.tcl - what makes the stand-in a router: its configuration becomes connections of ikespec's engine, which does IKE
# and ESP on real sockets; the persona (vendor ids, CERTREQ, CFG_REQUEST, lengths) is that of a known debug listing.

namespace eval ::ios::router {
    variable up 0          ;# a world with our peer is there
    variable made ""       ;# what it was made from
    variable tunnels {}    ;# interface -> connection of it
    variable worlds 0
    variable zero 0        ;# wall clock of the world's time 0, in milliseconds
    variable ping ""       ;# the one that runs: a dict
    variable echo_id 0
    variable offered {}    ;# of each connection: its proposals, for show
}

# --- configuration -> engine -------------------------------------------------------------------------------------------

# The default policy: what is offered when no other is configured, and when an IKE SA is rekeyed.
proc ::ios::router::default_policy {} {
    return {{ENCR_AES_CBC-256 ENCR_AES_CBC-192 ENCR_AES_CBC-128 PRF_HMAC_SHA2_512 PRF_HMAC_SHA2_384 PRF_HMAC_SHA2_256
        PRF_HMAC_SHA1 PRF_HMAC_MD5 AUTH_HMAC_SHA2_512_256 AUTH_HMAC_SHA2_384_192 AUTH_HMAC_SHA2_256_128 AUTH_HMAC_SHA1_96
        AUTH_HMAC_MD5_96 MODP_1536 MODP_1024}}
}

proc ::ios::router::policy {} {
    set out {}
    foreach p [dict values [::ios::config::get policy]] {
        if {![dict exists $p proposal]} continue
        foreach name [dict get $p proposal] {
            if {[dict exists [::ios::config::get proposal] $name]} { lappend out [proposal [::ios::config::get proposal $name]] }
        }
    }
    return [lsearch -all -inline -not -exact $out {}]
}

proc ::ios::router::proposal {d} {
    set out {}
    if {![dict exists $d encryption]} { return {} }
    foreach w [dict get $d encryption] { lappend out [dict get $::ios::config::encryption $w] }
    set aead [string match *gcm* [dict get $d encryption]]
    foreach {key table} {prf prf integrity integrity group group} {
        set words [expr {[dict exists $d $key] ? [dict get $d $key] : {}}]
        # the PRF is the hash of the integrity algorithm unless it is configured
        if {$key eq "prf" && $words eq {} && [dict exists $d integrity]} { set words [dict get $d integrity] }
        if {$key eq "integrity" && $aead} continue
        foreach w $words { lappend out [dict get [set ::ios::config::$table] $w] }
    }
    return $out
}

# 20 octets as in the listing, or half of the longest PRF key of a policy that somebody configured (RFC 7296 2.10).
proc ::ios::router::nonce_length {ike} {
    set n 20
    if {$ike eq [default_policy]} { return $n }
    foreach t [concat {*}$ike] {
        foreach {prf half} {PRF_HMAC_SHA2_384 24 PRF_HMAC_SHA2_512 32} { if {$t eq $prf && $half > $n} { set n $half } }
    }
    return $n
}

# {psk KEY psk_hex DIGITS} of a key as it was typed.
proc ::ios::router::key {name value} {
    if {[regexp {^hex (.*)$} $value - digits]} { return [list ${name}_hex $digits] }
    return [list $name $value]
}

proc ::ios::router::identity {id default} {
    lassign $id type value
    switch -- $type {
        fqdn { return [list FQDN $value] }
        email { return [list RFC822_ADDR $value] }
        key-id { return [list KEY_ID $value] }
        address { return [expr {$value eq "0.0.0.0" ? "any" : [list IPV4_ADDR $value]}] }
        any { return any }
    }
    return $default
}

proc ::ios::router::range {addr wildcard} {
    set a [::ios::config::number_of $addr]
    set w [::ios::config::number_of $wildcard]
    set low [expr {$a & ~$w & 0xffffffff}]
    set high [expr {$low | $w}]
    return [dotted $low]-[dotted $high]
}
proc ::ios::router::dotted {n} { format %d.%d.%d.%d [expr {$n >> 24 & 255}] [expr {$n >> 16 & 255}] [expr {$n >> 8 & 255}] [expr {$n & 255}] }

proc ::ios::router::soon {seconds} { expr {max(1, round(double($seconds) / $::ios::flag(--clock-rate)))} }

# The connection of a tunnel interface, {} when it is not complete.
proc ::ios::router::connection {name if} {
    foreach key {source destination mode protection} { if {![dict exists $if $key]} { return {} } }
    if {[dict exists $if shutdown]} { return {} }
    set source [dict get $if source]
    if {![::ios::config::ip $source]} { set source [lindex [::ios::config::get if $source address] 0] }
    set ipsec [::ios::config::get ipsec [dict get $if protection]]
    if {$source eq "" || ![dict exists $ipsec profile] || ![dict exists $ipsec ts]} { return {} }
    set profile [::ios::config::get profile [dict get $ipsec profile]]
    set remote [dict get $if destination]
    if {![dict exists $profile keyring]} { return {} }
    set peer ""
    foreach p [dict values [::ios::config::get keyring [dict get $profile keyring]]] {
        if {![dict exists $p address]} continue
        lassign [dict get $p address] a m
        set m [::ios::config::number_of $m]
        if {([::ios::config::number_of $a] & $m) == ([::ios::config::number_of $remote] & $m)} { set peer $p; break }
    }
    if {$peer eq "" || ![dict exists $peer local]} { return {} }
    set remote_key [expr {[dict exists $peer remote] ? [dict get $peer remote] : [dict get $peer local]}]
    set ike [policy]
    if {$ike eq {}} { if {![::ios::config::get default]} { return {} }; set ike [default_policy] }
    set esp {}
    set transport 0
    foreach ts [dict get $ipsec ts] {
        set d [::ios::config::get trans $ts]
        set p [lmap w [dict get $d words] { dict get $::ios::config::esp $w }]
        if {[dict exists $ipsec pfs]} { lappend p [dict get $::ios::config::group [dict get $ipsec pfs]] }
        lappend esp $p
        if {[dict exists $d mode] && [dict get $d mode] eq "transport"} { set transport 1 }
    }
    set ts_local {}
    set ts_remote {}
    if {[dict exists $if acl]} {
        foreach row [::ios::config::get acl [dict get $if acl]] {
            set proto [dict get {ip "" icmp {[1/0-65535]} tcp {[6/0-65535]} udp {[17/0-65535]}} [lindex $row 0]]
            lappend ts_local [range {*}[lindex $row 1]]$proto
            lappend ts_remote [range {*}[lindex $row 2]]$proto
        }
    }
    if {$ts_local eq {}} { set ts_local 0.0.0.0-255.255.255.255; set ts_remote 0.0.0.0-255.255.255.255 }
    set lifetime [expr {[dict exists $profile lifetime] ? [dict get $profile lifetime] : 86400}]
    set child [expr {[dict exists $ipsec lifetime] ? [dict get $ipsec lifetime] : [::ios::config::get lifetime]}]
    set dpd [expr {[dict exists $profile dpd] ? [dict get $profile dpd] : [::ios::config::get dpd]}]
    set conn [dict create name $name local $source remote $remote \
        id_local [identity [expr {[dict exists $profile identity] ? [dict get $profile identity] : ""}] [list IPV4_ADDR $source]] \
        id_remote [identity [expr {[dict exists $profile match] ? [dict get $profile match] : ""}] any] \
        ike $ike esp $esp ts_local [lsort -unique $ts_local] ts_remote [lsort -unique $ts_remote] \
        nonce_len [nonce_length $ike] window [::ios::config::get window] tfc_not_supported 1 non_first_fragments 1 echo 1 \
        replay_window [::ios::config::get replay] ike_rekey_s [soon [expr {$lifetime / 2}]] \
        child_rekey_s [soon [expr {max(30, $child - 30)}]] extras [persona]]
    set conn [dict merge $conn [key psk [dict get $peer local]] [key psk_remote $remote_key]]
    if {[::ios::config::get default]} { dict set conn ike_rekey [default_policy] }
    if {$transport} { dict set conn transport 1 }
    if {$dpd ne ""} { dict set conn dpd_s [soon [lindex $dpd 0]] }
    if {[::ios::config::get fragmentation] ne ""} { dict set conn fragmentation 1; dict set conn fragment_size [::ios::config::get fragmentation] }
    return $conn
}

# The payloads that such a router adds.
proc ::ios::router::persona {} {
    set out {}
    foreach response {0 1} {
        lappend out [list exchange IKE_SA_INIT response $response type V after Nonce body [binary encode hex CISCO-DELETE-REASON]] \
            [list exchange IKE_SA_INIT response $response type V after V body [binary encode hex ikespec-seed-vid1]] \
            [list exchange IKE_AUTH response $response type V body [binary encode hex ikespec-seed-vid]]
    }
    # CFG_REQUEST: DNS twice, NBNS twice, subnet, APPLICATION_VERSION of 257 octets, five private ones; all others are empty
    set cp [binary format cx3 1]
    foreach type {3 3 4 4 13} { append cp [binary format SS $type 0] }
    append cp [binary format SSa257 7 257 "ikespec-ios, a stand-in for a router console"]
    foreach type {28675 28672 28692 28681 28674} { append cp [binary format SS $type 0] }
    lappend out [list exchange IKE_AUTH response 0 type CP after AUTH body [binary encode hex $cp]]
    # CERTREQ: hash and URL, five key hashes (of nobody); and that we would look one up
    lappend out [list exchange IKE_SA_INIT response 1 type CERTREQ after N body 0c[string repeat 00 100]] \
        [list exchange IKE_SA_INIT response 1 type N after CERTREQ body 00004008]
    return $out
}

# Brings the engine to what the configuration says. A change drops all SAs, and nobody is told.
proc ::ios::router::settle {} {
    variable made
    variable tunnels
    if {!$::ios::config::fresh} return
    set ::ios::config::fresh 0
    set now {}
    dict for {name if} [::ios::config::get if] {
        set conn [connection $name $if]
        if {$conn ne {}} { dict set now $name $conn }
    }
    set all [list $now [::ios::config::get cookie] [::ios::config::get limit]]
    if {$all eq $made} return
    set made $all
    set tunnels $now
    build
}

proc ::ios::router::build {} {
    variable up
    variable tunnels
    variable worlds
    variable zero
    variable ping
    set up 0
    if {$ping ne ""} { ping_over }
    ::ios::debug::renew
    catch { ::ike::net destroy }
    if {$tunnels eq {}} return
    set port $::ios::flag(--port-base)
    if {[catch {
        ::ike::net create udp -seed [expr {($::ios::flag(--seed) + [incr worlds]) & 0x7fffffffffffffff}]
        set zero [clock milliseconds]
        set more [list -cookie [expr {[::ios::config::get cookie] eq "" ? "never" : [::ios::config::get cookie] == 0 ? "always" : [::ios::config::get cookie]}]]
        if {[::ios::config::get limit] ne ""} { lappend more -max-half-open [::ios::config::get limit] }
        if {$port} { lappend more -port-base $port -remote-port-base $port }
        ::ike::peer new router -seed router -trace 1 -keep-dead 0 {*}$more
        ::ike::peer filter router ::ios::router::edge
        dict for {name conn} $tunnels { ::ike::peer conn router $conn }
    } why]} {
        ::ios::debug::line "%CRYPTO-4-IKEV2_STANDIN: no IKE: $why"
        catch { ::ike::net destroy }
        return
    }
    set up 1
}

# ESP and IKE wait in different sockets, so a packet may seem to come before the message that makes its SA: one for an
# SPI that is not there waits a moment while a negotiation is open.
proc ::ios::router::edge {dir n} {
    if {$dir ne "in"} { return pass }
    set r [::ike::peer record router $n]
    if {[dict get $r proto] ne "esp"} { return pass }
    set open 0
    foreach i [sas] {
        if {![dict get $i established] || [dict get $i outstanding]} { set open 1 }
        foreach c [dict get $i children] { if {[dict get $c spi_in] eq [dict get $r spi]} { return pass } }
    }
    return [expr {$open ? {delay 5} : "pass"}]
}

# --- its life ----------------------------------------------------------------------------------------------------------

proc ::ios::router::turn {ms} {
    variable up
    if {$up} {
        ::ike::net pump $ms
        set events [::ike::peer events router]
        ::ios::debug::follow $events
        foreach e $events { ::ios::show::note_id $e; heard $e }
    } else {
        variable wake 0
        after $ms { set ::ios::router::wake 1 }
        vwait ::ios::router::wake
    }
    ping_turn
}

proc ::ios::router::sas {} {
    variable up
    if {!$up} { return {} }
    lsort -index 1 -integer [lmap i [::ike::peer sas router] { if {[dict get $i dead]} continue; set i }]
}

proc ::ios::router::live {name} {
    foreach i [lreverse [sas]] {
        if {[dict get $i conn] ne $name || ![dict get $i established]} continue
        foreach c [dict get $i children] { if {[dict get $c live]} { return [dict get $i id] } }
    }
}

# clear crypto ikev2 sa: told to the peer; the fast way: not, and everything starts afresh.
proc ::ios::router::clear_ike {which} {
    foreach i [sas] {
        lassign $which kind value
        if {$kind eq "remote" && [lindex [split [dict get $i remote] :] 0] ne $value} continue
        if {$kind eq "psh" && [dict get $i id] ne $value} continue
        if {[dict get $i established]} {
            catch { ::ike::peer do router [dict get $i id] delete-ike {} }
        } else {
            ::ike::peer forget router [dict get $i id]
        }
    }
}

proc ::ios::router::clear_children {spi} {
    set found 0
    foreach i [sas] {
        foreach c [dict get $i children] {
            if {![dict get $c live] || $spi ni [list "" [dict get $c spi_in] [dict get $c spi_out]]} continue
            incr found
            catch { ::ike::peer do router [dict get $i id] delete-child [list child [dict get $c spi_in]] }
        }
    }
    return $found
}

# --- ping --------------------------------------------------------------------------------------------------------------

# The tunnel interface that a packet to ADDR leaves through, "" = none.
proc ::ios::router::route {addr} {
    set best -1
    set way ""
    set n [::ios::config::number_of $addr]
    foreach row [::ios::config::get routes] {
        lassign $row net mask hop
        set m [::ios::config::number_of $mask]
        if {($n & $m) == ([::ios::config::number_of $net] & $m) && $m > $best} { set best $m; set way $hop }
    }
    dict for {name if} [::ios::config::get if] {
        if {![dict exists $if address] || ![string match Tunnel* $name]} continue
        lassign [dict get $if address] net mask
        set m [::ios::config::number_of $mask]
        if {($n & $m) == ([::ios::config::number_of $net] & $m) && $m > $best} { set best $m; set way $name }
    }
    return [expr {[string match Tunnel* $way] ? $way : ""}]
}

# ping_start ADDR SOURCE COUNT TIMEOUT SIZE PRINT DONE: PRINT is called with text, DONE at the end.
proc ::ios::router::ping_start {addr source count timeout size print done} {
    variable ping
    variable echo_id
    variable tunnels
    set way [route $addr]
    if {$source eq ""} {
        set source [expr {$way ne "" ? [lindex [::ios::config::get if $way address] 0] : ""}]
    } elseif {![::ios::config::ip $source]} {
        set source [lindex [::ios::config::get if $source address] 0]
    }
    set ping [dict create addr $addr source $source count $count timeout $timeout size $size print $print done $done way $way \
                  id [incr echo_id] sent 0 answered 0 due [clock milliseconds] waiting 0 times {}]
    {*}$print "Type escape sequence to abort.\nSending $count, $size-byte ICMP Echos to $addr, timeout is $timeout seconds:\n"
    if {$source ne ""} { {*}$print "Packet sent with a source address of $source \n" }
}

proc ::ios::router::ping_turn {} {
    variable ping
    variable tunnels
    while {$ping ne "" && [clock milliseconds] >= [dict get $ping due]} {
        if {[dict get $ping waiting]} { {*}[dict get $ping print] . }
        if {[dict get $ping sent] >= [dict get $ping count]} { ping_over; return }
        dict incr ping sent
        dict set ping waiting 1
        dict set ping at [clock milliseconds]
        dict set ping due [expr {[clock milliseconds] + int(1000 * [dict get $ping timeout])}]
        set way [dict get $ping way]
        if {$way eq "" || ![dict exists $tunnels $way] || [dict get $ping source] eq ""} continue
        set sa [live $way]
        if {$sa eq ""} {
            # the packet that asks for a tunnel is lost, as on a router
            foreach i [sas] { if {[dict get $i conn] eq $way && ![dict get $i established]} { set sa $i } }
            if {$sa eq "" && [catch { ::ike::peer initiate router $way } why]} { ::ios::debug::line "IKEv2:% $why" }
            continue
        }
        set packet [::ike::inner echo [dict get $ping source] [dict get $ping addr] [dict get $ping id] [dict get $ping sent] \
                        [string repeat \xab [expr {max(0, [dict get $ping size] - 28)}]]]
        catch { ::ike::peer esp router $sa -inner $packet }
    }
}

proc ::ios::router::heard {e} {
    variable ping
    if {[dict get $e kind] ne "inner" || $ping eq ""} return
    if {[catch { ::ike::inner parse [dict get $e inner] } p]} return
    if {[dict get $p echo_reply] && [dict get $p id] == [dict get $ping id] && [dict get $p seq] == [dict get $ping sent] && [dict get $ping waiting]} {
        dict incr ping answered
        dict set ping waiting 0
        dict lappend ping times [expr {max(1, [clock milliseconds] - [dict get $ping at])}]
        dict set ping due 0
        {*}[dict get $ping print] !
    }
}

proc ::ios::router::ping_over {} {
    variable ping
    set p $ping
    set ping ""
    set sent [dict get $p sent]
    set good [dict get $p answered]
    set text "\nSuccess rate is [expr {$sent ? 100 * $good / $sent : 0}] percent ($good/$sent)"
    if {$good} {
        set t [lsort -integer [dict get $p times]]
        append text ", round-trip min/avg/max = [lindex $t 0]/[expr {[tcl::mathop::+ {*}$t] / [llength $t]}]/[lindex $t end] ms"
    }
    {*}[dict get $p print] $text\n
    {*}[dict get $p done]
}
