# sample.tcl - what the tests share: the sample run, an empty run, and golden files.
namespace eval ::sample {
    variable here [file dirname [file normalize [info script]]]
    # texts that attack each format; every test puts them where a device's words may go
    variable hostile [list "\u001b\[2J\u0000\u0007\u009b31m" "a\rb\nc\u2028d\u0085e" {]]>} {<script>alert(1)</script>} \
        {"><img src=x onerror=alert(1)>} {</style></script><!--} {a|b|c} {`code` ``x`` ```} "\n```\n# heading\n" {* - + 1. _x_ **y** ~~z~~} \
        {[x](javascript:alert(1)) http://x/ www.x.y @all #1 !7} "\nok 1 - forged\n# TODO\nBail out!" "\n::error::x\n##vso\[x\]" \
        {end; loop #59; Note over T: x} {\u0041 \x41 \\ \n} {&lt;&amp;&#x41;} "\u202egnp.exe\u200b\ufeff" "\ud800 \ud83d\ude00" {--> <!-- ?> <?x} "   lead" "---" {$[exec id] {unbalanced} \}} ]
}
source [file join $::sample::here .. matrix.tcl]

proc ::sample::run {} { variable here; return [results::read [file join $here results.json]] }

# three devices: the sample, another that differs from it, and one on which only a few cases ran
proc ::sample::matrix {} { variable here; return [results::read [file join $here matrix.json]] }

# several TEXT -> two devices with TEXT in every free text
proc ::sample::several {text} {
    set a [with $text]
    set b $a
    dict set a device name "$text a"
    dict set b device name "$text b"
    set m [matrix::of [list a $a b $b]]
    return [results::decode [results::encode $m]]
}

# with TEXT -> the sample with TEXT in every free text of its cases and its device.
proc ::sample::with {text} {
    set r [run]
    foreach key {name driver vendor product version} { dict set r device $key $text }
    dict set r device claims [dict create $text $text]
    dict set r device vitals [dict create memory_kb [dict create before 1 after 2 most 3 case $text]]
    dict set r run id $text
    dict set r run suite $text
    dict set r run selection [list $text]
    dict set r requirements [dict map {id q} [dict get $r requirements] { dict set q text $text; dict set q section $text; set q }]
    dict set r cases [lmap c [dict get $r cases] {
        foreach key {title why hint reason signature file} { dict set c $key $text }
        dict set c tags [list $text]
        foreach key {failure expectation} {
            dict set c $key [dict map {k v} [dict get $c $key] { expr {$k in {step kind} ? $v : $text} }]
        }
        dict set c checks [lmap k [dict get $c checks] { dict set k expected $text; dict set k got $text; set k }]
        dict set c ladder [lmap s [dict get $c ladder] {
            dict set s text $text; dict set s flag $text
            dict set s bent [list [dict create path $text old $text new $text]]
            set s
        }]
        set c
    }]
    return $r
}

# without any case
proc ::sample::empty {} {
    return [results::decode [results::encode [results::finish [dict create format 1 ikespec 0.1.0 \
        run {id r seed 00 transport mem exit 5} device {name d driver self} requirements {} cases {}]]]]
}

# bad TEXT -> characters in TEXT that no report may hold (line ends are allowed).
proc ::sample::bad {text} {
    return [lsort -unique [regexp -all -inline {[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\ud800-\udfff\ufeff]} $text]]
}

proc ::sample::slurp {file} {
    set fd [open $file]
    fconfigure $fd -encoding utf-8 -translation lf
    try { return [read $fd] } finally { close $fd }
}

# golden NAME TEXT -> "same", or the first line that differs. UPDATE_GOLDEN=1 rewrites the file instead.
proc ::sample::golden {name text} {
    variable here
    set file [file join $here expected $name]
    if {[info exists ::env(UPDATE_GOLDEN)]} {
        file mkdir [file dirname $file]
        set fd [open $file w]
        fconfigure $fd -encoding utf-8 -translation lf
        puts -nonewline $fd $text
        close $fd
    }
    set want [slurp $file]
    if {$want eq $text} { return same }
    set n 0
    foreach a [split $want \n] b [split $text \n] {
        incr n
        if {$a ne $b} { return "line $n: want '$a', have '$b'" }
    }
}
