#include "base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/internal/file_error.h"

namespace hutong {
namespace {

using internal::from_errno;

/// A file descriptor that closes itself; standard input is left open.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ > STDIN_FILENO) {
      ::close(number_);
    }
  }
  int get() const { return number_; }

 private:
  int number_;
};

Status write_all(int descriptor, ByteView content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return from_errno(path, "file.unwritable");
    }
    content = content.subspan(static_cast<std::size_t>(written));
  }
  return ok();
}

}  // namespace

Result<Bytes> read_file(const std::filesystem::path& path, std::size_t most) {
  const Descriptor file(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    return from_errno(path, "file.unreadable");
  }
  Bytes content;
  struct stat info {};
  if (::fstat(file.get(), &info) == 0 && S_ISREG(info.st_mode)) {
    content.reserve(std::min(static_cast<std::size_t>(info.st_size), most));
  }
  std::array<std::uint8_t, 1 << 16> chunk;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by read
  for (;;) {
    const ssize_t count = ::read(file.get(), chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return from_errno(path, "file.unreadable");
    }
    if (count == 0) {
      return content;
    }
    if (content.size() + static_cast<std::size_t>(count) > most) {
      return Error{Errc::kLimit, "file.too_large",
                   path.string() + ": larger than the limit of " + std::to_string(most) + " octets"};
    }
    append(content, ByteView(chunk.data(), static_cast<std::size_t>(count)));
  }
}

Status write_file(const std::filesystem::path& path, ByteView content, FileMode mode) {
  std::string temporary = path.string() + ".XXXXXX";
  const Descriptor file(::mkstemp(temporary.data()));
  if (file.get() < 0) {
    return from_errno(path, "file.unwritable");
  }
  Status written = write_all(file.get(), content, path);
  const mode_t bits = mode == FileMode::kPrivate ? 0600 : 0644;
  if (written && (::fchmod(file.get(), bits) != 0 || ::fsync(file.get()) != 0 ||
                  ::rename(temporary.c_str(), path.c_str()) != 0)) {
    written = from_errno(path, "file.unwritable");
  }
  if (!written) {
    ::unlink(temporary.c_str());
  }
  return written;
}

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) {
    return from_errno(path, "file.unreadable");
  }
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size == 0) {
    return MappedFile(nullptr, 0);
  }
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (memory == MAP_FAILED) {
    return from_errno(path, "file.unreadable");
  }
  return MappedFile(static_cast<const std::uint8_t*>(memory), size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  MappedFile old(std::move(other));
  std::swap(data_, old.data_);
  std::swap(size_, old.size_);
  return *this;
}

void MappedFile::give_back_pages() const {
  if (data_ != nullptr) {
    ::madvise(const_cast<std::uint8_t*>(data_), size_, MADV_DONTNEED);
  }
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) {
    ::munmap(const_cast<std::uint8_t*>(data_), size_);
  }
}

}  // namespace hutong
