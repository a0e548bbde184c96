#include "token/software/handles.h"

#include <utility>
#include <vector>

namespace hutong::token::software {

HANDLE HandleTable::add(std::shared_ptr<Object> object, HANDLE parent) {
  const std::scoped_lock lock(mutex_);
  last_ += 0x10;
  const HANDLE handle = reinterpret_cast<HANDLE>(last_);
  entries_.emplace(handle, Entry{std::move(object), parent});
  return handle;
}

HANDLE HandleTable::parent(HANDLE handle) const {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(handle);
  return found == entries_.end() ? nullptr : found->second.parent;
}

std::shared_ptr<Object> HandleTable::any(HANDLE handle) const {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(handle);
  return found == entries_.end() ? nullptr : found->second.object;
}

void HandleTable::remove(HANDLE handle) {
  std::vector<std::shared_ptr<Object>> dropped;  // they end after the lock
  const std::scoped_lock lock(mutex_);
  std::vector<HANDLE> closing = {handle};
  while (!closing.empty()) {
    const HANDLE closed = closing.back();
    closing.pop_back();
    if (const auto found = entries_.find(closed); found != entries_.end()) {
      dropped.push_back(std::move(found->second.object));
      entries_.erase(found);
    }
    for (const auto& [child, entry] : entries_) {
      if (entry.parent == closed) {
        closing.push_back(child);
      }
    }
  }
}

HandleTable& handles() {
  static HandleTable table;
  return table;
}

}  // namespace hutong::token::software
