#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/http.h"

namespace hutong::agent {

/// What the policy says about origins; each is written as browsers do: "https://example.cn[:port]".
struct OriginPolicy {
  std::vector<std::string> allowed;  ///< need no consent; the only ones that may be http://
  std::vector<std::string> refused;
  std::vector<std::string> digests;  ///< may have bare digests signed without being asked each time
};

/// Which pages may ask. Consent of the user is kept in a file, one origin a line. Thread-safe.
class Origins {
 public:
  /// An empty `consent`: what the user allows is forgotten at the end. Errors of read_file.
  static Result<std::unique_ptr<Origins>> open(OriginPolicy policy, std::filesystem::path consent);
  Origins(OriginPolicy policy, std::filesystem::path consent, std::set<std::string, std::less<>> consented);

  /// The origin that a request comes from. kUnauthorized "agent.host", "agent.origin_missing",
  /// "agent.origin_refused".
  Result<std::string> of(const net::Request& request, std::uint16_t port) const;
  bool is_allowed(std::string_view origin) const;
  bool may_sign_digests(std::string_view origin) const;
  /// The user said yes. kUnavailable "file.unwritable".
  Status allow(const std::string& origin);

 private:
  OriginPolicy policy_;
  std::filesystem::path consent_file_;
  mutable std::mutex lock_;
  std::set<std::string, std::less<>> consented_;
};

/// True for "https://host[:port]" as browsers write it: lower case, no path, no user, the default port left
/// out.
bool is_secure_origin(std::string_view origin);

}  // namespace hutong::agent
