# wire.tcl - what is in a clear capture, for redact.tcl: a packet in, a packet of the same length out.
#
# What a field holds is decided here once, for learning and for writing alike. What no row names is blanked: octets of a payload
# that nobody knows, what stands behind a length that is wrong, certificates, what is sealed (the run's seed gives the tester's
# keys), what passwords could be tried on (AUTH, EAP), what the device's network sent through a tunnel.

namespace eval ::redact {
    # payload -> procedure for its body
    variable payloads {
        SA kept  KE kept  IDi id  IDr id  IDg id  CERT cert  CERTREQ certreq  AUTH auth  Nonce kept  N notify  D kept  V kept
        TSi selectors  TSr selectors  SK blank  SKF fragment  CP config  EAP eap  PS kept
    }
    # notify -> procedure for its data; that of the others is `anything`
    variable notifies {
        UNSUPPORTED_CRITICAL_PAYLOAD kept  INVALID_MESSAGE_ID kept  INVALID_KE_PAYLOAD kept  INVALID_SELECTORS offending  SET_WINDOW_SIZE kept
        IPCOMP_SUPPORTED kept  NAT_DETECTION_SOURCE_IP nat_source  NAT_DETECTION_DESTINATION_IP nat_destination  COOKIE kept  COOKIE2 kept
        ADDITIONAL_IP4_ADDRESS addresses  ADDITIONAL_IP6_ADDRESS addresses  AUTH_LIFETIME kept  REDIRECT gateway  REDIRECTED_FROM gateway
        IKEV2_MESSAGE_ID_SYNC kept  IPSEC_REPLAY_COUNTER_SYNC kept  SIGNATURE_HASH_ALGORITHMS kept  PUZZLE kept  PPK_IDENTITY ppk
        ADDITIONAL_KEY_EXCHANGE kept  PPK_IDENTITY_KEY ppk
    }
    # configuration attribute -> procedure for its value; that of the others is `anything`
    variable attributes {
        INTERNAL_IP4_NETMASK kept  APPLICATION_VERSION kept  SUPPORTED_ATTRIBUTES kept  TIMEOUT_PERIOD_FOR_LIVENESS_CHECK kept
        INTERNAL_IP4_ADDRESS addresses  INTERNAL_IP4_DNS addresses  INTERNAL_IP4_NBNS addresses  INTERNAL_IP4_DHCP addresses
        P_CSCF_IP4_ADDRESS addresses  INTERNAL_IP4_SUBNET subnet4  INTERNAL_IP6_ADDRESS prefix6  INTERNAL_IP6_DNS addresses
        INTERNAL_IP6_DHCP addresses  P_CSCF_IP6_ADDRESS addresses  INTERNAL_IP6_SUBNET prefix6  INTERNAL_IP6_PREFIX prefix6
        ENCDNS_IP4 encrypted_dns4  ENCDNS_IP6 encrypted_dns6
    }
}

# What the table NAME says of a number of a registry, else OTHER.
proc ::redact::how {table registry number other} {
    upvar #0 ::redact::$table rows
    set name [::ike::names $registry $number]
    return [expr {[dict exists $rows $name] ? [dict get $rows $name] : $other}]
}

# --- pcapng, as our writer makes it (big endian, raw IP) -------------------------------------------------------------

# capture FROM ?TO?: each packet through `packet`, each comment through `text`; the outcome in TO, when that is given.
proc ::redact::capture {from {to ""}} {
    set f [open $from rb]
    set all [read $f]
    close $f
    set out ""
    for {set at 0} {$at + 12 <= [string length $all]} {incr at $len} {
        binary scan $all @${at}IuIu type len
        if {$len < 12 || $len % 4 || $at + $len > [string length $all]} { error "$from: not a capture that ikespec wrote, at octet $at" }
        if {$type != 6} { append out [string range $all $at [expr {$at + $len - 1}]]; continue }
        set cap 0
        if {$len >= 32} { binary scan $all @[expr {$at + 20}]Iu cap }
        set rest [expr {$at + 28 + ($cap + 3) / 4 * 4}]
        if {$len < 32 || $rest > $at + $len - 4} { error "$from: not a capture that ikespec wrote, at octet $at" }
        set packet [packet [string range $all [expr {$at + 28}] [expr {$at + 27 + $cap}]]]
        set options [comments [string range $all $rest [expr {$at + $len - 5}]]]
        append out [epb [string range $all [expr {$at + 8}] [expr {$at + 19}]] $packet $options]
    }
    if {$at != [string length $all]} { error "$from: not a capture that ikespec wrote, at octet $at" }
    if {$to ne ""} {
        set f [open $to wb]
        puts -nonewline $f $out
        close $f
    }
}

proc ::redact::epb {head packet options} {
    set n [string length $packet]
    set body $head[binary format II $n $n]$packet[string repeat \0 [expr {-$n & 3}]]$options
    set len [expr {[string length $body] + 12}]
    return [binary format II 6 $len]$body[binary format I $len]
}

# The options of a packet: its comments with other words, and nothing else.
proc ::redact::comments {options} {
    set out ""
    while {[binary scan $options SuSu code len] == 2 && $code != 0} {
        set value [string range $options 4 [expr {3 + $len}]]
        set options [string range $options [expr {4 + ($len + 3) / 4 * 4}] end]
        if {$code != 1} continue
        set value [encoding convertto utf-8 [text [encoding convertfrom utf-8 $value]]]
        set n [string length $value]
        append out [binary format SS $code $n]$value[string repeat \0 [expr {-$n & 3}]]
    }
    return $out[if {$out ne ""} { binary format I 0 }]
}

# --- IP and what it carries ------------------------------------------------------------------------------------------

proc ::redact::packet {p} {
    variable depth 0
    return [checksums [ip $p]]
}

# Errors and notifies have packets in them, which have others: one that is deeper than anybody's is blank.
proc ::redact::ip {p} {
    variable depth
    if {$depth > 4} { return [blank $p] }
    incr depth
    set out [ip_ $p]
    incr depth -1
    return $out
}
proc ::redact::ip_ {p} {
    set n [string length $p]
    binary scan $p cu first
    if {$n >= 20 && $first >> 4 == 4} {
        set at [expr {($first & 15) * 4}]
        if {$at < 20 || $at > $n} { return [blank $p] }
        binary scan $p @6Su@9cu fragment proto
        set from [address [string range $p 12 15]]
        set to [address [string range $p 16 19]]
        set head [string range $p 0 11]$from$to[blank [string range $p 20 $at-1]]
        set ends [list [string range $p 12 15] [string range $p 16 19]]
        if {$fragment & 0x1fff} { set proto 255 }
    } elseif {$n >= 40 && $first >> 4 == 6} {
        set at 40
        set proto [byte $p 6]
        set head [string range $p 0 7][address [string range $p 8 23]][address [string range $p 24 39]]
        set ends [list [string range $p 8 23] [string range $p 24 39]]
    } else { return [blank $p] }
    return $head[carried $proto [string range $p $at end] $ends]
}

# ENDS: {source destination} as they were
proc ::redact::carried {proto body ends} {
    set n [string length $body]
    switch -- $proto {
        17 { return [udp $body $ends] }
        50 { return [first 8 $body] }
        6 { if {$n >= 20} { return [first 20 $body] } }
        1 - 58 {
            # an error has the packet that it is about
            if {$n >= 8} {
                set error [expr {$proto == 1 ? [byte $body 0] in {3 4 5 11 12} : [byte $body 0] < 128}]
                # (a redirect of IPv4 has a router in its head)
                set rest [expr {$proto == 1 && [byte $body 0] == 5 ? [address [string range $body 4 7]] : [string range $body 4 7]}]
                return [string range $body 0 3]$rest[if {$error && $n > 8} { ip [string range $body 8 end] } else { blank [string range $body 8 end] }]
            }
        }
    }
    return [blank $body]
}

# The first N octets, the others blank.
proc ::redact::first {n octets} { return [string range $octets 0 $n-1][blank [string range $octets $n end]] }

proc ::redact::udp {p ends} {
    if {[binary scan $p SuSu from to] != 2 || [string length $p] < 8} { return [blank $p] }
    set body [string range $p 8 end]
    set head [string range $p 0 7]
    if {[string range $body 0 3] eq "\0\0\0\0" && [string length $body] > 4} { return $head\0\0\0\0[ike [string range $body 4 end] $ends [list $from $to]] }
    # (other ports are those of a lab that is not root: IKE, or ESP, by what is there)
    if {500 in [list $from $to] || (4500 ni [list $from $to] && [is_ike $body])} {
        return $head[ike $body $ends [list $from $to]]
    }
    return $head[first 8 $body]
}

# A case may have changed a field of the header, so one that tells is enough; in a text none is.
proc ::redact::is_ike {m} {
    if {[binary scan $m @17cucucu@24Iu version exchange flags len] != 4 || $version >> 4 != 2} { return 0 }
    expr {$len == [string length $m] || ($exchange in {34 35 36 37 38 43} && !($flags & ~0x38) && $len < 65536)}
}

# --- IKE -------------------------------------------------------------------------------------------------------------

proc ::redact::ike {m ends ports} {
    variable about [list [string range $m 0 15] $ends $ports]
    if {[string length $m] < 28} { return [blank $m] }
    set out [kept [string range $m 0 27]]
    set type [byte $m 16]
    set at 28
    while {$type != 0 && $at + 4 <= [string length $m]} {
        binary scan $m @${at}cux1Su next len
        # what stands behind a length that is wrong is anybody's guess
        if {$len < 4 || $at + $len > [string length $m]} break
        append out [string range $m $at $at+3] [[how payloads payload $type blank] [string range $m $at+4 [expr {$at + $len - 1}]]]
        incr at $len
        # nothing comes after what is sealed
        if {$type in {46 53}} break
        set type $next
    }
    return $out[blank [string range $m $at end]]
}

# --- payloads: a body in, a body of the same length out --------------------------------------------------------------

proc ::redact::fragment {b} { first 4 $b }

# RFC 7296 3.5
proc ::redact::id {b} {
    if {[string length $b] < 4} { return [blank $b] }
    set data [string range $b 4 end]
    return [string range $b 0 3][switch -- [byte $b 0] {
        1 - 5 { addresses $data }
        9 - 10 { value $data ::redact::der }
        default { anything $data }
    }]
}

# RFC 7296 3.6: a hash and a URL; whatever else it is names somebody
proc ::redact::cert {b} {
    if {$b eq "" || [byte $b 0] ni {12 13} || [string length $b] < 21} { return [first 1 $b] }
    return [string index $b 0][value [string range $b 1 20]][value [string range $b 21 end] ::redact::url]
}

# RFC 7296 3.7: hashes of the keys of CAs
proc ::redact::certreq {b} {
    set out [string index $b 0]
    for {set at 1} {$at < [string length $b]} {incr at 20} { append out [value [string range $b $at $at+19]] }
    return $out
}

proc ::redact::auth {b} { string cat [string range $b 0 3] [value [string range $b 4 end]] }

# RFC 7296 3.10
proc ::redact::notify {b} {
    if {[binary scan $b cucuSu protocol spi type] != 3} { return [blank $b] }
    set data [string range $b 4+$spi end]
    # (where no protocol has an SPI of that size, what stands there is no SPI)
    set known [expr {$protocol in {1 2 3} && $spi in {4 8}}]
    return [string range $b 0 3][[expr {$known ? "kept" : "blank"}] [string range $b 4 3+$spi]][[how notifies notify $type anything] $data]
}

# RFC 7296 2.23: SHA-1 of the SPIs, an address and a port. All addresses of IPv4 are tried in no time, so it is made anew.
proc ::redact::nat_source {data} { nat 0 $data }
proc ::redact::nat_destination {data} { nat 1 $data }
proc ::redact::nat {n data} {
    variable about
    lassign $about spis ends ports
    return [value $data [list ::redact::nat_hash $spis [lindex $ends $n] [lindex $ports $n]]]
}
proc ::redact::nat_hash {spis address port data} {
    set port [binary format S $port]
    if {[binary decode hex [::ike::pki sha1 $spis$address$port]] ne $data} { return "" }
    return [binary decode hex [::ike::pki sha1 $spis[address $address]$port]]
}

# RFC 7296 3.10.1: the packet whose selectors do not fit, or the beginning of it
proc ::redact::offending {data} { ip $data }

# RFC 5685 7.2: type of the identity, its length, the gateway; a nonce
proc ::redact::gateway {data} {
    if {[binary scan $data cucu - len] != 2} { return [blank $data] }
    return [string range $data 0 1][anything [string range $data 2 1+$len]][string range $data 2+$len end]
}

# RFC 8784 3: type, identity
proc ::redact::ppk {data} { string cat [string index $data 0] [anything [string range $data 1 end]] }

# RFC 7296 3.13
proc ::redact::selectors {b} {
    set out [string range $b 0 3]
    for {set at 4} {[binary scan $b @${at}cucuSu type - len] == 3 && $len >= 8 && $at + $len <= [string length $b]} {incr at $len} {
        append out [string range $b $at $at+7]
        set ends [string range $b $at+8 [expr {$at + $len - 1}]]
        set half [expr {($len - 8) / 2}]
        append out [if {[list $type $half] in {{7 4} {8 16}} && $len % 2 == 0} {
            string cat [address [string range $ends 0 $half-1]] [address [string range $ends $half end]]
        } else { blank $ends }]
    }
    return $out[blank [string range $b $at end]]
}

# RFC 7296 3.15
proc ::redact::config {b} {
    set out [string range $b 0 3]
    for {set at 4} {[binary scan $b @${at}SuSu type len] == 2 && $at + 4 + $len <= [string length $b]} {incr at [expr {4 + $len}]} {
        append out [string range $b $at $at+3] [[how attributes cfg_attr [expr {$type & 0x7fff}] anything] [string range $b $at+4 [expr {$at + 3 + $len}]]]
    }
    return $out[blank [string range $b $at end]]
}
proc ::redact::subnet4 {v} { sized $v 8 4 }
proc ::redact::prefix6 {v} { sized $v 17 16 }
# (LEN octets that begin with an address of SIZE)
proc ::redact::sized {v len size} {
    if {[string length $v] != $len} { return [addresses $v] }
    return [address [string range $v 0 $size-1]][string range $v $size end]
}

# RFC 9464 3.1: service priority, number of addresses, length of the name, addresses, name, parameters
proc ::redact::encrypted_dns4 {v} { encrypted_dns $v 4 }
proc ::redact::encrypted_dns6 {v} { encrypted_dns $v 16 }
proc ::redact::encrypted_dns {v size} {
    if {[binary scan $v Sucucu - count len] != 3 || 4 + $count * $size + $len > [string length $v]} { return [blank $v] }
    set out [string range $v 0 3]
    set at 4
    for {set n 0} {$n < $count} {incr n; incr at $size} { append out [address [string range $v $at [expr {$at + $size - 1}]]] }
    append out [anything [string range $v $at [expr {$at + $len - 1}]]]
    return $out[blank [string range $v $at+$len end]]
}

# RFC 7296 3.16, RFC 3748 4: who it is; of MSCHAPv2 and MD5 the name behind the value. What a password could be tried on is blank.
proc ::redact::eap {b} {
    if {[binary scan $b cucuSucu code - - type] != 4 || $code ni {1 2}} { return [first 4 $b] }
    set head [string range $b 0 4]
    set data [string range $b 5 end]
    switch -- $type {
        1 { return $head[anything $data] }
        3 { return $head$data }
        4 { return $head[after_value $data 0] }
        26 { return $head[if {$data ne "" && [byte $data 0] in {1 2}} { after_value $data 4 } else { first 4 $data }] }
    }
    return $head[blank $data]
}
# (the length of a value stands at AT, the value and a name follow)
proc ::redact::after_value {data at} {
    if {[binary scan $data @${at}cu len] != 1} { return [first $at $data] }
    incr at
    return [string range $data 0 $at-1][blank [string range $data $at [expr {$at + $len - 1}]]][anything [string range $data $at+$len end]]
}

# --- values that are made of others ----------------------------------------------------------------------------------

proc ::redact::anything {data} { value $data ::redact::guess }
# (the size tells)
proc ::redact::addresses {data} { if {[string length $data] in {4 16}} { address $data } else { anything $data } }

# Text is a name; four octets or sixteen that are none are an address; what reads as a DN is one. "" when it is neither.
proc ::redact::guess {data} {
    # (a name may end in what its sender's language ends strings with)
    set text [string trim $data \0\r\n]
    if {[string length $text] < 3} { set text $data }
    set name [named $text]
    if {$name ne ""} {
        set at [string first $text $data]
        return [string range $data 0 $at-1]$name[string range $data $at+[string length $text] end]
    }
    # (Latin 1, as texts may have it: the name is known, the octets are a value)
    if {[regexp {[A-Za-z]{2}} $data] && [regexp {^[ -~\xc0-\xff]+$} $data]} { name $data; return "" }
    if {[string length $data] in {4 16}} { return [address $data] }
    return [if {[string index $data 0] eq "0"} { der $data }]
}

# named OCTETS: a name in UTF-8, or an address that is written out; "" when they are no text.
proc ::redact::named {octets} {
    set text [encoding convertfrom utf-8 $octets]
    if {$text eq "" || ![string is print $text] || [encoding convertto utf-8 $text] ne $octets} { return "" }
    return [encoding convertto utf-8 [host $text]]
}

# (an address in the place of another may be longer or shorter)
proc ::redact::host {text} {
    if {[octets $text] eq "" && [groups [string trim $text {[]}]] eq ""} { return [name $text] }
    return [fit [numbered $text] [string length $text]]
}

# A URL keeps its scheme and its port.
proc ::redact::url {octets} {
    set text [encoding convertfrom utf-8 $octets]
    if {![regexp {^([a-z]+://)(?:([^/@]*)@)?([^/:]*|\[[^\]]*\])(:\d+)?(/.*)?$} $text - scheme user host port path]} { return [guess $octets] }
    set at [if {$user ne ""} { set - @ }]
    return [encoding convertto utf-8 $scheme[name $user]$at[host $host]$port[name $path]]
}

# Names in DER (RFC 5280 4.1.2.4, 4.2.1.6): the strings in them; "" when it is no DER.
proc ::redact::der {data {depth 0}} {
    if {$depth > 20} { return "" }
    set out ""
    for {set at 0} {$at < [string length $data]} {incr at $len} {
        if {[binary scan $data @${at}cucu tag len] != 2} { return "" }
        set head 2
        if {$len in {129 130}} {
            set wide [expr {$len - 128}]
            if {[binary scan $data @[expr {$at + 2}][expr {$wide == 1 ? "cu" : "Su"}] len] != 1} { return "" }
            incr head $wide
        } elseif {$len > 127} { return "" }
        set end [expr {$at + $head + $len - 1}]
        if {$end >= [string length $data]} { return "" }
        set body [string range $data $at+$head $end]
        append out [string range $data $at [expr {$at + $head - 1}]]
        if {$tag & 0x20} {
            set inner [der $body [expr {$depth + 1}]]
            if {$inner eq "" && $body ne ""} { return "" }
            append out $inner
        } else { append out [der_text $tag $body] }
        set len [expr {$end + 1 - $at}]
    }
    return $out
}
proc ::redact::der_text {tag body} {
    switch -- $tag {
        1 - 6 { return $body }
        30 {
            # BMPString: two octets each
            set text [join [lmap n [if {[binary scan $body Su* all]} { set all }] { format %c $n }] ""]
            if {[string length $text] * 2 == [string length $body] && [string is print $text]} {
                return [binary format S* [lmap c [split [fit [name $text] [string length $text]] ""] { scan $c %c }]]
            }
        }
    }
    return [anything $body]
}

# --- checksums -------------------------------------------------------------------------------------------------------

proc ::redact::sum {octets} {
    if {[string length $octets] % 2} { append octets \0 }
    set sum [::tcl::mathop::+ {*}[if {[binary scan $octets Su* words]} { set words }]]
    while {$sum >> 16} { set sum [expr {($sum & 0xffff) + ($sum >> 16)}] }
    return [expr {~$sum & 0xffff}]
}

proc ::redact::checksums {p} {
    set n [string length $p]
    if {$n < 20} { return $p }
    binary scan $p cu first
    if {$first >> 4 == 4} {
        set at [expr {($first & 15) * 4}]
        set p [string range $p 0 9][binary format S [sum [string range $p 0 9]\0\0[string range $p 12 $at-1]]][string range $p 12 end]
        set ends [string range $p 12 19]
        binary scan $p @6Su@9cu fragment proto
        if {$fragment & 0x3fff} { return $p }
    } else {
        if {$n < 40} { return $p }
        set at 40
        set ends [string range $p 8 39]
        set proto [byte $p 6]
    }
    # offset of the checksum in the header of what is carried; that of ICMP has no addresses in it
    if {![dict exists {1 2 17 6 6 16 58 2} $proto]} { return $p }
    set field [expr {$at + [dict get {1 2 17 6 6 16 58 2} $proto]}]
    if {$n < $field + 2 || ($proto == 17 && [string range $p $field $field+1] eq "\0\0")} { return $p }
    set body [string range $p $at $field-1]\0\0[string range $p $field+2 end]
    set sum [sum [if {$proto != 1} { set - $ends[binary format II [string length $body] $proto] }]$body]
    return [string range $p 0 $field-1][binary format S [expr {$sum == 0 && $proto == 17 ? 0xffff : $sum}]][string range $p $field+2 end]
}
