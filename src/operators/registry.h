#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"
#include "operators/authorized.h"
#include "operators/certificate_policy.h"
#include "operators/operator.h"
#include "operators/rights.h"
#include "storage/database.h"

namespace hutong::operators {

struct NewOperator {
  std::string display_name;
  Role role = Role::kBusinessOperator;
  RightSet rights = {};
  std::string region = {};  ///< empty: everywhere
  x509::Certificate certificate;
};
/// Fields left empty stay as they are.
struct OperatorChange {
  std::string id;
  std::int64_t version = 0;  ///< of what the asker saw
  std::optional<std::string> display_name = std::nullopt;
  std::optional<RightSet> rights = std::nullopt;
  std::optional<std::string> region = std::nullopt;  ///< "": everywhere
};

/// Who works on the system and who may decide that (GM/T 0037 8.3, 8.6.2.13; GM/T 0038 7.3, 7.6.5). Every
/// change is audited with the signature of its doer and ends the sessions of whom it is about; what is
/// refused is audited too. Any thread.
///
/// Errors of all changes: kUnauthorized "operator.not_governed" (the asker's role does not govern that role,
/// or it is the asker), kNotFound "operator.unknown", kConflict "storage.conflict" (somebody else was
/// faster), "operator.retired"; of those that take rights or a certificate what RightsCatalogue::check_grant
/// and check_certificate say, and kConflict "operator.certificate_taken".
class Registry {
 public:
  Registry(storage::Database& database, const RightsCatalogue& catalogue,
           const CertificateAuthority& authority, const Clock& clock,
           crypto::RandomSource& random = crypto::system_random())
      : database_(&database),
        catalogue_(&catalogue),
        authority_(&authority),
        clock_(&clock),
        random_(&random) {}

  /// The initialisation (GM/T 0037 8.5, A.5.4): the first operators, among them a super and an audit
  /// administrator (kPolicy "operator.bootstrap_roles"), while there are none at all (kConflict
  /// "operator.bootstrap_done"). Inside the ceremony's transaction; the caller audits the ceremony, this
  /// audits each operator.
  Status bootstrap(storage::Transaction& transaction, std::span<const NewOperator> first) const;

  Result<Operator> add(const Authorized& by, const NewOperator& wanted) const;
  Result<Operator> change(const Authorized& by, const OperatorChange& change) const;
  /// Another certificate for the same person, by who governs them or by themselves.
  Result<Operator> replace_certificate(const Authorized& by, std::string_view id, std::int64_t version,
                                       const x509::Certificate& certificate) const;
  /// kPolicy "operator.last_administrator": the last super or audit administrator stays.
  Result<Operator> retire(const Authorized& by, std::string_view id, std::int64_t version) const;

 private:
  Operator made(const NewOperator& wanted, std::string_view created_by, Time now) const;
  Status check_new(const NewOperator& wanted, Time now) const;
  enum class Self { kRefused, kAllowed };
  template <typename Edit>
  Result<Operator> edit(const Authorized& by, std::string_view action, std::string_view id,
                        std::int64_t version, Self self, Edit&& apply) const;
  Result<Operator> told(const Authorized& by, std::string_view action, std::string_view id,
                        Result<Operator> answer) const;
  Result<Operator> added(const Authorized& by, const NewOperator& wanted) const;

  storage::Database* database_;
  const RightsCatalogue* catalogue_;
  const CertificateAuthority* authority_;
  const Clock* clock_;
  crypto::RandomSource* random_;
};

/// 1 … 100 characters of UTF-8 without control characters: kMalformed "operator.display_name".
Status check_display_name(std::string_view name);

}  // namespace hutong::operators
