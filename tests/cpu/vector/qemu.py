#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares vectors with QEMU 10: qemu.py BUILD [--cases=300 | --programs=N] [--seed=N] [--ones]

qemu_compare of the build folder makes random cases of each row of v.def, which Baya executes in its
interpreter and a program for Linux (qemu_guest.c, compiled here) under Debian 13's qemu-riscv64, at
VLEN 128, 256, 512 and 1024. It prints what differs, and how often what is known to (known.c). QEMU
comes once from the mirror that apt's sources name, with its signature verified, into ~/.cache/baya;
DEBIAN13_SUITE names another suite than trixie, as for roms/debian13.

With --programs it makes that many random programs instead, for each VLEN (programs.c): 8 to 40
instructions and up to two loops, all of it executed up to three times. Baya does so in its
interpreter, in threaded code and in native code with AVX-512 and without; a block becomes native
when it is run first, and a line says how many instructions native code has executed. The state
behind a program is compared, or that at its trap. Where QEMU's is another, the instruction that
QEMU executes otherwise is found, and judged by known.c; if that knows it, both go on with Baya's
state (qemu_programs.c).

QEMU translates each instruction by itself. Its blocks of several are for the vl that they were made
with, VLMAX or less, and one that begins with vstart > 0 goes on to the same block whatever vl is.

The last runs, with 10.0.13, on 2026-11-26, on a host without AVX-512: --programs=2500 --seed=2611,
and --ones --seed=2612, compared 20,000 programs; --programs=1200 --seed=2613 4,800 with all rows of
scalar floating point between vectors. On one with it, when accesses by indices had changed, on the
same day, --programs=1000 --seed=2026, and --ones --programs=500 --seed=2027, compared 6,000. On
2026-11-25, on one with it: --programs=8000 --seed=2513
compared 32,000 programs, of which 5,569 trapped, with 4,652,922 instructions in each tier, and with
--ones 32,000 more; --cases=40 --seed=2514 compared 67,200 instructions, and with --ones 67,200
more. On 2026-11-23 --cases=400 --seed=78 compared 437,128, and with --ones --cases=150 163,937
more. Nothing unknown differed.

Needs apt and riscv64-linux-gnu-gcc; exits with 1 if something unknown differs.
"""

import argparse
import glob
import os
import subprocess
import sys

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../.."))
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"),
                     "baya/qemu-user")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
CPU = ("rv64,v=true,vlen=%d,zvfh=true,zvbb=true,zvbc=true,zvkng=true,zvksg=true,zvfbfmin=true,"
       "zvfbfwma=true,zama16b=true,zfh=true,zfa=true,zfbfmin=true")
ONES = ",rvv_ta_all_1s=true,rvv_ma_all_1s=true,rvv_vl_half_avl=true"


def apt(command, *arguments):
    """Runs apt-get with lists and packages of its own, for the host's programs of Debian 13."""
    places = {"Dir::State": "state", "Dir::Cache": "cache", "Dir::Etc::sourcelist": "sources.list"}
    options = ["%s=%s" % (name, os.path.join(CACHE, place)) for name, place in places.items()]
    options += ["Dir::Etc::sourceparts=-", "APT::Architecture=amd64", "APT::Architectures=amd64",
                "Acquire::Languages=none", "APT::Sandbox::User="]
    line = ["apt-get", "-qq"] + [word for option in options for word in ("-o", option)]
    subprocess.run(line + [command, *arguments], cwd=CACHE, check=True)


def get_qemu():
    """Returns qemu-riscv64 of Debian 13, unpacked."""
    qemu = os.path.join(CACHE, "usr/bin/qemu-riscv64")
    if os.path.exists(qemu):
        return qemu
    for folder in ("state/lists/partial", "cache/archives/partial"):
        os.makedirs(os.path.join(CACHE, folder), exist_ok=True)
    targets = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)"],
                             stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    address = next(target for target in targets if target.rstrip("/").endswith("/debian"))
    with open(os.path.join(CACHE, "sources.list"), "w") as sources:
        sources.write("deb [signed-by=%s] %s %s main\n" %
                      (KEYRING, address, os.environ.get("DEBIAN13_SUITE", "trixie")))
    apt("update")
    apt("download", "qemu-user")
    package, = glob.glob(os.path.join(CACHE, "qemu-user_*.deb"))
    subprocess.run(["dpkg", "-x", package, CACHE], check=True)
    return qemu


def make_guest(build):
    """Returns the program that QEMU executes, compiled."""
    guest = os.path.join(build, "tests/cpu/vector/qemu_guest")
    sources = [os.path.join(ROOT, "tests/cpu/vector", name)
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
    qemu, guest = get_qemu(), make_guest(options.build)
    differ = False
    for vlen in options.vlen or [128, 256, 512, 1024]:
        cpu = CPU % vlen + (ONES if options.ones else "")
        line = [os.path.join(options.build, "tests/cpu/vector/qemu_compare"),
                "--cases=%d" % options.cases, "--programs=%d" % options.programs,
                "--seed=%d" % options.seed, "--vlen=%d" % vlen,
                *(["--only=%s" % options.only] if options.only else []),
                *(["--ones"] if options.ones else []),
                "--", qemu, "-one-insn-per-tb", "-cpu", cpu, guest]
        code = subprocess.run(line).returncode
        if code > 1:
            sys.exit(code)
        differ |= code != 0
    sys.exit(1 if differ else 0)


main()
