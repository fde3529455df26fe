"""A network that reads digits of 8 × 8 pixels: a convolution makes sixteen places of them, a transformer
lets each place look at all others. ../pytorch-model.ts has the same one in gradtape."""

from pathlib import Path

import numpy
import torch
from torch import nn

EXAMPLES = Path(__file__).resolve().parents[1]
HELD_OUT = 360


class DigitReader(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2)
        )
        self.places = nn.Parameter(0.02 * torch.randn(16, 32))
        self.encoder = nn.TransformerEncoderLayer(
            32, 4, dim_feedforward=64, activation='gelu', batch_first=True, norm_first=True
        )
        self.norm = nn.LayerNorm(32)
        self.head = nn.Linear(32, 10)

    def forward(self, x):
        at_places = self.stem(x).flatten(2).transpose(1, 2)
        return self.head(self.norm(self.encoder(at_places + self.places)).mean(1))


def digits():
    """Digits to learn from and digits held out: ((x, y), (x, y)). The split is that of the other examples."""
    table = torch.from_numpy(numpy.loadtxt(EXAMPLES / 'data' / 'digits.csv', delimiter=',', dtype='float32'))
    order = torch.from_numpy(numpy.random.RandomState(42).permutation(len(table)))
    x = (table[:, :64] / 16).reshape(-1, 1, 8, 8)[order]
    y = table[:, 64].long()[order]
    return (x[HELD_OUT:], y[HELD_OUT:]), (x[:HELD_OUT], y[:HELD_OUT])
