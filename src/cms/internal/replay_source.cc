#include "cms/internal/replay_source.h"

#include <algorithm>

namespace hutong::cms::internal {

Result<std::size_t> ReplaySource::read(std::span<std::uint8_t> out) {
  if (replay_at_ < kept_.size()) {
    const std::size_t count = std::min(out.size(), kept_.size() - replay_at_);
    std::ranges::copy(ByteView(kept_).subspan(replay_at_, count), out.begin());
    replay_at_ += count;
    return count;
  }
  HUTONG_TRY(const std::size_t count, source_->read(out));
  if (source_->can_rewind() || !keeping_) {
    return count;
  }
  if (count > most_ - kept_.size()) {
    keeping_ = false;
    kept_ = Bytes();
    replay_at_ = 0;
    return count;
  }
  append(kept_, out.first(count));
  replay_at_ = kept_.size();
  return count;
}

Status ReplaySource::rewind() {
  if (source_->can_rewind()) {
    return source_->rewind();
  }
  if (!keeping_) {
    return Error{Errc::kPolicy, "cms.not_rewindable",
                 "this message must be read twice, and the input is a stream too large to keep: use a file"};
  }
  replay_at_ = 0;
  return ok();
}

}  // namespace hutong::cms::internal
