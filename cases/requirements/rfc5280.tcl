# rfc5280.tcl - RFC 5280, path validation, as far as an IKE peer shows it. From knowledge of the text.

# 6.1 Basic path validation
req rfc5280/6.1/path-valid MUST receiver {A certificate is trusted only over a valid path to a trust anchor: signatures, validity times, CA flags.} -needs {certificates}
req rfc5280/6.1.3/validity-time MUST receiver {A certificate outside its validity period is not accepted.} -needs {certificates}
req rfc5280/6.1.4/issuer-is-ca MUST receiver {The issuer of a certificate in the path is a CA.} -needs {certificates}
