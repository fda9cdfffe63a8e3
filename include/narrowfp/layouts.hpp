// Block layouts of other stacks, lossless both ways: bytes move, no value is converted. docs/layouts.md.
#pragma once

#include "layouts/amd.hpp"
#include "layouts/ascend.hpp"
#include "layouts/ggml.hpp"
#include "layouts/high_nibble_first.hpp"
#include "layouts/separate.hpp"
#include "layouts/swizzled_scales.hpp"
#include "layouts/tenstorrent.hpp"
#include "layouts/tile_scales.hpp"
