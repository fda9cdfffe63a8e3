// dot, matrix_vector_product and matrix_product: pair of formats x shape x instruction set.
#include "product_rows.hpp"

#include <narrowfp/pack.hpp>
#include <narrowfp/products.hpp>
#include <narrowfp/quantize.hpp>

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "product_ceilings.hpp"
#include "support/buffer.hpp"
#include "support/inputs.hpp"
#include "support/instruction_sets.hpp"

namespace bench {

namespace {

using namespace narrowfp;

constexpr std::size_t elements_of_part = 1024;  ///< that are dequantized at a time

template <class T>
constexpr std::size_t elements_of_unit = [] {
  if constexpr (block_type<T>) {
    return std::size_t{T::elements};
  } else {
    return std::size_t{1};
  }
}();

template <class T>
std::size_t size_bytes(std::size_t elements) {
  return elements / elements_of_unit<T> * sizeof(T);
}

template <class T>
std::span<const T> units(const std::byte* bytes, std::size_t elements) {
  return {reinterpret_cast<const T*>(bytes), elements / elements_of_unit<T>};
}

/// N(0, 1) in the format; the two sides of a product have other values.
template <class T>
const buffer& pool_of(std::size_t side) {
  static buffer pools[2];
  buffer& pool = pools[side];
  if (pool.size() == 0) {
    const std::size_t n = current_product_settings().pool_elements;
    const buffer values = make_input(content::floats, distribution::normal, 2 * n * sizeof(float));
    const std::span<const float> in(reinterpret_cast<const float*>(values.data()) + side * n, n);
    pool = buffer(size_bytes<T>(n));
    const std::span<T> out(reinterpret_cast<T*>(pool.data()), n / elements_of_unit<T>);
    if constexpr (block_type<T>) {
      quantize(in, out);
    } else if constexpr (std::is_same_v<T, float>) {
      std::copy(in.begin(), in.end(), out.begin());
    } else {
      pack(in, out);
    }
  }
  return pool;
}

/// Elements as floats: in `scratch`, unless they are.
template <class T>
const float* floats_of(const std::byte* bytes, std::size_t elements, float* scratch) {
  if constexpr (std::is_same_v<T, float>) {
    return reinterpret_cast<const float*>(bytes);
  } else {
    const std::span<float> out(scratch, elements);
    if constexpr (block_type<T>) {
      dequantize(units<T>(bytes, elements), out);
    } else {
      unpack(units<T>(bytes, elements), out);
    }
    return scratch;
  }
}

struct shape {
  std::size_t rows_a, rows_b, cols;

  auto operator<=>(const shape&) const = default;
};

/// Rows of one operand.
template <class T>
class operand {
 public:
  operand(std::size_t side, std::size_t rows, std::size_t cols)
      : side_(side), rows_(rows), cols_(cols), bytes_(size_bytes<T>(rows * cols)) {
    fill(0);
  }

  /// Distinct elements.
  [[nodiscard]] std::size_t period() const {
    return std::min(rows_ * cols_, current_product_settings().pool_elements);
  }
  [[nodiscard]] std::size_t windows() const { return current_product_settings().pool_elements / period(); }
  void fill(std::size_t window) {
    const std::size_t size = size_bytes<T>(period());
    const std::byte* from = pool_of<T>(side_).data() + window % windows() * size;
    for (std::size_t done = 0; done < bytes_.size(); done += size) {
      std::memcpy(bytes_.data() + done, from, size);
    }
  }

  [[nodiscard]] const std::byte* data() const { return bytes_.data(); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] const std::byte* row(std::size_t r) const { return data() + size_bytes<T>(r * cols_); }
  [[nodiscard]] matrix_view<T> view() const { return {units<T>(data(), rows_ * cols_), rows_, cols_}; }
  /// As few elements as repeat, in a row.
  [[nodiscard]] matrix_view<T> first_period() const { return {units<T>(data(), period()), 1, period()}; }
  [[nodiscard]] std::size_t distinct_rows() const { return std::max<std::size_t>(1, period() / cols_); }

 private:
  std::size_t side_, rows_, cols_;
  buffer bytes_;
};

/// A product of A and B.
template <class A, class B>
class experiment {
 public:
  experiment(const shape& wanted, isa set)
      : shape_(wanted),
        set_(set),
        a_(0, wanted.rows_a, wanted.cols),
        b_(1, wanted.rows_b, wanted.cols),
        out_(wanted.rows_a * wanted.rows_b),
        floats_a_(std::min(wanted.rows_a * wanted.cols,
                           std::max(elements_of_part, current_product_settings().matrix_cols))),
        floats_b_(is_dot() ? elements_of_part : wanted.rows_b * wanted.cols) {}

  [[nodiscard]] std::size_t elements() const { return shape_.rows_a * shape_.rows_b * shape_.cols; }
  [[nodiscard]] std::size_t bytes() const { return a_.size() + b_.size(); }

  void run() {
    if (is_dot()) {
      out_[0] = dot(a_.view(), b_.view(), {.use = set_});
    } else if (shape_.rows_b == 1) {
      matrix_vector_product(a_.view(), b_.view(), out_, {.use = set_});
    } else {
      matrix_product(a_.view(), b_.view(), out_, {.use = set_});
    }
  }

  void left() {
    if (is_dot()) {
      float sum = 0;
      for (std::size_t i = 0; i < shape_.cols; i += elements_of_part) {
        const std::size_t n = std::min(elements_of_part, shape_.cols - i);
        sum += fused_dot(floats_of<A>(a_.data() + size_bytes<A>(i), n, floats_a_.data()),
                         floats_of<B>(b_.data() + size_bytes<B>(i), n, floats_b_.data()), n);
      }
      out_[0] = sum;
      return;
    }
    const float* all_b = floats_of<B>(b_.data(), shape_.rows_b * shape_.cols, floats_b_.data());
    for (std::size_t i = 0; i < shape_.rows_a; ++i) {
      for (std::size_t j = 0; j < shape_.rows_b; ++j) {
        out_[i * shape_.rows_b + j] = 0;
      }
      for (std::size_t k = 0; k < shape_.cols; k += elements_of_part) {
        const std::size_t n = std::min(elements_of_part, shape_.cols - k);
        const float* part = floats_of<A>(a_.row(i) + size_bytes<A>(k), n, floats_a_.data());
        for (std::size_t j = 0; j < shape_.rows_b; ++j) {
          out_[i * shape_.rows_b + j] += fused_dot(part, all_b + j * shape_.cols + k, n);
        }
      }
    }
  }

  void read() const { seen_ |= read_bytes(a_.data(), a_.size()) | read_bytes(b_.data(), b_.size()); }

  void next() {
    ++window_;
    a_.fill(window_);
    b_.fill(window_);
  }

  [[nodiscard]] bool is_right() {
    const std::vector<float>& wanted = expected();
    const std::size_t rows = std::min(shape_.rows_a, a_.distinct_rows());
    for (std::size_t i = 0; i < shape_.rows_a; ++i) {
      if (std::memcmp(&out_[i * shape_.rows_b], &wanted[i % rows * shape_.rows_b],
                      shape_.rows_b * sizeof(float)) != 0) {
        return false;
      }
    }
    return true;
  }

 private:
  [[nodiscard]] bool is_dot() const { return shape_.rows_a == 1 && shape_.rows_b == 1; }

  /// By the scalar path, the same for every instruction set.
  const std::vector<float>& expected() {
    static std::map<std::pair<shape, std::size_t>, std::vector<float>> known;
    std::vector<float>& all = known[{shape_, window_ % std::max(a_.windows(), b_.windows())}];
    if (!all.empty()) {
      return all;
    }
    if (a_.period() < shape_.cols) {  // repeated a power of two times, which scales the exact sum
      const auto times = static_cast<float>(shape_.cols / a_.period());
      all = {times * dot(a_.first_period(), b_.first_period(), {.use = isa::scalar})};
      return all;
    }
    for (std::size_t i = 0; i < std::min(shape_.rows_a, a_.distinct_rows()); ++i) {
      for (std::size_t j = 0; j < shape_.rows_b; ++j) {
        all.push_back(dot(a_.view().rows(i, 1), b_.view().rows(j, 1), {.use = isa::scalar}));
      }
    }
    return all;
  }

  shape shape_;
  isa set_;
  operand<A> a_;
  operand<B> b_;
  std::vector<float> out_;
  std::vector<float> floats_a_, floats_b_;
  std::size_t window_ = 0;
  mutable std::size_t seen_ = 0;
};

template <class A, class B>
product make_product(const shape& wanted, isa set, bool in_cache) {
  const auto e = std::make_shared<experiment<A, B>>(wanted, set);
  product p;
  p.elements = e->elements();
  p.bytes = e->bytes();
  p.run = [e] { e->run(); };
  p.left = [e] { e->left(); };
  p.read = [e] { e->read(); };
  if (in_cache) {
    p.next = [e] { e->next(); };
  }
  p.is_right = [e] { return e->is_right(); };
  return p;
}

template <class A, class B>
void add_rows(std::vector<product_row>& rows, const std::string& pair) {
  const product_settings& s = current_product_settings();
  for (const isa set : instruction_sets_but({isa::generic, isa::avx512_vbmi})) {
    const auto add = [&](const std::string& kind, const std::string& place, const shape& wanted) {
      rows.push_back({kind + "/" + pair + "/" + isa_name(set) + "/" + place,
                      [=] { return make_product<A, B>(wanted, set, place != "memory"); }});
    };
    for (const std::size_t n : s.cache_elements) {
      add("dot", std::to_string(n), {1, 1, n});
    }
    for (const std::size_t columns : std::initializer_list<std::size_t>{1, 4, 16, 64}) {
      add("matrix_by_" + std::to_string(columns), "cache", {s.matrix_rows, columns, s.matrix_cols});
    }
    if (s.memory_elements != 0) {
      add("dot", "memory", {1, 1, s.memory_elements});
      add("matrix_by_1", "memory", {s.memory_elements / s.matrix_cols, 1, s.matrix_cols});
    }
  }
}

}  // namespace

product_settings& current_product_settings() {
  static product_settings s;
  return s;
}

bool has_product_ceilings() {
#if defined(__x86_64__)
  return isa_available(isa::avx2);
#else
  return true;
#endif
}

void add_product_rows(std::vector<product_row>& rows) {
  add_rows<mxfp4, mxfp4>(rows, "mxfp4.mxfp4");
  add_rows<mxfp4, mxint8>(rows, "mxfp4.mxint8");
  add_rows<mxint8, mxint8>(rows, "mxint8.mxint8");
  add_rows<nvfp4, nvfp4>(rows, "nvfp4.nvfp4");
  add_rows<hif4, hif4>(rows, "hif4.hif4");
  add_rows<nvfp4, mxint8>(rows, "nvfp4.mxint8");
  add_rows<mxfp6_e2m3, mxfp6_e2m3>(rows, "mxfp6_e2m3.mxfp6_e2m3");
  add_rows<fp8_e4m3, fp8_e4m3>(rows, "fp8_e4m3.fp8_e4m3");
  add_rows<mxfp8_e4m3, mxfp8_e4m3>(rows, "mxfp8_e4m3.mxfp8_e4m3");
  add_rows<mxfp4, mxfp8_e4m3>(rows, "mxfp4.mxfp8_e4m3");
  add_rows<hif8, hif8>(rows, "hif8.hif8");
  add_rows<mxfp4, bfloat16>(rows, "mxfp4.bfloat16");
  add_rows<mxfp4, float>(rows, "mxfp4.f32");
}

}  // namespace bench
