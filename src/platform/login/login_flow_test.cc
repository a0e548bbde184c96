#include <gtest/gtest.h>

#include <algorithm>

#include "asn1/oids.h"
#include "base/encoding.h"
#include "platform/login/login_support.h"
#include "x509/extension_builder.h"

namespace hutong::platform::login {
namespace {

using hutong::platform::test::BadRequest;
using hutong::test::Ticket;
using net::Method;
using test::Json;
using test::Key;
using test::must;

/// Everything from a browser at a business system to the ID token, with keys in software.
class LoginFlow : public test::LoginTest {
 protected:
  std::vector<std::string> roles_of(const Json& claims) { return claims.at("roles"); }
};
INSTANTIATE_TEST_SUITE_P(Storage, LoginFlow, hutong::test::every_database(), hutong::test::database_name);

TEST_P(LoginFlow, FromTheBusinessSystemToTheIdToken) {
  const auto system = registered();
  const std::string subject = enter_company({"supplier"});
  const Key key = issue(vendor_a_, "supplier");
  const auto sent = location(browse(authorize_target(system)));
  EXPECT_EQ(sent.at("(address)"), "https://platform.example/sign-in");
  const Json asked = challenge(sent.at("request"));
  EXPECT_EQ(asked["system"]["name_zh"], "采购平台");
  const auto done = answer(sent.at("request"), sign(asked, key));
  ASSERT_EQ(done.status, 200) << done.response.body;
  const std::string back = done.json["redirect"];
  EXPECT_TRUE(back.starts_with("https://mall.example/callback?code=")) << back;
  const auto query = net::parse_target(must(net::parse_url(back)).target)->query;
  EXPECT_EQ(query.at("state"), "a state & more");
  EXPECT_EQ(query.at("iss"), "https://platform.example");
  const auto tokens = redeem(system, query.at("code"));
  ASSERT_EQ(tokens.status, 200) << tokens.response.body;
  const Json claims = claims_of(tokens.json["id_token"]);
  EXPECT_EQ(claims["iss"], "https://platform.example");
  EXPECT_EQ(claims["aud"], system.id);
  EXPECT_EQ(claims["sub"], subject);
  EXPECT_EQ(claims["nonce"], "a nonce");
  EXPECT_EQ(claims["uscc"], kCompany);
  EXPECT_EQ(claims["region"], "150100");
  EXPECT_EQ(roles_of(claims), std::vector<std::string>{"supplier"});
  EXPECT_EQ(claims["vendor"], "演示CA甲");
  EXPECT_EQ(claims["assurance"], "certificate");
  EXPECT_EQ(claims["certificate_sm3"], to_hex(key.certificate.sm3()));
  const auto info = userinfo(tokens.json["access_token"]);
  ASSERT_EQ(info.status, 200) << info.response.body;
  EXPECT_EQ(info.json["sub"], subject);
  EXPECT_EQ(records("login.accepted").size(), 1U);
  EXPECT_TRUE(log_is_whole());
}

TEST_P(LoginFlow, OneKeyAtTwoSystemsAndTwoVendorsForOneSubject) {
  const auto first = registered();
  const auto second = registered();
  const auto subject_of = [this](const test::Client& system, const Key& key) {
    return claims_of(redeem(system, code_for(system, key)).json["id_token"])["sub"].get<std::string>();
  };
  const Key a = issue(vendor_a_, "supplier");
  const std::string subject = subject_of(first, a);
  EXPECT_EQ(subject_of(second, a), subject);
  EXPECT_EQ(subject_of(second, issue(vendor_b_, "the same supplier")), subject);
  EXPECT_EQ(client("clerk").get("/api/v1/subjects").json["items"].size(), 1U);
}

TEST_P(LoginFlow, WhoHasSeveralRolesChooses) {
  const auto system = registered();
  enter_company({"purchaser", "supplier"});
  const Key key = issue(vendor_a_, "both");
  const std::string request = request_of(system);
  const Bytes message = sign(challenge(request), key);
  EXPECT_EQ(answer(request, message).json["choice"], Json({"purchaser", "supplier"}));
  EXPECT_EQ(answer(request, message, "agency").code, "login.role");
  EXPECT_EQ(answer(request, message, "king").code, "desk.member");
  const auto chosen = answer(request, message, "supplier");
  ASSERT_EQ(chosen.status, 200) << chosen.response.body;
  const auto code = net::parse_target(must(net::parse_url(chosen.json["redirect"].get<std::string>())).target)
                        ->query.at("code");
  EXPECT_EQ(roles_of(claims_of(redeem(system, code).json["id_token"])), std::vector<std::string>{"supplier"});
  EXPECT_EQ(answer(request, message, "supplier").code, "login.replayed");
}

TEST_P(LoginFlow, RefusesWithTheReason) {
  const auto system = registered();
  const Key revoked = issue(vendor_a_, "revoked", {.serial = 7});
  const Key of_b = issue(vendor_b_, "of b", {.serial = 8});
  revoke(vendor_a_, revoked);
  const auto refused = [&](const Key& key) { return log_in(system, key).code; };
  EXPECT_EQ(refused(revoked), "revocation.revoked");
  EXPECT_EQ(refused(of_b), "");
  publish(recognition::ServiceStatus::kSuspended);
  EXPECT_EQ(refused(of_b), "trust_list.service_suspended");
  publish(recognition::ServiceStatus::kWithdrawn);
  EXPECT_EQ(refused(of_b), "trust_list.service_withdrawn");
  EXPECT_EQ(refused(issue(vendor_a_, "old", {.until = hutong::test::kMid2027 - std::chrono::hours(1)})),
            "path.expired");
  EXPECT_EQ(refused(issue(stranger_, "foreign")), "path.no_issuer");
  EXPECT_EQ(refused(issue(vendor_a_, "nobody", {.extensions = {x509::extension::ocsp_no_check()}})),
            "subject.unidentified");
  auto encryption = of_company();
  encryption.push_back(x509::extension::key_usage({x509::KeyUsageBit::kKeyEncipherment}));
  EXPECT_EQ(refused(issue(vendor_a_, "encryption", {.extensions = encryption})), "login.certificate_use");
  EXPECT_EQ(records("login.refused").size(), 7U);
  EXPECT_TRUE(log_is_whole());
}

TEST_P(LoginFlow, WithoutATrustListNobodyGetsIn) {
  const auto system = registered();
  std::filesystem::remove(trust_files_.list);
  keeper_->refresh();
  EXPECT_EQ(log_in(system, issue(vendor_a_, "supplier")).code, "trust_list.missing");
}

TEST_P(LoginFlow, WithoutRevocationDataNobodyGetsIn) {
  const auto system = registered();
  std::filesystem::remove(trust_files_.revocation_folder / "a.crl");
  keeper_->refresh();
  EXPECT_EQ(log_in(system, issue(vendor_a_, "supplier")).code, "revocation.no_data");
}

TEST_P(LoginFlow, AnswersAreForOneChallengeOfOneOriginAndSystem) {
  const auto system = registered();
  const Key key = issue(vendor_a_, "supplier");
  const std::string request = request_of(system);
  const Json asked = challenge(request);
  EXPECT_EQ(answer(request, sign(asked, key, "https://evil.example")).code, "challenge.origin");
  const Bytes message = sign(asked, key);
  EXPECT_EQ(answer(request, message).status, 200);
  EXPECT_EQ(answer(request, message).code, "login.replayed");
  Json own = asked;
  own["nonce"] = to_base64(Bytes(32, 1));
  EXPECT_EQ(answer(request, sign(own, key)).code, "challenge.foreign");
  const Json late = challenge(request);
  clock_.move(std::chrono::seconds(121));
  EXPECT_EQ(answer(request, sign(late, key)).code, "challenge.expired");
}

TEST_P(LoginFlow, CodesAreGoodOnce) {
  const auto system = registered();
  const Key key = issue(vendor_a_, "supplier");
  const std::string code = code_for(system, key);
  const auto tokens = redeem(system, code);
  ASSERT_EQ(tokens.status, 200) << tokens.response.body;
  EXPECT_EQ(redeem(system, code).code, "invalid_grant");
  EXPECT_EQ(userinfo(tokens.json["access_token"]).code, "invalid_token") << "the login ended";
  EXPECT_EQ(refresh(system, tokens.json).code, "invalid_grant");
  EXPECT_EQ(records("login.code_reused").size(), 1U);
}

TEST_P(LoginFlow, CodesAreForOneSystemAddressAndVerifier) {
  const auto system = registered();
  const auto other = registered("https://other.example/callback");
  const Key key = issue(vendor_a_, "supplier");
  const std::string code = code_for(system, key);
  EXPECT_EQ(redeem(other, code).code, "invalid_grant");
  EXPECT_EQ(redeem(system, code, {{"redirect_uri", "https://mall.example/callback/"}}).code, "invalid_grant");
  EXPECT_EQ(redeem(system, code, {{"code_verifier", std::string(43, 'x')}}).code, "invalid_grant");
  EXPECT_EQ(redeem(system, code, {{"code_verifier", ""}}).code, "invalid_request");
  EXPECT_EQ(redeem(system, "garbage").code, "invalid_grant");
  EXPECT_EQ(redeem({system.id, "wrong"}, code).status, 401);
  EXPECT_EQ(redeem({"nobody", system.secret}, code).code, "invalid_client");
  EXPECT_EQ(redeem(system, code).status, 200) << "nobody else used it up";
  const std::string late = code_for(system, key);
  clock_.move(std::chrono::seconds(60));
  EXPECT_EQ(redeem(system, late).code, "invalid_grant");
}

TEST_P(LoginFlow, RefreshTokensRotateAndAReusedOneEndsTheLogin) {
  const auto system = registered();
  const auto first = redeem(system, code_for(system, issue(vendor_a_, "supplier")));
  const auto second = refresh(system, first.json);
  ASSERT_EQ(second.status, 200) << second.response.body;
  EXPECT_EQ(claims_of(second.json["id_token"])["sub"], claims_of(first.json["id_token"])["sub"]);
  const auto third = refresh(system, second.json);
  ASSERT_EQ(third.status, 200) << third.response.body;
  EXPECT_EQ(refresh(system, first.json).code, "invalid_grant");
  EXPECT_EQ(refresh(system, third.json).code, "invalid_grant") << "the login ended";
  EXPECT_EQ(records("login.refresh_token_reused").size(), 1U);
  EXPECT_EQ(refresh(registered(), third.json).code, "invalid_grant");
}

TEST_P(LoginFlow, ARefreshLooksAtTheCertificateAgain) {
  const auto system = registered();
  const Key of_a = issue(vendor_a_, "revoked meanwhile", {.serial = 7});
  const Key of_b = issue(vendor_b_, "of a vendor suspended meanwhile", {.serial = 8});
  const Key old =
      issue(vendor_a_, "expired meanwhile", {.serial = 9, .until = clock_.now() + std::chrono::hours(1)});
  const auto tokens_of = [&](const Key& key) { return redeem(system, code_for(system, key)).json; };
  const std::vector<Json> good{refresh(system, tokens_of(of_a)).json, refresh(system, tokens_of(of_b)).json,
                               refresh(system, tokens_of(old)).json};
  revoke(vendor_a_, of_a);
  const auto refused = refresh(system, good[0]);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.code, "invalid_grant");
  EXPECT_NE(refused.json["error_description"].get<std::string>().find("吊销"), std::string::npos);
  EXPECT_EQ(userinfo(good[0].at("access_token")).code, "invalid_token") << "the login ended";
  EXPECT_EQ(refresh(system, good[0]).code, "invalid_grant");
  EXPECT_EQ(userinfo(good[1].at("access_token")).status, 200) << "the others did not";
  publish(recognition::ServiceStatus::kSuspended);
  EXPECT_EQ(refresh(system, good[1]).code, "invalid_grant");
  publish();
  EXPECT_EQ(refresh(system, good[1]).code, "invalid_grant") << "it stays ended when the vendor comes back";
  clock_.move(std::chrono::hours(1) + std::chrono::seconds(1));
  EXPECT_EQ(refresh(system, good[2]).code, "invalid_grant");
  const auto told = records("login.lapsed");
  ASSERT_EQ(told.size(), 3U);
  EXPECT_NE(told.back().event.detail.find("revocation.revoked"), std::string::npos) << "the newest first";
  EXPECT_EQ(records("login.refresh_token_reused").size(), 0U);
  EXPECT_TRUE(log_is_whole());
}

TEST_P(LoginFlow, LogoutEndsTheTokens) {
  const auto system = registered();
  const auto tokens = redeem(system, code_for(system, issue(vendor_a_, "supplier"))).json;
  const std::string hint = tokens.at("id_token");
  EXPECT_EQ(send({.target = "/oidc/end-session?id_token_hint=" + hint +
                            "&post_logout_redirect_uri=https%3A%2F%2Fevil.example"})
                .code,
            "login.redirect_uri");
  const auto away = location(browse("/oidc/end-session?id_token_hint=" + hint +
                                    "&state=s&post_logout_redirect_uri=https%3A%2F%2Fmall.example%2Fbye"));
  EXPECT_EQ(away.at("(address)"), "https://mall.example/bye");
  EXPECT_EQ(away.at("state"), "s");
  EXPECT_EQ(userinfo(tokens.at("access_token")).code, "invalid_token");
  EXPECT_EQ(refresh(system, tokens).code, "invalid_grant");
  EXPECT_EQ(records("login.ended").size(), 1U);
  EXPECT_EQ(send({.target = "/oidc/end-session"}).code, "login.id_token");
}

TEST_P(LoginFlow, SystemsThatWereNotReleasedOrRetiredAreNobody) {
  const auto proposed =
      client("clerk").post("/api/v1/business-systems",
                           {{"name_zh", "新平台"}, {"name_en", "New"}, {"redirect_uris", {kRedirect}}});
  const test::Client fresh{proposed.json["client_id"], proposed.json["client_secret"]};
  EXPECT_EQ(browse(authorize_target(fresh)).status, 400);
  EXPECT_EQ(token(fresh, {{"grant_type", "client_credentials"}}).code, "invalid_client");
  const auto system = registered();
  EXPECT_EQ(token(system, {{"grant_type", "client_credentials"}}).status, 200);
  const std::string request = request_of(system);
  const auto retired =
      client("clerk").post("/api/v1/business-systems/" + system.id + "/retirement", {{"reason", "closed"}});
  EXPECT_EQ(retired.json["state"], "retired");
  EXPECT_EQ(token(system, {{"grant_type", "client_credentials"}}).code, "invalid_client");
  EXPECT_EQ(send({.method = Method::kPost,
                  .target = "/api/v1/login/challenges",
                  .body = Json({{"request", request}}).dump()})
                .code,
            "login.client");
}

TEST_P(LoginFlow, BadAuthorizationRequests) {
  const auto system = registered();
  const auto page = [&](const std::map<std::string, std::string>& other) {
    return browse(authorize_target(system, other));
  };
  EXPECT_EQ(page({{"client_id", "nobody"}}).status, 400);
  EXPECT_EQ(page({{"client_id", ""}}).status, 400);
  EXPECT_EQ(page({{"redirect_uri", "https://mall.example/callback?x"}}).status, 400);
  EXPECT_EQ(page({{"redirect_uri", ""}}).status, 400);
  struct Row {
    std::string parameter;
    std::string value;
    std::string error;
  };
  const std::vector<Row> table{
      {"response_type", "", "invalid_request"},
      {"response_type", "token", "unsupported_response_type"},
      {"scope", "profile", "invalid_scope"},
      {"scope", "", "invalid_scope"},
      {"code_challenge", "", "invalid_request"},
      {"code_challenge", "short", "invalid_request"},
      {"code_challenge_method", "plain", "invalid_request"},
      {"code_challenge_method", "", "invalid_request"},
      {"nonce", std::string(513, 'x'), "invalid_request"},
      {"state", std::string(513, 'x'), "invalid_request"},
      {"request", "x", "request_not_supported"},
      {"request_uri", "x", "request_uri_not_supported"},
      {"prompt", "none", "login_required"},
  };
  for (const Row& row : table) {
    const auto sent = location(page({{row.parameter, row.value}}));
    EXPECT_EQ(sent.at("(address)"), kRedirect) << row.parameter;
    EXPECT_EQ(sent.at("error"), row.error) << row.parameter << " " << row.value;
  }
}

TEST_P(LoginFlow, BadRequestsOfThePage) {
  const auto system = registered();
  const std::string request = request_of(system);
  const auto body = [](const Json& json) { return json.dump(); };
  const std::vector<BadRequest> table{
      {"/challenges", "", 400, "request.member"},
      {"/challenges", "{", 400, "json.syntax"},
      {"/challenges", body({{"request", 1}}), 400, "request.member"},
      {"/challenges", body({{"request", "x"}}), 403, "login.ticket"},
      {"/challenges", body({{"request", request}, {"more", 1}}), 400, "request.unknown_member"},
      {"/challenges", body({{"request", std::string(20'000, 'x')}}), 413, "upload.too_large"},
      {"/answers", "", 400, "request.member"},
      {"/answers", body({{"request", request}}), 400, "request.member"},
      {"/answers", body({{"request", "x"}, {"message", "AA=="}}), 403, "login.ticket"},
      {"/answers", body({{"request", request}, {"message", "AA=="}}), 400, "challenge.message"},
      {"/answers", body({{"request", request}, {"message", ""}}), 400, "request.member"},
      {"/answers", body({{"request", request}, {"message", 5}}), 400, "request.member"},
      {"/answers", body({{"request", request}, {"message", std::string(90'000, 'A')}}), 413,
       "upload.too_large"},
  };
  for (const auto& bad : table) {
    const auto answer =
        send({.method = Method::kPost, .target = "/api/v1/login" + bad.what, .body = bad.body});
    EXPECT_EQ(answer.status, bad.status) << bad.what << ' ' << bad.body.substr(0, 80) << answer.response.body;
    EXPECT_EQ(answer.code, bad.code) << bad.what << ' ' << bad.body.substr(0, 80);
  }
  clock_.move(std::chrono::seconds(600));
  EXPECT_EQ(send({.method = Method::kPost,
                  .target = "/api/v1/login/challenges",
                  .body = body({{"request", request}})})
                .code,
            "login.ticket");
}

TEST_P(LoginFlow, BadTokenRequests) {
  const auto system = registered();
  EXPECT_EQ(token(system, {}).code, "invalid_request");
  EXPECT_EQ(token(system, {{"grant_type", "password"}}).code, "unsupported_grant_type");
  EXPECT_EQ(token(system, {{"grant_type", "refresh_token"}}).code, "invalid_request");
  EXPECT_EQ(token(system, {{"grant_type", "refresh_token"}, {"refresh_token", "x"}}).code, "invalid_grant");
  EXPECT_EQ(send({.method = Method::kPost, .target = "/oidc/token"}).code, "invalid_request");
  EXPECT_EQ(send({.method = Method::kPost,
                  .target = "/oidc/token",
                  .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                  .body = "grant_type=client_credentials"})
                .status,
            401);
  EXPECT_EQ(send({.method = Method::kPost,
                  .target = "/oidc/token",
                  .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                  .body = "grant_type=client_credentials&client_id=" + system.id +
                          "&client_secret=" + system.secret})
                .status,
            200)
      << "client_secret_post";
  EXPECT_EQ(send({.method = Method::kPost,
                  .target = "/oidc/token",
                  .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                  .body = std::string(20'000, 'x')})
                .status,
            413);
  EXPECT_EQ(userinfo("x").status, 401);
  EXPECT_EQ(send({.target = "/oidc/userinfo"}).code, "invalid_token");
  const auto own = token(system, {{"grant_type", "client_credentials"}}).json.at("access_token");
  EXPECT_EQ(userinfo(own).code, "invalid_token") << "nobody's";
}

TEST_P(LoginFlow, DiscoveryNamesWhatIsThere) {
  const Json found = send({.target = "/.well-known/openid-configuration"}).json;
  EXPECT_EQ(found["issuer"], "https://platform.example");
  for (const auto& [name, value] : found.items()) {
    if (name.ends_with("_endpoint") || name == "jwks_uri") {
      const std::string path = must(net::parse_url(value.get<std::string>())).target;
      EXPECT_TRUE(std::ranges::any_of(router_.routes(), [&](const auto& route) {
        return route.pattern == path;
      })) << path;
    }
  }
  const Json keys = send({.target = "/oidc/keys"}).json;
  EXPECT_EQ(keys["keys"][0]["alg"], "ES256");
  EXPECT_EQ(keys["keys"][1]["alg"], "SGD_SM3_SM2");
  for (const Json& key : keys["keys"]) {
    EXPECT_FALSE(key.contains("d"));
  }
}

class SlowLogin : public test::LoginTest {
 protected:
  SlowLogin() { login_settings_.most_per_minute = 3; }
};
INSTANTIATE_TEST_SUITE_P(Storage, SlowLogin, hutong::test::every_database(), hutong::test::database_name);

TEST_P(SlowLogin, IsLimitedPerMinute) {
  const auto system = registered();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(browse(authorize_target(system)).status, 302);
    EXPECT_EQ(token(system, {{"grant_type", "client_credentials"}}).status, 200);
  }
  EXPECT_EQ(browse(authorize_target(system)).status, 429);
  EXPECT_EQ(token(system, {{"grant_type", "client_credentials"}}).status, 429);
  clock_.move(std::chrono::seconds(60));
  EXPECT_EQ(browse(authorize_target(system)).status, 302);
}

class SlowLoginBehindAProxy : public SlowLogin {
 protected:
  SlowLoginBehindAProxy() { login_settings_.address_field = "X-Forwarded-For"; }
  int status_from(const std::string& address, const std::string& target) const {
    return send({.target = target, .headers = {{"X-Forwarded-For", "10.0.0.1, " + address}}}).status;
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, SlowLoginBehindAProxy, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(SlowLoginBehindAProxy, EachClientIsLimitedForItself) {
  const std::string target = authorize_target(registered());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(status_from("203.0.113.7", target), 302);
  }
  EXPECT_EQ(status_from("203.0.113.7", target), 429);
  EXPECT_EQ(status_from("203.0.113.8", target), 302);
}

}  // namespace
}  // namespace hutong::platform::login
