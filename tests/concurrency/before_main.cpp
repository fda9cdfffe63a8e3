// Array calls and values in the constructors of static objects, in two units, whose order is open: they give
// what they give in main, and constants of the library are ready.
#include <array>
#include <cstdio>
#include <limits>

#include "hash.hpp"

extern const std::uint64_t other_hash;
extern const narrowfp::isa other_best;

namespace {

const std::uint64_t own_hash = concurrency::hash_of_calls(1);
const narrowfp::isa own_best = narrowfp::best_isa();

// Values need no run-time initialisation at all.
constinit narrowfp::hif8 constant{0.3F};
constinit std::array<narrowfp::fp8_e4m3, 2> constants{narrowfp::fp8_e4m3(1.0F),
                                                      std::numeric_limits<narrowfp::fp8_e4m3>::max()};
constinit narrowfp::quantize_options options{.scale = narrowfp::scale_rule::search_mse};

}  // namespace

int main() {
  const std::uint64_t want = concurrency::hash_of_calls(2);
  const bool ok = own_hash == want && other_hash == want && own_best == narrowfp::best_isa() &&
                  other_best == own_best && constant.bits() == narrowfp::hif8(0.3F).bits() &&
                  constants[1].bits() == 0x7E && options.scale == narrowfp::scale_rule::search_mse;
  std::printf("%016llx %016llx %016llx\n", static_cast<unsigned long long>(own_hash),
              static_cast<unsigned long long>(other_hash), static_cast<unsigned long long>(want));
  return ok ? 0 : 1;
}
