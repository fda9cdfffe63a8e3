// narrowfp: everything but printing (narrowfp/io.hpp).
#pragma once

#include <stdexcept>  // what array calls throw

#include "block_matrix.hpp"
#include "hadamard.hpp"
#include "layouts.hpp"
#include "measure.hpp"
#include "pack.hpp"
#include "pack_rows.hpp"
#include "packed.hpp"
#include "parallel.hpp"
#include "products.hpp"
#include "quantize.hpp"
#include "types.hpp"
#include "version.hpp"
