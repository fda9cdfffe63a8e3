# Included by ctest: adds each test of a GoogleTest program under the name by which the program lists it.
# gtest_discover_tests, up to CMake 3.25 at least, writes C++ types behind the names that typed suites give them.
#
# program     the target             path     its file
# filter      which of its tests     prefix   before their names
# properties  of each test           folder   in which they run
if(NOT EXISTS "${path}")
  add_test("${prefix}${program}_NOT_BUILT" "${program}_NOT_BUILT")
  return()
endif()
execute_process(COMMAND "${path}" --gtest_list_tests "--gtest_filter=${filter}" WORKING_DIRECTORY "${folder}"
  OUTPUT_VARIABLE listed RESULT_VARIABLE result TIMEOUT 60)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${path} --gtest_list_tests gives ${result}:\n${listed}")
endif()
# What stands behind # are parameters. A suite ends in a point; its tests are indented.
string(REGEX REPLACE " +#[^\n]*" "" listed "${listed}")
string(REGEX MATCHALL "[^\n]+" lines "${listed}")
foreach(line IN LISTS lines)
  if(line MATCHES "^([A-Za-z0-9_/]+)[.]$")
    set(suite "${CMAKE_MATCH_1}")
  elseif(line MATCHES "^  ([A-Za-z0-9_/]+)$")
    set(test "${suite}.${CMAKE_MATCH_1}")
    add_test("${prefix}${test}" "${path}" "--gtest_filter=${test}" --gtest_also_run_disabled_tests)
    set_tests_properties("${prefix}${test}" PROPERTIES
      WORKING_DIRECTORY "${folder}" SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]" ${properties})
  elseif(NOT line MATCHES "^Running main")
    message(FATAL_ERROR "${path} --gtest_list_tests has a line that is no suite and no test: ${line}")
  endif()
endforeach()
