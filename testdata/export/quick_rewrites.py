"""Makes torch.onnx's optimizer quick on large models. One of its rules (a Split out of two Slices) looks
at all nodes for every node, before it looks at whether that node is a Slice at all.
"""
# Private, so any release may change it; made for onnxscript 0.7.2.
from onnxscript.rewriter import _basics, _matcher


def make_quick():
    """From here on, a node of another operator than the rule's is passed over at once."""
    match = _matcher.SimplePatternMatcher.match

    def quick(self, model, graph, node, **options):
        wanted = self.pattern.output_nodes[0].op_identifier()
        several = not self.pattern.has_single_output_node
        if several and wanted is not None and wanted != node.op_identifier():
            return _basics.MatchResult().fail("Another operator.", node)
        return match(self, model, graph, node, **options)

    _matcher.SimplePatternMatcher.match = quick
