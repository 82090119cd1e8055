# integrity.tcl - RFC 7296 section 3.14: what fails its checksum, or cannot have one, is dropped without a word.

rows sk/octet-flipped {
    title   "A request with one wrong octet is dropped without an answer, wherever the octet stands"
    cites   {$req}
    device  both
    needs   {psk}
    setup   $setup
    bent    {checksum-not-looked-at}
    tags    {sk}
    why     "Whoever is on the path changes what the ends say to each other."
    hint    "Is the checksum verified over the whole message, header included, before anything else? Under a combined-mode cipher the header is associated data, as is all in front of the IV."
} {setup at req} {
    cbc-last-of-checksum   psk                                                             end     rfc7296/3.14/integrity-checked
    cbc-first-of-checksum  psk                                                             end-15  rfc7296/3.14/integrity-checked
    cbc-pad-length         psk                                                             end-16  rfc7296/3.14/integrity-checked
    cbc-ciphertext         psk                                                             48      rfc7296/3.14/integrity-checked
    cbc-iv-first           psk                                                             32      rfc7296/3.14/integrity-checked
    cbc-iv-last            psk                                                             47      rfc7296/3.14/integrity-checked
    cbc-sk-reserved        psk                                                             29      rfc7296/3.14/integrity-checked
    cbc-header-flags       psk                                                             19      rfc7296/3.14/integrity-checked
    cbc-header-version     psk                                                             17      rfc7296/3.14/integrity-checked
    cbc-header-exchange    psk                                                             18      rfc7296/3.14/integrity-checked
    cbc-sk-next            psk                                                             28      rfc7296/3.14/integrity-checked
    gcm-last-of-checksum   psk-aead                                                        end     rfc7296/3.14/integrity-checked
    gcm-first-of-checksum  psk-aead                                                        end-15  rfc7296/3.14/integrity-checked
    gcm-pad-length         psk-aead                                                        end-16  rfc7296/3.14/integrity-checked
    gcm-iv-last            psk-aead                                                        39      rfc7296/3.14/integrity-checked
    gcm-sk-reserved        psk-aead                                                        29      rfc7296/3.14/integrity-checked
    gcm-header-flags       psk-aead                                                        19      rfc7296/3.14/integrity-checked
    gcm-header-exchange    psk-aead                                                        18      rfc7296/3.14/integrity-checked
    gcm-sk-next            psk-aead                                                        28      rfc7296/3.14/integrity-checked
    gcm-12-header          {psk ike {{ENCR_AES_GCM_12-128 PRF_HMAC_SHA2_256 ECP_256}}}     19      rfc5282/5.1/associated-data-checked
    gcm-12-last            {psk ike {{ENCR_AES_GCM_12-128 PRF_HMAC_SHA2_256 ECP_256}}}     end     rfc5282/5.1/associated-data-checked
    gcm-8-reserved         {psk ike {{ENCR_AES_GCM_8-256 PRF_HMAC_SHA2_256 ECP_256}}}      29      rfc5282/5.1/associated-data-checked
    gcm-8-first            {psk ike {{ENCR_AES_GCM_8-256 PRF_HMAC_SHA2_256 ECP_256}}}      end-7   rfc5282/5.1/associated-data-checked
    ccm-header             {psk ike {{ENCR_AES_CCM_16-128 PRF_HMAC_SHA2_256 ECP_256}}}     17      rfc5282/5.1/associated-data-checked
    ccm-reserved           {psk ike {{ENCR_AES_CCM_16-128 PRF_HMAC_SHA2_256 ECP_256}}}     29      rfc5282/5.1/associated-data-checked
    ccm-iv                 {psk ike {{ENCR_AES_CCM_16-128 PRF_HMAC_SHA2_256 ECP_256}}}     39      rfc5282/5.1/associated-data-checked
    ccm-text               {psk ike {{ENCR_AES_CCM_16-128 PRF_HMAC_SHA2_256 ECP_256}}}     end-16  rfc5282/5.1/associated-data-checked
    ccm-last               {psk ike {{ENCR_AES_CCM_16-128 PRF_HMAC_SHA2_256 ECP_256}}}     end     rfc5282/5.1/associated-data-checked
    ccm-8-first            {psk ike {{ENCR_AES_CCM_8-192 PRF_HMAC_SHA2_256 ECP_256}}}      end-7   rfc5282/5.1/associated-data-checked
    chacha-header          {psk ike {{ENCR_CHACHA20_POLY1305 PRF_HMAC_SHA2_256 ECP_256}}}  19      rfc5282/5.1/associated-data-checked
    chacha-iv              {psk ike {{ENCR_CHACHA20_POLY1305 PRF_HMAC_SHA2_256 ECP_256}}}  32      rfc5282/5.1/associated-data-checked
    chacha-last            {psk ike {{ENCR_CHACHA20_POLY1305 PRF_HMAC_SHA2_256 ECP_256}}}  end     rfc5282/5.1/associated-data-checked
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -octets { string replace $bytes $at $at [binary format c [expr {[scan [string index $bytes $at] %c] ^ 1}]] }
    rx-none $sa INFORMATIONAL response -for settle
    alive-sa $sa
}

rows sk/octet-flipped-length {
    title   "A protected request with one wrong octet, so that its payloads cannot be told, is dropped and does no harm"
    cites   {rfc7296/3.10.1/invalid-syntax-verified-only rfc7296/3.14/integrity-checked}
    device  both
    needs   {psk}
    setup   $setup
    bent    {unverified-answered}
    tags    {sk dos}
    why     "One datagram of anybody who has seen the SPIs ends an SA that stands."
    hint    "What cannot be read cannot be verified either, so nobody is told and nothing changes."
} {setup at} {
    cbc-header-next    psk       16
    cbc-header-length  psk       27
    cbc-sk-length      psk       31
    gcm-header-next    psk-aead  16
    gcm-header-length  psk-aead  27
    gcm-sk-length      psk-aead  31
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -octets { string replace $bytes $at $at [binary format c [expr {[scan [string index $bytes $at] %c] ^ 1}]] }
    rx-none $sa INFORMATIONAL response -for settle -req rfc7296/3.10.1/invalid-syntax-verified-only
    alive-sa $sa -req rfc7296/3.14/integrity-checked
}

rows sk/cut-short {
    title   "A request whose Encrypted payload is too short is dropped and does no harm"
    cites   {rfc7296/3.10.1/invalid-syntax-verified-only rfc7296/3.14/integrity-checked}
    device  both
    needs   {psk}
    setup   $setup
    bent    {integrity-checked-or-dies unverified-answered}
    tags    {sk}
    why     "Lengths computed from what is there become negative, and the device stops."
    hint    "Is there room for IV, pad length and checksum before any of them is used? An answer to what nobody verified also uses up the message id."
} {setup body} {
    cbc-nothing      psk      0
    cbc-one          psk      1
    cbc-half-iv      psk      8
    cbc-iv           psk      16
    cbc-no-text      psk      32
    cbc-no-block     psk      41
    gcm-nothing      psk-aead 0
    gcm-half-iv      psk-aead 4
    gcm-iv           psk-aead 8
    gcm-no-text      psk-aead 24
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -octets {
        set short [string range $bytes 0 [expr {31 + $body}]]
        set short [string replace $short 24 27 [binary format I [expr {32 + $body}]]]
        string replace $short 30 31 [binary format S [expr {4 + $body}]]
    }
    rx-none $sa INFORMATIONAL response -for settle -req rfc7296/3.10.1/invalid-syntax-verified-only
    alive-sa $sa -req rfc7296/3.14/integrity-checked
}

rows sk/cut-datagram {
    title   "A protected request whose datagram ends early is dropped and does no harm"
    cites   {rfc7296/3.10.1/invalid-syntax-verified-only rfc7296/3.14/integrity-checked}
    device  both
    needs   {psk}
    setup   psk
    bent    {unverified-answered}
    vary    {judged {answer sa}}
    tags    {sk dos}
    why     "One datagram of anybody who has seen the SPIs ends an SA that stands."
    hint    "The lengths in it say that something is missing: nothing of it is verified, so nobody is told and nothing changes."
} {last} {
    last-octet   end-1
    text         end-25
    sk-header    29
    header       27
} {
    set sa [ike establish]
    tx $sa INFORMATIONAL -octets { string range $bytes 0 $last }
    if {$judged eq "answer"} {
        rx-none $sa INFORMATIONAL response -for settle -req rfc7296/3.10.1/invalid-syntax-verified-only
    } else {
        settle
        alive-sa $sa -req rfc7296/3.14/integrity-checked
    }
}

testcase sk/clear-request-ignored {
    title   "An INFORMATIONAL request that is not encrypted is not acted upon"
    cites   {rfc7296/3.14/clear-after-init-ignored}
    device  both
    needs   {psk}
    setup   psk
    bent    {unprotected-not-trusted}
    tags    {sk}
    why     "Anybody who sees the SPIs can delete the SA."
} {
    set sa [ike establish]
    set m [msg new INFORMATIONAL request]
    msg add $m D protocol IKE
    tx $sa $m -clear 1 -mid [sa $sa next_request]
    rx-none $sa INFORMATIONAL response -for settle
    alive-sa $sa
}

testcase sk/clear-auth-ignored {
    title   "An IKE_AUTH request that is not encrypted makes no SA"
    cites   {rfc7296/1.2/auth-protected}
    device  responder
    needs   {psk}
    setup   psk
    bent    {clear-trusted}
    tags    {sk auth}
    why     "Identities travel in clear, and the rest unprotected."
} {
    set sa [ike init]
    tx $sa IKE_AUTH -clear 1
    rx-none $sa IKE_AUTH response -has {AUTH} -for settle
    no-sa $sa
}
