# smoke.tcl - what shows in seconds whether a device speaks IKEv2 at all.
suite smoke {
    title  "The first ten seconds with a device"
    select tag:smoke
}
