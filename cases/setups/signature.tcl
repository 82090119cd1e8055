# signature.tcl - the setup psk with certificates in place of the secret; the CA of the lab is made for the run.

setup cert-rsa { like psk
    title     "Both ends have a certificate with an RSA key of 2048 bits"
    auth      cert-rsa
}

setup cert-ecdsa { like psk
    title     "Both ends have a certificate with an ECDSA key on P-256"
    auth      cert-ecdsa
}

setup cert-ed25519 { like psk
    title     "Both ends have a certificate with an Ed25519 key"
    auth      cert-ed25519
}

setup cert-mixed { like psk
    title     "The device has a certificate, the tester the pre-shared key"
    auth      cert-rsa/psk
}

setup cert-rsa3072 { like psk
    title     "Both ends have a certificate with an RSA key of 3072 bits"
    auth      cert-rsa3072
}

setup cert-ecdsa384 { like psk
    title     "Both ends have a certificate with an ECDSA key on P-384"
    auth      cert-ecdsa384
}

setup cert-ecdsa521 { like psk
    title     "Both ends have a certificate with an ECDSA key on P-521"
    auth      cert-ecdsa521
}

setup cert-by-mail { like psk
    title     "The tester has a certificate and is named by a mail address"
    auth      cert-rsa
    tester    {addr 192.0.2.1 id {RFC822_ADDR tester@t.lab}}
}

setup cert-by-address { like psk
    title     "The tester has a certificate and is named by its address"
    auth      cert-rsa
    tester    {addr 192.0.2.1 id {IPV4_ADDR 192.0.2.1}}
}

setup cert-device-by-mail { like cert-rsa
    title     "Both ends have a certificate, and the device is named by a mail address"
    device    {addr 192.0.2.2 id {RFC822_ADDR device@d.lab}}
}

setup cert-device-by-address { like cert-rsa
    title     "Both ends have a certificate, and the device is named by an address"
    device    {addr 192.0.2.2 id {IPV4_ADDR 192.0.2.2}}
}

# CN=ikespec device and CN=ikespec tester, the subjects that certificates of the lab have.
setup cert-by-subject { like cert-rsa
    title     "Both ends have a certificate and are named by its subject"
    device    {addr 192.0.2.2 id {DER_ASN1_DN 0x30193117301506035504030c0e696b657370656320646576696365}}
    tester    {addr 192.0.2.1 id {DER_ASN1_DN 0x30193117301506035504030c0e696b657370656320746573746572}}
}

setup cert-url { like cert-rsa
    title     "Both ends have a certificate, and the device may get and send it by hash and URL"
    options   {lookup yes}
}

setup cert-url-ecdsa { like cert-ecdsa
    title     "The same with ECDSA keys"
    options   {lookup yes}
}
