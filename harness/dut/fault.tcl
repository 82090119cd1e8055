# fault.tcl - what tells that a daemon has a defect of its own, whatever it answered: how it ended, and the lines in its log that
# only a broken program writes. Drivers build their verb `faults` from it.
#
#   fault::scan TEXT              list of {KIND LINE}: sanitizer, assertion, memory or signal, in the order of the log
#   fault::ended HANDLE NAME      {} while the process runs, else {{died "NAME ended by SIGSEGV"}}

source [file join [file dirname [file normalize [info script]]] process.tcl]

namespace eval ::fault {
    # for daemons built with sanitizers; nothing to others
    variable sanitizers {
        ASAN_OPTIONS=verify_asan_link_order=0:halt_on_error=1:detect_leaks=0:disable_coredump=0
        UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
    }
    # kind, and what its line looks like; the first that fits counts
    variable signs {
        sanitizer {(?:ERROR|WARNING): (?:Address|Memory|Thread|Leak)Sanitizer: .*}
        sanitizer {\S+:\d+:\d+: runtime error: .*}
        assertion {\S.*: Assertion `.*' failed\.?.*}
        assertion {.*ASSERTION FAILED.*}
        memory    {\*\*\* .* detected \*\*\*.*}
        memory    {(?:double free|free\(\): |malloc\(\): |realloc\(\): |corrupted |munmap_chunk\(\): ).*}
        signal    {.*\mthread \d+ received (?:4|6|7|8|11)$}
        signal    {.*\mlost child: .* signal \d+.*}
    }
}

proc ::fault::scan {text} {
    variable signs
    set found {}
    foreach line [split $text "\n"] {
        foreach {kind pattern} $signs {
            if {[regexp $pattern $line hit]} { lappend found [list $kind [string range [string trim $hit] 0 300]]; break }
        }
    }
    return $found
}

proc ::fault::ended {handle name} {
    if {$handle eq {} || [::process::running $handle]} { return {} }
    set how [::process::fate $handle]
    list [list died "$name ended by [expr {[string match SIG* $how] ? $how : "itself ($how)"}]"]
}
