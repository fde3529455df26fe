"""Computes the polynomial coefficients in packages/core/src/wasm/coefficients.ts.

Run: python3 simd_coefficients.py   (needs mpmath)

Each function is fitted with 50 digits by least squares at Chebyshev nodes, weighted by how much an error
of the polynomial counts in the result, which is within a small factor of the minimax polynomial. A
coefficient is then cut to as few decimal digits as its weight allows, because short literals are small
downloads. Every line states the largest weighted error of the polynomial that is printed.
"""

from mpmath import mp, mpf, cos, erf, erfc, exp, expm1, log, lu_solve, matrix, pi, sqrt

from erf_coefficients import shorten

mp.dps = 50

HALF_LOG2 = log(mpf(2)) / 2 * mpf("1.0001")
# From here on erf rounds to 1 in float32 and float64.
ERF_ONE = {24: mpf("3.95"), 53: mpf("5.95")}


def fit(f, low, high, degree, weight):
    """Monomial coefficients, constant first."""
    count = 4 * (degree + 1)
    nodes = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * j + 1) / (2 * count)) for j in range(count)]
    weights = [weight(x) for x in nodes]
    a = matrix(count, degree + 1)
    b = matrix(count, 1)
    for j, x in enumerate(nodes):
        b[j] = f(x) * weights[j]
        for i in range(degree + 1):
            a[j, i] = x**i * weights[j]
    return list(lu_solve(a, b))


def show(name, f, low, high, weight, degrees, only=None):
    """Prints the coefficients for float32 and float64, or only one of them, highest first."""
    grid = [low + (high - low) * j / 500 for j in range(1, 500)]
    for bits, degree in zip((24, 53), degrees):
        if only not in (None, bits):
            continue
        exact = fit(f, low, high, degree, weight)
        # Half of an ulp of the result, divided by 32 and by how much each coefficient counts at most.
        counts = [max(abs(x) ** i * weight(x) for x in grid) for i in range(degree + 1)]
        rounded = [shorten(c, mpf(2) ** -bits / 32 / count) for c, count in zip(exact, counts)]
        worst = mpf(0)
        for x in grid:
            value = mpf(0)
            for c in reversed(rounded):
                value = value * x + mpf(c)
            worst = max(worst, abs(value - f(x)) * weight(x))
        print(f"{name} float{32 if bits == 24 else 64}: degree {degree}, error {mp.nstr(worst * mpf(2)**bits, 3)} · 2^-{bits}")
        print("  [" + ", ".join(repr(c) for c in reversed(rounded)) + "]")


if __name__ == "__main__":
    show(
        "exp: Q of e^r = 1 + r + r^2 Q(r)",
        lambda r: (expm1(r) - r) / r**2 if abs(r) > 1e-12 else mpf(1) / 2 + r / 6,
        -HALF_LOG2, HALF_LOG2, lambda r: r**2, (4, 10), 24,
    )
    for bits, degree in ((24, 8), (53, 23)):
        show(
            "erf: T of erfc x = exp(x T(x) - x)",
            lambda x: 1 + (log(erfc(x)) / x if x > mpf("1e-15") else -2 / sqrt(pi)),
            mpf(0), ERF_ONE[bits], lambda x: x * erfc(x) / erf(x), (degree, degree), bits,
        )

    for bits, widths in ((24, (13, 13, 13, 24)), (53, (33, 33, 53))):
        rest = pi / 2
        parts = []
        for width in widths:
            unit = mpf(2) ** (mp.floor(log(rest, 2)) + 1 - width)
            parts.append(float(mp.floor(rest / unit) * unit if len(parts) < len(widths) - 1 else mp.nint(rest / unit) * unit))
            rest -= mpf(parts[-1])
        print(f"pi / 2 in parts of {widths} bits:", parts)
