# window.tcl - RFC 4303 section 3.4.3: which numbers are taken, and when the window moves.

testcase esp/forged-moves-nothing {
    title   "A packet with a wrong ICV does not move the window"
    cites   {rfc4303/3.4.3/window-moves-after-icv}
    device  both
    needs   {psk esp}
    setup   psk
    bent    {window-moves-after-icv}
    tags    {esp replay}
    why     "One forged packet stops the tunnel: all genuine ones are too old."
    hint    "Is the window updated before the ICV is verified?"
} {
    set sa [ike establish]
    precondition {[esp-echo $sa -seq 1]} "no traffic passes the tunnel"
    esp-send $sa -seq 100000 -icv-flip 1 -no-count 1
    settle
    must rfc4303/3.4.3/window-moves-after-icv "number 2 is delivered after a forged 100000" {[esp-echo $sa -seq 2]}
}

rows esp/too-old-dropped {
    title   "A packet left of the window is dropped although it never came before"
    cites   {rfc4303/3.4.3/left-of-window-dropped}
    device  both
    needs   {psk esp replay}
    bent    {left-of-window-dropped}
    tags    {esp replay}
    why     "Packets held back for hours still count."
    hint    "What is older than the window cannot be told from a replay."
} {late next} {
    just-two     2     5000
    far          17    100000
    highest      3     4000000000
} {
    set sa [ike establish]
    precondition {[esp-echo $sa -seq 1]} "no traffic passes the tunnel"
    precondition {[esp-echo $sa -seq $next]} "a packet ahead of the window is not delivered"
    must rfc4303/3.4.3/left-of-window-dropped "number $late after $next gets no answer" {![esp-echo $sa -seq $late -no-count 1]}
}

rows esp/ahead-taken {
    title   "A packet ahead of the window is taken, and the window moves with it"
    cites   {rfc4303/3.4.3/window-right-edge rfc4303/3.4.3/replayed-dropped}
    device  both
    needs   {psk esp replay}
    bent    {replayed-dropped esp-first-only}
    tags    {esp replay}
    why     "After a loss on the way nothing passes any more."
} {number} {
    two        2
    window     33
    beyond     1000
    far        2147483648
    highest    4294967294
} {
    set sa [ike establish]
    precondition {[esp-echo $sa -seq 1]} "no traffic passes the tunnel"
    must rfc4303/3.4.3/window-right-edge "number $number after 1 is delivered" {[esp-echo $sa -seq $number]}
    must rfc4303/3.4.3/replayed-dropped "number $number a second time is not" {![esp-echo $sa -seq $number -no-count 1]}
}

testcase esp/sequence-zero-dropped {
    title   "A packet with number zero is dropped"
    cites   {rfc4303/3.4.3/sequence-zero-dropped}
    device  both
    needs   {psk esp replay}
    setup   psk
    bent    {sequence-zero-dropped}
    tags    {esp replay}
    why     "A sender whose counter wrapped goes on as if nothing had happened."
} {
    set sa [ike establish]
    must rfc4303/3.4.3/sequence-zero-dropped "number 0 gets no answer" {![esp-echo $sa -seq 0 -no-count 1]}
    precondition {[esp-echo $sa -seq 1]} "no traffic passes the tunnel"
}

testcase esp/out-of-order-once {
    title   "Packets that come in the wrong order are each delivered once"
    cites   {rfc4303/3.4.3/in-window-accepted rfc4303/3.4.3/replayed-dropped}
    device  both
    needs   {psk esp replay}
    setup   psk
    bent    {in-window-accepted replayed-dropped}
    tags    {esp replay}
    why     "Traffic is lost, or delivered twice, whenever the network changes the order of packets."
} {
    set sa [ike establish]
    precondition {[esp-echo $sa -seq 1]} "no traffic passes the tunnel"
    foreach number {5 3 4 9 2 8 7 6 32 20} {
        must rfc4303/3.4.3/in-window-accepted "number $number is delivered" {[esp-echo $sa -seq $number]}
    }
    foreach number {5 2 20 32 1} {
        must rfc4303/3.4.3/replayed-dropped "number $number a second time is not" {![esp-echo $sa -seq $number -no-count 1]}
    }
}

testcase esp/extended-numbers {
    title   "With extended sequence numbers 2^32 is passed without a loss"
    cites   {rfc4303/3.4.3/esn-high-half-inferred rfc4303/2.2.1/esn-negotiated rfc4303/2.2.1/esn-implemented}
    rev     2
    device  both
    needs   {psk esp esn}
    setup   {psk esp {{ENCR_AES_GCM_16-256 ESN_YES}}}
    bent    {esp-not-taken replayed-dropped likes-no-esp-suite}
    tags    {esp replay}
    why     "A fast tunnel stops after minutes."
} {
    set sa [ike init]
    auth $sa rx
    settle
    should rfc4303/2.2.1/esn-implemented "a Child SA with extended numbers is made" {[child $sa count] == 1}
    if {[child $sa count] != 1} return
    must rfc4303/2.2.1/esn-negotiated "an echo comes back" {[esp-echo $sa]}
    foreach number {5000 3000000000 4294967290 4294967295 4294967297 4294967294 4294967300 4294967296} {
        must rfc4303/3.4.3/esn-high-half-inferred "number $number is delivered" {[esp-echo $sa -seq $number]}
    }
    must rfc4303/3.4.3/esn-high-half-inferred "number 4294967297 a second time is not" {![esp-echo $sa -seq 4294967297 -no-count 1]}
}

rows esp/window-at-least-32 {
    title   "Of the last 32 numbers any that did not come yet is taken"
    cites   {rfc4303/3.4.3/window-at-least-32}
    device  both
    needs   {psk esp replay}
    bent    {window-at-least-32}
    tags    {esp replay}
    why     "Traffic is lost whenever the network changes the order of packets."
} {top late} {
    first-32      32          1
    next-32       33          2
    half-of-it    100         80
    over-a-word   64          33
    over-words    1024        993
    over-16-bits  65536       65505
    over-31-bits  2147483660  2147483629
    last          4294967294  4294967263
} {
    set sa [ike establish]
    precondition {[esp-echo $sa -seq $top]} "a packet ahead of the window is not delivered"
    must rfc4303/3.4.3/window-at-least-32 "number $late after $top is delivered" {[esp-echo $sa -seq $late]}
}

rows esp/window-64 {
    title   "Without a setting the window has 64 numbers"
    cites   {rfc4303/3.4.3/window-64-default}
    device  both
    needs   {psk esp replay}
    bent    {window-64-default}
    tags    {esp replay}
    why     "On fast networks 32 packets are soon overtaken."
} {top late} {
    first-64     64     1
    over-words   1000   937
    over-16-bits 65600  65537
} {
    set sa [ike establish]
    precondition {[esp-echo $sa -seq $top]} "a packet ahead of the window is not delivered"
    should rfc4303/3.4.3/window-64-default "number $late after $top is delivered" {[esp-echo $sa -seq $late]}
}

rows esp/counter-starts-zero {
    title   "The window of a new SA begins below number 1, whatever came on the one before"
    cites   {rfc4303/3.4.3/counter-starts-zero}
    device  both
    needs   {psk esp replay}
    bent    {counter-starts-zero}
    tags    {esp replay}
    why     "After a rekey nothing passes any more."
} {rekeyed} {
    first-sa  0
    rekeyed   1
} {
    set sa [ike establish]
    if {$rekeyed} {
        precondition {[esp-echo $sa -seq 5000]} "no traffic passes the tunnel"
        set old [child $sa spi_in]
        tx $sa CREATE_CHILD_SA -rekey child
        rx $sa CREATE_CHILD_SA response
        settle
        precondition {[child $sa count] == 1 && [child $sa spi_in] ne $old} "the Child SA was not replaced"
    }
    must rfc4303/3.4.3/counter-starts-zero "number 1 is delivered" {[esp-echo $sa -seq 1]}
    must rfc4303/3.4.3/counter-starts-zero "and number 2" {[esp-echo $sa -seq 2]}
}
