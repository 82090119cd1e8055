# The normative statements of RFC 8247 (algorithms of IKEv2) in our own words, by section.
# Form of a line and the words "fact" and "lower case": see rfc7296.tcl. MUST NOT means: not used; a device passes
# when it refuses the algorithm on its own. SHOULD+ is filed as SHOULD, MUST- as MUST.

# 2.1 Encryption
req rfc8247/2.1/encr-aes-cbc-128 MUST both {AES-CBC with 128-bit keys is implemented.}
req rfc8247/2.1/encr-aes-cbc-256 MUST both {AES-CBC with 256-bit keys is implemented.}
req rfc8247/2.1/encr-aes-cbc-192 MAY both {AES-CBC with 192-bit keys may be implemented.}
req rfc8247/2.1/encr-chacha20-poly1305 SHOULD both {ChaCha20-Poly1305 is implemented.}
req rfc8247/2.1/encr-aes-gcm-16 SHOULD both {AES-GCM with 16-octet ICV is implemented for 128 and 256-bit keys.}
req rfc8247/2.1/encr-aes-ccm-8 SHOULD both {AES-CCM with 8-octet ICV is implemented.} -reading {meant for small devices; absence elsewhere is a note only}
req rfc8247/2.1/encr-3des MAY both {Triple DES may be implemented.}
req rfc8247/2.1/encr-des-refused {MUST NOT} both {DES is not used.}

# 2.2 Pseudorandom function
req rfc8247/2.2/prf-sha2-256 MUST both {PRF HMAC-SHA2-256 is implemented.}
req rfc8247/2.2/prf-sha2-512 SHOULD both {PRF HMAC-SHA2-512 is implemented.}
req rfc8247/2.2/prf-sha1 MUST both {PRF HMAC-SHA1 is implemented, for now.} -reading {MUST-, on its way out: a device that refuses it by policy is not failed}
req rfc8247/2.2/prf-aes-xcbc SHOULD both {PRF AES128-XCBC is implemented.} -reading {meant for small devices; absence elsewhere is a note only}
req rfc8247/2.2/prf-md5-refused {MUST NOT} both {PRF HMAC-MD5 is not used.}

# 2.3 Integrity
req rfc8247/2.3/integ-sha2-256 MUST both {HMAC-SHA2-256-128 is implemented.}
req rfc8247/2.3/integ-sha2-512 SHOULD both {HMAC-SHA2-512-256 is implemented.}
req rfc8247/2.3/integ-sha1-96 MUST both {HMAC-SHA1-96 is implemented, for now.} -reading {MUST-, on its way out: a device that refuses it by policy is not failed}
req rfc8247/2.3/integ-aes-xcbc SHOULD both {AES-XCBC-96 is implemented.} -reading {meant for small devices; absence elsewhere is a note only}
req rfc8247/2.3/integ-md5-refused {MUST NOT} both {HMAC-MD5-96 is not used.}
req rfc8247/2.3/integ-des-mac-refused {MUST NOT} both {DES-MAC is not used.}
req rfc8247/2.3/integ-kpdk-md5-refused {MUST NOT} both {KPDK-MD5 is not used.}

# 2.4 Key exchange groups
req rfc8247/2.4/group-14 MUST both {Group 14 (2048-bit MODP) is implemented.}
req rfc8247/2.4/group-19 SHOULD both {Group 19 (256-bit ECP) is implemented.}
req rfc8247/2.4/group-5-avoided {SHOULD NOT} both {Group 5 (1536-bit MODP) is not used.}
req rfc8247/2.4/group-2-avoided {SHOULD NOT} both {Group 2 (1024-bit MODP) is not used.}
req rfc8247/2.4/group-1-refused {MUST NOT} both {Group 1 (768-bit MODP) is not used.}
req rfc8247/2.4/group-22-refused {MUST NOT} both {Group 22 (1024-bit MODP with 160-bit subgroup) is not used.}
req rfc8247/2.4/group-23-avoided {SHOULD NOT} both {Group 23 (2048-bit MODP with 224-bit subgroup) is not used.}
req rfc8247/2.4/group-24-avoided {SHOULD NOT} both {Group 24 (2048-bit MODP with 256-bit subgroup) is not used.}

# 3.1 Authentication methods
req rfc8247/3.1/auth-rsa MUST both {RSA signatures (method 1) are implemented.} -needs {certificates}
req rfc8247/3.1/auth-shared-key MUST both {Shared key authentication (method 2) is implemented.} -needs {psk}
req rfc8247/3.1/auth-dss-avoided {SHOULD NOT} both {DSS signatures (method 3) are not used.} -needs {certificates}
req rfc8247/3.1/auth-ecdsa-256 SHOULD both {ECDSA with SHA-256 on P-256 (method 9) is implemented.} -needs {certificates}
req rfc8247/3.1/auth-ecdsa-384 SHOULD both {ECDSA with SHA-384 on P-384 (method 10) is implemented.} -needs {certificates}
req rfc8247/3.1/auth-ecdsa-521 SHOULD both {ECDSA with SHA-512 on P-521 (method 11) is implemented.} -needs {certificates}
req rfc8247/3.1/auth-digital-signature SHOULD both {Digital Signature (method 14) is implemented.} -needs {certificates}
req rfc8247/3.1.1/rsa-2048 MUST both {RSA keys of 2048 bits are supported.} -needs {certificates}
req rfc8247/3.1.1/rsa-3072-4096 SHOULD both {RSA keys of 3072 and 4096 bits are supported.} -needs {certificates}
req rfc8247/3.1.1/rsa-short-avoided {SHOULD NOT} both {RSA keys below 2048 bits are not used.} -needs {certificates}

# 3.2 Digital signatures
req rfc8247/3.2/hash-sha1-refused {MUST NOT} both {SHA-1 is not used with Digital Signature.} -needs {certificates}
req rfc8247/3.2/hash-sha2-256 MUST both {SHA2-256 is supported with Digital Signature.} -needs {certificates}
req rfc8247/3.2/hash-sha2-384 MAY both {SHA2-384 may be supported with Digital Signature.} -needs {certificates}
req rfc8247/3.2/hash-sha2-512 SHOULD both {SHA2-512 is supported with Digital Signature.} -needs {certificates}
req rfc8247/3.2/pss-sha2-256 SHOULD both {RSASSA-PSS with SHA-256 is supported with Digital Signature.} -needs {certificates} -reading {the stronger level of the table applies to RSA keys only; filed weaker}
req rfc8247/3.2/pss-default-refused {MUST NOT} both {RSASSA-PSS with empty or default parameters, which mean SHA-1, is not used.} -needs {certificates}
req rfc8247/3.2/sha1-signatures-refused {MUST NOT} both {Signature algorithms on SHA-1 are not used in method 14.} -needs {certificates}
