# A function of external linkage must not name one of internal linkage: each unit would define it otherwise, which
# the one-definition rule forbids. g++ says so where it compiles a header as a header unit.
# (g++ 12 fails internally at headers with array calls; of those everything external is in the headers named here.)
# Usage: cmake -DCOMPILER=<g++> -DSTANDARD=<-std=...> -DINCLUDE_DIR=<dir> -DHEADERS=<a.hpp,b.hpp> -DWORK=<dir> -P ...
cmake_minimum_required(VERSION 3.24)

string(REPLACE "," ";" headers "${HEADERS}")
set(problems "")
foreach(header IN LISTS headers)
  file(REMOVE_RECURSE "${WORK}")  # what is compiled there would be imported by the next
  file(MAKE_DIRECTORY "${WORK}")
  execute_process(COMMAND "${COMPILER}" "${STANDARD}" -fmodules-ts "-I${INCLUDE_DIR}" -x c++-header
                          -c "${INCLUDE_DIR}/narrowfp/${header}"
                  WORKING_DIRECTORY "${WORK}" RESULT_VARIABLE result OUTPUT_VARIABLE errors ERROR_VARIABLE errors)
  if(NOT result EQUAL 0)
    string(APPEND problems "${header}:\n${errors}\n")
  endif()
endforeach()
if(problems)
  message(FATAL_ERROR "${problems}")
endif()
message(STATUS "No external name of ${HEADERS} depends on an internal one")
