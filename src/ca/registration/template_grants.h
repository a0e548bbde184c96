#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ca/signing/certificate_template.h"
#include "storage/database.h"

namespace hutong::ca::registration {

/// Which templates the CA grants to its registration system, and what the registration system has taken over
/// of them (证书模板更新; GM/T 0037 8.6.1.5). Orders are entered by the templates taken over; the CA makes
/// certificates by what it grants and has in use now.
class TemplateGrants {
 public:
  /// kNotFound "template.unknown"; kPolicy "template.not_for_orders" (a CA's, or for keys of the key centre,
  /// which come with the signing template).
  static Status grant(storage::Transaction& transaction, std::string_view id, Time now);
  /// kNotFound "template.not_granted".
  static Status withdraw(storage::Transaction& transaction, std::string_view id);
  static Result<std::set<std::string, std::less<>>> granted(storage::Reader& reader);
  static Result<bool> is_granted(storage::Reader& reader, std::string_view id);
  /// A new CA grants what subscribers have: organisations, persons, devices, seal makers, operators.
  static Status grant_defaults(storage::Transaction& transaction, Time now);

  struct Changes {
    std::vector<std::string> added;
    std::vector<std::string> changed;
    std::vector<std::string> withdrawn;
  };
  /// The registration system takes over what is granted and in use now.
  static Result<Changes> synchronise(storage::Transaction& transaction, Time now);
  /// As taken over; kNotFound "template.not_taken_over".
  static Result<CertificateTemplate> for_orders(storage::Reader& reader, std::string_view id);
  static Result<std::vector<CertificateTemplate>> all_for_orders(storage::Reader& reader);
};

/// Templates as read before, by id and version: a version never changes. Thread-safe.
class TemplateCache {
 public:
  using Template = std::shared_ptr<const CertificateTemplate>;
  /// The version in use; kNotFound "template.unknown".
  Result<Template> in_use(storage::Reader& reader, std::string_view id);

 private:
  std::mutex mutex_;
  std::map<std::string, Template, std::less<>> kept_;
};

}  // namespace hutong::ca::registration
