# cli.tcl - the command line: one table of commands and their flags; parsing, help and exit codes. A word it does not
# know is answered with what is allowed and the nearest match, and nothing is run.
#
# Exit codes: the table below.

namespace eval ::cli {
    # command -> {words help {flag ...} procedure}; words: what may follow, for the usage line
    variable commands {}
    # those that come to an end, with reports and an exit code, even if the reader of what they say has gone (`| head`)
    variable outcomes {demo doctor probe run rerun replay report diff merge bundle expect prove lint fuzz}
    # those that a signal stops at once, wherever they are: no case runs there. What they had begun is put away.
    variable stoppable {report diff merge bundle expect coverage lint list show decode completion manual help version new}
    variable interrupted 0
    variable begun {}     ;# files and folders that are in nobody's way only when a command has come to its end
    variable exits {
        0 "all as expected and at least one case ran"
        1 "unexpected non-conformance"
        2 "interrupted (reports written)"
        3 "our fault"
        4 "usage or a wrong file, nothing ran"
        5 "nothing selected"
        6 "more SHOULD warnings than allowed"
        7 "lab or device unusable"
    }
    # flag -> {kind default help}; kind: bool, int, word (anything), count, or a list of allowed words
    variable flags {
        --dut        {word self "the device: self, self:BENT, a driver's name, or a file NAME.dut"}
        --seed       {hex "" "64-bit seed in hex; the same seed sends the same octets"}
        --suite      {word "" "smoke, core, full, interop: a file of cases/suites"}
        --repeat     {int 1 "run each case that often"}
        --jobs       {int 0 "worker processes; 0: two a core where each gets a device of its own (one a core for guests), else 1"}
        --shard      {word "" "i/n: the i-th of n parts, by a stable hash of the case id"}
        --max-time   {int 0 "stop starting cases after that many seconds"}
        --fail-fast  {bool 0 "stop at the first unexpected failure"}
        --pause-on-fail {bool 0 "wait for Return after a failure, the device left as it is"}
        --time-scale {real 1 "multiply every wait, for slow devices"}
        --evidence   {{fail all none} fail "which cases leave captures and ladders"}
        --expect     {word "" "expectation file; default: that of the profile or driver, `none` for none"}
        --gate       {{ci release report-only} ci "what closes the gate"}
        --max-warn   {int -1 "SHOULD warnings allowed before exit 6; -1: any number"}
        --out        {word "" "the run folder, in place of reports/runs/STAMP-SEED"}
        --odd        {bool 0 "in place of that: each case against devices that are odd and good, which none may fail"}
        --tally      {bool 0 "end with the line N passed, N failed, N skipped"}
        -q           {bool 0 "only the last lines"}
        -v           {count 0 "a line per case; -vv: also the ladder of each failure"}
        --beside     {word "" "RUN/ID: lay the router's log in FILE beside the ladder of that case"}
        --keys       {word "" "RUN/ID, or a folder with ikev2_decryption_table or esp_sa as Wireshark has them: what these keys open is shown open"}
        --driver     {word self "driver of the new profile"}
        --listen     {word "" "address to answer on"}
        --connect    {word "" "address to initiate to"}
        --port-base  {int 0 "P: 500 becomes P, 4500 becomes P+4000, so no root is needed"}
        --psk        {word "not a secret" "pre-shared key, or env:NAME, file:NAME"}
        --id         {word "" "own identity, such as FQDN:d.lab"}
        --peer-id    {word any "the other's identity"}
        --name       {word "" "name of the lab; by default that of the device"}
        --setup      {word psk "named setup of cases/setups"}
        --bend       {list {} "a ruling to turn round or a bent device; may be repeated"}
        --control    {bool 0 "take commands on standard input (used by demo)"}
        --for        {int 0 "end after that many seconds"}
        --recover    {bool 0 "rebuild results.json from events.jsonl first"}
        --format     {list {} "only these: junit tap ctrf sum summary html ladder coverage badge claims xunit"}
        --step       {bool 0 "wait for Return before each message"}
        --all        {bool 0 "also what is not selected, and why"}
        --json       {bool 0 "machine-readable"}
        --attempts   {int 0 "messages to send; 0: 2000, or what --max-time allows"}
        --state      {list {} "only these states of an exchange, such as auth,rekey-child"}
        --redact     {bool 0 "other addresses and identities, no keys, no logs of the device, nothing that names this machine"}
        --to         {word "" "file to write"}
    }
}

# command NAME {usage words} {one line of help} {flags} {procedure name} : how the other files add a command.
proc ::cli::command {name words help flags proc} {
    variable commands
    dict set commands $name [dict create words $words help $help flags $flags proc $proc]
}

# --- ends ----------------------------------------------------------------------------------------------------------

proc ::cli::usage {text} { throw {IKESPEC USAGE} $text }
proc ::cli::nothing {text} { throw {IKESPEC NOTHING} $text }
proc ::cli::unusable {text} { throw {IKESPEC LAB} $text }

# The exit code that an errorCode means; 3 (our fault) for what nobody foresaw.
proc ::cli::exit_code {code} {
    switch -glob -- $code {
        {IKESPEC USAGE*} { return 4 }
        {IKESPEC NOTHING*} { return 5 }
        {IKESPEC LAB*} - {DUT LAB*} - {DUT DEAD*} { return 7 }
        {DUT CONFIG*} { return 4 }
        {IKE INTERRUPTED*} { return 2 }
        {POSIX EPIPE*} { return 0 }
        {POSIX ENOSPC*} - {POSIX EDQUOT*} - {POSIX EIO*} - {POSIX EFBIG*} - {POSIX EROFS*} { return 7 }
        {POSIX EACCES*} - {POSIX EPERM*} - {POSIX ENOTDIR*} - {POSIX EISDIR*} - {POSIX ENAMETOOLONG*} - {POSIX ELOOP*} { return 4 }
    }
    return 3
}

proc ::cli::main {argv} {
    fconfigure stdout -encoding utf-8
    fconfigure stderr -encoding utf-8
    set ::ikespec::argv $argv
    # (once it is at its end, what still comes is only noted)
    set failed [catch { try { dispatch $argv } finally { at_end } } result options]
    put_away
    if {$failed} {
        # (whatever the interruption made of it)
        set code [if {$::cli::interrupted} { set - 2 } else { exit_code [dict get $options -errorcode] }]
        catch { flush stdout }
        if {$code == 3} {
            catch { puts stderr "ikespec: our fault: $result\n[dict get $options -errorinfo]" }
        } elseif {$code == 2} {
            catch { puts stderr "ikespec: interrupted" }
        } elseif {$code != 0} {
            # (it may say what is in a file that is no text)
            regsub {^error (?:writing|flushing) "std(out|err)"} $result {standard \1put cannot be written} result
            catch { puts stderr [join [lmap line [split $result \n] { ::text::visible $line }] \n] }
        }
        set result $code
    }
    catch { ::dut::destroy-all }
    return $result
}

proc ::cli::dispatch {argv} {
    variable commands
    variable outcomes
    set argv [lassign $argv name]
    switch -- $name {
        "" - -h - --help { set name help; if {$name eq ""} { set argv {} } }
        -V - --version { set name version }
    }
    if {![dict exists $commands $name]} {
        usage "ikespec: [::parse::unknown command $name [visible]]"
    }
    lassign [flags $name $argv] options words
    if {[dict exists $options --help]} { return [help [list $name] {}] }
    set most [most $name]
    if {$most ne "" && [llength $words] > $most} {
        usage "ikespec $name: [::text::plural [expr {[llength $words] - $most}] {word too many} {words too many}]: [lrange $words $most end]; usage:\
            [string trimright "ikespec $name [dict get $commands $name words]"]"
    }
    if {$name in $outcomes} { ::ike::outlet }
    if {$name in $::cli::stoppable} {
        set ::results::before_save ::cli::saving
        ::ike::on-interrupt ::cli::stop
    }
    set result [[dict get $commands $name proc] $words $options]
    if {![string is integer -strict $result]} { set result 0 }
    flush stdout
    if {$name in $outcomes && [set why [::ike::outlet lost]] ne ""} {
        puts stderr "ikespec $name: standard output cannot be written: $why; all else was done"
        set result [::gate::worst [list $result 7]]
    }
    return $result
}

# An error once the command was interrupted: the last word before something takes its place for good, as whatever was going on when the
# signal came may have put up with the error.
proc ::cli::going {} {
    variable interrupted
    if {$interrupted} { throw {IKE INTERRUPTED} interrupted }
}

# A signal came, and again and again until the command has come to its end: in the middle of it an error. (Above it are `dispatch`
# and `main`, which look after that: there it is one only when it has been none before.)
proc ::cli::stop {} {
    variable interrupted
    set first [expr {!$interrupted}]
    set interrupted 1
    set above [expr {[info level] <= 3}]
    if {$above} { at_end }
    if {$first || !$above} { going }
}

# Something is about to be written beside the file that it replaces, or to take its place.
proc ::cli::saving {new} {
    begin $new
    going
}

# From here on nothing stops the command.
proc ::cli::at_end {} { if {$::results::before_save ne ""} { ::ike::on-interrupt { set ::cli::interrupted 1 } } }

# begin PATH...: is deleted when the command has come to its end, whatever that is.
proc ::cli::begin {args} {
    variable begun
    foreach path $args { dict set begun $path 1 }
}
# keep PATH: what had begun there is whole.
proc ::cli::keep {path} {
    variable begun
    dict unset begun $path
}
proc ::cli::put_away {} {
    variable begun
    foreach path [dict keys $begun] { catch { file delete -force $path } }
    set begun {}
}

# How many words may follow a command, "" for any number.
proc ::cli::most {name} {
    variable commands
    set words [dict get $commands $name words]
    if {[string first ... $words] >= 0 || [dict get $commands $name help] eq ""} { return "" }
    # (those of a flag are its own)
    return [llength [regsub -all -- {--\S+ \S+} $words ""]]
}

# written FILE BODY: BODY writes what the user named; that it cannot is no fault of ours. What BODY says may name a file more exactly.
proc ::cli::written {file body} {
    try { uplevel 1 $body } trap POSIX {why options} {
        set code [dict get $options -errorcode]
        if {![regexp { cannot be written: |^error copying } $why]} { set why "$file cannot be written: [lindex $code 2]" }
        # (a full disk is no wrong file)
        if {[lindex $code 1] in {ENOSPC EDQUOT EIO EFBIG}} { return -code error -errorcode $code $why }
        usage $why
    }
}

# In the order in which people meet them.
proc ::cli::visible {} {
    variable commands
    set order {demo init doctor probe lab list show run rerun replay open report diff merge bundle expect prove coverage lint new fuzz shell peer decode completion manual help version}
    set known [lmap {n c} $commands { if {[dict get $c help] eq ""} continue; set n }]
    return [concat [lmap n $order { if {$n ni $known} continue; set n }] [lmap n $known { if {$n in $order} continue; set n }]]
}

# flags NAME ARGV -> {options words}: options has every flag of the command, words what is no flag. Who asks for help, wherever on the
# line, wants nothing else: options has --help.
proc ::cli::flags {name argv} {
    variable commands
    variable flags
    set allowed [dict get $commands $name flags]
    set options {}
    foreach f $allowed { dict set options $f [lindex [dict get $flags $f] 1] }
    set words {}
    variable typed {}    ;# flags that were on the command line
    while {[llength $argv]} {
        set argv [lassign $argv word]
        if {$word eq "--"} { lappend words {*}$argv; break }
        # the flags of another program's command line are its own
        if {$name eq "lab" && $word eq "enter"} { lappend words $word {*}$argv; break }
        if {![regexp {^-(-?[a-z][a-z-]*)(=(.*))?$} $word - flag given value]} { lappend words $word; continue }
        set flag -$flag
        if {$flag in {-h --help}} { return {{--help 1} {}} }
        if {$flag eq "-vv" && "-v" in $allowed} { dict set options -v 2; continue }
        lappend typed $flag
        if {$flag ni $allowed} {
            usage "ikespec $name: [::parse::unknown flag $flag $allowed]"
        }
        lassign [dict get $flags $flag] kind
        if {$kind in {bool count}} {
            if {$given ne ""} { usage "ikespec $name: $flag takes no value" }
            dict set options $flag [expr {$kind eq "bool" ? 1 : [dict get $options $flag] + 1}]
            continue
        }
        if {$given eq ""} {
            if {![llength $argv]} { usage "ikespec $name: $flag needs a value: [lindex [dict get $flags $flag] 2]" }
            set argv [lassign $argv value]
        }
        dict set options $flag [value $name $flag $kind $value [dict get $options $flag]]
    }
    return [list $options $words]
}

# The word that says what a command is to do.
proc ::cli::verb {name word allowed} {
    if {$word eq ""} { usage "ikespec $name: what? [join $allowed {, }]" }
    if {$word ni $allowed} { usage "ikespec $name: [::parse::unknown word $word $allowed]" }
}

proc ::cli::value {name flag kind value before} {
    switch -- $kind {
        word { return $value }
        list { return [concat $before [split $value ,]] }
        int {
            if {![string is entier -strict $value] || $value < -1} { usage "ikespec $name: $flag \"$value\" is not a number of 0 or more" }
            return $value
        }
        real {
            if {![string is double -strict $value] || $value <= 0} { usage "ikespec $name: $flag \"$value\" is not a number above 0" }
            return $value
        }
        hex {
            if {![regexp -nocase {^(0x)?([0-9a-f]{1,16})$} $value - - digits]} {
                usage "ikespec $name: $flag \"$value\" is not a number of up to 16 hex digits"
            }
            return [string tolower $digits]
        }
    }
    if {$value ni $kind} { usage "ikespec $name: $flag: [::parse::unknown word $value $kind]" }
    return $value
}

# --- help and version ------------------------------------------------------------------------------------------------

proc ::cli::help {words options} {
    variable commands
    variable flags
    set name [lindex $words 0]
    if {$name eq ""} {
        item "" "ikespec $::ikespec::version - a conformance tester for IKEv2 and ESP"
        puts ""
        puts "usage: ikespec COMMAND ...\n"
        foreach n [visible] {
            item [format "  %-10s " $n] [dict get $commands $n help]
        }
        puts ""
        item "" "ikespec help COMMAND tells its flags; ikespec help selectors, verdicts, exit: the words they use."
        return 0
    }
    switch -- $name {
        selectors { puts [string trim $::select::help \n]; return 0 }
        exit {
            foreach {code words} $::cli::exits { puts "$code $words" }
            return 0
        }
        verdicts {
            foreach {v words} $::gate::words { puts [format "%-13s %s" $v $words] }
            return 0
        }
    }
    if {![dict exists $commands $name]} {
        usage "ikespec help: [::parse::unknown command $name [concat [visible] selectors verdicts exit]]"
    }
    set c [dict get $commands $name]
    puts "usage: [string trimright "ikespec $name [dict get $c words]"]\n"
    item "  " [dict get $c help]
    puts ""
    foreach f [dict get $c flags] {
        lassign [dict get $flags $f] - - text
        item [format "  %-28s " $f[argument $f]] $text
    }
    return 0
}

# A word and what it means, in lines of the terminal; in a narrow one the meaning has lines of its own.
proc ::cli::item {head text} {
    set wide [columns]
    set indent [string length $head]
    if {$indent > $wide / 2} { puts [string trimright $head]; set head [string repeat " " [set indent 8]] }
    foreach line [::text::wrap $text [expr {$wide - $indent}]] {
        puts $head$line
        set head [string repeat " " $indent]
    }
}

# Columns of the terminal; 100 where there is none.
proc ::cli::columns {} {
    set n [if {[info exists ::env(COLUMNS)]} { set ::env(COLUMNS) }]
    if {![string is integer -strict $n]} { catch { set n [lindex [exec stty size <@stdin 2>/dev/null] 1] } }
    expr {[string is integer -strict $n] && $n > 0 ? max(30, min($n, 160)) : 100}
}

# What follows a flag, for people: " N", " a|b", "" for one that takes nothing.
proc ::cli::argument {flag} {
    variable flags
    set kind [lindex [dict get $flags $flag] 0]
    set words {bool "" count "" int " N" real " X" hex " HEX" word " WORD" list " WORD"}
    expr {[dict exists $words $kind] ? [dict get $words $kind] : " [join $kind |]"}
}

proc ::cli::version {words options} {
    puts "ikespec $::ikespec::version"
    return 0
}

::cli::command help {?COMMAND?} "the flags of a command; or what selectors, verdicts and exit codes there are: help selectors" {} ::cli::help
::cli::command version {} "the version" {} ::cli::version

# Reads everything under cases/, once. Faults of files end here: file:line:column and what is allowed, exit 4.
proc ::cli::load_cases {} {
    variable loaded
    if {[info exists loaded]} { return $loaded }
    load_tables
    set loaded [::testcase::load [file join $::ikespec::home cases]]
}

# The same without the cases themselves, for a process that is told the ones it shall run.
proc ::cli::load_tables {} {
    variable tables
    if {[info exists tables]} return
    ::case::load_tables [file join $::ikespec::home cases]
    set tables 1
}

# Where runs are kept: below the working folder when we run from the tree or an installed copy alike.
proc ::cli::runs {} {
    if {[info exists ::env(IKESPEC_RUNS)] && $::env(IKESPEC_RUNS) ne ""} { return $::env(IKESPEC_RUNS) }
    return reports/runs
}

# RUN as people name it (latest, a folder of reports/runs, or a path) -> the run's folder.
proc ::cli::run_folder {run} {
    set found ""
    foreach dir [list [file join [runs] $run] $run] {
        if {[is_run $dir]} { return $dir }
        if {$found eq "" && [file isdirectory $dir]} { set found $dir }
    }
    if {$found ne ""} { usage "$found: no run to read: it has neither results.json nor events.jsonl" }
    set have [lmap d [lsort [glob -nocomplain -directory [runs] -tails *]] { set d }]
    if {![llength $have]} { usage "there is no run \"$run\"; nothing has been run here yet" }
    usage [::parse::unknown run $run $have]
}

proc ::cli::is_run {dir} { expr {[file exists $dir/results.json] || [file exists $dir/events.jsonl]} }

# RUN/CASE-ID -> {folder id}; the longest folder that is a run wins.
proc ::cli::run_case {words} {
    set spec [lindex $words 0]
    if {$spec eq "" || [string first / $spec] < 0} { usage "which case? RUN/ID, such as latest/auth/psk-mismatch-refused" }
    set parts [split $spec /]
    set found ""
    for {set n [expr {[llength $parts] - 1}]} {$n > 0} {incr n -1} {
        set run [join [lrange $parts 0 $n-1] /]
        foreach dir [list [file join [runs] $run] $run] {
            if {[is_run $dir]} { return [list $dir [join [lrange $parts $n end] /]] }
            if {$found eq "" && $run ne "" && [file isdirectory $dir]} { set found $run }
        }
    }
    run_folder [if {$found ne ""} { set found } { lindex $parts 0 }]
}

# What results.json of a run on one device says.
proc ::cli::results {dir} {
    set r [results_of_any $dir]
    if {![::matrix::is $r]} { return $r }
    usage "$dir holds several devices, name one of its runs: [join [lmap d [dict get $r devices] {
        string cat $dir/ [dict get $d folder] }] {, }]"
}

# What results.json says, of one device or several; a sentence with the cure when it says nothing.
proc ::cli::results_of_any {dir} {
    set file [file join $dir results.json]
    if {![file exists $file]} {
        usage "$file: there is none, the run did not end; `ikespec report --recover $dir` makes it of the cases that did"
    }
    if {[catch { ::results::read $file } r]} {
        set cure [if {[file exists $dir/events.jsonl]} { set - "`ikespec report --recover $dir` makes it anew" } else {
            set - "there is no events.jsonl to make it anew of" }]
        usage "$file cannot be read: [regsub {^results: (results: )?} [lindex [split $r \n] 0] ""]; $cure"
    }
    return $r
}
