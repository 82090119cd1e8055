# decode.tcl - captures, hex and debug logs into readable message trees: decode FILE.

namespace eval ::decode {}

# What lies in a file: packets as dicts {n t_us local remote proto bytes}.
proc ::decode::packets {file} {
    if {[catch { open $file rb } f]} { ::cli::usage "$file: cannot be read" }
    set data [read $f]
    close $f
    set magic [binary encode hex [string range $data 0 3]]
    if {$magic in {d4c3b2a1 a1b2c3d4 4d3cb2a1 a1b23c4d 0a0d0d0a}} { return [::ike::pcap read $file] }
    # raw octets of one message: its length field is right
    if {[string length $data] >= 28 && [binary scan $data x24Iu len] == 1 && $len == [string length $data]} {
        return [list [dict create bytes $data]]
    }
    return [hex $data]
}

# Hex text: runs of lines that are hex (with or without offsets and a text column); anything else parts messages.
proc ::decode::hex {text} {
    set packets {}
    set digits ""
    foreach line [concat [split $text \n] [list ""]] {
        regsub {^\s*(0x)?[0-9a-fA-F]{4,8}:\s} $line "" line           ;# 0x0010:  or  00000010:
        regsub {^\s*\d+:\s} $line "" line                               ;#   16: of strongSwan's dumps
        regsub {\s{2,}\S.*$} $line "" line                              ;# the text column
        set words [regexp -all -inline {\S+} $line]
        set ok [llength $words]
        foreach w $words { if {![regexp {^(0x)?([0-9a-fA-F]{2})+,?$} $w]} { set ok 0; break } }
        if {$ok} {
            foreach w $words { append digits [string map {0x {} , {}} $w] }
        } elseif {$digits ne ""} {
            lappend packets [dict create bytes [binary decode hex $digits]]
            set digits ""
        }
    }
    return $packets
}

# The IKE message in a packet: {bytes} with the non-ESP marker off, or "" with a reason.
proc ::decode::ike {p} {
    set bytes [dict get $p bytes]
    set port [lindex [split [expr {[dict exists $p remote] ? [dict get $p remote] : ""}] :] end]
    set from [lindex [split [expr {[dict exists $p local] ? [dict get $p local] : ""}] :] end]
    if {[dict exists $p proto] && [dict get $p proto] eq "esp"} { return [list "" "ESP"] }
    if {[string range $bytes 0 3] eq "\0\0\0\0" && [string length $bytes] >= 32} {
        return [list [string range $bytes 4 end] ""]
    }
    if {$bytes eq "\xff"} { return [list "" "NAT keepalive"] }
    if {4500 in [list $port $from]} { return [list "" "ESP in UDP"] }
    return [list $bytes ""]
}

proc ::decode::command {words o} {
    set file [lindex $words 0]
    if {$file eq ""} { ::cli::usage "ikespec decode: which file? A capture, hex text, or the octets of one message." }
    if {$file eq "-"} {
        fconfigure stdin -translation binary
        set all [hex [read stdin]]
    } else {
        set all [packets $file]
    }
    set n 0
    set bad 0
    foreach p $all {
        incr n
        set head "packet $n"
        if {[dict exists $p t_us]} { append head [format "   %.6f s" [expr {([dict get $p t_us] - [dict get [lindex $all 0] t_us]) / 1e6}]] }
        if {[dict exists $p local]} { append head "   [dict get $p local] > [dict get $p remote]" }
        lassign [ike $p] bytes other
        if {$other ne ""} { puts "$head   $other   [string length [dict get $p bytes]] octets\n"; continue }
        if {[catch { ::ike::msg decode $bytes } handle options]} {
            incr bad
            lassign [dict get $options -errorcode] - code offset field
            puts "$head   [string length $bytes] octets that are no message: $handle (octet $offset)\n"
            continue
        }
        puts "$head   [::text::visible [::ike::msg chain $handle]]"
        puts [::ike::msg tree $handle]
        foreach finding [::ike::msg lint $handle] {
            lassign $finding req text path
            puts "  finding   $req   [::text::visible $text]   $path"
        }
        puts ""
        ::ike::msg free $handle
    }
    puts "[::text::plural $n message messages], $bad unreadable"
    if {$n == 0} { ::cli::nothing "$file: holds no IKE message, neither as a capture nor as hex" }
    return [expr {$bad == $n}]
}

::cli::command decode {FILE} "captures, hex and debug logs into readable message trees; - reads hex" {} ::decode::command
