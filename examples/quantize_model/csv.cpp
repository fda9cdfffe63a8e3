#include "report.hpp"
#include "terminal.hpp"

namespace demo {

std::string csv(std::span<const result> rows, double loss) {
  std::string out =
      "format,bits,has_block_scales,smallest,largest,scales,sqnr_db,max_abs_error,flushed,saturated,"
      "stored_bytes,loss_change,loss_change_standard_error,float32_loss,"
      "activations_sqnr_db,activations_flushed,activations_saturated,"
      "gradients_sqnr_db,gradients_flushed,gradients_saturated\n";
  for (const result& row : rows) {
    out += row.format + format(",%.6g,%d,%.9g,%.9g,%s,%.4f,%.6e,%zu,%zu,%zu,%.9f,%.9f,%.9f", row.bits,
                               row.has_block_scales ? 1 : 0, row.smallest, row.largest, row.scales.c_str(),
                               row.error.sqnr_db, row.error.max_abs_error, row.error.flushed,
                               row.error.saturated, row.stored_bytes, row.loss_change.mean,
                               row.loss_change.standard_error, loss);
    for (const format_error* error : {&row.layers.activations, &row.layers.gradients}) {
      out += format(",%.4f,%zu,%zu", error->sqnr_db, error->flushed, error->saturated);
    }
    out += '\n';
  }
  return out;
}

std::string products_csv(std::span<const product_result> rows, double loss) {
  std::string out = "weights,activations,float32_loss,weights_only,weights_only_standard_error";
  for (const std::size_t block : rotations) {
    const std::string name = block == 0 ? ",packed" : ",packed_rotated_" + std::to_string(block);
    out += name + name + "_standard_error";
  }
  out += '\n';
  for (const product_result& row : rows) {
    out += row.weights + "," + row.activations + format(",%.9f", loss);
    out += format(",%.9f,%.9f", row.weights_only.mean, row.weights_only.standard_error);
    for (const estimate& change : row.packed) {
      out += format(",%.9f,%.9f", change.mean, change.standard_error);
    }
    out += '\n';
  }
  return out;
}

}  // namespace demo
