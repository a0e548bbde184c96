#include "crypto/internal/fork_generation.h"

#include <atomic>
#include <cstdlib>
#include <new>

#if !defined(__wasm__)
#include <pthread.h>
#endif

#include "crypto/internal/secret_pages.h"

namespace hutong::crypto::internal {
namespace {

using Generation = std::atomic<std::uint64_t>;

/// The generation of this process; zero in a child that has not asked yet: the system clears the page at
/// every fork, and where it cannot do that, the C library runs start_afresh().
std::atomic<Generation*> g_current = nullptr;

#if !defined(__wasm__)
void start_afresh() { g_current.load()->store(0); }
#endif

Generation& make_current() {
  static const auto* const page =
      new SecretPages(sizeof(Generation));  // never freed: threads may sign to the end
  g_current = new (page->data()) Generation(0);
#if !defined(__wasm__)
  if (pthread_atfork(nullptr, nullptr, start_afresh) != 0) {
    std::abort();  // a child might sign with its parent's nonces
  }
#endif
  return *g_current;
}

}  // namespace

std::uint64_t fork_generation() {
  static Generation& current = make_current();
  static Generation last = 0;
  std::uint64_t generation = current.load(std::memory_order_acquire);
  if (generation == 0) {
    const std::uint64_t next = last.fetch_add(1) + 1;
    if (current.compare_exchange_strong(generation, next)) {
      return next;
    }
  }
  return generation;
}

}  // namespace hutong::crypto::internal
