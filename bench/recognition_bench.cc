// Recognition with many accredited certification authorities: certificates and detached signatures judged
// with 2, 1,000 and 10,000 on the list, each with a revocation list of its own, and the loading of the list.

#include <benchmark/benchmark.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bench/ratio_reporter.h"
#include "cms/sign.h"
#include "crypto/sm2.h"
#include "recognition/judge.h"
#include "recognition/trust_list.h"
#include "tests/tools/test_ca.h"

namespace hutong::bench {
namespace {

using test::kMid2027;
using test::Party;

/// The region with so many authorities; the certificates judged are of the last one.
struct Accredited {
  recognition::TrustListContent content;
  recognition::LoadedTrustList list;
  recognition::RevocationData revocation;
  Party issuer;
  Party holder{"供应商"};
  x509::Certificate certificate;
  Bytes message;
  Bytes signature;
  mutable x509::SignatureCache cache;

  explicit Accredited(std::size_t authorities)
      : issuer("CA " + std::to_string(authorities - 1)),
        certificate(test::issue(issuer, holder, {.serial = 7})),
        message(1024, 0x5A) {
    std::vector<x509::Crl> crls;
    content.issued_at = kMid2027;
    content.next_update = kMid2027 + std::chrono::hours(24);
    for (std::size_t i = 0; i < authorities; ++i) {
      const Party party("CA " + std::to_string(i));
      content.services.push_back(service(i, test::self_signed(party)));
      crls.push_back(test::list(party, {}));
    }
    list.list = std::make_shared<const recognition::TrustList>(content, crypto::Sm3Digest{});
    list.failure = recognition::TrustListState::kCurrent;
    revocation = recognition::RevocationData(std::move(crls), {});
    const std::vector<cms::MessageSigner> signers = {{.key = *holder.signer, .certificate = certificate}};
    signature = cms::sign_detached(message, signers).value();
  }

  static recognition::Service service(std::size_t index, const x509::Certificate& certificate) {
    return {.id = std::to_string(index),
            .name_zh = "演示CA " + std::to_string(index),
            .name_en = "CA " + std::to_string(index),
            .vendor_zh = "演示",
            .vendor_en = "Demonstration",
            .kind = recognition::ServiceKind::kRoot,
            .certificate = certificate,
            .periods = {{.status = recognition::ServiceStatus::kGranted, .since = test::kYear2026}},
            .quirks = {}};
  }

  recognition::RecognitionReport judge(const recognition::Question& question) const {
    return recognition::judge(question,
                              {.list = &list, .now = kMid2027, .revocation = &revocation, .cache = &cache});
  }
};

const Accredited& with(std::int64_t authorities) {
  static std::map<std::int64_t, std::unique_ptr<Accredited>> made;
  auto& entry = made[authorities];
  if (entry == nullptr) {
    entry = std::make_unique<Accredited>(static_cast<std::size_t>(authorities));
  }
  return *entry;
}

void judge_again_and_again(benchmark::State& state, const Accredited& accredited,
                           const recognition::Question& question) {
  for (auto _ : state) {
    const auto report = accredited.judge(question);
    if (report.indication != x509::Indication::kValid) {
      state.SkipWithError("the verdict is not valid");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_Certificate(benchmark::State& state) {
  const Accredited& accredited = with(state.range(0));
  judge_again_and_again(state, accredited, {.file = accredited.certificate.der(), .at = kMid2027});
}

void BM_DetachedSignature(benchmark::State& state) {
  const Accredited& accredited = with(state.range(0));
  judge_again_and_again(
      state, accredited,
      {.file = accredited.signature, .content = ByteView(accredited.message), .at = kMid2027});
}

/// What a detached signature costs at least.
void BM_Sm2VerifyAlone(benchmark::State& state) {
  const Accredited& accredited = with(2);
  const Bytes signature = accredited.holder.signer->sign(accredited.message).value();
  for (auto _ : state) {
    const auto good =
        crypto::verify_signature(accredited.holder.key(), crypto::kSm2WithSm3, accredited.message, signature);
    if (!good) {
      state.SkipWithError("the signature is not good");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_LoadList(benchmark::State& state) {
  const Accredited& accredited = with(state.range(0));
  const Party signer("List signer");
  const auto certificate = test::issue(accredited.issuer, signer, {.serial = 8});
  const Bytes file = recognition::write_trust_list(accredited.content, *signer.signer, certificate).value();
  for (auto _ : state) {
    const auto loaded = recognition::load_trust_list(file, certificate, kMid2027);
    if (loaded.list == nullptr) {
      state.SkipWithError(loaded.detail.c_str());
      break;
    }
  }
  state.counters["octets"] = static_cast<double>(file.size());
}

BENCHMARK(BM_Sm2VerifyAlone);
BENCHMARK(BM_Certificate)->Arg(2)->Arg(1'000)->Arg(10'000);
BENCHMARK(BM_DetachedSignature)->Arg(2)->Arg(1'000)->Arg(10'000);
BENCHMARK(BM_LoadList)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hutong::bench

int main(int argc, char** argv) { return hutong::bench::run_with_ratios(argc, argv); }
