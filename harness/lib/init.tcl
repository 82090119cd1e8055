# init.tcl - `init NAME`: a profile, an expectation file, a test CA, a pre-shared key and the settings that the device
# needs, ready to edit. Never overwrites.

namespace eval ::init {}

proc ::init::command {words o} {
    set name [lindex $words 0]
    if {![regexp {^[A-Za-z0-9][A-Za-z0-9_-]*$} $name]} { ::cli::usage "ikespec init NAME: a word of letters, digits, - and _" }
    set driver [dict get $o --driver]
    if {$driver eq "self"} { set driver strongswan }
    if {$driver ni [::profile::drivers]} { ::cli::usage "--driver: [::parse::unknown driver $driver [::profile::drivers]]" }
    set files [list $name.dut $name.expect $name.psk $name.conf]
    set tls {}
    if {[auto_execok openssl] ne ""} { set tls [list $name-ca.pem $name-ca.key]; lappend files {*}$tls }
    foreach f $files { if {[file exists $f]} { ::cli::usage "$f exists; nothing was written" } }
    ::cli::load_cases
    # the key of the setups: cases that want a wrong one say so themselves
    set psk [dict get [::setups::get psk] psk]
    secret $name.psk $psk
    ::runner::put $name.dut [profile $name $driver]
    ::runner::put $name.expect "# Failures that are known. One line each:
#   known|flaky|skip  ID-or-glob  when  TICKET  YYYY-MM-DD  \"signature\" ; reason
# when: always, initiator, responder. A line past its date closes the release gate; one that passes breaks the run.
# known  rekey/child-collision-*  always  FW-1234  2027-01-31  \"lowest-nonce-loses missed at step *\" ; fixed in 7.2"
    ::runner::put $name.conf [settings $psk]
    file attributes $name.conf -permissions 0600
    if {[llength $tls]} {
        set old [open $name-ca.key {WRONLY CREAT} 0600]
        close $old
        if {[catch { exec openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/O=ikespec/CN=$name test CA" \
            -keyout $name-ca.key -out $name-ca.pem 2>@1 } why]} {
            puts stderr "no test CA: [lindex [split $why \n] end]"
            file delete $name-ca.key $name-ca.pem
            set files [lrange $files 0 3]
        }
    }
    foreach f $files about {"what the device claims, and how the lab reaches it: edit this one" "failures that are known, with tickets"
        "the pre-shared key" "settings for the device, as strongSwan's swanctl.conf: a model for any other"
        "a test CA" "its key"} {
        if {$f ne ""} { puts [format "  %-24s %s" $f $about] }
    }
    puts "next:  ikespec doctor --dut $name.dut    then    ikespec run suite:smoke --dut $name.dut"
    return 0
}

proc ::init::secret {file text} {
    set f [open $file {WRONLY CREAT EXCL} 0600]
    puts $f $text
    close $f
}

proc ::init::profile {name driver} {
    set claims {}
    dict for {k v} [::dut::claims $driver] { lappend claims [format "        %-20s %s" $k [expr {[llength $v] == 1 ? $v : [list $v]}]] }
    return "# $name.dut - what the device claims (yes, no or unknown), and how the lab reaches it.
dut $name {
    vendor  \"\"
    product \"\"
    driver  $driver {
    }
    # With the lines below empty the lab makes network namespaces on this machine (drivers of daemons).
    lab {
        # device-address  192.0.2.10
        # tester-address  198.51.100.2
    }
    claims {
[join $claims \n]
    }
    expect  $name.expect
}"
}

proc ::init::settings {psk} {
    set s [::setups::get psk]
    return "# The device's side of the setup `psk`, for swanctl.conf; every other device needs the same facts.
#   device [dict get $s device addr]  id [lindex [dict get $s device id] 1]      tester [dict get $s tester addr]  id [lindex [dict get $s tester id] 1]
#   IKE [lindex [dict get $s ike] 0]
#   ESP [lindex [dict get $s esp] 0]
connections {
  t {
    version = 2
    local_addrs = [dict get $s device addr]
    remote_addrs = [dict get $s tester addr]
    proposals = aes256-sha256-ecp256
    local {
      auth = psk
      id = [lindex [dict get $s device id] 1]
    }
    remote {
      auth = psk
      id = [lindex [dict get $s tester id] 1]
    }
    children {
      c {
        local_ts = [join [dict get $s device_ts] ,]
        remote_ts = [join [dict get $s tester_ts] ,]
        esp_proposals = aes256gcm16
      }
    }
  }
}
secrets {
  ike-t {
    secret = \"$psk\"
  }
}"
}

::cli::command init {NAME} "a device profile, a key and settings for the device" {--driver} ::init::command
