// What the files of this folder need. They are compiled for two sets, so that they include nothing
// themselves: avx512.hpp includes this first.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../../core/bit_packing.hpp"
#include "../../core/bits.hpp"
#include "../../core/philox.hpp"
#include "../../types/narrow_float.hpp"
#include "../block_job.hpp"
#include "../facts/any_scale.hpp"
#include "../facts/dense.hpp"
#include "../facts/half_rows.hpp"
#include "../facts/linear_grid.hpp"
#include "../facts/magic_rows.hpp"
#include "../facts/scale_choice.hpp"
#include "../facts/scale_grid.hpp"
#include "../facts/value_tables.hpp"
#include "../facts/vector_blocks.hpp"
#include "../job.hpp"
#include "../prefetch.hpp"
#include "../scalar/arrays.hpp"
#include "../scalar/block_scale.hpp"
#include "../unknown.hpp"
