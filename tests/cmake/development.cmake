# What the tests, benchmarks and examples share: warnings, and where the test libraries come from.
include_guard(GLOBAL)

# The warnings that the library promises not to cause; the headers are reached with -I, not as system
# headers, so that they are held to them as well. Add -DCMAKE_COMPILE_WARNING_AS_ERROR=ON, as .ci/run
# does, to make them errors.
add_library(narrowfp_warnings INTERFACE)
target_compile_options(narrowfp_warnings INTERFACE
  $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-Wall;-Wextra;-Wpedantic;-Wconversion;-Wsign-conversion;-Wshadow;-Wundef>)

# For libFuzzer everything that a target links must report the edges that it takes; see tests/fuzz.
if(NARROWFP_BUILD_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()

# Takes a pinned release where no package is installed, or says which package to install.
function(narrowfp_fetch name url sha256 debian_package option)
  string(TOUPPER "${name}" upper_name)
  if(NOT FETCHCONTENT_SOURCE_DIR_${upper_name} AND NOT FETCHCONTENT_FULLY_DISCONNECTED)
    set(archive "${PROJECT_BINARY_DIR}/_deps/${name}.tar.gz")
    message(STATUS "No installed ${name} found; downloading ${url}")
    file(DOWNLOAD "${url}" "${archive}" STATUS status TIMEOUT 120 TLS_VERIFY ON)
    list(GET status 0 code)
    if(NOT code EQUAL 0)
      list(GET status 1 reason)
      file(REMOVE "${archive}")
      message(FATAL_ERROR
        "narrowfp: ${name} is neither installed nor could it be downloaded (${reason}).\n"
        "Install it:     apt-get install -y ${debian_package}\n"
        "or do without:  cmake -D ${option}=OFF ...")
    endif()
    set(url "${archive}")
  endif()
  include(FetchContent)
  FetchContent_Declare(${name} URL "${url}" URL_HASH SHA256=${sha256} DOWNLOAD_EXTRACT_TIMESTAMP OFF)
  FetchContent_MakeAvailable(${name})
endfunction()

# Makes GTest::gtest, GTest::gtest_main and GTest::gmock available.
macro(narrowfp_require_googletest)
  find_package(GTest QUIET)
  if(NOT TARGET GTest::gtest_main)
    set(INSTALL_GTEST OFF)
    narrowfp_fetch(googletest "https://github.com/google/googletest/archive/refs/tags/v1.14.0.tar.gz"
      8ad598c73ad796e0d8280b082cebd82a630d73e73cd3c70057938a6501bba5d7 libgtest-dev NARROWFP_BUILD_TESTS)
    # Its warnings under newer compilers than it knows are not ours.
    foreach(target IN ITEMS gtest gtest_main gmock gmock_main)
      set_target_properties(${target} PROPERTIES COMPILE_WARNING_AS_ERROR OFF
        INTERFACE_SYSTEM_INCLUDE_DIRECTORIES $<TARGET_PROPERTY:${target},INTERFACE_INCLUDE_DIRECTORIES>)
    endforeach()
  endif()
  include(GoogleTest)
endmacro()

# Makes benchmark::benchmark available.
macro(narrowfp_require_benchmark)
  find_package(benchmark QUIET)
  if(NOT TARGET benchmark::benchmark)
    set(BENCHMARK_ENABLE_TESTING OFF)
    set(BENCHMARK_ENABLE_INSTALL OFF)
    narrowfp_fetch(benchmark "https://github.com/google/benchmark/archive/refs/tags/v1.8.3.tar.gz"
      6bc180a57d23d4d9515519f92b0c83d61b05b5bab188961f36ac7b06b0d9e9ce libbenchmark-dev NARROWFP_BUILD_BENCH)
  endif()
endmacro()
