# Writes the API reference, and fails if Doxygen warns: of an undocumented public name, for example.
# Usage: cmake -D DOXYGEN=<program> -D ROOT=<checkout> -D OUT=<folder> -D VERSION=<version> -P check_reference.cmake
cmake_minimum_required(VERSION 3.24)
file(REMOVE_RECURSE "${OUT}")
file(MAKE_DIRECTORY "${OUT}")
execute_process(
  COMMAND "${CMAKE_COMMAND}" -E env "NARROWFP_VERSION=${VERSION}" "NARROWFP_REFERENCE=${OUT}"
          "${DOXYGEN}" docs/Doxyfile
  WORKING_DIRECTORY "${ROOT}" RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT result EQUAL 0 OR output)
  message(FATAL_ERROR "Doxygen is not content:\n${output}")
endif()
# Names that must be there: had Doxygen lost the namespace, it would have had nothing to warn of.
file(READ "${OUT}/html/namespacenarrowfp.html" page)
foreach(name IN ITEMS pack unpack quantize dequantize round_to compare fp8_e4m3 hif4 to_ggml)
  if(NOT page MATCHES ">${name}<")
    message(SEND_ERROR "the reference lacks narrowfp::${name}")
  endif()
endforeach()
message(STATUS "${OUT}/html/index.html")
