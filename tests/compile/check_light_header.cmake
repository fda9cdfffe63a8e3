# Lists everything that a header pulls in and fails where a heavy standard header is among it.
# Usage: cmake -DCOMPILER=<c++> -DSTANDARD=<-std=...> [-DSTDLIB_FLAG=<-stdlib=...>] -DINCLUDE_DIR=<dir> -DHEADER=types.hpp
#              -DFORBIDDEN=<string,memory,...> -P check_light_header.cmake
cmake_minimum_required(VERSION 3.24)

execute_process(COMMAND "${COMPILER}" "${STANDARD}" ${STDLIB_FLAG} "-I${INCLUDE_DIR}" -M -include "narrowfp/${HEADER}"
                        -x c++ /dev/null
                OUTPUT_VARIABLE dependencies ERROR_VARIABLE errors RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "narrowfp/${HEADER} does not preprocess:\n${errors}")
endif()
if(NOT dependencies MATCHES "/narrowfp/${HEADER}")
  message(FATAL_ERROR "narrowfp/${HEADER} is not among its own dependencies:\n${dependencies}")
endif()

string(REPLACE "," ";" forbidden "${FORBIDDEN}")
set(found "")
foreach(name IN LISTS forbidden)
  string(REPLACE "." "\\." pattern "${name}")
  # A standard header of that name, not a file such as bits/functional_hash.h.
  if(dependencies MATCHES "/${pattern}[ \\\n]")
    list(APPEND found "<${name}>")
  endif()
endforeach()
if(found)
  list(JOIN found " " found)
  message(FATAL_ERROR "narrowfp/${HEADER} must not pull in ${found}")
endif()
message(STATUS "narrowfp/${HEADER} pulls in none of ${FORBIDDEN}")
