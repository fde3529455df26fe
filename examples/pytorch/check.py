"""Loads the state dict that the example pytorch-model wrote, and compares PyTorch's logits with its own:

    npm run example -- pytorch-model
    python3 examples/pytorch/check.py
"""

import sys

import numpy
import torch

from model import EXAMPLES, DigitReader, digits
from tensors import load

_, (x, y) = digits()
model = DigitReader()
model.load_state_dict(load(EXAMPLES / 'output' / 'digit-reader.safetensors'), strict=True)
model.eval()
with torch.no_grad():
    logits = model(x)
own = torch.from_numpy(numpy.load(EXAMPLES / 'output' / 'digit-reader-logits.npz')['float32'])
difference = (logits - own).abs().max().item()
accuracy = 100 * (logits.argmax(1) == y).float().mean().item()
print(f'all {len(model.state_dict())} tensors have found their places')
print(f'largest difference: {difference:.1e}, of logits up to {logits.abs().max():.1f}')
print(f'accuracy: {accuracy:.1f} %')
if difference > 1e-4:
    sys.exit('These are not the same outputs.')
