#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/bytes.h"
#include "crypto/public_key.h"
#include "crypto/sm2_prepared.h"

namespace hutong::x509 {

/// Makes tables for the SM2 keys, of issuers and of signers, that are met again and again
/// (crypto/sm2_prepared.h): a table costs as much as ten to twenty plain verifications, so a key gets one
/// after `uses_before` of them. At most `most_tables` are kept (148 KiB each), and at most so many counts;
/// whatever was used longest ago makes room, a table only when it was not used while the other key was
/// counted: of more keys than tables that take turns, some keep theirs, instead of all making one again and
/// again. Any thread may call; tables are made outside the lock, by one thread each.
class PreparedKeys {
 public:
  struct Limits {
    std::uint32_t uses_before = 16;
    std::size_t most_tables = 256;
    std::size_t most_counts = 4'096;  ///< keys without a table whose uses are counted
  };
  PreparedKeys() : PreparedKeys(Limits{}) {}
  explicit PreparedKeys(Limits limits) : limits_(limits) {}

  /// Counts one use of the key. Its table once it has one; null before, and for keys that are not SM2.
  std::shared_ptr<const crypto::Sm2PreparedKey> use(const crypto::PublicKey& key);
  std::size_t tables() const;

 private:
  struct Entry {
    crypto::Sm2PublicKey key;
    std::uint32_t uses = 0;
    std::uint64_t counted_since = 0;  ///< these two are numbers of uses of all keys
    std::uint64_t last_use = 0;
    std::shared_ptr<const crypto::Sm2PreparedKey> table = {};
  };
  using Entries = std::list<Entry>;  ///< last used first
  using Octets = std::string_view;   ///< of the key in its entry: a list's elements stay where they are

  /// The key's entry, now the first of its list, with one use more.
  Entries::iterator find_or_count(const crypto::Sm2PublicKey& key);
  /// Whether there is room for its table; otherwise its count begins anew.
  bool may_have_table(Entry& entry) const;
  void drop_last(Entries& entries);

  mutable std::mutex mutex_;
  Limits limits_;
  std::uint64_t uses_ = 0;
  Entries counted_;
  Entries prepared_;
  std::unordered_map<Octets, Entries::iterator> by_key_;
};

}  // namespace hutong::x509
