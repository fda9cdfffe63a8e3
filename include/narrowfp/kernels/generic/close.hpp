// Ends what open.hpp began. No include guard: the last line of each header that includes open.hpp.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
#undef NARROWFP_SET
#undef NARROWFP_TARGET
#include "../target_end.hpp"
