# browser.tcl - drives a headless Chromium through chromedriver (W3C WebDriver: JSON over HTTP on loopback), for the test of
# the page and for pictures of it.
package require http
package require json
package require json::write

namespace eval ::browser {
    variable driver     ;# channel of chromedriver
    variable base       ;# URL of the session
    variable lacks      ;# why there is none, or ""
    set lacks [join [lmap name {chromium chromedriver} { if {[auto_execok $name] ne ""} continue; string cat "no $name here" }] ", "]
}

# call METHOD PATH ?JSON? -> the value that it answers
proc ::browser::call {method path {body "{}"}} {
    variable base
    set options [list -method $method -timeout 60000]
    if {$method eq "POST"} { lappend options -type application/json -query [encoding convertto utf-8 $body] }
    set token [http::geturl $base$path {*}$options]
    set text [encoding convertfrom utf-8 [http::data $token]]
    set status [http::status $token]
    http::cleanup $token
    if {$status ne "ok"} { error "browser: $path: $status" }
    set value [dict get [json::json2dict $text] value]
    if {[string match {*"error":*"stacktrace"*} $text]} { error "browser: $path: [dict get $value message]" }
    return $value
}

proc ::browser::str {s} { return [json::write string $s] }

# start: a browser that logs its console and its network.
proc ::browser::start {} {
    variable driver
    variable base
    set driver [open [list |chromedriver --port=0 2>@1]]
    fconfigure $driver -blocking 1
    while {[gets $driver line] >= 0} { if {[regexp {successfully on port (\d+)} $line -> port]} break }
    fconfigure $driver -blocking 0
    set base http://127.0.0.1:$port
    # (root has no sandbox; a container has a small /dev/shm)
    set value [call POST /session {{"capabilities": {"alwaysMatch": {"goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        "goog:chromeOptions": {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--window-size=1280,900"]}}}}}]
    append base /session/[dict get $value sessionId]
}

proc ::browser::stop {} {
    variable driver
    catch { call DELETE "" }
    # (the driver waits for other sessions)
    catch { exec kill {*}[pid $driver] }
    catch { close $driver }
}

proc ::browser::go {url} { call POST /url "{\"url\": [str $url]}" }

# js BODY -> what the script returns
proc ::browser::js {body} { return [call POST /execute/sync "{\"script\": [str $body], \"args\": \[\]}"] }

proc ::browser::cdp {command params} { call POST /goog/cdp/execute "{\"cmd\": [str $command], \"params\": $params}" }

# keys TEXT: typed where the focus is; \ue004 is Tab, \ue00c Escape, \ue007 Enter
proc ::browser::keys {text} {
    set strokes [lmap c [split $text ""] { string cat "{\"type\": \"keyDown\", \"value\": [str $c]}, {\"type\": \"keyUp\", \"value\": [str $c]}" }]
    call POST /actions "{\"actions\": \[{\"type\": \"key\", \"id\": \"k\", \"actions\": \[[join $strokes {, }]\]}\]}"
}

# log KIND -> messages since the last time: browser (the console) or performance (the network, as JSON texts)
proc ::browser::log {kind} { return [lmap e [call POST /se/log "{\"type\": [str $kind]}"] { dict get $e message }] }

# requests -> addresses that were asked for since the last time
proc ::browser::requests {} {
    set urls {}
    foreach text [log performance] {
        set m [dict get [json::json2dict $text] message]
        if {[dict get $m method] eq "Network.requestWillBeSent"} { lappend urls [dict get $m params request url] }
    }
    return $urls
}

# look ?scheme light|dark? ?media screen|print? ?width N?
proc ::browser::look {args} {
    set o [dict merge {scheme light media screen width 1280} $args]
    cdp Emulation.setEmulatedMedia "{\"media\": [str [dict get $o media]], \"features\": \[{\"name\": \"prefers-color-scheme\", \"value\": [str [dict get $o scheme]]}\]}"
    cdp Emulation.setDeviceMetricsOverride "{\"width\": [dict get $o width], \"height\": 900, \"deviceScaleFactor\": 1, \"mobile\": false}"
}

# picture FILE ?HEIGHT?: what is to be seen, as PNG.
proc ::browser::picture {file {height 900}} {
    set r [cdp Page.captureScreenshot "{\"captureBeyondViewport\": true, \"clip\": {\"x\": 0, \"y\": 0, \"width\": [js {return innerWidth}], \"height\": $height, \"scale\": 1}}"]
    save $file [dict get $r data]
}

# paper FILE: as it would be printed, as PDF.
proc ::browser::paper {file} { save $file [call POST /print {{"background": true}}] }

proc ::browser::save {file base64} {
    set f [open $file wb]
    puts -nonewline $f [binary decode base64 $base64]
    close $f
}
