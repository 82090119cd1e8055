# demo.tcl - the bent device of `make demo`: three faults that a buyer would want to know of.

bent demo {
    title   "accepts any AUTH, keeps state before the cookie is back, delivers replayed packets"
    rulings {auth-verified stateless-until-returned replayed-dropped}
}
