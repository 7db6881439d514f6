#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares vectors with QEMU 10: qemu.py BUILD [--cases=300 | --programs=N] [--seed=N] [--ones]

qemu_compare of the build folder makes random cases of each row of v.def, which are executed by Baya
in its interpreter and by a program for Linux (qemu_guest.c, compiled here) under Debian 13's
qemu-riscv64, at VLEN 128, 256, 512 and 1024. It prints differences, and counts those that are known
(../known.c). QEMU is downloaded once from the mirror that apt's sources name, with its signature
verified, into ~/.cache/baya; DEBIAN13_SUITE names another suite than trixie, as for roms/debian13.

With --programs it makes that many random programs instead, for each VLEN (../programs.c): 8 to 40
instructions and up to two loops, which are executed up to three times. Baya executes them in its
interpreter, in threaded code, and in native code with AVX-512 and without; a block is translated
when it is first executed, and a line says how many instructions native code has executed. The state
after a program is compared, or that at its trap. Where QEMU's state differs, the first instruction
that QEMU executes differently is found, and judged by ../known.c; if the difference is known, both
continue with Baya's state (qemu_programs.c).

QEMU must translate each instruction by itself: one of its blocks with several instructions is
translated for the vl at that time (VLMAX, or less), and a block that begins with vstart > 0 is
chained to the same next block whatever vl is.

The last runs were with 10.0.13. On 2026-11-26, on a host without AVX-512, --programs=2500
--seed=2611, and --ones --seed=2612, compared 20,000 programs; --programs=1200 --seed=2613 compared
4,800 with all rows of scalar floating point between vectors. On the same day, on a host with
AVX-512, after indexed accesses had changed, --programs=1000 --seed=2026, and --ones --programs=500
--seed=2027, compared 6,000. On 2026-11-25, on a host with AVX-512, --programs=8000 --seed=2513
compared 32,000 programs, of which 5,569 trapped, with 4,652,922 instructions in each tier, and with
--ones 32,000 more; --cases=40 --seed=2514 compared 67,200 instructions, and with --ones 67,200
more. On 2026-11-23 --cases=400 --seed=78 compared 437,128, and with --ones --cases=150 163,937
more. There was no unknown difference.

This needs apt and riscv64-linux-gnu-gcc. The exit code is 1 if there is an unknown difference.
"""

import argparse
import os
import subprocess
import sys

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../.."))
sys.path.insert(0, os.path.join(ROOT, "tests/system"))

from fixtures import debian_qemu  # noqa: E402

CPU = ("rv64,v=true,vlen=%d,zvfh=true,zvbb=true,zvbc=true,zvkng=true,zvksg=true,zvfbfmin=true,"
       "zvfbfwma=true,zama16b=true,zfh=true,zfa=true,zfbfmin=true")
ONES = ",rvv_ta_all_1s=true,rvv_ma_all_1s=true,rvv_vl_half_avl=true"


def make_guest(build):
    """Compiles the program that QEMU executes; returns its path."""
    guest = os.path.join(build, "tests/cpu/vector/qemu/qemu_guest")
    sources = [os.path.join(ROOT, "tests/cpu/vector/qemu", name)
               for name in ("qemu_guest.c", "qemu_guest_run.S")]
    subprocess.run(["riscv64-linux-gnu-gcc", "-O1", "-static", "-I" + ROOT, "-o", guest, *sources],
                   check=True)
    return guest


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", help="the build folder")
    parser.add_argument("--cases", type=int, default=300, help="of each row, at each VLEN")
    parser.add_argument("--programs", type=int, default=0, help="so many, not single instructions")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="rows with this in their names")
    parser.add_argument("--ones", action="store_true",
                        help="agnostic elements become ones, and vl half of AVL")
    parser.add_argument("--vlen", type=int, action="append")
    options = parser.parse_args()
    qemu, guest = debian_qemu.user(), make_guest(options.build)
    differ = False
    for vlen in options.vlen or [128, 256, 512, 1024]:
        cpu = CPU % vlen + (ONES if options.ones else "")
        line = [os.path.join(options.build, "tests/cpu/vector/qemu/qemu_compare"),
                "--cases=%d" % options.cases, "--programs=%d" % options.programs,
                "--seed=%d" % options.seed, "--vlen=%d" % vlen,
                *(["--only=%s" % options.only] if options.only else []),
                *(["--ones"] if options.ones else []),
                "--", *qemu, "-one-insn-per-tb", "-cpu", cpu, guest]
        code = subprocess.run(line).returncode
        if code > 1:
            sys.exit(code)
        differ |= code != 0
    sys.exit(1 if differ else 0)


main()
