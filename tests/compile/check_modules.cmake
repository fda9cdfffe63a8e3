# Header units and a named module, as clang builds them: compiled without a warning, imported, and run.
# Usage: cmake -DCLANG=<clang++> -DSTANDARD=<-std=...> [-DSTDLIB=libc++] -DINCLUDE_DIR=<dir> -DWORK=<dir> -P ...
cmake_minimum_required(VERSION 3.24)

set(sources "${CMAKE_CURRENT_LIST_DIR}/modules")
file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")
set(compile "${CLANG}" "${STANDARD}" -O1 -Wall -Wextra -Wno-experimental-header-units "-I${INCLUDE_DIR}")
if(STDLIB)
  list(APPEND compile "-stdlib=${STDLIB}")
endif()

function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output
                  WORKING_DIRECTORY "${WORK}")
  if(NOT result EQUAL 0 OR output)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${what} (${result}): ${command}\n${output}")
  endif()
endfunction()

foreach(unit IN ITEMS types:values_unit narrowfp:arrays_unit)
  string(REPLACE ":" ";" unit "${unit}")
  list(GET unit 0 header)
  list(GET unit 1 use)
  run("the header unit ${header}.hpp" ${compile} -fmodule-header=user -xc++-header
      "${INCLUDE_DIR}/narrowfp/${header}.hpp" -o ${header}.pcm)
  run("its import" ${compile} -fmodule-file=${header}.pcm "${sources}/${use}.cpp" -o ${use})
  run("${use}" "${WORK}/${use}")
endforeach()

run("the module" ${compile} --precompile "${sources}/named.cppm" -o formats.pcm)
run("its object" ${compile} -Wno-unused-command-line-argument -c formats.pcm -o formats.o)
run("its import" ${compile} -fmodule-file=formats=formats.pcm "${sources}/named_use.cpp" formats.o -o named_use)
run("named_use" "${WORK}/named_use")
message(STATUS "header units and a named module are imported")
