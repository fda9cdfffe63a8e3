// .npz: a ZIP archive of .npy files. Opened by libzip.
#include <memory>

#include <zip.h>

#include "failure.hpp"
#include "readers.hpp"

namespace checkpoint {

namespace {

struct archive_closer {
  void operator()(zip_t* archive) const noexcept { ::zip_discard(archive); }
};
struct entry_closer {
  void operator()(zip_file_t* entry) const noexcept { ::zip_fclose(entry); }
};

/// A member's bytes in a file without a name, so that any part of it can be read at any time.
std::shared_ptr<const input_file> extracted(const std::string& path, zip_t* archive, zip_uint64_t index,
                                            const std::string& name) {
  const std::unique_ptr<zip_file_t, entry_closer> entry(::zip_fopen_index(archive, index, 0));
  if (entry == nullptr) {
    fail(path, "has a member '" + printable(name) + "' that cannot be read: " + ::zip_strerror(archive));
  }
  unnamed_file out(path + ":" + printable(name));
  std::vector<std::byte> bytes(std::size_t{1} << 20);
  std::uint64_t place = 0;
  while (true) {
    const zip_int64_t got = ::zip_fread(entry.get(), bytes.data(), bytes.size());
    if (got < 0) {
      fail(path,
           "has a member '" + printable(name) + "' that cannot be read: " + ::zip_file_strerror(entry.get()));
    }
    if (got == 0) {
      return out.for_reading();
    }
    out.write_at(place, std::span(bytes).first(static_cast<std::size_t>(got)));
    place += static_cast<std::uint64_t>(got);
  }
}

}  // namespace

tensor_collection read_npz(const std::string& path, const std::string& npy_dtype) {
  int code = 0;
  const std::unique_ptr<zip_t, archive_closer> archive(::zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (archive == nullptr) {
    zip_error_t error;
    ::zip_error_init_with_code(&error, code);
    const std::string words = ::zip_error_strerror(&error);
    ::zip_error_fini(&error);
    fail(path, "is not a ZIP archive that can be read: " + words);
  }
  const zip_int64_t members = ::zip_get_num_entries(archive.get(), 0);
  std::vector<std::string> names;
  for (zip_int64_t i = 0; i < members; ++i) {
    const char* name = ::zip_get_name(archive.get(), static_cast<zip_uint64_t>(i), 0);
    names.emplace_back(name == nullptr ? "" : name);
    if (names.back().ends_with("data.pkl")) {
      fail(path,
           "is a file of torch.save, whose pickle can run any code; save the tensors by "
           "safetensors.torch.save_file");
    }
  }
  tensor_collection collection;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!names[i].ends_with(".npy")) {
      fail(path, "has a member '" + printable(names[i]) + "'; an .npz file has .npy files only");
    }
    tensor_collection one =
        read_npy(extracted(path, archive.get(), static_cast<zip_uint64_t>(i), names[i]), npy_dtype);
    tensor& t = one.tensors.front();
    t.name = names[i].substr(0, names[i].size() - 4);
    for (const tensor& other : collection.tensors) {
      if (other.name == t.name) {
        fail(path, "names '" + printable(t.name) + "' twice");
      }
    }
    collection.tensors.push_back(std::move(t));
  }
  return collection;
}

}  // namespace checkpoint
