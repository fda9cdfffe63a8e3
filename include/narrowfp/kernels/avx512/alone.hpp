// For a file of this folder that is opened by itself, by an editor or a test: opens AVX-512. No include
// guard: alone_end.hpp ends it.
#include "../avx2/environment.hpp"
#include "../vector/includes.hpp"

#include "open.hpp"
