#include <cstddef>
#include <cstdlib>

/// The C++ library for WebAssembly comes without exceptions. Ours mean a bug or no memory: the program ends.
extern "C" {
void* __cxa_allocate_exception(std::size_t) noexcept { std::abort(); }
void __cxa_free_exception(void*) noexcept { std::abort(); }
void __cxa_throw(void*, void*, void (*)(void*)) { std::abort(); }
}
