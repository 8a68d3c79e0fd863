"""SwinIR after its paper (Liang et al., arXiv 2108.10257): residual groups of Swin layers between
convolutions, windows every other layer shifted by half. Module names are those of the authors' models.
"""
import torch
from torch import nn
from torch.nn import functional


def _windows(x, side):
    """(batch, height, width, channels) to (windows, positions, channels)."""
    batch, height, width, channels = x.shape
    x = x.view(batch, height // side, side, width // side, side, channels)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, side * side, channels)


def _image(windows, side, height, width):
    x = windows.view(-1, height // side, width // side, side, side, windows.shape[-1])
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, height, width, windows.shape[-1])


def _shift_mask(height, width, side, shift):
    """Positions that are neighbours by the shift alone do not see each other."""
    regions = torch.zeros(1, height, width, 1)
    spans = (slice(0, -side), slice(-side, -shift), slice(-shift, None))
    for number, (rows, columns) in enumerate((a, b) for a in spans for b in spans):
        regions[:, rows, columns] = number
    regions = _windows(regions, side).squeeze(-1)
    differ = regions.unsqueeze(1) != regions.unsqueeze(2)
    return torch.zeros(differ.shape).masked_fill(differ, -100.0)


def _shift_mask_of_any_size(height, width, side, shift, device):
    """The same, made while the model runs: of operators alone that exporters take with open sizes."""
    def regions(length):
        positions = torch.arange(length, device=device)
        return (positions >= length - side).float() + (positions >= length - shift).float()

    image = regions(height)[:, None] * 3 + regions(width)[None, :]
    image = _windows(image[None, :, :, None], side).squeeze(-1)
    return (image.unsqueeze(1) != image.unsqueeze(2)).float() * -100.0


def _relative_positions(side):
    """For each pair of positions in a window the row of the table of biases."""
    grid = torch.stack(torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij"))
    grid = grid.flatten(1)
    offsets = grid[:, :, None] - grid[:, None, :] + side - 1
    return offsets[0] * (2 * side - 1) + offsets[1]


class WindowAttention(nn.Module):
    def __init__(self, width, side, heads, keeps_table=False):
        super().__init__()
        self.heads, self.keeps_table = heads, keeps_table
        self.scale = (width // heads) ** -0.5
        self.relative_position_bias_table = nn.Parameter(
            torch.randn((2 * side - 1) ** 2, heads) * 0.02)
        self.register_buffer("relative_position_index", _relative_positions(side))
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.softmax = nn.Softmax(dim=-1)

    def forward(self, x, mask):
        count, length, width = x.shape
        qkv = self.qkv(x).reshape(count, length, 3, self.heads, width // self.heads)
        qkv = qkv.permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        scores = (q * self.scale) @ k.transpose(-2, -1)
        index = self.relative_position_index.view(-1)
        if self.keeps_table:  # What depends on the input no exporter computes beforehand.
            index = index + 0 * count
        bias = self.relative_position_bias_table[index]
        scores = scores + bias.view(length, length, -1).permute(2, 0, 1).contiguous().unsqueeze(0)
        if mask is not None:
            images = count // mask.shape[0]
            scores = scores.view(images, mask.shape[0], self.heads, length, length)
            scores = scores + mask.unsqueeze(1).unsqueeze(0)
            scores = scores.view(-1, self.heads, length, length)
        x = (self.softmax(scores) @ v).transpose(1, 2).reshape(count, length, width)
        return self.proj(x)


class Mlp(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.fc1 = nn.Linear(width, hidden)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))


class SwinTransformerBlock(nn.Module):
    def __init__(self, width, size, heads, side, shift, mlp_ratio):
        super().__init__()
        self.side, self.shift = side, shift
        self.norm1 = nn.LayerNorm(width)
        self.attn = WindowAttention(width, side, heads, keeps_table=size is None)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = Mlp(width, int(width * mlp_ratio))
        fixed = shift and size
        self.register_buffer("attn_mask", _shift_mask(size, size, side, shift) if fixed else None)

    def forward(self, x, height, width):
        batch, _, channels = x.shape
        image = self.norm1(x).view(batch, height, width, channels)
        if self.shift:
            image = torch.roll(image, (-self.shift, -self.shift), (1, 2))
        mask = self.attn_mask
        if self.shift and mask is None:
            mask = _shift_mask_of_any_size(height, width, self.side, self.shift, x.device)
        windows = self.attn(_windows(image, self.side), mask)
        image = _image(windows, self.side, height, width)
        if self.shift:
            image = torch.roll(image, (self.shift, self.shift), (1, 2))
        x = x + image.view(batch, height * width, channels)
        return x + self.mlp(self.norm2(x))


class BasicLayer(nn.Module):
    def __init__(self, width, size, depth, heads, side, mlp_ratio):
        super().__init__()
        self.blocks = nn.ModuleList(
            SwinTransformerBlock(width, size, heads, side, side // 2 * (i % 2), mlp_ratio)
            for i in range(depth))

    def forward(self, x, height, width):
        for block in self.blocks:
            x = block(x, height, width)
        return x


class RSTB(nn.Module):
    """A residual group: Swin layers over positions and a convolution over the image."""

    def __init__(self, width, size, depth, heads, side, mlp_ratio):
        super().__init__()
        self.residual_group = BasicLayer(width, size, depth, heads, side, mlp_ratio)
        self.conv = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x, height, width):
        image = self.residual_group(x, height, width).transpose(1, 2)
        image = self.conv(image.reshape(x.shape[0], x.shape[2], height, width))
        return image.flatten(2).transpose(1, 2) + x


class PatchEmbed(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = nn.LayerNorm(width)

    def forward(self, x):
        return self.norm(x.flatten(2).transpose(1, 2))


def _pixelshuffle_direct(width, scale):
    """Of the lightweight models."""
    return nn.Sequential(
        nn.Conv2d(width, scale ** 2 * 3, 3, padding=1), nn.PixelShuffle(scale))


class PixelShuffleUpsampler(nn.Module):
    """Of the classical models that double the resolution."""

    def __init__(self, width, features=64):
        super().__init__()
        self.conv_before_upsample = nn.Sequential(
            nn.Conv2d(width, features, 3, padding=1), nn.LeakyReLU())
        self.upsample = nn.Sequential(
            nn.Conv2d(features, 4 * features, 3, padding=1), nn.PixelShuffle(2))
        self.conv_last = nn.Conv2d(features, 3, 3, padding=1)

    def forward(self, x):
        return self.conv_last(self.upsample(self.conv_before_upsample(x)))


class SwinIR(nn.Module):
    """By default the lightweight model that doubles the resolution; `size` None leaves it open."""

    def __init__(self, size=64, width=60, depths=(6, 6, 6, 6), heads=6, side=8, mlp_ratio=2, scale=2,
                 upsample=None):
        super().__init__()
        self.side, self.scale = side, scale
        self.register_buffer("mean", torch.tensor((0.4488, 0.4371, 0.4040)).view(1, 3, 1, 1))
        self.conv_first = nn.Conv2d(3, width, 3, padding=1)
        self.patch_embed = PatchEmbed(width)
        self.layers = nn.ModuleList(
            RSTB(width, size, depth, heads, side, mlp_ratio) for depth in depths)
        self.norm = nn.LayerNorm(width)
        self.conv_after_body = nn.Conv2d(width, width, 3, padding=1)
        self.upsample = upsample or _pixelshuffle_direct(width, scale)

    def _features(self, x):
        height, width = x.shape[2:]
        tokens = self.patch_embed(x)
        for layer in self.layers:
            tokens = layer(tokens, height, width)
        return self.norm(tokens).transpose(1, 2).reshape(x.shape)

    def forward(self, pixel_values):
        height, width = pixel_values.shape[2:]
        padding = (0, -width % self.side, 0, -height % self.side)
        x = functional.pad(pixel_values, padding, "reflect") - self.mean
        x = self.conv_first(x)
        x = self.upsample(self.conv_after_body(self._features(x)) + x) + self.mean
        return x[:, :, :height * self.scale, :width * self.scale]


def classical():
    """SwinIR-M, which doubles the resolution of an image of any size."""
    return SwinIR(None, width=180, depths=(6,) * 6, upsample=PixelShuffleUpsampler(180))
