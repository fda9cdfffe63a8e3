#include "conversion.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "conventions.hpp"
#include "failure.hpp"
#include "file_sizes.hpp"
#include "files.hpp"
#include "gguf.hpp"
#include "parallel.hpp"
#include "progress.hpp"
#include "selection.hpp"
#include "sources.hpp"
#include "tensor_files.hpp"

namespace checkpoint {

namespace {

enum class action { convert, carry, keep };

/// A parameter and where its parts go, as numbers of output tensors.
struct plan {
  const parameter* source = nullptr;
  action what = action::keep;
  std::vector<std::uint64_t> shape;  // of what is converted
  std::size_t first_part = 0;        // codes, or the first part of a kept one
  std::optional<std::size_t> scales;
  std::optional<std::size_t> second;
  bool second_divides = false;
  whole_scale whole;  // of those that share it
};

/// One piece of work: elements to convert, or bytes of a part to copy.
struct job {
  std::size_t plan;
  chunk elements;        // of what is converted
  std::size_t part = 0;  // of what is copied
  std::uint64_t place = 0;
  std::size_t bytes = 0;
};

constexpr std::uint64_t copied_bytes = std::uint64_t{1} << 21;

std::string_view name_in_files(const target_format& format) noexcept {
  return format.name.starts_with("ggml-") ? format.name.substr(5) : format.name;
}

bool any_quantized(const model& m) noexcept {
  return std::any_of(m.parameters.begin(), m.parameters.end(),
                     [](const parameter& p) { return p.is_quantized(); });
}

/// Says how activations were to be quantized, beside a weight that is quantized no longer.
bool is_activation_scale(const std::string& name) noexcept {
  return name.ends_with(".input_scale") || name.ends_with(".input_global_scale") ||
         name.ends_with(".output_scale") || name.ends_with(".weight_zero_point") ||
         name.ends_with(".k_scale") || name.ends_with(".v_scale");
}

/// The name of a layout's own convention, as readers call it.
std::string_view convention_of(const layout& to) noexcept {
  return to.name == "modelopt"   ? "Model-Optimizer"
         : to.name == "deepseek" ? "DeepSeek"
         : to.name == "torch"    ? "torchao"
         : to.name == "gguf"     ? "GGUF"
         : to.name == "plain"    ? "safetensors"
                                 : to.name;
}

class converter {
 public:
  converter(const model& m, const conversion_options& options)
      : model_(m), options_(options), format_(options.to->arranged(*options.format)) {}

  conversion_summary run(const std::vector<std::string>& inputs) {
    choose();
    require_other_output(inputs);
    in_folder_ =
        options_.to->name != "gguf" && (options_.out.ends_with('/') || is_folder(options_.out) ||
                                        (!model_.folder.empty() && !looks_like_a_file(options_.out)));
    std::string folder = options_.out;
    while (folder.size() > 1 && folder.ends_with('/')) {
      folder.pop_back();
    }
    make_output(folder);
    for (plan& p : plans_) {
      add_parts(p);
    }
    std::optional<output_folder> made;
    if (in_folder_) {
      made.emplace(folder);
    }
    find_scales();
    out_->open();
    write_scales();
    write_all();
    const signals_held held;
    if (in_folder_) {
      write_beside(folder);
    }
    out_->commit();
    if (made) {
      made->keep();
    }
    summary_.input_bytes = total_bytes(files_of(model_));
    summary_.output_bytes = out_->size_bytes();
    for (std::size_t i = 0; i < out_->files(); ++i) {
      summary_.files.push_back({out_->path_of(i), out_->size_of(i)});
    }
    return std::move(summary_);
  }

 private:
  static bool looks_like_a_file(const std::string& path) {
    return path.ends_with(".safetensors") || path.ends_with(".gguf") || path.starts_with("/dev/");
  }

  void choose() {
    const bool upcasts = format_.is_plain_float;
    const bool quantized_only = upcasts && any_quantized(model_);
    std::unordered_map<std::string, const parameter*> modules;  // and what of each is quantized
    for (const parameter& p : model_.parameters) {
      if (p.is_quantized()) {
        modules.emplace(module_of(p.name), &p);
      }
    }
    for (const parameter& p : model_.parameters) {
      if (is_activation_scale(p.name)) {
        const auto weight = modules.find(module_of(p.name));
        if (weight != modules.end() && !stays_as_it_is(*weight->second)) {
          ++summary_.dropped;
          continue;
        }
      }
      plans_.push_back({});
      plan& chosen = plans_.back();
      chosen.source = &p;
      const bool included = matches(p.name, options_.include);
      if (matches(p.name, options_.exclude) || !p.is_floating() || p.elements == 0) {
        require_representable(p);
        continue;
      }
      if (upcasts) {
        const bool wanted = included || (quantized_only ? p.is_quantized() : !is_companion(p.name));
        if (wanted && p.format != plain_name()) {
          chosen.what = action::convert;
          chosen.shape = p.shape;
        }
        continue;
      }
      if (!included && !reason_to_keep(p).empty()) {
        require_representable(p);
        continue;
      }
      choose_quantized(p, chosen, included);
    }
  }

  [[nodiscard]] std::string_view plain_name() const noexcept {
    return format_.name == "bf16" ? "BF16" : format_.name == "f16" ? "F16" : "F32";
  }

  static std::string module_of(const std::string& name) {
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos ? name : name.substr(0, dot);
  }

  /// Whether a weight is written as it was, so that scales of activations beside it keep their sense.
  [[nodiscard]] bool stays_as_it_is(const parameter& p) const {
    return p.convention == convention_of(*options_.to) && has_wanted_format(p);
  }

  void choose_quantized(const parameter& p, plan& chosen, bool included) {
    chosen.shape = matrix_shape(p);
    if (has_wanted_format(p) && can_carry(p)) {
      chosen.what = action::carry;
      chosen.shape = p.shape;
      return;
    }
    const std::string why_not = objection(*options_.to, format_, p.name, chosen.shape);
    if (why_not.empty()) {
      chosen.what = action::convert;
      return;
    }
    if (included) {
      fail(p.file(), p.name, "cannot be converted: " + why_not);
    }
    require_representable(p);
    summary_.notes.push_back("kept " + printable(p.name) + ": " + why_not);
  }

  /// What is kept must make sense in the output, where nothing says how another convention is to be read.
  void require_representable(const parameter& p) const {
    if (p.is_quantized() && p.convention != convention_of(*options_.to)) {
      fail(p.file(), p.name,
           "is " + p.type_text() + " and would be kept, which " + std::string(options_.to->name) +
               " does not have; convert to bf16 first, or include it");
    }
    if (options_.to->name == "gguf" && !p.is_quantized() &&
        find_gguf(p.parts.front().type->name) == nullptr) {
      fail(p.file(), p.name,
           "is " + p.type_text() +
               " and would be kept, which GGUF does not have; include it, or convert to bf16");
    }
  }

  static const gguf_type* find_gguf(std::string_view name) {
    for (std::uint32_t id = 0; id < 64; ++id) {
      const gguf_type* type = find_gguf_type(id);
      if (type != nullptr && type->name == name && type->block_elements != 0) {
        return type;
      }
    }
    return nullptr;
  }

  [[nodiscard]] bool has_wanted_format(const parameter& p) const {
    // Types of GGUF have names of their own.
    return p.convention == "GGUF" && options_.to->name == "gguf"
               ? p.format == parts_of(*options_.to, format_, p.name, p.shape).codes.type
               : p.format == name_in_files(format_);
  }

  /// The same codes under the same kind of scales: bytes move, no value changes.
  [[nodiscard]] bool can_carry(const parameter& p) const {
    if (p.convention == convention_of(*options_.to)) {
      return true;
    }
    if (p.packed != packing::dense_codes || p.shape.size() < 2 ||
        !objection(*options_.to, format_, p.name, p.shape).empty()) {
      return false;
    }
    const output_parts parts = parts_of(*options_.to, format_, p.name, p.shape);
    if (!parts.scales || p.parts.size() != (parts.second ? 3U : 2U)) {
      return false;
    }
    if (parts.second) {
      // A divisor is no exact reciprocal of a factor, so that values would change.
      return !parts.second_divides && p.convention != "compressed-tensors" &&
             p.parts[1].type->name == parts.scales->type && p.parts[2].type->name == "F32";
    }
    if (format_.span == scale_span::group) {
      return true;
    }
    // Float scales; what is bfloat16 is a float as well. The layouts differ in the shape of their array.
    const std::string_view scale_type = p.parts[1].type->name;
    return p.parts[0].type->name == parts.codes.type && parts.scales->type == "F32" &&
           (scale_type == "F32" || scale_type == "BF16") &&
           p.parts[1].elements == product(parts.scales->shape);
  }

  void require_other_output(const std::vector<std::string>& inputs) const {
    for (const std::vector<std::string>* paths : {&inputs, &model_.files}) {
      for (const std::string& path : *paths) {
        const bool only_input = model_.files.size() == 1 && !is_folder(options_.out);
        if (same_file(path, options_.out) && !only_input) {
          fail(options_.out, "is an input as well; name another output");
        }
      }
    }
    if (std::none_of(plans_.begin(), plans_.end(), [](const plan& p) { return p.what != action::keep; })) {
      const std::string first = summary_.notes.empty() ? "" : " (" + summary_.notes.front() + ")";
      fail(model_.files.empty() ? options_.out : model_.files.back(),
           "has nothing to convert to " + std::string(name_in_files(format_)) + first +
               "; --include PATTERN takes parameters that are kept by default");
    }
  }

  void make_output(const std::string& folder) {
    if (options_.to->name == "gguf") {
      std::string values = model_.gguf_values;
      std::uint64_t count = model_.gguf_value_count;
      if (count == 0) {
        values = gguf_value("general.architecture", std::string_view("unknown"));
        count = 1;
      }
      if (!format_.is_plain_float && values.find("general.quantization_version") == std::string::npos) {
        values += gguf_value("general.quantization_version", 2U);
        ++count;
      }
      out_ = std::make_unique<gguf_file>(options_.out, values, count);
      return;
    }
    written_names names = names_written();
    std::vector<std::string> all;
    for (const plan& p : plans_) {
      all.push_back(p.source->name);
    }
    out_ = std::make_unique<safetensors_files>(
        folder, in_folder_, options_.shard_bytes,
        metadata_of(*options_.to, *options_.format, model_.metadata, names, all));
  }

  [[nodiscard]] written_names names_written() const {
    written_names names;
    for (const plan& p : plans_) {
      if (p.what != action::keep) {
        names.quantized.push_back(p.source->name);
        if (p.what == action::carry && p.source->convention == convention_of(*options_.to)) {
          names.as_they_were.push_back(p.source->name);
        }
      } else if (p.source->name.ends_with(".weight") && p.source->shape.size() >= 2 &&
                 reason_to_keep(*p.source) != "an embedding") {
        names.kept_weights.push_back(p.source->name);
      }
    }
    return names;
  }

  void add_parts(plan& p) {
    const parameter& source = *p.source;
    const bool as_it_is = p.what == action::keep ||
                          (p.what == action::carry && source.convention == convention_of(*options_.to));
    if (as_it_is) {
      p.first_part = out_->tensors().size();
      for (const tensor& part : source.parts) {
        const bool is_gguf = options_.to->name == "gguf";
        const std::string_view type =
            is_gguf && source.is_quantized() ? source.format : part.type->stored_name;
        out_->add(source.parts.size() == 1 ? source.name : part.name, type, part.shape, part.size_bytes);
      }
      return;
    }
    const output_parts parts = parts_of(*options_.to, format_, source.name, p.shape);
    p.first_part =
        out_->add(parts.codes.name, parts.codes.type, parts.codes.shape, format_.code_bytes(source.elements));
    if (parts.scales) {
      p.scales = out_->add(parts.scales->name, parts.scales->type, parts.scales->shape,
                           product(parts.scales->shape) * format_.scale_bytes);
    }
    if (parts.second) {
      p.second = out_->add(parts.second->name, parts.second->type, parts.second->shape, 4);
      p.second_divides = parts.second_divides;
    }
  }

  /// The pass that finds what scales of whole tensors are derived from.
  void find_scales() {
    if (!format_.has_whole_scale()) {
      return;
    }
    if (options_.encoding.tensor_scale) {
      for (plan& p : plans_) {
        p.whole = whole_scale_of(format_, options_.encoding, 0);
      }
      return;
    }
    std::vector<chunk> chunks;
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      if (plans_[i].what == action::convert) {
        append_chunks(i, plans_[i].source->elements, plans_[i].shape.back(), chunks);
      }
    }
    std::vector<float> amax(chunks.size());
    std::uint64_t bytes = 0;
    for (const plan& p : plans_) {
      bytes += p.what == action::convert ? p.source->size_bytes : 0;
    }
    progress shown(bytes);
    in_parallel(
        chunks.size(), options_.threads, [] { return 0; },
        [&](int, std::size_t i) {
          const parameter& source = *plans_[chunks[i].parameter].source;
          amax[i] = source.values->largest(chunks[i].first, chunks[i].elements);
          shown.advance(source.bytes_of(chunks[i].elements), source.name);
        });
    std::unordered_map<std::string, float> groups;
    const auto group_of = [&](const plan& p) {
      return options_.separate_scales ? p.source->name : fused_group(p.source->name);
    };
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      float& largest = groups[group_of(plans_[chunks[i].parameter])];
      largest = std::max(largest, amax[i]);
    }
    for (plan& p : plans_) {
      if (p.what == action::convert) {
        p.whole = whole_scale_of(format_, options_.encoding, groups[group_of(p)]);
      }
    }
  }

  void write_float(std::size_t tensor, float value) {
    out_->write(tensor, 0, std::as_bytes(std::span(&value, 1)));
  }

  void write_scales() {
    for (const plan& p : plans_) {
      if (p.what != action::convert || !format_.has_whole_scale()) {
        continue;
      }
      if (p.second) {
        write_float(*p.second, p.second_divides ? p.whole.divisor : p.whole.factor);
      } else {
        write_float(*p.scales, p.whole.factor);
      }
    }
  }

  [[nodiscard]] std::vector<job> jobs() const {
    std::vector<job> all;
    std::vector<chunk> chunks;
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      const plan& p = plans_[i];
      if (p.what == action::convert) {
        chunks.clear();
        const bool tiles = format_.span == scale_span::tile;
        const bool rows = format_.span == scale_span::row;
        const std::uint64_t height = p.shape.size() < 2 ? 1 : p.shape[p.shape.size() - 2];
        const std::uint64_t row = p.shape.empty() ? 1 : p.shape.back();
        if (rows && row > chunk_elements) {
          // A row is one piece, however long: its scale is known only when it has been seen whole.
          for (std::uint64_t first = 0; first < p.source->elements; first += row) {
            chunks.push_back({i, first, static_cast<std::size_t>(row), static_cast<std::size_t>(row)});
          }
        } else {
          append_chunks(i, p.source->elements, row, chunks, tiles ? tile_rows : 1, tiles ? height : 1);
        }
        for (const chunk& c : chunks) {
          all.push_back({i, c, 0, 0, 0});
        }
        continue;
      }
      for (std::size_t part = 0; part < p.source->parts.size(); ++part) {
        const std::uint64_t size = p.source->parts[part].size_bytes;
        for (std::uint64_t place = 0; place < size; place += copied_bytes) {
          all.push_back({i, {}, part, place, static_cast<std::size_t>(std::min(copied_bytes, size - place))});
        }
      }
    }
    return all;
  }

  struct worker {
    std::unique_ptr<encoder> encode;
    std::vector<float> values;
    std::vector<std::byte> codes;
    std::vector<std::byte> scales;
  };

  void write_all() {
    const std::vector<job> all = jobs();
    std::vector<losses> lost(all.size());
    std::uint64_t bytes = 0;
    for (const plan& p : plans_) {
      bytes += p.source->size_bytes;
    }
    progress shown(bytes);
    in_parallel(
        all.size(), options_.threads,
        [&] {
          return worker{format_.make(options_.encoding), {}, {}, {}};
        },
        [&](worker& w, std::size_t i) {
          const job& j = all[i];
          const plan& p = plans_[j.plan];
          if (p.what == action::convert) {
            lost[i] = convert_chunk(w, p, j.elements);
          } else {
            copy_bytes(w, p, j);
          }
          shown.advance(p.what == action::convert ? p.source->bytes_of(j.elements.elements) : j.bytes,
                        p.source->name);
        });
    std::vector<losses> sums(plans_.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      sums[all[i].plan] += lost[i];
    }
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      const losses& l = sums[i];
      if (l.any()) {
        summary_.lossy.push_back({plans_[i].source->name, l});
      }
      (plans_[i].what == action::convert ? summary_.converted
       : plans_[i].what == action::carry ? summary_.carried
                                         : summary_.kept) += 1;
    }
  }

  /// Elements of the chunk that are worked on at once: rows and tiles that share a scale stay whole.
  [[nodiscard]] std::uint64_t step_in(const chunk& c) const noexcept {
    switch (format_.span) {
      case scale_span::row:
        return std::max<std::uint64_t>(piece_elements / c.row_length, 1) * c.row_length;
      case scale_span::tile:
        return tile_rows * c.row_length;
      default:
        return piece_elements;
    }
  }

  /// How many scales in tensors of their own come before element `first` of the parameter, or up to an end.
  [[nodiscard]] std::uint64_t scales_before(const plan& p, std::uint64_t first) const noexcept {
    const std::uint64_t row = p.shape.empty() ? 1 : p.shape.back();
    switch (format_.span) {
      case scale_span::row:
        return first / row;
      case scale_span::tile: {
        const scale_grid grid{p.shape[p.shape.size() - 2], row, tile_rows, tile_columns};
        const std::uint64_t rows = first / row;
        const std::uint64_t in_matrix = rows % grid.matrix_rows;
        // The end of a band that is not full counts as the end of a full one.
        return (rows / grid.matrix_rows * grid.rows() + (in_matrix + tile_rows - 1) / tile_rows) *
               grid.columns();
      }
      case scale_span::group:
        return first / format_.group;
      default:
        return 0;
    }
  }

  losses convert_chunk(worker& w, const plan& p, const chunk& c) {
    const std::uint64_t first_scale = scales_before(p, c.first);
    const auto scale_bytes = [&](std::uint64_t until) {
      return static_cast<std::size_t>((scales_before(p, until) - first_scale) * format_.scale_bytes);
    };
    const auto code_bytes = [&](std::uint64_t n) { return static_cast<std::size_t>(format_.code_bytes(n)); };
    w.codes.resize(code_bytes(c.elements));
    w.scales.resize(scale_bytes(c.first + c.elements));
    const std::uint64_t step = step_in(c);
    losses lost;
    for (std::uint64_t done = 0; done < c.elements; done += step) {
      const std::uint64_t n = std::min(step, c.elements - done);
      const std::uint64_t first = c.first + done;
      w.values.resize(static_cast<std::size_t>(n));
      lost.saturated += p.source->values->read(first, w.values);
      const std::size_t scale = scale_bytes(first);
      const encoded_piece out{std::span(w.codes).subspan(code_bytes(done), code_bytes(n)),
                              std::span(w.scales).subspan(scale, scale_bytes(first + n) - scale)};
      lost += w.encode->encode({w.values, c.row_length, first, p.whole}, out);
    }
    // Codes lie in the order of the elements, scales in that of their groups, rows or tiles.
    out_->write(p.first_part, format_.code_bytes(c.first), w.codes);
    if (!w.scales.empty()) {
      out_->write(*p.scales, first_scale * format_.scale_bytes, w.scales);
    }
    return lost;
  }

  void copy_bytes(worker& w, const plan& p, const job& j) {
    const tensor& part = p.source->parts[j.part];
    w.codes.resize(j.bytes);
    if (part.fortran_order || part.big_endian) {
      const auto width = static_cast<std::uint64_t>(part.type->width_bits) / 8;
      static_cast<const plain_source&>(*p.source->values).read_raw(j.place / width, j.bytes / width, w.codes);
    } else {
      part.file->read_at(part.offset + j.place, w.codes);
    }
    if (p.what == action::keep || p.source->convention == convention_of(*options_.to)) {
      out_->write(p.first_part + j.part, j.place, w.codes);
      return;
    }
    const std::size_t target = j.part == 0 ? p.first_part : j.part == 1 ? *p.scales : *p.second;
    if (j.part == 1 && part.type->name == "BF16") {
      write_widened(target, j.place, w.codes);
    } else {
      out_->write(target, j.place, w.codes);
    }
  }

  /// Patterns of bfloat16 as floats.
  void write_widened(std::size_t tensor, std::uint64_t place, std::span<const std::byte> patterns) {
    std::vector<std::byte> floats(patterns.size() * 2);
    for (std::size_t i = 0; i < patterns.size(); i += 2) {
      floats[2 * i + 2] = patterns[i];
      floats[2 * i + 3] = patterns[i + 1];
    }
    out_->write(tensor, place * 2, floats);
  }

  /// config.json, and what else a loader of the model needs: the other files of its folder.
  void write_beside(const std::string& folder) {
    const auto files = config_files(*options_.to, *options_.format, model_.config, names_written());
    for (const auto& [name, text] : files) {
      write_text(folder + '/' + name, text);
    }
    if (model_.folder.empty()) {
      return;
    }
    for (const std::string& name : names_in(model_.folder)) {
      const std::string from = model_.folder + '/' + name;
      const bool is_model = name.ends_with(".safetensors") || name.ends_with(".index.json") ||
                            name.ends_with(".bin") || name.ends_with(".gguf") || name.ends_with(".pt") ||
                            name.ends_with(".pth") || name == "config.json" || name == "hf_quant_config.json";
      if (!is_model && !name.starts_with('.') && !is_folder(from)) {
        copy_file(from, folder + '/' + name);
      }
    }
  }

  const model& model_;
  const conversion_options& options_;
  const target_format& format_;
  bool in_folder_ = false;
  std::vector<plan> plans_;
  std::unique_ptr<tensor_files> out_;
  conversion_summary summary_;
};

}  // namespace

conversion_summary convert(const model& m, const std::vector<std::string>& inputs,
                           const conversion_options& options) {
  return converter(m, options).run(inputs);
}

}  // namespace checkpoint
