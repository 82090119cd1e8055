# The normative statements of RFC 6989 (further Diffie-Hellman tests) in our own words, by section.
# Form of a line and the words "fact" and "lower case": see rfc7296.tcl.

# 2 The tests
req rfc6989/2/public-value-checked MUST receiver {The peer's public value passes the test of its group before it is used.} -reading {2.1 to 2.3 set the test by kind of group; one id covers all}
req rfc6989/2.1/modp-range MUST receiver {A MODP public value is greater than 1 and less than p-1.}
req rfc6989/2.1/modp-one-refused MUST receiver {The MODP values 0 and 1 are refused.} -reading {a case of modp-range, named apart: they fix the shared secret}
req rfc6989/2.1/modp-upper-edge-refused MUST receiver {The MODP values p-1, p and above are refused.} -reading {a case of modp-range, named apart}
req rfc6989/2.2/subgroup-range MUST receiver {For groups 22 to 24 a public value is greater than 1 and less than p-1.}
req rfc6989/2.2/subgroup-order SHOULD receiver {For groups 22 to 24 the value raised to q is checked to be 1 modulo p.} -reading {required when exponents are reused; reuse does not show in one exchange, so we take it leniently}
req rfc6989/2.2/subgroup-no-reuse {SHOULD NOT} both {Values of groups with small subgroups are not reused instead of making that test.} -reading {one of the two ways given; taken leniently}
req rfc6989/2.3/curve-coordinates MUST receiver {Both coordinates of a curve point are less than p.}
req rfc6989/2.3/curve-equation MUST receiver {A public point satisfies the equation of its curve.}
req rfc6989/2.3/curve-no-infinity MUST receiver {The point at infinity, or what stands for it, is refused.} -reading {it has no affine form; (0,0) is not on these curves}

# 2.4 and 2.5 Transition and behaviour
req rfc6989/2.4/tests-not-negotiated MUST receiver {The tests are made without any negotiation.} -reading {fact}
req rfc6989/2.5/failed-init-dropped MUST receiver {In IKE_SA_INIT a value that fails its test ends the IKE SA under construction.}
req rfc6989/2.5/failed-init-notified MAY receiver {In that case INVALID_SYNTAX may be sent in clear.}
req rfc6989/2.5/failed-create-child-notified MUST responder {In CREATE_CHILD_SA a value that fails is answered with INVALID_SYNTAX.} -reading {any refusal is accepted as long as no SA is made}
req rfc6989/2.5/failed-create-child-ends-ike MUST receiver {After such a failure in CREATE_CHILD_SA the IKE SA is dropped.} -reading {INVALID_SYNTAX is fatal by RFC 7296 section 2.21.3; a device that refuses otherwise and keeps the SA is reported only}

# 4.1 Reuse of keys
req rfc6989/4.1/reuse-needs-tests MUST both {Whoever reuses key exchange values makes the tests.} -untestable {reuse and tests are seen apart; the combination is reported}
