// Layer: kernels/vector. Arrays of elements to arrays of as many others: the elements before a boundary that
// stores past the caches ask for, whole groups, and the rest.
#if !defined(NARROWFP_SET)
#include "alone.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Converts n < Step::group elements by a copy completed with zeros.
template <class Step, class In, class Out>
NARROWFP_TARGET NARROWFP_INLINE void convert_some(const In* in, Out* out, std::size_t n,
                                                  const Step& step) noexcept {
  alignas(64) In elements[Step::group];
  alignas(64) Out results[Step::group];
  load_some<Step::group>(static_cast<In*>(elements), in, n);
  step.template convert<false>(static_cast<const In*>(elements), static_cast<Out*>(results));
  store_some<Step::group>(out, static_cast<const Out*>(results), n);
}

/// What a step takes at once where there is as much: `wide` elements by convert_wide, or a group.
template <class Step>
inline constexpr std::size_t wide_elements = [] {
  if constexpr (requires { Step::wide; }) {
    return Step::wide;
  } else {
    return Step::group;
  }
}();
template <bool Stream, class Step, class In, class Out>
NARROWFP_TARGET NARROWFP_INLINE void convert_wide(const In* in, Out* out, const Step& step) noexcept {
  prefetch_ahead<wide_elements<Step> * sizeof(In)>(in);
  if constexpr (requires { Step::wide; }) {
    step.template convert_wide<Stream>(in, out);
  } else {
    step.template convert<Stream>(in, out);
  }
}

/// Converts n elements, as many at a time as the step takes at once, then Step::group at a time:
/// step.convert<Stream>(in, out) takes a whole group.
template <class Step, class In, class Out>
NARROWFP_TARGET NARROWFP_INLINE void convert_array(const In* in, Out* out, std::size_t n,
                                                   const Step& step) noexcept {
  constexpr std::size_t group = Step::group;
  constexpr std::size_t wide = wide_elements<Step>;
  std::size_t i = 0;
  if (Step::may_stream && n * sizeof(Out) >= streaming_size) {
    i = elements_to_line(out, sizeof(Out));
    if (i != 0) {
      convert_some(in, out, i, step);
    }
    for (; n - i >= wide; i += wide) {
      convert_wide<Step::may_stream>(in + i, out + i, step);
    }
    finish_streaming();
  }
  for (; n - i >= wide; i += wide) {
    convert_wide<false>(in + i, out + i, step);
  }
  if constexpr (wide != group) {
    static_assert(wide == 2 * group);
    if (n - i >= group) {
      step.template convert<false>(in + i, out + i);
      i += group;
    }
  }
  if (i < n) {
    convert_some(in + i, out + i, n - i, step);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
