#include "cms/internal/content_hasher.h"

#include <algorithm>

#include "cms/internal/algorithms.h"

namespace hutong::cms::internal {

ContentHasher::ContentHasher(ByteSink* next) : next_(next) { add({}); }

void ContentHasher::add(const DigestNeed& need) {
  if (std::ranges::any_of(digests_, [&need](const Running& running) { return running.need == need; })) {
    return;
  }
  Running running{need, crypto::Digest(need.algorithm), {}};
  running.digest.update(need.prefix);
  digests_.push_back(std::move(running));
}

Status ContentHasher::begin(const SignedData& head) {
  for (const Bytes& der : head.digest_algorithms) {
    if (const auto algorithm = read_digest_algorithm(der)) {
      add({*algorithm, {}});
    }
  }
  return ok();
}

Status ContentHasher::write(ByteView piece) {
  for (Running& running : digests_) {
    running.digest.update(piece);
  }
  size_ += piece.size();
  const std::size_t wanted = std::min(piece.size(), kBeginning - beginning_.size());
  append(beginning_, piece.first(wanted));
  return next_ != nullptr ? next_->write(piece) : ok();
}

void ContentHasher::finish() {
  for (Running& running : digests_) {
    running.value = running.digest.finish();
  }
}

const Bytes* ContentHasher::digest(const DigestNeed& need) const {
  const auto found =
      std::ranges::find_if(digests_, [&need](const Running& running) { return running.need == need; });
  return found == digests_.end() ? nullptr : &found->value;
}

}  // namespace hutong::cms::internal
