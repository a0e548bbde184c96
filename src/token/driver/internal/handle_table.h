#pragma once

#include <cstdint>
#include <map>
#include <optional>

namespace hutong::token::host {

/// What a driver's handle stands for.
enum class HandleKind : std::uint8_t { kDevice, kApplication, kContainer, kKey, kHash, kMac, kAgreement };

/// The handles that the driver has given out, by numbers of our own: a caller can never make it follow a wild
/// pointer. Closing a handle forgets what was opened through it.
class HandleTable {
 public:
  std::uint32_t add(HandleKind kind, void* handle, std::uint32_t parent) {
    const std::uint32_t number = ++last_;
    entries_.emplace(number, Entry{kind, handle, parent});
    return number;
  }
  /// Nothing when the number is unknown.
  std::optional<HandleKind> kind_of(std::uint32_t number) const {
    const auto found = entries_.find(number);
    return found != entries_.end() ? std::optional(found->second.kind) : std::nullopt;
  }
  void* handle(std::uint32_t number) const { return entries_.at(number).handle; }
  void remove(std::uint32_t number) {
    entries_.erase(number);
    for (auto child = entries_.begin(); child != entries_.end();) {
      if (child->second.parent == number) {
        remove(child->first);
        child = entries_.begin();
      } else {
        ++child;
      }
    }
  }

 private:
  struct Entry {
    HandleKind kind;
    void* handle;
    std::uint32_t parent;
  };
  std::map<std::uint32_t, Entry> entries_;
  std::uint32_t last_ = 0;
};

}  // namespace hutong::token::host
