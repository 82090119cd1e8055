# The normative statements of RFC 7383 (IKEv2 message fragmentation) in our own words, by section.
# Form of a line and the words "fact" and "lower case": see rfc7296.tcl.

# 2.2 and 2.3 Limits and negotiation
req rfc7383/2.2/init-not-fragmented {MUST NOT} sender {IKE_SA_INIT messages are never fragmented.} -needs {fragmentation} -reading {fact: there is no key yet to protect a fragment}
req rfc7383/2.3/fragmentation-announced MUST both {Support is announced by IKEV2_FRAGMENTATION_SUPPORTED in IKE_SA_INIT, by the responder only in answer to the initiator's.} -needs {fragmentation} -reading {fact}
req rfc7383/2.3/support-notify-protocol-zero MUST sender {Protocol id of the support notify is 0.} -needs {fragmentation}
req rfc7383/2.3/support-notify-no-spi MUST sender {SPI size of the support notify is 0.} -needs {fragmentation}
req rfc7383/2.3/support-notify-no-data MUST sender {The support notify holds no data.} -needs {fragmentation} -reading {fact}
req rfc7383/2.3/only-when-negotiated MUST receiver {A fragment that comes without negotiation is not taken.} -reading {the receiver side of fragments-need-agreement in 2.4; without support SKF is an unknown payload}
req rfc7383/2.3/after-rekey-kept MUST both {A rekeyed IKE SA goes on with what was negotiated in IKE_SA_INIT.} -needs {fragmentation} -reading {fact: CREATE_CHILD_SA has no notify of its own for it}

# 2.4 Use
req rfc7383/2.4/fragments-need-agreement {MUST NOT} sender {Messages are not fragmented unless both peers announced support.}
req rfc7383/2.4/initiator-decides MAY initiator {Once negotiated, the initiator of each exchange decides whether to fragment.} -needs {fragmentation} -reading {fact}
req rfc7383/2.4/unfragmented-first MAY initiator {A message may be tried whole first and repeated in fragments if no answer comes.} -needs {fragmentation}
req rfc7383/2.4/responder-same-form SHOULD responder {The response usually takes the form of the request, fragmented or whole.} -needs {fragmentation} -reading {"usually"; both forms are accepted by us} -gap {"usually": both forms are right (see the reading)}
req rfc7383/2.4/avoid-ip-fragments SHOULD sender {A peer that expects IP fragmentation to harm the exchange uses fragments.} -needs {fragmentation} -gap {whether IP fragments would harm is an expectation of the device}
req rfc7383/2.4/small-message-whole SHOULD sender {A message that fits is not fragmented.} -needs {fragmentation} -reading {advice: no need, no fragments}
req rfc7383/2.4/whole-message-accepted MUST receiver {A whole message is accepted although fragmentation was negotiated.} -needs {fragmentation} -reading {fact: use is the sender's choice}

# 2.5 Fragmenting
req rfc7383/2.5/only-encrypted-fragmented MUST sender {Only the content of the Encrypted payload is split.} -needs {fragmentation} -reading {fact}
req rfc7383/2.5/first-fragment-next-payload MUST sender {Next Payload of fragment 1 is the type of the first inner payload.} -needs {fragmentation}
req rfc7383/2.5/later-fragment-next-payload-zero MUST sender {Next Payload of the other fragments is zero.} -needs {fragmentation}
req rfc7383/2.5/fragment-number-from-one MUST sender {Fragments are numbered from 1 without a gap.} -needs {fragmentation} -reading {fact}
req rfc7383/2.5/fragment-number-nonzero {MUST NOT} sender {The fragment number is not zero.} -needs {fragmentation}
req rfc7383/2.5/fragment-number-at-most-total MUST sender {The fragment number is at most the total.} -needs {fragmentation}
req rfc7383/2.5/total-fragments-nonzero {MUST NOT} sender {The total of fragments is not zero.} -needs {fragmentation}
req rfc7383/2.5/fragment-payload-last MUST sender {The Encrypted Fragment payload is the last one of its message.} -needs {fragmentation}
req rfc7383/2.5/header-kept MUST sender {The IKE header of a fragment is that of the message but for Length and Next Payload: same SPIs, flags and message id.} -needs {fragmentation}
req rfc7383/2.5/fragment-own-protection MUST sender {Each fragment is encrypted and integrity protected by itself, with the keys and padding rules of the Encrypted payload.} -needs {fragmentation} -reading {fact}
req rfc7383/2.5/fragment-own-iv MUST sender {Each fragment has its own IV.} -needs {fragmentation} -reading {fact of RFC 7296 section 3.14 and RFC 5282}

# 2.5.1 to 2.5.3 Sizes, path MTU, payloads in clear
req rfc7383/2.5.1/fragment-fits-path SHOULD sender {Fragments are small enough to pass without IP fragmentation.} -needs {fragmentation} -gap {the size of fragments is a setting that setups choose}
req rfc7383/2.5.1/ipv6-fragment-1280 SHOULD sender {Over IPv6 datagrams of fragments are at most 1280 octets unless more is known.} -needs {fragmentation ipv6} -gap {the size of fragments is a setting that setups choose}
req rfc7383/2.5.1/ipv4-fragment-576 SHOULD sender {Over IPv4 datagrams of fragments are at most 576 octets unless more is known.} -needs {fragmentation} -reading {many products use more after their own experience: a larger size is reported, not failed} -gap {the size of fragments is a setting that setups choose, and a larger default is reported, not failed (see the reading)}
req rfc7383/2.5.2/path-mtu-search MAY sender {Smaller fragments may be tried when larger ones get no answer.} -needs {fragmentation}
req rfc7383/2.5.2/total-grows-on-resize MUST sender {With a smaller size the total of fragments really grows.} -needs {fragmentation}
req rfc7383/2.5.2/size-not-grown {MUST NOT} sender {Within one exchange the search only goes downward.} -needs {fragmentation} -reading {fact: "performed downward"}
req rfc7383/2.5.3/clear-payloads-first-fragment MUST sender {Payloads outside the Encrypted payload travel in the first fragment only.} -needs {fragmentation}

# 2.6 Receiving
req rfc7383/2.6/fragment-number-valid MUST receiver {A fragment whose number or total is zero, or whose number exceeds the total, is dropped without a word.} -needs {fragmentation}
req rfc7383/2.6/smaller-total-dropped MUST receiver {A fragment with a smaller total than those already held is dropped without a word.} -needs {fragmentation}
req rfc7383/2.6/duplicate-fragment-ignored MUST receiver {A fragment with message id, number and total of one already held is dropped without a word.} -needs {fragmentation}
req rfc7383/2.6/each-fragment-verified MUST receiver {Each fragment is verified by itself; one whose check fails is dropped without a word and disturbs nothing.} -needs {fragmentation}
req rfc7383/2.6/larger-total-restarts MUST receiver {A verified fragment with a larger total throws away those held and starts anew.} -needs {fragmentation}
req rfc7383/2.6/any-order MUST receiver {Fragments are put together in whatever order they come.} -needs {fragmentation} -reading {fact: they wait in a queue until all are there}
req rfc7383/2.6/reassembled-as-whole MUST receiver {The reassembled message is processed as if it had come whole.} -needs {fragmentation} -reading {fact}
req rfc7383/2.6/single-fragment-accepted MUST receiver {A message in one fragment is accepted.} -needs {fragmentation} -reading {fact: one of one is valid}
req rfc7383/2.6/later-next-payload-ignored SHOULD receiver {The Next Payload field of fragments after the first has no meaning on receipt.} -needs {fragmentation} -reading {no rule for the receiver; being liberal is asked for by RFC 7296 section 2.5}
req rfc7383/2.6/incomplete-discarded MUST receiver {If fragments are still missing after some time, those held are thrown away.} -needs {fragmentation} -untestable {the time is left open: a request completed late may be answered or not, and memory is not visible on the wire}
req rfc7383/2.6/incomplete-unanswered {MUST NOT} receiver {An incomplete request is not answered.} -needs {fragmentation} -reading {fact: there is no message to answer yet}
req rfc7383/2.6/message-ids-apart MUST receiver {Fragments of different message ids are never put together.} -needs {fragmentation} -reading {fact}
req rfc7383/2.6/reassembly-bounded SHOULD receiver {The memory that fragments can take is limited.} -needs {fragmentation} -reading {advice of section 5; only verified fragments should be held} -gap {memory of a device shows in no message; fragment/highest-number sees that it lives}
req rfc7383/2.6.1/first-fragment-triggers-replay MUST responder {When a request comes again in fragments the stored response is sent again once, on the first fragment, all its fragments together.} -needs {fragmentation} -reading {fact: otherwise each of them would call for a full response}
req rfc7383/2.6.1/retransmit-all-fragments MUST initiator {A retransmission sends all fragments of the request again.} -needs {fragmentation} -reading {fact}
req rfc7383/2.6.1/old-fragment-not-processed MUST receiver {A fragment of a message already processed does not cause it to be processed again.} -needs {fragmentation} -reading {fact: replay detection by message id holds for fragments}

# 3 and 5 Other extensions, security
req rfc7383/3/fragment-any-later-exchange MUST both {IKE_AUTH, CREATE_CHILD_SA and INFORMATIONAL can all be fragmented.} -needs {fragmentation} -reading {fact}
req rfc7383/5/forged-fragment-harmless MUST receiver {A forged fragment cannot spoil the reassembly of genuine ones.} -needs {fragmentation} -reading {the stated aim of verifying each fragment}
