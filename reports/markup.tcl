# markup.tcl - the one way text enters an XML or HTML tree: visible characters only, escaping by tdom.
if {[llength [info procs ::markup::add]]} return
package require tdom
source [file join [file dirname [info script]] text.tcl]
namespace eval ::markup {}

# add PARENT TAG ?{name value ...}? ?TEXT? -> the new element
proc ::markup::add {parent tag {attrs {}} {text ""}} {
    set doc [$parent ownerDocument]
    set node [$doc createElement $tag]
    foreach {name value} $attrs { $node setAttribute $name [text::visible $value] }
    if {$text ne ""} { $node appendChild [$doc createTextNode [text::visible $text]] }
    $parent appendChild $node
    return $node
}

# say PARENT TEXT: more text after what is there.
proc ::markup::say {parent text} {
    if {$text eq ""} return
    $parent appendChild [[$parent ownerDocument] createTextNode [text::visible $text]]
}

# lines PARENT TEXT: text that keeps its line ends (a ladder, an excerpt).
proc ::markup::lines {parent text} {
    set all [string map {\n ""} $text]
    if {[text::visible $all] ne $all} { set text [join [lmap l [split $text \n] { text::visible $l }] \n] }
    if {$text eq ""} return
    $parent appendChild [[$parent ownerDocument] createTextNode $text]
}
