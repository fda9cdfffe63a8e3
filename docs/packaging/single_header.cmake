# Writes the whole library, printing and aliases included, as one header by following its #include lines.
# Usage: cmake -D OUT=<narrowfp.hpp> [-D FORWARD=<dir>] -P docs/packaging/single_header.cmake
# FORWARD: also writes <dir>/narrowfp/<name>.hpp for every header of the library, each of which includes OUT,
# so that code written for the separate headers compiles on the single one.
cmake_minimum_required(VERSION 3.24)

get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/../../include/narrowfp" ABSOLUTE)
file(GLOB public_headers RELATIVE "${root}" "${root}/*.hpp")
list(REMOVE_ITEM public_headers narrowfp.hpp)
list(PREPEND public_headers narrowfp.hpp)

set_property(GLOBAL PROPERTY written "")

# Appends a header of the library to OUT, each #include "..." replaced by the header that it names. A header
# without #pragma once is meant to be included several times, and is written each time.
function(write_header path)
  file(READ "${path}" text)
  if(text MATCHES "(^|\n)#pragma once\n")
    get_property(written GLOBAL PROPERTY written)
    if(path IN_LIST written)
      return()
    endif()
    set_property(GLOBAL APPEND PROPERTY written "${path}")
    string(REGEX REPLACE "(^|\n)#pragma once\n" "\\1" text "${text}")
  endif()
  get_filename_component(folder "${path}" DIRECTORY)
  file(RELATIVE_PATH name "${root}" "${path}")
  file(APPEND "${OUT}.new" "\n// ---- narrowfp/${name}\n")
  while(text MATCHES "#[ \t]*include[ \t]*\"([^\"]+)\"[^\n]*\n?")
    set(line "${CMAKE_MATCH_0}")
    get_filename_component(included "${CMAKE_MATCH_1}" ABSOLUTE BASE_DIR "${folder}")
    string(FIND "${text}" "${line}" at)
    string(SUBSTRING "${text}" 0 ${at} before)
    file(APPEND "${OUT}.new" "${before}")
    write_header("${included}")
    string(LENGTH "${line}" length)
    math(EXPR at "${at} + ${length}")
    string(SUBSTRING "${text}" ${at} -1 text)
  endwhile()
  file(APPEND "${OUT}.new" "${text}")
endfunction()

file(READ "${root}/version.hpp" version_text)
string(REGEX MATCHALL "[0-9]+" version "${version_text}")
list(JOIN version "." version)
file(WRITE "${OUT}.new" "// narrowfp ${version} in one header, generated from its separate headers. Licence: Apache-2.0.
//
// With C++20: #include \"narrowfp.hpp\", and nothing else. No other flag, library or header is needed.
#pragma once
")
foreach(header IN LISTS public_headers)
  write_header("${root}/${header}")
endforeach()
file(COPY_FILE "${OUT}.new" "${OUT}" ONLY_IF_DIFFERENT)  # what was compiled from it stays up to date
file(REMOVE "${OUT}.new")

if(FORWARD)
  get_filename_component(single "${OUT}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
  file(GLOB_RECURSE all_headers RELATIVE "${root}" "${root}/*.hpp")
  foreach(header IN LISTS all_headers)
    set(forwarder "${FORWARD}/narrowfp/${header}")
    if(forwarder STREQUAL single)
      continue()
    endif()
    get_filename_component(folder "${forwarder}" DIRECTORY)
    file(RELATIVE_PATH target "${folder}" "${single}")
    file(CONFIGURE OUTPUT "${forwarder}" CONTENT "#include \"@target@\"\n" @ONLY)
  endforeach()
endif()
