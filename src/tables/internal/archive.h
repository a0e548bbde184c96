#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "tables/table.h"

namespace hutong::tables::internal {

/// A ZIP archive in memory, read entry by entry through libzip. The octets must outlive it.
class Archive {
 public:
  static Result<Archive> open(ByteView file, const TableLimits& limits);
  Archive(Archive&&) noexcept;
  Archive& operator=(Archive&&) = delete;
  ~Archive();
  /// Decompressed; nothing when there is no such entry.
  Result<std::string> read(const std::string& name) const;
  bool has(const std::string& name) const;

 private:
  struct Impl;
  explicit Archive(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hutong::tables::internal
