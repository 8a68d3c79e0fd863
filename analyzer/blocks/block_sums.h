// BlockSums: what blocks cost, added up from the costs of their nodes as these are told.
#ifndef ANALYZER_BLOCKS_BLOCK_SUMS_H_
#define ANALYZER_BLOCKS_BLOCK_SUMS_H_

#include <cstddef>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "analyzer/amount_maker.h"
#include "analyzer/blocks/block.h"
#include "analyzer/component_tree.h"
#include "analyzer/cost_walk.h"
#include "analyzer/inference.h"
#include "analyzer/report.h"

namespace onnx_macs {

class BlockSums {
 public:
  // `blocks` outlives the sums.
  BlockSums(Inference& inference, const ComponentTree& tree, const Blocks& blocks);

  void Add(size_t record, const NodeCost& node, ComponentId component);
  void AddTraffic(size_t record, const Count& bytes);
  void AddParameter(size_t record, const Count& elements, const Count& bytes);
  // Once everything was added: each block gets what lies in it, and of `all`, the whole model, it
  // is known what is active.
  ActiveFigures Finish(const Totals& all);
  // After that: every block, and what lies in none.
  void MakeRows(ModelReport* report) const;

 private:
  // Of experts: what those that were not chosen for a token take.
  struct Idle {
    Count macs = 0, params = 0;

    void Add(const Idle& other) {
      macs += other.macs;
      params += other.params;
    }
  };
  struct PartSum {
    absl::string_view part;
    CountSum macs;
  };
  struct Sum {
    Totals totals;
    Idle idle;
    int64_t gaps = 0;
    // The innermost module that holds all nodes of which a module is known.
    ComponentId component = kRootComponent;
    std::vector<PartSum> parts;
  };

  Sum& SumOf(size_t record);
  void AddParts(size_t record, const NodeCost& node, Sum* sum);
  void AddPart(absl::string_view part, const Count& macs, Sum* sum);
  void Enclose(ComponentId component, Sum* sum) const;
  void FoldIntoParents();
  void FoldInto(BlockKind kind, const Sum& sum, Sum* parent) const;
  static Idle IdleOf(const Mixture& mixture, const Totals& experts);
  static ActiveFigures Active(const Totals& totals, const Idle& idle);
  BlockRow MakeRow(BlockId id, AmountMaker* amounts) const;
  static void AddRow(const PartSum& part, BlockRow* row);
  void DescribeAttention(const Block& block, const Sum& sum, BlockRow* row) const;
  void DescribeMixture(const Block& block, const Sum& sum, BlockRow* row) const;
  Amount SizeAmount(Dim size) const;

  Inference& inference_;
  const ComponentTree& tree_;
  const Blocks& blocks_;
  std::vector<Sum> sums_;  // by block
  Sum outside_;
  Idle idle_;
};

}  // namespace onnx_macs

#endif  // ANALYZER_BLOCKS_BLOCK_SUMS_H_
