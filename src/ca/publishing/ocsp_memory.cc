#include "ca/publishing/ocsp_memory.h"

#include <algorithm>
#include <utility>

namespace hutong::ca {
namespace {

constexpr std::size_t kLookedAtForOneDue = 16;

}  // namespace

bool OcspMemory::has_looked_lately() const {
  return changes_seen_ && std::chrono::steady_clock::now() - last_look_ <= options_.longest_blindness;
}

std::optional<OcspAnswer> OcspMemory::find(const std::string& key, Time now) {
  const std::scoped_lock lock(mutex_);
  const auto found = kept_.find(key);
  if (found == kept_.end() || !has_looked_lately()) {
    return std::nullopt;
  }
  const OcspAnswer& answer = found->second.answer;
  if (*answer.fresh_until - now < options_.renewal || answer.produced_at > now + options_.clock_skew) {
    return std::nullopt;
  }
  found->second.was_asked_for = true;
  return answer;
}

void OcspMemory::keep(const x509::OcspCertId& id, const OcspAnswer& answer, std::int64_t last_change) {
  std::string key(as_text(id.to_der()));
  const std::scoped_lock lock(mutex_);
  if (!changes_seen_ || last_change < *changes_seen_) {
    return;  // what changed since was looked at already, and may have been this certificate
  }
  if (const auto old = kept_.find(key); old != kept_.end()) {
    old->second.answer = answer;
    old->second.was_asked_for = false;
    ages_.splice(ages_.end(), ages_, old->second.age);
    return;
  }
  while (kept_.size() >= options_.kept_answers) {
    drop(kept_.find(ages_.front()));
  }
  ages_.push_back(key);
  by_serial_.emplace(id.serial.to_hex(), key);
  kept_.emplace(std::move(key), Kept{.answer = answer, .id = id, .age = std::prev(ages_.end())});
}

std::optional<std::int64_t> OcspMemory::changes_seen() const {
  const std::scoped_lock lock(mutex_);
  return changes_seen_;
}

void OcspMemory::begin(std::int64_t last_change, Moment looked_at) {
  const std::scoped_lock lock(mutex_);
  if (!changes_seen_) {
    changes_seen_ = last_change;
    last_look_ = looked_at;
  }
}

void OcspMemory::forget_changed(std::span<const std::string> serials, std::int64_t last_change) {
  const std::scoped_lock lock(mutex_);
  for (const std::string& serial : serials) {
    forget(serial);
  }
  changes_seen_ = std::max(changes_seen_.value_or(0), last_change);
}

void OcspMemory::note_look(Moment looked_at) {
  const std::scoped_lock lock(mutex_);
  last_look_ = std::max(last_look_, looked_at);
}

std::vector<x509::OcspCertId> OcspMemory::take_due(Time now, std::size_t most) {
  const auto lead = (options_.validity - options_.renewal) / 4;
  std::vector<x509::OcspCertId> due;
  const std::scoped_lock lock(mutex_);
  auto age = ages_.begin();
  for (std::size_t left = most * kLookedAtForOneDue; left > 0 && due.size() < most && age != ages_.end();
       --left) {
    const auto kept = kept_.find(*age++);
    if (*kept->second.answer.fresh_until - now >= options_.renewal + lead) {
      break;
    }
    if (kept->second.was_asked_for) {
      due.push_back(kept->second.id);
    } else {
      drop(kept);
    }
  }
  return due;
}

std::size_t OcspMemory::size() const {
  const std::scoped_lock lock(mutex_);
  return kept_.size();
}

void OcspMemory::drop(Answers::iterator kept) {
  const auto [first, last] = by_serial_.equal_range(kept->second.id.serial.to_hex());
  by_serial_.erase(std::find_if(first, last, [&](const auto& entry) { return entry.second == kept->first; }));
  ages_.erase(kept->second.age);
  kept_.erase(kept);
}

void OcspMemory::forget(const std::string& serial) {
  const auto [first, last] = by_serial_.equal_range(serial);
  for (auto entry = first; entry != last; ++entry) {
    const auto kept = kept_.find(entry->second);
    ages_.erase(kept->second.age);
    kept_.erase(kept);
  }
  by_serial_.erase(first, last);
}

}  // namespace hutong::ca
