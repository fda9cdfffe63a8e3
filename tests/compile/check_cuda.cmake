# A .cu file that includes everything compiles for its host code without a warning, and runs. Device code that calls
# the library is an error of nvcc's own; under the flag that would allow it, one of the library's.
# Usage: cmake -DNVCC=<nvcc> -DHOST_COMPILER=<g++> -DINCLUDE_DIR=<dir> -DWORK=<dir> -P check_cuda.cmake
cmake_minimum_required(VERSION 3.24)

set(sources "${CMAKE_CURRENT_LIST_DIR}/cuda")
file(MAKE_DIRECTORY "${WORK}")
set(compile "${NVCC}" -std=c++20 -ccbin "${HOST_COMPILER}" "-I${INCLUDE_DIR}")

execute_process(COMMAND ${compile} -Xcompiler -Wall,-Wextra "${sources}/host.cu" -o "${WORK}/host"
                RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT result EQUAL 0 OR output)
  message(FATAL_ERROR "host.cu (${result}):\n${output}")
endif()
execute_process(COMMAND "${WORK}/host" RESULT_VARIABLE result OUTPUT_VARIABLE output)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "host code of host.cu gives ${result}:\n${output}")
endif()

function(expect_error expected)
  execute_process(COMMAND ${compile} ${ARGN} -c "${sources}/device.cu" -o "${WORK}/device.o"
                  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(REGEX MATCHALL "error:[^\n]*" errors "${output}")
  list(LENGTH errors count)
  if(result EQUAL 0 OR NOT count EQUAL 1 OR NOT errors MATCHES "${expected}")
    message(FATAL_ERROR "device.cu with '${ARGN}' should give one error, '${expected}', but (${result}):\n${output}")
  endif()
endfunction()
expect_error("calling a constexpr __host__ function")
expect_error("narrowfp: device code is not supported yet" --expt-relaxed-constexpr)
message(STATUS "nvcc compiles host code, and device code is refused")
