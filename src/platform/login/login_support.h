#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "net/client.h"
#include "platform/desk_support.h"
#include "platform/login/ticket.h"
#include "tests/tools/test_ca.h"

namespace hutong::platform::login::test {

using hutong::platform::test::must;
using net::Json;

/// A key with its certificate, as a token would hold it.
struct Key {
  hutong::test::Party party;
  x509::Certificate certificate;
};

struct Vendor {
  hutong::test::Party ca;
  x509::Certificate certificate;
  std::vector<x509::RevokedCertificate> revoked = {};
};

/// A business system as the platform registered it.
struct Client {
  std::string id;
  std::string secret;
};

/// The platform with a trust list of two vendors, over HTTP, and everything that a browser, a business system
/// and an agent do.
class LoginTest : public hutong::platform::test::DeskTest {
 protected:
  static constexpr const char* kOrigin = "https://platform.example";
  static constexpr const char* kRedirect = "https://mall.example/callback";
  static constexpr const char* kVerifier = "a verifier of at least forty-three characters!!";
  static constexpr const char* kCompany = "91350100M000100Y43";

  LoginTest();
  void SetUp() override;

  /// A certificate of this vendor for the company, or for whoever the extensions say.
  Key issue(Vendor& vendor, std::string_view name, hutong::test::Ticket ticket = {}) const;
  std::vector<x509::ExtensionValue> of_company() const;
  void revoke(Vendor& vendor, const Key& key);
  /// Writes list and revocation lists for the trust keeper; the numbers go up.
  void publish(recognition::ServiceStatus status_of_b = recognition::ServiceStatus::kGranted);

  /// Registered by the clerk, released by the reviewer.
  Client registered(std::string_view redirect = kRedirect, std::string_view id_token_algorithm = "ES256");
  /// An endpoint of the operators about this system, "suspension" for instance.
  hutong::test::Answer manage(const std::string& who, const Client& system, const std::string& what,
                              const Json& body);
  std::string enter_company(const std::vector<std::string>& roles);

  // The browser.
  static std::string authorize_target(const Client& client,
                                      const std::map<std::string, std::string>& other = {});
  net::ClientResponse browse(const std::string& target) const;
  /// What stands in the Location field, as query parameters.
  static std::map<std::string, std::string, std::less<>> location(const net::ClientResponse& response);
  std::string request_of(const Client& client) const;
  Json challenge(const std::string& request) const;
  hutong::test::Answer answer(const std::string& request, const Bytes& message,
                              std::string_view role = {}) const;
  /// From the authorization endpoint to the answer.
  hutong::test::Answer log_in(const Client& client, const Key& key, std::string_view role = {}) const;
  /// The code of a login that succeeds.
  std::string code_for(const Client& client, const Key& key) const;

  // The agent.
  Bytes sign(const Json& challenge, const Key& key, std::string_view origin = kOrigin) const;

  // The business system.
  hutong::test::Answer token(const Client& client, const std::map<std::string, std::string>& form) const;
  hutong::test::Answer refresh(const Client& client, const Json& tokens) const;
  hutong::test::Answer userinfo(const std::string& access_token) const;
  hutong::test::Answer redeem(const Client& client, const std::string& code,
                              const std::map<std::string, std::string>& other = {}) const;
  hutong::test::Answer send(const net::ClientRequest& request) const;
  static Json claims_of(const std::string& id_token);

  Vendor vendor_a_{hutong::test::Party("演示CA甲"),
                   hutong::test::self_signed(hutong::test::Party("演示CA甲"))};
  Vendor vendor_b_{hutong::test::Party("演示CA乙"),
                   hutong::test::self_signed(hutong::test::Party("演示CA乙"))};
  Vendor stranger_{hutong::test::Party("外部CA"), hutong::test::self_signed(hutong::test::Party("外部CA"))};
  hutong::test::Party list_signer_{"信任列表签名者"};
  const x509::Certificate list_signer_certificate_ = hutong::test::issue(list_signer_, list_signer_, {});
  std::uint64_t list_number_ = 0;
};

}  // namespace hutong::platform::login::test
