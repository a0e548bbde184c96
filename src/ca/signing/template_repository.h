#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ca/signing/certificate_template.h"
#include "storage/database.h"

namespace hutong::ca {

/// The templates of a CA, every version that ever was; of each id at most one version is in use.
class TemplateRepository {
 public:
  /// Adds a version after the last one of this id (its `version` must be the next) and puts it in use.
  /// kConflict "template.version".
  static Status add(storage::Transaction& transaction, const CertificateTemplate& made, Time now);
  /// Takes an id out of use; its versions stay for the certificates that name them. kNotFound
  /// "template.unknown".
  static Status retire(storage::Transaction& transaction, std::string_view id);
  /// The version in use; kNotFound "template.unknown".
  static Result<CertificateTemplate> find(storage::Reader& reader, std::string_view id);
  /// Its number alone; kNotFound "template.unknown".
  static Result<std::uint32_t> version_in_use(storage::Reader& reader, std::string_view id);
  static Result<CertificateTemplate> find_version(storage::Reader& reader, std::string_view id,
                                                  std::uint32_t version);
  /// All in use, by id.
  static Result<std::vector<CertificateTemplate>> in_use(storage::Reader& reader);
};

}  // namespace hutong::ca
