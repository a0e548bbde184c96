#pragma once

#include <memory>

#include "base/result.h"
#include "base/time.h"
#include "net/router.h"
#include "operators/guard.h"
#include "platform/login/token_login.h"
#include "platform/subjects/subject_desk.h"
#include "platform/trust/trust_keeper.h"
#include "platform/vault.h"
#include "storage/database.h"

namespace hutong::platform::login {

/// All of this room put together: the OpenID provider, the login of its page, the business systems.
class LoginRoom {
 public:
  struct Parts {
    storage::Database& database;
    const Vault& vault;
    const SubjectDesk& subjects;
    const TrustKeeper& trust;
    LoginSettings settings;
    const Clock& clock;
  };
  /// What is referred to must outlive it.
  static Result<std::unique_ptr<LoginRoom>> create(Parts parts);
  ~LoginRoom();
  LoginRoom(const LoginRoom&) = delete;
  LoginRoom& operator=(const LoginRoom&) = delete;

  /// The endpoints tagged "login" and "business systems" of docs/openapi.json. Room and guard must outlive
  /// the router.
  void add_routes(net::Router& router, const operators::Guard& guard) const;
  /// Those tagged "login" alone, which no operator uses.
  void add_login_routes(net::Router& router) const;
  /// A job: forgets logins that expired more than 30 days ago. How many.
  Result<std::int64_t> remove_old() const;

 private:
  struct Impl;
  explicit LoginRoom(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hutong::platform::login
