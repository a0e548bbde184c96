#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/stream.h"
#include "cli/context.h"

namespace hutong::cli {

/// While it lives, a line on the terminal says what is going on, once it takes longer than a second: the
/// time, and the share done when the size is known. Nothing when standard error is no terminal.
class Progress {
 public:
  Progress(const Context& context, std::string what, std::optional<std::uint64_t> size = std::nullopt);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();
  void advance(std::uint64_t octets) { done_ += octets; }
  void restart() { done_ = 0; }

 private:
  void show();
  std::string line(std::uint64_t seconds) const;

  std::string what_;
  std::optional<std::uint64_t> size_;
  std::atomic<std::uint64_t> done_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ended_ = false;
  std::thread painter_;
};

/// A source that tells a progress line how far it is.
class WatchedSource final : public ByteSource {
 public:
  WatchedSource(ByteSource& source, Progress& progress) : source_(&source), progress_(&progress) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override;
  std::optional<std::uint64_t> size() const override { return source_->size(); }
  bool can_rewind() const override { return source_->can_rewind(); }
  Status rewind() override;

 private:
  ByteSource* source_;
  Progress* progress_;
};

}  // namespace hutong::cli
