# fields.tcl - what is in results.json, for redact.tcl: the results of a run, or of several devices, in and out.
#
# The table of json.tcl says what a field is. Numbers, words of a fixed list and what `plain` names stay; every other text goes
# through `text`, so that a field nobody thought of is rewritten, too.

namespace eval ::redact {
    # what whoever makes the device has to know, and words of our own tables
    variable plain {device.vendor device.product device.version device.driver run.suite requirement.level bend.path}
    # what the device, its driver or a person said
    variable wild {case.reason cell.reason case.signature cell.signature expectation.reason expectation.ticket}
    # octets as hex behind words that say what they are
    variable told {((?:identity is|INTERNAL_\w+ has \d+ octets:|address[^0-9:]*|(?:ID[irg]|TS[ir]|CP|CERT|CERTREQ|AUTH|EAP|N\(\w+\))(?:\[\d+\])?\.[\w.\[\]]+(?: (?:==|!=|is))?)) "?(?:0x)?((?:[0-9a-f]{2})+)\M}
    # field of a message -> what goes over its octets; later rows are for what is left
    variable paths {
        {^ID[irg](\[\d+\])?\.data}              anything
        {^(CERT|CERTREQ|AUTH)(\[\d+\])?\.data}  value
        {^EAP(\[\d+\])?\.data}                  value
        {^CP(\[\d+\])?\.attribute.*value}       setting
        {^INTERNAL_}                            setting
        {^TS[ir]}                               setting
        {identity}                              anything
        {address}                               setting
    }
    # what looks like the name of a host, and is a file
    variable endings {tcl c h so conf html json pcapng log sh xml txt py tap sum}
}

proc ::redact::results {r} { object [expr {[::matrix::is $r] ? "matrix" : "results"}] $r }

proc ::redact::object {shape v} {
    variable id
    variable learning
    if {$learning} {
        switch -- $shape {
            run { foreach word [dict get $v selection] { if {[string match @* $word]} { path [string range $word 1 end] } } }
            device { free [dict get $v name] }
        }
    }
    if {$shape in {case row}} { set id [dict get $v id] }
    set out $v
    foreach {key how} [texts_of $shape] { dict set out $key [{*}$how [dict get $v $key]] }
    switch -- $shape {
        bend { foreach key {old new} { dict set out $key [bent [dict get $v path] [dict get $v $key]] } }
        failure { dict set out again [again [dict get $v again] $id] }
        case - cell { dict set out signature [signature $v $out] }
    }
    return $out
}

# texts_of SHAPE -> {key command ...} for what has a text in it
proc ::redact::texts_of {shape} {
    variable plain
    variable wild
    variable texts
    if {[info exists texts($shape)]} { return $texts($shape) }
    set texts($shape) {}
    foreach row [dict get $::results::shapes $shape] {
        lassign $row key type
        set how [how_of $type]
        if {"$shape.$key" in $wild} { set how ::redact::free }
        if {$how ne "" && "$shape.$key" ni $plain} { lappend texts($shape) $key $how }
    }
    return $texts($shape)
}

# how_of TYPE -> the command that goes over a field of that type, "" when it holds no text
proc ::redact::how_of {type} {
    lassign $type kind of value
    switch -- $kind {
        str { return ::redact::said }
        like { return [if {$of ni {hex version}} { set - ::redact::said }] }
        object { return [list ::redact::object $of] }
        maybe { return [list ::redact::maybe $of] }
        list { return [if {[how_of $of] ne ""} { list ::redact::each_of [how_of $of] }] }
        map { return [list ::redact::each_pair [how_of $of] [how_of $value]] }
    }
}
proc ::redact::maybe {shape v} { if {[llength $v]} { object $shape $v } }
proc ::redact::each_of {how list} { lmap x $list { {*}$how $x } }
proc ::redact::each_pair {of value v} {
    set out {}
    dict for {k x} $v { dict set out [{*}$of $k] [{*}$value $x] }
    return $out
}

# A text of a case, with values out of messages in it.
proc ::redact::said {s} {
    variable learning
    variable told
    variable done
    if {[info exists done(0,$s)]} { return $done(0,$s) }
    if {$learning && [regexp {[0-9a-f]{4}} $s]} {
        foreach {all words digits} [regexp -all -inline $told $s] {
            if {![is_number $digits $all]} { over $words [binary decode hex $digits] }
        }
    }
    return [text $s]
}

# Whether DIGITS, at the end of TEXT, are a number and not octets.
proc ::redact::is_number {digits text} { expr {[string is digit $digits] && ![string match *0x$digits* $text]} }

# A text that may be anything: what looks like the name of a host or of a user there is one.
proc ::redact::free {s} {
    variable learning
    variable endings
    if {$learning} {
        foreach {- user} [regexp -all -inline {([[:alnum:]._-]+)@} $s] { name $user }
        foreach name [regexp -all -inline {[[:alnum:]_-]+(?:[.@][[:alnum:]_-]+)+} $s] {
            set last [lindex [split $name .@] end]
            # (KE.group is a field)
            if {[lindex [split $name .] 0] in [concat HDR [dict keys [::ike::names payload]]]} continue
            if {[regexp {[[:alpha:]]} $name] && ![regexp {^\d|^.$} $last] && $last ni $endings} { name $name }
        }
    }
    said $s
    return [text $s 1]
}

# path FILE: its folders and its name are names, together and each on its own.
proc ::redact::path {file} {
    name $file
    foreach part [file split [file rootname $file]] { name $part }
}

# over WHERE OCTETS: by the field of a message, or the words that stand before it.
proc ::redact::over {where octets} {
    variable paths
    variable notifies
    if {[regexp {^N\((\w+)\)(?:\[\d+\])?\.data} $where - name]} {
        set how [expr {[dict exists $notifies $name] ? [dict get $notifies $name] : "anything"}]
        # (without the message that a hash is of)
        return [if {$how in {nat_source nat_destination}} { value $octets } else { $how $octets }]
    }
    foreach {pattern how} $paths { if {[regexp $pattern $where]} { return [$how $octets] } }
    return $octets
}

proc ::redact::setting {octets} {
    switch -- [string length $octets] {
        4 - 16 { return [address $octets] }
        8 { return [subnet4 $octets] }
        17 { return [prefix6 $octets] }
    }
    return [anything $octets]
}

# A value before or after a case changed it: octets as hex, a text, or a number; one that is cut ends in dots.
proc ::redact::bent {path v} {
    variable learning
    regsub {^.*\m(?=(ID[irg]|TS[ir]|CP|CERT|CERTREQ|AUTH|EAP|N)\M)} $path "" path
    if {[regexp {^(?:0x)?((?:[0-9a-f]{2})+)[0-9a-f]?(\.\.\.)?$} $v - digits]} {
        if {$learning && ![is_number $digits $v]} { over $path [binary decode hex $digits] }
        return [text $v]
    }
    if {[regexp {^ID[irg](\[\d+\])?\.data} $path] && $v ni {"" 0x}} { return [host $v] }
    return [said $v]
}

# The command without the folders of this machine.
proc ::redact::again {command id} {
    set word [lindex [split $command] 2]
    if {![string match */$id $word]} { return [text $command] }
    set run [file tail [string range $word 0 end-[string length /$id]]]
    return [text "[join [lrange [split $command] 0 1]] $run/$id"]
}

# The signature of a check is made of its words, and cut: it is made anew.
proc ::redact::signature {before after} {
    set was [::verdict::worst [dict get $before checks]]
    if {$was ne "" && [::verdict::signature $was] eq [dict get $before signature]} {
        return [::verdict::signature [::verdict::worst [dict get $after checks]]]
    }
    return [dict get $after signature]
}
