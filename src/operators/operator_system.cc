#include "operators/operator_system.h"

#include <chrono>
#include <string>
#include <utility>

#include "operators/internal/login.h"
#include "operators/internal/session_handlers.h"

namespace hutong::operators {
namespace {

constexpr std::size_t kBodyLimit = std::size_t{64} << 10;
constexpr std::chrono::hours kSessionsKept{24 * 30};

}  // namespace

struct OperatorSystem::Impl {
  Impl(Parts given, Challenges challenges)
      : parts(std::move(given)),
        catalogue(parts.rights),
        guard(parts.database, catalogue, parts.authority, parts.settings, parts.clock),
        registry(parts.database, catalogue, parts.authority, parts.clock, parts.random),
        login(parts.database, parts.authority, parts.settings, std::move(challenges), parts.clock,
              parts.random),
        create_challenge(login, parts.settings),
        create_session(login, parts.settings, catalogue),
        show_session(catalogue) {}

  Parts parts;
  RightsCatalogue catalogue;
  Guard guard;
  Registry registry;
  Login login;
  CreateChallenge create_challenge;
  CreateSession create_session;
  ShowSession show_session;

  using Method = net::Method;
  void open(net::Router& router, Method method, std::string pattern, net::Handler handler) const {
    router.add({.method = method,
                .pattern = std::move(pattern),
                .weight = net::Weight::kHeavy,
                .body_limit = method == Method::kGet ? 0 : kBodyLimit,
                .handler = std::move(handler)});
  }
  template <typename HandlerClass>
  void guarded(net::Router& router, Method method, std::string pattern, std::string_view right,
               const HandlerClass& handler) const {
    open(router, method, std::move(pattern), [this, right, &handler](const net::Request& request) {
      return serve(handler, guard, right, request);
    });
  }
  void add_session_routes(net::Router& router) const;
};

void OperatorSystem::Impl::add_session_routes(net::Router& router) const {
  open(router, Method::kPost, "/api/v1/session/challenge",
       [this](const net::Request& request) { return net::serve(create_challenge, request); });
  open(router, Method::kPost, "/api/v1/session",
       [this](const net::Request& request) { return net::serve(create_session, request); });
  guarded(router, Method::kGet, "/api/v1/session", kAnyRight, show_session);
  open(router, Method::kPost, "/api/v1/session/heartbeat",
       [this](const net::Request& request) -> Result<net::Response> {
         HUTONG_CHECK(guard.heartbeat(request));
         return net::json_response({{"status", "open"}});
       });
  open(router, Method::kDelete, "/api/v1/session",
       [this](const net::Request& request) -> Result<net::Response> {
         HUTONG_CHECK(guard.log_out(request));
         return net::json_response({{"status", "closed"}});
       });
}

OperatorSystem::OperatorSystem(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
OperatorSystem::~OperatorSystem() = default;

Result<std::unique_ptr<OperatorSystem>> OperatorSystem::create(Parts parts) {
  HUTONG_TRY(auto challenges, Challenges::load(parts.database, parts.settings.challenge_life, parts.random));
  return std::unique_ptr<OperatorSystem>(
      new OperatorSystem(std::make_unique<Impl>(std::move(parts), std::move(challenges))));
}

const Guard& OperatorSystem::guard() const { return impl_->guard; }
const Registry& OperatorSystem::registry() const { return impl_->registry; }
const RightsCatalogue& OperatorSystem::catalogue() const { return impl_->catalogue; }

void OperatorSystem::add_routes(net::Router& router) const { impl_->add_session_routes(router); }

Result<std::int64_t> OperatorSystem::remove_old_sessions() const {
  const Time before = impl_->parts.clock.now() - std::chrono::seconds(kSessionsKept);
  return storage::in_transaction(impl_->parts.database, [&](storage::Transaction& transaction) {
    return SessionRepository::remove_old(transaction, before);
  });
}

}  // namespace hutong::operators
