# decode.tcl - captures, hex and debug logs into readable message trees: decode FILE; and a router's log beside one of our
# own ladders: decode --beside RUN/ID LOG.
source [file join [file dirname [info script]] debuglog.tcl]
source [file join [file dirname [info script]] keytable.tcl]

namespace eval ::decode {}

proc ::decode::contents {file} {
    if {[catch { set f [open $file rb]; read $f } data options]} {
        catch { close $f }
        ::cli::usage "$file: cannot be read: [lindex [dict get $options -errorcode] 2]"
    }
    close $f
    return $data
}

# What lies in DATA, read from FILE: packets as dicts {t_us local remote proto bytes note}, of which hex has the octets only unless it
# begins with headers. TORN: where a capture that is damaged ends.
proc ::decode::packets {file data torn} {
    upvar 1 $torn why
    set why ""
    set magic [binary encode hex [string range $data 0 3]]
    if {$magic in {d4c3b2a1 a1b2c3d4 4d3cb2a1 a1b23c4d 0a0d0d0a}} {
        return [capture $file $data why]
    }
    # raw octets of one message: its length field is right
    if {[string length $data] >= 28 && [binary scan $data x24Iu len] == 1 && $len == [string length $data]} {
        return [list [dict create bytes $data]]
    }
    return [hex $data]
}
# (libpcap reads files only: what came from standard input becomes one)
proc ::decode::capture {file data torn} {
    upvar 1 $torn why
    set path $file
    if {$file eq "-"} {
        set f [file tempfile path]
        fconfigure $f -translation binary
        puts -nonewline $f $data
        close $f
    }
    set bad [catch { ::ike::pcap read $path why } all]
    if {$path ne $file} { file delete $path }
    if {$bad} { ::cli::usage [string map [list $path $file] $all] }
    set why [string map [list $path $file] $why]
    return $all
}

# Hex text: runs of lines that are hex; anything else, and an offset that begins anew, parts messages.
proc ::decode::hex {text} {
    set packets {}
    set digits ""
    foreach line [concat [split $text \n] [list ""]] {
        lassign [hex_line $line] offset octets
        # (the offset behind the last octet, alone)
        if {$offset eq "" && [regexp {^[0-9a-fA-F]{6,8}$} $octets] && [scan $octets %x] * 2 == [string length $digits]} { set octets "" }
        if {$octets eq "" && ($offset eq "" || $digits eq "")} { set offset 0 } elseif {$offset eq ""} { set offset -1 }
        if {$offset == 0 && $digits ne ""} {
            set bytes [binary decode hex $digits]
            set framed [::ike::pcap frame $bytes]
            lappend packets [if {$framed ne ""} { set framed } else { dict create bytes $bytes }]
            set digits ""
        }
        append digits $octets
    }
    return $packets
}

# hex_line LINE -> {offset digits}: the offset "" where there is none, the digits "" when the line is no hex. As tcpdump, tshark, Wireshark,
# xxd, hexdump -C, od and strongSwan write it, or octets alone.
proc ::decode::hex_line {line} {
    set offset ""
    if {[regexp {^\s*(?:0x)?([0-9a-fA-F]{4,8}):\s(.*)$} $line - offset line] || [regexp {^\s*(\d+):\s(.*)$} $line - offset line]} {
        # (the text column)
        regsub {\s{2,}\S.*$} [string trimleft $line] "" line
    } else {
        regsub {\s*\|.*$|(\S)\s{3,}\S.*$} $line {\1} line
        # an offset is what is longer than the octets behind it, or alone at the end
        if {[regexp {^\s*([0-9a-fA-F]{4,8})(?:\s+((?:[0-9a-fA-F]{2}\s+)*[0-9a-fA-F]{2}))\s*$} $line - offset octets]} { set line $octets }
    }
    set digits ""
    foreach w [regexp -all -inline {\S+} $line] {
        if {![regexp {^(?:0x)?((?:[0-9a-fA-F]{2})+),?$} $w - d]} { return [list "" ""] }
        append digits $d
    }
    return [list [if {$offset ne ""} { scan $offset %x }] $digits]
}

# The IKE message in a packet: {bytes} with the non-ESP marker off, or "" with a reason.
proc ::decode::ike {p} {
    set bytes [dict get $p bytes]
    set port [lindex [split [expr {[dict exists $p remote] ? [dict get $p remote] : ""}] :] end]
    set from [lindex [split [expr {[dict exists $p local] ? [dict get $p local] : ""}] :] end]
    if {[dict exists $p proto] && [dict get $p proto] == 50} { return [list "" "ESP"] }
    if {[dict exists $p proto] && [dict get $p proto] == 6} { return [stream $p] }
    if {[string range $bytes 0 3] eq "\0\0\0\0" && [string length $bytes] >= 32} {
        return [list [string range $bytes 4 end] ""]
    }
    if {$bytes eq "\xff"} { return [list "" "NAT keepalive"] }
    if {4500 in [list $port $from]} { return [list "" "ESP in UDP"] }
    return [list $bytes ""]
}

# The same for a message of a TCP stream (RFC 9329), where nothing is IKE without its marker.
proc ::decode::stream {p} {
    set bytes [dict get $p bytes]
    if {[string range $bytes 0 3] eq "\0\0\0\0"} { return [list [string range $bytes 4 end] ""] }
    if {$bytes eq "\xff"} { return [list "" "NAT keepalive in TCP"] }
    if {[string length $bytes] < 8} { return [list "" "too short for IKE or ESP in TCP"] }
    return [list "" "ESP in TCP"]
}

proc ::decode::command {words o} {
    set file [lindex $words 0]
    if {$file eq "" || [llength $words] > 1} { ::cli::usage "ikespec decode: one file: a capture, hex text, the octets of one message, or a router's debug output; - reads standard input" }
    if {$file eq "-"} {
        fconfigure stdin -translation binary
        set data [read stdin]
    } else {
        set data [contents $file]
    }
    set text [encoding convertfrom utf-8 $data]
    set log [expr {[string first \0 $data] < 0 && [::debuglog::is $text]}]
    if {$log && [dict get $o --keys] ne ""} { ::cli::usage "$file: a log has no octets that --keys could open" }
    if {[dict get $o --beside] ne ""} {
        if {!$log} { ::cli::usage "$file: --beside needs a router's log (debug crypto ikev2 packet), and there is no message of one in it" }
        return [beside [dict get $o --beside] [::debuglog::messages $text]]
    }
    if {$log} { return [logged [::debuglog::messages $text]] }
    set all [packets $file $data torn]
    return [octets $all $torn $file [keys $o]]
}

# A router's log as trees; 1 when nothing of it adds up.
proc ::decode::logged {messages} {
    set n 0
    set bad 0
    foreach m $messages {
        incr n
        puts "message $n   [dict get $m at]   [dict get {in received out {sent}} [dict get $m dir]]   [::text::visible [::debuglog::chain $m]]"
        puts [::debuglog::tree $m]
        set why [::debuglog::account $m]
        if {$why ne ""} { incr bad; puts "  finding   $why" }
        puts ""
    }
    puts "[::text::plural $n message messages] of a router's log, [expr {$n - $bad}] whole"
    return [expr {$bad == $n}]
}

# --- a log beside a ladder ----------------------------------------------------------------------------------------------

# The messages of a log, each once: a log of both ends, or of what was built and then sent, tells of it twice.
proc ::decode::once {messages} {
    set out {}
    foreach m $messages {
        set last [lindex $out end]
        if {$last ne {} && [key $m] eq [key $last] && [dict get $m length] == [dict get $last length]} {
            if {[llength [::debuglog::names $m]] > [llength [::debuglog::names $last]]} { lset out end $m }
            continue
        }
        lappend out $m
    }
    return $out
}

proc ::decode::key {m} { list [dict get $m exchange] [dict get $m kind] [dict get $m mid] }

# {exchange kind mid} and payloads of a row of a ladder, {} when it shows no IKE message.
proc ::decode::row {row} {
    if {![regexp {^(\S+) (request|response) (\d+) \[ ?(.*?) ?\]} [dict get $row text] - exchange kind mid names]} { return {} }
    list [list $exchange $kind $mid] [lmap n [split $names] { regsub {=.*$} $n {} }]
}

# Rows of both, side by side: list of {OURS THEIRS}, either may be {}. What is alike in exchange, kind and id belongs together.
proc ::decode::aligned {ladder messages} {
    set out {}
    set rest $messages
    foreach row $ladder {
        lassign [row $row] key
        if {$key eq {} || [dict get $row missing]} continue
        set at -1
        for {set i 0} {$i < [llength $rest]} {incr i} { if {[key [lindex $rest $i]] eq $key} { set at $i; break } }
        if {$at < 0} { lappend out [list $row {}]; continue }
        foreach m [lrange $rest 0 $at-1] { lappend out [list {} $m] }
        lappend out [list $row [lindex $rest $at]]
        set rest [lrange $rest $at+1 end]
    }
    foreach m $rest { lappend out [list {} $m] }
    return $out
}

# What differs between a row and the log's message: sentences.
proc ::decode::differs {row m} {
    set ours [lindex [row $row] 1]
    set theirs [::debuglog::names $m]
    set out {}
    # a log that shows the envelope only says nothing of what is inside, one that breaks off nothing of its end
    if {$theirs ne "SK" && $theirs ne {}} {
        set whole [expr {[::debuglog::account $m] eq ""}]
        foreach {a b text} [list $ours $theirs "only in ours" $theirs $ours "only in the log"] {
            if {!$whole && $text eq "only in ours"} continue
            set more $a
            foreach name $b { set i [lsearch -exact $more $name]; if {$i >= 0} { set more [lreplace $more $i $i] } }
            if {[llength $more]} { lappend out "$text: [join $more]" }
        }
        if {$out eq {} && $whole && $ours ne $theirs} { lappend out "in another order" }
    }
    if {[dict get $row len] != [dict get $m length]} { lappend out "length [dict get $row len], in the log [dict get $m length]" }
    return $out
}

proc ::decode::beside {spec messages} {
    lassign [::cli::run_case [list $spec]] dir id
    set all [dict get [::cli::results $dir] cases]
    set found [lsearch -all -inline -regexp [lmap c $all { dict get $c id }] "^[regsub -all {[][*+?.(){}^$|\\]} $id {\\&}](@\\w+)?(~\\d+)?\$"]
    if {$found eq {}} { ::cli::usage "$dir: [::parse::unknown case $id [lmap c $all { dict get $c id }]]" }
    set case [lindex [lmap c $all { if {[dict get $c id] ne [lindex $found 0]} continue; set c }] 0]
    if {![llength [dict get $case ladder]]} { ::cli::nothing "$spec has no ladder" }
    set rows [aligned [dict get $case ladder] [once $messages]]
    set width 56
    puts [format "  %10s     %-*s  %s" ms $width "[dict get $case id], as we saw it" "the router's log"]
    set counts {= 0 ~ 0 > 0 < 0}
    foreach pair $rows {
        lassign $pair row m
        set left {}
        set right {}
        set why {}
        set time ""
        if {$row ne {}} {
            set time [::ladder::ms [dict get $row t_us]]
            set left [::text::wrap [::ladder::label $row] [expr {$width - 1}]]
        }
        if {$m ne {}} { set right [::text::wrap "[::text::visible [::debuglog::chain $m]]" $width] }
        if {$row eq {}} { set mark < } elseif {$m eq {}} { set mark > } else {
            set why [differs $row $m]
            set mark [expr {[llength $why] ? "~" : "="}]
        }
        dict incr counts $mark
        foreach a $left b $right {
            puts [string trimright [format "  %10s  %s  %-*s  %s" $time $mark $width $a $b]]
            set time ""
            set mark " "
        }
        foreach w $why { foreach line [::text::wrap $w 100] { puts "               $line" } }
    }
    puts "[dict get $counts =] alike, [dict get $counts ~] differ, [dict get $counts >] only ours, [dict get $counts <] only in the log"
    if {[dict get $counts =] + [dict get $counts ~] == 0} { ::cli::nothing "the log and $spec have no message in common" }
    return [expr {[dict get $counts ~] > 0}]
}

# --- octets ---------------------------------------------------------------------------------------------------------------

# The key tables that --keys names, {} without: a folder or table, or RUN/ID, a case of ours.
proc ::decode::keys {o} {
    set word [dict get $o --keys]
    if {$word eq ""} { return {} }
    if {![file exists $word] && ![catch { ::cli::run_case [list $word] } found]} { set word [join $found /cases/] }
    return [::keytable::read $word]
}

# The line on an ESP packet, opened where a key fits.
proc ::decode::esp {bytes keys} {
    if {[binary scan $bytes IuIu spi seq] != 2} { return "[string length $bytes] octets" }
    set head [format "spi 0x%08x   seq %u   %d octets" $spi $seq [string length $bytes]]
    if {$keys eq {}} { return $head }
    lassign [::keytable::packet $keys $bytes] word d
    if {$word ne "opened"} { return "$head   not opened: $d" }
    if {[dict get $d next] == 59} { return "$head   a dummy" }
    if {[dict get $d next] ni {4 41}} { return "$head   next header [dict get $d next], [string length [dict get $d inner]] octets" }
    if {[catch { ::ike::inner parse [dict get $d inner] } in]} { return "$head   no IP packet inside: $in" }
    return "$head   [inner $in]"
}

# An inner packet in a line.
proc ::decode::inner {in} {
    set text "[dict get $in src] > [dict get $in dst]   [::ike::names ip_protocol [dict get $in protocol]]"
    foreach {key words} {echo_request "echo request" echo_reply "echo reply"} {
        if {[dict get $in $key]} { return "$text $words, id [dict get $in id] seq [dict get $in seq], [dict get $in total] octets" }
    }
    if {[dict get $in src_port] || [dict get $in dst_port]} { append text " [dict get $in src_port] > [dict get $in dst_port]" }
    return "$text, [dict get $in total] octets"
}

# A decoded message, opened where a key fits: {HANDLE NOTE}, HANDLE "" while fragments of it are still to come. The datagrams
# of such messages are kept in the variable `parts`: {KEY {NUMBER BYTES ...}}.
proc ::decode::opened {handle bytes keys} {
    variable parts
    set sealed [lindex [::ike::msg payloads $handle] end]
    if {$keys eq {} || ![regexp {^SK(F\(|$)} $sealed]} { return [list $handle ""] }
    set whole [list $bytes]
    set note ""
    if {$sealed ne "SK"} {
        lassign [lmap path {SKF.number SKF.total} { ::ike::msg get $handle $path }] number total
        set h [::ike::msg header $handle]
        set of [list [dict get $h spi_i] [dict get $h spi_r] [dict get $h kind] [dict get $h mid] $total]
        dict set parts $of $number $bytes
        if {[dict size [dict get $parts $of]] < $total} { return [list "" "fragment $number of $total"] }
        set whole [lmap n [lsort -integer [dict keys [dict get $parts $of]]] { dict get $parts $of $n }]
        set note "fragment $number of $total, and all of it:"
        dict unset parts $of
    }
    lassign [::keytable::message $keys $whole] word result
    if {$word ne "opened"} { return [list $handle "not opened: $result"] }
    ::ike::msg free $handle
    return [list $result $note]
}

# Packets with --keys or without: trees, and at the end where they are TORN off. 1 when nothing of it can be read.
proc ::decode::octets {all torn file keys} {
    variable parts {}
    set n 0
    set bad 0
    set notes 0
    foreach p $all {
        incr n
        set head "packet $n"
        if {[dict exists $p t_us]} { append head [format "   %.6f s" [expr {([dict get $p t_us] - [dict get [lindex $all 0] t_us]) / 1e6}]] }
        if {[dict exists $p local]} { append head "   [dict get $p local] > [dict get $p remote]" }
        if {[dict exists $p proto] && [dict get $p proto] == 6} { append head "   TCP" }
        if {[dict exists $p note]} { puts "$head   [dict get $p note]\n"; incr notes; continue }
        lassign [ike $p] bytes other
        if {[string match ESP* $other]} { puts "$head   $other   [esp [dict get $p bytes] $keys]\n"; continue }
        if {$other ne ""} { puts "$head   $other   [string length [dict get $p bytes]] octets\n"; continue }
        if {[catch { ::ike::msg decode $bytes } handle options]} {
            incr bad
            lassign [dict get $options -errorcode] - code offset field
            puts "$head   [string length $bytes] octets that are no message: $handle (octet $offset)\n"
            continue
        }
        lassign [opened $handle $bytes $keys] shown note
        if {$shown eq ""} {
            puts "$head   [::text::visible [::ike::msg chain $handle]]   $note\n"
            ::ike::msg free $handle
            continue
        }
        puts "$head   [::text::visible [::ike::msg chain $shown]][expr {$note ne "" ? "   $note" : ""}]"
        puts [::ike::msg tree $shown]
        foreach finding [::ike::msg lint $shown] {
            lassign $finding req text path
            puts "  finding   $req   [::text::visible $text]   $path"
        }
        puts ""
        ::ike::msg free $shown
    }
    if {$torn ne ""} { puts "packet [expr {$n + 1}]   $torn\n" }
    dict for {of got} $parts { puts "of a message in [lindex $of 4] fragments ([lindex $of 2] [lindex $of 3]) only [join [lsort -integer [dict keys $got]] {, }] came" }
    incr n -$notes
    puts "[::text::plural $n message messages], $bad unreadable[expr {$notes ? ", [::text::plural $notes {TCP stream} {TCP streams}] not read to the end" : ""}][expr {$torn ne "" ? ", the capture ends in the middle of a packet" : ""}]"
    if {$n + $notes == 0} { ::cli::nothing "$file: holds no IKE message, neither as a capture nor as hex" }
    return [expr {$bad == $n}]
}

::cli::command decode {FILE} "captures, hex and debug logs as message trees; - reads standard input" {--beside --keys} ::decode::command
