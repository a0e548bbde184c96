#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "platform/vendors/vendor.h"
#include "storage/transaction.h"

namespace hutong::platform {

struct VendorFilter {
  std::optional<VendorState> state = std::nullopt;
  bool only_waiting = false;  ///< those of which something waits for its second person
  std::string after = {};     ///< cursor: id of the last one of the page before
  std::size_t limit = 50;
};

/// The tables of vendors. Stateless; any thread, one transaction each. Errors of storage/error.h and the ones
/// named.
class VendorRepository {
 public:
  /// kConflict "vendor.uscc_taken".
  static Status insert(storage::Transaction& transaction, const Vendor& vendor);
  /// kNotFound "vendor.unknown".
  static Result<Vendor> find(storage::Reader& reader, std::string_view id);
  static Result<Vendor> find_for_update(storage::Transaction& transaction, std::string_view id);
  static Result<std::vector<Vendor>> search(storage::Reader& reader, const VendorFilter& filter);
  /// `changed.version` is the one that was read; kConflict "storage.conflict", "vendor.uscc_taken".
  static Status update(storage::Transaction& transaction, const Vendor& changed);

  static Status insert(storage::Transaction& transaction, const VendorDocument& document, ByteView content);
  static Result<std::vector<VendorDocument>> documents(storage::Reader& reader, std::string_view vendor);
  static Result<bool> has_document(storage::Reader& reader, std::string_view vendor, DocumentKind kind);
  struct StoredDocument {
    std::string file_name;
    Bytes content;
  };
  /// kNotFound "vendor.document_unknown".
  static Result<StoredDocument> document(storage::Reader& reader, std::string_view vendor,
                                         std::string_view id);

  static Status insert(storage::Transaction& transaction, const ConnectorCheck& check);
  /// The newest first, 20 at most.
  static Result<std::vector<ConnectorCheck>> checks(storage::Reader& reader, std::string_view vendor);

  /// kConflict "vendor.step_open": another step of the vendor waits for its second person.
  static Status insert(storage::Transaction& transaction, const VendorStep& step);
  /// kNotFound "vendor.step_unknown".
  static Result<VendorStep> step_for_update(storage::Transaction& transaction, std::string_view id);
  static Result<std::vector<VendorStep>> steps(storage::Reader& reader, std::string_view vendor);
  /// An open step as decided; kConflict "storage.conflict".
  static Status decide(storage::Transaction& transaction, const VendorStep& decided);
};

}  // namespace hutong::platform
