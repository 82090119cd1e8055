# rfc7619.tcl - RFC 7619, NULL authentication in IKEv2. Each line was checked against the text of the RFC: section, level, what it
# says; its key words (MUST, SHOULD, MAY and their negations, appendix A with 2.4) are all here.

# 2 Using the NULL authentication method
req rfc7619/2/refusal-said MUST responder {Where policy wants a proof, AUTH of method 13 is answered by AUTHENTICATION_FAILED.} -needs {null-auth} -reading {of the responder; an initiator refuses with a request of its own, which RFC 7296 2.21.2 leaves open}
req rfc7619/2/not-with-eap {MUST NOT} responder {The responder proves who it is when the initiator uses EAP.} -needs {null-auth eap} -gap {the engine speaks no EAP yet}

# 2.1 Authentication payload
req rfc7619/2.1/auth-present MUST sender {An end without proof still sends an AUTH payload, with method 13.} -needs {null-auth} -reading {fact}
req rfc7619/2.1/auth-computed MUST sender {The data of AUTH is computed as with a shared key, with SK_pi for the initiator and SK_pr for the responder in place of the key.} -needs {null-auth} -reading {fact}
req rfc7619/2.1/unproven-auth-checked MUST receiver {AUTH of method 13 whose data is not so is refused.} -needs {null-auth} -reading {inferred: it is what binds the message to IKE_SA_INIT}
req rfc7619/2.1/unproven-peer-served MUST receiver {Where it is configured an end without proof gets its SA.} -needs {null-auth} -reading {inferred: this is what the method is for}

# 2.2 Identification payload
req rfc7619/2.2/id-null-empty MUST sender {An ID payload of type ID_NULL has no data.} -needs {null-auth}
req rfc7619/2.2/id-null-for-anonymity SHOULD sender {With NULL authentication ID_NULL is used where anonymity matters.} -needs {null-auth} -untestable {whether anonymity matters is known to whoever configures the device; the setups name ID_NULL}
req rfc7619/2.2/identity-not-trusted {MUST NOT} receiver {What an end without proof calls itself decides neither about trust nor about policy in IKE_AUTH.} -needs {null-auth} -untestable {a refusal proves nothing, since an entry for ID_NULL may match by that type (2.4), and what a name gains is the policy of the device}
req rfc7619/2.2/id-null-elsewhere MAY both {ID_NULL is used with other methods where the name does not matter.} -needs {null-auth} -reading {"could be used"; such uses want a document of their own, of which RFC 7670 section 1 is one}

# 2.3 INITIAL_CONTACT
req rfc7619/2.3/contact-not-by-identity {MUST NOT} receiver {INITIAL_CONTACT of an end without proof ends no other IKE SA merely because that has the same identity.} -needs {null-auth} -reading {a liveness check may find the other SA dead, which the tester's is not}
req rfc7619/2.3/unproven-checked SHOULD receiver {Idle IKE SAs of ends without proof are checked for life now and then.} -needs {null-auth} -reading {lower case} -gap {the period is the device's own; the cases of liveness look at the check itself}

# 2.4 Peer authorization database
req rfc7619/2.4/only-where-allowed MUST receiver {Method 13 is good only for policy that says that it may be used without proof.} -needs {psk} -reading {a flag of its own in each entry; appendix A says the same of RFC 4301 4.4.3.4}
req rfc7619/2.4/proof-still-wanted MUST receiver {Where one end may go without proof, the proof of the other is checked as ever.} -needs {null-auth certificates} -reading {inferred: each end chooses its method by itself (section 2), and section 1 has sessions in which one side alone is authenticated}

# 2.5 Traffic selectors
req rfc7619/2.5/traffic-not-stolen SHOULD receiver {An end without proof does not get, by the selectors that it asks for, traffic that is meant for another host.} -needs {null-auth} -reading {lower case: "must not"} -untestable {whom traffic is meant for is the device's own policy; that selectors are narrowed to it is judged whatever the method}
req rfc7619/2.5/isolated SHOULD receiver {Ends without proof are kept apart from each other and from what is not meant for them.} -needs {null-auth} -untestable {how a device isolates its peers is its own policy}
req rfc7619/2.5/host-to-host MAY receiver {Ends without proof get host-to-host SAs only.} -needs {null-auth}
req rfc7619/2.5/ipv6-block MUST receiver {A device can assign an IPv6 prefix of 64 bits to an end without proof.} -needs {null-auth config ipv6} -gap {pools of prefixes (RFC 5739) are not in the setups}

# 3 Security considerations
req rfc7619/3/proof-preferred {SHOULD NOT} receiver {Selectors for which authenticated SAs are possible are not open to ends without proof.} -needs {null-auth} -gap {needs a device with two connections for the same selectors, which no setup describes}
req rfc7619/3.1/unproven-names-marked SHOULD receiver {In a log names that nobody proved are marked so.} -needs {null-auth} -reading {lower case} -untestable {a device's own log}
req rfc7619/3.2/abuse-expected SHOULD receiver {Nothing in a device relies on its peers being friendly, trusted or known.} -needs {null-auth} -reading {lower case} -untestable {a design, not a reaction; floods and malformed messages are judged in areas of their own}
req rfc7619/3.3/no-authenticated-resources {MUST NOT} receiver {An end without proof does not reach what is meant for authenticated ends.} -needs {null-auth} -untestable {which resources are meant for whom is the device's own policy}
req rfc7619/3.3/no-replacement {MUST NOT} receiver {An end without proof does not replace the Child SAs of an authenticated one.} -needs {null-auth} -gap {needs a device with two connections to one tester, which no setup describes}
req rfc7619/3.4/same-filters MUST receiver {What comes out of such an SA goes through the same filters as what comes in clear.} -needs {null-auth} -untestable {filters stand behind the device}
