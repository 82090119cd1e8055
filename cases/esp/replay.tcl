# replay.tcl - RFC 4303 section 3.4.3: each packet is delivered once, in whatever order it comes.

testcase esp/replay-dropped {
    title   "A replayed packet is not delivered again"
    cites   {rfc4303/3.4.3/replayed-dropped}
    device  both
    needs   {psk esp}
    setup   psk
    bent    {replayed-dropped}
    tags    {esp smoke}
    why     "Whoever recorded a packet can repeat what it did."
    hint    "Is the anti-replay window on?"
} {
    set sa [ike establish]
    precondition {[esp-echo $sa]} "no traffic passes the tunnel"
    set first $esp_n
    must rfc4303/3.4.3/replayed-dropped "the second copy gets no answer" {![esp-echo $sa -again $first]}
}

rows esp/reordered-accepted {
    title   "A late packet inside the window is delivered"
    cites   {rfc4303/3.4.3/in-window-accepted}
    device  responder
    needs   {psk esp}
    bent    {in-window-accepted}
    tags    {esp}
    why     "Traffic is lost whenever the network changes the order of packets."
    hint    "How large is the anti-replay window?"
} {late next} {
    one-behind     9   10
    seven-behind   3   10
    window-edge    2   33
} {
    set sa [ike establish]
    precondition {[esp-echo $sa -seq 1]} "no traffic passes the tunnel"
    precondition {[esp-echo $sa -seq $next]} "a packet ahead of the window is not delivered"
    must rfc4303/3.4.3/in-window-accepted "number $late after $next is delivered" {[esp-echo $sa -seq $late]}
}
