// Layer: kernels/vector. What a set's exact products are compiled from, in order.
#if !defined(NARROWFP_SET)
#include "product_matrices.hpp"
#else
#include "product_rows.hpp"
#include "product_bytes.hpp"
#include "product_elements.hpp"
#include "product_floats.hpp"
#include "product_readers.hpp"
#include "product_significands.hpp"
#include "products.hpp"
#include "product_weights.hpp"
#include "product_prepared.hpp"
#include "product_tiles.hpp"
#include "product_matrices.hpp"
#endif
