# tested.tcl - RFC 6989: the tests of public values, for each kind of group, and what follows when one fails.

rows ke/value-tested {
    title   "A public value that fails the test of its group ends the SA under construction, without any agreement to test"
    cites   {rfc6989/2/public-value-checked rfc6989/2.4/tests-not-negotiated rfc6989/2.5/failed-init-dropped}
    device  initiator
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 $group}}}
    bent    {public-value-checked}
    tags    {ke security}
    why     "The shared secret is known to whoever changed the value on its way."
    hint    "MODP: 1 < y < p-1. Curves: both coordinates below p, and the equation holds."
} {group value} {
    modp-3072-zero    MODP_3072  {string repeat 00 384}
    modp-3072-one     MODP_3072  {string cat [string repeat 00 383] 01}
    modp-3072-ones    MODP_3072  {string repeat ff 384}
    modp-4096-zero    MODP_4096  {string repeat 00 512}
    modp-4096-one     MODP_4096  {string cat [string repeat 00 511] 01}
    p384-zero         ECP_384    {string repeat 00 96}
    p384-ones         ECP_384    {string repeat ff 96}
    p521-zero         ECP_521    {string repeat 00 132}
    p521-ones         ECP_521    {string repeat ff 132}
    p256-y-plus-one   ECP_256    {string cat 6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296 4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f6}
} {
    set bend { msg set $m KE.data 0x[eval $value] }
    edit outbound IKE_SA_INIT response $bend
    dut initiate
    rx IKE_SA_INIT request
    must rfc6989/2.4/tests-not-negotiated "nothing of a test is said before" {[lsearch -regexp [msg payloads $rx] {^N\(?[0-9]}] < 0}
    settle
    must rfc6989/2/public-value-checked "no IKE_AUTH follows: the value is not used" {[llength [records inbound IKE_AUTH]] == 0}
    must rfc6989/2.5/failed-init-dropped "nothing sealed follows at all" {
        [llength [lmap n [records inbound] { if {![record $n sealed]} continue; set n }]] == 0
    }
}

rows ke/failed-init-dropped {
    title   "After a request whose public value fails its test there is no SA under the secret that it gives"
    cites   {rfc6989/2.5/failed-init-dropped}
    device  responder
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 $group}}}
    bent    {public-value-checked}
    tags    {ke security}
    why     "The keys are known to whoever changed the value on its way."
    hint    "INVALID_SYNTAX in clear may be sent; the SA goes in any case."
} {group octets value} {
    modp-3072-zero  MODP_3072  384  00
    modp-3072-one   MODP_3072  384  01
    modp-4096-zero  MODP_4096  512  00
    modp-2048-one   MODP_2048  256  01
} {
    conn shared_hex [string repeat 00 [expr {$octets - 1}]]$value
    set sa [tx IKE_SA_INIT -edit { msg set $m KE.data 0x[string repeat 00 [expr {$octets - 1}]]$value }]
    settle
    set answered 0
    foreach n [records inbound IKE_SA_INIT response] { incr answered [msg has [record $n msg] SA] }
    if {$answered} {
        tx $sa IKE_AUTH
        settle
    }
    must rfc6989/2.5/failed-init-dropped "nothing is answered under the known secret" {
        [llength [lmap n [records inbound IKE_AUTH response] { if {!([record $n sealed] && [record $n opened])} continue; set n }]] == 0
    }
}

rows ke/subgroup-range {
    title   "With a group that has a small subgroup, a value out of its range makes no SA"
    cites   {rfc6989/2.2/subgroup-range}
    device  initiator
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 $group}}}
    bent    {public-value-checked}
    tags    {ke security}
    why     "The shared secret is known to whoever changed the value on its way."
    hint    "1 < y < p-1; better, do not offer groups 22 to 24."
} {group octets begin end} {
    group-22-zero  MODP_1024_160  128  00  00
    group-22-one   MODP_1024_160  128  00  01
    group-22-ones  MODP_1024_160  128  ff  ff
    group-23-zero  MODP_2048_224  256  00  00
    group-23-one   MODP_2048_224  256  00  01
    group-23-ones  MODP_2048_224  256  ff  ff
    group-24-zero  MODP_2048_256  256  00  00
    group-24-one   MODP_2048_256  256  00  01
    group-24-ones  MODP_2048_256  256  ff  ff
} {
    edit outbound IKE_SA_INIT response { msg set $m KE.data 0x[string repeat $begin [expr {$octets - 1}]]$end }
    dut initiate
    rx IKE_SA_INIT request
    settle
    must rfc6989/2.2/subgroup-range "no IKE_AUTH follows" {[llength [records inbound IKE_AUTH]] == 0}
}

rows ke/failed-child-ends-ike {
    title   "INVALID_SYNTAX for a public value in CREATE_CHILD_SA ends the IKE SA"
    cites   {rfc6989/2.5/failed-create-child-ends-ike}
    device  responder
    needs   {psk pfs}
    setup   $setup
    bent    {bad-value-survived}
    tags    {ke security child}
    why     "A peer that tries bad values gets as many attempts as it likes."
    hint    "INVALID_SYNTAX is fatal, as in RFC 7296 section 2.21.3."
} {setup act} {
    new-child    psk-pfs  {-new}
    rekey-child  psk-pfs  {-rekey child}
    rekey-ike    psk      {-rekey ike}
} {
    set sa [ike establish]
    tx $sa CREATE_CHILD_SA {*}$act -set [list KE.data 0x[string repeat 00 31]01[string repeat 00 31]01]
    rx $sa CREATE_CHILD_SA response
    # a refusal of another kind keeps the SA: taken leniently, as the requirement's reading says
    set fatal [msg has $rx N(INVALID_SYNTAX)]
    if {!$fatal} { note "the value is refused by another error than INVALID_SYNTAX" }
    settle
    must rfc6989/2.5/failed-create-child-ends-ike "after INVALID_SYNTAX the IKE SA is gone" {!$fatal || ![answers $sa]}
}

testcase ke/subgroup-no-reuse {
    title   "With a group that has a small subgroup the device makes a new value for every SA"
    cites   {rfc6989/2.2/subgroup-no-reuse}
    device  responder
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 MODP_2048_256}}}
    bent    {same-value-always}
    tags    {ke security}
    why     "Values out of the subgroup, sent again and again, tell its secret exponent part by part."
} {
    foreach i {1 2 3} {
        set sa [tx IKE_SA_INIT]
        rx $sa IKE_SA_INIT response
        precondition {[msg has $rx KE]} "the device does not take the group"
        lappend values [msg get $rx KE.data]
    }
    should rfc6989/2.2/subgroup-no-reuse "three SAs have three values" {[llength [lsort -unique $values]] == 3}
}
