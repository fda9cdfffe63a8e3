// packed_vector and packed_span under any sequence of operations, against a vector of codes; the bytes
// against the bit stream that they are defined to be.
#include <algorithm>
#include <numeric>

#include <narrowfp/packed.hpp>

#include "fuzz.hpp"

namespace {

using namespace narrowfp;

template <class T>
std::vector<std::byte> bit_stream(const std::vector<unsigned>& codes) {
  constexpr std::size_t width = T::format::width;
  std::vector<std::byte> bytes((codes.size() * width + 7) / 8);
  for (std::size_t bit = 0; bit < codes.size() * width; ++bit) {
    if ((codes[bit / width] >> bit % width & 1) != 0) {
      bytes[bit / 8] |= static_cast<std::byte>(1U << bit % 8);
    }
  }
  return bytes;
}

template <class T>
void check(const packed_vector<T>& values, const std::vector<unsigned>& codes) {
  fuzz::require(values.size() == codes.size() && values.empty() == codes.empty(), "size");
  fuzz::require(std::ranges::equal(values.bytes(), bit_stream<T>(codes)), "bytes");
  fuzz::require(std::equal(values.begin(), values.end(), codes.begin(), codes.end(),
                           [](T value, unsigned code) { return value.bits() == code; }),
                "iteration");
  const packed_span<const T> view = values;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    fuzz::require(view[i].bits() == codes[i] && values[i].bits() == codes[i], "element");
  }
}

template <class T>
void run(fuzz::bytes& in) {
  constexpr unsigned mask = (1U << T::format::width) - 1;
  const auto any_value = [&] {
    return T::from_bits(static_cast<typename T::code_type>(in.take<std::uint16_t>()));
  };
  packed_vector<T> values;
  std::vector<unsigned> codes;
  while (in.left() > 0) {
    const std::size_t i = codes.empty() ? 0 : in.below(codes.size());
    const std::size_t j = codes.empty() ? 0 : in.below(codes.size());
    switch (in.below(10)) {
      case 0: {
        const T value = any_value();
        values.push_back(value);
        codes.push_back(value.bits() & mask);
        break;
      }
      case 1: {
        const std::size_t n = in.below(200);
        values.resize(n);
        codes.resize(n);
        break;
      }
      case 2:
        if (!codes.empty()) {
          const T value = any_value();
          values[i] = value;
          codes[i] = value.bits();
        }
        break;
      case 3:
        if (!codes.empty()) {
          swap(values[i], values[j]);
          std::swap(codes[i], codes[j]);
        }
        break;
      case 4:
        if (!codes.empty()) {
          values[i] = values[j];
          codes[i] = codes[j];
        }
        break;
      case 5:
        std::reverse(values.begin(), values.end());
        std::reverse(codes.begin(), codes.end());
        break;
      case 6: {
        const auto by_code = [](T a, T b) { return a.bits() < b.bits(); };
        std::sort(values.begin(), values.end(), by_code);
        std::sort(codes.begin(), codes.end());
        break;
      }
      case 7: {
        const T value = any_value();
        const std::size_t n = in.below(40);
        values = packed_vector<T>(n, value);
        codes.assign(n, value.bits());
        break;
      }
      case 8: {
        // Pad bits that a user has written show in no new value.
        const std::size_t used = codes.size() * T::format::width % 8;
        if (used != 0) {
          values.bytes().back() |= static_cast<std::byte>(0xFF << used & 0xFF);
        }
        const std::size_t n = codes.size() + in.below(20);
        values.resize(n);
        codes.resize(n);
        break;
      }
      default: {
        // A view of just the bytes that are needed, and of too few.
        std::vector<std::byte> bytes(values.bytes().begin(), values.bytes().end());
        const packed_span<T> view(bytes, codes.size());
        fuzz::require(view.size() == codes.size(), "span");
        if (!codes.empty()) {
          view[i] = T{};
          fuzz::require(view.back().bits() == (i + 1 == codes.size() ? 0 : codes.back()), "neighbour");
          bool refused = false;
          try {
            const std::span<std::byte> too_few(bytes.data(), bytes.size() - 1);
            const packed_span<T> refused_span(too_few, codes.size());
          } catch (const std::invalid_argument&) {
            refused = true;
          }
          fuzz::require(refused, "a span of fewer bytes than its values fill");
        }
      }
    }
    check(values, codes);
  }
}

}  // namespace

void fuzz_one(std::span<const std::uint8_t> input) {
  fuzz::bytes in(input);
  switch (in.below(6)) {
    case 0:
      return run<fp4_e2m1>(in);
    case 1:
      return run<fp6_e3m2>(in);
    case 2:
      return run<ue4m3>(in);
    case 3:
      return run<hif8>(in);
    case 4:
      return run<narrow_float<minifloat<2, 0, 1, specials::none>>>(in);
    default:
      return run<narrow_float<minifloat<8, 4, 127, specials::ieee>>>(in);
  }
}
