// Who makes and asks the encoders of each format; encoding.cpp has the table.
#pragma once

#include <memory>

#include "encoding.hpp"

namespace checkpoint {

std::unique_ptr<encoder> make_float32(const encoding_options& options);
std::unique_ptr<encoder> make_bfloat16(const encoding_options& options);
std::unique_ptr<encoder> make_float16(const encoding_options& options);
std::unique_ptr<encoder> make_fp8_tensor(const encoding_options& options);
std::unique_ptr<encoder> make_fp8_row(const encoding_options& options);
std::unique_ptr<encoder> make_fp8_tile(const encoding_options& options);
std::unique_ptr<encoder> make_hif8(const encoding_options& options);
/// Which magnitude a scale of the parameter brings its largest one to.
float fp8_reach() noexcept;
float hif8_reach() noexcept;
float nvfp4_reach() noexcept;
/// What rounds a value by itself has neither rules nor recipes.
bool offers_single(const encoding_options& options) noexcept;
/// What copies, or rounds as ggml does and in no other way.
bool offers_nothing(const encoding_options& options) noexcept;
bool offers_ggml(const encoding_options& options) noexcept;

std::unique_ptr<encoder> make_mxfp8(const encoding_options& options);
std::unique_ptr<encoder> make_mxfp6(const encoding_options& options);
std::unique_ptr<encoder> make_mxfp4(const encoding_options& options);
std::unique_ptr<encoder> make_nvfp4(const encoding_options& options);
std::unique_ptr<encoder> make_hif4(const encoding_options& options);
bool offers_mxfp8(const encoding_options& options);
bool offers_mxfp6(const encoding_options& options);
bool offers_mxfp4(const encoding_options& options);
bool offers_nvfp4(const encoding_options& options);
bool offers_hif4(const encoding_options& options);

std::unique_ptr<encoder> make_q8_0(const encoding_options& options);
std::unique_ptr<encoder> make_q4_0(const encoding_options& options);
std::unique_ptr<encoder> make_q4_1(const encoding_options& options);
std::unique_ptr<encoder> make_ggml_mxfp4(const encoding_options& options);
std::unique_ptr<encoder> make_ggml_nvfp4(const encoding_options& options);

}  // namespace checkpoint
