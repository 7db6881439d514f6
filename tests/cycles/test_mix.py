#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_mix.py BAYA MIX.elf: compares `rocket` with Rocket's published Dhrystone.

Prints the cycles per instruction of 500 runs of a program with the same mix of instructions, and
the published figure. The difference is not judged, as the programs are not the same; but each run
and each tier must take the same cycles, and the program must do its work.
"""

import os
import subprocess
import sys
import tempfile

PUBLISHED = (241070, 199268)
RUNS = 3  # the id of the record


def measure(baya, program, engine):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "signature")
        subprocess.run([baya, program, "--core=rocket", "--engine=" + engine,
                        "--signature=" + path, "--signature-granularity=8"],
                       stdin=subprocess.DEVNULL, check=True, timeout=1500)
        with open(path, encoding="utf-8") as words:
            numbers = [int(word, 16) for word in words.read().split()]
    return tuple(numbers[4 * RUNS + 1:4 * RUNS + 3])


def main():
    baya, program = sys.argv[1:]
    outcomes = {measure(baya, program, engine)
                for engine in ("threaded", "interp", "threaded")}
    for cycles, instructions in sorted(outcomes):
        cpi, published = cycles / instructions, PUBLISHED[0] / PUBLISHED[1]
        print(f"rocket: {cycles} cycles, {instructions} instructions, CPI {cpi:.3f}; "
              f"Rocket's Dhrystone is published with {published:.3f}: "
              f"{100 * (cpi / published - 1):+.1f}%")
    sys.exit(0 if len(outcomes) == 1 and min(outcomes)[1] > 100000 else 1)


if __name__ == "__main__":
    main()
