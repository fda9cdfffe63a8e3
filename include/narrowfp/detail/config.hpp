// Compiler differences, in one place. No include guard: every header that uses these macros
// includes this file after all others and detail/undef.hpp as its last line.

// A function that is never called out of line, so that no copy of it compiled with another unit's
// instruction-set flags can be picked by the linker.
#define NARROWFP_INLINE [[gnu::always_inline]] inline
