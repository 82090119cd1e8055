# pki.tcl - the certificates of a run: a CA of the lab, leaves of tester and device, and whatever a case wants to be wrong
# with them. Made when first asked for, kept for the process: nothing that expires is in the repository.
#
# Names are WHO-KIND: tester-rsa, device-ecdsa, stranger-ed25519 ...; lab-rsa is the CA. All is signed by RSA keys, so
# that no length depends on the octets of a key.

namespace eval ::pki {
    variable made [dict create]
    # (common: the folder of the keys, once it was asked for)
    variable kinds {rsa rsa:2048 rsa1024 rsa:1024 rsa3072 rsa:3072 ecdsa ec:P-256 ecdsa384 ec:P-384 ecdsa521 ec:P-521 ed25519 ed25519}
    variable names {tester DNS:t.lab,email:tester@t.lab,IP:192.0.2.1 device DNS:d.lab,email:device@d.lab,IP:192.0.2.2}
    variable options {
        -issuer -san -subject -usage -ext-usage -constraint -names -critical -more -digest -from -to -serial
    }
}

proc ::pki::once {what script} {
    variable made
    if {![dict exists $made $what]} { dict set made $what [uplevel 1 $script] }
    return [dict get $made $what]
}

proc ::pki::kind {name} {
    variable kinds
    set kind [lindex [split $name -] end]
    if {![dict exists $kinds $kind]} { throw {IKESPEC USAGE} [::parse::unknown "kind of key" $kind [dict keys $kinds]] }
    return [dict get $kinds $kind]
}

proc ::pki::key {name} { once [list key $name] { shared $name.key { ::ike::pki key [kind $name] } } }

# Keys take long to make: they last, in a folder that the processes of all runs have in common. (A machine without a
# place for it has no other use for one: each process then makes its own.)
proc ::pki::common {} {
    variable common
    if {![info exists common] && [catch { ::state::lasting keys } common]} { set common "" }
    return $common
}

proc ::pki::shared {file script} {
    set path [file join [common] $file]
    if {[common] eq "" || [catch { readable $path } pem]} {
        set pem [uplevel 1 $script]
        if {[common] eq "" || [catch { ::dut::write_file $path.[pid] $pem; file rename $path.[pid] $path }]} {
            catch { file delete $path.[pid] }
            # another process may have been quicker: then its key is everybody's
            if {![catch { readable $path } theirs]} { set pem $theirs }
        }
    }
    return $pem
}

# What a disk that was full has cut off is no key.
proc ::pki::readable {path} {
    set pem [::parse::read_file $path]
    if {![regexp {^-----BEGIN .*-----END PRIVATE KEY-----\s*$} $pem]} { file delete $path; error "no key in $path" }
    return $pem
}

# The certificate NAME: valid from 1970 to 2100, good for signing, signed by the CA of the lab. -issuer NAME is that of
# another, or NAME itself; the other options are those of ::ike::pki cert, {} leaves the extension out (and the subject empty).
proc ::pki::cert {name args} {
    variable options
    foreach key [dict keys $args] {
        if {$key ni $options} { throw {IKESPEC USAGE} [::parse::unknown "option of a certificate" $key $options] }
    }
    once [list cert $name [lsort -stride 2 $args]] { make $name $args }
}

# RFC 5280 4.1.2.2: no two certificates of a CA have the same number. Always four octets.
proc ::pki::serial {name given} {
    expr {0x40000000 | ([zlib crc32 [encoding convertto utf-8 [list $name $given]]] & 0x3fffffff)}
}

proc ::pki::make {name given} {
    variable names
    set who [lindex [split $name -] 0]
    set ca [expr {$who ni {tester device}}]
    set o [dict create -issuer [expr {$ca ? $name : "lab-rsa"}] -subject "CN=ikespec $who" -serial [serial $name $given] \
               -constraint [expr {$ca ? "critical,CA:TRUE" : ""}] -usage [expr {$ca ? "keyCertSign,cRLSign" : "digitalSignature"}] \
               -san [expr {$ca ? "" : [dict get $names $who]}]]
    set o [dict merge $o $given]
    set issuer [dict get $o -issuer]
    set words [dict filter [dict remove $o -issuer] script {k v} { expr {$v ne ""} }]
    if {[llength $issuer] == 2} {
        lassign $issuer by pem      ;# {NAME CERTIFICATE}: one that was made with options of its own
        lappend words -issuer $pem -issuer-key [key $by]
    } elseif {$issuer ne $name} {
        lappend words -issuer [cert $issuer] -issuer-key [key $issuer]
    }
    ::ike::pki cert [key $name] {*}$words
}

# The public half of the key NAME.
proc ::pki::public {name} { once [list public $name] { ::ike::pki public [key $name] } }

# What a setup needs whose ends sign: {END KIND} of those that do.
proc ::pki::credentials {kinds} {
    set d [dict create ca [cert lab-rsa]]
    dict for {who kind} $kinds {
        dict set d $who [dict create cert [cert $who-$kind] key [key $who-$kind] public [public $who-$kind]]
    }
    return $d
}

# The word of cases: credential key NAME, credential public NAME, credential cert NAME ?-option value ...?
proc ::pki::word {what name args} {
    switch -- $what {
        key { return [key $name] }
        public { return [public $name] }
        cert { return [cert $name {*}$args] }
    }
    throw {IKESPEC USAGE} [::parse::unknown "word after credential" $what {key public cert}]
}
