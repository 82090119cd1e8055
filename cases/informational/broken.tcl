# broken.tcl - RFC 7296 sections 2.4, 2.21.3, 3.14: INFORMATIONAL messages that nobody vouches for, and authentic ones that
# cannot be read.

rows informational/clear-ignored {
    title   "An unprotected INFORMATIONAL request on a live SA is not answered and changes nothing"
    cites   {rfc7296/3.14/clear-after-init-ignored rfc7296/2.4/unprotected-not-trusted}
    device  both
    needs   {psk esp}
    bent    {unprotected-not-trusted}
    tags    {informational}
    why     "Anybody who sees the SPIs can close the SA."
    hint    "On a live SA nothing counts that is not inside SK."
} {what} {
    empty            {}
    delete-child     {msg add $m D protocol ESP spi_size 4 spis 0x[child $sa spi_in]}
    delete-ike       {msg add $m D protocol IKE}
    auth-failed      {msg add $m N(AUTHENTICATION_FAILED)}
    invalid-syntax   {msg add $m N(INVALID_SYNTAX)}
    invalid-ike-spi  {msg add $m N(INVALID_IKE_SPI)}
    window           {msg add $m N(SET_WINDOW_SIZE) data 0x00000010}
} {
    set sa [ike establish]
    set m [msg new INFORMATIONAL request]
    eval $what
    tx $sa $m -clear 1
    rx-none $sa INFORMATIONAL response -req rfc7296/3.14/clear-after-init-ignored -for settle
    must-traffic $sa -req rfc7296/2.4/unprotected-not-trusted
    alive-sa $sa -req rfc7296/2.4/unprotected-not-trusted
}

rows informational/malformed-said {
    title   "An authentic request that cannot be read is answered by INVALID_SYNTAX"
    cites   {rfc7296/2.21.3/invalid-syntax-answered rfc7296/2.21.3/errors-answered rfc7296/3.10.1/invalid-syntax-for-rest}
    device  both
    needs   {psk}
    bent    {invalid-syntax-answered informational-other-error malformed-called-critical}
    tags    {informational malformed}
    why     "The peer never learns why its requests fail."
    hint    "What verified came from the peer: tell it."
} {item} {
    notify-too-short     {N -body abc}
    notify-spi-past-end  {N(40000) spi_size 200 data 0x0102}
    payload-past-end     {N(40000) length 4000 data 0x0102}
    payload-length-zero  {N(40000) length 0 data 0x0102}
    payload-length-three {N(40000) length 3 data 0x0102}
    delete-too-short     {D -body abc}
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add $item
    rx $sa INFORMATIONAL response -req rfc7296/2.21.3/errors-answered {
        # first: an error of another type is no silence
        must rfc7296/3.10.1/invalid-syntax-for-rest true {[msg has $rx N(INVALID_SYNTAX)] || ![string match *N(* [msg payloads $rx]]}
        must rfc7296/2.21.3/errors-answered one-of {N(INVALID_SYNTAX) N(UNSUPPORTED_CRITICAL_PAYLOAD)}
        must rfc7296/2.21.3/invalid-syntax-answered has {N(INVALID_SYNTAX)}
    }
}

rows informational/wrapper-inside {
    title   "A request inside whose Encrypted payload stands another wrapper is answered"
    cites   {rfc7296/2.21.3/errors-answered}
    device  both
    needs   {psk}
    bent    {drops-nested-wrappers}
    tags    {informational malformed}
    why     "The peer sends it again until it gives up an SA that is sound."
    hint    "What is inside the Encrypted payload is never unwrapped a second time: a payload of those types there is malformed or unknown."
} {item} {
    encrypted   {SK data 0x[string repeat 5a 48]}
    fragment    {SKF number 1 total 2 data 0x[string repeat 5a 48]}
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add [subst $item]
    rx $sa INFORMATIONAL response -req rfc7296/2.21.3/errors-answered
}

testcase informational/malformed-ends-sa {
    title   "After INVALID_SYNTAX on a live SA the SA is gone"
    cites   {rfc7296/2.21.3/invalid-syntax-fatal}
    device  both
    needs   {psk}
    bent    {invalid-syntax-fatal}
    tags    {informational malformed}
    why     "Two ends that do not understand each other go on."
    hint    "INVALID_SYNTAX is final for both ends."
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -add {N(40000) length 4000 data 0x0102}
    rx $sa INFORMATIONAL response
    precondition {[msg has $rx N(INVALID_SYNTAX)]} "the device does not say INVALID_SYNTAX"
    settle
    no-sa $sa
}
