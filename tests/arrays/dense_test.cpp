// Dense storage: the bit order, neighbours, padding and guards; packed_span and packed_vector.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <span>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "support/array_probe.hpp"
#include "support/formats_under_test.hpp"
#include "support/parameterised.hpp"
#include "support/report.hpp"
#include "support/type_names.hpp"

namespace {

using support::bit_vector;
using support::scalar;

/// Element i at bits i * width and up of the little-endian bit stream, bit by bit.
std::vector<std::uint8_t> bit_stream(const bit_vector& codes, int width) {
  std::vector<std::uint8_t> bytes((codes.size() * static_cast<std::size_t>(width) + 7) / 8);
  std::size_t at = 0;
  for (const std::uint64_t code : codes) {
    for (int bit = 0; bit < width; ++bit, ++at) {
      bytes[at / 8] = static_cast<std::uint8_t>(bytes[at / 8] | (code >> bit & 1) << (at % 8));
    }
  }
  return bytes;
}

class Dense : public support::format_suite {
 protected:
  const support::array_probe& arrays() const { return support::find_array_probe(GetParam()); }
};

TEST_P(Dense, PackAndUnpackEveryLength) {
  const oracle::format& f = facts();
  bit_vector all;
  for (std::uint64_t i = 0; i < 700; ++i) {
    all.push_back(i * 0x9E3779B1 % f.values.size());
  }
  for (const narrowfp::isa use : support::available_isas()) {
    support::mismatches found(GetParam() + ", " + narrowfp::isa_name(use));
    for (std::size_t length = 0; length <= all.size(); length += length < 90 ? 1 : 61) {
      const auto context = [&] { return "length " + std::to_string(length); };
      const bit_vector codes(all.end() - static_cast<std::ptrdiff_t>(length), all.end());
      const bit_vector values = arrays().unpack(scalar::f64, codes, {.use = use});
      // NaNs and, without -0, nothing else come back as another code: compare with the codes of the values.
      const bit_vector canonical = arrays().pack(scalar::f64, values, {.use = use});
      const auto bytes = bit_stream(canonical, f.width);
      found.expect(arrays().pack_dense(scalar::f64, values, {.use = use}) == bytes, context);
      found.expect(
          arrays().unpack_dense(scalar::f64, bit_stream(codes, f.width), length, {.use = use}) == values,
          context);
    }
  }
}

SUPPORT_FOR_FORMATS(Dense, support::array_types());

template <class T>
class PackedTypes : public testing::Test {};
using packed_types =
    testing::Types<narrowfp::fp4_e2m1, narrowfp::fp6_e3m2, narrowfp::ue4m3, narrowfp::fp8_e5m2,
                   narrowfp::float16, support::e1m0b0_none, support::e0m4b1_fn, support::e8m3b100_ieee>;
TYPED_TEST_SUITE(PackedTypes, packed_types, support::type_names);

template <class T>
T code(std::size_t i) {
  return T::from_bits(static_cast<typename T::code_type>(i * 0x9E3779B1));
}

TYPED_TEST(PackedTypes, AssigningKeepsTheNeighbours) {
  using T = TypeParam;
  constexpr std::size_t n = 37;
  std::vector<std::byte> storage(narrowfp::packed_size_bytes<T>(n) + 2, std::byte{0xA5});
  const std::span<std::byte> inner(storage.data() + 1, storage.size() - 2);
  const narrowfp::packed_span<T> view(inner, n);
  for (std::size_t i = 0; i < n; ++i) {
    view[i] = T{};
  }
  std::vector<T> want(n);
  for (std::size_t step = 0; step < 200; ++step) {
    const std::size_t i = step * 23 % n;
    view[i] = code<T>(step);
    want[i] = code<T>(step);
    for (std::size_t k = 0; k < n; ++k) {
      const T got = view[k];
      ASSERT_EQ(got.bits(), want[k].bits()) << "element " << k << " after assigning element " << i;
    }
  }
  EXPECT_EQ(storage.front(), std::byte{0xA5});
  EXPECT_EQ(storage.back(), std::byte{0xA5});
}

TYPED_TEST(PackedTypes, ReferencesHaveTheOperatorsOfTheirValues) {
  using T = TypeParam;
  narrowfp::packed_vector<T> v(3, T(1));
  T value = v[1];
  const auto expect_same = [&] {
    EXPECT_EQ(T(v[1]).bits(), value.bits());
    EXPECT_EQ(T(v[0]).bits(), T(1).bits());
    EXPECT_EQ(T(v[2]).bits(), T(1).bits());
  };
  v[1] += T(1);
  value += T(1);
  expect_same();
  (v[1] *= T(3)) /= T(2);
  (value *= T(3)) /= T(2);
  expect_same();
  if constexpr (narrowfp::exact_in_float<typename T::format>) {
    v[1] -= 0.5F;
    value -= 0.5F;
    expect_same();
  }
  EXPECT_EQ((+v[1]).bits(), value.bits());
  if constexpr (T::format::is_signed) {
    EXPECT_EQ((-v[1]).bits(), (-value).bits());
  }
}

TYPED_TEST(PackedTypes, SizesInBytes) {
  constexpr std::size_t width = TypeParam::format::width;
  for (std::size_t n = 0; n < 40; ++n) {
    EXPECT_EQ(narrowfp::packed_size_bytes<TypeParam>(n), (n * width + 7) / 8);
  }
  // The largest count: its bytes fit in std::size_t just where a value has at most 8 bits.
  constexpr std::size_t top = ~std::size_t{0};
  if (width > 8) {
    EXPECT_THROW((void)narrowfp::packed_size_bytes<TypeParam>(top), std::invalid_argument);
  }
  constexpr std::size_t many = top / width - 8;  // every bit can be counted
  EXPECT_EQ(narrowfp::packed_size_bytes<TypeParam>(many), (many * width + 7) / 8);
}

TYPED_TEST(PackedTypes, VectorGrowsLikeStdVectorAndPadsWithZero) {
  using T = TypeParam;
  narrowfp::packed_vector<T> packed;
  std::vector<T> plain;
  for (std::size_t i = 0; i < 50; ++i) {
    packed.push_back(code<T>(i));
    plain.push_back(code<T>(i));
    ASSERT_EQ(packed.size(), plain.size());
    bit_vector bits;
    for (const T x : plain) {
      bits.push_back(x.bits());
    }
    const auto want = bit_stream(bits, T::format::width);
    ASSERT_TRUE(std::ranges::equal(packed.bytes(), want,
                                   [](std::byte a, std::uint8_t b) { return std::to_integer<int>(a) == b; }));
  }
  packed.resize(21);
  packed.resize(40);
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(T(packed[i]).bits(), i < 21 ? plain[i].bits() : 0) << i;
  }
  packed.clear();
  EXPECT_TRUE(packed.empty());
}

TYPED_TEST(PackedTypes, IteratorsAreRandomAccess) {
  using T = TypeParam;
  narrowfp::packed_vector<T> v(20);
  using iterator = decltype(v.begin());
  using const_iterator = decltype(std::as_const(v).begin());
  static_assert(std::is_same_v<typename std::iterator_traits<iterator>::iterator_category,
                               std::random_access_iterator_tag>);
  static_assert(std::random_access_iterator<const_iterator>);
  static_assert(std::is_convertible_v<iterator, const_iterator>);
  std::size_t i = 0;
  for (auto element : v) {
    element = code<T>(i++);
  }
  EXPECT_EQ(v.end() - v.begin(), 20);
  auto it = v.begin() + 7;
  EXPECT_EQ(T(*it).bits(), code<T>(7).bits());
  EXPECT_EQ(T(it[3]).bits(), code<T>(10).bits());
  EXPECT_EQ(T(*--it).bits(), code<T>(6).bits());
  EXPECT_TRUE(it < v.end() && v.begin() <= it && it - 6 == v.begin());
  std::reverse(v.begin(), v.end());
  for (i = 0; i < 20; ++i) {
    EXPECT_EQ(T(v[i]).bits(), code<T>(19 - i).bits()) << i;
  }
  std::vector<T> copy(v.begin(), v.end());
  std::sort(v.begin(), v.end(), [](T a, T b) { return a.bits() < b.bits(); });
  std::sort(copy.begin(), copy.end(), [](T a, T b) { return a.bits() < b.bits(); });
  EXPECT_TRUE(std::equal(v.begin(), v.end(), copy.begin(), [](T a, T b) { return a.bits() == b.bits(); }));
}

TYPED_TEST(PackedTypes, SpanViewsAVectorAndConvertsToConst) {
  using T = TypeParam;
  narrowfp::packed_vector<T> v(11);
  const narrowfp::packed_span<T> view = v;
  view[5] = code<T>(77);
  const narrowfp::packed_span<const T> read_only = view;
  EXPECT_EQ(T(read_only[5]).bits(), code<T>(77).bits());
  EXPECT_EQ(read_only.size(), 11U);
  EXPECT_EQ(read_only.bytes().size(), narrowfp::packed_size_bytes<T>(11));
  EXPECT_EQ(T(std::as_const(v)[5]).bits(), code<T>(77).bits());
  v.front() = code<T>(3);
  v.back() = code<T>(5);
  EXPECT_EQ(view.front().bits(), code<T>(3).bits());
  EXPECT_EQ(std::as_const(v).back().bits(), code<T>(5).bits());
}

TEST(Dense, ElementZeroOfFourBitsIsTheLowNibble) {
  narrowfp::packed_vector<narrowfp::fp4_e2m1> v(3);
  narrowfp::pack(std::array{0.5F, 6.0F, -1.0F}, v);
  EXPECT_EQ(v.bytes()[0], std::byte{0x71});
  EXPECT_EQ(v.bytes()[1], std::byte{0x0A});
}

}  // namespace
