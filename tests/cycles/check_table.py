#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that the manual's table of models and the RTL, which is between two comments, has the
results of `baya cycles --against`. With --write the table is written there.

usage: check_table.py BAYA cycles.md [--write]"""

import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import page_table  # noqa: E402

BEGIN = "<!-- tables: tests/cycles/check_table.py -->\n"
END = "<!-- end of tables -->\n"
HEAD = """| core | programs | memory latency | records | equal to the cycle | mean error | worst error |
|---|---|---|---|---|---|---|
"""
MACHINE, KERNEL = "machine mode", "S and U mode, traps, code that changes"
RARE, LOCKS = "denied fetches, `wfi` that sleeps, timer interrupts", "lock-free loops"
# Core, programs, memory latency, table, folder of the programs, further options.
ROWS = (
    ("cva6", MACHINE, 20, "cva6.tsv", "elf", ()),
    ("cva6", MACHINE, 60, "cva6-lat60.tsv", "elf", ()),
    ("cva6", KERNEL, 20, "privileged/cva6.tsv", "privileged/elf", ()),
    ("cva6", KERNEL, 60, "privileged/cva6-lat60.tsv", "privileged/elf", ()),
    ("cva6", RARE, 20, "privileged/cva6-rare.tsv", "privileged/elf", ()),
    ("cva6", RARE, 60, "privileged/cva6-rare-lat60.tsv", "privileged/elf", ()),
    ("cva6", LOCKS, 20, "cva6-locks.tsv", "elf", ()),
    ("cva6", LOCKS, 60, "cva6-locks-lat60.tsv", "elf", ()),
    ("c906", MACHINE, 20, "c906.tsv", "elf", ()),
    ("c906", KERNEL, 20, "privileged/c906.tsv", "privileged/elf", ()),
    ("c906", KERNEL, 60, "privileged/c906-lat60.tsv", "privileged/elf", ()),
    ("cva6-inorder", "C programs", 20, "cva6.tsv", "elf", ("-cpu", "cva6", "--only=c*")),
    ("cva6-inorder", "C programs", 60, "cva6-lat60.tsv", "elf", ("-cpu", "cva6", "--only=c*")),
)
FOUND = re.compile(r"(\d+) of (\d+) records exact; .* mean error is ([\d.]+%), the worst ([\d.]+%)")


def row(baya, core, programs, latency, table, folder, options):
    command = [baya, "cycles", f"--core={core},memory.latency={latency}", *options,
               "--against=" + os.path.join(HERE, table), os.path.join(HERE, folder)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    exact, records, mean, worst = FOUND.search(said).groups()
    same = "all" if exact == records else exact
    return f"| `{core}` | {programs} | {latency} | {records} | {same} | {mean} | {worst} |\n"


def main():
    baya, page = sys.argv[1:3]
    table = HEAD + "".join(row(baya, *each) for each in ROWS)
    return page_table.keep(page, (BEGIN, END), table, "models and the RTL")


if __name__ == "__main__":
    sys.exit(main())
