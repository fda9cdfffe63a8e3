// One call by the scalar path and by each instruction set, and whether they write the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <narrowfp/narrowfp.hpp>

namespace emulation {

/// A call as it is made by an instruction set: writes its result at `out`.
using call = std::function<void(narrowfp::isa use, std::byte* out)>;
using description = std::function<std::string()>;

/// Counts what was compared and prints the first differences.
class comparison {
 public:
  /// On an emulated processor, what Bochs 2.7 does otherwise than processors is let pass: it raises flags
  /// where instructions suppress them, and vcvtps2ph rounds floats half way between two float16 numbers away
  /// from zero.
  comparison(std::vector<narrowfp::isa> sets, bool is_emulated)
      : sets_(std::move(sets)), is_emulated_(is_emulated) {}

  /// Compares the `size` bytes that each set writes with those of the scalar path. No set may leave a byte of
  /// them out, write beside them, or change the modes and flags of the processor. Results begin at changing
  /// places of a cache line. `elements` counts as compared, once a set. Where results are float16 numbers,
  /// say so.
  void check(std::size_t size, std::size_t elements, const call&, const description&,
             bool is_float16 = false);

  /// The same when each set meets every direction of rounding, each with another treatment of denormal
  /// numbers.
  void check_in_every_environment(std::size_t size, std::size_t elements, const call&, const description&,
                                  bool is_float16 = false);

  /// For results too large to keep twice: whether `is_equal` holds.
  void check_that(bool is_equal, std::size_t elements, narrowfp::isa use, const description&);

  [[nodiscard]] const std::vector<narrowfp::isa>& sets() const { return sets_; }
  [[nodiscard]] std::uint64_t compared() const { return compared_; }
  [[nodiscard]] std::uint64_t differences() const { return differences_; }

 private:
  void check_under(const std::vector<std::uint64_t>& environments, std::size_t size, std::size_t elements,
                   const call&, const description&, bool is_float16);
  [[nodiscard]] std::size_t first_difference(const std::byte* got, bool is_float16) const;
  void report(narrowfp::isa use, const description&, const std::string& what);

  std::vector<narrowfp::isa> sets_;
  bool is_emulated_;
  std::vector<std::byte> want_;
  std::vector<std::byte> opposite_;
  std::vector<std::byte> got_;
  std::size_t calls_ = 0;
  std::uint64_t compared_ = 0;
  std::uint64_t differences_ = 0;
};

}  // namespace emulation
