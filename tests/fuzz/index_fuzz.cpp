// model.safetensors.index.json, beside two sound shards.
#include "files.hpp"

void fuzz_one(std::span<const std::uint8_t> input) {
  static const bool made = [] {
    fuzz::place().write("s",
                        fuzz::safetensors(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", 2));
    fuzz::place().write(
        "t", fuzz::safetensors(R"({"w.weight":{"dtype":"F8_E4M3","shape":[1,32],"data_offsets":[0,32]},)"
                               R"("w.weight_scale":{"dtype":"U8","shape":[1,1],"data_offsets":[32,33]}})",
                               33));
    return true;
  }();
  fuzz::require(made, "the shards");
  fuzz::read_all(fuzz::place().write("model.safetensors.index.json", input));
}
