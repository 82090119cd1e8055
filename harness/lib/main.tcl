# main.tcl - brings in every part of the harness. The binary sources it and calls ::cli::main with the words of the
# command line; its result is the exit status.
package require Tcl 8.6

namespace eval ::ikespec {
    variable home
    variable version
    variable exe
    if {![info exists home]} { set home [file dirname [file dirname [file dirname [file normalize [info script]]]]] }
    if {![info exists version]} { set version 0.1.0 }
    # the program itself, to start it again as a worker or as a device
    if {![info exists exe] && [catch { file readlink /proc/[pid]/exe } exe]} { set exe [info nameofexecutable] }
}

foreach file {
    harness/lib/case.tcl reports/report.tcl harness/dut/dut.tcl harness/dut/netns.tcl harness/dut/root.tcl
    harness/lib/cli.tcl harness/lib/select.tcl harness/lib/expect.tcl harness/lib/profile.tcl harness/lib/journal.tcl
    harness/lib/runner.tcl harness/lib/run.tcl harness/lib/prove.tcl harness/lib/odd.tcl harness/lib/redact/redact.tcl harness/lib/bundle.tcl harness/lib/show.tcl harness/lib/catalogue.tcl harness/lib/mapping.tcl harness/lib/coverage.tcl harness/lib/lint.tcl harness/lib/decode.tcl
    harness/lib/peer.tcl harness/lib/demo.tcl harness/lib/init.tcl harness/lib/doctor.tcl harness/lib/probe.tcl harness/lib/completion.tcl harness/lib/manual.tcl
    harness/lib/shell.tcl harness/lib/lab.tcl harness/lib/fuzz/command.tcl
} {
    source [file join $::ikespec::home $file]
}
unset file
::dut::use self
