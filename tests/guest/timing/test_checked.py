#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_checked.py BAYA CORE PROGRAM...: checks that --timing-check does not change the times.

Each program runs on two harts, of which one changes the other's code. With --timing-check it must
end without an error, and each hart must have as many instructions and cycles as without it."""

import sys

from two_harts import harts


def counts(*run):
    return [(hart["cycles"], sum(mode["instructions"] for mode in hart["modes"].values()))
            for hart in harts(*run)]


def main():
    baya, core, *programs = sys.argv[1:]
    good = True
    for program in programs:
        plain = counts(baya, program, core)
        checked = counts(baya, program, core, "--timing-check")
        print(f"{core}: {program}: (cycles, instructions) {plain}, checked {checked}")
        good = good and plain == checked
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
