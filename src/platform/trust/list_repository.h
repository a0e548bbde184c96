#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "platform/vendors/vendor.h"
#include "storage/transaction.h"

namespace hutong::platform {

/// A trust list on its way: proposed by one person, released or rejected by another.
struct TrustRelease {
  std::string id;                ///< ULID
  std::int64_t base_number = 0;  ///< of the list before; 0 for the first one
  std::string draft_sm3;         ///< hexadecimal: what was proposed is what may be released
  std::int64_t valid_days = 0;
  std::string reason;
  StepState state = StepState::kOpen;
  std::string proposed_by;  ///< an operator's id
  Time proposed_at{};
  std::string decided_by = {};
  std::optional<Time> decided_at = std::nullopt;
  std::string decision_reason = {};
};

/// A list as it was released. The octets are asked for apart.
struct PublishedList {
  std::int64_t number = 0;
  std::string sm3;       ///< of the signed file
  std::string previous;  ///< SM3 of the file before; empty for the first one
  Time issued_at{};
  Time next_update{};
  std::string release;  ///< id of the TrustRelease
};

/// The forms in which a list is kept.
enum class ListForm : std::uint8_t { kMessage, kJson, kXml, kXmlSignature, kSigner };
struct ListFiles {
  Bytes message;  ///< GM/T 0010, content attached
  Bytes json;     ///< the content alone
  Bytes xml;
  Bytes xml_signature;  ///< GM/T 0010, detached
  Bytes signer;         ///< certificate
};

/// The tables of releases and lists. Stateless; any thread, one transaction each. Errors of storage/error.h
/// and the ones named.
class ListRepository {
 public:
  /// kConflict "trust_list.release_open": another draft waits for its second person.
  static Status insert(storage::Transaction& transaction, const TrustRelease& release);
  /// kNotFound "trust_list.release_unknown".
  static Result<TrustRelease> release_for_update(storage::Transaction& transaction, std::string_view id);
  /// An open one as decided; kConflict "storage.conflict".
  static Status decide(storage::Transaction& transaction, const TrustRelease& decided);
  static Result<std::optional<TrustRelease>> open_release(storage::Reader& reader);
  /// The newest first; `before` is the id of the last one of the page before, or empty.
  static Result<std::vector<TrustRelease>> releases(storage::Reader& reader, std::string_view before,
                                                    std::size_t limit);

  /// kConflict "trust_list.changed": another list has the number.
  static Status insert(storage::Transaction& transaction, const PublishedList& list, const ListFiles& files);
  static Result<std::optional<PublishedList>> newest(storage::Reader& reader);
  /// The newest first; those with a number below `before`.
  static Result<std::vector<PublishedList>> lists(storage::Reader& reader, std::int64_t before,
                                                  std::size_t limit);
  /// kNotFound "trust_list.unknown".
  static Result<Bytes> file(storage::Reader& reader, std::int64_t number, ListForm form);
};

}  // namespace hutong::platform
