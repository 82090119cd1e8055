# mutate.tcl - programs of edits on a message before it is sealed: made by chance, done, named. The engine's side does all of it
# (`::ike::edit`, whose header lists the edits and the targets), so that volleys and single attempts do the same.

namespace eval ::fuzz::mutate {
    variable x 1    ;# state of the generator
}

# --- chance: splitmix64, the same on every machine ------------------------------------------------------------------

proc ::fuzz::mutate::seed {value} { variable x [expr {$value & 0xffffffffffffffff}] }

proc ::fuzz::mutate::random {{below 0}} {
    variable x
    lassign [::ike::edit chance $x] x z
    expr {$below > 0 ? $z % $below : $z}
}

# --- programs ---------------------------------------------------------------------------------------------------------

# A path without the positions that tell payloads of a kind apart.
proc ::fuzz::mutate::class {path} { ::ike::edit class $path }

proc ::fuzz::mutate::targets {m sealed} { ::ike::edit targets $m $sealed }

# The program that SEED makes for a target of the honest message M.
proc ::fuzz::mutate::program {m target sealed seed} { ::ike::edit program $m $sealed $target $seed }

# The edits of a program that work on the tree. An edit that does not fit this message (any more) does nothing: -> those that did.
proc ::fuzz::mutate::apply {m program} { ::ike::edit apply $m $program }

# The edits of a program that work on octets of that station, plain or wire. -> {octets edits that did something}
proc ::fuzz::mutate::apply_octets {station octets program} { ::ike::edit octets $station $octets $program }

# What an edit is about, without values: the part of a finding's name that stays the same over nights.
proc ::fuzz::mutate::about {op} { ::ike::edit about $op }
