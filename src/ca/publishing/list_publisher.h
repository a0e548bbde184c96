#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "ca/signing/signing_system.h"
#include "storage/database.h"
#include "x509/crl_writer.h"

namespace hutong::ca {

enum class ListKind : std::uint8_t { kFull = 0, kDelta = 1 };
std::string_view to_string(ListKind kind);  ///< "full", "delta"

/// How often lists are made (CRL 策略). A list says that its successor comes after the interval; it stays
/// usable for `overlap` longer, so that a late successor stops nobody.
struct ListPolicy {
  std::chrono::seconds full_interval{std::chrono::hours(24)};
  std::chrono::seconds delta_interval{std::chrono::hours(1)};
  std::chrono::seconds overlap{std::chrono::hours(12)};
};

/// A list as it is published.
struct PublishedList {
  std::int64_t number = 0;
  std::optional<std::int64_t> base_number;  ///< of a delta list
  std::int64_t last_change = 0;             ///< it knows every change of a state up to this one
  Time this_update{};
  Time next_update{};
  Bytes der;
};

/// Makes and keeps the revocation lists (GM/T 0037 8.6.2.3): for each key of the CA and each partition a full
/// list and, when the certificates name one, a delta list. Full and delta lists share one sequence of numbers
/// (RFC 5280 5.2.3), drawn from the database: it never goes back, whatever stops or restarts and however many
/// nodes publish. A number is drawn before the entries are read and a list never replaces one with a higher
/// number, so a published list holds every revocation that was committed before its number was drawn. A delta
/// list holds what was committed since its full list, however long ago the change is dated.
/// Thread-safe. No transaction is open while a list is built.
class ListPublisher {
 public:
  ListPublisher(storage::Database& database, const SigningSystem& signing, const ListPolicy& policy)
      : database_(&database), signing_(&signing), policy_(policy) {}

  /// Builds, signs and stores one list. A delta list refers to the full list published last; kNotFound
  /// "list.unknown" when there is none yet, or for an unknown authority or partition.
  Result<PublishedList> publish(std::string_view authority, std::uint32_t partition, ListKind kind,
                                Time now) const;
  /// Publishes whatever is missing or due: all partitions of all keys; and what publish_change() should have
  /// published, because it failed or the program was ended in between. The number of lists made.
  Result<std::size_t> publish_due(Time now) const;
  /// After a revocation: the delta list when there is one, else the full list.
  Status publish_change(std::string_view authority, const x509::Serial& serial, Time now) const;

  /// What is published now; kNotFound "list.unknown".
  static Result<PublishedList> find(storage::Reader& reader, std::string_view authority,
                                    std::uint32_t partition, ListKind kind);
  /// Its number alone.
  static Result<std::int64_t> find_number(storage::Reader& reader, std::string_view authority,
                                          std::uint32_t partition, ListKind kind);

 private:
  Result<std::int64_t> draw_number(std::string_view authority, std::uint32_t partition) const;
  std::vector<x509::ExtensionValue> extensions(const Issuer& issuer, std::uint32_t partition,
                                               const PublishedList& list) const;
  Status read_entries(std::string_view authority, std::uint32_t partition, ListKind kind,
                      const PublishedList& list, std::int64_t since, x509::CrlWriter& writer) const;
  Status keep(std::string_view authority, std::uint32_t partition, ListKind kind,
              const PublishedList& list) const;
  using Slot = std::tuple<std::string, std::uint32_t, ListKind>;
  struct Age {
    Time made_at{};
    std::int64_t last_change = 0;
  };
  struct Ages {
    std::map<Slot, Age> lists;
    std::int64_t last_change = 0;  ///< of any state
  };
  Result<Ages> ages() const;
  Result<bool> is_due(const Ages& ages, const Slot& slot, Time now) const;
  /// What a change is published with at once.
  ListKind prompt_kind() const { return has_deltas() ? ListKind::kDelta : ListKind::kFull; }
  bool has_deltas() const { return !signing_->issuer().addresses().delta_crl.empty(); }

  storage::Database* database_;
  const SigningSystem* signing_;
  ListPolicy policy_;
};

}  // namespace hutong::ca
