# rfc5280.tcl - RFC 5280, path validation, as far as an IKE peer shows it. Section 6 from knowledge of the text, 7 as the
# text has it; RFC 4945 5 makes all of it a duty of IKE.

# 6.1 Basic path validation
req rfc5280/6.1/path-valid MUST receiver {A certificate is trusted only over a valid path to a trust anchor: signatures, validity times, CA flags.} -needs {certificates}
req rfc5280/6.1.3/validity-time MUST receiver {A certificate outside its validity period is not accepted.} -needs {certificates}
req rfc5280/6.1.4/issuer-is-ca MUST receiver {The issuer of a certificate in the path is a CA.} -needs {certificates}

# 7 Comparing names
req rfc5280/7.2/dns-name-case-ignored MUST receiver {Host names are the same whatever the case of their letters.} -needs {certificates}
req rfc5280/7.2/dns-name-whole MUST receiver {Host names are compared whole and exactly: nothing in a dNSName stands for anything but itself.} -needs {certificates} -reading {4.2.1.6 leaves the meaning of wildcards to the application: RFC 4945 forbids them (3.1.2, for IKEv1) and has the dNSName match the identity (5.1.3.6.1)}
req rfc5280/7.5/mail-host-case-ignored MUST receiver {The host of a mail address is the same whatever the case of its letters.} -needs {certificates} -reading {RFC 4945 3.1.3 says it of the whole address, for IKEv1}
