#include "selection.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fnmatch.h>

#include "conventions.hpp"

namespace checkpoint {

namespace {

std::vector<std::string_view> components(std::string_view name) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t dot = name.find('.');
    parts.push_back(name.substr(0, dot));
    if (dot == name.npos) {
      return parts;
    }
    name.remove_prefix(dot + 1);
  }
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

}  // namespace

bool matches(const std::string& name, const std::vector<std::string>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
  });
}

std::string reason_to_keep(const parameter& p) {
  if (!p.is_floating()) {
    return "no floating-point numbers";
  }
  if (p.shape.size() < 2) {
    return "a vector";
  }
  if (p.elements == 0) {
    return "empty";
  }
  if (is_companion(p.name) || p.name.ends_with("bias")) {
    return is_companion(p.name) ? "a scale" : "a bias";
  }
  for (const std::string_view part : components(p.name)) {
    if (has(part, "embed") || is_one_of(part, {"wte", "wpe", "tok_embeddings", "token_embd"})) {
      return "an embedding";
    }
    if (has(part, "norm") || is_one_of(part, {"ln_f", "ln_1", "ln_2", "LayerNorm"})) {
      return "a norm";
    }
    if (is_one_of(part, {"router", "gate", "ffn_gate_inp", "shared_expert_gate"})) {
      return "a router";
    }
    if (is_one_of(part, {"lm_head", "head", "classifier", "score", "output"}) &&
        part == components(p.name).front()) {
      return "a head";
    }
  }
  return {};
}

std::vector<std::uint64_t> matrix_shape(const parameter& p) {
  const bool are_experts = p.shape.size() == 3 && has(p.name, "expert");
  if (p.shape.size() <= 2 || are_experts) {
    return p.shape;
  }
  return {p.shape[0], product(std::span(p.shape).subspan(1))};
}

std::uint64_t matrix_row_length(const parameter& p) {
  const std::vector<std::uint64_t> shape = matrix_shape(p);
  return shape.empty() ? 1 : shape.back();
}

std::string fused_group(const std::string& name) {
  static constexpr std::array<std::array<std::string_view, 2>, 9> parts = {
      {{".q_proj.", ".qkv_proj."},
       {".k_proj.", ".qkv_proj."},
       {".v_proj.", ".qkv_proj."},
       {".gate_proj.", ".gate_up_proj."},
       {".up_proj.", ".gate_up_proj."},
       {".w1.", ".w13."},
       {".w3.", ".w13."},
       {".q_a_proj.", ".qkv_a_proj."},
       {".kv_a_proj_with_mqa.", ".qkv_a_proj."}}};
  for (const auto& [part, whole] : parts) {
    const std::size_t place = name.rfind(part);
    if (place != name.npos) {
      std::string group = name;
      return group.replace(place, part.size(), whole);
    }
  }
  return name;
}

}  // namespace checkpoint
