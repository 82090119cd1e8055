# proposal.tcl - bent devices for KE and proposals: the built-in device with edits of what it sends and hears.

# --- KE

bent sends-short-value {
    title "Sends a public value without its first octet"
    edit  {IKE_SA_INIT any { if {[msg has $m KE]} { msg set $m KE.data 0x[string range [msg get $m KE.data] 4 end] } }}
}
bent names-group-in-one-octet {
    title "Names the group in one octet"
    edit  {any response { if {[msg has $m N(INVALID_KE_PAYLOAD)]} { msg set $m N(INVALID_KE_PAYLOAD).data 0x13 } }}
}
bent names-group-not-offered {
    title "Names a group that nobody offered"
    edit  {any response { if {[msg has $m N(INVALID_KE_PAYLOAD)]} { msg set $m N(INVALID_KE_PAYLOAD).data 0x0015 } }}
}
bent offers-less-in-retry {
    title "Offers only the named group when it repeats the request"
    edit  {IKE_SA_INIT request { if {[msg get $m KE.group] eq "CURVE25519"} { msg remove $m SA.1.KE } }}
}
bent retry-with-short-value {
    title "Names the group that was asked for, with a value that is too short for it"
    edit  {IKE_SA_INIT request {
        if {[msg get $m KE.group] eq "CURVE25519"} { msg set $m KE.data 0x[string range [msg get $m KE.data] 4 end] }
    }}
}
bent sends-other-group {
    title "Sends a KE of another group than it names"
    edit  {IKE_SA_INIT any { if {[msg has $m KE]} { msg set $m KE.group ECP_384 } }}
}
bent sends-second-group {
    title "Sends a KE of the group that it names last"
    edit  {IKE_SA_INIT request { msg set $m KE.group CURVE25519 }}
}

# --- choosing

bent answers-other-number {
    title "Answers with a proposal number that was not offered"
    edit  {IKE_SA_INIT response { if {[msg has $m SA]} { msg set $m SA.1.number 99 } }}
}
bent answers-two-ciphers {
    title "Answers with two ciphers"
    edit  {IKE_SA_INIT response { if {[msg has $m SA]} { msg double $m SA.1.ENCR } }}
}
bent answers-other-bits {
    title "Answers with another key length than was offered"
    edit  {IKE_SA_INIT response { if {[msg has $m SA]} { msg set $m SA.1.ENCR.keylen 160 } }}
}
bent knows-all-or-nothing {
    title "Drops requests in which it does not know every transform"
    hear  {IKE_SA_INIT request {
        foreach p [msg paths $m] {
            lassign $p path value
            if {[string match {SA.*attribute*.type} $path] && $value ne "KEY_LENGTH"} { return drop }
            if {[string match {SA.*transform*.type} $path] && [string is integer $value]} { return drop }
            if {[string match {SA.*transform*.id} $path] && [string is integer $value] && $value >= 900} { return drop }
        }
    }}
}
bent answers-aead-with-integrity {
    title "Accepts a combined-mode cipher together with an integrity algorithm"
    hear  {IKE_SA_INIT request { msg remove $m SA.1.INTEG }}
    edit  {IKE_SA_INIT response {
        if {[msg has $m SA]} {
            msg double $m SA.1.PRF
            msg set $m SA.1.PRF.type INTEG
            msg set $m SA.1.INTEG.id AUTH_HMAC_SHA2_256_128
        }
    }}
}
bent answers-esp-aead-with-integrity {
    title "Accepts a combined-mode cipher together with an integrity algorithm for ESP"
    hear  {IKE_AUTH request { if {[msg has $m SA] && [msg exists $m SA.1.INTEG]} { msg remove $m SA.1.INTEG } }}
    edit  {IKE_AUTH response {
        if {[msg has $m SA]} { msg double $m SA.1.ESN; msg set $m SA.1.2.type INTEG SA.1.2.id AUTH_HMAC_SHA2_256_128 }
    }}
}
bent drops-integrity-none {
    title "Drops requests that name NONE as integrity algorithm"
    hear  {IKE_SA_INIT request { if {[msg exists $m SA.1.INTEG] && [msg get $m SA.1.INTEG.id] in {0 NONE AUTH_NONE}} { return drop } }}
}

# --- form of what is sent

bent knows-first-proposal-only {
    title "Takes no answer but one to its first proposal"
    hear  {IKE_SA_INIT response { if {[msg has $m SA.1.number=2]} { return drop } }}
}
bent offers-gap-in-numbers { title "Numbers its second proposal 7" edit {IKE_SA_INIT request { msg set $m SA.2.number 7 }} }
bent offers-number-zero-first { title "Numbers its proposals from 0" edit {IKE_SA_INIT request { msg set $m SA.1.number 0 SA.2.number 1 }} }
bent offers-spi { title "Has an SPI in the first proposal" edit {IKE_SA_INIT request { msg set $m SA.1.spi 0x0102030405060708 }} }
bent offers-without-prf { title "Offers no PRF" edit {IKE_SA_INIT request { msg remove $m SA.1.PRF }} }
bent offers-without-key-length { title "Offers AES without key length" edit {IKE_SA_INIT request { msg remove $m SA.1.ENCR.KEY_LENGTH }} }
bent offers-key-length-for-prf { title "Gives a key length for the PRF" edit {IKE_SA_INIT request { msg set $m SA.1.PRF.keylen 256 }} }
bent offers-variable-key-length {
    title "Sends the key length as an attribute of variable length"
    edit  {IKE_SA_INIT request { msg set $m SA.1.ENCR.KEY_LENGTH.af 0 SA.1.ENCR.KEY_LENGTH.data 0x0100 SA.1.ENCR.KEY_LENGTH.value auto }}
}
bent offers-two-key-lengths { title "Gives two key lengths for one transform" edit {IKE_SA_INIT request { msg double $m SA.1.ENCR.KEY_LENGTH }} }
bent offers-aead-with-integrity {
    title "Offers an integrity algorithm with a combined-mode cipher"
    edit  {IKE_SA_INIT request {
        msg double $m SA.1.PRF
        msg set $m SA.1.PRF.type INTEG
        msg set $m SA.1.INTEG.id AUTH_HMAC_SHA2_256_128
    }}
}
bent offers-aead-with-none {
    title "Offers NONE as integrity algorithm with a combined-mode cipher"
    edit  {IKE_SA_INIT request {
        msg double $m SA.1.PRF
        msg set $m SA.1.PRF.type INTEG
        msg set $m SA.1.INTEG.id 0
    }}
}
bent answers-spi { title "Has an SPI in its answer" edit {IKE_SA_INIT response { if {[msg has $m SA]} { msg set $m SA.1.spi 0x0102030405060708 } }} }
bent answers-other-protocol { title "Answers for ESP" edit {IKE_SA_INIT response { if {[msg has $m SA]} { msg set $m SA.1.protocol ESP } }} }
bent answers-without-prf { title "Leaves the PRF out of its answer" edit {IKE_SA_INIT response { if {[msg has $m SA]} { msg remove $m SA.1.PRF } }} }

# --- suites and ESP

bent knows-one-suite-only {
    title "Knows nothing but AES-CBC-256, HMAC-SHA2-256 and ECP-256"
    hear  {IKE_SA_INIT any {
        if {![msg has $m SA]} { return pass }
        if {[msg get $m SA.1.ENCR.id] ne "ENCR_AES_CBC" || [msg get $m SA.1.ENCR.keylen] != 256
            || [msg get $m SA.1.PRF.id] ne "PRF_HMAC_SHA2_256" || [msg get $m SA.1.KE.id] ne "ECP_256"
            || [msg get $m SA.1.INTEG.id] ne "AUTH_HMAC_SHA2_256_128"} { return drop }
    }}
}
bent answers-other-esp-number {
    title "Answers with an ESP proposal number that was not offered"
    edit  {IKE_AUTH response { if {[msg has $m SA]} { msg set $m SA.1.number 99 } }}
}
bent likes-no-esp-suite {
    title "Refuses every ESP suite, and offers none that anybody takes"
    edit  {IKE_AUTH response {
        foreach p {SA TSi TSr} { if {[msg has $m $p]} { msg remove $m $p } }
        msg add $m N(NO_PROPOSAL_CHOSEN)
    } IKE_AUTH request {
        if {[msg has $m SA]} { msg set $m SA.1.ENCR.id ENCR_3IDEA }
    }}
}
bent repairs-esp-offer {
    title "Takes any ESP proposal for the one it knows"
    told  {repair spi}
    hear  {IKE_AUTH request { if {[info exists repair]} { eval $repair } }}
}
bent says-other-child-error {
    title "Says TS_UNACCEPTABLE when the proposal is not acceptable"
    edit  {IKE_AUTH response {
        if {[msg has $m N(NO_PROPOSAL_CHOSEN)]} { msg set $m N(NO_PROPOSAL_CHOSEN).type TS_UNACCEPTABLE }
    }}
}
bent offers-group-in-auth {
    title "Offers a group in IKE_AUTH"
    edit  {IKE_AUTH request { msg double $m SA.1.ESN; msg set $m SA.1.3.type KE SA.1.3.id ECP_256 }}
}
bent sends-esp-without-esn {
    title "Leaves ESN out of ESP proposals"
    edit  {IKE_AUTH any { if {[msg has $m SA]} { msg remove $m SA.1.ESN } }}
}
bent sends-esp-spi-of-eight {
    title "The SPI of its ESP proposals has eight octets"
    edit  {IKE_AUTH any { if {[msg has $m SA]} { msg set $m SA.1.spi 0x[string range [msg get $m SA.1.spi] 2 end]0badc0de } }}
}
bent repairs-esp-answer {
    title "Takes any ESP proposal in the answer for the one it offered"
    told  {repair}
    hear  {IKE_AUTH response { if {[info exists repair]} { eval $repair } }}
}
bent refuses-other-group-otherwise {
    title "Says NO_PROPOSAL_CHOSEN in CREATE_CHILD_SA when KE is of another group"
    edit  {CREATE_CHILD_SA response {
        if {[msg has $m N(INVALID_KE_PAYLOAD)]} { msg set $m N(INVALID_KE_PAYLOAD).data 0x N(INVALID_KE_PAYLOAD).type NO_PROPOSAL_CHOSEN }
    }}
}
bent ignores-group-in-child {
    title "Takes INVALID_KE_PAYLOAD in CREATE_CHILD_SA for a refusal"
    hear  {CREATE_CHILD_SA response {
        if {[msg has $m N(INVALID_KE_PAYLOAD)]} { msg set $m N(INVALID_KE_PAYLOAD).data 0x N(INVALID_KE_PAYLOAD).type NO_PROPOSAL_CHOSEN }
    }}
}

# --- form

bent answers-two-key-lengths {
    title "Answers with two key lengths"
    edit  {IKE_SA_INIT response { if {[msg has $m SA]} { msg double $m SA.1.ENCR.KEY_LENGTH } }}
}
bent offers-ciphers-mixed {
    title "Offers AES-GCM in the proposal of AES-CBC"
    edit  {IKE_SA_INIT request { msg double $m SA.1.ENCR; msg set $m SA.1.ENCR.id ENCR_AES_GCM_16 }}
}
bent knows-no-optional-types {
    title "Drops requests for a Child SA with a key exchange in the proposal"
    hear  {CREATE_CHILD_SA request { if {[msg exists $m SA.1.KE]} { return drop } }}
}

bent offers-none-in-auth {
    title "Offers NONE as key exchange in IKE_AUTH"
    edit  {IKE_AUTH request { msg double $m SA.1.ESN; msg set $m SA.1.3.type KE SA.1.3.id 0 }}
}

bent bad-value-survived {
    title   "It answers a public value that fails its test with INVALID_SYNTAX, and keeps the IKE SA"
    edit    {CREATE_CHILD_SA response {
        if {![msg has $m SA]} {
            foreach p [msg payloads $m] { if {$p ne "SK"} { msg remove $m $p } }
            msg add $m N(INVALID_SYNTAX)
        }
    }}
    rulings {invalid-syntax-fatal}
}

bent same-value-always {
    title "It sends the same public value in every IKE_SA_INIT response"
    edit  {IKE_SA_INIT response {
        if {[msg has $m KE]} {
            if {![info exists own_value]} { set own_value [msg get $m KE.data] }
            msg set $m KE.data $own_value
        }
    }}
}
bent offers-kinds-together {
    title "It offers a combined-mode cipher and another in one proposal"
    edit  {IKE_SA_INIT request { msg double $m SA.1.1; msg set $m SA.1.2.id ENCR_AES_CBC }}
}

bent busy-with-long-offers {
    title       "Hears nothing more after an offer of more than 2000 octets"
    hear-octets {any any {
        if {[string length $bytes] > 2000} { set busy 1 }
        if {[info exists busy]} { return drop }
        set bytes
    }}
}
