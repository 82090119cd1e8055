# html.tcl - report.html: one file, nothing loaded from outside, readable without script.
#
# Every element is made by markup::add, so text from a device can never become markup; the content
# security policy names the one style sheet and the one script by hash and forbids all else.
if {[llength [info procs ::html::text]]} return
source [file join [file dirname [info script]] gate.tcl]
source [file join [file dirname [info script]] drawing.tcl]
source [file join [file dirname [info script]] changes.tcl]

namespace eval ::html {
    variable here [file dirname [file normalize [info script]]]
    namespace path ::markup
}
source [file join $::html::here grid.tcl]

# text RESULTS ?BASELINE? -> the page; BASELINE: the results of an earlier run of the device, which adds a column.
proc ::html::text {r {baseline ""}} {
    set names [lmap col [matrix::columns $r] { dict get $col device name }]
    set write [expr {[matrix::is $r] ? [list grid::page $r] : [list html::page $r $baseline]}]
    return [document "[text::cap [join $names {, }] 200]: [lindex [gate::sentence $r] 1]" $write]
}

# document TITLE COMMAND -> a page with our style and script, in whose body COMMAND BODY puts what there is to say.
proc ::html::document {title command} {
    set css "[asset html.css]$::drawing::css"
    set js [asset html.js]
    set doc [dom createDocument html]
    try {
        set root [$doc documentElement]
        $root setAttribute lang en
        head $root $title $css $js
        set body [add $root body]
        {*}$command $body
        raw [add $body script] $js
        return "<!doctype html>\n[$root asHTML]\n"
    } finally {
        $doc delete
    }
}

proc ::html::page {r baseline body} {
    size $body $r
    top [add $body header] $r
    set main [add $body main]
    set changes {}
    if {$baseline ne ""} {
        set changes [changes::of $baseline $r]
        changed $main $changes $baseline
    }
    attention $main $r
    explained $main $r known known "Known failures"
    explained $main $r warn warnings "Warnings"
    requirements $main $r
    all $main $r $changes
    foot [add $body footer] $r
}

# What is drawn only when it comes into sight is so in a page of many cases.
proc ::html::size {body r {class ""}} {
    if {[llength [dict get $r cases]] > 300} { append class " many" }
    if {$class ne ""} { $body setAttribute class [string trim $class] }
}

proc ::html::asset {name} {
    variable here
    set fd [open [file join $here $name]]
    fconfigure $fd -encoding utf-8 -translation lf
    try { return [read $fd] } finally { close $fd }
}

# Our own style and script only: never text from a run.
proc ::html::raw {node text} { $node appendChild [[$node ownerDocument] createTextNode $text] }

proc ::html::hash {s} {
    package require sha256     ;# (a third of what every command would load at its start)
    return "'sha256-[binary encode base64 [sha2::sha256 -bin [encoding convertto utf-8 $s]]]'"
}

proc ::html::head {root title css js} {
    set head [add $root head]
    add $head meta {charset utf-8}
    add $head meta [list http-equiv Content-Security-Policy content "default-src 'none'; style-src [hash $css]; script-src [hash $js]; base-uri 'none'; form-action 'none'"]
    add $head meta {name viewport content {width=device-width, initial-scale=1}}
    add $head meta {name referrer content no-referrer}
    add $head title {} $title
    raw [add $head style] $css
}

# What the device used during the run, when its driver can tell.
proc ::html::used {parent vitals} {
    set lines [text::vitals $vitals]
    if {[llength $lines]} { add $parent p {class facts} [join $lines " \u00b7 "] }
}

proc ::html::top {header r} {
    set d [dict get $r device]
    set name [string trim "[dict get $d vendor] [dict get $d product]"]
    add $header h1 {} [if {$name ne ""} { set name } { dict get $d name }]
    set facts [add $header p {class facts}]
    set words {}
    foreach {name value} [list device [dict get $d name] version [dict get $d version] driver [dict get $d driver] \
                              suite [dict get $r run suite] selection [join [dict get $r run selection]] \
                              seed [dict get $r run seed] ikespec [dict get $r ikespec] \
                              length [text::seconds [dict get $r run duration_ms]]] {
        if {$value ne ""} { lappend words "$name $value" }
    }
    say $facts [join $words " \u00b7 "]
    used $header [dict get $d vitals]
    gate $header $r
    set list [add $header ul {class counts}]
    foreach v $::results::verdicts {
        set n [dict get $r summary $v]
        if {!$n} continue
        set a [add [add $list li] a [list href "#v-$v" data-q "is:$v" title [dict get $::gate::words $v]]]
        add $a b {} $n
        badge $a $v
    }
}

proc ::html::gate {header r} {
    lassign [gate::sentence $r] state headline detail
    set gate [add $header div [list class "gate $state" role status]]
    add $gate strong {} $headline
    add $gate span {} $detail
}

# What the baseline adds above the rest.
proc ::html::changed {main changes baseline} {
    add $main h2 {id changes} "Changes since run [text::cap [dict get $baseline run id] 200]"
    set listed [changes::listed $changes]
    if {![dict size $listed]} { add $main p {} "No difference."; return }
    set tab [table $main {Change "" Case "" Before "" Now "" Note ""}]
    $tab setAttribute class "cards changes"
    dict for {class ids} $listed {
        set tb [add $tab tbody]
        foreach id $ids {
            set c [dict get $changes $id]
            set tr [add $tb tr]
            change [add $tr td] $class
            set td [add $tr td]
            if {[dict get $c now] eq ""} {
                add $td span {class "id mono"} $id
            } else {
                add $td a [list class "id mono" href "#case-$id"] $id
            }
            foreach key {was now} { verdict [add $tr td] [dict get $c $key] }
            add $tr td {} [text::cap [dict get $c note] 300]
        }
    }
}

proc ::html::change {parent class} {
    badge $parent $class [dict get {regressed fail "other failure" fail fixed pass "case changed" warn new none removed none slower warn} $class]
}

proc ::html::verdict {parent v} {
    if {$v eq ""} { add $parent span {class dim} "not there" } else { badge $parent $v }
}

proc ::html::attention {main r} {
    add $main h2 {id attention} "Needs attention"
    set cases [gate::cases $r fail stale error inconclusive]
    if {![llength $cases]} {
        add $main p {} "Nothing: no unexpected failure, no stale line, no error, nothing inconclusive."
    }
    foreach c $cases { article $main $c $r }
}

# explained MAIN RESULTS VERDICT ID TITLE: a part of the page for what was expected, but wants a word.
proc ::html::explained {main r verdict id title} {
    set cases [gate::cases $r $verdict]
    if {![llength $cases]} return
    add $main h2 [list id $id] $title
    foreach c $cases { article $main $c $r }
}

# article: one case that a reader has to understand, explained as in the terminal, with its ladder.
proc ::html::article {main c r} {
    set verdict [dict get $c verdict]
    set art [headed $main $c $verdict]
    explanation $art $c $r
    if {$verdict ne "stale"} { why $art $c }
    if {[llength [dict get $c ladder]]} {
        set place $art
        if {$verdict in {stale known warn}} { set place [opens $art [messages $c]] }
        drawing::ladders [add $place div {class drawing}] $c
    }
    all_checks $art $c
    files $art $c
}

proc ::html::headed {main c verdict} {
    set art [add $main article [list class $verdict id "case-[dict get $c id]"]]
    set top [add $art div {class top}]
    badge $top $verdict
    add $top h3 {class mono} [dict get $c id]
    if {[dict get $c role] in {initiator responder}} {
        add $top span {class dim} "device as [dict get $c role]"
    }
    add $art p {} [text::cap [dict get $c title] 1000]
    return $art
}

# badge PARENT WORD ?COLOUR? : a verdict is always a word; its colour only helps.
proc ::html::badge {parent word {colour ""}} {
    return [add $parent span [list class "v v-[expr {$colour eq "" ? $word : $colour}]"] $word]
}

proc ::html::opens {parent words} {
    set det [add $parent details]
    add $det summary {} $words
    return $det
}

# (not what the explanation of the failure has said already)
proc ::html::why {art c} {
    set said [expr {[dict exists $c failure means] ? [dict get $c failure means] : ""}]
    if {[dict get $c why] ni [list "" $said]} { add $art p {class why} [text::cap "Why it matters: [dict get $c why]" 2000] }
}

proc ::html::messages {c} { return "The [text::plural [llength [dict get $c ladder]] message messages]" }

proc ::html::all_checks {art c} {
    set n [llength [dict get $c checks]]
    if {$n > 1} { checks [opens $art "All $n checks"] $c }
}

proc ::html::explanation {art c r} {
    set dl [add $art dl]
    set f [dict get $c failure]
    set x [dict get $c expectation]
    if {[llength $x]} {
        term $dl listed "[dict get $x kind], [dict get $x ticket] until [dict get $x until]: [dict get $x reason]"
    }
    term $dl reason [dict get $c reason]
    if {[llength $f]} {
        set req [dict get $f req]
        if {[dict exists $r requirements $req]} {
            set q [dict get $r requirements $req]
            set dd [term $dl requirement "[dict get $q section], [dict get $q level] "]
            add $dd code {class dim} $req
        } else {
            term $dl requirement $req
        }
        term $dl rule [dict get $f rule]
        set step [expr {[dict get $f step] ? "step [dict get $f step]" : "at"}]
        term $dl $step [dict get $f where] mono
        term $dl expected [dict get $f expected] mono
        term $dl got [dict get $f got] "mono got"
        term $dl means [dict get $f means]
        term $dl "look at" [dict get $f look_at]
        term $dl again [dict get $f again] mono
    } elseif {[dict get $c verdict] in {error inconclusive}} {
        term $dl "case file" "[dict get $c file]:[dict get $c line]" mono
        term $dl "look at" [dict get $c hint]
    }
    if {![$dl hasChildNodes]} { $dl delete }
}

proc ::html::term {dl name value {class ""}} {
    if {$value eq ""} return
    add $dl dt {} $name
    return [add $dl dd [expr {$class eq "" ? {} : [list class $class]}] [text::cap $value 4000]]
}

proc ::html::checks {parent c} {
    set ul [add $parent ul {class checks}]
    foreach k [dict get $c checks] {
        set li [add $ul li]
        add $li span [list class [expr {[dict get $k outcome] eq "missed" ? "bad" : "dim"}]] "[dict get $k outcome] "
        say $li "[dict get $k level] "
        add $li code {} [dict get $k req]
        if {[dict get $k expected] ne ""} { say $li ": expected [text::cap [dict get $k expected] 1000]" }
        if {[dict get $k outcome] eq "missed"} { say $li ", got [text::cap [dict get $k got] 1000]" }
    }
}

# The same as lines of text: a page has thousands of them in rows that nobody has opened yet.
proc ::html::check_lines {c} {
    join [lmap k [dict get $c checks] {
        set words "[dict get $k outcome]  [format %-8s [dict get $k level]]  [dict get $k req]"
        if {[dict get $k expected] ne ""} { append words ": expected [text::cap [dict get $k expected] 1000]" }
        text::visible $words
    }] \n
}

proc ::html::files {parent c} {
    set e [dict get $c evidence]
    if {![llength [dict get $e files]]} return
    set p [add $parent p {class files}]
    add $p span {class dim} "Evidence: "
    foreach name [dict get $e files] {
        add $p a [list href "cases/[link [dict get $c id]]/[link $name]"] $name
        say $p " "
    }
}

# Ids and file names are checked when results.json is read; ~ and @ are legal in a path.
proc ::html::link {s} { return [string map {% %25 # %23 ? %3f} $s] }

proc ::html::requirements {main r} {
    add $main h2 {id requirements} "Requirements"
    if {![dict size [dict get $r requirements]]} { add $main p {} "No requirement was cited."; return }
    drawing::coverage [add $main div {class "drawing picture"}] $r
    set tab [table $main {State "" Level "" Requirement "" met n missed n Cases ""}]
    $tab setAttribute class "cards reqs"
    set tb [add $tab tbody]
    foreach pair [gate::requirements $r] {
        lassign $pair id state
        set q [dict get $r requirements $id]
        set n [expr {[dict exists $r coverage $id] ? [dict get $r coverage $id] : {met 0 missed 0 cases {}}}]
        set tr [add $tb tr [list class $state id req-$id]]
        judged [add $tr td] $state
        add $tr td {class keep} [dict get $q level]
        set td [add $tr td]
        say $td "[dict get $q text] "
        set span [add $td span {class dim} "[dict get $q section] \u00b7 "]
        find $span [string tolower $id] $id
        add $tr td {class n} [dict get $n met]
        add $tr td {class "n m"} [dict get $n missed]
        set td [add $tr td]
        set cases [dict get $n cases]
        # of what is in order a few are enough
        set show [expr {$state eq "missed" ? 8 : 2}]
        foreach case [lrange $cases 0 $show-1] {
            add $td a [list href "#case-$case"] $case
            add $td br
        }
        if {[llength $cases] > $show} { find $td [string tolower $id] "all [llength $cases] cases" }
    }
}

# A link that fills the filter; without script it leads to the table.
proc ::html::find {parent words text} { return [add $parent a [list href #cases data-q $words] $text] }

proc ::html::judged {td state} {
    badge $td [expr {$state eq "open" ? "not judged" : $state}] [dict get {met pass missed fail open none} $state]
}

proc ::html::table {parent columns {caption ""}} {
    set tab [add [add $parent div {class table}] table]
    if {$caption ne ""} { add $tab caption {} $caption }
    set tr [add [add $tab thead] tr]
    foreach {name class} $columns {
        add $tr th [concat {scope col} [expr {$class eq "" ? {} : [list class $class]}]] $name
    }
    return $tab
}

proc ::html::filter {main} {
    set form [add $main div {class filter id filter hidden hidden}]
    add $form input {id q type search autocomplete off spellcheck false aria-label "filter cases"
        placeholder "filter: words, !not, is:fail, tag:dos, rfc7296/2.15   (key /)"}
    add $form span {id shown class dim role status}
    return $form
}

proc ::html::all {main r {changes {}}} {
    add $main h2 {id cases} "All cases"
    filter $main
    set tab [table $main [concat {Verdict ""} [expr {[dict size $changes] ? {Before before} : {}}] {Case "" Device "" Length n}]]
    foreach {k v} {id all class cards} { $tab setAttribute $k $v }
    foreach v $::results::verdicts {
        set cases [gate::cases $r $v]
        if {![llength $cases]} continue
        set tb [add $tab tbody [list id "v-$v"]]
        foreach c $cases {
            row $tb $c [expr {[dict size $changes] ? [dict get $changes [dict get $c id]] : ""}]
        }
    }
}

# words CASE BEFORE AFTER -> what the filter finds a row by.
proc ::html::words {c before after} {
    set words [list {*}$before [dict get $c id] [dict get $c title] {*}[dict get $c cites] role:[dict get $c role]]
    lappend words {*}$after
    foreach t [dict get $c tags] { lappend words tag:$t }
    return [string tolower [join $words " "]]
}

# row: one case; a case explained above is linked, any other opens in place.
proc ::html::row {tb c {change ""}} {
    set v [dict get $c verdict]
    set id [dict get $c id]
    set above [expr {$v in {fail stale error inconclusive known warn}}]
    set before [list is:$v]
    if {$change ne ""} {
        lappend before was:[dict get $change was]
        if {[dict get $change class] ne ""} { lappend before change:[string map {" " -} [dict get $change class]] }
    }
    set tr [add $tb tr [list data-w [words $c $before [list [dict get $c reason]]]]]
    badge [add $tr td] $v
    if {$change ne ""} {
        set td [add $tr td]
        verdict $td [dict get $change was]
        if {[dict get $change class] ne ""} { change [add $td div] [dict get $change class] }
    }
    set td [add $tr td]
    if {$above} {
        add $td a [list class "id mono" href "#case-$id"] $id
        add $td div {} [dict get $c title]
    } else {
        $tr setAttribute id "case-$id"
        add $td span {class "id mono"} $id
        set det [add $td details {class row}]
        add $det summary {} [dict get $c title]
        foreach {class words} [list wrap [check_lines $c] drawn [ladder::text $c 40]] {
            if {$words ne ""} { lines [add $det pre [list class $class]] $words }
        }
        files $det $c
    }
    if {[dict get $c reason] ne ""} { add $td div {class dim} [dict get $c reason] }
    add $tr td {class keep} [dict get $c role]
    add $tr td {class n} [text::seconds [dict get $c duration_ms]]
}

proc ::html::foot {footer r} {
    set claims {}
    dict for {k v} [dict get $r device claims] { lappend claims "$k $v" }
    if {[llength $claims]} { add $footer p {} "The device claims: [join $claims {, }]." }
    add $footer p {} "Run [dict get $r run id], transport [dict get $r run transport], exit code [dict get $r run exit]. Made from results.json alone; the same file gives the same page."
}
