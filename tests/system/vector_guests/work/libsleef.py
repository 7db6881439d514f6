# SPDX-License-Identifier: MIT
"""Compares SLEEF's functions of vectors with its scalar ones, within the error bounds that both
promise: those without FMA (cinz) and with it (finz). On a machine without vectors it prints the
same lines with the scalar functions alone."""

import ctypes
import math
import random
import struct

LIB = ctypes.CDLL("libsleef.so.3")
ONE = ("sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp exp2 exp10 expm1 log log2 "
       "log10 log1p cbrt sqrt erf erfc tgamma lgamma sinpi cospi trunc floor ceil round rint fabs"
       ).split()
TWO = "pow atan2 hypot fmod fdim copysign fmax fmin nextafter".split()
BOUNDS = ("u05", "u10", "u15", "u35")
TYPES = {"f": (ctypes.c_float, "f", 4), "d": (ctypes.c_double, "d", 8)}
KINDS = {"cinz": ("purec", "nofma"), "finz": ("purecfma", "")}
COUNT = 200


def vectors():
    with open("/proc/self/auxv", "rb") as file:
        pairs = dict(struct.iter_unpack("QQ", file.read()))
    return bool(pairs[16] >> ord("v") - ord("a") & 1)  # AT_HWCAP


def numbers(kind):
    """Returns special numbers, numbers around small integers, and numbers of all magnitudes."""
    special = [0.0, -0.0, 1.0, -1.0, 0.5, math.inf, -math.inf, math.nan, 1e300, 1e-310, 1e-40]
    some = [random.uniform(-10, 10) for _ in range(COUNT // 2)]
    some += [random.uniform(-1, 1) * 10.0 ** random.randrange(-30, 30)
             for _ in range(COUNT - len(some) - len(special))]
    if kind == "f":
        return [ctypes.c_float(value).value for value in special + some]
    return special + some


def symbol(name):
    try:
        return getattr(LIB, name)
    except AttributeError:
        return None


def scalar(function, element, pairs, operands):
    function.restype = element
    function.argtypes = [element] * operands
    return [function(*pair[:operands]) for pair in pairs]


def on_vectors(helper, function, element, pairs):
    columns = [(element * COUNT)(*column) for column in zip(*pairs)]
    out = (element * COUNT)()
    helper(function, *columns, out, ctypes.c_long(COUNT))
    return list(out)


def steps(value, letter):
    """Returns a value's position in the order of all floating-point numbers."""
    width = {"f": "i", "d": "q"}[letter]
    number, = struct.unpack("<" + width, struct.pack("<" + letter, value))
    return number if number >= 0 else -(number & (1 << struct.calcsize(width) * 8 - 1) - 1)


def near(one, other, letter, bound):
    """Returns whether the two can both be within `bound` tenths of a unit in the last place of the
    exact value. Tiny results, for which other bounds are promised, count as equal."""
    if one != one or other != other:
        return one != one and other != other
    if max(abs(one), abs(other)) < {"f": 1e-36, "d": 1e-300}[letter]:
        return True
    return abs(steps(one, letter) - steps(other, letter)) <= 2 * bound // 10 + 1


def check(name, kind, prefix, bound, lmul, pairs, help_call):
    element, letter, _ = TYPES[kind]
    ending, fused = KINDS[prefix]
    tail = "_" + bound
    base = symbol("Sleef_%s_%s%s1%s%s" % (prefix, name, kind, tail, ending))
    vector = symbol("Sleef_%s_%s%sx%s%s%s" % (prefix, name, kind, tail, "rvv" + lmul, fused))
    if not base or not vector:
        return 0
    want = scalar(base, element, pairs, 2 if name in TWO else 1)
    if help_call:
        got = on_vectors(getattr(help_call, "call_%s_%s" % (kind, lmul)), vector, element, pairs)
        for pair, one, other in zip(pairs, want, got):
            assert near(one, other, letter, int(bound[1:] or 0)), \
                "%s of %r: %r, not %r" % (vector.__name__, pair, other, one)
    return 1


def main():
    help_call = ctypes.CDLL("/vectors/call.so") if vectors() else None
    random.seed(1)
    values = {kind: numbers(kind) for kind in TYPES}
    pairs = {kind: list(zip(values[kind], random.sample(values[kind], COUNT))) for kind in TYPES}
    for name in ONE + TWO:
        checked = sum(check(name, kind, prefix, bound, lmul, pairs[kind], help_call)
                      for kind in TYPES for prefix in KINDS for bound in ("", *BOUNDS)
                      for lmul in ("m1", "m2"))
        print(name, checked, "functions")


main()
