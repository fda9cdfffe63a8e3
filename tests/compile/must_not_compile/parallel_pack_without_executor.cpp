// Expect: narrowfp::parallel::pack needs an executor and a number of tasks: parallel::pack.execute, tasks,
// in, out.
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
  narrowfp::parallel::pack(in, out);
#else
  narrowfp::parallel::pack(run, 2, in, out);
#endif
}
