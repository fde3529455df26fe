"""Makes packages/core/test/golden/special-functions.json: reference values of scalar/special.ts.

Run: python3 special_functions.py > ../../core/test/golden/special-functions.json   (needs mpmath)

Each row is [x, value, low]: the exact result is value + low, to 30 digits or more, where value is
the nearest float64. A test can so state errors in fractions of a unit in the last place. Numbers
that JSON lacks are strings. `remainder` is exact in rational arithmetic; its rows are
[a, b, value, low].
"""

import json
import math
import random
from fractions import Fraction

from mpmath import mp, mpf, erf, erfc, exp, log1p

mp.prec = 1400  # 1 - erf(27) and 1 + exp(-745) need as much


def softplus(x):
    return log1p(exp(x)) if x < 0 else x + log1p(exp(-x))


def sigmoid(x):
    return exp(x) / (1 + exp(x)) if x < 0 else 1 / (1 + exp(-x))


def row(x, exact):
    value = float(exact)
    return [x, value, float(exact - mpf(value))]


def points(rng, low, high, splits):
    """Arguments of every magnitude, dense on [low, high], and on both sides of each split."""
    xs = [0.0, -0.0, 5e-324, -5e-324, 2.2250738585072014e-308, -1e-310, 1e-200, 1e-20, -1e-16, 1e-8]
    for split in splits:
        for x in (split, -split):
            xs += [math.nextafter(x, -math.inf), x, math.nextafter(x, math.inf)]
    xs += [rng.uniform(low, high) for _ in range(30)]
    xs += [rng.uniform(-3, 3) for _ in range(20)]
    xs += [rng.choice((-1, 1)) * 2 ** rng.uniform(-60, 0) for _ in range(12)]
    return xs + [1.0, -1.0, 0.5, -0.5]


# The arguments with the largest errors found so far, and two at which e / (1 + e) as the sigmoid of
# negative numbers would be off by more than 2 ulp.
HARDEST = {
    "erf": [0.5860769569994605, 0.5696746039328472, 0.4777250366728626],
    "erfc": [1.3242734996147785, 0.5272660499966492, 3.1693485205951],
    "sigmoid": [-1.1550439656600577, -1.1120305199915785, -2.7216619003534928, -4.849660986900383],
    "softplus": [-0.4409976192092864, -0.44052450691796097],
}


def rows(name, f, rng, low, high, splits):
    return [row(x, f(mpf(x))) for x in points(rng, low, high, splits) + HARDEST[name]]


def remainder_rows(rng):
    pairs = [(7.0, 3.0), (-7.0, 3.0), (7.0, -3.0), (-7.0, -3.0), (5.5, 0.1), (-5.5, 0.1)]
    pairs += [(1e300, 3.0), (-1e300, 7e-5), (-1e-20, 1.0), (1.0, 1e308), (-1.0, 1e308), (2.0, 0.5)]
    pairs += [(5e-324, 1.5e-323), (-5e-324, 1.5e-323), (1e-310, -3e-311), (1e16, 9007199254740993.0)]
    for _ in range(60):
        a, b = (rng.uniform(-1, 1) * 10 ** rng.randint(-9, 9) for _ in range(2))
        pairs.append((a, b))
    table = []
    for a, b in pairs:
        exact = Fraction(a) % Fraction(b)
        value = float(exact)
        table.append([a, b, value, float(exact - Fraction(value))])
    return table


if __name__ == "__main__":
    rng = random.Random(2024)
    tables = {
        "erf": rows("erf", erf, rng, -6, 6, [0.476936, 5.9, 6.0, 40.0]),
        "erfc": rows("erfc", erfc, rng, -6, 27, [0.476936, 6.0, 26.5, 27.2, 27.3, 40.0]),
        "sigmoid": rows("sigmoid", sigmoid, rng, -745, 40, [36.7, 708.4, 745.0, 746.0]),
        "softplus": rows("softplus", softplus, rng, -745, 40, [36.7, 708.4, 745.0, 746.0]),
        "remainder": remainder_rows(rng),
    }
    lines = []
    for name, table in tables.items():
        lines.append(f'  "{name}": [\n' + ",\n".join("    " + json.dumps(r) for r in table) + "\n  ]")
    print("{\n" + ",\n".join(lines) + "\n}")
