# console.tcl - a person at a command line, as a program: opens a console over ssh, telnet, a serial line or a command,
# logs in, moves between modes, runs commands and gives back what they printed. Expect does the reading and writing.
#
#   console::open DICT            -> handle; nothing is sent yet. Keys of DICT:
#       via command|ssh|telnet|serial          how it is reached, and for that:
#       command {WORD ...}                     via command: started on a pty of its own
#       host H  port P  user U  identity FILE  options {WORD ...}     via ssh (options go to ssh); telnet: host and port
#       device /dev/ttyS0  speed 9600          via serial
#       dialect ios|shell                      prompts, pager, modes (below); any key of a dialect may be given here too
#       username U  password P  enable E       what login and enable mode ask for
#       secrets {TEXT ...}                     further texts that the transcript must not show
#       timeout 10  login-timeout 20           seconds without the awaited prompt
#       pace 0                                 milliseconds between two octets sent, for lines that lose input
#   console::login H              until the first prompt
#   console::run H CMD ?-may-fail 1? ?-timeout S? ?-raw 1?     what CMD printed, echo, pager and prompt taken away; -raw
#                                   leaves lines in it that look like log messages (for commands that print the log)
#   console::mode H exec|enable|config
#   console::configure H LINES    in config mode, one after the other; back in the mode before
#   console::status H             shell dialect: exit status of the last command
#   console::close H              logs out and waits for the end; never an error
#   console::transcript H ?MARK?  everything that passed (since console::mark H), secrets as <secret>
#   console::secret H TEXTS       more texts that it must not show
#   console::async H              log lines of the device that came between, and forgets them
#   console::alive H              1 while the other end is there
#
# Errors: {DUT LAB console} cannot be opened; {DUT CONFIG login|command TEXT} refused by the device; {DUT DEAD console} the
# awaited prompt did not come, or the line ended. Each message names what was awaited and the last text seen.

source [file join [file dirname [file normalize [info script]]] process.tcl]

namespace eval ::console {
    variable con
    array set con {}
    variable serial
    if {![info exists serial]} { set serial 0 }
    variable keep 2000000    ;# characters of a transcript
    variable idle ""         ;# run again and again while something is awaited: what must go on meanwhile
    # prompt: what the end of the text looks like when a command may be typed; HOST is known after the login. log: a line that
    # the device prints whenever it likes. setup: commands after the login.
    variable dialect {
        ios {
            first   {(?:^|\n)([A-Za-z][\w.-]{0,62})(?:\(([\w-]+)\))?([#>]) ?$}
            prompt  {(?:^|\n)HOST[\w.-]*(?:\(([\w-]+)\))?([#>]) ?$}
            pager   { ?--More-- ?$}
            confirm {\[(?:confirm|yes|no|yes/no)\]:? ?$}
            error   {(?:^|\n)% ?(stand-in|Invalid|Incomplete|Ambiguous|Unknown|Unrecognized|Error|Bad|.*not |.*cannot |.*must |.*already )}
            log     {[*.]?[A-Z][a-z][a-z] +\d+ \d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z]+)?: [^\n]*\n(?:Payload contents[^\n]*\n(?: [^\n]*\n)*)?}
            setup   {{terminal length 0} {terminal width 0}}
            logout  exit
        }
        shell {
            first   {(?:^|\n)[^\n]*[#$%>] ?$}
            prompt  {@ikespec@(\d+) $}
            pager   {(?:--More--[^\n]*|\(END\))$}
            confirm {\[[yY]/[nN]\]:? ?$}
            error   {}
            log     {}
            setup   {}
            logout  exit
        }
    }
    # what a login may show, in the order of trust; each at the end of the text
    variable asks {
        refused  {(?:% Bad (?:passwords|secrets)|Login incorrect|Login invalid|Permission denied|Authentication fail\w*|Access denied)[^\n]*\s*$}
        unknown  {(?:REMOTE HOST IDENTIFICATION HAS CHANGED|Host key verification failed)}
        hostkey  {\(yes/no(?:/\[fingerprint\])?\)\? ?$}
        return   {(?:[Pp]ress|[Hh]it) (?:RETURN|ENTER|Return|Enter)[^\n]*\s*$}
        username {(?:^|\n)(?!Last )[^\n]*\m(?:[Uu]sername|[Ll]ogin|login as): ?$}
        password {(?:^|\n)[^\n]*[Pp]ass(?:word|phrase|code)[^\n]*: ?$}
    }
}

proc ::console::fail {kind detail text} {
    return -code error -errorcode [list DUT $kind $detail] $text
}

# --- opening and closing --------------------------------------------------------------------------------------------

proc ::console::open {settings} {
    variable con
    variable serial
    variable dialect
    if {[catch { package require Expect } why]} {
        fail LAB console "Tcl's Expect is missing ($why): apt-get install tcl-expect"
    }
    set name [expr {[dict exists $settings dialect] ? [dict get $settings dialect] : "ios"}]
    if {![dict exists $dialect $name]} { fail CONFIG dialect "there is no dialect \"$name\": [join [dict keys $dialect] {, }]" }
    set c [dict merge [dict get $dialect $name] {
        via command command {} host "" port "" user "" identity "" options {} device "" speed 9600 username "" password ""
        enable "" secrets {} timeout 10 login-timeout 20 pace 0
    } $settings [dict create dialect $name buffer "" raw "" view "" text "" passed 0 open 1 mode "" host_name "" async {} status 0 iac ""]]
    if {[dict get $c via] ni {command ssh telnet serial}} {
        fail CONFIG via "a console is reached via command, ssh, telnet or serial, not \"[dict get $c via]\""
    }
    if {[catch { connect_[dict get $c via] $c } result info]} {
        if {[lindex [dict get $info -errorcode] 0] eq "DUT"} { return -options $info $result }
        fail LAB console "the console cannot be opened: [lindex [split $result \n] 0]"
    }
    lassign $result id pid
    fconfigure $id -encoding binary -translation binary
    dict set c id $id
    dict set c process [expr {$pid > 0 ? [::process::handle $pid] : {}}]
    set h console#[incr serial]
    set con($h) $c
    return $h
}

# Each gives {spawn-id pid}; pid 0 when there is no process of ours.
proc ::console::connect_command {c} { start [dict get $c command] }

proc ::console::connect_ssh {c} {
    if {[auto_execok ssh] eq ""} { fail LAB ssh "ssh is missing: apt-get install openssh-client" }
    set words [list ssh -tt -o NumberOfPasswordPrompts=1 -o ConnectTimeout=[dict get $c login-timeout]]
    if {[dict get $c port] ne ""} { lappend words -p [dict get $c port] }
    if {[dict get $c identity] ne ""} { lappend words -i [dict get $c identity] }
    set user [expr {[dict get $c user] ne "" ? [dict get $c user] : [dict get $c username]}]
    lappend words {*}[dict get $c options]
    if {$user ne ""} { lappend words -l $user }
    start [list {*}$words -- [dict get $c host]]
}

# A socket and the option bytes of telnet, so no telnet client is needed.
proc ::console::connect_telnet {c} {
    set port [expr {[dict get $c port] eq "" ? 23 : [dict get $c port]}]
    set s [socket [dict get $c host] $port]
    fconfigure $s -translation binary -buffering none
    adopt $s
}

proc ::console::connect_serial {c} {
    set s [::open [dict get $c device] {RDWR NOCTTY}]
    # a pty that stands in for a line has no speed
    catch { fconfigure $s -mode [dict get $c speed],n,8,1 }
    fconfigure $s -translation binary -buffering none
    catch { exec stty raw -echo <@$s }
    adopt $s
}

proc ::console::start {words} {
    set mine [info exists ::env(TERM)]
    set before [expr {$mine ? $::env(TERM) : ""}]
    set ::env(TERM) dumb    ;# no colours, no bracketed paste
    set failed [catch { log_user 0; set pid [spawn -noecho {*}$words] } why]
    if {$mine} { set ::env(TERM) $before } else { unset ::env(TERM) }
    if {$failed} { fail LAB console "[lindex $words 0]: $why" }
    list $spawn_id $pid
}

proc ::console::adopt {channel} {
    log_user 0
    spawn -noecho -open $channel
    list $spawn_id 0
}

proc ::console::close {h} {
    variable con
    if {![info exists con($h)]} return
    if {[alive $h] && [dict get $con($h) mode] ne ""} {
        catch {
            if {[dict get $con($h) mode] eq "config"} { mode $h enable }
            put $h "[dict get $con($h) logout]\r"
            # the end, or the next login's greeting: whoever comes next must not find our open session
            await $h [list return [ask return] username [ask username]] 2
        }
    }
    hang_up $h
    unset con($h)
    return
}

proc ::console::hang_up {h} {
    variable con
    set id [dict get $con($h) id]
    catch { exp_close -i $id }
    set process [dict get $con($h) process]
    if {$process ne {}} {
        ::process::until 500 { ![::process::running $process] }
        ::process::end $process 200
    }
    catch { exp_wait -nowait -i $id }
    dict set con($h) open 0
}

proc ::console::alive {h} {
    variable con
    if {![info exists con($h)]} { return 0 }
    if {[dict get $con($h) open]} { catch { read_some $h 0 } }
    dict get $con($h) open
}

# --- octets ---------------------------------------------------------------------------------------------------------

proc ::console::put {h text {shown ""}} {
    variable con
    if {![dict get $con($h) open]} { fail DEAD console "the console is closed; last seen: [last $h]" }
    set id [dict get $con($h) id]
    set pace [dict get $con($h) pace]
    if {[catch {
        if {$pace > 0} {
            foreach ch [split $text ""] {
                exp_send -i $id -raw -- $ch
                after $pace
            }
        } else {
            exp_send -i $id -raw -- $text
        }
    } why]} {
        dict set con($h) open 0
        fail DEAD console "the console took no input ($why); last seen: [last $h]"
    }
}

# Reads what comes within MS milliseconds (at least; Expect counts in seconds); 1 when something came.
proc ::console::read_some {h ms} {
    variable idle
    if {$idle eq "" || $ms <= 0} { return [read_once $h [expr {$ms <= 0 ? 0 : max(1, ($ms + 999) / 1000)}]] }
    set end [expr {[clock milliseconds] + $ms}]
    while {![read_once $h 0]} {
        variable con
        if {![dict get $con($h) open] || [clock milliseconds] >= $end} { return 0 }
        {*}$idle
    }
    return 1
}

proc ::console::read_once {h timeout} {
    variable con
    variable keep
    if {![dict get $con($h) open]} { return 0 }
    set id [dict get $con($h) id]
    set came ""
    set over 0
    if {[catch {
        expect {
            -i $id
            -re {.+} { set came $expect_out(buffer) }
            timeout {}
            eof { set came [if {[info exists expect_out(buffer)]} { set expect_out(buffer) }]; set over 1 }
        }
    }]} { set over 1 }
    if {$over} { dict set con($h) open 0 }
    if {$came eq ""} { return 0 }
    if {[dict get $con($h) via] eq "telnet"} { set came [telnet_options $h $came] }
    set came [encoding convertfrom utf-8 $came]
    dict append con($h) buffer $came
    dict append con($h) text $came
    dict incr con($h) passed [string length $came]
    if {[string length [dict get $con($h) text]] > $keep} {
        dict set con($h) text [string range [dict get $con($h) text] end-[expr {$keep / 2}] end]
    }
    return 1
}

# Telnet (RFC 854): the other end may echo (1) and suppress go-ahead (3); whatever else it wants or offers is refused.
proc ::console::telnet_options {h octets} {
    variable con
    set octets [dict get $con($h) iac]$octets
    dict set con($h) iac ""
    set out ""
    while {[set at [string first \xff $octets]] >= 0} {
        append out [string range $octets 0 $at-1]
        set octets [string range $octets $at end]
        if {[regexp {^\xff([\xfb-\xfe])(.)} $octets all verb option]} {
            switch -- $verb {
                \xfb { set answer [expr {$option in [list \x01 \x03] ? "\xfd" : "\xfe"}] }
                \xfd { set answer [expr {$option eq "\x03" ? "\xfb" : "\xfc"}] }
                default { set answer "" }
            }
            if {$answer ne ""} { catch { exp_send -i [dict get $con($h) id] -raw -- \xff$answer$option } }
        } elseif {[regexp {^\xff\xfa.*?\xff\xf0} $octets all]} {
        } elseif {[regexp {^\xff\xff} $octets all]} {
            append out \xff
        } elseif {[regexp {^\xff[\xf0-\xf9]} $octets all]} {
        } else {
            dict set con($h) iac [string range $octets 0 255]    ;# the rest of it has not come yet
            return $out
        }
        set octets [string range $octets [string length $all] end]
    }
    return $out$octets
}

# Text as it stands on the screen: backspaces and returns overwrite, escape sequences draw nothing.
proc ::console::screen {text} {
    regsub -all {\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|[()][A-Z0-9]|[=>78])} $text "" text
    regsub -all {\r+\n} $text "\n" text
    set text [string map [list \x07 "" \x00 ""] $text]
    if {[string first \b $text] < 0 && [string first \r $text] < 0} { return $text }
    join [lmap line [split $text \n] {
        if {[string first \b $line] >= 0 || [string first \r $line] >= 0} { draw $line } else { set line }
    }] \n
}

proc ::console::draw {line} {
    set cells {}
    set at 0
    foreach ch [split $line ""] {
        switch -- $ch {
            \b { if {$at > 0} { incr at -1 } }
            \r { set at 0 }
            default {
                if {$at < [llength $cells]} { lset cells $at $ch } else { lappend cells $ch }
                incr at
            }
        }
    }
    set out [join $cells ""]
    # what a pager wiped off is blanks up to the cursor
    if {[string trim [string range $out $at end]] eq ""} { set out [string range $out 0 $at-1] }
    return $out
}

# --- waiting --------------------------------------------------------------------------------------------------------

# What is in the buffer, as on a screen, without the device's own log lines; those go to `async`.
proc ::console::seen {h} {
    variable con
    set text [screen [dict get $con($h) buffer]]
    set log [dict get $con($h) log]
    if {$log eq "" || [string first ": " $text] < 0} { return $text }
    set n [regsub -all -- $log $text "\x1e" text]
    if {!$n} { return $text }
    # one that came behind a prompt began a new line for itself
    regsub {\n?\x1e+$} $text "" text
    return [string map [list \x1e ""] $text]
}

# Takes log lines out of a piece that is done with and keeps them.
proc ::console::sift {h text} {
    variable con
    set log [dict get $con($h) log]
    if {$log eq ""} { return $text }
    foreach line [regexp -all -inline -- $log $text] { dict lappend con($h) async [string trimright $line \n] }
    regsub -all -- $log $text "" text
    return $text
}

# Waits until the end of the text looks like one of PATTERNS {name regexp ...}. -> {name text groups}; the text seen is
# consumed. name is "timeout" or "eof" when none came.
proc ::console::await {h patterns seconds} {
    variable con
    set end [expr {[clock milliseconds] + int($seconds * 1000)}]
    while 1 {
        set text [seen $h]
        foreach {name pattern} $patterns {
            if {$pattern ne "" && [regexp -indices -- $pattern $text where g1 g2]} {
                set groups [list [group $text $g1] [group $text $g2]]
                dict set con($h) raw [dict get $con($h) buffer]
                dict set con($h) view $text
                dict set con($h) buffer ""
                return [list $name [string range $text 0 [lindex $where 0]-1] $groups]
            }
        }
        if {![dict get $con($h) open]} {
            return [list eof $text {}]
        }
        set left [expr {$end - [clock milliseconds]}]
        if {$left <= 0} { return [list timeout $text {}] }
        read_some $h $left
    }
}

proc ::console::group {text where} {
    if {[lindex $where 0] < 0} { return "" }
    string range $text {*}$where
}

# The last text seen, for people: one line, secrets gone.
proc ::console::last {h} {
    variable con
    set text [hide $h [screen [dict get $con($h) text]]]
    set lines [lmap l [split $text \n] { if {[string trim $l] eq ""} continue; string trim $l }]
    set text [join [lrange $lines end-2 end] " | "]
    expr {$text eq "" ? "nothing at all" : "\"[string range $text end-200 end]\""}
}

proc ::console::hide {h text} {
    variable con
    set map {}
    foreach secret [concat [list [dict get $con($h) password] [dict get $con($h) enable]] [dict get $con($h) secrets]] {
        if {$secret ne ""} { lappend map $secret <secret> }
    }
    string map $map $text
}

proc ::console::transcript {h {mark 0}} {
    variable con
    set text [dict get $con($h) text]
    set gone [expr {[dict get $con($h) passed] - [string length $text]}]
    hide $h [screen [string range $text [expr {max(0, $mark - $gone)}] end]]
}

# Texts that the transcript must not show from now on.
proc ::console::secret {h texts} {
    variable con
    dict set con($h) secrets [lsort -unique [concat [dict get $con($h) secrets] $texts]]
    return
}

proc ::console::mark {h} { variable con; dict get $con($h) passed }

proc ::console::async {h} {
    variable con
    set lines [dict get $con($h) async]
    dict set con($h) async {}
    return $lines
}

proc ::console::status {h} { variable con; dict get $con($h) status }

proc ::console::ask {name} { variable asks; dict get $asks $name }

# --- logging in -----------------------------------------------------------------------------------------------------

proc ::console::login {h} {
    variable con
    variable asks
    set patterns [concat $asks [list prompt [dict get $con($h) first]]]
    set end [expr {[clock milliseconds] + int([dict get $con($h) login-timeout] * 1000)}]
    set asked 0
    set nudges 0
    while 1 {
        set left [expr {($end - [clock milliseconds]) / 1000.0}]
        if {$left <= 0} {
            fail DEAD console "no login or prompt came in [dict get $con($h) login-timeout] s; last seen: [last $h]"
        }
        # A line may be silent until somebody types, and a getty drops what comes while it starts: Return, again and again.
        lassign [await $h $patterns [expr {$asked ? min($left, [dict get $con($h) timeout]) : min($left, 1.0)}]] what text
        switch -- $what {
            prompt { break }
            return { put $h \r }
            username {
                set user [dict get $con($h) username]
                if {$user eq ""} { fail CONFIG login "the console asks for a user name and none is given; last seen: [last $h]" }
                if {[regexp {incorrect|invalid} $text]} { refused $h }
                put $h $user\r
            }
            password {
                if {[dict get $con($h) password] eq ""} { fail CONFIG login "the console asks for a password and none is given" }
                if {$asked} { refused $h }
                incr asked
                put $h [dict get $con($h) password]\r
            }
            refused { refused $h }
            unknown { fail CONFIG login "the host's key is not the known one; last seen: [last $h]" }
            hostkey { fail CONFIG login "the host's key is not known: add -o StrictHostKeyChecking=accept-new to options" }
            eof { fail DEAD console "the line ended before a prompt; last seen: [last $h]" }
            timeout {
                if {$asked} { fail DEAD console "no prompt came after the password; last seen: [last $h]" }
                if {[incr nudges] > 30} { continue }
                put $h \r
            }
        }
    }
    learn $h
}

proc ::console::refused {h} { fail CONFIG login "the console refused the login; last seen: [last $h]" }

# Which prompt it is that was seen, and what makes the session fit for a program.
proc ::console::learn {h} {
    variable con
    if {[dict get $con($h) dialect] eq "shell"} {
        # split so that the echo of this line is no prompt
        put $h "TERM=dumb; PS1='@ikespec''@\$? '; PS2=''; unset PROMPT_COMMAND\r"
        lassign [await $h [list prompt [dict get $con($h) prompt]] [dict get $con($h) timeout]] what
        if {$what ne "prompt"} { fail DEAD console "the shell took no prompt of ours; last seen: [last $h]" }
        dict set con($h) mode exec
        return
    }
    # a Return or two of ours may still be answered: the prompt that stays is the one
    while {[read_some $h 0]} {}
    put $h \r
    lassign [await $h [list prompt [dict get $con($h) first]] [dict get $con($h) timeout]] what - groups
    if {$what ne "prompt"} { fail DEAD console "the prompt did not come again; last seen: [last $h]" }
    ::after 20
    while {[read_some $h 0]} {}
    regexp -- [dict get $con($h) first] [dict get $con($h) view] - host sub sign
    dict set con($h) buffer ""
    learn_host $h $host
    note_mode $h $sub $sign
    if {[dict get $con($h) mode] eq "config"} { mode $h enable }
    foreach line [dict get $con($h) setup] { run $h $line -may-fail 1 }
}

# Such systems cut a long name short in their prompts.
proc ::console::learn_host {h host} {
    variable con
    dict set con($h) host_name $host
    set literal [regsub -all {[^\w-]} [string range $host 0 15] {\\&}]
    if {![dict exists $con($h) pattern]} { dict set con($h) pattern [dict get $con($h) prompt] }
    dict set con($h) prompt [string map [list HOST $literal] [dict get $con($h) pattern]]
}

proc ::console::note_mode {h sub sign} {
    variable con
    dict set con($h) mode [expr {$sub ne "" ? "config" : $sign eq "#" ? "enable" : "exec"}]
}

# --- commands -------------------------------------------------------------------------------------------------------

proc ::console::run {h command args} {
    variable con
    set o [dict merge [list -may-fail 0 -raw 0 -timeout [dict get $con($h) timeout]] $args]
    if {[regexp {[\r\n]} $command]} { fail CONFIG command "one line at a time, please" }
    if {[dict get $con($h) mode] eq ""} { fail CONFIG command "log in first" }
    while {[read_some $h 0]} {}
    sift $h [screen [dict get $con($h) buffer]]
    dict set con($h) buffer ""
    # First the command, then, when all of it has come back, Return: a slow line loses nothing, and its late echo is
    # never taken for output.
    put $h $command
    set end [expr {[clock milliseconds] + int([dict get $o -timeout] * 1000)}]
    set tail [string range [squeeze $command] end-19 end]
    while {[string range [squeeze [seen $h]] end-[expr {[string length $tail] - 1}] end] ne $tail} {
        set left [expr {$end - [clock milliseconds]}]
        if {$left <= 0 || ![dict get $con($h) open]} {
            lose $h
            fail DEAD console "the console did not echo \"[hide $h $command]\"; last seen: [last $h]"
        }
        read_some $h $left
    }
    sift $h [screen [dict get $con($h) buffer]]
    dict set con($h) buffer ""
    set log [dict get $con($h) log]
    if {[dict get $o -raw]} { dict set con($h) log "" }
    put $h \r
    # from now on the prompt has that name
    if {[dict get $con($h) mode] eq "config" && [regexp {^hostname +(\S+)$} $command - name]} { learn_host $h $name }
    set output ""
    set pages 0
    set asked 0
    while 1 {
        set patterns [list prompt [dict get $con($h) prompt] pager [dict get $con($h) pager] confirm [dict get $con($h) confirm]]
        lassign [await $h $patterns [dict get $o -timeout]] what text groups
        if {$what in {prompt pager confirm}} { sift_raw $h }
        append output $text
        switch -- $what {
            prompt { break }
            pager {
                if {[incr pages] > 20000} { lose $h; fail DEAD console "\"[hide $h $command]\" never ends: $pages pages" }
                put $h " "
            }
            confirm {
                if {[incr asked] > 5} { lose $h; fail DEAD console "\"[hide $h $command]\" asks again and again; last seen: [last $h]" }
                put $h \r
            }
            default {
                dict set con($h) log $log
                lose $h
                set why [expr {$what eq "eof" ? "the line ended" : "no prompt of [dict get $con($h) host_name] came"}]
                fail DEAD console "$why after \"[hide $h $command]\"; last seen: [last $h]"
            }
        }
    }
    dict set con($h) log $log
    if {[dict get $con($h) dialect] eq "shell"} {
        dict set con($h) status [lindex $groups 0]
    } else {
        note_mode $h {*}$groups
    }
    regsub -all -line {[ \t]+$} $output "" output
    set output [string trim $output \n]
    set error [dict get $con($h) error]
    if {!([dict get $o -may-fail]) && $error ne "" && [regexp -- $error $output]} {
        set words [lmap l [split $output \n] { if {[string trim $l " ^"] eq ""} continue; string trim $l }]
        fail CONFIG "command [hide $h $command]" "\"[hide $h $command]\": [hide $h [join $words { }]]"
    }
    return $output
}

# It does not answer any more: no use in taking leave.
proc ::console::lose {h} { variable con; dict set con($h) mode "" }

proc ::console::squeeze {text} { regsub -all {\s+} $text "" }

# The device's log lines of the piece just consumed.
proc ::console::sift_raw {h} {
    variable con
    sift $h [screen [dict get $con($h) raw]]
}

proc ::console::mode {h want} {
    variable con
    if {$want ni {exec enable config}} { fail CONFIG mode "a mode is exec, enable or config, not \"$want\"" }
    for {set i 0} {$i < 6} {incr i} {
        set have [dict get $con($h) mode]
        if {$have eq $want} return
        switch -- $have,$want {
            exec,enable - exec,config { enable $h }
            enable,config { run $h "configure terminal" }
            config,enable - config,exec { run $h end }
            enable,exec { run $h disable }
        }
    }
    fail CONFIG mode "the console does not go from [dict get $con($h) mode] to $want mode; last seen: [last $h]"
}

proc ::console::enable {h} {
    variable con
    while {[read_some $h 0]} {}
    dict set con($h) buffer ""
    put $h enable\r
    set patterns [list refused [ask refused] password [ask password] prompt [dict get $con($h) prompt]]
    set asked 0
    while 1 {
        lassign [await $h $patterns [dict get $con($h) timeout]] what - groups
        switch -- $what {
            password {
                if {[dict get $con($h) enable] eq "" || $asked} {
                    # three empty lines end the questions
                    for {set i 0} {$i < 3} {incr i} { catch { put $h \r } }
                    await $h [list prompt [dict get $con($h) prompt]] 1
                    fail CONFIG login [expr {$asked ? "the enable password was refused" : "enable mode asks for a password and none is given"}]
                }
                incr asked
                put $h [dict get $con($h) enable]\r
            }
            prompt {
                note_mode $h {*}$groups
                if {[dict get $con($h) mode] eq "enable"} return
                fail CONFIG login "enable mode was refused; last seen: [last $h]"
            }
            refused { fail CONFIG login "the enable password was refused" }
            default { lose $h; fail DEAD console "no prompt came after enable; last seen: [last $h]" }
        }
    }
}

proc ::console::configure {h lines} {
    variable con
    set before [dict get $con($h) mode]
    mode $h config
    set failed [catch {
        foreach line $lines { if {[string trim $line] ne ""} { run $h [string trim $line] } }
    } why info]
    catch { mode $h $before }
    if {$failed} { return -options $info $why }
    return
}
