# Big-endian. Packages: g++-s390x-linux-gnu qemu-user libgtest-dev.
set(triple s390x-linux-gnu)
set(processor s390x)
set(emulator qemu-s390x)
include(${CMAKE_CURRENT_LIST_DIR}/emulated.cmake)
