// .npz: a ZIP archive of .npy files. Opened by libzip.
#include <memory>
#include <unordered_set>

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

struct member {
  std::string name;
  std::uint64_t begin = 0;  // of its bytes, in the file that all are unpacked into
  std::uint64_t size_bytes = 0;
};

/// Appends a member's bytes to a file, so that any part of them can be read at any time.
void extract(const std::string& path, zip_t* archive, zip_uint64_t index, member& each, unnamed_file& out) {
  const auto refuse = [&](const char* words) {
    fail(path, "has a member '" + printable(each.name) + "' that cannot be read: " + words);
  };
  const std::unique_ptr<zip_file_t, entry_closer> entry(::zip_fopen_index(archive, index, 0));
  if (entry == nullptr) {
    refuse(::zip_strerror(archive));
  }
  each.begin = out.size_bytes();
  std::vector<std::byte> bytes(std::size_t{1} << 20);
  while (true) {
    const zip_int64_t got = ::zip_fread(entry.get(), bytes.data(), bytes.size());
    if (got < 0) {
      refuse(::zip_file_strerror(entry.get()));
    }
    if (got == 0) {
      each.size_bytes = out.size_bytes() - each.begin;
      return;
    }
    out.write_at(out.size_bytes(), std::span(bytes).first(static_cast<std::size_t>(got)));
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
  const zip_int64_t count = ::zip_get_num_entries(archive.get(), 0);
  std::vector<member> members;
  std::unordered_set<std::string> names;
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* name = ::zip_get_name(archive.get(), static_cast<zip_uint64_t>(i), 0);
    members.push_back({name == nullptr ? "" : name});
    if (members.back().name.ends_with("data.pkl")) {
      fail(path,
           "is a file of torch.save, whose pickle can run any code; save the tensors by "
           "safetensors.torch.save_file");
    }
  }
  for (const member& each : members) {
    if (!each.name.ends_with(".npy")) {
      fail(path, "has a member '" + printable(each.name) + "'; an .npz file has .npy files only");
    }
    if (!names.insert(each.name).second) {
      fail(path, "names '" + printable(each.name.substr(0, each.name.size() - 4)) + "' twice");
    }
  }
  unnamed_file unpacked(path);
  for (std::size_t i = 0; i < members.size(); ++i) {
    extract(path, archive.get(), static_cast<zip_uint64_t>(i), members[i], unpacked);
  }
  const std::shared_ptr<const input_file> whole = unpacked.for_reading();
  tensor_collection collection;
  for (const member& each : members) {
    tensor_collection one = read_npy(std::make_shared<const input_file>(path + ":" + printable(each.name),
                                                                        whole, each.begin, each.size_bytes),
                                     npy_dtype);
    tensor& t = one.tensors.front();
    t.name = each.name.substr(0, each.name.size() - 4);
    collection.tensors.push_back(std::move(t));
  }
  return collection;
}

}  // namespace checkpoint
