// What the fuzz targets share. A target turns any bytes into calls of the library, checks what they give, and
// throws fuzz::wrong where that is not right. tests/fuzz/driver.cpp runs it as an ordinary program, libFuzzer
// looks for inputs that reach new code; both call fuzz_one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <narrowfp/dispatch/isa.hpp>

/// The target. Never reads outside `input`.
void fuzz_one(std::span<const std::uint8_t> input);

namespace fuzz {

class wrong : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

inline void require(bool holds, const char* what) {
  if (!holds) {
    throw wrong(what);
  }
}
template <class Describe>
void require(bool holds, Describe describe) requires requires {
  std::string(describe());
}
{
  if (!holds) {
    throw wrong(describe());
  }
}

/// Takes an input apart; what it lacks is zero.
class bytes {
 public:
  explicit bytes(std::span<const std::uint8_t> input) : rest_(input) {}

  template <class U>
  U take() {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(U) && !rest_.empty(); ++i) {
      value |= std::uint64_t{rest_.front()} << 8 * i;
      rest_ = rest_.subspan(1);
    }
    return static_cast<U>(value);
  }
  bool flag() { return take<std::uint8_t>() % 2 != 0; }
  /// A number below n, which must be below 2^16.
  std::size_t below(std::size_t n) { return n <= 256 ? take<std::uint8_t>() % n : take<std::uint16_t>() % n; }
  template <class T>
  const T& one_of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }
  /// One of an enumeration's values, or in one case of 64 the number after its last.
  template <class E>
  E choice(E last) {
    const std::size_t count = static_cast<std::size_t>(last) + 1;
    const auto byte = take<std::uint8_t>();
    return static_cast<E>(byte < 4 && byte > 0 ? count : byte % count);
  }
  std::vector<std::uint8_t> take_bytes(std::size_t n) {
    std::vector<std::uint8_t> out(n);
    for (std::uint8_t& byte : out) {
      byte = take<std::uint8_t>();
    }
    return out;
  }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

 private:
  std::span<const std::uint8_t> rest_;
};

/// The instruction sets of this machine, scalar first.
inline const std::vector<narrowfp::isa>& sets() {
  static const std::vector<narrowfp::isa> list = [] {
    std::vector<narrowfp::isa> found;
    for (auto set = narrowfp::isa::scalar; set <= narrowfp::isa::neon;
         set = static_cast<narrowfp::isa>(static_cast<int>(set) + 1)) {
      if (narrowfp::isa_available(set)) {
        found.push_back(set);
      }
    }
    return found;
  }();
  return list;
}

}  // namespace fuzz
