"""Computes the polynomial coefficients of erf and erfc in packages/core/src/scalar/special.ts.

Run: python3 erf_coefficients.py   (needs mpmath)

Each function is interpolated at Chebyshev nodes with 60 digits, which is within a small factor of
the minimax polynomial. A coefficient is then cut to as few decimal digits as its weight on the
interval allows, because short literals are small downloads. Every line states the largest error of
the polynomial that is printed, measured on a dense grid.
"""

from mpmath import mp, mpf, cos, erf, erfc, exp, expm1, log, pi, sqrt

mp.dps = 60

# Up to here erf is x + x P(x^2) and erfc = 1 - erf; beyond, erf = 1 - erfc. Both functions are about
# 1/2 here, so neither subtraction loses accuracy.
SPLIT = mpf("0.476936")
# erfc underflows to zero beyond.
UNDERFLOW = mpf("27.3")
# With y = 1 / (x + 1), erfc(x) exp(x^2) / y is smooth on [SPLIT, UNDERFLOW], and within 0.03 of a line
# whose coefficients have few bits.
INTERCEPT = mpf("0.5859375")
SLOPE = mpf("0.5")
CENTRE = mpf("0.359375")


def erf_residual(t):
    """P of erf(x) = x + x P(x^2)."""
    x = sqrt(t)
    return erf(x) / x - 1 if t else 2 / sqrt(pi) - 1


def tail_residual(z):
    """S of erfc(x) = exp(-x^2) y (INTERCEPT + SLOPE y + S(z)), where z = y - CENTRE."""
    y = z + CENTRE
    x = 1 / y - 1
    return exp(x * x) * erfc(x) / y - INTERCEPT - SLOPE * y


def exp_remainder(r):
    """Q of exp(r) = 1 + r + r^2 Q(r)."""
    return (expm1(r) - r) / r**2 if abs(r) > 1e-20 else mpf(1) / 2 + r / 6


def interpolate(f, low, high, degree):
    """Monomial coefficients, constant first, of the interpolant at the Chebyshev nodes."""
    n = degree + 1
    nodes = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * j + 1) / (2 * n)) for j in range(n)]
    divided = [f(x) for x in nodes]
    for order in range(1, n):
        for j in range(n - 1, order - 1, -1):
            divided[j] = (divided[j] - divided[j - 1]) / (nodes[j] - nodes[j - order])
    coefficients = [mpf(0)]
    for j in range(n - 1, -1, -1):
        shifted = [mpf(0)] + coefficients
        for i, c in enumerate(coefficients):
            shifted[i] -= nodes[j] * c
        shifted[0] += divided[j]
        coefficients = shifted[: n - j]
    return coefficients


def shorten(coefficient, tolerance):
    """The shortest decimal within tolerance, or the nearest double."""
    for digits in range(1, 17):
        text = f"{float(coefficient):.{digits}g}"
        if abs(mpf(text) - coefficient) <= tolerance:
            return float(text)
    return float(coefficient)


def show(name, f, low, high, degree, tolerance):
    reach = max(abs(low), abs(high))
    exact = interpolate(f, low, high, degree)
    rounded = [shorten(c, tolerance / reach**i) for i, c in enumerate(exact)]
    worst = mpf(0)
    for j in range(2001):
        x = low + (high - low) * j / 2000
        value = mpf(0)
        for c in reversed(rounded):
            value = value * x + mpf(c)
        worst = max(worst, abs(value - f(x)))
    print(f"{name}: degree {degree} on [{mp.nstr(low, 6)}, {mp.nstr(high, 6)}], error {mp.nstr(worst, 3)}")
    for i, c in enumerate(rounded):
        print(f"  {i:2d}  {c!r}")


if __name__ == "__main__":
    half_log2 = log(mpf(2)) / 2
    ulp = mpf(2) ** -53
    show("erf P(t), t = x^2", erf_residual, mpf(0), SPLIT**2, 8, ulp / 512)
    low = 1 / (UNDERFLOW + 1) - CENTRE
    high = 1 / (SPLIT + 1) - CENTRE
    show("erfc S(z)", tail_residual, low, high, 27, ulp / 4096)
    show("exp Q(r)", exp_remainder, -half_log2 * mpf("1.0001"), half_log2 * mpf("1.0001"), 10, ulp / 16)
    log2_high = mp.floor(2 * half_log2 * 2**40) / 2**40
    print("log 2, leading 40 bits, and the rest:", repr(float(log2_high)), repr(float(2 * half_log2 - log2_high)))
