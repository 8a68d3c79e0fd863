// Einsum: contractions written as labels.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "analyzer/op_context.h"
#include "rules/rules.h"

namespace onnx_macs {
namespace {

using Labels = std::vector<int>;

// Labels are numbered; the axes under the ellipsis get numbers of their own, aligned at the right.
struct Equation {
  std::vector<Labels> operands;
  Labels output;
  std::vector<Dim> sizes;  // by label
};

// No equation comes near this many axes; it bounds the work for a hostile one.
constexpr size_t kMaxAxes = 512;
constexpr int kNumLetters = 128;
constexpr absl::string_view kEllipsis = "...";

// One operand as written: letters before and after the ellipsis.
struct Term {
  absl::string_view before, after;
  bool has_ellipsis = false;

  int num_letters() const { return static_cast<int>(before.size() + after.size()); }
};

absl::Status ParseTerm(absl::string_view text, Term* term) {
  const size_t dots = text.find(kEllipsis);
  term->has_ellipsis = dots != absl::string_view::npos;
  term->before = text.substr(0, dots);
  if (term->has_ellipsis) term->after = text.substr(dots + kEllipsis.size());
  for (absl::string_view letters : {term->before, term->after}) {
    for (char c : letters) {
      if (!absl::ascii_isalpha(c)) {
        return absl::InvalidArgumentError(absl::StrCat("cannot read '", text, "' in the equation"));
      }
    }
  }
  return absl::OkStatus();
}

class Parser {
 public:
  explicit Parser(const OpContext& ctx) : ctx_(ctx) { label_of_.fill(-1); }

  // `*known` is false where a rank is not known.
  absl::Status Parse(absl::string_view equation, Equation* out, bool* known) {
    const std::vector<absl::string_view> sides = absl::StrSplit(equation, "->");
    if (sides.size() > 2) return absl::InvalidArgumentError("the equation has two arrows");
    const std::vector<absl::string_view> texts = absl::StrSplit(sides[0], ',');
    if (static_cast<int>(texts.size()) != ctx_.num_inputs()) {
      return absl::InvalidArgumentError(absl::StrCat("the equation has ", texts.size(),
                                                     " terms for ", ctx_.num_inputs(), " inputs"));
    }
    std::vector<Term> terms(texts.size());
    for (size_t i = 0; i < terms.size(); ++i) {
      if (auto status = ParseTerm(texts[i], &terms[i]); !status.ok()) return status;
    }
    if (auto status = MeasureEllipsis(terms, known); !status.ok() || !*known) return status;
    for (size_t i = 0; i < terms.size(); ++i) {
      if (auto status = AddOperand(terms[i], static_cast<int>(i), out); !status.ok()) return status;
    }
    return sides.size() == 2 ? ParseOutput(sides[1], out) : ImplyOutput(out);
  }

 private:
  absl::Status MeasureEllipsis(const std::vector<Term>& terms, bool* known) {
    size_t axes = 0;
    *known = true;
    for (size_t i = 0; i < terms.size(); ++i) {
      const Shape shape = ctx_.InputShape(static_cast<int>(i));
      if (!shape.has_rank()) {
        *known = false;
        return absl::OkStatus();
      }
      const int hidden = shape.rank() - terms[i].num_letters();
      if (hidden < 0 || (hidden > 0 && !terms[i].has_ellipsis)) {
        return absl::InvalidArgumentError(absl::StrCat("term ", i + 1, " names ",
                                                       terms[i].num_letters(),
                                                       " dims of an input with ", shape.rank()));
      }
      if (terms[i].has_ellipsis) ellipsis_ = std::max(ellipsis_, hidden);
      axes += shape.rank();
    }
    if (axes > kMaxAxes || terms.size() > kMaxAxes) {
      return absl::InvalidArgumentError("the equation has too many axes");
    }
    return absl::OkStatus();
  }

  // The axes under the ellipsis have the first labels.
  int LabelOf(char letter, Equation* out) {
    int& label = label_of_[static_cast<unsigned char>(letter) % kNumLetters];
    if (label < 0) {
      out->sizes.push_back(Dim(1));
      label = static_cast<int>(out->sizes.size()) - 1;
    }
    return label;
  }

  absl::Status AddOperand(const Term& term, int input, Equation* out) {
    out->sizes.resize(std::max<size_t>(out->sizes.size(), ellipsis_), Dim(1));
    const Shape shape = ctx_.InputShape(input);
    Labels labels;
    for (char c : term.before) labels.push_back(Use(c, out));
    const int hidden = shape.rank() - term.num_letters();
    for (int i = 0; i < hidden; ++i) labels.push_back(ellipsis_ - hidden + i);
    for (char c : term.after) labels.push_back(Use(c, out));
    for (int i = 0; i < shape.rank(); ++i) {
      if (auto s = Merge(shape[i], &out->sizes[labels[i]]); !s.ok()) return s;
    }
    out->operands.push_back(std::move(labels));
    return absl::OkStatus();
  }

  int Use(char letter, Equation* out) {
    ++uses_[static_cast<unsigned char>(letter) % kNumLetters];
    return LabelOf(letter, out);
  }

  // A dim of 1 broadcasts; others under one label must agree.
  absl::Status Merge(Dim dim, Dim* size) {
    if (IsInteger(dim, 1)) return absl::OkStatus();
    if (IsInteger(*size, 1)) {
      *size = dim;
      return absl::OkStatus();
    }
    if (ctx_.MustEqual(*size, dim)) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("sizes under one label differ: ", ToString(*size), " and ", ToString(dim)));
  }

  void AddEllipsis(Equation* out) {
    for (int i = 0; i < ellipsis_; ++i) out->output.push_back(i);
  }

  absl::Status AddOutputs(absl::string_view letters, Equation* out) {
    for (char c : letters) {
      const int label = label_of_[static_cast<unsigned char>(c) % kNumLetters];
      if (label < 0 || absl::c_linear_search(out->output, label)) {
        return absl::InvalidArgumentError(
            absl::StrCat("the equation's output has a wrong label '", std::string(1, c), "'"));
      }
      out->output.push_back(label);
    }
    return absl::OkStatus();
  }

  absl::Status ParseOutput(absl::string_view text, Equation* out) {
    Term term;
    if (auto status = ParseTerm(text, &term); !status.ok()) return status;
    if (auto status = AddOutputs(term.before, out); !status.ok()) return status;
    if (term.has_ellipsis) AddEllipsis(out);
    return AddOutputs(term.after, out);
  }

  // Without an arrow: the ellipsis, then the letters that occur once, in ASCII order.
  absl::Status ImplyOutput(Equation* out) {
    AddEllipsis(out);
    for (int c = 0; c < kNumLetters; ++c) {
      if (uses_[c] == 1) out->output.push_back(label_of_[c]);
    }
    return absl::OkStatus();
  }

  const OpContext& ctx_;
  std::array<int, kNumLetters> label_of_;
  std::array<int, kNumLetters> uses_{};
  int ellipsis_ = 0;  // how many axes it stands for
};

absl::Status ReadEquation(const OpContext& ctx, Equation* equation, bool* known) {
  const std::string text = absl::StrReplaceAll(ctx.StringAttribute("equation", ""), {{" ", ""}});
  return Parser(ctx).Parse(text, equation, known);
}

absl::Status InferEinsum(OpContext& ctx) {
  Equation equation;
  bool known;
  if (auto s = ReadEquation(ctx, &equation, &known); !s.ok() || !known) return s;
  DimVector out;
  for (int label : equation.output) out.push_back(equation.sizes[label]);
  ctx.SetOutput(0, ctx.InputType(0), out);
  return absl::OkStatus();
}

// Left to right, as written: a step multiplies what there is with the next operand and sums at once
// over the labels that nothing later needs. A step without a sum is a plain product.
class Contraction {
 public:
  explicit Contraction(const Equation& equation)
      : equation_(equation), needed_(equation.sizes.size(), 0), held_(equation.sizes.size()) {
    for (const Labels& operand : equation.operands) {
      for (int label : operand) ++needed_[label];
    }
    for (int label : equation.output) ++needed_[label];
  }

  Cost Run() {
    Take(equation_.operands[0]);
    if (equation_.operands.size() == 1) {
      const Count elements = Elements();
      return {.ops = DropUnneeded() ? elements : Count(0)};
    }
    Cost cost;
    for (size_t i = 1; i < equation_.operands.size(); ++i) {
      Take(equation_.operands[i]);
      const Count elements = Elements();
      (DropUnneeded() ? cost.macs : cost.ops) += elements;
    }
    return cost;
  }

 private:
  void Take(const Labels& operand) {
    for (int label : operand) {
      held_[label] = true;
      --needed_[label];
    }
  }
  Count Elements() const {
    Count elements = 1;
    for (size_t i = 0; i < held_.size(); ++i) {
      if (held_[i]) elements *= Count(equation_.sizes[i]);
    }
    return elements;
  }
  bool DropUnneeded() {
    bool dropped = false;
    for (size_t i = 0; i < held_.size(); ++i) {
      if (!held_[i] || needed_[i] > 0) continue;
      held_[i] = false;
      dropped = true;
    }
    return dropped;
  }

  const Equation& equation_;
  std::vector<int> needed_;  // by label: how often later operands and the output have it
  std::vector<bool> held_;   // by label: whether the intermediate result has it
};

Cost CountEinsum(const OpContext& ctx) {
  Equation equation;
  bool known;
  if (!ReadEquation(ctx, &equation, &known).ok() || !known) return {.macs = Count::Unknown()};
  return Contraction(equation).Run();
}

const OpRule kRules[] = {
    {.op_type = "Einsum",
     .domain = "",
     .since_version = 12,
     .infer = InferEinsum,
     .cost = CountEinsum,
     .counting = "left to right, pair by pair: the product of the sizes of all labels of the pair; "
                 "ops where no label is summed",
     .contraction_operands = ~InputMask{0}},
};

}  // namespace

absl::Span<const OpRule> EinsumRules() { return kRules; }

}  // namespace onnx_macs
