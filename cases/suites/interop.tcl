# interop.tcl - for a daemon on a real network, whose clock cannot be steered.
suite interop {
    title  "What can be judged without virtual time"
    select !needs:virtual-time
}
