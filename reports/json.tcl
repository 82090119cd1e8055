# json.tcl - results.json: its shape, its strict writer and its strict reader.
#
# The table below is the only description of the file. The writer takes key order and JSON types from
# it, the reader checks against it, and schema.tcl prints results.schema.json from it. (The namespace is
# ::results because tcllib's package already lives in ::json.)
#
# (Nearly every file here reads this one and some others: each is read once.)
if {[llength [info procs ::results::quote]]} return
package require Tcl 8.6
package require tdom
package require yajltcl

namespace eval ::results {
    # The order is the order of every listing: what a reader must act on comes first.
    variable before_save ""
    variable verdicts {fail stale error inconclusive known warn pass unsupported skipped}

    variable plans    ;# see filling
    variable writers  ;# see line_writer
    array set plans {}
    array set writers {}
    variable patterns {
        caseid {^[a-z0-9][a-z0-9._@~-]*(/[a-z0-9][a-z0-9._@~-]*)+$}
        reqid  {^[a-z0-9][a-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)+$}
        hex    {^[0-9a-f]*$}
        file   {^[A-Za-z0-9_][A-Za-z0-9._-]*$}
        folder {^([A-Za-z0-9_][A-Za-z0-9._@~-]*(/[A-Za-z0-9_][A-Za-z0-9._@~-]*)*)?$}
        version {^[0-9]+\.[0-9]+\.[0-9]+([.+-][A-Za-z0-9.+-]*)?$}
    }

    # shape NAME -> rows {key type description ?default?}; a row with a default may be left out when
    # writing. Types: str int bool, {like PATTERN}, {enum WORD...}, {const N}, {list T},
    # {map KEYTYPE T}, {object SHAPE}, {maybe SHAPE} (object or null; an empty dict is null).
    # `line` shapes are printed on one line.
    variable line {case requirement vital check failure expectation step bend cover cell}
    variable shapes {
        results {
            {format       {const 1}                  "version of this format; raised when a field changes its meaning"}
            {ikespec      {like version}             "version of the program that ran the cases"}
            {run          {object run}               "what was asked for and how it ended"}
            {device       {object device}            "the device under test, as its profile describes it"}
            {requirements {map {like reqid} {object requirement}} "every requirement cited by the selection, by id"}
            {cases        {list {object case}}       "one entry per selected case, in the order of the selection"}
            {summary      {object summary}           "how many cases have each verdict"}
            {coverage     {map {like reqid} {object cover}} "checks judged per requirement, by id"}
        }
        run {
            {id           str                        "name of the run folder; contains no date when the run is repeatable"}
            {seed         {like hex}                 "64-bit run seed"}
            {suite        str                        "named suite, or empty when only selectors were given" ""}
            {selection    {list str}                 "selectors as typed" {}}
            {transport    {enum mem udp}             "mem: built-in device over the in-process link in virtual time"}
            {gate         {enum ci release report-only} "which gate decided the exit code" ci}
            {exit         int                        "exit code of the run (0-7)"}
            {duration_ms  int                        "length of the run; virtual time on the mem transport, 0 when unknown" 0}
        }
        device {
            {name         str                        "name of the device profile"}
            {driver       str                        "driver that reaches it"}
            {vendor       str                        "vendor" ""}
            {product      str                        "product" ""}
            {version      str                        "version the driver reported" ""}
            {claims       {map str str}              "claim to yes, no, unknown, or a list of words" {}}
            {vitals       {map str {object vital}}   "what it used during the run, as far as its driver can tell: memory_kb threads files half_open ike_sas" {}}
        }
        vital {
            {before       int                        "before the first case"}
            {after        int                        "after the last"}
            {most         int                        "the most that was seen after a case"}
            {case         str                        "that case" ""}
        }
        requirement {
            {level        {enum MUST "MUST NOT" SHOULD "SHOULD NOT" MAY} "normative level"}
            {role         str                        "who has to obey: initiator, responder, both, sender, receiver"}
            {text         str                        "the rule in our own words"}
            {section      str                        "where it stands, such as RFC 7296 2.15"}
        }
        case {
            {id           {like caseid}              "stable id, unique in this file; instances of one case end in @role, repetitions in ~n"}
            {title        str                        "one sentence"}
            {rev          int                        "revision of the case: raised when its verdict may change" 1}
            {role         {enum initiator responder both none} "role the device plays"}
            {file         str                        "case file, relative to the project" ""}
            {line         int                        "line of the case in that file" 0}
            {tags         {list str}                 "tags" {}}
            {cites        {list {like reqid}}        "requirement ids" {}}
            {verdict      {enum pass warn fail known stale inconclusive unsupported skipped error} "the verdict"}
            {duration_ms  int                        "length; virtual time on the mem transport" 0}
            {why          str                        "what the failure would mean to a user" ""}
            {hint         str                        "usual cause" ""}
            {reason       str                        "for unsupported, skipped, inconclusive, error, stale: why" ""}
            {signature    str                        "short stable text of the failure, compared by the expectation file" ""}
            {checks       {list {object check}}      "every check, in the order it was judged" {}}
            {failure      {maybe failure}            "the first missed check explained, or null" {}}
            {expectation  {maybe expectation}        "line of the expectation file that matched, or null" {}}
            {ladder       {list {object step}}       "every message, in order" {}}
            {evidence     {object evidence}          "files written for this case" {dir "" files {}}}
        }
        check {
            {req          {like reqid}               "requirement judged"}
            {level        {enum MUST "MUST NOT" SHOULD "SHOULD NOT" MAY} "its level"}
            {outcome      {enum met missed open}     "open: the case ended before it could be judged"}
            {step         int                        "step of the case, from 1; 0 when it has none" 0}
            {file         str                        "case file" ""}
            {line         int                        "line of the check" 0}
            {expected     str                        "what was allowed" ""}
            {got          str                        "what was seen" ""}
            {packet       int                        "packet number in the capture; 0 when it is about none" 0}
        }
        failure {
            {req          str                        "requirement missed; empty when the device died" ""}
            {rule         str                        "the rule in words"}
            {step         int                        "step of the case; 0 when it has none" 0}
            {where        str                        "file:line" ""}
            {expected     str                        "what was allowed"}
            {got          str                        "what was seen"}
            {means        str                        "what follows from it" ""}
            {look_at      str                        "usual cause" ""}
            {again        str                        "command that repeats the case" ""}
        }
        expectation {
            {kind         {enum known flaky skip}    "kind of line"}
            {ticket       str                        "ticket"}
            {until        str                        "date YYYY-MM-DD"}
            {reason       str                        "reason"}
        }
        step {
            {t_us         int                        "time since the start of the case"}
            {from         {enum tester device}       "who sent it, or should have"}
            {text         str                        "the message in ladder notation"}
            {retransmit   bool                       "same octets as before" false}
            {bent         {list {object bend}}       "fields changed on purpose" {}}
            {lost         bool                       "sent, but dropped on purpose before it arrived" false}
            {missing      bool                       "expected, never came" false}
            {flag         str                        "the check that failed here, or empty" ""}
            {len          int                        "octets; 0 when missing" 0}
            {packet       int                        "packet number in the capture; 0 when it has none" 0}
        }
        bend {
            {path         str                        "field path"}
            {old          str                        "honest value"}
            {new          str                        "value sent"}
        }
        evidence {
            {dir          {like folder}              "folder relative to this file, such as cases/<id>, or empty" ""}
            {files        {list {like file}}         "files in that folder" {}}
        }
        summary {
            {pass int "" 0} {warn int "" 0} {fail int "" 0} {known int "" 0} {stale int "" 0}
            {inconclusive int "" 0} {unsupported int "" 0} {skipped int "" 0} {error int "" 0}
            {total        int                        "number of cases" 0}
        }
        cover {
            {met          int                        "checks met" 0}
            {missed       int                        "checks missed" 0}
            {cases        {list {like caseid}}       "cases that judged it, in order" {}}
        }
    }

    # Several devices: what depends on the device is in columns and cells, everything else stays where it is. Each key
    # has the row that describes it above.
    proc pick {shape keys} {
        variable shapes
        lmap row [dict get $shapes $shape] { if {[lindex $row 0] ni $keys} continue; set row }
    }
    dict set shapes matrix [concat [pick results {format ikespec}] {
        {devices      {list {object column}}     "one entry per device, in the order of the columns; at least two"}
    } [pick results requirements] {
        {cases        {list {object row}}        "one entry per case, by id"}
    }]
    dict set shapes column [concat {
        {folder       {like file}                "folder of the run on this device, beside this file"}
    } [pick results {ikespec run device summary coverage}]]
    dict set shapes row [concat [pick case {id title rev role file line tags cites why hint}] {
        {cells        {map str {object cell}}    "by name of the device; none where the case was not selected"}
    }]
    dict set shapes cell [pick case {verdict duration_ms reason signature checks failure expectation ladder evidence}]
}

# One JSON string. Everything that could upset a terminal or a reader that is not JSON-aware is
# written as \uXXXX: controls, DEL, C1, line separators, direction marks, surrogates.
proc ::results::quote {s} {
    if {[string is ascii $s] && [string is print $s]} { return "\"[string map {\\ \\\\ \" \\\"} $s]\"" }
    set s [string map {\\ \\\\ \" \\\" \n \\n \r \\r \t \\t} $s]
    set odd [regexp -all -inline {[^ -~\u00a1-\u00ac\u00ae-\u1fff\u2030-\u205f\u2070-\ud7ff]} $s]
    if {[llength $odd]} {
        set map {}
        foreach c [lsort -unique $odd] { lappend map $c [format {\u%04x} [scan $c %c]] }
        set s [string map $map $s]
    }
    return "\"$s\""
}

# encode DICT -> text of results.json. An unknown key, a missing one or a wrong type is an error that
# names its place: a report must never be built on a guess.
# encode DICT ?TEXTS? -> the file. TEXTS, of a run: id of a case -> what `case_text` made of it, which need not be made again.
proc ::results::encode {dict {texts {}}} {
    set dict [checked $dict]
    set type [list object [expr {[dict exists $dict devices] ? "matrix" : "results"}]]
    if {![dict size $texts]} {
        set text [value $type $dict "" results 0]
    } else {
        set lines [lmap c [dict get $dict cases] {
            expr {[dict exists $texts [dict get $c id]] ? [dict get $texts [dict get $c id]] : [case_text $c]}
        }]
        set text [value $type [dict replace $dict cases {}] "" results 0]
        # (no text holds this: its quotes would be escaped)
        set empty "\"cases\": \[\]"
        set at [string first $empty $text]
        set text [string replace $text $at [expr {$at + [string length $empty] - 1}] "\"cases\": [block \[ \] $lines {  } 0]"]
    }
    checked_devices $dict
    return $text\n
}

proc ::results::case_text {case} { return [value {object case} $case "" case 1] }

proc ::results::write {file dict {texts {}}} {
    save $file [encode $dict $texts]
}

# save FILE TEXT: a reader finds the old file or the new one, also when the run is killed or the disk is full; then the error
# names the file. `before_save`, when set, is called with the name of the new one before that is made, and before it takes its place.
proc ::results::save {file text} {
    variable before_save
    try {
        if {$before_save ne ""} { $before_save $file.new }
        set fd [open $file.new w]
        fconfigure $fd -encoding utf-8 -translation lf
        try { puts -nonewline $fd $text } finally { close $fd }
        if {$before_save ne ""} { $before_save $file.new }
        file rename -force $file.new $file
    } trap POSIX {why options} {
        catch { file delete $file.new }
        set code [dict get $options -errorcode]
        return -code error -errorcode $code "$file cannot be written: [lindex $code 2]"
    }
}

proc ::results::wrong {at what} {
    return -code error -errorcode [list RESULTS $at] "results: $at: $what"
}

proc ::results::value {type v indent at flat} {
    variable patterns
    lassign $type kind
    switch -- $kind {
        str  { return [quote $v] }
        like - enum {
            scalar $type $v $at
            return [quote $v]
        }
        int - const {
            scalar $type $v $at
            return $v
        }
        bool {
            if {![string is boolean -strict $v]} { wrong $at "'$v' is not a boolean" }
            return [expr {$v ? "true" : "false"}]
        }
        list {
            set n -1
            set items [lmap x $v {
                value [lindex $type 1] $x "$indent  " "$at\[[incr n]\]" $flat
            }]
            set simple [expr {[lindex $type 1 0] ni {object map list maybe}}]
            return [block \[ \] $items $indent [expr {$flat || $simple}]]
        }
        map {
            set items {}
            foreach k [lsort [dict keys $v]] {
                scalar [lindex $type 1] $k "$at key"
                lappend items "[quote $k]: [value [lindex $type 2] [dict get $v $k] "$indent  " $at.$k $flat]"
            }
            return [block \{ \} $items $indent $flat]
        }
        maybe {
            if {![llength $v]} { return null }
            return [object [lindex $type 1] $v $indent $at $flat]
        }
        object { return [object [lindex $type 1] $v $indent $at $flat] }
    }
    error "results: no such type: $type"
}

# Words and numbers whose form is fixed.
proc ::results::scalar {type v at} {
    variable patterns
    set arg [lindex $type 1]
    switch -- [lindex $type 0] {
        like  { if {![regexp -- [dict get $patterns $arg] $v]} { wrong $at "'$v' is not a valid $arg" } }
        enum  { if {$v ni [lrange $type 1 end]} { wrong $at "'$v' is none of: [join [lrange $type 1 end] {, }]" } }
        const { if {$v ne $arg} { wrong $at "'$v' should be $arg" } }
        int   { if {![regexp {^(0|-?[1-9][0-9]{0,17})$} $v]} { wrong $at "'$v' is not a whole number" } }
    }
}

proc ::results::object {name v indent at flat} {
    variable shapes
    variable line
    set flat [expr {$flat || $name in $line}]
    # (what that refuses is gone through again here, for the place)
    if {$flat && ![catch { [line_writer $name] $v } text]} { return $text }
    set items {}
    foreach row [dict get $shapes $name] {
        lassign $row key type
        if {[dict exists $v $key]} {
            set x [dict get $v $key]
        } elseif {[llength $row] > 3} {
            set x [lindex $row 3]
        } else {
            wrong $at "'$key' is missing"
        }
        lappend items "[quote $key]: [value $type $x "$indent  " $at.$key $flat]"
        dict unset v $key
    }
    if {[dict size $v]} { wrong $at "unknown key '[lindex [dict keys $v] 0]'" }
    return [block \{ \} $items $indent $flat]
}

# The writer of a shape on one line, made of its rows once: most of a file is such lines, tens of thousands in a run.
proc ::results::line_writer {name} {
    variable shapes
    variable patterns
    variable writers
    if {[info exists writers($name)]} { return $writers($name) }
    set writers($name) ::results::line_of_$name
    set body {set known 0; set out "\{"}
    set comma ""
    foreach row [dict get $shapes $name] {
        lassign $row key type about default
        lassign $type kind arg
        set inner [expr {$kind eq "list" && [lindex $arg 0] eq "object" ? [line_writer [lindex $arg 1]] : ""}]
        set check ""
        set put {quote $x}
        switch -- $kind {
            str    {}
            int    { set check "scalar int \$x {}"; set put {set x} }
            like   { set check "if {!\[regexp -- [list [dict get $patterns $arg]] \$x\]} { error $key }" }
            enum   { set check "if {\$x ni [list [lrange $type 1 end]]} { error $key }" }
            object { set put "[line_writer $arg] \$x" }
            maybe  { set put "expr {\[llength \$x\] ? \[[line_writer $arg] \$x\] : {null}}" }
            default { set put "value [list $type] \$x {} {} 1" }
        }
        if {$inner ne ""} { set put "string cat {\[} \[join \[lmap one \$x { $inner \$one }\] {, }\] {\]}" }
        append body [string map [list KEY $key CHECK $check PUT $put LEAD [list "$comma\"$key\": "] \
            OTHERWISE [expr {[llength $row] > 3 ? [list set x $default] : "error KEY"}]] {
                if {[dict exists $v KEY]} { set x [dict get $v KEY]; incr known } else { OTHERWISE }
                CHECK
                append out LEAD [PUT]
            }]
        set comma ", "
    }
    proc line_of_$name {v} [append body {if {$known != [dict size $v]} { error unknown }; append out "\}"}]
    return $writers($name)
}

proc ::results::block {open close items indent flat} {
    if {![llength $items]} { return $open$close }
    if {$flat} { return $open[join $items {, }]$close }
    return "$open\n$indent  [join $items ",\n$indent  "]\n$indent$close"
}

# fill SHAPE DICT -> DICT as reading it from a file would give it: every default in place, nested ones too, keys in the order
# of the table, those of maps sorted. What is missing stays missing, what is unknown is left to the writer to refuse.
proc ::results::fill {name v} {
    lassign [filling $name] order defaults nested
    set all [dict merge $defaults $v]
    set out {}
    foreach key $order { if {[dict exists $all $key]} { dict set out $key [dict get $all $key] } }
    if {[dict size $out] != [dict size $all]} { set out [dict merge $out $all] }
    foreach {key how shape} $nested {
        if {![dict exists $out $key] || ![llength [dict get $out $key]]} continue
        set x [dict get $out $key]
        dict set out $key [switch -- $how {
            list { lmap one $x { fill $shape $one } }
            map  { concat {*}[lmap k [lsort [dict keys $x]] { list $k [if {$shape eq ""} { dict get $x $k } { fill $shape [dict get $x $k] }] }] }
            one  { fill $shape $x }
        }]
    }
    return $out
}

# What filling a shape takes, found once: its keys, their defaults, and the keys that hold maps or other shapes.
proc ::results::filling {name} {
    variable shapes
    variable plans
    if {[info exists plans($name)]} { return $plans($name) }
    set order {}
    set defaults {}
    set nested {}
    foreach row [dict get $shapes $name] {
        lassign $row key type about default
        lappend order $key
        if {[llength $row] > 3} { dict set defaults $key $default }
        lassign $type kind inner value
        if {$kind eq "list" && [lindex $inner 0] eq "object"} { lappend nested $key list [lindex $inner 1] }
        if {$kind eq "map"} { lappend nested $key map [expr {[lindex $value 0] eq "object" ? [lindex $value 1] : ""}] }
        if {$kind in {object maybe}} { lappend nested $key one $inner }
    }
    set plans($name) [list $order $defaults $nested]
}

# The rules the shape cannot say: ids are unique ...
proc ::results::checked {dict} {
    if {![dict exists $dict cases]} { wrong results "'cases' is missing" }
    set seen {}
    foreach c [dict get $dict cases] {
        if {![dict exists $c id]} { wrong cases\[[dict size $seen]\] "'id' is missing" }
        set id [dict get $c id]
        if {[dict exists $seen $id]} { wrong cases "'$id' appears twice" }
        dict set seen $id 1
    }
    return $dict
}

# ... and of several devices: their names and folders are unique, a cell is that of a device.
proc ::results::checked_devices {dict} {
    if {![dict exists $dict devices]} { return $dict }
    set names {}
    set folders {}
    foreach d [dict get $dict devices] {
        foreach {key value} [list names [dict get $d device name] folders [dict get $d folder]] {
            if {$value in [set $key]} { wrong devices "'$value' appears twice" }
            lappend $key $value
        }
    }
    if {[llength $names] < 2} { wrong devices "there should be two or more" }
    foreach c [dict get $dict cases] {
        foreach name [dict keys [dict get $c cells]] {
            if {$name ni $names} { wrong "[dict get $c id].cells" "'$name' is no device of this file" }
        }
    }
    return $dict
}

# finish DICT -> DICT with `summary` and `coverage` counted from its cases.
proc ::results::finish {dict} {
    set summary [dict create total [llength [dict get $dict cases]]]
    set cover {}
    foreach c [dict get $dict cases] {
        dict incr summary [dict get $c verdict]
        if {![dict exists $c checks]} continue
        foreach k [dict get $c checks] {
            set outcome [dict get $k outcome]
            if {$outcome eq "open"} continue
            set req [dict get $k req]
            set row [expr {[dict exists $cover $req] ? [dict get $cover $req]
                           : [dict create met 0 missed 0 cases {}]}]
            dict incr row $outcome
            if {[dict get $c id] ni [dict get $row cases]} { dict lappend row cases [dict get $c id] }
            dict set cover $req $row
        }
    }
    dict set dict summary $summary
    dict set dict coverage $cover
    return $dict
}

# read FILE, decode TEXT -> the same dict encode takes, every key present, booleans 0 or 1.
proc ::results::read {file} {
    set fd [open $file r]
    fconfigure $fd -encoding utf-8
    set text [::read $fd]
    close $fd
    return [decode $text]
}

proc ::results::decode {text} {
    if {[written $text result]} { return $result }
    if {[catch {dom parse -json -jsonroot results -- $text doc} why]} {
        wrong results "not JSON: [lindex [split $why \n] 0]"
    }
    try {
        set root [$doc documentElement]
        set format [$root selectNodes {string(format)}]
        if {$format ni {"" 1}} { wrong results "format $format; this program reads format 1, the version that wrote the file its own" }
        # several devices have a shape of their own
        set shape [expr {[$root selectNodes {count(*[name()='devices'])}] > 0 ? "matrix" : "results"}]
        return [checked_devices [checked [take [list object $shape] $root results]]]
    } finally {
        $doc delete
    }
}

# Is it a file of this writer? Then writing what a quick parser makes of it, which forgets the types, gives the same octets: four
# times as fast as asking for each of a million nodes. All else is taken node by node.
proc ::results::written {text name} {
    upvar 1 $name result
    # (what is beyond 16 bits is one character to yajl, and two to Tcl 8.6)
    if {[string first {\ud} $text] >= 0} { return 0 }
    if {[catch {
        # (an empty dict is null; a text in which this changes more is not the same again)
        set result [::yajl::json2dict [string map {{": null} {": {}}} $text]]
        set again [encode $result]
    }]} { return 0 }
    string equal $again $text
}

# one SHAPE TEXT AT -> the dict that is an object on a line of its own, taken in the same two ways.
proc ::results::one {shape text at} {
    if {[string first {\ud} $text] < 0 && ![catch { ::yajl::json2dict [string map {{": null} {": {}}} $text] } v]
            && ![catch { value [list object $shape] $v "" $at 1 } again] && $again eq $text} { return $v }
    dom parse -json -jsonroot $shape -- $text doc
    try { return [take [list object $shape] [$doc documentElement] $at] } finally { $doc delete }
}

proc ::results::take {type node at} {
    lassign $type kind
    set json [expr {[$node nodeType] eq "TEXT_NODE" ? "TEXT" : [$node jsonType]}]
    switch -- $kind {
        list {
            if {$json ne "ARRAY"} { wrong $at "should be an array" }
            set n -1
            return [lmap x [$node childNodes] { take [lindex $type 1] $x "$at\[[incr n]\]" }]
        }
        map {
            if {$json ne "OBJECT"} { wrong $at "should be an object" }
            set out {}
            foreach x [$node childNodes] {
                scalar [lindex $type 1] [$x nodeName] "$at key"
                dict set out [$x nodeName] [take [lindex $type 2] $x $at.[$x nodeName]]
            }
            return $out
        }
        maybe {
            if {$json eq "NONE" && [[$node firstChild] jsonType] eq "NULL"} { return {} }
            return [take_object [lindex $type 1] $node $at]
        }
        object { return [take_object [lindex $type 1] $node $at] }
    }
    if {$json ni {TEXT NONE}} { wrong $at "should be a $kind" }
    set leaf [expr {$json eq "TEXT" ? $node : [$node firstChild]}]
    set want [dict get {str STRING like STRING enum STRING int NUMBER const NUMBER bool TRUE} $kind]
    set have [$leaf jsonType]
    set v [$leaf nodeValue]
    if {$kind eq "bool" && $have in {TRUE FALSE}} { return [expr {$have eq "TRUE"}] }
    if {$have ne $want} { wrong $at "should be a $kind" }
    scalar $type $v $at
    return $v
}

proc ::results::take_object {name node at} {
    variable shapes
    if {[$node nodeType] eq "TEXT_NODE" || [$node jsonType] ne "OBJECT"} {
        wrong $at "should be an object"
    }
    set child {}
    foreach x [$node childNodes] {
        if {[dict exists $child [$x nodeName]]} { wrong $at "key '[$x nodeName]' appears twice" }
        dict set child [$x nodeName] $x
    }
    set out {}
    foreach row [dict get $shapes $name] {
        lassign $row key type
        if {![dict exists $child $key]} { wrong $at "'$key' is missing" }
        dict set out $key [take $type [dict get $child $key] $at.$key]
        dict unset child $key
    }
    if {[dict size $child]} { wrong $at "unknown key '[lindex [dict keys $child] 0]'" }
    return $out
}
