#include "safetensors_header.hpp"

#include <unordered_set>

#include "json_events.hpp"

namespace checkpoint {

namespace {

constexpr std::size_t most_axes = 32;  // numpy's limit; no tensor has more

class header_events : public json_events {
 public:
  explicit header_events(std::string_view file) : json_events(file, "header") {}

  safetensors_header take() { return std::move(header_); }

  bool null() override { return skipped("null"); }
  bool boolean(bool) override { return skipped("true or false"); }
  bool number_integer(number_integer_t) override { return skipped("a negative number"); }
  bool number_float(number_float_t, const string_t&) override {
    return skipped("a number that is not a whole one");
  }

  bool start_object(std::size_t) override {
    if (skips_) {
      ++skipped_depth_;
      return true;
    }
    if (in_array_ || depth_ > 1) {
      reject("an object");
    }
    ++depth_;
    seen_fields_ = 0;
    return true;
  }

  bool key(string_t& key) override {
    if (skipped_depth_ > 0) {
      return true;
    }
    skips_ = false;
    if (depth_ == 1) {
      in_metadata_ = key == "__metadata__";
      if (!names_.insert(key).second) {
        problem("names '" + printable(key) + "' twice");
      }
      name_ = key;
      if (!in_metadata_) {
        header_.entries.push_back({key, {}, {}, {}});
      }
      return true;
    }
    field_ = key;
    if (in_metadata_) {
      if (!header_.metadata.emplace(key, "").second) {
        problem("names '" + printable(key) + "' in __metadata__ twice");
      }
      return true;
    }
    const unsigned bit = key == "dtype" ? 1U : key == "shape" ? 2U : key == "data_offsets" ? 4U : 0U;
    // A field that the format does not define is passed over, as the reference implementation does.
    skips_ = bit == 0;
    if (skips_) {
      return true;
    }
    if ((seen_fields_ & bit) != 0) {
      fail(file_, name_, "has its " + key + " twice");
    }
    seen_fields_ |= bit;
    return true;
  }

  bool string(string_t& value) override {
    if (skips_) {
      return true;
    }
    if (depth_ == 2 && !in_array_ && in_metadata_) {
      header_.metadata[field_] = value;
      return true;
    }
    if (depth_ == 2 && !in_array_ && field_ == "dtype") {
      header_.entries.back().type = value;
      return true;
    }
    reject("a string");
  }

  bool start_array(std::size_t) override {
    if (skips_) {
      ++skipped_depth_;
      return true;
    }
    if (depth_ != 2 || in_array_ || in_metadata_ || field_ == "dtype") {
      reject("an array");
    }
    in_array_ = true;
    return true;
  }

  bool number_unsigned(number_unsigned_t value) override {
    if (skips_) {
      return true;
    }
    if (!in_array_) {
      reject("a number");
    }
    header_entry& entry = header_.entries.back();
    auto& numbers = field_ == "shape" ? entry.shape : entry.data_offsets;
    if (numbers.size() == (field_ == "shape" ? most_axes : 2)) {
      fail(file_, name_,
           field_ == "shape" ? "shape has more than 32 axes" : "data_offsets has more than two numbers");
    }
    numbers.push_back(value);
    return true;
  }

  bool end_array() override {
    if (skipped_depth_ > 0) {
      --skipped_depth_;
      return true;
    }
    in_array_ = false;
    return true;
  }

  bool end_object() override {
    if (skipped_depth_ > 0) {
      --skipped_depth_;
      return true;
    }
    skips_ = false;
    if (--depth_ == 1 && !in_metadata_) {
      const char* missing = (seen_fields_ & 1) == 0   ? "dtype"
                            : (seen_fields_ & 2) == 0 ? "shape"
                            : (seen_fields_ & 4) == 0 ? "data_offsets"
                                                      : nullptr;
      if (missing != nullptr) {
        fail(file_, name_, std::string("has no ") + missing);
      }
      if (header_.entries.back().data_offsets.size() != 2) {
        fail(file_, name_, "data_offsets has fewer than two numbers");
      }
    }
    return true;
  }

 private:
  bool skipped(std::string_view kind) {
    if (!skips_) {
      reject(kind);
    }
    return true;
  }
  [[nodiscard]] std::string where() const override {
    if (depth_ == 0) {
      return "where its one object should be";
    }
    if (depth_ == 1) {
      return "under '" + printable(name_) + "', where an object should be";
    }
    const char* wanted = in_metadata_ || field_ == "dtype" ? "a string" : "an array of whole numbers";
    return "as " + printable(field_) + " of '" + printable(name_) + "', where " + wanted + " should be";
  }

  safetensors_header header_;
  std::unordered_set<std::string> names_;
  std::string name_;   // the key at depth 1
  std::string field_;  // the key at depth 2
  int depth_ = 0;
  unsigned seen_fields_ = 0;
  bool in_array_ = false;
  bool in_metadata_ = false;
  bool skips_ = false;               // what stands under a field that is not defined
  std::uint64_t skipped_depth_ = 0;  // of objects and arrays there
};

}  // namespace

safetensors_header parse_safetensors_header(std::string_view file, std::string_view json) {
  header_events events(file);
  read_json(json, events);
  return events.take();
}

}  // namespace checkpoint
