# Takes the library in one way, compiles a consumer and runs it; installs go to a fresh prefix.
# Usage: cmake -DKIND=<kind> -DSOURCE_DIR=<this folder> -DWORK_DIR=<dir> -DNARROWFP_SOURCE=<dir>
#              -DNARROWFP_BUILD=<dir> -DCOMPILER=<c++> -DSTANDARD=<-std=...> -DGENERATOR=<name>
#              -DVERSION=<version> [-DWANTED=<version>] [-DMUST_FAIL=1] -P ...
# Kinds: include_path, single_header, pkg_config (a plain compiler call, every warning an error),
#        add_subdirectory, fetch_content, find_package (a CMake project), debian, vcpkg (find_package from
#        what the package holds), conan.
cmake_minimum_required(VERSION 3.24)

function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed:\n${output}")
  endif()
  string(STRIP "${output}" output)
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(require_equal what got wanted)
  if(NOT got STREQUAL wanted)
    message(FATAL_ERROR "${what} is '${got}', but should be '${wanted}'")
  endif()
endfunction()

file(REMOVE_RECURSE "${WORK_DIR}")
file(MAKE_DIRECTORY "${WORK_DIR}")
set(prefix "${WORK_DIR}/prefix")
set(only_the_library -DNARROWFP_BUILD_TESTS=OFF -DNARROWFP_BUILD_BENCH=OFF -DNARROWFP_BUILD_EXAMPLES=OFF)
set(cmake_compiler -G "${GENERATOR}" "-DCMAKE_CXX_COMPILER=${COMPILER}")

function(compile_and_run)
  run("Compiling with ${ARGN}" "${COMPILER}" "${STANDARD}" -O2 -Wall -Wextra -Wpedantic -Wconversion
      -Wsign-conversion -Wshadow -Wundef -Werror ${ARGN} "${SOURCE_DIR}/consumer.cpp" -o "${WORK_DIR}/consumer")
  run("The consumer" "${WORK_DIR}/consumer")
endfunction()

function(build_project kind)
  set(configure "${CMAKE_COMMAND}" -S "${SOURCE_DIR}/${kind}" -B "${WORK_DIR}/build" ${cmake_compiler} ${ARGN})
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
endfunction()

if(KIND STREQUAL "include_path")
  compile_and_run("-I${NARROWFP_SOURCE}/include")

elseif(KIND STREQUAL "single_header")
  run("Generating" "${CMAKE_COMMAND}" -D "OUT=${WORK_DIR}/narrowfp/narrowfp.hpp"
      -P "${NARROWFP_SOURCE}/docs/packaging/single_header.cmake")
  file(GLOB_RECURSE files RELATIVE "${WORK_DIR}" "${WORK_DIR}/*")
  require_equal("What was generated" "${files}" "narrowfp/narrowfp.hpp")
  compile_and_run("-I${WORK_DIR}")

elseif(KIND STREQUAL "pkg_config")
  run("Installing" "${CMAKE_COMMAND}" --install "${NARROWFP_BUILD}" --prefix "${prefix}")
  set(ENV{PKG_CONFIG_LIBDIR} "${prefix}/share/pkgconfig")
  run("pkg-config --modversion" "${PKG_CONFIG}" --modversion narrowfp)
  require_equal("The version in narrowfp.pc" "${output}" "${VERSION}")
  run("pkg-config --cflags" "${PKG_CONFIG}" --cflags narrowfp)
  separate_arguments(flags UNIX_COMMAND "${output}")
  compile_and_run(${flags})

elseif(KIND STREQUAL "find_package")
  run("Installing" "${CMAKE_COMMAND}" --install "${NARROWFP_BUILD}" --prefix "${prefix}")
  build_project(find_package "-DCMAKE_PREFIX_PATH=${prefix}" "-DNARROWFP_WANTED=${WANTED}")

elseif(KIND STREQUAL "debian")
  run("Configuring" "${CMAKE_COMMAND}" -S "${NARROWFP_SOURCE}" -B "${WORK_DIR}/package" ${cmake_compiler}
      ${only_the_library})
  run("cpack" "${CPACK}" -G DEB --config "${WORK_DIR}/package/CPackConfig.cmake" -B "${WORK_DIR}")
  set(package "${WORK_DIR}/libnarrowfp-dev_${VERSION}_all.deb")
  foreach(field IN ITEMS Version=${VERSION} Architecture=all Depends=)
    string(REGEX MATCH "^(.*)=(.*)$" matched "${field}")
    run("dpkg-deb" "${DPKG_DEB}" --field "${package}" "${CMAKE_MATCH_1}")
    require_equal("${CMAKE_MATCH_1}" "${output}" "${CMAKE_MATCH_2}")
  endforeach()
  run("Unpacking" "${DPKG_DEB}" --extract "${package}" "${prefix}")
  build_project(find_package "-DCMAKE_PREFIX_PATH=${prefix}/usr" "-DNARROWFP_WANTED=${VERSION}")

elseif(KIND STREQUAL "vcpkg")
  set(port "${NARROWFP_SOURCE}/docs/packaging/vcpkg/narrowfp")
  file(READ "${port}/vcpkg.json" manifest)
  string(JSON port_version GET "${manifest}" version)
  require_equal("The version in vcpkg.json" "${port_version}" "${VERSION}")
  # The port's own steps, with vcpkg's functions played by what they stand for.
  set(CURRENT_PORT_DIR "${port}")
  set(CURRENT_PACKAGES_DIR "${prefix}")
  function(vcpkg_cmake_configure)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "SOURCE_PATH" "OPTIONS")
    run("Configuring" "${CMAKE_COMMAND}" -S "${arg_SOURCE_PATH}" -B "${WORK_DIR}/port" ${cmake_compiler}
        ${arg_OPTIONS})
  endfunction()
  function(vcpkg_cmake_install)
    run("Building" "${CMAKE_COMMAND}" --build "${WORK_DIR}/port")
    run("Installing" "${CMAKE_COMMAND}" --install "${WORK_DIR}/port" --prefix "${prefix}")
  endfunction()
  function(vcpkg_cmake_config_fixup)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "CONFIG_PATH" "")
    file(RENAME "${prefix}/${arg_CONFIG_PATH}" "${prefix}/share/narrowfp")
    # The prefix is now two folders above the file's own.
    file(READ "${prefix}/share/narrowfp/narrowfpConfig.cmake" text)
    set(parent "get_filename_component\\(_IMPORT_PREFIX \"[^\"]*\" PATH\\)\n")
    string(REGEX REPLACE "(${parent})+"
           "get_filename_component(_IMPORT_PREFIX \"\${CMAKE_CURRENT_LIST_DIR}/../..\" ABSOLUTE)\n" text "${text}")
    file(WRITE "${prefix}/share/narrowfp/narrowfpConfig.cmake" "${text}")
  endfunction()
  function(vcpkg_fixup_pkgconfig)
  endfunction()
  function(vcpkg_install_copyright)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
    file(COPY_FILE "${arg_FILE_LIST}" "${prefix}/share/narrowfp/copyright")
  endfunction()
  include("${port}/portfile.cmake")
  build_project(find_package "-DCMAKE_PREFIX_PATH=${prefix}" "-DNARROWFP_WANTED=${VERSION}")

elseif(KIND STREQUAL "conan")
  set(ENV{CONAN_HOME} "${WORK_DIR}/home")
  file(COPY "${NARROWFP_SOURCE}/docs/packaging/conan/test_package" DESTINATION "${WORK_DIR}")
  run("conan profile detect" "${CONAN}" profile detect)
  run("conan create" "${CONAN}" create "${NARROWFP_SOURCE}/docs/packaging/conan" -s compiler.cppstd=20
      --test-folder "${WORK_DIR}/test_package")
  run("conan list" "${CONAN}" list "narrowfp/${VERSION}" --format=compact)

else()
  build_project(${KIND} "-DNARROWFP_SOURCE=${NARROWFP_SOURCE}")
endif()
