# The normative statements of RFC 5282 (combined-mode ciphers in IKEv2) in our own words, by section. Each line was
# checked against the text of the RFC: section, level, what it says; its key words are all here. Form of a line and the words "fact" and "lower case": see rfc7296.tcl.

# 3 Data of the Encrypted payload
req rfc5282/3/combined-padding-accepted MUST receiver {Padding of any length up to 255 octets is accepted, although none is needed for alignment.}
req rfc5282/3/combined-padding-any MAY sender {Padding may hold any octets.}
req rfc5282/3.1/iv-eight-octets MUST sender {The IV of AES-GCM and AES-CCM has eight octets and stands in front of the ciphertext.}
req rfc5282/3.1/iv-once-per-key {MUST NOT} sender {An IV is not used twice under one key.}
req rfc5282/3.2/icv-sixteen MUST both {An ICV of 16 octets is supported.} -reading {a device without AES-GCM or AES-CCM is not concerned}
req rfc5282/3.2/icv-eight-or-twelve MAY both {ICVs of 12 octets, with AES-GCM of 8 octets too, may be supported.}
req rfc5282/3.2/icv-no-other {MUST NOT} both {ICVs of other lengths are not supported.} -untestable {there is no number by which a message could name one}
req rfc5282/3.2/ccm-icv-eight MUST both {With AES-CCM an ICV of 8 octets is supported, too.} -reading {a device without AES-CCM is not concerned}

# 4 Nonce
req rfc5282/4/nonce-salt-and-iv MUST both {The nonce of the cipher is the salt, four octets for AES-GCM and three for AES-CCM, and the IV.}

# 5 Associated data
req rfc5282/5.1/associated-data MUST both {The associated data is all from the first octet of the IKE header to the last of the header of the Encrypted payload.}
req rfc5282/5.1/associated-data-checked MUST receiver {A change of the associated data, the IV, the ciphertext or the ICV makes the message fail its check.} -reading {fact}

# 7 Keys and identifiers
req rfc5282/7.1/salt-in-keying-material MUST both {SK_ei and SK_er are as long as key and salt together, the salt behind the key.}
req rfc5282/7.1/no-integrity-keys MUST both {SK_ai and SK_ar are not made: they have no octets.}
req rfc5282/7.2/icv-sixteen-used SHOULD sender {ICVs of 16 octets are used in IKEv2, those of 12 are not.} -untestable {which of its suites a device offers is configured}
req rfc5282/7.3/combined-key-length MUST both {AES-GCM and AES-CCM are named with a Key Length attribute of 128, 192 or 256 bits.}
req rfc5282/7.3/combined-key-192-avoided {SHOULD NOT} sender {Keys of 192 bits are not used; where 128 do not suffice, 256 are taken.} -untestable {which of its suites a device offers is configured}

# 8 Algorithm selection
req rfc5282/8/no-integrity-beside {MUST NOT} sender {A proposal with a combined-mode cipher offers no integrity algorithm other than NONE.}
req rfc5282/8/integrity-beside-refused {MUST NOT} receiver {A combined-mode cipher and an integrity algorithm are not chosen together.}
req rfc5282/8/kinds-in-own-proposals MUST sender {Combined-mode ciphers and others are offered in different proposals.} -reading {both kinds in one proposal have no integrity algorithm that suits them}

# 10 AEAD registry
req rfc5282/10/other-aead-not-negotiated {MUST NOT} both {Ciphers of the AEAD registry without an IKEv2 transform id of their own are not negotiated.} -untestable {there is no number by which a message could name one}
