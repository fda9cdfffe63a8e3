// The same with the words of exact products. No include guard: alone_end.hpp ends it.
#include "../avx2/products.hpp"
#include "../facts/prepared_plan.hpp"
#include "../facts/product_plan.hpp"
#include "../facts/product_significands.hpp"
#include "../neon/products.hpp"
#include "../prepared_memory.hpp"
#include "../scalar/product_scales.hpp"
#include "../scalar/product_zeros.hpp"
#include "../scalar/products.hpp"

#include "alone.hpp"
