# sizes.tcl - RFC 4303 sections 2.4 and 3.3.2: payloads of every size around the block of every algorithm, both ways.

rows esp/sizes {
    title   "Payloads of any size pass under this suite, padded and covered as they have to be"
    cites   {$covered rfc4303/2.4/padding-supported rfc4303/2.4/padding-aligns-block rfc4303/2.4/padding-counts-up}
    device  both
    needs   {psk esp}
    setup   {psk esp {{$suite}}}
    bent    {padding-supported esp-number-uncovered esp-pads-with-ff esp-uneven}
    tags    {esp algorithms}
    why     "Packets of some sizes are lost, and nobody knows why."
    hint    "Blocks of the cipher, at least four octets; padding 1, 2, 3; what the ICV is taken over."
} {suite block around covered} {
    gcm-128       {ENCR_AES_GCM_16-128}                          4   32  rfc4303/3.3.2.2/combined-covers-sequence
    gcm-192       {ENCR_AES_GCM_16-192}                          4   32  rfc4303/3.3.2.2/combined-covers-sequence
    gcm-256       {ENCR_AES_GCM_16-256}                          4   32  rfc4303/3.3.2.2/combined-covers-sequence
    gcm-12        {ENCR_AES_GCM_12-128}                          4   28  rfc4303/3.3.2.2/combined-covers-sequence
    gcm-8         {ENCR_AES_GCM_8-128}                           4   24  rfc4303/3.3.2.2/combined-covers-sequence
    ccm-16        {ENCR_AES_CCM_16-256}                          4   32  rfc4303/3.3.2.2/combined-covers-sequence
    ccm-12        {ENCR_AES_CCM_12-128}                          4   28  rfc4303/3.3.2.2/combined-covers-sequence
    ccm-8         {ENCR_AES_CCM_8-256}                           4   24  rfc4303/3.3.2.2/combined-covers-sequence
    chacha        {ENCR_CHACHA20_POLY1305}                       4   32  rfc4303/3.3.2.2/combined-covers-sequence
    cbc-128-sha1  {ENCR_AES_CBC-128 AUTH_HMAC_SHA1_96}           16  36  rfc4303/3.3.2/icv-covers-packet
    cbc-128       {ENCR_AES_CBC-128 AUTH_HMAC_SHA2_256_128}      16  40  rfc4303/3.3.2/icv-covers-packet
    cbc-192       {ENCR_AES_CBC-192 AUTH_HMAC_SHA2_256_128}      16  40  rfc4303/3.3.2/icv-covers-packet
    cbc-256       {ENCR_AES_CBC-256 AUTH_HMAC_SHA2_256_128}      16  40  rfc4303/3.3.2/icv-covers-packet
    cbc-sha384    {ENCR_AES_CBC-256 AUTH_HMAC_SHA2_384_192}      16  48  rfc4303/3.3.2/icv-covers-packet
    cbc-sha512    {ENCR_AES_CBC-256 AUTH_HMAC_SHA2_512_256}      16  56  rfc4303/3.3.2/icv-covers-packet
    cbc-xcbc      {ENCR_AES_CBC-128 AUTH_AES_XCBC_96}            16  36  rfc4303/3.3.2/icv-covers-packet
    cbc-cmac      {ENCR_AES_CBC-128 AUTH_AES_CMAC_96}            16  36  rfc4303/3.3.2/icv-covers-packet
    ctr           {ENCR_AES_CTR-128 AUTH_HMAC_SHA2_256_128}      4   32  rfc4303/3.3.2/icv-covers-packet
    null          {ENCR_NULL AUTH_HMAC_SHA2_256_128}             4   24  rfc4303/3.3.2/icv-covers-packet
    null-sha1     {ENCR_NULL AUTH_HMAC_SHA1_96}                  4   20  rfc4303/3.3.2/icv-covers-packet
} {
    set sa [ike establish]
    set seen 0
    foreach size {1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 30 31 32 33 34 63 64 65 127 128 255 256 257 1000 1300} {
        set back [esp-echo $sa -payload [string repeat z $size]]
        set packets [records inbound ESP]
        foreach n [lrange $packets $seen end] {
            must rfc4303/2.4/padding-aligns-block "packet $n holds whole blocks" {([record $n len] - $around) % $block == 0}
            must $covered "the ICV of packet $n covers all of it" {[record $n opened]}
            must rfc4303/2.4/padding-counts-up "the padding of packet $n counts up from 1" {[record $n padding_held]}
        }
        set seen [llength $packets]
        must rfc4303/2.4/padding-supported "$size octets come back" {$back}
    }
}
