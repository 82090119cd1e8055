# sk.tcl - bent devices of the Encrypted payload.

bent answers-nothing-informational {
    title "It answers no INFORMATIONAL request"
    edge  {drop outbound INFORMATIONAL response}
}

bent integrity-checked-or-dies {
    title "What is too short is the end: it answers nothing any more"
    edge  {drop inbound INFORMATIONAL request}
}

bent checksum-not-looked-at {
    title   "Checksum and pad length of the Encrypted payload are not looked at"
    rulings {integrity-checked pad-length-bounded}
}

bent clear-trusted {
    title   "What comes in clear counts as if it were encrypted"
    rulings {unprotected-not-trusted auth-required-payloads}
}
