# grid.tcl - the page of several devices: a row per case, a column per device. Its small parts are those of html.tcl.
namespace eval ::grid {
    # ladders of unexpected cells are drawn as long as there are not more of these; then, and elsewhere, they are text
    variable drawn 60
    # characters of ladders in one page; what comes later is in the report of its device
    variable room 2500000
    variable unexpected {fail stale error inconclusive}
    variable explained {fail stale error inconclusive known warn}
    namespace path {::html ::markup}
}

proc ::grid::page {r body} {
    variable unexpected
    variable left
    variable room
    set columns [matrix::columns $r]
    size $body $r [expr {[llength $columns] > 5 ? "wide" : "wide few"}]
    set left $room
    set names [lmap col $columns { dict get $col device name }]
    top [add $body header] $r $columns
    set main [add $body main]
    add $main h2 {id attention} "Needs attention"
    set rows [with_worst $r $unexpected]
    if {![llength $rows]} {
        add $main p {} "Nothing: on no device an unexpected failure, a stale line, an error, or anything inconclusive."
    }
    foreach c $rows { article $main $c $r $columns }
    cases $main $r $columns
    requirements $main $r $columns
    set rows [with_worst $r {known warn}]
    if {[llength $rows]} { add $main h2 {id departures} "Known failures and warnings" }
    foreach c $rows { article $main $c $r $columns }
    foot [add $body footer] $r
}

proc ::grid::verdicts {c} { return [lmap cell [dict values [dict get $c cells]] { dict get $cell verdict }] }

proc ::grid::any {c verdicts} {
    foreach v [verdicts $c] { if {$v in $verdicts} { return 1 } }
    return 0
}

# Rows whose worst verdict is one of these: in the order of the verdicts, then as they stand.
proc ::grid::with_worst {r verdicts} {
    set by [dict create {*}[concat {*}[lmap v $verdicts { list $v {} }]]]
    foreach c [dict get $r cases] {
        set v [worst $c]
        if {$v in $verdicts} { dict lappend by $v $c }
    }
    return [concat {*}[dict values $by]]
}

proc ::grid::worst {c} {
    set have [verdicts $c]
    foreach v $::results::verdicts { if {$v in $have} { return $v } }
}

# A device as a word of the filter: @strongswan:trixie=fail
proc ::grid::word {name verdict} { return @[regsub -all {\s} $name _]=$verdict }

proc ::grid::top {header r columns} {
    add $header h1 {} "[llength $columns] devices side by side"
    add $header p {class facts} \
        "[text::plural [llength [dict get $r cases]] case cases] \u00b7 ikespec [dict get $r ikespec]"
    gate $header $r
    set all [dict get [matrix::together $r] summary]
    set shown [lmap v $::results::verdicts { if {![dict get $all $v]} continue; set v }]
    set heads {Device "" Gate ""}
    foreach v $shown { lappend heads $v n }
    set tab [table $header $heads "Each device"]
    [$tab parentNode] setAttribute class "table devices"
    set tb [add $tab tbody]
    foreach col $columns {
        set d [dict get $col device]
        set tr [add $tb tr]
        set th [add $tr th {scope row}]
        add $th a [list href [link [dict get $col folder]]/report.html] [dict get $d name]
        set facts [string trim "[dict get $d vendor] [dict get $d product] [dict get $d version]"]
        set seed "seed [dict get $col run seed]"
        add $th div {class dim} [text::cap [expr {$facts eq "" ? $seed : "$facts \u00b7 $seed"}] 300]
        html::used $th [dict get $d vitals]
        lassign [gate::sentence $col] state headline
        set td [add $tr td]
        badge $td {*}[dict get {good {open pass} bad {closed fail} unsure {unclear known}} $state]
        add $td div {class dim} $headline
        foreach v $shown {
            set n [dict get $col summary $v]
            set td [add $tr td {class n}]
            if {$n} { find $td [word [dict get $d name] $v] $n } else { add $td span {class dim} 0 }
        }
    }
}

# The columns of a table, as html::table takes them.
proc ::grid::heads {columns} {
    return [concat {*}[lmap col $columns { list [text::cap [dict get $col device name] 60] "" }]]
}

# --- the table -----------------------------------------------------------------------------------------------------

proc ::grid::cases {main r columns} {
    add $main h2 {id cases} "All cases"
    set form [filter $main]
    set list [add $form span {class chips}]
    foreach {words text} {
        "" all is:differ "devices differ" is:departs "a failure or warning" is:notpass "any other than pass"
    } {
        find $list $words $text
    }
    set groups [dict create differ {} same {} pass {}]
    foreach c [dict get $r cases] {
        set have [lsort -unique [verdicts $c]]
        dict lappend groups [expr {[llength $have] > 1 ? "differ" : $have eq "pass" ? "pass" : "same"}] $c
    }
    set tab [table $main [concat {Case ""} [heads $columns]] \
        "Verdict of each case on each device"]
    $tab setAttribute id all
    pinned $tab "cases by device"
    foreach {group title} {
        differ "Devices differ" same "Alike on all devices, but no pass" pass "Pass on all devices"
    } {
        set rows [dict get $groups $group]
        if {![llength $rows]} continue
        set tb [add $tab tbody]
        set th [add [add $tb tr {class group}] th [list scope rowgroup colspan [expr {1 + [llength $columns]}]]]
        add $th span {} "$title ([llength $rows])"
        foreach c $rows { row $tb $c $group $columns }
    }
}

# The head and the first column stay in sight; a keyboard can scroll.
proc ::grid::pinned {tab label} {
    foreach {k v} [list class "table pinned" tabindex 0 role region aria-label $label] {
        [$tab parentNode] setAttribute $k $v
    }
}

proc ::grid::row {tb c group columns} {
    variable explained
    set id [dict get $c id]
    set verdicts {}
    dict for {name cell} [dict get $c cells] { lappend verdicts [word $name [dict get $cell verdict]] }
    set before [lmap v [lsort -unique [verdicts $c]] { string cat is: $v }]
    if {$group eq "differ"} { lappend before is:differ }
    if {$group ne "pass"} { lappend before is:notpass }
    set above [any $c $explained]
    if {$above} { lappend before is:departs }
    set tr [add $tb tr [list data-w [words $c $before $verdicts]]]
    set th [add $tr th {scope row}]
    if {$above} {
        add $th a [list class "id mono" href "#case-$id"] $id
    } else {
        $tr setAttribute id case-$id
        add $th span {class "id mono"} $id
    }
    reasons $th $c $columns
    foreach col $columns {
        set name [dict get $col device name]
        set td [add $tr td]
        if {![dict exists $c cells $name]} { add $td span {class dim} "not run"; continue }
        set v [dict get $c cells $name verdict]
        if {$v in $explained} {
            add $td a [list href "#case-$id" class "v v-$v"] $v
        } else {
            badge $td $v
        }
    }
}

# The title; behind it, why a device did not run the case.
proc ::grid::reasons {th c columns} {
    set why {}
    foreach col $columns {
        set name [dict get $col device name]
        if {![dict exists $c cells $name]} continue
        set cell [dict get $c cells $name]
        if {[dict get $cell verdict] in {unsupported skipped}} {
            dict lappend why "[dict get $cell verdict]: [dict get $cell reason]" $name
        }
    }
    if {![dict size $why]} { add $th div {} [dict get $c title]; return }
    set det [add $th details {class row}]
    add $det summary {} [dict get $c title]
    set ul [add $det ul {class checks}]
    dict for {reason names} $why { add $ul li {} "[join $names {, }] - $reason" }
}

# --- what explains a cell --------------------------------------------------------------------------------------------

# One case; devices of which the same is to be said share a part of it.
proc ::grid::article {main c r columns} {
    variable explained
    set art [headed $main $c [worst $c]]
    why $art $c
    set parts {}
    foreach col $columns {
        set name [dict get $col device name]
        if {![dict exists $c cells $name]} continue
        set cell [dict get $c cells $name]
        if {[dict get $cell verdict] ni $explained} continue
        # the signature is the failure without its times and addresses
        dict lappend parts [list {*}[lmap key {verdict reason expectation signature} { dict get $cell $key }]] $col
    }
    dict for {key cols} $parts { part $art $c $r $cols }
}

proc ::grid::part {art c r cols} {
    set cells [lmap col $cols { dict merge [dict remove $c cells] [dict get $c cells [dict get $col device name]] }]
    set cell [lindex $cells 0]
    set sec [add $art section]
    set top [add $sec div {class top}]
    badge $top [dict get $cell verdict]
    add $top h4 {} [join [lmap col $cols { dict get $col device name }] {, }]
    explanation $sec $cell $r
    set open 1
    foreach col $cols cell $cells {
        if {![llength [dict get $cell ladder]]} continue
        ladder $sec $cell [dict get $col device name] $r $open
        set open 0
    }
    set p [add $sec p {class files}]
    add $p span {class dim} "Checks, captures and logs: "
    foreach col $cols {
        set page [link [dict get $col folder]]/report.html
        add $p a [list href "$page#case-[link [dict get $c id]]"] [dict get $col device name]
        say $p " "
    }
}

proc ::grid::ladder {sec cell name r open} {
    variable drawn
    variable unexpected
    variable left
    set text [ladder::text $cell 40]
    if {[incr left -[string length $text]] < 0} return
    set place [opens $sec "[messages $cell] with $name"]
    set n 0
    foreach d [dict get $r devices] { foreach v $unexpected { incr n [dict get $d summary $v] } }
    if {[dict get $cell verdict] in $unexpected && $n <= $drawn} {
        if {$open} { $place setAttribute open open }
        drawing::ladders [add $place div {class drawing}] $cell
    } else {
        lines [add $place pre] $text
    }
}

# --- requirements --------------------------------------------------------------------------------------------------

proc ::grid::requirements {main r columns} {
    set all [matrix::together $r]
    add $main h2 {id requirements} "Requirements"
    if {![dict size [dict get $all requirements]]} { add $main p {} "No requirement was cited."; return }
    add $main p {class dim} "A requirement is met when no device missed it and at least one met it."
    drawing::coverage [add $main div {class "drawing picture"}] $all
    set by {missed {} other {}}
    foreach pair [gate::requirements $all] {
        dict lappend by [expr {[lindex $pair 1] eq "missed" ? "missed" : "other"}] [lindex $pair 0]
    }
    if {[llength [dict get $by missed]]} {
        requirement_table $main [dict get $by missed] $r $columns "Requirements that a device missed"
    }
    if {[llength [dict get $by other]]} {
        set n [text::plural [llength [dict get $by other]] requirement requirements]
        set det [opens $main "The $n that no device missed"]
        requirement_table $det [dict get $by other] $r $columns "Requirements that no device missed"
    }
}

proc ::grid::requirement_table {parent ids r columns caption} {
    set tab [table $parent [concat {Requirement ""} [heads $columns]] $caption]
    pinned $tab $caption
    set tb [add $tab tbody]
    foreach id $ids {
        set q [dict get $r requirements $id]
        set tr [add $tb tr [list id req-$id]]
        set th [add $tr th {scope row}]
        add $th span {} "[dict get $q level]: [dict get $q text]"
        set div [add $th div {class dim}]
        say $div "[dict get $q section] \u00b7 "
        find $div [string tolower $id] $id
        foreach col $columns {
            set td [add $tr td]
            judged $td [gate::state $col $id]
            if {![dict exists $col coverage $id]} continue
            set n [dict get $col coverage $id]
            set missed [dict get $n missed]
            if {$missed} { add $td div {class dim} "$missed of [expr {$missed + [dict get $n met]}] checks" }
        }
    }
}

proc ::grid::foot {footer r} {
    foreach d [dict get $r devices] {
        set claims {}
        dict for {k v} [dict get $d device claims] { lappend claims "$k $v" }
        set words "[dict get $d device name]: run [dict get $d run id], transport [dict get $d run transport]"
        append words ", exit code [dict get $d run exit]"
        if {[llength $claims]} { append words "; it claims [join $claims {, }]" }
        add $footer p {} $words.
    }
    add $footer p {} "Made from results.json alone; the same file gives the same page."
}
