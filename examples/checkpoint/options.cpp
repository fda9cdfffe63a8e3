#include "options.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <thread>

#include <CLI/CLI.hpp>

#include "dtype.hpp"

namespace checkpoint {

namespace {

std::vector<const number_format*> selected_formats(std::string_view list) {
  const std::vector<const number_format*> all = all_formats();
  if (list == "all") {
    return all;
  }
  std::vector<const number_format*> selected;
  for (std::size_t comma = 0; comma != list.npos;) {
    comma = list.find(',');
    const std::string_view name = list.substr(0, comma);
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto* f) { return f->name == name; });
    if (found == all.end()) {
      throw usage_error("--formats does not know '" + std::string(name) + "'; inspect --help lists them");
    }
    if (std::find(selected.begin(), selected.end(), *found) == selected.end()) {
      selected.push_back(*found);
    }
    list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
  }
  return selected;
}

std::string formats_text() {
  std::string text = "Formats (* by default, w can be written):\n";
  for (const number_format* format : all_formats()) {
    text +=
        std::string("  ") + (format->by_default ? '*' : ' ') + (format->stored != nullptr ? 'w' : ' ') + ' ';
    text += format->name;
    text.append(17 - format->name.size(), ' ').append(format->summary).append("\n");
  }
  return text;
}

void add_inspect(CLI::App& app, command_line& line, std::optional<std::string>& formats) {
  CLI::App* inspect = app.add_subcommand("inspect", "Say what each number format would cost each tensor.");
  inspect->add_option("PATH", line.paths, "a .safetensors, .safetensors.index.json or .npy file")->required();
  inspect->add_option("--formats", formats, "these, as A,B,... or all (default: those marked below)");
  inspect
      ->add_option("--min-snr", line.inspection.min_snr_db,
                   "choose the smallest format with at least this ratio, in dB, and no saturation")
      ->capture_default_str();
  inspect->add_option("--csv", line.csv, "write the table to this file");
  inspect->add_option("--svg", line.svg, "write a chart to this file");
  inspect->add_option(
      "--write", line.write,
      "write the tensors in their chosen formats as safetensors to this file: FP8 with a scale "
      "for the tensor, MXFP8, MXFP6, MXFP4, NVFP4 with scales in <name>_scale; only formats "
      "marked w are then chosen");
  inspect->add_option("--npy-dtype", line.npy_dtype,
                      "what the one-byte elements of a .npy file are, such as float8_e4m3fn");
  inspect->add_option("--threads", line.inspection.threads, "as many threads (default: one a processor)")
      ->check(CLI::Range(1, 256));
  inspect->footer(formats_text());
}

}  // namespace

command_line parse_command_line(int argc, char** argv) {
  command_line line;
  for (const number_format* format : all_formats()) {
    if (format->by_default) {
      line.inspection.formats.push_back(format);
    }
  }
  line.inspection.threads = std::clamp(std::thread::hardware_concurrency(), 1U, 256U);
  std::optional<std::string> formats;
  CLI::App app("Reads checkpoints of neural networks and says what number formats make of them.",
               "checkpoint");
  app.require_subcommand(1);
  add_inspect(app, line, formats);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    line.help = app.help();
    for (const CLI::App* chosen : app.get_subcommands()) {
      line.help = chosen->help();
    }
    return line;
  } catch (const CLI::ParseError& error) {
    throw usage_error(error.what());
  }
  if (formats) {
    line.inspection.formats = selected_formats(*formats);
  }
  if (!(std::fabs(line.inspection.min_snr_db) <= 1000)) {
    throw usage_error("--min-snr needs a number of decibels");
  }
  line.inspection.only_storable = !line.write.empty();
  if (!line.npy_dtype.empty() && find_ml_dtype(line.npy_dtype) == nullptr) {
    throw usage_error("--npy-dtype does not know '" + line.npy_dtype +
                      "'; it takes a name of ml_dtypes, such as float8_e4m3fn");
  }
  return line;
}

}  // namespace checkpoint
