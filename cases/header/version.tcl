# version.tcl - RFC 7296 sections 2.5, 3.1 and 1.5: minor versions are ignored, higher major versions refused.

testcase header/minor-version-ignored {
    title   "A higher minor version makes no difference"
    cites   {rfc7296/2.5/minor-version-ignored rfc7296/3.1/minor-digit-ignored}
    device  both
    needs   {psk}
    bent    {minor-version-ignored minor-version-misleads}
    tags    {header version}
    vary    {minor {1 15}}
    why     "No peer with a later minor version could connect."
    hint    "Is the version octet compared as a whole?"
} {
    set sa [ike init -set [list HDR.minor $minor] response { must rfc7296/2.5/minor-version-ignored has {SA KE Nonce} }]
    auth $sa -set [list HDR.minor $minor] rx { must rfc7296/2.5/minor-version-ignored has {AUTH} }
    if {$role eq "initiator"} { alive-sa $sa -req rfc7296/2.5/minor-version-ignored }
    must rfc7296/3.1/minor-digit-ignored "the SA is up" {[sa-up $sa]}
}

rows header/major-version-refused {
    title   "A message of a higher major version makes no SA"
    cites   {rfc7296/2.5/major-version-refused rfc7296/3.1/greater-version-refused}
    device  responder
    needs   {psk}
    bent    {takes-version-3 refuses-version-3-otherwise}
    rev     2
    tags    {header version}
    why     "A later version may mean something else by the same octets."
    hint    "Is the upper half of the version octet looked at before anything else is read?"
} {major} {
    next  3
    last  15
} {
    set sa [tx IKE_SA_INIT -set [list HDR.major $major]]
    rx-none IKE_SA_INIT response -has {SA} -req rfc7296/2.5/major-version-refused -for settle
    foreach n [records inbound] {
        must rfc7296/3.1/greater-version-refused "what comes back says INVALID_MAJOR_VERSION" {[record $n msg] ne "" && [msg has [record $n msg] N(INVALID_MAJOR_VERSION)]}
    }
    must rfc7296/3.1/greater-version-refused "no SA was made" {![sa-up $sa]}
}

testcase header/major-version-notified {
    title   "A higher major version is answered by INVALID_MAJOR_VERSION"
    cites   {rfc7296/2.5/higher-major-notified}
    device  responder
    needs   {psk}
    bent    {higher-major-notified}
    tags    {header version}
    why     "A peer that knows several versions cannot find out which one to use."
    hint    "The answer goes out in clear, with version 2 in its own header."
} {
    set sa [tx IKE_SA_INIT -set {HDR.major 3}]
    rx $sa IKE_SA_INIT response {
        should rfc7296/2.5/higher-major-notified has {N(INVALID_MAJOR_VERSION)}
        should rfc7296/2.5/higher-major-notified field HDR.major == 2
    }
}

testcase header/major-version-reply-copies {
    title   "INVALID_MAJOR_VERSION goes out with SPIs, message id and exchange type of the request"
    cites   {rfc7296/1.5/reply-copies-header}
    device  responder
    needs   {psk}
    bent    {reply-copies-header version-in-notify}
    tags    {header version}
    why     "The peer cannot tell which of its requests was refused."
    hint    "Copy the header, set the Response flag."
} {
    set sa [tx IKE_SA_INIT -set {HDR.major 3}]
    settle
    set spi [record $tx_n spi_i]
    set seen 0
    foreach n [records inbound] {
        set answer [record $n msg]
        if {$answer eq "" || ![msg has $answer N(INVALID_MAJOR_VERSION)]} continue
        incr seen
        must rfc7296/1.5/reply-copies-header "message $n has SPI, message id and exchange of the request and the Response flag" {
            [record $n spi_i] eq $spi && [record $n mid] == 0 && [record $n exchange] eq "IKE_SA_INIT" && [record $n kind] eq "response"
        }
    }
    # silence is allowed: 2.5 only recommends the notify
    if {!$seen} {
        note "no INVALID_MAJOR_VERSION came"
        must rfc7296/1.5/reply-copies-header "no answer has a wrong header" {$seen == 0}
    }
}

rows header/version-one {
    title   "A message of IKE version 1, or of none, makes no SA of version 2"
    cites   {rfc7296/3.1/unknown-exchange-no-sa rfc7296/2.5/answer-in-same-version}
    device  responder
    needs   {psk}
    bent    {overlooks-faults}
    tags    {header version}
    why     "The first octets of IKEv1 read as those of IKEv2 are another message."
    hint    "What speaks both tells them apart by the version; what does not drops the message or names version 2. Its payloads are not read."
} {version exchange} {
    main-mode        0x10  2
    aggressive-mode  0x10  4
    first-exchange   0x10  34
    none             0x00  34
    before-one       0x0f  34
} {
    set sa [tx IKE_SA_INIT -edit {
        set clean [msg encode $m]
        msg set $m HDR.major [expr {$version >> 4}] HDR.minor [expr {$version & 15}] HDR.exchange $exchange
        # IKEv1 has its cookies where IKEv2 has its SPIs, and no Initiator flag
        msg set $m HDR.flags.I 0
    }]
    settle
    foreach n [records inbound] {
        set m [record $n msg]
        must rfc7296/3.1/unknown-exchange-no-sa "no IKE_SA_INIT response with a proposal comes" {$m eq "" || [msg get $m HDR.exchange] ne "IKE_SA_INIT" || ![msg has $m SA]}
    }
    must rfc7296/3.1/unknown-exchange-no-sa "no SA of version 2 was made" {![sa-up $sa]}
    set next [tx IKE_SA_INIT]
    rx $next IKE_SA_INIT response
    must rfc7296/2.5/answer-in-same-version "a message of version 2 is answered in version 2" {[msg get $rx HDR.major] == 2 && [msg has $rx SA]}
}
