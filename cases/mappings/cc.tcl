# cc.tcl - Common Criteria, FCS_IPSEC_EXT.1: its elements and their tests, and which of our cases judge the same; titles in our own words.
# Form: harness/lib/mapping.tcl.
#
# Followed are the elements and tests of NIAP's draft Functional Package for IPsec 1.0 (8 March 2022), read whole: FCS_IPSEC_EXT.1.4 is
# an element without numbered tests, FCS_IPSEC_EXT.1.1/2 test 2 of element 1.1. The PP-Module for VPN clients 2.4 has the same elements
# up to 1.11; what the package has as 1.12 is there 1.12 (types of identity) and 1.13 (no match, no SA), and 1.13 is there 1.14.
# The protection profile for network devices (NDcPP) numbers them otherwise, and its text was not to be had: its ids are not here. An
# evaluator's look at design (TSS) and guidance is never ours; where an element asks for nothing else it says "documents only".
# Which algorithms a device has to have differs from profile to profile; our cases go by RFC 8221 and RFC 8247.
mapping cc {Common Criteria, FCS_IPSEC_EXT.1} -source {draft Functional Package for IPsec 1.0, 2022-03-08}

item FCS_IPSEC_EXT.1.1/1 {Packets are protected, let by in clear or dropped as the SPD says} -by {esp/outside-selectors-dropped esp/selectors-of-the-sa esp/mode-works} -lacks {entries that let packets by in clear}
item FCS_IPSEC_EXT.1.1/2 {Entries that overlap, both directions, with and without an SA} -not {the neutral setups have one entry in the SPD of the device}
item FCS_IPSEC_EXT.1.2/1 {Tunnel mode} -by {child/tunnel-by-default esp/mode-works auth/four-messages}
item FCS_IPSEC_EXT.1.2/2 {Transport mode} -by {child/transport-confirmed child/transport-declined esp/transport-form esp/mode-works}
item FCS_IPSEC_EXT.1.2/3 {Where both modes exist each is used for its own traffic only} -not {the neutral setups have one entry in the SPD of the device, in one mode}
item FCS_IPSEC_EXT.1.3 {What no entry of the SPD matches is dropped} -by {esp/outside-selectors-dropped ts/answer-beyond-offer} -lacks {packets that reach the device in clear}
item FCS_IPSEC_EXT.1.4 {ESP by AES-GCM, or AES-CBC with HMAC} -by {rfc8221/5/esp-aes-gcm-16 rfc8221/5/esp-aes-cbc esp/suite-works}
item FCS_IPSEC_EXT.1.5/1 {A NAT is passed} -by {nat/mismatch-floats nat/esp-in-udp nat/reply-to-odd-port nat/hashes-sent}
item FCS_IPSEC_EXT.1.5/2 {IKEv1 in aggressive mode is refused} -not {IKEv1 is not spoken; that it is not taken for IKEv2 is judged by header/version-one}
item FCS_IPSEC_EXT.1.6 {The Encrypted payload by AES-CBC with HMAC, or AES-GCM} -by {proposal/suite proposal/suite-recommended proposal/suite-configured sk/suite-works}
item FCS_IPSEC_EXT.1.7/1 {An SA ends after the packets or octets that were configured} -by {esp/lifetimes}
item FCS_IPSEC_EXT.1.7/2 {An IKE SA is renewed or closed within its time, 24 hours at most} -by {rekey/ike-by-time} -lacks {the 24 hours themselves: the time is configured short}
item FCS_IPSEC_EXT.1.7/3 {A Child SA is renewed or closed within its time, 8 hours at most} -by {rekey/child-by-time rekey/expired-not-used} -lacks {the 8 hours themselves: the time is configured short}
item FCS_IPSEC_EXT.1.7/4 {Fixed lifetimes of IKEv1} -not {IKEv1 is not spoken}
item FCS_IPSEC_EXT.1.8 {Each group is usable: 19, 20 and what else is claimed} -by {proposal/suite/group-14 proposal/suite-recommended/group-19 proposal/suite-configured/ecp-384 ke/group-sent} -lacks {groups 15 and 24; RFC 8247 has retired 24}
item FCS_IPSEC_EXT.1.9 {The secret of the key exchange is random and long enough} -not {documents only: a secret does not show}
item FCS_IPSEC_EXT.1.10 {Nonces do not come again} -by {sa-init/fresh sa-init/nonce-random sa-init/nonce-sent hygiene/nothing-used-twice}
item FCS_IPSEC_EXT.1.11/1 {The device makes a key pair and a request for a certificate} -not {a task of management; the lab brings keys and certificates with it}
item FCS_IPSEC_EXT.1.11/2 {An SA by certificate and signature} -by {cert/handshake cert/chain-accepted cert/method-works}
item FCS_IPSEC_EXT.1.11/3 {A certificate that was revoked gives no SA} -not {revocation lists and OCSP reach a device by its own configuration; the lab has neither}
item FCS_IPSEC_EXT.1.11/4 {Where pre-shared keys are claimed they are wanted} -by {auth/psk-mismatch-refused auth/psk-mismatch-refused-as-initiator auth/secret-whole auth/mixed-proof-refused}
item FCS_IPSEC_EXT.1.11/5 {The identity configured stands in the certificate: an SA} -by {cert/identity-by-type/name cert/identity-by-type/mail cert/identity-by-type/address cert/identity-beside-others}
item FCS_IPSEC_EXT.1.11/6 {The identity configured does not stand in the certificate: no SA} -by {cert/identity-refused}
item FCS_IPSEC_EXT.1.11/7 {A common name counts for nothing beside subjectAltName} -by {cert/identity-refused/common-name cert/identity-refused/other-and-cn}
item FCS_IPSEC_EXT.1.11/8 {Distinguished names are compared whole} -not {the neutral setups name peers by host name, mail, address and key id, not by distinguished name}
item FCS_IPSEC_EXT.1.11/9 {Addresses as identities, of both families} -by {cert/identity-by-type/address cert/identity-by-type/address-other id/ipv6-accepted} -lacks {an address that is not that of the IP header: RFC 4945 3.1.1 refuses it by default, RFC 7296 3.5 does not ask for it (id/not-tied-to-address)}
item FCS_IPSEC_EXT.1.11/10 {ID payload and certificate differ: no SA} -by {cert/identity-refused cert/identity-by-type}
item FCS_IPSEC_EXT.1.12 {No SA unless the identity of the certificate is the one configured} -by {cert/identity-refused id/mismatch-refused rfc4945/3.1/id-in-certificate}
item FCS_IPSEC_EXT.1.13/1 {Each algorithm that is claimed makes an SA} -by {proposal/suite proposal/suite-recommended sk/suite-works esp/suite-works}
item FCS_IPSEC_EXT.1.13/2 {A Child SA with longer keys than the IKE SA is refused} -not {RFC 7296 has no such rule, so refusing it is a departure that a profile may ask for}
item FCS_IPSEC_EXT.1.13/3 {An algorithm that is not configured makes no IKE SA} -by {proposal/not-configured proposal/none-acceptable proposal/weak}
item FCS_IPSEC_EXT.1.13/4 {An algorithm that is not configured makes no Child SA} -by {proposal/esp-refused proposal/esp-refusal-said proposal/esp-weak}
item {FCS_IPSEC_EXT.2.1 FCS_IPSEC_EXT.2.2 FCS_IPSEC_EXT.2.3 FCS_IPSEC_EXT.2.4} {EAP-TLS and EAP-TTLS} -not {the engine speaks no EAP yet}
