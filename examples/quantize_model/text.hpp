// The text: which files train the model, which one judges it, and characters as small numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace demo {

/// Printable ASCII and the newline; other white space becomes a blank.
inline constexpr std::size_t alphabet_size = 96;

using text = std::vector<std::uint8_t>;  // each below alphabet_size

struct corpus {
  text training;
  text validation;
};

/// Reads the files of examples/data. Whole documents are held out, so that no sentence is split between the
/// two. Errors    a file that is missing or holds characters other than ASCII: std::runtime_error that names
/// it.
corpus load_corpus(const std::filesystem::path& directory);

}  // namespace demo
