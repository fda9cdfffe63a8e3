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
  /// Bochs 2.7 raises flags where instructions suppress them, so that it can be told to leave flags alone.
  comparison(std::vector<narrowfp::isa> sets, bool with_flags)
      : sets_(std::move(sets)), with_flags_(with_flags) {}

  /// Compares the `size` bytes that each set writes with those of the scalar path. No set may leave a byte of
  /// them out, write beside them, or change the modes and flags of the processor. Results begin at changing
  /// places of a cache line. `elements` counts as compared, once a set.
  void check(std::size_t size, std::size_t elements, const call&, const description&);

  /// The same when each set meets every direction of rounding, each with another treatment of denormal
  /// numbers.
  void check_in_every_environment(std::size_t size, std::size_t elements, const call&, const description&);

  /// For results too large to keep twice: whether `is_equal` holds.
  void check_that(bool is_equal, std::size_t elements, narrowfp::isa use, const description&);

  [[nodiscard]] const std::vector<narrowfp::isa>& sets() const { return sets_; }
  [[nodiscard]] std::uint64_t compared() const { return compared_; }
  [[nodiscard]] std::uint64_t differences() const { return differences_; }

 private:
  void check_under(const std::vector<std::uint64_t>& environments, std::size_t size, std::size_t elements,
                   const call&, const description&);
  void report(narrowfp::isa use, const description&, const std::string& what);

  std::vector<narrowfp::isa> sets_;
  bool with_flags_;
  std::vector<std::byte> want_;
  std::vector<std::byte> opposite_;
  std::vector<std::byte> got_;
  std::size_t calls_ = 0;
  std::uint64_t compared_ = 0;
  std::uint64_t differences_ = 0;
};

}  // namespace emulation
