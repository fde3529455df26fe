"""The XOR step in PyTorch, float64. Prints the microseconds of one step, the best of several rounds."""

import json
import sys
import time

import torch

torch.set_num_threads(1)
start = json.loads(sys.argv[1])
x, y, w1, w2 = (torch.tensor(start[k], dtype=torch.float64) for k in ("x", "y", "w1", "w2"))
w1.requires_grad_()
w2.requires_grad_()
optimizer = torch.optim.SGD([w1, w2], lr=start["lr"])


def step():
    out = torch.sigmoid(w2 @ torch.sigmoid(w1 @ x))
    loss = -(y * out.log() + (1 - y) * (1 - out).log()).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def round_of(steps):
    begin = time.perf_counter()
    for _ in range(steps):
        step()
    return (time.perf_counter() - begin) / steps * 1e6


round_of(500)
print(min(round_of(1000) for _ in range(7)))
