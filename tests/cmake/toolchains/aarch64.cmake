# 64-bit ARM, which has NEON. Packages: g++-aarch64-linux-gnu qemu-user libgtest-dev.
set(triple aarch64-linux-gnu)
set(processor aarch64)
set(emulator qemu-aarch64)
include(${CMAKE_CURRENT_LIST_DIR}/emulated.cmake)
