#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hutong {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// The octets of a text, without a copy. The text must outlive the view.
inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }
inline void append(Bytes& to, ByteView more) { to.insert(to.end(), more.begin(), more.end()); }

/// Equality of public data; secrets and MACs go through crypto::constant_time_equal.
inline bool equal(ByteView a, ByteView b) { return std::ranges::equal(a, b); }
/// Lexicographic order of octets, a prefix before its extension: the order of DER SET OF (X.690 11.6) and of
/// maps.
inline bool less(ByteView a, ByteView b) { return std::ranges::lexicographical_compare(a, b); }

/// Octets with a meaning: CertificateDer, Serial ... Two tags never convert into each other.
template <typename Tag>
class StrongBytes {
 public:
  StrongBytes() = default;
  explicit StrongBytes(Bytes bytes) : bytes_(std::move(bytes)) {}
  ByteView view() const& { return bytes_; }
  ByteView view() const&& = delete;  // no view into a temporary
  bool empty() const { return bytes_.empty(); }
  friend bool operator==(const StrongBytes&, const StrongBytes&) = default;
  friend bool operator<(const StrongBytes& a, const StrongBytes& b) { return a.bytes_ < b.bytes_; }

 private:
  Bytes bytes_;
};

}  // namespace hutong
