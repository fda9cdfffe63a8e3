// config.json and hf_quant_config.json, beside small quantized checkpoints.
#include "files.hpp"

namespace {

struct checkpoint_file {
  std::string_view header;
  std::size_t data_bytes;
};

constexpr checkpoint_file checkpoints[] = {
    {R"({"w.weight_packed":{"dtype":"U8","shape":[1,16],"data_offsets":[0,16]},)"
     R"("w.weight_scale":{"dtype":"U8","shape":[1,1],"data_offsets":[16,17]}})",
     17},
    {R"({"w.weight":{"dtype":"F8_E4M3","shape":[3,5],"data_offsets":[4,19]},)"
     R"("w.weight_scale_inv":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}})",
     19},
    {R"({"w.weight":{"dtype":"U8","shape":[1,8],"data_offsets":[5,13]},)"
     R"("w.weight_scale":{"dtype":"F8_E4M3","shape":[1,1],"data_offsets":[0,1]},)"
     R"("w.weight_scale_2":{"dtype":"F32","shape":[],"data_offsets":[1,5]}})",
     13},
    {R"({"w.weight":{"dtype":"F8_E4M3","shape":[2,32],"data_offsets":[0,64]},)"
     R"("w.weight_scale":{"dtype":"U8","shape":[2,1],"data_offsets":[64,66]}})",
     66},
};

}  // namespace

void fuzz_one(std::span<const std::uint8_t> input) {
  if (input.empty()) {
    return;
  }
  const fuzz::folder& place = fuzz::place();
  const checkpoint_file& chosen = checkpoints[input[0] / 4 % 4];
  place.write("model/model.safetensors", fuzz::safetensors(chosen.header, chosen.data_bytes));
  const auto text = input.subspan(1);
  const bool both = input[0] % 4 == 3;
  std::error_code ignored;
  for (const char* name : {"model/config.json", "model/hf_quant_config.json"}) {
    std::filesystem::remove(place.path(name), ignored);
  }
  if (both) {
    place.write("model/config.json", text.first(text.size() / 2));
    place.write("model/hf_quant_config.json", text.subspan(text.size() / 2));
  } else {
    place.write(input[0] % 4 == 1 ? "model/hf_quant_config.json" : "model/config.json", text);
  }
  fuzz::read_all(place.path("model"));
}
