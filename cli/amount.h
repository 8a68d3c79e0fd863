// Sums of amounts for folded rows and totals: integers exactly, formulas by the algebra of Dim.
#ifndef CLI_AMOUNT_H_
#define CLI_AMOUNT_H_

#include "analyzer/report.h"

namespace onnx_macs {

// A sum that holds a formula is left as it was put together; Simplified() writes it as one
// polynomial, which is worth it only for the few rows that are shown.
Amount Add(const Amount& a, const Amount& b);
Amount Subtract(const Amount& a, const Amount& b);
Amount Simplified(const Amount& amount);

Figures Add(const Figures& a, const Figures& b);
Figures Subtract(const Figures& a, const Figures& b);
Figures Simplified(const Figures& figures);

}  // namespace onnx_macs

#endif  // CLI_AMOUNT_H_
