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
    for (const narrowfp::error_report* error : {&row.layers.activations, &row.layers.gradients}) {
      out += format(",%.4f,%zu,%zu", error->sqnr_db, error->flushed, error->saturated);
    }
    out += '\n';
  }
  return out;
}

}  // namespace demo
