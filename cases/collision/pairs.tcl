# pairs.tcl - RFC 7296 sections 2.8.1, 2.8.2 and 2.25: every pair of exchanges that both ends start at once, in every order
# in which their four messages can cross, and what is left of it. What each request is answered with is judged elsewhere
# (table.tcl, child.tcl, ike.tcl); here it is the end that counts: both ends hold the same SAs, and these work.
#
# One row: what the device starts, what the tester starts, how many Child SAs there are in the end ("gone": no IKE SA), what
# decides that. Two counts where the answers decide: a refused request may be made again by itself.
#
# Both requests leave before the other end's arrives. Then three orders of arrival are possible: at the tester the device's
# request before its response (crossed) or behind it (request-late), at the device the tester's response before its request
# (response-first). The fourth would have each response arrive before the request it belongs to.
#
# Of two rekeys of the same SA one is made in vain, and its maker only SHOULD close it (2.8.1, 2.8.2): what a device leaves
# standing of it is judged by those clauses, and not counted with the SAs that both ends hold.


rows collision/pair {
    title   "Whatever both ends start at once, they end with the same SAs, and these work"
    cites   {$req rfc7296/2.3/request-while-waiting rfc7296/1.4/empty-request-answered rfc7296/2.17/keymat rfc7296/1.4.1/close-both-halves rfc7296/1.4.1/ike-delete-closes-children $vain}
    device  both
    needs   {psk esp $need}
    setup   {psk dpd $dpd}
    bent    {$bent}
    vary    {way {in-order disturbed}}
    tags    {collision}
    why     "One end sends into an SA that the other no longer has, and nobody notices."
    hint    "Each order of arrival leads to the same end; see RFC 7296 2.25 for what each request is answered with."
} {doing exchange what children req bent need dpd vain} {
    rekey-ike-rekey-ike       rekey-ike    CREATE_CHILD_SA {CREATE_CHILD_SA -rekey ike}     1     rfc7296/2.8.2/ike-survivor-inherits              ike-survivor-inherits                                rekey-on-demand 0 rfc7296/2.8.2/creator-deletes-lowest-nonce
    rekey-ike-rekey-child     rekey-ike    CREATE_CHILD_SA {CREATE_CHILD_SA -rekey child}   1     rfc7296/2.8/children-inherited                   keymat                                               rekey-on-demand 0 {}
    rekey-ike-new-child       rekey-ike    CREATE_CHILD_SA {CREATE_CHILD_SA -new}           {1 2} rfc7296/2.8/children-inherited                   keymat                                               rekey-on-demand 0 {}
    rekey-ike-delete-ike      rekey-ike    CREATE_CHILD_SA {INFORMATIONAL -delete ike}      gone  rfc7296/2.25.2/ike-close-while-rekeying          {ike-delete-closes-children delete-ike-answered}     rekey-on-demand 0 {}
    rekey-ike-delete-child    rekey-ike    CREATE_CHILD_SA {INFORMATIONAL -delete child}    0     rfc7296/2.25.2/child-delete-while-ike-rekey      delete-closes-named                                  rekey-on-demand 0 {}
    rekey-ike-liveness        rekey-ike    CREATE_CHILD_SA INFORMATIONAL                    1     rfc7296/2.8/children-inherited                   {children-inherited old-ike-sa-deleted}              rekey-on-demand 0 {}
    rekey-child-rekey-ike     rekey-child  CREATE_CHILD_SA {CREATE_CHILD_SA -rekey ike}     1     rfc7296/2.8/children-inherited                   children-inherited                                   rekey-on-demand 0 {}
    rekey-child-rekey-child   rekey-child  CREATE_CHILD_SA {CREATE_CHILD_SA -rekey child}   1     rfc7296/2.8.1/loser-closes                       {lowest-nonce-loses close-own-incoming}              rekey-on-demand 0 rfc7296/2.8.1/survivor-deletes-replaced
    rekey-child-new-child     rekey-child  CREATE_CHILD_SA {CREATE_CHILD_SA -new}           2     rfc7296/2.8/old-child-sa-deleted                 keymat                                               rekey-on-demand 0 {}
    rekey-child-delete-ike    rekey-child  CREATE_CHILD_SA {INFORMATIONAL -delete ike}      gone  rfc7296/1.4.1/delete-ike-answered                {ike-delete-closes-children delete-ike-answered}     rekey-on-demand 0 {}
    rekey-child-delete-child  rekey-child  CREATE_CHILD_SA {INFORMATIONAL -delete child}    {0 1} rfc7296/2.25.1/close-while-rekeying              delete-closes-named                                  rekey-on-demand 0 {}
    rekey-child-liveness      rekey-child  CREATE_CHILD_SA INFORMATIONAL                    1     rfc7296/2.8/old-child-sa-deleted                 keymat                                               rekey-on-demand 0 {}
    new-child-rekey-ike       new-child    CREATE_CHILD_SA {CREATE_CHILD_SA -rekey ike}     {1 2} rfc7296/2.8/children-inherited                   children-inherited                                   rekey-on-demand 0 {}
    new-child-rekey-child     new-child    CREATE_CHILD_SA {CREATE_CHILD_SA -rekey child}   2     rfc7296/2.8/old-child-sa-deleted                 keymat                                               rekey-on-demand 0 {}
    new-child-new-child       new-child    CREATE_CHILD_SA {CREATE_CHILD_SA -new}           3     rfc7296/2.3/request-while-waiting                duplicate-selectors-kept                             rekey-on-demand 0 {}
    new-child-delete-ike      new-child    CREATE_CHILD_SA {INFORMATIONAL -delete ike}      gone  rfc7296/1.4.1/delete-ike-answered                {ike-delete-closes-children delete-ike-answered}     rekey-on-demand 0 {}
    new-child-delete-child    new-child    CREATE_CHILD_SA {INFORMATIONAL -delete child}    1     rfc7296/1.4.1/delete-closes-named                delete-closes-named                                  rekey-on-demand 0 {}
    new-child-liveness        new-child    CREATE_CHILD_SA INFORMATIONAL                    2     rfc7296/2.3/request-while-waiting                keymat                                               rekey-on-demand 0 {}
    delete-ike-rekey-ike      delete-ike   INFORMATIONAL   {CREATE_CHILD_SA -rekey ike}     gone  rfc7296/2.25.2/rekey-of-closing-ike-sa           {ike-delete-closes-children rekey-of-closing-ike-sa} rekey-on-demand 0 {}
    delete-ike-rekey-child    delete-ike   INFORMATIONAL   {CREATE_CHILD_SA -rekey child}   gone  rfc7296/1.4.1/ike-delete-closes-children         ike-delete-closes-children                           rekey-on-demand 0 {}
    delete-ike-new-child      delete-ike   INFORMATIONAL   {CREATE_CHILD_SA -new}           gone  rfc7296/1.4.1/ike-delete-closes-children         ike-delete-closes-children                           rekey-on-demand 0 {}
    delete-ike-delete-ike     delete-ike   INFORMATIONAL   {INFORMATIONAL -delete ike}      gone  rfc7296/2.25.2/ike-close-while-closing           ike-delete-closes-children                           rekey-on-demand 0 {}
    delete-ike-delete-child   delete-ike   INFORMATIONAL   {INFORMATIONAL -delete child}    gone  rfc7296/1.4.1/ike-delete-closes-children         ike-delete-closes-children                           rekey-on-demand 0 {}
    delete-ike-liveness       delete-ike   INFORMATIONAL   INFORMATIONAL                    gone  rfc7296/1.4.1/ike-delete-closes-children         ike-delete-closes-children                           rekey-on-demand 0 {}
    delete-child-rekey-ike    delete-child INFORMATIONAL   {CREATE_CHILD_SA -rekey ike}     0     rfc7296/1.4.1/close-both-halves                  close-own-incoming                                   rekey-on-demand 0 {}
    delete-child-rekey-child  delete-child INFORMATIONAL   {CREATE_CHILD_SA -rekey child}   0     rfc7296/2.25.1/rekey-of-closing-child            {close-own-incoming rekey-of-closing-child}          rekey-on-demand 0 {}
    delete-child-new-child    delete-child INFORMATIONAL   {CREATE_CHILD_SA -new}           1     rfc7296/1.4.1/close-both-halves                  close-own-incoming                                   rekey-on-demand 0 {}
    delete-child-delete-ike   delete-child INFORMATIONAL   {INFORMATIONAL -delete ike}      gone  rfc7296/1.4.1/delete-ike-answered                delete-ike-answered                                  rekey-on-demand 0 {}
    delete-child-delete-child delete-child INFORMATIONAL   {INFORMATIONAL -delete child}    0     rfc7296/1.4.1/crossed-delete-halves              crossed-deletes-close-nothing                        rekey-on-demand 0 {}
    delete-child-liveness     delete-child INFORMATIONAL   INFORMATIONAL                    0     rfc7296/1.4.1/close-both-halves                  close-own-incoming                                   rekey-on-demand 0 {}
    liveness-rekey-ike        liveness     INFORMATIONAL   {CREATE_CHILD_SA -rekey ike}     1     rfc7296/2.8/children-inherited                   children-inherited                                   liveness 1 {}
    liveness-rekey-child      liveness     INFORMATIONAL   {CREATE_CHILD_SA -rekey child}   1     rfc7296/2.17/keymat                              keymat                                               liveness 1 {}
    liveness-new-child        liveness     INFORMATIONAL   {CREATE_CHILD_SA -new}           2     rfc7296/2.3/request-while-waiting                duplicate-selectors-kept                             liveness 1 {}
    liveness-delete-ike       liveness     INFORMATIONAL   {INFORMATIONAL -delete ike}      gone  rfc7296/1.4.1/delete-ike-answered                {ike-delete-closes-children delete-ike-answered}     liveness 1 {}
    liveness-delete-child     liveness     INFORMATIONAL   {INFORMATIONAL -delete child}    0     rfc7296/1.4.1/delete-closes-named                delete-closes-named                                  liveness 1 {}
    liveness-liveness         liveness     INFORMATIONAL   INFORMATIONAL                    1     rfc7296/1.4/empty-request-answered               empty-request-answered                               liveness 1 {}
} {
    set mine [lindex $what 0]
    set waiting [expr {$doing eq "liveness" ? 20000 : 5000}]
    if {$way eq "in-order"} {
        set ways [list crossed request-late response-first]
    } elseif {$role eq "responder"} {
        # for the paths of messages it is all one who made the IKE SA: the accidents are shared out to the two roles
        set ways [list lost-request lost-own-request lost-response lost-own-response]
    } else {
        set ways [list late-request late-own-request late-response late-own-response repeated-own-request repeated-response repeated-own-response]
    }
    set closes [expr {$children eq "gone" ? "rfc7296/1.4.1/ike-delete-closes-children" : "rfc7296/1.4.1/close-both-halves"}]
    set closed [expr {$children eq "gone" || $doing eq "delete-child" || [lindex $what 2] eq "child" && [lindex $what 1] eq "-delete"}]
    # whose nonces decide, where that matters
    set nonces [expr {$vain eq "" ? {any} : $way eq "in-order" ? {request response device} : {request response}}]
    foreach how $ways {
        foreach lowest $nonces {
            set in "([string map {- { }} $how][dict get {any {} request {, lowest nonce in the tester's request} response {, lowest nonce in the tester's response} device {, lowest nonce from the device}} $lowest])"
            set sa [ike establish]
            # a packet that stays on the way until all is over
            set first [child $sa spi_in]
            drop outbound ESP
            esp-send $sa
            drop outbound off
            set packet $esp_n
            regexp {^(lost|late|repeated)-(.*)$} $how - accident whose
            if {$way eq "disturbed"} {
                lassign [dict get [list request [list inbound $exchange request] own-request [list outbound $mine request] \
                    response [list inbound $mine response] own-response [list outbound $exchange response]] $whose] direction of kind
                switch $accident {
                    lost { drop $direction $of $kind -count 1 }
                    late { if {$whose ne "request"} { delay $direction $of $kind -count 1 -ms 300 } }
                    repeated { repeat $direction $of $kind -count 1 -times 3 }
                }
            }
            # a device with several threads may take the Delete of the old SA before the response that left just ahead of it
            if {$way eq "in-order" && $nonces ne "any"} { delay outbound INFORMATIONAL request -ms 100 }
            # both requests leave before the other end's arrives
            hold inbound $exchange request
            if {$how eq "crossed"} { hold inbound $mine response }
            if {$how eq "response-first"} { hold outbound $mine request }
            if {$doing ne "liveness"} { dut $doing $sa }
            rx $sa $exchange request -liveness 1 -held 1 -within $waiting
            # it comes late, and twice
            if {$how eq "late-request"} { rx $sa $exchange request -liveness 1 -held 1 -retransmit 1 -within 10000 }
            if {$lowest eq "device"} { bias highest }
            tx $sa {*}$what {*}[expr {$lowest eq "request" ? {-nonce lowest} : ""}]
            if {$lowest eq "response"} { bias lowest }
            if {$how in {crossed request-late}} { rx $sa $mine response -held [expr {$how eq "crossed"}] -req rfc7296/2.3/request-while-waiting }
            release inbound
            if {$how eq "response-first"} { settle 50 }
            release outbound
            # until whoever has no answer asks again, or what was slow is there
            # (the tester does after half a second, most devices after one; of two rekeys the loser's Delete may come before
            # the device knows that it has won, and is passed over)
            settle [switch $how {
                lost-request - lost-own-response { expr {1500} }
                lost-own-request - lost-response { expr {700} }
                late-own-request - late-response - late-own-response { expr {400} }
                default { expr {$nonces eq "any" ? 50 : 700} }
            }]
            settle
            delay outbound off
            bias random

            # A Delete of the old IKE SA in place of a response makes its receiver forget a rekey of its own (2.8.2): the
            # other end is left with a new IKE SA, without Child SAs, of which it cannot know that nobody shares it.
            set orphans [expr {$way eq "disturbed" && $doing eq "rekey-ike" && $what eq {CREATE_CHILD_SA -rekey ike}}]
            # the books of the tester, who has followed every message, against what the device does and says: of this IKE SA
            # and what replaced it (a device that lost its IKE SA may make a fresh one by itself)
            set family [list $sa]
            foreach e [events ike-rekeyed] { if {[dict get $e other] in $family} { lappend family [dict get $e sa] } }
            set spis [lmap s $family { sa $s spi_i }]
            set live {}
            set others {}
            foreach e [sas tester] {
                if {![dict get $e established] || [dict get $e dead]} continue
                set s [dict get $e id]
                if {$s ni $family} { lappend others $s } elseif {$orphans && ![child $s count]} { forget $s } else { lappend live $s }
            }
            set counts [lmap s $live { child $s count }]
            if {$children eq "gone"} {
                # a device whose answer to the Delete is lost, or late, has nothing left to answer with when it is asked again
                if {$how in {lost-response late-response}} {
                    foreach s $live { no-sa $s -req $req; forget $s }
                    set live {}
                }
                judge $req [expr {$live eq ""}] "no IKE SA is left $in" "[llength $live] with $counts Child SAs"
            } elseif {0 in $children && $live eq ""} {
                note "the device deletes an IKE SA without Child SAs $in"
            } else {
                # who makes no further SA (RFC 7296 4) has fewer in the end
                precondition {$counts in $children || ![llength [records inbound CREATE_CHILD_SA response -has {N(NO_ADDITIONAL_SAS)}]]} "the device makes no further SAs"
                judge $req [expr {[llength $live] == 1 && $counts in $children}] "one IKE SA is left with [join $children { or }] Child SAs $in" "[llength $live] with $counts Child SAs"
            }
            set counts [lmap s $live { child $s count }]
            if {$closed && [lsearch -exact [concat {*}[lmap s $live { lmap i {0 1 2 3} { child $s spi_in $i } }]] $first] < 0} {
                set before [llength [records inbound ESP]]
                esp-send $sa -again $packet
                settle 200
                judge $closes [expr {[llength [records inbound ESP]] == $before}] "nothing passes through the Child SA that was closed $in" "an answer"
            }
            foreach s $live {
                must rfc7296/1.4/empty-request-answered "an IKE SA that is left answers $in" {[answers $s]}
                for {set i 0} {$i < [child $s count]} {incr i} {
                    must rfc7296/2.17/keymat "a Child SA that is left carries traffic $in" {[esp-echo $s -child [child $s spi_in $i]] || [esp-echo $s -child [child $s spi_in $i]]}
                }
            }
            # Child SAs (by the tester's SPI) that are replaced and that nobody has closed
            set closed_by_now [lmap e [events child-down] { dict get $e child }]
            set replaced {}
            foreach e [sas tester] {
                foreach c [dict get $e children] {
                    if {![dict get $c live] && [dict get $c spi_in] ni $closed_by_now} { lappend replaced [dict get $c spi_in] }
                }
            }
            set theirs {}
            set standing {}
            foreach e [sas dut] {
                if {[dict get $e state] ne "established" || [string tolower [dict get $e spi_i]] ni $spis} continue
                set n 0
                foreach c [dict get $e children] {
                    if {![string match *installed* $c]} continue
                    set spi [string tolower [dict get $c spi_out]]
                    if {$vain ne "" && $spi in $replaced} { lappend standing $spi } else { incr n }
                }
                if {$orphans && !$n} continue
                lappend theirs $n
            }
            set rule rfc7296/1.4.1/close-both-halves
            if {$vain ne "" && $doing eq "rekey-ike"} { if {[llength $theirs] > [llength $live]} { set rule $vain } else { set rule $req } }
            judge $rule [expr {[lsort $theirs] eq [lsort $counts]}] "the device holds as many SAs as the tester $in" "[llength $theirs] IKE SAs with $theirs Child SAs, the tester [llength $live] with $counts"
            if {$vain ne "" && $doing eq "rekey-child"} {
                judge $vain [expr {$first ni $standing}] "the device closes what its rekey replaced $in" "it stands"
                judge $req [expr {![llength $standing]}] "the device closes what it made in vain $in" "it stands"
            }
            foreach s [concat $live $others] { tx $s INFORMATIONAL -delete ike }
            settle 50
            # a device that was refused something may still be at it
            if {$role eq "initiator" && [llength [sas dut]]} { dut reset }
        }
    }
}
