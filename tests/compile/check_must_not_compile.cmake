# Compiles a file twice: as it stands it must compile, so that it cannot rot; with NARROWFP_TEST_FAULT
# defined it must not, and one line of error must say what its first line expects ("// Expect: <regex>").
# Usage: cmake -DCOMPILER=<c++> -DSTANDARD=<-std=...> [-DSTDLIB_FLAG=<-stdlib=...>] -DINCLUDE_DIR=<dir> -DSOURCE=<file>
#              -DPRELUDE=<header that make_prelude.cmake precompiled> -P ...
cmake_minimum_required(VERSION 3.24)

file(STRINGS "${SOURCE}" first_line LIMIT_COUNT 1)
if(NOT first_line MATCHES "^// Expect: (.+)$")
  message(FATAL_ERROR "${SOURCE}: the first line must be '// Expect: <regex>'")
endif()
set(expected "${CMAKE_MATCH_1}")
if(COMPILER MATCHES "clang")
  set(use_prelude -include-pch "${PRELUDE}.gch")
else()
  set(use_prelude -include "${PRELUDE}")
endif()
set(compile "${COMPILER}" "${STANDARD}" ${STDLIB_FLAG} -Wall -Wextra "-I${INCLUDE_DIR}" ${use_prelude} -fsyntax-only)

execute_process(COMMAND ${compile} "${SOURCE}" RESULT_VARIABLE result ERROR_VARIABLE output)
if(NOT result EQUAL 0 OR output)
  message(FATAL_ERROR "Without the fault it must compile, without a warning:\n${output}")
endif()

execute_process(COMMAND ${compile} -DNARROWFP_TEST_FAULT "${SOURCE}"
                RESULT_VARIABLE result ERROR_VARIABLE output)
if(result EQUAL 0)
  message(FATAL_ERROR "With the fault it compiles")
endif()
# File names and quoted source lines would match too easily, and notes come by the dozen: look at what
# follows the first "error:".
string(REGEX MATCH "error: [^\n]*" message "${output}")
if(NOT message MATCHES "${expected}")
  message(FATAL_ERROR "The compiler's message does not match '${expected}':\n${output}")
endif()
