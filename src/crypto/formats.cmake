# What is built on OpenSSL or concerns formats.
set(format_sources
    cipher.cc
    digest.cc
    internal/curve.cc
    internal/pbes2.cc
    internal/private_key_der.cc
    key_file.cc
    pbkdf2.cc
    pem.cc
    pkcs12.cc
    public_key.cc
    random.cc
    signature.cc
    signature_algorithm.cc)
set(format_tests)
