# The statements of RFC 4301 (IPsec architecture) that rulings on Child SAs and ESP need, in our own words.
# Form of a line and the words "fact" and "lower case": see rfc7296.tcl.

# 4.1 Security associations
req rfc4301/4.1/parallel-sas-received MUST receiver {Packets of parallel SAs with the same selectors are processed without prejudice.} -needs {esp}
req rfc4301/4.1/inbound-by-spi MUST receiver {Inbound unicast traffic is assigned to an SA by SPI, or SPI and protocol.} -needs {esp} -reading {fact: the SPI "suffices"}
req rfc4301/4.1/host-both-modes MUST both {A host supports transport and tunnel mode.} -needs {esp transport-mode}
req rfc4301/4.1/gateway-tunnel-mode MUST both {A security gateway supports tunnel mode.} -needs {esp}

# 4.4 Databases
req rfc4301/4.4.1/first-entry-wins MUST both {Policy entries are ordered and the first that matches decides.} -needs {esp} -reading {"ordered database"; the administrator MUST be able to order entries} -gap {setups know one policy; an order of several is written in a device's own language}
req rfc4301/4.4.1/pfp-narrows MUST initiator {With "populate from packet" set, the SA covers just the values of the packet that caused it.} -needs {esp} -reading {fact} -gap {an SA that a packet causes needs a host behind the device; no verb of a driver sends one}
req rfc4301/4.4.1/inbound-consistent-with-policy MUST receiver {Traffic that arrives on an SA is checked for agreement with the policy.} -needs {esp}
req rfc4301/4.4.2.1/lifetime-both-kinds MUST both {Lifetimes by time and by octet count are supported, also together.} -needs {esp}
req rfc4301/4.4.2.1/soft-and-hard-lifetime SHOULD both {A soft lifetime starts the replacement, a hard one ends the SA.} -needs {esp} -gap {a soft lifetime shows as a rekey in time (rekey-before-expiry) and a hard one as an end (expired-not-used); which of the two a device calls what does not show}
req rfc4301/4.4.3/peer-limited-to-its-range MUST responder {A peer gets Child SAs only for selectors that its authenticated identity may claim.} -reading {fact: the purpose of the peer authorisation database}
req rfc4301/4.4.3.1/key-id-exact MUST both {Key ids are matched exactly.}

# 5 Traffic processing
req rfc4301/5/unmatched-discarded MUST both {A packet for which no policy is found is dropped.} -needs {esp} -gap {needs packets of a host behind the device, or in clear towards it; the tester's transports carry UDP and ESP}
req rfc4301/5.1/protected-never-in-clear MUST sender {Traffic that policy protects is never sent in clear, with or without an SA.} -needs {esp} -reading {fact: the three outcomes are bypass, discard, protect} -gap {needs packets of a host behind the device; no verb of a driver sends one}
req rfc4301/5.1.2/outer-header-built MUST sender {The outer header is a new one: its addresses are the tunnel ends, TTL is set anew, options are not copied.} -needs {esp} -reading {fact of the tables} -gap {outer IP headers are the kernel's on both ends; the tester's transports do not show them}
req rfc4301/5.1.2/inner-ttl-forwarding MUST sender {The inner TTL drops by one only where the packet is forwarded.} -needs {esp} -reading {fact of the tables} -gap {who forwards and who answers behind the device depends on the lab, and so does what a TTL should be}
req rfc4301/5.2/unprotected-discarded MUST receiver {A packet in clear that policy wants protected is dropped.} -needs {esp} -reading {fact of step 3b} -gap {needs packets in clear towards the inner host; the tester's transports carry UDP and ESP}
req rfc4301/5.2/final-entry-discards SHOULD both {The policy ends with an entry that drops everything else.} -needs {esp} -gap {needs packets in clear; the tester's transports carry UDP and ESP}
req rfc4301/5.2/inbound-selectors-checked MUST receiver {A packet whose header does not fit the selectors of the SA it came on is dropped.} -needs {esp}
req rfc4301/5.2/selector-mismatch-reported SHOULD receiver {The sender of such a packet is told by INVALID_SELECTORS.} -needs {esp} -reading {RFC 7296 section 3.10.1 says MAY; a missing report is never more than a note} -gap {RFC 7296 3.10.1 makes the report a MAY, so a device without it departs from nothing that could be told to its owner}
req rfc4301/5.2/mismatch-report-limited SHOULD receiver {These reports can be switched off and are rate limited.} -needs {esp} -gap {follows on a report that is itself a MAY in RFC 7296 3.10.1}

# 7 and 8 Fragments and path MTU
req rfc4301/7.1/tunnel-any-port-fragments MUST both {Tunnel mode SAs for all ports are supported; they carry fragments as they are.} -needs {esp}
req rfc4301/7.2/fragment-only-sa MAY both {SAs that carry nothing but non-initial fragments may be supported.} -needs {esp}
req rfc4301/7.2/fragment-offset-checked MUST receiver {On such an SA small fragment offsets over IPv4 are refused.} -needs {esp} -gap {SAs for fragments alone are made by a device's own policy; no setup names one}
req rfc4301/7.3/fragments-announced MUST sender {Who will send non-initial fragments on an SA for certain ports says so with NON_FIRST_FRAGMENTS_ALSO.} -needs {esp} -gap {needs a host behind the device that sends fragments; no verb of a driver has one}
req rfc4301/7.3/fragments-not-agreed-not-sent {MUST NOT} sender {Without agreement no non-initial fragment is sent on such an SA.} -needs {esp} -gap {needs a host behind the device that sends fragments; no verb of a driver has one}
req rfc4301/7.3/fragments-not-agreed-dropped MUST receiver {Without agreement non-initial fragments that come on such an SA are dropped.} -needs {esp}
req rfc4301/7.4/fragments-can-be-discarded MUST both {Fragments can be dropped by policy.} -needs {esp} -gap {a setting in a device's own language; what it does with fragments nobody agreed on is judged by fragments-not-agreed-dropped}
req rfc4301/7.4/bypass-fragments-stateful MUST both {Where policy lets certain ports pass in clear, fragments are matched to their packets before they pass.} -needs {esp} -gap {needs packets in clear towards the inner host; the tester's transports carry UDP and ESP}
req rfc4301/8.1/df-bit-configurable MUST sender {The DF bit of the outer IPv4 header can be copied, set or cleared, for each tunnel mode SA.} -needs {esp} -gap {outer IP headers are the kernel's on both ends; the tester's transports do not show them}
req rfc4301/8.2.1/pmtu-df-set SHOULD sender {An IPv4 packet too large for the path and with DF set is dropped and answered by ICMP.} -needs {esp} -gap {needs packets of a host behind the device, and ICMP towards it}
req rfc4301/8.2.1/pmtu-df-clear SHOULD sender {An IPv4 packet too large for the path and without DF is fragmented and sent.} -needs {esp} -gap {needs packets of a host behind the device; no verb of a driver sends one}
req rfc4301/8.2.1/pmtu-ipv6 SHOULD sender {An IPv6 packet too large for the path is dropped and answered by ICMP.} -needs {esp ipv6} -gap {needs packets of a host behind the device, and ICMP towards it}
req rfc4301/8.2.2/pmtu-aged MUST both {The path MTU of an SA ages.} -needs {esp} -gap {a path MTU changes by ICMP, which the tester's transports do not carry, and ages over minutes}
