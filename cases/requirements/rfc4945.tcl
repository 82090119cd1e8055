# rfc4945.tcl - RFC 4945, the IPsec profile of certificates, as far as IKE_AUTH meets it; each line was checked against the text.
#
# 3 is the profile of IKEv1, and counts here where 4 (IKEv2), 5 and RFC 7296 have nothing else. What 3 alone demands binds no IKEv2
# device by the letter: a MUST of it counts as SHOULD, and "-reading {a MUST of 3}" says so. Where 4 or 5 say it of IKEv2 again, the MUST
# stays. Left out: what only IKEv1 has (3.2.5, 3.3.5, 3.3.11.4), duties of those who issue certificates and CRLs (most of 5.1.2, 5.1.3 and
# 5.2.2), and revocation (3.2.3, 5.1.3.13 to 16, 5.2): it reaches a device by its own configuration and from servers of the CA.

# 3.1 Identification payload
req rfc4945/3.1/id-in-certificate MUST receiver {The identity of the ID payload is found in the end entity certificate: addresses and names in subjectAltName, a DN as its subject.} -needs {certificates} -reading {5.1.3.6.1 to 5.1.3.6.3 say it of IKEv2: the field of that type matches what ID holds}
req rfc4945/3.1/san-over-cn {MUST NOT} receiver {A common name that looks like the identity does not stand in for subjectAltName.} -needs {certificates} -reading {the CN is not to be used for FQDN or address identities}
req rfc4945/3.1/address-in-certificate MUST receiver {An address as identity is that of an iPAddress in the certificate.} -needs {certificates} -reading {3.1.1}
req rfc4945/3.1/name-in-certificate MUST receiver {A host name as identity is a dNSName of the certificate.} -needs {certificates} -reading {3.1.2}
req rfc4945/3.1/mail-in-certificate MUST receiver {A mail address as identity is an rfc822Name of the certificate.} -needs {certificates} -reading {3.1.3}
req rfc4945/3.1/dn-is-subject MUST receiver {A distinguished name as identity is the subject of the certificate.} -needs {certificates} -reading {3.1.5}
req rfc4945/3.1/id-from-certificate SHOULD sender {What an end calls itself is in its end entity certificate.} -needs {certificates} -reading {but for its own address, which need not be there}
req rfc4945/3.1/id-types-sendable SHOULD sender {Addresses, host names, mail addresses and distinguished names can all be configured as the identity that is sent.} -needs {certificates} -reading {a MUST of 3}
req rfc4945/3.1/san-octets-sent SHOULD sender {A name can be sent as ID just as subjectAltName has it.} -needs {certificates} -reading {a MUST of 3}
req rfc4945/3.1/exact-policy-match SHOULD receiver {The whole identity, exactly, is what policy is looked up by; that is the default.} -needs {certificates} -reading {a MUST of 3, but for the default; RFC 7296 3.5 leaves wildcards to the owner, and none is configured}
req rfc4945/3.1/wildcard-policy-match MAY receiver {Policy may be configured to match parts or patterns of an identity.} -needs {certificates}
req rfc4945/3.1/dn-policy-match SHOULD receiver {Policy can be looked up by a whole distinguished name.} -needs {certificates} -reading {a MUST of 3 and 3.1.5}
req rfc4945/3.1/dn-attributes-match SHOULD receiver {Policy can be looked up by any of C, CN, O and OU of a distinguished name.} -needs {certificates} -reading {a MUST of 3 and 3.1.5} -gap {patterns of names are written in another way for each daemon and unknown to some; setups name their peers whole}
req rfc4945/3.1/names-over-addresses SHOULD sender {Host names and mail addresses are preferred to addresses as identity.} -needs {certificates} -untestable {advice to owners: a device says what it was configured to}

# 3.1.1 Addresses
req rfc4945/3.1.1/address-type-supported SHOULD both {The identity of an address of its own IP version is supported.} -needs {certificates} -reading {a MUST of 3}
req rfc4945/3.1.1/address-octets SHOULD sender {An address as identity is its 4 or 16 octets in network order.} -needs {certificates} -reading {a MUST of 3; RFC 7296 3.5 has it as a fact}
req rfc4945/3.1.1/address-not-preferred {SHOULD NOT} sender {Addresses are no identities, for the sake of NAT.} -needs {certificates} -untestable {advice to owners: a device says what it was configured to}
req rfc4945/3.1.1/address-mismatch-aborts MUST receiver {An address that no iPAddress of the certificate equals octet by octet ends the setup of the SA; that is the default.} -needs {certificates} -reading {5.1.3.6.2 says of IKEv2 that the field matches}
req rfc4945/3.1.1/address-equals-header SHOULD receiver {An address as identity is that of the IP header; that is the default.} -needs {certificates} -reading {a MUST of 3} -gap {RFC 7296 3.5 does not ask for it, for the sake of NAT: refusing is policy, accepting right, so rfc7296/3.5/id-not-tied-to-address is judged}
req rfc4945/3.1.1/mismatch-auditable SHOULD receiver {An identity that does not match can be found in the log.} -needs {certificates} -untestable {log wording is never judged}
req rfc4945/3.1.1/header-finds-no-rights {SHOULD NOT} receiver {Policy that was found by the address of the peer lets no traffic through before the certificate has proven the identity.} -needs {certificates} -reading {a MUST NOT of 3}
req rfc4945/3.1.1/skip-off-by-default SHOULD receiver {Checks of the identity that can be switched off are on unless the owner says otherwise.} -needs {certificates} -reading {a MUST of 3 (3.1.1 to 3.1.3); no check is switched off in any setup, so a switch that is off by default shows in the checks themselves} -untestable {which switches there are is no matter of the wire}

# 3.1.2 Host names
req rfc4945/3.1.2/fqdn-supported SHOULD both {ID_FQDN is supported.} -needs {certificates} -reading {a MUST of 3}
req rfc4945/3.1.2/no-dns-for-names {SHOULD NOT} receiver {Addresses from an insecure DNS have no part in decisions about an ID_FQDN.} -needs {certificates} -untestable {where a device has an address from shows in no message; the lab has no DNS}
req rfc4945/3.1.2/name-case-ignored SHOULD receiver {A host name and dNSName are compared whatever the case of their letters.} -needs {certificates} -reading {a MUST of 3; by RFC 5280 7.2, too}
req rfc4945/3.1.2/name-compared-whole {MUST NOT} receiver {A part of a host name, or a pattern, does not match a dNSName.} -needs {certificates} -reading {5.1.3.6.1 says of IKEv2 that the field matches}
req rfc4945/3.1.2/name-mismatch-aborts MUST receiver {A host name that no dNSName of the certificate equals ends the setup of the SA; that is the default.} -needs {certificates} -reading {5.1.3.6.1 says of IKEv2 that the field matches}

# 3.1.3 Mail addresses
req rfc4945/3.1.3/mail-type-supported SHOULD both {The identity of a mail address is supported.} -needs {certificates} -reading {a MUST of 3}
req rfc4945/3.1.3/no-dns-for-mail {SHOULD NOT} receiver {Addresses from an insecure DNS have no part in decisions about the host of a mail address.} -needs {certificates} -untestable {where a device has an address from shows in no message; the lab has no DNS}
req rfc4945/3.1.3/mail-case-ignored SHOULD receiver {A mail address and rfc822Name are compared whatever the case of their letters.} -needs {certificates} -reading {a MUST of 3 of the whole address; RFC 5280 7.5 has it of the host alone and the local part exact, so the host alone is judged}
req rfc4945/3.1.3/mail-compared-whole {MUST NOT} receiver {A part of a mail address, or a pattern, does not match an rfc822Name.} -needs {certificates} -reading {5.1.3.6.3 says of IKEv2 that the field matches}
req rfc4945/3.1.3/mail-mismatch-aborts MUST receiver {A mail address that no rfc822Name of the certificate equals ends the setup of the SA; that is the default.} -needs {certificates} -reading {5.1.3.6.3 says of IKEv2 that the field matches}

# 3.1.5 Distinguished names
req rfc4945/3.1.5/dn-supported SHOULD both {ID_DER_ASN1_DN can be received, and sent where the owner wants it.} -needs {certificates} -reading {a MUST of 3}
req rfc4945/3.1.5/subject-octets-sent SHOULD sender {A distinguished name that is sent is the whole subject of the certificate, octet by octet.} -needs {certificates} -reading {a MUST of 3}
req rfc4945/3.1.5/dn-mismatch-aborts SHOULD receiver {A distinguished name that is not the subject of the certificate ends the setup of the SA.} -needs {certificates} -reading {a MUST of 3}
req rfc4945/3.1.5/empty-subject-not-sent {SHOULD NOT} sender {An empty subject is not sent as identity.} -needs {certificates} -reading {a MUST NOT of 3} -gap {the device's own certificate would need an empty subject, and its owner would have to configure an empty name: what daemons make of that is a refusal to start}

# 3.1.6, 3.1.7 Types of no use
req rfc4945/3.1.6/general-name-not-sent {SHOULD NOT} sender {ID_DER_ASN1_GN is not sent.} -needs {certificates} -reading {a MUST NOT of 3}
req rfc4945/3.1.7/key-id-not-sent {SHOULD NOT} sender {ID_KEY_ID is not sent by an end that proves itself with a certificate.} -needs {certificates} -reading {a MUST NOT in the table of 3.1; 3.1.7 calls the type out of scope}

# 3.1.8 to 3.1.10 Several identities
req rfc4945/3.1.8/several-identities SHOULD receiver {A certificate may hold several identities: a subject, and any number of names in subjectAltName.} -needs {certificates} -reading {a MUST of 3}
req rfc4945/3.1.9/subject-for-dn-only {MUST NOT} receiver {A host name, mail address or address in the subject is no identity.} -needs {certificates} -reading {a MUST NOT of 3; 5.1.3.6.1 to 5.1.3.6.3 say of IKEv2 that the field of that type matches}
req rfc4945/3.1.10/policy-by-id SHOULD receiver {The identity that was sent selects the policy, before any other of the certificate.} -needs {certificates} -reading {a MUST of 3} -gap {two policies for one certificate are wanted, and setups have one connection}
req rfc4945/3.1.10/specific-policy-first SHOULD receiver {Of policies that overlap by wildcards the most specific one is used.} -needs {certificates} -reading {a MUST of 3} -gap {two policies for one peer are wanted, and setups have one connection}
req rfc4945/3.1.10/other-identities-tried MAY receiver {Where no policy fits the identity that was sent, others of the certificate may select one.} -needs {certificates}

# 3.2 Certificate request payload
req rfc4945/3.2.3/crl-not-asked-for {SHOULD NOT} sender {CRLs and ARLs are not asked for.} -needs {certificates}
req rfc4945/3.2.3/crl-not-required {SHOULD NOT} sender {A device fails for no CRL that it did not get, even where it asked.} -needs {certificates} -reading {a MUST NOT of 3}
req rfc4945/3.2.3/crl-request-ignored MAY receiver {A request for a CRL may be ignored.} -needs {certificates}
req rfc4945/3.2.4/pkcs7-request-not-required {SHOULD NOT} receiver {No request for PKCS #7 is needed to get a certificate sent.} -needs {certificates}
req rfc4945/3.2.4/pkcs7-request-as-x509 MAY receiver {A request for PKCS #7 may be taken as one for X.509.} -needs {certificates}
req rfc4945/3.2.6/asks-when-wanted SHOULD sender {An end that wants to get certificates sends a request.} -needs {certificates} -reading {a MUST of 3; RFC 7296 3.7 leaves it to the sender whether it wants any}
req rfc4945/3.2.7.1/anchors-named SHOULD sender {Every trust anchor that policy has for the exchange is named in a request.} -needs {certificates} -reading {by the hash of its key, RFC 7296 3.7, not by its subject; one request can name them all}
req rfc4945/3.2.7.1/end-entity-answers SHOULD receiver {A request is answered with the end entity certificate of that CA at least.} -needs {certificates} -reading {a MUST of 3; a SHOULD of RFC 7296 3.6}
req rfc4945/3.2.7.1/anchor-by-heuristics SHOULD sender {With certificates under several anchors, local rules choose the anchor to ask for.} -needs {certificates} -untestable {local rules, whatever they are}
req rfc4945/3.2.7.2/authority-named SHOULD sender {A request for X.509 names an authority.} -needs {certificates} -reading {an empty field may be right where hundreds of CAs are known; setups have one}
req rfc4945/3.2.7.2/authority-by-address SHOULD responder {A gateway with many CAs looks for one by the address of the peer, then for defaults of its configuration.} -needs {certificates} -gap {setups have one CA and one peer}
req rfc4945/3.2.7.2/empty-or-refuse SHOULD responder {A gateway that finds none can be configured to send an empty request or to refuse.} -needs {certificates} -untestable {a matter of the management interface}
req rfc4945/3.2.7.2/empty-request-no-trust SHOULD responder {After an empty request, a certificate under an unknown anchor, or one not configured for the policy, still ends the setup.} -needs {certificates} -reading {a MUST of 3} -gap {a device sends empty requests where its owner wants them, which is in no setup; that strangers are refused is judged under rfc5280/6.1/path-valid}
req rfc4945/3.2.8.1/odd-request-tolerated SHOULD receiver {Requests of a type that is not supported do no harm.} -needs {certificates} -reading {a MUST of 3; they may be taken as requests without authority}
req rfc4945/3.2.8.2/odd-authority-tolerated SHOULD receiver {Requests whose authorities cannot be read do no harm.} -needs {certificates} -reading {a MUST of 3} -gap {in IKEv2 authorities are a row of hashes: all that cannot be read is a wrong length, for which RFC 7296 3.10.1 has INVALID_SYNTAX}
req rfc4945/3.2.8.3/request-order-not-assumed SHOULD receiver {Requests may come in any order.} -needs {certificates} -reading {a MUST of 3}
req rfc4945/3.2.9.1/no-request-twice {SHOULD NOT} sender {The same request is not sent twice.} -needs {certificates}
req rfc4945/3.2.9.2/hint-by-lower-ca MAY sender {Certificates that are known already may be named in a request, for the peer to leave out.} -needs {certificates}
req rfc4945/3.2.9.2/changed-end-entity-noticed SHOULD sender {An end that gives such hints notices when the certificate of the peer has changed, and asks for all of it when it tries again.} -needs {certificates} -reading {a MUST of 3, for those who give hints} -gap {a cache from an earlier exchange is wanted, and a device that gives hints: none of the daemons here does}

# 3.3 Certificate payload
req rfc4945/3.3/order-not-assumed MUST receiver {CERT payloads behind the first may come in any order.} -needs {certificates} -reading {4.3.3 says it of IKEv2, of all but the first}
req rfc4945/3.3/needless-tolerated MUST receiver {Certificates that belong to no path of the peer's do no harm.} -needs {certificates} -reading {an implementation expects more than it needs}
req rfc4945/3.3/anchor-not-sent {SHOULD NOT} sender {The certificate of the trust anchor itself is not sent.} -needs {certificates}
req rfc4945/3.3/path-sent MAY sender {Certificates between its own and the anchor are sent, too.} -needs {certificates} -reading {a MAY; with CERTREQ RFC 7296 3.7 wants a chain that matches}
req rfc4945/3.3.3/crl-not-sent {SHOULD NOT} sender {CRLs and ARLs are not sent.} -needs {certificates}
req rfc4945/3.3.4/pkcs7-not-sent {SHOULD NOT} sender {Certificates are not sent as PKCS #7.} -needs {certificates}
req rfc4945/3.3.4/pkcs7-accepted SHOULD receiver {Certificates in PKCS #7 are accepted.} -needs {certificates} -gap {RFC 7296 3.6 leaves the form of this encoding undefined, and 3.2.4 deprecates it: no octets can be called right}
req rfc4945/3.3.6/nothing-unasked {SHOULD NOT} sender {Without a request no certificate is sent.} -needs {certificates} -gap {RFC 7296 3.6 wants the opposite of IKEv2: certificates are sent if there are any}
req rfc4945/3.3.6/request-ignored-out-of-band SHOULD receiver {Where certificates are exchanged by other means, requests are ignored.} -needs {certificates} -gap {no setup gives the device the certificate of the tester beforehand, and the drivers have no switch for it}
req rfc4945/3.3.6/unknown-authorities-end-it MAY receiver {Requests that name unknown authorities only may end the exchange.} -needs {certificates} -reading {RFC 7296 3.7 has them do no harm, which is judged under rfc7296/3.7/certreq-is-hint}
req rfc4945/3.3.7/any-authority-answers MAY sender {Of several authorities that were named, any may be chosen for the answer.} -needs {certificates}
req rfc4945/3.3.8/cached-certificates-used MAY receiver {Certificates that are at hand already need not be read again.} -needs {certificates}
req rfc4945/3.3.9/one-end-entity {SHOULD NOT} sender {No more than one end entity certificate is sent.} -needs {certificates}
req rfc4945/3.3.9/end-entities-one-key SHOULD sender {Where there are several, they are all for one key.} -needs {certificates} -reading {a MUST of 3}
req rfc4945/3.3.10.1/odd-cert-type-tolerated SHOULD receiver {CERT payloads of a type that is not known or supported do no harm.} -needs {certificates} -reading {a MUST of 3}
req rfc4945/3.3.10.2/undecodable-cert-tolerated SHOULD receiver {A CERT payload, beside those that are needed, that cannot be read does no harm.} -needs {certificates} -reading {a MUST of 3}
req rfc4945/3.3.10.4/same-cert-twice SHOULD receiver {The same certificate may come more than once.} -needs {certificates} -reading {a MUST of 3}
req rfc4945/3.3.10.5/needless-crl-tolerated SHOULD receiver {CRLs that nobody needs do no harm.} -needs {certificates} -reading {a MUST of 3}
req rfc4945/3.3.10.5/needless-sent MAY sender {Certificates that are not needed may be sent.} -needs {certificates}
req rfc4945/3.3.11.1/no-cert-twice {SHOULD NOT} sender {The same certificate is not sent twice.} -needs {certificates}
req rfc4945/3.3.11.2/end-entity-always SHOULD sender {The end entity certificate is always sent, even where the path is cut short.} -needs {certificates}
req rfc4945/3.3.11.2/shortest-path MAY sender {Of a path whose authorities were named in requests, the shortest part may be sent.} -needs {certificates}
req rfc4945/3.3.11.3/same-cert-discarded SHOULD receiver {A certificate that was received already is discarded.} -needs {certificates} -untestable {what is kept of two equal certificates shows nowhere; that the second does no harm is judged}

# 4 What IKEv2 has in place of IKEv1
req rfc4945/4.1/other-idr-chosen MAY responder {The responder's IDr may be another than the one that the initiator asked for.} -needs {certificates}
req rfc4945/4.1/other-idr-received MUST initiator {The initiator can receive an IDr of another type than it sent.} -needs {certificates} -gap {setups name the peer, so that another IDr is refused by policy (RFC 7296 3.5), and rightly: to receive it in vain looks the same}
req rfc4945/4.2.1.1/lookup-by-http MUST sender {Who announces that it looks certificates up supports http, and asks for no form of the path.} -needs {hash-and-url} -reading {4.3.1, too}
req rfc4945/4.2.1.2/request-in-place SHOULD sender {Requests are in the response of IKE_SA_INIT and in the request of IKE_AUTH.} -needs {certificates} -reading {lower case}
req rfc4945/4.3.1/url-user-and-port SHOULD receiver {User name, password and port in a URL are supported.} -needs {hash-and-url} -reading {who announced that it looks certificates up; ftp is a MAY}
req rfc4945/4.3.2/certificate-in-place MUST sender {Certificates are in IKE_AUTH, not before.} -needs {certificates}

# 5 Certificates
req rfc4945/5.1/checks-by-default MUST receiver {All checks of certificates are on unless the owner switched them off.} -needs {certificates} -untestable {each check is judged by itself, on devices that have none switched off}
req rfc4945/5.1.1/old-versions-refused MAY receiver {Certificates of versions 1 and 2 may be refused, unless they are trust anchors.} -needs {certificates}
req rfc4945/5.1.2.1/empty-subject-accepted MUST receiver {A certificate with an empty subject and its identity in subjectAltName is accepted.} -needs {certificates}
req rfc4945/5.1.3/unknown-critical-refused MUST receiver {A certificate with a critical extension that is not understood is not used.} -needs {certificates} -reading {RFC 5280 4.2}
req rfc4945/5.1.3/critical-known MUST receiver {Key usage, subjectAltName and basicConstraints are understood, critical or not.} -needs {certificates}
req rfc4945/5.1.3/unknown-noncritical-accepted SHOULD receiver {An extension that is not understood and not critical does no harm.} -needs {certificates} -reading {a row of the table; by RFC 5280 4.2, too}
req rfc4945/5.1.3.1/key-identifiers-not-assumed {SHOULD NOT} receiver {Certificates without key identifiers of themselves and of their issuers are accepted.} -needs {certificates} -reading {the certificates of the lab have none}
req rfc4945/5.1.3.2/key-usage-signs MUST receiver {A certificate whose key usage allows neither digitalSignature nor nonRepudiation does not verify AUTH.} -needs {certificates}
req rfc4945/5.1.3.2/key-usage-accepted MUST receiver {A certificate without key usage, or with digitalSignature or nonRepudiation and any others in it, is accepted.} -needs {certificates} -reading {one of the two bits "MUST be set", any others are "fine", and the flow of checks goes on}
req rfc4945/5.1.3.3/key-period-ignored SHOULD receiver {The usage period of a private key is ignored.} -needs {certificates}
req rfc4945/5.1.3.4/policies-accepted {SHOULD NOT} receiver {A certificate is not refused because it names certificate policies.} -needs {certificates} -reading {by those who can process the extension; not critical, it does no harm to others}
req rfc4945/5.1.3.6.1/name-unresolved-accepted {SHOULD NOT} receiver {That a dNSName is not to be found in the DNS is no error.} -needs {certificates} -reading {no name of the lab is}
req rfc4945/5.1.3.6.1/wildcard-invalid MAY receiver {A dNSName with a wildcard may be taken for a wrong one.} -needs {certificates}
req rfc4945/5.1.3.6.3/mail-need-not-exist {SHOULD NOT} receiver {That there is mail at an rfc822Name is not assumed.} -needs {certificates} -reading {nobody has mail in the lab}
req rfc4945/5.1.3.8/directory-attributes-ignored MAY receiver {Subject directory attributes that are not critical may be ignored.} -needs {certificates}
req rfc4945/5.1.3.9/authority-says-so MUST receiver {A certificate of a CA without basicConstraints is refused; that is the default.} -needs {certificates} -reading {a SHOULD, and a MUST as the default; of CAs below the anchor: 5.1.1 has anchors of any version}
req rfc4945/5.1.3.12/extended-usage-fits SHOULD receiver {A certificate whose extended key usage names neither ipsecIKE nor any does not verify AUTH.} -needs {certificates} -reading {the flow of checks ends with a refusal unless the owner had the extension ignored, so no more than a warning}
req rfc4945/5.1.3.12/extended-usage-accepted MUST receiver {A certificate without extended key usage, or with ipsecIKE or any in it, is accepted.} -needs {certificates} -reading {the same flow}
req rfc4945/5.1.3.17/subject-info-ignored SHOULD receiver {Subject information access is ignored.} -needs {certificates}

# 5.3 Signatures of certificates
req rfc4945/5.3/old-hashes-validated MUST receiver {Certificates that were signed with RSA over SHA-1 or MD5 can be validated.} -needs {certificates} -gap {superseded: RFC 8247 wants SHA-1 and MD5 gone, so that a device that refuses them does better}
req rfc4945/5.3/sha2-256-certificates SHOULD receiver {Certificates that were signed with RSA over SHA2-256 can be validated.} -needs {certificates}
