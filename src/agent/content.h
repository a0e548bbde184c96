#pragma once

#include "base/stream.h"
#include "login_challenge/challenge.h"

namespace hutong::agent {

/// Content that is about to be signed bare: kUnauthorized "agent.reserved_content" for what is signed as a
/// login only (docs/agent-protocol.md, Challenges). The other source outlives it.
class UnreservedSource final : public ByteSource {
 public:
  explicit UnreservedSource(ByteSource& content) : content_(&content) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override;
  std::optional<std::uint64_t> size() const override { return content_->size(); }
  bool can_rewind() const override { return content_->can_rewind(); }
  Status rewind() override;

 private:
  ByteSource* content_;
  login_challenge::ReservedContent watch_;
};

/// All of a source, piece by piece.
template <typename Hash>
Status feed(ByteSource& content, Hash& hash) {
  constexpr std::size_t kPiece = 65'536;
  Bytes piece(kPiece);
  while (true) {
    HUTONG_TRY(const std::size_t size, content.read(piece));
    if (size == 0) {
      return ok();
    }
    hash.update(ByteView(piece).first(size));
  }
}

}  // namespace hutong::agent
