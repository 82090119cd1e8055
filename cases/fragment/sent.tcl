# sent.tcl - RFC 7383 sections 2.3 to 2.6.1: the fragments that a device sends, again when nobody answers, and what holds
# after a rekey.

rows fragment/sent-form {
    title   "Every fragment that the device sends has the form of the RFC"
    cites   {$req}
    device  both
    needs   {psk fragmentation}
    setup   {psk-fragments fragment-size 160}
    bent    {$bent}
    tags    {fragment}
    why     "Peers cannot put its messages together."
    hint    "An IKE header, one Encrypted Fragment payload to the end, sealed by itself; numbers from 1 to the total."
} {req bent look} {
    number-nonzero  rfc7383/2.5/fragment-number-nonzero  fragments-numbered-from-zero  {$number != 0}
    total-nonzero   rfc7383/2.5/total-fragments-nonzero  fragments-total-zero          {$total != 0}
    payload-last    rfc7383/2.5/fragment-payload-last    fragments-with-tail           {$at + $long == [string length $b]}
    only-encrypted  rfc7383/2.5/only-encrypted-fragmented fragments-of-clear-payloads  {$at == 28 || $number == 1}
    clear-first     rfc7383/2.5.3/clear-payloads-first-fragment fragments-of-clear-payloads {$at == 28 || $number == 1}
    own-protection  rfc7383/2.5/fragment-own-protection  fragments-sealed-once         {[record $n code] ne "INTEGRITY"}
} {
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH }
    settle
    set looked 0
    foreach n [records inbound IKE_AUTH] {
        if {[record $n reassembled]} continue
        set b [record $n bytes]
        if {[string range $b 0 3] eq "\0\0\0\0"} { set b [string range $b 4 end] }
        # the Encrypted Fragment payload, wherever it stands
        set at 28
        binary scan $b @16cu type
        while {$type ni {0 46 53} && $at + 4 <= [string length $b]} {
            binary scan $b @${at}cuxSu type long
            incr at [expr {max(4, $long)}]
        }
        if {$type != 53} continue
        binary scan $b @[expr {$at + 2}]Su long
        binary scan $b @[expr {$at + 4}]SuSu number total
        incr looked
        must $req "fragment $number of $total, message $n, is well formed" [list [expr $look]]
    }
    precondition {$looked > 1} "the device sent no fragments"
}

rows fragment/sent-again {
    title   "When nobody answers all fragments come again, split no coarser than before"
    cites   {$req}
    device  initiator
    needs   {psk fragmentation}
    setup   {psk-fragments fragment-size 160 retransmit {300 2 4}}
    bent    {$bent}
    tags    {fragment retransmit}
    why     "A path that lost one fragment, or takes only smaller ones, never lets the message through."
    hint    "A retransmission is all of the message; whoever tries smaller fragments has more of them."
} {req bent} {
    all-of-them   rfc7383/2.6.1/retransmit-all-fragments  retransmit-all-fragments
    not-coarser   rfc7383/2.5.2/size-not-grown            size-not-grown
    more-smaller  rfc7383/2.5.2/total-grows-on-resize     total-grows-on-resize
} {
    drop inbound IKE_AUTH request
    set sa [ike await]
    settle 4000
    set counts {}
    set totals {}
    foreach n [records inbound IKE_AUTH request] {
        if {[record $n reassembled]} continue
        set b [record $n bytes]
        if {[string range $b 0 3] eq "\0\0\0\0"} { set b [string range $b 4 end] }
        binary scan $b @16cu type
        if {$type != 53} continue
        binary scan $b @32SuSu number total
        dict incr counts $number
        lappend totals $total
        if {$number == 1} { lappend sizes [string length $b] $total }
    }
    precondition {[llength $totals] && [dict get $counts 1] > 1} "the device sent no fragments, or not again"
    if {$bent eq "retransmit-all-fragments" && [llength [lsort -unique $totals]] == 1} {
        dict for {number count} $counts {
            must $req "fragment $number came $count times, more than once" {$count > 1}
        }
    } else {
        must $req "the total never gets smaller: $totals" {[lsort -integer $totals] eq $totals}
    }
    lassign $sizes size total
    foreach {s t} $sizes {
        must $req "$t fragments of $s octets: smaller ones are more ($total of $size)" {$s >= $size || $t > $total}
        lassign [list $s $t] size total
    }
}

testcase fragment/after-ike-rekey {
    title   "A rekeyed IKE SA takes fragments as the old one did"
    cites   {rfc7383/2.3/after-rekey-kept}
    device  both
    needs   {psk fragmentation}
    setup   psk-fragments
    bent    {after-rekey-kept}
    tags    {fragment rekey}
    why     "After the first IKE rekey long messages do not arrive any more."
    hint    "CREATE_CHILD_SA says nothing of fragments: what IKE_SA_INIT agreed on goes on."
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA -rekey ike
    set new [ike rekeyed $sa]
    settle
    tx $new [msg futile 400] -fragment 200 -count 1
    rx $new CREATE_CHILD_SA response -req rfc7383/2.3/after-rekey-kept {
        must rfc7383/2.3/after-rekey-kept lacks {N(INVALID_SYNTAX)}
    }
}

testcase fragment/ids-apart {
    title   "Fragments of two requests are not put together"
    cites   {rfc7383/2.6/message-ids-apart}
    device  both
    needs   {psk fragmentation window}
    setup   {psk-fragments window 4}
    bent    {message-ids-apart}
    tags    {fragment window security}
    why     "Half of one request and half of another are done as a third that nobody sent."
    hint    "The queue belongs to one message id."
} {
    set sa [ike establish]
    precondition {[sa $sa window_peer] >= 2} "the device announced no window of two"
    set mid [sa $sa next_request]
    hold outbound INFORMATIONAL request
    foreach i {0 1} {
        set m [msg new INFORMATIONAL request]
        msg add $m N(40000) data 0x[string repeat 5a 220]
        tx $sa $m -fragment 200 -mid [expr {$mid + $i}]
    }
    set parts [records outbound INFORMATIONAL request]
    precondition {[llength $parts] == 4} "the two requests have [llength $parts] fragments, not 4"
    release outbound [lindex $parts 0] [lindex $parts 3]
    rx-none $sa INFORMATIONAL response -mid $mid -for settle
    rx-none $sa INFORMATIONAL response -mid [expr {$mid + 1}] -for settle
}
