#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs random programs for a long time in three tiers: soak.py BUILD [--minutes=1440] [--seed=N]

Two test_programs of the build folder run beside each other, from the same seed: one has threaded
code beside the interpreter, the other native code. At the end the instructions that were compared
and the programs that differed are printed; the exit code is 1 if there were any. What differs is
said on stderr as it is found, with the command that shows it again.
"""

import argparse
import os
import re
import subprocess
import sys
import time

TIERS = {"threaded": {}, "native": {"BAYA_TIERS_NATIVE": "1"}}
SUMMARY = re.compile(r"seeds (\d+) to (\d+): (\d+) programs, (\d+) instructions in each tier, "
                     r"(\d+) traps, (\d+) programs failed")


def start(options, tier):
    line = [os.path.join(options.build, "tests/cpu/tiers/test_programs"),
            "--minutes=%d" % options.minutes, "--seed=%d" % options.seed]
    return subprocess.Popen(line, env={**os.environ, **TIERS[tier]}, stdout=subprocess.PIPE,
                            text=True)


def report(tier, process):
    """Prints what a tier has done; returns whether all of it agreed."""
    found = SUMMARY.search(process.communicate()[0])
    if not found:
        print("%s: test_programs ended with %d and no summary" % (tier, process.returncode))
        return False
    first, last, programs, instructions, traps, failed = map(int, found.groups())
    print("%s: seeds %d to %d, %d programs, %.1f billion instructions compared with the "
          "interpreter, %d traps, %d differences"
          % (tier, first, last, programs, instructions / 1e9, traps, failed))
    return failed == 0 and process.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", help="the build folder")
    parser.add_argument("--minutes", type=int, default=24 * 60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    started = {tier: start(options, tier) for tier in TIERS}
    agreed = [report(tier, process) for tier, process in started.items()]
    sys.exit(0 if all(agreed) else 1)


main()
