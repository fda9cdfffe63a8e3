// Generated sections of a Markdown page: found by their markers, and replaced.
//
//   <!-- generated:begin codes fp8_e4m3 -->
//   ...
//   <!-- generated:end -->
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace docs {

/// Writes a section's text, which ends with a line end, from the words after "generated:begin".
using section_writer = std::function<std::string(const std::vector<std::string>& words)>;

/// The page with every generated section written anew. Unbalanced markers are an error.
std::string regenerate(const std::string& page, const section_writer& write);

/// Sections about one scalar format: words are the kind, the format's name, and arguments.
std::string scalar_section(const std::vector<std::string>& words);

/// A hif8 code's row in a table of decoded codes: code, bits, computation, value.
std::vector<std::string> hif8_taken_apart(std::uint32_t code);

/// What hybrid rounding makes of numbers that are float16 values, from words 2 on.
std::string hybrid_examples(const std::vector<std::string>& words);

/// The first random draws of two seeds.
std::string philox_draws();

/// The worked example of a page of docs/kernels: a kernel's steps on real inputs. It throws where the last of
/// them is not the core's answer.
std::string kernel_example(const std::string& page);

/// The table of all scalar formats in the README.
std::string scalar_summary();

/// The table of block formats in the README.
std::string block_summary();

/// What nvfp4 loses on normal values where no tensor scale is given.
std::string tensor_scale_table();

/// What each format cost the example quantize_model, from the table that it writes as CSV.
std::string demo_table(const std::string& csv);
/// What products of two narrow operands cost it, likewise.
std::string demo_products(const std::string& csv);

/// The part of a source file between "// [NAME]" and "// [end NAME]", or all of it after the comment
/// at its top, as a code block.
std::string quote(const std::string& file_text, const std::string& name);

}  // namespace docs
