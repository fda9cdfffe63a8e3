// The contract of narrowfp/hadamard.hpp.
#include <narrowfp/hadamard.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace {

using namespace narrowfp;

static_assert(std::is_aggregate_v<hadamard_options>);
constexpr hadamard_options options = {.block = 16, .random = false, .seed = 0, .use = isa::automatic};
constexpr hadamard_options defaults;
static_assert(options.block == defaults.block && options.random == defaults.random &&
              options.seed == defaults.seed && options.use == defaults.use);
static_assert(std::same_as<decltype(hadamard_options::block), std::size_t>);
static_assert(std::same_as<decltype(hadamard_options::seed), std::uint64_t>);

template <class S>
void transform_ranges() {
  std::vector<S> values(32);
  const std::vector<S> constant = values;
  std::array<S, 32> out = {};
  S c_array[32] = {};
  hadamard(values, values);
  hadamard(constant, out, {.block = 32});
  hadamard(std::span<const S>(constant), std::span<S>(out), options);
  hadamard<S>(constant, out);
  hadamard(c_array, std::span(out), {.random = true, .seed = 1});
  hadamard_inverse(values, values);
  hadamard_inverse(out, c_array, {.block = 4, .use = isa::scalar});
  hadamard_inverse(std::span<const S>(constant), std::span<S>(out), options);
  hadamard_inverse<S>(constant, out);
}

template <class In, class Out>
concept can_transform = requires(In& in, Out& out) {
  hadamard(in, out);
};
template <class In, class Out>
concept can_transform_back = requires(In& in, Out& out) {
  hadamard_inverse(in, out);
};
template <class In, class Out>
constexpr bool both_or_neither = can_transform<In, Out> == can_transform_back<In, Out>;
template <class In, class Out>
constexpr bool takes = can_transform<In, Out>&& both_or_neither<In, Out>;
template <class In, class Out>
constexpr bool refuses = !can_transform<In, Out> && both_or_neither<In, Out>;

using floats = std::vector<float>;
static_assert(takes<floats, floats> && takes<const floats, float[4]>);
static_assert(takes<std::vector<bfloat16>, std::span<bfloat16>>);
static_assert(takes<const std::array<float16, 2>, std::vector<float16>>);
static_assert(refuses<floats, const floats> && refuses<floats, std::vector<bfloat16>>);
static_assert(refuses<std::vector<double>, std::vector<double>> && refuses<std::vector<int>, floats>);
static_assert(refuses<std::vector<fp8_e4m3>, std::vector<fp8_e4m3>>);
static_assert(refuses<float*, float*> && refuses<volatile float[4], floats> && refuses<float, float>);
static_assert(refuses<std::vector<bool>, floats>);

}  // namespace

// For each type once.
void transform_all() {
  transform_ranges<float>();
  transform_ranges<bfloat16>();
  transform_ranges<float16>();
}
