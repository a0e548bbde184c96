#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/params.h"
#include "base/result.h"
#include "base/time.h"
#include "token/driver/application.h"

namespace hutong::agent {

enum class LoginEnd : std::uint8_t { kLogout, kIdle, kRemoved };
std::string_view to_string(LoginEnd reason);  ///< "logout", "idle", "removed"

/// An origin's login at an application of a token: for the purposes that the user saw.
class Login {
 public:
  Login(ApplicationPlace place, token::Application application, std::string purpose, Time since);
  const ApplicationPlace& place() const { return place_; }
  const token::Application& application() const { return application_; }
  const std::string& first_purpose() const { return first_purpose_; }
  Time since() const { return since_; }

  bool covers(const std::string& purpose) const;
  void add_purpose(const std::string& purpose);
  void touch() { used_ = std::chrono::steady_clock::now(); }
  std::chrono::steady_clock::time_point used() const { return used_; }

 private:
  const ApplicationPlace place_;
  const token::Application application_;  ///< open as long as the login lasts
  const std::string first_purpose_;
  const Time since_;
  mutable std::mutex lock_;
  std::set<std::string> purposes_;
  std::atomic<std::chrono::steady_clock::time_point> used_;
};

/// Who is logged in where. A token knows one login for everybody; here each origin has its own, and the token
/// is logged out with the last of them. Thread-safe.
class LoginBook {
 public:
  /// Told after a login ended, on the thread that ended it.
  using Ended =
      std::function<void(const std::string& origin, const ApplicationPlace& place, LoginEnd reason)>;
  explicit LoginBook(Ended ended) : ended_(std::move(ended)) {}

  /// Verifies the PIN and begins (or renews) a login. The errors of Application::verify_pin.
  Status begin(const std::string& origin, const ApplicationPlace& place,
               const token::Application& application, ByteView pin, const std::string& purpose, Time now);
  /// kUnauthorized "agent.not_logged_in".
  Result<std::shared_ptr<Login>> find(const std::string& origin, const ApplicationPlace& place) const;
  bool has(const std::string& origin, const ApplicationPlace& place) const;
  std::vector<std::shared_ptr<const Login>> of(const std::string& origin) const;

  void end(const std::string& origin, const ApplicationPlace& place, LoginEnd reason);
  void end_origin(const std::string& origin);
  /// Of all tokens that `is_there` does not know.
  void end_removed(const std::function<bool(const std::string& token)>& is_there);
  void end_application(const ApplicationPlace& place);
  void end_idle(std::chrono::steady_clock::duration most);

 private:
  using Key = std::pair<std::string, ApplicationPlace>;
  std::vector<Key> keys_of(const std::function<bool(const Key&, const Login&)>& wanted) const;
  void end_all(const std::vector<Key>& keys, LoginEnd reason);
  std::shared_ptr<std::mutex> door_of(const ApplicationPlace& place);

  Ended ended_;
  mutable std::mutex lock_;
  std::map<Key, std::shared_ptr<Login>> logins_;
  /// Held while the token's own state changes, so that no logout overtakes a login.
  std::map<ApplicationPlace, std::shared_ptr<std::mutex>> doors_;
};

}  // namespace hutong::agent
