#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "asn1/oid.h"
#include "base/bytes.h"

namespace hutong::crypto {

/// Hash functions that occur in certificates and messages. SM3 is ours, the others are OpenSSL's. MD5 is not
/// here: a signature with it is refused as an unknown algorithm.
enum class DigestAlgorithm : std::uint8_t { kSm3, kSha1, kSha224, kSha256, kSha384, kSha512 };

std::size_t digest_size(DigestAlgorithm algorithm);
std::string_view digest_name(DigestAlgorithm algorithm);  ///< "SM3", "SHA-256" ...
asn1::Oid digest_oid(DigestAlgorithm algorithm);
std::optional<DigestAlgorithm> digest_from_oid(const asn1::Oid& oid);

/// A streaming hash of any of the algorithms. Move-only; one object belongs to one thread.
class Digest {
 public:
  explicit Digest(DigestAlgorithm algorithm);
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;
  ~Digest();
  void update(ByteView data);
  Bytes finish();  ///< afterwards the object is as new
  DigestAlgorithm algorithm() const { return algorithm_; }

 private:
  struct State;
  DigestAlgorithm algorithm_;
  std::unique_ptr<State> state_;
};

Bytes digest(DigestAlgorithm algorithm, ByteView data);

}  // namespace hutong::crypto
