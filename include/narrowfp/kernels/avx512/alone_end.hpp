// Ends what alone.hpp began. No include guard.
#undef NARROWFP_ALONE
#include "close.hpp"
