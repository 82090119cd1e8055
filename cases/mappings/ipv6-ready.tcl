# ipv6-ready.tcl - tests of the IPv6 Ready Logo (phase 2, IKEv2 conformance) and which of our cases judge the same; titles in our own
# words. Form: harness/lib/mapping.tcl.
#
# Followed are the pages of the programme's own self test 1.0.3, which has the ids of the specification's revision 1.0.2, and the
# modification record of revision 1.1.0. An id for a security gateway (SGW) stands here where the record names it beside that of
# the end node (EN), or where a page shows it. Neither specification was to be had whole, so this is not the full list: left out are ids
# whose subject no source tells, among them EN.I.1.1.6.7, EN.I.1.2.3.6, EN.I.1.2.4.1, .5 and .7, EN.R.1.1.5.4, EN.R.1.1.6.4,
# EN.R.1.1.7.2, EN.R.1.3.1.1 and EN.R.2.1.1.2. The tests were written for RFC 4306; what RFC 7296 has otherwise is said at the item.
# They want 3DES, HMAC-SHA1 and groups 2 and 24, which RFC 8247 has retired: ours use what it recommends.
mapping ipv6-ready {IPv6 Ready Logo, IKEv2} -source {Conformance Test Specification IKEv2, self test 1.0.3 and modification record of 1.1.0} \
    -roles {*.I.* initiator *.R.* responder}

# --- the device initiates: initial exchanges ---------------------------------------------------------------------------------
item IKEv2.EN.I.1.1.1.1 {Form of the IKE_SA_INIT request} -by {sa-init/contents header/request header/form}
item IKEv2.EN.I.1.1.1.2 {Form of the IKE_AUTH request} -by {auth/initiator-first auth/own-auth-right id/own-form ts/own-form header/form}
item IKEv2.EN.I.1.1.1.3 {The Child SA of IKE_AUTH carries packets} -by {auth/four-messages esp/mode-works esp/transport-form}
item IKEv2.EN.I.1.1.2.1 {An unanswered IKE_SA_INIT request is repeated} -by {retransmit/request-identical retransmit/waits-grow}
item IKEv2.EN.I.1.1.2.2 {An answered IKE_SA_INIT request is repeated no more} -by {retransmit/stops-after-response}
item IKEv2.EN.I.1.1.2.3 {An unanswered IKE_AUTH request is repeated} -by {retransmit/auth-request-identical}
item IKEv2.EN.I.1.1.2.4 {An answered IKE_AUTH request is repeated no more} -by {retransmit/stops-after-response}
item IKEv2.EN.I.1.1.3.1 {An ICMP error does not end the IKE SA} -not {the tester sends no ICMP of its own; its hints are unprotected IKE messages}
item IKEv2.EN.I.1.1.3.2 {An unprotected IKE message does not end the IKE SA} -by {outside/clear-notify informational/clear-ignored}
item IKEv2.EN.I.1.1.3.3 {A peer that answers nothing is given up} -by {retransmit/failed-sa-discarded liveness/check-unanswered-ends-sa}
item IKEv2.EN.I.1.1.3.4 {INITIAL_CONTACT closes the other SAs with that peer} -not {RFC 7296 2.4 leaves it to the receiver (MAY); judged is that nobody who has proven nothing can do it (contact/needs-proof)}
item IKEv2.EN.I.1.1.3.5 {The device checks whether its peer lives} -by {liveness/checked-by-device}
item IKEv2.EN.I.1.1.3.6 {The device deletes the IKE SA} -by {delete/ike-by-device delete/ike-by-device-gone}
item IKEv2.EN.I.1.1.3.7 {The device deletes a Child SA} -by {delete/child-by-device}
item IKEv2.EN.I.1.1.3.8 {Unprotected messages lead to a liveness check} -by {outside/hint-checked}
item IKEv2.EN.I.1.1.4.1 {A payload of unknown type in a response is skipped} -by {header/unknown-payload-skipped auth/unknown-noncritical-skipped} -lacks {the response to CREATE_CHILD_SA}
item IKEv2.EN.I.1.1.4.2 {A payload of unknown type marked critical spoils a response} -by {header/unknown-critical auth/unknown-critical-in-response child/error-not-answered/critical}
item IKEv2.EN.I.1.1.5.1 {The request is repeated with the cookie} -by {cookie/retry cookie/returned cookie/rest-unchanged}
item {IKEv2.EN.I.1.1.5.2 IKEv2.SGW.I.1.1.5.2} {Asked for a cookie, then for another group} -by {cookie/then-other-group cookie/in-turn}
item {IKEv2.EN.I.1.1.5.3 IKEv2.SGW.I.1.1.5.3} {The same with a responder that asks for the cookie again} -by {cookie/in-turn}
item {IKEv2.EN.I.1.1.6.1 IKEv2.SGW.I.1.1.6.1} {Algorithms for the IKE SA} -by {proposal/suite proposal/suite-recommended sk/suite-works}
item {IKEv2.EN.I.1.1.6.2 IKEv2.SGW.I.1.1.6.2} {Algorithms for the Child SA} -by {esp/suite-works esp/null-encryption-works esp/extended-suite}
item {IKEv2.EN.I.1.1.6.3 IKEv2.SGW.I.1.1.6.3} {Several transforms of a type are offered for the IKE SA} -by {proposal/offered proposal/offer-form} -lacks {that each of several configured ones is offered}
item {IKEv2.EN.I.1.1.6.4 IKEv2.SGW.I.1.1.6.4} {Several proposals are offered for the IKE SA} -by {proposal/kinds-apart proposal/offer-form}
item IKEv2.EN.I.1.1.6.5 {Several transforms of a type are offered for the Child SA} -by {proposal/esp-types-offered} -lacks {that each of several configured ones is offered}
item IKEv2.EN.I.1.1.6.6 {Several proposals are offered for the Child SA} -by {proposal/esp-types-offered} -lacks {that each of several configured ones is offered}
item {IKEv2.EN.I.1.1.6.11 IKEv2.SGW.I.1.1.6.11} {INVALID_KE_PAYLOAD is followed, whatever the responder SPI in it} -by {ke/followed ke/retry-full-proposal cookie/spi-in-refusal}
item IKEv2.EN.I.1.1.7.1 {The SA carries only what a narrowed response names} -by {ts/answer-narrowed}
item {IKEv2.EN.I.1.1.9.1 IKEv2.EN.I.1.1.9.2 IKEv2.SGW.I.1.1.9.1 IKEv2.SGW.I.1.1.9.2} {Identities by type, sent and received; ID_IPV6_ADDR alone since 1.0.2} -by {auth/identity-configured id/own-form id/ipv6-accepted}
item IKEv2.EN.I.1.1.10.1 {A certificate request is answered by a certificate} -by {cert/handshake cert/anchor-not-sent}
item IKEv2.EN.I.1.1.10.3 {The peer proves itself by an RSA signature} -by {cert/handshake/rsa cert/classic-accepted cert/signature-refused}
item IKEv2.EN.I.1.1.11.2 {Reserved fields of the IKE_AUTH response are ignored} -by {auth/reserved-ignored id/reserved-ignored ts/reserved-ignored header/reserved-field}
item IKEv2.EN.I.1.1.11.3 {The version flag is ignored} -by {header/flag-ignored}
item IKEv2.EN.I.1.1.11.5 {A notify of unknown status type is ignored} -by {sa-init/unknown-status}

# --- the device initiates: CREATE_CHILD_SA and INFORMATIONAL -------------------------------------------------------------------
item IKEv2.EN.I.1.2.1.1 {Form of the request that rekeys a Child SA} -by {rekey/child-request rekey/child-by-time}
item IKEv2.EN.I.1.2.2.1 {An unanswered CREATE_CHILD_SA request is repeated} -by {retransmit/request-identical-later}
item IKEv2.EN.I.1.2.3.1 {The Child SA that was replaced is closed} -by {rekey/child-old-deleted}
item IKEv2.EN.I.1.2.3.3 {The lifetime of a Child SA is kept} -by {esp/lifetimes rekey/expired-not-used}
item IKEv2.EN.I.1.2.3.4 {Several transforms of a type are offered when a Child SA is rekeyed} -by {rekey/child-request} -lacks {that each of several configured ones is offered}
item IKEv2.EN.I.1.2.4.2 {The new IKE SA is used after a rekey} -by {rekey/ike-new-by-device-works rekey/ike-old-deleted}
item IKEv2.EN.I.1.2.4.3 {The lifetime of the IKE SA is kept} -by {rekey/ike-by-time} -lacks {an IKE SA that is past its lifetime without a rekey}
item {IKEv2.EN.I.1.2.4.4 IKEv2.SGW.I.1.2.4.4} {Several transforms of a type are offered when the IKE SA is rekeyed} -by {rekey/ike-request} -lacks {that each of several configured ones is offered}
item IKEv2.EN.I.1.2.4.6 {The old IKE SA after its rekey} -by {rekey/ike-old-deleted rekey/ike-old-gone rekey/ike-delete-last}
item {IKEv2.EN.I.1.2.5.2 IKEv2.SGW.I.1.2.5.2} {A further Child SA under the same IKE SA} -by {child/new-by-device child/new-answered}
item IKEv2.EN.I.1.2.6.5 {Both ends rekey the IKE SA at once} -by {collision/ike-rekeys-crossed-winner collision/ike-rekeys-crossed-loser collision/ike-rekeys-crossed-end collision/pair/rekey-ike-rekey-ike}
item IKEv2.EN.I.1.2.6.11 {A Child SA is to be rekeyed while the device rekeys the IKE SA} -by {collision/temporary-failure collision/pair/rekey-ike-rekey-child} -lacks {NO_PROPOSAL_CHOSEN, which RFC 4718 had: RFC 7296 2.25.2 answers TEMPORARY_FAILURE}
item IKEv2.EN.I.1.2.6.12 {The IKE SA is to be rekeyed while the device closes a Child SA} -by {collision/temporary-failure collision/pair/delete-child-rekey-ike} -lacks {NO_PROPOSAL_CHOSEN, which RFC 4718 had: RFC 7296 2.25.2 answers TEMPORARY_FAILURE}
item IKEv2.EN.I.1.2.6.15 {The IKE SA is to be rekeyed while the device closes it} -by {collision/temporary-failure collision/pair/delete-ike-rekey-ike} -lacks {NO_PROPOSAL_CHOSEN, which RFC 4718 had: RFC 7296 2.25.2 answers TEMPORARY_FAILURE}
item IKEv2.EN.I.1.3.2.1 {An unanswered INFORMATIONAL request is repeated} -by {retransmit/request-identical-later retransmit/request-kept}
item IKEv2.EN.I.1.3.2.2 {An answered INFORMATIONAL request is repeated no more} -by {retransmit/stops-after-response}
item IKEv2.EN.I.2.1.1.1 {Form of the IKE_AUTH request for a tunnel to a gateway} -by {auth/initiator-first auth/own-auth-right ts/own-form header/form}
item IKEv2.EN.I.2.1.1.2 {The tunnel to a gateway carries packets} -by {auth/four-messages esp/mode-works}

# --- the device responds ----------------------------------------------------------------------------------------------------
item IKEv2.EN.R.1.1.2.1 {A repeated IKE_SA_INIT request is answered again} -by {retransmit/init-response-repeated sa-init/request-again}
item IKEv2.EN.R.1.1.3.2 {A bad INFORMATIONAL request is not answered and ends nothing} -by {outside/clear-notify informational/clear-ignored retransmit/forged-request-uses-no-id}
item IKEv2.EN.R.1.1.3.4 {A liveness check is answered} -by {liveness/answered}
item IKEv2.EN.R.1.1.4.1 {A higher minor version makes no difference} -by {header/minor-version-ignored}
item IKEv2.EN.R.1.1.4.3 {A payload of unknown type in CREATE_CHILD_SA is skipped} -by {header/unknown-payload-skipped informational/unknown-payload-skipped} -lacks {CREATE_CHILD_SA; seen are the other three exchanges}
item IKEv2.EN.R.1.1.4.4 {A payload of unknown type marked critical spoils CREATE_CHILD_SA} -by {child/unknown-critical-refused}
item IKEv2.EN.R.1.1.4.5 {A message with payloads in another order is not accepted} -not {RFC 4306 2.5 let it be refused; RFC 7296 2.5 forbids that, which header/payload-order judges}
item IKEv2.EN.R.1.1.5.1 {Under load a cookie is asked for, and taken} -by {cookie/asked cookie/answer cookie/length cookie/right-one-accepted}
item {IKEv2.EN.R.1.1.5.3 IKEv2.SGW.R.1.1.5.3} {A cookie and another group, asked for in turn} -by {cookie/with-other-group cookie/kept-with-other-group}
item {IKEv2.EN.R.1.1.6.1 IKEv2.SGW.R.1.1.6.1} {Algorithms for the IKE SA} -by {proposal/suite proposal/suite-recommended proposal/suite-configured sk/suite-works}
item {IKEv2.EN.R.1.1.6.2 IKEv2.SGW.R.1.1.6.2} {Algorithms for the Child SA} -by {esp/suite-works esp/null-encryption-works esp/extended-suite}
item {IKEv2.EN.R.1.1.6.3 IKEv2.SGW.R.1.1.6.3} {Of several transforms of a type one is chosen} -by {proposal/one-of-each proposal/unknown-transform}
item {IKEv2.EN.R.1.1.6.7 IKEv2.SGW.R.1.1.6.7} {A KE payload of another group is answered by INVALID_KE_PAYLOAD} -by {ke/wrong-group ke/refusal-spi-zero ke/retry-accepted}
item IKEv2.EN.R.1.1.7.3 {Several traffic selectors are narrowed} -by {ts/both-sides-narrowed ts/first-choice-kept ts/many-selectors ts/ipv6-narrowed}
item {IKEv2.EN.R.1.1.9.1 IKEv2.EN.R.1.1.9.2 IKEv2.SGW.R.1.1.9.1 IKEv2.SGW.R.1.1.9.2} {Identities by type, sent and received; ID_IPV6_ADDR alone since 1.0.2} -by {auth/identity-configured id/own-form id/ipv6-accepted}
item IKEv2.EN.R.1.1.10.1 {A certificate request is answered by a certificate} -by {cert/handshake cert/anchor-not-sent}
item {IKEv2.EN.R.1.1.10.3 IKEv2.SGW.R.1.1.10.3} {The peer proves itself by an RSA signature} -by {cert/handshake/rsa cert/classic-accepted cert/signature-refused}
item IKEv2.EN.R.1.1.11.5 {A notify of unknown error type in a request is ignored} -by {sa-init/unknown-error-in-request}
item IKEv2.EN.R.1.2.1.1 {A request that rekeys a Child SA is answered} -by {rekey/child-answered rekey/child-received-at-once}
item IKEv2.EN.R.1.2.5.1 {The Child SA that was replaced is closed on request} -by {rekey/child-both-receive delete/child-answered-with-pair delete/pair-closed}
item IKEv2.EN.R.1.2.6.1 {A request that rekeys the IKE SA is answered} -by {rekey/ike-answered rekey/ike-new-works}
item IKEv2.EN.R.1.3.2.1 {A repeated INFORMATIONAL request is answered again} -by {retransmit/response-repeated}
item IKEv2.EN.R.1.3.3.1 {Reserved fields of an INFORMATIONAL request are ignored} -by {header/reserved-ignored header/flag-ignored informational/notify-protocol-ignored} -lacks {the reserved octets of the Encrypted payload}
item IKEv2.EN.R.2.1.1.1 {Form of the IKE_AUTH response for a tunnel from a gateway} -by {auth/own-auth-right id/own-form ts/own-form child/tunnel-by-default header/form}
