#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

#include "token/skf.h"
#include "token/software/refusal.h"

namespace hutong::token::software {

/// What a handle stands for: an open device, application, container, key ...
class Object {
 public:
  Object() = default;
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
  virtual ~Object() = default;
  /// True for what SKF_CloseHandle closes: keys, hashes, MACs, agreements.
  virtual bool closes_by_handle() const { return true; }
};

/// Handles are numbers that are given out once, so that a stale, foreign or invented handle is refused
/// instead of followed. What was opened through a handle is closed with it. Thread-safe; an object in use by
/// another thread lives until that call ends.
class HandleTable {
 public:
  HANDLE add(std::shared_ptr<Object> object, HANDLE parent = nullptr);
  HANDLE parent(HANDLE handle) const;  ///< nullptr when there is none
  /// SAR_INVALIDHANDLEERR when there is none of this type.
  template <typename Wanted>
  Result<std::shared_ptr<Wanted>> find(HANDLE handle) const {
    if (auto object = std::dynamic_pointer_cast<Wanted>(any(handle))) {
      return object;
    }
    return refusal(SAR_INVALIDHANDLEERR);
  }
  /// The same refusal.
  template <typename Wanted>
  Status close(HANDLE handle) {
    HUTONG_TRY(const auto object, find<Wanted>(handle));
    remove(handle);
    return ok();
  }

 private:
  struct Entry {
    std::shared_ptr<Object> object;
    HANDLE parent;
  };
  std::shared_ptr<Object> any(HANDLE handle) const;
  void remove(HANDLE handle);

  mutable std::mutex mutex_;
  std::map<HANDLE, Entry> entries_;
  std::uintptr_t last_ = 0x1000;
};

HandleTable& handles();  ///< of this process

}  // namespace hutong::token::software
