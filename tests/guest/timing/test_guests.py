#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_guests.py BAYA PROGRAM.elf: a hart that runs a guest (../guest_names.S) is reported once if
its core has no hypervisor extension, from whatever instruction on it is timed, and otherwise not."""

import subprocess
import sys

WARNING = "baya: hart 0 runs a guest, but cores of kind "
MOST = "--max-insns=2000"
HOST_ONLY = ["--timing-from=1", "--timing-until=+5"]
# The guest begins after 69 instructions, and its first call of the hypervisor is the fifth of it.
GUEST_ONLY = ["--timing-from=71", "--timing-until=+2"]
CASES = (
    ("cva6", [], True),
    ("c906", [], True),
    ("cva6", ["--timing-check"], True),
    ("cva6", GUEST_ONLY, True),
    ("cva6", HOST_ONLY, False),
    ("rocket", [], False),
    ("simple", [], False),
    ("none", [], False),
)


def main():
    baya, program = sys.argv[1:]
    for core, words, warns in CASES:
        done = subprocess.run([baya, program, "--clock=virtual", "--timing=" + core, MOST, *words],
                              check=False, text=True, capture_output=True,
                              stdin=subprocess.DEVNULL)
        assert done.returncode == 4, (core, words, done.stderr)
        found = [line for line in done.stderr.splitlines() if line.startswith(WARNING + core)]
        assert len(found) == warns, (core, words, done.stderr)
        assert warns or "runs a guest" not in done.stderr, (core, words, done.stderr)


main()
