# Precompiles what the files of must_not_compile include: <prelude>.gch, which g++ finds beside the header, and clang++
# where it is named.
# Usage: cmake -DCOMPILER=<c++> -DSTANDARD=<-std=...> [-DSTDLIB_FLAG=<-stdlib=...>] -DINCLUDE_DIR=<dir> -DPRELUDE=<header to write> -DFAULTS_DIR=<dir> -P ...
cmake_minimum_required(VERSION 3.24)

set(includes "")
file(GLOB files "${FAULTS_DIR}/*.cpp")
foreach(file IN LISTS files)
  file(STRINGS "${file}" lines REGEX "^#include <")
  list(APPEND includes ${lines})
endforeach()
list(REMOVE_DUPLICATES includes)
list(JOIN includes "\n" text)
file(WRITE "${PRELUDE}" "${text}\n")
execute_process(COMMAND "${COMPILER}" "${STANDARD}" ${STDLIB_FLAG} -Wall -Wextra "-I${INCLUDE_DIR}"
                        -x c++-header "${PRELUDE}" -o "${PRELUDE}.gch"
                RESULT_VARIABLE result ERROR_VARIABLE output)
if(NOT result EQUAL 0 OR output)
  message(FATAL_ERROR "${output}")
endif()
