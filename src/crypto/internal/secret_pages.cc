#include "crypto/internal/secret_pages.h"

#include <cstdint>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#else
#include <cstdlib>
#endif

#include "base/secret.h"

namespace hutong::crypto::internal {
#if defined(__linux__)
namespace {

std::size_t whole_pages(std::size_t size) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return (size + page - 1) / page * page;
}

}  // namespace

/// What an older system refuses of this is done without.
SecretPages::SecretPages(std::size_t size) : size_(whole_pages(size)) {
  data_ = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data_ == MAP_FAILED) {
    throw std::bad_alloc();
  }
  static_cast<void>(madvise(data_, size_, MADV_WIPEONFORK));
  static_cast<void>(madvise(data_, size_, MADV_DONTDUMP));
  static_cast<void>(mlock(data_, size_));
}

SecretPages::~SecretPages() {
  wipe({static_cast<std::uint8_t*>(data_), size_});
  munmap(data_, size_);
}
#else
SecretPages::SecretPages(std::size_t size) : data_(std::calloc(1, size)), size_(size) {
  if (data_ == nullptr) {
    throw std::bad_alloc();
  }
}

SecretPages::~SecretPages() {
  wipe({static_cast<std::uint8_t*>(data_), size_});
  std::free(data_);
}
#endif

}  // namespace hutong::crypto::internal
