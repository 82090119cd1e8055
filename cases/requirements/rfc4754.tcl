# The normative statements of RFC 4754 (ECDSA in IKEv2, methods 9 to 11) in our own words, by section. Each line was
# checked against the text of the RFC: section, level, what it says; its one SHALL is here. Form of a line and the words "fact" and "lower case": see rfc7296.tcl.

# 3 ECDSA
req rfc4754/3/curve-and-hash-by-method MUST both {Method 9 is P-256 with SHA-256, 10 is P-384 with SHA-384, 11 is P-521 with SHA-512.} -needs {certificates} -reading {fact}
req rfc4754/3/values-in-range MUST receiver {A signature with r or s zero, or not below the order of the group, does not verify.} -needs {certificates} -reading {fact of ECDSA}
req rfc4754/3/method-fits-curve MUST receiver {A signature under the method of another curve than that of the key does not verify.} -needs {certificates} -reading {fact}

# 7 Data formats
req rfc4754/7/signature-is-r-and-s MUST sender {AUTH data are r and s behind each other, each as long as the order: 64, 96 or 132 octets.} -needs {certificates}
req rfc4754/7/other-forms-refused MUST receiver {AUTH data in another form or of another length do not verify.} -needs {certificates} -reading {fact: DER belongs to method 14}
