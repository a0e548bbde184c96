#include "agent/page_stream.h"

#include <algorithm>
#include <utility>

namespace hutong::agent {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLookAtQueue{2};

Error cancelled() { return {Errc::kUnavailable, "agent.cancelled", "the page gave the stream up"}; }

}  // namespace

PageStream::PageStream(std::uint32_t id, const StreamWish& wish, FrameSink out, milliseconds stall)
    : id_(id), wish_(wish), out_(std::move(out)), stall_(stall) {}

PageStream::Verdict PageStream::on_data(ByteView data) {
  if (data.size() > in_credit_ || ended_) {
    return Verdict::kBreach;
  }
  in_credit_ -= data.size();
  if (!rewinding_ && !closed_) {
    pieces_.push_back(to_bytes(data));
  }
  return Verdict::kFine;
}

PageStream::Verdict PageStream::on_frame(const StreamFrame& frame) {
  Verdict verdict = Verdict::kFine;
  {
    const std::lock_guard lock(lock_);
    switch (frame.kind) {
      case StreamKind::kData:
        verdict = on_data(frame.rest);
        break;
      case StreamKind::kEnd:
        ended_ = !rewinding_;
        break;
      case StreamKind::kCredit:
        out_credit_ += frame.credit;
        break;
      case StreamKind::kRewind:
        verdict = std::exchange(rewinding_, false) ? Verdict::kFine : Verdict::kBreach;
        in_credit_ = 0;
        break;
      case StreamKind::kCancel:
        closed_ = true;
        break;
    }
  }
  changed_.notify_all();
  return verdict;
}

void PageStream::on_closed() {
  {
    const std::lock_guard lock(lock_);
    closed_ = true;
    pieces_.clear();
  }
  changed_.notify_all();
}

Status PageStream::wait(Lock& lock, const std::function<bool()>& ready) {
  if (!changed_.wait_for(lock, stall_, [&] { return closed_ || ready(); })) {
    return Error{Errc::kUnavailable, "agent.stream_stalled", "no octet passed for a while"};
  }
  return closed_ ? Status(cancelled()) : ok();
}

/// With the lock held.
void PageStream::grant(std::uint32_t octets) {
  in_credit_ += octets;
  out_.send(credit_frame(id_, octets));
}

Result<std::size_t> PageStream::read(std::span<std::uint8_t> out) {
  Lock lock(lock_);
  if (!std::exchange(begun_, true)) {
    grant(kWindow);
  }
  HUTONG_CHECK(wait(lock, [this] { return !pieces_.empty() || ended_; }));
  if (pieces_.empty()) {
    return std::size_t{0};
  }
  const ByteView left = ByteView(pieces_.front()).subspan(front_at_);
  const std::size_t size = std::min(left.size(), out.size());
  std::ranges::copy(left.first(size), out.begin());
  front_at_ += size;
  if (front_at_ == pieces_.front().size()) {
    pieces_.pop_front();
    front_at_ = 0;
  }
  unreturned_ += static_cast<std::uint32_t>(size);
  if (unreturned_ >= kWindow / 4 && !ended_) {
    grant(std::exchange(unreturned_, 0));
  }
  return size;
}

Status PageStream::rewind() {
  if (!wish_.rewindable) {
    return Error{Errc::kUnavailable, "stream.rewind", "the page cannot send it again"};
  }
  Lock lock(lock_);
  if (!begun_) {
    return ok();
  }
  rewinding_ = true;
  pieces_.clear();
  front_at_ = 0;
  unreturned_ = 0;
  ended_ = false;
  out_.send(bare_frame(id_, StreamKind::kRewind));
  HUTONG_CHECK(wait(lock, [this] { return !rewinding_; }));
  begun_ = false;
  return ok();
}

/// A page may grant more than is good for our memory, so what waits to leave is looked at as well.
Status PageStream::write(ByteView piece) {
  while (!piece.empty()) {
    const auto deadline = steady_clock::now() + stall_;
    while (out_.waiting() > kWindow && steady_clock::now() < deadline) {
      Lock lock(lock_);
      changed_.wait_for(lock, kLookAtQueue, [this] { return closed_; });
      if (closed_) {
        return cancelled();
      }
    }
    Lock lock(lock_);
    HUTONG_CHECK(wait(lock, [this] { return out_credit_ > 0; }));
    const std::size_t size = std::min({piece.size(), kMostFrameData, static_cast<std::size_t>(out_credit_)});
    out_credit_ -= size;
    out_.send(data_frame(id_, piece.first(size)));
    piece = piece.subspan(size);
  }
  return ok();
}

void PageStream::end_output() { out_.send(bare_frame(id_, StreamKind::kEnd)); }

}  // namespace hutong::agent
