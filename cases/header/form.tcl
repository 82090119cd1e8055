# form.tcl - RFC 7296 sections 3.1 to 3.3, 3.10, 3.13, 3.14: the form of every message that a device sends in the first
# four exchanges of an SA. The bent devices spoil one message only, so that the story reaches it.

rows header/form {
    title   "Every message that the device sends has the form of the RFC"
    cites   {$req}
    device  both
    needs   {psk}
    setup   psk
    bent    {$bent}
    tags    {header form}
    why     "Strict peers drop the message, or read something else than was meant."
    hint    "The name of the case says which field; the check says in which message it is wrong."
} {req bent look} {
    length rfc7296/3.1/length-covers-message sends-length-short {
        binary scan $b @24Iu said
        if {$said != [string length $b]} { set bad "the length field says $said of [string length $b] octets" }
    }
    one-message rfc7296/3.1/one-message-per-datagram sends-two-in-one {
        binary scan $b @24Iu said
        if {$said >= 28 && [string range $b $said $said+7] eq [string range $b 0 7]} { set bad "another message of the SA stands behind the first" }
    }
    major-version rfc7296/3.1/major-version-two sends-major-version {
        binary scan $b @17cu version
        if {$version >> 4 != 2} { set bad "major version [expr {$version >> 4}]" }
    }
    version-of-answers rfc7296/2.5/answer-in-same-version sends-major-version {
        binary scan $b @17cu@19cu version flags
        if {$flags & 0x20 && $version >> 4 != 2} { set bad "an answer in version [expr {$version >> 4}]" }
    }
    exchange-type rfc7296/3.1/exchange-type-valid sends-odd-exchange {
        binary scan $b @18cu type
        if {$type < 34 || $type > 37} { set bad "exchange type $type, which nobody negotiated" }
    }
    no-marker rfc7296/3.1/no-marker-on-500 sends-marker-on-500 {
        set zeros [expr {[string range [record $n bytes] 0 3] eq "\0\0\0\0"}]
        if {$zeros != [string match *:4500 [record $n remote]]} { set bad "four zero octets in front: $zeros, from [record $n remote]" }
    }
    chain rfc7296/3.2/next-payload-chain sends-chain-open {
        set bad [walk $b 28 [next-of $b 16]]
        if {$bad eq "" && $text ne ""} { set bad [walk $text 0 $first] }
        if {[record $n code] in {TRUNCATED LENGTH}} { set bad [record $n error] }
    }
    encrypted-last rfc7296/3.1/encrypted-payload-last sends-after-encrypted {
        set at 28
        set type [next-of $b 16]
        while {$type != 0 && $type != 46 && $at + 4 <= [string length $b]} {
            set type [next-of $b $at]
            binary scan $b @[expr {$at + 2}]Su long
            incr at [expr {max(4, $long)}]
        }
        if {$type == 46} {
            binary scan $b @[expr {$at + 2}]Su long
            if {$at + $long != [string length $b]} { set bad "[expr {[string length $b] - $at - $long}] octets stand after the Encrypted payload" }
        }
    }
    encrypted-ends-message rfc7296/3.14/encrypted-last sends-after-encrypted {
        if {[next-of $b 16] == 46} {
            binary scan $b @24Iu@30Su said long
            if {28 + $long < $said} { set bad "[expr {$said - 28 - $long}] octets of the message stand after the Encrypted payload" }
        }
    }
    sk-next rfc7296/3.2/sk-next-names-first-inner sends-sk-next-none {
        if {[next-of $b 16] == 46 && [next-of $b 28] == 0 && [record $n code] eq "TRAILING"} { set bad "SK names no payload and has some: [record $n error]" }
    }
    encrypted-once rfc7296/3.1/no-nested-encrypted sends-nested-encrypted {
        if {$first in {46 53}} { set bad "an Encrypted payload within the other" }
        if {$m ne "" && [llength [lsearch -all [msg payloads $m] SK]] > 1} { set bad "two Encrypted payloads" }
    }
    proposal-last rfc7296/3.3.1/last-substructure sends-more-proposals {
        set bad [off-field $n $m SA*.proposal* proposal.more]
    }
    transform-count rfc7296/3.3.1/transform-count sends-transform-count {
        set bad [off-field $n $m SA*.proposal* proposal.num_transforms]
    }
    transform-last rfc7296/3.3.2/last-transform sends-last-transform-early {
        set bad [off-field $n $m SA*.transform* transform.more]
    }
    key-length rfc7296/3.3.5/key-length-in-bits sends-key-length-in-octets {
        foreach p [paths-of $m] {
            lassign $p path value
            if {[string match SA*.attribute*.value $path] && $value ni {128 192 256}} { set bad "$path is $value" }
        }
    }
    selector-count rfc7296/3.13/ts-count sends-selector-count {
        set bad [off-field $n $m TS* count]
        foreach ts {TSi TSr} { if {$m ne "" && [msg has $m $ts] && ![msg has $m $ts.selector\[0\]]} { set bad "$ts has no selector" } }
    }
    start-port rfc7296/3.13.1/start-port-zero sends-start-port {
        foreach p [paths-of $m] {
            lassign $p path value
            if {[string match TS*.port_lo $path] && $value != 0} { set bad "$path is $value where every port is meant" }
        }
    }
    end-port {rfc7296/3.13.1/end-port-65535 rfc7296/3.13.1/any-ports} sends-end-port {
        foreach p [paths-of $m] {
            lassign $p path value
            if {[string match TS*.port_hi $path] && $value != 65535} { set bad "$path is $value where every port is meant" }
        }
    }
    notify-protocol rfc7296/3.10/empty-spi-protocol-zero sends-notify-protocol {
        foreach p [paths-of $m] {
            lassign $p path value
            if {[regexp {^(N.*)\.protocol$} $path - notify] && $value ni {0 NONE} && [msg get $m $notify.spi] eq "0x"} {
                set bad "$path is $value without an SPI"
            }
        }
    }
    notify-spi rfc7296/3.10/spi-only-where-defined sends-notify-spi {
        foreach p [paths-of $m] {
            lassign $p path value
            if {![regexp {^N\((NAT_DETECTION_.*|INITIAL_CONTACT|SET_WINDOW_SIZE|USE_TRANSPORT_MODE|ESP_TFC_PADDING_NOT_SUPPORTED|NON_FIRST_FRAGMENTS_ALSO|HTTP_CERT_LOOKUP_SUPPORTED|COOKIE|INVALID_.*|NO_.*|TS_UNACCEPTABLE|TEMPORARY_FAILURE|AUTHENTICATION_FAILED)\).*\.spi$} $path]} continue
            if {[string match N(INVALID_SELECTORS)* $path]} continue
            if {$value ne "0x"} { set bad "$path is $value" }
        }
    }
    notify-about-ike rfc7296/3.10/ike-notify-no-spi sends-notify-ike-spi {
        foreach p [paths-of $m] {
            lassign $p path value
            if {[regexp {^(N.*)\.protocol$} $path - notify] && $value in {1 IKE} && [msg get $m $notify.spi] ne "0x"} {
                set bad "$notify names the IKE SA by an SPI"
            }
        }
    }
    vendor-id rfc7296/3.12/vendor-id-no-new-meaning sends-critical-vendor-id {
        foreach p [paths-of $m] {
            lassign $p path value
            if {[string match V*.critical $path] && $value != 0} { set bad "a vendor id is critical" }
        }
    }
    critical-in-response rfc7296/2.5/no-critical-in-response sends-critical {
        if {[record $n kind] eq "response"} {
            foreach p [paths-of $m] {
                lassign $p path value
                if {[string match *.critical $path] && $value != 0} { set bad "$path is $value" }
            }
        }
    }
    unasked-configuration rfc7296/2.19/no-unasked-reply sends-unasked-reply {
        if {[record $n kind] eq "response" && $m ne "" && [msg has $m CP]} { set bad "CP in a response, and nobody asked" }
    }
    compression-unasked rfc7296/2.22/ipcomp-unproposed-not-accepted sends-ipcomp-unasked {
        if {[record $n kind] eq "response" && $m ne "" && [msg has $m N(IPCOMP_SUPPORTED)]} { set bad "it accepts a compression that was not offered" }
    }
    compression-alone rfc7296/2.22/ipcomp-only-with-sa sends-ipcomp-anywhere {
        if {$m ne "" && [msg has $m N(IPCOMP_SUPPORTED)] && ![msg has $m SA]} { set bad "IPCOMP_SUPPORTED without SA" }
    }
    whole-blocks rfc7296/3.14/padding-to-block sends-part-of-block {
        if {[next-of $b 16] == 46} {
            binary scan $b @30Su long
            if {$long < 4 + 16 + 16 + 16 || ($long - 4) % 16} { set bad "an Encrypted payload of $long octets holds no whole blocks of 16" }
        }
    }
    checksum rfc7296/3.14/checksum-over-ciphertext sends-checksum-without-header {
        if {[record $n sealed] && ![record $n opened]} { set bad "its checksum does not verify" }
    }
} {
    proc next-of {b at} { set type 0; binary scan $b @${at}cu type; return $type }
    # what is wrong with a row of payloads that begins at that place; "" when its links and lengths lead to its end
    proc walk {b at type} {
        while {$type != 0} {
            set long 0
            binary scan $b @[expr {$at + 2}]Su long
            if {$long < 4 || $at + $long > [string length $b]} { return "payload $type at octet $at has $long octets, [expr {max(0, [string length $b] - $at)}] are left" }
            if {$type in {46 53}} { return [expr {$at + $long == [string length $b] ? "" : "octets after the Encrypted payload"}] }
            set type [next-of $b $at]
            incr at $long
        }
        expr {$at == [string length $b] ? "" : "[expr {[string length $b] - $at}] octets after the end of the chain"}
    }
    proc paths-of {m} { if {$m eq ""} { return {} }; msg paths $m }
    # a field that could be computed from the rest of the message, and is something else
    proc off-field {n m pattern field} {
        foreach p [paths-of $m] {
            lassign $p path value
            if {[string match $pattern.[lindex [split $field .] end] $path] && $value ne "auto"} { return "$path is $value" }
        }
        # so far off that the message cannot be read
        expr {[string match $field:* [record $n error]] ? [record $n error] : ""}
    }
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH }
    settle
    if {[sa-up $sa]} {
        tx $sa INFORMATIONAL
        settle
        if {[sa-up $sa] && [child $sa count]} { tx $sa CREATE_CHILD_SA -rekey child; settle }
    }
    set looked 0
    foreach n [records inbound] {
        if {[record $n proto] ne "ike" || [record $n reassembled]} continue
        set m [record $n msg]
        set b [record $n bytes]
        if {[string match *:4500 [record $n remote]] || [string range $b 0 3] eq "\0\0\0\0"} { set b [string range $b 4 end] }
        # inside SK, when it was opened: AES-CBC has an IV of 16 octets, the checksum has 16
        set text ""
        set first 0
        if {$m ne "" && [record $n opened] && [msg exists $m SK.data]} {
            set text [string range [binary decode hex [string range [msg get $m SK.data] 2 end]] 16 end-16]
            set text [string range $text 0 end-[expr {[next-of [string index $text end] 0] + 1}]]
            set first [next-of $b 28]
        }
        set bad ""
        eval $look
        incr looked
        if {$bad ne ""} { foreach r $req { must $r "message $n, [record $n chain]: $bad" {$bad eq ""} } }
    }
    precondition {$looked > 1} "it sent more than one message"
    foreach r $req { must $r "nothing is wrong with any of the messages" {$looked > 1} }
}
