# SPDX-License-Identifier: MIT
"""Multiplies matrices and vectors of small integers, whose sums are exact in any order.

The result of a product with a vector goes to an array of zeros: OpenBLAS's cgemv and zgemv for
RISC-V multiply the array's old content by a beta of 0, so that NaNs in uninitialized memory would
remain."""

import hashlib

import numpy as np

SIZES = ((1, 1, 1), (3, 5, 7), (16, 16, 16), (17, 33, 9), (64, 64, 64), (100, 37, 130),
         (129, 200, 67))


def main():
    for kind in ("float32", "float64", "complex64", "complex128"):
        for rows, inner, columns in SIZES:
            random = np.random.default_rng([rows, inner, columns])
            first = random.integers(-9, 9, (rows, inner)).astype(kind)
            second = random.integers(-9, 9, (inner, columns)).astype(kind)
            if kind.startswith("complex"):
                first = first * (1 - 2j)
            total = hashlib.blake2s()
            for got in (first @ second, second.T @ first.T,
                        np.matmul(first, second[:, 0], out=np.zeros(rows, kind)),
                        np.matmul(first[0], second, out=np.zeros(columns, kind)),
                        np.dot(first[0], second[:, 0]), np.vdot(first[0], second[:, 0])):
                total.update((np.asarray(got) + 0).tobytes())
            print("product", kind, rows, inner, columns, total.hexdigest())


main()
