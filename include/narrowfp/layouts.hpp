// Block layouts of other stacks. Where a block type here holds the same numbers, bytes move both ways and no
// value is converted; of other stacks' own types the values can be read. docs/layouts.md.
#pragma once

#include "layouts/amd.hpp"
#include "layouts/ascend.hpp"
#include "layouts/bitsandbytes.hpp"
#include "layouts/ggml.hpp"
#include "layouts/ggml_types.hpp"
#include "layouts/ggml_values.hpp"
#include "layouts/high_nibble_first.hpp"
#include "layouts/separate.hpp"
#include "layouts/swizzled_scales.hpp"
#include "layouts/tenstorrent.hpp"
#include "layouts/tile_scales.hpp"
