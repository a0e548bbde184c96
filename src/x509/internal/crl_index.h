#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/bytes.h"

namespace hutong::x509::internal {

/// Finds entries by serial number: 8 octets per entry (hash and offset) sorted by hash, and a directory of
/// the hash's leading bits, so that a lookup touches a few cache lines. Entries with equal hashes are ordered
/// by serial: a list made to collide is still searched in logarithmic time.
class CrlIndex {
 public:
  /// Gives back the serial (INTEGER content) of the entry at an offset.
  using SerialAt = std::function<ByteView(std::uint32_t offset)>;

  CrlIndex() = default;
  /// Over arrays made by another index, which must outlive this one.
  CrlIndex(std::span<const std::uint64_t> keys, std::span<const std::uint32_t> directory,
           unsigned bucket_shift)
      : keys_(keys), directory_(directory), bucket_shift_(bucket_shift) {}
  CrlIndex(CrlIndex&&) noexcept = default;
  CrlIndex& operator=(CrlIndex&&) noexcept = default;
  CrlIndex(const CrlIndex&) = delete;
  CrlIndex& operator=(const CrlIndex&) = delete;
  ~CrlIndex() = default;

  void reserve(std::size_t entries) { own_keys_.reserve(entries); }
  void add(ByteView serial, std::uint32_t offset) { own_keys_.push_back(key(serial, offset)); }
  /// After the last add.
  void finish(const SerialAt& serial_at);

  /// The offsets of all entries with this serial, in rising order, as the low halves of the keys.
  std::span<const std::uint64_t> find(ByteView serial, const SerialAt& serial_at) const;
  static std::uint32_t offset_of(std::uint64_t key) { return static_cast<std::uint32_t>(key); }

  std::size_t size() const { return keys_.size(); }
  std::size_t octets() const;  ///< of memory that is ours
  std::span<const std::uint64_t> keys() const { return keys_; }
  std::span<const std::uint32_t> directory() const { return directory_; }
  unsigned bucket_shift() const { return bucket_shift_; }

 private:
  static std::uint64_t key(ByteView serial, std::uint32_t offset);
  void make_directory();

  std::vector<std::uint64_t> own_keys_;
  std::vector<std::uint32_t> own_directory_;
  std::span<const std::uint64_t> keys_;       ///< hash in the high half, offset in the low half
  std::span<const std::uint32_t> directory_;  ///< index of the first key of each bucket, and the end
  unsigned bucket_shift_ = 63;                ///< a key shifted right by this is its bucket
};

}  // namespace hutong::x509::internal
