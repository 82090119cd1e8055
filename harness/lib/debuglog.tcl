# debuglog.tcl - text in the style of `debug crypto ikev2` as messages: what a router tells of a message (payloads, lengths,
# transforms, notifies, selectors), in the notation of our own trees. Lines may be folded, two columns run into each other,
# and be translated by a machine: only patterns count, never lines.
#
#   debuglog::is TEXT         1 when it looks like such a log
#   debuglog::messages TEXT   list of dicts {at sa spi_i spi_r dir exchange kind mid flags length next payloads}; dir is in, or out
#                             for what is not known to have come; payloads: list of dicts {name next length inner fields}, fields a tree
#                             {name value ...} where a value that begins with \{ is a group
#   debuglog::transitions TEXT  list of dicts {sa spi_i spi_r role mid state event}: how the router's state machine went
#   debuglog::chain M         IKE_AUTH request 1 [ IDi AUTH ... ], as we write it
#   debuglog::tree M          the tree
#   debuglog::account M       "" or what does not add up

namespace eval ::debuglog {
    # the same words, as they come out of a translation
    variable words {
        "Volgende payload" "Next payload"  "Volgende lading" "Next payload"  versie: version:  Wisseltype "Exchange type"
        "Type uitwisseling" "Exchange type"  vlaggen: flags:  "Bericht ID" "Message id"  "Bericht:" "Message id:"  Berichtnummer "Message id"  lengte: length:
        "Inhoud payload" "Payload contents"  gereserveerd reserved  "laatste voorstel" "last proposal"  Voorstel: Proposal:
        "SPI grootte" "SPI size"  "spi-grootte" "spi size"  "laatste transformatie" "last transform"  /groep "/Group"  "DH groep" "DH group"
        "MELDEN (" NOTIFY(  MELDEN( NOTIFY(  ": MELDEN" ": NOTIFY"  "protocol-id" "protocol id"  Beveiligingsprotocol "Security protocol"
        "Niet gebruiken" "Don't use ESN"  "Type ID: IPv4 adres" "Id type: IPv4 address"  "Automatische methode" "Auth method"
        "Aantal TS'en" "Num of TSs"  beginhaven "start port"  eindhaven "end port"  begindatum "start addr"  einddatum "end addr"
        attribtype "attrib type"  "Krijg een pakket van verzender" "Got a packet from dispatcher"  IDr. IDr  CurStaat CurState
        Gebeurtenis Event
    }
    # what routers call a payload; what we do
    variable payload_names {
        VID V  N Nonce  CFG CP  ENCR SK  ENCR_FRAG SKF  DELETE D  NOTIFY N
    }
    variable notify_names [subst -nocommands -novariables {
        SET_VENSTER_SIZE SET_WINDOW_SIZE  ESP_TFC_NO_SUPPORT ESP_TFC_PADDING_NOT_SUPPORTED  NON_FIRST_FRAGS NON_FIRST_FRAGMENTS_ALSO
        HTTP_CERT_LOOKUP_SUPPORT HTTP_CERT_LOOKUP_SUPPORTED  NAT_DETECTION_DESTY_IP NAT_DETECTION_DESTINATION_IP
        NAT_DETECTION_DESTINY_IP NAT_DETECTION_DESTINATION_IP  INITI\u00cbLE_CONTACT INITIAL_CONTACT  initial_CONTACT INITIAL_CONTACT
    }]
    # transforms by type, in the router's words
    variable transforms {
        1 {3DES ENCR_3DES DES ENCR_DES AES-CBC ENCR_AES_CBC AES-GCM ENCR_AES_GCM_16 AES-CTR ENCR_AES_CTR NULL ENCR_NULL}
        2 {MD5 PRF_HMAC_MD5 SHA1 PRF_HMAC_SHA1 SHA256 PRF_HMAC_SHA2_256 SHA384 PRF_HMAC_SHA2_384 SHA512 PRF_HMAC_SHA2_512}
        3 {MD596 AUTH_HMAC_MD5_96 SHA96 AUTH_HMAC_SHA1_96 SHA256 AUTH_HMAC_SHA2_256_128 SHA384 AUTH_HMAC_SHA2_384_192
           SHA512 AUTH_HMAC_SHA2_512_256 None NONE}
        5 {"Don't use ESN" ESN_NO "Use ESN" ESN_YES}
    }
    # what is looked for, each {KIND PATTERN}; a blank stands for any white space
    variable patterns {
        stamp    {[*.]?(?:[A-Za-z]{3} +\d{1,2}|\d{1,2} [a-z]{3}) \d\d:\d\d:\d\d(?:\.\d+)?}
        came     {Got a packet from dispatcher}
        trace    {(?:SA ID ?= ?(\d+)\):)?SM Trace-> ?SA: ?I_SPI=([0-9A-F]{16}) ?(?:R)?_SPI=([0-9A-F]{16})(?: ?\(([IR])\) ?MsgID ?= ?([0-9A-Fa-f]{8}) ?CurState: ?(\w+) ?Event: ?(\w+))?}
        header   {(?:\(SA ID = (\d+)\):)?Next payload: (\w+), version: [\d.]+ Exchange type: (\w+), flags: ((?:INITIATOR|RESPONDER|MSG-RESPONSE| )+) Message id: (\d+), length: (\d+)}
        contents {Payload contents:}
        payload  {([A-Za-z_]+(?:\([^()]*\))?) Next payload: ([\w-]+), reserved: (0x[0-9A-Fa-f]+), length: (\d+)}
        proposal {last proposal: (0x[0-9A-Fa-f]+), reserved: 0x[0-9A-Fa-f]+, length: (\d+) Proposal: (\d+), Protocol id: (\w+), SPI size: (\d+), #trans: (\d+)}
        transform {last transform: (0x[0-9A-Fa-f]+), reserved: 0x[0-9A-Fa-f]+:? length: (\d+) type: (\d+), reserved: 0x[0-9A-Fa-f]+, id: (Don't use ESN|Use ESN|[^\s]+(?:/Group \d+)?)}
        group    {DH group: (\d+)}
        notify   {Security protocol id: (\w+), spi size: (\d+), type: (\w+)}
        id       {Id type: (IPv4 address|IPv6 address|[\w ]+?), reserved}
        auth     {Auth method (\w+)}
        cfg      {cfg type: (\w+)}
        attrib   {attrib type: ([^,]+), length: (\d+)}
        ts       {TS type: (\w+), proto id: (\d+), length: (\d+) start port: (\d+), end port: (\d+) start addr: ([\w.:]+), end addr: ([\w.:]+)}
    }
}

# --- finding it in the text -------------------------------------------------------------------------------------------

proc ::debuglog::flat {text} {
    variable words
    string map -nocase $words [regsub -all {\s+} $text " "]
}

proc ::debuglog::is {text} {
    variable patterns
    regexp -- [dict get $patterns header] [flat $text]
}

# All that is found, in the order of the text: list of {KIND GROUP ...}.
proc ::debuglog::found {text} {
    variable patterns
    set flat [flat $text]
    set hits {}
    dict for {kind pattern} $patterns {
        set groups [lindex [regexp -about -- $pattern] 0]
        set places [regexp -all -inline -indices -- $pattern $flat]
        for {set i 0} {$i < [llength $places]} {incr i [expr {$groups + 1}]} {
            set row [list $kind [string range $flat {*}[lindex $places $i]]]
            for {set g 1} {$g <= $groups} {incr g} { lappend row [string range $flat {*}[lindex $places $i+$g]] }
            lappend hits [list [lindex $places $i 0] $row]
        }
    }
    return [lmap h [lsort -integer -index 0 $hits] { lindex $h 1 }]
}

# --- messages ---------------------------------------------------------------------------------------------------------

proc ::debuglog::messages {text} {
    variable payload_names
    set out {}
    set m {}
    set open 0          ;# payloads belong to the message m
    set pending {}      ;# they belong to one whose header comes behind them: what a router builds before it encrypts
    set at ""
    set came 0
    set spis {"" ""}
    foreach hit [found $text] {
        set groups [lassign $hit kind all]
        switch -- $kind {
            stamp { set at [string trimleft $all *.] }
            came { set came 1 }
            trace {
                set spis [string tolower [lrange $groups 1 2]]
                set came 0
                set open 0
            }
            header {
                if {$m ne {}} { lappend out $m }
                lassign $groups sa next exchange flags mid length
                set flags [string trim $flags]
                set m [dict create at $at sa $sa spi_i [lindex $spis 0] spi_r [lindex $spis 1] dir [expr {$came ? "in" : "out"}] \
                           exchange $exchange kind [expr {[string match *MSG-RESPONSE* $flags] ? "response" : "request"}] mid $mid \
                           flags $flags length $length next [ours $next] payloads {}]
                set open 1
                set contents 0
                set came 0
            }
            contents {
                if {!$open || $contents} { set open 0; set pending {} }
                set contents 1
            }
            payload {
                lassign $groups name next reserved length
                set p [dict create name [ours $name] next [ours $next] length $length inner 0 fields [list reserved $reserved]]
                if {!$open} { lappend pending $p; continue }
                # what follows ENCR, or stands in its place, was inside it
                dict set p inner [expr {[dict get $m next] in {SK SKF} && [ours $name] ni {SK SKF}}]
                dict lappend m payloads $p
                if {[ours $name] in {SK SKF} && $pending ne {} && [dict get [lindex $pending 0] name] eq [ours $next]} {
                    set whole $m
                    foreach p $pending { dict lappend whole payloads [dict replace $p inner 1] }
                    if {[fills $whole]} { set m $whole }
                    set pending {}
                }
            }
            default {
                # of the payload before it
                if {$open && $m ne {} && [dict get $m payloads] ne {}} {
                    dict set m payloads [more [dict get $m payloads] $kind $groups]
                } elseif {!$open && $pending ne {}} {
                    set pending [more $pending $kind $groups]
                }
            }
        }
    }
    if {$m ne {}} { lappend out $m }
    return $out
}

proc ::debuglog::transitions {text} {
    set out {}
    foreach hit [found $text] {
        lassign $hit kind - sa i r role mid state event
        if {$kind ne "trace" || $state eq ""} continue
        lappend out [dict create sa $sa spi_i [string tolower $i] spi_r [string tolower $r] role $role mid [scan $mid %x] state $state event $event]
    }
    return $out
}

# Payloads, the last of them with one more group of fields.
proc ::debuglog::more {payloads kind groups} {
    set p [lindex $payloads end]
    dict set p fields [concat [dict get $p fields] [fields $kind $groups]]
    lreplace $payloads end end $p
}

proc ::debuglog::ours {name} {
    variable payload_names
    if {[regexp {^(?:NOTIFY|N)\((.*)\)$} $name - type]} { return N([notify $type]) }
    expr {[dict exists $payload_names $name] ? [dict get $payload_names $name] : $name}
}

proc ::debuglog::notify {name} {
    variable notify_names
    expr {[dict exists $notify_names $name] ? [dict get $notify_names $name] : $name}
}

# A router's word for a transform as IANA's, or that word itself.
proc ::debuglog::transform {type id} {
    variable transforms
    if {$type == 4 && [regexp {Group (\d+)$} $id - n]} { return [named group $n] }
    if {[dict exists $transforms $type] && [dict exists [dict get $transforms $type] $id]} { return [dict get $transforms $type $id] }
    return $id
}

proc ::debuglog::named {registry n} {
    if {[catch { ::ike::names $registry $n } name] || $name eq ""} { return $n }
    return "$name ($n)"
}

# The fields that a line tells of, in the words of our trees: {name value ...}, a value that begins with \{ being a group.
proc ::debuglog::fields {kind groups} {
    switch -- $kind {
        proposal {
            lassign $groups more length number protocol size count
            return [list proposal "\{" more [expr {$more}] length $length number $number protocol $protocol spi_size $size num_transforms $count]
        }
        transform {
            lassign $groups more length type id
            set d [list transform "\{\{" more [expr {$more}] length $length type [named transform $type] id [transform $type $id]]
            # a key length has four octets, and the log does not say which
            if {$length == 12} { lappend d attribute "\{\{\{" type "KEY_LENGTH (14)" value "not told" }
            return $d
        }
        group { return [list group [named group [lindex $groups 0]]] }
        notify {
            lassign $groups protocol size type
            return [list protocol $protocol spi_size $size type [notify $type]]
        }
        id { return [list type [string map {{IPv4 address} IPV4_ADDR {IPv6 address} IPV6_ADDR} [lindex $groups 0]]] }
        auth { return [list method [string map {PSK SHARED_KEY} [lindex $groups 0]]] }
        cfg { return [list type [lindex $groups 0]] }
        attrib { return [list attribute "\{" type [lindex $groups 0] length [lindex $groups 1]] }
        ts {
            lassign $groups type protocol length from to start end
            return [list selector "\{" type [string map {TS_IPV4 IPV4 TS_IPV6 IPV6} $type] ip_protocol $protocol length $length \
                        start_port $from end_port $to start_addr $start end_addr $end]
        }
    }
}

# --- as we write it -----------------------------------------------------------------------------------------------------

# Names of payloads, those inside ENCR in place of it when the log shows them.
proc ::debuglog::names {m} {
    set all [dict get $m payloads]
    set inner [lmap p $all { if {![dict get $p inner]} continue; dict get $p name }]
    expr {[llength $inner] ? $inner : [lmap p $all { dict get $p name }]}
}

proc ::debuglog::head {m} { return "[dict get $m exchange] [dict get $m kind] [dict get $m mid]" }
proc ::debuglog::chain {m} { return "[head $m] \[ [join [names $m]] \]" }

proc ::debuglog::tree {m} {
    set out [list [head $m] HDR]
    foreach {name value} [list spi_i 0x[dict get $m spi_i] spi_r 0x[dict get $m spi_r] next [dict get $m next] exchange [dict get $m exchange] \
                              flags.R [expr {[dict get $m kind] eq "response"}] flags.I [string match *INITIATOR* [dict get $m flags]] \
                              mid [dict get $m mid] length [dict get $m length]] {
        if {$value eq "0x"} continue
        lappend out [field 2 $name $value]
    }
    foreach p [dict get $m payloads] {
        set depth [expr {[dict get $p inner] ? 4 : 2}]
        lappend out "[string repeat { } $depth][::text::visible [dict get $p name]]"
        incr depth 2
        lappend out [field $depth next [dict get $p next]] [field $depth length [dict get $p length]]
        set at $depth
        foreach {name value} [dict get $p fields] {
            if {$name eq "reserved" && [expr {$value}] == 0} continue
            if {[string index $value 0] eq "\{"} {
                set at [expr {$depth + 2 * [string length $value]}]
                lappend out "[string repeat { } [expr {$at - 2}]]$name"
            } else {
                lappend out [field $at $name $value]
            }
        }
    }
    return [join $out \n]
}

proc ::debuglog::field {depth name value} { format "%s%-14s %s" [string repeat " " $depth] $name [::text::visible $value] }

# Octets outside and inside of ENCR, and of ENCR itself (0: there is none).
proc ::debuglog::sums {m} {
    set outer 28
    set inside 0
    set sealed 0
    foreach p [dict get $m payloads] {
        if {[dict get $p inner]} { incr inside [dict get $p length] } else { incr outer [dict get $p length] }
        if {[dict get $p name] in {SK SKF}} { set sealed [dict get $p length] }
    }
    # what came is shown without ENCR
    if {!$sealed && [dict get $m next] in {SK SKF}} {
        set outer [dict get $m length]
        set sealed [expr {$outer - 28}]
    }
    list $outer $inside $sealed
}

# What is inside fits: payload header, IV, padding with its length, and checksum take 4+8+1+8 octets at least, and at most
# 4+16+256+32 (RFC 7296 3.14).
proc ::debuglog::fills {m} {
    lassign [sums $m] - inside sealed
    set rest [expr {$sealed - $inside}]
    expr {!$inside || ($rest >= 21 && $rest <= 308)}
}

# The lengths that the log tells, added up: "" when they make the message's.
proc ::debuglog::account {m} {
    lassign [sums $m] outer inside sealed
    if {$outer != [dict get $m length]} {
        return "payloads of [expr {$outer - 28}] octets do not make a message of [dict get $m length]: the log shows another part of it only"
    }
    if {![fills $m]} { return "payloads of $inside octets do not fill ENCR of $sealed: the log shows a part of it only" }
    set last [lindex [dict get $m payloads] end]
    if {$last ne {} && [dict get $last name] ni {SK SKF} && [dict get $last next] ne "NONE"} {
        return "[dict get $last name] announces [dict get $last next], which the log does not show"
    }
    return ""
}
