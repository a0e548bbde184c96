# Path validation (RFC 5280 6) and its tests, which run the public suites too.
set(path_sources
    certificate_cache.cc
    chain_verifier.cc
    internal/certificate_checks.cc
    internal/distribution_points.cc
    internal/host_name.cc
    internal/path_builder.cc
    internal/path_session.cc
    internal/path_validator.cc
    internal/revocation.cc
    internal/revocation_lists.cc
    internal/revocation_ocsp.cc
    name_constraint_check.cc
    peer_name.cc
    policy_graph.cc
    prepared_keys.cc
    signature_cache.cc)
set(path_tests)
hutong_tests(
  NAME x509_path
  SOURCES certificate_cache_test.cc
          chain_verifier_test.cc
          corpus_chain_test.cc
          crl_snapshot_test.cc
          hostile_graph_test.cc
          limbo_test.cc
          name_constraint_check_test.cc
          peer_name_test.cc
          pkits_test.cc
          policy_graph_test.cc
          prepared_keys_test.cc
          revocation_test.cc
          ${CMAKE_SOURCE_DIR}/tests/tools/pkits.cc
          ${CMAKE_SOURCE_DIR}/tests/tools/rekey_pkits.cc
  LIBRARIES hutong_x509 hutong_test_certificates nlohmann_json::nlohmann_json OpenSSL::Crypto)
