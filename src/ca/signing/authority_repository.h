#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "storage/database.h"
#include "x509/certificate.h"

namespace hutong::ca {

enum class AuthorityState : std::uint8_t {
  kActive = 0,  ///< signs certificates; there is exactly one
  kFormer = 1,  ///< replaced by a rollover; signs the lists of what it issued until that has expired
};

/// One key of this CA with the certificate for it.
struct Authority {
  std::string id;         ///< ULID
  std::string key_label;  ///< in the key store
  x509::Certificate certificate;
  AuthorityState state = AuthorityState::kActive;
};

/// What links the former and the new key of a CA at its rollover (RFC 4210 4.4; GM/T 0037 8.6.2.4).
enum class LinkKind : std::uint8_t { kNewWithOld = 0, kOldWithNew = 1 };

class AuthorityRepository {
 public:
  static Result<std::vector<Authority>> all(storage::Reader& reader);
  /// Makes `authority` the active one and every other a former one.
  static Status activate(storage::Transaction& transaction, const Authority& authority, Time now);
  static Status add_link(storage::Transaction& transaction, std::string_view authority, LinkKind kind,
                         const x509::Certificate& certificate);
  static Result<std::vector<x509::Certificate>> links(storage::Reader& reader);
};

}  // namespace hutong::ca
