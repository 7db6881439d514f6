# SPDX-License-Identifier: MIT
"""Tests glibc's memset at all short lengths and several offsets, and across pages."""

import ctypes
import random

LIB = ctypes.CDLL("libc.so.6")
SIZE = 3 * 4096


def main():
    before = random.Random(1).randbytes(SIZE)
    room = ctypes.create_string_buffer(SIZE)
    LIB.memset.restype = ctypes.c_void_p
    lengths = [*range(300), 511, 512, 513, 1023, 1024, 1025, 2047, 2048, 4095, 4096, 4097, 8000]
    for length in lengths:
        for offset in (0, 1, 8, 63, 4095):
            room.raw = before
            LIB.memset(ctypes.byref(room, offset), 0x1a5, ctypes.c_size_t(length))
            want = before[:offset] + b"\xa5" * length + before[offset + length:]
            assert room.raw[:SIZE] == want[:SIZE], "memset of %d at %d" % (length, offset)
    print("memset", len(lengths), "lengths")


main()
