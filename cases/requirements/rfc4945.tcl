# rfc4945.tcl - RFC 4945, the IPsec profile of certificates, as far as IKE_AUTH meets it. What it says of IKEv1 is left out, what it
# says of revocation lists, too: they reach a device by its own configuration. Each line of 3.1 to
# 3.3 was checked against the text: 3 is the profile of IKEv1, and counts here where 4, the profile of IKEv2, 5 and RFC 7296 have nothing
# else. Not all that it asks for is here. Lines of 5 are from knowledge.

# 3.1 Identification payload
req rfc4945/3.1/id-in-certificate MUST receiver {The identity of the ID payload is found in the end entity certificate: addresses and names in subjectAltName, a DN as its subject.} -needs {certificates} -reading {5.1.3.6.1 to 5.1.3.6.3 say it of IKEv2: the field of that type matches what ID holds}
req rfc4945/3.1/san-over-cn {MUST NOT} receiver {A common name that looks like the identity does not stand in for subjectAltName.} -needs {certificates} -reading {the CN is not to be used for FQDN or address identities}
req rfc4945/3.1/address-in-certificate MUST receiver {An address as identity is that of an iPAddress in the certificate.} -needs {certificates} -reading {3.1.1}
req rfc4945/3.1/name-in-certificate MUST receiver {A host name as identity is a dNSName of the certificate.} -needs {certificates} -reading {3.1.2}
req rfc4945/3.1/mail-in-certificate MUST receiver {A mail address as identity is an rfc822Name of the certificate.} -needs {certificates} -reading {3.1.3}
req rfc4945/3.1/dn-is-subject MUST receiver {A distinguished name as identity is the subject of the certificate.} -needs {certificates} -gap {setups name peers by host name, mail, address and key id; a DN as configured identity is in none of them yet} -reading {3.1.5}

# 3.3 Certificate payload
req rfc4945/3.3/order-not-assumed MUST receiver {CERT payloads behind the first may come in any order.} -needs {certificates} -reading {4.3.3 says it of IKEv2, of all but the first}
req rfc4945/3.3/needless-tolerated MUST receiver {Certificates that belong to no path of the peer's do no harm.} -needs {certificates} -reading {an implementation expects more than it needs}
req rfc4945/3.3/anchor-not-sent {SHOULD NOT} sender {The certificate of the trust anchor itself is not sent.} -needs {certificates}
req rfc4945/3.3/path-sent MAY sender {Certificates between its own and the anchor are sent, too.} -needs {certificates} -reading {a MAY; with CERTREQ RFC 7296 3.7 wants a chain that matches}
req rfc4945/3.3.10.2/undecodable-cert-tolerated SHOULD receiver {A CERT payload, beside those that are needed, that cannot be read does no harm.} -needs {certificates} -reading {a MUST of the profile of IKEv1, which 4 and RFC 7296 leave as it is}
req rfc4945/3.3.10.4/same-cert-twice SHOULD receiver {The same certificate may come more than once.} -needs {certificates} -reading {a MUST of the profile of IKEv1, which 4 and RFC 7296 leave as it is}

# 5.1.3 Extensions
req rfc4945/5.1.3/unknown-critical-refused MUST receiver {A certificate with a critical extension that is not understood is not used.} -needs {certificates} -reading {RFC 5280 4.2}
req rfc4945/5.1.3.2/key-usage-signs MUST receiver {A certificate whose key usage allows neither digitalSignature nor nonRepudiation does not verify AUTH.} -needs {certificates}
req rfc4945/5.1.3.12/extended-usage-fits SHOULD receiver {A certificate whose extended key usage names neither ipsecIKE nor any does not verify AUTH.} -needs {certificates} -reading {the flow of checks ends with a refusal unless the owner had the extension ignored, so no more than a warning}
req rfc4945/5.1.3.12/extended-usage-accepted MUST receiver {A certificate without extended key usage, or with ipsecIKE or any in it, is accepted.} -needs {certificates} -reading {the same flow}
