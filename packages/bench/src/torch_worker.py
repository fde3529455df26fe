"""The workloads in PyTorch, in a process that answers questions as worker.ts does.

`python torch_worker.py THREADS`; the threads of its BLAS are set in the environment before it starts.
"""

import json
import math
import sys
import time

import torch
import torch.nn.functional as F


def spread(shape, seed, scale=1, dtype=torch.float32):
    """See spread.ts."""
    i = torch.arange(math.prod(shape), dtype=torch.float64)
    factor = 0.6180339887498949 * (seed + 1) % 1
    return ((i * i * factor % 1 * 2 - 1) * scale).reshape(shape).to(dtype)


def rows(lists):
    return torch.tensor(lists, dtype=torch.float64)


def leaves(tensors):
    return [tensor.requires_grad_() for tensor in tensors]


def layer(shape, seed):
    """Weight and bias."""
    return leaves([spread(shape, seed, 1 / math.sqrt(math.prod(shape[1:]))), torch.zeros(shape[0])])


def flat(lists):
    return [one for several in lists for one in several]


def training(loss_of, parameters, optimizer, lr):
    """A step that gives its loss."""
    optimizer = getattr(torch.optim, optimizer)(parameters, lr=lr)

    def step():
        loss = loss_of()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def xor(x, y, w1, w2, lr):
    x, y, w1, w2 = map(rows, (x, y, w1, w2))
    leaves([w1, w2])

    def loss():
        out = torch.sigmoid(w2 @ torch.sigmoid(w1 @ x))
        return -(y * out.log() + (1 - y) * (1 - out).log()).mean()

    return training(loss, [w1, w2], "SGD", lr)


def moons(x, y, w1, b1, w2, b2, lr):
    x, y, w1, b1, w2, b2 = map(rows, (x, y, w1, b1, w2, b2))
    leaves([w1, b1, w2, b2])

    def loss():
        logits = torch.tanh(x @ w1.T + b1) @ w2.T + b2
        return F.binary_cross_entropy_with_logits(logits, y)

    return training(loss, [w1, b1, w2, b2], "SGD", lr)


def dense(sizes, batch, optimizer, lr):
    x = spread([batch, sizes[0]], 0)
    labels = torch.arange(batch) % sizes[-1]
    layers = [layer([n, m], i + 1) for i, (m, n) in enumerate(zip(sizes, sizes[1:]))]

    def loss():
        h = x
        for i, (weight, bias) in enumerate(layers):
            h = F.linear(F.relu(h) if i else h, weight, bias)
        return F.cross_entropy(h, labels)

    return training(loss, flat(layers), optimizer, lr)


def cnn(batch, lr):
    x = spread([batch, 1, 28, 28], 0)
    labels = torch.arange(batch) % 10
    shapes = [[6, 1, 5, 5], [16, 6, 5, 5], [120, 400], [84, 120], [10, 84]]
    layers = [layer(shape, i + 1) for i, shape in enumerate(shapes)]
    first, second, third, fourth, fifth = layers

    def loss():
        h = F.max_pool2d(F.relu(F.conv2d(x, *first, padding=2)), 2)
        h = F.max_pool2d(F.relu(F.conv2d(h, *second)), 2)
        h = F.relu(F.linear(h.flatten(1), *third))
        return F.cross_entropy(F.linear(F.relu(F.linear(h, *fourth)), *fifth), labels)

    return training(loss, flat(layers), "Adam", lr)


def transformer(width, heads, tokens, batch, lr):
    x, target = (spread([batch, tokens, width], seed) for seed in (0, 5))
    norms = [leaves([torch.ones(width), torch.zeros(width)]) for _ in range(2)]
    shapes = [[3 * width, width], [width, width], [4 * width, width], [width, 4 * width]]
    layers = [layer(shape, i + 1) for i, shape in enumerate(shapes)]
    into, out, first, second = layers

    def attend(h):
        parts = F.linear(h, *into).reshape(batch, tokens, 3, heads, width // heads)
        q, k, v = parts.permute(2, 0, 3, 1, 4).unbind(0)
        weights = (q @ k.mT / math.sqrt(width // heads)).softmax(-1)
        return F.linear((weights @ v).transpose(1, 2).reshape(batch, tokens, width), *out)

    def loss():
        h = x + attend(F.layer_norm(x, [width], *norms[0]))
        hidden = F.gelu(F.linear(F.layer_norm(h, [width], *norms[1]), *first))
        return F.mse_loss(h + F.linear(hidden, *second), target)

    return training(loss, flat(norms + layers), "SGD", lr)


def matmul(n, dtype):
    a, b = (spread([n, n], seed, dtype=getattr(torch, dtype)) for seed in (0, 1))
    return lambda: a @ b


OPERATIONS = {
    "add": lambda x, y: x + y,
    "mul": lambda x, y: x * y,
    "exp": lambda x, y: x.exp(),
    "tanh": lambda x, y: x.tanh(),
    "sigmoid": lambda x, y: x.sigmoid(),
    "gelu": lambda x, y: F.gelu(x),
    "chain": lambda x, y: ((x * 0.5 + y).tanh() * x + 1).square(),
    "mean": lambda x, y: x.mean(),
    "row sums": lambda x, y: x.sum(-1),
    "max": lambda x, y: x.amax(),
    "softmax": lambda x, y: x.softmax(-1),
    "layer norm": lambda x, y: F.layer_norm(x, x.shape[-1:]),
}


def elementwise(operation, shape):
    x, y = (spread(shape, seed, 3) for seed in (0, 1))
    compute = OPERATIONS[operation]
    return lambda: compute(x, y)


WORKLOADS = {of.__name__: of for of in (xor, moons, dense, cnn, transformer, matmul, elementwise)}


def outputs(step, count):
    results = [step() for _ in range(count)]
    if isinstance(results[0], float):
        return results
    values = results[0].flatten()
    samples = min(256, len(values))
    return [values[i * len(values) // samples].item() for i in range(samples)]


class Timer:
    """See worker.ts."""

    def __init__(self, step):
        self.step = step
        self.per_second = 1

    def time(self, seconds):
        steps = elapsed = 0
        while elapsed < 0.7 * seconds:
            more = max(1, round(self.per_second * (seconds - elapsed)), steps)
            begin = time.perf_counter()
            for _ in range(more):
                self.step()
            elapsed += time.perf_counter() - begin
            steps += more
            self.per_second = steps / max(elapsed, 1e-6)
        return elapsed / steps * 1e6


def main():
    torch.set_num_threads(int(sys.argv[1]))
    timer = None

    def say(message):
        print(json.dumps(message), flush=True)

    say({"answer": {"version": torch.__version__}})
    for line in sys.stdin:
        question = json.loads(line)
        try:
            if "begin" in question:
                timer = Timer(WORKLOADS[question["begin"]](**question["settings"]))
                answer = None
            elif "outputs" in question:
                answer = outputs(timer.step, question["outputs"])
            else:
                answer = timer.time(question["time"])
            say({"answer": answer})
        except Exception as error:
            say({"error": f"{type(error).__name__}: {error}"})


main()
