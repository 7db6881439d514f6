#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests a core's own event numbers in mhpmevent (cpu/counters/pmu_code.def): their counters have
exactly the values that --stats reports for the run, and the same in each tier. An event that the
core has and Baya does not count is no event (codes.c).

usage: test_codes.py BAYA PROGRAM CORE"""

import json
import subprocess
import sys

OWN = 1 << 31
# These events of --stats are counted together.
CODES = {
    "cva6": {1: ("l1i-miss",), 2: ("l1d-miss", "walk-miss"), 7: ("trap",), 8: (),
             10: ("mispredict",)},
    "c906": {2: ("l1i-miss",), 12: ("l1d-read",), 13: ("l1d-miss",), 14: ("l1d-write",), 35: ()},
    "u74": {0x100: ("trap",), 0x102: ("l1i-miss",), 0x802: ("itlb-miss",),
            0x1002: ("dtlb-miss", "dtlb-write-miss")},
}
EVERYWHERE = {OWN | 1: ("cycles",), OWN | 2: ("instructions",), OWN | 5: ("branch",),
              OWN | 6: ("mispredict",), OWN | 0x10000: ("l1d-read",), OWN | 0x20001: ("trap",)}
# Privilege filters (sscofpmf), so that only U-mode is counted, and enough counters; the real cores
# have neither. The program has instructions of B.
CPUS = {"cva6": "cva6,sscofpmf=on,hpm6=off", "c906": "c906,sscofpmf=on,hpm8=off,b=on",
        "u74": "u74,sscofpmf=on,hpm2=off,b=on"}


def run(baya, program, core, engine):
    words = [baya, "--engine=" + engine, "--clock=virtual", "-cpu", CPUS[core], "--timing=" + core,
             "--stats", program]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=1500)
    assert done.returncode == 0, (words, done.returncode, done.stdout, done.stderr)
    found = [line.split() for line in done.stdout.splitlines()]
    counted = {int(field[1], 16): int(field[2], 16) for field in found if field[:1] == ["code"]}
    nothing = [field for field in found if field[:1] == ["none"] and int(field[2], 16)]
    assert not nothing, nothing
    stats = json.loads(done.stderr.splitlines()[-1])
    return counted, stats["timing"]["harts"][0]["modes"]["U"]


def main():
    baya, program, core = sys.argv[1:]
    results = [run(baya, program, core, engine) for engine in ("interp", "threaded")]
    counted, mode = results[0]
    assert results[0] == results[1], "tiers differ"
    wanted = {**CODES[core], **EVERYWHERE}
    assert sorted(counted) == sorted(wanted), counted
    has = {**mode["events"], "cycles": mode["cycles"], "instructions": mode["instructions"]}
    has["instructions"] += has["trap"] if core == "c906" else 0  # which c906 counts, too
    for code, names in wanted.items():
        value = sum(has.get(name, 0) for name in names)
        assert counted[code] == value, (hex(code), counted[code], names, mode)
    assert counted[OWN | 6] > 100 and counted[OWN | 0x10000] >= 2000, counted


main()
