// Layer: kernels/generic. The loops over arrays that are written once, compiled for this set: the one that
// its work needs.
#pragma once

#include "words.hpp"

#include "open.hpp"

#include "../vector/pack.hpp"

#include "close.hpp"
