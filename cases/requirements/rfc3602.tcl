# The normative statements of RFC 3602 (AES-CBC in ESP) that a peer can see, in our own words, by section. Each line was checked
# against the text of the RFC: section, level, what it says. Its other key words are about the cipher itself (2.2 rounds, 2.3 weak
# keys) or filed where RFC 4303 and RFC 8221 say the same (2.4 whole blocks: rfc4303/2.4/padding-aligns-block; 2.2 keys of 128
# bits: rfc8221/5/esp-aes-cbc). Form of a line and the words "fact" and "lower case": see rfc7296.tcl.

# 3 ESP payload
req rfc3602/3/iv-own-block MUST sender {Each packet has an IV of its own before its text, as long as the block of the cipher: 16 octets.} -needs {esp}
req rfc3602/3/cbc-iv-random MUST sender {The IV is random and cannot be told in advance.} -needs {esp}
req rfc3602/3/iv-not-counted {MUST NOT} sender {IVs are not made by a counter or by anything else whose values differ in few bits.} -needs {esp}
