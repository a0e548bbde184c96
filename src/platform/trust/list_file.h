#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>

#include "base/result.h"
#include "platform/trust/trust_desk.h"

namespace hutong::platform {

/// Brings the newest list of the database into the file that this node reads (TrustKeeper), so that any
/// number of nodes follow one desk. When the database does not answer the file stays: it is good until its
/// own next update. Any thread.
class ListFile {
 public:
  /// The desk must outlive it.
  ListFile(const TrustDesk& desk, std::filesystem::path file) : desk_(&desk), file_(std::move(file)) {}
  /// Writes when the database has a newer list than was written here; what the desk and write_file say.
  Status bring_up_to_date();

 private:
  const TrustDesk* desk_;
  std::filesystem::path file_;
  std::mutex mutex_;
  std::int64_t written_ = 0;  ///< number of the list
};

}  // namespace hutong::platform
