"""State dicts in safetensors files. With the package `safetensors` installed, `safetensors.torch` does
the same by `save_file` and `load_file`; nothing but PyTorch and NumPy is needed so."""

import sys

import torch

from model import EXAMPLES

sys.path.append(str(EXAMPLES.parent / 'packages' / 'data' / 'test' / 'fixtures'))
import format

CODES = {torch.float32: 'F32', torch.float64: 'F64', torch.int64: 'I64'}


def save(path, state):
    tensors = [(name, CODES[value.dtype], value.numpy()) for name, value in state.items()]
    format.write(path, tensors, {'format': 'pt'})


def load(path):
    tensors, _ = format.read(path)
    return {name: torch.from_numpy(array.copy()) for name, (_, array) in tensors.items()}
