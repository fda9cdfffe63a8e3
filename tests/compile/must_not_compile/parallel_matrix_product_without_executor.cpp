// Expect: narrowfp::parallel::matrix_product needs an executor and a number of tasks
#include <narrowfp/narrowfp.hpp>
#include <vector>

void run(std::size_t n, const narrowfp::parallel::task& task);
void run(std::size_t n, const narrowfp::parallel::task& task) {
  for (std::size_t i = 0; i < n; ++i) {
    task(i);
  }
}

int main() {
  const narrowfp::block_matrix<narrowfp::mxfp4> a(2, 32);
  std::vector<float> c(4);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::parallel::matrix_product(a, a, c);
#else
  narrowfp::parallel::matrix_product(run, 2, a, a, c);
#endif
}
