"""The benchmark's trainings in PyTorch, on one thread.

Says its version, then answers questions, one JSON object a line, until its input ends:
{"workload": name, "settings": {...}} begins a training, {"losses": n} takes n steps and gives the loss
before each, {"time": n} takes n steps and gives the microseconds of one.
"""

import json
import math
import sys
import time

import torch

torch.set_num_threads(1)


class Xor:
    """See xor-eager.ts."""

    def __init__(self, x, y, w1, w2, lr):
        self.x, self.y, self.w1, self.w2 = (torch.tensor(v, dtype=torch.float64) for v in (x, y, w1, w2))
        parameters = [self.w1.requires_grad_(), self.w2.requires_grad_()]
        self.optimizer = torch.optim.SGD(parameters, lr=lr)

    def step(self):
        out = torch.sigmoid(self.w2 @ torch.sigmoid(self.w1 @ self.x))
        loss = -(self.y * out.log() + (1 - self.y) * (1 - out).log()).mean()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return loss.item()


class Network:
    """See network.ts."""

    def __init__(self, sizes, batch, optimizer, lr):
        layers = []
        for inputs, outputs in zip(sizes, sizes[1:]):
            layer = torch.nn.Linear(inputs, outputs)
            with torch.no_grad():
                layer.weight.copy_(spread([outputs, inputs], len(layers)))
                layer.weight.mul_(1 / math.sqrt(inputs))
                layer.bias.zero_()
            layers += [layer, torch.nn.ReLU()]
        self.model = torch.nn.Sequential(*layers[:-1])
        self.optimizer = getattr(torch.optim, optimizer)(self.model.parameters(), lr=lr)
        self.x = spread([batch, sizes[0]], 0.5)
        self.labels = torch.arange(batch) % sizes[-1]

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.cross_entropy(self.model(self.x), self.labels)
        loss.backward()
        self.optimizer.step()
        return loss.item()


def spread(shape, offset):
    """See spread.ts."""
    steps = torch.arange(math.prod(shape), dtype=torch.float64) + offset
    return ((steps * 0.6180339887498949) % 1 * 2 - 1).reshape(shape).float()


def microseconds(training, steps):
    begin = time.perf_counter()
    for _ in range(steps):
        training.step()
    return (time.perf_counter() - begin) / steps * 1e6


def main():
    training = None

    def say(answer):
        print(json.dumps(answer), flush=True)

    say(torch.__version__)
    for line in sys.stdin:
        question = json.loads(line)
        if "workload" in question:
            training = {"xor": Xor, "network": Network}[question["workload"]](**question["settings"])
            say(None)
        elif "losses" in question:
            say([training.step() for _ in range(question["losses"])])
        else:
            say(microseconds(training, question["time"]))


main()
