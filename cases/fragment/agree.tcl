# agree.tcl - RFC 7383 sections 2.3 to 2.5: fragments are announced first, and have a form.

testcase fragment/announced {
    title   "Support of fragments is announced in IKE_SA_INIT, by a bare notify"
    cites   {rfc7383/2.3/fragmentation-announced rfc7383/2.3/support-notify-protocol-zero rfc7383/2.3/support-notify-no-spi
             rfc7383/2.3/support-notify-no-data}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {fragmentation-not-announced fragmentation-notify-odd fragmentation-notify-spi fragmentation-notify-data}
    tags    {fragment smoke}
    why     "Peers do not use fragments, or refuse the message."
} {
    if {$role eq "responder"} { set sa [tx IKE_SA_INIT] } else { dut initiate }
    rx IKE_SA_INIT [expr {$role eq "responder" ? "response" : "request"}] {
        must rfc7383/2.3/fragmentation-announced has {N(IKEV2_FRAGMENTATION_SUPPORTED)}
    }
    must rfc7383/2.3/support-notify-protocol-zero "it names no protocol" {[msg get $rx N(IKEV2_FRAGMENTATION_SUPPORTED).protocol] in {0 NONE}}
    must rfc7383/2.3/support-notify-no-spi "it has no SPI" {[msg get $rx N(IKEV2_FRAGMENTATION_SUPPORTED).spi] in {"" 0x}}
    must rfc7383/2.3/support-notify-no-data "it has no data" {[msg get $rx N(IKEV2_FRAGMENTATION_SUPPORTED).data] in {"" 0x}}
}

testcase fragment/not-announced-unasked {
    title   "A responder announces fragments only to an initiator that has announced them"
    cites   {rfc7383/2.3/fragmentation-announced}
    device  responder
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {fragmentation-always-announced}
    tags    {fragment}
    why     "The two ends do not agree on what was agreed."
} {
    conn fragmentation 0
    set sa [tx IKE_SA_INIT]
    rx IKE_SA_INIT response {
        must rfc7383/2.3/fragmentation-announced lacks {N(IKEV2_FRAGMENTATION_SUPPORTED)}
    }
}

testcase fragment/not-sent-unannounced {
    title   "The device sends no fragments to a peer that has not announced them"
    cites   {rfc7383/2.4/fragments-need-agreement}
    device  both
    needs   {psk fragmentation}
    setup   {psk-fragments fragment-size 130}
    bent    {fragments-need-agreement}
    tags    {fragment}
    why     "Peers without fragments cannot connect."
} {
    conn fragmentation 0
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH }
    settle
    set came [records inbound IKE_AUTH]
    must rfc7383/2.4/fragments-need-agreement "its IKE_AUTH message comes whole" {[llength $came] > 0}
    foreach n $came {
        must rfc7383/2.4/fragments-need-agreement "message $n is no fragment" {[record $n msg] ne "" && ![msg has [record $n msg] SKF]}
    }
}

testcase fragment/unannounced-not-taken {
    title   "A fragment from a peer that has not announced them is not taken"
    cites   {rfc7383/2.3/only-when-negotiated}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {only-when-negotiated}
    tags    {fragment}
    why     "What was not agreed on is in use."
} {
    conn fragmentation 0
    set sa [ike establish]
    set m [msg new INFORMATIONAL request]
    tx $sa $m -fragment 600 -mid [sa $sa next_request]
    rx-none $sa INFORMATIONAL response -for settle
    alive-sa $sa
}

testcase fragment/own-form {
    title   "The fragments that the device sends are well formed"
    cites   {rfc7383/2.5/fragment-number-from-one rfc7383/2.5/fragment-number-at-most-total rfc7383/2.5/first-fragment-next-payload
             rfc7383/2.5/later-fragment-next-payload-zero rfc7383/2.5/fragment-own-iv rfc7383/2.5/header-kept}
    device  both
    needs   {psk fragmentation}
    setup   {psk-fragments fragment-size 160}
    bent    {fragments-numbered-from-zero fragments-next-payload-kept iv-unpredictable fragments-first-names-none fragments-beyond-total
             fragments-two-first fragments-each-own-id}
    tags    {fragment}
    why     "Peers cannot put its messages together."
} {
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH }
    settle
    set kind [expr {$role eq "responder" ? "response" : "request"}]
    set parts {}
    foreach n [records inbound IKE_AUTH $kind -has {SKF}] {
        if {![record $n repeated] && ![record $n reassembled]} { lappend parts $n }
    }
    precondition {[llength $parts] > 1} "the device sent no fragments"
    set total [msg get [record [lindex $parts 0] msg] SKF.total]
    set parts [lrange $parts 0 [expr {$total - 1}]]
    set numbers {}
    set ivs {}
    foreach n $parts {
        set f [record $n msg]
        set number [msg get $f SKF.number]
        lappend numbers $number
        must rfc7383/2.5/fragment-number-at-most-total "fragment $number of $total" {$number <= $total && [msg get $f SKF.total] == $total}
        set b [record $n bytes]
        if {[string range $b 0 3] eq "\0\0\0\0"} { set b [string range $b 4 end] }
        binary scan [string index $b 28] cu next
        if {$number == 1} {
            must rfc7383/2.5/first-fragment-next-payload "fragment 1 names the type of a payload that may stand inside" {$next >= 33 && $next <= 48}
        } else {
            must rfc7383/2.5/later-fragment-next-payload-zero "fragment $number names no payload" {$next == 0}
        }
        must rfc7383/2.5/header-kept "fragment $number has the header of the message" {[msg get $f HDR.mid] == 1}
        set iv [string range $b 36 51]
        must rfc7383/2.5/fragment-own-iv "the IV of fragment $number is new" {$iv ni $ivs}
        lappend ivs $iv
    }
    set want {}
    for {set i 1} {$i <= $total} {incr i} { lappend want $i }
    must rfc7383/2.5/fragment-number-from-one "fragments 1 to $total are there" {[lsort -integer -unique $numbers] eq $want}
}

testcase fragment/init-whole {
    title   "IKE_SA_INIT is never sent in fragments"
    cites   {rfc7383/2.2/init-not-fragmented}
    device  both
    needs   {psk fragmentation}
    setup   {psk-fragments fragment-size 100}
    bent    {init-as-fragment}
    tags    {fragment}
    why     "There is no key yet that could protect a fragment."
} {
    if {$role eq "responder"} { set sa [tx IKE_SA_INIT] } else { dut initiate }
    settle
    set came [records inbound IKE_SA_INIT]
    must rfc7383/2.2/init-not-fragmented "IKE_SA_INIT comes" {[llength $came] > 0}
    foreach n $came {
        must rfc7383/2.2/init-not-fragmented "message $n is no fragment" {[record $n msg] ne "" && ![msg has [record $n msg] SKF]}
    }
}

testcase fragment/small-whole {
    title   "A message that fits is not sent in fragments"
    cites   {rfc7383/2.4/small-message-whole}
    device  both
    needs   {psk fragmentation}
    setup   {psk fragmentation yes}
    bent    {small-message-whole}
    tags    {fragment}
    why     "Every message is longer and slower than it need be."
} {
    set sa [ike establish]
    foreach i {1 2 3} {
        tx $sa INFORMATIONAL
        rx $sa INFORMATIONAL response
        should rfc7383/2.4/small-message-whole "an empty response of [string length [record $rx_n bytes]] octets is whole" {[llength [lsearch -all -exact [msg payloads [record $rx_n msg]] SKF]] == 0}
    }
    foreach n [records inbound] {
        if {[record $n proto] ne "ike" || ![record $n sealed] || [string length [record $n bytes]] > 500} continue
        should rfc7383/2.4/small-message-whole "message $n of [string length [record $n bytes]] octets is whole" {[string first SKF [record $n chain]] < 0}
    }
}
