#include <array>
#include <vector>

#include "base/file.h"
#include "operators/operator_system.h"
#include "platform/commands.h"
#include "platform/rights.h"
#include "platform/schema.h"
#include "x509/input.h"

namespace hutong::platform {
namespace {

constexpr std::size_t kMostCertificateFile = 1 << 20;

struct FirstOperator {
  std::string_view name;
  operators::Role role;
  const std::string& file;
};

Result<operators::NewOperator> read_operator(const FirstOperator& first) {
  HUTONG_TRY(const Bytes content, read_file(first.file, kMostCertificateFile));
  HUTONG_TRY(auto certificate, x509::read_certificate(content));
  return operators::NewOperator{
      .display_name = std::string(first.name), .role = first.role, .certificate = std::move(certificate)};
}

}  // namespace

Status initialise(const Config& config, const InitOptions& options, const Clock& clock) {
  if (config.database.empty()) {
    return Error{Errc::kMalformed, "config.database", "configuration: init needs database.url"};
  }
  const std::array first{
      FirstOperator{"系统管理员", operators::Role::kSuperAdministrator, options.system_administrator},
      FirstOperator{"安全管理员", operators::Role::kBusinessAdministrator, options.security_administrator},
      FirstOperator{"审计管理员", operators::Role::kAuditAdministrator, options.audit_administrator}};
  std::vector<operators::NewOperator> administrators;
  for (const FirstOperator& one : first) {
    HUTONG_TRY(auto administrator, read_operator(one));
    administrators.push_back(std::move(administrator));
  }
  HUTONG_TRY(const auto authority, operator_authority(config.operator_authorities));
  HUTONG_TRY(auto database, open_database(config.database, clock));
  const operators::RightsCatalogue catalogue(rights());
  const operators::Registry registry(database, catalogue, authority, clock);
  return storage::in_transaction(database, [&](storage::Transaction& transaction) {
    return registry.bootstrap(transaction, administrators);
  });
}

}  // namespace hutong::platform
