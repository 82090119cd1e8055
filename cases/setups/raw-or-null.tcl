# raw-or-null.tcl - the setup psk with raw public keys (RFC 7670) or without any proof (RFC 7619). Cases that mix methods say so
# themselves: setup {psk auth DEVICE/TESTER}.

setup raw-rsa { like psk
    title     "Each end knows the RSA key of the other, without certificates"
    auth      raw-rsa
}

setup raw-ecdsa { like psk
    title     "Each end knows the ECDSA key of the other, on P-256"
    auth      raw-ecdsa
}

setup raw-ed25519 { like psk
    title     "Each end knows the Ed25519 key of the other"
    auth      raw-ed25519
}

setup null-auth { like psk
    title     "Neither end proves or says who it is"
    auth      null
}
