#pragma once

#include "base/result.h"
#include "ca/signing/signing_system.h"
#include "cmp/body.h"
#include "storage/database.h"

namespace hutong::ca {

/// What this CA tells about itself in genm (RFC 9483 4.3): caCerts, rootCaCert → rootCaKeyUpdate,
/// crlStatusList → crls, signKeyPairTypes, encKeyPairTypes. Thread-safe.
class CmpInformation {
 public:
  CmpInformation(storage::Database& database, const SigningSystem& signing)
      : database_(&database), signing_(&signing) {}

  /// genp. kNotFound "cmp.information" for a question that we cannot answer, and the errors of its value.
  Result<cmp::Body> answer(const cmp::GeneralMessage& body) const;

 private:
  Result<cmp::TypedValue> answer(const cmp::TypedValue& question) const;
  cmp::TypedValue ca_certificates() const;
  /// Without a value: the root that the asker has is the newest.
  Result<cmp::TypedValue> root_update(const cmp::TypedValue& question) const;
  Result<cmp::TypedValue> newer_lists(const cmp::TypedValue& question) const;

  storage::Database* database_;
  const SigningSystem* signing_;
};

}  // namespace hutong::ca
