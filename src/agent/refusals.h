#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace hutong::agent {

/// What was refused, by code: for status and for whoever wonders. Codes are literals, so the counters stay
/// few. Thread-safe.
class Refusals {
 public:
  void count(std::string_view code) {
    const std::lock_guard lock(lock_);
    ++counts_[std::string(code)];
  }
  std::map<std::string, std::uint64_t> counts() const {
    const std::lock_guard lock(lock_);
    return counts_;
  }

 private:
  mutable std::mutex lock_;
  std::map<std::string, std::uint64_t> counts_;
};

}  // namespace hutong::agent
