# 32 bits. Packages: g++-arm-linux-gnueabihf qemu-user libgtest-dev.
set(triple arm-linux-gnueabihf)
set(processor arm)
set(emulator qemu-arm)
set(CMAKE_CXX_FLAGS_INIT -Wno-psabi)  # notes about what GCC 7 changed
include(${CMAKE_CURRENT_LIST_DIR}/emulated.cmake)
