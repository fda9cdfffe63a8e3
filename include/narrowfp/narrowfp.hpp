// narrowfp: everything but printing (narrowfp/io.hpp).
#pragma once

#include "measure.hpp"
#include "pack.hpp"
#include "packed.hpp"
#include "types.hpp"
#include "version.hpp"
