# drawing.tcl - the message ladder of a case, and the coverage picture, as SVG trees.
if {[llength [info procs ::drawing::ladder]]} return
source [file join [file dirname [info script]] markup.tcl]
source [file join [file dirname [info script]] ladder.tcl]
source [file join [file dirname [info script]] gate.tcl]

namespace eval ::drawing {
    variable left 96 right 944 width 1040      ;# lifelines and drawing width
    variable columns 113                      ;# characters of 7.2 units that fit between them
    variable max_rows 120
    variable sheet 400                        ;# height of a piece in a page: some of them fill a sheet of paper
    variable size 12                          ;# of the square of a requirement
    # Shared by the page and by the stand-alone file; the page overrides the colours by its variables.
    variable css {
svg.ladder, svg.cover { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
.ladder text, .cover text { fill: var(--ink, #1c2330); }
.ladder .dim, .cover .dim { fill: var(--dim, #5c6675); }
.ladder .life { stroke: var(--line, #c3cad5); stroke-width: 2; }
.ladder .msg { stroke: var(--wire, #2b5fb4); stroke-width: 1.5; fill: none; }
.ladder .head { fill: var(--wire, #2b5fb4); }
.ladder .retransmit { stroke-dasharray: 7 5; }
.ladder .missing { stroke: var(--bad, #b3261e); stroke-dasharray: 1.5 5; stroke-linecap: round; stroke-width: 2; }
.ladder .cross { stroke: var(--bad, #b3261e); stroke-width: 2.5; fill: none; }
.ladder .lost { stroke: var(--dim, #5c6675); }
.ladder text.gone { fill: var(--dim, #5c6675); font-style: italic; }
.ladder text.bent { fill: var(--bad, #b3261e); }
.ladder .was { text-decoration: line-through; opacity: .8; }
.ladder .new { font-weight: bold; }
.ladder .pole { stroke: var(--bad, #b3261e); stroke-width: 1.5; }
.ladder .flag { fill: var(--bad, #b3261e); }
.ladder text.flagged { fill: var(--bad, #b3261e); font-weight: bold; }
.cover .met { fill: var(--good, #1f7a3d); }
.cover .missed { fill: var(--bad, #b3261e); }
.cover .open { fill: none; stroke: var(--dim, #5c6675); }
.cover .struck { stroke: var(--card, #fff); stroke-width: 2; fill: none; }
.cover .name { font-weight: bold; }
.cover .name .dim { font-weight: normal; }
.cover a:hover rect { stroke: var(--ink, #1c2330); stroke-width: 2; }
}
}

# ladder PARENT CASE: appends the drawing to PARENT.
proc ::drawing::ladder {parent case} {
    variable max_rows
    piece $parent "message ladder of [dict get $case id]" [ladder::rows $case $max_rows] 1 Inf
    return [$parent lastChild]
}

# ladders PARENT CASE: the same in pieces that follow each other without a gap, since paper can end between drawings, but not in one.
proc ::drawing::ladders {parent case} {
    variable max_rows
    variable sheet
    set label "message ladder of [dict get $case id]"
    set rows [piece $parent $label [ladder::rows $case $max_rows] 1 $sheet]
    for {set n 2} {[llength $rows]} {incr n} { set rows [piece $parent "$label, part $n" $rows 0 $sheet] }
}

# piece PARENT LABEL ROWS FIRST HEIGHT -> the rows that are left when the drawing is as high; the first says who is who.
proc ::drawing::piece {parent label rows first height} {
    variable left
    variable right
    set svg [markup::add $parent svg [list class ladder role img aria-label $label]]
    set y [expr {$first ? 30 : 0}]
    set top [expr {$first ? 20 : 0}]
    set life [list [line $svg life $left $top $left 0] [line $svg life $right $top $right 0]]
    if {$first} {
        write $svg $left 12 tester {text-anchor middle}
        write $svg $right 12 device {text-anchor middle}
        write $svg [expr {$left - 34}] 12 ms {class dim text-anchor end}
    }
    while {[llength $rows] && $y < $height} {
        set rows [lassign $rows row]
        if {[dict exists $row gap]} {
            write $svg [expr {($left + $right) / 2}] [incr y 16] "[dict get $row gap] more messages" \
                {class dim text-anchor middle}
            incr y 8
        } else {
            set y [message $svg $row $y]
        }
    }
    set last [expr {![llength $rows]}]
    if {$last} { incr y 6 }
    foreach l $life { $l setAttribute y2 $y }
    sized $svg [expr {$last ? $y + 4 : $y}]
    return $rows
}

# message SVG ROW Y -> Y below it: its words, its arrow, then what was bent and what failed.
proc ::drawing::message {svg row y} {
    variable left
    variable right
    variable columns
    set kind [ladder::kind $row]
    set class [expr {$kind in {missing lost} ? "gone" : ""}]
    foreach w [text::wrap [ladder::label $row] $columns] {
        write $svg [expr {$left + 14}] [incr y 15] $w [list class $class]
    }
    incr y 8
    write $svg [expr {$left - 12}] [expr {$y + 4}] [ladder::ms [dict get $row t_us]] {class dim text-anchor end}
    if {[dict get $row packet]} {
        write $svg [expr {$right + 12}] [expr {$y + 4}] "#[dict get $row packet]" {class dim}
    }
    arrow $svg [dict get $row from] $kind [dict get $row retransmit] $y
    incr y 4
    foreach b [dict get $row bent] { set y [bent $svg $b $y] }
    if {[dict get $row flag] ne ""} { set y [flag $svg [dict get $row flag] $y] }
    return [expr {$y + ([llength [dict get $row bent]] || [dict get $row flag] ne "" ? 11 : 5)}]
}

proc ::drawing::arrow {svg from kind again y} {
    variable left
    variable right
    lassign [expr {$from eq "tester" ? [list $left $right 1] : [list $right $left -1]}] x1 x2 dir
    set end [expr {$x2 - $dir * 3}]
    if {$kind in {lost missing}} { set end [expr {$x2 - $dir * ($kind eq "lost" ? 150 : 14)}] }
    line $svg "msg $kind[expr {$again && $kind ne "retransmit" ? " retransmit" : ""}]" [expr {$x1 + $dir * 2}] $y $end $y
    if {$kind in {lost missing}} {
        markup::add $svg path [list class cross d [format "M%d %dl10 10m0 -10l-10 10" [expr {$end - 5}] [expr {$y - 5}]]]
    } else {
        markup::add $svg path [list class head d [format "M%d %dl%d -5v10z" [expr {$x2 - $dir * 2}] $y [expr {-10 * $dir}]]]
    }
}

proc ::drawing::bent {svg bend y} {
    variable left
    variable columns
    set path [text::visible [dict get $bend path]]
    set old [text::visible [dict get $bend old]]
    set new [text::visible [dict get $bend new]]
    set room [expr {($columns - 14) / 3}]
    set t [write $svg [expr {$left + 14}] [incr y 14] "bent [text::cap $path $room]  " {class bent}]
    markup::add $t tspan {class was} [text::cap $old $room]
    markup::say $t " \u2192 "
    markup::add $t tspan {class new} [text::cap $new $room]
    markup::add $t title {} [text::cap "$path: $old \u2192 $new" 2000]
    return $y
}

proc ::drawing::flag {svg text y} {
    variable left
    variable columns
    incr y 5
    set x [expr {$left + 14}]
    line $svg pole $x $y $x [expr {$y + 15}]
    markup::add $svg path [list class flag d "M$x ${y}h13l-4 4l4 4h-13z"]
    incr y -3
    foreach w [text::wrap [text::cap [text::visible $text] 1000] [expr {$columns - 4}]] {
        write $svg [expr {$x + 20}] [incr y 14] $w {class flagged}
    }
    return [expr {$y + 4}]
}

proc ::drawing::write {svg x y text {attrs {}}} {
    if {[dict exists $attrs class] && [dict get $attrs class] eq ""} { dict unset attrs class }
    return [markup::add $svg text [dict merge [dict create x $x y $y] $attrs] $text]
}

proc ::drawing::line {svg class x1 y1 x2 y2} {
    return [markup::add $svg line [list class $class x1 $x1 y1 $y1 x2 $x2 y2 $y2]]
}

# coverage PARENT RESULTS ?PAGE?: a square per requirement, grouped by the section that it stands in, each a link to its
# row of the table in PAGE (which has links to its cases; with script, to the cases themselves). A state is a form, too: met
# is full, missed has a cross, not judged is hollow. Of a picture with hundreds of squares none stops the tabulator: the
# table has the same links.
proc ::drawing::coverage {parent r {page ""}} {
    variable size
    set svg [markup::add $parent svg {class cover role group aria-label "a square per requirement, by section"}]
    set y [legend $svg 0]
    dict for {document sections} [gate::sections $r] {
        set count {met 0 missed 0 open 0}
        dict for {section pairs} $sections { foreach {id state} $pairs { dict incr count $state } }
        dict with count {
            set words "$met of [expr {$met + $missed + $open}] met[expr {$missed ? ", $missed missed" : ""}][
                expr {$open ? ", $open not judged" : ""}]"
        }
        set t [write $svg 0 [expr {$y + 30}] "$document  " {class name}]
        markup::add $t tspan {class dim} $words
        incr y 38
        set x 0
        dict for {section pairs} $sections { lassign [squares $svg $r $page $section $pairs $x $y] x y }
        incr y $size
    }
    sized $svg [expr {$y + 2}]
    return $svg
}

proc ::drawing::legend {svg y} {
    set x 1
    foreach {state words} {met "met" missed "missed" open "not judged"} {
        square $svg $state $x $y
        write $svg [incr x 20] [expr {$y + 11}] $words {class dim}
        incr x [expr {8 * [string length $words] + 16}]
    }
    return [expr {$y + 14}]
}

# squares ... X Y -> {X Y} behind them: the number of a section, then its squares; what does not fit goes on below.
proc ::drawing::squares {svg r page section pairs x y} {
    variable width
    variable size
    set label [expr {7 * [string length $section] + 10}]
    if {$x + $label + $size > $width} { set x 0; incr y [expr {$size + 10}] }
    write $svg $x [expr {$y + 11}] $section {class dim}
    incr x $label
    foreach {id state} $pairs {
        if {$x + $size > $width} { set x 0; incr y [expr {$size + 10}] }
        set q [dict get $r requirements $id]
        set a [markup::add $svg a [list href "$page#req-$id" data-q [string tolower $id] tabindex -1]]
        square $a $state [expr {$x + 1}] $y
        markup::add $a title {} [text::cap "[dict get {met met missed missed open {not judged}} $state]: [dict get $q level
            ] [dict get $q text] ($id)" 400]
        incr x [expr {$size + 3}]
    }
    return [list [expr {$x + 14}] $y]
}

proc ::drawing::square {parent state x y} {
    variable size
    markup::add $parent rect [list class $state x $x y $y width $size height $size rx 2]
    if {$state eq "missed"} {
        markup::add $parent path [list class struck d "M[expr {$x + 3}] [expr {$y + 3}]l6 6m0 -6l-6 6"]
    }
}

proc ::drawing::sized {svg height} {
    variable width
    foreach {k v} [list viewBox "0 0 $width $height" width $width height $height] { $svg setAttribute $k $v }
}

# covered RESULTS -> coverage.svg
proc ::drawing::covered {r} { return [standalone coverage [matrix::together $r] report.html] }

# standalone WHAT ARGS... -> a stand-alone SVG document: `standalone ladder CASE`, `standalone coverage RESULTS PAGE`.
proc ::drawing::standalone {what args} {
    variable css
    set doc [dom createDocument g]
    try {
        set svg [$what [$doc documentElement] {*}$args]
        $svg setAttribute xmlns http://www.w3.org/2000/svg
        set style [$doc createElement style]
        $style appendChild [$doc createTextNode $css]
        $svg insertBefore $style [$svg firstChild]
        set back [$doc createElement rect]
        foreach {k v} {width 100% height 100% fill #fff} { $back setAttribute $k $v }
        $svg insertBefore $back [lindex [$svg childNodes] 1]
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n[$svg asXML -indent 1]"
    } finally {
        $doc delete
    }
}
