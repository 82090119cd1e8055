# rfc7427.tcl - RFC 7427, signature authentication in IKEv2. Each line was checked against the text of the RFC: section, level, what it
# says; its key words (MUST and SHOULD) are all here.

# 3 Authentication payload
req rfc7427/3/signature-layout MUST sender {AUTH of method 14 is the length of the AlgorithmIdentifier in one octet, the AlgorithmIdentifier in DER, then the signature.} -needs {certificates} -reading {fact: the figure of the section}
req rfc7427/3/method-14-between-both MUST both {Where both ends sent SIGNATURE_HASH_ALGORITHMS, a signature is of method 14.} -needs {certificates}
req rfc7427/3/preferred-encoding SHOULD sender {The AlgorithmIdentifier is encoded in the form that the algorithm's own specification prefers.} -needs {certificates}
req rfc7427/3/truncation-of-x962 MUST both {A hash that is longer than the order of the curve is cut as X9.62 has it.} -needs {certificates} -gap {no setup has a curve whose order is shorter than every hash that the device lists}
req rfc7427/3/length-checked SHOULD receiver {An AlgorithmIdentifier that is shorter or longer than the octet before it says is refused.} -needs {certificates} -reading {inferred: the layout leaves no other reading, but the signature still proves the peer}
req rfc7427/3/algorithm-fits-key MUST receiver {A signature is checked by the algorithm that it names, which has to suit the key of the certificate.} -needs {certificates} -reading {fact; anything else is a signature that does not verify}

# 4 Hash algorithm notification
req rfc7427/4/hash-list-form MUST sender {SIGNATURE_HASH_ALGORITHMS has protocol 0 and no SPI; its data are numbers of two octets each with nothing between.} -needs {certificates} -reading {fact}
req rfc7427/4/hash-list-in-init MUST sender {SIGNATURE_HASH_ALGORITHMS stands in IKE_SA_INIT and nowhere else.} -needs {certificates} -reading {fact}
req rfc7427/4/hash-from-peer-list MUST sender {The hash of a signature is one that the other end listed.} -needs {certificates}
req rfc7427/4/method-14-after-list {MUST NOT} sender {Method 14 is not used towards a peer that sent no SIGNATURE_HASH_ALGORITHMS.} -needs {certificates} -reading {the notify is what says that the peer knows the method}
req rfc7427/4/unknown-hash-ignored SHOULD receiver {Hash numbers that are unknown are passed over.} -needs {certificates} -reading {inferred: the list is open to further numbers}
req rfc7427/4/hashes-differ-by-direction MAY both {The two directions may use different hashes.} -needs {certificates}

# 5 Selecting the public key algorithm
req rfc7427/5/key-by-request SHOULD sender {Who has several keys looks at the peer's certificate requests and certificates to choose one.} -needs {certificates} -reading {advice of the section} -gap {devices of the setups have one key each}

# 6 Security considerations
req rfc7427/6/hash-as-strong-as-key SHOULD sender {The hash is at least as strong as the key that signs.} -needs {certificates} -reading {advice of the section}
