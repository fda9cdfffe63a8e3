#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "conventions.hpp"
#include "failure.hpp"
#include "gguf.hpp"
#include "readers.hpp"

namespace checkpoint {

namespace {

constexpr std::uint64_t longest_config = 16'000'000;

std::string joined(const std::string& folder, const std::string& name) {
  return folder.ends_with('/') ? folder + name : folder + '/' + name;
}

/// Reads the configuration beside a checkpoint, where there is one.
quantization_config config_in(const std::string& folder, model& m) {
  quantization_config config;
  for (const char* name : {"hf_quant_config.json", "config.json"}) {
    const std::string path = joined(folder, name);
    if (!exists(path)) {
      continue;
    }
    const std::string text = read_text(input_file(path), longest_config);
    m.files.push_back(path);
    quantization_config found = parse_quantization_config(path, text);
    if (!found.method.empty()) {
      // config.json repeats what hf_quant_config.json says, in part.
      std::vector<std::uint64_t> sizes = std::move(found.group_sizes);
      sizes.insert(sizes.end(), config.group_sizes.begin(), config.group_sizes.end());
      config = std::move(found);
      config.group_sizes = std::move(sizes);
    }
    if (std::string_view(name) == "config.json") {
      m.config = text;
    }
  }
  return config;
}

/// What begins like this and is no checkpoint that can be read.
void refuse_known_kinds(const input_file& file, std::string_view start) {
  const std::string& path = file.path();
  if (file.size_bytes() == 0) {
    fail(path, "is empty");
  }
  if (start.starts_with("\x89HDF")) {
    fail(path, "is an HDF5 file; save its arrays as .safetensors or .npz");
  }
  if (start.size() >= 2 && start[0] == '\x80' && start[1] >= 2 && start[1] <= 5 &&
      start.substr(2, 6) != std::string_view("\0\0\0\0\0\0", 6)) {
    fail(path, "is a Python pickle, which can run any code; save the tensors by safetensors.torch.save_file");
  }
  if (start == "version ") {
    fail(path, "is the pointer of a file that Git LFS keeps elsewhere; git lfs pull fetches the file");
  }
  if (start.starts_with("<!") || start.starts_with("<html") || start.starts_with("<?xml")) {
    fail(path, "is a page of the web, not the file that was to be downloaded");
  }
  if (start.starts_with("ggml") || start.starts_with("lmgg") || start.starts_with("fmgg") ||
      start.starts_with("tjgg")) {
    fail(path, "is a file of ggml before GGUF; llama.cpp's convert_llama_ggml_to_gguf.py converts it");
  }
  if (start.starts_with("FUGG")) {
    fail(path, "is a big-endian GGUF file; little-endian ones can be read");
  }
}

model recognised(tensor_collection&& collection, const quantization_config& config) {
  model m;
  m.parameters = recognise(collection, config);
  m.metadata = std::move(collection.metadata);
  return m;
}

void append(model& all, model&& one) {
  std::move(one.parameters.begin(), one.parameters.end(), std::back_inserter(all.parameters));
  std::move(one.files.begin(), one.files.end(), std::back_inserter(all.files));
  all.metadata.merge(one.metadata);
}

model read_file(const std::string& path, const std::string& npy_dtype) {
  const auto file = std::make_shared<const input_file>(path);
  std::array<char, 8> bytes{};
  const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(file->size_bytes(), bytes.size()));
  file->read_at(0, std::as_writable_bytes(std::span(bytes)).first(length));
  const std::string_view start(bytes.data(), length);
  model m;
  if (start.starts_with("GGUF")) {
    m = read_gguf(file);
  } else if (start.starts_with("\x93NUMPY")) {
    m = recognised(read_npy(file, npy_dtype), {});
  } else if (start.starts_with("PK\x03\x04") || start.starts_with("PK\x05\x06")) {
    m = recognised(read_npz(path, npy_dtype), {});
  } else {
    refuse_known_kinds(*file, start);
    m = recognised(read_safetensors(file), {});
  }
  m.files.push_back(path);
  return m;
}

model read_index(const std::string& path, const std::string& folder) {
  model m;
  const quantization_config config = config_in(folder, m);
  const input_file index(path);
  tensor_collection collection = read_sharded(index);
  std::vector<std::string> shards = {path};
  for (const tensor& t : collection.tensors) {
    if (std::find(shards.begin(), shards.end(), t.file->path()) == shards.end()) {
      shards.push_back(t.file->path());
    }
  }
  model read = recognised(std::move(collection), config);
  append(m, std::move(read));
  m.files.insert(m.files.end(), shards.begin(), shards.end());
  m.folder = folder;
  return m;
}

std::string named(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 4; ++i) {
    text += (i > 0 ? ", " : "") + printable(names[i], 60);
  }
  return text + (names.size() > 4 ? ", ..." : "");
}

model read_folder(const std::string& folder) {
  std::vector<std::string> indices;
  std::vector<std::string> files;
  std::vector<std::string> ggufs;
  std::vector<std::string> pickles;
  for (const std::string& name : names_in(folder)) {
    if (name.ends_with(".safetensors.index.json")) {
      indices.push_back(name);
    } else if (name.ends_with(".safetensors")) {
      files.push_back(name);
    } else if (name.ends_with(".gguf")) {
      ggufs.push_back(name);
    } else if (name.ends_with(".bin") || name.ends_with(".pt") || name.ends_with(".pth")) {
      pickles.push_back(name);
    }
  }
  if (indices.size() == 1) {
    return read_index(joined(folder, indices.front()), folder);
  }
  // Loaders take the file of this name, whatever lies beside it.
  if (indices.empty() && std::find(files.begin(), files.end(), "model.safetensors") != files.end()) {
    files = {"model.safetensors"};
  }
  if (indices.empty() && files.empty() && ggufs.empty() && !pickles.empty()) {
    fail(joined(folder, pickles.front()),
         "is a Python pickle, which can run any code; save the tensors by safetensors.torch.save_file");
  }
  if (indices.size() > 1 || files.size() > 1 || (files.empty() && ggufs.size() != 1)) {
    const std::vector<std::string>& many = indices.size() > 1 ? indices : files.size() > 1 ? files : ggufs;
    fail(folder, many.empty() ? "is a folder without a .safetensors or .gguf file"
                              : "is a folder with several checkpoints (" + named(many) +
                                    ") and no one index of them; name one");
  }
  if (files.empty()) {
    return read_file(joined(folder, ggufs.front()), {});
  }
  model m;
  const quantization_config config = config_in(folder, m);
  const std::string path = joined(folder, files.front());
  append(m, recognised(read_safetensors(std::make_shared<const input_file>(path)), config));
  m.files.push_back(path);
  m.folder = folder;
  return m;
}

}  // namespace

model read_model(const std::string& path, const std::string& npy_dtype) {
  if (is_folder(path)) {
    return read_folder(path);
  }
  if (path.ends_with(".json")) {
    const std::size_t slash = path.rfind('/');
    return read_index(path, slash == std::string::npos ? "." : path.substr(0, slash + 1));
  }
  return read_file(path, npy_dtype);
}

model read_models(const std::vector<std::string>& paths, const std::string& npy_dtype) {
  if (paths.size() == 1) {
    return read_model(paths.front(), npy_dtype);
  }
  model all;
  for (const std::string& path : paths) {
    model one = read_model(path, npy_dtype);
    for (parameter& p : one.parameters) {
      p.name.insert(0, path + ':');
    }
    append(all, std::move(one));
  }
  return all;
}

}  // namespace checkpoint
