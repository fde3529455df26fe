"""Golden values of NumPy's legacy random streams and of scikit-learn's toy data.

Writes packages/core/test/golden/numpy-random.json (streams of `numpy.random.RandomState`) and
packages/data/test/golden/scikit-learn.json (make_moons, make_circles, train_test_split). The files
checked in were made with NumPy 1.24.2 and scikit-learn 1.2.1. Legacy streams are frozen by NumPy's
policy, so any later version should write the same, but for the last digits of coordinates: NumPy's
sine and cosine differ between processors.

Usage: python3 packages/dev/golden/numpy_random.py
"""

import json
from pathlib import Path

import numpy as np
from sklearn.datasets import make_circles, make_moons
from sklearn.model_selection import train_test_split

PACKAGES = Path(__file__).resolve().parents[2]
SEEDS = [0, 42, 2, 123456789, 2**32 - 1]


def stream(seed):
    """One generator, called in the order of the keys."""
    random = np.random.RandomState(seed)
    twelve = np.arange(12)

    def shuffled():
        random.shuffle(twelve)
        return twelve.tolist()

    return {
        "rand": random.rand(5).tolist(),
        # An odd count leaves one value in the cache of the polar method; `normal` begins with it.
        "randn": random.randn(7).tolist(),
        "randint": random.randint(0, 10, 6).tolist(),
        "shuffle": shuffled(),
        "permutation": random.permutation(9).tolist(),
        "uniform": random.uniform(-2, 3, 4).tolist(),
        "normal": random.normal(1, 0.5, 3).tolist(),
        "choice": random.choice(10, 4, replace=False).tolist(),
        "randnAfterOdd": random.randn(2).tolist(),
        "random_integers_big": random.randint(0, 2**31 - 1, 3).tolist(),
    }


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def camel_keys(arguments):
    return {camel(name): value for name, value in arguments.items()}


def points(make, **arguments):
    x, y = make(**arguments)
    return {"arguments": camel_keys(arguments), "x": x.tolist(), "y": y.tolist()}


def split(total, **arguments):
    train, test = train_test_split(np.arange(total), **arguments)
    return {
        "total": total,
        "arguments": camel_keys(arguments),
        "train": train.tolist(),
        "test": test.tolist(),
    }


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value) + "\n")


write(
    PACKAGES / "core/test/golden/numpy-random.json",
    {seed: stream(seed) for seed in SEEDS},
)
write(
    PACKAGES / "data/test/golden/scikit-learn.json",
    {
        "makeMoons": [
            points(make_moons, n_samples=11, noise=0.2, random_state=42),
            points(make_moons, n_samples=8, random_state=3),
            points(make_moons, n_samples=(5, 3), noise=0.1, random_state=7),
            points(make_moons, n_samples=(1, 2), shuffle=False),
            points(make_moons, n_samples=6, noise=0.0, shuffle=False, random_state=0),
        ],
        "makeCircles": [
            points(make_circles, n_samples=9, noise=0.1, factor=0.5, random_state=0),
            points(make_circles, n_samples=10, random_state=1),
            points(make_circles, n_samples=(2, 5), noise=0.3, factor=0.0, random_state=11),
            points(make_circles, n_samples=7, shuffle=False),
        ],
        "trainTestSplit": [
            split(23, test_size=0.3, random_state=42),
            split(23, random_state=5),
            split(100, test_size=7, random_state=0),
            split(50, train_size=0.5, random_state=1),
            split(50, test_size=0.25, train_size=13, random_state=2),
            split(10, test_size=0.2, shuffle=False),
            split(11, test_size=3, train_size=4, shuffle=False),
        ],
    },
)
