// Expect: narrowfp::parallel::unpack takes in, out and options as narrowfp::unpack does: call that
#include <narrowfp/narrowfp.hpp>
#include <vector>

void run(std::size_t n, const narrowfp::parallel::task& task);
void run(std::size_t n, const narrowfp::parallel::task& task) {
  for (std::size_t i = 0; i < n; ++i) {
    task(i);
  }
}

int main() {
  const std::vector<narrowfp::fp8_e4m3> in(32);
  std::vector<int> ints(32);
  std::vector<float> out(32);
  static_cast<void>(ints);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::parallel::unpack(run, 2, in, ints);
#else
  narrowfp::parallel::unpack(run, 2, in, out);
#endif
}
