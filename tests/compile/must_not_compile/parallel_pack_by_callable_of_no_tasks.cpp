// Expect: narrowfp::parallel::pack: the first argument must be callable as execute.n, task.
#include <narrowfp/narrowfp.hpp>
#include <vector>

void run(std::size_t n, const narrowfp::parallel::task& task);
void run(std::size_t n, const narrowfp::parallel::task& task) {
  for (std::size_t i = 0; i < n; ++i) {
    task(i);
  }
}

int main() {
  const std::vector<float> in(32);
  std::vector<narrowfp::fp8_e4m3> out(32);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::parallel::pack([] {}, 2, in, out);
#else
  narrowfp::parallel::pack(run, 2, in, out);
#endif
}
