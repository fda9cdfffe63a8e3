// Arrays from and to what is neither float, bfloat16 nor float16, and matrices of values with a scale for
// each row. These come to the kernels of other calls or to the scalar path, the same for every format, so
// that one stands for all.
#include <bit>
#include <cstring>
#include <string>
#include <vector>

#include <narrowfp/pack_rows.hpp>

#include "kernels/adversarial.hpp"
#include "sections.hpp"
#include "support/compiler_halves.hpp"

namespace emulation {
namespace {

using namespace narrowfp;

template <class S>
std::vector<S> numbers() {
  std::vector<S> x;
  for (const float value : ::kernels::adversarial(16, 40, 1)) {
    if constexpr (std::is_integral_v<S>) {
      x.push_back(static_cast<S>(std::bit_cast<std::int32_t>(value) >> x.size() % 25));
    } else if constexpr (sizeof(S) == 2) {
      x.push_back(std::bit_cast<S>(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16)));
    } else {
      x.push_back(static_cast<S>(value));
    }
  }
  return x;
}

template <class T, class S>
void compare_pack(comparison& all, const std::string& name) {
  const std::vector<S> x = numbers<S>();
  for (const rounding round : {rounding::native, rounding::toward_zero, rounding::stochastic}) {
    for (const float scale : {1.0F, 0.7F}) {
      const pack_options o{.round = round, .scale = scale, .seed = 7, .first_index = 3};
      const auto with = [&o](isa use) {
        pack_options options = o;
        options.use = use;
        return options;
      };
      all.check(
          x.size() * sizeof(T), x.size(),
          [&](isa use, std::byte* out) {
            pack(x, std::span<T>(reinterpret_cast<T*>(out), x.size()), with(use));
          },
          [&] { return "pack from " + name; });
      all.check(
          packed_size_bytes<T>(x.size()), x.size(),
          [&](isa use, std::byte* out) {
            pack(x, packed_span<T>(std::span(out, packed_size_bytes<T>(x.size())), x.size()), with(use));
          },
          [&] { return "pack from " + name + ", dense"; });
    }
  }
}

template <class T, class S>
void compare_unpack(comparison& all, const std::string& name) {
  std::vector<T> codes;
  for (unsigned i = 0; i < 600; ++i) {
    codes.push_back(T::from_bits(static_cast<typename T::code_type>(i * 37)));
  }
  packed_vector<T> dense(codes.size());
  pack(codes, dense, {.use = isa::scalar});
  for (const float scale : {1.0F, 0.7F}) {
    const std::size_t size = codes.size() * sizeof(S);
    // A vector for the results: its elements are S, which another type's bytes would not be.
    const auto run = [&](const auto& in) {
      return [&, scale](isa use, std::byte* out) {
        std::vector<S> values(codes.size());
        unpack(in, values, {.scale = scale, .use = use});
        std::memcpy(out, values.data(), size);
      };
    };
    all.check(size, codes.size(), run(codes), [&] { return "unpack to " + name; });
    all.check(size, codes.size(), run(dense), [&] { return "unpack to " + name + ", dense"; });
  }
}

template <class T, class S>
void compare_both(comparison& all, const std::string& name) {
  compare_pack<T, S>(all, name);
  compare_unpack<T, S>(all, name);
}

/// Rows shorter and longer than those that pass through a buffer of codes, some of which begin inside a byte.
template <class T>
void compare_rows(comparison& all) {
  const std::vector<float> scales = {1.0F, 0.5F, 3.0F, 1e-38F, 0x1p30F, 0.7F, 1.0F, 0.1F, 2.0F};
  for (const std::size_t columns : {std::size_t{13}, std::size_t{131}}) {
    const std::size_t n = columns * scales.size();
    std::vector<float> x = ::kernels::adversarial(columns, scales.size(), 2);
    const auto describe = [&] { return "rows of " + std::to_string(columns); };
    for (const rounding round : {rounding::native, rounding::stochastic}) {
      all.check(
          n * sizeof(T), n,
          [&](isa use, std::byte* out) {
            pack_rows(x, std::span<T>(reinterpret_cast<T*>(out), n), columns, scales,
                      {.round = round, .seed = 7, .use = use});
          },
          describe);
      all.check(
          packed_size_bytes<T>(n), n,
          [&](isa use, std::byte* out) {
            pack_rows(x, packed_span<T>(std::span(out, packed_size_bytes<T>(n)), n), columns, scales,
                      {.round = round, .seed = 7, .use = use});
          },
          describe);
    }
    std::vector<T> codes(n);
    packed_vector<T> dense(n);
    pack(x, codes, {.use = isa::scalar});
    pack(x, dense, {.use = isa::scalar});
    all.check(
        4 * n, n,
        [&](isa use, std::byte* out) {
          unpack_rows(codes, std::span<float>(reinterpret_cast<float*>(out), n), columns, scales,
                      {.use = use});
        },
        describe);
    all.check(
        4 * n, n,
        [&](isa use, std::byte* out) {
          unpack_rows(dense, std::span<float>(reinterpret_cast<float*>(out), n), columns, scales,
                      {.use = use});
        },
        describe);
  }
}

}  // namespace

void compare_other_sources(comparison& all) {
  compare_both<fp4_e2m1, double>(all, "double");
  compare_both<fp4_e2m1, hif8>(all, "hif8");
  compare_pack<fp4_e2m1, std::int8_t>(all, "int8_t");
  compare_pack<fp4_e2m1, std::uint64_t>(all, "uint64_t");
#if defined(NARROWFP_TEST_FLOAT16)
  compare_both<fp4_e2m1, NARROWFP_TEST_FLOAT16>(all, "the compiler's float16");
#endif
  compare_rows<fp4_e2m1>(all);
}

}  // namespace emulation
