# web.tcl - certificates by hash and URL (RFC 7296 3.6): the tester's web server, which has those of a setup and what a case
# publishes and nothing else, and what fetches for the engines of this process. In virtual time there is no socket: an engine
# is answered from the same pages.
#
# A page is named by the SHA-1 hash of what should be there, in hexadecimal, so that a device that is told where its
# certificates are (BASE, to which it adds the hash) and one that is told a whole URL find the same. What else than the
# certificate a page may do stands in front of the hash:
#   missing   404                        loop     302 to itself       endless  octets without end
#   never     no answer                  other    another certificate locked   the certificate, to user lab, password secret
# Whatever else is around the name in the path of a URL, or after it, does not matter.

namespace eval ::web {
    variable pages [dict create]    ;# name -> octets
    variable ways {served missing loop endless never other locked}
    variable servers [dict create]  ;# address -> base: one for as long as the process lives
    variable real 0                 ;# engines of this world fetch over the network
    variable fetching {}            ;# tokens of http
    variable round 0                ;# so that what an old world asked for does not come into a new one
    variable most 65536             ;# octets that are fetched
    variable patience_ms 8000
    variable endless 16777216       ;# octets; who took so many took all
}

# The pages of a case, on ADDRESS of the tester: -> base URL. REAL: over the network, not in virtual time.
proc ::web::begin {world address} {
    variable pages [dict create]
    variable servers
    variable real [expr {$world ne "mem"}]
    variable round
    incr round
    give_up
    if {!$real} { return [::web::at $address ""] }
    if {![dict exists $servers $address]} {
        if {[catch { socket -server ::web::accept -myaddr $address 0 } server]} {
            throw {DUT LAB web} "no web server can be had on $address: $server"
        }
        dict set servers $address [at $address :[lindex [fconfigure $server -sockname] 2]]
    }
    return [dict get $servers $address]
}

proc ::web::at {address port} { expr {[string match *:* $address] ? "http://\[$address\]$port/" : "http://$address$port/"} }

# Puts octets on a page -> its name. Whoever fetches them gets OTHER where the way is that.
proc ::web::page {octets {way served} {other ""}} {
    variable pages
    variable ways
    if {$way ni $ways} { throw {IKESPEC USAGE} [::parse::unknown "way of a page" $way $ways] }
    set name [expr {$way eq "served" ? "" : "$way-"}][::ike::pki sha1 $octets]
    dict set pages $name [expr {$way eq "other" ? $other : $octets}]
    return $name
}

# The word of cases:  publish cert CERT ?WAY ?OTHER-CERT??   publish bundle {CERT ...} ?WAY?   -> URL
proc ::web::publish {base words} {
    lassign $words what given way other
    if {$way eq ""} { set way served }
    if {[llength $words] ni {2 3 4} || $what ni {cert bundle} || ($way eq "other") != ($other ne "")} {
        throw {IKESPEC USAGE} "should be: publish cert CERT ?WAY ?OTHER-CERT?? or publish bundle {CERT ...} ?WAY?"
    }
    set octets [expr {$what eq "cert" ? [::ike::pki der $given] : [::ike::pki bundle $given]}]
    return $base[page $octets $way [expr {$other ne "" ? [::ike::pki der $other] : ""}]]
}

# What is behind a URL or its path: {WAY OCTETS}; user: what the request said of it, name:password.
proc ::web::find {path user} {
    variable pages
    set name [name $path]
    if {![dict exists $pages $name]} { return {missing {}} }
    set way served
    regexp {^([a-z]+)-} $name - way
    if {$way eq "locked" && $user ne "lab:secret"} { return {missing {}} }
    list $way [dict get $pages $name]
}

proc ::web::name {path} {
    set name ""
    regexp {(?:[a-z]+-)?[0-9a-f]{40}(?![0-9a-f])} $path name
    return $name
}

# {NAME:PASSWORD or ""} of a URL.
proc ::web::user {url} {
    set user ""
    regexp {^[^:]+://([^/@]*)@} $url - user
    return $user
}

# --- for the engines of this process -------------------------------------------------------------------------------------

# A peer of a process that has no pages fetches over the network.
proc ::web::fetch_for {peer} {
    variable real 1
    variable round
    incr round
    give_up
    ::ike::peer lookup $peer ::web::look
}

# What ::ike::peer lookup calls.
proc ::web::look {peer num url} {
    variable real
    variable round
    variable fetching
    variable most
    variable patience_ms
    if {!$real} { return [answer $peer $num $url] }
    if {[catch {
        package require http
        set user [user $url]
        set headers [expr {$user eq "" ? {} : [list Authorization "Basic [binary encode base64 $user]"]}]
        ::http::geturl $url -headers $headers -binary 1 -timeout $patience_ms -blocksize 4096 -progress ::web::bounded \
            -command [list ::web::done $round $peer $num]
    } token]} {
        ::ike::peer found $peer $num
    } else {
        lappend fetching $token
    }
    return
}

proc ::web::answer {peer num url} {
    variable most
    lassign [find $url [user $url]] way octets
    switch -- $way {
        served - other - locked { ::ike::peer found $peer $num $octets }
        missing - loop { ::ike::peer found $peer $num }
        endless { ::ike::peer found $peer $num [string repeat x [expr {$most + 1}]] }
        never {}
    }
    return
}

proc ::web::bounded {token total got} {
    variable most
    if {$total > $most || $got > $most} { ::http::reset $token "too long" }
}

# (redirections are not followed: nothing says that what is there was meant)
proc ::web::done {of peer num token} {
    variable round
    variable fetching
    set good [expr {[::http::status $token] eq "ok" && [::http::ncode $token] == 200}]
    set octets [::http::data $token]
    set fetching [lsearch -all -inline -exact -not $fetching $token]
    ::http::cleanup $token
    if {$of != $round} return
    if {$good} { ::ike::peer found $peer $num $octets } else { ::ike::peer found $peer $num }
}

proc ::web::give_up {} {
    variable fetching
    foreach token $fetching { catch { ::http::reset $token "given up" } }
    set fetching {}
}

# --- the server ----------------------------------------------------------------------------------------------------------

proc ::web::accept {chan host port} {
    fconfigure $chan -blocking 0 -translation {lf binary} -buffersize 65536
    set timer [after 30000 [list ::web::drop $chan]]
    fileevent $chan readable [list ::web::hear $chan "" $timer]
}

proc ::web::drop {chan {timer ""}} {
    if {$timer ne ""} { after cancel $timer }
    catch { close $chan }
}

# One request a connection; its head is all that is looked at.
proc ::web::hear {chan head timer} {
    if {[catch { read $chan 4096 } more] || ([eof $chan] && $more eq "")} { return [drop $chan $timer] }
    append head $more
    if {[string length $head] > 8192} { return [drop $chan $timer] }
    if {![regexp {\r?\n\r?\n} $head]} {
        fileevent $chan readable [list ::web::hear $chan $head $timer]
        return
    }
    fileevent $chan readable {}
    if {![regexp {^(?:GET|HEAD) (\S*) HTTP/1\.[01]\r?\n} $head - path]} {
        return [say $chan $timer "400 Bad Request" {} ""]
    }
    set user ""
    if {[regexp -line -nocase {^Authorization: *Basic +([A-Za-z0-9+/=]+)} $head - user]} { set user [binary decode base64 $user] }
    lassign [find $path $user] way octets
    switch -- $way {
        served - other - locked { say $chan $timer "200 OK" {} $octets }
        missing { say $chan $timer "404 Not Found" {} "" }
        loop { say $chan $timer "302 Found" [list Location $path] "" }
        endless {
            head $chan "200 OK" {}
            fileevent $chan writable [list ::web::pour $chan $timer 0]
        }
        never {}
    }
}

proc ::web::head {chan status fields} {
    set text "HTTP/1.1 $status\r\nContent-Type: application/pkix-cert\r\nConnection: close\r\n"
    foreach {key value} $fields { append text "$key: $value\r\n" }
    catch { puts -nonewline $chan $text\r\n }
}

proc ::web::say {chan timer status fields octets} {
    head $chan $status [list {*}$fields Content-Length [string length $octets]]
    catch { puts -nonewline $chan $octets }
    # (what is buffered still goes out, in the background)
    drop $chan $timer
}

proc ::web::pour {chan timer sent} {
    variable endless
    if {$sent >= $endless || [catch { puts -nonewline $chan [string repeat x 65536]; flush $chan }]} { return [drop $chan $timer] }
    fileevent $chan writable [list ::web::pour $chan $timer [expr {$sent + 65536}]]
}
