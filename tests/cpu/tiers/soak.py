#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs random programs for a long time in three tiers: soak.py BUILD [--minutes=1440] [--seed=N]

For each processor a test_programs of the build folder runs, each from a seed of its own. At the end
the instructions that were compared and the programs that differed are printed; the exit code is 1
if there were any of the latter. A difference is reported on stderr when it is found, with the
command that repeats it.
"""

import argparse
import os
import re
import subprocess
import sys
import time

APART = 10000000  # more seeds than a process will use
SUMMARY = re.compile(r"seeds (\d+) to (\d+): (\d+) programs, (\d+) instructions in each tier, "
                     r"(\d+) traps, (\d+) programs failed")


def start(options, number):
    line = [os.path.join(options.build, "tests/cpu/tiers/test_programs"),
            "--minutes=%d" % options.minutes, "--seed=%d" % (options.seed + number * APART)]
    return subprocess.Popen(line, stdout=subprocess.PIPE, text=True)


def report(process):
    """Prints what a process has done; returns whether all tiers agreed."""
    found = SUMMARY.search(process.communicate()[0])
    if not found:
        print("test_programs ended with %d and no summary" % process.returncode)
        return False
    first, last, programs, instructions, traps, failed = map(int, found.groups())
    print("seeds %d to %d, %d programs, %.1f billion instructions in each of the threaded and the "
          "native tier compared with the interpreter, %d traps, %d differences"
          % (first, last, programs, instructions / 1e9, traps, failed))
    return failed == 0 and process.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", help="the build folder")
    parser.add_argument("--minutes", type=int, default=24 * 60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    started = [start(options, number) for number in range(os.cpu_count() or 1)]
    agreed = [report(process) for process in started]
    sys.exit(0 if all(agreed) else 1)


main()
