// Calls the units in turn. Those compiled for any x86-64 processor come first: had the linker bound one of
// their functions to a copy with newer instructions, an older machine would stop here.
#include <cstdint>
#include <cstdio>

#define DECLARE_UNITS(kind)        \
  std::uint64_t kind##_plain_o2(); \
  std::uint64_t kind##_plain_o0(); \
  std::uint64_t kind##_v4_o3();    \
  std::uint64_t kind##_v4_o0();
DECLARE_UNITS(arrays)
DECLARE_UNITS(blocks)
DECLARE_UNITS(products)

namespace {

struct unit {
  const char* name;
  std::uint64_t (*arrays)();
  std::uint64_t (*blocks)();
  std::uint64_t (*products)();
};

constexpr unit plain_units[] = {{"plain -O2", arrays_plain_o2, blocks_plain_o2, products_plain_o2},
                                {"plain -O0", arrays_plain_o0, blocks_plain_o0, products_plain_o0}};
constexpr unit newer_units[] = {{"x86-64-v4 -O3", arrays_v4_o3, blocks_v4_o3, products_v4_o3},
                                {"x86-64-v4 -O0", arrays_v4_o0, blocks_v4_o0, products_v4_o0}};

}  // namespace

int main() {
  const std::uint64_t want_arrays = arrays_plain_o2();
  const std::uint64_t want_blocks = blocks_plain_o2();
  const std::uint64_t want_products = products_plain_o2();
  bool ok = true;
  const auto run = [&](const unit& u) {
    const std::uint64_t arrays = u.arrays();
    const std::uint64_t blocks = u.blocks();
    const std::uint64_t products = u.products();
    std::printf("%-16s %016llx %016llx %016llx\n", u.name, static_cast<unsigned long long>(arrays),
                static_cast<unsigned long long>(blocks), static_cast<unsigned long long>(products));
    ok = ok && arrays == want_arrays && blocks == want_blocks && products == want_products;
  };
  for (const unit& u : plain_units) {
    run(u);
  }
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
    for (const unit& u : newer_units) {
      run(u);
    }
  } else {
    std::puts("x86-64-v4 units linked but not run: this machine has no AVX-512");
  }
  return ok ? 0 : 1;
}
