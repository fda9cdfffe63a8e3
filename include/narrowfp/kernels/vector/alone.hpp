// For a file of this folder that is opened by itself, by an editor or a test: opens the set that this machine
// has, with its words. No include guard: alone_end.hpp ends it.
#include "../avx2/dense.hpp"
#include "../avx2/draws.hpp"
#include "../avx2/environment.hpp"
#include "../avx2/sources.hpp"
#include "../neon/draws.hpp"
#include "../neon/half.hpp"
#include "../neon/environment.hpp"

#include "../avx2/open.hpp"
#include "../neon/open.hpp"
