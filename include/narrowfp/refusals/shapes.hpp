// What array calls are given in place of a range with elements in a row: for the refusals.
#pragma once

#include <type_traits>

#include "../core/rounding.hpp"
#include "../detail/ranges.hpp"
#include "../dispatch/isa.hpp"
#include "../types/narrow_float.hpp"

namespace narrowfp::inline v0::detail {

template <class R>
concept bare_pointer = std::is_pointer_v<std::remove_cvref_t<R>>;

/// packed_span and packed_vector, as seen where they are not known.
template <class R>
concept densely_stored = !contiguous_sized<R> && requires(R & r) {
  r.bytes();
  requires narrow_value<std::remove_const_t<typename std::remove_cvref_t<R>::value_type>>;
};

template <class R>
concept any_array = contiguous_sized<R> || densely_stored<R>;

/// A range whose elements do not lie in a row, or that does not know its size: std::list, std::vector<bool>.
template <class R>
concept scattered = !any_array<R> && requires(R & r) {
  std::begin(r) != std::end(r);
};

template <class R>
concept volatile_array = contiguous_sized<R> && std::is_volatile_v<element_of<R>>;

template <class R>
concept array_of_constants = contiguous_sized<R> && std::is_const_v<element_of<R>>;

template <class R>
concept array_of_values = contiguous_sized<R> && narrow_value<std::remove_cv_t<element_of<R>>>;

/// As seen where blocks are not known.
template <class R>
concept array_of_blocks = contiguous_sized<R> && requires {
  std::remove_cv_t<element_of<R>>::bits_per_element;
};

/// The first thing that is wrong with the arguments of an array call.
enum class fault {
  none,
  pointer,
  is_scattered,
  is_volatile,
  source,
  in_values,
  in_blocks,
  out_values,
  out_blocks,
  is_constant,
  target,
  other_block
};

/// Faults of shape, which all array calls have in common; none where both are arrays.
template <class In, class Out>
constexpr fault shape_fault() {
  if (bare_pointer<In> || bare_pointer<Out>) {
    return fault::pointer;
  }
  if (scattered<In> || scattered<Out>) {
    return fault::is_scattered;
  }
  return volatile_array<In> || volatile_array<Out> ? fault::is_volatile : fault::none;
}

/// Options of a call that has no `scale`, with one: {} is none, since a reference must be given.
struct scale_given {
  rounding round = rounding::native;
  overflow over = overflow::native;
  const float& scale;
  std::uint64_t seed = 0;
  std::uint64_t first_index = 0;
  isa use = isa::automatic;
};

}  // namespace narrowfp::inline v0::detail
