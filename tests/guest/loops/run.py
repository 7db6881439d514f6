#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares vectorized loops with the same loops without vectors: run.py BAYA [options]

Each compiler compiles the loops of loops.def twice, with -march=rv64gc and with -march=rv64gcv;
main.c runs both in one program and compares their results, at each VLEN in each engine. A compiler
is a command that reads C and writes assembly; it may be in another root:

    --compiler="chroot ROOT riscv64-linux-gnu-gcc-14"

Both versions come from one compiler, since GCC 12 has a bug without V: of eight products of bytes,
shifted right by 8, it makes one of 64 bits (mul_high).

The last runs: on 2026-11-25 GCC 14.2 vectorized 561 of 591 loops, clang 19.1 566 and clang 14 518;
all agreed at VLEN 128, 256, 512 and 1024 in each engine. So they did on 2026-11-23, when native
code called C functions for vectors, with groups of eight registers, by -mrvv-max-lmul=m8 and
=dynamic (573 loops) and -mllvm -riscv-v-register-bit-width-lmul=8. On 2026-11-25, too, GCC
vectorized 598 and clang 19.1 605 of 633 loops with --half, which clang 14 does not support. On
2026-11-26, in the native code for hosts without AVX-512, and in that for hosts with it after
indexed accesses had changed, GCC 14.2 and clang 19.1 agreed in --engine=jit: 591 loops, with groups
of eight registers (the latter by GCC alone), and 633.

This needs riscv64-unknown-elf-gcc; the exit code is 1 if a loop differs, 77 if a compiler is
missing.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
LIB = os.path.join(HERE, "../lib")
ROOT = os.path.join(HERE, "../../..")
TOOL = "riscv64-unknown-elf-"
CLANG = "clang-19 --target=riscv64"
COMMON = "-mabi=lp64 -mcmodel=medany -ffreestanding -fno-builtin".split()
LOOPS = COMMON + "-O3 -w -ffp-contract=off -fno-math-errno -S".split()
# Otherwise GCC would compile some loops to calls of memcpy and memset.
NO_CALLS = "-fno-tree-loop-distribute-patterns"
GUEST = COMMON + ("-march=rv64gc_zba_zbb_zbs_zicbom_zicboz_zicbop -O2 -std=gnu11 -Wall -Wextra "
                  "-Werror -nostdlib -static "
                  "-Wl,--no-warn-rwx-segments -Wl,--no-relax").split() + [NO_CALLS]
BUILDS = {"scalar": ["-march=rv64gc%s", "-fno-tree-vectorize"], "vector": ["-march=rv64gcv%s"]}
HALF = {"scalar": "_zfh", "vector": "_zfh_zvfh"}
LEAST = 200  # loops with vector instructions


def output(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, **more).stdout


def compiled(command, source, to):
    """Returns the assembly of C; the files that are written beside `to` have its name. With ccache,
    other variants and later runs use what was compiled before. ccache accepts only files, which a
    compiler in another root does not see, so such a compiler is run without it."""
    if command[0] == "chroot" or not shutil.which("ccache"):
        return output(command + ["-x", "c", "-", "-o", "-"], input=source)
    folder, name = os.path.split(to)
    with open(to + ".c", "w") as file:
        file.write(source)
    # The name has no folder, since ccache compares it, and the folder is another one in each run.
    subprocess.run(["ccache", *command, name + ".c", "-o", name + ".s"], cwd=folder, check=True)
    with open(to + ".s") as file:
        return file.read()


def compile_loops(compiler, build, half, to):
    """Compiles all loops to the object file `to`, without directives that the assembler may not
    know; returns their assembly."""
    source = output([TOOL + "gcc", "-E", "-P", "-DLOOPS=%s_loops" % build,
                     *(["-DHALF"] if half else []), os.path.join(HERE, "loops.c")])
    flags = [flag.replace("%s", HALF[build] if half else "") for flag in BUILDS[build]]
    calls = [NO_CALLS] if any("gcc" in word for word in compiler) else []
    assembly = compiled(compiler + flags + LOOPS + calls, source, to)
    assembly = re.sub(r"^\s*\.(attribute|addrsig).*$", "", assembly, flags=re.M)
    subprocess.run([TOOL + "gcc", "-march=rv64gcv_zfh", "-mabi=lp64", "-x", "assembler", "-c", "-",
                    "-o", to], input=assembly, text=True, check=True)
    return assembly


def vectors_in(assembly):
    """Returns the number of loops, of those with vectors, and of the vector instructions in
    them."""
    functions = set(re.findall(r"^\s*\.type\s+(\w+), *@function", assembly, flags=re.M))
    found, name = {}, ""
    for line in assembly.splitlines():
        label = re.match(r"(\w+):", line)
        if label:
            name = label.group(1)
        elif name in functions and re.match(r"\s+v\w", line):
            found[name] = found.get(name, 0) + 1
    return len(functions), len(found), sum(found.values())


def make(compiler, half, folder):
    """Builds the program and returns its path; exits if it does not test what it should."""
    objects = [os.path.join(folder, build + ".o") for build in BUILDS]
    program = os.path.join(folder, "loops.elf")
    scalar, vector = (vectors_in(compile_loops(compiler, build, half, path))
                      for build, path in zip(BUILDS, objects))
    print("%s: %d loops, %d of them with vectors, by %d instructions"
          % (" ".join(compiler), *vector))
    if scalar[1] or vector[1] < LEAST:
        sys.exit("%d loops must have vectors, and none without V" % LEAST)
    sources = [os.path.join(LIB, name) for name in ("start.S", "guest.c", "paging.c")]
    subprocess.run([TOOL + "gcc", *GUEST, "-I" + LIB, "-I" + ROOT,
                    "-T" + os.path.join(LIB, "guest.ld"), *sources, os.path.join(HERE, "main.c"),
                    *objects, "-lgcc", "-o", program], check=True)
    return program


def run(baya, program, vlen, engine):
    """Returns whether all loops agree; prints those that do not."""
    line = [baya, program, "-cpu", "max,v=on,zvfh=on,vlen=%d" % vlen, "--engine=" + engine,
            "--clock=virtual"]
    result = subprocess.run(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    lines = result.stdout.splitlines()
    good = sum(text.startswith("ok ") for text in lines)
    print("VLEN %d, %s: %d loops agree" % (vlen, engine, good))
    for text in lines:
        if text.startswith("FAIL") or result.returncode not in (0, 1):
            print("  " + text)
    return result.returncode == 0 and good >= LEAST


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("baya")
    parser.add_argument("--compiler", action="append", help="default: " + CLANG)
    parser.add_argument("--half", action="store_true", help="also loops of half precision")
    parser.add_argument("--vlen", type=int, action="append", help="default: 128 to 1024")
    parser.add_argument("--engine", action="append", help="default: all")
    options = parser.parse_args()
    good = True
    for command in options.compiler or [CLANG]:
        compiler = shlex.split(command)
        try:
            output(compiler + ["--version"])
        except (OSError, subprocess.CalledProcessError):
            print("no such compiler: " + command)
            sys.exit(77)
        with tempfile.TemporaryDirectory() as folder:
            program = make(compiler, options.half, folder)
            for vlen in options.vlen or [128, 256, 512, 1024]:
                for engine in options.engine or ["interp", "threaded", "jit"]:
                    good &= run(options.baya, program, vlen, engine)
    sys.exit(0 if good else 1)


main()
