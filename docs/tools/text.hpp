// Numbers, codes and tables as the documentation prints them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace docs {

/// A value, exactly: "448", "0.0625", "1.5*2^-12", "-inf", "NaN".
std::string value_text(double value);

/// A float by its shortest decimal: 0.1F is "0.1".
std::string decimal_text(float value);

/// A code of the given width in hexadecimal: "7E", "3", "3C00".
std::string code_text(std::uint32_t code, int width_bits);

/// The bits [low, low + count) of a code, most significant first.
std::string bits_text(std::uint32_t code, int low, int count);

/// A Markdown table whose columns are padded, so that it reads as plain text too.
class markdown_table {
 public:
  explicit markdown_table(std::vector<std::string> header) : rows_{std::move(header)} {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace docs
