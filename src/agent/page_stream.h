#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "agent/frame.h"
#include "agent/request.h"
#include "base/stream.h"

namespace hutong::agent {

/// Where a stream's own frames go. From any thread.
struct FrameSink {
  std::function<void(Bytes frame)> send;
  std::function<std::size_t()> waiting;  ///< octets that were sent and have not left yet
};

/// The content of one call in binary frames: read by the worker that makes the call, fed by the connection.
/// `on_` functions are the connection's and never block; source() and sink() are the worker's and do. Errors
/// of reading and writing: kUnavailable "agent.cancelled", "agent.stream_stalled".
class PageStream {
 public:
  static constexpr std::uint32_t kWindow = 1U << 20;  ///< octets on the way in, and waiting to leave

  PageStream(std::uint32_t id, const StreamWish& wish, FrameSink out,
             std::chrono::milliseconds stall = std::chrono::seconds(60));

  enum class Verdict : std::uint8_t { kFine, kBreach };  ///< a breach ends the connection
  Verdict on_frame(const StreamFrame& frame);
  /// The connection is gone, or the agent stops.
  void on_closed();

  ByteSource& source() { return source_; }
  ByteSink& sink() { return sink_; }
  /// After the last octet out.
  void end_output();

 private:
  using Lock = std::unique_lock<std::mutex>;
  class Source final : public ByteSource {
   public:
    explicit Source(PageStream& stream) : stream_(&stream) {}
    Result<std::size_t> read(std::span<std::uint8_t> out) override { return stream_->read(out); }
    std::optional<std::uint64_t> size() const override { return stream_->wish_.size; }
    bool can_rewind() const override { return stream_->wish_.rewindable; }
    Status rewind() override { return stream_->rewind(); }

   private:
    PageStream* stream_;
  };
  class Sink final : public ByteSink {
   public:
    explicit Sink(PageStream& stream) : stream_(&stream) {}
    Status write(ByteView piece) override { return stream_->write(piece); }

   private:
    PageStream* stream_;
  };

  Result<std::size_t> read(std::span<std::uint8_t> out);
  Status rewind();
  Status write(ByteView piece);
  void grant(std::uint32_t octets);
  Verdict on_data(ByteView data);
  Status wait(Lock& lock, const std::function<bool()>& ready);

  const std::uint32_t id_;
  const StreamWish wish_;
  const FrameSink out_;
  const std::chrono::milliseconds stall_;
  Source source_{*this};
  Sink sink_{*this};

  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<Bytes> pieces_;
  std::size_t front_at_ = 0;      ///< octets of the first piece that were read
  std::uint64_t in_credit_ = 0;   ///< the page may still send so much
  std::uint32_t unreturned_ = 0;  ///< read and not granted again yet
  bool begun_ = false;
  bool ended_ = false;      ///< the page sent the last octet
  bool rewinding_ = false;  ///< until the page's own frame of kind 3
  bool closed_ = false;
  std::uint64_t out_credit_ = 0;
};

}  // namespace hutong::agent
