// Array calls on many threads, whose they are: executors of std::thread, of OpenMP, of oneTBB and of
// std::execution run the parts of a call, and the bytes are those of one thread.
#include <cstddef>
#include <cstring>
#include <functional>
#include <iostream>
#include <narrowfp/parallel.hpp>
#include <string>
#include <thread>
#include <vector>
#if defined(EXAMPLE_HAS_TBB)
#include <tbb/parallel_for.h>
#endif
#if defined(EXAMPLE_HAS_STD_EXECUTION)
#include <algorithm>
#include <execution>
#include <numeric>
#endif

using namespace narrowfp;

namespace {

// [threads]
// One thread a task, the calling one among them. Starting a thread takes some ten microseconds: programs that
// convert often keep their threads in a pool.
void on_threads(std::size_t n, const parallel::task& task) {
  std::vector<std::jthread> workers;
  for (std::size_t i = 1; i < n; ++i) {
    workers.emplace_back(task, i);
  }
  task(0);
}  // joins
// [end threads]

#if defined(_OPENMP)
// [openmp]
void on_openmp(std::size_t n, const parallel::task& task) {
#pragma omp parallel for schedule(dynamic, 1)
  for (std::size_t i = 0; i < n; ++i) {
    task(i);
  }
}
// [end openmp]
#endif

#if defined(EXAMPLE_HAS_TBB)
// [tbb]
void on_tbb(std::size_t n, const parallel::task& task) { tbb::parallel_for(std::size_t{0}, n, task); }
// [end tbb]
#endif

#if defined(EXAMPLE_HAS_STD_EXECUTION)
// [execution]
void on_std_execution(std::size_t n, const parallel::task& task) {
  std::vector<std::size_t> parts(n);
  std::iota(parts.begin(), parts.end(), std::size_t{0});
  std::for_each(std::execution::par, parts.begin(), parts.end(), task);
}
// [end execution]
#endif

using executor = std::function<void(std::size_t, const parallel::task&)>;

/// Whether stochastic FP8 codes and NVFP4 blocks are those of one thread.
bool same_bytes(const executor& execute, const std::vector<float>& values) {
  // [calls]
  const std::size_t tasks = 4;  // at most so many parts
  std::vector<fp8_e4m3> codes(values.size());
  parallel::pack(execute, tasks, values, codes, {.round = rounding::stochastic, .seed = 7});

  std::vector<nvfp4> blocks(block_count<nvfp4>(values.size()));
  const float tensor_scale = nvfp4_tensor_scale(values);  // one for all parts
  parallel::quantize(execute, tasks, values, blocks, {.tensor_scale = tensor_scale});
  // [end calls]

  std::vector<fp8_e4m3> codes_of_one(values.size());
  pack(values, codes_of_one, {.round = rounding::stochastic, .seed = 7});
  std::vector<nvfp4> blocks_of_one(blocks.size());
  quantize(values, blocks_of_one, {.tensor_scale = tensor_scale});
  return std::memcmp(codes.data(), codes_of_one.data(), codes.size()) == 0 &&
         std::memcmp(blocks.data(), blocks_of_one.data(), blocks.size() * sizeof(nvfp4)) == 0;
}

}  // namespace

int main() {
  std::vector<float> values(300'000);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = 0.001F * static_cast<float>(i % 2003) - 1;
  }
  const auto show = [&](const std::string& name, const executor& execute) {
    std::cout << name << ": " << (same_bytes(execute, values) ? "same" : "other") << " bytes\n";
  };
  show("std::jthread", on_threads);
#if defined(_OPENMP)
  show("OpenMP", on_openmp);
#endif
#if defined(EXAMPLE_HAS_TBB)
  show("oneTBB", on_tbb);
#endif
#if defined(EXAMPLE_HAS_STD_EXECUTION)
  show("std::execution", on_std_execution);
#endif
}
