#pragma once

#include <optional>

#include "base/result.h"
#include "net/http.h"
#include "operators/guard.h"
#include "operators/internal/login.h"
#include "operators/rights.h"

namespace hutong::operators {

/// POST /api/v1/session/challenge: anybody.
class CreateChallenge {
 public:
  struct Input {};
  struct Output {
    Challenges::Challenge challenge;
    std::vector<std::string> audiences;
  };
  CreateChallenge(const Login& login, const Settings& settings) : login_(&login), settings_(&settings) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input) const;
  static net::Response render(const Output& output);

 private:
  const Login* login_;
  const Settings* settings_;
};

/// POST /api/v1/session: anybody with an operator's key.
class CreateSession {
 public:
  using Input = LoginRequest;
  struct Output {
    LoggedIn opened;
    const Settings* settings;
    const RightsCatalogue* catalogue;
  };
  CreateSession(const Login& login, const Settings& settings, const RightsCatalogue& catalogue)
      : login_(&login), settings_(&settings), catalogue_(&catalogue) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input) const;
  static net::Response render(const Output& output);

 private:
  const Login* login_;
  const Settings* settings_;
  const RightsCatalogue* catalogue_;
};

/// GET /api/v1/session: who am I, what may I do.
class ShowSession {
 public:
  struct Input {};
  struct Output {
    Authorized by;
    const RightsCatalogue* catalogue;
  };
  explicit ShowSession(const RightsCatalogue& catalogue) : catalogue_(&catalogue) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const RightsCatalogue* catalogue_;
};

}  // namespace hutong::operators
