// What the fuzz targets of examples/checkpoint share: any bytes as a file are read or refused with
// checkpoint::failure, and what is read can be read to its end.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <unistd.h>

#include "failure.hpp"
#include "fuzz.hpp"
#include "readers.hpp"

namespace fuzz {

/// A folder of this process, in memory where the machine has that; removed with everything in it.
class folder {
 public:
  folder() {
    const bool in_memory = std::filesystem::exists("/dev/shm");
    path_ = std::string(in_memory ? "/dev/shm" : std::filesystem::temp_directory_path().c_str()) +
            "/narrowfp_fuzz_" + std::to_string(::getpid());
    std::filesystem::create_directories(path_ + "/model");
    // Members of archives are unpacked there.
    ::setenv("TMPDIR", path_.c_str(), 1);
  }
  ~folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;

  [[nodiscard]] std::string path(const char* name) const { return path_ + '/' + name; }

  std::string write(const char* name, std::span<const std::uint8_t> bytes) const {
    std::ofstream(path(name), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path(name);
  }

 private:
  std::string path_;
};

inline const folder& place() {
  static const folder one;
  return one;
}

inline void append_number(std::vector<std::uint8_t>& bytes, std::uint64_t number, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(number >> 8 * i));
  }
}

inline void append(std::vector<std::uint8_t>& bytes, std::span<const std::uint8_t> more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}
inline void append(std::vector<std::uint8_t>& bytes, std::string_view text) {
  bytes.insert(bytes.end(), text.begin(), text.end());
}

/// A safetensors file of this header, and this many bytes of data.
inline std::vector<std::uint8_t> safetensors(std::string_view header, std::size_t data_bytes) {
  std::vector<std::uint8_t> file;
  append_number(file, header.size(), 8);
  append(file, header);
  file.insert(file.end(), data_bytes, std::uint8_t{0x7B});
  return file;
}

/// Names of ml_dtypes that a .npy file may be said to hold.
inline const char* npy_dtype(unsigned choice) {
  static constexpr const char* names[] = {"", "float8_e4m3fn", "bfloat16", "no such type"};
  return names[choice % 4];
}

/// The parameters of a file or folder, all of their values, or a failure that names a file.
inline void read_all(const std::string& path, const char* dtype = "") {
  try {
    const checkpoint::model read = checkpoint::read_model(path, dtype);
    for (const checkpoint::parameter& p : read.parameters) {
      for (const checkpoint::tensor& t : p.parts) {
        require(t.offset <= t.file->size_bytes() && t.size_bytes <= t.file->size_bytes() - t.offset,
                "a tensor ends beyond its file");
      }
      require(checkpoint::shape_text(p.shape).size() < 100'000, "shape");
      std::uint64_t elements = 1;
      for (const std::uint64_t axis : p.shape) {
        elements *= axis;
      }
      require(elements == p.elements, "a shape of another number of elements");
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
    const std::string_view words = error.what();
    require(words.starts_with('/'), "a failure that does not name its file");
    for (const char c : words) {
      require(static_cast<unsigned char>(c) >= 0x20, "a failure with a control character");
    }
  }
}

}  // namespace fuzz
