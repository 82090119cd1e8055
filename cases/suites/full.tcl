# full.tcl - everything there is; what a device does not claim is left out by its profile.
suite full {
    title "Every case"
}
