// Chain validation: root, intermediate and leaf, ours and OpenSSL's X509_verify_cert in the same run.

#include <benchmark/benchmark.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <vector>

#include "bench/ratio_reporter.h"
#include "tests/tools/peer_signer.h"
#include "tests/tools/test_ca.h"
#include "x509/chain_verifier.h"

namespace hutong::bench {
namespace {

using test::Kind;
using test::kMid2027;
using test::Party;
using x509::Certificate;

struct Chain {
  Certificate root;
  Certificate middle;
  Certificate leaf;
  std::vector<x509::TrustAnchor> anchors;
  std::vector<Certificate> intermediates;
};

Chain make_chain(const Party& root, const Party& middle, const Party& end) {
  Chain chain{test::self_signed(root),
              test::issue(root, middle, {.kind = Kind::kCa, .serial = 2}),
              test::issue(middle, end, {.serial = 3}),
              {},
              {}};
  chain.anchors = {x509::TrustAnchor::of(chain.root).value()};
  chain.intermediates = {chain.middle};
  return chain;
}

const Chain& sm2_chain() {
  static const Chain chain = make_chain(Party("Root"), Party("Middle"), Party("End"));
  return chain;
}

const Chain& p256_chain() {
  static const Chain chain =
      make_chain(Party("Root", test::p256_signer()), Party("Middle", test::p256_signer()),
                 Party("End", test::p256_signer()));
  return chain;
}

void verify_ours(benchmark::State& state, const Chain& chain, x509::SignatureCache* cache) {
  for (auto _ : state) {
    x509::VerifyRequest request{.leaf = chain.leaf, .at = kMid2027};
    request.anchors = chain.anchors;
    request.intermediates = chain.intermediates;
    request.revocation = x509::RevocationMode::kNone;
    request.cache = cache;
    const auto report = x509::verify_chain(request);
    if (!report.trusted()) {
      state.SkipWithError("our verdict is not valid");
      break;
    }
  }
}

/// Nothing is known but the issuers' keys, which were met often enough to have tables: what a node pays for
/// certificates and lists that come for the first time. To be held against VerifyChainSm2Cold.
void verify_with_prepared_keys(benchmark::State& state, const Chain& chain) {
  x509::SignatureCache cache(1, {.uses_before = 0});  // one entry: what is checked next is never the one kept
  verify_ours(state, chain, &cache);
  if (cache.keys().tables() != 2) {
    state.SkipWithError("the issuers' keys have no tables");
  }
}

/// The intermediate was verified before, the leaf comes for the first time.
void verify_with_known_intermediate(benchmark::State& state, const Chain& chain) {
  for (auto _ : state) {
    state.PauseTiming();
    x509::SignatureCache fresh;
    fresh.add(chain.middle, chain.root.spki());
    state.ResumeTiming();
    x509::VerifyRequest request{.leaf = chain.leaf, .at = kMid2027};
    request.anchors = chain.anchors;
    request.intermediates = chain.intermediates;
    request.revocation = x509::RevocationMode::kNone;
    request.cache = &fresh;
    const auto report = x509::verify_chain(request);
    if (!report.trusted() || report.work.signature_checks != 1) {
      state.SkipWithError("our verdict is not valid, or not one signature was checked");
      break;
    }
  }
}

struct Release {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
template <typename T>
using Owned = std::unique_ptr<T, Release>;

/// With the SM2 identifier that OpenSSL 3.0 does not assume by itself.
Owned<X509> to_openssl(const Certificate& certificate) {
  const std::uint8_t* in = certificate.der().data();
  Owned<X509> parsed(d2i_X509(nullptr, &in, static_cast<long>(certificate.der().size())));
  if (!certificate.public_key() || certificate.public_key()->type() != crypto::KeyType::kSm2) {
    return parsed;
  }
  ASN1_OCTET_STRING* id = ASN1_OCTET_STRING_new();
  ASN1_OCTET_STRING_set(id, reinterpret_cast<const unsigned char*>(crypto::kSm2DefaultId.data()),
                        static_cast<int>(crypto::kSm2DefaultId.size()));
  X509_set0_distinguishing_id(parsed.get(), id);
  return parsed;
}

void verify_openssl(benchmark::State& state, const Chain& chain) {
  const Owned<X509> root = to_openssl(chain.root);
  const Owned<X509> middle = to_openssl(chain.middle);
  const Owned<X509> leaf = to_openssl(chain.leaf);
  const Owned<X509_STORE> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), root.get());
  const Owned<STACK_OF(X509)> untrusted(sk_X509_new_null());
  sk_X509_push(untrusted.get(), middle.get());
  for (auto _ : state) {
    const Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), untrusted.get());
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context.get()), kMid2027.time_since_epoch().count());
    if (X509_verify_cert(context.get()) != 1) {
      state.SkipWithError(X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())));
      break;
    }
  }
}

void parse_ours(benchmark::State& state, const Certificate& certificate) {
  for (auto _ : state) {
    auto parsed = Certificate::parse(certificate.der());
    benchmark::DoNotOptimize(parsed->public_key());  // decoded on first use; OpenSSL does so at once
  }
}

void parse_openssl(benchmark::State& state, const Certificate& certificate) {
  for (auto _ : state) {
    const std::uint8_t* in = certificate.der().data();
    const Owned<X509> parsed(d2i_X509(nullptr, &in, static_cast<long>(certificate.der().size())));
    X509_check_purpose(parsed.get(), -1, 0);  // decodes the extensions, as ours does
    benchmark::DoNotOptimize(parsed.get());
  }
}

[[maybe_unused]] const bool kRegistered = [] {
  using benchmark::RegisterBenchmark;
  using benchmark::State;
  RegisterBenchmark("ParseCertificate/ours", [](State& s) { parse_ours(s, sm2_chain().leaf); });
  RegisterBenchmark("ParseCertificate/openssl", [](State& s) { parse_openssl(s, sm2_chain().leaf); });
  RegisterBenchmark("VerifyChainSm2Cold/ours", [](State& s) { verify_ours(s, sm2_chain(), nullptr); });
  RegisterBenchmark("VerifyChainSm2Cold/openssl", [](State& s) { verify_openssl(s, sm2_chain()); });
  RegisterBenchmark("VerifyChainSm2PreparedKeys/ours",
                    [](State& s) { verify_with_prepared_keys(s, sm2_chain()); });
  RegisterBenchmark("VerifyChainSm2PreparedKeys/openssl", [](State& s) { verify_openssl(s, sm2_chain()); });
  RegisterBenchmark("VerifyChainSm2KnownIntermediate/ours",
                    [](State& s) { verify_with_known_intermediate(s, sm2_chain()); });
  RegisterBenchmark("VerifyChainSm2KnownIntermediate/openssl",
                    [](State& s) { verify_openssl(s, sm2_chain()); });
  RegisterBenchmark("VerifyChainP256Cold/ours", [](State& s) { verify_ours(s, p256_chain(), nullptr); });
  RegisterBenchmark("VerifyChainP256Cold/openssl", [](State& s) { verify_openssl(s, p256_chain()); });
  return true;
}();

}  // namespace
}  // namespace hutong::bench

int main(int argc, char** argv) { return hutong::bench::run_with_ratios(argc, argv); }
