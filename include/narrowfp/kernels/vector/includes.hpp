// What kernels of every set may use: the core, the facts, the scalar path, jobs. Each set's words.hpp
// includes this; files that are compiled for more than one set include nothing themselves.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "../../block/block_format.hpp"
#include "../../block/scale_rule.hpp"
#include "../../core/arithmetic.hpp"
#include "../../core/bit_packing.hpp"
#include "../../core/bits.hpp"
#include "../../core/philox.hpp"
#include "../../core/rounding.hpp"
#include "../../types/narrow_float.hpp"
#include "../block_job.hpp"
#include "../copy.hpp"
#include "../dequantize_copy.hpp"
#include "../facts/any_scale.hpp"
#include "../facts/counted_blocks.hpp"
#include "../facts/decode_line.hpp"
#include "../facts/dense.hpp"
#include "../facts/half_rows.hpp"
#include "../facts/leading_byte.hpp"
#include "../facts/linear_grid.hpp"
#include "../facts/magic_rows.hpp"
#include "../facts/ranks.hpp"
#include "../facts/scale_choice.hpp"
#include "../facts/scale_grid.hpp"
#include "../facts/tapered_rows.hpp"
#include "../facts/value_tables.hpp"
#include "../facts/vector_blocks.hpp"
#include "../facts/word_rows.hpp"
#include "../hadamard_job.hpp"
#include "../job.hpp"
#include "../prefetch.hpp"
#include "../scalar/arrays.hpp"
#include "../scalar/block_scale.hpp"
#include "../unknown.hpp"
