# 32 bits. Packages: g++-arm-linux-gnueabihf qemu-user libgtest-dev.
set(triple arm-linux-gnueabihf)
set(processor arm)
set(emulator qemu-arm)
include(${CMAKE_CURRENT_LIST_DIR}/emulated.cmake)
