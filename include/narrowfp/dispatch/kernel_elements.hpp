// Layer: dispatch. The elements of an array as kernels take them: the compiler's own 16-bit types as the
// value types of the same bits.
#pragma once

#include <type_traits>

#include "../types/narrow_float.hpp"
#include "../types/source.hpp"

namespace narrowfp::inline v0::detail {

template <class S>
struct kernel_element {
  using type = S;
};
template <compiler_half S>
struct kernel_element<S> {
  using type = narrow_float<typename compiler_half_format<S>::type>;
};
/// Of S, which is not const.
template <class S>
using kernel_element_t = typename kernel_element<S>::type;

// Internal linkage: see docs/architecture.md, "Units with different flags".
namespace {

/// Views elements of S, which may be const, for as long as it lives; they are S again after that.
///
/// Kernels that read a _Float16 through another type would break the aliasing rules: the compiler could move
/// such a read across a write of the caller. An empty asm statement that takes the address and may touch all
/// memory, before and after, leaves it no freedom to do so.
template <class S>
class kernel_elements {
  using plain = std::remove_const_t<S>;
  using viewed = kernel_element_t<plain>;
  static constexpr bool is_viewed = !std::is_same_v<plain, viewed>;

 public:
  using element = std::conditional_t<std::is_const_v<S>, const viewed, viewed>;

  explicit kernel_elements(S* elements) noexcept : data_(reinterpret_cast<element*>(elements)) {
    if constexpr (is_viewed) {
      __asm__ volatile("" : "+r"(data_) : : "memory");
    }
  }
  ~kernel_elements() {
    if constexpr (is_viewed) {
      __asm__ volatile("" : : : "memory");
    }
  }
  kernel_elements(const kernel_elements&) = delete;
  kernel_elements& operator=(const kernel_elements&) = delete;

  [[nodiscard]] element* data() const noexcept { return data_; }

 private:
  element* data_;
};
template <class S>
kernel_elements(S*) -> kernel_elements<S>;

}  // namespace

}  // namespace narrowfp::inline v0::detail
