// Compiler differences, in one place. No include guard: every header that uses these macros
// includes this file after all others and detail/undef.hpp as its last line.

// A function that is never called out of line, so that no copy of it compiled with another unit's
// instruction-set flags can be picked by the linker.
#define NARROWFP_INLINE [[gnu::always_inline]] inline

// NARROWFP_REFUSAL("message") f(...) NARROWFP_REFUSED; declares an overload for a wrong use: overload
// resolution treats it as deleted, and the compiler's one line of error shows the message. clang++ shows the
// attribute's words, g++ the type of a deleted function (its attribute would not count as a failure in a
// requires-expression).
#if defined(__clang__)
#define NARROWFP_REFUSAL(message) __attribute__((unavailable(message))) void
#define NARROWFP_REFUSED
#else
#define NARROWFP_REFUSAL(message) detail::wrong_use<message>
#define NARROWFP_REFUSED = delete
#endif
