// Text: from_chars of any characters and of numbers in every format, against naturals of any size; to_chars
// and from_chars round trips.
#include <cstdlib>
#include <map>

#include <narrowfp/io.hpp>

#include "fuzz.hpp"
#include "support/exact_text.hpp"
#include "support/formats_under_test.hpp"

namespace {

/// One type's functions, by bits.
struct subject {
  const char* name;
  /// The characters taken, 0 for none, and the code then.
  std::size_t (*read)(std::string_view, std::uint32_t& code);
  std::string (*write)(std::uint32_t code);
};

template <class T>
std::size_t read(std::string_view text, std::uint32_t& code) {
  auto x = T::from_bits(static_cast<typename T::code_type>(code));
  const auto result = narrowfp::from_chars(text.data(), text.data() + text.size(), x);
  code = x.bits();
  return result.ec == std::errc{} ? static_cast<std::size_t>(result.ptr - text.data()) : 0;
}
template <class T>
std::string write(std::uint32_t code) {
  const auto x = T::from_bits(static_cast<typename T::code_type>(code));
  char text[32];
  const auto result = narrowfp::to_chars(text, text + sizeof text, x);
  return result.ec == std::errc{} ? std::string(text, result.ptr) : std::string();
}

const std::vector<subject>& subjects() {
#define SUBJECT(type, name) {#name, read<type>, write<type>},
  static const std::vector<subject> list = {SUPPORT_FOR_EACH_TYPE(SUBJECT)};
#undef SUBJECT
  return list;
}

/// Numbers, and what is nearly one: a byte each picks what comes next.
std::string make_text(fuzz::bytes& in) {
  static const std::vector<std::string> parts = {
      "0",     "1", "2",       "3",  "4", "5",  "6", "7",          "8",   "9",   "00000000", "99999999",
      ".",     "-", "e",       "e-", "p", "p-", "a", "F",          "x",   "0x",  "inf",      "nan",
      "inity", "(", "nan(_1)", ")",  "_", "+",  " ", "0009765625", "464", "448", "49152"};
  // Half of them begin at a middle between two values of some formats; what follows may lift them off it.
  static const std::vector<std::string> middles = {"2.5",   "0.75",         "1.25",    "5.0",
                                                   "464.0", "0.0009765625", "0x1.1p0", "-0x3.p-2"};
  std::string text = in.flag() ? in.one_of(middles) + std::string(in.below(80), '0') : std::string();
  for (std::size_t n = in.below(40); n > 0; --n) {
    text += in.one_of(parts);
  }
  return text;
}

}  // namespace

void fuzz_one(std::span<const std::uint8_t> input) {
  fuzz::bytes in(input);
  do {
    const subject& tested = in.one_of(subjects());
    const oracle::format& f = oracle::find_format(tested.name);
    const std::string text = make_text(in);
    const auto context = [&] { return std::string(f.name) + " of \"" + text + '"'; };

    const std::uint32_t before = in.take<std::uint16_t>() & ((1U << f.width) - 1);
    std::uint32_t code = before;
    const std::size_t taken = tested.read(text, code);
    // Where a number ends is what the C library says, which skips white space and takes a plus sign as well.
    char* end = nullptr;
    static_cast<void>(std::strtod(text.c_str(), &end));
    const bool refused = text.empty() || text[0] == '+' || text[0] == ' ';
    fuzz::require(taken == (refused ? 0 : static_cast<std::size_t>(end - text.c_str())), context);
    fuzz::require(code == (taken == 0 ? before : support::encode_text(f, text.substr(0, taken))), context);

    const std::string written = tested.write(before);
    std::uint32_t again = 0;
    fuzz::require(tested.read(written, again) == written.size(), [&] { return "written: " + written; });
    const oracle::number& value = f.values[before];
    const std::uint32_t want = value.kind == oracle::kind::nan ? f.nan_code(f, value.negative, 0) : before;
    fuzz::require(again == want, [&] { return f.name + ": read back " + written; });
  } while (in.left() > 0);
}
