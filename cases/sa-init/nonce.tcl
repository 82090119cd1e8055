# nonce.tcl - RFC 7296 sections 2.10 and 3.9: sizes of nonces, and that they are new each time.

rows sa-init/nonce-accepted {
    title   "Nonces of every size allowed are accepted, and the keys fit"
    cites   {rfc7296/3.9/nonce-size-checked}
    device  both
    needs   {psk}
    bent    {insists-on-nonce-32}
    tags    {sa-init nonce}
    why     "Peers with nonces of another size cannot connect."
    hint    "16 to 256 octets; all of them go into the keys."
} {octets} {
    shortest   16
    odd        17
    long       255
    longest    256
} {
    set sa [ike init -set [list Nonce.data 0x[string repeat a7 $octets]] response { must rfc7296/3.9/nonce-size-checked has {SA KE Nonce} }]
    auth $sa rx { must rfc7296/3.9/nonce-size-checked has {AUTH} }
}

rows sa-init/nonce-refused {
    title   "Nonces shorter than 16 or longer than 256 octets are refused"
    cites   {rfc7296/3.9/nonce-size-checked}
    device  both
    needs   {psk}
    bent    {overlooks-faults}
    tags    {sa-init nonce}
    why     "Keys without enough fresh randomness, or a buffer that overflows."
    hint    "Check the size before the nonce is copied."
} {octets} {
    empty      0
    one        1
    short      15
    long       257
    longer     300
} {
    init-refused -edit { set clean [msg encode $m]; msg set $m Nonce.data 0x[string repeat a7 $octets] } -req rfc7296/3.9/nonce-size-checked
}

rows sa-init/nonce-sent {
    title   "The device's own nonce has the size that the RFC asks for"
    cites   {$req}
    device  both
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 $prf AUTH_HMAC_SHA2_256_128 ECP_256}}}
    bent    {sends-short-nonce}
    tags    {sa-init nonce}
    why     "Keys are weaker than the algorithms promise, or peers refuse the nonce."
    hint    "At least 16 octets and half the key size of the PRF, at most 256."
} {prf least req} {
    size             PRF_HMAC_SHA2_256  16  rfc7296/3.9/nonce-size
    bits             PRF_HMAC_SHA2_256  16  rfc7296/2.10/nonce-128-bits
    half-of-sha512   PRF_HMAC_SHA2_512  32  rfc7296/2.10/nonce-half-prf-key
    half-of-sha384   PRF_HMAC_SHA2_384  24  rfc7296/2.10/nonce-half-prf-key
} {
    if {$role eq "responder"} { tx IKE_SA_INIT } else { dut initiate }
    rx IKE_SA_INIT
    precondition {[msg has $rx Nonce]} "there is no nonce"
    set octets [string length [binary decode hex [string map {0x ""} [msg get $rx Nonce.data]]]]
    must $req "the nonce has $octets octets, at least $least and at most 256" {$octets >= $least && $octets <= 256}
}

rows sa-init/fresh {
    title   "Nonces and SPIs are new for every SA"
    cites   {$req}
    device  responder
    needs   {psk}
    bent    {repeats-itself}
    tags    {sa-init nonce spi}
    why     "Keys of one SA can be used against another."
    hint    "Is the random generator seeded?"
} {path req} {
    nonce  Nonce.data  rfc7296/3.9/nonce-not-reused
    spi    HDR.spi_r   rfc7296/2.6/spi-unique
} {
    set seen {}
    for {set k 0} {$k < 8} {incr k} {
        set sa [tx IKE_SA_INIT]
        rx $sa IKE_SA_INIT response
        set value [msg get $rx $path]
        must $req "value $k was not there before" {$value ni $seen}
        lappend seen $value
    }
}

testcase sa-init/nonce-random {
    title   "Nonces are random: no part of one comes back in the next"
    cites   {rfc7296/2.10/nonce-random}
    device  responder
    needs   {psk}
    bent    {sends-counting-nonces repeats-itself}
    tags    {sa-init nonce}
    why     "Keys can be guessed, or made by others beforehand."
    hint    "All octets come from the random generator; no time, no counter, no constant."
} {
    set halves {}
    set columns {}
    for {set k 0} {$k < 10} {incr k} {
        set sa [tx IKE_SA_INIT]
        rx $sa IKE_SA_INIT response
        set octets [string range [msg get $rx Nonce.data] 2 end]
        foreach half [list f[string range $octets 0 15] l[string range $octets end-15 end]] {
            must rfc7296/2.10/nonce-random "eight octets of nonce $k were not there before: $half" {$half ni $halves}
            lappend halves $half
        }
        set at 0
        foreach octet [regexp -all -inline {..} $octets] { dict lappend columns $at $octet; incr at }
    }
    # of ten random octets six are different, but for once in 10^5
    foreach at [dict keys $columns] {
        set different [llength [lsort -unique [dict get $columns $at]]]
        must rfc7296/2.10/nonce-random "octet $at of ten nonces has $different values" {$different >= 4}
    }
}
