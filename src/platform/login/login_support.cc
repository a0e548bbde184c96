#include "platform/login/login_support.h"

#include "asn1/oids.h"
#include "base/encoding.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "login_challenge/challenge.h"
#include "x509/extension_builder.h"

namespace hutong::platform::login::test {
namespace {

using hutong::test::Answer;
using net::Method;

recognition::Service service(std::string id, const Vendor& vendor, std::string_view name,
                             std::vector<recognition::StatusPeriod> periods) {
  return {.id = std::move(id),
          .name_zh = std::string(name) + " 根证书",
          .name_en = "root",
          .vendor_zh = std::string(name),
          .vendor_en = "vendor",
          .kind = recognition::ServiceKind::kRoot,
          .certificate = vendor.certificate,
          .periods = std::move(periods),
          .quirks = {}};
}

std::string form_text(const std::map<std::string, std::string>& form) {
  std::string text = "?";
  for (const auto& [name, value] : form) {
    add_parameter(text, name, value);
  }
  return form.empty() ? "" : text.substr(text.find_first_not_of("?&"));
}

}  // namespace

LoginTest::LoginTest() {
  trust_files_ = {.list = home_.folder() / "trust-list.p7m",
                  .list_signer = home_.folder() / "list-signer.cer",
                  .revocation_folder = home_.folder() / "revocation"};
}

void LoginTest::SetUp() {
  HUTONG_NEED_DATABASE(home_);
  std::filesystem::create_directories(trust_files_.revocation_folder);
  must(write_file(trust_files_.list_signer, list_signer_certificate_.der()));
  publish();
  DeskTest::SetUp();
}

void LoginTest::publish(recognition::ServiceStatus status_of_b) {
  using recognition::ServiceStatus;
  const Time since = hutong::test::kYear2026;
  std::vector<recognition::StatusPeriod> periods_of_b{{ServiceStatus::kGranted, since}};
  if (status_of_b != ServiceStatus::kGranted) {
    periods_of_b.push_back({status_of_b, clock_.now() - std::chrono::hours(1)});
  }
  const recognition::TrustListContent content{
      .number = ++list_number_,
      .previous_sm3 = std::nullopt,
      .issued_at = clock_.now(),
      .next_update = clock_.now() + std::chrono::hours(24 * 30),
      .operator_zh = "演示运营方",
      .operator_en = "Demonstration authority",
      .services = {service("a", vendor_a_, "演示CA甲", {{ServiceStatus::kGranted, since}}),
                   service("b", vendor_b_, "演示CA乙", std::move(periods_of_b))}};
  must(write_file(trust_files_.list, must(recognition::write_trust_list(content, *list_signer_.signer,
                                                                        list_signer_certificate_))));
  for (const auto& [name, vendor] : {std::pair{"a.crl", &vendor_a_}, std::pair{"b.crl", &vendor_b_}}) {
    must(write_file(trust_files_.revocation_folder / name,
                    hutong::test::list(vendor->ca, vendor->revoked, clock_.now() - std::chrono::hours(24),
                                       clock_.now() + std::chrono::hours(24))
                        .der()));
  }
  if (keeper_) {
    keeper_->refresh();
  }
}

std::vector<x509::ExtensionValue> LoginTest::of_company() const {
  return {x509::extension::identity(asn1::oids::kOrganizationCode, kCompany)};
}

Key LoginTest::issue(Vendor& vendor, std::string_view name, hutong::test::Ticket ticket) const {
  hutong::test::Party party(name);
  if (ticket.extensions.empty()) {
    ticket.extensions = of_company();
  }
  auto certificate = hutong::test::issue(vendor.ca, party, ticket);
  return {std::move(party), std::move(certificate)};
}

void LoginTest::revoke(Vendor& vendor, const Key& key) {
  vendor.revoked.push_back({.serial = key.certificate.serial(),
                            .revoked_at = clock_.now() - std::chrono::hours(48),
                            .reason = std::nullopt,
                            .invalidity_date = std::nullopt,
                            .certificate_issuer = std::nullopt});
  publish();
}

Client LoginTest::registered(std::string_view redirect, std::string_view id_token_algorithm) {
  const auto made = client("clerk").post("/api/v1/business-systems",
                                         {{"name_zh", "采购平台"},
                                          {"name_en", "Procurement"},
                                          {"redirect_uris", {redirect}},
                                          {"after_logout_uris", {"https://mall.example/bye"}},
                                          {"id_token_signed_response_alg", id_token_algorithm}});
  EXPECT_EQ(made.status, 201) << made.response.body;
  const Client known{made.json["client_id"], made.json["client_secret"]};
  const auto released = client("reviewer")
                            .post("/api/v1/business-systems/" + known.id + "/decision",
                                  {{"decision", "release"}, {"reason", "checked"}});
  EXPECT_EQ(released.status, 200) << released.response.body;
  return known;
}

Answer LoginTest::manage(const std::string& who, const Client& system, const std::string& what,
                         const Json& body) {
  return client(who).post("/api/v1/business-systems/" + system.id + "/" + what, body);
}

std::string LoginTest::enter_company(const std::vector<std::string>& roles) {
  const auto entered = client("clerk").post("/api/v1/subjects", {{"kind", "organisation"},
                                                                 {"number", kCompany},
                                                                 {"name", "某公司"},
                                                                 {"roles", roles},
                                                                 {"region", "150100"}});
  EXPECT_EQ(entered.status, 201) << entered.response.body;
  return entered.json["id"];
}

std::string LoginTest::authorize_target(const Client& client,
                                        const std::map<std::string, std::string>& other) {
  std::map<std::string, std::string> query{
      {"response_type", "code"},
      {"client_id", client.id},
      {"redirect_uri", kRedirect},
      {"scope", "openid profile offline_access"},
      {"state", "a state & more"},
      {"nonce", "a nonce"},
      {"code_challenge",
       to_base64url(crypto::digest(crypto::DigestAlgorithm::kSha256, as_bytes(std::string_view(kVerifier))))},
      {"code_challenge_method", "S256"}};
  for (const auto& [name, value] : other) {
    query[name] = value;
  }
  return "/oidc/authorize?" + form_text(query);
}

net::ClientResponse LoginTest::browse(const std::string& target) const {
  const auto http = must(net::Client::create(server_->url()));
  return must(http.send({.target = target}));
}

std::map<std::string, std::string, std::less<>> LoginTest::location(const net::ClientResponse& response) {
  const auto address = response.headers.find("Location");
  if (!address) {
    ADD_FAILURE() << response.status << " " << response.body;
    return {};
  }
  const auto url = must(net::parse_url(*address));
  auto query = net::parse_target(url.target)->query;
  query["(address)"] = std::string(address->substr(0, address->find('?')));
  return query;
}

std::string LoginTest::request_of(const Client& client) const {
  return location(browse(authorize_target(client)))["request"];
}

Answer LoginTest::send(const net::ClientRequest& request) const {
  const auto http = must(net::Client::create(server_->url()));
  auto response = must(http.send(request));
  auto json = net::parse_json(response.body);
  Answer answer{.status = response.status, .json = json ? *json : Json(), .code = {}, .response = {}};
  if (answer.json.is_object()) {
    answer.code = answer.json.value("code", answer.json.value("error", ""));
  }
  answer.response = std::move(response);
  return answer;
}

Json LoginTest::challenge(const std::string& request) const {
  const auto made = send({.method = Method::kPost,
                          .target = "/api/v1/login/challenges",
                          .headers = {{"Content-Type", "application/json"}},
                          .body = Json({{"request", request}}).dump()});
  EXPECT_EQ(made.status, 201) << made.response.body;
  return made.json;
}

Bytes LoginTest::sign(const Json& challenge, const Key& key, std::string_view origin) const {
  const login_challenge::Challenge signed_one{
      .origin = std::string(origin),
      .audience = challenge.at("audience"),
      .nonce = must(from_base64(challenge.at("nonce").get<std::string>())),
      .time = must(from_rfc3339(challenge.at("time").get<std::string>())),
      .purpose = challenge.at("purpose")};
  return must(login_challenge::sign(signed_one, {*key.party.signer, key.certificate}, clock_.now()));
}

Answer LoginTest::answer(const std::string& request, const Bytes& message, std::string_view role) const {
  Json body = {{"request", request}, {"message", to_base64(message)}};
  if (!role.empty()) {
    body["role"] = role;
  }
  return send({.method = Method::kPost,
               .target = "/api/v1/login/answers",
               .headers = {{"Content-Type", "application/json"}},
               .body = body.dump()});
}

Answer LoginTest::log_in(const Client& client, const Key& key, std::string_view role) const {
  const std::string request = request_of(client);
  return answer(request, sign(challenge(request), key), role);
}

std::string LoginTest::code_for(const Client& client, const Key& key) const {
  const auto done = log_in(client, key);
  EXPECT_EQ(done.status, 200) << done.response.body;
  const auto url = must(net::parse_url(done.json.at("redirect").get<std::string>()));
  return net::parse_target(url.target)->query["code"];
}

Answer LoginTest::token(const Client& client, const std::map<std::string, std::string>& form) const {
  return send(
      {.method = Method::kPost,
       .target = "/oidc/token",
       .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                   {"Authorization", "Basic " + to_base64(as_bytes(client.id + ":" + client.secret))}},
       .body = form_text(form)});
}

Answer LoginTest::refresh(const Client& client, const Json& tokens) const {
  return token(client, {{"grant_type", "refresh_token"}, {"refresh_token", tokens.at("refresh_token")}});
}

Answer LoginTest::userinfo(const std::string& access_token) const {
  return send({.target = "/oidc/userinfo", .headers = {{"Authorization", "Bearer " + access_token}}});
}

Answer LoginTest::redeem(const Client& client, const std::string& code,
                         const std::map<std::string, std::string>& other) const {
  std::map<std::string, std::string> form{{"grant_type", "authorization_code"},
                                          {"code", code},
                                          {"redirect_uri", kRedirect},
                                          {"code_verifier", kVerifier}};
  for (const auto& [name, value] : other) {
    form[name] = value;
  }
  return token(client, form);
}

Json LoginTest::claims_of(const std::string& id_token) {
  const std::size_t first = id_token.find('.');
  const std::size_t last = id_token.rfind('.');
  return must(net::parse_json(as_text(must(from_base64url(id_token.substr(first + 1, last - first - 1))))));
}

}  // namespace hutong::platform::login::test
