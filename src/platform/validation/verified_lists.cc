#include "platform/validation/verified_lists.h"

#include <algorithm>

namespace hutong::platform {

using recognition::LoadedTrustList;

Result<LoadedTrustList> VerifiedLists::get(const crypto::Sm3Digest& sm3, Time at, const Load& load) {
  if (auto list = known(sm3, at)) {
    return std::move(*list);
  }
  const std::lock_guard one_at_once(loading_);
  if (auto list = known(sm3, at)) {  // another thread was faster
    return std::move(*list);
  }
  HUTONG_TRY(auto list, load(sm3, at));
  keep(sm3, at, list);
  return list;
}

std::list<VerifiedLists::Entry>::iterator VerifiedLists::find(const crypto::Sm3Digest& sm3) {
  return std::ranges::find(entries_, sm3, &Entry::sm3);
}

std::optional<LoadedTrustList> VerifiedLists::known(const crypto::Sm3Digest& sm3, Time at) {
  const std::lock_guard lock(mutex_);
  const auto found = find(sm3);
  if (found == entries_.end() || at < found->first || at > found->last) {
    return std::nullopt;
  }
  entries_.splice(entries_.begin(), entries_, found);
  return found->list;
}

void VerifiedLists::keep(const crypto::Sm3Digest& sm3, Time at, const LoadedTrustList& list) {
  const std::lock_guard lock(mutex_);
  const auto found = find(sm3);
  if (found != entries_.end()) {
    found->first = std::min(found->first, at);
    found->last = std::max(found->last, at);
    entries_.splice(entries_.begin(), entries_, found);
    return;
  }
  entries_.push_front({.sm3 = sm3, .list = list, .first = at, .last = at});
  if (entries_.size() > most_) {
    entries_.pop_back();
  }
}

}  // namespace hutong::platform
