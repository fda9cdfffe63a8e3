// Layer: dispatch. Picks the kernel of one array call on blocks, once a call.
#pragma once

#include <cstddef>

#include "../core/bits.hpp"
#include "../kernels/avx512.hpp"
#include "../kernels/block_job.hpp"
#include "../kernels/lane_blocks.hpp"
#include "../kernels/scalar_blocks.hpp"
#include "isa.hpp"

#include "../kernels/target.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::dispatch {
namespace {

// `set` comes from resolve and is available. A kernel that an instruction set does not do better than
// the one before it falls through, in the end to scalar.

/// How many of the first elements a vector kernel has quantized: whole groups of blocks.
template <block_type B, rounding Mode>
std::size_t quantize_groups([[maybe_unused]] isa set, [[maybe_unused]] const float* in,
                            [[maybe_unused]] std::size_t n,
                            [[maybe_unused]] const kernels::block_target& out) {
#if defined(NARROWFP_X86)
  switch (set) {
    case isa::avx512_vbmi:
      return kernels::avx512_vbmi::quantize_groups<B, Mode>(in, n, out);
    case isa::avx512:
      return kernels::avx512::quantize_groups<B, Mode>(in, n, out);
    default:
      return 0;
  }
#endif
  return 0;
}

template <block_type B>
std::size_t dequantize_groups([[maybe_unused]] isa set, [[maybe_unused]] const kernels::block_source& in,
                              [[maybe_unused]] float* out, [[maybe_unused]] std::size_t n) {
#if defined(NARROWFP_X86)
  switch (set) {
    case isa::avx512_vbmi:
      return kernels::avx512_vbmi::dequantize_groups<B>(in, out, n);
    case isa::avx512:
      return kernels::avx512::dequantize_groups<B>(in, out, n);
    default:
      return 0;
  }
#endif
  return 0;
}

/// Elements that the scalar path takes where a vector kernel has stopped: a multiple of every group.
inline constexpr std::size_t elements_at_a_stop = 64;

template <block_type B, class S>
void quantize(isa set, const kernels::strided<const S>& in, const kernels::block_target& out,
              const blocks::quantize_job& job) {
  if constexpr (kernels::lane_scale_way<B, S> != kernels::scale_way::none) {
    const bool is_usual = job.as == recipe::native && kernels::is_one(job.tensor_scale) && in.stride == 1 &&
                          (job.rule == scale_rule::native ||
                           (job.rule == scale_rule::floor &&
                            kernels::lane_scale_way<B, S> == kernels::scale_way::power_of_two));
    if (is_usual && set >= isa::avx512 && set <= isa::avx512_vbmi) {
      const rounding mode = job.mode == rounding::native ? B::element_format::native_rounding : job.mode;
      if (mode == rounding::nearest_even) {
        blocks::quantize_job rest = job;
        for (std::size_t done = 0; done < in.n;) {
          const std::size_t first = done / B::elements;
          const kernels::block_target to = {out.metadata + first * out.metadata_stride,
                                            out.codes + first * out.code_stride, out.metadata_stride,
                                            out.code_stride};
          const std::size_t by_lanes =
              quantize_groups<B, rounding::nearest_even>(set, in.data + done, in.n - done, to);
          done += by_lanes;
          if (by_lanes == 0) {
            const std::size_t left = in.n - done;
            const std::size_t count = left < elements_at_a_stop ? left : elements_at_a_stop;
            rest.first_index = job.first_index + done;
            kernels::scalar::quantize<B>(kernels::strided<const S>{in.data + done, count}, to, rest);
            done += count;
          }
        }
        return;
      }
    }
  }
  kernels::scalar::quantize<B>(in, out, job);
}

template <block_type B, class S>
void dequantize(isa set, const kernels::block_source& in, const kernels::strided<S>& out,
                const blocks::dequantize_job& job) {
  if constexpr (kernels::is_lane_block<B, S>) {
    if (job.as == recipe::native && kernels::is_one(job.tensor_scale) && out.stride == 1 &&
        set >= isa::avx512 && set <= isa::avx512_vbmi) {
      for (std::size_t done = 0; done < out.n;) {
        const std::size_t first = done / B::elements;
        const kernels::block_source from = {in.metadata + first * in.metadata_stride,
                                            in.codes + first * in.code_stride, in.metadata_stride,
                                            in.code_stride};
        const std::size_t by_lanes = dequantize_groups<B>(set, from, out.data + done, out.n - done);
        done += by_lanes;
        if (by_lanes == 0) {
          const std::size_t left = out.n - done;
          const std::size_t count = left < elements_at_a_stop ? left : elements_at_a_stop;
          kernels::scalar::dequantize<B>(from, kernels::strided<S>{out.data + done, count}, job);
          done += count;
        }
      }
      return;
    }
  }
  kernels::scalar::dequantize<B>(in, out, job);
}

}  // namespace
}  // namespace narrowfp::inline v0::dispatch

#include "../kernels/target_end.hpp"
