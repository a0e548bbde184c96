#pragma once

#include <cstddef>

namespace hutong::crypto::internal {

/// Whole pages of memory for secrets that live long, zero at first and wiped when dropped. As far as the
/// system can: not in core dumps, never swapped, and zero again in the child of a fork.
class SecretPages {
 public:
  /// Throws std::bad_alloc.
  explicit SecretPages(std::size_t size);
  SecretPages(const SecretPages&) = delete;
  SecretPages& operator=(const SecretPages&) = delete;
  ~SecretPages();
  /// Aligned to a page, or at least for every type.
  void* data() const { return data_; }

 private:
  void* data_;
  std::size_t size_;
};

}  // namespace hutong::crypto::internal
