# Packages: g++-riscv64-linux-gnu qemu-user libgtest-dev.
set(triple riscv64-linux-gnu)
set(processor riscv64)
set(emulator qemu-riscv64)
include(${CMAKE_CURRENT_LIST_DIR}/emulated.cmake)
