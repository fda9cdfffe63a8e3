#include <vector>

#include "report.hpp"
#include "terminal.hpp"

namespace demo {
namespace {

/// The columns of the table; together 100 characters.
struct row_cells {
  std::string name, bits, range, scale, snr, error, flushed, saturated, loss;
};

std::string line(const row_cells& c) {
  return left(c.name, 15) + right(c.bits, 5) + "  " + left(c.range, 15) + "  " + left(c.scale, 12) +
         right(c.snr, 6) + right(c.error, 9) + right(c.flushed, 8) + right(c.saturated, 6) +
         right(c.loss, 18);
}

std::string thousandths(const estimate& x) {
  return format("%+.3f ±%6.3f", x.mean * 1000, x.standard_error * 1000);
}

/// Rows with the smallest loss of each width class, by index.
std::vector<std::size_t> best_of_each_width(std::span<const result> rows) {
  std::vector<std::size_t> best;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (best.empty() || starts_group(rows.first(i), rows[i])) {
      best.push_back(i);
    } else if (rows[i].loss_change.mean < rows[best.back()].loss_change.mean) {
      best.back() = i;
    }
  }
  return best;
}

}  // namespace

int width_class(double bits) { return bits > 12 ? 16 : bits > 7 ? 8 : bits > 5 ? 6 : 4; }

bool starts_group(std::span<const result> before, const result& row) {
  return !before.empty() && width_class(before.back().bits) != width_class(row.bits);
}

std::string table_rule() {
  std::string rule;
  for (int i = 0; i < 100; ++i) {
    rule += "─";
  }
  return dim(rule) + "\n";
}

std::string table_head() {
  const row_cells first{"format",  "bits", "smallest..", "scale 2^n of", "SNR",
                        "largest", "",     "satu-",      "loss change"};
  const row_cells second{"", "", "largest value", "E, H, O", "dB", "error", "flushed", "rated", "0.001 nat"};
  return bold(line(first)) + "\n" + bold(line(second)) + "\n" + table_rule();
}

std::string table_row(const result& row) {
  const std::string cells =
      line({row.format, compact(row.bits), compact(row.smallest) + ".." + compact(row.largest), row.scales,
            format("%.1f", row.error.sqnr_db), format("%.1e", row.error.max_abs_error),
            grouped(row.error.flushed), grouped(row.error.saturated), thousandths(row.loss_change)});
  return (row.loss_change.is_significant() ? cells : cells + " ~") + "\n";
}

std::string table_notes(std::size_t validation_characters) {
  constexpr const char* notes =
      R"(bits         a value, scales of blocks included
scale        of single values: the largest power of two that keeps the matrix in range (E embedding,
             H hidden and O output layer); pack multiplies by it, unpack divides. It leaves the E4M3
             variants alike. hif8 is most precise near 1 and wants no filled range: see its unscaled
             row. Of blocks: E8M0/32 is one E8M0 scale for 32 values, 2^n an exponent, 1b/2 a bit
             for 2 values, +2b bits for 8 and for 4 values, f32 a float for the matrix.
SNR          energy of the weights over energy of their errors; one bit more is worth 6 dB
error        the largest of any weight; flushed: not zero, became zero; saturated: clipped
loss change  from the float32 model, mean over %s characters that were never trained on, ±
             one standard error (paired, over blocks of 128 characters, as neighbours are not
             independent). It says how much another text would move the figure, not how much another
             training run would. ~ is within three standard errors of no change.
)";
  return format(notes, grouped(validation_characters).c_str());
}

std::string layer_table(std::span<const result> rows, const crests& tails) {
  const auto report = [](const format_error& error) {
    return right(format("%.1f", error.sqnr_db), 10) + right(grouped(error.flushed), 10) +
           right(grouped(error.saturated), 11);
  };
  const std::size_t activations = rows.front().layers.activations.count;
  const std::size_t gradients = rows.front().layers.gradients.count;
  std::string out =
      "The same formats on what flows through the model, for 512 contexts of the training text:\n\n";
  out +=
      bold(left("", 22) + left("   weights", 12) + left("   " + grouped(activations) + " activations", 31) +
           "   " + grouped(gradients) + " gradients") +
      "\n";
  const std::string three = right("SNR dB", 10) + right("flushed", 10) + right("saturated", 11);
  out +=
      bold(left("format", 15) + right("bits", 5) + right("SNR dB", 12) + three + three) + "\n" + table_rule();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out += starts_group(rows.first(i), rows[i]) ? "\n" : "";
    out += left(rows[i].format, 15) + right(compact(rows[i].bits), 5) +
           right(format("%.1f", rows[i].error.sqnr_db), 12) + report(rows[i].layers.activations) +
           report(rows[i].layers.gradients) + "\n";
  }
  out += table_rule();
  constexpr const char* notes =
      R"(The largest value is %.0f times the root mean square for weights, %.0f times for activations and
%.0f times for gradients: the heavier the tails, the more a wide range or scales of blocks help.
)";
  return out + format(notes, tails.weights, tails.activations, tails.gradients);
}

std::string products_head() {
  const auto cells = [](const char* weights, const char* activations, const char* only, const char* plain,
                        const char* small, const char* large) {
    return bold(left(weights, 12) + left(activations, 12) + right(only, 18) + right(plain, 18) +
                right(small, 18) + right(large, 18)) +
           "\n";
  };
  return cells("", "", "dequantized", "packed", "packed", "packed") +
         cells("weights", "activations", "weights only", "both", "rotated 16", "rotated 128") + table_rule();
}

std::string products_row(const product_result& row) {
  std::string out =
      left(row.weights, 12) + left(row.activations, 12) + right(thousandths(row.weights_only), 18);
  for (const estimate& change : row.packed) {
    out += right(thousandths(change), 18);
  }
  return out + "\n";
}

std::string products_notes() {
  return R"(Changes of the loss, as above. The embedding stays in float32, as no product reads it.
packed   rows of weights times rows of activations without unpacking either, each sum exact and
         rounded once. nvfp4 has a float scale for each row of activations, one for a weight matrix.
rotated  before quantizing, both by a Hadamard transform with the same random signs, in blocks of 16
         or 128 along the sum; it divides both layers' inputs, 256 and 128, so nothing is padded.
)";
}

std::string summary(std::span<const result> rows, std::size_t weights, double loss) {
  std::string out =
      format("%s weights fill %.0f KiB as float32, at %.4f nats a character. The best of each width:\n",
             grouped(weights).c_str(), static_cast<double>(weights) * 4 / 1024, loss);
  for (const std::size_t i : best_of_each_width(rows)) {
    const estimate& change = rows[i].loss_change;
    const std::string size = format("%.0f KiB", static_cast<double>(rows[i].stored_bytes) / 1024);
    out += "  " + bold(left(rows[i].format, 15)) + right(size, 8) + "   " +
           (change.is_significant() ? format("%+.2f %% of the loss", 100 * change.mean / loss)
                                    : std::string("no change that this text can show")) +
           "\n";
  }
  return out;
}

}  // namespace demo
