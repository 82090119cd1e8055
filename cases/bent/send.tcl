# send.tcl - bent devices that say something wrong: the built-in device with an edit of what it sends. Devices that
# let something wrong pass need no entry here: any requirement the engine rules on is the name of one.

bent answers-twice {
    title "Every response goes out twice, unasked"
    edge  {repeat outbound any response}
}

bent reserved-bits-sent {
    title "Reserved header flags are set in everything it sends"
    edit  {any request {msg set $m HDR.flags.X2 1} any response {msg set $m HDR.flags.X2 1}}
}

bent auth-notify-missing {
    title "A failed authentication is answered by another notify"
    edit  {IKE_AUTH response {
        if {[msg has $m N(AUTHENTICATION_FAILED)]} { msg set $m N(AUTHENTICATION_FAILED).type NO_PROPOSAL_CHOSEN }
    }}
}

# Its waits still grow, each is longer than the one before, but not by a factor.
bent repetition-left-out {
    title   "The first repetition of each request never leaves"
    edge    {drop outbound INFORMATIONAL request -skip 1 -count 1}
}
