# rfc7670.tcl - RFC 7670, raw public keys in IKEv2. Each line was checked against the text of the RFC (and RFC 4055 1.2, to which it
# points): section, level, what it says; its key words (MUST and SHOULD) are all here.

# 1 Introduction
req rfc7670/1/signature-by-method-14 SHOULD sender {AUTH that a raw public key verifies is of method 14, the digital signature of RFC 7427.} -needs {raw-keys} -reading {towards a peer that sent SIGNATURE_HASH_ALGORITHMS; without it RFC 7427 section 4 forbids the method}
req rfc7670/1/any-key-type MAY both {Keys of any type that has a signature method can be used.} -needs {raw-keys}
req rfc7670/1/old-form-not-sent {SHOULD NOT} sender {Encoding 11, the RSA key of PKCS #1, is not sent.} -needs {raw-keys} -reading {inferred: the section has its own form replace that one, which RFC 7296 3.6 lists as deprecated}

# 3 Certificate encoding payload
req rfc7670/3/key-info-in-cert MUST sender {A CERT payload with encoding 15 carries the SubjectPublicKeyInfo of the key in DER and nothing else.} -needs {raw-keys} -reading {fact; whether the payload is sent at all is left open by RFC 7296 3.6}
req rfc7670/3/key-shown MAY sender {The public key that AUTH is made with goes out in a CERT payload with encoding 15.} -needs {raw-keys} -reading {RFC 7296 3.6: CERT is optional, and the other end knows the key already}
req rfc7670/3/key-accepted MUST receiver {Who is set up for the raw public key of its peer takes that key from a CERT payload with encoding 15 and checks AUTH by it.} -needs {raw-keys} -reading {inferred: this is what the encoding is for}
req rfc7670/3/key-not-shown SHOULD receiver {Who does not show the key that is configured for it is checked by that key.} -needs {raw-keys} -reading {inferred: CERT is optional (RFC 7296 3.6) and tells nothing new}
req rfc7670/3/request-without-authority MUST sender {A CERTREQ payload with encoding 15 has an empty Certification Authority field.} -needs {raw-keys}
req rfc7670/3/request-accepted SHOULD receiver {A CERTREQ payload with encoding 15 does no harm.} -needs {raw-keys} -reading {inferred: requests are hints (RFC 7296 3.7)}
req rfc7670/3/rsa-parameters-null MUST sender {The AlgorithmIdentifier of an RSA key in encoding 15 that is bound to no one scheme has NULL for its parameters.} -needs {raw-keys} -reading {by RFC 4055 1.2, whose rules the section demands; the example of A.2 shows it}
req rfc7670/3/pss-parameters MUST sender {An RSA key that is bound to RSASSA-PSS says so in its AlgorithmIdentifier, with the parameters that it is bound to.} -needs {raw-keys} -gap {the RSA keys of the setups are bound to no scheme}

# 4 Security considerations
req rfc7670/4/key-known-beforehand MUST receiver {A raw public key that nobody has vouched for on another way proves nobody: AUTH that it made is refused.} -needs {raw-keys} -reading {inferred: the section wants a validation outside of IKE ("needs to") and leaves open which}
