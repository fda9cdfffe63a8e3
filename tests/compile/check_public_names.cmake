# Holds the names that a user can see in namespace narrowfp, with their members one level down, against
# public_names.txt, so that a new or a vanished name is a decision. Internal namespaces, private members (which
# end in _) and template parameters (which begin with a capital letter) do not count.
# Usage: cmake -DCLANG=<clang++> -DINCLUDE_DIR=<dir> -DNAMES=<file> [-DUPDATE=ON] -P check_public_names.cmake
cmake_minimum_required(VERSION 3.24)

execute_process(
  COMMAND "${CLANG}" -std=c++20 "-I${INCLUDE_DIR}" -include narrowfp/narrowfp.hpp -include narrowfp/io.hpp
          -include narrowfp/aliases.hpp -x c++ /dev/null -fsyntax-only -Xclang -ast-list
  OUTPUT_VARIABLE text ERROR_VARIABLE errors RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${CLANG}:\n${errors}")
endif()

string(REPLACE "(anonymous namespace)::" "" text "${text}")
string(REPLACE "\nnarrowfp::v0::" "\nnarrowfp::" text "${text}")
# A match takes the line end, which the next one wants to begin with.
string(REPLACE "\n" "\n\n" text "${text}")
string(REGEX MATCHALL "\nnarrowfp::[a-z][a-z_0-9]+(::[a-z][a-z_0-9]+)?\n" lines "${text}")
list(TRANSFORM lines STRIP)
list(TRANSFORM lines REPLACE "^narrowfp::" "")
list(FILTER lines EXCLUDE REGEX "^(core|detail|formats|kernels|dispatch|blocks|scale_rules|v0)(::|$)|_$")
list(REMOVE_DUPLICATES lines)
list(SORT lines)
list(LENGTH lines count)

if(UPDATE)
  list(JOIN lines "\n" found)
  file(WRITE "${NAMES}" "${found}\n")
  message(STATUS "${count} names written")
  return()
endif()
file(STRINGS "${NAMES}" known)
set(new ${lines})
list(REMOVE_ITEM new ${known})
set(gone ${known})
list(REMOVE_ITEM gone ${lines})
if(new OR gone)
  message(FATAL_ERROR "Public names changed. New: [${new}] gone: [${gone}]\n"
    "If that is meant, say so in docs/changelog.md and run: cmake --build <build> --target public_names")
endif()
message(STATUS "${count} public names, as listed")
