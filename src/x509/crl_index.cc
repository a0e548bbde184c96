#include "x509/internal/crl_index.h"

#include <algorithm>

namespace hutong::x509::internal {
namespace {

constexpr std::size_t kKeysPerBucket = 4;

std::uint32_t hash_of(ByteView serial) {
  constexpr std::uint64_t kPrime = 0x9E3779B97F4A7C15;
  std::uint64_t hash = serial.size() * kPrime;
  for (std::size_t i = 0; i < serial.size(); i += 8) {
    std::uint64_t word = 0;
    for (const std::uint8_t octet : serial.subspan(i, std::min<std::size_t>(8, serial.size() - i))) {
      word = word << 8 | octet;
    }
    hash = (hash ^ word) * kPrime;
    hash ^= hash >> 32;
  }
  return static_cast<std::uint32_t>((hash * kPrime) >> 32);
}

std::uint64_t hash_half(std::uint64_t key) { return key >> 32; }

/// The keys whose projection is equivalent to the value, among keys sorted by that projection.
template <typename Value, typename Order, typename Projection>
std::span<const std::uint64_t> equal_run(std::span<const std::uint64_t> keys, const Value& value, Order order,
                                         const Projection& projection) {
  const auto first = std::ranges::lower_bound(keys, value, order, projection);
  const auto last = std::ranges::upper_bound(keys, value, order, projection);
  return {first, last};
}

}  // namespace

std::uint64_t CrlIndex::key(ByteView serial, std::uint32_t offset) {
  return std::uint64_t{hash_of(serial)} << 32 | offset;
}

void CrlIndex::finish(const SerialAt& serial_at) {
  own_keys_.shrink_to_fit();
  std::ranges::sort(own_keys_);
  const auto by_serial = [&serial_at](std::uint64_t a, std::uint64_t b) {
    const ByteView first = serial_at(offset_of(a));
    const ByteView second = serial_at(offset_of(b));
    return less(first, second) || (!less(second, first) && a < b);
  };
  for (auto run = own_keys_.begin(); run != own_keys_.end();) {
    const auto end = std::find_if(run, own_keys_.end(),
                                  [run](std::uint64_t key) { return hash_half(key) != hash_half(*run); });
    if (end - run > 1) {
      std::sort(run, end, by_serial);
    }
    run = end;
  }
  keys_ = own_keys_;
  make_directory();
}

void CrlIndex::make_directory() {
  unsigned bits = 1;
  while (bits < 24 && (kKeysPerBucket << bits) < keys_.size()) {
    ++bits;
  }
  bucket_shift_ = 64 - bits;
  own_directory_.assign((std::size_t{1} << bits) + 1, 0);
  for (const std::uint64_t key : keys_) {
    ++own_directory_[(key >> bucket_shift_) + 1];
  }
  for (std::size_t i = 1; i < own_directory_.size(); ++i) {
    own_directory_[i] += own_directory_[i - 1];
  }
  directory_ = own_directory_;
}

std::span<const std::uint64_t> CrlIndex::find(ByteView serial, const SerialAt& serial_at) const {
  if (keys_.empty()) {
    return {};
  }
  const std::uint64_t wanted = key(serial, 0);
  const std::size_t bucket = wanted >> bucket_shift_;
  const auto candidates = keys_.subspan(directory_[bucket], directory_[bucket + 1] - directory_[bucket]);
  const auto run = equal_run(candidates, hash_half(wanted), std::less<>(), hash_half);
  if (run.size() == 1) {
    return equal(serial_at(offset_of(run.front())), serial) ? run : std::span<const std::uint64_t>();
  }
  return equal_run(run, serial, less, [&serial_at](std::uint64_t key) { return serial_at(offset_of(key)); });
}

std::size_t CrlIndex::octets() const {
  return own_keys_.capacity() * sizeof(own_keys_[0]) + own_directory_.capacity() * sizeof(own_directory_[0]);
}

}  // namespace hutong::x509::internal
