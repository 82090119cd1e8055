# profile.tcl - device profiles NAME.dut: what a device claims and how the lab reaches it. Read word by word without
# running anything; only the scripts of its own verbs are kept, for the driver's safe interpreter.
#
#   dut NAME { vendor .. product .. driver DRIVER {options} lab {..} claims {..} expect FILE verb NAME {script} }

namespace eval ::profile {
    variable keys {vendor product version driver lab claims expect verb}
    variable lab_keys {device-address tester-address device_ts tester_ts slots settle-ms rx-ms echo-ms install-ms port-base}
    # drivers whose device lives in network namespaces that we make
    variable in_netns {strongswan libreswan openiked ios}
    # the real ones among them, each of both releases
    variable daemons {strongswan strongswan:trixie libreswan libreswan:trixie openiked openiked:trixie}
    # how long a daemon in a guest may take to load a Child SA: 0.1 to 0.6 s were seen
    variable install_ms 2000
}

# The device that --dut names: self, self:BENT, DRIVER[:SUITE][:guest] (a daemon of that Debian release, in a guest with a kernel
# of its own) or a file. -> dict name vendor product version driver options lab claims verbs expect bent file netns
proc ::profile::find {word} {
    variable in_netns
    variable install_ms
    set d [dict create name $word vendor "" product "" version "" driver $word options {} lab {} claims {} verbs {} \
               expect "" bent "" file "" netns 0]
    if {$word eq "self"} {
        return [dict merge $d {name self product {built-in device}}]
    }
    if {[regexp {^self:(.+)$} $word - bent]} {
        ::cli::load_cases
        if {![::bent::exists $bent]} { ::cli::usage "--dut: [::parse::unknown "bent device" $bent [::bent::names]]" }
        return [dict merge $d [dict create name $word driver self bent $bent product "built-in device, bent"]]
    }
    if {[string match *.dut $word] || [string first / $word] >= 0} { return [read $word] }
    if {[file exists $word.dut]} { return [read $word.dut] }
    if {[regexp {^([a-z0-9-]+):([a-z]+)(:guest)?$} $word - driver first guest] && $driver in $in_netns} {
        set options {}
        set product $driver
        if {$first ne "guest"} {
            dict set options suite $first
            append product " of Debian $first"
        }
        if {$first eq "guest" || $guest ne ""} {
            dict set options kernel guest
            dict set d lab install-ms $install_ms
            append product " in a guest"
        }
        return [dict merge $d [dict create driver $driver product $product options $options netns 1]]
    }
    if {$word ni [drivers]} {
        ::cli::usage "--dut: [::parse::unknown "device" $word [lsort -unique [concat self [drivers]]]] Or the file of a profile, NAME.dut."
    }
    dict set d netns [expr {$word in $in_netns}]
    dict set d product $word
    if {$word eq "peer"} { return [dict merge $d [dict create product "built-in device, a process"] [::dut::peer::on_loopback]] }
    return $d
}

# Files of harness/dut that are drivers: they have a proc `create`.
proc ::profile::drivers {} {
    set names peer
    foreach f [lsort [glob -nocomplain -directory [file join $::ikespec::home harness dut] *.tcl]] {
        set name [file rootname [file tail $f]]
        if {[regexp "proc ::dut::${name}::create " [::parse::read_file $f]]} { lappend names $name }
    }
    return $names
}

proc ::profile::read {file} {
    variable in_netns
    variable install_ms
    if {[catch { ::parse::read_file $file } text]} { ::cli::usage "--dut: $file cannot be read" }
    set d [parse $text $file]
    if {[dict get $d driver] ni [drivers]} {
        ::parse::fail $file {*}[dict get $d driver_at] [::parse::unknown driver [dict get $d driver] [drivers]]
    }
    if {[dict exists $d options kernel] && [dict get $d options kernel] eq "guest"} {
        dict set d lab [dict merge [dict create install-ms $install_ms] [dict get $d lab]]
    }
    # a lab of namespaces is ours to make unless the profile says where the device stands
    dict set d netns [expr {[dict get $d driver] in $in_netns && ![dict exists $d lab device-address]}]
    check_claims $d $file
    return [dict remove $d driver_at claims_at]
}

proc ::profile::parse {text file} {
    variable keys
    variable lab_keys
    set commands [::parse::commands $text $file]
    if {[llength $commands] != 1 || [lindex $commands 0 0 0] ne "dut" || [llength [lindex $commands 0]] != 3} {
        ::parse::fail $file 1 1 {should be one block: dut NAME {key value ...}}
    }
    lassign [lindex $commands 0] - name block
    set d [dict create name [lindex $name 0] vendor "" product "" version "" driver "" options {} lab {} claims {} \
               verbs {} expect "" bent "" file $file netns 0 driver_at {1 1} claims_at {}]
    set words [::parse::words [lindex $block 0] $file {*}[lrange $block 2 3]]
    while {[llength $words]} {
        set words [lassign $words k]
        lassign $k key - line col
        if {$key ni $keys} { ::parse::fail $file $line $col [::parse::unknown key $key $keys] }
        if {![llength $words]} { ::parse::fail $file $line $col "key \"$key\" has no value" }
        set words [lassign $words v]
        lassign $v value kind vline vcol
        switch -- $key {
            driver {
                dict set d driver $value
                dict set d driver_at [list $vline $vcol]
                if {[lindex $words 0 1] eq "brace"} {
                    set words [lassign $words o]
                    dict set d options [pairs $o $file "an option of the driver"]
                }
            }
            lab {
                set lab [pairs $v $file "a lab key"]
                foreach {lk -} [::parse::words $value $file $vline $vcol] {
                    if {[lindex $lk 0] ni $lab_keys} {
                        ::parse::fail $file {*}[lrange $lk 2 3] [::parse::unknown "lab key" [lindex $lk 0] $lab_keys]
                    }
                }
                dict set d lab $lab
            }
            claims {
                dict set d claims [pairs $v $file "a claim"]
                dict set d claims_at [::parse::words $value $file $vline $vcol]
            }
            verb {
                if {![llength $words]} { ::parse::fail $file $vline $vcol "verb $value has no script" }
                set words [lassign $words script]
                if {$value ni [::dut::verbs]} { ::parse::fail $file $vline $vcol [::parse::unknown verb $value [::dut::verbs]] }
                dict set d verbs $value [lindex $script 0]
            }
            expect { dict set d expect [file join [file dirname $file] $value] }
            default { dict set d $key $value }
        }
    }
    if {[dict get $d driver] eq ""} { ::parse::fail $file {*}[lrange $block 2 3] "no driver is named: driver NAME {options}" }
    return $d
}

proc ::profile::pairs {word file what} {
    lassign $word value - line col
    set words [::parse::words $value $file $line $col]
    if {[llength $words] % 2} {
        ::parse::fail $file {*}[lrange [lindex $words end] 2 3] "\"[lindex $words end 0]\": $what without a value"
    }
    set d {}
    foreach {k v} $words { dict set d [lindex $k 0] [lindex $v 0] }
    return $d
}

# A claim nobody asks about is most likely a typing mistake.
proc ::profile::check_claims {d file} {
    ::cli::load_cases
    set known [concat [dict keys [::dut::claims [dict get $d driver] [dict get $d options]]] $::probe::lists]
    foreach id [::testcase::ids] {
        foreach n [dict get [::testcase::get $id] needs] { lappend known [lindex [split [string trimleft $n !] :] 0] }
    }
    foreach {k v} [dict get $d claims_at] {
        if {[lindex $k 0] ni $known} {
            ::parse::fail $file {*}[lrange $k 2 3] [::parse::unknown claim [lindex $k 0] [lsort -unique $known]]
        }
    }
}

# A value that may be env:NAME or file:NAME (relative to the profile). Never shown in a report.
proc ::profile::secret {value {base .}} {
    if {[regexp {^env:(.+)$} $value - name]} {
        if {![info exists ::env($name)]} { ::cli::usage "the environment has no $name (wanted by env:$name)" }
        return $::env($name)
    }
    if {[regexp {^file:(.+)$} $value - name]} {
        if {[catch { ::parse::read_file [file join $base $name] } text]} { ::cli::usage "file:$name cannot be read" }
        return [string trimright $text \n]
    }
    return $value
}

# What the device claims: the driver's word, and over it the profile's.
proc ::profile::claims {d} { dict merge [::dut::claims [dict get $d driver] [dict get $d options]] [dict get $d claims] }

# The expectation file that goes with it: the profile's, else the driver's, if there is one.
proc ::profile::expectations {d word} {
    if {$word eq "none"} { return "" }
    if {$word ne ""} { return $word }
    if {[dict get $d expect] ne ""} { return [dict get $d expect] }
    set beside [file rootname [dict get $d file]].expect
    if {[dict get $d file] ne "" && [file exists $beside]} { return $beside }
    # a daemon of another release, and one with another kernel, departs in other ways; without a list of its own the release
    # counts for more, as most cases are about IKE
    set options [dict get $d options]
    set suite [expr {[dict exists $options suite] ? "-[dict get $options suite]" : ""}]
    set guest [expr {[dict exists $options kernel] && [dict get $options kernel] eq "guest" ? "-guest" : ""}]
    foreach end [concat [list $suite$guest] [expr {$suite eq "" ? {} : [list $suite]}] [list $guest ""]] {
        set file [file join $::ikespec::home harness dut [dict get $d driver]$end.expect]
        if {[file exists $file]} break
    }
    # the bent built-in device is expected to fail, and not by a list
    if {[dict get $d bent] eq "" && [file exists $file]} { return $file }
    return ""
}
