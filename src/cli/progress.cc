#include "cli/progress.h"

#include <chrono>
#include <iostream>

namespace hutong::cli {
namespace {

constexpr std::chrono::milliseconds kPatience{1'000};
constexpr std::chrono::milliseconds kInterval{200};
constexpr std::string_view kClearLine = "\r\x1b[K";

}  // namespace

Progress::Progress(const Context& context, std::string what, std::optional<std::uint64_t> size)
    : what_(std::move(what)), size_(size) {
  if (context.progress) {
    painter_ = std::thread([this] { show(); });
  }
}

Progress::~Progress() {
  if (!painter_.joinable()) {
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake_.notify_one();
  painter_.join();
}

void Progress::show() {
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  if (wake_.wait_for(lock, kPatience, [this] { return ended_; })) {
    return;
  }
  while (!wake_.wait_for(lock, kInterval, [this] { return ended_; })) {
    const auto elapsed = std::chrono::steady_clock::now() - start;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
    std::cerr << kClearLine << line(static_cast<std::uint64_t>(seconds)) << std::flush;
  }
  std::cerr << kClearLine << std::flush;
}

std::string Progress::line(std::uint64_t seconds) const {
  std::string text = what_ + " … " + std::to_string(seconds) + " s";
  if (size_ && *size_ > 0) {
    text += "  " + std::to_string(std::min<std::uint64_t>(100, done_ * 100 / *size_)) + " %";
  }
  return text;
}

Result<std::size_t> WatchedSource::read(std::span<std::uint8_t> out) {
  HUTONG_TRY(const auto count, source_->read(out));
  progress_->advance(count);
  return count;
}

Status WatchedSource::rewind() {
  progress_->restart();
  return source_->rewind();
}

}  // namespace hutong::cli
