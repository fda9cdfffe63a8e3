// Gives a target to libFuzzer. fuzz::wrong is not caught: an escaping exception is a crash to libFuzzer,
// which then keeps the input.
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz_one({data, size});
  return 0;
}
