# schema.tcl - results.schema.json, printed from the table of shapes in json.tcl.
#   tclsh reports/schema.tcl > reports/results.schema.json
source [file join [file dirname [info script]] json.tcl]

# schema -> the text of results.schema.json (JSON Schema 2020-12).
proc ::results::schema {} {
    variable shapes
    set defs {}
    dict for {name rows} $shapes { lappend defs "    [quote $name]: [schema_object $name {    }]" }
    set head "\{\n  \"\$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
    append head "  \"title\": \"ikespec results.json: one device (results) or several (matrix)\",\n"
    append head "  \"oneOf\": \[[schema_type {object results}], [schema_type {object matrix}]\],\n"
    return "$head  \"\$defs\": \{\n[join $defs ",\n"]\n  \}\n\}\n"
}

proc ::results::schema_object {name indent} {
    variable shapes
    set props {}
    set keys {}
    foreach row [dict get $shapes $name] {
        lassign $row key type about
        lappend keys [quote $key]
        set t [schema_type $type]
        if {$about ne ""} { set t "[string range $t 0 end-1], \"description\": [quote $about]\}" }
        lappend props "$indent    [quote $key]: $t"
    }
    return "\{\n$indent  \"type\": \"object\",\n$indent  \"additionalProperties\": false,\n$indent \
\"required\": \[[join $keys {, }]\],\n$indent  \"properties\": \{\n[join $props ",\n"]\n$indent  \}\n$indent\}"
}

proc ::results::schema_type {type} {
    variable patterns
    set arg [lindex $type 1]
    switch -- [lindex $type 0] {
        str    { return {{"type": "string"}} }
        int    { return {{"type": "integer"}} }
        bool   { return {{"type": "boolean"}} }
        const  { return "{\"const\": $arg}" }
        like   { return "{\"type\": \"string\", \"pattern\": [quote [dict get $patterns $arg]]}" }
        enum   { return "{\"enum\": \[[join [lmap w [lrange $type 1 end] {quote $w}] {, }]\]}" }
        list   { return "{\"type\": \"array\", \"items\": [schema_type $arg]}" }
        object { return "{\"\$ref\": \"#/\$defs/$arg\"}" }
        maybe  { return "{\"anyOf\": \[{\"type\": \"null\"}, {\"\$ref\": \"#/\$defs/$arg\"}\]}" }
        map    {
            set names [expr {$arg eq "str" ? "" : ", \"propertyNames\": [schema_type $arg]"}]
            return "{\"type\": \"object\"$names, \"additionalProperties\": [schema_type [lindex $type 2]]}"
        }
    }
}

if {[info exists argv0] && [file normalize $argv0] eq [file normalize [info script]]} {
    fconfigure stdout -encoding utf-8 -translation lf
    puts -nonewline [results::schema]
}
