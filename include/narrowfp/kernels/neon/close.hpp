// Ends what open.hpp began. No include guard: the last line of each header that includes open.hpp.
#undef NARROWFP_SET
#undef NARROWFP_TARGET
#include "../target_end.hpp"
