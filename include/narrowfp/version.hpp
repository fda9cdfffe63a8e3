// The one place where the version number is written; CMake reads it from here.
#pragma once

#define NARROWFP_VERSION_MAJOR 0
#define NARROWFP_VERSION_MINOR 1
#define NARROWFP_VERSION_PATCH 0
