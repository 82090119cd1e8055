# keytable.tcl - keys of IKE and Child SAs as Wireshark's tables have them, which is how a run's evidence keeps them: read, and
# used to open what is sealed.
#
#   keytable::read PATH             PATH: a folder with ikev2_decryption_table or esp_sa, or one of those, or what a case left
#                                   (RUN/cases/ID) -> TABLES; throws {IKESPEC USAGE ...} with file:line: what is wrong
#   keytable::message TABLES PARTS  PARTS: a datagram with SK, or its fragments in order -> {opened HANDLE} or {why WORDS}
#   keytable::packet TABLES ESP     {opened DICT}, DICT as ::ike::keyed packet gives it, or {why WORDS}

namespace eval ::keytable {
    variable columns {
        ikev2_decryption_table {spi_i spi_r ei er encr ai ar integ}
        esp_sa {family src dst spi encr key integ integ_key}
    }
    variable keys {ei er ai ar key integ_key}
}

proc ::keytable::read {path} {
    variable columns
    set names [dict keys $columns]
    if {[file isfile $path] && [file tail $path] in $names} {
        set files [list $path]
    } else {
        set files {}
        foreach folder [list $path $path/profiles/ikespec $path/wireshark/profiles/ikespec] {
            foreach name $names { if {[file isfile $folder/$name]} { lappend files $folder/$name } }
            if {[llength $files]} break
        }
        if {![llength $files]} { ::cli::usage "$path: holds no keys; [join $names { or }] are looked for, as the evidence of a case has them" }
    }
    set tables [dict map {name list} $columns { list }]
    foreach file $files {
        set n 0
        foreach line [split [::parse::read_file $file] \n] {
            incr n
            if {[string trim $line] eq "" || [string index $line 0] eq "#"} continue
            dict lappend tables [file tail $file] [row $file $n $line]
        }
    }
    return $tables
}

# Fields of one line, each bare or in quotes; {} when it is no such line.
proc ::keytable::fields {line} {
    set out {}
    set rest [string trim $line],
    while {$rest ne ""} {
        if {![regexp {^(?:"((?:[^"\\]|\\.)*)"|([^",]*)),(.*)$} $rest - quoted bare rest]} { return {} }
        lappend out $quoted$bare
    }
    return $out
}

proc ::keytable::row {file n line} {
    variable columns
    variable keys
    set names [dict get $columns [file tail $file]]
    set values [fields $line]
    if {[llength $values] != [llength $names]} {
        ::parse::fail $file $n 1 "[llength $values] fields; there are [llength $names]: [join $names {, }]"
    }
    set row {}
    foreach name $names value $values {
        if {$name in $keys} {
            regsub -nocase {^0x} $value {} value
            if {![regexp {^([0-9a-fA-F]{2})*$} $value]} { ::parse::fail $file $n 1 "$name is not hex" }
            set value [binary decode hex $value]
        } elseif {$name in {spi_i spi_r}} {
            if {![regexp {^[0-9a-fA-F]{16}$} $value]} { ::parse::fail $file $n 1 "$name \"$value\" is not 16 hex digits" }
            set value [string tolower $value]
        } elseif {$name eq "spi" && $value ne "*"} {
            if {![regexp -nocase {^0x[0-9a-f]{1,8}$} $value]} { ::parse::fail $file $n 1 "spi \"$value\" is neither 0x and hex digits nor *" }
        }
        dict set row $name $value
    }
    return $row
}

proc ::keytable::message {tables parts} {
    binary scan [lindex $parts 0] H16H16x3cu spi_i spi_r flags
    foreach row [dict get $tables ikev2_decryption_table] {
        if {[dict get $row spi_i] ne $spi_i || [dict get $row spi_r] ne $spi_r} continue
        # keys belong to who sends: I is set in what the original initiator sends (RFC 7296 3.1)
        lassign [expr {$flags & 8 ? {ei ai} : {er ar}}] key integ
        return [try_with [list ::ike::keyed message $parts [dict get $row encr] [dict get $row integ] [dict get $row $key] [dict get $row $integ]]]
    }
    return {why "no key for these SPIs"}
}

proc ::keytable::packet {tables bytes} {
    if {[binary scan $bytes Iu spi] != 1} { return {why "shorter than its SPI"} }
    set result [list why [format "no key for SPI 0x%08x" $spi]]
    foreach row [dict get $tables esp_sa] {
        if {[dict get $row spi] ne "*" && [dict get $row spi] != $spi} continue
        set result [try_with [list ::ike::keyed packet $bytes [dict get $row encr] [dict get $row integ] [dict get $row key] [dict get $row integ_key]]]
        if {[lindex $result 0] eq "opened"} break
    }
    return $result
}

proc ::keytable::try_with {command} {
    if {[catch $command result]} { return [list why $result] }
    return [list opened $result]
}
