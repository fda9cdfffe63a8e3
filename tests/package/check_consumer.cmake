# Configures, builds and runs one consumer project; for find_package after installing to a fresh prefix.
# Usage: cmake -DKIND=<find_package|add_subdirectory|fetch_content|include_path> -DSOURCE_DIR=<this folder>
#              -DWORK_DIR=<dir> -DNARROWFP_SOURCE=<dir> -DNARROWFP_BUILD=<dir> -DCOMPILER=<c++>
#              -DSTANDARD=<-std=...> -DGENERATOR=<name> [-DWANTED=<version>] [-DMUST_FAIL=1] -P ...
cmake_minimum_required(VERSION 3.24)

function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed:\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE "${WORK_DIR}")
file(MAKE_DIRECTORY "${WORK_DIR}")

if(KIND STREQUAL "include_path")
  run("Compiling with -I" "${COMPILER}" "${STANDARD}" -O2 "-I${NARROWFP_SOURCE}/include"
      "${SOURCE_DIR}/consumer.cpp" -o "${WORK_DIR}/consumer")
  run("The consumer" "${WORK_DIR}/consumer")
  return()
endif()

set(arguments "-DNARROWFP_SOURCE=${NARROWFP_SOURCE}")
if(KIND STREQUAL "find_package")
  run("Installing" "${CMAKE_COMMAND}" --install "${NARROWFP_BUILD}" --prefix "${WORK_DIR}/prefix")
  set(arguments "-DCMAKE_PREFIX_PATH=${WORK_DIR}/prefix" "-DNARROWFP_WANTED=${WANTED}")
endif()
set(configure "${CMAKE_COMMAND}" -S "${SOURCE_DIR}/${KIND}" -B "${WORK_DIR}/build" -G "${GENERATOR}"
    "-DCMAKE_CXX_COMPILER=${COMPILER}" ${arguments})
if(MUST_FAIL)
  execute_process(COMMAND ${configure} RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE output)
  if(result EQUAL 0 OR NOT output MATCHES "narrowfp.*version|version.*narrowfp")
    message(FATAL_ERROR "Version ${WANTED} must be refused; result ${result}:\n${output}")
  endif()
  return()
endif()
run("Configuring" ${configure})
run("Building" "${CMAKE_COMMAND}" --build "${WORK_DIR}/build")
run("The consumer" "${WORK_DIR}/build/consumer")
