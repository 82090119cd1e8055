# rfc7670.tcl - RFC 7670, raw public keys in IKEv2. From knowledge of the text, not checked against it word by word.

# 3 Certificate encoding payload
req rfc7670/3/key-info-in-cert MUST sender {A CERT payload with encoding 15 carries the SubjectPublicKeyInfo of the key in DER and nothing else.} -needs {raw-keys} -reading {fact; whether the payload is sent at all is left open by RFC 7296 3.6}
req rfc7670/3/key-shown MAY sender {The public key that AUTH is made with goes out in a CERT payload with encoding 15.} -needs {raw-keys} -reading {RFC 7296 3.6: CERT is optional, and the other end knows the key already}
req rfc7670/3/key-accepted MUST receiver {Who is set up for the raw public key of its peer takes that key from a CERT payload with encoding 15 and checks AUTH by it.} -needs {raw-keys} -reading {inferred: this is what the encoding is for}
req rfc7670/3/key-not-shown SHOULD receiver {Who does not show the key that is configured for it is checked by that key.} -needs {raw-keys} -reading {inferred: CERT is optional (RFC 7296 3.6) and tells nothing new}
req rfc7670/3/request-without-authority MUST sender {A CERTREQ payload with encoding 15 has an empty Certification Authority field.} -needs {raw-keys} -reading {fact: "left empty", as nobody vouches for such a key}
req rfc7670/3/request-accepted SHOULD receiver {A CERTREQ payload with encoding 15 does no harm.} -needs {raw-keys} -reading {inferred: requests are hints (RFC 7296 3.7)}
req rfc7670/3/rsa-parameters-null MUST sender {The AlgorithmIdentifier of an RSA key in encoding 15 has NULL for its parameters.} -needs {raw-keys} -reading {inferred from RFC 3279 2.3.1, which the form of the key follows}
req rfc7670/3/any-key-type MAY both {Keys of any type that has a signature method can be used.} -needs {raw-keys}

# 4 The old raw RSA key
req rfc7670/4/old-form-not-sent {SHOULD NOT} sender {Encoding 11, the RSA key of PKCS #1, is not sent.} -needs {raw-keys} -reading {inferred: RFC 7296 3.6 lists it as deprecated and this RFC replaces it}
req rfc7670/4/both-forms-requested MAY sender {Who still knows encoding 11 may ask for both forms by a CERTREQ payload each.} -needs {raw-keys}

# 5 Security considerations
req rfc7670/5/key-known-beforehand MUST receiver {A raw public key that nobody has vouched for on another way proves nobody: AUTH that it made is refused.} -needs {raw-keys} -reading {inferred: the section requires a validation outside of IKE and leaves open which}
