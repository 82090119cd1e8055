# The normative statements of RFC 3948 (UDP encapsulation of ESP) in our own words, by section.
# Form of a line and the words "fact" and "lower case": see rfc7296.tcl.

# 1 and 2.1 UDP-encapsulated ESP
req rfc3948/1/spi-zero-unused {MUST NOT} both {ESP does not use SPI zero, so that IKE and ESP can be told apart.} -needs {nat-traversal esp}
req rfc3948/1/tunnel-mode-supported MUST both {Clients of tunnel mode support tunnel mode in UDP.} -needs {nat-traversal esp}
req rfc3948/2.1/ports-same-as-ike MUST sender {ESP in UDP uses the ports of the IKE traffic.} -needs {nat-traversal esp}
req rfc3948/2.1/checksum-sent-zero SHOULD sender {The UDP checksum is sent as zero over IPv4.} -needs {nat-traversal esp} -gap {sockets of the tester do not show the checksum of a datagram that arrived}
req rfc3948/2.1/checksum-not-required-zero {MUST NOT} receiver {A receiver does not rely on the UDP checksum being zero.} -needs {nat-traversal esp}
req rfc3948/2.1/checksum-zero-accepted MUST receiver {ESP in UDP with checksum zero is accepted over IPv4.} -needs {nat-traversal esp} -reading {the receiver side of the sender's SHOULD}
req rfc3948/2.1/spi-nonzero-in-udp {MUST NOT} sender {The SPI in an ESP header in UDP is not zero.} -needs {nat-traversal esp}

# 2.2 IKE on port 4500
req rfc3948/2.2/non-esp-marker MUST both {On port 4500 IKE begins with four zero octets in the place of an ESP SPI; what begins otherwise is not IKE.} -needs {nat-traversal} -reading {fact}
req rfc3948/2.2/marker-not-in-length MUST sender {The marker is no part of the IKE message or its length.} -needs {nat-traversal} -reading {fact; RFC 7296 section 3.1 repeats it}

# 2.3 Keepalive packet
req rfc3948/2.3/keepalive-same-ports MUST sender {A keepalive uses the ports of ESP in UDP.} -needs {nat-traversal}
req rfc3948/2.3/keepalive-checksum-zero SHOULD sender {Its UDP checksum is sent as zero over IPv4.} -needs {nat-traversal} -gap {sockets of the tester do not show the checksum of a datagram that arrived}
req rfc3948/2.3/keepalive-any-checksum {MUST NOT} receiver {A receiver does not rely on the checksum of a keepalive being zero.} -needs {nat-traversal}
req rfc3948/2.3/keepalive-one-octet MUST sender {A keepalive is the single octet FF.} -needs {nat-traversal}
req rfc3948/2.3/keepalive-ignored SHOULD receiver {A received keepalive is ignored.} -needs {nat-traversal}

# 3 Procedures
req rfc3948/3.1.1/tunnel-inner-address-policy MUST receiver {In tunnel mode the inner source address is checked against policy, assigned address or translation.} -needs {nat-traversal esp} -reading {one of the listed ways has to be used; that an address outside policy is not let in is what can be seen}
req rfc3948/3.1.2/transport-checksum-fixed MUST receiver {In transport mode inner TCP and UDP checksums are repaired, recomputed or, for UDP, set to zero.} -needs {nat-traversal esp transport-mode} -gap {the inner host of the tester sends echo requests and TCP of a tunnel; TCP and UDP in transport mode under two addresses are not built yet}
req rfc3948/3.1.2/tunnel-checksum-verified MUST receiver {In tunnel mode inner TCP checksums are verified as usual.} -needs {nat-traversal esp}
req rfc3948/3.1.2/other-protocols-fixed MAY receiver {Other protocols that a NAT broke may be repaired.} -needs {nat-traversal esp transport-mode}
req rfc3948/3.2/udp-header-after-ip MUST sender {The UDP header stands between IP and ESP headers, with length, protocol and IP checksum corrected.} -needs {nat-traversal esp} -reading {fact; 3.4 says the same for tunnel mode}
req rfc3948/3.3/udp-header-removed MUST receiver {The UDP header is taken off and ESP processed as if it had come bare.} -needs {nat-traversal esp} -reading {fact; 3.5 says the same for tunnel mode}
req rfc3948/3.3/short-udp-esp-dropped MUST receiver {A datagram on 4500 too short for ESP and no keepalive is dropped without harm.} -needs {nat-traversal} -reading {fact: it is neither of the three formats}

# 4 Keepalive procedure
req rfc3948/4/keepalive-not-liveness {MUST NOT} receiver {Keepalives are no sign that the connection lives.} -needs {nat-traversal}
req rfc3948/4/keepalive-while-sa MAY sender {Keepalives may be sent while SAs exist and some minutes after.} -needs {nat-traversal}
req rfc3948/4/keepalive-when-idle SHOULD sender {Behind a NAT a keepalive is sent when nothing else went to the peer for 20 seconds by default.} -needs {nat-traversal}

# 5 Conflicts behind a NAT
req rfc3948/5.1/tunnel-conflict-prevented MUST responder {Two clients with the same inner address are not mixed up.} -needs {nat-traversal esp} -gap {setups name one peer; two clients behind one NAT need two identities at the device}
req rfc3948/5.1/tunnel-unique-address SHOULD responder {Clients are given unique inner addresses or translated to such.} -needs {nat-traversal esp} -gap {setups name one peer; two clients behind one NAT need two identities at the device}
req rfc3948/5.2/transport-conflict-handled MUST responder {Overlapping traffic descriptions of clients behind one NAT are handled, by refusal if need be.} -needs {nat-traversal esp transport-mode} -gap {setups name one peer; two clients behind one NAT need two identities at the device}
req rfc3948/5.2/transport-conflict-refused {MUST NOT} responder {Where security is to be guaranteed such a conflict is not allowed.} -needs {nat-traversal esp transport-mode} -gap {setups name one peer; two clients behind one NAT need two identities at the device}
