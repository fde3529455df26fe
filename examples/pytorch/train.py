"""Trains the network on the first 500 digits and writes what the example reads:

    python3 examples/pytorch/train.py

- data/digit-reader.safetensors: the network's state dict
- data/digit-reader-logits.npz: its logits for the digits held out, computed in float32 and in float64

The files in the repository were made with PyTorch 1.13.1 on one thread.
"""

import numpy
import torch
import torch.nn.functional as F

from model import EXAMPLES, DigitReader, digits
from tensors import save

torch.manual_seed(0)
torch.set_num_threads(1)
(x, y), (x_held_out, y_held_out) = digits()
x, y = x[:500], y[:500]
model = DigitReader()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
for epoch in range(40):
    for batch in torch.randperm(len(y)).split(50):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x[batch]), y[batch])
        loss.backward()
        optimizer.step()

model.eval()
with torch.no_grad():
    logits = model(x_held_out)
    save(EXAMPLES / 'data' / 'digit-reader.safetensors', model.state_dict())
    exact = model.double()(x_held_out.double())
numpy.savez_compressed(EXAMPLES / 'data' / 'digit-reader-logits.npz', float32=logits, float64=exact)
right = (logits.argmax(1) == y_held_out).sum().item()
print(f'read rightly: {right} of {len(y_held_out)}')
print(f'float32 and float64 differ by {(logits - exact).abs().max():.1e}')
