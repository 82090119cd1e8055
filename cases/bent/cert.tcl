# cert.tcl - bent devices of authentication by certificate.

bent insists-on-method-14 {
    title "Drops IKE_AUTH with a signature of a method other than 14"
    hear  {IKE_AUTH any { if {[msg has $m AUTH] && [msg get $m AUTH.method] ne "SIGNATURE"} { return drop } }}
}

bent pss-unknown {
    title "Drops IKE_AUTH with an RSASSA-PSS signature"
    hear  {IKE_AUTH any { if {[msg has $m AUTH] && [string match 0x*2a864886f70d01010a* [msg get $m AUTH.data]]} { return drop } }}
}

bent one-certificate-only {
    title "Drops IKE_AUTH with more than one certificate"
    hear  {IKE_AUTH any { if {[llength [lsearch -all [msg payloads $m] CERT]] > 1} { return drop } }}
}

bent insists-on-x509 {
    title "Drops IKE_AUTH with a certificate of an encoding other than X.509"
    hear  {IKE_AUTH any {
        foreach p [msg paths $m] { if {[string match CERT*.encoding [lindex $p 0]] && ![string match CERTREQ* [lindex $p 0]] && [lindex $p 1] ni {4 X509_SIGNATURE}} { return drop } }
    }}
}

bent drops-long-names {
    title "Drops IKE_AUTH with a certificate of several names"
    hear  {IKE_AUTH any { if {[msg has $m CERT] && [string match *[binary encode hex first.lab]* [msg get $m CERT.data]]} { return drop } }}
}

bent takes-any-method {
    title   "Believes whoever says that he is somebody, by whatever method"
    rulings {auth-method-known auth-verified path-valid}
}

bent takes-two-auth {
    title   "Reads the first of two AUTH payloads"
    rulings {auth-required-payloads}
}

bent hash-list-odd {
    title "Its list of hashes has an octet too many"
    edit  {IKE_SA_INIT any { if {[msg has $m N(SIGNATURE_HASH_ALGORITHMS)]} { msg set $m N(SIGNATURE_HASH_ALGORITHMS).data [msg get $m N(SIGNATURE_HASH_ALGORITHMS).data]00 } }}
}

bent hash-list-with-spi {
    title "Its list of hashes names a protocol"
    edit  {IKE_SA_INIT any { if {[msg has $m N(SIGNATURE_HASH_ALGORITHMS)]} { msg set $m N(SIGNATURE_HASH_ALGORITHMS).protocol 1 } }}
}

bent insists-on-known-hashes {
    title "Drops IKE_SA_INIT with a hash that it does not know"
    hear  {IKE_SA_INIT any {
        if {[msg has $m N(SIGNATURE_HASH_ALGORITHMS)]} {
            foreach {- h} [regexp -all -inline {(....)} [string range [msg get $m N(SIGNATURE_HASH_ALGORITHMS).data] 2 end]] {
                if {$h ni {0001 0002 0003 0004 0005}} { return drop }
            }
        }
    }}
}

bent request-cut {
    title "Its certificate request ends in the middle of a hash"
    edit  {any any { if {[msg has $m CERTREQ]} { msg set $m CERTREQ.data [string range [msg get $m CERTREQ.data] 0 end-2] } }}
}

bent insists-on-request {
    title "Drops messages with a certificate request that names anything but the one CA it knows"
    hear  {any any {
        if {[msg has $m CERTREQ]} {
            set data [msg get $m CERTREQ.data]
            if {[msg get $m CERTREQ.encoding] ne "X509_SIGNATURE" || [string length $data] != 42 || [string match 0x5a5a5a* $data]} { return drop }
        }
    }}
}

bent foreign-certificate-first {
    title "A certificate that is not its own stands before that of its key"
    edit  {IKE_AUTH any { if {[msg has $m CERT]} { msg add $m CERT -before CERT -body "\4[string repeat x 200]" } }}
}

bent foreign-certificate-alone {
    title "The one certificate that it shows is not that of its key"
    edit  {IKE_AUTH any { if {[msg has $m CERT]} { msg set $m CERT.data 0x[string repeat 78 200] } }}
}

bent rsa-method-unknown {
    title "Drops IKE_AUTH with a signature of method 1"
    hear  {IKE_AUTH any { if {[msg has $m AUTH] && [msg get $m AUTH.method] eq "RSA"} { return drop } }}
}

bent psk-method-unknown {
    title "Drops IKE_AUTH with the method of the shared key"
    hear  {IKE_AUTH any { if {[msg has $m AUTH] && [msg get $m AUTH.method] eq "PSK"} { return drop } }}
}

bent insists-on-rsa-3072 {
    title "Drops IKE_AUTH with a signature of less than 3072 bits"
    hear  {IKE_AUTH any { if {[msg has $m AUTH] && [string length [msg get $m AUTH.data]] < 2 + 2 * 384} { return drop } }}
}

bent sha2-256-unknown {
    title "Drops IKE_AUTH with a signature over SHA2-256"
    hear  {IKE_AUTH any {
        if {[msg has $m AUTH]} {
            set data [msg get $m AUTH.data]
            if {[string match 0x0f300d06092a864886f70d01010b* $data] || [string match 0x0c300a06082a8648ce3d040302* $data]} { return drop }
        }
    }}
}

bent signature-without-length {
    title "The length of the AlgorithmIdentifier is missing before its signatures"
    edit  {IKE_AUTH any { if {[msg has $m AUTH]} { msg set $m AUTH.data 0x[string range [msg get $m AUTH.data] 4 end] } }}
}

bent signature-length-long {
    title "The length before the AlgorithmIdentifier of its signatures counts itself"
    edit  {IKE_AUTH any {
        if {[msg has $m AUTH]} {
            set data [string range [msg get $m AUTH.data] 2 end]
            scan [string range $data 0 1] %x length
            msg set $m AUTH.data 0x[format %02x [expr {$length + 1}]][string range $data 2 end]
        }
    }}
}

bent hash-list-repeated {
    title "It lists its hashes in IKE_AUTH once more"
    edit  {IKE_AUTH any { msg add $m N(SIGNATURE_HASH_ALGORITHMS) data 0x000200030004 }}
}

bent hash-list-late {
    title "It lists its hashes in IKE_AUTH only"
    edit  {IKE_SA_INIT any {
        if {[msg has $m N(SIGNATURE_HASH_ALGORITHMS)]} { msg remove $m N(SIGNATURE_HASH_ALGORITHMS) }
    } IKE_AUTH any { msg add $m N(SIGNATURE_HASH_ALGORITHMS) data 0x000200030004 }}
}

bent lists-sha1 {
    title "SHA-1 is among the hashes that it lists"
    edit  {IKE_SA_INIT any {
        if {[msg has $m N(SIGNATURE_HASH_ALGORITHMS)]} {
            msg set $m N(SIGNATURE_HASH_ALGORITHMS).data [msg get $m N(SIGNATURE_HASH_ALGORITHMS).data]0001
        }
    }}
}

bent ecdsa-methods-unknown {
    title "Drops IKE_AUTH with a signature of methods 9 to 11"
    hear  {IKE_AUTH any { if {[msg has $m AUTH] && [string match ECDSA_* [msg get $m AUTH.method]]} { return drop } }}
}

bent signature-method-unknown {
    title "Drops IKE_AUTH with a signature of method 14"
    hear  {IKE_AUTH any { if {[msg has $m AUTH] && [msg get $m AUTH.method] eq "SIGNATURE"} { return drop } }}
}

bent drops-long-signatures {
    title "Drops IKE_AUTH with a signature of more than 2048 bits"
    hear  {IKE_AUTH any { if {[msg has $m AUTH] && [string length [msg get $m AUTH.data]] > 2 + 2 * 300} { return drop } }}
}

bent sha2-512-unknown {
    title "Drops IKE_AUTH with a signature over SHA2-512"
    hear  {IKE_AUTH any {
        if {[msg has $m AUTH]} {
            set data [msg get $m AUTH.data]
            if {[string match 0x0f300d06092a864886f70d01010d* $data] || [string match 0x0c300a06082a8648ce3d040304* $data]} { return drop }
        }
    }}
}

bent ecdsa-in-der {
    title "Its ECDSA signatures of methods 9 to 11 are in DER"
    edit  {IKE_AUTH any {
        if {[msg has $m AUTH] && [string match ECDSA_* [msg get $m AUTH.method]]} {
            msg set $m AUTH.data 0x30440220[string range [msg get $m AUTH.data] 2 end]
        }
    }}
}

bent ecdsa-other-method {
    title "It signs by ECDSA under the number of another curve"
    edit  {IKE_AUTH any {
        if {[msg has $m AUTH] && [string match ECDSA_* [msg get $m AUTH.method]]} {
            msg set $m AUTH.method [expr {[msg get $m AUTH.method] eq "ECDSA_256" ? "ECDSA_384" : "ECDSA_256"}]
        }
    }}
}

bent wants-server-certificates {
    title "It takes certificates without extended key usage only"
    hear  {IKE_AUTH any { if {[msg has $m CERT] && [string match *551d25* [msg get $m CERT.data]]} { return drop } }}
}

bent anchor-sent {
    title "It sends the certificate of the CA behind its own"
    edit  {IKE_AUTH any { if {[msg has $m CERT]} { msg double $m CERT; msg set $m {CERT[1].data} 0x[binary encode hex [binary decode base64 [join [lrange [split [credential cert lab-rsa] \n] 1 end-2] ""]]] } }}
}

bent certificate-left-out {
    title "It signs and sends no certificate"
    edit  {IKE_AUTH any { while {[msg has $m CERT]} { msg remove $m CERT } }}
}

# The case names the issuer of the peer's certificate "middle 3".
bent insists-on-path-order {
    title "Behind the first certificate it wants that of its issuer"
    hear  {IKE_AUTH any {
        if {[msg exists $m "CERT\[1\].data"] && [string first [binary encode hex "middle 3"] [msg get $m "CERT\[1\].data"]] < 0} { return drop }
    }}
}

bent request-for-crl {
    title "It names authorities in a request for a CRL"
    edit  {any any { if {[msg has $m CERTREQ]} { msg set $m CERTREQ.encoding CRL } }}
}

bent signs-by-dss {
    title "It names DSS as the method of its signature"
    edit  {IKE_AUTH any { if {[msg has $m AUTH]} { msg set $m AUTH.method DSS } }}
}

bent certificate-early {
    title "A certificate is in its IKE_SA_INIT"
    edit  {IKE_SA_INIT any { msg add $m CERT encoding X509_SIGNATURE data 0x3003020101 }}
}

bent request-out-of-place {
    title "It asks for a certificate where nobody can answer any more, or not yet"
    edit  {
        IKE_SA_INIT request { msg add $m CERTREQ encoding X509_SIGNATURE data 0x[string repeat 5a 20] }
        IKE_AUTH response { msg add $m CERTREQ encoding X509_SIGNATURE data 0x[string repeat 5a 20] }
    }
}

bent request-left-out {
    title "It wants a certificate and does not ask for it"
    edit  {any any { while {[msg has $m CERTREQ]} { msg remove $m CERTREQ } }}
}

bent request-of-nobody {
    title "Its certificate request names no authority"
    edit  {any any { if {[msg has $m CERTREQ]} { msg set $m CERTREQ.data hex: } }}
}

bent request-of-stranger {
    title "Its certificate request names an authority that it does not know"
    edit  {any any { if {[msg has $m CERTREQ]} { msg set $m CERTREQ.data 0x[string repeat 5a 20] } }}
}

bent request-twice {
    title "Its certificate request is there twice"
    edit  {any any { if {[msg has $m CERTREQ]} { msg double $m CERTREQ } }}
}

bent one-request-only {
    title "Drops messages with more than one certificate request"
    hear  {any any { if {[llength [lsearch -all -exact [msg payloads $m] CERTREQ]] > 1} { return drop } }}
}

bent insists-on-crl {
    title "Drops IKE_AUTH without a CRL"
    hear  {IKE_AUTH any {
        foreach p [msg paths $m] { if {[string match CERT*.encoding [lindex $p 0]] && [lindex $p 1] in {7 CRL}} { return 1 } }
        if {[msg has $m CERT]} { return drop }
    }}
}

bent crl-sent {
    title "It sends a CRL behind its certificate"
    edit  {IKE_AUTH any { if {[msg has $m CERT]} { msg add $m CERT encoding CRL data 0x3003020101 } }}
}

bent pkcs7-sent {
    title "It sends PKCS #7 behind its certificate"
    edit  {IKE_AUTH any { if {[msg has $m CERT]} { msg add $m CERT encoding PKCS7 data 0x3003020101 } }}
}

bent certificate-twice {
    title "It sends its certificate twice"
    edit  {IKE_AUTH any { if {[msg has $m CERT]} { msg double $m CERT } }}
}

bent two-end-entities {
    title "It sends a certificate of another key of its own, too"
    edit  {IKE_AUTH any { if {[msg has $m CERT]} { msg double $m CERT; msg set $m {CERT[1].data} 0x[binary encode hex [binary decode base64 [join [lrange [split [credential cert device-ecdsa] \n] 1 end-2] ""]]] } }}
}

bent identity-of-nobody {
    title "It calls itself what its certificate does not"
    edit  {IKE_AUTH any { if {[msg has $m AUTH]} { msg set $m [expr {[msg has $m IDi] ? "IDi" : "IDr"}].data str:x.lab } }}
}

bent identity-as-general-name {
    title "It calls itself by an identity of type ID_DER_ASN1_GN"
    edit  {IKE_AUTH any { if {[msg has $m AUTH]} { msg set $m [expr {[msg has $m IDi] ? "IDi" : "IDr"}].type ID_DER_ASN1_GN } }}
}

bent identity-as-key-id {
    title "It calls itself by an identity of type ID_KEY_ID"
    edit  {IKE_AUTH any { if {[msg has $m AUTH]} { msg set $m [expr {[msg has $m IDi] ? "IDi" : "IDr"}].type ID_KEY_ID } }}
}

# Not so: an empty subject, a key usage that is critical or another than digitalSignature, a subjectAltName that is critical, any
# other extension that a case puts in.
bent wants-plain-certificates {
    title "It takes certificates of the usual look only"
    hear  {IKE_AUTH any {
        if {[msg has $m CERT]} {
            set data [msg get $m CERT.data]
            set wanted [list [binary encode hex "ikespec tester"] 0603551d0f040403020780 0603551d1104]
            foreach octets $wanted { if {[string first $octets $data] < 0} { return drop } }
            foreach octets {551d13 551d10 551d20 2b0601050507010b 2b0601040181fd59} { if {[string first $octets $data] >= 0} { return drop } }
        }
    }}
}

bent url-hash-wrong {
    title "The hash that it sends with a URL is of something else"
    edit  {IKE_AUTH any { if {[msg has $m CERT]} { msg set $m CERT.data 0x[string repeat 5a 20][string range [msg get $m CERT.data] 42 end] } }}
}

bent url-of-nothing {
    title "The URL that it sends leads nowhere"
    edit  {IKE_AUTH any { if {[msg has $m CERT]} { msg set $m CERT.data [string range [msg get $m CERT.data] 0 end-2] } }}
}

bent url-of-one-path {
    title "It looks up what is at the top of a web server only"
    hear  {IKE_AUTH any { if {[regexp {^0x.{40}687474703a2f2f(?:[0-9a-f]{2})*?2f(?:[0-9a-f]{2})*(2f|3f)} [msg get $m CERT.data]]} { return drop } }}
}

bent url-without-port {
    title "It looks nothing up where the URL has a port"
    hear  {IKE_AUTH any { if {[string match *3a38303830* [msg get $m CERT.data]]} { return drop } }}
}

bent url-without-user {
    title "It looks nothing up where the URL has a user"
    hear  {IKE_AUTH any { if {[string match *736563726574* [msg get $m CERT.data]]} { return drop } }}
}

# sha256WithRSAEncryption, by which the CA of the lab signs every certificate.
bent sha2-256-certificates-unknown {
    title "Drops IKE_AUTH with a certificate that was signed with RSA over SHA2-256"
    hear  {IKE_AUTH any { if {[msg has $m CERT] && [string match *2a864886f70d01010b* [msg get $m CERT.data]]} { return drop } }}
}
