#include <map>
#include <unordered_map>

#include "failure.hpp"
#include "json_events.hpp"
#include "readers.hpp"

namespace checkpoint {

namespace {

constexpr std::uint64_t longest_index = 100'000'000;
constexpr int deepest_index = 16;

/// Collects weight_map, in order; passes over whatever else the index says.
class index_events : public json_events {
 public:
  explicit index_events(std::string_view file) : json_events(file, "index") {}

  std::map<std::string, std::string> weight_map;
  bool has_weight_map = false;

  bool start_object(std::size_t) override {
    deepen();
    return true;
  }
  bool end_object() override {
    --depth_;
    in_map_ = in_map_ && depth_ >= 2;
    return true;
  }
  bool start_array(std::size_t) override {
    if (depth_ == 0 || in_map_) {
      reject("an array");
    }
    deepen();
    return true;
  }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool key(string_t& key) override {
    if (depth_ == 1) {
      top_ = key;
      in_map_ = key == "weight_map";
      if (in_map_ && has_weight_map) {
        problem("has its weight_map twice");
      }
      has_weight_map = has_weight_map || in_map_;
    } else if (in_map_) {
      name_ = key;
      if (weight_map.count(key) != 0) {
        problem("names '" + printable(key) + "' twice");
      }
    }
    return true;
  }
  bool string(string_t& value) override {
    if (in_map_ && depth_ == 2) {
      weight_map[name_] = value;
      return true;
    }
    return pass("a string");
  }
  bool null() override { return pass("null"); }
  bool boolean(bool) override { return pass("true or false"); }
  bool number_integer(number_integer_t) override { return pass("a number"); }
  bool number_unsigned(number_unsigned_t) override { return pass("a number"); }
  bool number_float(number_float_t, const string_t&) override { return pass("a number"); }

 private:
  void deepen() {
    if (in_map_ && depth_ >= 2) {
      reject("an object");
    }
    if (++depth_ > deepest_index) {
      problem("is nested more than " + std::to_string(deepest_index) + " deep");
    }
  }
  bool pass(std::string_view kind) {
    if (depth_ == 0 || in_map_) {
      reject(kind);
    }
    return true;
  }
  [[nodiscard]] std::string where() const override {
    if (depth_ == 0) {
      return "where its one object should be";
    }
    if (depth_ == 1) {
      return "as weight_map, where an object should be";
    }
    return "under '" + printable(name_) + "' of weight_map, where a file name should be";
  }

  std::string top_;
  std::string name_;
  int depth_ = 0;
  bool in_map_ = false;
};

/// A shard lies beside its index; a name with a folder in it could lead anywhere.
std::string beside(const input_file& index, const std::string& tensor_name, const std::string& name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != name.npos ||
      name.find('\0') != name.npos) {
    fail(index.path(), tensor_name,
         "is said to be in '" + printable(name) + "', which is not the name of a file beside the index");
  }
  const std::size_t slash = index.path().rfind('/');
  return slash == std::string::npos ? name : index.path().substr(0, slash + 1) + name;
}

}  // namespace

tensor_collection read_sharded(const input_file& index) {
  if (index.size_bytes() > longest_index) {
    fail(index.path(),
         "has " + std::to_string(index.size_bytes()) + " bytes; an index has 100000000 at most");
  }
  std::string text(static_cast<std::size_t>(index.size_bytes()), '\0');
  index.read_at(0, std::as_writable_bytes(std::span(text)));
  index_events events(index.path());
  read_json(text, events);
  if (!events.has_weight_map) {
    fail(index.path(), "index has no weight_map");
  }

  tensor_collection all;
  struct shard {
    std::string path;
    std::unordered_map<std::string, tensor> tensors;
  };
  std::unordered_map<std::string, shard> shards;
  for (const auto& [name, file_name] : events.weight_map) {
    auto found = shards.find(file_name);
    if (found == shards.end()) {
      shard loaded{beside(index, name, file_name), {}};
      tensor_collection held = read_safetensors(std::make_shared<const input_file>(loaded.path));
      all.metadata.merge(held.metadata);
      for (tensor& t : held.tensors) {
        loaded.tensors.emplace(t.name, std::move(t));
      }
      found = shards.emplace(file_name, std::move(loaded)).first;
    }
    const auto place = found->second.tensors.find(name);
    if (place == found->second.tensors.end()) {
      fail(index.path(), name, "is not in " + printable(found->second.path) + ", where the index says it is");
    }
    all.tensors.push_back(std::move(place->second));
    found->second.tensors.erase(place);
  }
  for (const auto& [file_name, left] : shards) {
    if (!left.tensors.empty()) {
      fail(left.path, left.tensors.begin()->first,
           "is not in the index " + printable(index.path()) + ", which therefore is not this file's");
    }
  }
  return all;
}

}  // namespace checkpoint
