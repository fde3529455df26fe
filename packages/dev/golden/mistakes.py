"""Makes packages/testing/test/golden/mistakes.json: which of twenty planted mistakes PyTorch finds.

Run: python3 mistakes.py > ../../testing/test/golden/mistakes.json   (needs torch)

Each mistake is one of packages/testing/test/mistakes/mistakes.ts, under the same name, beside the same
function put right. `gradcheck` and `fastMode` say whether PyTorch's check, with its defaults, refuses
the wrong one; `gradcheckAlarm` and `fastModeAlarm` whether it refuses the right one as well.
"""

import json
import math
import warnings

import torch
from torch.autograd import Function, gradcheck, gradgradcheck

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
warnings.filterwarnings("ignore")

SOME = [[0.5, -1.25, 2], [-0.75, 1.5, -0.25]]


def leaf(data, dtype=torch.float64):
    return torch.tensor(data, dtype=dtype, requires_grad=True)


def some():
    return [leaf(SOME)]


def unary(value, slope, tangent=None):
    """An op of one tensor from its value, its pullback and, for forward mode, its tangent."""

    class Unary(Function):
        @staticmethod
        def forward(ctx, x):
            y = value(x)
            ctx.save_for_backward(x, y)
            ctx.save_for_forward(x, y)
            return y

        @staticmethod
        def backward(ctx, ct):
            return slope(ct, *ctx.saved_tensors)

        @staticmethod
        def jvp(ctx, t):
            return tangent(t, *ctx.saved_tensors)

    return Unary.apply


def binary(value, slopes):
    class Binary(Function):
        @staticmethod
        def forward(ctx, a, b):
            ctx.save_for_backward(a, b)
            return value(a, b)

        @staticmethod
        def backward(ctx, ct):
            return slopes(ct, *ctx.saved_tensors)

    return Binary.apply


def tanh_slope(ct, x, y):
    return ct * (1 - y * y)


TANH = unary(torch.tanh, tanh_slope)


def square_slope(ct, x, y):
    return ct * x * 2


SQUARE = unary(torch.square, square_slope)


def sum_of_tanh(at_4711):
    def slope(ct, x, y):
        slopes = 1 - torch.tanh(x) ** 2
        if at_4711 is not None:
            slopes.view(-1)[4711] = at_4711
        return ct * slopes

    return unary(lambda x: torch.tanh(x).sum(), slope)


def growth(x):
    return torch.expm1(x) / x


def cancelling(ct, x, y):
    e = torch.exp(x)
    return ct * (e / x - (e - 1) / x**2)


def series(ct, x, y):
    return ct * (x * (x * (x / 30 + 1 / 8) + 1 / 3) + 0.5)


def times(a, b):
    return a * b


def differences(count):
    def slope(ct, x, y):
        used = ct[:, :count]
        pad = torch.nn.functional.pad
        return pad(used, [1, 2 - count]) - pad(used, [0, 3 - count])

    return unary(lambda x: x[:, 1:] - x[:, :2], slope)


def relu_slope(ct, x, y):
    return ct * torch.relu(torch.sign(x))


def abs_square(x):
    return x * x.abs()


def small_term(x):
    return x**2 + 1e-6 * x


def large_and_small(x):
    return torch.stack([x * 1e8, x**2])


def is_expanded(ct):
    return all(stride == 0 for stride in ct.stride())


def forward_mode(factor):
    return unary(torch.square, square_slope, lambda t, x, y: t * x * factor)


MISTAKES = [
    ("sign turned", unary(torch.tanh, lambda ct, x, y: -tanh_slope(ct, x, y)), TANH, some),
    ("factor 2 forgotten", unary(torch.square, lambda ct, x, y: ct * x), SQUARE, some),
    (
        "mean for a sum over the broadcast dim",
        binary(times, lambda ct, a, b: (ct * b, (ct * a).mean(0))),
        binary(times, lambda ct, a, b: (ct * b, (ct * a).sum(0))),
        lambda: [leaf(SOME), leaf([0.5, -1, 2])],
    ),
    (
        "one entry of 10,000",
        sum_of_tanh(1),
        sum_of_tanh(None),
        lambda: [leaf([[2 * math.sin(100 * i + j) for j in range(100)] for i in range(100)])],
    ),
    (
        "negative inputs only",
        unary(torch.nn.functional.elu, lambda ct, x, y: ct.clone()),
        unary(
            torch.nn.functional.elu, lambda ct, x, y: torch.where(x > 0, ct, ct * torch.exp(x))
        ),
        some,
    ),
    (
        "strided inputs only",
        unary(
            torch.tanh,
            lambda ct, x, y: tanh_slope(ct, x, y) if x.is_contiguous() else ct.clone(),
        ),
        TANH,
        some,
    ),
    (
        "NaN at 0",
        unary(abs_square, lambda ct, x, y: ct * (x**2 / x.abs() * 2)),
        unary(abs_square, lambda ct, x, y: ct * (x.abs() * 2)),
        lambda: [leaf([0.0, 1, -2])],
    ),
    (
        "a term of 1e-6 forgotten",
        unary(small_term, square_slope),
        unary(small_term, lambda ct, x, y: ct * (2 * x + 1e-6)),
        some,
    ),
    (
        "noise of 1e-9 in the gradient",
        unary(torch.tanh, lambda ct, x, y: tanh_slope(ct, x, y) * (1 + 1e-9 * torch.rand(()))),
        TANH,
        some,
    ),
    (
        "digits that cancel in float32",
        unary(growth, cancelling),
        unary(growth, series),
        lambda: [leaf([0.001, -0.002, 0.003], torch.float32)],
    ),
    ("a factor detached", lambda x: x * x.detach(), lambda x: x * x, some),
    (
        "a constant derivative, right but for the second order",
        unary(torch.square, lambda ct, x, y: ct * x.detach() * 2),
        SQUARE,
        some,
    ),
    (
        "a transpose dropped",
        binary(torch.matmul, lambda ct, a, b: (ct @ b, a.mT @ ct)),
        binary(torch.matmul, lambda ct, a, b: (ct @ b.mT, a.mT @ ct)),
        lambda: [leaf([[0.5, -1.25], [2, 0.75]]), leaf([[1, 0.25], [-0.5, 2]])],
    ),
    (
        "the cotangent squared",
        unary(torch.tanh, lambda ct, x, y: tanh_slope(ct * ct, x, y)),
        TANH,
        some,
    ),
    ("forward mode only", forward_mode(1), forward_mode(2), some),
    (
        "softmax without its sum",
        unary(lambda x: torch.softmax(x, 1), lambda ct, x, y: ct * y * (1 - y)),
        unary(
            lambda x: torch.softmax(x, 1),
            lambda ct, x, y: y * (ct - (ct * y).sum(1, keepdim=True)),
        ),
        some,
    ),
    ("the last element of a slice left out", differences(1), differences(2), some),
    (
        "a slope at a kink that is none of its sides",
        unary(torch.relu, lambda ct, x, y: torch.where(x == 0, -ct, relu_slope(ct, x, y))),
        unary(torch.relu, relu_slope),
        lambda: [leaf([0.0, 1, -2])],
    ),
    (
        "expanded cotangents only, as those of a sum",
        unary(torch.tanh, lambda ct, x, y: ct.clone() if is_expanded(ct) else tanh_slope(ct, x, y)),
        TANH,
        some,
    ),
    (
        "the small one of two outputs",
        unary(large_and_small, lambda ct, x, y: ct[0] * 1e8 + ct[1] * x),
        unary(large_and_small, lambda ct, x, y: ct[0] * 1e8 + ct[1] * x * 2),
        some,
    ),
]

SECOND_ORDER = {"a constant derivative, right but for the second order"}


def refuses(name, f, inputs, fast):
    try:
        if not gradcheck(f, inputs(), raise_exception=False, fast_mode=fast):
            return True
        if name not in SECOND_ORDER:
            return False
        return not gradgradcheck(f, inputs(), raise_exception=False, fast_mode=fast)
    except RuntimeError:
        return True


def main():
    torch.manual_seed(0)
    found = [
        {
            "name": name,
            "gradcheck": refuses(name, wrong, inputs, False),
            "fastMode": refuses(name, wrong, inputs, True),
            "gradcheckAlarm": refuses(name, right, inputs, False),
            "fastModeAlarm": refuses(name, right, inputs, True),
        }
        for name, wrong, right, inputs in MISTAKES
    ]
    rows = ",\n".join(f"    {json.dumps(row)}" for row in found)
    print(f'{{\n  "pytorch": "{torch.__version__}",\n  "found": [\n{rows}\n  ]\n}}')


main()
