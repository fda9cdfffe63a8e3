#include "options.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
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

/// What the library gives in another form than the command line is wanted in.
struct parsed_words {
  std::string in;
  std::optional<std::string> formats;
  std::string to;
  std::string layout;
  std::string recipe = "native";
  std::string scale_rule = "default";
  std::string rounding = "nearest";
  std::optional<std::uint64_t> seed;
  std::optional<std::string> tensor_scale;
  std::optional<double> min_snr;
};

void add_common(CLI::App& command, command_line& line) {
  command.add_option("--npy-dtype", line.npy_dtype,
                     "what the one-byte elements of a .npy file are, such as float8_e4m3fn");
  command.add_option("--threads", line.threads, "as many threads (default: one a processor)")
      ->check(CLI::Range(1, 256));
}

void add_inspect(CLI::App& app, command_line& line, parsed_words& words) {
  CLI::App* inspect = app.add_subcommand("inspect", "Say what each number format would cost each parameter.");
  inspect
      ->add_option("PATH", line.paths,
                   "a checkpoint's folder, or a .safetensors, .safetensors.index.json, "
                   ".gguf, .npy or .npz file")
      ->required();
  inspect->add_option("--formats", words.formats, "these, as A,B,... or all (default: those marked below)");
  inspect
      ->add_option("--min-snr", line.inspection.min_snr_db,
                   "choose the smallest format with at least this ratio, in dB, and no saturation")
      ->capture_default_str();
  inspect->add_option("--csv", line.csv, "write the table to this file");
  inspect->add_option("--json", line.json, "write it as JSON to this file");
  inspect->add_flag("--summary", line.summary, "print the totals only");
  inspect->add_option("--top", line.inspection.most_shown, "print this many tensors, the largest")
      ->capture_default_str();
  inspect->add_option("--svg", line.svg, "write a chart to this file");
  inspect->add_option(
      "--write", line.write,
      "write the tensors in their chosen formats as safetensors to this file: FP8 with a scale "
      "for the tensor, MXFP8, MXFP6, MXFP4, NVFP4 with scales in <name>_scale; only formats "
      "marked w are then chosen");
  add_common(*inspect, line);
  inspect->footer(formats_text());
}

std::string layouts_text() {
  std::string text = "Formats:\n";
  for (const target_format& format : target_formats()) {
    if (!format.name.starts_with("ggml-")) {
      text += "  " + std::string(format.name);
      text.append(13 - format.name.size(), ' ').append(format.summary).append("\n");
    }
  }
  text += "\nLayouts and what they take besides f32, bf16 and f16:\n";
  for (const layout& each : all_layouts()) {
    text += "  " + std::string(each.name);
    text.append(20 - each.name.size(), ' ');
    for (const std::string_view format : each.formats) {
      text.append(format).append(format == each.formats.back() ? "\n" : " ");
    }
  }
  return text;
}

template <class List>
std::string names_of(const List& all) {
  std::string names;
  for (const auto& each : all) {
    names.append(names.empty() ? "" : ", ").append(each.name);
  }
  return names;
}

void add_convert(CLI::App& app, command_line& line, parsed_words& words) {
  CLI::App* convert = app.add_subcommand("convert", "Write a checkpoint in another format and layout.");
  convert->add_option("IN", words.in, "what is read: as inspect's PATH")->required();
  convert->add_option("OUT", line.conversion.out, "a file, or a folder for a model with its configuration")
      ->required();
  convert->add_option("--to", words.to, "the format, see below")->required();
  convert->add_option("--layout", words.layout, "names and scales of which loader, see below");
  convert
      ->add_option("--include", line.conversion.include,
                   "convert parameters that match this pattern, as *.experts.*, although they would be kept")
      ->allow_extra_args(false);
  convert->add_option("--exclude", line.conversion.exclude, "keep parameters that match this pattern")
      ->allow_extra_args(false);
  convert->add_option("--scale-rule", words.scale_rule,
                      "how scales of blocks are chosen: " + names_of(scale_rules()));
  convert->add_option("--recipe", words.recipe, "whose bits blocks get: " + names_of(recipes()));
  convert->add_option("--tensor-scale", words.tensor_scale,
                      "the scale of a whole tensor, in formats that have one: amax (its largest magnitude to "
                      "the format's largest; the default), none (1), or a number that restored values are "
                      "multiplied by");
  convert->add_option("--rounding", words.rounding, "nearest or stochastic");
  convert->add_option("--seed", words.seed, "of stochastic rounding");
  convert->add_flag("--separate-scales", line.conversion.separate_scales,
                    "give q, k and v, and gate and up, scales of their own");
  convert
      ->add_option("--shard-size", line.conversion.shard_bytes, "bytes of a shard in a folder, such as 5GB")
      ->transform(CLI::AsSizeValue(true));
  convert->add_option("--json", line.json, "write what was done and lost as JSON to this file");
  add_common(*convert, line);
  convert->footer(layouts_text());
}

void add_compare(CLI::App& app, command_line& line, parsed_words& words) {
  CLI::App* compare = app.add_subcommand(
      "compare",
      "Compare two checkpoints, of any conventions, as numbers. Exit status 0 where they are equal, or "
      "as near as --min-snr asks; 3 where they are not.");
  compare->add_option("PATHS", line.paths, "A and B")->required()->expected(2);
  compare->add_flag("--differences", line.comparison.only_differences,
                    "name only the parameters that differ");
  compare->add_flag("--summary", line.summary, "print the totals only");
  compare
      ->add_option("--top", line.comparison.most_shown, "print this many parameters, those that differ most")
      ->capture_default_str();
  compare->add_option("--csv", line.csv, "write the table of all parameters to this file");
  compare->add_option("--json", line.json, "write it as JSON to this file");
  compare->add_option("--min-snr", words.min_snr, "how many dB are near enough");
  add_common(*compare, line);
}

template <class Choice>
Choice choice_named(const char* option, const std::string& name,
                    std::span<const named_choice<Choice>> choices) {
  for (const auto& each : choices) {
    if (each.name == name) {
      return each.choice;
    }
  }
  throw usage_error(std::string(option) + " does not know '" + name + "'; it takes " + names_of(choices));
}

/// The names of the choices with which the format can be written.
template <class Choice>
std::string offered(const target_format& format, encoding_options options, Choice encoding_options::*member,
                    std::span<const named_choice<Choice>> choices) {
  std::string names;
  for (const auto& each : choices) {
    options.*member = each.choice;
    if (format.offers(options)) {
      names.append(names.empty() ? "" : ", ").append(each.name);
    }
  }
  return names;
}

/// Recipe, rule of scales and rounding, which the format must have together.
void finish_encoding(encoding_options& encoding, const parsed_words& words, const target_format& format,
                     const std::string& layout) {
  encoding.as = choice_named("--recipe", words.recipe, recipes());
  encoding.rule = choice_named("--scale-rule", words.scale_rule, scale_rules());
  if (words.rounding != "nearest" && words.rounding != "stochastic") {
    throw usage_error("--rounding takes nearest or stochastic, not '" + words.rounding + "'");
  }
  const std::string where = words.to + " in the layout " + layout;
  encoding_options only_recipe;
  only_recipe.as = encoding.as;
  if (!format.offers(only_recipe)) {
    throw usage_error("--recipe " + words.recipe + " is not one that " + where + " has; it has " +
                      offered(format, {}, &encoding_options::as, recipes()));
  }
  if (!format.offers(encoding)) {
    throw usage_error("--scale-rule " + words.scale_rule + " is not one that " + where + " has" +
                      (encoding.as == narrowfp::recipe::native ? "" : " with --recipe " + words.recipe) +
                      "; it has " + offered(format, only_recipe, &encoding_options::rule, scale_rules()));
  }
  encoding.stochastic = words.rounding == "stochastic";
  if (!format.offers(encoding)) {
    throw usage_error("--rounding stochastic is not one that " + where + " has" +
                      (format.is_plain_float ? "" : ": its recipe has its own"));
  }
  if (words.seed && !encoding.stochastic) {
    throw usage_error("--seed is of --rounding stochastic, which is not asked for");
  }
  encoding.seed = words.seed.value_or(0);
}

/// `amax`, `none`, or a number.
void finish_tensor_scale(encoding_options& encoding, const parsed_words& words, const target_format& format,
                         const std::string& layout) {
  if (!words.tensor_scale) {
    return;
  }
  const std::string& text = *words.tensor_scale;
  if (!format.has_whole_scale()) {
    throw usage_error("--tensor-scale is not for " + words.to + " in the layout " + layout +
                      ", which stores no scale of a whole tensor");
  }
  if (text == "amax") {
    return;
  }
  if (text == "none") {
    encoding.tensor_scale = 1;
    return;
  }
  char* end = nullptr;
  const float number = std::strtof(text.c_str(), &end);
  // Its reciprocal is stored in some layouts, so that both must be normal numbers.
  if (end == text.c_str() || *end != '\0' || !(number >= 0x1p-126F && number <= 0x1p126F)) {
    throw usage_error("--tensor-scale takes amax, none, or a positive number from 2^-126 to 2^126, not '" +
                      text + "'");
  }
  encoding.tensor_scale = number;
}

void finish_conversion(command_line& line, const parsed_words& words) {
  conversion_options& conversion = line.conversion;
  line.paths = {words.in};
  conversion.format = find_target_format(words.to);
  if (conversion.format == nullptr || conversion.format->name.starts_with("ggml-")) {
    throw usage_error("--to does not know '" + words.to + "'; convert --help lists the formats");
  }
  const std::string chosen = !words.layout.empty() ? words.layout
                             : conversion.out.ends_with(".gguf")
                                 ? "gguf"
                                 : std::string(default_layout(*conversion.format));
  conversion.to = find_layout(chosen);
  if (conversion.to == nullptr) {
    throw usage_error("--layout does not know '" + chosen + "'; it takes " + names_of(all_layouts()));
  }
  if (!conversion.to->takes(*conversion.format)) {
    std::string names = "f32, bf16, f16";
    for (const std::string_view format : conversion.to->formats) {
      names.append(", ").append(format);
    }
    throw usage_error("the layout " + chosen + " has no " + words.to + "; it takes " + names);
  }
  const target_format& arranged = conversion.to->arranged(*conversion.format);
  finish_encoding(conversion.encoding, words, arranged, chosen);
  finish_tensor_scale(conversion.encoding, words, arranged, chosen);
  if (conversion.shard_bytes == 0) {
    throw usage_error("--shard-size needs a positive number of bytes");
  }
}

void finish_inspection(command_line& line, const parsed_words& words) {
  if (words.formats) {
    line.inspection.formats = selected_formats(*words.formats);
  } else {
    for (const number_format* format : all_formats()) {
      if (format->by_default) {
        line.inspection.formats.push_back(format);
      }
    }
  }
  if (!(std::fabs(line.inspection.min_snr_db) <= 1000)) {
    throw usage_error("--min-snr needs a number of decibels");
  }
  line.inspection.only_storable = !line.write.empty();
  if (line.summary) {
    line.inspection.most_shown = 0;
  }
}

}  // namespace

command_line parse_command_line(int argc, char** argv) {
  command_line line;
  line.threads = std::clamp(std::thread::hardware_concurrency(), 1U, 256U);
  parsed_words words;
  CLI::App app(
      "Reads checkpoints of neural networks, says what number formats make of them, and converts them.",
      "checkpoint");
  app.require_subcommand(1);
  add_inspect(app, line, words);
  add_convert(app, line, words);
  add_compare(app, line, words);
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
  if (!line.npy_dtype.empty() && find_ml_dtype(line.npy_dtype) == nullptr) {
    throw usage_error("--npy-dtype does not know '" + line.npy_dtype +
                      "'; it takes a name of ml_dtypes, such as float8_e4m3fn");
  }
  line.inspection.threads = line.threads;
  line.conversion.threads = line.threads;
  const std::string chosen = app.get_subcommands().front()->get_name();
  if (chosen == "inspect") {
    line.what = command::inspect;
    finish_inspection(line, words);
  } else if (chosen == "convert") {
    line.what = command::convert;
    finish_conversion(line, words);
  } else {
    line.what = command::compare;
    line.comparison.min_snr_db = words.min_snr;
    if (!(std::fabs(words.min_snr.value_or(0)) <= 1000)) {
      throw usage_error("--min-snr needs a number of decibels");
    }
    if (line.summary) {
      line.comparison.most_shown = 0;
    }
  }
  return line;
}

}  // namespace checkpoint
