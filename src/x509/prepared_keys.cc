#include "x509/prepared_keys.h"

#include <utility>

namespace hutong::x509 {
namespace {

std::string_view octets_of(const crypto::Sm2PublicKey& key) { return as_text(key.octets()); }

}  // namespace

std::shared_ptr<const crypto::Sm2PreparedKey> PreparedKeys::use(const crypto::PublicKey& key) {
  if (key.sm2() == nullptr) {
    return nullptr;
  }
  const crypto::Sm2PublicKey& point = *key.sm2();
  {
    const std::lock_guard lock(mutex_);
    const auto entry = find_or_count(point);
    if (entry->table != nullptr || entry->uses != limits_.uses_before + 1 || !may_have_table(*entry)) {
      return entry->table;
    }
  }
  auto table = std::make_shared<const crypto::Sm2PreparedKey>(point);
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(octets_of(point));
  if (found == by_key_.end() || found->second->table != nullptr) {
    return table;  // crowded out meanwhile, or crowded out, counted again and prepared by somebody else
  }
  found->second->table = table;
  prepared_.splice(prepared_.begin(), counted_, found->second);
  if (prepared_.size() > limits_.most_tables) {
    drop_last(prepared_);
  }
  return table;
}

PreparedKeys::Entries::iterator PreparedKeys::find_or_count(const crypto::Sm2PublicKey& key) {
  ++uses_;
  const auto found = by_key_.find(octets_of(key));
  if (found != by_key_.end()) {
    Entries& home = found->second->table != nullptr ? prepared_ : counted_;
    home.splice(home.begin(), home, found->second);
    ++found->second->uses;
    found->second->last_use = uses_;
    return found->second;
  }
  if (counted_.size() >= limits_.most_counts) {
    drop_last(counted_);
  }
  counted_.push_front({.key = key, .uses = 1, .counted_since = uses_, .last_use = uses_});
  by_key_.emplace(octets_of(counted_.front().key), counted_.begin());
  return counted_.begin();
}

bool PreparedKeys::may_have_table(Entry& entry) const {
  if (prepared_.size() < limits_.most_tables ||
      (!prepared_.empty() && prepared_.back().last_use < entry.counted_since)) {
    return true;
  }
  entry.uses = 1;
  entry.counted_since = uses_;
  return false;
}

void PreparedKeys::drop_last(Entries& entries) {
  by_key_.erase(octets_of(entries.back().key));
  entries.pop_back();
}

std::size_t PreparedKeys::tables() const {
  const std::lock_guard lock(mutex_);
  return prepared_.size();
}

}  // namespace hutong::x509
