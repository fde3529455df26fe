"""Golden values of five small networks whose backward passes are written by hand.

Writes packages/dev/test/golden/networks.json: costs, final parameters and a few gradients, float64.
Costs are taken before the update of their step. Columns are examples, but for `moons`, where rows
are. The file checked in was made with NumPy 1.24.2 and scikit-learn 1.2.1; another processor or BLAS
sums in another order, so last digits may differ (in `image_classifier`, which is chaotic, more).

Usage: python3 packages/dev/golden/networks.py [OUTPUT.json]
"""

import json
import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split

OUTPUT = Path(__file__).resolve().parents[1] / "test" / "golden" / "networks.json"


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def surprise(a, y):
    return -(y * np.log(a) + (1 - y) * np.log(1 - a))


def lists(**arrays):
    return {name: np.asarray(array).tolist() for name, array in arrays.items()}


def linear_hidden(x):
    """No activation in the hidden layer; a tutorial's backward pass has the derivative of tanh there."""
    X, Y = np.array([[x], [0.0]]), np.array([[1.0]])
    W1, b1, W2, b2 = np.ones((2, 2)), np.zeros((2, 1)), np.ones((1, 2)), np.zeros((1, 1))
    A1 = W1 @ X + b1
    A2 = sigmoid(W2 @ A1 + b2)
    dZ2 = A2 - Y
    dA1 = W2.T @ dZ2
    return {
        "x": x,
        "cost": float(surprise(A2, Y).sum()),
        **lists(
            documentGradW1=(dA1 * (1 - A1**2)) @ X.T,
            correctGradW1=dA1 @ X.T,
            gradW2=dZ2 @ A1.T,
            gradB1=dA1,
            gradB2=dZ2,
        ),
    }


def xor(seed, lr, iterations):
    """The losses are sums over the four examples, the gradients of their mean."""
    x, y = np.array([[0, 0, 1, 1], [0, 1, 0, 1]]), np.array([[0, 1, 1, 0]])
    random = np.random.RandomState(seed)
    W1, W2 = random.rand(2, 2), random.rand(1, 2)
    start = lists(initialW1=W1, initialW2=W2)
    losses = []
    for _ in range(iterations):
        A1 = sigmoid(W1 @ x)
        A2 = sigmoid(W2 @ A1)
        losses.append(float(surprise(A2, y).sum()))
        dZ2 = A2 - y
        dZ1 = (W2.T @ dZ2) * A1 * (1 - A1)
        W1, W2 = W1 - lr * (dZ1 @ x.T / 4), W2 - lr * (dZ2 @ A1.T / 4)
    return {
        **dict(seed=seed, lr=lr, iterations=iterations),
        **start,
        "lossEvery1000": losses[::1000],
        "finalLoss": losses[-1],
        **lists(W1=W1, W2=W2),
        "predictions": (sigmoid(W2 @ sigmoid(W1 @ x)) > 0.5).astype(int).tolist(),
    }


def moons(seed, samples, noise, hidden, epochs, batch_size, lr):
    """Rows are examples; the cost of an epoch is its last batch's."""
    points, labels = make_moons(n_samples=samples, noise=noise, random_state=seed)
    X, X_test, y, y_test = train_test_split(points, labels, test_size=0.2, random_state=seed)
    Y = y.reshape(-1, 1)
    random = np.random.RandomState(seed)
    W1, W2 = random.randn(2, hidden) / np.sqrt(2), random.randn(hidden, 1) / np.sqrt(hidden)
    b1, b2 = np.zeros((1, hidden)), np.zeros((1, 1))
    costs = []
    for _ in range(epochs):
        order = np.arange(len(X))
        random.shuffle(order)
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            x, t, n = X[batch], Y[batch], len(batch)
            A1 = np.tanh(x @ W1 + b1)
            A2 = sigmoid(A1 @ W2 + b2)
            cost = float(surprise(A2, t).mean())
            dZ2 = (A2 - t) / n
            dZ1 = (dZ2 @ W2.T) * (1 - A1**2)
            W2, b2 = W2 - lr * (A1.T @ dZ2), b2 - lr * dZ2.sum(0, keepdims=True)
            W1, b1 = W1 - lr * (x.T @ dZ1), b1 - lr * dZ1.sum(0, keepdims=True)
        costs.append(cost)
    right = (sigmoid(np.tanh(X_test @ W1 + b1) @ W2 + b2)[:, 0] > 0.5) == y_test
    return {
        **dict(datasetSeed=seed, splitSeed=seed, seed=seed, samples=samples, noise=noise),
        **dict(hidden=hidden, epochs=epochs, batchSize=batch_size, lr=lr, costs=costs),
        **lists(W1=W1, b1=b1, W2=W2, b2=b2),
        "testAccuracy": float(right.mean()),
        **lists(firstTrainRows=X[:3], firstTrainLabels=y[:3]),
    }


def deep_network(sizes, scale, iterations, lr, seed=1, dataset_seed=0):
    """ReLU inside, sigmoid at the end."""
    points, labels = make_moons(n_samples=200, noise=0.2, random_state=dataset_seed)
    X, Y = points.T, labels.reshape(1, -1)
    random = np.random.RandomState(seed)
    layers = [
        (random.randn(out, in_) * scale, np.zeros((out, 1))) for in_, out in zip(sizes, sizes[1:])
    ]
    costs = []
    for _ in range(iterations):
        A = [X]
        for W, b in layers[:-1]:
            A.append(np.maximum(W @ A[-1] + b, 0))
        W, b = layers[-1]
        out = sigmoid(W @ A[-1] + b)
        costs.append(float(surprise(out, Y).mean()))
        dZ = (out - Y) / Y.size
        for i in reversed(range(len(layers))):
            W, b = layers[i]
            layers[i] = (W - lr * (dZ @ A[i].T), b - lr * dZ.sum(1, keepdims=True))
            dZ = (W.T @ dZ) * (A[i] > 0)
    return {
        **dict(layerDims=sizes, seed=seed, iterations=iterations, lr=lr),
        **dict(datasetSeed=dataset_seed, initScale=scale),
        "costEvery100": costs[::100],
        "finalCost": costs[-1],
        "finalParameters": [lists(W=W, b=b) for W, b in layers],
    }


def image_classifier(seed, examples, hidden, iterations, lr):
    """As many inputs as a picture of 64 x 64 pixels in three colours has numbers."""
    random = np.random.RandomState(seed)
    X, Y = random.rand(12288, examples), random.rand(1, examples) > 0.5
    W1, W2 = random.randn(hidden, 12288) * 0.01, random.randn(1, hidden) * 0.01
    b1, b2 = np.zeros((hidden, 1)), np.zeros((1, 1))
    costs = []
    for _ in range(iterations):
        A1 = np.tanh(W1 @ X + b1)
        A2 = sigmoid(W2 @ A1 + b2)
        costs.append(float(surprise(A2, Y).mean()))
        dZ2 = (A2 - Y) / examples
        dZ1 = (W2.T @ dZ2) * (1 - A1**2)
        W2, b2 = W2 - lr * (dZ2 @ A1.T), b2 - lr * dZ2.sum(1, keepdims=True)
        W1, b1 = W1 - lr * (dZ1 @ X.T), b1 - lr * dZ1.sum(1, keepdims=True)
    return {
        **dict(seed=seed, examples=examples, hidden=hidden, iterations=iterations, lr=lr),
        "costs": costs,
        **lists(W2=W2, b1=b1, b2=b2),
        "W1Sum": float(W1.sum()),
        "W1Norm": float(np.linalg.norm(W1)),
    }


def main():
    networks = {
        "linear-hidden": [linear_hidden(1.0)],
        "xor": [xor(seed=2, lr=0.9, iterations=10000)],
        "moons": [moons(42, samples=1000, noise=0.2, hidden=4, epochs=10, batch_size=32, lr=0.01)],
        "deep-network": [
            deep_network([2, 5, 1], scale=0.01, iterations=500, lr=0.5),
            deep_network([2, 16, 8, 1], scale=0.5, iterations=1000, lr=0.3),
        ],
        "image-classifier": [image_classifier(0, examples=24, hidden=5, iterations=20, lr=0.1)],
    }
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    output.write_text(json.dumps(networks, indent=1) + "\n")


if __name__ == "__main__":
    main()
