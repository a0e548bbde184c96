#pragma once

#include "base/stream.h"

namespace hutong::cms::internal {

/// Makes a source that cannot rewind (a pipe) readable twice, as long as it is small: what was read is kept
/// until it exceeds `most` octets, then dropped for good. A source that can rewind is passed through.
class ReplaySource final : public ByteSource {
 public:
  ReplaySource(ByteSource& source, std::size_t most) : source_(&source), most_(most) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override;
  std::optional<std::uint64_t> size() const override { return source_->size(); }
  bool can_rewind() const override { return source_->can_rewind() || keeping_; }
  /// kPolicy "cms.not_rewindable" when too much went by.
  Status rewind() override;

 private:
  ByteSource* source_;
  std::size_t most_;
  Bytes kept_;
  std::size_t replay_at_ = 0;
  bool keeping_ = true;
};

/// A sink for content that nobody wants.
class NullSink final : public ByteSink {
 public:
  Status write(ByteView) override { return ok(); }
};

}  // namespace hutong::cms::internal
