#include "base/stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include "base/internal/file_error.h"

namespace hutong {

using internal::from_errno;

Status ByteSource::rewind() {
  return Error{Errc::kUnavailable, "stream.rewind", "this source cannot be read a second time"};
}

Result<std::size_t> MemorySource::read(std::span<std::uint8_t> out) {
  const std::size_t count = std::min(out.size(), content_.size() - at_);
  std::copy_n(content_.data() + at_, count, out.data());  // one memmove, which ranges::copy of g++ 12 is not
  at_ += count;
  return count;
}

Status MemorySource::rewind() {
  at_ = 0;
  return ok();
}

Status MemorySink::write(ByteView piece) {
  if (piece.size() > most_ - content_.size()) {
    return Error{Errc::kLimit, "stream.too_large", "more than " + std::to_string(most_) + " octets"};
  }
  append(content_, piece);
  return ok();
}

Result<FileSource> FileSource::open(const std::filesystem::path& path) {
  const int descriptor = path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return from_errno(path, "file.unreadable");
  }
  std::FILE* file = ::fdopen(descriptor, "rb");
  struct stat info {};
  if (file == nullptr || ::fstat(descriptor, &info) != 0 || S_ISDIR(info.st_mode)) {
    const Error error{Errc::kUnavailable, "file.unreadable", path.string() + ": not a file"};
    if (file == nullptr) {
      ::close(descriptor);
    } else {
      std::fclose(file);
    }
    return error;
  }
  std::setvbuf(file, nullptr, _IONBF, 0);  // callers read in large pieces
  const bool regular = S_ISREG(info.st_mode);
  return FileSource(file, regular ? std::optional(static_cast<std::uint64_t>(info.st_size)) : std::nullopt);
}

Result<std::size_t> FileSource::read(std::span<std::uint8_t> out) {
  const std::size_t count = std::fread(out.data(), 1, out.size(), file_.get());
  if (count == 0 && std::ferror(file_.get()) != 0) {
    return Error{Errc::kUnavailable, "file.unreadable", std::strerror(errno)};
  }
  return count;
}

Status FileSource::rewind() {
  if (!size_ || std::fseek(file_.get(), 0, SEEK_SET) != 0) {
    return ByteSource::rewind();
  }
  return ok();
}

Result<FileSink> FileSink::create(const std::filesystem::path& path) {
  std::string pattern = path.string() + ".XXXXXX";
  const int descriptor = ::mkostemp(pattern.data(), O_CLOEXEC);
  std::FILE* file = descriptor < 0 ? nullptr : ::fdopen(descriptor, "wb");
  if (file == nullptr) {
    auto error = from_errno(path, "file.unwritable");
    if (descriptor >= 0) {
      ::close(descriptor);
    }
    return Error{Errc::kUnavailable, "file.unwritable", std::move(error.detail)};
  }
  ::fchmod(descriptor, 0644);
  return FileSink(file, pattern, path);
}

FileSink::~FileSink() {
  if (file_) {
    file_.reset();
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
  }
}

Status FileSink::write(ByteView piece) {
  if (std::fwrite(piece.data(), 1, piece.size(), file_.get()) != piece.size()) {
    return from_errno(target_, "file.unwritable");
  }
  return ok();
}

Status FileSink::commit() {
  if (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0 ||
      std::rename(temporary_.c_str(), target_.c_str()) != 0) {
    return from_errno(target_, "file.unwritable");
  }
  file_.reset();
  return ok();
}

Result<std::uint64_t> copy_all(ByteSource& from, ByteSink& to) {
  Bytes chunk(std::size_t{1} << 16);
  std::uint64_t total = 0;
  for (;;) {
    HUTONG_TRY(const std::size_t count, from.read(chunk));
    if (count == 0) {
      return total;
    }
    HUTONG_CHECK(to.write(ByteView(chunk).first(count)));
    total += count;
  }
}

}  // namespace hutong
