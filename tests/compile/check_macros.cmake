# Holds the macro hygiene of the public headers: every macro they define begins with NARROWFP_, and after
# inclusion only the version numbers are left.
# Usage: cmake -DCOMPILER=<c++> -DSTANDARD=<-std=...> [-DSTDLIB_FLAG=<-stdlib=...>] -DINCLUDE_DIR=<dir> -DHEADERS=<a.hpp,b.hpp> -P ...
cmake_minimum_required(VERSION 3.24)

set(allowed NARROWFP_VERSION_MAJOR NARROWFP_VERSION_MINOR NARROWFP_VERSION_PATCH)
set(problems "")

# 1. The names that the headers define.
set(defined "")
file(GLOB_RECURSE files "${INCLUDE_DIR}/narrowfp/*.hpp")
foreach(file IN LISTS files)
  file(STRINGS "${file}" lines REGEX "^[ \t]*#[ \t]*define[ \t]")
  foreach(line IN LISTS lines)
    string(REGEX MATCH "define[ \t]+([A-Za-z_0-9]+)" matched "${line}")
    list(APPEND defined "${CMAKE_MATCH_1}")
    if(NOT CMAKE_MATCH_1 MATCHES "^NARROWFP_")
      string(APPEND problems "\n  ${file} defines ${CMAKE_MATCH_1}, without the prefix NARROWFP_")
    endif()
  endforeach()
endforeach()
list(REMOVE_DUPLICATES defined)
list(LENGTH defined defined_count)

# 2. What is left of them after each public header.
string(REPLACE "," ";" headers "${HEADERS}")
foreach(header IN LISTS headers)
  execute_process(COMMAND "${COMPILER}" "${STANDARD}" ${STDLIB_FLAG} -O2 "-I${INCLUDE_DIR}" -dM -E
                          -include "narrowfp/${header}" -x c++ /dev/null
                  OUTPUT_VARIABLE dump ERROR_VARIABLE errors RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "narrowfp/${header} does not preprocess:\n${errors}")
  endif()
  string(REGEX MATCHALL "#define [A-Za-z_0-9]+" left "${dump}")
  list(TRANSFORM left REPLACE "#define " "")
  foreach(macro IN LISTS left)
    if((macro MATCHES "^NARROWFP_" OR macro IN_LIST defined) AND NOT macro IN_LIST allowed)
      string(APPEND problems "\n  narrowfp/${header} leaves ${macro} defined")
    endif()
  endforeach()
endforeach()

if(problems)
  message(FATAL_ERROR "Macros leak:${problems}")
endif()
message(STATUS "Of ${defined_count} macros only the version is left after ${HEADERS}")
