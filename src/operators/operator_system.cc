#include "operators/operator_system.h"

#include <chrono>
#include <string>
#include <utility>

#include "operators/internal/audit_handlers.h"
#include "operators/internal/client_handlers.h"
#include "operators/internal/login.h"
#include "operators/internal/operator_handlers.h"
#include "operators/internal/session_handlers.h"

namespace hutong::operators {
namespace {

constexpr std::size_t kBodyLimit = std::size_t{64} << 10;
constexpr std::chrono::hours kSessionsKept{24 * 30};

}  // namespace

struct OperatorSystem::Impl {
  Impl(Parts given, Challenges challenges)
      : parts(std::move(given)),
        catalogue(parts.rights, parts.is_region),
        guard(parts.database, catalogue, parts.authority, parts.settings, parts.clock),
        registry(parts.database, catalogue, parts.authority, parts.clock, parts.random),
        clients(parts.database, catalogue, parts.clock, parts.random),
        office(parts.database, std::move(parts.archive), parts.clock, parts.random),
        login(parts.database, parts.authority, parts.settings, std::move(challenges), parts.clock,
              parts.random),
        create_challenge(login, parts.settings),
        create_session(login, parts.settings, catalogue),
        show_session(catalogue),
        list_rights(catalogue),
        list_operators(parts.database, catalogue),
        show_operator(parts.database, catalogue),
        add_operator(registry, catalogue),
        change_operator(registry, catalogue),
        replace_certificate(registry, catalogue),
        retire_operator(registry, catalogue),
        list_clients(parts.database),
        add_client(clients),
        change_client(clients),
        retire_client(clients),
        search_records(parts.database),
        show_record(parts.database),
        verify_audit(office),
        mark_audited(office),
        list_archives(office),
        create_archive(office),
        archive_content(office),
        archive_signature(office) {}

  Parts parts;
  RightsCatalogue catalogue;
  Guard guard;
  Registry registry;
  ClientRegistry clients;
  AuditOffice office;
  Login login;
  CreateChallenge create_challenge;
  CreateSession create_session;
  ShowSession show_session;
  ListRights list_rights;
  ListOperators list_operators;
  ShowOperator show_operator;
  AddOperator add_operator;
  ChangeOperator change_operator;
  ReplaceCertificate replace_certificate;
  RetireOperator retire_operator;
  ListClients list_clients;
  AddClient add_client;
  ChangeClient change_client;
  RetireClient retire_client;
  SearchRecords search_records;
  ShowRecord show_record;
  VerifyAudit verify_audit;
  MarkAudited mark_audited;
  ListArchives list_archives;
  CreateArchive create_archive;
  DownloadArchive<AuditOffice::Part::kContent> archive_content;
  DownloadArchive<AuditOffice::Part::kSignature> archive_signature;

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
  void add_operator_routes(net::Router& router) const;
  void add_client_routes(net::Router& router) const;
  void add_audit_routes(net::Router& router) const;
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

void OperatorSystem::Impl::add_operator_routes(net::Router& router) const {
  guarded(router, Method::kGet, "/api/v1/rights", kAnyRight, list_rights);
  guarded(router, Method::kGet, "/api/v1/operators", kReadOperators, list_operators);
  guarded(router, Method::kPost, "/api/v1/operators", kGovernOperators, add_operator);
  guarded(router, Method::kGet, "/api/v1/operators/{id}", kReadOperators, show_operator);
  guarded(router, Method::kPut, "/api/v1/operators/{id}", kGovernOperators, change_operator);
  guarded(router, Method::kPost, "/api/v1/operators/{id}/certificate", kAnyRight, replace_certificate);
  guarded(router, Method::kPost, "/api/v1/operators/{id}/retirement", kGovernOperators, retire_operator);
}

void OperatorSystem::Impl::add_client_routes(net::Router& router) const {
  guarded(router, Method::kGet, "/api/v1/clients", kManageClients, list_clients);
  guarded(router, Method::kPost, "/api/v1/clients", kManageClients, add_client);
  guarded(router, Method::kPut, "/api/v1/clients/{id}", kManageClients, change_client);
  guarded(router, Method::kPost, "/api/v1/clients/{id}/retirement", kManageClients, retire_client);
}

void OperatorSystem::Impl::add_audit_routes(net::Router& router) const {
  guarded(router, Method::kGet, "/api/v1/audit/records", kReadAudit, search_records);
  guarded(router, Method::kGet, "/api/v1/audit/records/{sequence}", kReadAudit, show_record);
  guarded(router, Method::kPost, "/api/v1/audit/verification", kVerifyAudit, verify_audit);
  guarded(router, Method::kPost, "/api/v1/audit/marks", kMarkAudit, mark_audited);
  guarded(router, Method::kGet, "/api/v1/audit/archives", kReadAudit, list_archives);
  guarded(router, Method::kPost, "/api/v1/audit/archives", kArchiveAudit, create_archive);
  guarded(router, Method::kGet, "/api/v1/audit/archives/{id}/content", kReadAudit, archive_content);
  guarded(router, Method::kGet, "/api/v1/audit/archives/{id}/signature", kReadAudit, archive_signature);
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

const ClientRegistry& OperatorSystem::clients() const { return impl_->clients; }
const AuditOffice& OperatorSystem::audit_office() const { return impl_->office; }

void OperatorSystem::add_routes(net::Router& router) const {
  impl_->add_session_routes(router);
  impl_->add_operator_routes(router);
  impl_->add_client_routes(router);
  impl_->add_audit_routes(router);
}

Result<std::int64_t> OperatorSystem::remove_old_sessions() const {
  const Time before = impl_->parts.clock.now() - std::chrono::seconds(kSessionsKept);
  return storage::in_transaction(impl_->parts.database, [&](storage::Transaction& transaction) {
    return SessionRepository::remove_old(transaction, before);
  });
}

}  // namespace hutong::operators
