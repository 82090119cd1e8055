# public-value.tcl - RFC 6989 and RFC 7296 section 3.4: public values that would give the keys away make no SA.

rows ke/modp-value {
    title   "A MODP public value at the edge of the group makes no SA"
    cites   {$req}
    device  initiator
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 MODP_2048}}}
    bent    {public-value-checked}
    tags    {ke security}
    why     "The shared secret is known to whoever changed the value on its way."
    hint    "1 < y < p-1, before the value is used."
} {value req} {
    zero         {0}        rfc6989/2.1/modp-one-refused
    one          {1}        rfc6989/2.1/modp-one-refused
    p-minus-one  {$p - 1}   rfc6989/2.1/modp-upper-edge-refused
    p            {$p}       rfc6989/2.1/modp-upper-edge-refused
    p-plus-one   {$p + 1}   rfc6989/2.1/modp-upper-edge-refused
    all-ones     {(1 << 2048) - 1} rfc6989/2.1/modp-range
} {
    # RFC 3526 section 3
    set p 0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa051015728e5a8aacaa68ffffffffffffffff
    set bend { msg set $m KE.data 0x[format %0512llx [expr $value]] }
    edit outbound IKE_SA_INIT response $bend
    dut initiate
    rx IKE_SA_INIT request
    settle
    must $req "no IKE_AUTH follows" {[llength [records inbound IKE_AUTH]] == 0}
}

rows ke/curve-value {
    title   "A public value that is no point of its curve makes no SA"
    cites   {$req}
    device  initiator
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 $group}}}
    bent    {public-value-checked}
    tags    {ke security}
    why     "The device's secret exponent can be found out bit by bit, or the shared secret is known."
    hint    "Both coordinates below p, and the equation holds."
} {group value req} {
    p256-zero        ECP_256     {string repeat 00 64}                                        rfc6989/2.3/curve-no-infinity
    p256-off-curve   ECP_256     {string cat [string repeat 00 31] 01 [string repeat 00 31] 01}  rfc6989/2.3/curve-equation
    p256-x-is-p      ECP_256     {string cat ffffffff00000001000000000000000000000000ffffffffffffffffffffffff [string repeat 00 31] 01}  rfc6989/2.3/curve-coordinates
    p256-all-ones    ECP_256     {string repeat ff 64}                                        rfc6989/2.3/curve-coordinates
    p384-off-curve   ECP_384     {string cat [string repeat 00 47] 01 [string repeat 00 47] 01}  rfc6989/2.3/curve-equation
    p521-off-curve   ECP_521     {string cat [string repeat 00 65] 01 [string repeat 00 65] 01}  rfc6989/2.3/curve-equation
} {
    set bend { msg set $m KE.data 0x[eval $value] }
    edit outbound IKE_SA_INIT response $bend
    dut initiate
    rx IKE_SA_INIT request
    settle
    must $req "no IKE_AUTH follows" {[llength [records inbound IKE_AUTH]] == 0}
}

rows ke/known-secret {
    title   "A request whose public value gives a known secret does not lead to an SA"
    cites   {$req}
    device  responder
    needs   {psk}
    setup   {psk ike {{ENCR_AES_CBC-256 PRF_HMAC_SHA2_256 AUTH_HMAC_SHA2_256_128 $group}}}
    bent    {public-value-checked}
    tags    {ke security}
    why     "The keys are known to whoever changed the value on its way."
    hint    "Test the value before it is used; the response may go out before that, the keys may not."
} {group value secret req} {
    modp-zero    MODP_2048  {0}       {string repeat 00 256}                      rfc6989/2.1/modp-one-refused
    modp-one     MODP_2048  {1}       {string cat [string repeat 00 255] 01}      rfc6989/2.1/modp-one-refused
    modp-p       MODP_2048  {$p}      {string repeat 00 256}                      rfc6989/2.1/modp-upper-edge-refused
    p256-zero    ECP_256    {0}       {string repeat 00 32}                       rfc6989/2.3/curve-no-infinity
} {
    # RFC 3526 section 3
    set p 0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa051015728e5a8aacaa68ffffffffffffffff
    conn shared_hex [eval $secret]
    set digits [dict get {MODP_2048 512 ECP_256 128} $group]
    set sa [tx IKE_SA_INIT -edit { msg set $m KE.data 0x[format %0${digits}llx [expr $value]] }]
    settle
    set answered 0
    foreach n [records inbound IKE_SA_INIT response] { incr answered [msg has [record $n msg] SA] }
    # a responder may test the value when IKE_AUTH comes; under the known secret nothing is answered then
    if {$answered} {
        tx $sa IKE_AUTH
        settle
        foreach n [records inbound IKE_AUTH response] {
            must $req "message $n does not use keys from the known secret" {!([record $n sealed] && [record $n opened])}
        }
    }
    must $req "no SA is made" 1
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
    bent    {overlooks-faults}
    tags    {ke length}
    why     "A buffer that overflows, or keys that the two ends do not share."
    hint    "Compare with the length of the group before the value is copied."
} {group octets} {
    p256-empty     ECP_256     0
    p256-short     ECP_256     63
    p256-long      ECP_256     65
    p256-x-only    ECP_256     32
    p256-double    ECP_256     128
    x25519-short   CURVE25519  31
    x25519-long    CURVE25519  33
    modp-short     MODP_2048   255
    modp-long      MODP_2048   257
    modp-empty     MODP_2048   0
} {
    set bend {
        set clean [msg encode $m]
        set data [msg get $m KE.data]
        msg set $m KE.data [string range $data[string repeat 5a $octets] 0 [expr {2 * $octets + 1}]]
    }
    if {$role eq "responder"} {
        tx IKE_SA_INIT -edit $bend
        rx-none IKE_SA_INIT response -has {SA} -req rfc7296/3.4/public-value-length -for settle
    } else {
        edit outbound IKE_SA_INIT response $bend
        dut initiate
        rx IKE_SA_INIT request
        settle
        must rfc7296/3.4/public-value-length "no IKE_AUTH follows" {[llength [records inbound IKE_AUTH]] == 0}
    }
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
