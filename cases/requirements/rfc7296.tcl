# The normative statements of RFC 7296 (IKEv2) in our own words, by section; test verdicts cite them by id.
#
#   req ID LEVEL ROLE {text} ?-untestable {why}? ?-needs {capabilities}? ?-reading {how we take it, and why}?
#
# The text says what a good peer does, under MUST NOT as well. ROLE: receiver and sender stand for either end.
# "fact" in a reading: the RFC states it without a key word, yet peers that differ cannot work together.
# "lower case": the RFC advises it in plain English, so we file it no higher than SHOULD.

# 1 Introduction
req rfc7296/1/init-completes-first MUST both {IKE_SA_INIT is complete before any other exchange begins.}
req rfc7296/1/auth-completes-next MUST both {IKE_AUTH is complete before CREATE_CHILD_SA or INFORMATIONAL begin.} -reading {extensions such as IKE_INTERMEDIATE come between the two when negotiated}
req rfc7296/1/later-exchanges-any-order MAY both {After that CREATE_CHILD_SA and INFORMATIONAL come in any number and order.}

# 1.2 The initial exchanges
req rfc7296/1.2/init-contents MUST both {IKE_SA_INIT messages that make an SA carry SA, KE and Nonce, once each and in clear.} -reading {fact}
req rfc7296/1.2/init-response-single-proposal MUST responder {The IKE_SA_INIT response expresses the choice as one proposal and answers with KE and nonce.} -reading {fact}
req rfc7296/1.2/auth-required-payloads MUST both {IKE_AUTH carries an identity, AUTH, SA, TSi and TSr inside the Encrypted payload; without them it does not succeed.} -reading {fact; EAP, childless and multiple authentication change the picture when used}
req rfc7296/1.2/auth-protected MUST both {Every message after IKE_SA_INIT is encrypted and integrity protected with the new keys.} -reading {fact}
req rfc7296/1.2/first-cert-is-auth-key MUST sender {The first certificate sent holds the public key that verifies the AUTH payload.} -needs {certificates}
req rfc7296/1.2/verify-signatures-and-macs MUST both {Both ends check that every signature and MAC of IKE_AUTH is computed correctly.}
req rfc7296/1.2/id-matches-secret MUST both {With a shared secret, the identity named in ID is the one that the secret belongs to.}
req rfc7296/1.2/wrong-group-answered MUST responder {If the group chosen is not that of the KE payload, answer IKE_SA_INIT with INVALID_KE_PAYLOAD naming it.} -reading {"will respond"; 3.4 has the MUST}
req rfc7296/1.2/named-group-was-offered MUST responder {The group named in INVALID_KE_PAYLOAD is one that the initiator offered.} -reading {fact: it is the group of the proposal selected}
req rfc7296/1.2/unoffered-group-not-followed SHOULD initiator {An INVALID_KE_PAYLOAD that names a group not offered, or again the group just used, is not followed.} -reading {no key word; following it would leave the local policy or never end}
req rfc7296/1.2/retry-with-named-group MUST initiator {After INVALID_KE_PAYLOAD repeat IKE_SA_INIT with a KE of the named group.}
req rfc7296/1.2/retry-full-proposal MUST initiator {When repeating after INVALID_KE_PAYLOAD offer the same full set of suites again, because the refusal was not authenticated.}
req rfc7296/1.2/child-failure-keeps-ike-sa MUST both {When only the Child SA of IKE_AUTH fails, the IKE SA is made all the same.} -reading {fact; the notifies named are a minimum list}
req rfc7296/1.2/no-dh-in-auth-sa MUST sender {The SA payload of IKE_AUTH holds no key exchange transform other than NONE.} -reading {"cannot contain"; IKE_AUTH has no KE and no nonces}
req rfc7296/1.2/omit-dh-none SHOULD sender {Leave the key exchange transform out of the IKE_AUTH proposal altogether instead of sending NONE.}

# 1.3 CREATE_CHILD_SA
req rfc7296/1.3/either-end-may-start MAY both {Either end may start CREATE_CHILD_SA once the initial exchanges are over.}
req rfc7296/1.3/may-refuse-create-child MAY responder {An implementation may refuse every CREATE_CHILD_SA request.}
req rfc7296/1.3/create-child-contents MUST both {CREATE_CHILD_SA carries SA and a nonce, and TSi and TSr whenever a Child SA is made or rekeyed.} -reading {fact}
req rfc7296/1.3/ke-group-offered MUST initiator {When a KE payload is sent, at least one proposal contains its group.} -needs {pfs}
req rfc7296/1.3/ke-group-expected MUST initiator {The group of the KE payload is one the sender expects the other side to accept.} -needs {pfs} -untestable {an expectation is not visible on the wire}
req rfc7296/1.3/child-wrong-group-rejected MUST responder {If the proposal chosen has another group than the KE payload, refuse with INVALID_KE_PAYLOAD naming the group wanted.} -needs {pfs}
req rfc7296/1.3/invalid-ke-two-octets MUST responder {The data of INVALID_KE_PAYLOAD is the accepted group number in two octets, big endian.} -reading {fact}
req rfc7296/1.3/missing-ke-refused MUST responder {A request whose chosen proposal has a group makes no SA if it lacks a KE payload.} -needs {pfs} -reading {fact: there is nothing to compute; another proposal or any error conforms}
req rfc7296/1.3/retry-child-with-group SHOULD initiator {After INVALID_KE_PAYLOAD in CREATE_CHILD_SA repeat the request with the named group.} -needs {pfs} -reading {"will probably retry"}

# 1.3.1 New Child SAs
req rfc7296/1.3.1/transport-mode-request MAY initiator {USE_TRANSPORT_MODE may be added to a request for a Child SA.} -needs {transport-mode}
req rfc7296/1.3.1/transport-mode-confirmed MUST responder {If transport mode is accepted, the response repeats USE_TRANSPORT_MODE.} -needs {transport-mode}
req rfc7296/1.3.1/transport-declined-is-tunnel MUST both {If the response lacks USE_TRANSPORT_MODE, the Child SA is made in tunnel mode.} -reading {fact}
req rfc7296/1.3.1/tunnel-unwanted-deleted MUST initiator {If tunnel mode is not acceptable after transport mode was declined, delete the SA.} -needs {transport-mode}
req rfc7296/1.3.1/tunnel-by-default MUST both {Child SAs use tunnel mode unless transport mode was negotiated.} -reading {fact}
req rfc7296/1.3.1/tfc-padding-not-sent MUST sender {Do not send TFC padding to a peer that sent ESP_TFC_PADDING_NOT_SUPPORTED.} -needs {esp tfc} -reading {fact: the notify says such packets are not accepted}
req rfc7296/1.3.1/non-first-fragments-agreed MUST both {Fragments without ports travel on the SA only if both sides sent NON_FIRST_FRAGMENTS_ALSO.} -needs {esp} -reading {fact; details in RFC 4301 section 7}
req rfc7296/1.3.1/failed-child-keeps-ike {SHOULD NOT} both {A failed attempt to make a Child SA does not tear down the IKE SA.}

# 1.3.2 Rekeying the IKE SA
req rfc7296/1.3.2/ike-rekey-ke-included MUST initiator {A request to rekey the IKE SA includes a KE payload.}
req rfc7296/1.3.2/ike-rekey-new-spi MUST both {The SA payload carries a new IKE SPI in its SPI field, from each side.} -reading {fact}
req rfc7296/1.3.2/no-new-child-while-ike-rekey {SHOULD NOT} both {Once an IKE rekey request was sent or received, start no new CREATE_CHILD_SA on the IKE SA being replaced.}
req rfc7296/1.3.2/ike-rekey-no-ts {MUST NOT} both {A rekey of the IKE SA carries no traffic selectors.} -reading {fact: the message picture has none}

# 1.3.3 Rekeying Child SAs
req rfc7296/1.3.3/rekey-sa-notify MUST initiator {A CREATE_CHILD_SA that replaces an ESP or AH SA includes REKEY_SA.}
req rfc7296/1.3.3/rekey-sa-inbound-spi MUST initiator {REKEY_SA names the SPI that the sender of the request expects in inbound packets.} -reading {fact}
req rfc7296/1.3.3/rekey-sa-no-data MUST initiator {REKEY_SA has no notification data.} -reading {fact}
req rfc7296/1.3.3/rekey-sa-protocol MUST initiator {The protocol id of REKEY_SA is that of the SA being replaced: 3 for ESP, 2 for AH.} -reading {fact}
req rfc7296/1.3.3/child-rekey-answered MUST responder {A good request to rekey a Child SA is answered with SA, nonce, TSi and TSr, and with KE if one was used.} -reading {fact; an implementation that refuses all CREATE_CHILD_SA says NO_ADDITIONAL_SAS}

# 1.4 INFORMATIONAL
req rfc7296/1.4/informational-after-initial MUST both {INFORMATIONAL exchanges happen only after the initial exchanges and are protected with the negotiated keys.}
req rfc7296/1.4/control-under-own-ike-sa MUST sender {Control messages about an IKE SA are sent under that IKE SA.}
req rfc7296/1.4/child-control-under-parent MUST sender {Control messages about a Child SA are sent under the IKE SA that made it, or that one's successor.}
req rfc7296/1.4/informational-answered MUST receiver {Every INFORMATIONAL request gets a response.}
req rfc7296/1.4/empty-request-answered MUST receiver {An empty INFORMATIONAL request, the liveness check, is answered.} -reading {a case of informational-answered, named apart as it is the sign of life}
req rfc7296/1.4/empty-response-allowed MAY receiver {The response to an INFORMATIONAL request may be empty.}
req rfc7296/1.4/empty-request-allowed MAY sender {An INFORMATIONAL request may be empty; it asks whether the peer is alive.}
req rfc7296/1.4/informational-any-payload-count MUST receiver {Zero or more Notify, Delete and Configuration payloads are handled in one INFORMATIONAL message.} -reading {fact}

# 1.4.1 Deleting an SA
req rfc7296/1.4.1/close-both-halves MUST both {When an SA is closed both members of its pair are closed.}
req rfc7296/1.4.1/close-own-incoming MUST both {Each end closes its own incoming SAs and lets the peer close the other half.}
req rfc7296/1.4.1/delete-closes-named MUST receiver {Close the SAs that a Delete payload names.}
req rfc7296/1.4.1/delete-inbound-spi MUST sender {Delete lists the SPIs that its sender expects in inbound packets.} -reading {fact}
req rfc7296/1.4.1/delete-one-half-per-message {MUST NOT} sender {One message never deletes both halves of a pair.} -reading {"one never sends"}
req rfc7296/1.4.1/delete-answers-with-pair SHOULD receiver {The response to a Child delete holds the Delete for the paired SAs of the other direction.} -reading {"normally"; crossed deletes are the one exception}
req rfc7296/1.4.1/crossed-delete-halves MUST receiver {When both ends delete the same SA at once, the outgoing half goes with the peer's request and the incoming half with the response to one's own.}
req rfc7296/1.4.1/crossed-delete-no-delete {MUST NOT} receiver {When deletes crossed, the responses hold no Delete for those SAs.}
req rfc7296/1.4.1/ike-delete-closes-children MUST both {Deleting the IKE SA closes it and every Child SA made under it.} -reading {fact}
req rfc7296/1.4.1/delete-ike-answered MUST receiver {A request that deletes the IKE SA is answered with an empty INFORMATIONAL response.} -reading {fact}
req rfc7296/1.4.1/half-closed-refuse MAY both {A node may refuse inbound data on a half-closed pair.}
req rfc7296/1.4.1/half-closed-no-spi-reuse {MUST NOT} both {A half-closed SA is not dropped on one's own and its SPI is not used again.}
req rfc7296/1.4.1/messy-state-close-ike MAY both {If connection state is badly confused a node may close the IKE SA and start clean.}
req rfc7296/1.4.1/delete-unknown-spi SHOULD receiver {A Delete for an SPI one does not know changes nothing and still gets its response.} -reading {follows from 1.4 and 2.25.1}

# 1.5 Messages outside an IKE SA
req rfc7296/1.5/invalid-spi-under-ike-sa MAY receiver {ESP with an unknown SPI may be reported by INVALID_SPI inside an IKE SA with that address; the data is the SPI.} -needs {esp}
req rfc7296/1.5/invalid-spi-in-clear MAY receiver {Without an IKE SA, INVALID_SPI may be sent in clear to the source address and port.} -needs {esp}
req rfc7296/1.5/clear-invalid-spi-unanswered {MUST NOT} receiver {A notify that came in clear outside any IKE SA gets no response.}
req rfc7296/1.5/clear-notify-only-hint MUST receiver {An unprotected notify is no more than a hint that something may be wrong.} -reading {"should only be used as a hint"; raised by 2.4 and 2.21.4}
req rfc7296/1.5/reply-copies-header MUST receiver {An INVALID_MAJOR_VERSION or INVALID_IKE_SPI answer copies SPIs, message id and exchange type, sets the Response flag, and is in clear.} -reading {fact}
req rfc7296/1.5/no-response-to-response {MUST NOT} receiver {A message with unknown SPIs that is itself a response is never answered.} -reading {text restricts the answers to requests; see 2.21.4}

# 1.7 Changes since RFC 4306
req rfc7296/1.7/address-expiry-ignored MUST receiver {Ignore the removed configuration attribute type 5 (INTERNAL_ADDRESS_EXPIRY) when it comes.} -needs {config}
req rfc7296/1.7/prf-variable-keys MUST both {The PRFs used take keys of any length.} -untestable {a property of the algorithms; 2.14 tells how AES based ones are keyed}

# 2 Protocol details
req rfc7296/2/handle-1280-octets MUST both {IKE messages of up to 1280 octets can be sent, received and processed.}
req rfc7296/2/handle-3000-octets SHOULD both {IKE messages of up to 3000 octets can be sent, received and processed.}
req rfc7296/2/may-shorten-messages MAY sender {A sender may leave out certificates or proposals to stay under the size limit.}
req rfc7296/2/four-zero-prefix-on-4500 MUST sender {IKE messages on port 4500 start with four zero octets.}
req rfc7296/2/request-response-pairs MUST both {Every exchange is one request and one response.} -reading {fact}

# 2.1 Retransmission
req rfc7296/2.1/request-retransmitted MUST initiator {Repeat a request until its response comes or the IKE SA is held to have failed.}
req rfc7296/2.1/failed-sa-discarded MUST initiator {When a request stays unanswered to the end, drop the IKE SA and all its Child SAs.} -reading {"the initiator discards"}
req rfc7296/2.1/responder-never-retransmits {MUST NOT} responder {A response is repeated only because its request came again.}
req rfc7296/2.1/repeated-request-not-processed MUST responder {A repeated request has no effect beyond the response being sent again.}
req rfc7296/2.1/request-remembered MUST initiator {Keep each request until its response is in.}
req rfc7296/2.1/response-remembered MUST responder {Keep each response until a request arrives whose number is at least that of the response plus the window.}
req rfc7296/2.1/forgotten-response-silence MUST responder {If the response to a repeated request is forgotten, ignore the request and do not make a new response.}
req rfc7296/2.1/retransmission-identical MUST initiator {A retransmission is identical bit for bit from the IKE header on.}
req rfc7296/2.1/response-repeated MUST responder {A repeated request gets the stored response again, bit for bit.} -reading {2.3 asks to keep a copy or regenerate exactly}
req rfc7296/2.1/init-retransmit-whole-match SHOULD responder {A repeated IKE_SA_INIT request is told from a new one by the whole message, not by the SPI, address or port alone.} -reading {fact; lower case}
req rfc7296/2.1/retransmission-stops MUST initiator {No further retransmission follows the response.} -reading {follows from "until"}
req rfc7296/2.1/unsolicited-response-ignored MUST receiver {A response that matches no outstanding request is ignored.} -reading {fact of 2.1 and 2.2: responses are matched to requests}

# 2.2 Message ids
req rfc7296/2.2/same-id-on-retransmission MUST initiator {A retransmission keeps the message id.}
req rfc7296/2.2/init-id-zero MUST both {IKE_SA_INIT has message id 0, repeats after COOKIE or INVALID_KE_PAYLOAD included.} -reading {fact}
req rfc7296/2.2/message-id-increments MUST both {Message ids rise by one with each new request.} -reading {fact}
req rfc7296/2.2/auth-id-one MUST both {The first IKE_AUTH has message id 1, as IKE_SA_INIT took 0.} -reading {fact}
req rfc7296/2.2/two-counters MUST both {Each end counts its own requests and, apart, those it expects; the first request of the original responder is 0.} -reading {fact}
req rfc7296/2.2/ids-restart-after-rekey MUST both {A rekeyed IKE SA has its message ids start at 0 in both directions.} -reading {fact here; 2.18 has the MUST}
req rfc7296/2.2/response-copies-id MUST responder {A response carries the message id of its request.} -reading {fact}
req rfc7296/2.2/id-exhaustion MUST both {Before message ids outgrow 32 bits the IKE SA is rekeyed or closed.} -untestable {a device counts its own requests, and four thousand million of them on one SA are out of reach of a peer}
req rfc7296/2.2/repeated-id-not-processed MUST receiver {A request with an id already used is not processed again.} -reading {fact: ids guard against replay}

# 2.3 Window
req rfc7296/2.3/window-size-four-octets MUST sender {SET_WINDOW_SIZE data is a four-octet big endian count.}
req rfc7296/2.3/window-one-until-established MUST both {The window is one until the initial exchanges are complete.} -reading {fact}
req rfc7296/2.3/window-default-one MUST both {Send the next request only after the response to the last, unless the peer announced a larger window.}
req rfc7296/2.3/window-pipelining MAY both {Several requests may be outstanding up to the peer's window.} -needs {window}
req rfc7296/2.3/request-while-waiting MUST both {Accept and process a request while one's own is outstanding.}
req rfc7296/2.3/window-respected {MUST NOT} both {Never have more requests outstanding than the peer's window allows.}
req rfc7296/2.3/keep-requests MUST both {Keep, or be able to rebuild exactly, every request not yet answered.}
req rfc7296/2.3/keep-window-responses MUST both {Keep, or be able to rebuild exactly, as many past responses as the declared window.}
req rfc7296/2.3/out-of-order-in-window MUST responder {Requests inside the declared window are answered in whatever order they come.} -needs {window} -reading {fact; "must be capable of processing incoming requests out of order"}
req rfc7296/2.3/window-never-shrinks SHOULD receiver {A smaller SET_WINDOW_SIZE does not lower the window in force.} -reading {text: the case is undefined and the window can only grow}
req rfc7296/2.3/window-one-after-rekey MUST both {A rekeyed IKE SA starts with window one until a new SET_WINDOW_SIZE.} -reading {fact}
req rfc7296/2.3/invalid-message-id-not-in-response {MUST NOT} receiver {INVALID_MESSAGE_ID is never sent in a response.}
req rfc7296/2.3/request-outside-window {MUST NOT} receiver {A request outside the window is not acknowledged and not processed.}
req rfc7296/2.3/invalid-message-id-optional MAY receiver {An id outside the window may be reported in a new INFORMATIONAL request holding the four-octet id.}
req rfc7296/2.3/invalid-message-id-rate-limited MUST sender {INVALID_MESSAGE_ID notifies are rate limited.}
req rfc7296/2.3/in-order-without-window MUST responder {With window one, a request is not processed before its predecessor.} -reading {follows from the window}

# 2.4 State synchronisation and timeouts
req rfc7296/2.4/initial-contact-sent MAY both {INITIAL_CONTACT may be sent when this is the only IKE SA between the two identities.}
req rfc7296/2.4/initial-contact-only-sa {MUST NOT} sender {INITIAL_CONTACT is not sent while another IKE SA between the same identities is up.} -reading {fact: the notify asserts it}
req rfc7296/2.4/initial-contact-deletes-others MAY receiver {On INITIAL_CONTACT the other IKE SAs of that authenticated identity may be dropped at once.}
req rfc7296/2.4/initial-contact-not-replicated {MUST NOT} sender {An identity that may be used from several places at once does not send INITIAL_CONTACT.} -untestable {whether an identity is replicated is outside the protocol}
req rfc7296/2.4/initial-contact-in-first-auth MUST sender {INITIAL_CONTACT goes in the first IKE_AUTH request or response and nowhere else.}
req rfc7296/2.4/initial-contact-elsewhere-ignored MAY receiver {INITIAL_CONTACT in other messages may be ignored.}
req rfc7296/2.4/initial-contact-needs-auth {MUST NOT} receiver {INITIAL_CONTACT that is unprotected, or comes with a failed AUTH, removes nothing.} -reading {only the authenticated, protected notify counts}
req rfc7296/2.4/initial-contact-same-identity {MUST NOT} receiver {INITIAL_CONTACT does not touch SAs of other identities.} -reading {text speaks of the same authenticated identity only} -gap {setups name one peer, so that no SA of another identity is there to be spared}
req rfc7296/2.4/unprotected-not-trusted {MUST NOT} receiver {ICMP, routing information or unprotected IKE messages never prove that the peer has failed, and end nothing.}
req rfc7296/2.4/failure-only-after-attempts MUST both {The peer is held to have failed only after repeated unanswered attempts or a protected INITIAL_CONTACT.}
req rfc7296/2.4/hint-starts-liveness SHOULD receiver {A hint that the peer failed leads to a liveness check.} -reading {lower case}
req rfc7296/2.4/ignore-clear-notify-if-fresh MAY receiver {Unprotected notifies may be ignored if a fresh protected message came recently.}
req rfc7296/2.4/unprotected-actions-rate-limited MUST receiver {Actions caused by unprotected messages are rate limited.}
req rfc7296/2.4/retransmission-backoff MUST initiator {The time between retransmissions grows exponentially.}
req rfc7296/2.4/retransmission-persistence SHOULD initiator {Try about a dozen times over several minutes before giving up.} -reading {"it is suggested"; environments may differ} -gap {setups shorten the timers of devices so that cases end; the default shows nowhere}
req rfc7296/2.4/liveness-when-one-way MUST both {With only outgoing traffic on all SAs for some time, check that the peer is alive.} -reading {"it is essential"; "needs to perform a liveness check"}
req rfc7296/2.4/fresh-message-proves-liveness MAY both {A fresh protected IKE or ESP message proves that the peer is alive, so no check is needed.} -needs {esp} -reading {fact}
req rfc7296/2.4/replay-proves-nothing {MUST NOT} both {A repeated or unauthenticated message does not count as a sign of life.} -reading {"fresh, i.e., not retransmitted"}
req rfc7296/2.4/independent-failure-separate-ike MUST both {Child SAs that can fail on their own are made under separate IKE SAs.} -untestable {the failure modes of a system are not visible on the wire}
req rfc7296/2.4/several-init-responses MAY initiator {Several IKE_SA_INIT responses may be followed up until one leads to a protected answer.}
req rfc7296/2.4/after-valid-response-ignore-rest SHOULD initiator {After one valid protected response, later ones for that attempt are ignored.} -reading {lower case}
req rfc7296/2.4/child-delete-notified MUST both {Whoever deletes Child SAs tells the peer with Delete payloads.}
req rfc7296/2.4/ike-close-notified SHOULD both {Whoever closes the IKE SA sends a Delete for it, unless the peer no longer answers.}
req rfc7296/2.4/half-open-expires SHOULD both {An IKE SA that never gets past half-open is forgotten after a limited time.} -reading {advice in 2.4 and 2.6 taken together}
req rfc7296/2.4/forged-message-harmless {MUST NOT} receiver {A message that fails its integrity check neither changes state nor uses up a message id.} -reading {DoS resistance is the stated aim of 2.4; 2.2 protects ids cryptographically}

# 2.5 Versions and forward compatibility
req rfc7296/2.5/minor-version-ignored MUST receiver {A higher minor version in a message is ignored.}
req rfc7296/2.5/major-version-refused MUST receiver {A message with a higher major version is dropped.}
req rfc7296/2.5/higher-major-notified SHOULD receiver {A higher major version is answered in clear by INVALID_MAJOR_VERSION with the highest version supported.} -reading {1.5 says the notify has no data; the version then shows in the header}
req rfc7296/2.5/all-versions-between MUST both {Who supports two major versions supports those between them.} -untestable {no version beyond 2 exists}
req rfc7296/2.5/answer-in-same-version MUST responder {A message of a supported major version is answered in that version.}
req rfc7296/2.5/downgrade-reconnect MUST both {If both ends find they settled on a lower version than both support, they break off and start with the higher one.} -untestable {no version beyond 2 exists}
req rfc7296/2.5/reserved-zero MUST sender {Fields marked RESERVED are sent as zero.}
req rfc7296/2.5/reserved-ignored MUST receiver {The content of RESERVED fields is ignored.}
req rfc7296/2.5/undefined-payload-skipped MUST receiver {The Next Payload and length of a payload of undefined type are used to step over it; its content is ignored.}
req rfc7296/2.5/unknown-critical MUST receiver {Reject the message that holds an unknown payload with the critical flag, answering a request with UNSUPPORTED_CRITICAL_PAYLOAD.}
req rfc7296/2.5/critical-notify-names-type MUST receiver {The data of UNSUPPORTED_CRITICAL_PAYLOAD is the one octet of the payload type.} -reading {fact}
req rfc7296/2.5/unknown-noncritical MUST receiver {An unsupported payload without the critical flag is ignored.}
req rfc7296/2.5/no-critical-in-response {MUST NOT} responder {Payloads of a response do not have the critical flag.}
req rfc7296/2.5/critical-covers-type-only MUST receiver {The critical flag has no bearing on unknown content inside a known payload.} -reading {"the critical flag is ignored"}
req rfc7296/2.5/payload-order-sent SHOULD sender {Payloads are sent in the order of the RFC's figures.}
req rfc7296/2.5/payload-order-tolerated {MUST NOT} receiver {A message is not refused because its payloads come in another order.}

# 2.6 SPIs and cookies
req rfc7296/2.6/spi-unique MUST both {The IKE SPI one picks is a unique name for the IKE SA.}
req rfc7296/2.6/spi-by-initiator-flag MUST receiver {The Initiator flag tells which of the two SPIs is one's own when finding the SA.} -reading {"must look at the Initiator flag"}
req rfc7296/2.6/responder-spi-zero-on-refusal SHOULD responder {A response that makes no SA (COOKIE, INVALID_KE_PAYLOAD, NO_PROPOSAL_CHOSEN) has responder SPI zero.} -reading {"will be zero", yet receivers are to accept other values}
req rfc7296/2.6/nonzero-spi-on-refusal-accepted SHOULD initiator {Such a response is not refused merely for a non-zero responder SPI.} -reading {lower case}
req rfc7296/2.6/responder-spi-nonzero-on-success MUST responder {A response that makes an SA carries a non-zero responder SPI.} -reading {zero means not yet known}
req rfc7296/2.6/spi-zero-makes-no-sa SHOULD initiator {An IKE_SA_INIT response whose responder SPI is zero makes no SA.} -reading {not said in words: the initiator's side of responder-spi-nonzero-on-success, as zero means not yet known and an SA is told by both SPIs}
req rfc7296/2.6/cookie-under-load SHOULD responder {With many half-open IKE SAs, IKE_SA_INIT requests are answered with COOKIE.}
req rfc7296/2.6/cookie-length MUST responder {A cookie is 1 to 64 octets long.}
req rfc7296/2.6/cookie-first-payload MUST initiator {The repeated request has the COOKIE notify as its first payload.}
req rfc7296/2.6/cookie-returned-unchanged MUST initiator {The cookie sent back is the data received, whole and unchanged.}
req rfc7296/2.6/retry-otherwise-unchanged MUST initiator {All other payloads of the repeated request are unchanged.}
req rfc7296/2.6/cookie-retry MUST initiator {A COOKIE response leads to the request being sent again with it.}
req rfc7296/2.6/stateless-until-returned SHOULD responder {No state is held for an initiator until its cookie came back valid.} -reading {the stated purpose of cookies; no key word}
req rfc7296/2.6/cookie-binds-requester SHOULD responder {A cookie is good only for the SPI, nonce and address that it was made for.} -reading {the construction given is an example whose parts are explained}
req rfc7296/2.6/cookie-secret SHOULD responder {Change the cookie secret often.} -untestable {not visible on the wire} -reading {lower case}
req rfc7296/2.6/cookie-old-secret MAY responder {After a change of secret, cookies of the old one may be accepted for a short time or answered by a new cookie.}
req rfc7296/2.6/cookie-expires SHOULD responder {Cookies of an old secret are not accepted for ever.} -reading {lower case} -gap {when a device changes its secret is its own affair, mostly after minutes}
req rfc7296/2.6/cookie-verified MUST responder {A returned cookie is compared; a request with a wrong one is handled as if it had none.}
req rfc7296/2.6/unasked-cookie-ignored MUST responder {A cookie that nobody asked for does not disturb the exchange.} -reading {a cookie that does not match is to be ignored}
req rfc7296/2.6/cookie-retries-limited SHOULD initiator {The number of cookie rounds is limited, best with growing pauses.} -reading {lower case}
req rfc7296/2.6/cookie-alone SHOULD responder {A cookie response consists of the COOKIE notify only.} -reading {the figure shows nothing else}

# 2.6.1 COOKIE and INVALID_KE_PAYLOAD together
req rfc7296/2.6.1/cookie-kept-on-group-change SHOULD both {After COOKIE and INVALID_KE_PAYLOAD the retry keeps the cookie, and a responder accepts it there.}
req rfc7296/2.6.1/long-exchange-tolerated {MUST NOT} both {A peer without the shorter exchange does not make the negotiation fail.}

# 2.7 Negotiation
req rfc7296/2.7/single-suite-chosen MUST responder {One suite is chosen from the proposals.}
req rfc7296/2.7/same-protocol-returned MUST responder {The accepted proposal has the protocol of the offered one.}
req rfc7296/2.7/no-proposal-chosen MUST responder {One proposal is accepted, or all are refused with NO_PROPOSAL_CHOSEN.}
req rfc7296/2.7/one-transform-of-each-type MUST responder {The accepted suite has exactly one transform of each type in the proposal.}
req rfc7296/2.7/choice-from-offer MUST responder {What is chosen was offered: every transform comes from the one proposal accepted.}

# 2.8 Rekeying
req rfc7296/2.8/expired-not-used {MUST NOT} both {An SA whose lifetime is over is not used.}
req rfc7296/2.8/new-sa-may-follow MAY both {A new SA may be made in place of one that expired.}
req rfc7296/2.8/failed-rekey-closes-ike MUST both {If rekeying an SA at its end fails, close the IKE SA and its Child SAs; new ones may then be started.}
req rfc7296/2.8/equivalent-selectors {SHOULD NOT} initiator {A rekey does not change the traffic selectors or algorithms of the Child SA.}
req rfc7296/2.8/old-child-sa-deleted MUST initiator {When the new Child SA stands, whoever started the rekey deletes the old one.} -reading {fact; lower case in 2.8.1}
req rfc7296/2.8/children-inherited MUST both {The new IKE SA takes over all Child SAs of the old one and controls them from then on.} -reading {fact}
req rfc7296/2.8/old-ike-sa-deleted MUST initiator {Whoever started the rekey deletes the old IKE SA once the new one is made.} -reading {fact}
req rfc7296/2.8/delete-last-on-old-ike MUST initiator {The Delete of the old IKE SA is the last request sent on it.}
req rfc7296/2.8/rekey-before-expiry SHOULD both {A new SA is made before the old one runs out, with time enough to move traffic.} -reading {lower case}
req rfc7296/2.8/own-lifetime-policy MUST both {Each end enforces its own lifetimes; they are not negotiated.} -reading {fact}
req rfc7296/2.8/idle-sa-may-close MAY both {An idle SA may be closed instead of rekeyed.}
req rfc7296/2.8/duplicate-selectors-kept {SHOULD NOT} both {An SA is not deleted merely because another has the same traffic selectors.}
req rfc7296/2.8/responder-receives-early MUST responder {Be ready to receive on the new SA before sending the response that makes it.}
req rfc7296/2.8/initiator-sends-at-once MAY initiator {Traffic may go on the new SA as soon as the response is processed.} -needs {esp}
req rfc7296/2.8/responder-may-defer MAY responder {Sending on the new SA may start with the response or wait for proof that the initiator is ready.} -needs {esp}
req rfc7296/2.8/responder-switches-on-proof MUST responder {On a rekey, traffic moves to the new SA at the latest when a valid packet came on it and the old one is being closed.} -needs {esp} -reading {fact; the text names the two events as alternatives without a key word, and a responder that moves at once conforms as well}
req rfc7296/2.8/early-traffic-retransmits-request SHOULD initiator {Traffic on an SA whose response is still missing is taken as a lost response: the request is sent again.} -needs {esp} -reading {"interprets that as a likely packet loss and retransmits"} -gap {a repetition because of the packet and one by the timer look alike}
req rfc7296/2.8/dummy-packet-signals-ready MAY initiator {A dummy ESP packet may be sent on a new SA to show readiness.} -needs {esp}
req rfc7296/2.8/old-sa-receives-until-delete MUST both {Packets on the old SA are accepted until it is deleted.} -needs {esp} -reading {2.8.1: accept through either SA}
req rfc7296/2.8/refused-rekey-keeps-old MUST initiator {A rekey that the peer refused leaves the old SA in use until its end.} -reading {fact: only the exchange fails}

# 2.8.1 Simultaneous Child SA rekeying
req rfc7296/2.8.1/rekey-jitter SHOULD both {The time of a rekey is jittered.} -gap {drivers switch jitter off so that cases know when to look}
req rfc7296/2.8.1/both-sas-accept-packets MUST both {While two SAs can carry a packet, it is accepted on either.} -needs {esp}
req rfc7296/2.8.1/lowest-nonce-loses SHOULD both {Of two SAs from crossed rekeys, the one whose exchange held the lowest of the four nonces goes.}
req rfc7296/2.8.1/loser-closes SHOULD both {The redundant SA is closed by the endpoint that created it.}
req rfc7296/2.8.1/nonces-compared-by-octet MUST both {Nonces are compared octet by octet; one that ends first is the lower.} -reading {fact}
req rfc7296/2.8.1/survivor-deletes-replaced SHOULD both {The side that started the surviving rekey deletes the replaced SA.} -reading {lower case}
req rfc7296/2.8.1/late-rekey-not-found SHOULD both {A crossed rekey request that arrives after its SA was replaced and deleted is answered with CHILD_SA_NOT_FOUND.} -reading {example of 2.8.1; 2.25.1 states the rule}

# 2.8.2 Simultaneous IKE SA rekeying
req rfc7296/2.8.2/lowest-nonce-ike-sa-deleted SHOULD both {Of two new IKE SAs from crossed rekeys, the one whose exchange held the lowest nonce goes.}
req rfc7296/2.8.2/creator-deletes-lowest-nonce SHOULD both {The redundant new IKE SA is deleted by the node that created it.}
req rfc7296/2.8.2/ike-survivor-inherits MUST both {The surviving new IKE SA takes over all Child SAs.}
req rfc7296/2.8.2/unnoticed-ike-rekey-temporary SHOULD receiver {A rekey request for an IKE SA that one has already rekeyed gets TEMPORARY_FAILURE.}
req rfc7296/2.8.2/own-ike-rekey-forgotten MAY both {On a Delete of the old IKE SA, one's own unanswered rekey attempt may be forgotten.} -reading {"can forget"}

# 2.8.3 Reauthentication
req rfc7296/2.8.3/reauth-by-new-ike-sa MUST both {Reauthentication makes a new IKE SA from IKE_SA_INIT on with new Child SAs, then deletes the old IKE SA.} -reading {fact; rekeying alone proves no identity anew}

# 2.9 Traffic selector negotiation
req rfc7296/2.9/unknown-ts-type-left-out MUST responder {A selector of unknown type is passed over and not returned.} -reading {fact}
req rfc7296/2.9/first-selector-specific SHOULD initiator {A request caused by a packet puts a selector for just that packet first in TSi and TSr.} -gap {the first selectors come from a packet that started the SA; devices are started by command}
req rfc7296/2.9/responder-narrows MUST responder {An offer that policy accepts in part is narrowed to a subset it accepts.} -reading {"is allowed to narrow", yet the alternative SINGLE_PAIR_REQUIRED is a SHOULD NOT; an answer wider than policy is the failure}
req rfc7296/2.9/response-is-subset MUST responder {The selectors returned are a subset of those offered.} -reading {fact: "narrow"}
req rfc7296/2.9/accept-all MUST responder {If policy accepts the whole offer, the same TSi and TSr are returned.} -reading {fact}
req rfc7296/2.9/narrow-to-first-choice MUST responder {If policy allows the first selectors, the subset returned includes them.}
req rfc7296/2.9/narrow-without-first SHOULD responder {If policy refuses the first selectors but allows others, a subset of the others is returned.} -reading {stated without key word}
req rfc7296/2.9/ts-unacceptable MUST responder {If no part of the offer is acceptable, the answer is TS_UNACCEPTABLE.} -reading {fact}
req rfc7296/2.9/additional-ts-possible MAY responder {ADDITIONAL_TS_POSSIBLE may tell that other parts of the offer would need an SA of their own.}
req rfc7296/2.9/single-pair-retry SHOULD initiator {After SINGLE_PAIR_REQUIRED ask again for just the pair of addresses at hand.} -reading {"is expected to"} -gap {the pair is that of a packet that started the SA; devices are started by command}
req rfc7296/2.9/narrow-over-single-pair SHOULD responder {Narrowing is preferred to SINGLE_PAIR_REQUIRED.}
req rfc7296/2.9/wider-answer-refused MUST initiator {Selectors in the response that go beyond the offer are refused.} -reading {3.3.6 by analogy, and local policy: nothing outside the offer was authorised}
req rfc7296/2.9/narrowed-installed MUST initiator {The SA carries only the traffic of the selectors returned.} -needs {esp} -reading {fact}
req rfc7296/2.9/ts-address-family MUST responder {Selectors of TSi and TSr that cannot describe one packet, such as IPv4 with IPv6, are not accepted.} -reading {follows from RFC 4301: no packet can match}

# 2.9.1 Selectors against one's own policy
req rfc7296/2.9.1/own-policy-not-violated MUST initiator {Offers follow the local policy; a response that would break it is not installed.} -reading {lower case "should have followed"; RFC 4301 makes the policy binding}

# 2.9.2 Selectors in rekeying (new in RFC 7296)
req rfc7296/2.9.2/rekey-not-narrower {MUST NOT} both {The new Child SA does not have narrower selectors than the one it replaces.}
req rfc7296/2.9.2/rekey-offers-same-or-wider SHOULD initiator {A rekey offers the selectors of the old Child SA or a superset.}
req rfc7296/2.9.2/rekey-responder-keeps-scope {MUST NOT} responder {In a rekey the responder does not narrow below the scope in use.}
req rfc7296/2.9.2/rekey-no-packet-selector {SHOULD NOT} initiator {A rekey carries no selectors taken from a packet.} -gap {selectors of packets come where a packet started the SA; devices are started by command}

# 2.10 Nonces
req rfc7296/2.10/nonce-random MUST sender {Nonces are chosen at random.}
req rfc7296/2.10/nonce-128-bits MUST sender {Nonces have at least 128 bits.}
req rfc7296/2.10/nonce-half-prf-key MUST sender {Nonces have at least half the key size of the PRF negotiated, for an initiator of every PRF offered.}

# 2.11 Address and port agility
req rfc7296/2.11/any-source-port MUST receiver {Requests from any source port are accepted.}
req rfc7296/2.11/reply-to-source MUST responder {The response goes to the address and port that the request came from.}
req rfc7296/2.11/answer-from-receiver MUST responder {The response comes from the address and port that the request was sent to.}
req rfc7296/2.11/both-families MUST both {IKE works alike over IPv4 and IPv6.} -needs {ipv6} -reading {fact}

# 2.12 Reuse of exponentials
req rfc7296/2.12/forget-keys MUST both {When a connection closes, its keys and all that could rebuild them are forgotten.} -untestable {memory of the device is out of reach}
req rfc7296/2.12/exponential-reuse MAY both {Key exchange values may be used again over several exchanges; the tests of RFC 6989 then apply.} -reading {"private decision"}

# 2.13 and 2.14 Keys
req rfc7296/2.13/key-length-fixed MUST both {A cipher with variable key length gets one fixed key size in the negotiation.}
req rfc7296/2.13/prf-preferred-key-size MUST both {SK_d, SK_pi and SK_pr have the preferred key size of the PRF.}
req rfc7296/2.13/prf-plus MUST both {Keying material is the prf+ stream: each block is the PRF over the last block, the seed and a counter octet from 1.} -reading {fact}
req rfc7296/2.14/skeyseed MUST both {SKEYSEED is the PRF of the shared secret under both nonces, initiator's first.} -reading {fact}
req rfc7296/2.14/fixed-key-prf-nonces MUST both {For a PRF with fixed key length SKEYSEED uses the first 64 bits of each nonce, unless the PRF says otherwise.} -reading {fact; it concerns AES-XCBC and AES-CMAC}
req rfc7296/2.14/sk-order MUST both {SK_d, SK_ai, SK_ar, SK_ei, SK_er, SK_pi, SK_pr are taken in this order from prf+ over nonces and SPIs.} -reading {fact}
req rfc7296/2.14/secret-padded MUST both {The shared secret enters as a big endian string, padded with zeros to the length of the modulus.} -reading {fact}
req rfc7296/2.14/keys-per-direction MUST both {Each direction has its own keys; a message protected with the other direction's keys is not accepted.} -reading {fact}

# 2.15 Authentication
req rfc7296/2.15/auth-verified MUST both {Verify the peer's AUTH before anything is granted to it.} -reading {1.2 and 2.15 together: the exchange fails unless AUTH is right}
req rfc7296/2.15/auth-octets MUST both {AUTH covers one's own first IKE_SA_INIT message whole, the peer's nonce and the PRF of one's ID payload body.} -reading {fact}
req rfc7296/2.15/auth-last-init MUST both {The IKE_SA_INIT message covered is the last one, that is with cookie and corrected KE.} -reading {fact: the messages of the exchange that made the SA}
req rfc7296/2.15/auth-id-reserved MUST both {The ID octets covered include the RESERVED field as sent.} -reading {fact: RestOfIDPayload is all but the generic header}
req rfc7296/2.15/psk-formula MUST both {AUTH by shared secret is the PRF keyed with the PRF of the secret over the IKEv2 key pad.} -needs {psk} -reading {fact}
req rfc7296/2.15/mixed-methods MAY both {The two ends may use different authentication methods.} -reading {"no requirement" that they be the same}
req rfc7296/2.15/cert-chain-optional MAY both {Certificates may be sent along in IKE_AUTH.} -needs {certificates}
req rfc7296/2.15/psk-64-ascii MUST both {The management interface takes ASCII secrets of at least 64 octets.} -needs {psk}
req rfc7296/2.15/psk-no-terminator {MUST NOT} both {No null octet is added to a shared secret.} -needs {psk}
req rfc7296/2.15/psk-hex MUST both {The management interface takes a secret in hex.} -needs {psk}
req rfc7296/2.15/psk-other-encodings MAY both {Other encodings of a secret may be taken if their translation is specified.} -needs {psk} -untestable {a matter of the management interface}

# 2.16 EAP
req rfc7296/2.16/eap-with-signature MUST responder {EAP goes together with a public key signature of the responder.} -needs {eap} -reading {RFC 5998 relaxes this for mutual methods when negotiated} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/2.16/eap-asked-by-missing-auth MUST initiator {An initiator asks for EAP by leaving AUTH out of its first IKE_AUTH request.} -needs {eap} -reading {fact} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/2.16/eap-completed-first MUST both {The IKE SA stands only after the EAP rounds of IKE_AUTH are complete.} -needs {eap} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/2.16/eap-msk-in-auth MUST both {A method that yields a key uses its MSK for both final AUTH payloads.} -needs {eap} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/2.16/eap-msk-only-here {MUST NOT} both {The MSK of this exchange serves no other purpose.} -needs {eap} -untestable {inside the device}
req rfc7296/2.16/eap-keyless-avoided {SHOULD NOT} both {EAP methods that yield no key are not used.} -needs {eap} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/2.16/eap-keyless-sk-p MUST both {Without an EAP key the final AUTH payloads are made with SK_pi and SK_pr.} -needs {eap} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/2.16/eap-success-sent MUST responder {When the method is done the responder sends EAP Success.} -needs {eap} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/2.16/eap-failure-sent MUST responder {When the method fails the responder sends EAP Failure.} -needs {eap} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/2.16/eap-failure-any-time MAY responder {The responder may end the exchange with EAP Failure at any time.} -needs {eap}
req rfc7296/2.16/eap-auth-after-success MUST both {AUTH follows in the two messages after EAP Success.} -needs {eap} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/2.16/eap-ten-rounds SHOULD initiator {At least ten IKE_AUTH rounds are possible.} -needs {eap} -reading {"needs to be capable"} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}

# 2.17 Keys of Child SAs
req rfc7296/2.17/keymat MUST both {KEYMAT is prf+ of SK_d over the new shared secret, if any, and the nonces of the exchange.} -reading {fact}
req rfc7296/2.17/keymat-direction-order MUST both {Keys for traffic from the exchange's initiator come before those of the other direction.}
req rfc7296/2.17/keymat-cipher-first MUST both {Within a direction the encryption key comes before the integrity key.}
req rfc7296/2.17/first-child-uses-init-nonces MUST both {The Child SA of IKE_AUTH uses the nonces of IKE_SA_INIT.} -reading {fact}

# 2.18 Rekeying IKE SAs: keys
req rfc7296/2.18/ike-rekey-new-dh MUST both {A new key exchange is run when the IKE SA is rekeyed.}
req rfc7296/2.18/ike-rekey-none-not-proposed {MUST NOT} initiator {NONE is not offered as key exchange in an IKE rekey.}
req rfc7296/2.18/ike-rekey-none-not-accepted {MUST NOT} responder {NONE is not accepted as key exchange in an IKE rekey.}
req rfc7296/2.18/ike-rekey-counters-zero MUST both {The new IKE SA counts its messages from 0.}
req rfc7296/2.18/ike-rekey-skeyseed MUST both {SKEYSEED of the new IKE SA is the old PRF under the old SK_d over the new secret and nonces.} -reading {fact}
req rfc7296/2.18/ike-rekey-new-prf MUST both {The keys after SKEYSEED are made with the PRF of the new IKE SA.} -reading {fact}
req rfc7296/2.18/ike-rekey-initiator-role MUST both {Whoever starts the rekey is the original initiator of the new IKE SA.} -reading {fact; see the Initiator flag in 3.1}
req rfc7296/2.18/old-ike-keys-not-used {MUST NOT} both {Messages of the new IKE SA are not protected with keys of the old one.} -reading {fact}

# 2.19 and 2.20 Configuration, version
req rfc7296/2.19/address-asked-in-auth MUST initiator {A remote client asks for its inner address in IKE_AUTH.} -needs {config}
req rfc7296/2.19/cp-before-sa MUST sender {The CP payload stands before SA.} -needs {config} -reading {on receipt 2.5 still demands that any order is taken}
req rfc7296/2.19/cp-with-sa MUST sender {With several IKE_AUTH exchanges CP is in the messages that hold SA.} -needs {config}
req rfc7296/2.19/cfg-request-has-address MUST initiator {CFG_REQUEST for remote access holds at least one INTERNAL address attribute.} -needs {config}
req rfc7296/2.19/cfg-extra-attributes MAY responder {Attributes that were not asked for may be sent, unsupported optional ones left out.} -needs {config}
req rfc7296/2.19/no-unasked-reply {MUST NOT} responder {No CFG_REPLY without a CFG_REQUEST.} -needs {config}
req rfc7296/2.19/failed-cp-required MUST responder {If policy needs CP and none came, the Child SA fails with FAILED_CP_REQUIRED.} -needs {config} -reading {lenient about a CFG_REQUEST that asks for no address: the text has the error for a client that failed to send CFG_REQUEST at all, and that one did send it. It breaks cfg-request-has-address, for which no error is named: the error of a pool, of selectors, an address unasked (2.19 allows more attributes than were asked for), or a Child SA by policy all conform, as long as the IKE SA lives}
req rfc7296/2.19/failed-cp-keeps-ike MUST both {FAILED_CP_REQUIRED does not end the IKE SA.} -needs {config} -reading {fact}
req rfc7296/2.20/version-query MAY both {A peer's version may be asked with APPLICATION_VERSION in INFORMATIONAL.} -needs {config}
req rfc7296/2.20/version-declined MUST responder {Who declines to tell its version returns an empty string, or no CP if CP is not supported.} -needs {config}

# 2.21 Error handling
req rfc7296/2.21/no-error-for-response {SHOULD NOT} receiver {An error in a response is not answered by an error message.} -reading {"general rule"; 2.21.2 has the one exception}
req rfc7296/2.21/bad-response-cleaned-up SHOULD receiver {After an error in a response the state is cleaned up, for instance with a Delete.} -reading {lower case}
req rfc7296/2.21/only-fatal-errors-delete {MUST NOT} both {No notify other than AUTHENTICATION_FAILED, INVALID_SYNTAX and the like ends the IKE SA without a Delete.} -reading {stated as "only"; 2.21.2 adds UNSUPPORTED_CRITICAL_PAYLOAD in IKE_AUTH}
req rfc7296/2.21/policy-delete MAY both {After other errors the IKE SA may be deleted by an explicit Delete if policy wants so.}

# 2.21.1 Errors in IKE_SA_INIT
req rfc7296/2.21.1/init-error-fails-exchange MUST initiator {An error notify in IKE_SA_INIT makes that exchange fail.} -reading {fact; COOKIE, INVALID_KE_PAYLOAD and INVALID_MAJOR_VERSION lead to another try}
req rfc7296/2.21.1/init-error-keep-trying SHOULD initiator {As the error is not authenticated, go on trying for a while.} -reading {lower case}
req rfc7296/2.21.1/init-error-not-acted-on SHOULD initiator {An error in IKE_SA_INIT causes nothing at once unless a remedy is defined for it.} -reading {lower case} -gap {a repetition at once because of the error and one by the timer look alike; init-error-keep-trying judges what matters}

# 2.21.2 Errors in IKE_AUTH
req rfc7296/2.21.2/authentication-failed SHOULD both {Whatever made the authentication fail is reported with AUTHENTICATION_FAILED.} -reading {that no SA results is the MUST of 2.15/auth-verified}
req rfc7296/2.21.2/auth-failure-protected MUST responder {The responder's error is in the protected response.} -reading {fact}
req rfc7296/2.21.2/auth-failure-alone SHOULD responder {The failure notify is the only payload of the response.} -reading {"usually"}
req rfc7296/2.21.2/initiator-reports-failure MAY initiator {An initiator that refuses the responder may say so in a separate INFORMATIONAL exchange.}
req rfc7296/2.21.2/auth-malformed-rejected-whole MUST responder {An IKE_AUTH request that is malformed or holds an unknown critical payload is refused whole.}
req rfc7296/2.21.2/auth-malformed-one-notify MUST responder {That refusal is nothing but INVALID_SYNTAX or UNSUPPORTED_CRITICAL_PAYLOAD in the response.}
req rfc7296/2.21.2/auth-malformed-not-verified SHOULD responder {A request refused whole is not authenticated first.} -reading {lower case} -untestable {what a device looks at first does not show: either order ends in the same refusal}
req rfc7296/2.21.2/child-error-not-auth-failure {MUST NOT} initiator {Error notifies for the Child SA or CP beside a good AUTH do not fail the authentication.}
req rfc7296/2.21.2/child-error-later-delete MAY initiator {Such an IKE SA may later be deleted by policy.}
req rfc7296/2.21.2/fatal-in-auth MUST both {UNSUPPORTED_CRITICAL_PAYLOAD, INVALID_SYNTAX or AUTHENTICATION_FAILED in IKE_AUTH or the INFORMATIONAL right after it ends the IKE SA without a Delete.} -reading {fact}
req rfc7296/2.21.2/nonfatal-in-auth {MUST NOT} both {Other error notifies in IKE_AUTH do not by themselves end the IKE SA.} -reading {"the only ones"}
req rfc7296/2.21.2/new-fatal-needs-vendor-id {MUST NOT} sender {Newly defined fatal errors are used only with peers known to understand them.} -untestable {concerns extension documents}
req rfc7296/2.21.2/one-authentication MUST responder {Once IKE_AUTH succeeded, a further IKE_AUTH does not authenticate again.} -reading {fact: IKE_AUTH belongs to the initial exchanges}
req rfc7296/2.21.2/undecryptable-auth-ignored MUST responder {An IKE_AUTH request that fails the integrity check is dropped without ending the half-open SA.} -reading {follows from 2.4 and 3.10.1: errors only for messages that verified}

# 2.21.3 Errors after authentication
req rfc7296/2.21.3/errors-answered MUST receiver {After authentication every request with an error gets a response that says so.}
req rfc7296/2.21.3/invalid-syntax-answered MUST receiver {A malformed request that verified is answered with INVALID_SYNTAX.} -reading {fact: errors-answered and 3.10.1 taken together}
req rfc7296/2.21.3/no-spontaneous-errors {SHOULD NOT} both {Errors are not sent as INFORMATIONAL exchanges of their own.}
req rfc7296/2.21.3/invalid-syntax-fatal MUST both {INVALID_SYNTAX in an established IKE SA ends that SA on both sides.} -reading {fact: "considered fatal in both peers"}
req rfc7296/2.21.3/out-of-sync-delete MAY both {When the ends clearly disagree on state the IKE SA may be deleted to start over.} -reading {"might be good"}
req rfc7296/2.21.3/child-error-keeps-ike MUST both {Errors about one Child SA leave the IKE SA and its other Child SAs alone.} -reading {fact}

# 2.21.4 Errors outside an IKE SA
req rfc7296/2.21.4/stray-response-unanswered {MUST NOT} receiver {A stray message marked as response is never answered.}
req rfc7296/2.21.4/clear-errors-rate-limited MUST receiver {Messages sent in reply to unprotected messages are rate limited.} -reading {"needs to limit"; 2.4 has the MUST}
req rfc7296/2.21.4/stray-request-answered MAY receiver {A stray request may be answered.}
req rfc7296/2.21.4/stray-answer-copies MUST receiver {Such an answer goes back where the message came from, with its SPIs and message id.}
req rfc7296/2.21.4/stray-answer-in-clear {MUST NOT} receiver {Such an answer is not cryptographically protected.}
req rfc7296/2.21.4/stray-answer-invalid-spi MUST receiver {Such an answer holds INVALID_IKE_SPI.}
req rfc7296/2.21.4/clear-notify-unanswered {MUST NOT} receiver {An unprotected notify is not answered.}
req rfc7296/2.21.4/clear-notify-no-state-change {MUST NOT} receiver {An unprotected notify does not change the state of any SA.}
req rfc7296/2.21.4/clear-notify-liveness SHOULD receiver {Such a notify, as ICMP unreachable, is a hint that starts a liveness check.} -reading {lower case}
req rfc7296/2.21.4/liveness-rate-limited SHOULD receiver {Liveness checks caused that way are limited in number.}
req rfc7296/2.21.4/stray-esp-reported SHOULD receiver {ESP for an SA that does not exist is reported by INFORMATIONAL.} -needs {esp} -reading {1.5 says MAY; taken as SHOULD only where an IKE SA with that peer exists} -gap {RFC 7296 1.5 makes the report a MAY, so a device without it departs from nothing that could be told to its owner}
req rfc7296/2.21.4/suspicious-reported SHOULD receiver {A suspicious message from a peer with an IKE SA is reported over that SA.} -gap {what a device finds suspicious is its own affair}
req rfc7296/2.21.4/report-no-state-change {MUST NOT} receiver {Such a report changes no SA.} -gap {the reports are a MAY, and what a device keeps in its books after one shows in no message but those that alive-sa and traffic judge everywhere}

# 2.22 IPComp
req rfc7296/2.22/ipcomp-offered MAY initiator {Support of compression may be offered with IPCOMP_SUPPORTED.} -needs {ipcomp}
req rfc7296/2.22/ipcomp-accepted MAY responder {One compression algorithm may be accepted with IPCOMP_SUPPORTED.} -needs {ipcomp}
req rfc7296/2.22/ipcomp-only-with-sa {MUST NOT} sender {IPCOMP_SUPPORTED is not sent in a message without SA.}
req rfc7296/2.22/ipcomp-unproposed-not-accepted {MUST NOT} responder {A compression algorithm that was not offered is not accepted.}
req rfc7296/2.22/ipcomp-one-only {MUST NOT} responder {No more than one compression algorithm is accepted.}
req rfc7296/2.22/ipcomp-no-other {MUST NOT} sender {Packets are compressed with no algorithm but the one agreed.} -needs {ipcomp esp} -gap {neither the engine nor any device of the lab compresses packets; what is negotiated is judged by child/compression-one}

# 2.23 NAT traversal
req rfc7296/2.23/send-on-500-or-4500 MUST sender {IKE is sent to and from UDP port 500 or 4500.}
req rfc7296/2.23/accept-any-port MUST receiver {IKE is accepted from any port and answered to it.}
req rfc7296/2.23/float-to-4500 MUST both {Once a NAT is found all further traffic leaves from port 4500.} -needs {nat-traversal}
req rfc7296/2.23/ports-kept-by-rekey MUST both {A rekeyed IKE SA goes on from the ports that the old one used.} -needs {nat-traversal} -reading {float-to-4500 speaks of all further traffic; an IKE SA that takes the place of another is no new start}
req rfc7296/2.23/start-on-4500 MAY initiator {An initiator may use port 4500 from the start.} -needs {nat-traversal} -reading {fact}
req rfc7296/2.23/no-udp-esp-on-500 {MUST NOT} sender {ESP is never put in UDP on port 500.}
req rfc7296/2.23/both-esp-forms-received MUST receiver {With NAT detection payloads exchanged, ESP with and without UDP is received at any time.} -needs {nat-traversal esp}
req rfc7296/2.23/udp-esp-optional MAY sender {Without a NAT each side decides for itself whether to put ESP in UDP.} -needs {nat-traversal esp}
req rfc7296/2.23/udp-esp-behind-nat MUST sender {With a NAT found ESP travels in UDP.} -needs {nat-traversal esp}
req rfc7296/2.23/nat-detection-sent MUST both {Both NAT_DETECTION notifies are in the IKE_SA_INIT messages.} -needs {nat-traversal}
req rfc7296/2.23/nat-detection-hash MUST sender {Their data is SHA-1 over both SPIs as in the header, the IP address and the port.} -needs {nat-traversal} -reading {fact; a fake source hash to force UDP is a known practice}
req rfc7296/2.23/several-source-hashes MAY sender {Several NAT_DETECTION_SOURCE_IP may be sent.} -needs {nat-traversal}
req rfc7296/2.23/nat-enabled-on-mismatch SHOULD receiver {When the hashes do not match NAT traversal is used.} -needs {nat-traversal}
req rfc7296/2.23/any-source-match MUST receiver {One matching NAT_DETECTION_SOURCE_IP is enough to say that the peer is not behind a NAT.} -needs {nat-traversal} -reading {fact: mismatch means none of them matches}
req rfc7296/2.23/odd-hash-no-match SHOULD receiver {A detection hash of any other length than 20 octets counts as no match and does no harm.} -needs {nat-traversal} -reading {not said in words; INVALID_SYNTAX conforms as well, and 2.21.1 lets a receiver drop a malformed IKE_SA_INIT in silence, so no more than a SHOULD}
req rfc7296/2.23/mismatch-rejected MAY receiver {Without NAT traversal a mismatch may end the attempt.}
req rfc7296/2.23/keepalive-behind-nat SHOULD receiver {Who finds itself behind a NAT sends keepalives.} -needs {nat-traversal}
req rfc7296/2.23/initiator-checks-hashes MUST initiator {The initiator checks the hashes and on mismatch takes IKE and ESP to UDP 4500.} -needs {nat-traversal}
req rfc7296/2.23/no-detection-no-nat MUST both {Without NAT_DETECTION payloads from the peer NAT traversal is not used.} -reading {fact; starting on 4500 stays allowed}
req rfc7296/2.23/udp-esp-without-nat MUST receiver {ESP in UDP is processed even when no NAT was found.} -needs {nat-traversal esp}
req rfc7296/2.23/transport-nat-one-address MUST both {In transport mode through a NAT the selectors hold exactly one address each.} -needs {nat-traversal transport-mode}
req rfc7296/2.23/follow-validated-address SHOULD receiver {A host not behind a NAT sends to the new address and port of a packet that validated.} -needs {nat-traversal}
req rfc7296/2.23/behind-nat-no-follow {SHOULD NOT} receiver {A host behind a NAT does not follow such a change.} -needs {nat-traversal}
req rfc7296/2.23/follow-new-packets-only MUST receiver {Only a new packet moves the address, never a repeated or forged one.} -needs {nat-traversal} -reading {"should only be done in response to a new packet"; the reason given is an attack}

# 2.23.1 Transport mode through a NAT
req rfc7296/2.23.1/transport-ts-one-address MUST initiator {TSi and TSr hold exactly one address, that of the IKE SA as the initiator sees it.} -needs {nat-traversal transport-mode}
req rfc7296/2.23.1/transport-ts-specific SHOULD initiator {The first selectors name protocol and ports.} -needs {nat-traversal transport-mode} -gap {the first selectors come from a packet that started the SA; devices are started by command}
req rfc7296/2.23.1/transport-ts-substituted MUST responder {The responder puts the addresses it sees in place of those in TSi and TSr before it looks up its policy.} -needs {nat-traversal transport-mode} -reading {lower case, yet without it no policy matches}
req rfc7296/2.23.1/transport-ts-undone MAY responder {If the policy then found wants tunnel mode, the substitution may be undone.} -needs {nat-traversal transport-mode}

# 2.24 ECN
req rfc7296/2.24/ecn-full MUST both {Tunnels support the ECN full-functionality option.} -needs {esp} -gap {outer IP headers are the kernel's on both ends; the tester's transports neither set nor show ECN}
req rfc7296/2.24/ecn-processing MUST both {Encapsulation and decapsulation follow RFC 4301 so that congestion marks survive.} -needs {esp} -gap {outer IP headers are the kernel's on both ends; the tester's transports neither set nor show ECN}

# 2.25 Exchange collisions
req rfc7296/2.25/temporary-failure SHOULD receiver {A request that cannot be met for a passing reason gets TEMPORARY_FAILURE.}
req rfc7296/2.25/temporary-failure-not-immediate {MUST NOT} sender {After TEMPORARY_FAILURE the operation is not tried again at once.}
req rfc7296/2.25/temporary-waits MUST sender {After TEMPORARY_FAILURE wait so that the peer can finish.} -reading {no time is given; who asks again within 0.8 s is taken not to have waited}
req rfc7296/2.25/temporary-retry MAY sender {The request may be tried again over several minutes.}
req rfc7296/2.25/temporary-gives-up SHOULD sender {If TEMPORARY_FAILURE goes on for minutes, close the IKE SA.} -gap {takes minutes of refusals in which nothing else is learned}
req rfc7296/2.25/child-not-found SHOULD receiver {A rekey of an unknown Child SA gets CHILD_SA_NOT_FOUND.}
req rfc7296/2.25/child-not-found-spi MUST receiver {CHILD_SA_NOT_FOUND carries the SPI of the REKEY_SA notify.} -reading {fact}
req rfc7296/2.25/not-found-drops-and-remakes SHOULD initiator {On CHILD_SA_NOT_FOUND drop that Child SA without a word and ask for a fresh one.}

# 2.25.1 Collisions with Child SAs
req rfc7296/2.25.1/rekey-of-closing-child SHOULD receiver {A rekey of a Child SA that one is closing gets TEMPORARY_FAILURE.}
req rfc7296/2.25.1/rekey-while-rekeying SHOULD receiver {A rekey of a Child SA that one is rekeying is answered as usual.}
req rfc7296/2.25.1/redundant-child-later SHOULD both {After crossed rekeys one is ready to close the redundant SA by the nonces.}
req rfc7296/2.25.1/child-sa-not-found SHOULD receiver {A rekey of a Child SA that does not exist gets CHILD_SA_NOT_FOUND.}
req rfc7296/2.25.1/close-of-closing-child SHOULD receiver {A close of a Child SA that one is closing is answered without Delete.}
req rfc7296/2.25.1/close-while-rekeying SHOULD receiver {A close of a Child SA that one is rekeying is answered as usual, with Delete.}
req rfc7296/2.25.1/close-unknown-child SHOULD receiver {A close of a Child SA that does not exist is answered without Delete.}
req rfc7296/2.25.1/ike-rekey-during-child-exchange SHOULD receiver {A rekey of the IKE SA while one creates, rekeys or closes a Child SA gets TEMPORARY_FAILURE.}

# 2.25.2 Collisions with IKE SAs
req rfc7296/2.25.2/ike-rekey-while-rekeying SHOULD receiver {A rekey of an IKE SA that one is rekeying is answered as usual.}
req rfc7296/2.25.2/redundant-ike-later SHOULD both {After crossed IKE rekeys one is ready to close the redundant SA and move the Child SAs by the nonces.}
req rfc7296/2.25.2/rekey-of-closing-ike-sa SHOULD receiver {A rekey of an IKE SA that one is closing gets TEMPORARY_FAILURE.}
req rfc7296/2.25.2/ike-close-while-rekeying SHOULD receiver {A close of an IKE SA that one is rekeying is answered as usual and one's own rekey forgotten.}
req rfc7296/2.25.2/ike-close-while-closing SHOULD receiver {A close of an IKE SA that one is closing is answered as usual and one's own close forgotten.}
req rfc7296/2.25.2/child-during-ike-rekey SHOULD receiver {A request to create or rekey a Child SA while one rekeys the IKE SA gets TEMPORARY_FAILURE.}
req rfc7296/2.25.2/child-delete-while-ike-rekey SHOULD receiver {A Child delete while one rekeys the IKE SA is answered as usual, with Delete.}

# 3.1 The IKE header
req rfc7296/3.1/one-message-per-datagram MUST sender {One UDP datagram holds one IKE message.} -reading {fact}
req rfc7296/3.1/no-marker-on-500 MUST sender {On port 500 the IKE header follows UDP directly, on 4500 after four zero octets.} -reading {fact}
req rfc7296/3.1/encrypted-payload-last MUST sender {The Encrypted payload is the last one of a message.}
req rfc7296/3.1/no-nested-encrypted {MUST NOT} sender {An Encrypted payload does not contain another.}
req rfc7296/3.1/initiator-spi-nonzero {MUST NOT} sender {The initiator's SPI is not zero.} -reading {the one exception is the clear INVALID_SPI notify of 1.5}
req rfc7296/3.1/initiator-spi-not-zero MUST receiver {A request to start an SA with initiator SPI zero makes no SA.} -reading {the receiver side of initiator-spi-nonzero}
req rfc7296/3.1/responder-spi-zero-first MUST initiator {The responder's SPI is zero in the first request, repeats with a cookie included.}
req rfc7296/3.1/major-version-two MUST sender {The major version sent is 2.}
req rfc7296/3.1/greater-version-refused MUST receiver {Messages of a version above 2 are rejected with INVALID_MAJOR_VERSION or ignored.}
req rfc7296/3.1/minor-version-zero MUST sender {The minor version sent is 0.}
req rfc7296/3.1/minor-digit-ignored MUST receiver {The minor version received is ignored.}
req rfc7296/3.1/exchange-type-valid MUST sender {The exchange type is one of those defined or negotiated.} -reading {fact}
req rfc7296/3.1/unknown-exchange-no-sa MUST receiver {A message of unknown exchange type makes no SA.} -reading {fact: only IKE_SA_INIT starts one}
req rfc7296/3.1/flag-bits-zero MUST sender {The flag bits marked X are cleared.}
req rfc7296/3.1/flag-bits-ignored MUST receiver {The flag bits marked X are ignored.}
req rfc7296/3.1/response-flag-request MUST sender {The Response flag is clear in requests.}
req rfc7296/3.1/response-flag-response MUST sender {The Response flag is set in responses.}
req rfc7296/3.1/response-not-answered {MUST NOT} receiver {A message marked as response is not answered.} -reading {2.21.2 lets an initiator report an IKE_AUTH failure in a new request}
req rfc7296/3.1/version-flag-clear MUST sender {The Version flag is sent as zero.}
req rfc7296/3.1/version-flag-ignored MUST receiver {The Version flag received is ignored.}
req rfc7296/3.1/initiator-flag-set MUST sender {The Initiator flag is set by the original initiator of the IKE SA in all messages, requests and responses.}
req rfc7296/3.1/initiator-flag-clear MUST sender {The Initiator flag is clear in all messages of the original responder.}
req rfc7296/3.1/initiator-flag-after-rekey MUST sender {After a rekey the Initiator flag belongs to who started that rekey.} -reading {fact}
req rfc7296/3.1/initiator-flag-checked MUST receiver {A message whose Initiator flag does not fit its sender is not processed as part of the SA.} -reading {the flag says which SPI is the receiver's, so no SA is found}
req rfc7296/3.1/length-covers-message MUST sender {The length field is that of header and payloads in octets.} -reading {fact}
req rfc7296/3.1/length-mismatch-not-parsed MUST receiver {A message longer or shorter than its length field is not read beyond either of the two.} -reading {fact; trailing octets may be ignored or the message dropped}
req rfc7296/3.1/short-message-dropped MUST receiver {A datagram too short for an IKE header is dropped without harm.} -reading {fact}
req rfc7296/3.1/wrong-spi-dropped MUST receiver {A response whose SPIs are not those of the request is dropped.} -reading {fact: SPIs name the SA}

# 3.2 The generic payload header
req rfc7296/3.2/next-payload-chain MUST sender {Next Payload names the type of what follows, and 0 ends the chain.} -reading {fact}
req rfc7296/3.2/sk-next-names-first-inner MUST sender {Next Payload of an Encrypted payload names the first payload inside it.} -reading {fact}
req rfc7296/3.2/critical-zero-for-defined MUST sender {The critical flag is zero for all payload types of this RFC.}
req rfc7296/3.2/critical-ignored-if-known MUST receiver {The critical flag is ignored on a payload type that is understood.}
req rfc7296/3.2/critical-set-to-reject MUST sender {The critical flag is set if the receiver shall reject what it does not understand.} -untestable {depends on what the sender wants}
req rfc7296/3.2/header-reserved-zero MUST sender {The seven reserved bits are zero.}
req rfc7296/3.2/header-reserved-ignored MUST receiver {The seven reserved bits are ignored.}
req rfc7296/3.2/payload-length-valid MUST receiver {A payload length below four or past the end of the message makes the message malformed.} -reading {fact}
req rfc7296/3.2/chain-ends-with-message MUST receiver {A chain that names a payload where the message has ended is malformed.} -reading {fact}
req rfc7296/3.2/nothing-after-last MUST receiver {Octets after the last payload are not taken for payloads.} -reading {fact; ignoring them or refusing the message both conform}
req rfc7296/3.2/no-unexpected-duplicates MUST receiver {A payload that may occur once is not merged or picked from two of its kind.} -reading {follows from the message pictures of 1.2 and 1.3; refusing the message is the safe outcome}
req rfc7296/3.2/missing-payload-refused MUST receiver {A message without a payload that its exchange needs does not succeed.} -reading {follows from the message pictures of 1.2 and 1.3}

# 3.3 The SA payload
req rfc7296/3.3/several-proposals MAY sender {An SA payload may hold several proposals.}
req rfc7296/3.3/proposals-by-preference MUST sender {Proposals are ordered from most to least preferred.} -untestable {the preference is not visible on the wire}
req rfc7296/3.3/lengths-consistent MUST receiver {The total length is checked against the inner lengths and counts.}
req rfc7296/3.3/numbers-ascend MUST sender {Each proposal number is one more than the one before.}
req rfc7296/3.3/first-number-one MUST sender {The first proposal offered is number one.}
req rfc7296/3.3/combined-mode-no-integrity MUST sender {A combined-mode cipher is offered without integrity algorithm or with NONE only.}
req rfc7296/3.3/combined-mode-integrity-refused MUST receiver {A proposal with a combined-mode cipher and an integrity algorithm other than NONE is not accepted as such.} -reading {the receiver side of combined-mode-no-integrity; RFC 5282 section 8 agrees}
req rfc7296/3.3/combined-mode-omit-integrity SHOULD sender {For a combined-mode cipher the integrity transform is left out.}
req rfc7296/3.3/combined-mode-own-proposal MUST initiator {Combined-mode and other ciphers are offered in separate proposals.} -reading {"must include two proposals"; follows from combined-mode-no-integrity}
req rfc7296/3.3/no-repeated-attribute {MUST NOT} sender {A transform does not have two attributes of one type.}
req rfc7296/3.3/one-attribute-per-transform MUST sender {Several values of an attribute are offered as several transforms.}
req rfc7296/3.3.1/proposal-reserved-zero MUST sender {The reserved octet of a proposal is zero.}
req rfc7296/3.3.1/proposal-reserved-ignored MUST receiver {The reserved octet of a proposal is ignored.}
req rfc7296/3.3.1/last-substructure MUST sender {The first octet is 0 in the last proposal and 2 in the others.} -reading {fact}
req rfc7296/3.3.1/proposal-number-returned MUST responder {The number returned is that of the proposal accepted.}
req rfc7296/3.3.1/spi-size-zero-initially MUST sender {In the initial IKE SA negotiation the SPI size is zero.}
req rfc7296/3.3.1/spi-size-by-protocol MUST sender {Later the SPI size is 8 for IKE and 4 for ESP and AH.} -reading {fact}
req rfc7296/3.3.1/spi-size-fits-protocol MUST receiver {A proposal with an SPI size that does not fit its protocol is not accepted.} -reading {the receiver's side of the two sizes above}
req rfc7296/3.3.1/protocol-must-fit MUST receiver {A proposal whose protocol does not fit the exchange is not accepted.} -reading {fact: IKE in IKE_SA_INIT, ESP or AH in IKE_AUTH}
req rfc7296/3.3.1/transform-count MUST sender {Num Transforms is the number of transforms that follow.} -reading {fact}
req rfc7296/3.3.1/proposed-spi-nonzero MUST receiver {A Child SA or IKE SA with a reserved SPI (zero; for ESP 0 to 255) is not made.} -reading {3.1 and RFC 4303 section 2.1}
req rfc7296/3.3.2/transform-reserved-zero MUST sender {The reserved fields of a transform are zero.}
req rfc7296/3.3.2/transform-reserved-ignored MUST receiver {The reserved fields of a transform are ignored.}
req rfc7296/3.3.2/last-transform MUST sender {The first octet is 0 in the last transform and 3 in the others.} -reading {fact}
req rfc7296/3.3.2/child-dh-optional MAY both {A key exchange group may be negotiated for a Child SA.} -needs {pfs}
req rfc7296/3.3.2/integ-none-same-as-absent MUST receiver {NONE as integrity or key exchange transform means the same as leaving the type out.} -reading {fact of 3.3.3: the optional type may be omitted if NONE is all that is accepted}
req rfc7296/3.3.3/types-understood MUST receiver {All mandatory and optional transform types of a supported protocol are understood.}
req rfc7296/3.3.3/optional-types-omitted MAY sender {Optional types may be left out if only NONE would do.}
req rfc7296/3.3.3/ike-mandatory-types MUST sender {An IKE proposal has ENCR, PRF and key exchange transforms, and INTEG unless the cipher is combined mode.} -reading {fact of the table}
req rfc7296/3.3.3/esp-mandatory-types MUST sender {An ESP proposal has ENCR and ESN transforms.} -reading {fact of the table}
req rfc7296/3.3.3/foreign-type-not-accepted MUST receiver {A proposal with a transform type that its protocol does not know is not accepted.} -reading {3.3.6 for unknown types, applied to types of another protocol}
req rfc7296/3.3.4/suite-configuration MUST both {The acceptable suites can be configured.}
req rfc7296/3.3.4/suite-compared MUST receiver {Offered transforms are compared with the configured ones.}
req rfc7296/3.3.4/unauthorised-suite-rejected MUST receiver {Proposals that the configuration does not allow are rejected.}
req rfc7296/3.3.4/custom-groups SHOULD both {New groups can be entered by management.} -untestable {a matter of the management interface}
req rfc7296/3.3.5/fixed-not-variable {MUST NOT} sender {A fixed length attribute is not encoded with variable length.}
req rfc7296/3.3.5/variable-not-fixed {MUST NOT} sender {A variable length attribute is not encoded with fixed length.} -untestable {no such attribute exists}
req rfc7296/3.3.5/key-length-in-bits MUST sender {Key Length gives bits in network byte order.}
req rfc7296/3.3.5/no-key-length-for-fixed {MUST NOT} sender {Key Length is not used with fixed key transforms.}
req rfc7296/3.3.5/key-length-present MUST sender {AES transforms carry Key Length.}
req rfc7296/3.3.5/key-length-required MUST receiver {A proposal without the Key Length that its transform needs is rejected.}
req rfc7296/3.3.5/key-length-matters MUST receiver {The same algorithm with another Key Length is another transform; a length that it does not have is not accepted.} -reading {fact: 3.3.5 ties the attribute to the transform, 3.3.6 forbids to change it}
req rfc7296/3.3.5/longer-keys-accepted SHOULD receiver {An offer with a longer key than configured is accepted if supported.} -gap {what an owner configured comes first: a refusal cannot be told from policy}
req rfc7296/3.3.6/complete-set MUST responder {One complete set of parameters is selected, or all offers are refused.}
req rfc7296/3.3.6/choose-one-proposal MUST responder {Of several proposals one is chosen.}
req rfc7296/3.3.6/choose-one-transform MUST responder {Of several transforms of a type one is chosen.}
req rfc7296/3.3.6/attributes-unmodified MUST responder {The attributes of a chosen transform are returned unchanged.}
req rfc7296/3.3.6/initiator-checks-choice MUST initiator {The accepted offer is checked against what was proposed.}
req rfc7296/3.3.6/inconsistent-answer-ends MUST initiator {An accepted offer that was not proposed ends the exchange.}
req rfc7296/3.3.6/unknown-transform-type MUST responder {A proposal with an unknown transform type is unacceptable.}
req rfc7296/3.3.6/missing-transform-type MUST responder {A proposal without a mandatory transform type is unacceptable.}
req rfc7296/3.3.6/other-proposals-processed MUST responder {Other proposals of the payload are processed as usual.} -reading {fact}
req rfc7296/3.3.6/unknown-transform MUST responder {A transform that is not understood is unacceptable; others of its type are processed as usual.}
req rfc7296/3.3.6/unknown-attribute MUST responder {A transform with an unknown attribute is unacceptable.}
req rfc7296/3.3.6/likely-group-first SHOULD initiator {The KE payload is of the group most likely to be accepted.} -untestable {an expectation is not visible on the wire}
req rfc7296/3.3.6/retry-in-named-group SHOULD initiator {The retry uses a value of the group the responder named.}
req rfc7296/3.3.6/groups-still-offered SHOULD initiator {The retry still offers all groups.} -reading {1.2 has the MUST for the full set of suites}
req rfc7296/3.3.6/none-group-ignores-ke MUST responder {If NONE is chosen as group, the KE payload is ignored and none returned.}

# 3.4 Key exchange
req rfc7296/3.4/modp-padded MUST sender {A MODP public value is as long as the modulus, padded with zeros in front.}
req rfc7296/3.4/ke-group-in-proposal MUST sender {The group of KE is one of those offered in the same message.}
req rfc7296/3.4/ke-group-first SHOULD sender {The group of KE is the first group of the first proposal.}
req rfc7296/3.4/no-ke-without-group {MUST NOT} sender {KE is absent if no proposal has a group.}
req rfc7296/3.4/other-group-rejected MUST responder {If the chosen proposal has another group than KE, answer INVALID_KE_PAYLOAD.}
req rfc7296/3.4/ke-reserved-ignored MUST receiver {The reserved octets of KE are ignored.} -reading {2.5 for every field marked RESERVED}
req rfc7296/3.4/public-value-length MUST receiver {A public value whose length does not fit its group makes no SA.} -reading {the receiver's side of modp-padded; fact for curves}

# 3.5 Identification
req rfc7296/3.5/id-reserved-zero MUST sender {The reserved octets of ID are zero.}
req rfc7296/3.5/id-reserved-ignored MUST receiver {The reserved octets of ID are ignored.}
req rfc7296/3.5/fqdn-no-terminator {MUST NOT} sender {ID_FQDN has no terminator such as NUL or CR.}
req rfc7296/3.5/email-no-terminator {MUST NOT} sender {ID_RFC822_ADDR has no terminator.}
req rfc7296/3.5/id-send-one-of-four MUST sender {At least one of IPv4 address, FQDN, e-mail and key id can be configured to be sent.}
req rfc7296/3.5/id-accept-four MUST receiver {All of IPv4 address, FQDN, e-mail and key id can be configured to be accepted.}
req rfc7296/3.5/id-all-four SHOULD both {All four of these types can be sent and accepted.}
req rfc7296/3.5/id-accept-ipv6 MUST receiver {An IPv6 capable device can be configured to accept IPv6 address identities.} -needs {ipv6}
req rfc7296/3.5/id-ipv6-only MAY sender {An IPv6 only device may send nothing but IPv6 address identities.} -needs {ipv6}
req rfc7296/3.5/nai-with-realm SHOULD initiator {A network access identifier with realm is sent as e-mail.} -needs {eap} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/3.5/nai-without-realm SHOULD initiator {One without realm is sent as key id.} -needs {eap} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/3.5/id-not-tied-to-address SHOULD receiver {An address identity need not equal the address that the packets come from.} -reading {"does not require"; local policy may}
req rfc7296/3.5/id-length-by-type MUST receiver {An address identity of wrong length matches nobody.} -reading {fact: 4 or 16 octets}
req rfc7296/3.5/peer-identity-checked MUST receiver {An identity of a type or value that policy does not know gets no SA.} -reading {ID serves to fetch policy and credentials; there is none}

# 3.6 Certificates
req rfc7296/3.6/cert-sent-if-available SHOULD sender {Certificates are sent if there are any.} -needs {certificates}
req rfc7296/3.6/four-certificates MUST both {Up to four X.509 certificates can be sent and accepted.} -needs {certificates}
req rfc7296/3.6/hash-and-url MUST both {Hash and URL of a certificate, with HTTP, can be configured to be sent and accepted.} -needs {hash-and-url}
req rfc7296/3.6/end-entity-first MUST sender {The first of several certificates has the key that signed AUTH.} -needs {certificates}
req rfc7296/3.6/cert-any-order MAY sender {The other certificates come in any order.} -needs {certificates}
req rfc7296/3.6/other-encoding-skipped SHOULD receiver {Certificates of an encoding that is not understood do not spoil those that are.} -needs {certificates} -reading {inferred: the encodings are an open registry, and a sender sends what it has}
req rfc7296/3.6/http-lookup MUST both {HTTP is supported for hash and URL.} -needs {hash-and-url}
req rfc7296/3.6/other-url-methods {SHOULD NOT} sender {Other URL methods are not used.} -needs {hash-and-url}
req rfc7296/3.6/url-when-announced SHOULD sender {Hash and URL go to peers that announced that they look certificates up.} -needs {hash-and-url} -reading {lower case: the formats "should be used in case the peer has indicated" it}
req rfc7296/3.6/url-hash-compared SHOULD receiver {What is behind the URL is taken only if it has the hash that was sent.} -needs {hash-and-url} -reading {inferred: the hash is of what the URL leads to, so other octets are not what was sent; that the path and AUTH are checked all the same makes it no MUST}
req rfc7296/3.6/url-bundle MUST both {A bundle of certificates behind one URL is understood.} -needs {hash-and-url} -reading {both formats of that name, says RFC 7296; RFC 5996 spoke of one}

# 3.7 Certificate requests
req rfc7296/3.7/certreq-optional MAY sender {A certificate request may be sent to get the peer's certificate.} -needs {certificates}
req rfc7296/3.7/ca-hash-list MUST sender {The authorities of an X.509 request are a row of 20-octet SHA-1 key hashes.} -needs {certificates} -reading {fact}
req rfc7296/3.7/authority-x509-only {SHOULD NOT} sender {The authority field is used with X.509 types only.} -needs {certificates}
req rfc7296/3.7/matching-chain-sent SHOULD receiver {A certificate that meets the request is sent.} -needs {certificates}
req rfc7296/3.7/certreq-is-hint SHOULD receiver {A request that cannot be met is no error.} -needs {certificates} -reading {lower case and fact}
req rfc7296/3.7/lookup-supported MAY sender {HTTP_CERT_LOOKUP_SUPPORTED may go wherever a certificate request may.} -needs {certificates}

# 3.8 Authentication payload
req rfc7296/3.8/auth-method-known MUST receiver {AUTH is checked by the method that it names, and unknown methods fail.} -reading {fact}
req rfc7296/3.8/auth-reserved-ignored MUST receiver {The reserved octets of AUTH are ignored.} -reading {2.5 for every field marked RESERVED}
req rfc7296/3.8/rsa-sha1-supported SHOULD receiver {RSA signatures with SHA-1 are supported.} -needs {certificates} -reading {RFC 8247 now wants SHA-1 gone: a refusal is never held against the device} -gap {superseded by RFC 8247 3.1: a device that refuses SHA-1 does better}
req rfc7296/3.8/rsa-sha1-default SHOULD sender {SHA-1 is the default hash of RSA signatures.} -needs {certificates} -reading {superseded by RFC 8247; reported only} -gap {superseded by RFC 8247 3.1: a device that uses another hash does better}

# 3.9 Nonce
req rfc7296/3.9/nonce-size MUST sender {Nonce data is 16 to 256 octets.}
req rfc7296/3.9/nonce-size-checked MUST receiver {Nonces of 16 to 256 octets are accepted, others refused.} -reading {the receiver's side of nonce-size}
req rfc7296/3.9/nonce-not-reused {MUST NOT} sender {A nonce is not used again.}

# 3.10 Notify
req rfc7296/3.10/child-notify-protocol MUST sender {A notify about a Child SA has protocol 2 or 3.}
req rfc7296/3.10/empty-spi-protocol-zero MUST sender {Without SPI the protocol field is zero.}
req rfc7296/3.10/empty-spi-protocol-ignored MUST receiver {Without SPI the protocol field is ignored.}
req rfc7296/3.10/spi-only-where-defined MUST sender {An SPI is in INVALID_SELECTORS, REKEY_SA and CHILD_SA_NOT_FOUND only.} -reading {"of the notifications defined in this document"}
req rfc7296/3.10/ike-notify-no-spi MUST sender {A notify about the IKE SA has SPI size zero and no SPI.}
req rfc7296/3.10/notify-length-checked MUST receiver {A notify too short for its fields or its SPI size makes the message malformed.} -reading {fact}
req rfc7296/3.10.1/unknown-error-in-response-fails MUST receiver {An unknown error type in a response means that the request failed.}
req rfc7296/3.10.1/unknown-error-in-request-ignored MUST receiver {An unknown error type in a request is ignored.}
req rfc7296/3.10.1/unknown-status-ignored MUST receiver {An unknown status type is ignored.}
req rfc7296/3.10.1/unknown-notify-logged SHOULD receiver {Such notifies are logged.} -untestable {log wording is never judged} -reading {lower case}
req rfc7296/3.10.1/status-anywhere MAY sender {Status notifies may be added to any message.}
req rfc7296/3.10.1/invalid-syntax-verified-only MUST receiver {INVALID_SYNTAX is only returned encrypted, for messages whose id and checksum were valid.} -reading {"may only be returned"; in IKE_SA_INIT, where nothing is encrypted, a clear notify is tolerated}
req rfc7296/3.10.1/invalid-syntax-for-rest MUST receiver {Errors that no other type covers get INVALID_SYNTAX.}
req rfc7296/3.10.1/invalid-selectors MAY receiver {ESP outside the selectors of its SA may be reported with INVALID_SELECTORS.} -needs {esp}
req rfc7296/3.10.1/invalid-selectors-harmless SHOULD receiver {INVALID_SELECTORS received ends nothing.} -reading {2.21: other errors end an IKE SA only by Delete}
req rfc7296/3.10.1/no-additional-sas MAY responder {NO_ADDITIONAL_SAS tells that no more Child SAs are accepted.} -reading {fact}
req rfc7296/3.10.1/no-additional-sas-keeps-ike MUST both {NO_ADDITIONAL_SAS leaves the IKE SA up.} -reading {fact}

# 3.11 Delete
req rfc7296/3.11/one-protocol-per-delete MUST sender {The SPIs of a Delete are all of one protocol.}
req rfc7296/3.11/protocols-not-mixed {MUST NOT} sender {A Delete does not mix protocols.} -untestable {an SPI does not tell its protocol: an AH SPI under ESP is an unknown SPI, which delete-inbound-spi judges}
req rfc7296/3.11/several-deletes MAY sender {One exchange may hold several Deletes for several protocols.}
req rfc7296/3.11/delete-spi-size MUST sender {The SPI size is zero for IKE and four for ESP and AH.}
req rfc7296/3.11/delete-count MUST receiver {A Delete whose count and size do not fit its length is malformed.} -reading {fact}
req rfc7296/3.11/several-spis MUST receiver {All SPIs of one Delete are closed.} -reading {fact}
req rfc7296/3.11/repeated-spi-harmless MUST receiver {The same SPI named twice is closed once.} -reading {fact: the second names an SA that does not exist, see 2.25.1}
req rfc7296/3.11/delete-only-informational MUST receiver {A Delete outside INFORMATIONAL has no effect.} -reading {1.4.1: deletes travel in INFORMATIONAL}

# 3.12 Vendor id
req rfc7296/3.12/vendor-id-may-announce MAY sender {A vendor id may announce extensions or just name the product.}
req rfc7296/3.12/vendor-id-no-new-meaning {MUST NOT} sender {A vendor id does not change the meaning of what the RFC defines, so its critical flag is zero.}
req rfc7296/3.12/vendor-ids-several MAY sender {Several vendor ids may be sent.}
req rfc7296/3.12/unknown-vendor-id MUST receiver {Unknown vendor ids are ignored.}

# 3.13 Traffic selectors
req rfc7296/3.13/ts-reserved-zero MUST sender {The reserved octets of TS are zero.}
req rfc7296/3.13/ts-reserved-ignored MUST receiver {The reserved octets of TS are ignored.}
req rfc7296/3.13/ts-count MUST sender {Number of TSs counts the selectors, one at least.} -reading {fact}
req rfc7296/3.13/ts-count-checked MUST receiver {A count of zero, or one that does not fit the length, is malformed.} -reading {fact}
req rfc7296/3.13/ts-counts-differ MUST receiver {TSi and TSr may hold different numbers of selectors.} -reading {"no requirement" that they be equal}
req rfc7296/3.13.1/start-port-zero MUST sender {With no ports or all ports the start port is 0.}
req rfc7296/3.13.1/end-port-65535 MUST sender {With no ports or all ports the end port is 65535.}
req rfc7296/3.13.1/icmp-as-port MUST both {ICMP type and code form one 16-bit port, type in the upper octet.} -reading {fact}
req rfc7296/3.13.1/any-ports MUST sender {ANY is 0 to 65535.}
req rfc7296/3.13.1/opaque-ports MUST sender {OPAQUE is start 65535, end 0.}
req rfc7296/3.13.1/selector-length MUST both {A selector is 16 octets for IPv4 and 40 for IPv6.} -reading {fact}
req rfc7296/3.13.1/range-not-reversed MUST both {Starting address and port are not above the ending ones, OPAQUE apart.} -reading {fact: smallest and largest}
req rfc7296/3.13.1/range-exact MUST both {A range is meant exactly; one that is no subnet is not widened.} -reading {fact; narrowing stays allowed}

# 3.14 Encrypted payload
req rfc7296/3.14/encrypted-last MUST sender {The Encrypted payload is the last of its message.}
req rfc7296/3.14/encrypted-not-last-refused MUST receiver {Payloads in clear around an Encrypted payload are not trusted.} -reading {the receiver's side of encrypted-last; refusing the message or ignoring them conforms}
req rfc7296/3.14/unspecified-transforms {MUST NOT} both {Ciphers whose Encrypted payload format is not specified are not negotiated.}
req rfc7296/3.14/iv-unpredictable MUST sender {A CBC message has a new unpredictable IV.}
req rfc7296/3.14/iv-any-accepted MUST receiver {Any IV is accepted.}
req rfc7296/3.14/padding-any-value MAY sender {Padding may have any content.}
req rfc7296/3.14/padding-content-ignored MUST receiver {The content of padding is not judged.} -reading {the sender may put any value there}
req rfc7296/3.14/padding-to-block MUST sender {Payloads, padding and pad length fill whole blocks.}
req rfc7296/3.14/padding-minimal SHOULD sender {Padding is as short as possible.}
req rfc7296/3.14/padding-any-length MUST receiver {Any pad length that gives alignment is accepted.}
req rfc7296/3.14/checksum-over-ciphertext MUST sender {The checksum covers the encrypted message from the header through the pad length.}
req rfc7296/3.14/integrity-checked MUST receiver {A message whose checksum is wrong is dropped and not answered.} -reading {fact with 2.4 and 3.10.1}
req rfc7296/3.14/pad-length-bounded MUST receiver {A pad length larger than the decrypted data makes the message malformed.} -reading {fact}
req rfc7296/3.14/clear-after-init-ignored MUST receiver {After IKE_SA_INIT a message without Encrypted payload is not acted on as part of the SA.} -reading {1.2: all later messages are protected}

# 3.15 Configuration
req rfc7296/3.15/cp-reserved-zero MUST sender {The reserved octets of CP are zero.} -needs {config}
req rfc7296/3.15/cp-reserved-ignored MUST receiver {The reserved octets of CP are ignored.} -needs {config}
req rfc7296/3.15.1/attribute-bit-zero MUST sender {The reserved bit of an attribute is zero.} -needs {config}
req rfc7296/3.15.1/attribute-bit-ignored MUST receiver {The reserved bit of an attribute is ignored.} -needs {config}
req rfc7296/3.15.1/unknown-attribute-ignored MUST receiver {Unknown configuration attributes are ignored.} -needs {config}
req rfc7296/3.15.1/netmask-needs-address MUST responder {INTERNAL_IP4_NETMASK comes only with an INTERNAL_IP4_ADDRESS, and once.} -needs {config}
req rfc7296/3.15.1/netmask-request-empty {MUST NOT} initiator {A request has no netmask value.} -needs {config}
req rfc7296/3.15.1/supported-attributes-empty MUST initiator {SUPPORTED_ATTRIBUTES is empty in a request.} -needs {config}
req rfc7296/3.15.1/cfg-set-answered MUST responder {CFG_SET is answered with what was accepted, values left empty.} -needs {config}
req rfc7296/3.15.1/cfg-set-refused-left-out {MUST NOT} responder {Attributes not accepted are not in CFG_ACK.} -needs {config}
req rfc7296/3.15.1/cfg-set-none-accepted MUST responder {If nothing was accepted CFG_ACK is empty or missing.} -needs {config}
req rfc7296/3.15.1/cfg-set-ignored MAY responder {CFG_SET may be ignored.} -needs {config}
req rfc7296/3.15.1/cfg-suggestion MAY responder {A value in a request is a suggestion that the reply may follow or not.} -needs {config}
req rfc7296/3.15.1/attribute-lengths MUST sender {The value of an attribute has the length that the table of attributes gives for its type, or none.} -needs {config} -reading {stated by the table; where it says 0 or n octets an empty value stands for nothing, and INTERNAL_IP6_SUBNET is granted that too}
req rfc7296/3.15.1/address-count {MUST NOT} responder {Of a family that was asked for, no more addresses come than were asked for.} -needs {config} -reading {lenient: an address of a family that nobody asked for is an attribute added unasked, which 2.19 allows. The number asked for is the most, not the least: one address for a client that asks for several conforms. That each is another nobody says}
req rfc7296/3.15.1/lease-lasts MUST responder {A leased address stays valid, and with its client, as long as the IKE SA that asked for it or one that follows it by rekeying.} -needs {config} -reading {fact, in 2.19 too; that two clients never have one address at a time follows from it}
req rfc7296/3.15.1/supported-attributes-listed MUST responder {SUPPORTED_ATTRIBUTES in a reply is a set of types in two octets each, and holds all that is supported.} -needs {config} -reading {fact; what the same reply gives is supported}
req rfc7296/3.15.1/version-printable MUST sender {APPLICATION_VERSION is printable ASCII without a zero octet at its end.} -needs {config} -reading {fact}
req rfc7296/3.15.2/subnets-reachable SHOULD responder {A network that INTERNAL_IP4_SUBNET or INTERNAL_IP6_SUBNET announces can be reached through the gateway, by a Child SA of its own if no other covers it.} -needs {config} -reading {stated without key word}
req rfc7296/3.15.4/failure-only-if-none {MUST NOT} responder {INTERNAL_ADDRESS_FAILURE comes only when no address at all can be given: a family that is not supported is passed over, and of several requests those that can be met are met.} -needs {config} -reading {fact}
req rfc7296/3.15.4/missing-reply-is-error SHOULD initiator {Who needs an inner address treats a response without CFG_REPLY as an error.} -needs {config} -reading {fact, left to the client's policy: the setup says that it needs one. What it does about it is open: it gives the Child SA or the IKE SA back, or asks again}
req rfc7296/3.15.4/address-failure SHOULD responder {If no address can be given the reply is INTERNAL_ADDRESS_FAILURE.} -needs {config} -reading {stated without key word}
req rfc7296/3.15.4/address-failure-keeps-ike MUST responder {The IKE SA is made even so.} -needs {config} -reading {fact}
req rfc7296/3.15.4/address-retry MAY initiator {An initiator without address may keep the IKE SA and ask again, or delete it.} -needs {config}

# 3.16 EAP payload
req rfc7296/3.16/eap-identifier-echoed MUST initiator {A response repeats the identifier of its request.} -needs {eap} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/3.16/eap-length MUST sender {The EAP length is four less than the payload length.} -needs {eap} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/3.16/eap-success-four-octets MUST sender {Success and Failure are four octets without type.} -needs {eap} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/3.16/eap-type-matches MUST initiator {A response has the type of the request or is a Nak.} -needs {eap} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/3.16/eap-no-identity-request {SHOULD NOT} responder {The responder does not ask for the EAP identity.} -needs {eap} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/3.16/eap-identity-answered MAY initiator {An initiator may answer an identity request.} -needs {eap}

# 4 Conformance
req rfc7296/4/parse-all-payloads MUST both {All payload types can be parsed, if only to skip them.}
req rfc7296/4/reject-critical MUST both {Messages with an unsupported critical payload are rejected.}
req rfc7296/4/four-messages MUST both {IKE_SA_INIT and IKE_AUTH in four messages make one IKE SA and one Child SA.}
req rfc7296/4/one-role-only MAY both {An implementation may only initiate or only respond.}
req rfc7296/4/informational-responder MUST both {Every implementation can answer INFORMATIONAL.}
req rfc7296/4/minimal-empty-response MAY both {A minimal implementation may answer every INFORMATIONAL with an empty response.}
req rfc7296/4/minimal-no-additional-sas MAY both {A minimal implementation may answer every CREATE_CHILD_SA with NO_ADDITIONAL_SAS.}
req rfc7296/4/minimal-recovers MUST both {If a rekey is refused with NO_ADDITIONAL_SAS, delete the old SA and make a new one instead.} -gap {a capability: whether a device uses it after NO_ADDITIONAL_SAS, or lets the old SA run on, is its policy; what happens at the end is judged by failed-rekey-closes-ike}
req rfc7296/4/leases-address MUST responder {Who supports leasing an address returns one in CFG_REPLY when asked.} -needs {config}
req rfc7296/4/cp-in-first-auth MUST initiator {Who needs an inner address asks in the first IKE_AUTH message.} -needs {config}
req rfc7296/4/configurable-credentials MUST both {X.509 certificates with RSA and shared secrets with the four identity types can be configured.} -needs {psk} -reading {the certificate half needs certificates as well; RFC 8247 sets today's key sizes}

# 5 Security considerations
req rfc7296/5/weak-prf-refused {MUST NOT} both {A PRF with less than 128 bits of output is not used.} -untestable {no PRF of the registry has less than 128 bits, so there is none to offer}
req rfc7296/5/ike-integrity-not-none {MUST NOT} both {NONE is not negotiated as integrity algorithm of the IKE SA.} -reading {a combined-mode cipher has integrity of its own}
req rfc7296/5/ike-encr-not-null {MUST NOT} both {ENCR_NULL is not negotiated for the IKE SA.}
req rfc7296/5/eap-server-key MUST responder {The server proves itself with a public key before EAP begins.} -needs {eap} -gap {the engine speaks no EAP: a method with its server and client would be an effort of its own, and half of one would judge wrongly}
req rfc7296/5/keyless-eap-tunnelled SHOULD both {EAP methods without key run in a protected tunnel everywhere.} -untestable {concerns other uses of the method}
req rfc7296/5/initiator-identity-first MUST initiator {The initiator gives its identity and proof first.} -reading {fact}
