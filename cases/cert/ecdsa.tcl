# ecdsa.tcl - RFC 4754: ECDSA by the methods 9, 10 and 11, as peers from before RFC 7427 use it.

rows cert/ecdsa-by-curve {
    title   "To a peer without SIGNATURE_HASH_ALGORITHMS an ECDSA key signs by the method of its curve, in the form of that method"
    cites   {rfc4754/3/curve-and-hash-by-method rfc4754/7/signature-is-r-and-s}
    device  both
    needs   {certificates}
    setup   $setup
    bent    {ecdsa-in-der ecdsa-other-method}
    tags    {cert ecdsa}
    why     "Peers from before RFC 7427 cannot connect."
    hint    "r and s behind each other, each padded in front to the length of the order."
} {setup method octets} {
    p256  cert-ecdsa     ECDSA_256  64
    p384  cert-ecdsa384  ECDSA_384  96
    p521  cert-ecdsa521  ECDSA_521  132
} {
    conn signature_auth no
    set sa [ike init]
    auth $sa rx -has {AUTH}
    set have [expr {([string length [msg get $rx AUTH.data]] - 2) / 2}]
    must rfc4754/7/signature-is-r-and-s "AUTH has $have octets, r and s have $octets" {$have == $octets}
    must rfc4754/3/curve-and-hash-by-method "the method is $method" {[msg get $rx AUTH.method] eq $method}
    settle
    must rfc4754/3/curve-and-hash-by-method "AUTH of the device verifies" {[sa-up $sa]}
}

rows cert/ecdsa-form-refused {
    title   "An ECDSA signature of method 9 that is not r and s of the right size and range gives no SA"
    cites   {$req}
    device  both
    needs   {certificates}
    setup   cert-ecdsa
    bent    {auth-verified}
    tags    {cert ecdsa security}
    why     "Whoever knows such a value is let in without a key, or the device reads beyond what there is."
    hint    "0 < r, s < n, and 64 octets in all."
} {value req} {
    zeros      {string repeat 00 64}                            rfc4754/3/values-in-range
    r-zero     {string cat [string repeat 00 32] $s}            rfc4754/3/values-in-range
    s-zero     {string cat $r [string repeat 00 32]}            rfc4754/3/values-in-range
    r-order    {string cat $n $s}                               rfc4754/3/values-in-range
    s-order    {string cat $r $n}                               rfc4754/3/values-in-range
    ones       {string repeat ff 64}                            rfc4754/3/values-in-range
    swapped    {string cat $s $r}                               rfc4754/7/other-forms-refused
    in-der     {string cat 304402200[string range $r 1 end]0220$s}  rfc4754/7/other-forms-refused
    r-alone    {set r}                                          rfc4754/7/other-forms-refused
    one-short  {string range $r$s 0 end-2}                      rfc4754/7/other-forms-refused
    one-long   {string cat $r $s 00}                            rfc4754/7/other-forms-refused
    led-by-zero {string cat 00 $r $s}                           rfc4754/7/other-forms-refused
    nothing    {set empty {}}                                   rfc4754/7/other-forms-refused
} {
    # the order of P-256
    set n ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
    conn signature_auth no
    set sa [ike init]
    auth $sa -edit {
        # (a device whose own AUTH is wrong gets a refusal in place of ours)
        precondition {[msg has $m AUTH]} "the device's own AUTH does not verify"
        set data [string range [msg get $m AUTH.data] 2 end]
        set r [string range $data 0 63]
        set s [string range $data 64 127]
        msg set $m AUTH.data 0x[eval $value]
    }
    settle
    no-sa $sa -req $req
}

rows cert/ecdsa-other-curve-refused {
    title   "An ECDSA signature under the method of another curve gives no SA"
    cites   {rfc4754/3/method-fits-curve}
    device  both
    needs   {certificates}
    setup   cert-ecdsa
    bent    {auth-verified}
    tags    {cert ecdsa security}
    why     "The hash that was agreed on is not the one that protects."
    hint    "Methods 9, 10 and 11 have a curve and a hash each."
} {method} {
    as-384  ECDSA_384
    as-521  ECDSA_521
} {
    conn signature_auth no
    set sa [ike init]
    auth $sa -edit {
        precondition {[msg has $m AUTH]} "the device's own AUTH does not verify"
        msg set $m AUTH.method $method
    }
    settle
    no-sa $sa -req rfc4754/3/method-fits-curve
}
