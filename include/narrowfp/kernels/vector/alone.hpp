// For a file of this folder that is opened by itself, by an editor or a test: opens the set that this machine
// has, with all of its words. No include guard: alone_end.hpp ends it.
#include "../avx2/any_scale.hpp"
#include "../avx2/dequantize.hpp"
#include "../avx2/encode.hpp"
#include "../avx2/half.hpp"
#include "../avx2/quantize.hpp"
#include "../avx2/unpack.hpp"
#include "../neon/any_scale.hpp"
#include "../neon/dequantize.hpp"
#include "../neon/encode.hpp"
#include "../neon/half.hpp"
#include "../neon/quantize.hpp"
#include "../neon/unpack.hpp"

#include "../avx2/open.hpp"
#include "../neon/open.hpp"
