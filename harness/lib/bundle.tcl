# bundle.tcl - `bundle`: a run as one archive for whoever makes the device. It can be read on a machine that has neither ikespec
# nor a network: the page, the captures with their keys, what each failed case does, and a page that says where to begin.

namespace eval ::bundle {
    # never in a bundle: memory of a daemon holds whatever it holds
    variable never {core core.*}
    # not in a redacted one: keys, what only keys can open, and texts that nobody can read for every name in them
    variable private {environment.json events.jsonl device.log console.log wireshark wire.pcapng *.pcap repro.sh}
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
    file mkdir $stage
    file attributes $stage -permissions 0700
    try {
        set root [file join $stage $name]
        set keys [fill $dir $root [dict get $o --redact]]
        zip $stage $name $to [expr {$keys > 0}]
    } finally {
        file delete -force $stage $holder
    }
    puts $to
    if {$keys} {
        puts stderr "ikespec: warning: $to holds the session keys of [::text::plural $keys capture captures]:\
            whoever has it reads what they hold. bundle --redact leaves them out."
    }
    return 0
}

# fill DIR ROOT REDACT -> how many folders with keys are in ROOT, the copy of the run in DIR.
proc ::bundle::fill {dir root redact} {
    variable never
    variable private
    set leave $never
    if {$redact} { lappend leave {*}$private }
    copy $dir $root $leave
    set results [::results::read [file join $root results.json]]
    if {$redact} { rewrite $root $results } else { sources $root $results }
    ::report::put $root START.md [start $results $redact]\n
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

# Other addresses and identities in all that ROOT holds; reports are written again from the results.
proc ::bundle::rewrite {root results} {
    ::redact::start
    foreach f [find $root {*/clear.pcapng}] { ::redact::learn $f }
    foreach col [::matrix::columns $results] {
        foreach c [dict get $col cases] {
            foreach s [dict get $c ladder] {
                ::redact::learn_text [dict get $s text]
                foreach b [dict get $s bent] { ::redact::learn_bend [dict get $b path] [dict get $b old] [dict get $b new] }
            }
            foreach k [dict get $c checks] { ::redact::learn_text "[dict get $k expected] [dict get $k got]" }
            ::redact::learn_text "[dict get $c reason] [dict get $c signature]"
        }
    }
    ::redact::settle
    foreach f [find $root {*/clear.pcapng}] {
        ::redact::capture $f $f.new
        file rename -force $f.new $f
    }
    foreach f [find $root {*.json *.txt *.log *.svg *.html *.md *.xml *.tap *.sum}] {
        set text [::parse::read_file $f]
        ::runner::put $f [string trimright [::redact::text $text] \n]
    }
    # the hashes of the page are those of its own style and script: it is made again, from files that say so
    foreach f [find $root {*/results.json}] {
        set r [listed [file dirname $f] [::results::read $f]]
        ::results::write $f $r
        ::report::render [file dirname $f] "" [::results::read $f]
    }
    set left [remains $root]
    if {[llength $left]} { error "redacting left [join [lrange $left 0 4] {, }]" }
}

# The results with those files of their evidence that are there.
proc ::bundle::listed {dir r} {
    if {[::matrix::is $r]} {
        dict set r cases [lmap c [dict get $r cases] {
            dict set c cells [dict map {name cell} [dict get $c cells] { there $dir $cell }]
            set c
        }]
    } else {
        dict set r cases [lmap c [dict get $r cases] { there $dir $c }]
    }
    return $r
}
proc ::bundle::there {dir c} {
    set sub [dict get $c evidence dir]
    dict set c evidence files [lmap f [dict get $c evidence files] { if {![file exists [file join $dir $sub $f]]} continue; set f }]
    return $c
}

# What was learned and still stands somewhere: FILE: WORD ...
proc ::bundle::remains {root} {
    set out {}
    foreach f [find $root *] {
        set fd [open $f rb]
        set all [read $fd]
        close $fd
        foreach name [dict keys $::redact::names] {
            if {[string first $name $all] >= 0 || [string first [binary encode hex $name] $all] >= 0} { lappend out "[file tail $f]: $name" }
        }
        if {[string match *.pcapng $f]} continue
        foreach a [dict keys $::redact::addresses] {
            set word [::redact::shown $a]
            if {[dict exists [lreverse $::redact::addresses] $a]} continue
            if {[regexp "(^|\[^0-9a-f.:/])[string map {. \\.} $word](\$|\[^0-9a-f.:])" $all]} { lappend out "[file tail $f]: $word" }
        }
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
        append out "- Addresses and identities are not those of the lab; each has the same other one everywhere. Certificates are blank, and hashes
  over addresses (NAT_DETECTION_*) no longer fit. Keys, what needs keys, and the logs of the device were left out.
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

# zip STAGE NAME TO SECRET: with keys in it the archive is for its owner alone from the first octet on.
proc ::bundle::zip {stage name to secret} {
    package require zipfile::mkzip     ;# (of no use to any other command, and each waits for what is loaded at the start)
    set new $to.new
    close [open $new {WRONLY CREAT TRUNC} [expr {$secret ? 0600 : 0644}]]
    file attributes $new -permissions [expr {$secret ? 00600 : 00644}]
    try {
        # (its names are relative to this)
        ::zipfile::mkzip::mkzip $new -directory $stage
        file rename -force $new $to
    } finally {
        file delete $new
    }
}

::cli::command bundle {?RUN?} "a run as one archive for the vendor; --redact: other addresses and names, no keys, no logs" {--redact --to} ::bundle::command
