# cookie.tcl - bent devices for COOKIE: the built-in device with edits of what it sends and hears.

bent asks-empty-cookie {
    title "Asks for a cookie of no octets"
    edit  {IKE_SA_INIT response { if {[msg has $m N(COOKIE)]} { msg set $m N(COOKIE).data 0x } }}
}
bent asks-long-cookie {
    title "Asks for a cookie of 65 octets"
    edit  {IKE_SA_INIT response { if {[msg has $m N(COOKIE)]} { msg set $m N(COOKIE).data 0x[string repeat 11 65] } }}
}
bent asks-cookie-and-more {
    title "Sends a vendor id beside COOKIE"
    edit  {IKE_SA_INIT response { if {[msg has $m N(COOKIE)]} { msg add $m V -body more } }}
}
bent hears-no-cookie {
    title "Never finds a cookie right"
    hear  {IKE_SA_INIT request { if {[msg has $m N(COOKIE)]} { msg remove $m N(COOKIE) } }}
}
bent drops-unasked-cookie {
    title "Drops requests with a cookie that it did not ask for"
    hear  {IKE_SA_INIT request { if {[msg has $m N(COOKIE)]} { return drop } }}
}
bent wants-other-group {
    title "Answers every group by INVALID_KE_PAYLOAD"
    hear  {IKE_SA_INIT request { msg set $m KE.group MODP_2048 }}
}
bent asks-again-for-new-ke {
    title "Asks for another cookie when KE is another one"
    hear  {IKE_SA_INIT request {
        if {[msg has $m N(COOKIE)] && ![info exists bent_ke]} { set bent_ke [msg get $m KE.group] }
        if {[info exists bent_ke] && [msg get $m KE.group] ne $bent_ke} {
            set bent_ke [msg get $m KE.group]
            msg remove $m N(COOKIE)
        }
    }}
}
bent ignores-cookies {
    title "Does not understand COOKIE"
    hear  {IKE_SA_INIT response { if {[msg has $m N(COOKIE)]} { return drop } }}
}
bent counts-cookie-retry {
    title "Counts the request with the cookie as message 1"
    edit  {IKE_SA_INIT request { if {[msg has $m N(COOKIE)]} { msg set $m HDR.mid 1 } }}
}
bent keeps-spi-of-refusal {
    title "Puts a responder SPI into the request with the cookie"
    edit  {IKE_SA_INIT request { if {[msg has $m N(COOKIE)]} { msg set $m HDR.spi_r 9 } }}
}
bent insists-on-spi-zero {
    title "Drops refusals with a responder SPI"
    hear  {IKE_SA_INIT response { if {![msg has $m SA] && [msg get $m HDR.spi_r] != 0} { return drop } }}
}
bent forgets-cookie {
    title "Leaves the cookie out once the group changes"
    edit  {IKE_SA_INIT request { if {[msg has $m N(COOKIE)] && [msg get $m KE.group] eq "CURVE25519"} { msg remove $m N(COOKIE) } }}
}
bent one-refusal-only {
    title "Does not follow a second COOKIE or INVALID_KE_PAYLOAD"
    hear  {IKE_SA_INIT response { if {![msg has $m SA] && [incr bent_refusals] > 1} { return drop } }}
}
bent signs-without-cookie {
    title "Signs another request than the one it sent with the cookie"
    edit  {IKE_AUTH request { msg set $m AUTH.data 0x[string repeat 55 32] }}
}
