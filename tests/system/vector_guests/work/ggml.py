# SPDX-License-Identifier: MIT
"""Multiplies matrices with each of ggml's types of weights, and computes its functions of rows, by
the backend that a machine with vectors uses and by the one for RV64GC; prints the types whose
results agree."""

import array
import ctypes
import random
import struct

BASE = ctypes.CDLL("libggml-base.so.0", ctypes.RTLD_GLOBAL)
LIB = ctypes.CDLL("libggml.so.0", ctypes.RTLD_GLOBAL)
FOLDER = "/usr/lib/riscv64-linux-gnu/ggml/backends0/"
ROWS, INNER, COLUMNS = 24, 512, 5
F32 = 0
TYPES = {0: "f32", 1: "f16", 2: "q4_0", 3: "q4_1", 6: "q5_0", 7: "q5_1", 8: "q8_0", 10: "q2_K",
         11: "q3_K", 12: "q4_K", 13: "q5_K", 14: "q6_K", 20: "iq4_nl", 23: "iq4_xs", 30: "bf16",
         34: "tq1_0", 35: "tq2_0"}
UNARY = ("ggml_silu ggml_gelu ggml_relu ggml_tanh ggml_exp ggml_sqr ggml_sqrt ggml_soft_max "
         "ggml_sum_rows ggml_sigmoid ggml_log ggml_sin ggml_cos").split()
QUIET = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(lambda *_: None)
MOST = 5e-4  # limit of the sum of squared differences, relative to that of squared values


class Parameters(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("buffer", ctypes.c_void_p), ("no_alloc", ctypes.c_bool)]


def declare():
    for name in ("ggml_init ggml_new_tensor_2d ggml_mul_mat ggml_new_graph ggml_get_data ggml_norm "
                 "ggml_rms_norm ggml_add ggml_mul").split() + UNARY:
        function = getattr(BASE, name)
        function.restype = ctypes.c_void_p
        function.argtypes = [ctypes.c_void_p] * 3
    BASE.ggml_init.argtypes = [Parameters]
    BASE.ggml_new_graph.argtypes = [ctypes.c_void_p]
    BASE.ggml_new_tensor_2d.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int64,
                                        ctypes.c_int64]
    BASE.ggml_get_data.argtypes = [ctypes.c_void_p]
    for name in ("ggml_norm", "ggml_rms_norm"):
        getattr(BASE, name).argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_float]
    BASE.ggml_quantize_chunk.restype = ctypes.c_size_t
    BASE.ggml_quantize_chunk.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p,
                                         ctypes.c_int64, ctypes.c_int64, ctypes.c_int64,
                                         ctypes.c_void_p]
    BASE.ggml_build_forward_expand.argtypes = [ctypes.c_void_p] * 2
    BASE.ggml_backend_graph_compute.argtypes = [ctypes.c_void_p] * 2
    BASE.ggml_nbytes.restype = ctypes.c_size_t
    BASE.ggml_nbytes.argtypes = [ctypes.c_void_p]
    LIB.ggml_backend_load.restype = ctypes.c_void_p
    LIB.ggml_backend_load.argtypes = [ctypes.c_char_p]
    for name in ("ggml_backend_reg_dev_get", "ggml_backend_dev_init"):
        function = getattr(BASE, name)
        function.restype = ctypes.c_void_p
        function.argtypes = [ctypes.c_void_p, ctypes.c_size_t]


def backend(path):
    """Returns a backend; None if the machine lacks what it needs."""
    loaded = LIB.ggml_backend_load(path.encode())
    return BASE.ggml_backend_dev_init(BASE.ggml_backend_reg_dev_get(loaded, 0), 0) if loaded else None


def numbers(seed, count):
    random.seed(seed)
    return array.array("f", [random.gauss(0, 1) for _ in range(count)]).tobytes()


def tensor(context, kind, rows, data):
    made = BASE.ggml_new_tensor_2d(context, kind, INNER, rows)
    ctypes.memmove(BASE.ggml_get_data(made), data, len(data))
    return made


def weights(kind):
    data = numbers(kind, ROWS * INNER)
    if kind == F32:
        return data
    room = ctypes.create_string_buffer(len(data))
    size = BASE.ggml_quantize_chunk(kind, data, room, 0, ROWS, INNER, None)
    return room.raw[:size]


def compute(machine, build):
    """Returns the numbers of the tensor that `build` adds to a context."""
    context = BASE.ggml_init(Parameters(16 << 20, None, False))
    result, graph = build(context), BASE.ggml_new_graph(context)
    BASE.ggml_build_forward_expand(graph, result)
    assert BASE.ggml_backend_graph_compute(machine, graph) == 0
    data = ctypes.string_at(BASE.ggml_get_data(result), BASE.ggml_nbytes(result))
    BASE.ggml_free(ctypes.c_void_p(context))
    return struct.unpack("<%df" % (len(data) // 4), data)


def product(kind, data):
    return lambda context: BASE.ggml_mul_mat(
        context, tensor(context, kind, ROWS, data),
        tensor(context, F32, COLUMNS, numbers("other", COLUMNS * INNER)))


def of_row(name):
    function = getattr(BASE, name)

    def build(context):
        values = array.array("f", numbers(name, COLUMNS * INNER))
        if name in ("ggml_sqrt", "ggml_log"):
            values = array.array("f", map(abs, values))
        operand = tensor(context, F32, COLUMNS, values.tobytes())
        more = {"ggml_norm": [1e-5], "ggml_rms_norm": [1e-5], "ggml_add": [operand],
                "ggml_mul": [operand]}
        return function(context, operand, *more.get(name, [None]))
    return build


def main():
    declare()
    BASE.ggml_log_set(QUIET, None)
    scalar = backend(FOLDER + "libggml-cpu-riscv64_0.so")
    vector = backend(FOLDER + "libggml-cpu-riscv64_v.so") or scalar
    works = {name: product(kind, weights(kind)) for kind, name in TYPES.items()}
    works.update((name, of_row(name))
                 for name in UNARY + ["ggml_norm", "ggml_rms_norm", "ggml_add", "ggml_mul"])
    for name, build in works.items():
        want, got = compute(scalar, build), compute(vector, build)
        error = sum((a - b) ** 2 for a, b in zip(want, got)) / sum(a ** 2 for a in want)
        print(name, len(got), "agree" if error < MOST else "differ by %g" % error, flush=True)


main()
