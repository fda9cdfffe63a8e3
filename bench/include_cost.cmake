# What including a header costs a translation unit that is otherwise empty: the fastest of several runs of
# <compiler> -std=c++20 -O2 -c, and how much of it is the compiler's own start.
# Usage: cmake [-DCOMPILER=g++] [-DRUNS=10] [-DHEADERS=narrowfp/types.hpp,bit,...] [-DLIMIT_MS=<n>]
#              -P bench/include_cost.cmake
# With LIMIT_MS the script fails if the first header costs more, the start included.
cmake_minimum_required(VERSION 3.24)

set(defaults COMPILER g++ RUNS 10 HEADERS narrowfp/types.hpp,narrowfp/narrowfp.hpp,narrowfp/io.hpp)
while(defaults)
  list(POP_FRONT defaults name value)
  if(NOT DEFINED ${name})
    set(${name} "${value}")
  endif()
endwhile()
get_filename_component(include_dir "${CMAKE_CURRENT_LIST_DIR}/../include" ABSOLUTE)

function(now_us out)
  string(TIMESTAMP now "%s%f")
  set(${out} "${now}" PARENT_SCOPE)
endfunction()

# The fastest compilation in microseconds; an empty header name gives the empty unit.
function(measure header out)
  set(include "")
  if(header)
    set(include -include "${header}")
  endif()
  set(best "")
  foreach(run RANGE 1 ${RUNS})
    now_us(start)
    execute_process(COMMAND "${COMPILER}" -std=c++20 -O2 "-I${include_dir}" ${include} -x c++ -c /dev/null -o /dev/null
                    RESULT_VARIABLE result ERROR_VARIABLE errors)
    now_us(end)
    if(NOT result EQUAL 0)
      message(FATAL_ERROR "${COMPILER} cannot compile ${header}:\n${errors}")
    endif()
    math(EXPR elapsed "${end} - ${start}")
    if(best STREQUAL "" OR elapsed LESS best)
      set(best "${elapsed}")
    endif()
  endforeach()
  set(${out} "${best}" PARENT_SCOPE)
endfunction()

measure("" empty)
math(EXPR empty_ms "(${empty} + 500) / 1000")
message("${COMPILER} -std=c++20 -O2 -c, fastest of ${RUNS}:")
message("  ${empty_ms} ms  nothing")
string(REPLACE "," ";" headers "${HEADERS}")
set(is_first TRUE)
foreach(header IN LISTS headers)
  measure("${header}" best)
  math(EXPR best_ms "(${best} + 500) / 1000")
  message("  ${best_ms} ms  <${header}>")
  if(is_first AND LIMIT_MS AND best_ms GREATER LIMIT_MS)
    message(FATAL_ERROR "<${header}> costs ${best_ms} ms, more than ${LIMIT_MS} ms")
  endif()
  set(is_first FALSE)
endforeach()
