# rfc7619.tcl - RFC 7619, NULL authentication in IKEv2. From knowledge of the text, not checked against it word by word.

# 2.1 Authentication payload
req rfc7619/2.1/auth-present MUST sender {An end without proof still sends an AUTH payload, with method 13.} -needs {null-auth} -reading {fact}
req rfc7619/2.1/auth-computed MUST sender {The data of AUTH is computed as with a shared key, with SK_pi for the initiator and SK_pr for the responder in place of the key.} -needs {null-auth} -reading {fact}
req rfc7619/2.1/unproven-auth-checked MUST receiver {AUTH of method 13 whose data is not so is refused.} -needs {null-auth} -reading {inferred: it is what binds the message to IKE_SA_INIT}
req rfc7619/2.1/unproven-peer-served MUST receiver {Where it is configured an end without proof gets its SA.} -needs {null-auth} -reading {inferred: this is what the method is for}

# 2.2 Identification payload
req rfc7619/2.2/id-null-empty MUST sender {An ID payload of type ID_NULL has no data.} -needs {null-auth} -reading {fact}
req rfc7619/2.2/id-null-for-anonymity SHOULD sender {With NULL authentication ID_NULL is used where anonymity matters.} -needs {null-auth} -untestable {whether anonymity matters is known to whoever configures the device; the setups name ID_NULL}
req rfc7619/2.2/identity-not-trusted {MUST NOT} receiver {What an end without proof calls itself decides neither about trust nor about policy in IKE_AUTH.} -needs {null-auth} -untestable {a refusal proves nothing, since an entry for ID_NULL may match by that type (2.4), and what a name gains is the policy of the device}
req rfc7619/2.2/id-null-elsewhere MAY both {ID_NULL is used with other methods where the name does not matter.} -needs {null-auth}

# 2.3 INITIAL_CONTACT
req rfc7619/2.3/contact-not-by-identity {MUST NOT} receiver {INITIAL_CONTACT of an end without proof ends no other IKE SA merely because that has the same identity.} -needs {null-auth} -reading {fact; a liveness check may find the other SA dead, which the tester's is not}
req rfc7619/2.3/unproven-checked SHOULD receiver {Idle IKE SAs of ends without proof are checked for life now and then.} -needs {null-auth} -reading {fact} -gap {the period is the device's own; the cases of liveness look at the check itself}

# 2.4 Peer authorization database
req rfc7619/2.4/only-where-allowed MUST receiver {Method 13 is good only for policy that says that it may be used without proof.} -needs {psk} -reading {fact: a flag of its own in each entry}
req rfc7619/2.4/proof-still-wanted MUST receiver {Where one end may go without proof, the proof of the other is checked as ever.} -needs {null-auth certificates} -reading {inferred: the RFC has sessions in which one side alone is authenticated}

# 2.5 Traffic selectors
req rfc7619/2.5/isolated SHOULD receiver {Ends without proof are kept apart from each other and from what is not meant for them.} -needs {null-auth} -untestable {how a device isolates its peers is its own policy}
req rfc7619/2.5/host-to-host MAY receiver {Ends without proof get host-to-host SAs only.} -needs {null-auth}
req rfc7619/2.5/ipv6-block MUST receiver {A device that assigns addresses can give an IPv6 prefix of 64 bits to an end without proof.} -needs {null-auth config ipv6} -reading {fact} -gap {pools of prefixes (RFC 5739) are not in the setups}

# 3 Security considerations
req rfc7619/3.3/no-authenticated-resources {MUST NOT} receiver {An end without proof does not reach what is meant for authenticated ends.} -needs {null-auth} -untestable {which resources are meant for whom is the device's own policy}
req rfc7619/3.3/no-replacement {MUST NOT} receiver {An end without proof does not replace the Child SAs of an authenticated one.} -needs {null-auth} -reading {fact} -gap {needs a device with two connections to one tester, which no setup describes}
req rfc7619/3.4/same-filters MUST receiver {What comes out of such an SA goes through the same filters as what comes in clear.} -needs {null-auth} -untestable {filters stand behind the device}
