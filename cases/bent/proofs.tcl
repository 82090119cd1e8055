# proofs.tcl - bent devices of authentication by raw public key (RFC 7670) and without proof (RFC 7619).

bent raw-keys-unknown {
    title "Drops IKE_AUTH with a raw public key"
    hear  {IKE_AUTH any { if {[msg has $m CERT] && [msg get $m CERT.encoding] eq "RAW_PUBLIC_KEY"} { return drop } }}
}

bent insists-on-cert {
    title "Drops IKE_AUTH without a CERT payload"
    hear  {IKE_AUTH any { if {[msg has $m AUTH] && ![msg has $m CERT]} { return drop } }}
}

bent insists-on-raw-request {
    title "Drops messages with a certificate request for anything but a raw public key"
    hear  {any any {
        set count [llength [lsearch -all [msg payloads $m] CERTREQ]]
        for {set i 0} {$i < $count} {incr i} { if {[msg get $m "CERTREQ\[$i\].encoding"] ne "RAW_PUBLIC_KEY"} { return drop } }
    }}
}

# The octets behind the AlgorithmIdentifier, which no key of the setups has in fewer than ten octets.
bent raw-key-bare {
    title "It sends its raw public key without the AlgorithmIdentifier"
    edit  {IKE_AUTH any { if {[msg has $m CERT]} { msg set $m CERT.data 0x[string range [msg get $m CERT.data] 22 end] } }}
}

bent raw-key-in-old-encoding {
    title "It sends its raw public key under the deprecated encoding"
    edit  {IKE_AUTH any { if {[msg has $m CERT]} { msg set $m CERT.encoding RAW_RSA_KEY } }}
}

bent signs-by-classic-method {
    title "Its AUTH names the classic method of RSA, whatever the ends have listed"
    edit  {IKE_AUTH any { if {[msg has $m AUTH]} { msg set $m AUTH.method RSA } }}
}

# From the length of the AlgorithmIdentifier on, whose own length is the octet behind 30.
bent rsa-signature-without-null {
    title "The AlgorithmIdentifier of its RSA signature lacks the NULL"
    edit  {IKE_AUTH any {
        if {[msg has $m AUTH]} { msg set $m AUTH.data [regsub {^0x0f300d(06092a864886f70d0101..)0500} [msg get $m AUTH.data] {0x0d300b\1}] }
    }}
}

bent signature-with-null {
    title "The AlgorithmIdentifier of its signature by a curve has NULL for its parameters"
    edit  {IKE_AUTH any {
        if {[msg has $m AUTH]} {
            set data [msg get $m AUTH.data]
            scan [string range $data 2 3] %x length
            set id [string range $data 6 [expr {3 + 2 * $length}]]
            msg set $m AUTH.data 0x[format %02x [expr {$length + 2}]]30[format %02x $length][string range $id 2 end]0500[string range $data [expr {4 + 2 * $length}] end]
        }
    }}
}

bent raw-rsa-without-parameters {
    title "The AlgorithmIdentifier of its raw RSA key has no parameters"
    edit  {IKE_AUTH any {
        if {[msg has $m CERT]} {
            set old 30820122300d06092a864886f70d0101010500
            set new 30820120300b06092a864886f70d010101
            msg set $m CERT.data [string map [list $old $new] [msg get $m CERT.data]]
        }
    }}
}

bent raw-request-with-authority {
    title "It names an authority in its request for a raw public key"
    edit  {any any { if {[msg has $m CERTREQ]} { msg set $m CERTREQ.data 0x[string repeat 5a 20] } }}
}

bent takes-any-raw-key {
    title   "It believes whoever has a key, shown or not"
    rulings {key-known-beforehand auth-verified}
}

bent null-method-unknown {
    title "Drops IKE_AUTH with method 13 and sends none of it itself"
    hear  {IKE_AUTH any { if {[msg has $m AUTH] && [msg get $m AUTH.method] eq "NULL"} { return drop } }}
    edit  {IKE_AUTH any { if {[msg has $m AUTH] && [msg get $m AUTH.method] eq "NULL"} { msg set $m AUTH.method 15 } }}
}

bent auth-left-out {
    title "It sends no AUTH payload"
    edit  {IKE_AUTH any { if {[msg has $m AUTH]} { msg remove $m AUTH } }}
}

bent id-null-with-data {
    title "Its ID_NULL has data"
    edit  {IKE_AUTH any { foreach p {IDi IDr} { if {[msg has $m $p] && [msg get $m $p.type] eq "ID_NULL"} { msg set $m $p.data str:d.lab } } }}
}

bent takes-anybody {
    title   "It believes whoever calls himself anything, by whatever method"
    rulings {auth-method-known auth-verified unproven-auth-checked path-valid peer-identity-checked}
}
