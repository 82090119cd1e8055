# The normative statements of RFC 4303 (ESP) in our own words, by section.
# Form of a line and the words "fact" and "lower case": see rfc7296.tcl.

# 2.1 and 2.2 SPI and sequence number
req rfc4303/2.1/spi-lookup MUST receiver {Inbound packets of a unicast SA are mapped to it by SPI, alone or with the protocol.} -needs {esp}
req rfc4303/2.1/spi-zero-not-sent {MUST NOT} sender {SPI zero is never on the wire.} -needs {esp}
req rfc4303/2.1/spi-reserved-range {MUST NOT} both {The SPIs 1 to 255 are reserved and not picked for an SA.} -reading {fact: reserved by IANA}
req rfc4303/2.2/sequence-increments MUST sender {The sequence number grows by one with every packet sent on a unicast SA.} -needs {esp}
req rfc4303/2.2/sequence-always-present MUST sender {The sequence number field is always there, whether or not the receiver checks it.} -needs {esp}
req rfc4303/2.2/sequence-processing MUST both {Every implementation can do the processing of 3.3.3 and 3.4.3.} -needs {esp}
req rfc4303/2.2/new-sa-before-wrap MUST both {A new SA with a new key is in place before the 2^32nd packet.} -needs {esp}
req rfc4303/2.2.1/esn-implemented SHOULD both {Extended sequence numbers are implemented.} -needs {esp esn}
req rfc4303/2.2.1/esn-negotiated MUST both {Extended sequence numbers are used only when negotiated.} -needs {esp} -reading {with IKEv2 of RFC 7296 the ESN transform always says which}
req rfc4303/2.2.1/esn-low-half-sent MUST sender {Only the lower 32 bits are sent; the upper half enters the ICV.} -needs {esp esn} -reading {fact}

# 2.3 and 2.4 Payload and padding
req rfc4303/2.3/next-protocol-aligned MUST sender {The next protocol header is aligned to 4 octets for IPv4 and 8 for IPv6 from the start of ESP.} -needs {esp} -untestable {ciphers with an 8 or 16 octet IV meet it by themselves; others define their own layout}
req rfc4303/2.4/padding-supported MUST both {Padding can be made and consumed.} -needs {esp}
req rfc4303/2.4/padding-0-to-255 MAY sender {0 to 255 octets of padding may be added.} -needs {esp}
req rfc4303/2.4/padding-any-accepted MUST receiver {More padding than alignment needs is accepted, up to 255 octets.} -needs {esp} -reading {the receiver side of the sender's MAY}
req rfc4303/2.4/padding-aligns-block MUST sender {Data, padding and trailer fill whole cipher blocks.} -needs {esp} -reading {fact}
req rfc4303/2.4/padding-aligns-four MUST sender {Pad length and next header end on a 4-octet boundary, whatever the cipher.} -needs {esp} -reading {"must be right aligned", lower case but part of the format}
req rfc4303/2.4/padding-counts-up MUST sender {Padding octets are 1, 2, 3 and so on unless the cipher says otherwise.} -needs {esp}
req rfc4303/2.4/padding-inspected SHOULD receiver {The receiver inspects padding of that scheme and drops what does not fit.} -needs {esp}
req rfc4303/2.5/pad-length-excludes-tfc MUST sender {Pad length counts the padding only, not TFC padding.} -needs {esp} -reading {fact}
req rfc4303/2.5/pad-length-checked MUST receiver {A pad length larger than the data before it makes the packet invalid.} -needs {esp} -reading {fact}

# 2.6 Next header
req rfc4303/2.6/dummy-marked-59 MUST sender {A dummy packet has next header 59.} -needs {esp}
req rfc4303/2.6/dummy-can-be-sent MUST sender {A sender is able to make dummy packets.} -needs {esp tfc}
req rfc4303/2.6/dummy-discarded MUST receiver {Dummy packets are dropped without an error.} -needs {esp}
req rfc4303/2.6/dummy-fields-present MUST sender {A dummy packet has all other ESP fields.} -needs {esp}
req rfc4303/2.6/dummy-any-content MUST receiver {The content of a dummy packet is not looked at.} -needs {esp} -reading {"need not be well-formed", "discarded without prejudice"}
req rfc4303/2.6/dummy-controls SHOULD both {Dummy packets can be switched per SA.} -needs {esp} -untestable {a matter of the management interface}
req rfc4303/2.6/next-header-fits-mode MUST receiver {A next header that does not fit the mode or selectors of the SA is not delivered.} -needs {esp} -reading {fact: 4 and 41 in tunnel mode; RFC 4301 section 5.2 checks the rest}

# 2.7 Traffic flow confidentiality
req rfc4303/2.7/tfc-capable SHOULD sender {TFC padding can be added after the payload.} -needs {esp tfc}
req rfc4303/2.7/tfc-inner-length-kept {MUST NOT} sender {The length in the inner packet is not changed by TFC padding.} -needs {esp tfc}
req rfc4303/2.7/tfc-negotiated-first MUST sender {TFC padding is used only after it was negotiated.} -needs {esp} -reading {in IKEv2: unless the peer sent ESP_TFC_PADDING_NOT_SUPPORTED}
req rfc4303/2.7/tfc-stripped MUST receiver {TFC padding is cut off by the length of the inner packet.} -needs {esp tfc} -reading {fact: "will enable the receiver to discard"}
req rfc4303/2.7/inner-length-checked MUST receiver {An inner packet whose length exceeds the data or is below its header is dropped.} -needs {esp} -reading {fact: it is no valid IP packet}
req rfc4303/2.7/tfc-controls SHOULD both {TFC padding can be switched per SA.} -needs {esp tfc} -untestable {a matter of the management interface}

# 3.1 and 3.2 Modes and algorithms
req rfc4303/3.1.1/transport-keeps-header MUST both {In transport mode ESP stands after the IP header and covers what follows.} -needs {esp transport-mode} -reading {fact}
req rfc4303/3.1.2/tunnel-mixed-versions MUST both {In tunnel mode inner and outer IP versions may differ.} -needs {esp ipv6} -reading {"are allowed"}
req rfc4303/3.2/not-both-null {MUST NOT} both {Encryption and integrity are not both NULL.}
req rfc4303/3.2/one-service-selected MUST both {At least one of confidentiality and integrity is selected.}
req rfc4303/3.2/other-algorithms MAY both {Algorithms beyond the mandatory ones may be supported.} -needs {esp}

# 3.3 Outbound
req rfc4303/3.3.2/icv-covers-packet MUST sender {The ICV covers SPI, sequence number, payload, padding, pad length and next header, as encrypted.} -needs {esp} -reading {fact}
req rfc4303/3.3.2.1/integrity-padding-zero MUST sender {Implicit padding for an integrity algorithm is zero and not sent.} -needs {esp} -untestable {no algorithm in use needs it}
req rfc4303/3.3.2.2/combined-covers-sequence MUST sender {A combined-mode cipher takes in SPI and the (extended) sequence number.} -needs {esp} -reading {fact}
req rfc4303/3.3.3/first-sequence-is-one MUST sender {The first packet of an SA has sequence number 1.} -needs {esp} -reading {fact}
req rfc4303/3.3.3/counter-never-wraps {MUST NOT} sender {No packet is sent that would make the sequence number start over.} -needs {esp}
req rfc4303/3.3.3/overflow-audited SHOULD sender {An attempt to go past the last number is audited with SPI, time and addresses.} -needs {esp} -untestable {log wording is never judged}
req rfc4303/3.3.3/esn-not-without-replay {SHOULD NOT} receiver {A receiver that does no anti-replay does not negotiate ESN.} -needs {esp esn} -gap {no setup turns the protection against replays off}
req rfc4303/3.3.4/fragment-after-esp MUST sender {Fragmentation comes after ESP; transport mode ESP is put on whole packets only.} -needs {esp} -reading {fact}
req rfc4303/3.3.4/pmtu-messages MUST sender {ICMP path MTU messages are made to avoid fragmentation.} -needs {esp} -gap {ICMP towards the host behind the device is not seen by the tester}
req rfc4303/3.3.4/fragmentation-unsupported MAY sender {An implementation may do without fragmentation and set DF.} -needs {esp}

# 3.4 Inbound
req rfc4303/3.4.1/reassembled-before-esp MUST receiver {IP fragments are put together before ESP processing.} -needs {esp} -reading {fact: "performed prior to"}
req rfc4303/3.4.1/fragment-not-processed MUST receiver {A packet that still is a fragment when it reaches ESP is dropped.} -needs {esp} -untestable {IP puts fragments together before ESP sees them; a fragment that reaches ESP is a fault inside the device}
req rfc4303/3.4.2/unknown-spi-dropped MUST receiver {A packet for which there is no SA is dropped.} -needs {esp}
req rfc4303/3.4.2/unknown-spi-audited SHOULD receiver {The drop is audited with SPI, time, addresses and sequence number.} -needs {esp} -untestable {log wording is never judged}
req rfc4303/3.4.3/replay-supported MUST receiver {Anti-replay is supported.} -needs {esp}
req rfc4303/3.4.3/replay-needs-integrity {MUST NOT} receiver {Anti-replay is not used without integrity.} -needs {esp} -untestable {RFC 8221 section 4 forbids ESP that encrypts without integrity, so that no such SA can be asked for}
req rfc4303/3.4.3/replay-off-notified SHOULD receiver {A receiver without anti-replay tells the sender when the SA is set up.} -needs {esp} -gap {no setup turns the protection against replays off}
req rfc4303/3.4.3/counter-starts-zero MUST receiver {The receive counter of an SA starts at zero.} -needs {esp}
req rfc4303/3.4.3/sequence-zero-dropped MUST receiver {A packet with sequence number zero is not accepted on a new SA.} -needs {esp} -reading {fact: the first number is 1 and zero is the counter's start}
req rfc4303/3.4.3/replayed-dropped MUST receiver {A packet whose sequence number was already received on the SA is dropped.} -needs {esp}
req rfc4303/3.4.3/replay-check-first SHOULD receiver {The sequence check is the first one after the SA is found.} -needs {esp} -untestable {the order of checks does not show on the wire}
req rfc4303/3.4.3/window-moves-after-icv MUST receiver {The window moves only after the ICV was verified.} -needs {esp} -reading {fact: "updated only if"}
req rfc4303/3.4.3/in-window-accepted MUST receiver {A packet inside the window that was not seen yet is accepted once, in any order.} -needs {esp} -reading {fact; within the 32 packets that every window has}
req rfc4303/3.4.3/left-of-window-dropped MUST receiver {A packet older than the left edge of the window is dropped.} -needs {esp} -reading {fact: "are rejected"}
req rfc4303/3.4.3/window-right-edge MUST receiver {A valid packet ahead of the window is accepted and moves it.} -needs {esp} -reading {fact}
req rfc4303/3.4.3/esn-high-half-inferred MUST receiver {The upper half of an extended number is worked out from the window, so that crossing 2^32 loses nothing.} -needs {esp esn} -reading {fact; appendix A has the method}
req rfc4303/3.4.3/esn-resync MAY receiver {After a gap of more than 2^32 packets further checks may bring the counters together.} -needs {esp esn}
req rfc4303/3.4.3/window-at-least-32 MUST receiver {The window is at least 32 packets.} -needs {esp}
req rfc4303/3.4.3/window-64-default SHOULD receiver {The window is 64 packets by default.} -needs {esp}
req rfc4303/3.4.3/window-larger MAY receiver {A larger window may be chosen.} -needs {esp}
req rfc4303/3.4.3/bad-icv-dropped-combined MUST receiver {A combined-mode packet that fails its check is dropped.} -needs {esp} -reading {stated here for both kinds of algorithm; 3.4.4 has the same for separate ones}
req rfc4303/3.4.4/icv-verified MUST receiver {A packet whose ICV does not match is dropped.} -needs {esp} -reading {the MUST stands in 3.4.4.1 and 3.4.4.2; one id covers both}
req rfc4303/3.4.4/short-packet-dropped MUST receiver {A packet too short for header, IV, trailer and ICV, or not of whole blocks, is dropped without harm.} -needs {esp} -reading {fact: its ICV cannot match}
req rfc4303/3.4.4.1/decrypt-then-deliver MUST receiver {Padding is taken off as the cipher specifies and the original packet rebuilt before delivery.} -needs {esp} -reading {fact}

# 5 and 7 Conformance and security
req rfc4303/5/null-encryption SHOULD both {NULL encryption with integrity is available.} -needs {esp} -reading {algorithm levels now come from RFC 8221: MUST for NULL, reported only}
