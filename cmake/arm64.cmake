# Debian's cross compiler for ARM64 (package g++-aarch64-linux-gnu); what it makes runs under qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(HUTONG_RUNNER qemu-aarch64 -L /usr/aarch64-linux-gnu)
