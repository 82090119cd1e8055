# shown.tcl - RFC 4945 sections 3.2, 3.3, 4.2 and 4.3: the certificates that the device sends and those that it asks for.

testcase cert/payloads-in-place {
    title   "Certificates are in IKE_AUTH, requests in the two messages that can still be answered"
    cites   {rfc4945/4.2.1.2/request-in-place rfc4945/4.3.2/certificate-in-place}
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {certificate-early request-out-of-place}
    tags    {cert}
    why     "The peer takes the message for a wrong one, or the request for nothing."
} {
    if {$role eq "responder"} {
        set sa [tx IKE_SA_INIT]
        rx $sa IKE_SA_INIT response { must rfc4945/4.3.2/certificate-in-place lacks {CERT} }
        tx $sa IKE_AUTH
        rx $sa IKE_AUTH response { should rfc4945/4.2.1.2/request-in-place lacks {CERTREQ} }
    } else {
        dut initiate
        rx IKE_SA_INIT request {
            must rfc4945/4.3.2/certificate-in-place lacks {CERT}
            should rfc4945/4.2.1.2/request-in-place lacks {CERTREQ}
        }
    }
}

testcase cert/sent-payloads {
    title   "The device sends its certificate, once, and neither CRL nor PKCS #7 with it"
    cites   {
        rfc4945/3.2.4/pkcs7-request-not-required rfc4945/3.2.7.1/end-entity-answers rfc4945/3.3.3/crl-not-sent
        rfc4945/3.3.4/pkcs7-not-sent rfc4945/3.3.9/one-end-entity rfc4945/3.3.9/end-entities-one-key
        rfc4945/3.3.11.1/no-cert-twice rfc4945/3.3.11.2/end-entity-always
    }
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {certificate-left-out crl-sent pkcs7-sent certificate-twice two-end-entities}
    tags    {cert}
    why     "Messages grow past what the path carries, or the peer takes the wrong key."
} {
    set sa [ike init]
    if {$role eq "responder"} { tx $sa IKE_AUTH; rx $sa IKE_AUTH response } else { rx $sa IKE_AUTH request }
    precondition {[msg has $rx AUTH]} "the device does not prove itself"
    set sent [llength [lsearch -all -exact [msg payloads $rx] CERT]]
    # the one request of the tester is for X.509 certificates of the CA of both
    set key [binary encode hex [binary decode base64 [join [lrange [split [credential public device-rsa] \n] 1 end-2] ""]]]
    set seen {}
    set own 0
    set other 0
    for {set i 0} {$i < $sent} {incr i} {
        set data [msg get $rx "CERT\[$i\].data"]
        set encoding [msg get $rx "CERT\[$i\].encoding"]
        should rfc4945/3.3.3/crl-not-sent "CERT $i is no CRL and no ARL" {$encoding ni {CRL ARL 7 8}}
        should rfc4945/3.3.4/pkcs7-not-sent "CERT $i is not PKCS #7" {$encoding ni {PKCS7 1}}
        should rfc4945/3.3.11.1/no-cert-twice "CERT $i was not there before" {$data ni $seen}
        lappend seen $data
        if {[string first [binary encode hex "ikespec device"] $data] >= 0} {
            incr own
            if {[string first $key $data] < 0} { incr other }
        }
    }
    should rfc4945/3.2.7.1/end-entity-answers "the certificate of the device is among the $sent that it sends" {$own > 0}
    should rfc4945/3.3.11.2/end-entity-always "the certificate of the device is among the $sent that it sends" {$own > 0}
    should rfc4945/3.2.4/pkcs7-request-not-required "without a request for PKCS #7, too" {$own > 0}
    should rfc4945/3.3.9/end-entities-one-key "all certificates of the device are for one key" {$other == 0}
    should rfc4945/3.3.9/one-end-entity "no more than one certificate is the device's own, of $own" {$own <= 1}
}

testcase cert/request-contents {
    title   "The device asks for a certificate of its CA, once, and for no CRL"
    cites   {
        rfc4945/3.2.3/crl-not-asked-for rfc4945/3.2.3/crl-not-required rfc4945/3.2.6/asks-when-wanted
        rfc4945/3.2.7.1/anchors-named rfc4945/3.2.7.2/authority-named rfc4945/3.2.9.1/no-request-twice
    }
    device  both
    needs   {certificates}
    setup   cert-rsa
    bent    {request-left-out request-for-crl request-of-nobody request-of-stranger request-twice insists-on-crl}
    tags    {cert}
    why     "A peer with several certificates shows none, or another one."
    hint    "A peer need not show a certificate that nobody asked for."
} {
    # what the tester itself asks for is a certificate of the same CA
    edit outbound [expr {$role eq "responder" ? "IKE_AUTH" : "IKE_SA_INIT"}] any { if {[msg has $m CERTREQ]} { set known [string range [msg get $m CERTREQ.data] 2 end] } }
    if {$role eq "responder"} {
        set sa [tx IKE_SA_INIT]
        rx $sa IKE_SA_INIT response
        tx $sa IKE_AUTH
    } else {
        set sa [ike init]
        rx $sa IKE_AUTH request
    }
    set asked [llength [lsearch -all -exact [msg payloads $rx] CERTREQ]]
    should rfc4945/3.2.6/asks-when-wanted "a certificate is wanted, so there is a request" {$asked > 0}
    set seen {}
    set named 0
    for {set i 0} {$i < $asked} {incr i} {
        set encoding [msg get $rx "CERTREQ\[$i\].encoding"]
        set data [msg get $rx "CERTREQ\[$i\].data"]
        should rfc4945/3.2.3/crl-not-asked-for "request $i is for no CRL and no ARL" {$encoding ni {CRL ARL 7 8}}
        should rfc4945/3.2.9.1/no-request-twice "request $i was not there before" {[list $encoding $data] ni $seen}
        if {$encoding eq "X509_SIGNATURE"} {
            should rfc4945/3.2.7.2/authority-named "request $i names an authority" {$data ne "0x"}
            foreach hash [regexp -all -inline {[0-9a-f]{40}} [string range $data 2 end]] { incr named [expr {$hash eq $known}] }
        }
        lappend seen [list $encoding $data]
    }
    should rfc4945/3.2.7.1/anchors-named "the CA of the lab is named" {$named > 0}
    # the tester sends its certificate, and no CRL whatever the device asked for
    settle
    alive-sa $sa -req rfc4945/3.2.3/crl-not-required
}
