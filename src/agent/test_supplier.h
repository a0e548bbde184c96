#pragma once

#include <string>

#include "agent/test_page.h"
#include "demonstration/authority.h"

namespace hutong::agent::test {

/// An authority for tests, and what it issues to keys in the token of a running agent.
class Supplier {
 public:
  static constexpr const char* kPin = "12345678";
  static constexpr const char* kPurpose = "投标";

  /// Logs in, makes keys in the container, has them certified and imports all of it; the page stays logged
  /// in. Throws when anything is refused.
  Supplier(const RunningAgent& agent, Page& page, const std::string& container);
  const std::string& signing() const { return signing_; }        ///< base64 of DER
  const std::string& encryption() const { return encryption_; }  ///< base64 of DER
  const Bytes& request() const { return request_; }              ///< PKCS#10

  static Json application();
  /// Params with the container's place and these.
  static Json at(const std::string& container, const Json& more = Json::object());
  static void log_in(const RunningAgent& agent, Page& page);

 private:
  Bytes certify(const crypto::PublicKey& key, x509::KeyUsageBit usage) const;
  demonstration::Validity validity_;
  demonstration::Authority ca_;
  Bytes request_;
  std::string signing_;
  std::string encryption_;
};

}  // namespace hutong::agent::test
