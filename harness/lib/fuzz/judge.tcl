# judge.tcl - what an observation says about the device. Three kinds of rule: those that hold whatever was sent (a reply
# follows the RFCs, nothing comes up unauthenticated, no more comes out than went in), those that an edit alone calls for (an
# unknown critical payload is refused, reserved bits change nothing), and those about the device itself (it runs, answers, and
# does not grow). A finding is a dict: kind req text expected got.

namespace eval ::fuzz::judge {
    # A pattern over `about` of the one edit of a program: what must come, and which requirement says so. same: as without
    # the edit; N(X): that notify; none: silence (nobody can tell it from noise); up-never: no SA by it. The first row that fits counts.
    variable rows {
        set-HDR.flags.X*                same  rfc7296/2.5/reserved-ignored
        set-HDR.flags.V                 same  rfc7296/3.1/version-flag-ignored
        set-HDR.minor                   same  rfc7296/3.1/minor-digit-ignored
        set-*.reserved                  same  rfc7296/2.5/reserved-ignored
        set-*.reserved2                 same  rfc7296/2.5/reserved-ignored
        set-*.critical                  same  rfc7296/3.2/critical-ignored-if-known
        insert-unknown-critical         N(UNSUPPORTED_CRITICAL_PAYLOAD)  rfc7296/2.5/unknown-critical
        insert-unknown                  same  rfc7296/2.5/unknown-noncritical
        notify-unknown-status           same  rfc7296/3.10.1/unknown-status-ignored
        notify-unknown-error            same  rfc7296/3.10.1/unknown-error-in-request-ignored
        flip-AUTH.data                  refused  rfc7296/2.15/auth-verified
        fill-AUTH.data                  refused  rfc7296/2.15/auth-verified
        cut-AUTH.data                   refused  rfc7296/2.15/auth-verified
        grow-AUTH.data                  refused  rfc7296/2.15/auth-verified
        remove-AUTH                     refused  rfc7296/2.15/auth-verified
        wire-flip                       noise rfc7296/3.14/integrity-checked
        wire-cut                        noise rfc7296/3.14/integrity-checked
    }
    # In company an edit matters to these rules only by what it touches: what frames the message, what an answer copies from it,
    # what stands in front of the ciphertext.
    variable framing {wire-* set-HDR.* set-SK.* set-*.next set-*.length}
    variable copied  {wire-* set-HDR.* plain-*}
    variable keyed   {wire-* set-HDR.* set-SK.* *-SK.* *-SK}
    variable amplification {3 200 6}    ;# before authentication: times the octets that came, and so many more; datagrams
    variable baseline    ;# of a state: class of the response without any edit
    array set baseline {}
    variable baseline_lint
    array set baseline_lint {}
}

proc ::fuzz::judge::telling {} {
    variable framing
    variable copied
    variable keyed
    lsort -unique [concat $framing $copied $keyed]
}

# How the device took it, in a word: ok, error:NOTIFY, silence, broken (what cannot be opened or read), unsent.
proc ::fuzz::judge::class_of {facts} {
    if {[dict exists $facts unsent]} { return unsent }
    if {![dict get $facts came]} { return silence }
    if {([dict get $facts sealed] && ![dict get $facts opened]) || ![dict get $facts readable]} { return broken }
    if {[dict get $facts error] ne ""} { return error:[dict get $facts error] }
    return ok
}

proc ::fuzz::judge::class {obs state} {
    set r [dict get $obs response]
    if {$r eq ""} { return silence }
    set error ""
    if {[dict get $r msg] ne ""} {
        foreach p [::ike::msg payloads [dict get $r msg]] {
            if {[regexp {^N\((.+?)\)(\[\d+\])?$} $p - type] && ![::rx::status_notify N($type)]} { set error $type; break }
        }
    }
    set class [class_of [list came 1 sealed [dict get $r sealed] opened [dict get $r opened] readable [expr {[dict get $r msg] ne ""}] error $error]]
    if {$class eq "ok" && $state ne "" && [::fuzz::state::get $state kind] eq "response"} { return [dict get $r exchange] }
    return $class
}

# Class and chain together are what makes an answer new.
proc ::fuzz::judge::novelty {obs state} {
    set r [dict get $obs response]
    if {$r eq "" || [dict get $r msg] eq ""} { return [class $obs $state] }
    return "[class $obs $state] [join [lmap p [::ike::msg payloads [dict get $r msg]] { ::fuzz::mutate::class $p }]]"
}

proc ::fuzz::judge::must {id} { expr {[::requirements::exists $id] && [::requirements::word $id] eq "must"} }

# Requirement ids of MUST that a message breaks in fields of that pattern: {id text ...}
proc ::fuzz::judge::lint {r {pattern *}} {
    if {$r eq "" || [dict get $r msg] eq ""} { return {} }
    set found {}
    foreach f [::ike::msg lint [dict get $r msg]] {
        set id [dict get $f req]
        if {![string match $pattern [dict get $f path]] || $id eq "" || ![must $id]} continue
        dict set found $id [dict get $f text]
    }
    return $found
}

# Learns what a state is like unbent. -> 0 when it cannot be reached
proc ::fuzz::judge::learn {state} {
    variable baseline
    variable baseline_lint
    set obs [::fuzz::state::attempt $state {}]
    if {![dict get $obs reached]} { return 0 }
    set baseline($state) [class $obs $state]
    set baseline_lint($state) [dict keys [lint [dict get $obs response]]]
    return [expr {$baseline($state) ne "silence" || [::fuzz::state::get $state kind] eq "response"}]
}

proc ::fuzz::judge::finding {kind req text expected got} { dict create kind $kind req $req text $text expected $expected got $got }

# Findings about one observation.
proc ::fuzz::judge::observation {state obs} {
    variable baseline
    # (a tree that cannot be encoded, such as one with an SPI of 256 octets, was never sent)
    if {![dict get $obs reached] || ![dict get $obs fired] || [dict get $obs request] eq ""} { return {} }
    set r [dict get $obs response]
    set class [class $obs $state]
    set applied [dict get $obs applied]
    concat [reply $state $obs $r $class] [called_for $state $obs $class] [unauthenticated $state $obs] [amplified $state $obs] [left_alone $state $obs $class]
}

# Do the facts of an attempt in a volley (harness/volley) leave nothing that a look of its own could find? The rules are the same
# ones; what they need the answer itself for is looked at whenever there is anything in it.
proc ::fuzz::judge::harmless {state program facts} {
    variable baseline_lint
    if {[dict exists $facts unsent]} { return 1 }
    set class [class_of $facts]
    set came [dict get $facts came]
    if {$class eq "broken" || [dict get $facts amplified] || [dict get $facts up]} { return 0 }
    if {$came} {
        if {[dict get $facts other] ne "" || [dict get $facts sealed] != [::fuzz::state::get $state sealed]} { return 0 }
        foreach broken [dict get $facts lint] {
            set id [lindex [split $broken @] 0]
            if {$id ne "" && [must $id] && $id ni $baseline_lint($state)} { return 0 }
        }
    }
    set r [expr {$came ? [dict create opened [dict get $facts opened]] : ""}]
    set obs [dict create reached 1 fired 1 program $program applied $program request {} response $r answered [dict get $facts answered] up 0]
    expr {![llength [called_for $state $obs $class]] && ![llength [left_alone $state $obs $class]]}
}

# Touches what the response is matched by, or what nobody can open.
proc ::fuzz::judge::touches {applied patterns} {
    foreach op $applied {
        foreach p $patterns { if {[string match $p [::fuzz::mutate::about $op]]} { return 1 } }
    }
    return 0
}

# Whatever was asked, an answer follows the RFCs.
proc ::fuzz::judge::reply {state obs r class} {
    variable baseline_lint
    set found {}
    if {$r eq ""} { return {} }
    variable framing
    variable copied
    set wire [touches [dict get $obs applied] $framing]
    if {$class eq "broken" && !$wire} {
        lappend found [finding unreadable rfc7296/2.21.3/errors-answered "an answer that cannot be opened or read" \
                           "a message that decodes" [::rx::field $r error]]
    }
    # (what an answer copies from the header of its request is not its own)
    set q [dict get $obs request]
    set pattern [expr {[touches [dict get $obs applied] $copied] ? "\[A-GI-Z]*" : "*"}]
    foreach {id text} [lint $r $pattern] {
        if {[info exists baseline_lint($state)] && $id in $baseline_lint($state)} continue
        lappend found [finding malformed $id "the answer itself breaks a rule" [dict get [::requirements::get $id] text] $text]
    }
    if {[::fuzz::state::get $state kind] eq "request" && $q ne "" && !$wire} {
        foreach {key id} {mid rfc7296/2.2/response-copies-id exchange "" spi_i ""} {
            if {[dict get $r $key] ne [dict get $q $key]} {
                lappend found [finding other-$key $id "the answer is to another message" "$key [dict get $q $key]" "$key [dict get $r $key]"]
            }
        }
        if {[dict get $q sealed] && ![dict get $r sealed]} {
            lappend found [finding unprotected rfc7296/1.4/informational-after-initial "a protected request is answered in clear" "SK" [::rx::field $r chain]]
        }
    }
    return $found
}

# Longer than what everybody takes in (RFC 7296 2): silence after it tells nothing.
proc ::fuzz::judge::too_long {obs} {
    set q [dict get $obs request]
    expr {$q ne "" && [dict get $q len] > 1280}
}

# What the one edit calls for.
proc ::fuzz::judge::called_for {state obs class} {
    variable rows
    variable baseline
    set applied [dict get $obs applied]
    if {[llength $applied] != 1 || [llength [dict get $obs program]] != 1} { return {} }
    if {$class eq "silence" && [too_long $obs]} { return {} }
    set about [::fuzz::mutate::about [lindex $applied 0]]
    set request [expr {[::fuzz::state::get $state kind] eq "request"}]
    set sealed [::fuzz::state::get $state sealed]
    foreach {pattern want req} $rows {
        if {![string match $pattern $about]} continue
        switch -glob -- $want {
            same {
                # (in an answer only what the device does next could tell)
                if {!$request || $class eq $baseline($state)} { return {} }
                return [list [finding not-ignored $req "what must be ignored changes the outcome" $baseline($state) $class]]
            }
            N(*) {
                set name [string range $want 2 end-1]
                if {!$request || $class eq "error:$name"} { return {} }
                return [list [finding accepted $req "an unknown critical payload is not refused" error:$name $class]]
            }
            refused {
                set r [dict get $obs response]
                set eap [expr {$r ne "" && [dict get $r msg] ne "" && [::ike::msg has [dict get $r msg] EAP]}]
                if {$state ni {auth auth-answer} || $eap} { return {} }
                if {![dict get $obs up] && !($request && $class eq "ok")} { return {} }
                return [list [finding accepted $req "an AUTH payload that cannot hold is accepted" "no SA" "$class[expr {[dict get $obs up] ? ", and an SA" : ""}]"]]
            }
            noise {
                # a datagram that no longer verifies: no SA by it, and no answer under the keys
                set r [dict get $obs response]
                if {!$sealed || !$request || $r eq "" || ![dict get $r opened]} { return {} }
                return [list [finding accepted $req "a datagram that was changed on the way is answered" silence $class]]
            }
        }
    }
    return {}
}

# No SA comes up for whom AUTH was not right.
proc ::fuzz::judge::unauthenticated {state obs} {
    if {![dict get $obs up]} { return {} }
    if {$state eq "init"} {
        return [list [finding unauthenticated rfc7296/2.15/auth-verified "an IKE SA is established with a wrong secret" "AUTHENTICATION_FAILED" "an IKE SA"]]
    }
    return {}
}

# Before authentication a device sends to an address that anybody can have written: not much more than it got.
proc ::fuzz::judge::amplified {state obs} {
    if {$state ni {init auth}} { return {} }
    variable amplification
    lassign $amplification times more datagrams
    if {[dict get $obs in] <= $times * [dict get $obs out] + $more && [dict get $obs datagrams] <= $datagrams} { return {} }
    return [list [finding amplified "" "before authentication more goes out than came in" "at most three times the octets" \
                      "[dict get $obs in] octets in [dict get $obs datagrams] datagrams for [dict get $obs out]"]]
}

# An authenticated request that arrives whole is answered, and an error about a Child SA leaves the IKE SA alone.
proc ::fuzz::judge::left_alone {state obs class} {
    if {[::fuzz::state::get $state kind] ne "request" || $state in {init auth delete-ike}} { return {} }
    # what stands in front of the ciphertext is the key to it; a lie there makes noise of the whole
    variable keyed
    if {[touches [dict get $obs applied] $keyed]} { return {} }
    if {$class ne "silence"} { return {} }
    if {[dict get $obs answered]} {
        if {[too_long $obs]} { return {} }
        return [list [finding silent rfc7296/2.21.3/errors-answered "a request that verifies gets no answer, though its SA lives" "a response" silence]]
    }
    return [list [finding lost rfc7296/2.21.3/errors-answered "a request that verifies gets no answer, and its SA is gone" "a response" "silence, under its keys too"]]
}

proc ::fuzz::judge::slug {text} { string trim [regsub -all {[^A-Za-z0-9]+} $text -] - }

# Findings about the device: FAULTS of its driver, whether it makes SAs.
proc ::fuzz::judge::device {faults healthy} {
    if {[llength $faults]} {
        set fault [lindex $faults 0]
        return [list [finding [slug [::case::fault_signature $fault]] "" [lindex $fault 1] "the device runs on" [lindex $fault 1]]]
    }
    if {!$healthy} { return [list [finding dead "" "the device makes no SA any more" "a fresh SA" "none in three tries"]] }
    return {}
}

# Growth that goes on: SAMPLES is a list of {attempts vitals}. Only a rise at each of the last STEPS looks counts, and only past LIMIT.
proc ::fuzz::judge::growth {samples key {steps 6} {limit 16}} {
    set last [lrange $samples end-$steps end]
    if {[llength $last] <= $steps} { return {} }
    set values [lmap s $last { if {![dict exists [lindex $s 1] $key]} { return {} }; dict get [lindex $s 1] $key }]
    for {set i 1} {$i < [llength $values]} {incr i} { if {[lindex $values $i] <= [lindex $values $i-1]} { return {} } }
    set grown [expr {[lindex $values end] - [lindex $values 0]}]
    set attempts [expr {[lindex $last end 0] - [lindex $last 0 0]}]
    if {$attempts <= 0 || $grown * 1000.0 / $attempts < $limit * 1000.0 / 100} { return {} }
    list [finding grows-$key "" "the device uses more and more" "$key stays" "$key rose by $grown in $attempts attempts, at each look"]
}
