# SPDX-License-Identifier: MIT
"""Runs NumPy's loops on arrays of each type, of many lengths, strides and alignments. Exact results
are printed as digests, those that may be rounded differently as numbers."""

import functools
import hashlib
import warnings

import numpy as np

warnings.simplefilter("ignore")
INTEGERS = "int8 uint8 int16 uint16 int32 uint32 int64 uint64".split()
FLOATS = "float16 float32 float64".split()
BINARY = ("add subtract multiply minimum maximum equal not_equal less less_equal greater "
          "greater_equal").split()
WHOLE = "bitwise_and bitwise_or bitwise_xor floor_divide remainder left_shift right_shift".split()
EXACT = "divide copysign fmax fmin logical_and".split()
UNARY = "negative absolute square sign logical_not".split()
ROUNDING = "sqrt floor ceil trunc rint reciprocal isnan isfinite signbit".split()
NEAR = ("sin cos tan exp exp2 log log2 log10 tanh sinh cosh arcsin arctan arccosh expm1 "
        "log1p").split()
REAL = ["cbrt"]  # not for complex numbers
LENGTHS = (1, 3, 8, 17, 64, 129, 1000)
# This length takes most of the time; its arrays are contiguous.
LONG = 20001


def array(kind, length):
    """Returns an array whose stride and offset depend on the length."""
    random = np.random.default_rng([length, *kind.encode()])
    step, offset = length % 3 + 1, length % 5
    if kind.startswith("float"):
        data = random.normal(size=length * 3 + 5).astype(kind) * 8
    else:
        data = random.integers(0, 256, (length * 3 + 5) * np.dtype(kind).itemsize, np.uint8)
        data = np.ascontiguousarray(data).view(kind)
    return data[offset:offset + length * step:step]


def pair(kind, length):
    first = array(kind, length)
    return first, np.roll(array(kind, length), 1)[::-1]


@functools.cache
def long_pair(kind):
    return tuple(np.ascontiguousarray(values) for values in pair(kind, LONG))


def sum_of(operation, kind, operands):
    total = hashlib.blake2s()
    for length in LENGTHS + (LONG,) * 20:
        values = (long_pair(kind) if length == LONG else pair(kind, length))[:operands]
        if "shift" in operation:
            values = values[0], values[1] & np.dtype(kind).type(np.dtype(kind).itemsize * 8 - 1)
        got = np.asarray(getattr(np, operation)(*values))
        got = np.where(got != got, np.zeros_like(got), got)
        total.update(got.tobytes())
    return total.hexdigest()


def orders(kind):
    total = hashlib.blake2s()
    for length in LENGTHS:
        first, second = pair(kind, length)
        for got in (np.sort(first), np.argmax(first), np.argmin(second), np.max(first), np.min(
                second), np.partition(first, length // 2)[length // 2], np.argsort(
                first, kind="stable"), np.count_nonzero(first), np.where(first < second, first, second),
                np.any(first == second), first.astype("float64").astype(kind), np.take(
                first, np.arange(length)[::-1]), np.cumsum(first) if kind in INTEGERS else first):
            total.update(np.asarray(got).tobytes())
    return total.hexdigest()


def main():
    for kind in INTEGERS + FLOATS:
        own = WHOLE if kind in INTEGERS else EXACT
        for operation in BINARY + own:
            print(operation, kind, sum_of(operation, kind, 2))
        for operation in UNARY + ([] if kind in INTEGERS else ROUNDING):
            print(operation, kind, sum_of(operation, kind, 1))
        print("orders", kind, orders(kind))
    for kind in ("float32", "float64", "complex64", "complex128"):
        for operation in NEAR + (REAL if "float" in kind else []):
            base = np.abs(array(kind.replace("complex", "float")
                                if "float" in kind else "float64", 129)) % 1 + 1
            print(operation, kind, *["%.9g" % float(np.abs(value)) for value in getattr(
                np, operation)((base - 1 if operation in ("arcsin",) else base).astype(kind))[::16]])
        print("sum", kind, "%.7g" % abs(np.sum(array("float64", 1000).astype(kind) + 5)))
    print("self test", np.linalg.norm(np.eye(5) @ np.eye(5)) ** 2)


main()
