# bundle.tcl - `bundle`: a run as one archive for whoever makes the device. It can be read on a machine that has neither ikespec
# nor a network: the page, the captures with their keys, what each failed case does, and a page that says where to begin.

namespace eval ::bundle {
    # never in a bundle: memory of a daemon holds whatever it holds
    variable never {core core.*}
}

proc ::bundle::command {words o} {
    set dir [::cli::run_folder [expr {[llength $words] ? [lindex $words 0] : "latest"}]]
    set dir [file normalize $dir]
    if {![catch { file readlink $dir } target]} { set dir [file join [file dirname $dir] $target] }
    ::cli::results_of_any $dir
    set name ikespec-[file tail $dir]
    set to [dict get $o --to]
    if {$to eq ""} { set to $name.zip }
    if {[file exists $to]} { ::cli::usage "$to exists; nothing written" }
    set tmp [file tempfile holder]
    close $tmp
    set stage $holder.d
    ::cli::begin $stage $holder
    file mkdir $stage
    file attributes $stage -permissions 0700
    try {
        if {[dict get $o --redact]} { set keys [redacted $dir $stage $name] } else { set keys [whole $dir [file join $stage $name]] }
    } trap {POSIX ENOSPC} {why options} {
        throw [dict get $options -errorcode] "$stage, where the archive is put together, cannot be written: no space left on device; TMPDIR names another place"
    }
    ::cli::written $to { zip $stage $to [expr {$keys > 0}] }
    puts $to
    if {$keys} {
        puts stderr "ikespec: warning: $to holds the session keys of [::text::plural $keys capture captures]:\
            whoever has it reads what they hold. bundle --redact leaves them out."
    }
    return 0
}

# --- all of it -----------------------------------------------------------------------------------------------------------

# whole DIR ROOT -> how many folders with keys are in ROOT, the copy of the run in DIR.
proc ::bundle::whole {dir root} {
    variable never
    copy $dir $root $never
    set results [::results::read [file join $root results.json]]
    sources $root $results
    ::report::put $root START.md [start $results 0]\n
    return [llength [find $root {*/wireshark/ikev2_decryption_table}]]
}

# find ROOT PATTERNS ?BELOW? -> the files below it whose path matches one.
proc ::bundle::find {root patterns} {
    set out {}
    foreach f [lsort [glob -nocomplain -directory $root *]] {
        if {[file isdirectory $f]} { lappend out {*}[find $f $patterns]; continue }
        foreach p $patterns { if {[string match $p $f]} { lappend out $f; break } }
    }
    return $out
}

proc ::bundle::copy {from to leave} {
    file mkdir $to
    foreach f [glob -nocomplain -tails -directory $from * ] {
        set out 0
        foreach p $leave { if {[string match $p $f]} { set out 1 } }
        # (a link may lead anywhere)
        if {$out || [file type [file join $from $f]] eq "link"} continue
        if {[file isdirectory [file join $from $f]]} { copy [file join $from $f] [file join $to $f] $leave } else {
            file copy [file join $from $f] [file join $to $f]
        }
    }
}

# What each case with evidence does, in its own words.
proc ::bundle::sources {root results} {
    foreach col [::matrix::columns $results] {
        foreach c [dict get $col cases] {
            set folder [file join $root [dict get $col folder] cases [dict get $c id]]
            set file [file join $::ikespec::home [dict get $c file]]
            # (a name out of results.json is read below our own cases only)
            if {![file isdirectory $folder] || ![regexp {^cases/[a-z0-9-]+/[a-z0-9-]+\.tcl$} [dict get $c file]] || ![file readable $file]} continue
            file copy -force $file [file join $folder case.tcl]
        }
    }
}

# --- with other names ----------------------------------------------------------------------------------------------------

# redacted DIR STAGE NAME -> 0, the keys that are in it. Nothing of the run is copied: what is in the folder is made of results.json
# and of the clear captures, both gone over; the rest (keys, what only keys open, logs, files nobody knows) stays where it is.
proc ::bundle::redacted {dir stage name} {
    set runs [runs $dir]
    ::redact::start
    machine $dir
    dict for {folder r} $runs {
        ::redact::results $r
        foreach c [captures $dir $folder $r] { ::redact::capture [file join $dir $folder $c] }
    }
    ::redact::settle
    set root [file join $stage [::redact::text $name]]
    dict for {folder r} $runs {
        set new [::redact::results $r]
        set to [file join $root [::redact::text $folder]]
        foreach c [captures $dir $folder $r] {
            # (as evidence.dir says)
            set file [file join $to [::redact::text [file dirname $c]] [file tail $c]]
            file mkdir [file dirname $file]
            ::redact::capture [file join $dir $folder $c] $file
        }
        write $to $new
        if {$folder eq ""} { ::report::put $root START.md [start $new 1]\n }
    }
    set left [remains $root]
    if {[llength $left]} { error "redacting left [join [lrange $left 0 4] {, }]" }
    return 0
}

# The results in DIR by folder: its own, and of several devices those of each.
proc ::bundle::runs {dir} {
    set r [::results::read [file join $dir results.json]]
    set runs [dict create "" $r]
    if {[::matrix::is $r]} {
        foreach d [dict get $r devices] {
            set file [file join $dir [dict get $d folder] results.json]
            if {[file exists $file]} { dict set runs [dict get $d folder] [::results::read $file] }
        }
    }
    return $runs
}

# The clear captures of a run, relative to it. (Those of several devices are in the run of each.)
proc ::bundle::captures {dir folder r} {
    if {[::matrix::is $r]} return
    lmap c [dict get $r cases] {
        set file [file join [dict get $c evidence dir] clear.pcapng]
        set path [file join $dir $folder $file]
        # (a link may lead anywhere)
        if {[dict get $c evidence dir] eq "" || ![file exists $path] || [file type $path] ne "file"} continue
        set file
    }
}

# What environment.json and the profile of the device say of this machine and the lab is nobody's business.
proc ::bundle::machine {dir} {
    foreach name [list [info hostname] $::tcl_platform(user)] { if {$name ne ""} { ::redact::name $name } }
    foreach file [find $dir {*/environment.json}] {
        # (a run that was killed may have half of it)
        if {[catch { ::run::read_environment [file dirname $file] } said]} continue
        set said [dict merge {host "" folder "" dut "" expect ""} $said]
        if {[dict get $said host] ne ""} { ::redact::name [dict get $said host] }
        foreach key {folder expect dut} { if {[string match */* [dict get $said $key]]} { ::redact::path [dict get $said $key] } }
        foreach f [list [dict get $said dut] [dict get $said dut].dut] {
            set f [file join [dict get $said folder] $f]
            if {[string match *.dut $f] && [file isfile $f]} { catch { profile [::profile::parse [::parse::read_file $f] $f] $f } }
        }
    }
}

# How the lab reaches the device: addresses, names, and passwords.
proc ::bundle::profile {d file} {
    foreach value [concat [dict values [dict get $d options]] [dict values [dict get $d lab]]] {
        catch { set value [::profile::secret $value [file dirname $file]] }
        ::redact::text $value
        # (of a word of ours nobody learns anything, and it may be any option: kernel guest)
        if {[string is alnum $value] && [dict exists $::redact::words [string tolower $value]]} continue
        if {[regexp {[[:alpha:]]} $value] && [::redact::octets $value] eq "" && [::redact::groups $value] eq ""} { ::redact::name $value }
    }
}

# A run with its reports; what is said of the evidence is what is there.
proc ::bundle::write {dir r} {
    set there {c {
        if {[dict get $c evidence dir] eq ""} { return $c }
        set names [lmap f [dict get $c evidence files] { if {$f ni {case.log clear.pcapng ladder.svg ladder.txt}} continue; set f }]
        dict set c evidence files $names
    }}
    if {[::matrix::is $r]} {
        dict set r cases [lmap c [dict get $r cases] { dict set c cells [dict map {- cell} [dict get $c cells] { apply $there $cell }] }]
    } else {
        dict set r cases [lmap c [dict get $r cases] { apply $there $c }]
        foreach c [dict get $r cases] {
            if {[dict get $c evidence dir] eq ""} continue
            set folder [file join $dir [dict get $c evidence dir]]
            file mkdir $folder
            ::runner::put [file join $folder case.log] [::runner::case_log $c]
        }
    }
    file mkdir $dir
    ::results::write [file join $dir results.json] $r
    ::report::render $dir "" $r
}

# Files of ROOT in which something that was learned still stands: FILE: WHAT ... Looked for anew in what was written.
proc ::bundle::remains {root} {
    set out {}
    foreach f [find $root *] {
        set fd [open $f rb]
        set all [read $fd]
        close $fd
        set kind [switch -- [file extension $f] { .pcapng { set - capture } .json - .log - .txt { set - text } default { set - format } }]
        foreach what [::redact::left $all $kind] { lappend out "[file tail $f]: $what" }
    }
    return $out
}

proc ::bundle::start {r redact} {
    lassign [::gate::sentence $r] - headline detail
    set names [lmap col [::matrix::columns $r] { dict get $col device name }]
    set out "# [::text::visible "[join $names {, }]"]: [::text::visible $headline]\n\n[::text::visible $detail]\n"
    append out "
- `report.html` opens in any browser, offline: what failed, why it matters, and every message.
- `cases/<case>/ladder.txt` has the messages of a case, `case.log` what was expected and what came.
- `cases/<case>/clear.pcapng` opens in Wireshark or tshark as it is: inner payloads in place of the encrypted ones.
"
    if {$redact} {
        append out "- Addresses and identities are not those of the lab; each has the same other one everywhere, as long as it was. Blank are certificates,
  AUTH, what passwords could be tried on (EAP), tickets, private notifies and attributes, what packets inside carry, what is sealed, and
  what stands behind a wrong length. NAT_DETECTION hashes are made anew. Keys, what needs keys, and the logs of the device were left out.
"
    } else {
        append out "- `cases/<case>/wire.pcapng` is what was on the wire. It opens decrypted (a shell, in the folder of the case):
  `WIRESHARK_CONFIG_DIR=\$PWD/wireshark wireshark -C ikespec -r wire.pcapng`
- `cases/<case>/case.tcl` is what the tester did; `repro.sh` does it again where ikespec is installed.

The `wireshark` folders hold the session keys of these captures. They open nothing else, but they do open these.
"
    }
    return $out
}

# zip STAGE TO SECRET: with keys in it the archive is for its owner alone from the first octet on.
proc ::bundle::zip {stage to secret} {
    package require zipfile::mkzip     ;# (of no use to any other command, and each waits for what is loaded at the start)
    set new $to.new
    ::cli::begin $new
    close [open $new {WRONLY CREAT TRUNC} [expr {$secret ? 0600 : 0644}]]
    file attributes $new -permissions [expr {$secret ? 00600 : 00644}]
    # (its names are relative to this)
    ::zipfile::mkzip::mkzip $new -directory $stage
    ::cli::going
    file rename -force $new $to
}

::cli::command bundle {?RUN?} "a run as one archive for the vendor; --redact: other addresses and names, no keys, no logs" {--redact --to} ::bundle::command
