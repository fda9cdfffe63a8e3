// The first calls of a program come from many threads at once; they agree, and what NARROWFP_ISA said then
// holds until the end.
#include <barrier>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include "hash.hpp"

namespace {

constexpr int thread_count = 16;

bool expect(bool holds, const char* what) {
  if (!holds) {
    std::printf("wrong: %s\n", what);
  }
  return holds;
}

}  // namespace

int main() {
  std::vector<std::uint64_t> hashes(thread_count);
  std::vector<narrowfp::isa> best(thread_count);
  std::barrier start(thread_count);
  std::vector<std::thread> threads;
  for (int t = 0; t < thread_count; ++t) {
    threads.emplace_back([&, t] {
      const auto i = static_cast<std::size_t>(t);
      start.arrive_and_wait();
      hashes[i] = concurrency::hash_of_calls(t);
      best[i] = narrowfp::best_isa();
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  bool ok = true;
  const std::uint64_t want = concurrency::hash_of_calls(0, narrowfp::isa::scalar);
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    ok &= expect(hashes[i] == want, "a thread's results differ from the scalar path's");
    ok &= expect(best[i] == best[0], "threads disagree about the best instruction set");
  }
  const char* cap = std::getenv("NARROWFP_ISA");
  if (cap != nullptr && std::strcmp(cap, "scalar") == 0) {
    ok &= expect(best[0] == narrowfp::isa::scalar, "NARROWFP_ISA=scalar was not heard");
  }
  // Read once: what the variable becomes later is not looked at.
  for (const char* later : {"scalar", "no such set", ""}) {
    ::setenv("NARROWFP_ISA", later, 1);
    ok &= expect(narrowfp::best_isa() == best[0], "NARROWFP_ISA was read again");
    ok &= expect(concurrency::hash_of_calls(0) == want, "NARROWFP_ISA was read again by a call");
  }
  return ok ? 0 : 1;
}
