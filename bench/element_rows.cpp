// pack and unpack: format x direction x instruction set. A new instruction set needs no line here: rows are
// made for every one that the library names and this machine has.
#include "element_rows.hpp"

#include <narrowfp/narrowfp.hpp>

#include <concepts>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "ceilings.hpp"
#include "support/instruction_sets.hpp"

namespace bench {

namespace {

using namespace narrowfp;

template <class S>
std::string source_name() {
  if constexpr (std::same_as<S, float>) {
    return "f32";
  } else {
    return S::format::name;
  }
}

template <class S>
constexpr content floats_of = std::same_as<S, float> ? content::floats : content::bfloat16s;
template <class T>
constexpr content codes_of = sizeof(T) == 1 ? content::codes_8 : content::codes_16;

/// The trivial conversion with the same traffic; formats of 6 bits are compared with 8.
template <class S>
const conversion& encode_ceiling(std::size_t code_bytes) {
  if constexpr (sizeof(S) == 2) {
    return truncate_u16_to_u8();
  } else {
    return code_bytes == 1 ? truncate_f32_to_u8() : truncate_f32_to_u16();
  }
}
template <class S>
const conversion& decode_ceiling(std::size_t code_bytes) {
  if constexpr (sizeof(S) == 2) {
    return extend_u8_to_u16();
  } else {
    return code_bytes == 1 ? extend_u8_to_f32() : extend_u16_to_f32();
  }
}

/// The draw of element i under seed 0: stochastic rounding by its definition.
std::uint32_t random_bits_of(std::uint64_t i) { return core::draw_group(0, i / 4).word[i % 4]; }

template <class S, class T>
void add_pack(std::deque<conversion>& rows, const std::string& label, rounding round, overflow over) {
  for (const isa set : instruction_sets()) {
    conversion c;
    c.name = "pack" + label + "/" + source_name<S>() + "_to_" + T::format::name + "/" + isa_name(set);
    c.input = floats_of<S>;
    c.in = {1, sizeof(S)};
    c.out = {1, sizeof(T)};
    c.numbered = round == rounding::stochastic;
    c.ceiling = &encode_ceiling<S>(sizeof(T));
    const pack_options options = {.round = round, .over = over, .use = set};
    c.variants.emplace_back([options](const std::byte* in, std::byte* out, std::size_t n) {
      pack(std::span<const S>(reinterpret_cast<const S*>(in), n), std::span<T>(reinterpret_cast<T*>(out), n),
           options);
    });
    c.reference = [round, over](const std::byte* in, std::byte* out, std::size_t n, std::uint64_t first) {
      for (std::size_t i = 0; i < n; ++i) {
        S x;
        std::memcpy(&x, in + i * sizeof(S), sizeof(S));
        const std::uint32_t random_bits = round == rounding::stochastic ? random_bits_of(first + i) : 0;
        const T code = round_to<T>(x, round, over, random_bits);
        std::memcpy(out + i * sizeof(T), &code, sizeof(T));
      }
    };
    rows.push_back(std::move(c));
  }
}

template <class T, class S>
void add_unpack(std::deque<conversion>& rows) {
  for (const isa set : instruction_sets()) {
    conversion c;
    c.name = "unpack/" + std::string(T::format::name) + "_to_" + source_name<S>() + "/" + isa_name(set);
    c.input = codes_of<T>;
    c.in = {1, sizeof(T)};
    c.out = {1, sizeof(S)};
    c.ceiling = &decode_ceiling<S>(sizeof(T));
    const unpack_options options = {.use = set};
    c.variants.emplace_back([options](const std::byte* in, std::byte* out, std::size_t n) {
      unpack(std::span<const T>(reinterpret_cast<const T*>(in), n),
             std::span<S>(reinterpret_cast<S*>(out), n), options);
    });
    c.reference = [](const std::byte* in, std::byte* out, std::size_t n, std::uint64_t) {
      for (std::size_t i = 0; i < n; ++i) {
        T code;
        std::memcpy(&code, in + i * sizeof(T), sizeof(T));
        const S x(code);
        std::memcpy(out + i * sizeof(S), &x, sizeof(S));
      }
    };
    rows.push_back(std::move(c));
  }
}

/// Codes narrower than a byte, stored without gaps.
template <class T>
void add_dense(std::deque<conversion>& rows) {
  constexpr side dense = {8, T::format::width};
  for (const isa set : instruction_sets()) {
    conversion c;
    c.name = std::string("pack_dense/f32_to_") + T::format::name + "/" + isa_name(set);
    c.input = content::floats;
    c.in = {1, sizeof(float)};
    c.out = dense;
    c.ceiling = T::format::width == 4 ? &truncate_f32_to_nibbles() : &truncate_f32_to_u8();
    c.variants.emplace_back([set](const std::byte* in, std::byte* out, std::size_t n) {
      const packed_span<T> target(std::span(out, packed_size_bytes<T>(n)), n);
      pack(std::span<const float>(reinterpret_cast<const float*>(in), n), target, {.use = set});
    });
    c.reference = [](const std::byte* in, std::byte* out, std::size_t n, std::uint64_t) {
      const packed_span<T> target(std::span(out, packed_size_bytes<T>(n)), n);
      for (std::size_t i = 0; i < n; ++i) {
        float x = 0;
        std::memcpy(&x, in + i * sizeof x, sizeof x);
        target[i] = T(x);
      }
    };
    rows.push_back(c);

    c.name = std::string("unpack_dense/") + T::format::name + "_to_f32/" + isa_name(set);
    c.input = content::codes_8;
    c.in = dense;
    c.out = {1, sizeof(float)};
    c.ceiling = T::format::width == 4 ? &extend_nibbles_to_f32() : &extend_u8_to_f32();
    c.variants = {[set](const std::byte* in, std::byte* out, std::size_t n) {
      const packed_span<const T> source(std::span(in, packed_size_bytes<T>(n)), n);
      unpack(source, std::span<float>(reinterpret_cast<float*>(out), n), {.use = set});
    }};
    c.reference = [](const std::byte* in, std::byte* out, std::size_t n, std::uint64_t) {
      const packed_span<const T> source(std::span(in, packed_size_bytes<T>(n)), n);
      for (std::size_t i = 0; i < n; ++i) {
        const auto x = static_cast<float>(source[i]);
        std::memcpy(out + i * sizeof x, &x, sizeof x);
      }
    };
    rows.push_back(std::move(c));
  }
}

template <class... Ts>
void add_formats(std::deque<conversion>& rows) {
  (add_pack<float, Ts>(rows, "", rounding::native, overflow::native), ...);
  (add_unpack<Ts, float>(rows), ...);
}

/// The other policies and modes that users need fast.
template <class... Ts>
void add_modes(std::deque<conversion>& rows) {
  (add_pack<float, Ts>(rows, "_saturate", rounding::native, overflow::saturate), ...);
  (add_pack<float, Ts>(rows, "_nearest_away", rounding::nearest_away, overflow::native), ...);
  (add_pack<float, Ts>(rows, "_toward_zero", rounding::toward_zero, overflow::native), ...);
  (add_pack<float, Ts>(rows, "_stochastic", rounding::stochastic, overflow::native), ...);
}

template <class... Ts>
void add_from_bfloat16(std::deque<conversion>& rows) {
  (add_pack<bfloat16, Ts>(rows, "", rounding::native, overflow::native), ...);
  (add_unpack<Ts, bfloat16>(rows), ...);
}

}  // namespace

void add_element_rows(std::deque<conversion>& rows) {
  add_formats<fp8_e4m3, fp8_e5m2, fp8_e3m4, fp8_e4m3_ieee, fp8_e4m3fnuz, fp8_e5m2fnuz, fp8_e4m3b11fnuz,
              fp6_e3m2, fp6_e2m3, fp4_e2m1, fp4_e1m2, hif8, e8m0, ue4m3, ue5m3, e6m2, bfloat16, float16>(
      rows);
  add_modes<fp8_e4m3, hif8>(rows);
  add_from_bfloat16<fp8_e4m3, hif8>(rows);
  add_dense<fp6_e2m3>(rows);
  add_dense<fp4_e2m1>(rows);
}

}  // namespace bench
