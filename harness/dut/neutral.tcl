# neutral.tcl - how a driver reads a neutral setup (see dut.tcl): its fields, and its options by a table.
#
# A driver has one row for each option that its device has: NAME DEFAULT HAS. HAS is the form of the values that the
# device can be told. The form of a value that makes sense at all stands here, for all drivers: what misfits that is a
# mistake in the setup (CONFIG); what misfits HAS only, or has no row, this device cannot do (UNSUPPORTED).

namespace eval ::neutral {
    variable forms {
        cookie             {^(always|never|\d+)$}
        fragmentation      {^(yes|no|force|accept)$}
        fragment-size      {^\d+$}
        window             {^\d+$}
        initial-contact    {^(yes|no|replace)$}
        ike-rekey          {^\d+$}
        child-rekey        {^\d+$}
        dpd                {^\d+$}
        retransmit         {^\d+( \d+(\.\d+)?( \d+)?)?$}
        half-open-timeout  {^\d+$}
        receive-delay      {^(|\d+ \d+)$}
        delete-delay       {^\d+$}
        mobike             {^(yes|no)$}
        childless          {^(yes|no|allow|force|never)$}
        force-natt         {^(yes|no)$}
        nat-keepalive      {^\d+$}
        remote-any         {^(yes|no)$}
        vendor-id          {^(yes|no)$}
        half-open-limit    {^\d+$}
        max-half-open      {^\d+$}
        replay-window      {^\d+$}
        pool               {^[0-9a-fA-F.:/ ]*$}
        asks               {^[0-9a-fA-F.:/ ]*$}
        ask-for            {^[A-Z0-9_ ]*$}
        nonce-length       {^\d+$}
        gives              {^([A-Z0-9_]+ [0-9A-Fa-f.:/]+ ?)*$}
        any-id             {^(yes|no)$}
    }
}

# A field of the setup; one that is missing is DEFAULT, or without that a mistake.
proc ::neutral::field {setup key args} {
    if {[dict exists $setup $key]} { return [dict get $setup $key] }
    if {[llength $args]} { return [lindex $args 0] }
    ::dut::fail CONFIG $key "the setup has no \"$key\""
}

# DEVICE is the name in the message, TEXT what follows it.
proc ::neutral::cannot {device detail text} { ::dut::fail UNSUPPORTED $detail "$device $text" }

# The setup's options as a dict with every option of KNOWN, the driver's table.
proc ::neutral::options {device known setup} {
    variable forms
    set given [field $setup options {}]
    dict for {key value} $given {
        if {[dict exists $forms $key] && ![regexp [dict get $forms $key] $value]} {
            ::dut::fail CONFIG "option $key" "option $key: \"$value\" will not do"
        }
    }
    set all [dict create]
    foreach {key default has} $known {
        set value [field $given $key $default]
        if {![regexp $has $value]} { cannot $device "option $key" "has no $key \"$value\"" }
        dict set all $key $value
    }
    foreach key [dict keys $given] {
        if {![dict exists $all $key]} { cannot $device "option $key" "has no option \"$key\"" }
    }
    return $all
}
