# 32 bits, x87 arithmetic. Packages: g++-i686-linux-gnu qemu-user libgtest-dev.
set(triple i686-linux-gnu)
set(processor i686)
set(emulator qemu-i386)
include(${CMAKE_CURRENT_LIST_DIR}/emulated.cmake)
