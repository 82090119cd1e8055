# drawing.tcl - the message ladder of a case, and the coverage picture, as SVG trees.
source [file join [file dirname [info script]] markup.tcl]
source [file join [file dirname [info script]] ladder.tcl]

namespace eval ::drawing {
    variable left 96 right 944 width 1040      ;# lifelines and drawing width
    variable columns 113                      ;# characters of 7.2 units that fit between them
    variable max_rows 120
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
.cover .open { fill: var(--line, #c3cad5); }
}
}

# ladder PARENT CASE: appends the drawing to PARENT.
proc ::drawing::ladder {parent case} {
    variable left
    variable right
    variable width
    variable max_rows
    set svg [markup::add $parent svg [list class ladder role img \
        aria-label "message ladder of [dict get $case id]"]]
    set y 30
    set life [list [line $svg life $left 20 $left 0] [line $svg life $right 20 $right 0]]
    write $svg $left 12 tester {text-anchor middle}
    write $svg $right 12 device {text-anchor middle}
    write $svg [expr {$left - 34}] 12 ms {class dim text-anchor end}
    foreach row [ladder::rows $case $max_rows] {
        if {[dict exists $row gap]} {
            write $svg [expr {($left + $right) / 2}] [incr y 16] "[dict get $row gap] more messages" \
                {class dim text-anchor middle}
            incr y 8
        } else {
            set y [message $svg $row $y]
        }
    }
    incr y 6
    foreach l $life { $l setAttribute y2 $y }
    foreach {name value} [list viewBox "0 0 $width [expr {$y + 4}]" width $width height [expr {$y + 4}]] {
        $svg setAttribute $name $value
    }
    return $svg
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
    arrow $svg [dict get $row from] $kind $y
    incr y 4
    foreach b [dict get $row bent] { set y [bent $svg $b $y] }
    if {[dict get $row flag] ne ""} { set y [flag $svg [dict get $row flag] $y] }
    return [expr {$y + ([llength [dict get $row bent]] || [dict get $row flag] ne "" ? 11 : 5)}]
}

proc ::drawing::arrow {svg from kind y} {
    variable left
    variable right
    lassign [expr {$from eq "tester" ? [list $left $right 1] : [list $right $left -1]}] x1 x2 dir
    set end [expr {$x2 - $dir * 3}]
    if {$kind in {lost missing}} { set end [expr {$x2 - $dir * ($kind eq "lost" ? 150 : 14)}] }
    line $svg "msg $kind" [expr {$x1 + $dir * 2}] $y $end $y
    if {$kind in {lost missing}} {
        markup::add $svg path [list class cross d [format "M%d %dl12 12m0 -12l-12 12" [expr {$end - 6}] [expr {$y - 6}]]]
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

# coverage PARENT GROUPS: one bar per document; GROUPS is {name {met n missed n open n} ...}.
proc ::drawing::coverage {parent groups} {
    set svg [markup::add $parent svg {class cover role img aria-label "requirements per document"}]
    set most 1
    foreach {name n} $groups { set most [expr {max($most, [dict get $n met] + [dict get $n missed] + [dict get $n open])}] }
    set y 0
    foreach {name n} $groups {
        write $svg 98 [expr {$y + 15}] $name {text-anchor end}
        set x 110
        set total 0
        foreach part {met missed open} {
            set count [dict get $n $part]
            if {!$count} continue
            incr total $count
            set w [expr {max(3, 640 * $count / $most)}]
            set bar [markup::add $svg rect [list class $part x $x y [expr {$y + 4}] width $w height 14]]
            markup::add $bar title {} "$name: $count $part"
            incr x $w
            incr x 1
        }
        write $svg [expr {$x + 8}] [expr {$y + 15}] "[dict get $n met] of $total met[
            expr {[dict get $n missed] ? ", [dict get $n missed] missed" : ""}]" {class dim}
        incr y 22
    }
    foreach {name value} [list viewBox "0 0 1040 [expr {max($y, 1)}]" width 1040 height [expr {max($y, 1)}]] {
        $svg setAttribute $name $value
    }
    return $svg
}

# standalone WHAT ARGS... -> a stand-alone SVG document: `standalone ladder CASE`, `standalone coverage GROUPS`.
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
