#include "crypto/sm3_many.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "crypto/internal/endian.h"
#include "crypto/internal/sm3_lanes.h"

namespace hutong::crypto {
namespace {

using internal::kSm3Lanes;

/// One message on its way through a lane: first its whole blocks where they lie, then the padded rest.
class Feed {
 public:
  Feed() = default;
  Feed(ByteView message, std::size_t number)
      : number_(number), next_(message.data()), blocks_(message.size() / kSm3BlockSize), busy_(true) {
    const ByteView rest = message.subspan(blocks_ * kSm3BlockSize);
    std::ranges::copy(rest, rest_.begin());
    rest_[rest.size()] = 0x80;
    rest_blocks_ = rest.size() + 9 <= kSm3BlockSize ? 1 : 2;
    internal::store_be64(rest_.data() + rest_blocks_ * kSm3BlockSize - 8, std::uint64_t{message.size()} * 8);
  }

  bool is_busy() const { return busy_; }
  std::size_t number() const { return number_; }
  /// Blocks that lie one after the other at next(); never zero while busy.
  std::size_t blocks() {
    if (blocks_ == 0 && rest_blocks_ != 0) {
      next_ = rest_.data();
      blocks_ = std::exchange(rest_blocks_, 0);
    }
    return blocks_;
  }
  const std::uint8_t* next() const { return next_; }
  /// True when this was the end of the message.
  bool advance(std::size_t blocks) {
    next_ += blocks * kSm3BlockSize;
    blocks_ -= blocks;
    return blocks_ == 0 && rest_blocks_ == 0;
  }

 private:
  std::size_t number_ = 0;
  const std::uint8_t* next_ = nullptr;
  std::size_t blocks_ = 0;
  std::size_t rest_blocks_ = 0;
  std::array<std::uint8_t, 2 * kSm3BlockSize> rest_{};
  bool busy_ = false;
};

class Lanes {
 public:
  Lanes(std::span<const ByteView> messages, internal::Sm3LanesFunction compress,
        std::vector<Sm3Digest>& digests)
      : messages_(messages), compress_(compress), digests_(digests) {
    for (std::size_t lane = 0; lane < kSm3Lanes; ++lane) {
      refill(lane);
    }
  }

  void run() {
    while (busy_ != 0) {
      step();
    }
  }

 private:
  void refill(std::size_t lane) {
    feeds_[lane] = Feed();
    if (taken_ < messages_.size()) {
      feeds_[lane] = Feed(messages_[taken_], taken_);
      ++taken_;
      ++busy_;
      for (std::size_t i = 0; i < states_.size(); ++i) {
        states_[i][lane] = internal::kSm3InitialState[i];
      }
    }
  }

  /// As many blocks as every busy lane has in one piece; idle lanes repeat the work of a busy one.
  void step() {
    std::size_t count = SIZE_MAX;
    std::array<const std::uint8_t*, kSm3Lanes> blocks{};
    const std::uint8_t* some_busy_one = nullptr;
    for (std::size_t lane = 0; lane < kSm3Lanes; ++lane) {
      if (feeds_[lane].is_busy()) {
        count = std::min(count, feeds_[lane].blocks());
        blocks[lane] = some_busy_one = feeds_[lane].next();
      }
    }
    for (const std::uint8_t*& block : blocks) {
      block = block == nullptr ? some_busy_one : block;
    }
    compress_(states_, blocks, count);
    for (std::size_t lane = 0; lane < kSm3Lanes; ++lane) {
      if (feeds_[lane].is_busy() && feeds_[lane].advance(count)) {
        finish(lane);
      }
    }
  }

  void finish(std::size_t lane) {
    Sm3Digest& digest = digests_[feeds_[lane].number()];
    for (std::size_t i = 0; i < states_.size(); ++i) {
      internal::store_be32(digest.data() + 4 * i, states_[i][lane]);
    }
    --busy_;
    refill(lane);
  }

  std::span<const ByteView> messages_;
  internal::Sm3LanesFunction compress_;
  std::vector<Sm3Digest>& digests_;
  std::size_t taken_ = 0;
  std::size_t busy_ = 0;
  std::array<Feed, kSm3Lanes> feeds_;
  internal::Sm3LaneStates states_{};
};

}  // namespace

std::vector<Sm3Digest> sm3_many(std::span<const ByteView> messages) {
  std::vector<Sm3Digest> digests(messages.size());
  const internal::Sm3LanesFunction compress = internal::sm3_lanes();
  constexpr std::size_t kFewestForLanes = 3;
  if (compress == nullptr || messages.size() < kFewestForLanes) {
    std::ranges::transform(messages, digests.begin(), sm3);
  } else {
    Lanes(messages, compress, digests).run();
  }
  return digests;
}

}  // namespace hutong::crypto
