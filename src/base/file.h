#pragma once

#include <cstddef>
#include <filesystem>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"

namespace hutong {

/// Reads a whole file ("-" is standard input). kNotFound "file.not_found", kUnavailable "file.unreadable",
/// kLimit "file.too_large" when it holds more than `most` octets.
Result<Bytes> read_file(const std::filesystem::path& path, std::size_t most);

/// Writes beside the target and renames, so that a reader sees the old file or the new one, never a half.
/// kUnavailable "file.unwritable".
enum class FileMode { kPublic, kPrivate };  ///< 0644 or 0600
Status write_file(const std::filesystem::path& path, ByteView content, FileMode mode = FileMode::kPublic);

/// A file mapped read-only into memory; its pages are the kernel's cache, not our heap. Move-only. The file
/// must not be truncated while it is mapped (write_file never does).
class MappedFile {
 public:
  static Result<MappedFile> open(const std::filesystem::path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();
  ByteView view() const { return {data_, size_}; }
  /// Hands the pages that were touched back to the kernel; the next look brings them again.
  void give_back_pages() const;

 private:
  MappedFile(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace hutong
