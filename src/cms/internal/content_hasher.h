#pragma once

#include <optional>
#include <vector>

#include "cms/signed_data.h"
#include "crypto/digest.h"

namespace hutong::cms::internal {

/// A digest of the content that some signer needs: plain, or for SM2 without attributes SM3(Z || content).
struct DigestNeed {
  crypto::DigestAlgorithm algorithm = crypto::DigestAlgorithm::kSm3;
  Bytes prefix;  ///< Z, or empty
  friend bool operator==(const DigestNeed&, const DigestNeed&) = default;
};

/// Computes several digests of content that passes by, and hands it on. SM3 without prefix is always among
/// them: it names the content and ties two passes together.
class ContentHasher final : public ContentObserver {
 public:
  /// `next` may be null.
  explicit ContentHasher(ByteSink* next = nullptr);
  void add(const DigestNeed& need);
  /// Adds the digests announced in the message.
  Status begin(const SignedData& head) override;
  Status write(ByteView piece) override;
  /// Call once, after the last piece.
  void finish();

  const Bytes* digest(const DigestNeed& need) const;
  const Bytes& sm3() const { return *digest({}); }
  std::uint64_t size() const { return size_; }
  /// The first octets, to look at what the content is.
  const Bytes& beginning() const { return beginning_; }

  static constexpr std::size_t kBeginning = 8192;

 private:
  struct Running {
    DigestNeed need;
    crypto::Digest digest;
    Bytes value;
  };
  ByteSink* next_;
  std::vector<Running> digests_;
  std::uint64_t size_ = 0;
  Bytes beginning_;
};

}  // namespace hutong::cms::internal
