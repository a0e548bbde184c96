# Debian's clang 16 for WebAssembly with WASI (packages clang-16, lld-16, wasi-libc, libc++-16-dev-wasm32,
# libc++abi-16-dev-wasm32, libclang-rt-16-dev-wasm32; the library of clang 14 lacks the algorithms of std::ranges).
# What it makes runs in node.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(CMAKE_CXX_COMPILER clang++-16)
set(CMAKE_CXX_COMPILER_TARGET wasm32-wasi)
set(CMAKE_CXX_FLAGS_INIT "-isystem /usr/lib/llvm-16/include/wasm32-wasi/c++/v1")  # clang 16 looks elsewhere
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(HUTONG_RUNNER node --no-warnings ${CMAKE_CURRENT_LIST_DIR}/../tests/portable/run_wasi.mjs)
