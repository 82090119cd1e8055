# completion.tcl - `ikespec completion bash|zsh|fish`: what a shell needs to complete our command line, made of the CLI's own
# tables, so that it knows every command and flag there is. Words that only this machine knows (cases, runs, setups) the
# shell asks for by the hidden command `ikespec complete KIND`.

namespace eval ::completion {
    variable shells {bash zsh fish}
    # what follows a flag: a kind of `complete`, file, folder, or none (any text)
    variable flag_kinds {
        --dut device  --suite suite  --expect file  --out folder  --keys folder  --driver driver  --setup setup  --to file
        --beside run-case  --bend bent  --seed none  --shard none  --listen none  --connect none  --psk none  --id none
        --peer-id none  --name lab  --format format  --state fuzz-state
    }
    # words of a command's usage line -> kind; a|b|c are those words themselves
    variable word_kinds {
        SELECTOR selector  ID case  RUN run  RUN/ID run-case  FILE file  COMMAND command  NAME none  DIR folder
    }
    # what a command's words are when its usage line says too little
    variable command_words {
        init none  new none  show case  probe question
    }
}

# The kind of value that a flag takes, "" when it takes none; a list of words as it is.
proc ::completion::flag_kind {flag} {
    variable flag_kinds
    lassign [dict get $::cli::flags $flag] kind
    if {$kind in {bool count}} { return "" }
    if {$kind in {int real hex}} { return none }
    if {[dict exists $flag_kinds $flag]} { return [dict get $flag_kinds $flag] }
    if {$kind in {word list}} { return -code error "completion.tcl does not say what follows $flag" }
    return [list words {*}$kind]
}

# The kind of a command's words.
proc ::completion::word_kind {name} {
    variable word_kinds
    variable command_words
    if {[dict exists $command_words $name]} { return [dict get $command_words $name] }
    set usage [dict get $::cli::commands $name words]
    foreach word $usage {
        set word [string trimright [string trim $word ?] .]
        if {[dict exists $word_kinds $word]} { return [dict get $word_kinds $word] }
        if {[regexp {^[a-z|-]+$} $word] && $word ne "" && ![string match -* $word]} { return [list [expr {"FILE" in $usage ? "words-file" : "words"}] {*}[split $word |]] }
    }
    return none
}

# --- what this machine knows ---------------------------------------------------------------------------------------------

proc ::completion::known {kind} {
    switch -- $kind {
        command { return [concat [::cli::visible] {selectors verdicts exit}] }
        device { return [lsort -unique [concat self [::profile::drivers] $::profile::daemons [glob -nocomplain *.dut]]] }
        driver { return [::profile::drivers] }
        fuzz-state { return [::fuzz::state::names] }
        format { return {junit tap ctrf summary html ladder coverage claims} }
        run { return [concat [runs] [lmap d [glob -nocomplain -types d *] { if {![::cli::is_run $d]} continue; set d }]] }
        run-case {
            set out {}
            foreach run [runs] {
                set dir [::cli::run_folder $run]
                foreach c [glob -nocomplain -types d -directory $dir/cases -tails */* */*/*] {
                    if {[file exists $dir/cases/$c/case.log]} { lappend out $run/$c }
                }
            }
            return $out
        }
        lab { return [lmap f [glob -nocomplain [::state::folder]/labs/*] { file tail $f }] }
        question { ::cli::load_cases; return [concat claims transforms [dict keys [::probe::load]]] }
    }
    ::cli::load_cases
    switch -- $kind {
        case { return [concat [lsort [::testcase::ids]] [foreign]] }
        setup { return [::setups::names] }
        bent { return [::bent::names] }
        suite { return [::select::suites] }
        selector {
            set ids [lsort [::testcase::ids]]
            set areas [lsort -unique [lmap id $ids { lindex [split $id /] 0 }]]
            return [concat $areas [lmap s [::select::suites] { string cat suite: $s }] level:MUST level:SHOULD level:MAY role:initiator role:responder \
                        was:fail@latest $ids [foreign]]
        }
    }
    ::cli::usage "ikespec complete: [::parse::unknown kind $kind {command device driver format run run-case lab question case setup bent suite selector}]"
}

# (the folders of proofs are none)
proc ::completion::runs {} {
    lsort [lmap d [glob -nocomplain -types d -directory [::cli::runs] -tails *] { if {![::cli::is_run [file join [::cli::runs] $d]]} continue; set d }]
}

# The ids of others, as a selector has them.
proc ::completion::foreign {} {
    concat {*}[lmap {name m} [::mapping::all] { lmap id [dict keys [dict get $m items]] { string cat $name: $id } }]
}

proc ::completion::complete {words o} {
    foreach word [known [lindex $words 0]] { puts $word }
    return 0
}

# --- the scripts -----------------------------------------------------------------------------------------------------------

proc ::completion::command {words o} {
    variable shells
    set shell [lindex $words 0]
    if {$shell ni $shells} { ::cli::usage "ikespec completion: [::parse::unknown shell $shell $shells]" }
    puts [$shell]
    return 0
}

proc ::completion::quoted {text} { string cat ' [string map {' '\\''} $text] ' }

# What a flag or a command's words are completed with: in bash, a call of a function below.
proc ::completion::bash_call {kind} {
    switch -- [lindex $kind 0] {
        "" - none { return ":" }
        file { return _ikespec_files }
        folder { return _ikespec_folders }
        words { return "_ikespec_words [quoted [join [lrange $kind 1 end]]]" }
        words-file { return "_ikespec_words [quoted [join [lrange $kind 1 end]]]; _ikespec_files" }
        device - run { return "_ikespec_ask $kind; _ikespec_files" }
    }
    return "_ikespec_ask $kind"
}

proc ::completion::bash {} {
    set flags {}
    foreach flag [dict keys $::cli::flags] {
        set kind [flag_kind $flag]
        if {$kind ne ""} { append flags "        $flag) [bash_call $kind]; return ;;\n" }
    }
    set commands {}
    foreach name [::cli::visible] {
        append commands "        $name) flags=[quoted [join [dict get $::cli::commands $name flags]]]; words=[quoted [bash_call [word_kind $name]]] ;;\n"
    }
    return [string map [list @COMMANDS@ [join [::cli::visible]] @FLAGS@ $flags @EACH@ $commands] {# bash completion for ikespec; made by: ikespec completion bash
_ikespec_words() { COMPREPLY+=($(compgen -W "$1" -- "$cur")); }
_ikespec_ask() { _ikespec_words "$("${COMP_WORDS[0]}" complete "$1" 2>/dev/null)"; }
_ikespec_files() { COMPREPLY+=($(compgen -f -- "$cur")); }
_ikespec_folders() { COMPREPLY+=($(compgen -d -- "$cur")); }
_ikespec_each() {
    local command=$1 previous=$2 flags words
    case $previous in
@FLAGS@    esac
    case $command in
@EACH@        *) return ;;
    esac
    case $cur in
        -*) _ikespec_words "$flags" ;;
        *) eval "$words" ;;
    esac
}
_ikespec() {
    # words as we take them: bash also parts them at colons and equal signs
    local line=${COMP_LINE:0:COMP_POINT} cur IFS=$' \t\n'
    local -a given
    read -ra given <<<"$line"
    COMPREPLY=()
    case $line in
        *[[:space:]]) cur='' ;;
        *) cur=${given[${#given[@]}-1]}; unset "given[${#given[@]}-1]" ;;
    esac
    if [ ${#given[@]} -le 1 ]; then
        _ikespec_words "@COMMANDS@"
    else
        local previous=${given[${#given[@]}-1]}
        case $cur in --*=*) previous=${cur%%=*}; cur=${cur#*=} ;; esac
        _ikespec_each "${given[1]}" "$previous"
    fi
    # what stands before the last colon or equal sign is on the line already
    local before=${cur%"${cur##*[:=]}"} i
    case $COMP_WORDBREAKS in *:*) [ -z "$before" ] || for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"$before"}; done ;; esac
}
complete -o filenames -F _ikespec ikespec}]
}

proc ::completion::zsh_call {kind} {
    switch -- [lindex $kind 0] {
        "" { return "" }
        none { return ": " }
        file { return _files }
        folder { return "_files -/" }
        words - words-file { return ([join [lrange $kind 1 end]]) }
    }
    return "{_ikespec_ask $kind}"
}

proc ::completion::zsh_text {text} { string map {' '\\'' \[ ( \] ) : {\:} \\ \\\\} $text }

proc ::completion::zsh {} {
    set commands {}
    set each {}
    foreach name [::cli::visible] {
        append commands "        '$name:[zsh_text [dict get $::cli::commands $name help]]'\n"
        append each "        $name) _arguments"
        foreach flag [dict get $::cli::commands $name flags] {
            lassign [dict get $::cli::flags $flag] kind - help
            set call [zsh_call [flag_kind $flag]]
            append each " \\\n            '[expr {$kind in {count list} ? "*" : ""}]$flag\[[zsh_text $help]\][expr {$call eq "" ? "" : ":value:$call"}]'"
        }
        append each " \\\n            '*:word:[zsh_call [word_kind $name]]' ;;\n"
    }
    return [string map [list @COMMANDS@ $commands @EACH@ $each] {#compdef ikespec
# zsh completion for ikespec; made by: ikespec completion zsh
_ikespec_ask() {
    local -a found
    found=(${(f)"$(ikespec complete $1 2>/dev/null)"})
    compadd -a found
    [[ $1 != (device|run) ]] || _files
}
_ikespec() {
    local -a commands
    commands=(
@COMMANDS@    )
    if (( CURRENT == 2 )); then
        _describe command commands
        return
    fi
    local command=$words[2]
    shift words
    (( CURRENT-- ))
    case $command in
@EACH@    esac
}
if [[ $funcstack[1] == _ikespec ]]; then _ikespec "$@"; else compdef _ikespec ikespec; fi}]
}

proc ::completion::fish_call {kind} {
    switch -- [lindex $kind 0] {
        "" { return "" }
        none { return " -x" }
        file { return " -r -F" }
        folder { return " -x -a '(__fish_complete_directories)'" }
        words { return " -x -a [quoted [join [lrange $kind 1 end]]]" }
        words-file { return " -r -F -a [quoted [join [lrange $kind 1 end]]]" }
        device - run { return " -r -F -a '(ikespec complete $kind 2>/dev/null)'" }
    }
    return " -x -a '(ikespec complete $kind 2>/dev/null)'"
}

proc ::completion::fish_text {text} { string cat ' [string map {\\ \\\\ ' \\'} $text] ' }

proc ::completion::fish {} {
    set out [list "# fish completion for ikespec; made by: ikespec completion fish" "complete -c ikespec -f"]
    foreach name [::cli::visible] {
        lappend out "complete -c ikespec -n __fish_use_subcommand -a $name -d [fish_text [dict get $::cli::commands $name help]]"
        set when "-n '__fish_seen_subcommand_from $name'"
        foreach flag [dict get $::cli::commands $name flags] {
            set word [expr {[string match --* $flag] ? "-l [string range $flag 2 end]" : "-s [string range $flag 1 end]"}]
            lappend out "complete -c ikespec $when $word[fish_call [flag_kind $flag]] -d [fish_text [lindex [dict get $::cli::flags $flag] 2]]"
        }
        set call [fish_call [word_kind $name]]
        if {$call ne " -x"} { lappend out "complete -c ikespec $when[string map {{ -x} { -f} { -r} {}} $call]" }
    }
    return [join $out \n]
}

::cli::command completion {bash|zsh|fish} "completion of commands, flags, cases and runs, for that shell" {} ::completion::command
::cli::command complete {KIND} "" {} ::completion::complete
