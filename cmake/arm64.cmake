# Debian's cross compiler for ARM64 (package g++-aarch64-linux-gnu) with the libraries of that architecture (libssl-dev:arm64 …);
# what it makes runs under qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64)
set(HUTONG_RUNNER qemu-aarch64)
foreach(part CRYPTO SSL)  # CMake's own search takes those of the building machine
  string(TOLOWER ${part} name)
  set(OPENSSL_${part}_LIBRARY /usr/lib/aarch64-linux-gnu/lib${name}.so CACHE FILEPATH "")
endforeach()
