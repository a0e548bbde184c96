#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace hutong::platform {

/// Reports by id, so that the link of a report can be opened again, and as signed messages where the platform
/// signs them. Bounded by count and age;
/// the oldest go first. An empty folder name stores nothing. Any thread may call.
class ReportStore {
 public:
  struct Limits {
    std::size_t keep = 10'000;
    std::chrono::hours keep_for{24 * 30};
  };
  /// Makes the folder and looks at what is there. kUnavailable "reports.folder".
  static Result<std::unique_ptr<ReportStore>> open(std::filesystem::path folder, Limits limits);

  bool keeps() const { return !folder_.empty(); }
  /// `id` is a ULID, `message` the signed form or empty. kUnavailable when the disk does not take it.
  Status put(std::string_view id, std::string_view json, ByteView message = {});
  /// kNotFound "report.not_found", also for anything that is no ULID.
  Result<std::string> get(std::string_view id) const;
  /// The same; kNotFound "report.not_signed".
  Result<Bytes> get_signed(std::string_view id) const;

 private:
  ReportStore(std::filesystem::path folder, Limits limits) : folder_(std::move(folder)), limits_(limits) {}
  bool may_have(std::string_view id) const;
  std::filesystem::path path_of(std::string_view id, std::string_view extension) const;
  void drop_old();

  std::filesystem::path folder_;
  Limits limits_;
  mutable std::mutex mutex_;
  std::deque<std::string> ids_;  ///< oldest first: ULIDs sort by time
};

}  // namespace hutong::platform
