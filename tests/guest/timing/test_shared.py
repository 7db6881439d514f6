#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_shared.py BAYA FOLDER CORE TRANSFER: two harts that compete for a cache line.

If they add to the same counter, each addition takes longer than if each hart has its own line, by
about the time in which a line gets from one cache to the other (TRANSFER). LR and SC make progress,
too, and so do AMOs if an LR without an SC precedes each. A run with --timing-check has the same
cycles."""

import pathlib
import sys

from two_harts import harts

COUNT = 20000


def cycles(*run):
    return harts(*run)[0]["cycles"]


def main():
    baya, folder, core, transfer = sys.argv[1:]
    folder, good = pathlib.Path(folder), True
    for how in ("amo", "lrsc", "failed"):
        apart = cycles(baya, folder / f"apart_{how}.elf", core)
        shared = cycles(baya, folder / f"shared_{how}.elf", core)
        checked = cycles(baya, folder / f"shared_{how}.elf", core, "--timing-check")
        more = (shared - apart) / COUNT
        print(f"{core}: {how}: {apart / COUNT:.1f} cycles with a line each, {shared / COUNT:.1f} "
              f"with one for both, {checked} of {shared} with --timing-check")
        good = good and more > int(transfer) / 4 and checked == shared
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
