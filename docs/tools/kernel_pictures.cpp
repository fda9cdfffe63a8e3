// The pictures of docs/kernels.md: the layers, and the way of one call. tools/check_kernels.cmake compares
// the paths that they name with those of the headers.
#include <string>
#include <utility>
#include <vector>

#include "svg.hpp"

namespace docs {

namespace {

struct box {
  double x, y, width, height;
  [[nodiscard]] double middle() const { return x + width / 2; }
  [[nodiscard]] double bottom() const { return y + height; }
};

/// A name, and what it is, on the lines below.
void draw_box(svg& picture, const box& b, const char* colour, const std::string& name,
              const std::vector<std::string>& lines) {
  picture.rectangle(b.x, b.y, b.width, b.height, colour, 1.5);
  const double text_height = 18 * static_cast<double>(lines.size());
  double y = b.y + (b.height - text_height) / 2 + 5;
  picture.text(b.middle(), y, name, anchor::middle, colour, 15);
  for (const std::string& line : lines) {
    y += 18;
    picture.text(b.middle(), y, line, anchor::middle, colour::ink, 13);
  }
}

void arrow_down(svg& picture, double x, double y1, double y2) {
  picture.path({{x, y1}, {x, y2}}, colour::ink, 1.5);
  picture.path({{x - 5, y2 - 8}, {x, y2}, {x + 5, y2 - 8}}, colour::ink, 1.5);
}

}  // namespace

std::string kernel_layers() {
  svg picture(1180, 686, "The layers of the kernels: includes go down only");
  constexpr double left = 60;
  constexpr double wide = 980;
  constexpr double mid = left + wide / 2;
  constexpr double gap = 28;

  const box call = {left, 12, wide, 46};
  draw_box(picture, call, colour::ink, "pack.hpp, quantize.hpp",
           {"sizes and options are checked, once a call"});
  const box dispatch = {left, call.bottom() + gap, wide, 46};
  draw_box(picture, dispatch, colour::orange, "dispatch/", {"one instruction set is chosen, once a call"});

  const box frame = {left, dispatch.bottom() + gap, wide, 216};
  picture.rectangle(frame.x, frame.y, frame.width, frame.height, colour::blue, 1.5);
  picture.text(frame.x + 14, frame.y + 24, "compiled for each instruction set", anchor::start, colour::ink,
               13);
  const box vector = {left + 20, frame.y + 38, wide - 40, 50};
  draw_box(picture, vector, colour::blue, "kernels/vector/",
           {"written once, over the vocabulary of whichever set it is compiled for"});
  const double set_width = (wide - 40 - 4 * 14) / 5;
  struct set {
    const char* name;
    std::vector<std::string> lines;
  };
  const std::vector<set> sets = {
      {"kernels/avx2/", {"8 floats, 32 codes", "words.hpp: vocabulary", "kernels of its own"}},
      {"kernels/avx512/", {"16 floats, 64 codes", "words.hpp: vocabulary", "kernels of its own"}},
      {"kernels/avx512_vbmi/", {"the files of avx512/ over", "bytes.hpp of its own", "kernels of its own"}},
      {"kernels/neon/", {"4 floats, 16 codes", "words.hpp: vocabulary", "kernels of its own"}},
      {"kernels/generic/", {"plain C++, 16 codes", "words.hpp: vocabulary", "some work, not all"}}};
  double x = left + 20;
  for (const set& s : sets) {
    const box b = {x, vector.bottom() + 24, set_width, 86};
    draw_box(picture, b, colour::blue, s.name, s.lines);
    arrow_down(picture, b.middle(), vector.bottom(), b.y);
    x += set_width + 14;
  }

  const box scalar = {left, frame.bottom() + gap, wide, 46};
  draw_box(picture, scalar, colour::green, "kernels/scalar/",
           {"the definition over arrays; what runs where no set does better"});
  const box facts = {left, scalar.bottom() + gap, wide, 46};
  draw_box(picture, facts, colour::green, "kernels/facts/",
           {"what kernels know of a format, computed from the core when they are compiled"});
  const box base = {left, facts.bottom() + gap, wide, 46};
  draw_box(picture, base, colour::green,
           "kernels/job.hpp, block_job.hpp, target.hpp, prefetch.hpp, unknown.hpp",
           {"what a call asks for; what the compiler can do"});
  const box core = {left, base.bottom() + gap, wide, 46};
  draw_box(picture, core, colour::violet, "block/, types/, formats/, core/",
           {"formats as data, and the one rounding"});

  arrow_down(picture, mid, call.bottom(), dispatch.y);
  arrow_down(picture, mid, dispatch.bottom(), frame.y);
  arrow_down(picture, mid, frame.bottom(), scalar.y);
  arrow_down(picture, mid, scalar.bottom(), facts.y);
  arrow_down(picture, mid, facts.bottom(), base.y);
  arrow_down(picture, mid, base.bottom(), core.y);

  // What no set does goes from dispatch to the scalar path.
  constexpr double side = left + wide + 30;
  const double from = dispatch.y + dispatch.height / 2;
  const double to = scalar.y + scalar.height / 2;
  picture.path({{left + wide, from}, {side, from}, {side, to}, {left + wide, to}}, colour::ink, 1.5);
  picture.path({{left + wide + 8, to - 5}, {left + wide, to}, {left + wide + 8, to + 5}}, colour::ink, 1.5);
  picture.text(side + 8, (from + to) / 2 - 8, "what no", anchor::start, colour::ink, 13);
  picture.text(side + 8, (from + to) / 2 + 10, "set does", anchor::start, colour::ink, 13);
  return picture.document();
}

std::string kernel_call() {
  struct stop {
    const char *file, *function, *what;
    const char* colour;
  };
  const std::vector<stop> stops = {
      {"pack.hpp", "pack(in, out)", "checks sizes and options", colour::ink},
      {"dispatch/isa.hpp", "resolve", "the best instruction set that the machine has", colour::orange},
      {"dispatch/convert.hpp", "encode, encode_by_vectors", "vectors first, else the scalar path",
       colour::orange},
      {"dispatch/set_list.hpp", "set_list::any", "asks the sets, best first, until one does the work",
       colour::orange},
      {"kernels/vector/face.hpp", "face::encode", "what dispatch sees of a set", colour::blue},
      {"kernels/avx2/encode.hpp", "encode, encode_mode",
       "the first way whose facts exist for format and mode", colour::blue},
      {"kernels/facts/linear_grid.hpp", "linear_of", "E4M3's factor and range, from the core", colour::green},
      {"kernels/avx2/pack.hpp", "pack_elements, linear_encoding", "what a loop does to a group of 32",
       colour::blue},
      {"kernels/vector/pack.hpp", "encode_groups", "the loop over the array", colour::blue},
      {"kernels/avx2/encode_linear.hpp", "encode_linear", "clamp, one fused addition, signs", colour::blue},
      {"kernels/avx2/dense.hpp", "store_group", "32 codes to memory", colour::blue},
  };
  constexpr double height = 44;
  constexpr double gap = 22;
  constexpr double left = 20;
  constexpr double file_width = 290;
  svg picture(1000, static_cast<int>(20 + static_cast<double>(stops.size()) * (height + gap)),
              "The way of pack of floats to fp8_e4m3 on a machine with AVX2");
  double y = 12;
  double from = 0;
  for (const stop& s : stops) {
    if (from != 0) {
      arrow_down(picture, left + file_width / 2, from, y);
    }
    draw_box(picture, {left, y, file_width, height}, s.colour, s.file, {});
    picture.text(left + file_width + 22, y + 18, s.function, anchor::start, s.colour, 14);
    picture.text(left + file_width + 22, y + 36, s.what, anchor::start, colour::ink, 13);
    from = y + height;
    y = from + gap;
  }
  // The other way from dispatch/convert.hpp.
  constexpr double side = 790;
  const double at = 12 + 2 * (height + gap);
  const box scalar = {side - 60, at + 2 * (height + gap), 250, height};
  picture.path({{left + file_width + 230, at + 13}, {scalar.middle(), at + 13}, {scalar.middle(), scalar.y}},
               colour::ink, 1.5);
  picture.path(
      {{scalar.middle() - 5, scalar.y - 8}, {scalar.middle(), scalar.y}, {scalar.middle() + 5, scalar.y - 8}},
      colour::ink, 1.5);
  picture.text(left + file_width + 240, at + 7, "no set does the work", anchor::start, colour::ink, 13);
  draw_box(picture, scalar, colour::green, "kernels/scalar/arrays.hpp", {});
  picture.text(scalar.middle(), scalar.bottom() + 18, "encode: by rows, or by the core", anchor::middle,
               colour::ink, 13);
  return picture.document();
}

}  // namespace docs
