// Products by every instruction set, against the scalar path on any bytes, and against sums of 128-bit
// integers on usual ones: on bits, so that the program means the same under -ffast-math; small, so that a
// mutant is judged quickly.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <span>
#include <stdexcept>
#include <vector>

#include <narrowfp/products.hpp>

namespace {

using namespace narrowfp;
__extension__ using int128 = __int128;

int failures = 0;

void fail(const char* pair, const char* kind, std::size_t n, isa use, float got, float want) {
  if (failures++ < 5) {
    std::uint32_t bits[2];
    std::memcpy(&bits[0], &got, 4);
    std::memcpy(&bits[1], &want, 4);
    std::printf("%s, %s, %zu elements by %s: %08x, wanted %08x\n", pair, kind, n, isa_name(use), bits[0],
                bits[1]);
  }
}

std::uint32_t next_random() {
  static std::uint32_t state = 1;
  state = state * 1664525U + 1013904223U;
  return state >> 8;
}

enum class kind { usual, any };

template <class T>
std::size_t units(std::size_t n) {
  return detail::units_of<T>(n);
}

/// Scales near 1, or any bytes.
template <class T>
std::vector<T> operand(kind k, std::size_t n) {
  std::vector<T> all(units<T>(n));
  for (T& unit : all) {
    unsigned char bytes[sizeof(T)];
    for (unsigned char& byte : bytes) {
      byte = static_cast<unsigned char>(next_random());
    }
    std::memcpy(static_cast<void*>(&unit), bytes, sizeof(T));
    if constexpr (block_type<T>) {
      if (k == kind::usual) {
        const float scale = 0.5F + static_cast<float>(next_random() % 16) / 4;
        unit.set_scale_code(core::encode<typename T::scale_format>(core::read(scale), rounding::nearest_even,
                                                                   overflow::native));
      }
    } else if constexpr (sizeof(T) == 4) {
      if (k == kind::usual) {
        unit = (static_cast<float>(next_random()) - 0x1p23F) * 0x1p-20F;
      }
    } else if (k == kind::usual) {
      unit = T(static_cast<double>(next_random() % 2001) * 0x1p-7 - 7);
    }
  }
  return all;
}

/// Element i; what is no number is none of the usual data, but for NaN codes of elements, which become 1.
template <class T>
double& element(std::vector<T>& all, std::size_t i, double& value) {
  if constexpr (block_type<T>) {
    auto& block = all[i / T::elements];
    const core::real x = block.exact(i % T::elements);
    if (x.kind != core::real_kind::finite) {
      block.set_code(i % T::elements, 0);
      value = 0;
    } else {
      value = core::to_floating<double>(x);
    }
  } else {
    value = static_cast<double>(all[i]);
  }
  return value;
}

/// Products of usual data are multiples of 2^-60 and small.
template <class A, class B>
float exact_sum(std::vector<A>& a, std::vector<B>& b, std::size_t n) {
  int128 sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double x = 0, y = 0;
    sum += static_cast<int128>(std::ldexp(element(a, i, x) * element(b, i, y), 60));
  }
  return std::ldexp(static_cast<float>(sum), -60);  // rounded once by the conversion
}

template <class A, class B>
void check(const char* pair) {
  constexpr std::size_t lengths[] = {0, 1, 15, 64, 127, 300, 2048, 4500};
  constexpr isa sets[] = {isa::scalar, isa::avx2, isa::avx512, isa::neon};
  for (const kind k : {kind::usual, kind::any}) {
    for (const std::size_t n : lengths) {
      std::vector<A> a = operand<A>(k, n);
      std::vector<B> b = operand<B>(k, n);
      float want = 0;
      if (k == kind::usual) {
        want = exact_sum(a, b, n);
      } else {
        matrix_vector_product(matrix_view(a, 1, n), b, std::span(&want, 1), {.use = isa::scalar});
      }
      for (const isa use : sets) {
        float got = -1;
        if (isa_available(use)) {
          matrix_vector_product(matrix_view(a, 1, n), b, std::span(&got, 1), {.use = use});
          if (std::memcmp(&got, &want, sizeof got) != 0) {
            fail(pair, k == kind::usual ? "usual data" : "any bytes", n, use, got, want);
          }
        }
      }
    }
  }
}

/// Factors and an old result, before the one rounding.
void check_factors() {
  const std::vector<fp8_e4m3> ones(3, fp8_e4m3(1.0F));
  const float row_scale = 0x1.000002p0F;
  for (const isa use : {isa::scalar, isa::avx2, isa::avx512, isa::neon}) {
    float y = -3;  // 3 * (1 + 2^-23)^2 - 3 = 3 * 2^-22 + 3 * 2^-46, of which the last is 0.75 ulp
    if (isa_available(use)) {
      matrix_vector_product(matrix_view(ones, 1, 3), ones, std::span(&y, 1),
                            {.tensor_scale_a = 0x1.000002p0F,
                             .row_scales_b = std::span(&row_scale, 1),
                             .accumulate = true,
                             .use = use});
      const float want = 0x1.800002p-21F;
      if (std::memcmp(&y, &want, sizeof y) != 0) {
        fail("fp8_e4m3", "factors", 3, use, y, want);
      }
    }
  }
}

void check_refusals() {
  const std::vector<mxfp4> a(2);
  int refused = 0;
  for (const float scale : {0.0F, -1.0F}) {
    try {
      static_cast<void>(dot(a, a, {.tensor_scale_b = scale}));
    } catch (const std::invalid_argument&) {
      ++refused;
    }
  }
  try {
    static_cast<void>(matrix_view(a, 1, 65));
  } catch (const std::invalid_argument&) {
    ++refused;
  }
  if (refused != 3) {
    ++failures;
    std::printf("%d of 3 wrong calls are refused\n", refused);
  }
}

}  // namespace

int main() {
  check<mxfp4, mxfp4>("mxfp4, mxfp4");
  check<mxint8, mxint8>("mxint8, mxint8");
  check<nvfp4, mxint8>("nvfp4, mxint8");
  check<hif4, hif4>("hif4, hif4");
  check<mxfp6_e2m3, q8_0>("mxfp6_e2m3, q8_0");
  check<mxfp4, mxfp8_e4m3>("mxfp4, mxfp8_e4m3");
  check<hif8, fp8_e5m2>("hif8, fp8_e5m2");
  check<nvfp4, float>("nvfp4, float");
  check<bfloat16, mxfp4>("bfloat16, mxfp4");
  check_factors();
  check_refusals();
  return failures == 0 ? 0 : 1;
}
