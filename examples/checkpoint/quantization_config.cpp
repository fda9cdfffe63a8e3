#include "quantization_config.hpp"

#include <nlohmann/json.hpp>

#include "failure.hpp"

namespace checkpoint {

namespace {

using nlohmann::json;

const json* member(const json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() && !found->is_null() ? &*found : nullptr;
}

std::uint64_t positive(const std::string& path, const char* name, const json& value) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() == 0 ||
      value.get<std::uint64_t>() > 1'000'000'000) {
    fail(path, std::string("has a ") + name + " that is not a positive whole number");
  }
  return value.get<std::uint64_t>();
}

void read_tile(const std::string& path, const char* name, const json* tile, quantization_config& config) {
  if (tile == nullptr) {
    return;
  }
  if (!tile->is_array() || tile->size() != 2) {
    fail(path, std::string("has a ") + name + " that is not an array of two numbers");
  }
  config.block_rows = positive(path, name, (*tile)[0]);
  config.block_columns = positive(path, name, (*tile)[1]);
}

void read_weights(const std::string& path, const json& weights, quantization_config& config) {
  if (const json* size = member(weights, "group_size")) {
    config.group_sizes.push_back(positive(path, "group_size", *size));
  }
  read_tile(path, "block_structure", member(weights, "block_structure"), config);
}

json parsed(const std::string& path, std::string_view text) {
  // Depth costs the parser's stack nothing, but that of whoever destroys the result.
  int depth = 0;
  const auto shallow = [&](int now, json::parse_event_t, json&) {
    depth = now;
    if (now > 64) {
      fail(path, "is nested more than 64 deep");
    }
    return true;
  };
  try {
    return json::parse(text.begin(), text.end(), shallow);
  } catch (const json::exception& error) {
    const std::string_view words = error.what();
    const std::size_t from = words.find("] ");
    fail(path, "is not valid JSON: " + printable(from == words.npos ? words : words.substr(from + 2)));
  }
}

}  // namespace

quantization_config parse_quantization_config(const std::string& path, std::string_view text) {
  const json document = parsed(path, text);
  quantization_config config;
  const json* quantized = member(document, "quantization_config");
  if (quantized == nullptr) {
    quantized = member(document, "quantization");
    if (quantized == nullptr) {
      return config;
    }
    config.method = "modelopt";  // hf_quant_config.json
  }
  config.path = path;
  if (const json* method = member(*quantized, "quant_method"); method != nullptr && method->is_string()) {
    config.method = method->get<std::string>();
  }
  read_weights(path, *quantized, config);
  read_tile(path, "weight_block_size", member(*quantized, "weight_block_size"), config);
  if (const json* groups = member(*quantized, "config_groups"); groups != nullptr && groups->is_object()) {
    for (const json& group : *groups) {
      if (const json* weights = member(group, "weights")) {
        read_weights(path, *weights, config);
      }
    }
  }
  return config;
}

}  // namespace checkpoint
