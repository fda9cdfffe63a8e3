#include "options.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <thread>

#include "dtype.hpp"

namespace inspect {

namespace {

template <class Number>
Number parsed(std::string_view option, std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw usage_error(std::string(option) + " needs a number, not '" + std::string(text) + "'");
  }
  return value;
}

std::vector<const number_format*> selected_formats(std::string_view list) {
  const std::vector<const number_format*> all = all_formats();
  std::vector<const number_format*> selected;
  if (list == "all") {
    return all;
  }
  while (true) {
    const std::size_t comma = list.find(',');
    const std::string_view name = list.substr(0, comma);
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto* f) { return f->name == name; });
    if (found == all.end()) {
      throw usage_error("--formats does not know '" + std::string(name) + "'; --help lists the formats");
    }
    if (std::find(selected.begin(), selected.end(), *found) == selected.end()) {
      selected.push_back(*found);
    }
    if (comma == list.npos) {
      return selected;
    }
    list.remove_prefix(comma + 1);
  }
}

}  // namespace

command_line parse_command_line(int argc, char** argv) {
  command_line line;
  for (const number_format* format : all_formats()) {
    if (format->by_default) {
      line.inspection.formats.push_back(format);
    }
  }
  line.inspection.threads = std::max(std::thread::hardware_concurrency(), 1U);
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto value = [&]() -> std::string_view {
      if (i + 1 >= argc) {
        throw usage_error(std::string(word) + " needs a value");
      }
      return argv[++i];
    };
    if (word == "--help" || word == "-h") {
      line.help = true;
    } else if (word == "--formats") {
      line.inspection.formats = selected_formats(value());
    } else if (word == "--min-snr") {
      line.inspection.min_snr_db = parsed<double>(word, value());
      if (!(std::fabs(line.inspection.min_snr_db) <= 1000)) {
        throw usage_error("--min-snr needs a number of decibels");
      }
    } else if (word == "--threads") {
      line.inspection.threads = std::clamp(parsed<unsigned>(word, value()), 1U, 256U);
    } else if (word == "--csv") {
      line.csv = value();
    } else if (word == "--svg") {
      line.svg = value();
    } else if (word == "--write") {
      line.write = value();
      line.inspection.only_storable = true;
    } else if (word == "--npy-dtype") {
      line.npy_dtype = value();
      if (find_ml_dtype(line.npy_dtype) == nullptr) {
        throw usage_error("--npy-dtype does not know '" + line.npy_dtype +
                          "'; it takes a name of ml_dtypes, such as float8_e4m3fn");
      }
    } else if (word.starts_with("-") && word != "-") {
      throw usage_error("there is no option " + std::string(word));
    } else if (!line.file.empty()) {
      throw usage_error("one file at a time: " + line.file + " or " + std::string(word));
    } else {
      line.file = word;
    }
  }
  if (line.file.empty() && !line.help) {
    throw usage_error("no file named");
  }
  return line;
}

std::string help_text() {
  std::string text =
      "inspect_tensors FILE [options]\n"
      "\n"
      "Prints for each tensor of a .safetensors file, a model.safetensors.index.json or a .npy file what "
      "each\n"
      "number format would cost: bits a value, signal-to-noise ratio, values saturated and flushed to zero.\n"
      "\n"
      "  --formats A,B,...  these formats, or all (default: those marked below)\n"
      "  --min-snr DB       choose the smallest format with at least this ratio and no saturation (default "
      "30)\n"
      "  --csv FILE         write the table\n"
      "  --svg FILE         write a chart\n"
      "  --write FILE       write the tensors in their chosen formats as safetensors: FP8 with a scale for "
      "the\n"
      "                     tensor, MXFP8, MXFP6, MXFP4, NVFP4 with scales in <name>_scale; only formats\n"
      "                     marked w are then chosen\n"
      "  --npy-dtype NAME   what the one-byte elements of a .npy file are, such as float8_e4m3fn\n"
      "  --threads N        as many threads (default: one a processor)\n"
      "\n"
      "formats (* by default, w can be written):\n";
  for (const number_format* format : all_formats()) {
    text +=
        std::string("  ") + (format->by_default ? '*' : ' ') + (format->stored != nullptr ? 'w' : ' ') + ' ';
    text += format->name;
    text.append(17 - format->name.size(), ' ').append(format->summary).append("\n");
  }
  return text;
}

}  // namespace inspect
