#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

#include "base/bytes.h"

namespace hutong {

/// Overwrites memory in a way the compiler may not drop.
inline void wipe(std::span<std::uint8_t> memory) noexcept {
  if (!memory.empty()) {
    ::explicit_bzero(memory.data(), memory.size());
  }
}

/// Key material: move-only, never reallocates, wiped when dropped or overwritten. No operator==, no stream
/// output; compare with crypto::constant_time_equal.
class SecretBytes {
 public:
  explicit SecretBytes(std::size_t size) : data_(std::make_unique<std::uint8_t[]>(size)), size_(size) {}
  SecretBytes(SecretBytes&& other) noexcept
      : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    SecretBytes old(std::move(other));  // after the swaps `old` holds our former bytes and wipes them
    std::swap(data_, old.data_);
    std::swap(size_, old.size_);
    return *this;
  }
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes() {
    if (data_) {
      wipe({data_.get(), size_});
    }
  }

  /// A secret made from octets that somebody else owns (and must wipe).
  static SecretBytes copy_of(ByteView bytes) {
    SecretBytes secret(bytes.size());
    std::ranges::copy(bytes, secret.data_.get());
    return secret;
  }

  std::size_t size() const { return size_; }
  std::span<std::uint8_t> writable() & { return {data_.get(), size_}; }
  ByteView expose() const& { return {data_.get(), size_}; }  // one greppable name for every read
  ByteView expose() const&& = delete;

 private:
  std::unique_ptr<std::uint8_t[]> data_;
  std::size_t size_;
};

/// Wipes a buffer that a third party or the stack owns when the scope ends.
class ScopedWipe {
 public:
  explicit ScopedWipe(std::span<std::uint8_t> memory) : memory_(memory) {}
  ScopedWipe(const ScopedWipe&) = delete;
  ScopedWipe& operator=(const ScopedWipe&) = delete;
  ~ScopedWipe() { wipe(memory_); }

 private:
  std::span<std::uint8_t> memory_;
};

}  // namespace hutong
