"""Experts of mixtures as exports of other days have them, in place of what transformers computes today:
one module each in a loop over all (transformers 4), and all for every token (what optimum patches in).
They take over nothing of the weights: only the graph matters.
"""
import functools

import torch
from torch import nn
from torch.nn import functional


def _swiglu(gate, up):
    return functional.silu(gate) * up


def _clamped_swiglu(gate, up):
    """That of GPT-OSS."""
    gate, up = gate.clamp(max=7.0), up.clamp(min=-7.0, max=7.0)
    return (up + 1) * (gate * torch.sigmoid(gate * 1.702))


def _random(*shape):
    return nn.Parameter(torch.randn(shape) / 8)


class Expert(nn.Module):
    def __init__(self, hidden, inner, bias, gate):
        super().__init__()
        self.gate_proj = nn.Linear(hidden, inner, bias=bias)
        self.up_proj = nn.Linear(hidden, inner, bias=bias)
        self.down_proj = nn.Linear(inner, hidden, bias=bias)
        self.gate = gate

    def forward(self, x):
        return self.down_proj(self.gate(self.gate_proj(x), self.up_proj(x)))


class Looped(nn.ModuleList):
    """Each expert takes the rows that were sent to it, none of them being a case of its own."""

    def __init__(self, experts, hidden, inner, bias, gate):
        super().__init__(Expert(hidden, inner, bias, gate) for _ in range(experts))

    def forward(self, hidden_states, top_k_index, top_k_weights):
        result = torch.zeros_like(hidden_states)
        mask = functional.one_hot(top_k_index, num_classes=len(self)).permute(2, 1, 0)
        for i, expert in enumerate(self):
            position, token = torch.where(mask[i])
            rows = hidden_states[None, token].reshape(-1, hidden_states.shape[-1])
            result.index_add_(0, token, expert(rows) * top_k_weights[token, position, None])
        return result


def _spread(top_k_index, top_k_weights, experts):
    """The weight of every expert for every token, zero where it was not chosen."""
    zeros = torch.zeros(top_k_index.shape[0], experts, dtype=top_k_weights.dtype)
    return zeros.scatter(1, top_k_index, top_k_weights)


class Dense(nn.Module):
    """All experts in three products of stacked weights."""

    def __init__(self, experts, hidden, inner, bias, gate):
        super().__init__()
        self.experts, self.gate = experts, gate
        self.gate_up_proj = _random(experts, hidden, 2 * inner)
        self.down_proj = _random(experts, inner, hidden)
        self.gate_up_bias = _random(experts, 1, 2 * inner) if bias else 0
        self.down_bias = _random(experts, 1, hidden) if bias else 0

    def forward(self, hidden_states, top_k_index, top_k_weights):
        tokens, hidden = hidden_states.shape
        x = hidden_states.repeat(self.experts, 1).view(self.experts, tokens, hidden)
        gate_up = torch.bmm(x, self.gate_up_proj) + self.gate_up_bias
        gate, up = gate_up.chunk(2, dim=-1)
        out = torch.bmm(self.gate(gate, up), self.down_proj) + self.down_bias
        weights = _spread(top_k_index, top_k_weights, self.experts)
        return (out * weights.transpose(0, 1)[..., None]).sum(dim=0)


class DenseLooped(nn.ModuleList):
    """All experts one after the other, each for every token."""

    def __init__(self, experts, hidden, inner, bias, gate):
        super().__init__(Expert(hidden, inner, bias, gate) for _ in range(experts))

    def forward(self, hidden_states, top_k_index, top_k_weights):
        weights = _spread(top_k_index, top_k_weights, len(self))
        return functools.reduce(torch.add, (
            expert(hidden_states) * weights[:, i, None] for i, expert in enumerate(self)))


def replace(model, form):
    """Puts experts of a form (a class of this module) in place of the model's own."""
    for module in model.modules():
        own = getattr(module, "experts", None)
        if own is None or not hasattr(own, "gate_up_proj"):
            continue
        is_gpt_oss = hasattr(own, "gate_up_proj_bias")
        inner, hidden = own.down_proj.shape[1:]
        if not is_gpt_oss:
            inner, hidden = hidden, inner
        module.experts = form(own.num_experts, hidden, inner, is_gpt_oss,
                              _clamped_swiglu if is_gpt_oss else _swiglu)
