// Device code that calls the library: refused until it is supported.
#include <narrowfp/types.hpp>

__global__ void convert(float* x) { *x = narrowfp::fp8_e4m3(*x); }

int main() {}
