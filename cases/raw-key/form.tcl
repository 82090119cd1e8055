# form.tcl - RFC 7670 sections 1 and 3: what the device sends of its raw key, and how it asks for that of the other.

# A device need not send its key (RFC 7296 3.6); what is judged is what it sends.
testcase raw-key/key-info {
    title   "The CERT payload of encoding 15 holds the SubjectPublicKeyInfo of the device's key"
    cites   {rfc7670/3/key-info-in-cert rfc7670/1/old-form-not-sent rfc7670/3/key-shown}
    device  both
    needs   {raw-keys}
    setup   raw-$kind
    vary    {kind {rsa ecdsa ed25519}}
    bent    {raw-key-bare raw-key-in-old-encoding}
    tags    {raw-key cert}
    why     "The other end cannot read the key."
    hint    "Is the bare key sent, without the AlgorithmIdentifier around it?"
} {
    set sa [ike init]
    auth $sa rx -has {AUTH}
    set key 0x[binary encode hex [binary decode base64 [join [lrange [split [string trim [credential public device-$kind]] \n] 1 end-1] ""]]]
    set shown {}
    set old 0
    set count [llength [lsearch -all [msg payloads $rx] CERT]]
    for {set i 0} {$i < $count} {incr i} {
        switch -- [msg get $rx "CERT\[$i\].encoding"] {
            RAW_PUBLIC_KEY { lappend shown [msg get $rx "CERT\[$i\].data"] }
            RAW_RSA_KEY { incr old }
        }
    }
    should rfc7670/1/old-form-not-sent "no key has encoding 11" {$old == 0}
    may rfc7670/3/key-shown "the key is in a CERT payload of encoding 15" {[llength $shown] > 0}
    foreach data $shown {
        must rfc7670/3/key-info-in-cert "CERT holds the SubjectPublicKeyInfo of the device" {$data eq $key}
    }
    if {![llength $shown]} { must rfc7670/3/key-info-in-cert "no CERT of encoding 15 was sent, so none is malformed" {1} }
}

testcase raw-key/rsa-parameters {
    title   "The AlgorithmIdentifier of a raw RSA key has NULL for its parameters"
    cites   {rfc7670/3/rsa-parameters-null}
    device  both
    needs   {raw-keys}
    setup   raw-rsa
    bent    {raw-rsa-without-parameters}
    tags    {raw-key cert}
    why     "Readers of DER that go by RFC 3279 refuse the key."
} {
    set sa [ike init]
    auth $sa rx -has {AUTH}
    set count [llength [lsearch -all [msg payloads $rx] CERT]]
    for {set i 0} {$i < $count} {incr i} {
        if {[msg get $rx "CERT\[$i\].encoding"] ne "RAW_PUBLIC_KEY"} continue
        must rfc7670/3/rsa-parameters-null "rsaEncryption is followed by NULL" \
            {[string match *300d06092a864886f70d0101010500* [msg get $rx "CERT\[$i\].data"]]}
    }
    if {!$count} { must rfc7670/3/rsa-parameters-null "no CERT was sent, so none lacks them" {1} }
}

testcase raw-key/request-form {
    title   "A request for raw keys names no authority"
    cites   {rfc7670/3/request-without-authority}
    device  both
    needs   {raw-keys}
    setup   raw-ecdsa
    bent    {raw-request-with-authority}
    tags    {raw-key cert}
    why     "The other end looks for an authority that cannot be."
} {
    set sa [ike init]
    auth $sa rx -has {AUTH}
    set asked 0
    foreach n [records inbound] {
        set m [record $n msg]
        if {$m eq ""} continue
        set count [llength [lsearch -all [msg payloads $m] CERTREQ]]
        for {set i 0} {$i < $count} {incr i} {
            if {[msg get $m "CERTREQ\[$i\].encoding"] ne "RAW_PUBLIC_KEY"} continue
            must rfc7670/3/request-without-authority "the Certification Authority field is empty" \
                {[msg get $m "CERTREQ\[$i\].data"] in {0x {}}}
            incr asked
        }
    }
    if {!$asked} { must rfc7670/3/request-without-authority "no such CERTREQ was sent, so none names an authority" {1} }
}
