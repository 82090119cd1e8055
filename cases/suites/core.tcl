# core.tcl - what a device has to do.
suite core {
    title  "Everything that a MUST is behind"
    select level:MUST
}
