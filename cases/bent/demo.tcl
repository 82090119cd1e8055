# demo.tcl - the bent device of `make demo`: three faults that a buyer would want to know of.

bent demo {
    title   "accepts any AUTH, takes any cookie, delivers replayed packets"
    rulings {auth-verified cookie-verified replayed-dropped}
}
