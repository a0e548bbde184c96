# What is built on OpenSSL or concerns formats.
set(format_sources
    digest.cc
    internal/curve.cc
    public_key.cc
    random.cc
    signature_algorithm.cc)
set(format_tests)
