// Array calls over an executor: one task and two, on threads that wait for work.
#include "parallel_rows.hpp"

#include <narrowfp/parallel.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <thread>

#include "ceilings.hpp"

namespace bench {

namespace {

using namespace narrowfp;

/// A second thread that runs task 1 while the caller runs task 0. It waits without sleeping while calls
/// follow each other, and is there only as long as rows are measured.
class second_thread {
 public:
  second_thread() : thread_([this] { work(); }) {}
  second_thread(const second_thread&) = delete;
  second_thread& operator=(const second_thread&) = delete;
  ~second_thread() {
    task_.store(nullptr);
    started_.fetch_add(1);
    started_.notify_one();
    thread_.join();
  }

  void operator()(std::size_t n, const parallel::task& task) {
    const unsigned round = started_.load() + 1;
    if (n > 1) {
      task_.store(&task);
      started_.store(round);
      started_.notify_one();
    }
    task(0);
    while (n > 1 && finished_.load() != round) {
    }
  }

 private:
  void work() {
    for (unsigned round = 1;; ++round) {
      wait_for(round);
      const parallel::task* const task = task_.load();
      if (task == nullptr) {
        return;
      }
      (*task)(1);
      finished_.store(round);
    }
  }
  void wait_for(unsigned round) {
    for (int spins = 0; started_.load() != round; ++spins) {
      if (spins > 100'000) {
        started_.wait(round - 1);
      }
    }
  }

  std::atomic<unsigned> started_ = 0;
  std::atomic<unsigned> finished_ = 0;
  std::atomic<const parallel::task*> task_ = nullptr;
  std::thread thread_;
};

template <class T, class Run>
conversion packing(std::size_t tasks, Run run) {
  conversion c;
  c.name = "pack_" + std::to_string(tasks) + "_tasks/f32_to_" + T::format::name + "/" + isa_name(best_isa());
  c.input = content::floats;
  c.in = {1, sizeof(float)};
  c.out = {1, sizeof(T)};
  c.ceiling = &truncate_f32_to_u8();
  c.variants.emplace_back([tasks, run](const std::byte* in, std::byte* out, std::size_t n) {
    parallel::pack(*run, tasks, std::span(reinterpret_cast<const float*>(in), n),
                   std::span(reinterpret_cast<T*>(out), n));
  });
  c.reference = [](const std::byte* in, std::byte* out, std::size_t n, std::uint64_t) {
    for (std::size_t i = 0; i < n; ++i) {
      float x = 0;
      std::memcpy(&x, in + i * sizeof x, sizeof x);
      const T code(x);
      std::memcpy(out + i * sizeof(T), &code, sizeof(T));
    }
  };
  return c;
}

template <class B, class Run>
conversion quantizing(const std::string& name, std::size_t tasks, Run run) {
  conversion c;
  c.name = "quantize_" + std::to_string(tasks) + "_tasks/f32_to_" + name + "/" + isa_name(best_isa());
  c.input = content::floats;
  c.in = {1, sizeof(float)};
  c.out = {B::elements, sizeof(B)};
  c.ceiling = &truncate_f32_to_nibbles();
  c.variants.emplace_back([tasks, run](const std::byte* in, std::byte* out, std::size_t n) {
    parallel::quantize(*run, tasks, std::span(reinterpret_cast<const float*>(in), n),
                       std::span(reinterpret_cast<B*>(out), block_count<B>(n)));
  });
  c.reference = [](const std::byte* in, std::byte* out, std::size_t n, std::uint64_t) {
    for (std::size_t i = 0; i < n / B::elements; ++i) {
      std::array<float, B::elements> values;
      std::memcpy(values.data(), in + i * sizeof values, sizeof values);
      const B block = quantize_block<B>(values);
      std::memcpy(out + i * sizeof(B), &block, sizeof(B));
    }
  };
  return c;
}

}  // namespace

void add_parallel_rows(std::deque<conversion>& rows) {
  const auto run = std::make_shared<second_thread>();
  for (const std::size_t tasks : {1U, 2U}) {
    rows.push_back(packing<fp8_e4m3>(tasks, run));
    rows.push_back(quantizing<mxfp4>("mxfp4", tasks, run));
  }
}

}  // namespace bench
