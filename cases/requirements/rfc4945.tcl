# rfc4945.tcl - RFC 4945, the IPsec profile of certificates, as far as IKE_AUTH meets it.
# From knowledge of the text, not checked against it word by word.

# 3.1 Identification payload
req rfc4945/3.1/id-in-certificate MUST receiver {The identity of the ID payload is found in the end entity certificate: addresses and names in subjectAltName, a DN as its subject.} -needs {certificates} -reading {4 carries it over to IKEv2}
req rfc4945/3.1/san-over-cn {MUST NOT} receiver {A common name that looks like the identity does not stand in for subjectAltName.} -needs {certificates} -reading {the CN is not to be used for FQDN or address identities}

# 5.1.3.2 Key usage
req rfc4945/5.1.3.2/key-usage-signs MUST receiver {A certificate whose key usage allows neither digitalSignature nor nonRepudiation does not verify AUTH.} -needs {certificates}
