// What the files of this folder need beside a set's words. They are compiled for each set, so that they
// include nothing themselves: each set's header includes this first.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../../block/block_format.hpp"
#include "../../block/scale_rule.hpp"
#include "../../core/arithmetic.hpp"
#include "../../core/bits.hpp"
#include "../../types/narrow_float.hpp"
#include "../block_job.hpp"
#include "../facts/any_scale.hpp"
#include "../facts/ranks.hpp"
#include "../facts/vector_blocks.hpp"
#include "../job.hpp"
#include "../prefetch.hpp"
#include "../scalar/block_scale.hpp"
#include "../unknown.hpp"
