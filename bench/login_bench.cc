// A complete login: challenge, the token's signature, its judgement, the code, the ID token. On SQLite on
// disk; with 2 and with 1,000 accredited certification authorities, each with a revocation list; without
// HTTP, and over HTTP with the browser and the business system in the same process (four requests: to the
// authorization endpoint, for the challenge, with the answer, for the tokens), beside what the bare HTTP
// server does with four requests. The token's signature is part of the time (about 20 µs).

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
#include "base/encoding.h"
#include "base/file.h"
#include "bench/http_load.h"
#include "bench/ratio_reporter.h"
#include "crypto/digest.h"
#include "login_challenge/challenge.h"
#include "net/http.h"
#include "net/json.h"
#include "net/log.h"
#include "net/url.h"
#include "platform/config.h"
#include "platform/login/login_room.h"
#include "platform/login/system_desk.h"
#include "platform/login/token_office.h"
#include "platform/schema.h"
#include "tests/support/operator_client.h"
#include "tests/tools/test_ca.h"
#include "x509/extension_builder.h"

namespace hutong::bench {
namespace {

namespace login = platform::login;
using test::kMid2027;
using test::Party;

constexpr std::string_view kVerifier = "a verifier of at least forty-three characters!!";
constexpr const char* kRedirect = "https://mall.example/callback";
constexpr unsigned kAtOnce = 16;  ///< logins

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
    open_doors();
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

  std::uint16_t port() const { return server_->port(); }
  /// The same over HTTP, as a browser, an agent and a business system do it.
  std::size_t log_in(Connection& connection) const {
    connection.send(get_request(authorize_target_));
    const std::string request = query_of(location_in(connection.receive().head), "request");
    connection.send(json_request("/api/v1/login/challenges", {{"request", request}}));
    const auto asked = must(net::parse_json(connection.receive().body));
    const login_challenge::Challenge challenge{
        .origin = settings_.issuer,
        .audience = asked.at("audience"),
        .nonce = must(from_base64(asked.at("nonce").get<std::string>())),
        .time = must(from_rfc3339(asked.at("time").get<std::string>())),
        .purpose = asked.at("purpose")};
    const Bytes message = must(login_challenge::sign(challenge, {*holder_.signer, certificate_}, kMid2027));
    connection.send(
        json_request("/api/v1/login/answers", {{"request", request}, {"message", to_base64(message)}}));
    const auto answered = must(net::parse_json(connection.receive().body));
    connection.send(token_request(query_of(answered.at("redirect").get<std::string>(), "code")));
    return must(net::parse_json(connection.receive().body)).at("id_token").get<std::string>().size();
  }

 private:
  /// A business system registered by two, and the routes behind a server.
  void open_doors() {
    const auto somebody = [](const char* id) {
      operators::Authorized by;
      by.client.emplace();
      by.client->id = id;
      return by;
    };
    const login::SystemDesk desk(*database_, vault_, clock_);
    const auto made = must(desk.propose(somebody("clerk"), system_.content));
    must(desk.decide(somebody("reviewer"), made.system.id, platform::Decision::kRelease, "bench"));
    credentials_ = "Authorization: Basic " + to_base64(as_bytes(made.system.id + ":" + made.secret)) + "\r\n";
    authorize_target_ = "/oidc/authorize";
    for (const auto& [name, value] : std::map<std::string, std::string>{
             {"response_type", "code"},
             {"client_id", made.system.id},
             {"redirect_uri", kRedirect},
             {"scope", "openid offline_access"},
             {"state", "state"},
             {"nonce", "nonce"},
             {"code_challenge_method", "S256"},
             {"code_challenge",
              login::to_base64url(crypto::digest(crypto::DigestAlgorithm::kSha256, as_bytes(kVerifier)))}}) {
      login::add_parameter(authorize_target_, name, value);
    }
    room_ = must(login::LoginRoom::create({.database = *database_,
                                           .vault = vault_,
                                           .subjects = *subjects_,
                                           .trust = *trust_,
                                           .settings = settings_,
                                           .clock = clock_}));
    room_->add_login_routes(router_);
    net::set_log_level(net::LogLevel::kError);
    server_ = std::make_unique<test::RunningServer>(
        router_, net::ServerOptions{.workers = platform::Config{}.workers});
  }
  static std::string location_in(std::string_view head) {
    constexpr std::string_view kName = "\r\nLocation: ";
    const auto at = head.find(kName);
    if (at == std::string_view::npos) {
      throw std::runtime_error("no Location: " + std::string(head));
    }
    const auto from = at + kName.size();
    return std::string(head.substr(from, head.find("\r\n", from) - from));
  }
  static std::string query_of(const std::string& url, const char* name) {
    return net::parse_target(must(net::parse_url(url)).target)->query.at(name);
  }
  static std::string json_request(std::string_view target, const net::Json& body) {
    return post_request(target, "application/json", net::to_text(body));
  }
  std::string token_request(const std::string& code) const {
    std::string form = "?grant_type=authorization_code";
    login::add_parameter(form, "code", code);
    login::add_parameter(form, "redirect_uri", kRedirect);
    login::add_parameter(form, "code_verifier", kVerifier);
    return post_request("/oidc/token", "application/x-www-form-urlencoded", form.substr(1), credentials_);
  }

  std::filesystem::path folder_;
  const FixedClock clock_{kMid2027};
  Party issuer_;
  Party holder_{"供应商"};
  x509::Certificate certificate_;
  const platform::Vault vault_{SecretBytes::copy_of(as_bytes("a master secret for the bench ..."))};
  const login::Tickets tickets_{vault_.derive("tickets")};
  const login::IdTokenSigner signer_{crypto::P256Key::generate(), crypto::Sm2PrivateKey::generate()};
  const login::LoginSettings settings_{.issuer = "https://platform.example",
                                       .most_per_minute = 1'000'000'000};
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
  std::string credentials_;
  std::string authorize_target_;
  std::unique_ptr<login::LoginRoom> room_;
  net::Router router_;
  std::unique_ptr<test::RunningServer> server_;
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
    ->Threads(kAtOnce)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

void complete_login_over_http(benchmark::State& state) {
  const Region& region = region_with(static_cast<std::size_t>(state.range(0)));
  Connection connection(region.port());
  for (auto _ : state) {
    benchmark::DoNotOptimize(region.log_in(connection));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(complete_login_over_http)
    ->Name("CompleteLoginOverHttp/authorities")
    ->Arg(2)
    ->Arg(1'000)
    ->Threads(kAtOnce)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

/// A server whose only answer costs nothing.
class BareServer {
 public:
  BareServer() {
    router_.add({.method = net::Method::kGet,
                 .pattern = "/bare",
                 .weight = net::Weight::kHeavy,
                 .body_limit = 0,
                 .handler = [](const net::Request&) -> Result<net::Response> {
                   return net::Response{.body = std::string(512, 'x')};
                 }});
    server_.emplace(router_, net::ServerOptions{.workers = kAtOnce});
  }
  std::uint16_t port() const { return server_->port(); }
  static const BareServer& the() {
    static const BareServer server;
    return server;
  }

 private:
  net::Router router_;
  std::optional<test::RunningServer> server_;
};

/// Four requests, one after the other, as a login sends them.
void four_bare_requests(benchmark::State& state) {
  Connection connection(BareServer::the().port());
  const std::string request = get_request("/bare");
  for (auto _ : state) {
    for (int i = 0; i < 4; ++i) {
      connection.send(request);
      connection.receive("xxx");
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(four_bare_requests)
    ->Name("FourBareRequests")
    ->Threads(kAtOnce)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace hutong::bench

int main(int argc, char** argv) { return hutong::bench::run_with_ratios(argc, argv); }
