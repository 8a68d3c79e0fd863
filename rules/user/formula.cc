// Names are understood when the file is read; at a node only their values are looked up.
#include "rules/user/formula.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "analyzer/dim_parse.h"
#include "analyzer/inference.h"
#include "analyzer/spelling.h"

namespace onnx_macs {
namespace {

using What = Reference::What;
using Views = std::vector<absl::string_view>;

constexpr size_t kMostText = 1000;
constexpr size_t kMostQuoted = 60;

// What may follow the name of a tensor.
struct Property {
  absl::string_view name;
  What what;
  bool has_index;
};
constexpr Property kProperties[] = {{"shape", What::kSize, true},
                                    {"rank", What::kRank, false},
                                    {"elements", What::kElements, false},
                                    {"value", What::kValue, true}};

absl::Status Unknown(absl::string_view what, absl::string_view name, const Views& known) {
  const std::string guess = DidYouMean(Nearest(name, known));
  const std::string list =
      known.empty() ? "" : absl::StrCat(" (there are: ", absl::StrJoin(known, ", "), ")");
  return absl::InvalidArgumentError(
      absl::StrCat("there is no ", what, " '", name, "'", guess, list));
}

// "a.b[1]" in its parts.
struct NameParts {
  absl::string_view owner, property;
  std::optional<int> index;
};

absl::StatusOr<NameParts> Split(absl::string_view name) {
  NameParts parts;
  const absl::string_view plain = name.substr(0, name.find('['));
  absl::string_view subscript = name.substr(plain.size());
  if (!subscript.empty()) {
    int index;
    const bool is_number = absl::ConsumePrefix(&subscript, "[") &&
                           absl::ConsumeSuffix(&subscript, "]") &&
                           absl::SimpleAtoi(subscript, &index);
    if (!is_number) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", name, "' has an index that is no number"));
    }
    parts.index = index;
  }
  const size_t dot = plain.find('.');
  parts.owner = plain.substr(0, dot);
  if (dot != plain.npos) parts.property = plain.substr(dot + 1);
  return parts;
}

class Checker {
 public:
  Checker(const FormulaNames& signature, bool reads_outputs)
      : signature_(signature), reads_outputs_(reads_outputs) {}

  absl::StatusOr<Reference> Understand(absl::string_view name) const {
    const absl::StatusOr<NameParts> parts = Split(name);
    if (!parts.ok()) return parts.status();
    Reference reference;
    reference.name = std::string(name);
    reference.index = parts->index;
    const absl::Status status = parts->owner == "attr" ? FindAttribute(parts->property, &reference)
                                                       : FindTensor(*parts, &reference);
    if (!status.ok()) return status;
    return reference;
  }

 private:
  absl::Status FindAttribute(absl::string_view name, Reference* reference) const {
    reference->what = What::kAttribute;
    reference->attribute = std::string(name);
    if (name.empty()) return absl::InvalidArgumentError("attr needs a name: attr.heads");
    if (!signature_.attributes) return absl::OkStatus();
    Views known;
    for (const AttributeName& attribute : *signature_.attributes) {
      if (attribute.name == name) {
        reference->otherwise = attribute.otherwise;
        return absl::OkStatus();
      }
      known.push_back(attribute.name);
    }
    return Unknown("attribute", name, known);
  }

  absl::Status FindTensor(const NameParts& parts, Reference* reference) const {
    if (!FindSlot(signature_.inputs, parts.owner, reference)) {
      reference->of_output = FindSlot(signature_.outputs, parts.owner, reference);
      if (!reference->of_output) return NoSuchTensor(parts.owner);
    }
    if (reference->of_output && !reads_outputs_) {
      return absl::InvalidArgumentError(absl::StrCat(
          "'", parts.owner, "' is an output: its shape is being told, and cannot be read"));
    }
    return FindProperty(parts, reference);
  }

  static bool FindSlot(const std::vector<std::string>& names, absl::string_view name,
                       Reference* reference) {
    const auto it = absl::c_find(names, name);
    reference->slot = static_cast<int>(it - names.begin());
    return it != names.end();
  }

  absl::Status NoSuchTensor(absl::string_view name) const {
    Views known(signature_.inputs.begin(), signature_.inputs.end());
    if (reads_outputs_) {
      known.insert(known.end(), signature_.outputs.begin(), signature_.outputs.end());
    }
    return Unknown("input or output", name, known);
  }

  static absl::Status FindProperty(const NameParts& parts, Reference* reference) {
    Views known;
    for (const Property& property : kProperties) {
      if (property.name != parts.property) {
        known.push_back(property.name);
        continue;
      }
      reference->what = property.what;
      if (property.has_index == parts.index.has_value()) return absl::OkStatus();
      return absl::InvalidArgumentError(
          absl::StrCat("'", parts.owner, ".", property.name,
                       property.has_index ? "' needs an index, as [0]" : "' has no index"));
    }
    if (parts.property.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("'", parts.owner, "' is a tensor; write ",
                                                     parts.owner, ".elements or ", parts.owner,
                                                     ".shape[0]"));
    }
    return Unknown("property", parts.property, known);
  }

  const FormulaNames& signature_;
  const bool reads_outputs_;
};

// Looks up the values of references at one node. An unknown value leaves the reason.
class Lookup {
 public:
  explicit Lookup(const OpContext& ctx) : ctx_(ctx) {}

  Dim Value(const Reference& reference) {
    if (reference.what == What::kAttribute) return OfAttribute(reference);
    const bool is_there =
        reference.of_output ? ctx_.HasOutput(reference.slot) : ctx_.HasInput(reference.slot);
    if (!is_there) return Fail(reference, "the node does not have it");
    if (reference.what == What::kValue) return OfElement(reference);
    const Shape shape =
        reference.of_output ? ctx_.OutputShape(reference.slot) : ctx_.InputShape(reference.slot);
    if (!shape.has_rank()) return Fail(reference, "the rank is not known");
    if (reference.what == What::kRank) return shape.rank();
    return reference.what == What::kElements ? OfElements(reference, shape)
                                             : OfSize(reference, shape);
  }

  const std::string& reason() const { return reason_; }

 private:
  Dim OfSize(const Reference& reference, const Shape& shape) {
    const int index = *reference.index;
    if (index < -shape.rank() || index >= shape.rank()) {
      return Fail(reference, absl::StrCat("the rank is ", shape.rank()));
    }
    const Dim size = shape[index];
    return size.is_known() ? size : Fail(reference, "the size is not known");
  }

  // As wide as counts are.
  Dim OfElements(const Reference& reference, const Shape& shape) {
    const Count elements = Product(shape.dims());
    if (elements.is_integer()) return ctx_.pool().Integer(elements.value());
    return elements.is_expr() ? Dim(*elements.expr()) : Fail(reference, "a size is not known");
  }

  Dim OfElement(const Reference& reference) {
    const absl::Span<const Element> elements =
        reference.of_output ? absl::Span<const Element>(ctx_.Output(reference.slot).elements)
                            : ctx_.InputElements(reference.slot);
    const int64_t count = static_cast<int64_t>(elements.size());
    const int64_t index = *reference.index + (*reference.index < 0 ? count : 0);
    if (index < 0 || index >= count) return Fail(reference, "the value is not known");
    const Dim value = ctx_.pool().Resolve(elements[static_cast<size_t>(index)].exact);
    return value.is_known() ? value : Fail(reference, "the value is not known");
  }

  Dim OfAttribute(const Reference& reference) {
    const Attribute* attribute = ctx_.FindAttribute(reference.attribute);
    if (attribute == nullptr) {
      if (reference.otherwise) return ctx_.pool().Integer(*reference.otherwise);
      return Fail(reference, "the node does not have it");
    }
    if (!reference.index) {
      if (attribute->type == AttributeType::kInt) return ctx_.pool().Integer(attribute->i());
      return Fail(reference, "it is no integer");
    }
    const absl::Span<const int64_t> list = attribute->ints();
    const int64_t count = static_cast<int64_t>(list.size());
    const int64_t index = *reference.index + (*reference.index < 0 ? count : 0);
    if (index >= 0 && index < count) return ctx_.pool().Integer(list[static_cast<size_t>(index)]);
    return Fail(reference, absl::StrCat("it is a list of ", count, " integers"));
  }

  Dim Fail(const Reference& reference, absl::string_view why) {
    if (reason_.empty()) {
      reason_ = absl::StrCat("there is no ", Clipped(reference.name, kMostQuoted), ": ", why);
    }
    return Dim();
  }

  const OpContext& ctx_;
  std::string reason_;
};

absl::Status NoCount(const Formula& formula, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(QuotedFormula(formula.text), " ", why));
}

}  // namespace

std::string QuotedFormula(absl::string_view text) {
  return absl::StrCat("'", Clipped(text, kMostQuoted), "'");
}

absl::StatusOr<Formula> CheckFormula(absl::string_view text, const FormulaNames& signature,
                                     bool reads_outputs) {
  if (text.size() > kMostText) {
    return absl::InvalidArgumentError(
        absl::StrCat("the formula has ", text.size(), " characters; the most are ", kMostText));
  }
  Formula formula = {std::string(text), {}};
  const Checker checker(signature, reads_outputs);
  ExprPool pool;  // Of numbers alone: what a name stands for is told at a node.
  absl::Status first_error;
  const auto parsed = ParseFormula(text, pool, [&](absl::string_view name) {
    absl::StatusOr<Reference> reference = checker.Understand(name);
    if (reference.ok()) {
      formula.references.push_back(*std::move(reference));
    } else if (first_error.ok()) {
      first_error = reference.status();
    }
    return Dim();
  });
  if (!first_error.ok()) return first_error;
  if (!parsed.ok()) return parsed.status();
  return formula;
}

absl::StatusOr<Dim> Evaluate(const Formula& formula, const OpContext& ctx) {
  if (!ctx.inference().MayWorkOut(formula.text)) {
    return NoCount(formula, "is not worked out: too much text of formulas was, at other nodes");
  }
  Lookup lookup(ctx);
  const auto parsed = ParseFormula(formula.text, ctx.pool(), [&](absl::string_view name) {
    for (const Reference& reference : formula.references) {
      if (reference.name == name) return lookup.Value(reference);
    }
    return Dim();
  });
  if (!lookup.reason().empty()) return absl::InvalidArgumentError(lookup.reason());
  if (!parsed.ok()) return NoCount(formula, parsed.status().message());
  if (!parsed->is_known()) return NoCount(formula, "has no exact value here");
  if (IntervalOf(*parsed).high < 0) {
    return NoCount(formula, absl::StrCat("is ", ToString(*parsed), ", less than nothing"));
  }
  if (HasDenominator(*parsed) && ConstantTerm(*parsed) == *parsed) {
    return NoCount(formula, absl::StrCat("is ", ToString(*parsed), ", no whole number"));
  }
  return *parsed;
}

}  // namespace onnx_macs
