#pragma once

#include <string>
#include <variant>

#include "base/result.h"
#include "base/stream.h"
#include "cli/context.h"

namespace hutong::cli {

/// Where a command writes something that counts only when it is complete: a file that appears on commit(), or
/// standard output ("-"), which is held back in memory until then (kLimit "stream.too_large" beyond
/// kMostHeldBack: name a file then).
class Output {
 public:
  static constexpr std::size_t kMostHeldBack = std::size_t{256} << 20;
  static Result<Output> create(const std::string& path);
  ByteSink& sink();
  Status commit(const Context& context);

 private:
  explicit Output(std::variant<FileSink, MemorySink> sink) : sink_(std::move(sink)) {}
  std::variant<FileSink, MemorySink> sink_;
};

}  // namespace hutong::cli
