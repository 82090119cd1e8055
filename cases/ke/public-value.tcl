# public-value.tcl - RFC 6989 and RFC 7296 section 3.4: public values that would give the keys away make no SA.

rows ke/value-tested {
    title   "A public value that fails the test of its group ends the SA under construction, without any agreement to test"
    cites   {$req rfc6989/2/public-value-checked rfc6989/2.5/failed-init-dropped}
    device  initiator
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 $group}}}
    bent    {public-value-checked value-used-elsewhere}
    rev     3
    tags    {ke security}
    was     $was
    why     "The shared secret is known to whoever changed the value on its way, or the secret exponent can be found out bit by bit."
    hint    "MODP: 1 < y < p-1. Curves: both coordinates below p, and the equation holds. Before the value is used."
} {group value req was} {
    modp-2048-zero         MODP_2048  {string repeat 00 256}             rfc6989/2.1/modp-one-refused         ke/modp-value/zero
    modp-2048-one          MODP_2048  {string cat [string repeat 00 255] 01} rfc6989/2.1/modp-one-refused     ke/modp-value/one
    modp-2048-p-minus-one  MODP_2048  {format %0512llx [expr {$p - 1}]}  rfc6989/2.1/modp-upper-edge-refused  ke/modp-value/p-minus-one
    modp-2048-p            MODP_2048  {format %0512llx $p}               rfc6989/2.1/modp-upper-edge-refused  ke/modp-value/p
    modp-2048-p-plus-one   MODP_2048  {format %0512llx [expr {$p + 1}]}  rfc6989/2.1/modp-upper-edge-refused  ke/modp-value/p-plus-one
    modp-2048-ones         MODP_2048  {string repeat ff 256}             rfc6989/2.1/modp-range               ke/modp-value/all-ones
    modp-3072-zero         MODP_3072  {string repeat 00 384}             rfc6989/2/public-value-checked      {}
    modp-3072-one          MODP_3072  {string cat [string repeat 00 383] 01} rfc6989/2.1/modp-one-refused     {}
    modp-3072-ones         MODP_3072  {string repeat ff 384}             rfc6989/2.1/modp-range               {}
    modp-4096-zero         MODP_4096  {foreach p [msg payloads $m] { if {$p ni {SA KE Nonce}} { msg remove $m $p } }; string repeat 00 512}  rfc6989/2.4/tests-not-negotiated  {}
    modp-4096-one          MODP_4096  {string cat [string repeat 00 511] 01} rfc6989/2.1/modp-one-refused     {}
    p256-zero              ECP_256    {string repeat 00 64}              rfc6989/2.3/curve-no-infinity        ke/curve-value/p256-zero
    p256-off-curve         ECP_256    {string cat [string repeat 00 31] 01 [string repeat 00 31] 01}  rfc6989/2.3/curve-equation  ke/curve-value/p256-off-curve
    p256-y-plus-one        ECP_256    {string cat 6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296 4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f6}  rfc6989/2.3/curve-equation  {}
    p256-x-is-p            ECP_256    {string cat ffffffff00000001000000000000000000000000ffffffffffffffffffffffff [string repeat 00 31] 01}  rfc6989/2.3/curve-coordinates  ke/curve-value/p256-x-is-p
    p256-ones              ECP_256    {string repeat ff 64}              rfc6989/2.3/curve-coordinates        ke/curve-value/p256-all-ones
    p384-zero              ECP_384    {string repeat 00 96}              rfc6989/2.3/curve-no-infinity        {}
    p384-off-curve         ECP_384    {string cat [string repeat 00 47] 01 [string repeat 00 47] 01}  rfc6989/2.3/curve-equation  ke/curve-value/p384-off-curve
    p384-ones              ECP_384    {string repeat ff 96}              rfc6989/2.3/curve-coordinates        {}
    p521-zero              ECP_521    {string repeat 00 132}             rfc6989/2.3/curve-no-infinity        {}
    p521-off-curve         ECP_521    {string cat [string repeat 00 65] 01 [string repeat 00 65] 01}  rfc6989/2.3/curve-equation  ke/curve-value/p521-off-curve
    p521-ones              ECP_521    {string repeat ff 132}             rfc6989/2.3/curve-coordinates        {}
    group-22-zero          MODP_1024_160  {string repeat 00 128}         rfc6989/2.2/subgroup-range           ke/subgroup-range/group-22-zero
    group-22-one           MODP_1024_160  {string cat [string repeat 00 127] 01} rfc6989/2.2/subgroup-range   ke/subgroup-range/group-22-one
    group-22-ones          MODP_1024_160  {string repeat ff 128}         rfc6989/2.2/subgroup-range           ke/subgroup-range/group-22-ones
    group-23-zero          MODP_2048_224  {string repeat 00 256}         rfc6989/2.2/subgroup-range           ke/subgroup-range/group-23-zero
    group-23-one           MODP_2048_224  {string cat [string repeat 00 255] 01} rfc6989/2.2/subgroup-range   ke/subgroup-range/group-23-one
    group-23-ones          MODP_2048_224  {string repeat ff 256}         rfc6989/2.2/subgroup-range           ke/subgroup-range/group-23-ones
    group-24-zero          MODP_2048_256  {string repeat 00 256}         rfc6989/2.2/subgroup-range           ke/subgroup-range/group-24-zero
    group-24-one           MODP_2048_256  {string cat [string repeat 00 255] 01} rfc6989/2.2/subgroup-range   ke/subgroup-range/group-24-one
    group-24-ones          MODP_2048_256  {string repeat ff 256}         rfc6989/2.2/subgroup-range           ke/subgroup-range/group-24-ones
} {
    # RFC 3526 section 3
    set p 0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa051015728e5a8aacaa68ffffffffffffffff
    set bend { msg set $m KE.data 0x[eval $value] }
    edit outbound IKE_SA_INIT response $bend
    dut initiate
    rx IKE_SA_INIT request
    settle
    must $req "no IKE_AUTH follows" {[llength [records inbound IKE_AUTH]] == 0}
    must rfc6989/2/public-value-checked "no IKE_AUTH follows: the value is not used" {[llength [records inbound IKE_AUTH]] == 0}
    must rfc6989/2.5/failed-init-dropped "nothing sealed follows at all" {
        [llength [lmap n [records inbound] { if {![record $n sealed]} continue; set n }]] == 0
    }
}

rows ke/known-secret {
    title   "A request whose public value gives a known secret does not lead to an SA"
    cites   {$req rfc6989/2.5/failed-init-dropped}
    device  responder
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 $group}}}
    bent    {public-value-checked}
    rev     2
    tags    {ke security}
    was     $was
    why     "The keys are known to whoever changed the value on its way."
    hint    "Test the value before it is used; INVALID_SYNTAX in clear may be sent; the SA goes in any case."
} {group octets value secret req was} {
    modp-zero       MODP_2048  256  0   0  rfc6989/2.1/modp-one-refused         {}
    modp-one        MODP_2048  256  1   1  rfc6989/2.1/modp-one-refused         ke/failed-init-dropped/modp-2048-one
    modp-p          MODP_2048  256  $p  0  rfc6989/2.1/modp-upper-edge-refused  {}
    modp-3072-zero  MODP_3072  384  0   0  rfc6989/2.1/modp-one-refused         ke/failed-init-dropped/modp-3072-zero
    modp-3072-one   MODP_3072  384  1   1  rfc6989/2.1/modp-one-refused         ke/failed-init-dropped/modp-3072-one
    modp-4096-zero  MODP_4096  512  0   0  rfc6989/2.1/modp-one-refused         ke/failed-init-dropped/modp-4096-zero
    p256-zero       ECP_256    64   0   0  rfc6989/2.3/curve-no-infinity        {}
} {
    # RFC 3526 section 3
    set p 0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa051015728e5a8aacaa68ffffffffffffffff
    set secret_octets [expr {$group eq "ECP_256" ? 32 : $octets}]
    conn shared_hex [format %0[expr {2 * $secret_octets}]llx $secret]
    set sa [tx IKE_SA_INIT -edit { msg set $m KE.data 0x[format %0[expr {2 * $octets}]llx [subst $value]] }]
    settle
    set answered [llength [records inbound IKE_SA_INIT response -has {SA}]]
    # a responder may test the value when IKE_AUTH comes; under the known secret nothing is answered then
    if {$answered} {
        tx $sa IKE_AUTH
        settle
    }
    set under [lmap n [records inbound IKE_AUTH response] { if {!([record $n sealed] && [record $n opened])} continue; set n }]
    must $req "nothing uses keys from the known secret: $under" {![llength $under]}
    must rfc6989/2.5/failed-init-dropped "nothing is answered under the known secret" {![llength $under]}
}

testcase ke/subgroup-value {
    title   "With a group that has a small subgroup, a value outside of it makes no SA"
    cites   {rfc6989/2.2/subgroup-order}
    device  initiator
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 MODP_2048_256}}}
    bent    {public-value-checked}
    tags    {ke security}
    why     "The device's secret exponent can be found out part by part when it is used again."
    hint    "Raise the value to q and compare with 1; better, do not offer groups 22 to 24."
} {
    set bend { msg set $m KE.data 0x[format %0512x 3] }
    edit outbound IKE_SA_INIT response $bend
    dut initiate
    rx IKE_SA_INIT request
    settle
    should rfc6989/2.2/subgroup-order "no IKE_AUTH follows" {[llength [records inbound IKE_AUTH]] == 0}
}

rows ke/data-length {
    title   "A public value whose length does not fit its group makes no SA"
    cites   {rfc7296/3.4/public-value-length}
    device  both
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 $group}}}
    bent    {overlooks-faults $bent}
    tags    {ke length}
    why     "A buffer that overflows, or keys that the two ends do not share."
    hint    "Compare with the length of the group before the value is copied."
} {group octets bent} {
    p256-empty     ECP_256     0  {}
    p256-short     ECP_256     63  {}
    p256-long      ECP_256     65  {}
    p256-x-only    ECP_256     32  {}
    p256-double    ECP_256     128  {}
    x25519-short   CURVE25519  31  public-value-length
    x25519-long    CURVE25519  33  {}
    modp-short     MODP_2048   255  public-value-length
    modp-long      MODP_2048   257  {}
    modp-empty     MODP_2048   0  {}
} {
    init-refused -edit {
        set clean [msg encode $m]
        set data [msg get $m KE.data]
        msg set $m KE.data [string range $data[string repeat 5a $octets] 0 [expr {2 * $octets + 1}]]
    } -req rfc7296/3.4/public-value-length
}

rows ke/modp-padded {
    title   "The device's MODP value is as long as the modulus"
    cites   {rfc7296/3.4/modp-padded}
    device  both
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 $group}}}
    bent    {sends-short-value}
    tags    {ke length}
    why     "One attempt of 256 fails: whenever the value begins with a zero octet."
    hint    "Pad with zeros in front."
} {group octets} {
    modp-2048  MODP_2048  256
    modp-3072  MODP_3072  384
    modp-4096  MODP_4096  512
} {
    if {$role eq "responder"} { tx IKE_SA_INIT } else { dut initiate }
    rx IKE_SA_INIT
    precondition {[msg has $rx KE]} "there is no KE"
    set have [expr {([string length [msg get $rx KE.data]] - 2) / 2}]
    must rfc7296/3.4/modp-padded "the value has $have octets, $octets are wanted" {$have == $octets}
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
