#pragma once

#include <set>
#include <string>
#include <tuple>

#include "base/result.h"
#include "storage/database.h"

namespace hutong::ca {

/// Which keys sign for this CA, as the database says: a node that compares it with what it signs with learns
/// of a rollover or of a renewed service, whoever made them.
struct KeysInUse {
  std::string active;                 ///< the authority that signs certificates; empty before the ceremony
  std::set<std::string> authorities;  ///< it and the former ones
  using Service = std::tuple<std::string, std::string, std::string>;  ///< purpose, authority, key label
  std::set<Service> services;

  static Result<KeysInUse> read(storage::Reader& reader);
  /// Every service that any authority has, the active one has too. Not so while a rollover is under way, or
  /// when it was interrupted before the services got their keys.
  bool is_complete() const;
  friend bool operator==(const KeysInUse&, const KeysInUse&) = default;
};

}  // namespace hutong::ca
