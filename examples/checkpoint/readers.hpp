// The file formats: each reader checks a file's declarations and returns the tensors that it holds.
#pragma once

#include <string>
#include <vector>

#include "parameter.hpp"
#include "tensor.hpp"

namespace checkpoint {

/// A file of any kind below, told apart by its first bytes and by the name of an index; or a folder that
/// holds one safetensors file, shards with an index, or one GGUF file, and its configuration. `npy_dtype` is
/// an ml_dtypes name for .npy files whose own description is ambiguous; usually empty.
model read_model(const std::string& path, const std::string& npy_dtype);

/// Several of them. Where there are more than one, a parameter's name is preceded by its path.
model read_models(const std::vector<std::string>& paths, const std::string& npy_dtype);

/// https://huggingface.co/docs/safetensors: a JSON header, then the tensors without gaps.
tensor_collection read_safetensors(std::shared_ptr<const input_file> file);

/// model.safetensors.index.json: which of several safetensors files beside it holds which tensor.
tensor_collection read_sharded(const input_file& index);

/// numpy's .npy, versions 1 to 3, in C or Fortran order.
tensor_collection read_npy(std::shared_ptr<const input_file> file, const std::string& npy_dtype);

/// numpy's .npz: a ZIP archive of those.
tensor_collection read_npz(const std::string& path, const std::string& npy_dtype);

}  // namespace checkpoint
