// Ends what open.hpp began. No include guard.
#if defined(NARROWFP_SET)
#undef NARROWFP_SET
#undef NARROWFP_TARGET
#pragma GCC diagnostic pop
#endif
#include "../target_end.hpp"
