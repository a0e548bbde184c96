#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/result.h"

namespace hutong {

/// Octets that come in pieces: content too large to be held in memory. Each object belongs to one thread.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills the front of `out` and says how many octets it wrote; 0 is the end (and `out` must not be empty).
  virtual Result<std::size_t> read(std::span<std::uint8_t> out) = 0;
  /// The number of octets from the first to the last, when it is known in advance.
  virtual std::optional<std::uint64_t> size() const { return std::nullopt; }
  /// True when rewind() works: some signatures can only be made or checked by reading the content twice.
  virtual bool can_rewind() const { return false; }
  /// Starts again at the first octet. kUnavailable "stream.rewind" when the source cannot.
  virtual Status rewind();
};

/// Where pieces of content go.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual Status write(ByteView piece) = 0;
};

/// Octets that somebody else owns and that outlive the source.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(ByteView content) : content_(content) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override;
  std::optional<std::uint64_t> size() const override { return content_.size(); }
  bool can_rewind() const override { return true; }
  Status rewind() override;

 private:
  ByteView content_;
  std::size_t at_ = 0;
};

/// Collects into memory, up to a limit: kLimit "stream.too_large" beyond it.
class MemorySink final : public ByteSink {
 public:
  explicit MemorySink(std::size_t most) : most_(most) {}
  Status write(ByteView piece) override;
  const Bytes& content() const& { return content_; }
  Bytes take() && { return std::move(content_); }

 private:
  std::size_t most_;
  Bytes content_;
};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

/// A file read from the front. Regular files know their size and can rewind, pipes cannot. "-" is standard
/// input.
class FileSource final : public ByteSource {
 public:
  /// kNotFound "file.not_found", kUnavailable "file.unreadable".
  static Result<FileSource> open(const std::filesystem::path& path);
  Result<std::size_t> read(std::span<std::uint8_t> out) override;
  std::optional<std::uint64_t> size() const override { return size_; }
  bool can_rewind() const override { return size_.has_value(); }
  Status rewind() override;

 private:
  FileSource(std::FILE* file, std::optional<std::uint64_t> size) : file_(file), size_(size) {}
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::optional<std::uint64_t> size_;
};

/// A file written beside its target and renamed by commit(), so that half a result is never taken for a
/// result. Without commit() the target stays as it was.
class FileSink final : public ByteSink {
 public:
  /// kUnavailable "file.unwritable".
  static Result<FileSink> create(const std::filesystem::path& path);
  FileSink(FileSink&&) noexcept = default;
  FileSink& operator=(FileSink&&) = delete;
  ~FileSink() override;
  Status write(ByteView piece) override;
  Status commit();

 private:
  FileSink(std::FILE* file, std::filesystem::path temporary, std::filesystem::path target)
      : file_(file), temporary_(std::move(temporary)), target_(std::move(target)) {}
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::filesystem::path temporary_;
  std::filesystem::path target_;
};

/// Everything of a source, in pieces, into a sink. The number of octets moved.
Result<std::uint64_t> copy_all(ByteSource& from, ByteSink& to);

}  // namespace hutong
