"""A language model like ResNet-BK: layers that mix tokens in linear time by a Birman-Schwinger kernel instead
of attention, each with a mixture of experts of which every token takes the best one.

The kernel (BK-Core) is the diagonal of the resolvent (H + V - z)^-1, where H is the discrete Laplacian and V a
potential per token. It is one custom operator, so that it stands in the exported graph as one node.
"""
import torch
from torch import nn
from torch.nn import functional

ENERGY = 0.1j  # z: off the real axis, so that the resolvent exists.
HOPPING, ON_SITE = 1.0, -2.0  # H, tridiagonal.


@torch.library.custom_op("bk::bk_core", mutates_args=())
def bk_core(potential: torch.Tensor) -> torch.Tensor:
    """(batch, tokens) to (batch, tokens, 2), real and imaginary parts: two recurrences along the tokens.

    The ratios of successive principal minors from the left and from the right give the diagonal of the
    inverse of a tridiagonal matrix in linear time.
    """
    diagonal = potential + ON_SITE - ENERGY
    left, right = [diagonal[:, 0]], [diagonal[:, -1]]
    for i in range(1, potential.shape[1]):
        left.append(diagonal[:, i] - HOPPING ** 2 / left[-1])
        right.append(diagonal[:, -1 - i] - HOPPING ** 2 / right[-1])
    left, right = torch.stack(left, 1), torch.stack(right[::-1], 1)
    return torch.view_as_real(1 / (left + right - diagonal))


@bk_core.register_fake
def _(potential):
    return potential.new_empty(*potential.shape, 2)


class Experts(nn.Module):
    """A router, and for every token the matrices of the one expert it chooses."""

    def __init__(self, width, inner, count):
        super().__init__()
        self.router = nn.Linear(width, count, bias=False)
        self.up = nn.Parameter(torch.randn(count, width, inner) * 0.02)
        self.down = nn.Parameter(torch.randn(count, inner, width) * 0.02)

    def forward(self, tokens):
        rows = tokens.reshape(-1, tokens.shape[-1])
        weight, chosen = functional.softmax(self.router(rows), dim=-1).topk(1, dim=-1)
        chosen = chosen.squeeze(-1)
        hidden = functional.relu(rows.unsqueeze(1) @ self.up[chosen])
        return ((hidden @ self.down[chosen]).squeeze(1) * weight).reshape(tokens.shape)


class Layer(nn.Module):
    def __init__(self, width, inner, experts):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        for parameter in self.norm.parameters():  # Equal ones would be stored once for all layers.
            nn.init.normal_(parameter)
        self.experts = Experts(width, inner, experts)

    def forward(self, x):
        mixed = self.experts(self.norm(x))
        features = bk_core(mixed.mean(-1))
        return x + mixed + features.sum(-1, keepdim=True)


class ResNetBK(nn.Module):
    def __init__(self, vocabulary=30000, width=64, inner=128, layers=4, experts=4):
        super().__init__()
        self.token_embedding = nn.Embedding(vocabulary, width)
        self.layers = nn.ModuleList(Layer(width, inner, experts) for _ in range(layers))
        self.lm_head = nn.Linear(width, vocabulary, bias=False)

    def forward(self, input_ids):
        x = self.token_embedding(input_ids)
        for layer in self.layers:
            x = layer(x)
        return self.lm_head(x)
