#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "operators/operator.h"
#include "storage/transaction.h"

namespace hutong::operators {

/// What a list asks for; members left empty do not matter.
struct OperatorFilter {
  std::optional<Role> role = std::nullopt;
  std::optional<State> state = std::nullopt;
  std::string after = {};  ///< cursor: id of the last one of the page before
  std::size_t limit = 50;  ///< 1 … 1,001
};

/// The tables of operators. Stateless; any thread, one transaction each. Errors are those of storage/error.h
/// and the ones named here.
class OperatorRepository {
 public:
  /// kConflict "operator.certificate_taken": it is an active operator's already.
  static Status insert(storage::Transaction& transaction, const Operator& added);
  /// kNotFound "operator.unknown".
  static Result<Operator> find(storage::Reader& reader, std::string_view id);
  static Result<Operator> find_for_update(storage::Transaction& transaction, std::string_view id);
  /// The active operator with this certificate, or nothing.
  static Result<std::optional<Operator>> find_active(storage::Reader& reader, std::string_view fingerprint);
  static Result<std::vector<Operator>> search(storage::Reader& reader, const OperatorFilter& filter);
  /// Ids of the active ones of a role, locked until the transaction ends.
  static Result<std::vector<std::string>> lock_active(storage::Transaction& transaction, Role role);
  static Result<bool> any(storage::Reader& reader);

  /// Writes name, rights, certificate, state and time; `changed.version` is the one that was read. kConflict
  /// "storage.conflict" when somebody else was faster, "operator.certificate_taken".
  static Status update(storage::Transaction& transaction, const Operator& changed);

  /// The certificate behind a fingerprint in an audit record, also of somebody retired; nothing for a
  /// stranger's.
  static Result<std::optional<x509::Certificate>> certificate(storage::Reader& reader,
                                                              std::string_view fingerprint);
};

}  // namespace hutong::operators
