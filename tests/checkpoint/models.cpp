#include "models.hpp"

#include <bit>
#include <cmath>
#include <cstdint>

#include <gtest/gtest.h>

#include "files.hpp"

namespace checkpoint_test {

std::string golden(const std::string& name) {
  return std::string(CHECKPOINT_GOLDEN) + "/checkpoints/" + name;
}

std::string case_file(const std::string& name) { return std::string(CHECKPOINT_GOLDEN) + "/files/" + name; }

outcome convert(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "convert");
  return run(arguments);
}

const checkpoint::parameter* find(const checkpoint::model& m, const std::string& name) {
  for (const checkpoint::parameter& p : m.parameters) {
    if (p.name == name) {
      return &p;
    }
  }
  return nullptr;
}

std::vector<float> values_of(const checkpoint::parameter& p) {
  std::vector<float> values(static_cast<std::size_t>(p.elements));
  p.values->read(0, values);
  return values;
}

std::vector<float> values_in(const std::string& path, const std::string& name) {
  const checkpoint::model m = checkpoint::read_model(path, "");
  if (const checkpoint::parameter* p = find(m, name)) {
    return values_of(*p);
  }
  ADD_FAILURE() << path << " has no " << name;
  return {};
}

bool same(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) || (a == 0 && b == 0) ||
         (std::isnan(a) && std::isnan(b));
}

std::string bytes_of_part(const checkpoint::tensor& part) {
  std::string bytes(static_cast<std::size_t>(part.size_bytes), '\0');
  part.file->read_at(part.offset, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

}  // namespace checkpoint_test
