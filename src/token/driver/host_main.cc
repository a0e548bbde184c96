// hutong-driver-host LIBRARY: holds one vendor's SKF library (GM/T 0016) in a process of its own and answers
// calls over the socket that it was started with as descriptor 3. Started by token::DriverProcess, not by
// people.

#include <malloc.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cstdio>

#include "token/driver/internal/confine.h"
#include "token/driver/internal/host_loop.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
/// The look for leaks at the end starts a process, which confine() denies.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }
#endif
#endif

namespace {

constexpr int kSocket = 3;
constexpr int kUsage = 2;

/// Buffers of whole calls come and go: their memory is kept, instead of being mapped and cleared every time.
void keep_memory() {
  constexpr int kLargestKept = 16 << 20;
  ::mallopt(M_MMAP_THRESHOLD, kLargestKept);
  ::mallopt(M_TRIM_THRESHOLD, kLargestKept);
}

bool is_socket(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !is_socket(kSocket)) {
    std::fputs(
        "hutong-driver-host LIBRARY: started by programs that use tokens, with a socket as descriptor 3\n",
        stderr);
    return kUsage;
  }
  keep_memory();
  hutong::token::host::confine();
  return hutong::token::host::serve(argv[1], kSocket);
}
