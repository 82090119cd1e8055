# The normative statements of RFC 8221 (algorithms of ESP) in our own words, by section; AH is left out. From knowledge of the
# text, not checked against it word by word. Form of a line and the words "fact" and "lower case": see rfc7296.tcl. MUST NOT
# means: not used; a device passes when it refuses the algorithm on its own. MUST- is filed as MUST.

# 3 Manual keying
req rfc8221/3/manual-keying-avoided {SHOULD NOT} both {Keys are not set by hand.} -needs {esp} -untestable {how a device's owner may set keys is not seen by a peer; a run has keys of IKE only}

# 4 Encryption must be authenticated
req rfc8221/4/encryption-authenticated {MUST NOT} both {ESP does not encrypt without checking integrity.} -needs {esp}

# 5 Encryption
req rfc8221/5/esp-aes-gcm-16 MUST both {In ESP, AES-GCM with 16-octet ICV is implemented.} -needs {esp}
req rfc8221/5/esp-aes-cbc MUST both {In ESP, AES-CBC is implemented, with 128 and 256-bit keys.} -needs {esp}
req rfc8221/5/esp-aes-cbc-192 MAY both {In ESP, AES-CBC with 192-bit keys may be implemented.} -needs {esp}
req rfc8221/5/esp-null MUST both {In ESP, ENCR_NULL is implemented, to be used with an integrity algorithm.} -needs {esp}
req rfc8221/5/esp-chacha20-poly1305 SHOULD both {In ESP, ChaCha20-Poly1305 is implemented.} -needs {esp}
req rfc8221/5/esp-aes-ccm-8 SHOULD both {In ESP, AES-CCM with 8-octet ICV is implemented.} -needs {esp} -reading {meant for small devices; absence elsewhere is a note only}
req rfc8221/5/esp-3des-avoided {SHOULD NOT} both {In ESP, Triple DES is not used.} -needs {esp}
req rfc8221/5/esp-des-refused {MUST NOT} both {In ESP, DES is not used.} -needs {esp}
req rfc8221/5/esp-des-iv-refused {MUST NOT} both {In ESP, DES with explicit IVs of 32 or 64 bits is not used.} -needs {esp}
req rfc8221/5/esp-blowfish-refused {MUST NOT} both {In ESP, Blowfish is not used.} -needs {esp}
req rfc8221/5/esp-3idea-refused {MUST NOT} both {In ESP, Triple IDEA is not used.} -needs {esp}

# 6 Integrity
req rfc8221/6/esp-sha2-256 MUST both {In ESP, HMAC-SHA2-256-128 is implemented.} -needs {esp}
req rfc8221/6/esp-sha2-512 SHOULD both {In ESP, HMAC-SHA2-512-256 is implemented.} -needs {esp}
req rfc8221/6/esp-sha1 MUST both {In ESP, HMAC-SHA1-96 is implemented, for now.} -needs {esp} -reading {MUST-, on its way out: a device that refuses it by policy is not failed}
req rfc8221/6/esp-aes-xcbc SHOULD both {In ESP, AES-XCBC-96 is implemented.} -needs {esp} -reading {meant for small devices; absence elsewhere is a note only}
req rfc8221/6/esp-none-with-combined MUST both {In ESP, NONE is the integrity algorithm of combined-mode ciphers.} -needs {esp} -reading {left out or named as NONE}
req rfc8221/6/esp-none-alone-refused {MUST NOT} both {In ESP, NONE is not the integrity algorithm of other ciphers.} -needs {esp}
req rfc8221/6/esp-md5-refused {MUST NOT} both {In ESP, HMAC-MD5-96 is not used.} -needs {esp}
req rfc8221/6/esp-des-mac-refused {MUST NOT} both {In ESP, DES-MAC is not used.} -needs {esp}
req rfc8221/6/esp-kpdk-refused {MUST NOT} both {In ESP, KPDK-MD5 is not used.} -needs {esp}
req rfc8221/6/esp-gmac MAY both {In ESP, AES-GMAC may be implemented.} -needs {esp}

# 7 Compression
req rfc8221/7/compression-optional MAY both {DEFLATE, LZS and LZJH may be implemented.} -needs {esp ipcomp}
