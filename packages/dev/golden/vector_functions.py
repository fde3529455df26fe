"""Makes packages/core/test/golden/vector-functions.json: values that core's functions of vectors are held to.

Run: python3 vector_functions.py > ../../core/test/golden/vector-functions.json   (needs mpmath)

Each row is [x, value, low]: the exact result is value + low, where value is the nearest float64, so that a
test can state errors in fractions of a unit in the last place.
"""

import json
import random
from fractions import Fraction

from mpmath import mp, mpf, cos, erf, exp, expm1, log, log1p, sin, tanh

mp.prec = 400


def softplus(x):
    return log1p(exp(x)) if x < 0 else x + log1p(exp(-x))


def sigmoid(x):
    return exp(x) / (1 + exp(x)) if x < 0 else 1 / (1 + exp(-x))


def nearest(x):
    """The nearest float64, of denormal ones, too."""
    sign, mantissa, exponent, _ = x._mpf_
    size = Fraction(int(mantissa)) * Fraction(2) ** exponent
    value = size.numerator / size.denominator
    return -value if sign else value


# An interval for most of the arguments, and those with the largest errors that were found.
FUNCTIONS = {
    "exp": (exp, -744, 709.7, (15.620492141197019, -1.0189015340466057, -669.914086396608)),
    "expm1": (expm1, -40, 709.7, (0.38625996455900324, 0.349067798796284, 0.40077681201903337)),
    "log": (log, 2.3e-308, 1e6, (0.37062839255373836, 1.4038782092074042)),
    "log1p": (log1p, -1 + 1e-9, 1e6, (0.40167517287149, 1.6169832168033809)),
    "tanh": (tanh, -20, 20, (-18.200027690408987, 0.18933671126921903, -0.5197311661389672)),
    "sigmoid": (sigmoid, -744, 40, (-1.1615161207012643, -0.6359414981159066, -0.5304300409281906)),
    "softplus": (softplus, -744, 40, (-36.30693809209177, -0.47762697107276075, -1.3171521680619165)),
    "erf": (erf, -6, 6, (0.3027410270484774, 0.32393174447226647, -0.31510603918184543)),
    "sin": (sin, -1.5e6, 1.5e6, (-0.8149785044240039, -779.893454834656, 411557987.0 / 262.0)),
    "cos": (cos, -1.5e6, 1.5e6, (-278.8935754553072, 116.98813282836386, -0.7733040844812158)),
}


def rows(f, low, high, hardest):
    rng = random.Random(1)
    xs = list(hardest)
    xs += [rng.uniform(low, high) for _ in range(80)]
    xs += [rng.uniform(max(low, -2), min(high, 2)) for _ in range(80)]
    sizes = [2 ** rng.uniform(-60, 6) for _ in range(40)] + [2 ** rng.uniform(-1060, -60) for _ in range(10)]
    xs += [x * (rng.choice((-1, 1)) if low < 0 else 1) for x in sizes]
    kept = [x for x in xs if low <= x <= high]
    values = [f(mpf(x)) for x in kept]
    return [[x, nearest(y), nearest(y - mpf(nearest(y)))] for x, y in zip(kept, values)]


if __name__ == "__main__":
    print(json.dumps({name: rows(*given) for name, given in FUNCTIONS.items()}))
