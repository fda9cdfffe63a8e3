// Layer: kernels/vector. What a set's exact products are compiled from, in order.
#if !defined(NARROWFP_SET)
#include "products.hpp"
#else
#include "product_rows.hpp"
#include "product_bytes.hpp"
#include "product_elements.hpp"
#include "product_floats.hpp"
#include "product_readers.hpp"
#include "product_significands.hpp"
#include "products.hpp"
#endif
