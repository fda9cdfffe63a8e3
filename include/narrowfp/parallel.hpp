// Array calls over an executor that the caller gives: parallel::pack, unpack, quantize, dequantize, products.
// The library starts no threads. docs/threads.md.
#pragma once

#include "parallel/blocks.hpp"
#include "parallel/executor.hpp"
#include "parallel/matrices.hpp"
#include "parallel/products.hpp"
#include "parallel/rows.hpp"
#include "parallel/values.hpp"

#include "parallel/refusals.hpp"  // needs what stands above
