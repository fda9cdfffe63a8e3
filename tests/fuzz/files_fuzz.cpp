// The file readers of examples/checkpoint: any bytes as a file of any kind, as an index or as a configuration
// are read or refused with checkpoint::failure; what is read can be read to its end.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include <unistd.h>

#include "failure.hpp"
#include "fuzz.hpp"
#include "readers.hpp"

namespace {

/// A folder of this process, in memory where the machine has that.
class folder {
 public:
  folder() {
    const bool in_memory = std::filesystem::exists("/dev/shm");
    path_ = std::string(in_memory ? "/dev/shm" : std::filesystem::temp_directory_path().c_str()) +
            "/narrowfp_fuzz_" + std::to_string(::getpid());
    std::filesystem::create_directories(path_ + "/model");
  }
  ~folder() { std::filesystem::remove_all(path_); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;

  std::string write(const char* name, std::span<const std::uint8_t> bytes) const {
    const std::string path = path_ + '/' + name;
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path;
  }

 private:
  std::string path_;
};

/// A folder in the folder, with a small quantized checkpoint under a configuration of any bytes.
std::string configured(const folder& place, std::span<const std::uint8_t> config) {
  static constexpr char header[] =
      R"({"w.weight_packed":{"dtype":"U8","shape":[1,16],"data_offsets":[0,16]},)"
      R"("w.weight_scale":{"dtype":"U8","shape":[1,1],"data_offsets":[16,17]}})";
  constexpr std::size_t length = sizeof header - 1;
  std::vector<std::uint8_t> file(8 + length + 17, 0x7B);
  std::fill_n(file.begin(), 8, std::uint8_t{0});
  file[0] = length;
  std::copy_n(header, length, file.begin() + 8);
  const std::string path = place.write("model/model.safetensors", file);
  place.write("model/config.json", config);
  return path.substr(0, path.rfind('/'));
}

void read_all(const std::string& path, const char* npy_dtype) {
  try {
    const checkpoint::model read = checkpoint::read_model(path, npy_dtype);
    for (const checkpoint::parameter& p : read.parameters) {
      for (const checkpoint::tensor& t : p.parts) {
        fuzz::require(t.offset + t.size_bytes <= t.file->size_bytes(), "a tensor ends beyond its file");
      }
      fuzz::require(checkpoint::shape_text(p.shape).size() < 100'000, "shape");
      if (!p.is_floating()) {
        continue;
      }
      std::vector<float> values(64);
      for (std::uint64_t done = 0; done < p.elements; done += values.size()) {
        values.resize(static_cast<std::size_t>(std::min<std::uint64_t>(values.size(), p.elements - done)));
        p.values->read(done, values);
      }
    }
  } catch (const checkpoint::failure& error) {
    fuzz::require(std::string_view(error.what()).starts_with('/'), "a failure that does not name its file");
  }
}

}  // namespace

void fuzz_one(std::span<const std::uint8_t> input) {
  static const folder place;
  static constexpr const char* npy_dtypes[] = {"", "float8_e4m3fn", "bfloat16", "no such type"};
  if (input.empty()) {
    return;
  }
  const unsigned kind = input[0];
  const auto rest = input.subspan(1);
  // The readers that came later; what the corpus held before keeps its meaning.
  if (kind >= 0x80) {
    switch (kind % 4) {
      case 0:
        return read_all(place.write("model.gguf", rest), "");
      case 1:
        return read_all(configured(place, rest), "");
      case 2:
        return read_all(place.write("arrays.npz", rest), npy_dtypes[kind / 4 % 4]);
      default: {
        std::vector<std::uint8_t> gguf = {'G', 'G', 'U', 'F', 3, 0, 0, 0};
        gguf.insert(gguf.end(), rest.begin(), rest.end());
        return read_all(place.write("model.gguf", gguf), "");
      }
    }
  }
  switch (kind % 4) {
    case 0:
      return read_all(place.write("model.safetensors", rest), "");
    case 1:
      return read_all(place.write("array.npy", rest), npy_dtypes[kind / 4 % 4]);
    case 2: {
      // The index, and a shard beside it that fits the index of the seed corpus.
      static constexpr char header[] = R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})";
      constexpr std::size_t length = sizeof header - 1;
      std::vector<std::uint8_t> shard(8 + length + 2, 1);
      std::fill_n(shard.begin(), 8, std::uint8_t{0});
      shard[0] = length;
      std::copy_n(header, length, shard.begin() + 8);
      place.write("s", shard);
      return read_all(place.write("model.safetensors.index.json", rest), "");
    }
    default: {
      // A safetensors header with the length put right, so that the JSON behind it is reached.
      std::vector<std::uint8_t> file(8);
      const std::size_t data = rest.empty() ? 0 : rest[0] % 16;
      const std::size_t length = rest.size() > data + 1 ? rest.size() - data - 1 : 0;
      for (std::size_t i = 0; i < 8; ++i) {
        file[i] = static_cast<std::uint8_t>(length >> 8 * i);
      }
      file.insert(file.end(), rest.begin() + (rest.empty() ? 0 : 1), rest.end());
      return read_all(place.write("model.safetensors", file), "");
    }
  }
}
