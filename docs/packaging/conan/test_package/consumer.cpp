#include <narrowfp/narrowfp.hpp>

int main() { return narrowfp::fp8_e4m3(0.3F) == 0.3125F ? 0 : 1; }
