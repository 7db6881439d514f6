#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_checked.py BAYA CORE PROGRAM...: --timing-check times the same machine.

With two harts, of which one changes the other's code, each program ends well with --timing-check,
and each hart has as many instructions and cycles as without it.
"""

import json
import subprocess
import sys


def harts(baya, program, core, *options):
    command = [baya, program, "-smp", "2", "--timing=" + core, "--stats", *options]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                         stderr=subprocess.PIPE, check=False, timeout=1500)
    stats = [json.loads(line) for line in run.stderr.decode().splitlines() if line.startswith("{")]
    if run.returncode or len(stats) != 1:
        sys.exit(f"{' '.join(command)}: exit code {run.returncode}: {run.stderr.decode()}")
    return [(hart["cycles"], sum(mode["instructions"] for mode in hart["modes"].values()))
            for hart in stats[0]["timing"]["harts"]]


def main():
    baya, core, *programs = sys.argv[1:]
    good = True
    for program in programs:
        plain, checked = harts(baya, program, core), harts(baya, program, core, "--timing-check")
        print(f"{core}: {program}: (cycles, instructions) {plain}, checked {checked}")
        good = good and plain == checked
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
