// What one call costs, in nanoseconds: arrays of few elements, a few blocks, single values. The set is the
// one that calls choose by themselves; NARROWFP_ISA caps it. Google Benchmark's time is that of a call. See
// README.md.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "support/command_line.hpp"
#include "support/inputs.hpp"

namespace {

using namespace narrowfp;

/// Calls begin at one of so many elements in turn, lest a call find all as the one before left it.
constexpr std::size_t places = 4096;
constexpr std::size_t longest = 1024;

/// The inputs of all rows: N(0,1).
const std::vector<float>& floats() {
  static const std::vector<float> values = [] {
    constexpr std::size_t size = (places + longest) * sizeof(float);
    const bench::buffer bytes = bench::make_input(bench::content::floats, bench::distribution::normal, size);
    std::vector<float> x(places + longest);
    std::memcpy(x.data(), bytes.data(), size);
    return x;
  }();
  return values;
}

/// Times rounds of call(first), first running through the places, and reports the call of the fastest round.
template <class Call>
void add_row(const std::string& name, Call call) {
  benchmark::RegisterBenchmark(name.c_str(), [call](benchmark::State& state) {
    using clock = std::chrono::steady_clock;
    constexpr int calls = 256;
    double least = 1e9;
    std::size_t first = 0;
    for ([[maybe_unused]] const auto round : state) {
      const clock::time_point start = clock::now();
      for (int i = 0; i < calls; ++i) {
        call(first);
        benchmark::ClobberMemory();
        first = (first + 37) % places;
      }
      least = std::min(least, std::chrono::duration<double, std::nano>(clock::now() - start).count() / calls);
    }
    state.counters["ns/call"] = least;
  });
}

template <class T>
void add_arrays() {
  const std::string format = T::format::name;
  static std::vector<T> codes(places + longest);
  static std::vector<T> out(longest);
  static std::vector<float> back(longest);
  pack(floats(), codes);
  for (const std::size_t n : {1U, 16U, 32U, 64U, 256U, 1024U}) {
    add_row("pack/f32_to_" + format + "/" + std::to_string(n), [n](std::size_t first) {
      pack(std::span<const float>(floats()).subspan(first, n), std::span<T>(out).first(n));
    });
    add_row("unpack/" + format + "_to_f32/" + std::to_string(n), [n](std::size_t first) {
      unpack(std::span<const T>(codes).subspan(first, n), std::span<float>(back).first(n));
    });
  }
}

template <class B>
void add_blocks(const std::string& name) {
  static std::vector<B> blocks(places / B::elements + 4);
  static std::vector<B> out(4);
  static std::vector<float> back(4 * B::elements);
  quantize(std::span<const float>(floats()).first(blocks.size() * B::elements), std::span<B>(blocks));
  for (const std::size_t n : {1U, 2U, 3U, 4U}) {
    add_row("quantize/f32_to_" + name + "/" + std::to_string(n), [n](std::size_t first) {
      quantize(std::span<const float>(floats()).subspan(first, n * B::elements), std::span<B>(out).first(n));
    });
    add_row("dequantize/" + name + "_to_f32/" + std::to_string(n), [n](std::size_t first) {
      dequantize(std::span<const B>(blocks).subspan(first / B::elements, n),
                 std::span<float>(back).first(n * B::elements));
    });
  }
  add_row("quantize_block/" + name, [](std::size_t first) {
    out[0] = quantize_block<B>(std::span<const float, B::elements>(floats().data() + first, B::elements));
  });
  add_row("dequantize_block/" + name, [](std::size_t first) {
    const auto values = dequantize_block(blocks[first / B::elements]);
    benchmark::DoNotOptimize(values);
  });
}

template <class T>
void add_values() {
  const std::string format = T::format::name;
  static std::vector<T> codes(places);
  pack(std::span<const float>(floats()).first(places), codes);
  add_row("value/f32_to_" + format, [](std::size_t first) {
    const T code(floats()[first]);
    benchmark::DoNotOptimize(code);
  });
  add_row("value/" + format + "_to_f32", [](std::size_t first) {
    const auto x = static_cast<float>(codes[first]);
    benchmark::DoNotOptimize(x);
  });
}

}  // namespace

int main(int argc, char** argv) {
  constexpr const char* usage = "options are those of Google Benchmark\n";
  if (!bench::read_command_line(argc, argv, usage, [](std::string_view) { return false; })) {
    return 1;
  }
  add_row("nothing", [](std::size_t first) { benchmark::DoNotOptimize(floats()[first]); });
  add_arrays<fp8_e4m3>();
  add_arrays<hif8>();
  add_arrays<bfloat16>();
  add_blocks<mxfp4>("mxfp4");
  add_blocks<mxfp8_e4m3>("mxfp8_e4m3");
  add_blocks<nvfp4>("nvfp4");
  add_blocks<hif4>("hif4");
  add_values<fp8_e4m3>();
  add_values<hif8>();
  add_values<bfloat16>();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
