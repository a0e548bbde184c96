// A complete login: challenge, the token's signature, its judgement, the code, the ID token. In one process
// and without HTTP, on SQLite on disk; with 2 and with 1,000 accredited certification authorities, each with
// a revocation list. The token's signature is part of the time (about 20 µs).

#include <benchmark/benchmark.h>

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "asn1/oids.h"
#include "base/file.h"
#include "bench/ratio_reporter.h"
#include "crypto/digest.h"
#include "login_challenge/challenge.h"
#include "net/http.h"
#include "net/url.h"
#include "platform/login/token_office.h"
#include "platform/schema.h"
#include "tests/tools/test_ca.h"
#include "x509/extension_builder.h"

namespace hutong::bench {
namespace {

namespace login = platform::login;
using test::kMid2027;
using test::Party;

constexpr std::string_view kVerifier = "a verifier of at least forty-three characters!!";
constexpr const char* kRedirect = "https://mall.example/callback";

template <typename T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().reason) + " " + result.error().detail);
  }
  return std::move(result).value();
}

std::filesystem::path fresh_folder(std::size_t authorities) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("hutong-login-bench-" + std::to_string(authorities));
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "revocation");
  return folder;
}

/// A platform that accredited so many authorities; the suppliers' certificates are of the last one.
class Region {
 public:
  explicit Region(std::size_t authorities)
      : folder_(fresh_folder(authorities)),
        issuer_("CA " + std::to_string(authorities - 1)),
        certificate_(test::issue(issuer_, holder_,
                                 {.serial = 7,
                                  .extensions = {x509::extension::identity(asn1::oids::kOrganizationCode,
                                                                           "91350100M000100Y43")}})) {
    const Party signer("list signer");
    const x509::Certificate signer_certificate = test::issue(signer, signer, {});
    recognition::TrustListContent content{.previous_sm3 = std::nullopt,
                                          .issued_at = kMid2027,
                                          .next_update = kMid2027 + std::chrono::hours(24),
                                          .operator_zh = "演示",
                                          .operator_en = "Demonstration",
                                          .services = {}};
    for (std::size_t i = 0; i < authorities; ++i) {
      const Party party("CA " + std::to_string(i));
      content.services.push_back({.id = std::to_string(i),
                                  .name_zh = "CA",
                                  .name_en = "CA",
                                  .vendor_zh = "演示",
                                  .vendor_en = "Demonstration",
                                  .kind = recognition::ServiceKind::kRoot,
                                  .certificate = test::self_signed(party),
                                  .periods = {{recognition::ServiceStatus::kGranted, test::kYear2026}},
                                  .quirks = {}});
      must(write_file(folder_ / "revocation" / (std::to_string(i) + ".crl"), test::list(party, {}).der()));
    }
    must(write_file(folder_ / "list.p7m",
                    must(recognition::write_trust_list(content, *signer.signer, signer_certificate))));
    must(write_file(folder_ / "signer.cer", signer_certificate.der()));
    database_.emplace(must(platform::open_database("sqlite:" + (folder_ / "platform.db").string(), clock_)));
    must(storage::in_transaction(*database_, [this](storage::Transaction& transaction) {
      return login::SystemRepository::insert(transaction, system_);
    }));
    trust_ = std::make_unique<platform::TrustKeeper>(
        platform::TrustFiles{.list = folder_ / "list.p7m",
                             .list_signer = folder_ / "signer.cer",
                             .revocation_folder = folder_ / "revocation"},
        clock_);
    subjects_ = std::make_unique<platform::SubjectDesk>(*database_, vault_, clock_);
    token_login_ = std::make_unique<login::TokenLogin>(login::TokenLogin::Parts{.database = *database_,
                                                                                .subjects = *subjects_,
                                                                                .trust = *trust_,
                                                                                .tickets = tickets_,
                                                                                .vault = vault_,
                                                                                .settings = settings_,
                                                                                .clock = clock_});
    devices_ = std::make_unique<login::DeviceOffice>(login::DeviceOffice::Parts{.database = *database_,
                                                                                .tickets = tickets_,
                                                                                .vault = vault_,
                                                                                .settings = settings_,
                                                                                .clock = clock_});
    office_ = std::make_unique<login::TokenOffice>(login::TokenOffice::Parts{.database = *database_,
                                                                             .login = *token_login_,
                                                                             .devices = *devices_,
                                                                             .tickets = tickets_,
                                                                             .signer = signer_,
                                                                             .settings = settings_,
                                                                             .clock = clock_});
  }
  ~Region() { std::filesystem::remove_all(folder_); }
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;

  std::size_t log_in() const {
    const login::AuthorizationRequest request{.system = system_.id,
                                              .redirect_uri = kRedirect,
                                              .scope = "openid offline_access",
                                              .state = "state",
                                              .nonce = "nonce",
                                              .code_challenge = login::to_base64url(crypto::digest(
                                                  crypto::DigestAlgorithm::kSha256, as_bytes(kVerifier)))};
    const auto asked = token_login_->challenge(system_, request);
    const login_challenge::Challenge challenge{.origin = asked.expected.origin,
                                               .audience = asked.expected.audience,
                                               .nonce = asked.nonce.nonce,
                                               .time = asked.nonce.time,
                                               .purpose = asked.expected.purpose};
    const auto outcome = must(token_login_->answer(
        system_,
        {.request = request,
         .message = must(login_challenge::sign(challenge, {*holder_.signer, certificate_}, kMid2027))}));
    const auto code = net::parse_target(must(net::parse_url(outcome.redirect)).target)->query.at("code");
    return must(office_->tokens(system_, {{"grant_type", "authorization_code"},
                                          {"code", code},
                                          {"redirect_uri", kRedirect},
                                          {"code_verifier", std::string(kVerifier)}}))
        .size();
  }

 private:
  std::filesystem::path folder_;
  const FixedClock clock_{kMid2027};
  Party issuer_;
  Party holder_{"供应商"};
  x509::Certificate certificate_;
  const platform::Vault vault_{SecretBytes::copy_of(as_bytes("a master secret for the bench ..."))};
  const login::Tickets tickets_{vault_.derive("tickets")};
  const login::IdTokenSigner signer_{crypto::P256Key::generate(), crypto::Sm2PrivateKey::generate()};
  const login::LoginSettings settings_{.issuer = "https://platform.example"};
  const login::BusinessSystem system_{.id = "01J00000000000000000000001",
                                      .content = {.name_zh = "采购平台",
                                                  .name_en = "Procurement",
                                                  .redirect_uris = {kRedirect},
                                                  .after_logout_uris = {}},
                                      .secret_index = Bytes(32),
                                      .state = login::SystemState::kActive,
                                      .proposed_by = "bench"};
  std::optional<storage::Database> database_;
  std::unique_ptr<platform::TrustKeeper> trust_;
  std::unique_ptr<platform::SubjectDesk> subjects_;
  std::unique_ptr<login::TokenLogin> token_login_;
  std::unique_ptr<login::DeviceOffice> devices_;
  std::unique_ptr<login::TokenOffice> office_;
};

const Region& region_with(std::size_t authorities) {
  static std::map<std::size_t, std::unique_ptr<Region>> made;
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  auto& region = made[authorities];
  if (!region) {
    region = std::make_unique<Region>(authorities);
  }
  return *region;
}

/// What logins are compared with: one plain verification, without a table for the key.
void sm2_verification(benchmark::State& state) {
  const auto key = crypto::Sm2PrivateKey::generate();
  const crypto::Sm3Digest digest{1};
  const auto signature = key.sign_digest(digest);
  for (auto _ : state) {
    benchmark::DoNotOptimize(key.public_key().verify_digest(digest, signature));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(sm2_verification)->Name("Sm2Verification")->Unit(benchmark::kMicrosecond);

void complete_login(benchmark::State& state) {
  const Region& region = region_with(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(region.log_in());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(complete_login)
    ->Name("CompleteLogin/authorities")
    ->Arg(2)
    ->Arg(1'000)
    ->Threads(16)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace hutong::bench

int main(int argc, char** argv) { return hutong::bench::run_with_ratios(argc, argv); }
