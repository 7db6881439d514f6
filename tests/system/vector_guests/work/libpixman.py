# SPDX-License-Identifier: MIT
"""Composes random images of each format by each operator with pixman, unscaled and scaled; prints
digests of the results."""

import ctypes
import hashlib
import random

LIB = ctypes.CDLL("libpixman-1.so.0")
FORMATS = {"a8r8g8b8": 0x20028888, "x8r8g8b8": 0x20020888, "a8b8g8r8": 0x20038888,
           "r5g6b5": 0x10020565, "a8": 0x08018000, "b8g8r8a8": 0x20088888, "r8g8b8": 0x18020888}
OPERATORS = [*range(14), *range(0x30, 0x3f)]
SIZES = ((1, 3), (7, 5), (33, 4), (128, 3))
BILINEAR = 4


def image(name, width, height):
    """Returns an image with random pixels, and the buffer that holds them."""
    code = FORMATS[name]
    stride = (width * (code >> 24) + 31) // 32 * 4
    data = ctypes.create_string_buffer(random.randbytes(stride * height), stride * height)
    return ctypes.c_void_p(LIB.pixman_image_create_bits(code, width, height, data, stride)), data


def compose(operator, names, scaled, width, height):
    source, _kept = image(names[0], width, height)
    mask, _kept_mask = image(names[1], width, height)
    target, pixels = image(names[2], width, height)
    if scaled:
        scale = (ctypes.c_int32 * 9)(0xc000, 0x100, 0, 0, 0xe000, 0, 0, 0, 0x10000)
        LIB.pixman_image_set_transform(source, scale)
        LIB.pixman_image_set_filter(source, BILINEAR, None, 0)
    LIB.pixman_image_composite32(operator, source, mask if operator % 2 else None, target,
                                 0, 0, 0, 0, 0, 0, width, height)
    for each in (source, mask, target):
        LIB.pixman_image_unref(each)
    return pixels.raw


def main():
    LIB.pixman_image_create_bits.restype = ctypes.c_void_p
    for source in FORMATS:
        total = hashlib.blake2s()
        for target in FORMATS:
            for operator in OPERATORS:
                random.seed("%s %s %d" % (source, target, operator))
                mask = random.choice(("a8", "a8r8g8b8"))
                for width, height in SIZES:
                    total.update(compose(operator, (source, mask, target), operator % 3 == 0,
                                         width, height))
        print(source, total.hexdigest())


main()
